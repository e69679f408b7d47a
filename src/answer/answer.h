#pragma once
/*
 * answer — what is asked about most, as JSON: the API sends it, the command line prints it.
 *
 * One function per question. Each emits exactly one JSON object. The shapes are those of
 * docs/cli.md and stay stable: members are only ever added.
 *
 *   Threads  the caller's; a View is used by one thread.
 *   Errors   ERR_NOT_FOUND  no such thing, or out of reach: the two cannot be told apart
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "answer/signal.h"
#include "view/view.h"

typedef struct CoverageAsk {
    ListAsk list;
    Text state;          /* a state by name; empty: all */
    bool only_attention; /* only what somebody must look at */
} CoverageAsk;

MUST_USE ErrCode answer_coverage(const View *view, const CoverageAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_projects(const View *view, const ListAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_project(const View *view, Id project, Emit *emit, Err *err);
MUST_USE ErrCode answer_project_members(const View *view, Id project, const ListAsk *ask,
                                        Emit *emit, Err *err);
MUST_USE ErrCode answer_groups(const View *view, const ListAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_group(const View *view, Id group, Emit *emit, Err *err);
MUST_USE ErrCode answer_group_members(const View *view, Id group, const ListAsk *ask, Emit *emit,
                                      Err *err);
MUST_USE ErrCode answer_persons(const View *view, const ListAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_person(const View *view, Id person, Emit *emit, Err *err);
MUST_USE ErrCode answer_units(const View *view, const ListAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_why_membership(const View *view, Id person, Id group, Emit *emit, Err *err);
MUST_USE ErrCode answer_why_coverage(const View *view, Id project, Emit *emit, Err *err);

/* Whose obligations, and in which periods: those of a group, or of all groups that stand at a
 * project within the range. */
typedef struct OwedAsk {
    Id project;
    Id group; /* nil: of the project */
    DayRange within;
} OwedAsk;

MUST_USE ErrCode answer_owed(const View *view, const OwedAsk *ask, Emit *emit, Err *err);

/* What moving the group to that project on view->on would change; nothing is changed. */
MUST_USE ErrCode answer_move(const View *view, Id group, Id to, const SignalEyes *eyes, Emit *emit,
                             Err *err);
MUST_USE ErrCode answer_gaps(const View *view, Emit *emit, Err *err);
