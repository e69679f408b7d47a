/* What we promise about rows: for every kind, what goes in comes out, on both databases; a change
 * touches what it speaks of and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "store/rows.h"
#include "support/prop.h"
#include "support/random_record.h"
#include "support/stores.h"

#define SHARD     3
#define REF_COUNT 40
#define ROW_COUNT 60

typedef struct Kept {
    Record record;
    RowState state;
    int64_t key;
} Kept;

static void load_and_compare(Store *store, const Kept *kept, Arena *arena)
{
    Err err = {0};
    Record record = {0};
    RowState state = {0};
    must(row_load(store, SHARD, kept->key, kept->record.kind, arena, &record, &state, &err), &err);
    assert_true(record_is_same(&record, &kept->record));
    assert_true(state.stamp == kept->state.stamp);
    assert_int_equal(state.is_void, kept->state.is_void);
}

static void add(Store *store, Prng *prng, unsigned number, Kept *out_kept, Arena *arena)
{
    Err err = {0};
    const KindInfo *kind = &vocab_kinds[number % vocab_kind_count];
    Kept kept = {.record = random_record(prng, kind, REF_COUNT, arena)};
    kept.state.stamp = prng_next(prng) >> 4;
    const Id id = numbered_id(1000 + number);
    must(thing_intern(store, SHARD, id, kind->code, &kept.key, &err), &err);
    must(row_add(store, SHARD, kept.key, kept.state.stamp, &kept.record, &err), &err);
    *out_kept = kept;
}

static void change(Store *store, Prng *prng, Kept *kept, Arena *arena)
{
    Err err = {0};
    const uint64_t stamp = prng_next(prng) >> 4;
    if (prng_below(prng, 4) == 0) {
        kept->state = (RowState){.stamp = stamp, .is_void = !kept->state.is_void};
        must(row_void(store, SHARD, kept->key, kept->record.kind->code, stamp, kept->state.is_void,
                      &err),
             &err);
        return;
    }
    const Record change = random_change(prng, kept->record.kind, REF_COUNT, arena);
    bool says_anything = false;
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
        says_anything = says_anything || change.fields[i].state != FIELD_ABSENT;
    must(row_change(store, SHARD, kept->key, stamp, &change, &err), &err);
    record_lay_over(&kept->record, &change);
    if (says_anything) kept->state.stamp = stamp;
}

static void rows_follow(Stores *stores)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)8 << 20);
    Prng prng = {.state = 21};
    Kept kept[ROW_COUNT];
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (unsigned i = 0; i < ROW_COUNT; i++)
        add(stores->writer, &prng, i, &kept[i], &arena);
    for (unsigned i = 0; i < 5 * ROW_COUNT; i++)
        change(stores->writer, &prng, &kept[prng_below(&prng, ROW_COUNT)], &arena);
    for (unsigned i = 0; i < ROW_COUNT; i++)
        load_and_compare(stores->writer, &kept[i], &arena);
    must(tx_commit(&tx, &err), &err);
    for (unsigned i = 0; i < ROW_COUNT; i++)
        load_and_compare(stores->reader, &kept[i], &arena);
}

static void rows_of_every_kind_come_back_and_follow_changes(void **state)
{
    on_each_store(*state, rows_follow);
}

static void refusals(Stores *stores)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    Prng prng = {.state = 4};
    Err err = {0};
    Kept kept = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    add(stores->writer, &prng, 0, &kept, &arena);

    Record record = {.kind = kept.record.kind};
    RowState row_state = {0};
    record_set_text(&record, UNIT_NAME, TEXT("x"));
    assert_int_equal(
        row_load(stores->writer, SHARD, 999, record.kind, &arena, &record, &row_state, &err),
        ERR_NOT_FOUND);
    assert_int_equal(row_change(stores->writer, SHARD, 999, 1, &record, &err), ERR_NOT_FOUND);
    assert_int_equal(row_change(stores->writer, SHARD + 1, kept.key, 1, &record, &err),
                     ERR_NOT_FOUND);
    assert_int_equal(row_void(stores->writer, SHARD, 999, KIND_UNIT, 1, true, &err), ERR_NOT_FOUND);
    Id id = {0};
    assert_int_equal(thing_id(stores->writer, SHARD, 999, &id, &err), ERR_NOT_FOUND);
    assert_int_equal(row_add(stores->writer, SHARD, kept.key, 1, &kept.record, &err), ERR_CONFLICT);
}

static void a_key_without_a_row_and_a_row_twice_are_refused(void **state)
{
    on_each_store(*state, refusals);
}

static void interning(Stores *stores)
{
    Err err = {0};
    int64_t mention = 0;
    int64_t key = 0;
    KindCode kind = KIND_UNIT;
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(thing_intern(stores->writer, 1, numbered_id(1), KIND_NONE, &mention, &err), &err);
        must(tx_commit(&tx, &err), &err);
    }
    must(thing_kind(stores->reader, 1, mention, &kind, &err), &err);
    assert_int_equal(kind, KIND_NONE);

    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(thing_intern(stores->writer, 1, numbered_id(1), KIND_PERSON, &key, &err), &err);
    assert_int_equal(key, mention);
    must(thing_intern(stores->writer, 1, numbered_id(1), KIND_NONE, &key, &err), &err);
    must(thing_kind(stores->writer, 1, key, &kind, &err), &err);
    assert_int_equal(kind, KIND_PERSON);
    must(thing_intern(stores->writer, 2, numbered_id(1), KIND_PERSON, &key, &err), &err);
    assert_int_not_equal(key, mention); /* a shard keeps to itself */
    must(tx_commit(&tx, &err), &err);

    must(thing_kind(stores->reader, 1, mention, &kind, &err), &err);
    assert_int_equal(kind, KIND_PERSON); /* although it looked before */
    AUTO(tx_rollback) Tx second = {0};
    must(tx_begin(&second, stores->writer, &err), &err);
    assert_int_equal(thing_intern(stores->writer, 1, numbered_id(1), KIND_UNIT, &key, &err),
                     ERR_CONFLICT);
    must(thing_add(stores->writer, 1, numbered_id(2), KIND_UNIT, &key, &err), &err);
    must(thing_find(stores->writer, 1, numbered_id(2), &mention, &err), &err);
    assert_int_equal(mention, key);
    assert_int_equal(thing_add(stores->writer, 1, numbered_id(1), KIND_PERSON, &key, &err),
                     ERR_CONFLICT);
}

static void a_mention_becomes_a_thing_once(void **state)
{
    on_each_store(*state, interning);
}

/* More ids than the cache has slots: what was pushed out is looked up again, and right. */
static void many_ids(Stores *stores)
{
    const unsigned count = strcmp(store_backend(stores->writer), "sqlite") == 0 ? 20000 : 2000;
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (unsigned i = 0; i < count; i++) {
        int64_t key = 0;
        must(thing_intern(stores->writer, 1, numbered_id(i), KIND_PERSON, &key, &err), &err);
        assert_int_equal(key, i + 1);
    }
    must(tx_commit(&tx, &err), &err);
    Prng prng = {.state = 5};
    for (unsigned i = 0; i < count; i++) {
        const unsigned number = (unsigned)prng_below(&prng, count);
        int64_t key = 0;
        Id id = {0};
        must(thing_find(stores->reader, 1, numbered_id(number), &key, &err), &err);
        assert_int_equal(key, number + 1);
        must(thing_id(stores->reader, 1, number + 1, &id, &err), &err);
        assert_true(id_equal(id, numbered_id(number)));
    }
}

static void more_ids_than_are_remembered_are_still_right(void **state)
{
    on_each_store(*state, many_ids);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The figure is for the reader; the limit only catches a row that costs a hundred times more. */
static void rows_per_second(Stores *stores)
{
    const unsigned count = strcmp(store_backend(stores->writer), "sqlite") == 0 ? 20000 : 2000;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)256 << 20);
    Prng prng = {.state = 6};
    Err err = {0};
    const double begin = seconds();
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (unsigned i = 0; i < count; i++) {
        Kept kept;
        add(stores->writer, &prng, i, &kept, &arena);
    }
    must(tx_commit(&tx, &err), &err);
    const double rate = count / (seconds() - begin);
    printf("%s: %.0f rows/s in one transaction\n", store_backend(stores->writer), rate);
    assert_true(rate > 200);
}

static void rows_are_added_fast(void **state)
{
    on_each_store(*state, rows_per_second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_kind_come_back_and_follow_changes),
        cmocka_unit_test(a_key_without_a_row_and_a_row_twice_are_refused),
        cmocka_unit_test(a_mention_becomes_a_thing_once),
        cmocka_unit_test(more_ids_than_are_remembered_are_still_right),
        cmocka_unit_test(rows_are_added_fast),
    };
    return cmocka_run_group_tests_name("rows", tests, stores_setup, stores_teardown);
}
