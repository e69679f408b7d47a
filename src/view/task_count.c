#include "view/task_count.h"

ClimbState course_climb(const View *view, const Levels *levels, const TaskCard *card,
                        const Leg *leg)
{
    Key units[CLIMB_LEVELS_MAX];
    const ClimbRule rule =
        climb_rule_of(view->pack, RULE_CLIMB_TASK, PARAMETER_CLIMB_TASK_FIRST_DAYS,
                      PARAMETER_CLIMB_TASK_EACH_DAYS, PARAMETER_CLIMB_TASK_LEVELS_MAX, leg->due);
    const Waiting waiting = {leg->due, leg->ended, levels_above(levels, card->unit, units) + 1};
    return climb_on(&rule, &waiting, view->on);
}

const Leg *course_leg(const Course *course)
{
    return &course->legs[course->leg_count - 1];
}

void task_count(const View *view, const Levels *levels, const TaskCard *card, const Task *task,
                TaskCounts *counts)
{
    for (size_t i = 0; i < task->course_count; i++) {
        const Course *course = &task->courses[i];
        counts->states[course->state]++;
        if (!course_is_overdue(course, view->on)) continue;
        counts->overdue++;
        if (course_climb(view, levels, card, course_leg(course)).level > 0) counts->climbed++;
    }
}
