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

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(little, two_nodes_get_in_step_and_then_say_little)
ON_EACH(levels, what_one_level_wrote_reaches_all_others)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little),
        cmocka_unit_test(levels),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
