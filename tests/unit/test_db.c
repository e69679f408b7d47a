/* What we promise about a store: made once, refused when it is not ours, all or nothing, one
 * writer, and nothing more after a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/query.h"
#include "store/things.h"
#include "support/stores.h"

static void save(Store *store, const char *key, const char *value)
{
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    must(meta_save(store, text_from_z(key), text_from_z(value), &err), &err);
    must(tx_commit(&tx, &err), &err);
}

static bool has(Store *store, const char *key, const char *value)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 4096);
    bool found = false;
    Text kept = {0};
    must(meta_find(store, text_from_z(key), &arena, &found, &kept, &err), &err);
    return found && text_is(kept, value);
}

static void what_was_committed_stays(Stores *stores)
{
    save(stores->writer, "colour", "红");
    assert_true(has(stores->reader, "colour", "红"));
    save(stores->writer, "colour", "蓝");
    assert_true(has(stores->reader, "colour", "蓝"));

    store_close(&stores->writer);
    store_close(&stores->reader);
    stores->writer = store_must_open(&(StoreOptions){.place = stores->place, .is_writer = true});
    assert_true(has(stores->writer, "colour", "蓝"));
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
    on_each_store(*state, what_was_committed_stays);
}

static void what_was_rolled_back_is_gone(Stores *stores)
{
    Err err = {0};
    int64_t first_key = 0;
    const Id id = id_make(1 << 12, 3, 0);
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(meta_save(stores->writer, TEXT("half"), TEXT("yes"), &err), &err);
        must(thing_intern(stores->writer, 1, id, KIND_UNIT, &first_key, &err), &err);
    }
    assert_false(has(stores->writer, "half", "yes"));
    int64_t key = 99;
    must(thing_find(stores->writer, 1, id, &key, &err), &err); /* nor is it remembered */
    assert_int_equal(key, 0);

    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(thing_intern(stores->writer, 1, id_make(2 << 12, 3, 0), KIND_UNIT, &key, &err), &err);
    assert_int_equal(key, first_key);
    must(tx_commit(&tx, &err), &err);
    tx_rollback(&tx); /* has nothing to do any more */
    must(thing_find(stores->reader, 1, id_make(2 << 12, 3, 0), &key, &err), &err);
    assert_int_equal(key, first_key);
}

static void a_rolled_back_transaction_leaves_nothing(void **state)
{
    on_each_store(*state, what_was_rolled_back_is_gone);
}

static ErrCode add_op(Store *store, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, OP_ADD, err));
    const Id id = id_make(1 << 12, 9, 0);
    query_bind_id(&query, 1, &id);
    query_bind_bytes(&query, 2, id_bytes(&id));
    query_bind_text(&query, 3, TEXT("answer"));
    query_bind_int(&query, 4, 1);
    return query_run(&query, err);
}

static void a_failure_dooms(Stores *stores)
{
    Err err = {0};
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(add_op(stores->writer, &err), &err);
        assert_int_equal(add_op(stores->writer, &err), ERR_CONFLICT);
        assert_int_equal(meta_save(stores->writer, TEXT("a"), TEXT("b"), &err), ERR_CONFLICT);
        assert_int_equal(tx_commit(&tx, &err), ERR_CONFLICT);
    }
    assert_false(store_is_broken(stores->writer));
    save(stores->writer, "after", "fine");
    assert_true(has(stores->reader, "after", "fine"));
    assert_false(has(stores->reader, "a", "b"));
}

static void a_failed_query_dooms_its_transaction_and_no_other(void **state)
{
    on_each_store(*state, a_failure_dooms);
}

static void a_view_stands_still(Stores *stores)
{
    Err err = {0};
    save(stores->writer, "count", "1");
    AUTO(tx_rollback) Tx view = {0};
    must(tx_begin(&view, stores->reader, &err), &err);
    assert_true(has(stores->reader, "count", "1"));
    save(stores->writer, "count", "2");
    assert_true(has(stores->reader, "count", "1"));
    must(tx_commit(&view, &err), &err);
    assert_true(has(stores->reader, "count", "2"));
}

static void a_reader_transaction_sees_one_moment(void **state)
{
    on_each_store(*state, a_view_stands_still);
}

static void empties(Stores *stores)
{
    Err err = {0};
    bool is_needed = true;
    must(store_needs_rebuild(stores->writer, &is_needed, &err), &err);
    assert_false(is_needed);
    int64_t key = 0;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(thing_intern(stores->writer, 1, id_make(9, 1, 0), KIND_UNIT, &key, &err), &err);
    must(add_op(stores->writer, &err), &err);
    must(store_empty_projection(stores->writer, &err), &err);
    must(tx_commit(&tx, &err), &err);
    int64_t again = 0;
    must(thing_find(stores->reader, 1, id_make(9, 1, 0), &again, &err), &err);
    assert_int_equal(again, key); /* keys and ops outlive a rebuild */
    must(store_check(stores->reader, &err), &err);
}

static void emptying_the_projection_keeps_keys_and_ops(void **state)
{
    on_each_store(*state, empties);
}

static void says_newer(Stores *stores)
{
    save(stores->writer, "schema", "99");
    Err err = {0};
    for (int is_writer = 0; is_writer < 2; is_writer++) {
        Store *store = NULL;
        const StoreOptions options = {.place = stores->place, .is_writer = is_writer == 1};
        assert_int_equal(store_open(&store, &options, &err), ERR_INVALID);
        assert_null(store);
        assert_non_null(strstr(err.message, "newer"));
        assert_non_null(strstr(err.message, "99"));
    }
}

static void a_database_of_a_newer_version_is_refused(void **state)
{
    on_each_store(*state, says_newer);
}

static void grows(Stores *stores)
{
    Err err = {0};
    save(stores->writer, "derived", "the digest of an older vocabulary");
    store_close(&stores->reader);
    const StoreOptions reading = {.place = stores->place};
    assert_int_equal(store_open(&stores->reader, &reading, &err), ERR_BUSY);

    store_close(&stores->writer);
    stores->writer = store_must_open(&(StoreOptions){.place = stores->place, .is_writer = true});
    stores->reader = store_must_open(&reading);
    bool is_needed = false;
    must(store_needs_rebuild(stores->reader, &is_needed, &err), &err);
    assert_true(is_needed);

    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(store_empty_projection(stores->writer, &err), &err);
    must(tx_commit(&tx, &err), &err);
    must(store_needs_rebuild(stores->reader, &is_needed, &err), &err);
    assert_false(is_needed);
}

static void a_grown_vocabulary_asks_for_a_rebuild(void **state)
{
    on_each_store(*state, grows);
}

static void what_is_not_there_or_not_ours_is_refused(void **state)
{
    Err err = {0};
    Store *store = NULL;
    StoreOptions options = {.place = stores_path(*state, "nowhere/at/all.db")};
    assert_int_equal(store_open(&store, &options, &err), ERR_NOT_FOUND);
    options.is_writer = true;
    assert_int_equal(store_open(&store, &options, &err), ERR_IO);

    options.place = stores_path(*state, "foreign.db");
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(options.place, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(&store, &options, &err), ERR_INVALID);

    options.place = stores_path(*state, "text.db");
    FILE *file = fopen(options.place, "w");
    assert_non_null(file);
    for (int i = 0; i < 400; i++)
        fputs("This is no database at all, whatever it is called.\n", file);
    fclose(file);
    assert_int_equal(store_open(&store, &options, &err), ERR_CORRUPT);
    assert_null(store);
}

/* The settings that durability and safety stand on, asked of SQLite itself. */
static void the_writer_syncs_each_commit_and_keeps_a_log(void **state)
{
    const char *path = stores_path(*state, "settings.db");
    Store *store =
        store_must_open(&(StoreOptions){.place = path, .is_writer = true, .busy_wait_ms = 1});
    save(store, "a", "b");
    char log[200];
    snprintf(log, sizeof log, "%s-wal", path);
    FILE *file = fopen(log, "r");
    assert_non_null(file); /* journal_mode is really WAL */
    fclose(file);

    /* A second writer waits its turn and is told so, rather than corrupting anything. */
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    Err err = {0};
    Tx tx = {0};
    assert_int_equal(tx_begin(&tx, store, &err), ERR_BUSY);
    assert_false(store_is_broken(store));
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    save(store, "a", "c");
    store_close(&store);
}

static void loses_its_connection(Stores *stores)
{
    if (strcmp(store_backend(stores->writer), "postgres") != 0) return;
    Err err = {0};
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        must(meta_save(stores->writer, TEXT("a"), TEXT("b"), &err), &err);
        stores_disconnect(stores->state);
        assert_int_equal(tx_commit(&tx, &err), ERR_IO);
    }
    assert_true(store_is_broken(stores->writer));
    Tx tx = {0};
    assert_int_equal(tx_begin(&tx, stores->writer, &err), ERR_IO);
    store_close(&stores->writer);
    stores->writer = store_must_open(&(StoreOptions){.place = stores->place, .is_writer = true});
    assert_false(has(stores->writer, "a", "b"));

    AUTO(query_done) Query query = {0};
    const ErrCode code = query_begin(&query, stores->reader, THING_LAST_KEY, &err);
    bool found = false;
    assert_int_equal(code != OK ? code : query_next(&query, &found, &err), ERR_IO);
    assert_true(store_is_broken(stores->reader));
}

static void a_lost_connection_breaks_the_store(void **state)
{
    on_each_store(*state, loses_its_connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_committed_is_there_after_opening_again),
        cmocka_unit_test(a_rolled_back_transaction_leaves_nothing),
        cmocka_unit_test(a_failed_query_dooms_its_transaction_and_no_other),
        cmocka_unit_test(a_reader_transaction_sees_one_moment),
        cmocka_unit_test(emptying_the_projection_keeps_keys_and_ops),
        cmocka_unit_test(a_database_of_a_newer_version_is_refused),
        cmocka_unit_test(a_grown_vocabulary_asks_for_a_rebuild),
        cmocka_unit_test(what_is_not_there_or_not_ours_is_refused),
        cmocka_unit_test(the_writer_syncs_each_commit_and_keeps_a_log),
        cmocka_unit_test(a_lost_connection_breaks_the_store),
    };
    return cmocka_run_group_tests_name("db", tests, stores_setup, stores_teardown);
}
