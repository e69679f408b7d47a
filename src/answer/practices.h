#pragma once
/*
 * practices — the registers of linked practices as JSON: integrity risks with their checks, and the
 * visits of union groups.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such project, or out of reach
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/minutes.h"

/* The register of a project on view->on: each risk with its last check, and those never checked. */
MUST_USE ErrCode answer_integrity(const View *view, Id project, Emit *emit, Err *err);

/* Visits within a range; those of a group that is not open to the asker are left out. */
MUST_USE ErrCode answer_visits(const View *view, const Asker *asker, Id project, DayRange within,
                               Emit *emit, Err *err);
