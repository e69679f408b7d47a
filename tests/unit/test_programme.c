/* What we promise about programmes: a line follows its phase, what is done stays, and each move is
 * told by the change of the schedule that made it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/programme.h"
#include "support/prop.h"
#include "support/stores.h"

enum { MONDAY = 20605, VERSIONS_MAX = 24, LINES_MAX = 8 }; /* 2026-06-01 */

typedef struct Kit {
    Arena arena;
    Calendar calendar;
    PhaseVersion versions[VERSIONS_MAX];
    size_t version_count;
    Risk risks[4];
    PlanLine lines[LINES_MAX];
    PlanFacts facts;
} Kit;

static void kit_init(Kit *kit)
{
    memset(kit, 0, sizeof *kit);
    arena_init(&kit->arena, (size_t)16 << 20);
    kit->facts = (PlanFacts){
        .pack = pack_bare(), .calendar = &kit->calendar, .risks = kit->risks, .lines = kit->lines};
}

/* Says of a phase which days it has, from that stamp and day on. */
static void say(Kit *kit, Key fact, int phase, DayRange days, uint64_t stamp, Day recorded)
{
    kit->versions[kit->version_count++] = (PhaseVersion){
        .fact = fact, .phase = phase, .days = days, .stamp = stamp, .recorded = recorded};
}

static PlanLine *add_line(Kit *kit, int phase, int edge, int offset, uint64_t stamp)
{
    PlanLine *line = &kit->lines[kit->facts.line_count++];
    *line = (PlanLine){.key = (Key)kit->facts.line_count,
                       .phase = phase,
                       .edge = edge,
                       .offset = offset,
                       .day = DAY_OPEN,
                       .stamp = stamp};
    return line;
}

static const Planned *ask(Kit *kit, Day on)
{
    Err err;
    Planned *planned = NULL;
    must(schedule_make(kit->versions, kit->version_count, &kit->facts.schedule, &err), &err);
    must(programme_of(&kit->facts, on, &kit->arena, &planned, &err), &err);
    return planned;
}

static Day day_of(Kit *kit, int edge, int offset)
{
    kit->facts.line_count = 0;
    add_line(kit, PHASE_IS_TWR, edge, offset, 99);
    return ask(kit, MONDAY)[0].day;
}

/* Tower erection from Monday 2026-06-01 to Sunday 2026-06-14. */
static void a_line_falls_so_many_days_from_an_edge(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 13}, 1, MONDAY - 60);
    static const struct {
        int edge;
        int offset;
        Day day;
    } cases[] = {
        {EDGE_IS_START, 0, MONDAY},         {EDGE_IS_START, 4, MONDAY + 4}, /* Friday */
        {EDGE_IS_START, 5, MONDAY + 7},     /* Saturday: later, to Monday */
        {EDGE_IS_START, -1, MONDAY - 3},    /* Sunday, before the phase: earlier, to Friday */
        {EDGE_IS_START, -3, MONDAY - 3},    /* Friday itself */
        {EDGE_IS_END, 0, MONDAY + 11},      /* Sunday: the last workday of the phase */
        {EDGE_IS_END, 1, MONDAY + 14},      /* the day after */
        {EDGE_IS_END, -1, MONDAY + 11},     /* Saturday: earlier, to Friday */
        {EDGE_IS_START, 366, MONDAY + 366}, /* Wednesday a year later */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(day_of(&kit, cases[i].edge, cases[i].offset), cases[i].day);
    arena_done(&kit.arena);
}

static void holidays_and_make_up_workdays_count(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    static const CalendarDay days[] = {{MONDAY, true}, {MONDAY + 5, false}};
    kit.calendar = (Calendar){days, 2};
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 13}, 1, MONDAY - 60);
    assert_int_equal(day_of(&kit, EDGE_IS_START, 0), MONDAY + 1); /* Monday is off */
    assert_int_equal(day_of(&kit, EDGE_IS_START, 5), MONDAY + 5); /* Saturday is worked */
    arena_done(&kit.arena);
}

static void a_line_waits_for_its_phase(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    add_line(&kit, PHASE_IS_STR, EDGE_IS_START, 0, 5);
    add_line(&kit, PHASE_IS_TWR, EDGE_IS_END, 0, 5);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, DAY_OPEN}, 1, MONDAY - 9);
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_WAITING); /* there is no such phase */
    assert_int_equal(ask(&kit, MONDAY)[1].state, PLAN_WAITING); /* it has no last day yet */
    assert_int_equal(ask(&kit, MONDAY)[1].day, DAY_OPEN);
    say(&kit, 2, PHASE_IS_STR, (DayRange){MONDAY + 7, MONDAY + 20}, 9, MONDAY - 2);
    const Planned *planned = ask(&kit, MONDAY);
    assert_int_equal(planned[0].state, PLAN_AHEAD);
    assert_int_equal(planned[0].first, MONDAY + 7); /* the first day it ever had: no shift */
    assert_int_equal(planned[0].shift_count, 0);
    arena_done(&kit.arena);
}

static void states_change_on_the_day(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 13}, 1, MONDAY - 60);
    PlanLine *line = add_line(&kit, PHASE_IS_TWR, EDGE_IS_START, 0, 5);
    assert_int_equal(ask(&kit, MONDAY - 1)[0].state, PLAN_AHEAD);
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_DUE);
    assert_int_equal(ask(&kit, MONDAY + 1)[0].state, PLAN_OVERDUE);
    line->fulfilment = 7;
    line->is_done = true;
    line->done = MONDAY + 2;
    assert_int_equal(ask(&kit, MONDAY + 1)[0].state, PLAN_OVERDUE); /* not done yet on that day */
    assert_int_equal(ask(&kit, MONDAY + 2)[0].state, PLAN_DONE);
    arena_done(&kit.arena);
}

static void a_move_is_told_by_the_change_that_made_it(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 13}, 1, MONDAY - 60);
    say(&kit, 2, PHASE_IS_STR, (DayRange){MONDAY + 14, MONDAY + 30}, 2, MONDAY - 60);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY + 14, MONDAY + 27}, 20, MONDAY - 30);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY + 7, MONDAY + 20}, 30, MONDAY - 20);
    add_line(&kit, PHASE_IS_TWR, EDGE_IS_START, 0, 5);
    const Planned *planned = ask(&kit, MONDAY - 20);
    assert_int_equal(planned[0].first, MONDAY);
    assert_int_equal(planned[0].day, MONDAY + 7);
    assert_int_equal(planned[0].shift_count, 2);
    assert_int_equal(planned[0].shifts[0].version, 2);
    assert_int_equal(planned[0].shifts[0].to, MONDAY + 14);
    assert_int_equal(planned[0].shifts[1].from, MONDAY + 14);
    /* As the schedule was known on the day before the second change, and before the first. */
    assert_int_equal(ask(&kit, MONDAY - 21)[0].day, MONDAY + 14);
    assert_int_equal(ask(&kit, MONDAY - 31)[0].day, MONDAY);
    /* A line that is made later begins with what was known then. */
    kit.lines[0].stamp = 25;
    assert_int_equal(ask(&kit, MONDAY)[0].first, MONDAY + 14);
    arena_done(&kit.arena);
}

static void of_two_parts_of_a_phase_the_outer_edges_count(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY + 7, MONDAY + 11}, 1, MONDAY - 60);
    say(&kit, 2, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 4}, 2, MONDAY - 60);
    assert_int_equal(day_of(&kit, EDGE_IS_START, 0), MONDAY);
    assert_int_equal(day_of(&kit, EDGE_IS_END, 0), MONDAY + 11);
    kit.versions[0].is_void = true; /* the first part was a mistake */
    assert_int_equal(day_of(&kit, EDGE_IS_END, 0), MONDAY + 4);
    arena_done(&kit.arena);
}

static void risk_levels_count_by_their_scheme(void **state)
{
    (void)state;
    Kit kit;
    kit_init(&kit);
    say(&kit, 1, PHASE_IS_TWR, (DayRange){MONDAY, MONDAY + 13}, 1, MONDAY - 60);
    PlanLine *line = add_line(&kit, PHASE_IS_TWR, EDGE_IS_START, 0, 5);
    line->risk_scheme = RISK_SCHEME_IS_FALLING;
    line->risk_level = 3;
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_UNDECIDED); /* nobody has said */
    kit.risks[0] = (Risk){.key = 1, .scheme = RISK_SCHEME_IS_RISING, .level = 5};
    kit.facts.risk_count = 1;
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_UNDECIDED); /* by another scheme */
    kit.risks[0].scheme = RISK_SCHEME_IS_FALLING;
    kit.risks[0].level = 4;
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_NOT_NEEDED); /* 4 is less grave than 3 */
    kit.risks[0].level = 3;
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_DUE);
    assert_int_equal(ask(&kit, MONDAY)[0].risk, 1);
    kit.risks[0].phase = PHASE_IS_STR; /* of another phase */
    assert_int_equal(ask(&kit, MONDAY)[0].state, PLAN_UNDECIDED);
    assert_true(risk_reaches(RISK_SCHEME_IS_RISING, 4, 3));
    assert_true(risk_reaches(RISK_SCHEME_IS_RISING, 3, 3));
    assert_false(risk_reaches(RISK_SCHEME_IS_RISING, 2, 3));
    assert_true(risk_reaches(RISK_SCHEME_IS_FALLING, 2, 3));
    assert_false(risk_reaches(RISK_SCHEME_IS_FALLING, 4, 3));
    arena_done(&kit.arena);
}

/* ---- Laws ---- */

static DayRange random_days(Prng *prng)
{
    const Day first = MONDAY + (Day)prng_below(prng, 120) - 60;
    return (DayRange){first,
                      prng_below(prng, 6) == 0 ? DAY_OPEN : first + (Day)prng_below(prng, 60)};
}

static void random_kit(Kit *kit, Prng *prng)
{
    kit_init(kit);
    const size_t lines = 1 + prng_below(prng, LINES_MAX);
    for (size_t i = 0; i < 12; i++) {
        const Key fact = (Key)(1 + prng_below(prng, 4));
        say(kit, fact, (int)(1 + (uint64_t)fact % 3), random_days(prng), 10 * (i + 1),
            MONDAY - 40 + (Day)(4 * i));
        kit->versions[i].is_void = prng_below(prng, 12) == 0;
    }
    for (size_t i = 0; i < lines; i++) {
        PlanLine *line =
            add_line(kit, (int)(1 + prng_below(prng, 3)), (int)(1 + prng_below(prng, 2)),
                     (int)prng_below(prng, 40) - 20, 1 + prng_below(prng, 130));
        if (prng_below(prng, 2) == 0) continue;
        line->is_done = true;
        line->fulfilment = 50 + (Key)i;
        line->done = MONDAY + (Day)prng_below(prng, 40) - 20;
    }
}

/* Whatever becomes of the schedule, what is done has the day on which it was done. */
static void done_things_stay(Prng *prng)
{
    Kit kit;
    random_kit(&kit, prng);
    const Day on = MONDAY + 30;
    const Planned *before = ask(&kit, on);
    for (size_t i = 0; i < 6; i++)
        say(&kit, (Key)(1 + i % 4), (int)(1 + (1 + i % 4) % 3), random_days(prng), 200 + i, on - 1);
    const Planned *after = ask(&kit, on);
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        if (!kit.lines[i].is_done) continue;
        assert_int_equal(before[i].state, PLAN_DONE);
        assert_int_equal(after[i].state, PLAN_DONE);
        assert_int_equal(after[i].day, kit.lines[i].done);
        assert_int_equal(after[i].shift_count, before[i].shift_count);
    }
    arena_done(&kit.arena);
}

/* The shifts of a line that is not done lead from its first day to the one it has. */
static void shifts_add_up(Prng *prng)
{
    Kit kit;
    random_kit(&kit, prng);
    const Planned *planned = ask(&kit, MONDAY + 60);
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        if (planned[i].state == PLAN_DONE) continue;
        Day day = planned[i].first;
        for (size_t j = 0; j < planned[i].shift_count; j++) {
            assert_int_equal(planned[i].shifts[j].from, day);
            day = planned[i].shifts[j].to;
        }
        assert_int_equal(planned[i].day, day);
        assert_int_equal(day, programme_day(&kit.facts, &kit.lines[i], kit.version_count));
    }
    arena_done(&kit.arena);
}

/* In whatever order the versions arrive, the days are the same. */
static void arrival_does_not_matter(Prng *prng)
{
    Kit kit;
    random_kit(&kit, prng);
    const Planned *before = ask(&kit, MONDAY + 10);
    for (size_t i = kit.version_count - 1; i > 0; i--) {
        const size_t other = prng_below(prng, i + 1);
        const PhaseVersion kept = kit.versions[i];
        kit.versions[i] = kit.versions[other];
        kit.versions[other] = kept;
    }
    const Planned *after = ask(&kit, MONDAY + 10);
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        assert_int_equal(before[i].day, after[i].day);
        assert_int_equal(before[i].state, after[i].state);
        assert_int_equal(before[i].shift_count, after[i].shift_count);
    }
    arena_done(&kit.arena);
}

/* A change that is only tried gives the days that it would give. */
static void trying_is_doing(Prng *prng)
{
    Kit kit;
    Err err;
    random_kit(&kit, prng);
    (void)ask(&kit, MONDAY);
    const PhaseVersion tried = {
        .fact = 2, .phase = 3, .days = random_days(prng), .stamp = UINT64_MAX, .recorded = MONDAY};
    PlanFacts after = kit.facts;
    must(schedule_try(&kit.facts.schedule, tried, &kit.arena, &after.schedule, &err), &err);
    say(&kit, 2, 3, tried.days, 500, MONDAY);
    (void)ask(&kit, MONDAY);
    for (size_t i = 0; i < kit.facts.line_count; i++)
        assert_int_equal(programme_day(&after, &kit.lines[i], after.schedule.count),
                         programme_day(&kit.facts, &kit.lines[i], kit.version_count));
    arena_done(&kit.arena);
}

static void property_programmes(void **state)
{
    (void)state;
    prop_run("done things stay", 400, done_things_stay);
    prop_run("shifts add up", 400, shifts_add_up);
    prop_run("arrival does not matter", 200, arrival_does_not_matter);
    prop_run("trying is doing", 200, trying_is_doing);
}

static void too_many_versions_are_said(void **state)
{
    (void)state;
    static PhaseVersion versions[SCHEDULE_VERSIONS_MAX + 1];
    Schedule schedule;
    Err err;
    assert_int_equal(schedule_make(versions, SCHEDULE_VERSIONS_MAX, &schedule, &err), OK);
    assert_int_equal(schedule_make(versions, SCHEDULE_VERSIONS_MAX + 1, &schedule, &err),
                     ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_falls_so_many_days_from_an_edge),
        cmocka_unit_test(holidays_and_make_up_workdays_count),
        cmocka_unit_test(a_line_waits_for_its_phase),
        cmocka_unit_test(states_change_on_the_day),
        cmocka_unit_test(a_move_is_told_by_the_change_that_made_it),
        cmocka_unit_test(of_two_parts_of_a_phase_the_outer_edges_count),
        cmocka_unit_test(risk_levels_count_by_their_scheme),
        cmocka_unit_test(property_programmes),
        cmocka_unit_test(too_many_versions_are_said),
    };
    return cmocka_run_group_tests_name("programme", tests, NULL, NULL);
}
