#include "plan/year.h"

#include <assert.h>

void year_init(Year *year, DayRange days)
{
    *year = (Year){.days = days};
}

static void count(YearCell *cell, bool is_done)
{
    cell->planned++;
    if (is_done) cell->done++;
}

void year_add(Year *year, Day day, int focus, int grip, bool is_done)
{
    int calendar_year = 0;
    int month = 0;
    int of_month = 0;
    assert(focus >= 0 && focus < YEAR_WORDS && grip >= 0 && grip < YEAR_WORDS);
    if (day == DAY_OPEN) {
        year->waiting++;
        return;
    }
    if (!range_has(year->days, day)) return;
    day_to_civil(day, &calendar_year, &month, &of_month);
    count(&year->focus.cells[month - 1][focus], is_done);
    count(&year->grip.cells[month - 1][grip], is_done);
}

YearCell year_sum(const YearTable *table, int word)
{
    YearCell sum = {0};
    assert(word >= 0 && word < YEAR_WORDS);
    for (int month = 0; month < YEAR_MONTHS; month++) {
        sum.planned += table->cells[month][word].planned;
        sum.done += table->cells[month][word].done;
    }
    return sum;
}

bool year_is_thin(const YearTable *table, int word)
{
    const int own = year_sum(table, word).planned;
    bool has_more = false;
    for (int other = 1; other < YEAR_WORDS; other++) {
        const int planned = year_sum(table, other).planned;
        if (planned < own) return false;
        if (planned > own) has_more = true;
    }
    return has_more;
}
