#pragma once
/*
 * year — the year's frame as JSON: month by focus and by grip, and which of them is thin.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such unit or project, or out of reach
 */
#include "base/emit.h"
#include "view/view.h"

/* Of one project, or of all projects of a unit and those below; both nil: of all there are. */
typedef struct YearAsk {
    Id project;
    Id unit;
    DayRange days; /* within one calendar year */
} YearAsk;

MUST_USE ErrCode answer_year(const View *view, const YearAsk *ask, Emit *emit, Err *err);

/* A year or a part of it: "2026", "2026-Q4", "2026-10"; the year of that day for an empty text. */
MUST_USE ErrCode year_parse(Text text, Day day, DayRange *out_days, Err *err);
