#pragma once
/*
 * conflicts — values of one field that two nodes wrote without hearing of each other, for a person
 * to choose between: the one that shows, and each one that it hides. Changing the field settles it.
 *
 * A conflict is for those who may write where its entries stand, since they can settle it. What
 * stands behind a commitment (a roll, an attendance, a signal) only who may write everywhere sees
 * here, because its own page knows better who may.
 *
 *   Threads  the caller's.
 *   Bounds   the view's arena
 *   Errors   ERR_LIMIT  the answer does not fit
 */
#include "base/emit.h"
#include "view/view.h"

/* view->reach is where who asks may write. */
MUST_USE ErrCode answer_conflicts(const View *view, const ListAsk *ask, Emit *emit, Err *err);
