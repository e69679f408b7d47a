/* What we promise about the journal's place in the database: arrivals are dense, walks show every
 * entry once and in order, and nothing is there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/journal_rows.h"
#include "store/things.h"
#include "support/prop.h"
#include "support/random_record.h"
#include "support/stores.h"

#define STREAM_COUNT 3
#define ENTRY_COUNT  (3 * WALK_PAGE_ROWS + 1) /* several pages, and the last one short */

static StreamName stream_named(unsigned number)
{
    return (StreamName){.node_short = NODE_SHORT_MAX - number,
                        .epoch = number == 0 ? EPOCH_MAX : number,
                        .scope = numbered_id(number / 2)};
}

static Bytes bytes_for(unsigned number, uint8_t out[64])
{
    Prng prng = {.state = number};
    for (size_t i = 0; i < 64; i++)
        out[i] = (uint8_t)prng_next(&prng);
    return (Bytes){.at = out, .size = 1 + number % 64};
}

static uint64_t stamp_of(unsigned number)
{
    return (uint64_t)number * 5 + 1;
}

/* Entries go to the streams in turn; entry n (from 0) is seq n / STREAM_COUNT + 1 of its stream. */
static void add_entries(Store *store)
{
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    for (unsigned i = 0; i < ENTRY_COUNT; i++) {
        const StreamName name = stream_named(i % STREAM_COUNT);
        uint8_t chained[64];
        uint8_t body[64];
        EntryRow entry = {.shard = 8,
                          .seq = i / STREAM_COUNT + 1,
                          .stamp = stamp_of(i),
                          .kind = 1 + i % 9,
                          .subject = 1 + i % 2,
                          .chained = bytes_for(i, chained),
                          .body = bytes_for(i + 1, body),
                          .has_body = i % 4 != 0};
        must(stream_row_intern(store, &name, &entry.stream, &err), &err);
        int64_t arrival = 0;
        must(entry_row_add(store, &entry, &arrival, &err), &err);
        assert_int_equal(arrival, i + 1);
    }
    must(tx_commit(&tx, &err), &err);
}

static void assert_is(const EntryRow *entry, unsigned number)
{
    uint8_t bytes[64];
    const StreamName name = stream_named(number % STREAM_COUNT);
    assert_int_equal(entry->arrival, number + 1);
    assert_int_equal(entry->shard, 8);
    assert_true(stream_equal(&entry->stream_name, &name));
    assert_int_equal(entry->seq, number / STREAM_COUNT + 1);
    assert_true(entry->stamp == stamp_of(number));
    assert_true(entry->prev_stamp == (number < STREAM_COUNT ? 0 : stamp_of(number - STREAM_COUNT)));
    assert_int_equal(entry->kind, 1 + number % 9);
    assert_int_equal(entry->subject, 1 + number % 2);
    assert_true(bytes_equal(entry->chained, bytes_for(number, bytes)));
    assert_int_equal(entry->has_body, number % 4 != 0);
    if (entry->has_body) assert_true(bytes_equal(entry->body, bytes_for(number + 1, bytes)));
}

/* Walks to the end and checks that it shows numbers first, first + step, … below ENTRY_COUNT. */
static void walk_shows(EntryWalk *walk, unsigned first, unsigned step)
{
    Err err = {0};
    unsigned number = first;
    for (const EntryRow *entry = NULL;;) {
        must(entry_walk_next(walk, &entry, &err), &err);
        if (entry == NULL) break;
        assert_is(entry, number);
        number += step;
    }
    assert_true(number >= ENTRY_COUNT);
    assert_true(number < ENTRY_COUNT + step);
    const EntryRow *after = NULL;
    must(entry_walk_next(walk, &after, &err), &err); /* the end stays the end */
    assert_null(after);
    entry_walk_done(walk);
}

static void walks(Stores *stores)
{
    Err err = {0};
    add_entries(stores->writer);
    int64_t last = 0;
    must(entry_last_arrival(stores->reader, &last, &err), &err);
    assert_int_equal(last, ENTRY_COUNT);

    EntryWalk walk = {0};
    entry_walk_all(&walk, stores->reader, 1);
    walk_shows(&walk, 0, 1);
    entry_walk_all(&walk, stores->reader, 100);
    walk_shows(&walk, 99, 1);
    for (unsigned i = 0; i < STREAM_COUNT; i++) {
        const StreamName name = stream_named(i);
        int64_t stream = 0;
        must(stream_row_find(stores->reader, &name, &stream, &err), &err);
        assert_int_equal(stream, i + 1);
        entry_walk_stream(&walk, stores->reader, stream, 1);
        walk_shows(&walk, i, STREAM_COUNT);
        entry_walk_stream(&walk, stores->reader, stream, 11);
        walk_shows(&walk, i + 10 * STREAM_COUNT, STREAM_COUNT);
    }
    entry_walk_thing(&walk, stores->reader, 2);
    walk_shows(&walk, 1, 2);
}

static void a_walk_shows_each_entry_once_and_in_order(void **state)
{
    on_each_store(*state, walks);
}

/* A rebuild writes while it reads. */
static void walk_and_write(Stores *stores)
{
    Err err = {0};
    add_entries(stores->writer);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, stores->writer, 1);
    unsigned count = 0;
    for (const EntryRow *entry = NULL;;) {
        must(entry_walk_next(&walk, &entry, &err), &err);
        if (entry == NULL) break;
        assert_is(entry, count++);
        int64_t key = 0;
        must(thing_intern(stores->writer, 8, numbered_id(count), KIND_UNIT, &key, &err), &err);
    }
    assert_int_equal(count, ENTRY_COUNT);
    must(tx_commit(&tx, &err), &err);
}

static void a_walk_goes_on_while_others_are_written(void **state)
{
    on_each_store(*state, walk_and_write);
}

static void last_and_twice(Stores *stores)
{
    Err err = {0};
    bool found = true;
    EntryRow entry = {0};
    must(entry_row_last(stores->writer, 1, &found, &entry, &err), &err);
    assert_false(found);
    add_entries(stores->writer);
    must(entry_row_last(stores->reader, 1, &found, &entry, &err), &err);
    assert_true(found);
    assert_int_equal(entry.seq, ENTRY_COUNT / STREAM_COUNT + 1);
    assert_true(entry.stamp == stamp_of(ENTRY_COUNT - 1));
    assert_int_equal(entry.arrival, ENTRY_COUNT);

    int64_t arrival = 0;
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        entry.chained = bytes_of(TEXT("other bytes"));
        assert_int_equal(entry_row_add(stores->writer, &entry, &arrival, &err), ERR_CONFLICT);
    }
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    entry.seq++;
    must(entry_row_add(stores->writer, &entry, &arrival, &err), &err);
    assert_int_equal(arrival, ENTRY_COUNT + 1); /* the one refused has left no hole */
    must(tx_commit(&tx, &err), &err);
}

static void an_entry_is_there_once_and_arrivals_have_no_holes(void **state)
{
    on_each_store(*state, last_and_twice);
}

static void erases(Stores *stores)
{
    Err err = {0};
    add_entries(stores->writer);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(entry_row_erase(stores->writer, 8, 2, &err), &err);
    assert_int_equal(entry_row_erase(stores->writer, 8, 9999, &err), ERR_NOT_FOUND);
    must(tx_commit(&tx, &err), &err);
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, stores->reader, 2);
    const EntryRow *entry = NULL;
    must(entry_walk_next(&walk, &entry, &err), &err);
    assert_false(entry->has_body);
    assert_int_equal(entry->body.size, 0);
    uint8_t bytes[64];
    assert_true(bytes_equal(entry->chained, bytes_for(1, bytes)));
}

static void an_erased_body_is_gone_and_the_rest_stays(void **state)
{
    on_each_store(*state, erases);
}

static void streams_listed(Stores *stores)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (unsigned i = 0; i < 50; i++) {
        const StreamName name = stream_named(i);
        int64_t key = 0;
        must(stream_row_intern(stores->writer, &name, &key, &err), &err);
        assert_int_equal(key, i + 1);
        must(stream_row_intern(stores->writer, &name, &key, &err), &err);
        assert_int_equal(key, i + 1);
    }
    must(tx_commit(&tx, &err), &err);
    StreamRow *rows = NULL;
    size_t count = 0;
    must(stream_rows(stores->reader, &arena, &rows, &count, &err), &err);
    assert_int_equal(count, 50);
    for (unsigned i = 0; i < 50; i++) {
        const StreamName name = stream_named(i);
        assert_int_equal(rows[i].key, i + 1);
        assert_true(stream_equal(&rows[i].name, &name));
    }
}

static void a_stream_has_one_key(void **state)
{
    on_each_store(*state, streams_listed);
}

static SegmentRow segment_number(uint64_t number)
{
    SegmentRow segment = {.stream = 1,
                          .first_seq = number * 10 + 1,
                          .last_seq = number * 10 + 10,
                          .prev_stamp = number * 100,
                          .last_stamp = number * 100 + 99};
    memset(segment.prev_head.at, (int)number, DIGEST_SIZE);
    memset(segment.head.at, (int)number + 1, DIGEST_SIZE);
    memset(segment.signature.at, (int)number + 2, SIGNATURE_SIZE);
    return segment;
}

static void assert_segment(const SegmentRow *segment, uint64_t number)
{
    const SegmentRow expected = segment_number(number);
    assert_int_equal(segment->stream, expected.stream);
    assert_int_equal(segment->first_seq, expected.first_seq);
    assert_int_equal(segment->last_seq, expected.last_seq);
    assert_int_equal(segment->prev_stamp, expected.prev_stamp);
    assert_int_equal(segment->last_stamp, expected.last_stamp);
    assert_true(digest_equal(&segment->prev_head, &expected.prev_head));
    assert_true(digest_equal(&segment->head, &expected.head));
    assert_memory_equal(segment->signature.at, expected.signature.at, SIGNATURE_SIZE);
}

static void segments(Stores *stores)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    bool found = true;
    SegmentRow segment = {0};
    must(segment_row_last(stores->writer, 1, &found, &segment, &err), &err);
    assert_false(found);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (uint64_t i = 0; i < 9; i++) {
        segment = segment_number(i);
        must(segment_row_add(stores->writer, &segment, &err), &err);
    }
    must(tx_commit(&tx, &err), &err);

    must(segment_row_last(stores->reader, 1, &found, &segment, &err), &err);
    assert_true(found);
    assert_segment(&segment, 8);
    SegmentRow *rows = NULL;
    size_t count = 0;
    must(segment_rows(stores->reader, 1, 31, 4, &arena, &rows, &count, &err), &err);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_segment(&rows[i], 3 + i);
    must(segment_rows(stores->reader, 2, 1, 4, &arena, &rows, &count, &err), &err);
    assert_int_equal(count, 0);
}

static void segments_come_back_in_order(void **state)
{
    on_each_store(*state, segments);
}

static void ops(Stores *stores)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    const OpRow op = {.id = numbered_id(3),
                      .digest = hash_of(bytes_of(TEXT("a command"))),
                      .answer = TEXT("{\"done\": \"好\"}"),
                      .arrival = 12};
    OpRow kept = {0};
    bool found = true;
    must(op_row_find(stores->writer, op.id, &arena, &found, &kept, &err), &err);
    assert_false(found);
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(op_row_add(stores->writer, &op, &err), &err);
        must(tx_commit(&tx, &err), &err);
    }
    must(op_row_find(stores->reader, op.id, &arena, &found, &kept, &err), &err);
    assert_true(found);
    assert_true(id_equal(kept.id, op.id));
    assert_true(digest_equal(&kept.digest, &op.digest));
    assert_true(text_equal(kept.answer, op.answer));
    assert_int_equal(kept.arrival, 12);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    assert_int_equal(op_row_add(stores->writer, &op, &err), ERR_CONFLICT);
}

static void an_op_is_kept_with_its_answer(void **state)
{
    on_each_store(*state, ops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_shows_each_entry_once_and_in_order),
        cmocka_unit_test(a_walk_goes_on_while_others_are_written),
        cmocka_unit_test(an_entry_is_there_once_and_arrivals_have_no_holes),
        cmocka_unit_test(an_erased_body_is_gone_and_the_rest_stays),
        cmocka_unit_test(a_stream_has_one_key),
        cmocka_unit_test(segments_come_back_in_order),
        cmocka_unit_test(an_op_is_kept_with_its_answer),
    };
    return cmocka_run_group_tests_name("journal_rows", tests, stores_setup, stores_teardown);
}
