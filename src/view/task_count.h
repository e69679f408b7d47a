#pragma once
/*
 * task_count — who holds the courses of a task on a day, and what became of many tasks.
 *
 *   Threads  the caller's.
 */
#include "view/levels.h"
#include "view/task_load.h"
#include "view/view.h"

/* What became of the tasks of a list: courses by state, and among them. */
typedef struct TaskCounts {
    size_t states[TASK_STATE_COUNT];
    size_t overdue;
    size_t undecided; /* submissions that should have been decided */
    size_t climbed;   /* of the overdue and the undecided */
} TaskCounts;

/* The leg it is on. */
const Leg *course_leg(const Course *course);

/* Who holds a course on view->on: an open one climbs. */
ClimbState course_climb(const View *view, const Levels *levels, const TaskCard *card,
                        const Leg *leg);

/* Who holds a submission on view->on: level 0 is the unit in charge, which decides. */
ClimbState submission_climb(const View *view, const Levels *levels, const TaskCard *card,
                            const Submission *submission);

/* It has a submission that should have been decided before view->on. */
bool course_is_undecided(const View *view, const Course *course);

/* What is overdue or undecided is held by a level above on view->on. */
bool course_has_climbed(const View *view, const Levels *levels, const TaskCard *card,
                        const Course *course);

void task_count(const View *view, const Levels *levels, const TaskCard *card, const Task *task,
                TaskCounts *counts);
