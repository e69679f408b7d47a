/* What we promise about queries.def: every text is good SQL on both databases, does what its flags
 * say, and reads no whole table unless it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/query.h"
#include "support/stores.h"

static void prepare_all(Stores *stores)
{
    Err err = {0};
    for (int id = QUERY_NONE + 1; id < QUERY_COUNT; id++)
        must(query_prepare(stores->writer, (QueryId)id, &err), &err);
    printf("%s: %d queries prepared\n", store_backend(stores->writer), QUERY_COUNT - 1);
}

static void every_query_is_good_sql_on_each_database(void **state)
{
    on_each_store(*state, prepare_all);
}

static void prepare_all_reads(Stores *stores)
{
    Err err = {0};
    for (int id = QUERY_NONE + 1; id < QUERY_COUNT; id++)
        if ((query_info((QueryId)id)->flags & QUERY_FLAG_READ) != 0)
            must(query_prepare(stores->reader, (QueryId)id, &err), &err);
}

static void every_reading_query_is_good_on_a_reader(void **state)
{
    on_each_store(*state, prepare_all_reads);
}

/* SQLite takes a number for anything but refuses NULL as a LIMIT; PostgreSQL is the other way. */
static void bind_something(Query *query, const char *sql)
{
    if (strcmp(store_backend(query->store), "sqlite") != 0) return;
    for (int at = 1; at < 10; at++) {
        const char name[] = {'?', (char)('0' + at), '\0'};
        if (strstr(sql, name) != NULL) query_bind_int(query, at, 1);
    }
}

/* On an empty database most find no row. */
static void run_all_reads(Stores *stores)
{
    Err err = {0};
    for (int id = QUERY_NONE + 1; id < QUERY_COUNT; id++) {
        if ((query_info((QueryId)id)->flags & QUERY_FLAG_READ) == 0) continue;
        AUTO(query_done) Query query = {0};
        must(query_begin(&query, stores->reader, (QueryId)id, &err), &err);
        bind_something(&query, query_info((QueryId)id)->sql);
        bool found = true;
        for (int row = 0; found && row < 10; row++)
            must(query_next(&query, &found, &err), &err);
    }
}

static void every_reading_query_runs(void **state)
{
    on_each_store(*state, run_all_reads);
}

static void open_plain(void *state, sqlite3 **out_db)
{
    const char *path = stores_path(state, "plain.db");
    Store *store = store_must_open(&(StoreOptions){.place = path, .is_writer = true});
    store_close(&store);
    assert_int_equal(sqlite3_open(path, out_db), SQLITE_OK);
}

static void flags_say_whether_a_query_changes_anything(void **state)
{
    sqlite3 *db = NULL;
    open_plain(*state, &db);
    for (int id = QUERY_NONE + 1; id < QUERY_COUNT; id++) {
        const QueryInfo *info = query_info((QueryId)id);
        const bool is_read = (info->flags & QUERY_FLAG_READ) != 0;
        const bool is_write = (info->flags & QUERY_FLAG_WRITE) != 0;
        assert_true(is_read != is_write);
        sqlite3_stmt *statement = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, info->sql, -1, &statement, NULL), SQLITE_OK);
        if ((sqlite3_stmt_readonly(statement) != 0) != is_read)
            fail_msg("%s: its flags are wrong", info->name);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

/* The plan's first line that reads a whole table, or sorts one; empty when there is none. */
static void find_scan(sqlite3 *db, const char *sql, char out[200])
{
    char explain[9000];
    snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &statement, NULL), SQLITE_OK);
    out[0] = '\0';
    while (out[0] == '\0' && sqlite3_step(statement) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(statement, 3);
        if (strncmp(line, "SCAN ", 5) == 0 && strcmp(line, "SCAN CONSTANT ROW") != 0)
            snprintf(out, 200, "%s", line);
    }
    sqlite3_finalize(statement);
}

static void only_full_queries_scan(void **state)
{
    sqlite3 *db = NULL;
    open_plain(*state, &db);
    int scans = 0;
    for (int id = QUERY_NONE + 1; id < QUERY_COUNT; id++) {
        const QueryInfo *info = query_info((QueryId)id);
        char line[200];
        find_scan(db, info->sql, line);
        if (line[0] == '\0' || (info->flags & QUERY_FLAG_FULL) != 0) continue;
        print_error("%s is not FULL and its plan says: %s\n", info->name, line);
        scans++;
    }
    sqlite3_close(db);
    assert_int_equal(scans, 0);
}

static void the_scan_check_has_teeth(void **state)
{
    sqlite3 *db = NULL;
    open_plain(*state, &db);
    char line[200];
    find_scan(db, "SELECT n FROM person WHERE trade = ?1", line);
    assert_string_not_equal(line, "");
    find_scan(db, "SELECT n FROM person WHERE name = ?1", line);
    assert_string_equal(line, "");
    sqlite3_close(db);
}

static void values_survive(Stores *stores)
{
    static const int64_t numbers[] = {0,         1,         -1,        127,      -128,
                                      INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, stores->writer, &err), &err);
        AUTO(query_done) Query add = {0};
        must(query_begin(&add, stores->writer, OP_ADD, &err), &err);
        uint8_t bytes[16] = {0, 1, 2, 0xFF, (uint8_t)i};
        query_bind_bytes(&add, 1, (Bytes){bytes, sizeof bytes});
        query_bind_bytes(&add, 2, (Bytes){NULL, 0});
        query_bind_text(&add, 3, TEXT("张三's \"\\ 💡"));
        query_bind_int(&add, 4, numbers[i]);
        must(query_run(&add, &err), &err);
        assert_int_equal(query_changed(&add), 1);

        AUTO(query_done) Query find = {0};
        must(query_begin(&find, stores->writer, OP_FIND, &err), &err);
        query_bind_bytes(&find, 1, (Bytes){bytes, sizeof bytes});
        bool found = false;
        must(query_next(&find, &found, &err), &err);
        assert_true(found);
        assert_false(query_is_null(&find, 0));
        assert_int_equal(query_view(&find, 0).size, 0);
        Text text = {0};
        must(query_text(&find, 1, &arena, &text, &err), &err);
        assert_true(text_is(text, "张三's \"\\ 💡"));
        assert_true(query_int(&find, 2) == numbers[i]);
        must(query_next(&find, &found, &err), &err);
        assert_false(found);
    }
}

static void numbers_texts_and_bytes_come_back_as_they_went(void **state)
{
    on_each_store(*state, values_survive);
}

static void an_oversized_value_is_refused_by(Stores *stores)
{
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    AUTO(query_done) Query add = {0};
    must(query_begin(&add, stores->writer, META_SAVE, &err), &err);
    query_bind_text(&add, 1, TEXT("k"));
    query_bind_text(&add, 2, (Text){"never read", QUERY_VALUE_BYTES_MAX + 1});
    assert_int_equal(query_run(&add, &err), ERR_LIMIT);
}

static void an_oversized_value_is_refused(void **state)
{
    on_each_store(*state, an_oversized_value_is_refused_by);
}

/* A FULL query hands out rows as they come, and may be left before its end. */
static void streams(Stores *stores)
{
    Err err = {0};
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    for (int i = 1; i <= 500; i++) {
        AUTO(query_done) Query add = {0};
        must(query_begin(&add, stores->writer, STREAM_ADD, &err), &err);
        const uint8_t scope[16] = {(uint8_t)i, (uint8_t)(i >> 8)};
        query_bind_int(&add, 1, i);
        query_bind_int(&add, 2, 7);
        query_bind_int(&add, 3, 0);
        query_bind_bytes(&add, 4, (Bytes){scope, sizeof scope});
        must(query_run(&add, &err), &err);
    }
    for (int limit = 1; limit <= 501; limit += 250) {
        AUTO(query_done) Query all = {0};
        must(query_begin(&all, stores->writer, STREAMS, &err), &err);
        bool found = true;
        for (int row = 1; found && row <= limit; row++) {
            must(query_next(&all, &found, &err), &err);
            if (found) assert_int_equal(query_int(&all, 0), row);
        }
        assert_int_equal(found, limit < 501);
    }
    must(tx_commit(&tx, &err), &err);
}

static void a_stream_of_rows_may_be_left_early(void **state)
{
    on_each_store(*state, streams);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_query_is_good_sql_on_each_database),
        cmocka_unit_test(every_reading_query_is_good_on_a_reader),
        cmocka_unit_test(every_reading_query_runs),
        cmocka_unit_test(flags_say_whether_a_query_changes_anything),
        cmocka_unit_test(only_full_queries_scan),
        cmocka_unit_test(the_scan_check_has_teeth),
        cmocka_unit_test(numbers_texts_and_bytes_come_back_as_they_went),
        cmocka_unit_test(an_oversized_value_is_refused),
        cmocka_unit_test(a_stream_of_rows_may_be_left_early),
    };
    return cmocka_run_group_tests_name("queries", tests, stores_setup, stores_teardown);
}
