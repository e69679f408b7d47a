#include "duties/duty.h"

#include <assert.h>
#include <stdio.h>

#include "base/list.h"

/* A rule that makes groups owe a meeting. */
typedef struct DutyRule {
    RuleCode rule;
    int kind;
    int meeting;
    ParameterCode times;
    ParameterCode per;
    ParameterCode days_min;
    ParameterCode by_form[5]; /* by FORM_IS_...; that of 0 is a group's */
} DutyRule;

static const DutyRule duties[] = {
#define DUTY(NAME, name, KIND, MEETING, often, EACH, days, group, branch, temporary, joint, what) \
    {RULE_##NAME,                                                                                 \
     GROUP_KIND_IS_##KIND,                                                                        \
     MEETING_IS_##MEETING,                                                                        \
     PARAMETER_##NAME##_TIMES,                                                                    \
     PARAMETER_##NAME##_PER,                                                                      \
     PARAMETER_##NAME##_DAYS_MIN,                                                                 \
     {PARAMETER_##NAME##_GROUP, PARAMETER_##NAME##_GROUP, PARAMETER_##NAME##_BRANCH,              \
      PARAMETER_##NAME##_TEMPORARY, PARAMETER_##NAME##_JOINT}},
#include "vocab/pack.def"
};
static_assert(FORM_IS_GROUP == 1 && FORM_IS_BRANCH == 2 && FORM_IS_TEMPORARY_BRANCH == 3 &&
                  FORM_IS_JOINT_BRANCH == 4,
              "by_form[] is in the order of the forms");

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} states[DUTY_STATE_COUNT] = {
    [DUTY_AHEAD] = {"ahead", "未到期", "ahead"},
    [DUTY_DUE] = {"due", "待完成", "due"},
    [DUTY_DONE] = {"done", "已完成", "done"},
    [DUTY_MADE_UP] = {"made_up", "已补开", "made up"},
    [DUTY_WAIVED] = {"waived", "已免除", "waived"},
    [DUTY_OVERDUE] = {"overdue", "逾期", "overdue"},
};

const char *duty_state_name(DutyState state)
{
    assert(state < DUTY_STATE_COUNT);
    return states[state].name;
}

const char *duty_state_zh(DutyState state)
{
    assert(state < DUTY_STATE_COUNT);
    return states[state].zh;
}

const char *duty_state_en(DutyState state)
{
    assert(state < DUTY_STATE_COUNT);
    return states[state].en;
}

/* What no rule speaks of is the Party's. */
int duty_group_kind(int meeting)
{
    for (size_t i = 0; i < sizeof duties / sizeof duties[0]; i++)
        if (duties[i].meeting == meeting) return duties[i].kind;
    return GROUP_KIND_IS_PARTY;
}

/* ---- Periods ---- */

/* So many months from the first of that month on. */
static DayRange months_from(int year, int month, int count)
{
    Err err;
    Day first = 0;
    const ErrCode code = day_from_civil(year, month, 1, &first, &err);
    assert(code == OK); /* a month of a day there is */
    (void)code;
    return (DayRange){first, day_add_months(first, count) - 1};
}

DayRange duty_period(PeriodKind kind, Day day)
{
    int year = 0;
    int month = 0;
    int of_month = 0;
    const Day monday = day - day_weekday(day);
    day_to_civil(day, &year, &month, &of_month);
    switch (kind) {
    case PERIOD_WORKDAY: break;
    case PERIOD_WEEK: return (DayRange){monday, monday + 6};
    case PERIOD_MONTH: return months_from(year, month, 1);
    case PERIOD_QUARTER: return months_from(year, (month - 1) / 3 * 3 + 1, 3);
    case PERIOD_HALF_YEAR: return months_from(year, month <= 6 ? 1 : 7, 6);
    case PERIOD_YEAR: return months_from(year, 1, 12);
    }
    return (DayRange){day, day};
}

ErrCode period_parse(Text text, Day day, DayRange *out_range, Err *err)
{
    char first[DAY_TEXT_MAX] = "";
    Day start = day;
    if (text.size == 4 || text.size == 7) {
        (void)snprintf(first, sizeof first, "%.*s%s", TEXT_ARG(text),
                       text.size == 4 ? "-01-01" : "-01");
        if (day_parse(text_from_z(first), &start, err) != OK) return err_context(err, "period");
    } else if (text.size > 0) {
        return err_set(err, ERR_INVALID, "a period is a year or a month, such as 2026-10");
    }
    *out_range = duty_period(text.size == 4 ? PERIOD_YEAR : PERIOD_MONTH, start);
    return OK;
}

/* ---- One obligation ---- */

static Day earlier(Day a, Day b)
{
    return a < b ? a : b;
}

static Day later(Day a, Day b)
{
    return a > b ? a : b;
}

/* The days of a period on which the group stands anywhere: how many, the first and the last. */
static int days_there(const DutyFacts *facts, DayRange period, DayRange *out_ends)
{
    int count = 0;
    for (size_t i = 0; i < facts->there_count; i++) {
        const DayRange there = facts->there[i];
        if (!ranges_meet(there, period)) continue;
        const Day first = later(there.first, period.first);
        const Day last = earlier(there.last, period.last);
        if (count == 0) out_ends->first = first;
        out_ends->last = last;
        count += last - first + 1;
    }
    return count;
}

/* Of several parts of a group in one activity that are the same meeting only one counts. */
static bool is_told_before(const DutyFacts *facts, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (facts->parts[i].activity == facts->parts[at].activity &&
            facts->parts[i].meeting == facts->parts[at].meeting)
            return true;
    return false;
}

static void count_held(const DutyFacts *facts, Day today, Obligation *obligation)
{
    for (size_t i = 0; i < facts->part_count; i++) {
        const Part *part = &facts->parts[i];
        if (part->meeting != obligation->meeting || part->day > today || is_told_before(facts, i))
            continue;
        if (part->makes_up != DAY_OPEN) {
            if (range_has(obligation->period, part->makes_up)) obligation->made_up++;
        } else if (range_has(obligation->period, part->day)) {
            obligation->in_time++;
            if (part->recorded > obligation->due) obligation->is_recorded_late = true;
        }
    }
}

static Key waiver_of(const DutyFacts *facts, const Obligation *obligation)
{
    for (size_t i = 0; i < facts->waiver_count; i++)
        if (facts->waivers[i].meeting == obligation->meeting &&
            range_has(obligation->period, facts->waivers[i].day))
            return facts->waivers[i].key;
    return KEY_NONE;
}

static DutyState state_of(const Obligation *obligation, Day first_there, Day today)
{
    if (obligation->in_time >= obligation->wanted) return DUTY_DONE;
    if (obligation->in_time + obligation->made_up >= obligation->wanted) return DUTY_MADE_UP;
    if (obligation->waiver != KEY_NONE) return DUTY_WAIVED;
    if (today > obligation->due) return DUTY_OVERDUE;
    return today >= first_there ? DUTY_DUE : DUTY_AHEAD;
}

/* Whether the group owes this in the period at all; fills the obligation when it does. */
static bool is_owed(const DutyFacts *facts, const DutyRule *duty, DayRange period, Day today,
                    Obligation *out_obligation)
{
    DayRange ends = {0};
    const int count = days_there(facts, period, &ends);
    if (count == 0) return false;
    const Rule *rule = pack_rule(facts->pack, duty->rule, ends.first);
    assert(facts->form >= 0 && facts->form < 5);
    if (rule == NULL || rule->values[duty->by_form[facts->form]] == 0) return false;
    if (count < rule->values[duty->days_min] && count < period.last - period.first + 1)
        return false;
    *out_obligation = (Obligation){.rule = duty->rule,
                                   .meeting = duty->meeting,
                                   .hardness = rule->hardness,
                                   .period = period,
                                   .due = ends.last,
                                   .wanted = (int)rule->values[duty->times]};
    count_held(facts, today, out_obligation);
    out_obligation->waiver = waiver_of(facts, out_obligation);
    out_obligation->state = state_of(out_obligation, ends.first, today);
    return true;
}

typedef struct Found {
    Arena *arena;
    Obligation *items;
    size_t count;
} Found;

static ErrCode add(Found *found, const Obligation *obligation, Err *err)
{
    if (found->count == OBLIGATIONS_MAX)
        return err_set(err, ERR_LIMIT,
                       "a group owes more than %d things in this time: ask for less",
                       OBLIGATIONS_MAX);
    found->items = list_grow(found->arena, found->items, sizeof found->items[0], found->count);
    if (found->items == NULL) return list_full(found->count, err);
    found->items[found->count++] = *obligation;
    return OK;
}

/* How long a period is may change with the version of the rule; the next one begins behind it. */
static ErrCode add_duty(const DutyFacts *facts, const DutyRule *duty, DayRange within, Day today,
                        Found *found, Err *err)
{
    for (Day day = within.first; day <= within.last;) {
        const PeriodKind kind = pack_period(facts->pack, duty->per, day);
        const DayRange period = duty_period(kind, day);
        const bool is_day_off =
            kind == PERIOD_WORKDAY && !calendar_is_workday(facts->calendar, day);
        Obligation obligation;
        if (!is_day_off && is_owed(facts, duty, period, today, &obligation))
            TRY(add(found, &obligation, err));
        day = period.last + 1;
    }
    return OK;
}

ErrCode duties_of_group(const DutyFacts *facts, DayRange within, Day today, Arena *arena,
                        Obligation **out_obligations, size_t *out_count, Err *err)
{
    assert(facts != NULL && arena != NULL);
    assert(out_obligations != NULL && out_count != NULL);
    Found found = {.arena = arena};
    for (size_t i = 0; i < sizeof duties / sizeof duties[0]; i++)
        if (duties[i].kind == facts->kind)
            TRY(add_duty(facts, &duties[i], within, today, &found, err));
    *out_obligations = found.items;
    *out_count = found.count;
    return OK;
}
