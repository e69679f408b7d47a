#pragma once
/*
 * combinations — objectives with both curves, and the four combinations (四结合) of a project
 * with the evidence for each.
 *
 *   publicity   publicity and education  ↔  the site: what each carrier shows in which phase
 *   production  Party goals              ↔  production targets
 *   planning    group activities         ↔  pre-planning: the gate and the programme
 *   talent      talent                   ↔  member quality: mentor pairs and development plans
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such project, or out of reach
 */
#include "base/emit.h"
#include "view/view.h"

/* With the figures up to view->on. */
MUST_USE ErrCode answer_objectives(const View *view, Id project, Emit *emit, Err *err);

MUST_USE ErrCode answer_combinations(const View *view, Id project, Emit *emit, Err *err);
