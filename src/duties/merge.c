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

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} aparts[] = {
    [MERGE_APART_NOT] = {NULL, "", ""},
    [MERGE_APART_DAILY] = {"daily", "每日进行，单独成一次活动，不计节省",
                           "daily: an activity of its own, which saves nothing"},
    [MERGE_APART_BY_RULE] = {"by_rule", "按规则单独进行", "apart, by its rule"},
};

const char *merge_apart_name(MergeApart apart)
{
    return aparts[apart].name;
}

const char *merge_apart_zh(MergeApart apart)
{
    return aparts[apart].zh;
}

const char *merge_apart_en(MergeApart apart)
{
    return aparts[apart].en;
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

/* ---- What goes together ---- */

/* Whether two needs may be in one activity. */
static bool is_pair(const MergeNeed *a, const MergeNeed *b)
{
    if (a->group != b->group) return a->is_common && b->is_common;
    return a->is_in_sequence && b->is_in_sequence &&
           a->obligation->meeting != b->obligation->meeting;
}

/* Whether a need goes with all of these; adds the minutes that its group sits for them. */
static bool goes_with(const MergeNeed *need, const MergeNeed *const *others, size_t count,
                      int *minutes)
{
    for (size_t i = 0; i < count; i++) {
        if (others[i] == need) continue;
        if (!is_pair(need, others[i])) return false;
        if (need->group == others[i]->group) *minutes += others[i]->minutes;
    }
    return true;
}

bool merge_fits(const MergeNeed *const *parts, size_t part_count, const MergeNeed *const *needs,
                size_t count, int sitting_minutes_max)
{
    for (size_t i = 0; i < count; i++) {
        int minutes = needs[i]->minutes; /* of one group's sitting */
        if (!goes_with(needs[i], parts, part_count, &minutes) ||
            !goes_with(needs[i], needs, count, &minutes))
            return false;
        if (minutes > needs[i]->minutes && minutes > sitting_minutes_max) return false;
    }
    return true;
}

/* ---- What is planned ---- */

/* A part that is there already, as the need that it was. */
static const MergeNeed *need_of_part(const MergeFacts *facts, const MergePlanned *planned,
                                     const MergePart *part, Arena *arena)
{
    const RuleCode rule = duty_rule(part->meeting);
    MergeNeed *need = arena_new(arena, MergeNeed);
    Obligation *obligation = arena_new(arena, Obligation);
    if (need == NULL || obligation == NULL) return NULL;
    *obligation = (Obligation){.rule = rule, .meeting = part->meeting};
    *need = (MergeNeed){.group = part->group, .obligation = obligation, .joins = planned};
    if (rule == RULE_COUNT) return need; /* a kind of meeting that this version does not know */
    const Merging *merging = &mergings[rule];
    need->minutes = (int)pack_int(facts->pack, merging->minutes, planned->day);
    need->is_common = pack_bool(facts->pack, merging->common, planned->day);
    need->is_in_sequence = pack_bool(facts->pack, merging->in_sequence, planned->day);
    return need;
}

static ErrCode find_seats(const MergeFacts *facts, Arena *arena, MergeSeat **out_seats, Err *err)
{
    MergeSeat *seats = arena_array(arena, MergeSeat, facts->planned_count);
    if (seats == NULL) return list_full(facts->planned_count, err);
    for (size_t i = 0; i < facts->planned_count; i++) {
        const MergePlanned *planned = &facts->planned[i];
        const MergeNeed **parts = arena_array(arena, const MergeNeed *, planned->part_count);
        if (parts == NULL) return list_full(planned->part_count, err);
        for (size_t k = 0; k < planned->part_count; k++) {
            parts[k] = need_of_part(facts, planned, &planned->parts[k], arena);
            if (parts[k] == NULL) return list_full(k, err);
        }
        seats[i] = (MergeSeat){planned, parts, !is_proposed(facts, planned->day)};
    }
    *out_seats = seats;
    return OK;
}

/* ---- Activities ---- */

int merge_sitting(const MergeSeat *seat, size_t group)
{
    int minutes = 0;
    for (size_t i = 0; i < seat->planned->part_count; i++)
        if (seat->parts[i]->group == group) minutes += seat->parts[i]->minutes;
    return minutes;
}

static int longest_of(const MergeSeat *seat)
{
    int longest = 0;
    for (size_t i = 0; seat != NULL && i < seat->planned->part_count; i++) {
        const int sitting = merge_sitting(seat, seat->parts[i]->group);
        if (sitting > longest) longest = sitting;
    }
    return longest;
}

static MergeApart apart_of(const MergeActivity *activity)
{
    const MergeNeed *need = activity->needs[0];
    if (need->is_common || need->is_in_sequence) return MERGE_APART_NOT;
    const DayRange period = need->obligation->period;
    return period.first == period.last ? MERGE_APART_DAILY : MERGE_APART_BY_RULE;
}

/* `seat`: what its needs join; NULL for a new activity. */
static void fill_activity(const MergeSeat *seat, MergeActivity *activity)
{
    int sitting = 0;
    activity->days = activity->needs[0]->days;
    activity->minutes = activity->before = longest_of(seat);
    for (size_t i = 0; i < activity->need_count; i++) {
        const MergeNeed *need = activity->needs[i];
        const bool is_same_group = i > 0 && activity->needs[i - 1]->group == need->group;
        activity->days.first = later(activity->days.first, need->days.first);
        activity->days.last = earlier(activity->days.last, need->days.last);
        activity->alone += need->minutes;
        if (!is_same_group) sitting = seat == NULL ? 0 : merge_sitting(seat, need->group);
        sitting += need->minutes;
        if (sitting > activity->minutes) activity->minutes = sitting;
    }
    assert(activity->days.first <= activity->days.last);
    activity->apart = apart_of(activity);
    if (seat == NULL) return;
    activity->joins = seat->planned;
    assert(range_has(activity->days, seat->planned->day));
    activity->days = (DayRange){seat->planned->day, seat->planned->day};
}

/* ---- Days ---- */

static_assert(MERGE_GROUPS_MAX <= 64, "the groups of a day are bits of a number");

/* Which groups have something on which day, but for what is daily. */
typedef struct Diary {
    const MergeFacts *facts;
    uint64_t *busy; /* by day, from today on */
    Day last;
} Diary;

static ErrCode diary_open(const MergeFacts *facts, Day last, Arena *arena, Diary *out_diary,
                          Err *err)
{
    Diary diary = {facts, arena_array(arena, uint64_t, (size_t)(last - facts->today + 1)), last};
    if (diary.busy == NULL) return list_full((size_t)(last - facts->today), err);
    for (size_t i = 0; i < facts->planned_count; i++) {
        const MergePlanned *planned = &facts->planned[i];
        for (size_t k = 0; k < planned->part_count && planned->day <= last; k++)
            if (planned->parts[k].group < facts->group_count &&
                planned->parts[k].meeting != MEETING_IS_PRE_SHIFT)
                diary.busy[planned->day - facts->today] |= UINT64_C(1) << planned->parts[k].group;
    }
    *out_diary = diary;
    return OK;
}

/* With a day's notice where there is time for it, and otherwise at once; on a day on which none of
 * its groups has something else, where there is one. */
static Day choose_day(Diary *diary, const MergeActivity *activity)
{
    const MergeFacts *facts = diary->facts;
    uint64_t groups = 0;
    Day chosen = DAY_OPEN;
    for (size_t i = 0; i < activity->need_count; i++)
        groups |= UINT64_C(1) << activity->needs[i]->group;
    for (Day day = later(activity->days.first, facts->today + 1); day <= activity->days.last;
         day++) {
        if (!is_proposed(facts, day)) continue;
        if (chosen == DAY_OPEN) chosen = day;
        if ((diary->busy[day - facts->today] & groups) != 0) continue;
        chosen = day;
        break;
    }
    if (chosen == DAY_OPEN) chosen = activity->days.last;
    if (activity->apart != MERGE_APART_DAILY) diary->busy[chosen - facts->today] |= groups;
    return chosen;
}

static int compare_ends(const void *a, const void *b)
{
    const MergeActivity *left = a;
    const MergeActivity *right = b;
    if (left->days.last != right->days.last) return left->days.last < right->days.last ? -1 : 1;
    return left->needs[0] < right->needs[0] ? -1 : left->needs[0] > right->needs[0];
}

/* What ends first chooses first. */
static ErrCode choose_days(const MergeFacts *facts, MergeActivity *activities, size_t count,
                           Arena *arena, Err *err)
{
    Diary diary = {0};
    if (count == 0) return OK;
    qsort(activities, count, sizeof activities[0], compare_ends);
    TRY(diary_open(facts, activities[count - 1].days.last, arena, &diary, err));
    for (size_t i = 0; i < count; i++)
        activities[i].day = activities[i].joins != NULL ? activities[i].joins->day
                                                        : choose_day(&diary, &activities[i]);
    return OK;
}

static int compare_activities(const void *a, const void *b)
{
    const MergeActivity *left = a;
    const MergeActivity *right = b;
    if (left->day != right->day) return left->day < right->day ? -1 : 1;
    return left->needs[0] < right->needs[0] ? -1 : left->needs[0] > right->needs[0];
}

/* Behind the new activities come those that are joined; their seats stand at their numbers. */
static ErrCode number_joined(const MergeFacts *facts, const MergeSeat *seats, const Needs *needs,
                             MergePlan *plan, const MergeSeat ***out_seat_of, Err *err)
{
    size_t *number = arena_array(needs->arena, size_t, facts->planned_count);
    const MergeSeat **seat_of =
        arena_array(needs->arena, const MergeSeat *, plan->activity_count + facts->planned_count);
    if (number == NULL || seat_of == NULL) return list_full(facts->planned_count, err);
    for (size_t i = 0; i < needs->count; i++) {
        if (needs->items[i].joins == NULL) continue;
        const size_t at = (size_t)(needs->items[i].joins - facts->planned);
        if (number[at] == 0) {
            seat_of[plan->activity_count] = &seats[at];
            number[at] = ++plan->activity_count;
            plan->joined++;
        }
        needs->items[i].activity = number[at] - 1;
    }
    *out_seat_of = seat_of;
    return OK;
}

/* Needs come by group, and stay so within each activity. */
static ErrCode gather_activities(const MergeFacts *facts, const MergeSeat *seats,
                                 const Needs *needs, MergePlan *plan, Err *err)
{
    const MergeSeat **seat_of = NULL;
    TRY(number_joined(facts, seats, needs, plan, &seat_of, err));
    MergeActivity *activities = arena_array(needs->arena, MergeActivity, plan->activity_count);
    const MergeNeed **members = arena_array(needs->arena, const MergeNeed *, needs->count);
    size_t *ends = arena_array(needs->arena, size_t, plan->activity_count + 1);
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
    for (size_t i = 0; i < plan->activity_count; i++) {
        fill_activity(seat_of[i], &activities[i]);
        plan->daily += activities[i].apart == MERGE_APART_DAILY;
    }
    TRY(choose_days(facts, activities, plan->activity_count, needs->arena, err));
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
    MergeSeat *seats = NULL;
    if (facts->group_count > MERGE_GROUPS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d groups stand here", MERGE_GROUPS_MAX);
    TRY(find_needs(&needs, err));
    TRY(find_seats(facts, arena, &seats, err));
    MergeNeed **open = arena_array(arena, MergeNeed *, needs.count);
    if (open == NULL) return list_full(needs.count, err);
    for (size_t i = 0; i < needs.count; i++)
        if (needs.items[i].left == MERGE_LEFT_NOT) open[plan.fulfilled++] = &needs.items[i];
    const MergeWish wish = {
        .needs = open,
        .count = plan.fulfilled,
        .seats = seats,
        .seat_count = facts->planned_count,
        .sitting_minutes_max =
            (int)pack_int(facts->pack, PARAMETER_MERGE_SITTING_MINUTES_MAX, facts->today),
        .today = facts->today,
    };
    TRY(merge_search(&wish, arena, &plan.activity_count, &plan.is_fewest, err));
    TRY(gather_activities(facts, seats, &needs, &plan, err));
    plan.needs = needs.items;
    plan.need_count = needs.count;
    *out_plan = plan;
    return OK;
}

int merge_saved_by(const MergeActivity *activity)
{
    return activity->alone - (activity->minutes - activity->before);
}

int64_t merge_saved_minutes(const MergePlan *plan)
{
    int64_t saved = 0;
    for (size_t i = 0; i < plan->activity_count; i++)
        saved += merge_saved_by(&plan->activities[i]);
    return saved;
}
