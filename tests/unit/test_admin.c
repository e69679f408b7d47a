/* What we promise about administration over HTTP: separate powers, one-time passwords, and an end
 * to what was disabled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/served.h"

static Served served;
static Id unit;

static int start(void **state)
{
    (void)state;
    static const GrantWish system = {.role = ROLE_SYSTEM_ADMIN};
    static const GrantWish security = {.role = ROLE_SECURITY_ADMIN};
    served_start(&served);
    unit = served_command(&served, "{\"op\":\"01930000-0000-7000-8000-000000000001\","
                                   "\"do\":\"unit.add\",\"fields\":{\"name\":\"工程部\"}}");
    served_account(&served, "system", &system, 1);
    served_account(&served, "security", &security, 1);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

/* The value of a text member of the last body. */
static const char *member(HttpClient *client, const char *name)
{
    static char value[100];
    char start_of[64];
    snprintf(start_of, sizeof start_of, "\"%s\":\"", name);
    const char *at = strstr(http_body(client), start_of);
    assert_non_null(at);
    at += strlen(start_of);
    snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\""), at);
    return value;
}

static void has_code(HttpClient *client, unsigned status, const char *code)
{
    assert_int_equal(client->reply.status, status);
    assert_string_equal(member(client, "code"), code);
}

static unsigned sign_in(HttpClient *client, const char *name, const char *password)
{
    char body[300];
    http_init(client, served.port);
    snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    const unsigned status = http_ask(client, "POST", "/api/v1/session", body);
    if (status == 200) snprintf(client->csrf, sizeof client->csrf, "%s", member(client, "csrf"));
    return status;
}

static void a_new_account_opens_with_a_code_that_must_be_replaced(void **state)
{
    (void)state;
    HttpClient admin;
    HttpClient fresh;
    char code[CODE_TEXT_MAX];
    char body[300];
    char id[ID_TEXT_MAX];
    served_sign_in(&served, &admin, "security");
    snprintf(body, sizeof body,
             "{\"name\":\"李四\",\"roles\":[{\"role\":\"staff\",\"scope\":\"%s\"}]}",
             id_write(unit, id));
    assert_int_equal(http_ask(&admin, "POST", "/api/v1/accounts", body), 201);
    snprintf(code, sizeof code, "%s", member(&admin, "code"));
    assert_int_equal(strlen(code), 14);

    assert_int_equal(sign_in(&fresh, "李四", code), 200);
    assert_non_null(strstr(http_body(&fresh), "\"must_change\":true"));
    assert_non_null(strstr(http_body(&fresh), "\"name\":\"工程部\""));
    http_ask(&fresh, "GET", "/api/v1/projects", NULL);
    has_code(&fresh, 403, "password_change_required");
    snprintf(body, sizeof body, "{\"old\":\"%s\",\"new\":\"%s\"}", code, SERVED_PASSWORD);
    assert_int_equal(http_ask(&fresh, "POST", "/api/v1/password", body), 204);
    http_done(&fresh);
    assert_int_equal(sign_in(&fresh, "李四", code), 401);
    http_done(&fresh);
    assert_int_equal(sign_in(&fresh, "李四", SERVED_PASSWORD), 200);
    assert_int_equal(http_ask(&fresh, "GET", "/api/v1/projects", NULL), 200);
    http_done(&fresh);
    http_done(&admin);
}

static void the_system_administrator_makes_accounts_but_gives_no_roles(void **state)
{
    (void)state;
    HttpClient admin;
    served_sign_in(&served, &admin, "system");
    http_ask(&admin, "POST", "/api/v1/accounts",
             "{\"name\":\"x\",\"roles\":[{\"role\":\"staff\",\"scope\":null}]}");
    has_code(&admin, 403, "denied");
    assert_int_equal(http_ask(&admin, "POST", "/api/v1/accounts", "{\"name\":\"x\"}"), 201);
    http_ask(&admin, "POST", "/api/v1/accounts", "{\"name\":\" X \"}");
    has_code(&admin, 409, "conflict");
    assert_int_equal(http_ask(&admin, "GET", "/api/v1/accounts?size=200", NULL), 200);
    assert_non_null(strstr(http_body(&admin), "\"name\":\"x\",\"disabled\":false"));
    assert_int_equal(http_ask(&admin, "GET", "/api/v1/audit", NULL), 403);
    http_done(&admin);
}

static void nobody_changes_their_own_roles_or_ends_their_own_account(void **state)
{
    (void)state;
    HttpClient admin;
    char path[128];
    served_sign_in(&served, &admin, "security");
    assert_int_equal(http_ask(&admin, "GET", "/api/v1/session", NULL), 200);
    char id[ID_TEXT_MAX];
    snprintf(id, sizeof id, "%s", member(&admin, "id"));
    snprintf(path, sizeof path, "/api/v1/accounts/%s/roles", id);
    http_ask(&admin, "POST", path, "{\"roles\":[{\"role\":\"auditor\",\"scope\":null}]}");
    has_code(&admin, 403, "denied");
    snprintf(path, sizeof path, "/api/v1/accounts/%s/disable", id);
    assert_int_equal(http_ask(&admin, "POST", path, NULL), 403);
    http_done(&admin);
}

static void roles_that_are_not_held_everywhere_administer_nothing(void **state)
{
    (void)state;
    const GrantWish grants[] = {{.role = ROLE_SECURITY_ADMIN, .scope = unit},
                                {.role = ROLE_AUDITOR, .scope = unit}};
    HttpClient admin;
    served_account(&served, "half", grants, 2);
    served_sign_in(&served, &admin, "half");
    assert_int_equal(http_ask(&admin, "GET", "/api/v1/accounts", NULL), 403);
    assert_int_equal(http_ask(&admin, "GET", "/api/v1/audit", NULL), 403);
    assert_int_equal(http_ask(&admin, "POST", "/api/v1/accounts", "{\"name\":\"y\"}"), 403);
    http_done(&admin);
}

static void a_disabled_account_is_out_at_once_and_cannot_come_back(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    HttpClient admin;
    HttpClient gone;
    char path[128];
    char id[ID_TEXT_MAX];
    const Id account = served_account(&served, "leaver", &worker, 1);
    served_sign_in(&served, &admin, "system");
    served_sign_in(&served, &gone, "leaver");
    snprintf(path, sizeof path, "/api/v1/accounts/%s/disable", id_write(account, id));
    assert_int_equal(http_ask(&admin, "POST", path, NULL), 204);
    assert_int_equal(http_ask(&gone, "GET", "/api/v1/session", NULL), 401);
    http_done(&gone);
    assert_int_equal(sign_in(&gone, "leaver", SERVED_PASSWORD), 401);
    http_done(&gone);
    http_done(&admin);
}

static void new_roles_hold_from_the_next_request_on(void **state)
{
    (void)state;
    const GrantWish worker = {.role = ROLE_WORKER};
    HttpClient admin;
    HttpClient rising;
    char path[128];
    char id[ID_TEXT_MAX];
    const Id account = served_account(&served, "rising", &worker, 1);
    served_sign_in(&served, &admin, "security");
    served_sign_in(&served, &rising, "rising");
    assert_int_equal(http_ask(&rising, "GET", "/api/v1/persons", NULL), 403);
    snprintf(path, sizeof path, "/api/v1/accounts/%s/roles", id_write(account, id));
    assert_int_equal(
        http_ask(&admin, "POST", path, "{\"roles\":[{\"role\":\"staff\",\"scope\":null}]}"), 204);
    assert_int_equal(http_ask(&rising, "GET", "/api/v1/persons", NULL), 200);
    assert_int_equal(http_ask(&admin, "POST", path, "{\"roles\":[]}"), 204);
    assert_int_equal(http_ask(&rising, "GET", "/api/v1/persons", NULL), 403);
    http_ask(&admin, "POST", path, "{\"roles\":[{\"role\":\"king\",\"scope\":null}]}");
    has_code(&admin, 400, "invalid");
    http_done(&rising);
    http_done(&admin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_account_opens_with_a_code_that_must_be_replaced),
        cmocka_unit_test(the_system_administrator_makes_accounts_but_gives_no_roles),
        cmocka_unit_test(nobody_changes_their_own_roles_or_ends_their_own_account),
        cmocka_unit_test(roles_that_are_not_held_everywhere_administer_nothing),
        cmocka_unit_test(a_disabled_account_is_out_at_once_and_cannot_come_back),
        cmocka_unit_test(new_roles_hold_from_the_next_request_on),
    };
    return cmocka_run_group_tests_name("admin", tests, start, stop);
}
