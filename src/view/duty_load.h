#pragma once
/*
 * duty_load — what the rules of duties are told about a group: where it stood, what it held and
 * plans, what it was let off.
 *
 *   Owns     nothing: arrays live in the arena given.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "duties/duty.h"
#include "view/load.h"

MUST_USE ErrCode load_calendar(Source from, Calendar *out_calendar, Err *err);

/* All but the pack and the calendar. `utc_offset_minutes` says which day a moment belongs to. */
MUST_USE ErrCode load_duty_facts(Source from, int utc_offset_minutes, const Group *group,
                                 DutyFacts *out_facts, Err *err);

/* From a row whose columns from `first` on are: part, activity, meeting, day, makes_up, progress,
 * and the id of the part. */
MUST_USE ErrCode part_of_row(const Query *query, int first, int utc_offset_minutes, Part *out_part,
                             Err *err);

/* Puts stations of one group, which come by their first day, together where they touch. */
size_t join_stations(const Station *stations, size_t count, DayRange *out_there);

typedef struct GroupCards {
    GroupCard *items;
    size_t count;
} GroupCards;

/* The groups that stand at a project at any time of a range, each once. */
MUST_USE ErrCode load_groups_at(Source from, Key project, DayRange within, GroupCards *out,
                                Err *err);

/* Adds one, unless it is there or was voided. */
MUST_USE ErrCode load_group_once(Source from, Key group, GroupCards *groups, Err *err);
