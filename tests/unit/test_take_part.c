/* What we promise about taking part: each role changes what it may and no more, over HTTP, and who
 * is unnamed stays so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/served.h"

#define NO_SUCH_ID "01930000-0000-7000-8000-00000000dead"

static Served served;
static Id project;
static unsigned op_count;

static const char *text_of(Id id)
{
    static char texts[4][ID_TEXT_MAX];
    static unsigned next;
    return id_write(id, texts[next++ % 4]);
}

static int start(void **state)
{
    (void)state;
    char json[400];
    served_start(&served);
    const Id unit = served_command(&served, "{\"op\":\"01930000-0000-7000-8000-00000000a001\","
                                            "\"do\":\"unit.add\",\"fields\":{\"name\":\"公司\"}}");
    snprintf(json, sizeof json,
             "{\"op\":\"01930000-0000-7000-8000-00000000a002\",\"do\":\"project.add\",\"fields\":{"
             "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"}}",
             text_of(unit));
    project = served_command(&served, json);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

/* A value that a field of this type can hold; of a thing that does not exist. */
static const char *some_value(const FieldInfo *field)
{
    static char text[64];
    switch (field->type) {
    case FIELD_INT:
    case FIELD_COORD: return "1";
    case FIELD_BOOL: return "true";
    case FIELD_DAY: return "\"2026-02-01\"";
    case FIELD_REF: return "\"" NO_SUCH_ID "\"";
    case FIELD_ENUM:
        snprintf(text, sizeof text, "\"%s\"", field->among->choices[0].name);
        return text;
    case FIELD_TEXT:
    case FIELD_SEALED: break;
    }
    return "\"x\"";
}

/* One command of this kind and action, well-formed and about nothing. */
static void write_command(const Command *wanted, char *out, size_t size)
{
    const KindInfo *kind = wanted->kind;
    size_t at = (size_t)snprintf(
        out, size, "{\"commands\":[{\"op\":\"01930000-0000-7000-8000-%012x\",\"do\":\"%s.%s\"",
        ++op_count, kind->name, action_name(wanted->action));
    if (wanted->action != ACTION_ADD)
        at += (size_t)snprintf(out + at, size - at, ",\"id\":\"%s\"", NO_SUCH_ID);
    if (wanted->action == ACTION_VOID) {
        snprintf(out + at, size - at, ",\"reason\":\"x\"}]}");
        return;
    }
    at += (size_t)snprintf(out + at, size - at, ",\"fields\":{");
    const char *between = "";
    for (size_t i = 0; i < kind->field_count && wanted->action == ACTION_ADD; i++) {
        const FieldInfo *field = &kind->fields[i];
        if ((field->flags & FIELD_FLAG_MUST) == 0 || (field->flags & FIELD_FLAG_SELF) != 0)
            continue;
        at += (size_t)snprintf(out + at, size - at, "%s\"%s\":%s", between, field->name,
                               some_value(field));
        between = ",";
    }
    snprintf(out + at, size - at, "}}]}");
}

static void check_command(HttpClient *client, RoleCode role, const Command *wanted)
{
    char body[2000];
    const bool is_issued = wanted->kind->scope_rule == SCOPE_BY_BROADCAST; /* by no command */
    const bool may = !is_issued && (role_may(role, MAY_WRITE) ||
                                    (role_may(role, MAY_TAKE_PART) && command_takes_part(wanted)));
    write_command(wanted, body, sizeof body);
    const unsigned status = http_ask(client, "POST", "/api/v1/commands", body);
    const bool is_denied =
        status == 403 || strstr(http_body(client), "\"code\":\"denied\"") != NULL;
    if (is_denied != may && (status == 200 || status == 403 || status == 409)) return;
    print_error("%s as %s: %u %s\n", body, role_info((int)role)->name, status, http_body(client));
    fail();
}

static void every_role_changes_what_it_may_and_no_more(void **state)
{
    (void)state;
    static const Action actions[] = {ACTION_ADD, ACTION_CHANGE, ACTION_VOID};
    unsigned cell_count = 0;
    for (size_t r = 0; r < policy_role_count; r++) {
        char name[40];
        const GrantWish grant = {.role = policy_roles[r].code};
        HttpClient client;
        snprintf(name, sizeof name, "changes as %s", policy_roles[r].name);
        served_account(&served, name, &grant, 1);
        served_sign_in(&served, &client, name);
        for (size_t k = 0; k < vocab_kind_count; k++)
            for (size_t a = 0; a < sizeof actions / sizeof actions[0]; a++) {
                const Command wanted = {.kind = &vocab_kinds[k], .action = actions[a]};
                if (wanted.kind->code == KIND_AUDIT || wanted.kind->code == KIND_INTAKE) continue;
                check_command(&client, grant.role, &wanted);
                cell_count++;
            }
        http_done(&client);
    }
    print_message("%u cells of roles, kinds and verbs\n", cell_count);
}

static void who_only_takes_part_changes_nothing_of_the_organisation(void **state)
{
    (void)state;
    for (unsigned kind = 1; kind <= KIND_WAIVER; kind++) {
        const Command add = {.kind = vocab_kind(kind), .action = ACTION_ADD};
        const Command change = {.kind = vocab_kind(kind), .action = ACTION_CHANGE};
        const Command void_ = {.kind = vocab_kind(kind), .action = ACTION_VOID};
        assert_false(command_takes_part(&add));
        assert_false(command_takes_part(&change));
        assert_false(command_takes_part(&void_));
    }
}

/* --------------------------------------------------------------------------- without a name */

#define RAISE                                                                             \
    "{\"op\":\"01930000-0000-7000-8000-0000000b%04x\",\"do\":\"signal.add\",\"fields\":{" \
    "\"kind\":\"hazard\",\"project\":\"%s\",\"what\":\"漏电\",\"unnamed\":\"to_everybody\"}}"

static void who_is_unnamed_asks_by_code_and_sends_nothing_beside_it(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_WORKER, .scope = project};
    HttpClient client;
    HttpClient anybody;
    char body[1200];
    char path[200];
    served_account(&served, "unnamed", &grant, 1);
    served_sign_in(&served, &client, "unnamed");
    snprintf(body, sizeof body, "{\"commands\":[" RAISE "," RAISE "]}", 1, text_of(project), 2,
             text_of(project));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 400);
    assert_non_null(strstr(http_body(&client), "send it alone"));
    snprintf(body, sizeof body, "{\"commands\":[" RAISE "]}", 3, text_of(project));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    const char *receipt = strstr(http_body(&client), "\"receipt\":\"");
    assert_non_null(receipt);
    snprintf(path, sizeof path, "/api/v1/signals/by-code?code=%.14s", receipt + 11);
    assert_int_equal(http_ask(&client, "GET", "/api/v1/signals/mine", NULL), 200);
    assert_non_null(strstr(http_body(&client), "\"total\":0")); /* nobody is told whose it is */
    http_init(&anybody, served.port);
    assert_int_equal(http_ask(&anybody, "GET", path, NULL), 200);
    assert_non_null(strstr(http_body(&anybody), "\"raiser\":null"));
    assert_int_equal(http_ask(&anybody, "GET", "/api/v1/signals/by-code?code=AAAA-AAAA-AAAA", NULL),
                     404);
    http_done(&anybody);
    http_done(&client);
}

/* -------------------------------------------------------------------------- by the code alone */

#define SAY "{\"op\":\"01930000-0000-7000-8000-0000000c%04x\",\"code\":\"%.14s\",\"step\":\"%s\"%s}"

static unsigned say(HttpClient *client, unsigned op, const char *code, const char *step,
                    const char *rest)
{
    char body[600];
    snprintf(body, sizeof body, SAY, op, code, step, rest);
    return http_ask(client, "POST", "/api/v1/signals/by-code", body);
}

static void answer_it(unsigned op, Id signal)
{
    char json[400];
    snprintf(json, sizeof json,
             "{\"op\":\"01930000-0000-7000-8000-0000000d%04x\",\"do\":\"handling.add\",\"fields\":{"
             "\"signal\":\"%s\",\"step\":\"answer\",\"note\":\"已办\"}}",
             op, text_of(signal));
    (void)served_command(&served, json);
}

static void who_has_the_code_says_whether_it_is_solved(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_WORKER, .scope = project};
    HttpClient client;
    HttpClient anybody;
    Id signal;
    Err err;
    char body[600];
    char code[16];
    char id[ID_TEXT_MAX];
    served_account(&served, "unnamed too", &grant, 1);
    served_sign_in(&served, &client, "unnamed too");
    snprintf(
        body, sizeof body,
        "{\"commands\":[{\"op\":\"01930000-0000-7000-8000-0000000b0010\",\"do\":\"signal.add\","
        "\"fields\":{\"kind\":\"near_miss\",\"project\":\"%s\",\"what\":\"踏空\","
        "\"unnamed\":\"to_everybody\"}}]}",
        text_of(project));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    snprintf(code, sizeof code, "%.14s", strstr(http_body(&client), "\"receipt\":\"") + 11);
    snprintf(id, sizeof id, "%.36s", strstr(http_body(&client), "\"ids\":[\"") + 8);
    assert_int_equal(id_parse(text_from_z(id), &signal, &err), OK);
    http_done(&client);
    http_init(&anybody, served.port);
    assert_int_equal(say(&anybody, 1, "AAAA-AAAA-AAAA", "confirm", ""), 404);
    assert_int_equal(say(&anybody, 2, code, "close", ""), 400);
    assert_int_equal(say(&anybody, 3, code, "reopen", ""), 400);
    assert_int_equal(say(&anybody, 4, code, "confirm", ""), 409); /* nobody has answered yet */
    answer_it(1, signal);
    for (int again = 0; again < 2; again++) { /* a lost answer is asked for again */
        assert_int_equal(say(&anybody, 5, code, "reopen", ",\"words\":\"没有\""), 200);
        assert_non_null(strstr(http_body(&anybody), "\"state\":\"reopened\""));
        assert_non_null(strstr(http_body(&anybody), "\"person\":null"));
    }
    assert_int_equal(say(&anybody, 5, code, "confirm", ""), 409); /* the op is taken */
    answer_it(2, signal);
    assert_int_equal(say(&anybody, 6, code, "confirm", ""), 200);
    assert_non_null(strstr(http_body(&anybody), "\"state\":\"confirmed\""));
    /* Codes cannot be tried one after the other, and a right one does not help then. */
    unsigned tries = 0;
    while (say(&anybody, 100 + tries, "BBBB-BBBB-BBBB", "confirm", "") == 404)
        assert_true(++tries < 100);
    assert_int_equal(say(&anybody, 99, "BBBB-BBBB-BBBB", "confirm", ""), 429);
    assert_int_equal(say(&anybody, 98, code, "confirm", ""), 429);
    http_done(&anybody);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_changes_what_it_may_and_no_more),
        cmocka_unit_test(who_only_takes_part_changes_nothing_of_the_organisation),
        cmocka_unit_test(who_is_unnamed_asks_by_code_and_sends_nothing_beside_it),
        cmocka_unit_test(who_has_the_code_says_whether_it_is_solved), /* the last: it is limited */
    };
    return cmocka_run_group_tests_name("take part", tests, start, stop);
}
