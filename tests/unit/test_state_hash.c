/* What we promise about the state hash: the same facts give the same hash in whatever order they
 * came and on either database, and any difference in what a table says gives another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/query.h"
#include "store/rows.h"
#include "store/state_hash.h"
#include "support/prop.h"
#include "support/random_record.h"
#include "support/stores.h"

#define SHARD     1
#define ROW_COUNT 90
#define REF_COUNT 30

static Digest hash_in(Store *store)
{
    Err err = {0};
    Digest digest = {0};
    must(state_hash(store, &digest, &err), &err);
    return digest;
}

static int64_t key_of(Store *store, unsigned number, KindCode kind)
{
    Err err = {0};
    int64_t key = 0;
    must(thing_intern(store, SHARD, numbered_id(number), kind, &key, &err), &err);
    return key;
}

/* Row `number` always ends up saying the same. With `by_changes` it gets there by detours. */
static void write_row(Store *store, unsigned number, bool by_changes)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 18);
    const KindInfo *kind = &vocab_kinds[number % vocab_kind_count];
    Prng prng = {.state = number};
    const Record wanted = random_record(&prng, kind, REF_COUNT, &arena);
    const int64_t key = key_of(store, number, kind->code);
    if (!by_changes) {
        must(row_add(store, SHARD, key, number, &wanted, &err), &err);
    } else {
        prng.state = number + UINT64_C(100000);
        const Record first = random_record(&prng, kind, REF_COUNT, &arena);
        must(row_add(store, SHARD, key, 1, &first, &err), &err);
        Record change = wanted;
        for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
            if (change.fields[i].state == FIELD_ABSENT && first.fields[i].state == FIELD_SET)
                record_clear(&change, i);
        must(row_change(store, SHARD, key, 2, &change, &err), &err);
        must(row_void(store, SHARD, key, kind->code, 3, true, &err), &err);
    }
    must(row_void(store, SHARD, key, kind->code, 4, number % 7 == 0, &err), &err);
}

static void write_stay(Store *store, unsigned number, int64_t party)
{
    Err err = {0};
    AUTO(query_done) Query query = {0};
    const int64_t person = key_of(store, number, KIND_NONE);
    const int64_t project = key_of(store, number + 1, KIND_NONE);
    must(query_begin(&query, store, STAY_SAVE, &err), &err);
    query_bind_int(&query, 1, SHARD);
    query_bind_int(&query, 2, person);
    query_bind_int(&query, 3, project);
    query_bind_int(&query, 4, person);
    query_bind_key(&query, 5, number % 2 == 0 ? project : 0);
    query_bind_int(&query, 6, 20000 + number);
    query_bind_int(&query, 7, DAY_OPEN);
    query_bind_int(&query, 8, party);
    query_bind_int(&query, 9, number % 2);
    query_bind_int(&query, 10, 0);
    must(query_run(&query, &err), &err);
}

static void write_headcount(Store *store, unsigned number, uint8_t byte)
{
    Err err = {0};
    AUTO(query_done) Query query = {0};
    const int64_t project = key_of(store, number, KIND_NONE);
    const uint8_t series[] = {1, byte, 3};
    must(query_begin(&query, store, HEADCOUNT_SAVE, &err), &err);
    query_bind_int(&query, 1, SHARD);
    query_bind_int(&query, 2, project);
    query_bind_bytes(&query, 3, (Bytes){series, sizeof series});
    must(query_run(&query, &err), &err);
}

static void write_all(Store *store, uint64_t seed, bool by_changes)
{
    Err err = {0};
    unsigned order[ROW_COUNT] = {0};
    Prng prng = {.state = seed};
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        const unsigned at = (unsigned)prng_below(&prng, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        write_row(store, order[i], by_changes);
        if (order[i] % 5 == 0) write_stay(store, order[i], 1);
        if (order[i] % 6 == 0) write_headcount(store, order[i], (uint8_t)order[i]);
    }
    must(tx_commit(&tx, &err), &err);
}

/* Each time on a fresh SQLite database beside the store that is being tested. */
static void is_the_same(Stores *stores)
{
    write_all(stores->writer, 1, false);
    const Digest digest = hash_in(stores->reader);
    const Digest again = hash_in(stores->writer);
    assert_true(digest_equal(&digest, &again));
    for (uint64_t seed = 2; seed < 8; seed++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%u.db", store_backend(stores->writer), (unsigned)seed);
        Store *other = store_must_open(
            &(StoreOptions){.place = stores_path(stores->state, name), .is_writer = true});
        write_all(other, seed, seed % 2 == 0);
        const Digest of_other = hash_in(other);
        assert_true(digest_equal(&digest, &of_other));
        store_close(&other);
    }
}

static void the_same_facts_give_the_same_hash_in_any_order_and_database(void **state)
{
    on_each_store(*state, is_the_same);
}

static void refills(Stores *stores)
{
    Err err = {0};
    const Digest empty = hash_in(stores->writer);
    write_all(stores->writer, 1, false);
    const Digest before = hash_in(stores->writer);
    assert_false(digest_equal(&empty, &before));
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(store_empty_projection(stores->writer, &err), &err);
        must(tx_commit(&tx, &err), &err);
    }
    const Digest emptied = hash_in(stores->writer);
    assert_true(digest_equal(&empty, &emptied));
    write_all(stores->writer, 9, true);
    const Digest after = hash_in(stores->writer);
    assert_true(digest_equal(&before, &after));
}

static void emptied_and_filled_again_gives_the_same_hash(void **state)
{
    on_each_store(*state, refills);
}

typedef enum Difference {
    ONE_FIELD,
    ONE_CLEARED,
    ONE_SEALED,
    ONE_VOID,
    ONE_ROW,
    ONE_STAY,
    ONE_HEADCOUNT,
    DIFFERENCE_COUNT
} Difference;

/* A row of kind person that has a trade and a phone. */
static void make_person(Store *store, unsigned number)
{
    Err err = {0};
    Record person = {.kind = vocab_kind(KIND_PERSON)};
    record_set_text(&person, PERSON_NAME, TEXT("王五"));
    record_set_ref(&person, PERSON_UNIT, numbered_id(1));
    record_set_text(&person, PERSON_TRADE, TEXT("电工"));
    record_set_bytes(&person, PERSON_PHONE, bytes_of(TEXT("sealed")));
    person.fields[PERSON_PHONE].number = 5;
    must(row_add(store, SHARD, key_of(store, number, KIND_PERSON), 1, &person, &err), &err);
}

static void make_difference(Store *store, Difference difference, unsigned number)
{
    Err err = {0};
    const int64_t key = key_of(store, number, KIND_PERSON);
    Record change = {.kind = vocab_kind(KIND_PERSON)};
    switch (difference) {
    case ONE_FIELD: record_set_text(&change, PERSON_TRADE, TEXT("电 工")); break;
    case ONE_CLEARED: record_clear(&change, PERSON_TRADE); break;
    case ONE_SEALED:
        record_set_bytes(&change, PERSON_PHONE, bytes_of(TEXT("sealed anew")));
        change.fields[PERSON_PHONE].number = 5;
        break;
    case ONE_VOID: must(row_void(store, SHARD, key, KIND_PERSON, 1, true, &err), &err); return;
    case ONE_ROW: make_person(store, number + 1); return;
    case ONE_STAY: write_stay(store, 5000, 2); return;
    case ONE_HEADCOUNT: write_headcount(store, 6, 255); return;
    case DIFFERENCE_COUNT: return;
    }
    must(row_change(store, SHARD, key, 1, &change, &err), &err);
}

static void differs(Stores *stores)
{
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    make_person(stores->writer, 3000);
    write_headcount(stores->writer, 6, 1);
    must(tx_commit(&tx, &err), &err);
    const Digest before = hash_in(stores->writer);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        AUTO(tx_rollback) Tx trial = {0};
        must(tx_begin(&trial, stores->writer, &err), &err);
        make_difference(stores->writer, (Difference)i, 3000);
        const Digest changed = hash_in(stores->writer);
        assert_false(digest_equal(&before, &changed));
        tx_rollback(&trial);
        const Digest back = hash_in(stores->writer);
        assert_true(digest_equal(&before, &back));
    }
}

static void any_difference_in_what_is_said_gives_another_hash(void **state)
{
    on_each_store(*state, differs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_facts_give_the_same_hash_in_any_order_and_database),
        cmocka_unit_test(emptied_and_filled_again_gives_the_same_hash),
        cmocka_unit_test(any_difference_in_what_is_said_gives_another_hash),
    };
    return cmocka_run_group_tests_name("state_hash", tests, stores_setup, stores_teardown);
}
