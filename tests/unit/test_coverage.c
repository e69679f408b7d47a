/* What we promise about coverage: each state, each reason, along the days and at size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "people/coverage_index.h"
#include "support/world.h"

#define WORK_BYTES ((size_t)64 * 1024 * 1024)
#define TODAY      ((Day)20700)

static const HeadCount nobody = {0};
static const HeadCount one = {.formal = 1, .people = 4};
static const HeadCount two = {.formal = 1, .probationary = 1, .people = 9};
static const HeadCount three = {.formal = 1, .probationary = 2, .people = 9};
static const HeadCount four_formal = {.formal = 4, .people = 12};

static Coverage ask_with(const WorldKit *kit, size_t at, const CoverageRules *rules)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Err err;
    const CoverageIndex *index = NULL;
    assert_int_equal(coverage_index_new(&kit->world, rules, &arena, &index, &err), OK);
    return coverage_of(index, at);
}

static Coverage ask(const WorldKit *kit, size_t at)
{
    const CoverageRules rules = coverage_rules(pack_bare(), kit->world.day);
    return ask_with(kit, at, &rules);
}

static void three_members_with_a_formal_leader_are_an_own_group(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, three);
    const size_t group = kit_group(&kit, FORM_IS_GROUP);
    kit_station(&kit, group, site);
    const Coverage coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_OWN_GROUP);
    assert_int_equal(coverage.group, kit.groups[group].key);
    assert_int_equal(coverage.reasons, 0);
    assert_int_equal(coverage.advice, 0);
}

static void each_lack_of_a_group_is_named(void **state)
{
    (void)state;
    static const struct {
        HeadCount heads;
        Leader leader;
        ReasonSet reasons;
    } cases[] = {
        {{0},
         {0},
         REASON_BIT(NO_PEOPLE) | REASON_BIT(NO_MEMBERS) | REASON_BIT(NO_LIAISON) |
             REASON_BIT(NO_LEADER)},
        {{.people = 5},
         {1, 2, PARTY_FORMAL, true},
         REASON_BIT(NO_MEMBERS) | REASON_BIT(NO_LIAISON)},
        {{.formal = 2, .people = 5},
         {1, 2, PARTY_FORMAL, true},
         REASON_BIT(TOO_FEW_MEMBERS) | REASON_BIT(NO_GROUP_IN_REACH) | REASON_BIT(NO_LIAISON)},
        {{.probationary = 3, .people = 5},
         {1, 2, PARTY_FORMAL, true},
         REASON_BIT(NO_FORMAL_MEMBER) | REASON_BIT(NO_GROUP_IN_REACH) | REASON_BIT(NO_LIAISON)},
        {{.formal = 3, .people = 3}, {0}, REASON_BIT(NO_LEADER)},
        {{.formal = 3, .people = 3},
         {1, 2, PARTY_PROBATIONARY, true},
         REASON_BIT(LEADER_NOT_FORMAL)},
        {{.formal = 3, .people = 3}, {1, 2, PARTY_FORMAL, false}, REASON_BIT(LEADER_NOT_MEMBER)},
        {{.formal = 1, .people = 3, .pending_party = 2},
         {1, 2, PARTY_FORMAL, true},
         REASON_BIT(TOO_FEW_MEMBERS) | REASON_BIT(POSTING_NOT_CONFIRMED) |
             REASON_BIT(NO_GROUP_IN_REACH) | REASON_BIT(NO_LIAISON)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        WorldKit kit;
        kit_init(&kit, TODAY);
        const size_t site = kit_project(&kit, 0, cases[i].heads);
        const size_t group = kit_group(&kit, FORM_IS_GROUP);
        kit.leaders[group] = cases[i].leader;
        kit_station(&kit, group, site);
        const Coverage coverage = ask(&kit, site);
        assert_int_equal(coverage.state, COVERAGE_UNCOVERED);
        assert_int_equal(coverage.reasons, cases[i].reasons);
    }
}

static void members_enough_but_no_group_is_said(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, three);
    const Coverage coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_UNCOVERED);
    assert_int_equal(coverage.reasons, REASON_BIT(NO_GROUP));
}

static void few_members_join_the_nearest_group_of_their_unit(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, two);
    const size_t far = kit_project(&kit, 40, three);
    const size_t near = kit_project(&kit, 30, three);
    const size_t other_unit = kit_project(&kit, 5, three);
    const size_t hosts[] = {far, near, other_unit};
    for (size_t i = 0; i < 3; i++)
        kit_station(&kit, kit_group(&kit, FORM_IS_GROUP), hosts[i]);
    kit.groups[2].unit = 2;

    Coverage coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_ATTACHED_NEAR);
    assert_int_equal(coverage.group, kit.groups[1].key);
    assert_int_equal(coverage.host, kit.projects[near].key);
    assert_in_range(coverage.distance_m, 29900, 30100);
    assert_int_equal(coverage.reasons, REASON_BIT(TOO_FEW_MEMBERS));

    kit.leaders[1] = (Leader){0}; /* the near one is not in order any more */
    coverage = ask(&kit, site);
    assert_int_equal(coverage.group, kit.groups[0].key);

    kit.projects[site].has_place = false;
    coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_UNCOVERED);
    assert_true((coverage.reasons & REASON_BIT(NO_PLACE)) != 0);
}

static void a_group_named_for_the_project_comes_before_a_nearer_one(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, one);
    const size_t near = kit_project(&kit, 10, three);
    const size_t named = kit_project(&kit, 400, three);
    kit_station(&kit, kit_group(&kit, FORM_IS_GROUP), near);
    const size_t group = kit_group(&kit, FORM_IS_GROUP);
    kit_station(&kit, group, named);
    kit_attach(&kit, site, group);
    Coverage coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_ATTACHED_NAMED);
    assert_int_equal(coverage.host, kit.projects[named].key);
    assert_in_range(coverage.distance_m, 398000, 402000);

    kit.heads[named] = two; /* then it is not in order, and the nearest takes over */
    coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_ATTACHED_NEAR);
    assert_true((coverage.reasons & REASON_BIT(ATTACHED_GROUP_NOT_VALID)) != 0);
}

static void a_liaison_covers_a_project_without_members_if_a_member(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, nobody);
    kit_liaison(&kit, site, PARTY_NONE);
    Coverage coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_UNCOVERED);
    assert_true((coverage.reasons & REASON_BIT(LIAISON_NOT_MEMBER)) != 0);

    kit_liaison(&kit, site, PARTY_FORMAL);
    coverage = ask(&kit, site);
    assert_int_equal(coverage.state, COVERAGE_LIAISON);
    assert_int_equal(coverage.person, kit.liaisons[1].person);
}

static void branches_of_each_form_need_three_formal_members(void **state)
{
    (void)state;
    static const struct {
        int form;
        CoverageState state;
    } forms[] = {{FORM_IS_BRANCH, COVERAGE_OWN_BRANCH},
                 {FORM_IS_TEMPORARY_BRANCH, COVERAGE_TEMPORARY_BRANCH},
                 {FORM_IS_JOINT_BRANCH, COVERAGE_JOINT_BRANCH}};
    for (size_t i = 0; i < 3; i++) {
        WorldKit kit;
        kit_init(&kit, TODAY);
        const size_t site = kit_project(&kit, 0, four_formal);
        kit_station(&kit, kit_group(&kit, forms[i].form), site);
        assert_int_equal(ask(&kit, site).state, forms[i].state);
        kit.heads[site] = three;
        const Coverage coverage = ask(&kit, site);
        assert_int_equal(coverage.state, COVERAGE_UNCOVERED);
        assert_int_equal(coverage.reasons, REASON_BIT(TOO_FEW_FORMAL));
    }
}

static void a_joint_branch_counts_the_formal_members_of_all_its_projects(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t first = kit_project(&kit, 0, one);
    const size_t second = kit_project(&kit, 10, (HeadCount){.formal = 2, .people = 2});
    const size_t branch = kit_group(&kit, FORM_IS_JOINT_BRANCH);
    kit_station(&kit, branch, first);
    kit_station(&kit, branch, second);
    kit_station(&kit, branch, second); /* twice by mistake: counted once */
    assert_int_equal(ask(&kit, first).state, COVERAGE_JOINT_BRANCH);
    kit.heads[second].formal = 1;
    assert_int_equal(ask(&kit, first).state, COVERAGE_UNCOVERED);
}

static void six_months_with_three_formal_members_should_be_a_branch(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, four_formal);
    kit_station(&kit, kit_group(&kit, FORM_IS_GROUP), site);
    Project *project = &kit.projects[site];
    project->days.last = day_add_months(project->days.first, 6) - 2; /* a day short */
    assert_int_equal(ask(&kit, site).advice, 0);
    project->days.last++;
    assert_int_equal(ask(&kit, site).advice, REASON_BIT(SHOULD_BE_BRANCH));
    kit.heads[site].formal = 2;
    kit.heads[site].probationary = 2;
    assert_int_equal(ask(&kit, site).advice, 0);
}

static void days_decide_before_the_stage_does(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, three);
    kit_station(&kit, kit_group(&kit, FORM_IS_GROUP), site);
    Project *project = &kit.projects[site];

    project->stage = STAGE_IS_PLANNED; /* asked for a day of its plan: covered, and said so */
    assert_int_equal(ask(&kit, site).state, COVERAGE_OWN_GROUP);
    assert_int_equal(ask(&kit, site).advice, REASON_BIT(PLANNED_AHEAD));
    project->stage = STAGE_IS_CLOSED; /* closed since, but on that day it ran */
    assert_int_equal(ask(&kit, site).state, COVERAGE_OWN_GROUP);
    project->days.last = DAY_OPEN;
    assert_int_equal(ask(&kit, site).reasons, REASON_BIT(CLOSED));
    project->stage = STAGE_IS_CANCELLED;
    assert_int_equal(ask(&kit, site).reasons, REASON_BIT(CANCELLED));
    project->stage = STAGE_IS_ACTIVE;
    project->days = (DayRange){TODAY + 1, DAY_OPEN};
    assert_int_equal(ask(&kit, site).reasons, REASON_BIT(NOT_STARTED));
    project->days = (DayRange){0, TODAY - 1};
    assert_int_equal(ask(&kit, site).reasons, REASON_BIT(ENDED));
    project->days.last = TODAY; /* the last day belongs to it */
    assert_int_equal(ask(&kit, site).state, COVERAGE_OWN_GROUP);
}

/* ---- Along the days ---- */

typedef struct Calendar {
    WorldKit kit;
    unsigned asked;
} Calendar;

static ErrCode ask_calendar(void *context, Day day, Coverage *out_coverage, Err *err)
{
    (void)err;
    Calendar *calendar = context;
    calendar->kit.world.day = day;
    calendar->asked++;
    *out_coverage = ask(&calendar->kit, 0);
    return OK;
}

static void coverage_ahead_says_from_which_day_a_project_is_uncovered(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Calendar calendar = {0};
    kit_init(&calendar.kit, TODAY);
    const size_t site = kit_project(&calendar.kit, 0, three);
    kit_station(&calendar.kit, kit_group(&calendar.kit, FORM_IS_GROUP), site);
    calendar.kit.stations[0].days = (DayRange){TODAY, TODAY + 29};
    const Day days[] = {TODAY + 30, TODAY + 10, TODAY, TODAY + 61, TODAY + 10, TODAY + 500};
    CoverageSpan *spans = NULL;
    size_t count = 0;
    Err err;
    assert_int_equal(coverage_changes((DayRange){TODAY, TODAY + 90}, days, 6, &arena, &spans,
                                      &count, ask_calendar, &calendar, &err),
                     OK);
    assert_int_equal(calendar.asked, 4);
    assert_int_equal(count, 3);
    assert_int_equal(spans[0].coverage.state, COVERAGE_OWN_GROUP);
    assert_int_equal(spans[0].days.last, TODAY + 29);
    assert_int_equal(spans[1].coverage.state, COVERAGE_UNCOVERED);
    assert_int_equal(spans[1].days.first, TODAY + 30);
    assert_int_equal(spans[2].coverage.state, COVERAGE_NOT_ACTIVE);
    assert_int_equal(spans[2].days.last, TODAY + 90);
}

/* ---- Size ---- */

enum { MANY = 40000, MANY_ACTIVE = 10000 };

static void fill_many(WorldKit *kit, Arena *arena, Prng *prng)
{
    Project *projects = arena_array(arena, Project, MANY);
    HeadCount *heads = arena_array(arena, HeadCount, MANY);
    Group *groups = arena_array(arena, Group, MANY_ACTIVE);
    Leader *leaders = arena_array(arena, Leader, MANY_ACTIVE);
    Station *stations = arena_array(arena, Station, MANY_ACTIVE);
    assert_non_null(stations);
    kit_init(kit, TODAY);
    for (size_t i = 0; i < MANY; i++) {
        const Day first = i < MANY_ACTIVE ? TODAY - 100 : TODAY - 900;
        projects[i] = (Project){.key = (Key)(i + 1),
                                .unit = (Key)(1 + prng_below(prng, 40)),
                                .days = {first, first + 300},
                                .lat = 20000000 + (int32_t)prng_below(prng, 30000000),
                                .lon = 80000000 + (int32_t)prng_below(prng, 45000000),
                                .has_place = true};
        heads[i] = (HeadCount){.formal = (int32_t)prng_below(prng, 5),
                               .probationary = (int32_t)prng_below(prng, 2),
                               .people = 50};
        if (i >= MANY_ACTIVE) continue;
        groups[i] = (Group){.key = (Key)(i + 1),
                            .unit = projects[i].unit,
                            .kind = GROUP_KIND_IS_PARTY,
                            .form = FORM_IS_GROUP};
        leaders[i] = (Leader){1, 1, PARTY_FORMAL, true};
        stations[i] = (Station){(Key)(i + 1), (Key)(i + 1), (Key)(i + 1), kit_always};
    }
    kit->world.projects = projects;
    kit->world.heads = heads;
    kit->world.project_count = MANY;
    kit->world.groups = groups;
    kit->world.leaders = leaders;
    kit->world.group_count = MANY_ACTIVE;
    kit->world.stations = stations;
    kit->world.station_count = MANY_ACTIVE;
}

static void ten_thousand_active_projects_take_milliseconds(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    WorldKit kit;
    Prng prng = {.state = 7};
    fill_many(&kit, &arena, &prng);
    const CoverageRules rules = coverage_rules(pack_bare(), TODAY);
    Coverage *all = NULL;
    Err err;
    const clock_t begin = clock();
    assert_int_equal(coverage_run(&kit.world, &rules, &arena, &all, &err), OK);
    const double ms = (double)(clock() - begin) * 1000.0 / CLOCKS_PER_SEC;
    size_t counts[COVERAGE_STATE_COUNT] = {0};
    for (size_t i = 0; i < MANY; i++)
        counts[all[i].state]++;
    printf("coverage of %d projects, %d active: %.1f ms (%zu own, %zu near, %zu uncovered)\n", MANY,
           MANY_ACTIVE, ms, counts[COVERAGE_OWN_GROUP], counts[COVERAGE_ATTACHED_NEAR],
           counts[COVERAGE_UNCOVERED]);
    assert_int_equal(counts[COVERAGE_NOT_ACTIVE], MANY - MANY_ACTIVE);
    assert_true(counts[COVERAGE_ATTACHED_NEAR] > 100);
    assert_true(ms < 2000); /* a wrong algorithm takes minutes; the bench holds the real limit */
}

static void a_full_arena_is_said(void **state)
{
    (void)state;
    WorldKit kit;
    kit_init(&kit, TODAY);
    const size_t site = kit_project(&kit, 0, three);
    kit_station(&kit, kit_group(&kit, FORM_IS_GROUP), site);
    const CoverageRules rules = coverage_rules(pack_bare(), TODAY);
    for (size_t limit = 16;; limit += 16) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, limit);
        Err err;
        Coverage *all = NULL;
        const ErrCode code = coverage_run(&kit.world, &rules, &arena, &all, &err);
        if (code == OK) break;
        assert_int_equal(code, ERR_LIMIT);
        assert_null(all);
        assert_true(limit < 100000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_members_with_a_formal_leader_are_an_own_group),
        cmocka_unit_test(each_lack_of_a_group_is_named),
        cmocka_unit_test(members_enough_but_no_group_is_said),
        cmocka_unit_test(few_members_join_the_nearest_group_of_their_unit),
        cmocka_unit_test(a_group_named_for_the_project_comes_before_a_nearer_one),
        cmocka_unit_test(a_liaison_covers_a_project_without_members_if_a_member),
        cmocka_unit_test(branches_of_each_form_need_three_formal_members),
        cmocka_unit_test(a_joint_branch_counts_the_formal_members_of_all_its_projects),
        cmocka_unit_test(six_months_with_three_formal_members_should_be_a_branch),
        cmocka_unit_test(days_decide_before_the_stage_does),
        cmocka_unit_test(coverage_ahead_says_from_which_day_a_project_is_uncovered),
        cmocka_unit_test(ten_thousand_active_projects_take_milliseconds),
        cmocka_unit_test(a_full_arena_is_said),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
