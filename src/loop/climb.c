#include "loop/climb.h"

#include <assert.h>

/* When a level first holds it; DAY_OPEN where no level is, or days end. */
static Day held_since(const ClimbRule *rule, const Waiting *waiting, size_t level)
{
    if (level >= waiting->level_count || level > (size_t)rule->levels_max ||
        level > CLIMB_LEVELS_MAX || waiting->due == DAY_OPEN)
        return DAY_OPEN;
    const int64_t day =
        (int64_t)waiting->due + rule->first_days + (int64_t)(level - 1) * rule->each_days;
    return day > DAY_LAST ? DAY_OPEN : (Day)day;
}

ClimbState climb_on(const ClimbRule *rule, const Waiting *waiting, Day today)
{
    assert(rule->levels_max == 0 || (rule->first_days > 0 && rule->each_days > 0));
    const Day last = waiting->answered < today ? waiting->answered : today;
    ClimbState state = {.since = DAY_OPEN, .next = DAY_OPEN};
    for (size_t level = 1; level <= CLIMB_LEVELS_MAX; level++) {
        const Day since = held_since(rule, waiting, level);
        if (since == DAY_OPEN) break;
        if (since > last) {
            if (waiting->answered > today) state.next = since;
            break;
        }
        state.level = level;
        state.since = since;
        state.climbs[state.climb_count++] = (Climb){level, since};
    }
    return state;
}

ClimbRule climb_rule_of(const Pack *pack, RuleCode rule, ParameterCode first_days,
                        ParameterCode each_days, ParameterCode levels_max, Day day)
{
    if (pack_rule(pack, rule, day) == NULL) return (ClimbRule){0};
    return (ClimbRule){
        .first_days = (int)pack_int(pack, first_days, day),
        .each_days = (int)pack_int(pack, each_days, day),
        .levels_max = (int)pack_int(pack, levels_max, day),
    };
}
