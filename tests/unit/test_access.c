/* What we promise about access: no role gets past its permissions or its scope, and what lies
 * outside a scope cannot be noticed from inside. */
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
#include "seal/hash.h"
#include "support/prop.h"
#include "support/served.h"

#define NO_SUCH_ID   "01930000-0000-7000-8000-00000000dead"
#define PERSON_COUNT 4

/* One unit with a project, its groups and people. */
typedef struct Branch {
    Id unit;
    Id project;
    Id party;
    Id crew;
    Id persons[PERSON_COUNT];
} Branch;

static Served served;
static Branch inside;
static Branch outside;
static unsigned op_count;

static Id command(const char *format, ...) PRINTF_LIKE(1, 2);
static Id command(const char *format, ...)
{
    char rest[600];
    char json[800];
    va_list args;
    va_start(args, format);
    vsnprintf(rest, sizeof rest, format, args);
    va_end(args);
    snprintf(json, sizeof json, "{\"op\":\"01930000-0000-7000-8000-%012x\",%s}", ++op_count, rest);
    return served_command(&served, json);
}

/* The text of an id; a few at once. */
static const char *text_of(Id id)
{
    static char texts[8][ID_TEXT_MAX];
    static unsigned next;
    return id_write(id, texts[next++ % 8]);
}

static Id add_person(const Branch *branch, int number)
{
    const Id person = command("\"do\":\"person.add\",\"fields\":{\"name\":\"人%d\",\"unit\":\"%s\","
                              "\"staff_no\":\"S%u\",\"phone\":\"1380000%04u\"}",
                              number, text_of(branch->unit), op_count, op_count);
    (void)command("\"do\":\"standing.add\",\"fields\":{\"person\":\"%s\","
                  "\"standing\":\"party_formal\",\"from\":\"2020-01-01\"}",
                  text_of(person));
    (void)command("\"do\":\"posting.add\",\"fields\":{\"person\":\"%s\",\"project\":\"%s\","
                  "\"from\":\"2026-01-01\"}",
                  text_of(person), text_of(branch->project));
    return person;
}

static Id add_group(const Branch *branch, const char *kind)
{
    const Id group = command(
        "\"do\":\"group.add\",\"fields\":{\"name\":\"%s组\",\"unit\":\"%s\",\"kind\":\"%s\"}", kind,
        text_of(branch->unit), kind);
    (void)command("\"do\":\"station.add\",\"fields\":{\"group\":\"%s\",\"project\":\"%s\","
                  "\"from\":\"2026-01-01\"}",
                  text_of(group), text_of(branch->project));
    return group;
}

static Branch add_branch(const char *name, Id parent, double lat)
{
    Branch branch = {
        .unit = command("\"do\":\"unit.add\",\"fields\":{\"name\":\"%s\",\"parent\":\"%s\","
                        "\"level\":\"department\"}",
                        name, text_of(parent))};
    branch.project =
        command("\"do\":\"project.add\",\"fields\":{\"name\":\"%s一期\",\"unit\":\"%s\","
                "\"code\":\"P%u\",\"stage\":\"active\",\"from\":\"2026-01-01\","
                "\"lat\":%.2f,\"lon\":117.5}",
                name, text_of(branch.unit), op_count, lat);
    branch.party = add_group(&branch, "party");
    branch.crew = add_group(&branch, "crew");
    for (int i = 0; i < PERSON_COUNT; i++)
        branch.persons[i] = add_person(&branch, i);
    return branch;
}

static int start(void **state)
{
    (void)state;
    served_start(&served);
    const Id company = command("\"do\":\"unit.add\",\"fields\":{\"name\":\"公司\","
                               "\"level\":\"company\"}");
    inside = add_branch("和风", company, 38.90);
    outside = add_branch("益风", company, 38.95);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    served_stop(&served);
    return 0;
}

/* ------------------------------------------------------------------- every role, every route */

/* The pattern with an id where it says so. */
static void with_id(const char *pattern, const char *id, char *out, size_t size)
{
    const char *hole = strstr(pattern, "{id}");
    if (hole == NULL)
        snprintf(out, size, "%s", pattern);
    else
        snprintf(out, size, "%.*s%s%s", (int)(hole - pattern), pattern, id, hole + 4);
}

/* A request for the route that is well-formed enough to reach the guard, and harmless. */
static unsigned ask_route(HttpClient *client, const Route *route, const char *id)
{
    char path[300];
    with_id(route->pattern, id, path, sizeof path);
    const bool is_stream = strcmp(route->pattern, "/api/v1/events") == 0;
    const char *method = is_stream ? "HEAD" : method_name(route->method);
    return http_ask(client, method, path, route->body[0] != '\0' ? "{}" : NULL);
}

static bool is_refused(unsigned status)
{
    return status == 401 || status == 403;
}

static void check_cell(const char *role, const Route *route, unsigned status, bool may)
{
    if (is_refused(status) != may && status != 0 && status < 500) return;
    print_error("%s %s as %s: %u\n", method_name(route->method), route->pattern, role, status);
    fail();
}

static void every_role_gets_what_its_permissions_say_and_no_more(void **state)
{
    (void)state;
    unsigned cell_count = 0;
    for (size_t r = 0; r < policy_role_count; r++) {
        const GrantWish grant = {.role = policy_roles[r].code};
        HttpClient client;
        served_account(&served, policy_roles[r].name, &grant, 1);
        served_sign_in(&served, &client, policy_roles[r].name);
        for (size_t i = 0; i < route_count; i++) {
            const Route *route = &routes[i];
            const bool may =
                route->permission < 0 || role_may(grant.role, (Permission)route->permission);
            const unsigned status = ask_route(&client, route, NO_SUCH_ID);
            check_cell(policy_roles[r].name, route, status, may);
            cell_count++;
            if (route->method != METHOD_DELETE) continue;
            http_done(&client); /* signed out */
            served_sign_in(&served, &client, policy_roles[r].name);
        }
        http_done(&client);
    }
    print_message("%u cells of roles and routes\n", cell_count);
    assert_int_equal(cell_count, policy_role_count * route_count);
}

static void nobody_signed_in_gets_only_what_is_open(void **state)
{
    (void)state;
    HttpClient client;
    http_init(&client, served.port);
    for (size_t i = 0; i < route_count; i++) {
        const unsigned status = ask_route(&client, &routes[i], NO_SUCH_ID);
        check_cell("nobody", &routes[i], status, routes[i].permission < 0);
        if (routes[i].permission >= 0) assert_int_equal(status, 401);
    }
    http_done(&client);
}

/* ------------------------------------------------------------------- the password once more */

static bool wants_password_first(HttpClient *client)
{
    return client->reply.status == 403 &&
           strstr(http_body(client), "\"password_confirm_required\"") != NULL;
}

static bool is_listed(const Route *route, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(route->pattern, list[i]) == 0 && route->method != METHOD_GET) return true;
    return false;
}

static void what_is_touchy_takes_a_password_given_just_now_and_nothing_else_does(void **state)
{
    (void)state;
    static const char *const touchy[] = {
        "/api/v1/persons/{id}/reveal",
        "/api/v1/accounts",
        "/api/v1/accounts/{id}/disable",
        "/api/v1/accounts/{id}/roles",
    };
    const GrantWish grants[] = {{.role = ROLE_SYSTEM_ADMIN},
                                {.role = ROLE_SECURITY_ADMIN},
                                {.role = ROLE_AUDITOR},
                                {.role = ROLE_STAFF}};
    const size_t touchy_count = sizeof touchy / sizeof touchy[0];
    size_t count = 0;
    HttpClient client;
    served_account(&served, "everything", grants, 4);
    for (size_t i = 0; i < route_count; i++) {
        const bool is_touchy = is_listed(&routes[i], touchy, touchy_count);
        served_sign_in(&served, &client, "everything");
        served_age_password(&served, &client, SESSION_CONFIRMED_MS - MINUTE_MS);
        (void)ask_route(&client, &routes[i], NO_SUCH_ID); /* with a client: it may sign out */
        assert_false(wants_password_first(&client));
        http_done(&client);
        served_sign_in(&served, &client, "everything");
        served_age_password(&served, &client, SESSION_CONFIRMED_MS + 1);
        const unsigned status = ask_route(&client, &routes[i], NO_SUCH_ID);
        if (wants_password_first(&client) != is_touchy) {
            print_error("%s %s: %u\n", method_name(routes[i].method), routes[i].pattern, status);
            fail();
        }
        count += is_touchy ? 1 : 0;
        assert_int_equal(route_wants_password(&routes[i]), is_touchy);
        http_done(&client);
    }
    assert_int_equal(count, touchy_count);
}

/* -------------------------------------------------------------------------- out of the scope */

static const char *const thing_paths[] = {
    "/api/v1/projects/{id}", "/api/v1/projects/{id}/members",
    "/api/v1/groups/{id}",   "/api/v1/groups/{id}/members",
    "/api/v1/persons/{id}",  "/api/v1/why/coverage?project={id}",
};

static Id thing_for(const Branch *branch, size_t path)
{
    if (path == 2 || path == 3) return branch->party;
    return path == 4 ? branch->persons[0] : branch->project;
}

static void what_is_out_of_scope_answers_like_what_does_not_exist(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_STAFF, .scope = inside.unit};
    HttpClient client;
    served_account(&served, "inside", &grant, 1);
    served_sign_in(&served, &client, "inside");
    for (size_t i = 0; i < sizeof thing_paths / sizeof thing_paths[0]; i++) {
        char path[200];
        char missing[400];
        with_id(thing_paths[i], text_of(thing_for(&inside, i)), path, sizeof path);
        assert_int_equal(http_ask(&client, "GET", path, NULL), 200);
        with_id(thing_paths[i], NO_SUCH_ID, path, sizeof path);
        assert_int_equal(http_ask(&client, "GET", path, NULL), 404);
        snprintf(missing, sizeof missing, "%s", http_body(&client));
        with_id(thing_paths[i], text_of(thing_for(&outside, i)), path, sizeof path);
        assert_int_equal(http_ask(&client, "GET", path, NULL), 404);
        assert_string_equal(http_body(&client), missing);
    }
    http_done(&client);
}

static unsigned reveal(HttpClient *client, Id person)
{
    char path[200];
    snprintf(path, sizeof path, "/api/v1/persons/%s/reveal", text_of(person));
    return http_ask(client, "POST", path, "{\"field\":\"phone\",\"purpose\":\"事故联系\"}");
}

static unsigned count_in_audit(const char *words)
{
    HttpClient client;
    const GrantWish grant = {.role = ROLE_AUDITOR};
    static bool is_made;
    if (!is_made) served_account(&served, "the auditor", &grant, 1);
    is_made = true;
    served_sign_in(&served, &client, "the auditor");
    unsigned count = 0;
    for (int page = 1; page < 20; page++) {
        char path[100];
        snprintf(path, sizeof path, "/api/v1/audit?size=200&page=%d", page);
        assert_int_equal(http_ask(&client, "GET", path, NULL), 200);
        for (const char *at = strstr(http_body(&client), words); at != NULL;
             at = strstr(at + 1, words))
            count++;
        if (strstr(http_body(&client), "\"items\":[]") != NULL) break;
    }
    http_done(&client);
    return count;
}

static void each_look_at_a_number_is_on_record_and_only_within_reach(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_STAFF, .scope = inside.unit};
    HttpClient client;
    served_account(&served, "revealer", &grant, 1);
    served_sign_in(&served, &client, "revealer");
    const unsigned before = count_in_audit("\"event\":\"reveal\"");
    for (int i = 0; i < PERSON_COUNT; i++) {
        assert_int_equal(reveal(&client, inside.persons[i]), 200);
        assert_non_null(strstr(http_body(&client), "{\"value\":\"138"));
        assert_int_equal(reveal(&client, outside.persons[i]), 404);
    }
    assert_int_equal(count_in_audit("\"event\":\"reveal\""), before + PERSON_COUNT);
    assert_true(count_in_audit("事故联系") >= PERSON_COUNT);
    assert_int_equal(count_in_audit("1380000"), 0); /* never the number itself */
    http_done(&client);
}

static void a_command_out_of_scope_is_refused_like_one_about_nothing(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_LEADER, .scope = inside.project};
    HttpClient client;
    char body[400];
    char first[600];
    served_account(&served, "leader here", &grant, 1);
    served_sign_in(&served, &client, "leader here");
    static const char add[] =
        "{\"commands\":[{\"op\":\"01930000-0000-7000-8000-0000000beef1\",\"do\":\"phase.add\","
        "\"fields\":{\"project\":\"%s\",\"phase\":\"TWR\",\"from\":\"2026-02-01\"}}]}";
    snprintf(body, sizeof body, add, NO_SUCH_ID);
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    snprintf(first, sizeof first, "%s", http_body(&client));
    assert_non_null(strstr(first, "\"status\":\"refused\""));
    snprintf(body, sizeof body, add, text_of(outside.project));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    assert_string_equal(http_body(&client), first);
    snprintf(body, sizeof body, add, text_of(inside.project));
    assert_int_equal(http_ask(&client, "POST", "/api/v1/commands", body), 200);
    assert_non_null(strstr(http_body(&client), "\"status\":\"done\""));
    http_done(&client);
}

/* -------------------------------------------------------------------------------- two worlds */

#define ASK_COUNT 24

/* The questions of one round, the same before and after. */
static void write_question(size_t number, Id thing, char *out, size_t size)
{
    static const char *const lists[] = {
        "/api/v1/coverage?on=2026-03-01",
        "/api/v1/coverage?attention=1",
        "/api/v1/projects",
        "/api/v1/projects?q=%E4%B8%80%E6%9C%9F",
        "/api/v1/groups?kind=party",
        "/api/v1/groups?size=1&page=2",
        "/api/v1/persons?q=%E4%BA%BA1",
        "/api/v1/persons?size=2",
        "/api/v1/units",
        "/api/v1/gaps?on=2026-03-01",
        "/api/v1/projects?page=2&size=1",
        "/api/v1/session",
    };
    const size_t list_count = sizeof lists / sizeof lists[0];
    if (number < list_count)
        snprintf(out, size, "%s", lists[number]);
    else
        with_id(thing_paths[number % 6], text_of(thing), out, size);
}

/* What a client sees of an answer: all of it but the date, the version and what is made from it. */
static Digest seen(HttpClient *client)
{
    Hash hash;
    hash_init(&hash);
    for (const char *line = client->reply.head; *line != '\0';) {
        const size_t size = strcspn(line, "\n") + 1;
        if (strncmp(line, "Date:", 5) != 0 && strncmp(line, "ETag:", 5) != 0 &&
            strncmp(line, "Content-Length:", 15) != 0)
            hash_add(&hash, (Bytes){(const uint8_t *)line, size});
        line += size;
    }
    const char *body = http_body(client);
    const char *version = strstr(body, "\"version\":");
    const size_t before = version != NULL ? (size_t)(version - body) : strlen(body);
    hash_add(&hash, (Bytes){(const uint8_t *)body, before});
    if (version != NULL) {
        const char *after = version + 10 + strspn(version + 10, "0123456789");
        hash_add(&hash, (Bytes){(const uint8_t *)after, strlen(after)});
    }
    return hash_result(&hash);
}

/* Something happens outside, of which inside nothing may be noticed. */
static void change_outside(Prng *prng)
{
    const Id someone = outside.persons[prng_below(prng, PERSON_COUNT)];
    switch (prng_below(prng, 6)) {
    case 0: outside.persons[0] = add_person(&outside, (int)prng_below(prng, 100)); break;
    case 1:
        (void)command("\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"name\":\"改%u\"}",
                      text_of(someone), op_count);
        break;
    case 2:
        (void)command("\"do\":\"project.add\",\"fields\":{\"name\":\"一期外%u\",\"unit\":\"%s\","
                      "\"stage\":\"active\",\"from\":\"2026-01-01\",\"lat\":38.9,\"lon\":117.5}",
                      op_count, text_of(outside.unit));
        break;
    case 3: (void)add_group(&outside, "party"); break;
    case 4:
        (void)command("\"do\":\"office.add\",\"fields\":{\"group\":\"%s\",\"person\":\"%s\","
                      "\"post\":\"leader\",\"from\":\"2026-01-01\"}",
                      text_of(outside.party), text_of(someone));
        break;
    default:
        (void)command("\"do\":\"unit.add\",\"fields\":{\"name\":\"班%u\",\"parent\":\"%s\","
                      "\"level\":\"team\"}",
                      op_count, text_of(outside.unit));
        break;
    }
}

static void ask_all(HttpClient *client, Digest out[ASK_COUNT])
{
    for (size_t i = 0; i < ASK_COUNT; i++) {
        char path[300];
        const Branch *branch = i < 18 ? &inside : &outside;
        write_question(i, thing_for(branch, i % 6), path, sizeof path);
        (void)http_ask(client, "GET", path, NULL);
        assert_true(client->reply.status == 200 || client->reply.status == 404);
        out[i] = seen(client);
    }
}

static void two_worlds_that_differ_outside_look_the_same_from_inside(void **state)
{
    (void)state;
    const GrantWish grant = {.role = ROLE_STAFF, .scope = inside.unit};
    const char *seed = getenv("SEED");
    Prng prng = {.state = seed != NULL ? strtoull(seed, NULL, 0) : 1};
    HttpClient client;
    unsigned pair_count = 0;
    served_account(&served, "two worlds", &grant, 1);
    served_sign_in(&served, &client, "two worlds");
    Digest before[ASK_COUNT];
    Digest after[ASK_COUNT];
    ask_all(&client, before);
    for (int round = 0; round < 20; round++) {
        change_outside(&prng);
        ask_all(&client, after);
        for (size_t i = 0; i < ASK_COUNT; i++, pair_count++) {
            if (digest_equal(&before[i], &after[i])) continue;
            char path[300];
            write_question(i, thing_for(i < 18 ? &inside : &outside, i % 6), path, sizeof path);
            print_error("round %d: %s tells of what lies outside\n", round, path);
            fail();
        }
        memcpy(before, after, sizeof before);
    }
    print_message("%u pairs of answers were the same\n", pair_count);
    http_done(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_gets_what_its_permissions_say_and_no_more),
        cmocka_unit_test(nobody_signed_in_gets_only_what_is_open),
        cmocka_unit_test(what_is_touchy_takes_a_password_given_just_now_and_nothing_else_does),
        cmocka_unit_test(what_is_out_of_scope_answers_like_what_does_not_exist),
        cmocka_unit_test(each_look_at_a_number_is_on_record_and_only_within_reach),
        cmocka_unit_test(a_command_out_of_scope_is_refused_like_one_about_nothing),
        cmocka_unit_test(two_worlds_that_differ_outside_look_the_same_from_inside),
    };
    return cmocka_run_group_tests_name("access", tests, start, stop);
}
