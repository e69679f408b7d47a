#include "view/signal_count.h"

bool signal_is_projects(const SignalCard *card)
{
    const SignalOwner owner = signal_info(card->kind)->owner;
    return owner == OWNER_PROJECT || owner == OWNER_UNION;
}

size_t signal_level_count(const SignalCard *card, size_t unit_count)
{
    return unit_count + (signal_is_projects(card) ? 1 : 0);
}

const SignalWait *signal_waits(const SignalStanding *standing)
{
    if (standing->wait_count == 0) return NULL;
    const SignalWait *last = &standing->waits[standing->wait_count - 1];
    return last->answered == DAY_OPEN ? last : NULL;
}

static ClimbRule climb_rule(const Pack *pack, const SignalCard *card, const SignalWait *wait)
{
    const SignalInfo *info = signal_info(card->kind);
    if (wait->rule == RULE_HAZARD_ORDER)
        return climb_rule_of(pack, wait->rule, PARAMETER_HAZARD_ORDER_CLIMB_FIRST,
                             PARAMETER_HAZARD_ORDER_CLIMB_EACH, PARAMETER_HAZARD_ORDER_CLIMB_LEVELS,
                             wait->since);
    return climb_rule_of(pack, wait->rule, info->climb_first, info->climb_each, info->climb_levels,
                         wait->since);
}

ClimbState signal_climb(const Pack *pack, const SignalCard *card, size_t level_count,
                        const SignalWait *wait, Day on)
{
    const ClimbRule rule = climb_rule(pack, card, wait);
    const Waiting waiting = {wait->due, wait->answered, level_count};
    return climb_on(&rule, &waiting, on);
}

size_t signal_level(const Pack *pack, const SignalCase *one, size_t level_count, Day on)
{
    size_t level = (size_t)one->standing.escalated;
    const SignalWait *wait = signal_waits(&one->standing);
    if (wait != NULL) {
        const ClimbState climb = signal_climb(pack, &one->card, level_count, wait, on);
        if (climb.level > level) level = climb.level;
    }
    if (level_count == 0) return 0;
    return level < level_count ? level : level_count - 1;
}

static void tally(SignalTally *tally, bool is_overdue, bool has_climbed)
{
    tally->open++;
    if (is_overdue) tally->overdue++;
    if (has_climbed) tally->climbed++;
}

void signal_count(const Pack *pack, const Levels *levels, const SignalCase *one, Day on,
                  SignalCounts *counts)
{
    Key units[CLIMB_LEVELS_MAX];
    if (!signal_state_is_open(one->standing.state)) return;
    const SignalWait *wait = signal_waits(&one->standing);
    const bool is_overdue = wait != NULL && on > wait->due;
    const size_t level_count =
        signal_level_count(&one->card, levels_above(levels, one->card.unit, units));
    const bool has_climbed = signal_level(pack, one, level_count, on) > 0;
    tally(&counts->all, is_overdue, has_climbed);
    if (one->card.kind < SIGNAL_KIND_MAX)
        tally(&counts->kinds[one->card.kind], is_overdue, has_climbed);
}

static void add(SignalTally *sum, const SignalTally *more)
{
    sum->open += more->open;
    sum->overdue += more->overdue;
    sum->climbed += more->climbed;
}

void signal_counts_add(SignalCounts *sum, const SignalCounts *more)
{
    add(&sum->all, &more->all);
    for (int kind = 0; kind < SIGNAL_KIND_MAX; kind++)
        add(&sum->kinds[kind], &more->kinds[kind]);
}
