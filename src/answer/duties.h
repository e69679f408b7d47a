#pragma once
/*
 * duties — what groups owe, as JSON: how a site can merge it, and all of it together.
 *
 * Each emits one JSON object, whose members are described in docs/cli.md and only ever added to.
 *
 *   Threads  the caller's; a View is used by one thread.
 *   Errors   ERR_NOT_FOUND  no such project, or out of reach: the two cannot be told apart
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/view.h"

/* The fewest activities that fulfil what the groups of a project still owe, and what they save. */
MUST_USE ErrCode answer_merge(const View *view, Id project, DayRange within, Emit *emit, Err *err);

/* How many obligations are in which state, of all projects: together, and of each project by kind
 * of group. A group counts at every project where it stands at any time of the period, and once in
 * what is told together. */
typedef struct DutiesAsk {
    ListAsk list;
    Text state; /* only projects that have one of it; empty: all that owe anything */
    DayRange within;
} DutiesAsk;

MUST_USE ErrCode answer_duties(const View *view, const DutiesAsk *ask, Emit *emit, Err *err);
