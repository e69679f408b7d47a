#include "duties/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "duties/merge_search.h"

/* How the meeting of a duty goes together with others. */
typedef struct Merging {
    ParameterCode minutes;
    ParameterCode common;
    ParameterCode in_sequence;
    ParameterCode make_up;
} Merging;

static const Merging mergings[RULE_COUNT] = {
#define MERGING(NAME, minutes_, common_, in_sequence_, may_make_up)         \
    [RULE_##NAME] = {PARAMETER_##NAME##_MINUTES, PARAMETER_##NAME##_COMMON, \
                     PARAMETER_##NAME##_IN_SEQUENCE, PARAMETER_##NAME##_MAKE_UP},
#include "vocab/pack.def"
};

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} lefts[] = {
    [MERGE_LEFT_NOT] = {"", "", ""},
    [MERGE_LEFT_ELSEWHERE] = {"elsewhere", "剩余日期内该组不在本项目驻点",
                              "the group does not stand here on any day that is left"},
    [MERGE_LEFT_TOO_LATE] = {"too_late", "已逾期，且按规则不能补开",
                             "overdue, and by its rule not made up for later"},
};

const char *merge_left_name(MergeLeft left)
{
    return lefts[left].name;
}

const char *merge_left_zh(MergeLeft left)
{
    return lefts[left].zh;
}

const char *merge_left_en(MergeLeft left)
{
    return lefts[left].en;
}

static Day earlier(Day a, Day b)
{
    return a < b ? a : b;
}

static Day later(Day a, Day b)
{
    return a > b ? a : b;
}

/* ---- Needs ---- */

typedef struct Needs {
    const MergeFacts *facts;
    Arena *arena;
    MergeNeed *items;
    size_t count;
} Needs;

static bool is_proposed(const MergeFacts *facts, Day day)
{
    return !pack_bool(facts->pack, PARAMETER_MERGE_WORKDAYS, day) ||
           calendar_is_workday(facts->calendar, day);
}

/* The last stretch of these days on which the group stands here: one that leaves and comes back
 * within a period is taken with its last stay. */
static bool find_here(const MergeGroup *group, DayRange days, DayRange *out_here)
{
    for (size_t i = group->here_count; i > 0; i--) {
        if (!ranges_meet(group->here[i - 1], days)) continue;
        out_here->first = later(group->here[i - 1].first, days.first);
        out_here->last = earlier(group->here[i - 1].last, days.last);
        return true;
    }
    return false;
}

/* Lets the days begin and end with workdays; where there is none only the last day remains. */
static void narrow(const MergeFacts *facts, MergeNeed *need)
{
    DayRange days = need->days;
    while (days.first <= days.last && !is_proposed(facts, days.first))
        days.first++;
    while (days.last >= days.first && !is_proposed(facts, days.last))
        days.last--;
    need->is_off = days.first > days.last;
    if (need->is_off) days.first = days.last = need->days.last;
    need->days = days;
}

/* When it can take place: in what is left of its period, or afterwards, to make up for it. */
static void find_days(const MergeFacts *facts, MergeNeed *need)
{
    const Obligation *obligation = need->obligation;
    const Merging *merging = &mergings[obligation->rule];
    DayRange days = {later(obligation->period.first, facts->today), obligation->due};
    need->makes_up = DAY_OPEN;
    if (obligation->state == DUTY_OVERDUE) {
        const Day month_last = duty_period(PERIOD_MONTH, facts->today).last;
        need->makes_up = obligation->due;
        days = (DayRange){facts->today, later(facts->within.last, month_last)};
        if (!pack_bool(facts->pack, merging->make_up, obligation->due)) {
            need->left = MERGE_LEFT_TOO_LATE;
            return;
        }
    }
    if (!find_here(&facts->groups[need->group], days, &need->days))
        need->left = MERGE_LEFT_ELSEWHERE;
    else
        narrow(facts, need);
}

static ErrCode add_need(Needs *needs, size_t group, const Obligation *obligation, Err *err)
{
    const Pack *pack = needs->facts->pack;
    const Merging *merging = &mergings[obligation->rule];
    if (needs->count == MERGE_NEEDS_MAX)
        return err_set(err, ERR_LIMIT,
                       "the groups owe more than %d meetings in this time: ask for less",
                       MERGE_NEEDS_MAX);
    needs->items = list_grow(needs->arena, needs->items, sizeof needs->items[0], needs->count);
    if (needs->items == NULL) return list_full(needs->count, err);
    assert(merging->minutes != merging->common); /* every duty says how it merges */
    MergeNeed *need = &needs->items[needs->count++];
    *need = (MergeNeed){
        .group = group,
        .obligation = obligation,
        .minutes = (int)pack_int(pack, merging->minutes, obligation->due),
        .is_common = pack_bool(pack, merging->common, obligation->due),
        .is_in_sequence = pack_bool(pack, merging->in_sequence, obligation->due),
    };
    find_days(needs->facts, need);
    return OK;
}

static ErrCode find_needs(Needs *needs, Err *err)
{
    for (size_t i = 0; i < needs->facts->group_count; i++) {
        const MergeGroup *group = &needs->facts->groups[i];
        for (size_t k = 0; k < group->owed_count; k++)
            for (int n = obligation_missing(&group->owed[k]); n > 0; n--)
                TRY(add_need(needs, i, &group->owed[k], err));
    }
    return OK;
}

/* ---- Activities ---- */

/* Whether two needs may be in one activity. */
static bool is_pair(const MergeNeed *a, const MergeNeed *b)
{
    if (a->group != b->group) return a->is_common && b->is_common;
    return a->is_in_sequence && b->is_in_sequence &&
           a->obligation->meeting != b->obligation->meeting;
}

bool merge_fits(const MergeNeed *const *needs, size_t count, int sitting_minutes_max)
{
    for (size_t i = 0; i < count; i++) {
        int minutes = needs[i]->minutes; /* of one group's sitting */
        for (size_t k = 0; k < count; k++) {
            if (i == k) continue;
            if (!is_pair(needs[i], needs[k])) return false;
            if (needs[i]->group == needs[k]->group) minutes += needs[k]->minutes;
        }
        if (minutes > needs[i]->minutes && minutes > sitting_minutes_max) return false;
    }
    return true;
}

/* With a day's notice where there is time for it, and otherwise at once. */
static Day choose_day(const MergeFacts *facts, DayRange days)
{
    for (Day day = later(days.first, facts->today + 1); day <= days.last; day++)
        if (is_proposed(facts, day)) return day;
    return days.last;
}

static void fill_activity(const MergeFacts *facts, MergeActivity *activity)
{
    int sitting = 0;
    activity->days = activity->needs[0]->days;
    for (size_t i = 0; i < activity->need_count; i++) {
        const MergeNeed *need = activity->needs[i];
        const bool is_same_group = i > 0 && activity->needs[i - 1]->group == need->group;
        activity->days.first = later(activity->days.first, need->days.first);
        activity->days.last = earlier(activity->days.last, need->days.last);
        activity->apart += need->minutes;
        sitting = (is_same_group ? sitting : 0) + need->minutes;
        if (sitting > activity->minutes) activity->minutes = sitting;
    }
    assert(activity->days.first <= activity->days.last);
    activity->day = choose_day(facts, activity->days);
}

static int compare_activities(const void *a, const void *b)
{
    const MergeActivity *left = a;
    const MergeActivity *right = b;
    if (left->day != right->day) return left->day < right->day ? -1 : 1;
    return left->needs[0] < right->needs[0] ? -1 : left->needs[0] > right->needs[0];
}

/* Needs come by group, and stay so within each activity. */
static ErrCode gather_activities(const MergeFacts *facts, const Needs *needs, Arena *arena,
                                 MergePlan *plan, Err *err)
{
    MergeActivity *activities = arena_array(arena, MergeActivity, plan->activity_count);
    const MergeNeed **members = arena_array(arena, const MergeNeed *, needs->count);
    size_t *ends = arena_array(arena, size_t, plan->activity_count + 1);
    if (activities == NULL || members == NULL || ends == NULL) return list_full(needs->count, err);
    for (size_t i = 0; i < needs->count; i++)
        if (needs->items[i].left == MERGE_LEFT_NOT) ends[needs->items[i].activity + 1]++;
    for (size_t i = 0; i < plan->activity_count; i++) {
        activities[i].needs = &members[ends[i]];
        ends[i + 1] += ends[i];
    }
    for (size_t i = 0; i < needs->count; i++) {
        if (needs->items[i].left != MERGE_LEFT_NOT) continue;
        MergeActivity *activity = &activities[needs->items[i].activity];
        members[ends[needs->items[i].activity] + activity->need_count++] = &needs->items[i];
    }
    for (size_t i = 0; i < plan->activity_count; i++)
        fill_activity(facts, &activities[i]);
    if (plan->activity_count > 0)
        qsort(activities, plan->activity_count, sizeof activities[0], compare_activities);
    for (size_t i = 0; i < plan->activity_count; i++)
        for (size_t k = 0; k < activities[i].need_count; k++)
            needs->items[activities[i].needs[k] - needs->items].activity = i;
    plan->activities = activities;
    return OK;
}

ErrCode merge_plan(const MergeFacts *facts, Arena *arena, MergePlan *out_plan, Err *err)
{
    assert(facts != NULL && arena != NULL && out_plan != NULL);
    Needs needs = {.facts = facts, .arena = arena};
    MergePlan plan = {0};
    const int sitting =
        (int)pack_int(facts->pack, PARAMETER_MERGE_SITTING_MINUTES_MAX, facts->today);
    if (facts->group_count > MERGE_GROUPS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d groups stand here", MERGE_GROUPS_MAX);
    TRY(find_needs(&needs, err));
    MergeNeed **open = arena_array(arena, MergeNeed *, needs.count);
    if (open == NULL) return list_full(needs.count, err);
    for (size_t i = 0; i < needs.count; i++)
        if (needs.items[i].left == MERGE_LEFT_NOT) open[plan.fulfilled++] = &needs.items[i];
    TRY(merge_search(open, plan.fulfilled, sitting, arena, &plan.activity_count, &plan.is_fewest,
                     err));
    TRY(gather_activities(facts, &needs, arena, &plan, err));
    plan.needs = needs.items;
    plan.need_count = needs.count;
    *out_plan = plan;
    return OK;
}

int64_t merge_saved_minutes(const MergePlan *plan)
{
    int64_t saved = 0;
    for (size_t i = 0; i < plan->activity_count; i++)
        saved += plan->activities[i].apart - plan->activities[i].minutes;
    return saved;
}
