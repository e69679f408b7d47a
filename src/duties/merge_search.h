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
 *   Errors   ERR_LIMIT  the arena is full, or more kinds of meeting than MERGE_KINDS_MAX
 */
#include "duties/merge.h"

/* Gives each need the number of its activity, from 0 on. */
MUST_USE ErrCode merge_search(MergeNeed *const *needs, size_t count, int sitting_minutes_max,
                              Arena *arena, size_t *out_activity_count, bool *out_is_fewest,
                              Err *err);
