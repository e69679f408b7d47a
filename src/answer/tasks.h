#pragma once
/*
 * tasks — items, tasks, and how all projects stand, as JSON.
 *
 * The shapes are those of docs/cli.md. Each function emits exactly one JSON object.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such thing, or out of reach: the two cannot be told apart
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "answer/signal.h"
#include "view/view.h"

/* Which tasks: nil and empty are all. */
typedef struct TasksAsk {
    ListAsk list; /* the query is part of the item's title */
    Id project;
    Id item;
    Id group;   /* those that a group answers where it stands on view->on */
    Text state; /* a state of a course, or "overdue", "climbed", "open" */
    Text goal;
} TasksAsk;

/* The newest first. */
MUST_USE ErrCode answer_tasks(const View *view, const TasksAsk *ask, Emit *emit, Err *err);

/* With all its steps, what each came to, and why. */
MUST_USE ErrCode answer_task(const View *view, Id task, Emit *emit, Err *err);

MUST_USE ErrCode answer_items(const View *view, const ListAsk *ask, Emit *emit, Err *err);

/* Its tasks are asked for with answer_tasks(). */
MUST_USE ErrCode answer_item(const View *view, Id item, Emit *emit, Err *err);

/* A line for each project: coverage, obligations of a period, tasks, signals. */
typedef struct WorkAsk {
    ListAsk list;
    SignalEyes eyes; /* only signals that are for them are counted */
    DayRange within; /* of the obligations */
} WorkAsk;

MUST_USE ErrCode answer_work(const View *view, const WorkAsk *ask, Emit *emit, Err *err);
