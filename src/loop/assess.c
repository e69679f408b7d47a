#include "loop/assess.h"

#include <assert.h>

#include "base/list.h"

static const OutcomeInfo outcomes_known[OUTCOME_COUNT] = {
    [OUTCOME_TASK_LATE] = {"task_late", ASSESS_TASKS, PARAMETER_ASSESS_TASKS_LATE,
                           "reported after it was due", "逾期后反馈"},
    [OUTCOME_TASK_OVERDUE] = {"task_overdue", ASSESS_TASKS, PARAMETER_ASSESS_TASKS_OVERDUE,
                              "due, and not reported", "到期未反馈"},
    [OUTCOME_TASK_REWORK] = {"task_rework", ASSESS_TASKS, PARAMETER_ASSESS_TASKS_REWORK,
                             "inspected and sent back", "检查退回整改"},
    [OUTCOME_DUTY_VIOLATION] = {"duty_violation", ASSESS_DUTIES, PARAMETER_ASSESS_DUTIES_VIOLATION,
                                "a meeting was owed and not held", "应开未开"},
    [OUTCOME_DUTY_NOT_CONFORMING] = {"duty_not_conforming", ASSESS_DUTIES,
                                     PARAMETER_ASSESS_DUTIES_NOT_CONFORMING,
                                     "a meeting that is generally held was not", "一般应开未开"},
    [OUTCOME_DUTY_MADE_UP] = {"duty_made_up", ASSESS_DUTIES, PARAMETER_ASSESS_DUTIES_MADE_UP,
                              "a meeting was made up for later", "补开"},
    [OUTCOME_HAZARD_OVERDUE] = {"hazard_overdue", ASSESS_HAZARDS, PARAMETER_ASSESS_HAZARDS_OVERDUE,
                                "a hazard was not rectified in time", "隐患逾期未整改"},
};

const OutcomeInfo *outcome_info(OutcomeCode code)
{
    return &outcomes_known[code];
}

/* ---- Outcomes ---- */

static ErrCode add(Outcomes *outcomes, const Outcome *outcome, Arena *arena, Err *err)
{
    outcomes->items = list_grow(arena, outcomes->items, sizeof outcomes->items[0], outcomes->count);
    if (outcomes->items == NULL) return list_full(outcomes->count, err);
    outcomes->items[outcomes->count++] = *outcome;
    return OK;
}

static bool counts_on(const AssessWindow *window, Day day)
{
    if (!range_has(window->within, day)) return false;
    for (size_t i = 0; i < window->there_count; i++)
        if (range_has(window->there[i], day)) return true;
    return false;
}

/* Whether the leg was the last of its round: an extension opens another. */
static bool ends_round(const Course *course, size_t at)
{
    return at + 1 == course->leg_count || course->legs[at + 1].round > course->legs[at].round;
}

/* A leg that was withdrawn costs nothing, even when it was due. */
static bool costs(const Leg *leg, Day on, OutcomeCode *out_code)
{
    *out_code = leg->is_reported ? OUTCOME_TASK_LATE : OUTCOME_TASK_OVERDUE;
    if (leg->is_reported) return leg->ended > leg->due;
    return leg->ended == DAY_OPEN && on > leg->due;
}

ErrCode outcomes_add_course(const Course *course, Key task, int weight, const AssessWindow *window,
                            Arena *arena, Outcomes *outcomes, Err *err)
{
    for (size_t i = 0; i < course->leg_count; i++) {
        const Leg *leg = &course->legs[i];
        const bool is_rework = i > 0 && leg->round > course->legs[i - 1].round;
        Outcome outcome = {.weight = weight, .round = leg->round};
        if (is_rework && counts_on(window, leg->from)) {
            outcome.code = OUTCOME_TASK_REWORK;
            outcome.fact = leg->step;
            outcome.day = leg->from;
            TRY(add(outcomes, &outcome, arena, err));
        }
        outcome.fact = task;
        outcome.day = leg->due;
        if (ends_round(course, i) && counts_on(window, leg->due) &&
            costs(leg, window->on, &outcome.code))
            TRY(add(outcomes, &outcome, arena, err));
    }
    return OK;
}

ErrCode outcomes_add_duty(const Obligation *obligation, Key station, DayRange within, Arena *arena,
                          Outcomes *outcomes, Err *err)
{
    const DutyBreach breach = obligation_breach(obligation);
    Outcome outcome = {.weight = 1,
                       .day = obligation->due,
                       .fact = station,
                       .duty = obligation->rule,
                       .period = obligation->period};
    if (!range_has(within, obligation->due)) return OK;
    if (breach == BREACH_VIOLATION)
        outcome.code = OUTCOME_DUTY_VIOLATION;
    else if (breach == BREACH_NOT_CONFORMING)
        outcome.code = OUTCOME_DUTY_NOT_CONFORMING;
    else if (obligation->state == DUTY_MADE_UP)
        outcome.code = OUTCOME_DUTY_MADE_UP;
    else
        return OK;
    return add(outcomes, &outcome, arena, err);
}

ErrCode outcomes_add_hazard(const Ordered *ordered, const AssessWindow *window, Arena *arena,
                            Outcomes *outcomes, Err *err)
{
    const Day last = ordered->answered < window->on ? ordered->answered : window->on;
    const Outcome outcome = {.code = OUTCOME_HAZARD_OVERDUE,
                             .day = ordered->due,
                             .weight = 1,
                             .fact = ordered->fact,
                             .round = ordered->round};
    if (last <= ordered->due || !counts_on(window, ordered->due)) return OK;
    return add(outcomes, &outcome, arena, err);
}

/* ---- Points ---- */

static const struct {
    const char *name;
    const char *en;
    const char *zh;
    RuleCode rule;
    ParameterCode most;
} parts_known[ASSESS_PART_COUNT] = {
    [ASSESS_TASKS] = {"tasks", "tasks", "任务", RULE_ASSESS_TASKS, PARAMETER_ASSESS_TASKS_MOST},
    [ASSESS_DUTIES] = {"duties", "meetings owed", "应开会议", RULE_ASSESS_DUTIES,
                       PARAMETER_ASSESS_DUTIES_MOST},
    [ASSESS_HAZARDS] = {"hazards", "hazards", "隐患", RULE_ASSESS_HAZARDS,
                        PARAMETER_ASSESS_HAZARDS_MOST},
};

static void add_up(Assessment *assessment, const Pack *pack, Day last)
{
    int lost = 0;
    for (size_t i = 0; i < assessment->count; i++) {
        const Deduction *deduction = &assessment->deductions[i];
        assessment->parts[outcome_info(deduction->outcome.code)->part].counted +=
            deduction->counted;
    }
    for (int part = 0; part < ASSESS_PART_COUNT; part++) {
        PartLoss *loss = &assessment->parts[part];
        loss->most = (int)pack_int(pack, parts_known[part].most, last);
        loss->lost = loss->counted < loss->most ? loss->counted : loss->most;
        lost += loss->lost;
    }
    assessment->points = lost < ASSESS_POINTS_MAX ? ASSESS_POINTS_MAX - lost : 0;
    assessment->grade = grade_of(pack, assessment->points, last);
    assert(assessment->points >= 0); /* invariant 1 */
    assert(assessment->points <= ASSESS_POINTS_MAX);
}

ErrCode assess(const Pack *pack, const Outcomes *outcomes, const int *corrected, Day last,
               Arena *arena, Assessment *out_assessment, Err *err)
{
    Assessment assessment = {.deductions = arena_array(arena, Deduction, outcomes->count),
                             .count = outcomes->count};
    if (assessment.deductions == NULL) return list_full(outcomes->count, err);
    for (size_t i = 0; i < outcomes->count; i++) {
        const Outcome *outcome = &outcomes->items[i];
        const int64_t each = pack_int(pack, outcome_info(outcome->code)->points, outcome->day);
        const int points = (int)each * outcome->weight;
        const bool is_corrected = corrected != NULL && corrected[i] >= 0;
        assessment.deductions[i] =
            (Deduction){*outcome, points, is_corrected ? corrected[i] : points};
    }
    add_up(&assessment, pack, last);
    *out_assessment = assessment;
    return OK;
}

Grade grade_of(const Pack *pack, int points, Day day)
{
    if (points >= pack_int(pack, PARAMETER_ASSESS_GRADES_GOOD_MIN, day)) return GRADE_GOOD;
    if (points >= pack_int(pack, PARAMETER_ASSESS_GRADES_FAIRLY_GOOD_MIN, day))
        return GRADE_FAIRLY_GOOD;
    if (points >= pack_int(pack, PARAMETER_ASSESS_GRADES_ORDINARY_MIN, day)) return GRADE_ORDINARY;
    return GRADE_POOR;
}

/* ---- Words ---- */

static const struct {
    const char *name;
    const char *en;
    const char *zh;
} grades[GRADE_COUNT] = {
    [GRADE_GOOD] = {"good", "good", "好"},
    [GRADE_FAIRLY_GOOD] = {"fairly_good", "fairly good", "较好"},
    [GRADE_ORDINARY] = {"ordinary", "ordinary", "一般"},
    [GRADE_POOR] = {"poor", "poor", "差"},
};

const char *grade_name(Grade grade)
{
    return grades[grade].name;
}

const char *grade_zh(Grade grade)
{
    return grades[grade].zh;
}

const char *grade_en(Grade grade)
{
    return grades[grade].en;
}

const char *assess_part_name(AssessPart part)
{
    return parts_known[part].name;
}

const char *assess_part_zh(AssessPart part)
{
    return parts_known[part].zh;
}

const char *assess_part_en(AssessPart part)
{
    return parts_known[part].en;
}

RuleCode assess_part_rule(AssessPart part)
{
    return parts_known[part].rule;
}
