#pragma once
/*
 * merge_search — which needs become one activity, so that there are as few activities as can be.
 *
 * merge.h says why the fewest are found this way.
 *
 *   Owns     nothing: works in the arena given.
 *   Threads  any.
 *   Bounds   each set tried costs the square of the count at most; so many are tried that all take
 *            well below a second
 *   Errors   ERR_LIMIT  the arena is full, or more kinds of meeting than MERGE_KINDS_MAX, or
 *                       more needs or planned activities than can be tried
 */
#include "duties/merge.h"

/* A planned activity, with its parts as if they were needs. */
typedef struct MergeSeat {
    const MergePlanned *planned;
    const MergeNeed *const *parts;
    bool is_off; /* not on a day that may be proposed */
} MergeSeat;

typedef struct MergeWish {
    MergeNeed *const *needs;
    size_t count;
    const MergeSeat *seats; /* by day */
    size_t seat_count;
    int sitting_minutes_max;
    Day today;
} MergeWish;

/* Minutes that a group sits there by the parts that it has. */
int merge_sitting(const MergeSeat *seat, size_t group);

/* Says of each need what it joins, or the number of its new activity, from 0 on. */
MUST_USE ErrCode merge_search(const MergeWish *wish, Arena *arena, size_t *out_new_count,
                              bool *out_is_fewest, Err *err);
