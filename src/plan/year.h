#pragma once
/*
 * year — the lines of programmes by month, and by what they are about: the frame of a year.
 *
 * A branch arranges its year under four focuses (思想, 规矩, 能力, 进步) and four grips (抓基础,
 * 抓规范, 抓队伍, 抓品牌). Counting lines by month shows which of them is thin. Work is counted, never
 * people.
 *
 *   Owns     nothing: a Year is a value.
 *   Threads  any.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/day.h"

#define YEAR_MONTHS 12
#define YEAR_WORDS  5 /* the four focuses or grips by their numbers; 0 is a line that says none */

typedef struct YearCell {
    int planned; /* lines that fall into the month, done ones included */
    int done;
} YearCell;

typedef struct YearTable {
    YearCell cells[YEAR_MONTHS][YEAR_WORDS];
} YearTable;

typedef struct Year {
    DayRange days; /* within one calendar year */
    YearTable focus;
    YearTable grip;
    int waiting; /* lines without a day */
} Year;

void year_init(Year *year, DayRange days);

/* A line on its day; DAY_OPEN: it waits. What falls outside the days is not counted. */
void year_add(Year *year, Day day, int focus, int grip, bool is_done);

/* The sum of one focus or grip over the months. */
YearCell year_sum(const YearTable *table, int word);

/* Whether it has fewest lines of the four, and another has more. */
bool year_is_thin(const YearTable *table, int word);
