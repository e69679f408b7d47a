#pragma once
/*
 * day — calendar days and ranges of them, as numbers.
 *
 * A Day counts days since 1970-01-01 in the proleptic Gregorian calendar. It has no hour and no
 * zone: a posting, a station or a rule begins and ends with a day. A range includes both ends.
 *
 *   Bounds   1900-01-01 .. 2199-12-31; DAY_OPEN stands for "no end yet" and is later than any.
 *   Errors   ERR_INVALID  not a day
 *   Source   civil <-> day count: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

typedef int32_t Day;

#define DAY_FIRST    ((Day)-25567) /* 1900-01-01 */
#define DAY_LAST     ((Day)84005)  /* 2199-12-31 */
#define DAY_OPEN     INT32_MAX
#define DAY_TEXT_MAX 11 /* "2026-11-22" and a NUL */

typedef struct DayRange {
    Day first;
    Day last; /* belongs to the range; DAY_OPEN when there is no end */
} DayRange;

/* Refuses days that do not exist, such as 30 February. */
MUST_USE ErrCode day_from_civil(int year, int month, int day, Day *out_day, Err *err);
void day_to_civil(Day day, int *out_year, int *out_month, int *out_day);

/* ISO 8601, exactly "2026-11-22". */
MUST_USE ErrCode day_parse(Text text, Day *out_day, Err *err);

/* Writes ISO 8601; the empty text for DAY_OPEN. Returns `out`. */
const char *day_write(Day day, char out[DAY_TEXT_MAX]);

/* 0 is Monday, 6 is Sunday. */
int day_weekday(Day day);

/* The same date some months later, the last of the month where it does not exist. */
Day day_add_months(Day day, int months);

/* Days since 1970 of a moment, in the zone that is `offset_minutes` east of Greenwich. */
Day day_of_ms(uint64_t unix_ms, int offset_minutes);

bool range_has(DayRange range, Day day);
bool ranges_meet(DayRange a, DayRange b);
