#pragma once
/*
 * year — the year's frame as JSON: month by focus and by grip, and which of them is thin.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such unit or project, or out of reach
 */
#include "base/emit.h"
#include "view/plan_facts.h"
#include "view/view.h"

/* Of one project, or of all projects of a unit and those below; both nil: of all there are. */
typedef struct YearAsk {
    Id project;
    Id unit;
    DayRange days; /* within one calendar year */
} YearAsk;

MUST_USE ErrCode answer_year(const View *view, const YearAsk *ask, Emit *emit, Err *err);

/* The lines behind one cell of the frame: of a focus or a grip (0: of any), a page of them, project
 * after project and in each by day. */
typedef struct YearLinesAsk {
    YearAsk year;
    ListAsk list; /* only its page and size */
    int focus;
    int grip;
} YearLinesAsk;

MUST_USE ErrCode answer_year_lines(const View *view, const YearLinesAsk *ask, Emit *emit, Err *err);

/* Called for each project that is asked about and has a programme. What it is shown is gone when it
 * returns. */
typedef ErrCode YearVisit(void *context, Key project, const PlanKit *kit, const Planned *planned,
                          Err *err);
MUST_USE ErrCode year_walk(const View *view, const YearAsk *ask, YearVisit *visit, void *context,
                           size_t *out_count, Err *err);

/* The day on which a line counts; DAY_OPEN: it waits. False: it is not needed, and counts
 * nowhere. */
bool year_day_of(const Planned *planned, Day *out_day);

/* A year or a part of it: "2026", "2026-Q4", "2026-10"; the year of that day for an empty text. */
MUST_USE ErrCode year_parse(Text text, Day day, DayRange *out_days, Err *err);
