#pragma once
/*
 * assess — what the outcomes of a period come to for a group: 100 points less deductions.
 *
 * Only outcomes count: tasks that were late, not reported, or sent back, meetings that were owed
 * and not held, and hazards that were not rectified in time. Nothing is known here of any person,
 * and there is nothing to rank. What an outcome costs is the rule of its day, times the weight of
 * its item. Each part (tasks, duties, hazards) can cost no more than its rule says; what it costs
 * is still told in full. An extension that was granted forgives: the day that counts is the one in
 * force when it was reported.
 *
 *   Invariants  (1) 0 <= points <= 100;
 *               (2) points and grade depend on outcomes and rules alone, not on their order.
 *   Owns        nothing: deductions lie in the arena given.
 *   Threads     any.
 *   Errors      ERR_LIMIT  the arena is full
 *   Source      rules assess-tasks, assess-duties, assess-hazards and assess-grades of the pack
 */
#include "duties/duty.h"
#include "loop/task.h"

#define ASSESS_POINTS_MAX 100

typedef enum AssessPart {
    ASSESS_TASKS,
    ASSESS_DUTIES,
    ASSESS_HAZARDS,
    ASSESS_PART_COUNT
} AssessPart;

typedef enum OutcomeCode {
    OUTCOME_TASK_LATE,           /* reported after it was due */
    OUTCOME_TASK_OVERDUE,        /* due, and not reported yet */
    OUTCOME_TASK_REWORK,         /* inspected and sent back */
    OUTCOME_DUTY_VIOLATION,      /* not held, where a rule says must or should */
    OUTCOME_DUTY_NOT_CONFORMING, /* not held, where a rule says generally */
    OUTCOME_DUTY_MADE_UP,        /* held later */
    OUTCOME_HAZARD_OVERDUE,      /* ordered to be rectified, and not done in time */
    OUTCOME_COUNT
} OutcomeCode;

typedef struct OutcomeInfo {
    const char *name;
    AssessPart part;
    ParameterCode points;
    const char *en;
    const char *zh;
} OutcomeInfo;

const OutcomeInfo *outcome_info(OutcomeCode code);

/* Something that costs points, with the fact behind it. */
typedef struct Outcome {
    OutcomeCode code;
    Day day;       /* in the period: when it was due, or sent back */
    int weight;    /* of the item; 1 for duties */
    Key fact;      /* the task, the step that sent it back, the station that made a meeting owed */
    int round;     /* of the task */
    RuleCode duty; /* the rule that was not kept; RULE_NONE for tasks */
    DayRange period; /* of the duty */
} Outcome;

typedef struct Outcomes {
    Outcome *items;
    size_t count;
} Outcomes;

/* What counts: days of the period on which the group stands at the project, as things stand on
 * `on`. */
typedef struct AssessWindow {
    DayRange within;
    const DayRange *there; /* ascending, apart from one another */
    size_t there_count;
    Day on;
} AssessWindow;

/* Adds what a course of a task comes to. */
MUST_USE ErrCode outcomes_add_course(const Course *course, Key task, int weight,
                                     const AssessWindow *window, Arena *arena, Outcomes *outcomes,
                                     Err *err);

/* The same of an obligation of the group. It owes because it stands somewhere: `station` is the
 * fact, that of the day on which it was due. */
MUST_USE ErrCode outcomes_add_duty(const Obligation *obligation, Key station, DayRange within,
                                   Arena *arena, Outcomes *outcomes, Err *err);

/* A hazard at a project of the group, ordered to be rectified by a day. */
typedef struct Ordered {
    Key fact;
    int round; /* which order of that hazard, from 1 */
    Day due;
    Day answered; /* DAY_OPEN: not yet */
} Ordered;

/* The same of a hazard; for crews, who rectify. */
MUST_USE ErrCode outcomes_add_hazard(const Ordered *ordered, const AssessWindow *window,
                                     Arena *arena, Outcomes *outcomes, Err *err);

typedef enum Grade { GRADE_GOOD, GRADE_FAIRLY_GOOD, GRADE_ORDINARY, GRADE_POOR, GRADE_COUNT } Grade;

typedef struct Deduction {
    Outcome outcome;
    int points;  /* by the rule of its day, times its weight */
    int counted; /* what a ruling made of that, otherwise the same */
} Deduction;

typedef struct PartLoss {
    int most;    /* what the part can cost */
    int counted; /* the sum of its deductions */
    int lost;    /* that, but no more than `most` */
} PartLoss;

typedef struct Assessment {
    Deduction *deductions; /* as the outcomes given */
    size_t count;
    PartLoss parts[ASSESS_PART_COUNT];
    int points;
    Grade grade;
} Assessment;

/* `corrected[i]` is what outcome i costs by a ruling, -1 where there is none; NULL: none at all.
 * Limits are those of the last day of the period. */
MUST_USE ErrCode assess(const Pack *pack, const Outcomes *outcomes, const int *corrected, Day last,
                        Arena *arena, Assessment *out_assessment, Err *err);

Grade grade_of(const Pack *pack, int points, Day day);
const char *grade_name(Grade grade);
const char *grade_zh(Grade grade);
const char *grade_en(Grade grade);

const char *assess_part_name(AssessPart part);
const char *assess_part_zh(AssessPart part);
const char *assess_part_en(AssessPart part);
RuleCode assess_part_rule(AssessPart part);
