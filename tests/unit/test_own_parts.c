/* What we promise about what a group keeps to itself: over HTTP, each role sees of an activity what
 * is common, and of a group's own part only what it may; and everybody confirms their own
 * attendance and nobody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "support/served.h"

#define SECRET    "只有党小组知道的话"
#define VIOLATION "未系安全带"
#define TOPIC     "家里的难处"

static Served served;
static unsigned op_count;
static Id unit;
static Id other_unit;
static Id project;
static Id party;
static Id crew;
static Id member; /* a Party member at the site */
static Id worker; /* somebody else there */
static Id activity;
static Id party_part;

static const char *text_of(Id id)
{
    static char texts[8][ID_TEXT_MAX];
    static unsigned next;
    return id_write(id, texts[next++ % 8]);
}

static Id command(const char *format, ...) PRINTF_LIKE(1, 2);
static Id command(const char *format, ...)
{
    char rest[1200];
    char json[1400];
    va_list args;
    va_start(args, format);
    vsnprintf(rest, sizeof rest, format, args);
    va_end(args);
    snprintf(json, sizeof json, "{\"op\":\"01930000-0000-7000-8000-%012x\",%s}", ++op_count, rest);
    return served_command(&served, json);
}

static Id add_unit(const char *name, const char *parent)
{
    return command("\"do\":\"unit.add\",\"fields\":{\"name\":\"%s\"%s}", name, parent);
}

static Id add_group(const char *kind)
{
    const Id group = command("\"do\":\"group.add\",\"fields\":{\"name\":\"%s\",\"unit\":\"%s\","
                             "\"kind\":\"%s\"}",
                             kind, text_of(unit), kind);
    (void)command("\"do\":\"station.add\",\"fields\":{\"group\":\"%s\",\"project\":\"%s\","
                  "\"from\":\"2026-01-01\"}",
                  text_of(group), text_of(project));
    return group;
}

static Id add_person(const char *name)
{
    const Id person = command("\"do\":\"person.add\",\"fields\":{\"name\":\"%s\",\"unit\":\"%s\"}",
                              name, text_of(unit));
    (void)command("\"do\":\"posting.add\",\"fields\":{\"person\":\"%s\",\"project\":\"%s\","
                  "\"from\":\"2026-01-01\"}",
                  text_of(person), text_of(project));
    return person;
}

static void add_account(const char *name, RoleCode role, Id scope, Id person)
{
    const GrantWish grant = {.role = role, .scope = scope};
    (void)served_account_of(&served, name, person, &grant, 1);
}

static void tell_story(void)
{
    char parent[80];
    const Id company = add_unit("公司", "");
    snprintf(parent, sizeof parent, ",\"parent\":\"%s\"", text_of(company));
    unit = add_unit("工程部", parent);
    other_unit = add_unit("别的部", parent);
    project = command("\"do\":\"project.add\",\"fields\":{\"name\":\"二期\",\"unit\":\"%s\","
                      "\"from\":\"2026-01-01\"}",
                      text_of(unit));
    party = add_group("party");
    crew = add_group("crew");
    member = add_person("党员");
    worker = add_person("工人");
    (void)command("\"do\":\"standing.add\",\"fields\":{\"person\":\"%s\","
                  "\"standing\":\"party_formal\",\"from\":\"2020-01-01\"}",
                  text_of(member));
    activity = command("\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\","
                       "\"title\":\"主题党日\",\"day\":\"2026-02-05\"}",
                       text_of(project));
    party_part = command("\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\",\"group\":\"%s\","
                         "\"meeting\":\"theme_day\",\"record\":\"" SECRET "\"}",
                         text_of(activity), text_of(party));
    (void)command("\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\",\"group\":\"%s\","
                  "\"meeting\":\"safety_day\"}",
                  text_of(activity), text_of(crew));
    (void)command("\"do\":\"topic.add\",\"fields\":{\"activity\":\"%s\",\"matter\":\"dues\","
                  "\"title\":\"党费\",\"discussion\":\"" SECRET "\"}",
                  text_of(activity));
    (void)command("\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\",\"person\":\"%s\","
                  "\"part\":\"%s\",\"status\":\"leave\",\"reason\":\"" SECRET "\"}",
                  text_of(activity), text_of(member), text_of(party_part));
    (void)command("\"do\":\"signal.add\",\"fields\":{\"kind\":\"violation\",\"project\":\"%s\","
                  "\"raiser\":\"%s\",\"what\":\"" VIOLATION "\",\"day\":\"2026-02-05\"}",
                  text_of(project), text_of(worker));
    (void)command("\"do\":\"heart_talk.add\",\"fields\":{\"group\":\"%s\",\"person\":\"%s\","
                  "\"talked_with\":\"%s\",\"day\":\"2026-02-05\",\"topic\":\"" TOPIC "\"}",
                  text_of(party), text_of(worker), text_of(member));
}

/* name, role, where, whose account, whether the Party's own part is open, the crew's, whether the
 * activity is there at all, whether the violation is, which the worker raised, and whether they
 * learn of the talk: a member of the group does not, nor who was in it. */
static struct {
    const char *name;
    RoleCode role;
    const Id *scope;
    const Id *person;
    bool party;
    bool crew;
    bool is_there;
    bool violation;
    bool talk;
} eyes[] = {
    {"staff", ROLE_STAFF, &unit, NULL, true, true, true, true, true},
    {"auditor", ROLE_AUDITOR, &unit, NULL, true, true, true, false, true},
    {"staff-elsewhere", ROLE_STAFF, &other_unit, NULL, false, false, false, false, false},
    {"staff-of-the-site", ROLE_STAFF, &project, NULL, false, false, true, true,
     false}, /* not of its groups */
    {"leader", ROLE_LEADER, &project, NULL, false, false, true, true, false},
    {"leader-of-the-crew", ROLE_LEADER, &project, &worker, false, true, true, true, false},
    {"leader-in-the-party", ROLE_LEADER, &project, &member, true, true, true, true, false},
    {"worker", ROLE_WORKER, &project, &worker, false, true, true, true, false},
    {"worker-in-the-party", ROLE_WORKER, &project, &member, true, true, true, false, false},
};

static int start(void **state)
{
    (void)state;
    served_start(&served);
    tell_story();
    for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++)
        add_account(eyes[i].name, eyes[i].role, *eyes[i].scope,
                    eyes[i].person == NULL ? (Id){{0}} : *eyes[i].person);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

static void each_role_sees_of_a_part_what_it_may(void **state)
{
    (void)state;
    char path[200];
    for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++) {
        Err err;
        HttpClient client;
        AUTO(doc_done) Doc doc = {0};
        http_init(&client, served.port);
        served_sign_in(&served, &client, eyes[i].name);
        snprintf(path, sizeof path, "/api/v1/activities/%s", text_of(activity));
        const unsigned status = http_ask(&client, "GET", path, NULL);
        if (status != (eyes[i].is_there ? 200U : 404U)) fail_msg("%s: %u", eyes[i].name, status);
        const char *body = http_body(&client);
        if ((strstr(body, SECRET) != NULL) != eyes[i].party) fail_msg("%s: own", eyes[i].name);
        if (eyes[i].is_there) {
            assert_int_equal(doc_parse(&doc, buf_as_bytes(&client.reply.body), &err), OK);
            const DocValue *parts = doc_get(doc.root, "parts");
            assert_int_equal(doc_count(parts), 2); /* that there are two, everybody sees */
            assert_int_equal(doc_bool(doc_get(doc_at(parts, 0), "open")), eyes[i].party);
            assert_int_equal(doc_bool(doc_get(doc_at(parts, 1), "open")), eyes[i].crew);
        }
        /* Nor does a ledger tell it. */
        snprintf(path, sizeof path, "/api/v1/ledger?name=theme-days&project=%s&period=2026",
                 text_of(project));
        (void)http_ask(&client, "GET", path, NULL); /* whatever it says, that is not in it */
        if ((strstr(http_body(&client), SECRET) != NULL) != eyes[i].party)
            fail_msg("%s: ledger: %s", eyes[i].name, http_body(&client));
        http_done(&client);
    }
}

static bool ledger_says(HttpClient *client, const char *ledger, const char *words)
{
    char path[200];
    snprintf(path, sizeof path, "/api/v1/ledger?name=%s&project=%s&period=2026", ledger,
             text_of(project));
    (void)http_ask(client, "GET", path, NULL); /* whatever it says */
    return strstr(http_body(client), words) != NULL;
}

static void each_role_sees_of_ledgers_what_it_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++) {
        HttpClient client;
        http_init(&client, served.port);
        served_sign_in(&served, &client, eyes[i].name);
        if (ledger_says(&client, "violations", VIOLATION) != eyes[i].violation)
            fail_msg("%s: violations: %s", eyes[i].name, http_body(&client));
        if (ledger_says(&client, "heart-talks", TOPIC) != eyes[i].talk)
            fail_msg("%s: talks: %s", eyes[i].name, http_body(&client));
        http_done(&client);
    }
}

/* The detail of the only result; "done" when it was done. */
static const char *say(HttpClient *client, const char *format, ...) PRINTF_LIKE(2, 3);
static const char *say(HttpClient *client, const char *format, ...)
{
    static char answer[400];
    char rest[700];
    char json[900];
    va_list args;
    Err err;
    AUTO(doc_done) Doc doc = {0};
    va_start(args, format);
    vsnprintf(rest, sizeof rest, format, args);
    va_end(args);
    snprintf(json, sizeof json, "{\"commands\":[{\"op\":\"01930000-0000-7000-8000-%012x\",%s}]}",
             ++op_count, rest);
    (void)http_ask(client, "POST", "/api/v1/commands", json); /* the body says it */
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&client->reply.body), &err), OK);
    const DocValue *result = doc_at(doc_get(doc.root, "results"), 0);
    const DocValue *error = doc_get(result, "error");
    const DocValue *said = error == NULL ? doc_get(result, "status") : doc_get(error, "detail");
    if (said == NULL) said = doc_get(doc.root, "detail");
    snprintf(answer, sizeof answer, "%.*s", TEXT_ARG(doc_text(said)));
    return answer;
}

static void everybody_signs_for_themselves_and_nobody_else(void **state)
{
    (void)state;
    HttpClient client;
    char path[200];
    http_init(&client, served.port);
    served_sign_in(&served, &client, "worker");
    assert_string_equal(say(&client, "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\"}",
                            text_of(activity)),
                        "done");
    const char *other = say(&client,
                            "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\","
                            "\"person\":\"%s\"}",
                            text_of(activity), text_of(member));
    assert_string_not_equal(other, "done");
    assert_string_not_equal(
        say(&client, "\"do\":\"activity.convene\",\"id\":\"%s\"", text_of(activity)), "done");
    snprintf(path, sizeof path, "/api/v1/activities/%s", text_of(activity));
    assert_int_equal(http_ask(&client, "GET", path, NULL), 200);
    assert_non_null(strstr(http_body(&client), "\"own_phone\""));
    assert_null(strstr(http_body(&client), "\"shared_phone\""));
    http_done(&client);

    http_init(&client, served.port);
    served_sign_in(&served, &client, "leader-of-the-crew");
    assert_string_equal(say(&client,
                            "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\","
                            "\"person\":\"%s\",\"signature\":\"shared_phone\"}",
                            text_of(activity), text_of(member)),
                        "done");
    assert_string_equal(
        say(&client, "\"do\":\"activity.convene\",\"id\":\"%s\"", text_of(activity)), "done");
    http_done(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_sees_of_a_part_what_it_may),
        cmocka_unit_test(each_role_sees_of_ledgers_what_it_may),
        cmocka_unit_test(everybody_signs_for_themselves_and_nobody_else),
    };
    return cmocka_run_group_tests_name("own_parts", tests, start, stop);
}
