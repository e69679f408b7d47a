#pragma once
/*
 * hazard — what rules add to the course of a hazard: grades, days to rectify, the union's part.
 *
 * The course itself (loop/signal.h) is the same everywhere. What a company may set is asked only
 * when a step is written, so that nodes with other rules still show the same state.
 *
 *   found -> registered -> graded -> ordered -> rectified -> passed -> closed
 *                                        ^          |           |
 *                                        +-- returned <---------+
 *
 * Who raised it may confirm that it is solved once it is closed, or reopen it: then it is
 * registered again, to be graded and ordered anew.
 *
 * Days are natural days: stopped work does not make them longer, only an extension that was granted
 * does.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Source   rules "hazard-grades", "hazard-order" and "hazard-union" of the pack; Work Safety Law,
 *            article 41
 */
#include "loop/signal.h"

typedef struct HazardRules {
    bool has_serious;
    int order_days[4]; /* by HAZARD_GRADE_IS_...; [0] is not used */
    bool needs_union[4];
} HazardRules;

HazardRules hazard_rules(const Pack *pack, Day day);

/* The last day an order of this grade may run to, when it is written on `day`. */
Day hazard_until_most(const HazardRules *rules, int grade, Day day);

/* Whether the rules allow the step, which the course allows, on `today`. *out_rule: the rule that
 * does not; RULE_NONE otherwise. */
SignalRefusal hazard_check(const HazardRules *rules, const SignalStanding *standing,
                           const SignalStep *step, Day today, RuleCode *out_rule);
