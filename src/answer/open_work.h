#pragma once
/*
 * open_work — tasks and lines of programmes that are not finished at a project: for who takes over.
 *
 *   Threads  the caller's.
 *   Errors   ERR_LIMIT  the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/view.h"

typedef struct OpenWork {
    Key projects[2]; /* KEY_NONE: none; the asker may see them */
    int group_kind;  /* only what is for this kind of group; 0: all */
} OpenWork;

/* "tasks" and "plan_lines" of the open object, as things stand on view->on. */
MUST_USE ErrCode shape_open_work(const View *view, const OpenWork *work, Emit *emit, Err *err);
