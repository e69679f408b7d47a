/* What we promise about addresses: one reading of each, and nothing that is not in the list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/handlers.h"
#include "api/route.h"
#include "support/prop.h"

#define SOME_ID "01930000-0000-7000-8000-000000000001"

static Match match(Method method, const char *uri)
{
    return route_match(method, text_from_z(uri));
}

static void a_path_with_an_id_leads_to_its_route_and_yields_the_id(void **state)
{
    (void)state;
    const Match found = match(METHOD_GET, "/api/v1/projects/" SOME_ID "/members?on=2026-01-01");
    assert_int_equal(found.kind, MATCH_ROUTE);
    assert_string_equal(found.route->pattern, "/api/v1/projects/{id}/members");
    char text[ID_TEXT_MAX];
    assert_string_equal(id_write(found.id, text), SOME_ID);
    assert_true(text_is(found.query, "on=2026-01-01"));
}

static void what_is_no_id_is_no_path(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/api/v1/projects/7",
        "/api/v1/projects/",
        "/api/v1/projects//members",
        "/api/v1/projects/" SOME_ID "/",
        "/api/v1//projects",
        "/api/v1/projects/%30",
        "/api/v1",
        "/api/",
        "/api/v1/projects/" SOME_ID "/members/x",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(match(METHOD_GET, paths[i]).kind, MATCH_API);
}

static void another_method_is_answered_with_those_that_are_allowed(void **state)
{
    (void)state;
    const Match found = match(METHOD_PUT, "/api/v1/session");
    char text[ALLOW_TEXT_MAX];
    assert_int_equal(found.kind, MATCH_METHOD);
    assert_string_equal(route_allowed(found.allowed, text), "GET, HEAD, POST, DELETE");
}

static void everything_else_is_a_page_of_the_web_app(void **state)
{
    (void)state;
    assert_int_equal(match(METHOD_GET, "/").kind, MATCH_PAGE);
    assert_int_equal(match(METHOD_GET, "/projects/7?x").kind, MATCH_PAGE);
    assert_int_equal(match(METHOD_GET, "/apis").kind, MATCH_PAGE);
}

static void every_route_leads_to_itself_and_is_named_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        char uri[200];
        const char *hole = strstr(routes[i].pattern, "{id}");
        if (hole == NULL)
            snprintf(uri, sizeof uri, "%s", routes[i].pattern);
        else
            snprintf(uri, sizeof uri, "%.*s%s%s", (int)(hole - routes[i].pattern),
                     routes[i].pattern, SOME_ID, hole + 4);
        const Match found = match(routes[i].method, uri);
        assert_int_equal(found.kind, MATCH_ROUTE);
        assert_ptr_equal(found.route, &routes[i]);
    }
}

static ErrCode params_of(const char *uri, Arena *arena, Params *params, Err *err)
{
    const Match found = match(METHOD_GET, uri);
    assert_int_equal(found.kind, MATCH_ROUTE);
    return route_params(found.route, found.query, arena, params, err);
}

static void parameters_are_decoded_once(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 65536);
    Err err;
    Params params;
    assert_int_equal(params_of("/api/v1/projects?q=%E5%BC%A0+%2541&page=2", &arena, &params, &err),
                     OK);
    assert_true(text_is(params_find(&params, "q"), "张 %41"));
    assert_true(text_is(params_find(&params, "page"), "2"));
    assert_int_equal(params_find(&params, "unit").size, 0);
}

static void parameters_that_make_no_sense_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        const char *words;
    } cases[] = {
        {"/api/v1/projects?colour=red", "/api/v1/projects takes no parameter \"colour\""},
        {"/api/v1/projects?q=a&q=b", "the parameter \"q\" is there twice"},
        {"/api/v1/why/coverage", "/api/v1/why/coverage needs the parameter \"project\""},
        {"/api/v1/projects?q=%4", "the address holds half an escape"},
        {"/api/v1/projects?q=%ff", NULL},
        {"/api/v1/projects?q=%00", NULL},
        {"/api/v1/projects?%ff=1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, 65536);
        Err err;
        Params params;
        assert_int_equal(params_of(cases[i].uri, &arena, &params, &err), ERR_INVALID);
        if (cases[i].words != NULL) assert_string_equal(err.message, cases[i].words);
    }
}

/* Whatever comes over the wire, an address is read without a fault and never half. */
static void any_bytes_are_read_or_refused(Prng *prng)
{
    static const char alphabet[] = "/?&=%+.-{}0aFzq\xC3\xA9\xFF";
    char uri[120];
    const size_t start = (size_t)snprintf(uri, sizeof uri, "/api/v1/projects?q=");
    size_t size = prng_below(prng, 2) == 0 ? 0 : start;
    while (size + 1 < sizeof uri && prng_below(prng, 40) != 0)
        uri[size++] = alphabet[prng_below(prng, sizeof alphabet - 1)];
    const Match found = route_match(METHOD_GET, (Text){uri, size});
    if (found.kind != MATCH_ROUTE) return;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 65536);
    Err err;
    Params params;
    if (route_params(found.route, found.query, &arena, &params, &err) != OK) return;
    for (size_t i = 0; i < params.count; i++) {
        Text checked;
        assert_int_equal(text_from_bytes(bytes_of(params.values[i]), &checked, &err), OK);
    }
}

static void addresses_hold_against_any_bytes(void **state)
{
    (void)state;
    prop_run("addresses", 3000, any_bytes_are_read_or_refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_with_an_id_leads_to_its_route_and_yields_the_id),
        cmocka_unit_test(what_is_no_id_is_no_path),
        cmocka_unit_test(another_method_is_answered_with_those_that_are_allowed),
        cmocka_unit_test(everything_else_is_a_page_of_the_web_app),
        cmocka_unit_test(every_route_leads_to_itself_and_is_named_once),
        cmocka_unit_test(parameters_are_decoded_once),
        cmocka_unit_test(parameters_that_make_no_sense_are_refused_by_name),
        cmocka_unit_test(addresses_hold_against_any_bytes),
    };
    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
