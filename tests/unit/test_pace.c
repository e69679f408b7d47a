/* What we promise about pace: a session asks no faster than its node lets it, no question takes
 * for ever, and others do not suffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "host/file.h"
#include "store/query.h"
#include "support/served.h"

#define COUNT_MAX 5000 /* so often in a row is no limit */

static Served served;

static int start(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    served_start(&served);
    served_account(&served, "worker", &worker, 1);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

/* Writes the setting into the node's own file; the next start goes by it. */
static void set_pace(const char *before, const char *after)
{
    AUTO(buf_done) Buf old = {0};
    AUTO(buf_done) Buf new = {0};
    char path[100];
    Err err;
    snprintf(path, sizeof path, "%s/node.json", served.directory);
    buf_init(&old, 4096);
    buf_init(&new, 4096);
    assert_int_equal(file_read(host_real(), path, 4096, &old, &err), OK);
    buf_add_byte(&old, 0);
    const char *text = (const char *)old.at;
    const char *at = strstr(text, before);
    assert_non_null(at);
    buf_add_text(&new, (Text){text, (size_t)(at - text)});
    buf_add_z(&new, after);
    buf_add_z(&new, at + strlen(before));
    assert_int_equal(file_write(host_real(), path, buf_as_bytes(&new), FILE_PRIVATE, &err), OK);
}

static void a_session_that_asks_too_fast_waits_and_no_other_does(void **state)
{
    (void)state;
    HttpClient hasty;
    HttpClient calm;
    set_pace(",\"requests_per_second\":0", ""); /* as a node is that says nothing of it */
    served_restart(&served);
    served_sign_in(&served, &hasty, "worker");
    served_sign_in(&served, &calm, "worker");
    const uint64_t began_ms = host_monotonic_ms(host_real());
    unsigned count = 0;
    while (http_ask(&hasty, "GET", "/api/v1/session", NULL) == 200 && count < COUNT_MAX)
        count++;
    assert_int_equal(hasty.reply.status, 429);
    assert_non_null(strstr(http_body(&hasty), "\"code\":\"limit\""));
    assert_string_equal(http_header(&hasty, "Retry-After"), "1");
    const uint64_t passed_ms = host_monotonic_ms(host_real()) - began_ms;
    assert_in_range(count, 100, 101 + passed_ms / 50); /* 100 at once and 20 a second */
    http_ask(&hasty, "GET", "/api/v1/node", NULL);     /* open to all, but not so fast to one */
    assert_int_equal(http_ask(&calm, "GET", "/api/v1/session", NULL), 200);
    assert_int_equal(http_ask(&calm, "GET", "/", NULL), 200);
    http_done(&hasty);
    http_done(&calm);
}

static void a_node_may_set_another_pace_or_none(void **state)
{
    (void)state;
    Node node = {0};
    Err err;
    HttpClient client;
    set_pace("\"is_demo\"", "\"requests_per_second\":1001,\"is_demo\"");
    assert_int_equal(node_open(&node, host_real(), served.directory, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "requests_per_second"));
    node_close(&node);
    set_pace("_second\":1001", "_second\":1");
    served_restart(&served);
    served_sign_in(&served, &client, "worker");
    unsigned count = 0;
    while (http_ask(&client, "GET", "/api/v1/session", NULL) == 200 && count < COUNT_MAX)
        count++;
    assert_in_range(count, 5, 60);
    http_done(&client);
    set_pace("_second\":1,", "_second\":0,");
    served_restart(&served);
    served_sign_in(&served, &client, "worker");
    for (int i = 0; i < 150; i++)
        assert_int_equal(http_ask(&client, "GET", "/api/v1/session", NULL), 200);
    http_done(&client);
}

/* ---------------------------------------------------------------------- how long one may take */

/* Far more audit records than anybody could cause in a test, written past the program. */
static void fill_audit(int count)
{
    char path[100];
    char sql[400];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/tongpin.db", served.directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %d) "
             "INSERT INTO audit (shard, n, stamp, is_void, event) "
             "SELECT 1, 1000000 + n, 1, 0, 'filled' FROM c",
             count);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_question_that_takes_too_long_is_ended_and_the_next_is_answered(void **state)
{
    (void)state;
    HttpClient client;
    const GrantWish auditor = {.role = ROLE_AUDITOR};
    served_account(&served, "auditor", &auditor, 1);
    fill_audit(400000);
    served.query_cpu_ms = 4;
    served_restart(&served);
    served_sign_in(&served, &client, "auditor");
    for (int i = 0; i < 20; i++) { /* more often than there are readers: none is lost by it */
        assert_int_equal(http_ask(&client, "GET", "/api/v1/audit", NULL), 503);
        assert_non_null(strstr(http_body(&client), "takes too long to find out"));
        assert_non_null(http_header(&client, "Retry-After"));
        assert_int_equal(http_ask(&client, "GET", "/api/v1/projects", NULL), 200);
    }
    http_done(&client);
    served.query_cpu_ms = 0; /* as the product has it */
    served_restart(&served);
    served_sign_in(&served, &client, "auditor");
    assert_int_equal(http_ask(&client, "GET", "/api/v1/audit", NULL), 200);
    assert_non_null(strstr(http_body(&client), "\"total\":400"));
    http_done(&client);
}

static void the_command_line_may_take_its_time(void **state)
{
    (void)state;
    Store *store = NULL;
    Err err;
    assert_int_equal(node_open_reader(&served.node, 0, &store, &err), OK);
    {
        AUTO(query_done) Query query = {0};
        bool found = false;
        assert_int_equal(query_begin(&query, store, AUDIT_COUNT, &err), OK);
        query_bind_int(&query, 1, served.node.shard);
        assert_int_equal(query_next(&query, &found, &err), OK);
        assert_true(query_int(&query, 0) >= 400000);
    }
    store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_that_asks_too_fast_waits_and_no_other_does),
        cmocka_unit_test(a_node_may_set_another_pace_or_none),
        cmocka_unit_test(a_question_that_takes_too_long_is_ended_and_the_next_is_answered),
        cmocka_unit_test(the_command_line_may_take_its_time),
    };
    return cmocka_run_group_tests_name("pace", tests, start, stop);
}
