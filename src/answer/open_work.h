#pragma once
/*
 * open_work — tasks, lines of programmes and signals that are not finished at a project: for who
 * takes over.
 *
 * A group hands over the signals that the site answers; a union group also those that it answers
 * itself. What a unit or discipline inspection answers is no group's. Of what is sealed only a
 * count is told, and that only to its readers: nobody else learns that somebody reported anything.
 *
 *   Threads  the caller's.
 *   Errors   ERR_LIMIT  the answer does not fit into the arena
 */
#include "answer/signal.h"
#include "view/view.h"

typedef struct OpenWork {
    Key projects[2]; /* KEY_NONE: none; the asker may see them */
    int group_kind;  /* only what is for this kind of group; 0: all */
    const SignalEyes *eyes;
} OpenWork;

/* "tasks", "plan_lines", "signals" and "sealed_signals" of the open object, as things stand on
 * view->on. */
MUST_USE ErrCode shape_open_work(const View *view, const OpenWork *work, Emit *emit, Err *err);
