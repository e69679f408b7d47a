/* What we promise about days: the calendar of 1900 to 2199, day by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "support/prop.h"

static int naive_month_size(int year, int month)
{
    if (month == 2) {
        if (year % 400 == 0) return 29;
        if (year % 100 == 0) return 28;
        return year % 4 == 0 ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static Day from_civil(int year, int month, int day)
{
    Err err;
    Day out = 0;
    if (day_from_civil(year, month, day, &out, &err) != OK)
        fail_msg("%d-%d-%d: %s", year, month, day, err.message);
    return out;
}

/* Counts one day after the other by hand, from the first to the last. */
static void every_day_of_three_centuries_is_where_the_calendar_puts_it(void **state)
{
    (void)state;
    Day expected = DAY_FIRST;
    unsigned count = 0;
    for (int year = 1900; year <= 2199; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= naive_month_size(year, month); day++) {
                const Day found = from_civil(year, month, day);
                if (found != expected) fail_msg("%d-%d-%d is day %d", year, month, day, found);
                int back[3];
                day_to_civil(found, &back[0], &back[1], &back[2]);
                if (back[0] != year || back[1] != month || back[2] != day)
                    fail_msg("day %d is not %d-%d-%d", found, year, month, day);
                char written[DAY_TEXT_MAX];
                char by_hand[32];
                snprintf(by_hand, sizeof by_hand, "%d-%02d-%02d", year, month, day);
                assert_string_equal(day_write(found, written), by_hand);
                Err err;
                Day parsed = 0;
                assert_int_equal(day_parse(text_from_z(written), &parsed, &err), OK);
                assert_int_equal(parsed, found);
                expected++;
                count++;
            }
    assert_int_equal(expected - 1, DAY_LAST);
    assert_int_equal(count, 109573);
}

static void the_first_of_1970_is_day_zero(void **state)
{
    (void)state;
    assert_int_equal(from_civil(1970, 1, 1), 0);
    assert_int_equal(from_civil(1900, 1, 1), DAY_FIRST);
    assert_int_equal(from_civil(2199, 12, 31), DAY_LAST);
}

static void days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const int bad[][3] = {{2026, 2, 29}, {1900, 2, 29},  {2100, 2, 29}, {2024, 2, 30},
                                 {2026, 4, 31}, {2026, 0, 1},   {2026, 13, 1}, {2026, 1, 0},
                                 {2026, 1, 32}, {1899, 12, 31}, {2200, 1, 1},  {2026, -1, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Err err;
        Day day = 77;
        assert_int_equal(day_from_civil(bad[i][0], bad[i][1], bad[i][2], &day, &err), ERR_INVALID);
        assert_int_equal(day, 77);
    }
    Err err;
    Day day = 0;
    assert_int_equal(day_from_civil(2026, 2, 30, &day, &err), ERR_INVALID);
    assert_string_equal(err.message, "2026-02 has no day 30");
}

static void only_iso_dates_are_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2026-1-1",   "2026-01-1",   "26-01-01",
        "2026/01/01", "20260101",   "2026-01-01 ", " 2026-01-01",
        "2026-01-0a", "2026-01--1", "+026-01-01",  "2026年1月1日",
        "202６-01-0", "2026-02-30", "0000-00-00",  "2026-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Err err;
        Day day = 77;
        assert_int_equal(day_parse(text_from_z(bad[i]), &day, &err), ERR_INVALID);
        assert_int_equal(day, 77);
    }
}

static void no_end_is_written_as_nothing(void **state)
{
    (void)state;
    char out[DAY_TEXT_MAX] = "x";
    assert_string_equal(day_write(DAY_OPEN, out), "");
}

static void adding_months_keeps_the_date_or_takes_the_last_of_the_month(void **state)
{
    (void)state;
    assert_int_equal(day_add_months(from_civil(2026, 1, 31), 1), from_civil(2026, 2, 28));
    assert_int_equal(day_add_months(from_civil(2024, 1, 31), 1), from_civil(2024, 2, 29));
    assert_int_equal(day_add_months(from_civil(2026, 11, 30), 3), from_civil(2027, 2, 28));
    assert_int_equal(day_add_months(from_civil(2026, 3, 15), -3), from_civil(2025, 12, 15));
    assert_int_equal(day_add_months(from_civil(2026, 3, 31), -1), from_civil(2026, 2, 28));
    assert_int_equal(day_add_months(from_civil(2026, 6, 1), 6), from_civil(2026, 12, 1));
    assert_int_equal(day_add_months(from_civil(2026, 12, 31), 0), from_civil(2026, 12, 31));
}

static void adding_months_agrees_with_counting(Prng *prng)
{
    for (int i = 0; i < 1000; i++) {
        const Day day = (Day)(from_civil(1910, 1, 1) + (Day)prng_below(prng, 100000));
        const int months = (int)prng_below(prng, 200) - 100;
        int year;
        int month;
        int date;
        day_to_civil(day, &year, &month, &date);
        for (int step = 0; step < months; step++)
            if (++month == 13) month = 1, year++;
        for (int step = 0; step > months; step--)
            if (--month == 0) month = 12, year--;
        if (date > naive_month_size(year, month)) date = naive_month_size(year, month);
        assert_int_equal(day_add_months(day, months), from_civil(year, month, date));
    }
}

static void a_day_begins_at_local_midnight(void **state)
{
    (void)state;
    const uint64_t midnight_ms = (uint64_t)from_civil(2026, 11, 22) * 86400000U;
    assert_int_equal(day_of_ms(midnight_ms, 0), from_civil(2026, 11, 22));
    assert_int_equal(day_of_ms(midnight_ms - 1, 0), from_civil(2026, 11, 21));
    const uint64_t in_china = midnight_ms - UINT64_C(8) * 3600000;
    assert_int_equal(day_of_ms(in_china, 480), from_civil(2026, 11, 22));
    assert_int_equal(day_of_ms(in_china - 1, 480), from_civil(2026, 11, 21));
    assert_int_equal(day_of_ms(0, -60), -1);
    assert_int_equal(day_of_ms(0, 0), 0);
}

static void ranges_include_both_ends(void **state)
{
    (void)state;
    const DayRange range = {10, 20};
    assert_false(range_has(range, 9));
    assert_true(range_has(range, 10));
    assert_true(range_has(range, 20));
    assert_false(range_has(range, 21));
    assert_true(range_has((DayRange){10, DAY_OPEN}, DAY_LAST));
}

static void ranges_meet_when_they_share_a_day(Prng *prng)
{
    const DayRange a = {(Day)prng_below(prng, 20), (Day)prng_below(prng, 20)};
    const DayRange b = {(Day)prng_below(prng, 20), (Day)prng_below(prng, 20)};
    bool shared = false;
    for (Day day = 0; day < 20; day++)
        shared = shared || (range_has(a, day) && range_has(b, day));
    if (a.first <= a.last && b.first <= b.last) assert_int_equal(ranges_meet(a, b), shared);
}

static void property_months(void **state)
{
    (void)state;
    prop_run("months", 30, adding_months_agrees_with_counting);
}

static void property_ranges(void **state)
{
    (void)state;
    prop_run("ranges", 2000, ranges_meet_when_they_share_a_day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_three_centuries_is_where_the_calendar_puts_it),
        cmocka_unit_test(the_first_of_1970_is_day_zero),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(only_iso_dates_are_read),
        cmocka_unit_test(no_end_is_written_as_nothing),
        cmocka_unit_test(adding_months_keeps_the_date_or_takes_the_last_of_the_month),
        cmocka_unit_test(property_months),
        cmocka_unit_test(a_day_begins_at_local_midnight),
        cmocka_unit_test(ranges_include_both_ends),
        cmocka_unit_test(property_ranges),
    };
    return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
