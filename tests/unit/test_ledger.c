/* What we promise about the ledger: numbers without a gap, stamps that only rise, and chains that
 * go on after a start exactly where they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/ledger.h"
#include "engine/verify.h"
#include "store/journal_rows.h"
#include "store/things.h"
#include "support/fake_host.h"
#include "support/stores.h"

#define SHARD 1

typedef struct Desk {
    FakeHost fake;
    Node node;
    Ledger ledger;
    Store *store;
    Id scope; /* a unit, which is its own scope */
    int64_t scope_key;
    Id last; /* entry */
} Desk;

static void desk_open(Desk *desk, Store *store)
{
    Err err;
    const NodeWish wish = {.name = TEXT("desk"), .role = NODE_HQ};
    *desk = (Desk){.store = store};
    fake_host_init(&desk->fake, 5);
    desk->fake.now_ms = UINT64_C(1780000000000);
    must(node_init(&desk->fake.host, "/node", &wish, &err), &err);
    must(node_open(&desk->node, &desk->fake.host, "/node", &err), &err);
    must(ledger_open(&desk->ledger, &desk->node, store, &err), &err);
}

static void desk_close(Desk *desk)
{
    ledger_close(&desk->ledger);
    node_close(&desk->node);
    fake_host_done(&desk->fake);
}

static void desk_restart(Desk *desk)
{
    Err err;
    ledger_close(&desk->ledger);
    must(ledger_open(&desk->ledger, &desk->node, desk->store, &err), &err);
}

static uint64_t append(Desk *desk, EntryVerb verb)
{
    Err err;
    Entry entry = {.stamp = ledger_tick(&desk->ledger), .verb = verb, .kind = KIND_UNIT};
    entry.kind_info = vocab_kind(KIND_UNIT);
    entry.record.kind = entry.kind_info;
    const Id id = ledger_id(&desk->ledger, entry.stamp);
    assert_true(id_stamp(id) == entry.stamp && id_node(id) == desk->node.node_short);
    record_set_text(&entry.record, UNIT_NAME, TEXT("公司"));
    if (verb == VERB_CREATE) {
        desk->scope = id;
        must(thing_intern(desk->store, SHARD, id, KIND_UNIT, &desk->scope_key, &err), &err);
    }
    entry.subject = desk->scope;
    if (verb != VERB_CREATE) entry.base = desk->last;
    desk->last = id;
    must(ledger_append(&desk->ledger, &entry, desk->scope, desk->scope_key, desk->scope_key, &err),
         &err);
    return entry.stamp;
}

static void append_many(Desk *desk, int count)
{
    Err err;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, desk->store, &err), &err);
    if (id_is_nil(desk->scope)) {
        append(desk, VERB_CREATE);
        count--;
    }
    for (int i = 0; i < count; i++)
        append(desk, VERB_CHANGE);
    must(tx_commit(&tx, &err), &err);
}

static void sign(Desk *desk, uint64_t least)
{
    Err err;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, desk->store, &err), &err);
    must(ledger_sign(&desk->ledger, least, &err), &err);
    must(tx_commit(&tx, &err), &err);
}

static VerifyReport verify(Desk *desk)
{
    Err err;
    VerifyReport report;
    must(verify_journal(&desk->node, desk->store, &report, &err), &err);
    if (report.fault_count > 0) fail_msg("%s", report.words);
    return report;
}

static void go_on_after_starts(Stores *stores)
{
    Desk desk;
    desk_open(&desk, stores->writer);
    append_many(&desk, 5);
    desk_restart(&desk); /* nothing is signed yet: all is hashed again */
    append_many(&desk, 2);
    sign(&desk, 1);
    append_many(&desk, 3);
    desk_restart(&desk); /* what stands behind the segment is hashed again */
    append_many(&desk, 1);
    VerifyReport report = verify(&desk);
    assert_int_equal(report.entry_count, 11);
    assert_int_equal(report.segment_count, 1);
    assert_int_equal(report.unsigned_count, 4);
    sign(&desk, 5); /* too few for that */
    assert_int_equal(verify(&desk).unsigned_count, 4);
    sign(&desk, 4);
    sign(&desk, 1); /* nothing is left to sign */
    report = verify(&desk);
    assert_int_equal(report.unsigned_count, 0);
    assert_int_equal(report.segment_count, 2);
    desk_close(&desk);
}

static void a_chain_goes_on_where_it_was_after_a_start(void **state)
{
    on_each_store(*state, go_on_after_starts);
}

static void fill_segments(Stores *stores)
{
    Desk desk;
    desk_open(&desk, stores->writer);
    append_many(&desk, LEDGER_SEGMENT_ENTRIES - 1);
    assert_int_equal(verify(&desk).segment_count, 0);
    append_many(&desk, 1);
    assert_int_equal(verify(&desk).segment_count, 1);
    append_many(&desk, LEDGER_SEGMENT_ENTRIES + 7); /* one long group */
    const VerifyReport report = verify(&desk);
    assert_int_equal(report.segment_count, 2);
    assert_int_equal(report.unsigned_count, 7);
    desk_close(&desk);
}

static void a_full_segment_is_signed_at_once(void **state)
{
    on_each_store(*state, fill_segments);
}

static void turn_back_the_clock(Stores *stores)
{
    Err err;
    Desk desk;
    desk_open(&desk, stores->writer);
    append_many(&desk, 3);
    const uint64_t before = desk.ledger.clock.last;
    desk.fake.now_ms = UINT64_C(1000000000000); /* years ago */
    desk_restart(&desk);
    assert_true(desk.ledger.clock.last == before);
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        uint64_t last = before;
        for (int i = 0; i < 20; i++) {
            const uint64_t stamp = append(&desk, VERB_CHANGE);
            assert_true(stamp > last);
            last = stamp;
        }
        must(tx_commit(&tx, &err), &err);
    }
    assert_int_equal(verify(&desk).entry_count, 23);
    desk_close(&desk);
}

static void stamps_rise_also_when_the_clock_is_turned_back(void **state)
{
    on_each_store(*state, turn_back_the_clock);
}

static void start_before_the_node_was_made(Stores *stores)
{
    Desk desk;
    desk_open(&desk, stores->writer);
    desk.fake.now_ms = UINT64_C(1000000000000);
    desk_restart(&desk);
    assert_true(ledger_tick(&desk.ledger) > id_stamp(desk.node.scope));
    desk_close(&desk);
}

static void no_stamp_comes_before_that_of_the_node(void **state)
{
    on_each_store(*state, start_before_the_node_was_made);
}

static void roll_back(Stores *stores)
{
    Err err;
    Desk desk;
    desk_open(&desk, stores->writer);
    append_many(&desk, 3);
    uint64_t given = 0;
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        append(&desk, VERB_CHANGE);
        given = append(&desk, VERB_CHANGE);
    }
    ledger_forget(&desk.ledger);
    assert_true(ledger_tick(&desk.ledger) > given); /* no stamp is given twice */
    assert_int_equal(desk.ledger.last_arrival, 3);
    append_many(&desk, 2);
    assert_int_equal(desk.ledger.last_arrival, 5);
    assert_int_equal(verify(&desk).entry_count, 5);
    desk_close(&desk);
}

static void after_a_roll_back_the_numbers_have_no_gap(void **state)
{
    on_each_store(*state, roll_back);
}

/* An entry that cannot follow the one before it: somebody removed what stood between. */
static void leave_a_gap(Stores *stores)
{
    Err err;
    Desk desk;
    int64_t arrival = 0;
    desk_open(&desk, stores->writer);
    append_many(&desk, 3);
    const uint8_t bytes[] = {1, 2, 3};
    const EntryRow row = {.shard = SHARD,
                          .stream = desk.ledger.chains[0].stream,
                          .seq = 5,
                          .stamp = desk.ledger.clock.last + 1,
                          .kind = KIND_UNIT,
                          .subject = desk.scope_key,
                          .chained = {bytes, sizeof bytes}};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(entry_row_add(stores->writer, &row, &arrival, &err), &err);
    desk_restart(&desk);
    Entry entry = {.stamp = ledger_tick(&desk.ledger), .verb = VERB_CHANGE, .kind = KIND_UNIT};
    entry.kind_info = vocab_kind(KIND_UNIT);
    entry.record.kind = entry.kind_info;
    entry.subject = desk.scope;
    entry.base = desk.last;
    assert_int_equal(
        ledger_append(&desk.ledger, &entry, desk.scope, desk.scope_key, desk.scope_key, &err),
        ERR_CORRUPT);
    assert_non_null(strstr(err.message, "verify"));
    tx_rollback(&tx);
    desk_close(&desk);
}

static void nothing_is_appended_behind_a_gap(void **state)
{
    on_each_store(*state, leave_a_gap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_goes_on_where_it_was_after_a_start),
        cmocka_unit_test(a_full_segment_is_signed_at_once),
        cmocka_unit_test(stamps_rise_also_when_the_clock_is_turned_back),
        cmocka_unit_test(no_stamp_comes_before_that_of_the_node),
        cmocka_unit_test(after_a_roll_back_the_numbers_have_no_gap),
        cmocka_unit_test(nothing_is_appended_behind_a_gap),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
