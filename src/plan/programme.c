#include "plan/programme.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

static const struct {
    const char *name;
    const char *zh;
    const char *en;
} states[PLAN_STATE_COUNT] = {
    [PLAN_WAITING] = {"waiting", "等待阶段排期", "waiting for the phase"},
    [PLAN_NOT_NEEDED] = {"not_needed", "风险未达等级", "not needed at this risk"},
    [PLAN_UNDECIDED] = {"undecided", "待定风险等级", "risk not stated"},
    [PLAN_AHEAD] = {"ahead", "未到期", "ahead"},
    [PLAN_DUE] = {"due", "当日", "due"},
    [PLAN_DONE] = {"done", "已完成", "done"},
    [PLAN_OVERDUE] = {"overdue", "逾期", "overdue"},
};

const char *plan_state_name(PlanState state)
{
    assert(state < PLAN_STATE_COUNT);
    return states[state].name;
}

const char *plan_state_zh(PlanState state)
{
    assert(state < PLAN_STATE_COUNT);
    return states[state].zh;
}

const char *plan_state_en(PlanState state)
{
    assert(state < PLAN_STATE_COUNT);
    return states[state].en;
}

/* ---- The schedule ---- */

static int by_stamp(const void *left, const void *right)
{
    const PhaseVersion *a = left;
    const PhaseVersion *b = right;
    if (a->stamp != b->stamp) return a->stamp < b->stamp ? -1 : 1;
    return a->fact < b->fact ? -1 : a->fact > b->fact;
}

ErrCode schedule_make(PhaseVersion *versions, size_t count, Schedule *out_schedule, Err *err)
{
    if (count > SCHEDULE_VERSIONS_MAX)
        return err_set(err, ERR_LIMIT, "the phases of this project changed more than %d times",
                       SCHEDULE_VERSIONS_MAX);
    if (count > 1) qsort(versions, count, sizeof versions[0], by_stamp);
    for (size_t i = 0; i < count; i++) {
        versions[i].until = i + 1;
        while (versions[i].until < count && versions[versions[i].until].fact != versions[i].fact)
            versions[i].until++;
    }
    *out_schedule = (Schedule){versions, count};
    return OK;
}

size_t schedule_known(const Schedule *schedule, Day on)
{
    size_t known = schedule->count;
    while (known > 0 && schedule->versions[known - 1].recorded > on)
        known--;
    return known;
}

ErrCode schedule_try(const Schedule *schedule, PhaseVersion version, Arena *arena,
                     Schedule *out_schedule, Err *err)
{
    PhaseVersion *versions = arena_array(arena, PhaseVersion, schedule->count + 1);
    if (versions == NULL) return list_full(schedule->count, err);
    if (schedule->count > 0)
        memcpy(versions, schedule->versions, schedule->count * sizeof versions[0]);
    versions[schedule->count] = version;
    return schedule_make(versions, schedule->count + 1, out_schedule, err);
}

/* The first day of the earliest part of a phase, or the last day of its last part. */
static Day edge_of(const Schedule *schedule, size_t known, int phase, int edge)
{
    Day day = DAY_OPEN;
    bool is_known = false;
    for (size_t i = 0; i < known; i++) {
        const PhaseVersion *version = &schedule->versions[i];
        if (version->phase != phase || version->is_void || version->until < known) continue;
        if (edge == EDGE_IS_START) {
            if (version->days.first < day) day = version->days.first;
        } else if (!is_known || version->days.last > day) {
            day = version->days.last; /* one part without an end leaves the phase without one */
        }
        is_known = true;
    }
    return day;
}

/* ---- One line ---- */

/* What is planned before an edge, or on the last day of a phase, goes to an earlier workday, so
 * that it stays there; all else to a later one. */
static Day on_workday(const PlanFacts *facts, const PlanLine *line, Day day)
{
    const bool is_before = line->offset < 0 || (line->edge == EDGE_IS_END && line->offset == 0);
    if (!pack_bool(facts->pack, PARAMETER_PROGRAMME_TO_WORKDAY, day)) return day;
    for (int step = 0; step < 31 && !calendar_is_workday(facts->calendar, day); step++)
        day += is_before ? -1 : 1;
    return day;
}

Day programme_day(const PlanFacts *facts, const PlanLine *line, size_t known)
{
    if (line->phase == 0) return line->day;
    const Day edge = edge_of(&facts->schedule, known, line->phase, line->edge);
    return edge == DAY_OPEN ? DAY_OPEN : on_workday(facts, line, edge + line->offset);
}

bool risk_reaches(int scheme, int level, int limit)
{
    return scheme == RISK_SCHEME_IS_FALLING ? level <= limit : level >= limit;
}

typedef enum Need { NEED_YES, NEED_NO, NEED_OPEN } Need;

/* Levels of two schemes are not compared: one of them counts the other way. */
static Need need_of(const PlanFacts *facts, const PlanLine *line, Key *out_risk)
{
    Need need = NEED_OPEN;
    if (line->risk_scheme == 0) return NEED_YES;
    for (size_t i = 0; i < facts->risk_count; i++) {
        const Risk *risk = &facts->risks[i];
        if (risk->scheme != line->risk_scheme ||
            (risk->phase != 0 && line->phase != 0 && risk->phase != line->phase))
            continue;
        if (need == NEED_OPEN) need = NEED_NO;
        if (!risk_reaches(risk->scheme, risk->level, line->risk_level)) continue;
        *out_risk = risk->key;
        return NEED_YES;
    }
    return need;
}

/* How many versions were there when the line was made. */
static size_t known_at(const Schedule *schedule, uint64_t stamp)
{
    size_t known = 0;
    while (known < schedule->count && schedule->versions[known].stamp < stamp)
        known++;
    return known;
}

typedef struct Shifts {
    PlanShift *items;
    size_t count;
} Shifts;

static ErrCode add_shift(Shifts *shifts, PlanShift shift, Arena *arena, Err *err)
{
    shifts->items = list_grow(arena, shifts->items, sizeof shift, shifts->count);
    if (shifts->items == NULL) return list_full(shifts->count, err);
    shifts->items[shifts->count++] = shift;
    return OK;
}

/* Follows the line from the schedule it was made with to the last version that counts. */
static ErrCode follow(const PlanFacts *facts, const PlanLine *line, size_t last, Arena *arena,
                      Planned *planned, Err *err)
{
    Shifts shifts = {0};
    const size_t born = known_at(&facts->schedule, line->stamp);
    planned->first = planned->day = programme_day(facts, line, born);
    for (size_t known = born + 1; known <= facts->schedule.count; known++) {
        if (known > last && planned->first != DAY_OPEN) break;
        const Day day = programme_day(facts, line, known);
        if (day == planned->day) continue;
        if (planned->first == DAY_OPEN)
            planned->first = day;
        else
            TRY(add_shift(&shifts, (PlanShift){known - 1, planned->day, day}, arena, err));
        planned->day = day;
    }
    planned->shifts = shifts.items;
    planned->shift_count = shifts.count;
    return OK;
}

static PlanState state_of(Day day, Day on)
{
    if (day == DAY_OPEN) return PLAN_WAITING;
    if (day > on) return PLAN_AHEAD;
    return day == on ? PLAN_DUE : PLAN_OVERDUE;
}

static ErrCode plan_line(const PlanFacts *facts, const PlanLine *line, Day on, Arena *arena,
                         Planned *planned, Err *err)
{
    const bool is_done = line->is_done && line->done <= on;
    const Day until = is_done ? line->done : on;
    TRY(follow(facts, line, schedule_known(&facts->schedule, until), arena, planned, err));
    if (is_done) {
        planned->state = PLAN_DONE;
        planned->day = line->done;
        return OK;
    }
    const Need need = need_of(facts, line, &planned->risk);
    planned->state = need == NEED_NO     ? PLAN_NOT_NEEDED
                     : need == NEED_OPEN ? PLAN_UNDECIDED
                                         : state_of(planned->day, on);
    return OK;
}

ErrCode programme_of(const PlanFacts *facts, Day on, Arena *arena, Planned **out_planned, Err *err)
{
    assert(facts != NULL && arena != NULL && out_planned != NULL);
    Planned *planned = arena_array(arena, Planned, facts->line_count);
    if (planned == NULL) return list_full(facts->line_count, err);
    for (size_t i = 0; i < facts->line_count; i++)
        TRY(plan_line(facts, &facts->lines[i], on, arena, &planned[i], err));
    *out_planned = planned;
    return OK;
}
