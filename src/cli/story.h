#pragma once
/*
 * story — when each part of the demo's story is told: in the order of its days, each on its own
 * day, so that what was held in time was written down in time.
 *
 * An item with "at" is told on that day, and so is what stands behind it until another one says so.
 * An item with "hold" is told again and again, on the evening of each of its days: every workday,
 * or with "weekday" 0 to 6 (Monday is 0) each of those, or with "nth" only that one of each month;
 * from "from" until the day before "until", but not on the days of "but".
 *
 *   day        today, or the day on which it is held
 *   day-160    so many days from today       first-8, last-8  of the month of such a day
 *   week-16    the Monday of its week
 *
 *   Owns     nothing: tellings lie in the arena given, items in the document.
 *   Threads  one.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "base/arena.h"
#include "base/day.h"
#include "base/doc.h"

typedef struct Telling {
    Day day;
    const DocValue *item;
    size_t order;
    bool is_repeated; /* of an item with "hold": "day" in it is this day */
} Telling;

typedef struct Tellings {
    Telling *items;
    size_t count;
} Tellings;

/* "day-160" and the like; false for any other word. */
bool story_day(Text word, Day today, Day *out_day);

MUST_USE ErrCode story_schedule(const DocValue *items, Day today, Arena *arena, Tellings *out,
                                Err *err);
