#pragma once
/*
 * assess — assessments of groups, as JSON; never of persons.
 *
 * The shapes are those of docs/cli.md. Each function emits exactly one JSON object.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such group or unit, or out of reach: the two cannot be told apart
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/view.h"

/* Which groups: those of a unit and below, or all within reach; only those that stand anywhere in
 * the period. */
typedef struct AssessAsk {
    ListAsk list;
    DayRange within;
} AssessAsk;

MUST_USE ErrCode answer_assessments(const View *view, const AssessAsk *ask, Emit *emit, Err *err);

/* One group, with every deduction. */
MUST_USE ErrCode answer_assessment(const View *view, Id group, DayRange within, Emit *emit,
                                   Err *err);
