#include "base/day.h"

#include <assert.h>
#include <stdio.h>

static int month_size(int year, int month)
{
    static const int sizes[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : sizes[month - 1];
}

static Day count_days(int year, int month, int day)
{
    /* Years start in March, so the leap day is the last of its year. */
    const int shifted = month <= 2 ? year - 1 : year;
    const int era = shifted / 400;
    const int year_of_era = shifted - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

ErrCode day_from_civil(int year, int month, int day, Day *out_day, Err *err)
{
    assert(out_day != NULL);
    if (year < 1900 || year > 2199)
        return err_set(err, ERR_INVALID, "year %d is not between 1900 and 2199", year);
    if (month < 1 || month > 12) return err_set(err, ERR_INVALID, "there is no month %d", month);
    if (day < 1 || day > month_size(year, month))
        return err_set(err, ERR_INVALID, "%04d-%02d has no day %d", year, month, day);
    *out_day = count_days(year, month, day);
    return OK;
}

void day_to_civil(Day day, int *out_year, int *out_month, int *out_day)
{
    assert(day >= DAY_FIRST && day <= DAY_LAST);
    const int shifted = day + 719468;
    const int era = shifted / 146097;
    const int day_of_era = shifted - era * 146097;
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_from_march = (5 * day_of_year + 2) / 153;
    *out_day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *out_month = month_from_march + (month_from_march < 10 ? 3 : -9);
    *out_year = year_of_era + era * 400 + (*out_month <= 2 ? 1 : 0);
}

static int digits(const char *at, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return -1;
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

ErrCode day_parse(Text text, Day *out_day, Err *err)
{
    if (text.size != 10 || text.at[4] != '-' || text.at[7] != '-')
        return err_set(err, ERR_INVALID, "\"%.*s\" is not a date such as 2026-11-22",
                       text.size > 40 ? 40 : (int)text.size, text.at);
    return day_from_civil(digits(text.at, 4), digits(text.at + 5, 2), digits(text.at + 8, 2),
                          out_day, err);
}

const char *day_write(Day day, char out[DAY_TEXT_MAX])
{
    if (day == DAY_OPEN) {
        out[0] = '\0';
        return out;
    }
    int year;
    int month;
    int date;
    day_to_civil(day, &year, &month, &date);
    assert(year >= 1900 && year <= 2199);
    snprintf(out, DAY_TEXT_MAX, "%04u-%02u-%02u", (unsigned)year % 10000U, (unsigned)month % 100U,
             (unsigned)date % 100U);
    return out;
}

int day_weekday(Day day)
{
    const int since_monday = (int)((day + 3) % 7); /* 1970-01-01 was a Thursday */
    return since_monday < 0 ? since_monday + 7 : since_monday;
}

Day day_add_months(Day day, int months)
{
    int year;
    int month;
    int date;
    day_to_civil(day, &year, &month, &date);
    const int count = year * 12 + month - 1 + months;
    const int last = month_size(count / 12, count % 12 + 1);
    return count_days(count / 12, count % 12 + 1, date < last ? date : last);
}

Day day_of_ms(uint64_t unix_ms, int offset_minutes)
{
    const int64_t local_ms = (int64_t)unix_ms + offset_minutes * INT64_C(60000);
    const int64_t day_ms = INT64_C(86400000);
    const int64_t day = local_ms >= 0 ? local_ms / day_ms : -((day_ms - 1 - local_ms) / day_ms);
    return (Day)day;
}

bool range_has(DayRange range, Day day)
{
    return range.first <= day && day <= range.last;
}

bool ranges_meet(DayRange a, DayRange b)
{
    return a.first <= b.last && b.first <= a.last;
}
