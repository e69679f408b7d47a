#pragma once
/*
 * conflicts — values of one field that two nodes wrote without hearing of each other, for a person
 * to choose between: the one that shows, and each one that it hides. Changing the field settles it.
 *
 *   Threads  the caller's.
 *   Bounds   the view's arena; everything at once
 *   Errors   ERR_DENIED  only who may see everything may see them: they can be of any kind
 */
#include "base/emit.h"
#include "view/view.h"

MUST_USE ErrCode answer_conflicts(const View *view, Emit *emit, Err *err);
