/* What we promise about tests of tools: a test holds through its last day and not a day longer,
 * what failed stays so until it passes, and what is never tested is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "duties/tool.h"
#include "support/prop.h"
#include "support/stores.h"

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_FROM(day, until, rest)                                         \
    "[rule tool-tests]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\n" \
    "valid_from = " day "\n" until "hardness = must\n" rest

static Day d(const char *text)
{
    Err err;
    Day day = 0;
    must(day_parse(text_from_z(text), &day, &err), &err);
    return day;
}

/* Without a pack a harness is tested every 12 months, gloves every 6, and 30 days before that the
 * test is due soon. */
static void a_test_holds_through_its_last_day(void **state)
{
    (void)state;
    static const struct {
        int kind;
        const char *tested; /* "": never */
        int result;
        const char *on;
        ToolState state;
        const char *due; /* "": none */
    } cases[] = {
        {TOOL_KIND_IS_HARNESS, "", 0, "2026-03-01", TOOL_UNTESTED, ""},
        {TOOL_KIND_IS_HARNESS, "2026-03-01", 1, "2026-03-01", TOOL_IN_ORDER, "2027-03-01"},
        {TOOL_KIND_IS_HARNESS, "2026-03-01", 1, "2027-01-29", TOOL_IN_ORDER, "2027-03-01"},
        {TOOL_KIND_IS_HARNESS, "2026-03-01", 1, "2027-01-30", TOOL_DUE_SOON, "2027-03-01"},
        {TOOL_KIND_IS_HARNESS, "2026-03-01", 1, "2027-03-01", TOOL_DUE_SOON, "2027-03-01"},
        {TOOL_KIND_IS_HARNESS, "2026-03-01", 1, "2027-03-02", TOOL_OVERDUE, "2027-03-01"},
        {TOOL_KIND_IS_GLOVES, "2026-03-01", 1, "2026-09-01", TOOL_DUE_SOON, "2026-09-01"},
        {TOOL_KIND_IS_GLOVES, "2026-03-01", 1, "2026-09-02", TOOL_OVERDUE, "2026-09-01"},
        {TOOL_KIND_IS_GLOVES, "2026-08-31", 1, "2027-03-01", TOOL_OVERDUE, "2027-02-28"},
        {TOOL_KIND_IS_GLOVES, "2026-03-01", 2, "2026-03-01", TOOL_FAILED, ""},
        {TOOL_KIND_IS_GLOVES, "2026-03-01", 2, "2030-03-01", TOOL_FAILED, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bool is_tested = cases[i].tested[0] != '\0';
        const ToolTest last = {is_tested ? d(cases[i].tested) : 0, cases[i].result};
        const ToolStanding is =
            tool_standing(pack_bare(), cases[i].kind, is_tested ? &last : NULL, d(cases[i].on));
        if (is.state != cases[i].state ||
            is.due != (cases[i].due[0] == '\0' ? DAY_OPEN : d(cases[i].due)))
            fail_msg("case %zu: %s", i, tool_state_name(is.state));
    }
}

/* A rule that wants tests more often makes them due from its first day on; with 0 months there are
 * none. */
static void how_often_is_the_rule_of_the_day(void **state)
{
    (void)state;
    Err err;
    const Pack *pack = NULL;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    const char *text =
        HEAD RULE_FROM("2020-01-01", "valid_to = 2026-06-30\n", "helmet = 0\nharness = 12\n")
            RULE_FROM("2026-07-01", "", "helmet = 24\nharness = 6\n");
    must(pack_parse(bytes_of(text_from_z(text)), &arena, &pack, &err), &err);
    const ToolTest last = {d("2025-12-31"), TEST_RESULT_IS_PASSED};
    assert_int_equal(tool_standing(pack, TOOL_KIND_IS_HARNESS, &last, d("2026-06-30")).state,
                     TOOL_IN_ORDER);
    assert_int_equal(tool_standing(pack, TOOL_KIND_IS_HARNESS, &last, d("2026-07-01")).state,
                     TOOL_OVERDUE);
    assert_int_equal(tool_standing(pack, TOOL_KIND_IS_HELMET, NULL, d("2026-06-30")).state,
                     TOOL_IN_ORDER);
    assert_int_equal(tool_standing(pack, TOOL_KIND_IS_HELMET, NULL, d("2026-07-01")).state,
                     TOOL_UNTESTED);
}

/* Whatever the kind and the days: in order or due soon until the due day, overdue after it; a later
 * test that was passed is due no earlier. */
static void any_test(Prng *prng)
{
    const int kind = 1 + (int)prng_below(prng, 18); /* one that no rule knows, too */
    const Day day = (Day)(18000 + prng_below(prng, 4000));
    const ToolTest first = {day, TEST_RESULT_IS_PASSED};
    const ToolTest later = {day + (Day)prng_below(prng, 400), TEST_RESULT_IS_PASSED};
    const Day on = later.day + (Day)prng_below(prng, 800);
    const ToolStanding is = tool_standing(pack_bare(), kind, &first, on);
    const ToolStanding then = tool_standing(pack_bare(), kind, &later, on);
    assert_true(is.due > day);
    assert_true(then.due >= is.due);
    assert_int_equal(is.state == TOOL_OVERDUE, on > is.due);
    assert_true(then.state >= is.state); /* a test makes nothing more urgent */
}

static void property_of_tests(void **state)
{
    (void)state;
    prop_run("tests of tools", 500, any_test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_holds_through_its_last_day),
        cmocka_unit_test(how_often_is_the_rule_of_the_day),
        cmocka_unit_test(property_of_tests),
    };
    return cmocka_run_group_tests_name("tool", tests, NULL, NULL);
}
