#include "duties/duty.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

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

static const DutyRule *duty_of(int meeting)
{
    for (size_t i = 0; i < sizeof duties / sizeof duties[0]; i++)
        if (duties[i].meeting == meeting) return &duties[i];
    return NULL;
}

/* What no rule speaks of is the Party's. */
int duty_group_kind(int meeting)
{
    const DutyRule *duty = duty_of(meeting);
    return duty == NULL ? GROUP_KIND_IS_PARTY : duty->kind;
}

RuleCode duty_rule(int meeting)
{
    const DutyRule *duty = duty_of(meeting);
    return duty == NULL ? RULE_COUNT : duty->rule;
}

/* ---- Parts ---- */

Day part_counts_on(const Part *part)
{
    return part->makes_up != DAY_OPEN ? part->makes_up : part->day;
}

bool duty_counts_for(const Part *part, RuleCode rule, DayRange period)
{
    if (part->is_planned || !range_has(period, part_counts_on(part))) return false;
    for (size_t i = 0; i < sizeof duties / sizeof duties[0]; i++)
        if (duties[i].rule == rule) return duties[i].meeting == part->meeting;
    return false;
}

/* -1, 0 or 1: which of two numbers is the smaller. */
static int order(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_told(const void *a, const void *b)
{
    const Part *left = a;
    const Part *right = b;
    if (left->activity != right->activity) return order(left->activity, right->activity);
    if (left->meeting != right->meeting) return order(left->meeting, right->meeting);
    return order(left->key, right->key);
}

static int compare_counted(const void *a, const void *b)
{
    const int by_day = order(part_counts_on(a), part_counts_on(b));
    return by_day != 0 ? by_day : order(((const Part *)a)->key, ((const Part *)b)->key);
}

void parts_settle(Part *parts, size_t *count)
{
    size_t kept = 0;
    if (*count == 0) return;
    qsort(parts, *count, sizeof parts[0], compare_told);
    for (size_t i = 0; i < *count; i++) {
        const Part *last = kept == 0 ? NULL : &parts[kept - 1];
        if (last != NULL && last->activity == parts[i].activity &&
            last->meeting == parts[i].meeting)
            continue;
        parts[kept++] = parts[i];
    }
    qsort(parts, kept, sizeof parts[0], compare_counted);
    *count = kept;
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
    if (kind == PERIOD_WORKDAY) return (DayRange){day, day};
    if (kind == PERIOD_WEEK) return (DayRange){monday, monday + 6};
    day_to_civil(day, &year, &month, &of_month);
    switch (kind) {
    case PERIOD_QUARTER: return months_from(year, (month - 1) / 3 * 3 + 1, 3);
    case PERIOD_HALF_YEAR: return months_from(year, month <= 6 ? 1 : 7, 6);
    case PERIOD_YEAR: return months_from(year, 1, 12);
    default: return months_from(year, month, 1);
    }
}

/* "2026", "2026-10" or "2026-Q4", as far as digits go. */
static bool is_period(Text text, PeriodKind *out_kind)
{
    const bool is_quarter = text.size == 7 && text.at[5] == 'Q';
    if (text.size != 4 && text.size != 7) return false;
    for (size_t i = 0; i < text.size; i++) {
        const bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (i == 4 ? text.at[i] != '-' : !is_digit && !(is_quarter && i == 5)) return false;
    }
    *out_kind = is_quarter ? PERIOD_QUARTER : text.size == 4 ? PERIOD_YEAR : PERIOD_MONTH;
    return !is_quarter || (text.at[6] >= '1' && text.at[6] <= '4');
}

ErrCode period_parse(Text text, Day day, DayRange *out_range, Err *err)
{
    char first[DAY_TEXT_MAX] = "";
    Day start = day;
    PeriodKind kind = PERIOD_MONTH;
    if (text.size > 0) {
        if (!is_period(text, &kind))
            return err_set(err, ERR_INVALID,
                           "a period is a year, a quarter or a month: 2026, 2026-Q4 or 2026-10");
        (void)snprintf(first, sizeof first, "%.*s-01%s", kind == PERIOD_MONTH ? 7 : 4, text.at,
                       kind == PERIOD_MONTH ? "" : "-01");
        if (day_parse(text_from_z(first), &start, err) != OK) return err_context(err, "period");
        if (kind == PERIOD_QUARTER) start = day_add_months(start, (text.at[6] - '1') * 3);
    }
    *out_range = duty_period(kind, start);
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

static void count_part(const Part *part, Day today, Obligation *obligation)
{
    if (part->meeting != obligation->meeting) return;
    if (part->is_planned) {
        if (part->day >= today) obligation->planned++;
    } else if (part->day > today) {
        return;
    } else if (part->makes_up != DAY_OPEN) {
        obligation->made_up++;
    } else {
        obligation->in_time++;
        if (part->recorded > obligation->due) obligation->is_recorded_late = true;
    }
}

/* The first part that counts on that day or later: parts are settled. */
static size_t first_part(const DutyFacts *facts, Day day)
{
    size_t low = 0;
    size_t high = facts->part_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (part_counts_on(&facts->parts[middle]) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void count_held(const DutyFacts *facts, Day today, Obligation *obligation)
{
    const DayRange period = obligation->period;
    for (size_t i = first_part(facts, period.first);
         i < facts->part_count && part_counts_on(&facts->parts[i]) <= period.last; i++)
        count_part(&facts->parts[i], today, obligation);
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

/* The version of a rule on a day, when another one is known that may be it. */
static const Rule *version_on(const DutyFacts *facts, RuleCode code, Day day, const Rule *known)
{
    if (known != NULL && range_has(known->valid, day)) return known;
    return pack_rule(facts->pack, code, day);
}

/* Whether the group owes this in the period at all; fills the obligation when it does. */
static bool is_owed(const DutyFacts *facts, const DutyRule *duty, const Rule *known,
                    DayRange period, Day today, Obligation *out_obligation)
{
    DayRange ends = {0};
    const int count = days_there(facts, period, &ends);
    if (count == 0) return false;
    const Rule *rule = version_on(facts, duty->rule, ends.first, known);
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

/* What is done with each obligation as it is found. */
typedef ErrCode ObligationVisit(void *context, const Obligation *obligation, Err *err);

/* How long a period is may change with the version of the rule; the next one begins behind it. */
static ErrCode visit_duty(const DutyFacts *facts, const DutyRule *duty, DayRange within, Day today,
                          ObligationVisit *visit, void *context, Err *err)
{
    const Rule *rule = NULL;
    for (Day day = within.first; day <= within.last;) {
        rule = version_on(facts, duty->rule, day, rule);
        const PeriodKind kind = rule != NULL ? (PeriodKind)rule->values[duty->per]
                                             : pack_period(facts->pack, duty->per, day);
        const DayRange period = duty_period(kind, day);
        const bool is_day_off =
            kind == PERIOD_WORKDAY && !calendar_is_workday(facts->calendar, day);
        Obligation obligation;
        if (!is_day_off && is_owed(facts, duty, rule, period, today, &obligation))
            TRY(visit(context, &obligation, err));
        day = period.last + 1;
    }
    return OK;
}

static ErrCode visit_all(const DutyFacts *facts, DayRange within, Day today, ObligationVisit *visit,
                         void *context, Err *err)
{
    for (size_t i = 0; i < sizeof duties / sizeof duties[0]; i++)
        if (duties[i].kind == facts->kind)
            TRY(visit_duty(facts, &duties[i], within, today, visit, context, err));
    return OK;
}

/* ---- All of a group ---- */

typedef struct Found {
    Arena *arena;
    Obligation *items;
    size_t count;
} Found;

static ErrCode add_found(void *context, const Obligation *obligation, Err *err)
{
    Found *found = context;
    if (found->count == OBLIGATIONS_MAX)
        return err_set(err, ERR_LIMIT,
                       "a group owes more than %d things in this time: ask for less",
                       OBLIGATIONS_MAX);
    found->items = list_grow(found->arena, found->items, sizeof found->items[0], found->count);
    if (found->items == NULL) return list_full(found->count, err);
    found->items[found->count++] = *obligation;
    return OK;
}

ErrCode duties_of_group(const DutyFacts *facts, DayRange within, Day today, Arena *arena,
                        Obligation **out_obligations, size_t *out_count, Err *err)
{
    assert(facts != NULL && arena != NULL);
    assert(out_obligations != NULL && out_count != NULL);
    Found found = {.arena = arena};
    TRY(visit_all(facts, within, today, add_found, &found, err));
    *out_obligations = found.items;
    *out_count = found.count;
    return OK;
}

static ErrCode count_one(void *context, const Obligation *obligation, Err *err)
{
    DutyCounts *counts = context;
    (void)err;
    counts->states[obligation->state]++;
    if (obligation->is_recorded_late) counts->recorded_late++;
    if (obligation_is_planned(obligation)) counts->planned++;
    if (obligation_breach(obligation) == BREACH_NOT_CONFORMING) counts->not_conforming++;
    return OK;
}

void duties_count(const DutyFacts *facts, DayRange within, Day today, DutyCounts *counts)
{
    Err err;
    const ErrCode code = visit_all(facts, within, today, count_one, counts, &err);
    assert(code == OK); /* counting does not fail */
    (void)code;
}

void duty_counts_add(DutyCounts *counts, const DutyCounts *more)
{
    for (int state = 0; state < DUTY_STATE_COUNT; state++)
        counts->states[state] += more->states[state];
    counts->recorded_late += more->recorded_late;
    counts->planned += more->planned;
    counts->not_conforming += more->not_conforming;
}

int32_t duty_counts_total(const DutyCounts *counts)
{
    int32_t total = 0;
    for (int state = 0; state < DUTY_STATE_COUNT; state++)
        total += counts->states[state];
    return total;
}

/* ---- What became of one ---- */

static bool is_open(const Obligation *obligation)
{
    return obligation->state == DUTY_AHEAD || obligation->state == DUTY_DUE ||
           obligation->state == DUTY_OVERDUE;
}

bool obligation_is_planned(const Obligation *obligation)
{
    return is_open(obligation) && obligation->planned > 0 && obligation_missing(obligation) == 0;
}

int obligation_missing(const Obligation *obligation)
{
    const int missing =
        obligation->wanted - obligation->in_time - obligation->made_up - obligation->planned;
    return is_open(obligation) && missing > 0 ? missing : 0;
}

DutyBreach obligation_breach(const Obligation *obligation)
{
    if (obligation->state != DUTY_OVERDUE) return BREACH_NONE;
    return obligation->hardness == HARDNESS_GENERALLY ? BREACH_NOT_CONFORMING : BREACH_VIOLATION;
}

const char *breach_name(DutyBreach breach)
{
    static const char *const names[] = {NULL, "not_conforming", "violation"};
    return names[breach];
}

const char *breach_zh(DutyBreach breach)
{
    static const char *const words[] = {"", "不规范", "违反规定"};
    return words[breach];
}
