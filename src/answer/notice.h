#pragma once
/*
 * notice — what came down, and who at each project has read it.
 *
 * Expected are those who are at the project on the day. Who has not read it is named only to who
 * may write at that project: to go and tell them, and for nothing else. Nothing is counted of a
 * person.
 *
 *   Threads  the caller's; a View is used by one thread.
 *   Errors   ERR_NOT_FOUND  no such notice, task or project, or out of reach
 */
#include "answer/signal.h"

typedef struct NoticeAsk {
    ListAsk list;
    SignalEyes eyes;
    Id project; /* nil: all of the units within reach; else those that reach this project */
} NoticeAsk;

MUST_USE ErrCode answer_notices(const View *view, const NoticeAsk *ask, Emit *emit, Err *err);

/* One notice with a line for each project it reaches: whether its box has received it
 * (answer/arrival.h), expected, read, and who has not. */
MUST_USE ErrCode answer_notice(const View *view, Id notice, const NoticeAsk *ask, Emit *emit,
                               Err *err);

/* The same of a task, which is at one project. */
MUST_USE ErrCode answer_task_seen(const View *view, Id task, const SignalEyes *eyes, Emit *emit,
                                  Err *err);
