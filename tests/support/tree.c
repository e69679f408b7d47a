#include "support/tree_inside.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "journal/hlc.h"
#include "store/things.h"
#include "support/stores.h"
#include "sync/carry.h"

#define START_MS     UINT64_C(1780000000000)
#define SOUND_EACH   8 /* one ordeal in so many: it takes as long as the rest */
#define MINUTE_MS    UINT64_C(60000)
#define YEAR_MINUTES UINT64_C(525600)

/* ---- The cast: nodes that know each other, made once ---- */

static Store *open_disk(CrashVfs *disk, ErrCode *out_code, Err *err)
{
    Store *store = NULL;
    *out_code = store_open(&store,
                           &(StoreOptions){.place = "node.db",
                                           .is_writer = true,
                                           .vfs_name = crash_vfs_name(disk),
                                           .checkpoint_pages = 40},
                           err);
    return store;
}

static void befriend(const Member *member, const Member *other)
{
    Err err;
    Peer peer = {.name = text_from_z(other->name),
                 .node_short = other->play.node.node_short,
                 .warrant = {.is_everything = true}};
    peer.key = signing_key_public(&other->play.node.signing_key);
    must(peers_add(member->play.store, &peer, &err), &err);
}

Tree *tree_open(void)
{
    Err err;
    ErrCode code = OK;
    Tree *tree = calloc(1, sizeof *tree);
    assert_non_null(tree);
    writer_begin();
    must(squeeze_open(&tree->squeeze, &err), &err);
    for (size_t i = 0; i < ORDEAL_NODES_MAX; i++) {
        Member *member = &tree->members[i];
        snprintf(member->name, sizeof member->name, "n%zu", i);
        member->fresh = crash_vfs_install(i);
        Store *store = open_disk(member->fresh, &code, &err);
        must(code, &err);
        play_join(&member->play, store, 100 + i);
    }
    for (size_t i = 0; i < ORDEAL_NODES_MAX; i++)
        for (size_t j = 0; j < ORDEAL_NODES_MAX; j++)
            if (i != j) befriend(&tree->members[i], &tree->members[j]);
    tree->top = play_add(&tree->members[0].play, "unit", "\"name\":\"集团\"");
    for (size_t i = 1; i < ORDEAL_NODES_MAX; i++)
        hand_over(&tree->members[0], &tree->members[i]);
    for (size_t i = 0; i < ORDEAL_NODES_MAX; i++) {
        Play *play = &tree->members[i].play;
        Store *store = play->store;
        engine_close(&play->engine);
        store_close(&store);
    }
    return tree;
}

void tree_close(Tree *tree)
{
    for (size_t i = 0; i < ORDEAL_NODES_MAX; i++) {
        play_leave(&tree->members[i].play);
        crash_vfs_remove(&tree->members[i].fresh);
    }
    squeeze_close(&tree->squeeze);
    writer_end();
    free(tree);
}

TreeCounts tree_counts(const Tree *tree)
{
    return tree->counts;
}

/* ---- Power ---- */

static void assert_nothing_is_lost(Member *member)
{
    Err err;
    for (size_t i = 0; i < member->sent_count; i++) {
        const Sent *sent = &member->sent[i];
        Key key = KEY_NONE;
        if (!sent->is_acked || id_is_nil(sent->made)) continue;
        must(thing_find(member->play.store, 1, sent->made, &key, &err), &err);
        if (key == KEY_NONE) fail_msg("%s lost %s", member->name, sent->json);
    }
}

static void switch_off(Member *member)
{
    Store *store = member->play.store;
    if (!crash_vfs_is_off(member->disk)) crash_vfs_cut(member->disk);
    engine_close(&member->play.engine);
    store_close(&store);
    member->play.store = NULL;
}

/* Somebody switches it on again, however often the power fails while it starts. */
static void switch_on(Member *member)
{
    Err err;
    ErrCode code = OK;
    crash_vfs_power_on(member->disk);
    crash_vfs_cut_at(member->disk, 0);
    member->play.store = open_disk(member->disk, &code, &err);
    must(code, &err);
    must(engine_open(&member->play.engine, &member->play.node, member->play.store, &err), &err);
    assert_nothing_is_lost(member);
}

void see_to_power(Tree *tree, Member *member)
{
    if (!crash_vfs_is_off(member->disk)) return;
    tree->counts.cuts++;
    switch_off(member);
    switch_on(member);
}

void must_or_be_off(const Member *member, ErrCode code, const Err *err)
{
    if (!crash_vfs_is_off(member->disk)) must(code, err);
}

/* ---- Commands ---- */

static ErrCode try_command(Member *member, const char *json, Answer *out_answer, Err *err)
    ONLY_ON(writer_role)
{
    AUTO(doc_done) Doc doc = {0};
    AUTO(arena_done) Arena arena = {0};
    Command command;
    arena_init(&arena, (size_t)4 << 20);
    must(doc_parse(&doc, bytes_of(text_from_z(json)), err), err);
    must(command_decode(doc.root, &command, err), err);
    ErrCode code = engine_begin(member->play.engine, err);
    if (code == OK)
        code = engine_execute(member->play.engine, &member->play.actor, &command, &arena,
                              out_answer, err);
    if (code == OK) code = engine_commit(member->play.engine, err);
    if (code != OK) engine_roll_back(member->play.engine);
    return code;
}

static void remember(Tree *tree, const Sent *sent, KindCode kind)
{
    if (kind == KIND_NONE || tree->thing_count == THINGS_MAX) return;
    tree->things[tree->thing_count++] = (Thing){sent->made, kind};
}

/* Sends it; `kind` is what it makes. */
static void send(Tree *tree, Member *member, Sent *sent, KindCode kind) ONLY_ON(writer_role)
{
    Err err;
    Answer answer;
    const ErrCode code = try_command(member, sent->json, &answer, &err);
    must_or_be_off(member, code, &err);
    if (code != OK) return; /* the power failed: nobody was told anything */
    if (answer.status == ANSWER_REFUSED) {
        if (sent->is_acked) fail_msg("%s: refused the second time: %s", sent->json, answer.detail);
        sent->is_refused = true;
        tree->counts.refused++;
        return;
    }
    const Id made = kind != KIND_NONE || !id_is_nil(sent->made) ? answer.ids[0] : (Id){{0}};
    if (sent->is_acked) {
        assert_true(id_equal(sent->made, made));
        return;
    }
    sent->is_acked = true;
    sent->made = made;
    tree->counts.commands++;
    remember(tree, sent, kind);
}

static Sent *new_sent(Tree *tree, Member *member)
{
    if (member->sent_count == SENT_MAX) return NULL;
    Sent *sent = &member->sent[member->sent_count++];
    *sent = (Sent){.is_acked = false};
    tree->op_count++;
    return sent;
}

static void write_json(const Tree *tree, Sent *sent, const char *format, ...) PRINTF_LIKE(3, 4);
static void write_json(const Tree *tree, Sent *sent, const char *format, ...)
{
    char inside[JSON_MAX - 60];
    va_list args;
    va_start(args, format);
    vsnprintf(inside, sizeof inside, format, args);
    va_end(args);
    const Id op = id_make(hlc_stamp(START_MS, 0), tree->op_count, 1);
    snprintf(sent->json, sizeof sent->json, "{\"op\":\"%s\",%s}", play_text(op), inside);
}

/* The thing of that number among those of the kind; the unit at the top when there is none. */
static Id thing_of(const Tree *tree, KindCode kind, uint32_t number)
{
    size_t count = 0;
    for (size_t i = 0; i < tree->thing_count; i++)
        count += tree->things[i].kind == kind;
    if (count == 0) return tree->top;
    size_t at = number % count;
    for (size_t i = 0;; i++)
        if (tree->things[i].kind == kind && at-- == 0) return tree->things[i].id;
}

static void do_say(Tree *tree, Member *member, const Event *event) ONLY_ON(writer_role)
{
    static const KindCode kinds[] = {KIND_UNIT,    KIND_PERSON,  KIND_PROJECT,
                                     KIND_POSTING, KIND_POSTING, KIND_PHASE};
    const uint32_t which = event->numbers[1];
    const KindCode kind = kinds[event->numbers[2] % (sizeof kinds / sizeof kinds[0])];
    Sent *sent = new_sent(tree, member);
    if (sent == NULL) return;
    const char *unit = play_text(thing_of(tree, KIND_UNIT, which));
    const char *project = play_text(thing_of(tree, KIND_PROJECT, which));
    if (kind == KIND_UNIT)
        write_json(tree, sent,
                   "\"do\":\"unit.add\",\"fields\":{\"name\":\"分公司%u\",\"parent\":\"%s\"}",
                   which, unit);
    if (kind == KIND_PERSON)
        write_json(tree, sent,
                   "\"do\":\"person.add\",\"fields\":{\"name\":\"李%u\",\"unit\":\"%s\"}", which,
                   unit);
    if (kind == KIND_PROJECT)
        write_json(tree, sent,
                   "\"do\":\"project.add\",\"fields\":{\"name\":\"%u期\",\"unit\":\"%s\",\"from\":"
                   "\"2026-01-01\"}",
                   which, unit);
    if (kind == KIND_POSTING)
        write_json(tree, sent,
                   "\"do\":\"posting.add\",\"fields\":{\"person\":\"%s\",\"project\":\"%s\","
                   "\"from\":\"2026-%02u-01\"}",
                   play_text(thing_of(tree, KIND_PERSON, event->numbers[2])), project,
                   1 + which % 12);
    if (kind == KIND_PHASE)
        write_json(tree, sent,
                   "\"do\":\"phase.add\",\"fields\":{\"project\":\"%s\",\"phase\":\"SUR\","
                   "\"from\":\"2026-%02u-01\"}",
                   project, 1 + which % 12);
    send(tree, member, sent, kind);
}

static void do_change(Tree *tree, Member *member, const Event *event) ONLY_ON(writer_role)
{
    const Thing *thing = &tree->things[event->numbers[1] % tree->thing_count];
    const char *kind = vocab_kind((unsigned)thing->kind)->name;
    const uint32_t value = event->numbers[2];
    Sent *sent = new_sent(tree, member);
    if (sent == NULL) return;
    if (thing->kind == KIND_POSTING || thing->kind == KIND_PHASE)
        write_json(tree, sent,
                   "\"do\":\"%s.change\",\"id\":\"%s\",\"fields\":{\"%s\":\"2026-%02u-%02u\"}",
                   kind, play_text(thing->id), value % 2 == 0 ? "from" : "to", 1 + value % 12,
                   1 + value % 28);
    else
        write_json(tree, sent, "\"do\":\"%s.change\",\"id\":\"%s\",\"fields\":{\"%s\":\"新%u\"}",
                   kind, play_text(thing->id),
                   value % 3 == 0 && thing->kind != KIND_PERSON ? "code" : "name", value);
    send(tree, member, sent, KIND_NONE);
}

static void do_void(Tree *tree, Member *member, const Event *event) ONLY_ON(writer_role)
{
    const Thing *thing = &tree->things[event->numbers[1] % tree->thing_count];
    if (id_equal(thing->id, tree->top)) return;
    Sent *sent = new_sent(tree, member);
    if (sent == NULL) return;
    write_json(tree, sent, "\"do\":\"%s.void\",\"id\":\"%s\",\"reason\":\"误\"",
               vocab_kind((unsigned)thing->kind)->name, play_text(thing->id));
    send(tree, member, sent, KIND_NONE);
}

static KindCode kind_made(const char *json)
{
    for (unsigned kind = 1; kind <= KIND_POSTING; kind++) {
        char verb[60];
        if (vocab_kind(kind) == NULL) continue;
        snprintf(verb, sizeof verb, "\"%s.add\"", vocab_kind(kind)->name);
        if (strstr(json, verb) != NULL) return (KindCode)kind;
    }
    return KIND_NONE;
}

static void send_again(Tree *tree, Member *member, Sent *sent) ONLY_ON(writer_role)
{
    if (!sent->is_refused) send(tree, member, sent, kind_made(sent->json));
}

static void do_again(Tree *tree, Member *member, const Event *event) ONLY_ON(writer_role)
{
    if (member->sent_count > 0)
        send_again(tree, member, &member->sent[event->numbers[1] % member->sent_count]);
}

/* ---- Sticks ---- */

static size_t neighbour(const Tree *tree, size_t node, uint32_t which)
{
    const Ordeal *ordeal = tree->ordeal;
    size_t children[ORDEAL_NODES_MAX];
    size_t count = 0;
    for (size_t i = 1; i < ordeal->node_count; i++)
        if (ordeal->parents[i] == node) children[count++] = i;
    if (count == 0 || (node != 0 && which % 2 == 0)) return ordeal->parents[node];
    return children[which / 2 % count];
}

static void write_stick(Tree *tree, size_t from, size_t to) ONLY_ON(writer_role)
{
    Err err;
    Peers peers;
    const Peer *peer = NULL;
    Written written;
    Member *member = &tree->members[from];
    AUTO(arena_done) Arena arena = {0};
    if (tree->stick_count == STICKS_MAX) return;
    Stick *stick = &tree->sticks[tree->stick_count];
    stick->to = to;
    arena_init(&arena, STICK_BYTES_MAX);
    buf_init(&stick->bytes, STICK_BYTES_MAX);
    ErrCode code = peers_load(member->play.store, &arena, &peers, &err);
    if (code == OK) code = peer_named(&peers, text_from_z(tree->members[to].name), &peer, &err);
    if (code == OK) code = carry_write(member->play.engine, peer, &stick->bytes, &written, &err);
    must_or_be_off(member, code, &err);
    if (code == OK)
        tree->stick_count++;
    else
        buf_done(&stick->bytes);
}

static Bytes damage(Buf *copy, uint32_t how, uint32_t where)
{
    if (copy->size == 0) return buf_as_bytes(copy);
    const size_t at = (size_t)where * copy->size / 1000;
    if (how % 4 == 1) copy->at[at] ^= (uint8_t)(1 + how % 255);
    return (Bytes){copy->at, how % 4 == 2 ? at : copy->size};
}

static void read_stick(Tree *tree, const Stick *stick, uint32_t how, uint32_t where)
    ONLY_ON(writer_role)
{
    Err err;
    Carried carried;
    Member *member = &tree->members[stick->to];
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf copy = {0};
    arena_init(&arena, STICK_BYTES_MAX);
    buf_init(&copy, STICK_BYTES_MAX);
    buf_add(&copy, buf_as_bytes(&stick->bytes));
    const Bytes bytes = damage(&copy, how, where);
    const bool is_damaged = how % 4 == 1 || how % 4 == 2;
    const ErrCode code = carry_read(member->play.engine, bytes, &arena, &carried, &err);
    if (code == ERR_IO || (code != OK && !is_damaged)) must_or_be_off(member, code, &err);
    if (code != OK) return;
    tree->counts.sticks++;
    tree->counts.damaged += is_damaged;
    if (carried.bad_segments > 0 && !is_damaged) fail_msg("%s", carried.bad.words);
}

static void do_read(Tree *tree, const Event *event) ONLY_ON(writer_role)
{
    if (tree->stick_count == 0) return;
    const Stick *stick = &tree->sticks[event->numbers[0] % tree->stick_count];
    read_stick(tree, stick, event->numbers[1], event->numbers[2]);
    see_to_power(tree, &tree->members[stick->to]);
}

/* A stick that is carried straight to the other node. */
static void carry_straight(Tree *tree, size_t from, size_t to) ONLY_ON(writer_role)
{
    const size_t before = tree->stick_count;
    write_stick(tree, from, to);
    see_to_power(tree, &tree->members[from]);
    if (tree->stick_count == before) return;
    read_stick(tree, &tree->sticks[before], 0, 0);
    see_to_power(tree, &tree->members[to]);
}

static void do_meet(Tree *tree, size_t node, const Event *event) ONLY_ON(writer_role)
{
    const size_t other = neighbour(tree, node, event->numbers[1]);
    carry_straight(tree, node, other);
    carry_straight(tree, other, node);
}

/* ---- Clocks ---- */

static void do_clock(Member *member, const Event *event)
{
    static const uint64_t minutes[] = {1, 9, 11, 60, 1440, YEAR_MINUTES, 10 * YEAR_MINUTES};
    const uint64_t by = MINUTE_MS * minutes[event->numbers[1] % 7];
    member->play.fake.now_ms += event->numbers[2] % 2 == 0 ? by : -by;
}

/* A clock that is frozen stands, whatever time it is. */
static void pass_time_at(Member *member, uint64_t ms)
{
    const uint64_t shown_ms = member->play.fake.now_ms;
    fake_host_pass(&member->play.fake, ms);
    if (member->is_frozen) member->play.fake.now_ms = shown_ms;
}

void pass_time(Tree *tree, uint64_t ms)
{
    for (size_t i = 0; i < tree->ordeal->node_count; i++)
        pass_time_at(&tree->members[i], ms);
}

/* ---- An ordeal ---- */

static void play_event(Tree *tree, const Event *event) ONLY_ON(writer_role)
{
    const size_t node = event->numbers[0] % tree->ordeal->node_count;
    Member *member = &tree->members[node];
    pass_time_at(member, 7);
    switch (event->deed) {
    case DEED_SAY: do_say(tree, member, event); break;
    case DEED_CHANGE: do_change(tree, member, event); break;
    case DEED_VOID: do_void(tree, member, event); break;
    case DEED_AGAIN: do_again(tree, member, event); break;
    case DEED_WRITE: write_stick(tree, node, neighbour(tree, node, event->numbers[1])); break;
    case DEED_READ: do_read(tree, event); break;
    case DEED_MEET: do_meet(tree, node, event); break;
    case DEED_TALK:
        talk(tree, node, neighbour(tree, node, event->numbers[1]), event->numbers[2],
             event->numbers[1]);
        break;
    case DEED_LATE: arrive_again(tree, event->numbers[0]); break;
    case DEED_CUT: crash_vfs_cut_at(member->disk, 1 + event->numbers[1] % 60); break;
    case DEED_CLOCK: do_clock(member, event); break;
    case DEED_PASS: pass_time(tree, (1 + event->numbers[0]) * MINUTE_MS); break;
    case DEED_FREEZE: member->is_frozen = !member->is_frozen; break;
    case DEED_COUNT: break;
    }
    see_to_power(tree, member);
}

static void begin(Tree *tree, const Ordeal *ordeal)
{
    tree->ordeal = ordeal;
    tree->thing_count = 1;
    tree->things[0] = (Thing){tree->top, KIND_UNIT};
    tree->stick_count = 0;
    tree->letter_count = 0;
    tree->op_count = 0;
    for (size_t i = 0; i < ordeal->node_count; i++) {
        Member *member = &tree->members[i];
        member->disk = crash_vfs_install(1000 + i);
        crash_vfs_copy(member->disk, member->fresh);
        member->play.fake.now_ms = START_MS;
        member->play.fake.prng.state = i;
        member->is_frozen = false;
        member->sent_count = 0;
        switch_on(member);
    }
}

static void end(Tree *tree)
{
    for (size_t i = 0; i < tree->ordeal->node_count; i++) {
        Member *member = &tree->members[i];
        switch_off(member);
        crash_vfs_remove(&member->disk);
    }
    for (size_t i = 0; i < tree->stick_count; i++)
        buf_done(&tree->sticks[i].bytes);
    for (size_t i = 0; i < tree->letter_count; i++)
        buf_done(&tree->letters[i].bytes);
}

/* The power is on for good, and everybody looks through their outbox once more. */
static void heal(Tree *tree) ONLY_ON(writer_role)
{
    for (size_t i = 0; i < tree->ordeal->node_count; i++) {
        Member *member = &tree->members[i];
        crash_vfs_cut_at(member->disk, 0);
        assert_nothing_is_lost(member);
        for (size_t s = 0; s < member->sent_count; s++)
            send_again(tree, member, &member->sent[s]);
    }
    for (size_t i = 0; i < tree->ordeal->node_count; i++)
        assert_nobody_holds_more_than_its_author(tree, &tree->members[i]);
}

void tree_run(Tree *tree, const Ordeal *ordeal)
{
    writer_expect();
    begin(tree, ordeal);
    for (size_t i = 0; i < ordeal->event_count; i++)
        play_event(tree, &ordeal->events[i]);
    heal(tree);
    assert_converges(tree);
    assert_each_is_there_once(tree, &tree->members[0]);
    tree->counts.conflicts += conflict_count(&tree->members[0]);
    if (ordeal->event_count % SOUND_EACH == 0) assert_sound(&tree->members[ordeal->node_count - 1]);
    end(tree);
}
