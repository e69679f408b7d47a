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

ClimbState submission_climb(const View *view, const Levels *levels, const TaskCard *card,
                            const Submission *submission)
{
    Key units[CLIMB_LEVELS_MAX];
    const ClimbRule rule = submission_climb_rule(view->pack, submission);
    const size_t level_count = levels_above(levels, card->unit, units);
    const Waiting waiting = {submission_due(view->pack, submission), submission->decided,
                             level_count};
    return climb_on(&rule, &waiting, view->on);
}

bool course_is_undecided(const View *view, const Course *course)
{
    const Submission *submission = course_submission(course);
    return submission != NULL && view->on > submission_due(view->pack, submission);
}

bool course_has_climbed(const View *view, const Levels *levels, const TaskCard *card,
                        const Course *course)
{
    if (course_is_overdue(course, view->on) &&
        course_climb(view, levels, card, course_leg(course)).level > 0)
        return true;
    return course_is_undecided(view, course) &&
           submission_climb(view, levels, card, course_submission(course)).level > 0;
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
        if (course_is_overdue(course, view->on)) counts->overdue++;
        if (course_is_undecided(view, course)) counts->undecided++;
        if (course_has_climbed(view, levels, card, course)) counts->climbed++;
    }
}
