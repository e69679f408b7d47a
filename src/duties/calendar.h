#pragma once
/*
 * calendar — which days are worked: Monday to Friday, but for days off and make-up workdays.
 *
 * The State Council's notice of a year names both. A year without one has weekends only.
 *
 *   Owns     nothing.
 *   Threads  any: values.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/day.h"

typedef struct CalendarDay {
    Day day;
    bool is_off; /* otherwise a make-up workday */
} CalendarDay;

typedef struct Calendar {
    const CalendarDay *days; /* ascending; of several entries of a day the last one counts */
    size_t count;
} Calendar;

bool calendar_is_workday(const Calendar *calendar, Day day);
