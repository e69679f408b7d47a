#pragma once
/*
 * task_shape — a task, its courses and who holds what climbed, as the rules see it and as JSON.
 *
 *   Owns     nothing.
 *   Threads  the caller's.
 */
#include "base/emit.h"
#include "view/levels.h"
#include "view/task_load.h"
#include "view/view.h"

/* What became of the tasks of a list: courses by state, and among them. */
typedef struct TaskCounts {
    size_t states[TASK_STATE_COUNT];
    size_t overdue;
    size_t climbed;
} TaskCounts;

/* Who holds a course on view->on: an open one climbs. */
ClimbState course_climb(const View *view, const Levels *levels, const TaskCard *card,
                        const Leg *leg);

void task_count(const View *view, const Levels *levels, const TaskCard *card, const Task *task,
                TaskCounts *counts);
void shape_task_counts_at(const char *member, const TaskCounts *counts, Emit *emit);

/* {"id", "name"} of an item under "item". */
MUST_USE ErrCode shape_item_at(const View *view, Key item, Text title, Emit *emit, Err *err);

/* Members of an open object: id, item, project, unit, goal, mode, weight, deployed, due,
 * received, seen, courses.
 * `with_legs`: the courses with all their legs and what climbed in them. */
MUST_USE ErrCode shape_task(const View *view, const Levels *levels, const TaskCard *card,
                            const Task *task, bool with_legs, Emit *emit, Err *err);
