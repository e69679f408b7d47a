#pragma once
/*
 * activities — activities and their minutes as JSON: the list of a project or a group, and one with
 * all that is in it and why.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such activity, project or group, or out of reach
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      more activities in the period than are looked through
 */
#include "base/emit.h"
#include "view/minutes.h"

#define ACTIVITIES_SCANNED_MAX 20000

/* Activities of a project, or of a group wherever it held them, newest first. */
typedef struct ActivitiesAsk {
    Id project;
    Id group; /* nil: of the project */
    DayRange within;
    Text meeting; /* a kind of meeting by name; empty: all */
    ListAsk list; /* only the page of it counts */
} ActivitiesAsk;

MUST_USE ErrCode answer_activities(const View *view, const ActivitiesAsk *ask, Emit *emit,
                                   Err *err);

/* One activity: the common part, and what of each group's own part the asker may read. Who has not
 * read up yet is told as of view->on. */
MUST_USE ErrCode answer_activity(const View *view, const Asker *asker, Id activity, Emit *emit,
                                 Err *err);

/* "briefing" of the open object: what a crew was told before its shift and what was checked, line
 * by line of the list that held on the day; null when nobody was briefed. */
MUST_USE ErrCode answer_briefing(const View *view, const OwnPart *part, Day day, Emit *emit,
                                 Err *err);
