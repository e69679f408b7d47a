#pragma once
/*
 * task — how far a task has come: its steps, in whatever order they arrived, folded into a state.
 *
 * A unit deploys an item to a project: that is a task. What follows are steps, each naming the one
 * it follows: accepted, reported, inspected, … A task of a particular item has a course for each
 * kind of group it is for, one of a common item has one for all. Nothing is overwritten: a rework
 * opens the next round, an extension the next leg of a round.
 *
 *   DEPLOYED   nobody has answered yet
 *   ACCEPTED   somebody has taken it on
 *   REPORTED   said to be done, not inspected yet; from here on it is not overdue
 *   REWORK     inspected and sent back, until a day
 *   PASSED     inspected and found done
 *   ASSESSED   passed, and looked back upon by the unit that deployed it: closed
 *   WITHDRAWN  no longer wanted
 *
 * Boxes that do not see one another may each go on from the same step. All such branches are kept
 * and told of; the one with the latest step is the one that shows. Whoever settles it voids the
 * steps of the other. A step whose predecessor has not arrived waits for it. A voided step changes
 * nothing, and what follows it follows what it followed.
 *
 * What was reported waits for whoever inspects, and an extension that was asked for waits to be
 * granted or refused: each is a submission, and one that is not decided in time climbs.
 *
 *   Invariants  (1) the result does not depend on the order of the steps given;
 *               (2) every step has exactly one standing.
 *   Owns        nothing: results lie in the arena given.
 *   Threads     any.
 *   Errors      ERR_LIMIT  the arena is full
 */
#include "base/arena.h"
#include "base/id.h"
#include "loop/climb.h"

typedef enum TaskState {
    TASK_DEPLOYED,
    TASK_ACCEPTED,
    TASK_REPORTED,
    TASK_REWORK,
    TASK_PASSED,
    TASK_ASSESSED,
    TASK_WITHDRAWN,
    TASK_STATE_COUNT
} TaskState;

typedef struct Step {
    Key key;
    Id id;
    Id follows;     /* nil: the deployment itself */
    int act;        /* ACT_IS_... */
    int group_kind; /* GROUP_KIND_IS_...; 0 of a common task */
    Day day;
    Day until; /* DAY_OPEN: none was said */
    bool is_void;
} Step;

/* What a step has come to. */
typedef enum StepStanding {
    STEP_COUNTS,
    STEP_WAITS, /* for the step it follows */
    STEP_ASIDE, /* on a branch that does not show */
    STEP_IDLE,  /* made no sense where it stands, and changed nothing */
    STEP_VOID,
    STEP_LATER, /* after the day that is asked about */
    STEP_STANDING_COUNT
} StepStanding;

typedef struct TaskFacts {
    Day deployed;
    Day due;
    bool is_particular;
    bool is_for[4]; /* by GROUP_KIND_IS_... */
    const Step *steps;
    size_t step_count;
} TaskFacts;

/* A time in which an answer was due: a round has one, and another for each extension. */
typedef struct Leg {
    int round; /* from 1 */
    Key step;  /* which opened it: a rework or an extension; KEY_NONE: the deployment */
    Day from;
    Day due;
    Day ended; /* by a report, an extension or a withdrawal; DAY_OPEN: not yet */
    bool is_reported;
} Leg;

/* What a site puts before the unit above it. */
typedef enum SubmissionFor {
    SUBMISSION_INSPECTION, /* what was reported: it passes, or is sent back */
    SUBMISSION_EXTENSION,  /* granted or refused */
    SUBMISSION_COUNT
} SubmissionFor;

/* Something that waits to be decided. A new report is no decision: the first one still waits. */
typedef struct Submission {
    SubmissionFor what;
    int round; /* from 1 */
    Key step;  /* the report, or the asking */
    Day since;
    Day decided; /* or no longer wanted; DAY_OPEN: not yet */
} Submission;

/* The way of one kind of group through a task. */
typedef struct Course {
    int group_kind; /* 0 of a common task */
    TaskState state;
    int round;     /* from 1 */
    bool is_asked; /* an extension was asked for and not decided */
    Day asked_until;
    Key last; /* the step that it stands at; KEY_NONE: none yet */
    Id last_id;
    Day last_day;
    Leg *legs; /* in their order; the last one is the current one */
    size_t leg_count;
    Submission *submissions; /* in their order; only the last one can be open */
    size_t submission_count;
    Id *forks; /* what more than one step follows; nil: the deployment */
    size_t fork_count;
} Course;

typedef struct Task {
    Course *courses;
    size_t course_count;
    StepStanding *standings; /* of the steps given, in that order */
} Task;

MUST_USE ErrCode task_fold(const TaskFacts *facts, Day today, Arena *arena, Task *out_task,
                           Err *err);

/* The course of a kind of group (0: the common one); NULL where the task has none. */
const Course *task_course(const Task *task, int group_kind);

/* Somebody has still to do something about it by a day. */
bool course_is_open(const Course *course);
bool course_is_overdue(const Course *course, Day today);
Day course_due(const Course *course);

/* What waits to be decided; NULL: nothing does. */
const Submission *course_submission(const Course *course);

/* The rule that says until when it is to be decided, and how it climbs after that. */
RuleCode submission_rule(SubmissionFor what);
Day submission_due(const Pack *pack, const Submission *submission);
ClimbRule submission_climb_rule(const Pack *pack, const Submission *submission);

/* Why an act makes no sense where the course stands, and what would; NULL where it does. */
const char *course_refusal(const Course *course, int act);

const char *task_state_name(TaskState state);
const char *task_state_zh(TaskState state);
const char *task_state_en(TaskState state);
const char *submission_name(SubmissionFor what);
const char *submission_zh(SubmissionFor what);
const char *submission_en(SubmissionFor what);
const char *step_standing_name(StepStanding standing);
