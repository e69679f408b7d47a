#pragma once
/*
 * task_shape — a task, its courses and who holds what climbed, as the rules see it and as JSON.
 *
 *   Owns     nothing.
 *   Threads  the caller's.
 */
#include "base/emit.h"
#include "view/task_count.h"
#include "view/view.h"

void shape_task_counts_at(const char *member, const TaskCounts *counts, Emit *emit);

/* {"id", "name"} of an item under "item". */
MUST_USE ErrCode shape_item_at(const View *view, Key item, Text title, Emit *emit, Err *err);

/* Members of an open object: id, item, project, unit, goal, mode, weight, deployed, due,
 * received, seen, courses.
 * `with_legs`: the courses with all their legs and what climbed in them. */
MUST_USE ErrCode shape_task(const View *view, const Levels *levels, const TaskCard *card,
                            const Task *task, bool with_legs, Emit *emit, Err *err);
