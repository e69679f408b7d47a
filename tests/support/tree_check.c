#include "support/tree_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "engine/rebuild.h"
#include "engine/verify.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "store/state_hash.h"
#include "store/things.h"
#include "support/meet.h"
#include "support/stores.h"
#include "sync/carry.h"
#include "sync/session.h"

/* A stick from one node, read whole by another. */
void hand_over(Member *from, Member *to)
{
    Err err;
    Peers peers;
    const Peer *peer = NULL;
    Written written;
    Carried carried;
    AUTO(buf_done) Buf bundle = {0};
    AUTO(arena_done) Arena arena = {0};
    writer_expect();
    arena_init(&arena, STICK_BYTES_MAX);
    buf_init(&bundle, STICK_BYTES_MAX);
    must(peers_load(from->play.store, &arena, &peers, &err), &err);
    must(peer_named(&peers, text_from_z(to->name), &peer, &err), &err);
    must(carry_write(from->play.engine, peer, &bundle, &written, &err), &err);
    must(carry_read(to->play.engine, buf_as_bytes(&bundle), &arena, &carried, &err), &err);
    assert_int_equal(carried.bad_segments, 0);
}

/* Half of all ordeals end with sticks, the others with a line. */
static void exchange(Tree *tree, size_t from, size_t to) ONLY_ON(writer_role)
{
    if (tree->ordeal->event_count % 2 == 0)
        hand_over(&tree->members[from], &tree->members[to]);
    else
        assert_speak_out(tree, from, to);
}

/* Up from the leaves, then down again; a child has a larger number than its parent. */
static void exchange_once(Tree *tree) ONLY_ON(writer_role)
{
    const Ordeal *ordeal = tree->ordeal;
    for (size_t i = ordeal->node_count - 1; i > 0; i--)
        exchange(tree, i, ordeal->parents[i]);
    for (size_t i = 1; i < ordeal->node_count; i++)
        exchange(tree, ordeal->parents[i], i);
}

static Digest shared_hash(Play *play)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, play->store, &err), &err);
    must(state_hash_shared(play->store, &digest, &err), &err);
    return digest;
}

static uint64_t length_at(Play *play, const StreamName *name)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    StreamRow *rows = NULL;
    size_t count = 0;
    arena_init(&arena, (size_t)1 << 20);
    must(stream_rows(play->store, &arena, &rows, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        EntryRow last;
        bool found = false;
        if (!stream_equal(&rows[i].name, name)) continue;
        must(entry_row_last(play->store, rows[i].key, &found, &last, &err), &err);
        return found ? last.seq : 0;
    }
    return 0;
}

/* Every stream that may go everywhere is as long at `other` as at `play`. */
static bool has_all_of(Play *play, Play *other)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    StreamRow *rows = NULL;
    size_t count = 0;
    arena_init(&arena, (size_t)1 << 20);
    must(stream_rows(play->store, &arena, &rows, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        const StreamName *name = &rows[i].name;
        Key scope = KEY_NONE;
        must(thing_find(play->store, 1, name->scope, &scope, &err), &err);
        if (scope == KEY_NONE) continue; /* a node's own */
        if (length_at(play, name) > length_at(other, name)) return false;
    }
    return true;
}

static bool have_all_the_same(Tree *tree)
{
    Play *first = &tree->members[0].play;
    for (size_t i = 1; i < tree->ordeal->node_count; i++) {
        Play *other = &tree->members[i].play;
        if (!has_all_of(first, other) || !has_all_of(other, first)) return false;
    }
    return true;
}

void assert_nobody_holds_more_than_its_author(Tree *tree, Member *holder)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    StreamRow *rows = NULL;
    size_t count = 0;
    arena_init(&arena, (size_t)1 << 20);
    must(stream_rows(holder->play.store, &arena, &rows, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < tree->ordeal->node_count; n++) {
            Play *author = &tree->members[n].play;
            if (author->node.node_short != rows[i].name.node_short) continue;
            if (length_at(&holder->play, &rows[i].name) > length_at(author, &rows[i].name))
                fail_msg("%s holds entries that %s has lost", holder->name, tree->members[n].name);
        }
}

void assert_converges(Tree *tree) ONLY_ON(writer_role)
{
    int round = 0;
    while (!have_all_the_same(tree)) {
        if (round++ == HEALING_ROUNDS)
            fail_msg("not the same entries after %d rounds", HEALING_ROUNDS);
        pass_time(tree, SESSION_SIGN_MS + 1);
        exchange_once(tree);
    }
    const Digest first = shared_hash(&tree->members[0].play);
    for (size_t i = 1; i < tree->ordeal->node_count; i++) {
        const Digest other = shared_hash(&tree->members[i].play);
        if (memcmp(first.at, other.at, sizeof first.at) != 0)
            fail_msg("%s is in another state", tree->members[i].name);
    }
    for (size_t i = 1; i < tree->ordeal->node_count; i++)
        assert_say_in_step(tree, i, tree->ordeal->parents[i]);
}

void assert_each_is_there_once(Tree *tree, Member *member)
{
    Err err;
    size_t made = 0;
    size_t wanted = 1; /* the unit at the top */
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, member->play.store, 1);
    for (const EntryRow *row = NULL;;) {
        Entry entry;
        must(entry_walk_next(&walk, &row, &err), &err);
        if (row == NULL) break;
        const Bytes body = row->has_body ? row->body : (Bytes){0};
        must(entry_decode(row->chained, body, &row->stream_name, row->prev_stamp, &entry, &err),
             &err);
        made += entry.verb == VERB_CREATE && entry.kind <= KIND_POSTING;
    }
    for (size_t i = 0; i < tree->ordeal->node_count; i++)
        for (size_t s = 0; s < tree->members[i].sent_count; s++) {
            const Sent *sent = &tree->members[i].sent[s];
            wanted += sent->is_acked && !id_is_nil(sent->made);
        }
    if (made != wanted)
        fail_msg("%s holds %zu things, and %zu were made", member->name, made, wanted);
}

void assert_sound(Member *member) ONLY_ON(writer_role)
{
    Err err;
    VerifyReport report;
    RebuildReport rebuilt;
    must(verify_journal(&member->play.node, member->play.store, &report, &err), &err);
    if (report.fault_count > 0) fail_msg("%s: %s", member->name, report.words);
    const Digest live = meet_hash(&member->play);
    must(engine_rebuild(member->play.engine, &rebuilt, &err), &err);
    const Digest again = meet_hash(&member->play);
    if (memcmp(live.at, again.at, sizeof live.at) != 0)
        fail_msg("%s: a rebuild makes another state", member->name);
}

uint64_t conflict_count(Member *member)
{
    Err err;
    uint64_t count = 0;
    AUTO(query_done) Query query = {0};
    must(query_begin(&query, member->play.store, CONFLICT_ALL, &err), &err);
    for (bool found = true; found; count += found)
        must(query_next(&query, &found, &err), &err);
    return count;
}
