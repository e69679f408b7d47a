#pragma once
/*
 * programme — a project's programme as JSON: its lines, what moved and why, what a change of
 * a phase would move, and whether the project may leave pre-planning.
 *
 * Each emits one object; the shapes are in docs/cli.md.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such project or phase, or out of reach
 *            ERR_INVALID    a period that ends before it begins
 */
#include "base/emit.h"
#include "view/plan_facts.h"
#include "view/view.h"

MUST_USE ErrCode answer_programme(const View *view, Id project, Emit *emit, Err *err);

/* A change of a phase that is only tried: its new days. */
typedef struct ShiftAsk {
    Id project;
    Id phase;
    DayRange days; /* first DAY_OPEN: as it is; last DAY_OPEN: as it is */
} ShiftAsk;

MUST_USE ErrCode answer_shift(const View *view, const ShiftAsk *ask, Emit *emit, Err *err);

MUST_USE ErrCode answer_gate(const View *view, Id project, Emit *emit, Err *err);

/* The lines that applying a template would make, and which of them the project has already. */
MUST_USE ErrCode answer_template(const View *view, Id project, Id template, Emit *emit, Err *err);

MUST_USE ErrCode answer_templates(const View *view, Emit *emit, Err *err);

/* For the answers that show parts of a programme. */

PlanSource view_plan_source(const View *view);

/* A project that may be seen; ERR_NOT_FOUND for any other. */
MUST_USE ErrCode shape_project_in_reach(const View *view, Id project, ProjectCard *out_card,
                                        Err *err);

/* Members of an open object: id, title, state, day, first, moved_days, meeting, kinds, … */
MUST_USE ErrCode shape_plan_line(const View *view, const PlanKit *kit, const Planned *planned,
                                 size_t at, Emit *emit, Err *err);

/* Lines by their days; what waits comes last. */
typedef struct LineOrder {
    Day day;
    size_t at;
} LineOrder;

MUST_USE ErrCode shape_plan_order(const View *view, const Planned *planned, size_t count,
                                  LineOrder **out_orders, Err *err);
