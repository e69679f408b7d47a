/* What we promise about signing while the journal grows: however large the entries are, every
 * segment can travel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/ledger.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "sync/outgoing.h"

#define LARGE 2000

static char large[LARGE];

static void append_one(Ledger *ledger, const Play *play, Id scope, unsigned texts)
{
    static const unsigned fields[] = {ACTIVITY_TITLE, ACTIVITY_PLACE, ACTIVITY_AGENDA,
                                      ACTIVITY_START, ACTIVITY_END,   ACTIVITY_RECORD};
    Err err;
    Entry entry;
    Key key = KEY_NONE;
    Key scope_key = KEY_NONE;
    const uint64_t stamp = ledger_tick(ledger);
    entry_init(&entry, vocab_kind(KIND_ACTIVITY), VERB_CREATE, stamp);
    for (unsigned i = 0; i < texts; i++)
        record_set_text(&entry.record, fields[i], (Text){large, LARGE});
    must(thing_intern(play->store, 1, ledger_id(ledger, stamp), KIND_ACTIVITY, &key, &err), &err);
    must(thing_intern(play->store, 1, scope, KIND_NONE, &scope_key, &err), &err);
    must(ledger_append(ledger, &entry, scope, scope_key, key, &err), &err);
}

typedef struct Sizes {
    size_t count;
    size_t largest;
} Sizes;

/* Puts every segment of the node's scope together, as it travels. */
static Sizes measure(Play *play, Id scope)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    StreamRow *streams = NULL;
    size_t count = 0;
    Sizes sizes = {0};
    arena_init(&arena, (size_t)1 << 20);
    must(stream_rows(play->store, &arena, &streams, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        OutgoingWalk walk = {play->store, &streams[i], 0};
        if (!id_equal(streams[i].name.scope, scope)) continue;
        for (;;) {
            AUTO(buf_done) Buf segment = {0};
            SegmentRow row;
            bool found = false;
            buf_init(&segment, SEGMENT_BYTES_MAX);
            must(outgoing_next(&walk, &row, &found, &err), &err);
            if (!found) break;
            must(outgoing_segment(play->store, &streams[i], &row, &segment, &err), &err);
            sizes.count++;
            if (segment.size > sizes.largest) sizes.largest = segment.size;
        }
    }
    return sizes;
}

static Sizes sign_after(Stores *stores, unsigned entry_count, unsigned texts)
{
    static Play play;
    Ledger ledger;
    Err err;
    play_open(&play, stores->writer, 1);
    writer_expect();
    const Id scope = play_add(&play, "unit", "\"name\":\"公司\"");
    memset(large, 'x', sizeof large);
    must(engine_sign_all(play.engine, &err), &err);
    must(ledger_open(&ledger, &play.node, play.store, &err), &err);
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, play.store, &err), &err);
        for (unsigned i = 0; i < entry_count; i++)
            append_one(&ledger, &play, scope, texts);
        must(tx_commit(&tx, &err), &err);
    }
    ledger_close(&ledger);
    play_reopen(&play, stores->writer); /* what is left unsigned is signed after a start */
    must(engine_sign_all(play.engine, &err), &err);
    const Sizes sizes = measure(&play, scope);
    play_close(&play);
    return sizes;
}

static void large_entries_are_signed_before_they_are_too_many(Stores *stores)
{
    const Sizes sizes = sign_after(stores, 500, 6);
    assert_true(sizes.count >= 6);
    assert_true(sizes.largest <= LEDGER_SEGMENT_BYTES + LEDGER_SEGMENT_BYTES / 8);
}

static void small_ones_are_signed_by_their_number(Stores *stores)
{
    const Sizes sizes = sign_after(stores, 2 * LEDGER_SEGMENT_ENTRIES + 1, 0);
    assert_int_equal(sizes.count, 4); /* the unit; a thousand; a thousand; the last one */
}

static void by_bytes(void **state)
{
    on_each_store(*state, large_entries_are_signed_before_they_are_too_many);
}

static void by_number(void **state)
{
    on_each_store(*state, small_ones_are_signed_by_their_number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_bytes),
        cmocka_unit_test(by_number),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
