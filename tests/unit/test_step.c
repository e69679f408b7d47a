/* What we promise about two nodes that speak to each other: they get in step, say little when
 * nothing is new, and whatever is lost, damaged or forged on the way does no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/verify.h"
#include "support/crash_vfs.h"
#include "support/meet.h"
#include "support/prop.h"
#include "support/stores.h"
#include "sync/message.h"
#include "sync/receipts.h"
#include "sync/session.h"

#define NODES_MAX 4

/* Nodes in a row: each is the parent of the next. */
typedef struct Row {
    Play nodes[NODES_MAX];
    Store *others[NODES_MAX];
    size_t count;
    Id unit;
} Row;

static void befriend(Play *play, Play *other, const char *name)
{
    Err err;
    Peer peer = {.name = text_from_z(name),
                 .node_short = other->node.node_short,
                 .warrant = {.is_everything = true}};
    peer.key = signing_key_public(&other->node.signing_key);
    must(peers_add(play->store, &peer, &err), &err);
}

static Row *row_open(Stores *stores, size_t count)
{
    static Row row;
    row = (Row){.count = count};
    writer_begin();
    play_join(&row.nodes[0], stores->writer, 1);
    for (size_t i = 1; i < count; i++) {
        row.others[i] = stores_another(stores);
        play_join(&row.nodes[i], row.others[i], i + 1);
    }
    for (size_t i = 1; i < count; i++) {
        befriend(&row.nodes[i], &row.nodes[i - 1], "parent");
        befriend(&row.nodes[i - 1], &row.nodes[i], "child");
    }
    row.unit = play_add(&row.nodes[0], "unit", "\"name\":\"公司\"");
    return &row;
}

static void row_close(Row *row)
{
    for (size_t i = row->count; i > 0; i--) {
        play_leave(&row->nodes[i - 1]);
        if (i > 1) store_close(&row->others[i - 1]);
    }
    writer_end();
}

static Peer peer_of(Play *play)
{
    return (Peer){.name = TEXT("peer"),
                  .node_short = play->node.node_short,
                  .warrant = {.is_everything = true},
                  .key = signing_key_public(&play->node.signing_key)};
}

static void say(Play *from, Play *to, const SessionBudget *budget, Buf *out)
{
    Err err;
    const Peer peer = peer_of(to);
    writer_expect();
    buf_init(out, MESSAGE_BYTES_MAX);
    must(engine_begin(from->engine, &err), &err);
    must(session_ask(from->engine, &peer, budget, out, &err), &err);
    must(engine_commit(from->engine, &err), &err);
}

static ErrCode try_answer(Play *from, Play *to, Bytes request, const SessionBudget *budget,
                          Buf *out, SessionResult *result, Err *err)
{
    const Peer peer = peer_of(from);
    Err commit;
    writer_expect();
    must(engine_begin(to->engine, &commit), &commit);
    const ErrCode code = session_answer(to->engine, &peer, request, budget, out, result, err);
    must(engine_commit(to->engine, &commit), &commit);
    return code;
}

static ErrCode try_take(Play *from, Play *to, Bytes answer, SessionResult *result, Err *err)
{
    const Peer peer = peer_of(to);
    Err commit;
    writer_expect();
    must(engine_begin(from->engine, &commit), &commit);
    const ErrCode code = session_take(from->engine, &peer, answer, NULL, result, err);
    must(engine_commit(from->engine, &commit), &commit);
    return code;
}

typedef struct Spoken {
    SessionResult result;
    size_t rounds;
    size_t request_bytes; /* of the last round */
    size_t answer_bytes;
    int64_t sent;
    int64_t received;
} Spoken;

static Spoken speak_within(Play *child, Play *parent, const SessionBudget *budget)
{
    Spoken spoken = {0};
    for (bool is_more = true; is_more;) {
        AUTO(buf_done) Buf request = {0};
        AUTO(buf_done) Buf reply = {0};
        SessionResult there;
        Err err;
        say(child, parent, budget, &request);
        buf_init(&reply, MESSAGE_BYTES_MAX);
        must(try_answer(child, parent, buf_as_bytes(&request), budget, &reply, &there, &err), &err);
        if (there.bad_count > 0) fail_msg("there: %s", there.bad.words);
        must(try_take(child, parent, buf_as_bytes(&reply), &spoken.result, &err), &err);
        if (spoken.result.bad_count > 0) fail_msg("here: %s", spoken.result.bad.words);
        spoken.request_bytes = request.size;
        spoken.answer_bytes = reply.size;
        spoken.received += spoken.result.new_entries;
        spoken.sent += there.new_entries;
        is_more = spoken.result.is_more;
        assert_true(++spoken.rounds < 200);
    }
    return spoken;
}

static Spoken speak(Play *child, Play *parent)
{
    return speak_within(child, parent, NULL);
}

static void assert_equal_state(Play *a, Play *b)
{
    const Digest left = meet_hash(a);
    const Digest right = meet_hash(b);
    assert_memory_equal(left.at, right.at, sizeof left.at);
}

static void assert_whole(Play *play)
{
    Err err;
    VerifyReport report;
    must(verify_journal(&play->node, play->store, &report, &err), &err);
    if (report.fault_count > 0) fail_msg("%s", report.words);
}

static void rename_unit(Row *row, Play *play, const char *name)
{
    const Answer answer =
        play_command(play, "\"do\":\"unit.change\",\"id\":\"%s\",\"fields\":{\"name\":\"%s\"}",
                     play_text(row->unit), name);
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static void two_nodes_get_in_step_and_then_say_little(Stores *stores)
{
    Row *row = row_open(stores, 2);
    Play *parent = &row->nodes[0];
    Play *child = &row->nodes[1];
    for (int i = 0; i < 3; i++)
        play_add(parent, "person", "\"name\":\"人%d\",\"unit\":\"%s\"", i, play_text(row->unit));
    const Spoken first = speak(child, parent);
    assert_int_equal(first.received, 4);
    assert_true(first.result.is_in_step);
    assert_equal_state(parent, child);
    const Spoken idle = speak(child, parent);
    assert_int_equal(idle.rounds, 1);
    assert_true(idle.result.is_in_step);
    assert_true(idle.request_bytes <= 60);
    assert_true(idle.answer_bytes <= 60);
    rename_unit(row, child, "乙公司");
    const Spoken up = speak(child, parent);
    assert_int_equal(up.sent, 1);
    assert_true(up.result.is_in_step);
    assert_equal_state(parent, child);
    rename_unit(row, parent, "甲公司");
    assert_int_equal(speak(child, parent).received, 1);
    assert_equal_state(parent, child);
    assert_int_equal(speak(child, parent).rounds, 1);
    assert_whole(parent);
    assert_whole(child);
    row_close(row);
}

static void what_one_level_wrote_reaches_all_others(Stores *stores)
{
    Row *row = row_open(stores, 4);
    for (size_t i = 0; i < 4; i++)
        for (int n = 0; n < 5; n++)
            play_add(&row->nodes[i], "unit", "\"name\":\"单位%zu-%d\"", i, n);
    for (int round = 0; round < 3; round++)
        for (size_t i = 1; i < 4; i++)
            (void)speak(&row->nodes[i], &row->nodes[i - 1]);
    /* Entries that nobody signed yet stop at the first neighbour; after an hour all are signed. */
    for (size_t i = 0; i < 4; i++)
        fake_host_pass(&row->nodes[i].fake, 2 * SESSION_SIGN_MS);
    for (int round = 0; round < 3; round++)
        for (size_t i = 1; i < 4; i++)
            (void)speak(&row->nodes[i], &row->nodes[i - 1]);
    for (size_t i = 1; i < 4; i++)
        assert_equal_state(&row->nodes[0], &row->nodes[i]);
    for (size_t i = 1; i < 4; i++) {
        const Spoken idle = speak(&row->nodes[i], &row->nodes[i - 1]);
        assert_int_equal(idle.rounds, 1);
        assert_true(idle.result.is_in_step);
        assert_whole(&row->nodes[i]);
    }
    row_close(row);
}

/* ---- a budget, a full house ---- */

static void a_small_budget_needs_more_rounds_and_loses_nothing(Stores *stores)
{
    Row *row = row_open(stores, 2);
    const SessionBudget small = {.bytes = 200};
    for (int i = 0; i < 60; i++) {
        const Id project = play_add(&row->nodes[0], "project",
                                    "\"name\":\"工程%d\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                                    i, play_text(row->unit));
        play_add(&row->nodes[0], "phase",
                 "\"project\":\"%s\",\"phase\":\"FND\",\"from\":\"2026-01-01\"",
                 play_text(project));
    }
    const Spoken spoken = speak_within(&row->nodes[1], &row->nodes[0], &small);
    assert_true(spoken.rounds > 3);
    assert_int_equal(spoken.received, 121);
    assert_true(spoken.result.is_in_step);
    assert_equal_state(&row->nodes[0], &row->nodes[1]);
    row_close(row);
}

static void who_is_busy_says_when_to_ask_again(Stores *stores)
{
    Row *row = row_open(stores, 2);
    AUTO(buf_done) Buf reply = {0};
    SessionResult result;
    Err err;
    const Peer child = peer_of(&row->nodes[1]);
    buf_init(&reply, MESSAGE_BYTES_MAX);
    session_busy(&row->nodes[0].node, &child, 42, &reply);
    must(try_take(&row->nodes[1], &row->nodes[0], buf_as_bytes(&reply), &result, &err), &err);
    assert_int_equal(result.retry_s, 42);
    assert_false(result.is_more);
    assert_false(result.is_in_step);
    row_close(row);
}

/* ---- what is not signed yet ---- */

static VerifyReport verified(Play *play)
{
    Err err;
    VerifyReport report;
    must(verify_journal(&play->node, play->store, &report, &err), &err);
    assert_int_equal(report.fault_count, 0);
    return report;
}

/* A child's live entry is shown at its parent and goes no further; the seal comes later. */
static void unsigned_entries_go_one_step_until_they_are_sealed(Stores *stores)
{
    Row *row = row_open(stores, 3);
    Play *top = &row->nodes[0];
    Play *middle = &row->nodes[1];
    Play *bottom = &row->nodes[2];
    (void)speak(middle, top);
    (void)speak(bottom, middle); /* which signs all there is, once */
    rename_unit(row, bottom, "末端");
    assert_int_equal(speak(bottom, middle).sent, 1);
    assert_equal_state(bottom, middle);
    assert_int_equal(verified(middle).unsigned_count, 1);
    assert_int_equal(speak(middle, top).sent, 0);

    fake_host_pass(&bottom->fake, 2 * SESSION_SIGN_MS);
    const Spoken sealed = speak(bottom, middle);
    assert_int_equal(sealed.sent, 0); /* the entry was there: only the seal went */
    assert_int_equal(verified(middle).unsigned_count, 0);
    assert_int_equal(speak(middle, top).sent, 1);
    assert_equal_state(bottom, top);
    /* What was signed has a receipt, and what is no receipt for it counts for nothing. */
    Err err;
    int64_t signed_for = 0;
    const Peer peer = peer_of(middle);
    must(receipts_count(bottom->store, &peer, &signed_for, &err), &err);
    assert_int_equal(sealed.result.receipts, 1);
    assert_int_equal(signed_for, 1);
    row_close(row);
}

/* The middle node makes up an entry of the bottom one: nobody signed it, and it is no author. */
static void entries_nobody_signed_are_taken_from_their_author_alone(Stores *stores)
{
    Row *row = row_open(stores, 3);
    AUTO(buf_done) Buf request = {0};
    AUTO(buf_done) Buf reply = {0};
    SessionResult result;
    Err err;
    (void)speak(&row->nodes[1], &row->nodes[0]);
    (void)speak(&row->nodes[2], &row->nodes[1]);
    rename_unit(row, &row->nodes[2], "末端");
    say(&row->nodes[2], &row->nodes[1], NULL, &request);
    /* The request goes to the right node, but through somebody else's channel. */
    buf_init(&reply, MESSAGE_BYTES_MAX);
    must(try_answer(&row->nodes[0], &row->nodes[1], buf_as_bytes(&request), NULL, &reply, &result,
                    &err),
         &err);
    assert_int_equal(result.new_entries, 0);
    row_close(row);
}

/* ---- damage ---- */

static void assert_harmless(Play *from, Play *to, Bytes message, const Digest *before)
{
    AUTO(buf_done) Buf reply = {0};
    SessionResult result = {0};
    Err err;
    buf_init(&reply, MESSAGE_BYTES_MAX);
    const ErrCode code = try_answer(from, to, message, NULL, &reply, &result, &err);
    if (code != OK) {
        assert_int_equal(code, ERR_INVALID);
        assert_true(strlen(err.message) > 10);
    }
    const Digest after = meet_hash(to);
    if (code != OK || result.new_entries == 0)
        assert_memory_equal(before->at, after.at, sizeof after.at);
}

/* Every byte changed, and the message cut at every byte: what is taken in is what was written. */
static void a_damaged_message_does_no_harm(void **state)
{
    AUTO(buf_done) Buf request = {0};
    static Play a;
    static Play b;
    CrashVfs *disks[2];
    Store *stores[2];
    (void)state;
    writer_begin();
    for (int i = 0; i < 2; i++) {
        disks[i] = crash_vfs_install((uint64_t)i);
        stores[i] = store_must_open(&(StoreOptions){
            .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disks[i])});
    }
    play_join(&a, stores[0], 1);
    play_join(&b, stores[1], 2);
    befriend(&a, &b, "b");
    befriend(&b, &a, "a");
    const Id unit = play_add(&a, "unit", "\"name\":\"公司\"");
    (void)play_add(&a, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                   play_text(unit));
    say(&a, &b, NULL, &request);
    const Digest before = meet_hash(&b);
    for (size_t at = 0; at < request.size; at++) {
        request.at[at] ^= 0x55;
        assert_harmless(&a, &b, buf_as_bytes(&request), &before);
        request.at[at] ^= 0x55;
        const Digest after = meet_hash(&b);
        if (at < 40) continue; /* the head; a flag of the greeting changes nothing of what comes */
        assert_memory_equal(before.at, after.at, sizeof after.at);
    }
    for (size_t size = 0; size < request.size; size++)
        assert_harmless(&a, &b, (Bytes){request.at, size}, &before);
    /* Twice, and then as it goes on. */
    const Spoken spoken = speak(&a, &b);
    assert_true(spoken.result.is_in_step);
    assert_equal_state(&a, &b);
    const Digest whole = meet_hash(&b);
    assert_harmless(&a, &b, buf_as_bytes(&request), &whole);
    assert_equal_state(&a, &b);
    assert_true(speak(&a, &b).result.is_in_step);
    assert_whole(&b);
    play_leave(&b);
    play_leave(&a);
    for (int i = 0; i < 2; i++) {
        store_close(&stores[i]);
        crash_vfs_remove(&disks[i]);
    }
    writer_end();
}

/* ---- whatever happens on the way ---- */

/* One round in which the request, the answer, or neither gets lost, cut or repeated. */
static void speak_badly(Play *child, Play *parent, Prng *prng)
{
    AUTO(buf_done) Buf request = {0};
    AUTO(buf_done) Buf reply = {0};
    SessionResult result;
    Err err;
    const SessionBudget budget = {.bytes = 100 + (size_t)prng_below(prng, 3000)};
    say(child, parent, &budget, &request);
    buf_init(&reply, MESSAGE_BYTES_MAX);
    for (uint64_t times = 1 + prng_below(prng, 2); times > 0; times--) {
        const size_t cut = prng_below(prng, 3) == 0 ? (size_t)prng_below(prng, request.size) : 0;
        const ErrCode code = try_answer(child, parent, (Bytes){request.at, request.size - cut},
                                        &budget, &reply, &result, &err);
        if (code != OK) return;
        if (result.bad_count > 0) fail_msg("%s", result.bad.words);
    }
    if (prng_below(prng, 3) == 0) return;
    const size_t cut = prng_below(prng, 3) == 0 ? (size_t)prng_below(prng, reply.size) : 0;
    if (try_take(child, parent, (Bytes){reply.at, reply.size - cut}, &result, &err) != OK) return;
    if (result.bad_count > 0) fail_msg("%s", result.bad.words);
}

static void write_something(Row *row, Play *play, Prng *prng)
{
    char name[32];
    (void)snprintf(name, sizeof name, "名%u", (unsigned)prng_below(prng, 1000));
    switch (prng_below(prng, 3)) {
    case 0: play_add(play, "unit", "\"name\":\"%s\"", name); return;
    case 1: rename_unit(row, play, name); return;
    default:
        play_add(play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name, play_text(row->unit));
    }
}

static void carry_segments(Row *row, size_t from, size_t to)
{
    Mailbag bag;
    mailbag_init(&bag);
    meet_collect(&row->nodes[from], row->nodes, row->count, &bag);
    meet_give_all(&row->nodes[to], &bag);
    mailbag_done(&bag);
}

static void any_interleaving_converges(Prng *prng)
{
    static Row row;
    CrashVfs *disks[NODES_MAX] = {0};
    Store *stores[NODES_MAX] = {0};
    row = (Row){.count = 3};
    writer_begin();
    for (size_t i = 0; i < row.count; i++) {
        disks[i] = crash_vfs_install(prng_next(prng));
        stores[i] = store_must_open(&(StoreOptions){
            .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disks[i])});
        play_join(&row.nodes[i], stores[i], i + 1);
    }
    for (size_t i = 1; i < row.count; i++) {
        befriend(&row.nodes[i], &row.nodes[i - 1], "parent");
        befriend(&row.nodes[i - 1], &row.nodes[i], "child");
    }
    row.unit = play_add(&row.nodes[0], "unit", "\"name\":\"公司\"");
    for (size_t i = 1; i < row.count; i++)
        carry_segments(&row, 0, i);
    for (int step = 0; step < 40; step++) {
        const size_t at = (size_t)prng_below(prng, row.count);
        const uint64_t what = prng_below(prng, 10);
        fake_host_pass(&row.nodes[at].fake, prng_below(prng, SESSION_SIGN_MS / 2));
        if (what < 4)
            write_something(&row, &row.nodes[at], prng);
        else if (what < 9 && at > 0)
            speak_badly(&row.nodes[at], &row.nodes[at - 1], prng);
        else if (what == 9)
            carry_segments(&row, at, (at + 1) % row.count);
    }
    for (size_t i = 0; i < row.count; i++)
        fake_host_pass(&row.nodes[i].fake, 2 * SESSION_SIGN_MS);
    for (int round = 0; round < 2; round++)
        for (size_t i = 1; i < row.count; i++)
            (void)speak(&row.nodes[i], &row.nodes[i - 1]);
    for (size_t i = 1; i < row.count; i++) {
        assert_equal_state(&row.nodes[0], &row.nodes[i]);
        const Spoken idle = speak(&row.nodes[i], &row.nodes[i - 1]);
        assert_true(idle.result.is_in_step);
        assert_true(idle.request_bytes <= 60);
        assert_whole(&row.nodes[i]);
    }
    for (size_t i = 0; i < row.count; i++) {
        play_leave(&row.nodes[i]);
        store_close(&stores[i]);
        crash_vfs_remove(&disks[i]);
    }
    writer_end();
}

static void sessions_and_sticks_in_any_order_converge(void **state)
{
    (void)state;
    prop_run("step", 25, any_interleaving_converges);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(little, two_nodes_get_in_step_and_then_say_little)
ON_EACH(levels, what_one_level_wrote_reaches_all_others)
ON_EACH(budget, a_small_budget_needs_more_rounds_and_loses_nothing)
ON_EACH(busy, who_is_busy_says_when_to_ask_again)
ON_EACH(sealing, unsigned_entries_go_one_step_until_they_are_sealed)
ON_EACH(authors, entries_nobody_signed_are_taken_from_their_author_alone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little),
        cmocka_unit_test(levels),
        cmocka_unit_test(budget),
        cmocka_unit_test(busy),
        cmocka_unit_test(sealing),
        cmocka_unit_test(authors),
        cmocka_unit_test(a_damaged_message_does_no_harm),
        cmocka_unit_test(sessions_and_sticks_in_any_order_converge),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
