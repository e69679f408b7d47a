#include "duties/calendar.h"

#include <assert.h>

bool calendar_is_workday(const Calendar *calendar, Day day)
{
    assert(calendar != NULL);
    size_t low = 0;
    size_t high = calendar->count;
    while (low < high) { /* the first entry after the day */
        const size_t middle = low + (high - low) / 2;
        if (calendar->days[middle].day <= day)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0 && calendar->days[low - 1].day == day) return !calendar->days[low - 1].is_off;
    return day_weekday(day) < 5;
}
