/* What we promise over HTTP, asked of a real server on a real node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/route.h"
#include "api/session.h"
#include "base/doc.h"
#include "base/limits.h"
#include "support/served.h"

static Served served;

static int start(void **state)
{
    (void)state;
    served_start(&served);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

static bool says(HttpClient *client, const char *words)
{
    return strstr(http_body(client), words) != NULL;
}

static void is_problem(HttpClient *client, unsigned status, const char *code)
{
    char member[64];
    assert_int_equal(client->reply.status, status);
    assert_string_equal(http_header(client, "Content-Type"), "application/problem+json");
    snprintf(member, sizeof member, "\"code\":\"%s\"", code);
    assert_true(says(client, member));
    assert_true(says(client, "\"detail\":\""));
}

/* ------------------------------------------------------------------------- the first account */

static void a_new_node_is_set_up_once_with_the_code_that_was_shown(void **state)
{
    (void)state;
    Err err;
    char code[CODE_TEXT_MAX];
    char body[256];
    bool is_needed = false;
    HttpClient client;
    http_init(&client, served.port);
    assert_int_equal(http_ask(&client, "GET", "/api/v1/node", NULL), 200);
    assert_true(says(&client, "\"needs_setup\":true"));

    static const char wish[] = "{\"code\":\"%s\",\"name\":\"admin\",\"password\":\"%s\"}";
    snprintf(body, sizeof body, wish, "ABCD-EFGH", SERVED_PASSWORD);
    http_ask(&client, "POST", "/api/v1/setup", body);
    is_problem(&client, 403, "denied"); /* no code was shown yet, so none is right */
    assert_int_equal(server_setup_code(served.server, code, &is_needed, &err), OK);
    assert_true(is_needed);
    http_ask(&client, "POST", "/api/v1/setup", body);
    is_problem(&client, 403, "denied");
    snprintf(body, sizeof body, wish, code, "1234567890");
    http_ask(&client, "POST", "/api/v1/setup", body);
    is_problem(&client, 400, "invalid");
    snprintf(body, sizeof body, wish, code, SERVED_PASSWORD);
    assert_int_equal(http_ask(&client, "POST", "/api/v1/setup", body), 201);
    assert_true(says(&client, "\"role\":\"system_admin\",\"scope\":null"));
    assert_true(says(&client, "\"group.move\""));
    assert_int_equal(http_ask(&client, "GET", "/api/v1/session", NULL), 200);
    http_ask(&client, "POST", "/api/v1/setup", body);
    is_problem(&client, 409, "conflict");
    assert_int_equal(http_ask(&client, "GET", "/api/v1/node", NULL), 200);
    assert_true(says(&client, "\"needs_setup\":false"));
    assert_int_equal(server_setup_code(served.server, code, &is_needed, &err), OK);
    assert_false(is_needed);
    http_done(&client);
}

/* ------------------------------------------------------------------------ signing in and out */

static void a_wrong_password_and_an_unknown_account_look_the_same(void **state)
{
    (void)state;
    HttpClient client;
    HttpClient other;
    http_init(&client, served.port);
    http_init(&other, served.port);
    http_ask(&client, "POST", "/api/v1/session",
             "{\"name\":\"admin\",\"password\":\"not this one\"}");
    http_ask(&other, "POST", "/api/v1/session",
             "{\"name\":\"nobody\",\"password\":\"not this one\"}");
    is_problem(&client, 401, "unauthorized");
    assert_int_equal(other.reply.status, 401);
    assert_string_equal(http_body(&client), http_body(&other));
    assert_int_equal(client.cookie_count, 0);
    http_done(&client);
    http_done(&other);
}

static void signing_in_gives_a_new_secret_each_time_and_signing_out_ends_it(void **state)
{
    (void)state;
    HttpClient client;
    HttpClient other;
    served_sign_in(&served, &client, "Admin"); /* case does not matter */
    served_sign_in(&served, &other, "admin");
    assert_string_not_equal(client.cookies[0], other.cookies[0]);
    assert_int_equal(http_ask(&client, "GET", "/api/v1/session", NULL), 200);
    char stolen[200];
    memcpy(stolen, client.cookies[0], sizeof stolen);
    assert_int_equal(http_ask(&client, "DELETE", "/api/v1/session", NULL), 204);
    assert_string_equal(http_header(&client, "Clear-Site-Data"), "\"cache\", \"storage\"");
    memcpy(client.cookies[0], stolen, sizeof stolen);
    http_ask(&client, "GET", "/api/v1/session", NULL);
    is_problem(&client, 401, "unauthorized");
    assert_int_equal(http_ask(&other, "GET", "/api/v1/session", NULL), 200);
    http_done(&client);
    http_done(&other);
}

static void guessing_at_one_account_is_slowed_down_but_not_for_a_known_device(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    HttpClient known;
    HttpClient guesser;
    served_account(&served, "guessed", &worker, 1);
    served_sign_in(&served, &known, "guessed");
    http_init(&guesser, served.port);
    static const char guess[] = "{\"name\":\"guessed\",\"password\":\"wrong wrong wrong\"}";
    unsigned status = 401;
    int tries = 0;
    for (; status == 401 && tries < 12; tries++)
        status = http_ask(&guesser, "POST", "/api/v1/session", guess);
    is_problem(&guesser, 429, "limit");
    assert_non_null(http_header(&guesser, "Retry-After"));
    assert_in_range(tries, 4, 11);
    assert_int_equal(http_ask(&known, "POST", "/api/v1/session",
                              "{\"name\":\"guessed\",\"password\":\"" SERVED_PASSWORD "\"}"),
                     200);
    http_done(&known);
    http_done(&guesser);
}

static unsigned confirm(HttpClient *client, const char *password)
{
    char body[200];
    snprintf(body, sizeof body, "{\"password\":\"%s\"}", password);
    return http_ask(client, "POST", "/api/v1/session/confirm", body);
}

static void a_confirmed_password_opens_what_is_touchy_and_renews_the_secret(void **state)
{
    (void)state;
    static const char account[] = "{\"name\":\"made after a while\"}";
    HttpClient client;
    served_sign_in(&served, &client, "admin");
    served_age_password(&served, &client, SESSION_CONFIRMED_MS + 1);
    char stolen[200];
    memcpy(stolen, client.cookies[0], sizeof stolen);
    http_ask(&client, "POST", "/api/v1/accounts", account);
    is_problem(&client, 403, "password_confirm_required");
    assert_int_equal(http_ask(&client, "GET", "/api/v1/accounts", NULL), 200);

    confirm(&client, "not this one");
    is_problem(&client, 403, "wrong_password");
    http_ask(&client, "POST", "/api/v1/accounts", account);
    is_problem(&client, 403, "password_confirm_required");
    assert_int_equal(confirm(&client, SERVED_PASSWORD), 200);
    snprintf(client.csrf, sizeof client.csrf, "%.43s",
             strstr(http_body(&client), "\"csrf\":\"") + 8);
    assert_int_equal(http_ask(&client, "POST", "/api/v1/accounts", account), 201);

    assert_string_not_equal(client.cookies[0], stolen);
    memcpy(client.cookies[0], stolen, sizeof stolen);
    http_ask(&client, "GET", "/api/v1/session", NULL);
    is_problem(&client, 401, "unauthorized");
    http_done(&client);
}

static void confirming_is_slowed_down_and_on_record(void **state)
{
    (void)state;
    const GrantWish auditor = {.role = ROLE_AUDITOR};
    HttpClient client;
    served_restart(&served); /* which forgets what was tried from this address */
    served_account(&served, "confirmer", &auditor, 1);
    served_sign_in(&served, &client, "confirmer");
    unsigned wrong_count = 0;
    while (confirm(&client, "not this one") == 403 && wrong_count < 100)
        wrong_count++;
    is_problem(&client, 429, "limit");
    assert_int_equal(wrong_count, 10); /* as many as a known device may try to sign in */
    assert_non_null(http_header(&client, "Retry-After"));
    assert_int_equal(http_ask(&client, "GET", "/api/v1/audit", NULL), 200);
    assert_true(says(&client, "\"event\":\"confirm\",\"account\":\"confirmer\","
                              "\"success\":false"));
    http_done(&client);
    served_restart(&served);
}

static void a_changed_password_ends_every_session_of_the_account(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    HttpClient here;
    HttpClient there;
    served_account(&served, "changer", &worker, 1);
    served_sign_in(&served, &here, "changer");
    served_sign_in(&served, &there, "changer");
    http_ask(&here, "POST", "/api/v1/password",
             "{\"old\":\"something else\",\"new\":\"neue lampe und zug\"}");
    is_problem(&here, 403, "denied");
    http_ask(&here, "POST", "/api/v1/password",
             "{\"old\":\"" SERVED_PASSWORD "\",\"new\":\"password12\"}");
    is_problem(&here, 400, "invalid");
    assert_int_equal(http_ask(&here, "POST", "/api/v1/password",
                              "{\"old\":\"" SERVED_PASSWORD "\",\"new\":\"neue lampe und zug\"}"),
                     204);
    assert_int_equal(http_ask(&there, "GET", "/api/v1/session", NULL), 401);
    http_done(&here);
    http_done(&there);
}

/* ------------------------------------------------------------------- requests of other sites */

static void a_request_without_the_token_or_from_another_site_changes_nothing(void **state)
{
    (void)state;
    HttpClient client;
    served_sign_in(&served, &client, "admin");
    char token[sizeof client.csrf];
    memcpy(token, client.csrf, sizeof token);
    client.csrf[0] = '\0';
    http_ask(&client, "DELETE", "/api/v1/session", NULL);
    is_problem(&client, 403, "csrf");
    memcpy(client.csrf, token, sizeof token);
    client.csrf[3] = client.csrf[3] == 'A' ? 'B' : 'A';
    http_ask(&client, "DELETE", "/api/v1/session", NULL);
    is_problem(&client, 403, "csrf");
    memcpy(client.csrf, token, sizeof token);
    static const char *const foreign[] = {
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        client.more_headers = foreign[i];
        http_ask(&client, "DELETE", "/api/v1/session", NULL);
        is_problem(&client, 403, "csrf");
    }
    client.more_headers = "Content-Type: text/plain\r\n";
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", "{\"commands\":[]}"), 415);
    client.more_headers = "Sec-Fetch-Site: same-origin\r\n";
    assert_int_equal(http_ask(&client, "DELETE", "/api/v1/session", NULL), 204);
    http_done(&client);
}

/* ----------------------------------------------------------------------- the protocol itself */

static void every_answer_carries_the_security_headers(void **state)
{
    (void)state;
    static const char *const paths[] = {"/healthz", "/api/v1/node",     "/api/v1/nothing",
                                        "/",        "/api/v1/projects", "/missing.js"};
    static const struct {
        const char *name;
        const char *value;
    } wanted[] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
         "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types vue"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"},
    };
    HttpClient client;
    http_init(&client, served.port);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        http_ask(&client, "GET", paths[i], NULL);
        for (size_t j = 0; j < sizeof wanted / sizeof wanted[0]; j++)
            assert_string_equal(http_header(&client, wanted[j].name), wanted[j].value);
        assert_null(http_header(&client, "Access-Control-Allow-Origin"));
        assert_null(http_header(&client, "Strict-Transport-Security")); /* this is no TLS */
        if (strcmp(paths[i], "/") == 0) continue;
        assert_string_equal(http_header(&client, "Cache-Control"), "no-store");
    }
    http_done(&client);
}

static void unknown_paths_methods_and_files_are_told_apart(void **state)
{
    (void)state;
    HttpClient client;
    http_init(&client, served.port);
    http_ask(&client, "GET", "/api/v1/nothing", NULL);
    is_problem(&client, 404, "not_found");
    http_ask(&client, "PUT", "/api/v1/session", "{}");
    is_problem(&client, 405, "invalid");
    assert_string_equal(http_header(&client, "Allow"), "GET, HEAD, POST, DELETE");
    http_ask(&client, "POST", "/projects", "{}");
    is_problem(&client, 405, "invalid");
    assert_int_equal(http_ask(&client, "GET", "/projects/of/the/app", NULL), 200);
    assert_string_equal(http_header(&client, "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(http_header(&client, "Content-Encoding"), "gzip");
    assert_string_equal(http_header(&client, "Cache-Control"), "no-cache");
    assert_int_equal(http_ask(&client, "GET", "/assets/app-12345678.js", NULL), 200);
    assert_non_null(strstr(http_header(&client, "Cache-Control"), "immutable"));
    client.more_headers = "If-None-Match: \"script\"\r\n";
    assert_int_equal(http_ask(&client, "GET", "/assets/app-12345678.js", NULL), 304);
    assert_int_equal(http_ask(&client, "GET", "/assets/gone-12345678.js", NULL), 404);
    http_done(&client);
}

static void head_is_answered_like_get_without_a_body(void **state)
{
    (void)state;
    HttpClient client;
    http_init(&client, served.port);
    assert_int_equal(http_ask(&client, "GET", "/api/v1/node", NULL), 200);
    const size_t size = client.reply.body.size;
    assert_int_equal(http_ask(&client, "HEAD", "/api/v1/node", NULL), 200);
    assert_int_equal(strtoul(http_header(&client, "Content-Length"), NULL, 10), size);
    assert_int_equal(http_ask(&client, "GET", "/healthz", NULL), 200); /* the line is not off */
    http_done(&client);
}

static void what_is_too_large_is_refused_with_its_own_status(void **state)
{
    (void)state;
    HttpClient client;
    http_init(&client, served.port);
    static char long_path[URI_BYTES_MAX + 200];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[0] = '/';
    http_ask(&client, "GET", long_path, NULL);
    is_problem(&client, 414, "limit");
    static char body[BODY_BYTES_MAX + 2];
    memset(body, ' ', sizeof body - 1);
    http_ask(&client, "POST", "/api/v1/session", body);
    is_problem(&client, 413, "limit");
    body[BODY_BYTES_MAX] = '\0'; /* just fits, but is no JSON */
    http_ask(&client, "POST", "/api/v1/session", body);
    is_problem(&client, 400, "invalid");
    http_done(&client);
}

static void a_message_of_unclear_length_is_refused(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        "Content-Length: 3\r\n\r\n{}",
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    };
    HttpClient client;
    http_init(&client, served.port);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        assert_int_equal(http_raw(&client, messages[i], strlen(messages[i])), 400);
    http_done(&client);
}

static void a_body_in_chunks_is_taken_like_another(void **state)
{
    (void)state;
    static const char message[] =
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
        "10\r\n{\"name\":\"nobody\"\r\n18\r\n,\"password\":\"a b c d e\"}\r\n0\r\n\r\n";
    HttpClient client;
    http_init(&client, served.port);
    assert_int_equal(http_raw(&client, message, sizeof message - 1), 401);
    http_done(&client);
}

static void a_body_that_is_wrong_is_refused_by_member(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *words;
    } cases[] = {
        {"{\"name\":\"a\"}", "the body lacks \\\"password\\\""},
        {"{\"name\":\"a\",\"password\":\"b\",\"more\":1}", "\\\"more\\\" does not belong"},
        {"{\"name\":1,\"password\":\"b\"}", "\\\"name\\\" is missing or not a text"},
        {"[1]", "is to be a JSON object"},
        {"{\"name\":\"a\",\"name\":\"b\",\"password\":\"c\"}", NULL},
        {"{", NULL},
    };
    HttpClient client;
    http_init(&client, served.port);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        http_ask(&client, "POST", "/api/v1/session", cases[i].body);
        is_problem(&client, 400, "invalid");
        if (cases[i].words != NULL) assert_true(says(&client, cases[i].words));
    }
    http_done(&client);
}

/* ----------------------------------------------------------------- facts: commands and reads */

#define UNIT_ADD                                                                           \
    "{\"commands\":[{\"op\":\"01930000-0000-7000-8000-0000000000a1\",\"do\":\"unit.add\"," \
    "\"fields\":{\"name\":\"%s\",\"level\":\"company\"}}]}"

static void a_command_sent_again_does_nothing_again(void **state)
{
    (void)state;
    HttpClient client;
    char body[400];
    char first[600];
    served_sign_in(&served, &client, "admin");
    snprintf(body, sizeof body, UNIT_ADD, "送变电公司");
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    assert_true(says(&client, "\"status\":\"done\""));
    const char *end = strstr(http_body(&client), "\"version\"");
    assert_non_null(end);
    snprintf(first, sizeof first, "%.*s", (int)(end - http_body(&client)), http_body(&client));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    assert_memory_equal(http_body(&client), first, strlen(first));
    assert_int_equal(http_ask(&client, "GET", "/api/v1/units", NULL), 200);
    assert_true(says(&client, "\"total\":1"));
    snprintf(body, sizeof body, UNIT_ADD, "another");
    http_ask(&client, "POST", "/api/v1/commands", body);
    is_problem(&client, 409, "conflict");
    http_done(&client);
}

static void a_read_is_answered_with_304_until_something_was_committed(void **state)
{
    (void)state;
    HttpClient client;
    HttpClient other;
    char header[200];
    served_sign_in(&served, &client, "admin");
    served_account(&served, "auditor", &(GrantWish){.role = ROLE_AUDITOR}, 1);
    served_sign_in(&served, &other, "auditor");
    assert_int_equal(http_ask(&client, "GET", "/api/v1/units", NULL), 200);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", http_header(&client, "ETag"));
    assert_string_equal(http_header(&client, "Cache-Control"), "no-store");
    client.more_headers = header;
    assert_int_equal(http_ask(&client, "GET", "/api/v1/units", NULL), 304);
    assert_int_equal(client.reply.body.size, 0);
    client.more_headers = header; /* another question */
    assert_int_equal(http_ask(&client, "GET", "/api/v1/units?page=2", NULL), 200);
    other.more_headers = header; /* another account */
    assert_int_equal(http_ask(&other, "GET", "/api/v1/units", NULL), 200);
    served_command(&served, "{\"op\":\"01930000-0000-7000-8000-0000000000a2\",\"do\":\"unit.add\","
                            "\"fields\":{\"name\":\"新单位\",\"level\":\"team\"}}");
    client.more_headers = header;
    assert_int_equal(http_ask(&client, "GET", "/api/v1/units", NULL), 200);
    assert_true(says(&client, "新单位"));
    http_done(&client);
    http_done(&other);
}

static void a_change_reaches_those_who_follow(void **state)
{
    (void)state;
    HttpClient client;
    char event[256];
    char before[256];
    served_sign_in(&served, &client, "admin");
    assert_int_equal(http_follow(&client, "/api/v1/events"), 200);
    assert_string_equal(http_header(&client, "Content-Type"), "text/event-stream");
    assert_true(http_read_event(&client, before, sizeof before));
    assert_memory_equal(before, "event: change\ndata: {\"version\":", 31);
    for (int i = 0; i < 20; i++) {
        char json[256];
        snprintf(json, sizeof json,
                 "{\"op\":\"01930000-0000-7000-8000-0000000001%02x\",\"do\":\"unit.add\","
                 "\"fields\":{\"name\":\"u%d\",\"level\":\"team\"}}",
                 i, i);
        served_command(&served, json);
        assert_true(http_read_event(&client, event, sizeof event));
        assert_string_not_equal(event, before);
        memcpy(before, event, sizeof before);
    }
    http_done(&client);
}

static void metrics_are_for_this_machine_and_name_no_addresses(void **state)
{
    (void)state;
    HttpClient client;
    http_init(&client, served.port);
    http_ask(&client, "GET", "/secret/name/of/somebody", NULL);
    assert_int_equal(http_ask(&client, "GET", "/metrics", NULL), 200);
    assert_true(says(&client, "route=\"/api/v1/session\",status=\"401\""));
    assert_true(says(&client, "tongpin_request_seconds_bucket{le=\"+Inf\"}"));
    assert_false(says(&client, "somebody"));
    client.more_headers = "X-Forwarded-For: 192.0.2.7\r\n";
    assert_int_equal(http_ask(&client, "GET", "/metrics", NULL), 401);
    http_done(&client);
}

static void sessions_and_accounts_survive_a_restart(void **state)
{
    (void)state;
    HttpClient client;
    served_sign_in(&served, &client, "admin");
    served_restart(&served);
    client.port = served.port;
    assert_int_equal(http_ask(&client, "GET", "/api/v1/session", NULL), 200);
    assert_true(says(&client, client.csrf));
    http_done(&client);
}

static void a_server_stops_while_clients_follow_and_wait(void **state)
{
    (void)state;
    HttpClient follower;
    HttpClient idle;
    char event[256];
    served_sign_in(&served, &follower, "admin");
    served_sign_in(&served, &idle, "admin");
    assert_int_equal(http_follow(&follower, "/api/v1/events"), 200);
    assert_true(http_read_event(&follower, event, sizeof event));
    served_restart(&served);
    assert_false(http_read_event(&follower, event, sizeof event));
    http_done(&follower);
    http_done(&idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_node_is_set_up_once_with_the_code_that_was_shown),
        cmocka_unit_test(a_wrong_password_and_an_unknown_account_look_the_same),
        cmocka_unit_test(signing_in_gives_a_new_secret_each_time_and_signing_out_ends_it),
        cmocka_unit_test(guessing_at_one_account_is_slowed_down_but_not_for_a_known_device),
        cmocka_unit_test(a_confirmed_password_opens_what_is_touchy_and_renews_the_secret),
        cmocka_unit_test(confirming_is_slowed_down_and_on_record),
        cmocka_unit_test(a_changed_password_ends_every_session_of_the_account),
        cmocka_unit_test(a_request_without_the_token_or_from_another_site_changes_nothing),
        cmocka_unit_test(every_answer_carries_the_security_headers),
        cmocka_unit_test(unknown_paths_methods_and_files_are_told_apart),
        cmocka_unit_test(head_is_answered_like_get_without_a_body),
        cmocka_unit_test(what_is_too_large_is_refused_with_its_own_status),
        cmocka_unit_test(a_message_of_unclear_length_is_refused),
        cmocka_unit_test(a_body_in_chunks_is_taken_like_another),
        cmocka_unit_test(a_body_that_is_wrong_is_refused_by_member),
        cmocka_unit_test(a_command_sent_again_does_nothing_again),
        cmocka_unit_test(a_read_is_answered_with_304_until_something_was_committed),
        cmocka_unit_test(a_change_reaches_those_who_follow),
        cmocka_unit_test(metrics_are_for_this_machine_and_name_no_addresses),
        cmocka_unit_test(sessions_and_accounts_survive_a_restart),
        cmocka_unit_test(a_server_stops_while_clients_follow_and_wait),
    };
    return cmocka_run_group_tests_name("http", tests, start, stop);
}
