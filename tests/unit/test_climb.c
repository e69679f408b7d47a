/* What we promise about climbing: what is not answered in time is held by the level above from the
 * day the rule says, not a day before, and by no level that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "loop/climb.h"
#include "support/prop.h"
#include "support/stores.h"

/* Due on day 100; the unit in charge has it from 101 on, those above after 7 days each. */
static const ClimbRule weekly = {.first_days = 1, .each_days = 7, .levels_max = 3};

typedef struct Case {
    Day answered;
    Day today;
    size_t levels; /* that there are */
    size_t level;
    Day since;
    Day next;
} Case;

static const Case cases[] = {
    {DAY_OPEN, 99, 5, 0, DAY_OPEN, 101},
    {DAY_OPEN, 100, 5, 0, DAY_OPEN, 101}, /* the due day itself is in time */
    {DAY_OPEN, 101, 5, 1, 101, 108},
    {DAY_OPEN, 107, 5, 1, 101, 108},
    {DAY_OPEN, 108, 5, 2, 108, 115},
    {DAY_OPEN, 115, 5, 3, 115, DAY_OPEN}, /* the rule goes no further */
    {DAY_OPEN, 900, 5, 3, 115, DAY_OPEN},
    {DAY_OPEN, 900, 2, 1, 101, DAY_OPEN}, /* nor does the chain */
    {DAY_OPEN, 900, 1, 0, DAY_OPEN, DAY_OPEN},
    {100, 900, 5, 0, DAY_OPEN, DAY_OPEN},
    {101, 900, 5, 1, 101, DAY_OPEN}, /* had climbed in the morning */
    {107, 900, 5, 1, 101, DAY_OPEN},
    {108, 108, 5, 2, 108, DAY_OPEN},
    {120, 107, 5, 1, 101, 108}, /* on day 107 nobody had answered */
};

static void each_level_holds_it_from_its_day_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Case *c = &cases[i];
        const Waiting waiting = {100, c->answered, c->levels};
        const ClimbState is = climb_on(&weekly, &waiting, c->today);
        if (is.level != c->level || is.since != c->since || is.next != c->next)
            fail_msg("case %zu: level %zu since %d, next %d", i, is.level, is.since, is.next);
        assert_int_equal(is.climb_count, is.level);
    }
}

static void without_a_rule_nothing_climbs(void **state)
{
    (void)state;
    const ClimbRule none = {0};
    const Waiting waiting = {100, DAY_OPEN, 5};
    const ClimbState is = climb_on(&none, &waiting, 900);
    assert_int_equal(is.level, 0);
    assert_int_equal(is.next, DAY_OPEN);
    const Waiting endless = {DAY_OPEN, DAY_OPEN, 5};
    assert_int_equal(climb_on(&weekly, &endless, 900).level, 0);
}

/* A day later it is never held lower, and what climbed stays in the list as it was. */
static void climbing(Prng *prng)
{
    const ClimbRule rule = {.first_days = 1 + (int)prng_below(prng, 5),
                            .each_days = 1 + (int)prng_below(prng, 9),
                            .levels_max = (int)prng_below(prng, CLIMB_LEVELS_MAX + 1)};
    Waiting waiting = {(Day)prng_below(prng, 40), DAY_OPEN, 1 + (size_t)prng_below(prng, 20)};
    if (prng_below(prng, 2) == 0) waiting.answered = (Day)prng_below(prng, 120);
    ClimbState before = climb_on(&rule, &waiting, 0);
    for (Day today = 1; today < 150; today++) {
        const ClimbState is = climb_on(&rule, &waiting, today);
        assert_true(is.level >= before.level);
        assert_true(is.level <= before.level + 1);
        assert_true(is.level < waiting.level_count);
        assert_int_equal(is.climb_count, is.level);
        if (is.level > before.level) assert_int_equal(is.since, today);
        if (before.next == today) assert_int_equal(is.level, before.level + 1);
        for (size_t i = 0; i < before.climb_count; i++)
            assert_int_equal(is.climbs[i].since, before.climbs[i].since);
        before = is;
    }
}

static void property_of_climbing(void **state)
{
    (void)state;
    prop_run("climbing", 500, climbing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_holds_it_from_its_day_on),
        cmocka_unit_test(without_a_rule_nothing_climbs),
        cmocka_unit_test(property_of_climbing),
    };
    return cmocka_run_group_tests_name("climb", tests, NULL, NULL);
}
