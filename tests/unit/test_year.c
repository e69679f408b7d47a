/* What we promise about the frame of a year: each line is counted once, in its month, under its
 * focus and its grip, and the thinnest is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/year.h"
#include "support/prop.h"

enum { NEW_YEAR = 20454 }; /* 2026-01-01 */

static void a_line_counts_in_its_month(void **state)
{
    (void)state;
    Year year;
    year_init(&year, (DayRange){NEW_YEAR, NEW_YEAR + 364});
    year_add(&year, NEW_YEAR, 1, 2, true);
    year_add(&year, NEW_YEAR + 30, 1, 0, false);  /* 31 January */
    year_add(&year, NEW_YEAR + 31, 1, 2, false);  /* 1 February */
    year_add(&year, NEW_YEAR + 364, 4, 4, false); /* 31 December */
    year_add(&year, NEW_YEAR - 1, 1, 1, true);    /* the year before */
    year_add(&year, NEW_YEAR + 365, 1, 1, true);  /* the year after */
    year_add(&year, DAY_OPEN, 1, 1, false);       /* waits */
    assert_int_equal(year.focus.cells[0][1].planned, 2);
    assert_int_equal(year.focus.cells[0][1].done, 1);
    assert_int_equal(year.focus.cells[1][1].planned, 1);
    assert_int_equal(year.focus.cells[11][4].planned, 1);
    assert_int_equal(year.grip.cells[0][0].planned, 1); /* says no grip */
    assert_int_equal(year_sum(&year.focus, 1).planned, 3);
    assert_int_equal(year_sum(&year.grip, 2).planned, 2);
    assert_int_equal(year.waiting, 1);
}

static void the_thinnest_is_told(void **state)
{
    (void)state;
    Year year;
    year_init(&year, (DayRange){NEW_YEAR, NEW_YEAR + 364});
    for (int word = 1; word < YEAR_WORDS; word++)
        assert_false(year_is_thin(&year.focus, word)); /* all alike: none is thin */
    year_add(&year, NEW_YEAR, 1, 0, false);
    year_add(&year, NEW_YEAR, 2, 0, false);
    year_add(&year, NEW_YEAR, 2, 0, false);
    year_add(&year, NEW_YEAR, 3, 0, false);
    assert_true(year_is_thin(&year.focus, 4)); /* none at all */
    assert_false(year_is_thin(&year.focus, 1));
    year_add(&year, NEW_YEAR, 4, 0, false);
    assert_true(year_is_thin(&year.focus, 1)); /* several share the least */
    assert_true(year_is_thin(&year.focus, 4));
    assert_false(year_is_thin(&year.focus, 2));
}

/* Sums of focuses and of grips are the same number of lines. */
static void nothing_is_lost(Prng *prng)
{
    Year year;
    int planned[2] = {0};
    int done[2] = {0};
    int added = 0;
    year_init(&year, (DayRange){NEW_YEAR, NEW_YEAR + 364});
    for (int i = 0; i < 200; i++, added++)
        year_add(&year, NEW_YEAR + (Day)prng_below(prng, 365), (int)prng_below(prng, YEAR_WORDS),
                 (int)prng_below(prng, YEAR_WORDS), prng_below(prng, 2) == 0);
    for (int word = 0; word < YEAR_WORDS; word++) {
        planned[0] += year_sum(&year.focus, word).planned;
        planned[1] += year_sum(&year.grip, word).planned;
        done[0] += year_sum(&year.focus, word).done;
        done[1] += year_sum(&year.grip, word).done;
    }
    assert_int_equal(planned[0], added);
    assert_int_equal(planned[1], added);
    assert_int_equal(done[0], done[1]);
}

static void property_years(void **state)
{
    (void)state;
    prop_run("nothing is lost", 50, nothing_is_lost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_counts_in_its_month),
        cmocka_unit_test(the_thinnest_is_told),
        cmocka_unit_test(property_years),
    };
    return cmocka_run_group_tests_name("year", tests, NULL, NULL);
}
