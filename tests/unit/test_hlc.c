/* What we promise about stamps: they rise, they respect cause and effect, nobody is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/hlc.h"
#include "support/prop.h"

#define MINUTE UINT64_C(60000)

static void a_stamp_shows_its_time(void **state)
{
    (void)state;
    HlcClock clock = {0};
    assert_int_equal(hlc_ms(hlc_tick(&clock, 1795305600000)), 1795305600000);
    assert_int_equal(hlc_stamp(7, 0xFFF), 0x7FFF);
    assert_true(hlc_stamp(HLC_MS_MAX, 0xFFF) == HLC_STAMP_MAX);
}

static void a_full_counter_carries_into_the_milliseconds(void **state)
{
    (void)state;
    HlcClock clock = {.last = hlc_stamp(7, 0xFFF)};
    assert_int_equal(hlc_tick(&clock, 7), hlc_stamp(8, 0));
    assert_int_equal(hlc_tick(&clock, 7), hlc_stamp(8, 1));
}

static void a_clock_that_jumps_back_still_rises(void **state)
{
    (void)state;
    HlcClock clock = {0};
    const uint64_t before = hlc_tick(&clock, 50 * MINUTE);
    assert_int_equal(hlc_tick(&clock, 1), before + 1);
    assert_int_equal(hlc_ms(hlc_tick(&clock, 51 * MINUTE)), 51 * MINUTE);
}

static void a_clock_that_shows_nonsense_counts_as_standing_still(void **state)
{
    (void)state;
    HlcClock clock = {.last = hlc_stamp(1000, 5)};
    assert_int_equal(hlc_tick(&clock, UINT64_MAX), hlc_stamp(1000, 6));
    assert_int_equal(hlc_tick(&clock, HLC_MS_MAX + 1), hlc_stamp(1000, 7));
}

static void what_was_heard_comes_before_what_is_said(void **state)
{
    (void)state;
    HlcClock clock = {0};
    const uint64_t heard = hlc_stamp(5 * MINUTE, 9);
    assert_false(hlc_observe(&clock, MINUTE, heard));
    assert_int_equal(hlc_tick(&clock, MINUTE), heard + 1);
    assert_false(hlc_observe(&clock, MINUTE, hlc_stamp(2, 0))); /* the past changes nothing */
    assert_int_equal(hlc_tick(&clock, MINUTE), heard + 2);
}

static void a_foreign_clock_pulls_by_ten_minutes_and_no_more(void **state)
{
    (void)state;
    HlcClock clock = {0};
    assert_false(hlc_observe(&clock, MINUTE, hlc_stamp(11 * MINUTE, 0)));
    assert_int_equal(clock.last, hlc_stamp(11 * MINUTE, 0));
    assert_true(hlc_observe(&clock, MINUTE, hlc_stamp(11 * MINUTE, 1)));
    assert_true(hlc_observe(&clock, MINUTE, HLC_STAMP_MAX));
    assert_true(hlc_observe(&clock, MINUTE, HLC_STAMP_MAX)); /* not by ten minutes again */
    assert_int_equal(clock.last, hlc_stamp(11 * MINUTE, 0));
}

static void a_box_without_a_clock_is_pulled_from_where_it_is(void **state)
{
    (void)state;
    HlcClock clock = {.last = hlc_stamp(1795305600000, 0)}; /* from its journal; the wall says 0 */
    assert_true(hlc_observe(&clock, 0, hlc_stamp(1795305700000, 0)));
    assert_int_equal(hlc_tick(&clock, 0), hlc_stamp(1795305600000, 1));
}

/* Two nodes with wandering clocks exchange stamps in a random order. */
static void stamps_respect_cause_and_effect(Prng *prng)
{
    HlcClock nodes[2] = {{0}, {0}};
    uint64_t given[2] = {0, 0};
    uint64_t now_ms[2] = {prng_below(prng, MINUTE), prng_below(prng, MINUTE)};
    for (int step = 0; step < 200; step++) {
        const size_t here = (size_t)prng_below(prng, 2);
        now_ms[here] = prng_below(prng, 8) == 0 ? prng_below(prng, 40 * MINUTE)
                                                : now_ms[here] + prng_below(prng, 3);
        const uint64_t heard = given[1 - here];
        const uint64_t before = nodes[here].last;
        const bool is_clamped = hlc_observe(&nodes[here], now_ms[here], heard);
        assert_int_equal(is_clamped, heard > hlc_stamp(now_ms[here] + HLC_PULL_MAX_MS, 0));
        assert_true(nodes[here].last >= before);
        const uint64_t furthest = hlc_stamp(now_ms[here] + HLC_PULL_MAX_MS, 0);
        assert_true(nodes[here].last <= (before > furthest ? before : furthest));

        const uint64_t stamp = hlc_tick(&nodes[here], now_ms[here]);
        assert_true(stamp > given[here]);
        if (!is_clamped) assert_true(stamp > heard);
        given[here] = stamp;
    }
}

static void property_cause_and_effect(void **state)
{
    (void)state;
    prop_run("hlc", 500, stamps_respect_cause_and_effect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stamp_shows_its_time),
        cmocka_unit_test(a_full_counter_carries_into_the_milliseconds),
        cmocka_unit_test(a_clock_that_jumps_back_still_rises),
        cmocka_unit_test(a_clock_that_shows_nonsense_counts_as_standing_still),
        cmocka_unit_test(what_was_heard_comes_before_what_is_said),
        cmocka_unit_test(a_foreign_clock_pulls_by_ten_minutes_and_no_more),
        cmocka_unit_test(a_box_without_a_clock_is_pulled_from_where_it_is),
        cmocka_unit_test(property_cause_and_effect),
    };
    return cmocka_run_group_tests_name("hlc", tests, NULL, NULL);
}
