#include "loop/hazard.h"

#include <assert.h>

HazardRules hazard_rules(const Pack *pack, Day day)
{
    return (HazardRules){
        .has_serious = pack_bool(pack, PARAMETER_HAZARD_GRADES_THREE, day),
        .order_days = {[HAZARD_GRADE_IS_MINOR] =
                           (int)pack_int(pack, PARAMETER_HAZARD_ORDER_MINOR_DAYS, day),
                       [HAZARD_GRADE_IS_SERIOUS] =
                           (int)pack_int(pack, PARAMETER_HAZARD_ORDER_SERIOUS_DAYS, day),
                       [HAZARD_GRADE_IS_MAJOR] =
                           (int)pack_int(pack, PARAMETER_HAZARD_ORDER_MAJOR_DAYS, day)},
        .needs_union = {[HAZARD_GRADE_IS_SERIOUS] =
                            pack_bool(pack, PARAMETER_HAZARD_UNION_SERIOUS, day),
                        [HAZARD_GRADE_IS_MAJOR] =
                            pack_bool(pack, PARAMETER_HAZARD_UNION_MAJOR, day)},
    };
}

Day hazard_until_most(const HazardRules *rules, int grade, Day day)
{
    assert(grade >= 0 && grade <= HAZARD_GRADE_IS_MAJOR);
    const int64_t until = (int64_t)day + rules->order_days[grade];
    return until > DAY_LAST ? DAY_LAST : (Day)until;
}

static SignalRefusal refuse(SignalRefusal refusal, RuleCode rule, RuleCode *out_rule)
{
    *out_rule = rule;
    return refusal;
}

/* An order runs from today on, and no longer than its grade allows. */
static SignalRefusal check_order(const HazardRules *rules, const SignalStanding *standing,
                                 const SignalStep *step, Day today, RuleCode *out_rule)
{
    if (step->until == DAY_OPEN) return REFUSAL_NONE;
    if (step->until < today) return REFUSAL_IS_PAST;
    if (step->until > hazard_until_most(rules, standing->grade, today))
        return refuse(REFUSAL_TOO_LATE, RULE_HAZARD_ORDER, out_rule);
    return REFUSAL_NONE;
}

SignalRefusal hazard_check(const HazardRules *rules, const SignalStanding *standing,
                           const SignalStep *step, Day today, RuleCode *out_rule)
{
    *out_rule = RULE_NONE;
    switch (step->step) {
    case HANDLING_IS_GRADE:
        if (step->grade == HAZARD_GRADE_IS_SERIOUS && !rules->has_serious)
            return refuse(REFUSAL_NO_SUCH_GRADE, RULE_HAZARD_GRADES, out_rule);
        return REFUSAL_NONE;
    case HANDLING_IS_ORDER: return check_order(rules, standing, step, today, out_rule);
    case HANDLING_IS_RETURN:
    case HANDLING_IS_EXTEND: return step->until < today ? REFUSAL_IS_PAST : REFUSAL_NONE;
    case HANDLING_IS_CLOSE:
        if (rules->needs_union[standing->grade] && !standing->has_union)
            return refuse(REFUSAL_NEEDS_UNION, RULE_HAZARD_UNION, out_rule);
        return REFUSAL_NONE;
    default: return REFUSAL_NONE;
    }
}
