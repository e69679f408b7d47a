#pragma once
/*
 * duty_board — how many obligations of every group are in which state, for any day and period.
 *
 * The facts of all groups (duty_facts.h) are read once and kept up to date from Changes: an
 * activity costs the groups that hold it; a project, group or station costs the sites. The last few
 * days and periods asked for are kept, and after a change only the groups it touched are counted
 * again.
 *
 *   Invariants  (1) a DutyDay never changes once it was handed out;
 *               (2) its version is at least that of Changes when duty_board_take() was called;
 *               (3) its counts are those of duties_count() for each group.
 *   Owns        its facts and days; a DutyDay lives until it is given back.
 *   Threads     any; locks itself. The lock is held while facts are read or a day is worked out.
 *   Bounds      DUTY_DAYS_MAX days are kept.
 */
#include "view/changes.h"
#include "view/duty_facts.h"

#define DUTY_DAYS_MAX 6

typedef struct DutyBoard DutyBoard;

typedef struct DutyDay {
    Day day;
    DayRange within;
    int64_t version;
    const DutySites *sites;
    const DutyCounts *counts; /* of each of the sites' groups */
} DutyDay;

void duty_board_open(DutyBoard **out_board, const Pack *pack, int64_t shard, Changes *changes);
void duty_board_close(DutyBoard **board);

/* What is asked: as things stand on a day, in the periods that meet a range. */
typedef struct DutyDayAsk {
    Day day;
    DayRange within;
    int utc_offset_minutes; /* of the node: whose day a moment belongs to */
} DutyDayAsk;

MUST_USE ErrCode duty_board_take(DutyBoard *board, Store *store, const DutyDayAsk *ask,
                                 const DutyDay **out_day, Err *err);
void duty_board_give(DutyBoard *board, const DutyDay **day);
