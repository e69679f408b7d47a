/* What we promise about moves: the preview is what happens, and what stops a move is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "people/move.h"
#include "support/world.h"

#define WORK_BYTES ((size_t)32 * 1024 * 1024)
#define TODAY      ((Day)20700)

/* One group at one project with its leader and two more members; a second project waits. */
typedef struct Story {
    WorldKit kit;
    size_t old_site;
    size_t new_site;
    size_t group;
    MoveMember members[4];
    MoveQuestion question;
} Story;

static void story_init(Story *story)
{
    WorldKit *kit = &story->kit;
    kit_init(kit, TODAY);
    story->old_site = kit_project(kit, 0, (HeadCount){.formal = 2, .probationary = 1, .people = 9});
    story->new_site = kit_project(kit, 300, (HeadCount){.people = 5});
    story->group = kit_group(kit, FORM_IS_GROUP);
    kit_station(kit, story->group, story->old_site);
    const Key old_key = kit->projects[story->old_site].key;
    static const PartyStanding parties[] = {PARTY_FORMAL, PARTY_FORMAL, PARTY_PROBATIONARY};
    for (int i = 0; i < 3; i++)
        story->members[i] =
            (MoveMember){.posting = {.key = 11 + i,
                                     .person = i == 0 ? kit->leaders[story->group].person : 20 + i,
                                     .project = old_key,
                                     .days = {TODAY - 9, TODAY + 90},
                                     .is_core = true},
                         .party = parties[i]};
    story->question = (MoveQuestion){.group = &kit->groups[story->group],
                                     .to = kit->projects[story->new_site].key,
                                     .stations = kit->stations,
                                     .station_count = 1,
                                     .members = story->members,
                                     .member_count = 3};
}

static MovePlan preview(const Story *story, Arena *arena)
{
    Err err;
    MovePlan plan = {0};
    const CoverageRules rules = coverage_rules(pack_bare(), TODAY);
    assert_int_equal(move_preview(&story->kit.world, &rules, &story->question, arena, &plan, &err),
                     OK);
    return plan;
}

static void a_move_closes_the_day_before_and_carries_core_members(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story;
    story_init(&story);
    const MovePlan plan = preview(&story, &arena);
    assert_true(plan.is_possible);
    assert_int_equal(plan.fact_count, 8);
    assert_int_equal(plan.facts[0].act, MOVE_CLOSE);
    assert_int_equal(plan.facts[0].kind, KIND_STATION);
    assert_int_equal(plan.facts[0].days.last, TODAY - 1);
    assert_int_equal(plan.facts[1].act, MOVE_OPEN);
    assert_int_equal(plan.facts[1].project, story.question.to);
    assert_int_equal(plan.facts[1].days.first, TODAY);
    assert_int_equal(plan.facts[2].act, MOVE_CLOSE);
    assert_int_equal(plan.facts[2].fact, 11);
    assert_int_equal(plan.facts[2].days.last, TODAY - 1);
    assert_int_equal(plan.facts[3].act, MOVE_OPEN);
    assert_int_equal(plan.facts[3].person, story.members[0].posting.person);
    assert_int_equal(plan.facts[3].days.last, TODAY + 90);

    assert_int_equal(plan.from.before.state, COVERAGE_OWN_GROUP);
    assert_int_equal(plan.from.after.state, COVERAGE_UNCOVERED);
    assert_int_equal(plan.to.before.state, COVERAGE_UNCOVERED);
    assert_int_equal(plan.to.after.state, COVERAGE_OWN_GROUP);
    assert_non_null(reasons_find(&plan.findings, REASON_OLD_SITE_UNCOVERED));
    assert_null(reasons_find(&plan.findings, REASON_LEADER_STAYS));
}

static void members_left_behind_and_a_leader_who_stays_are_said(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story;
    story_init(&story);
    story.members[0].posting.is_core = false; /* the leader */
    MovePlan plan = preview(&story, &arena);
    assert_true(plan.is_possible);
    assert_int_equal(reasons_find(&plan.findings, REASON_LEADER_STAYS)->subject,
                     story.members[0].posting.person);
    assert_int_equal(reasons_find(&plan.findings, REASON_LEAVES_UNCOVERED)->have, 1);
    assert_non_null(reasons_find(&plan.findings, REASON_TARGET_STAYS_UNCOVERED));
    assert_true((plan.to.after.reasons & REASON_BIT(LEADER_NOT_MEMBER)) != 0);

    for (int i = 0; i < 3; i++)
        story.members[i].posting.is_core = false;
    plan = preview(&story, &arena);
    assert_int_equal(plan.fact_count, 2);
    assert_non_null(reasons_find(&plan.findings, REASON_NO_CORE_MEMBERS));
}

static void what_makes_no_sense_is_stopped(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    static const struct {
        ReasonCode code;
        int which;
    } cases[] = {{REASON_ALREADY_THERE, 0},     {REASON_BEFORE_STATION, 1},
                 {REASON_TARGET_NOT_ACTIVE, 2}, {REASON_NOT_STATIONED, 3},
                 {REASON_TARGET_UNKNOWN, 4},    {REASON_BEFORE_STATION, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Story story;
        story_init(&story);
        Station *station = &story.kit.stations[0];
        if (cases[i].which == 0) story.question.to = station->project;
        if (cases[i].which == 1) station->days.first = TODAY;
        if (cases[i].which == 2)
            story.kit.projects[story.new_site].days = (DayRange){TODAY + 1, DAY_OPEN};
        if (cases[i].which == 3) station->days = (DayRange){0, TODAY - 2};
        if (cases[i].which == 4) story.question.to = 999;
        if (cases[i].which == 5) station->days = (DayRange){TODAY + 5, DAY_OPEN};
        const MovePlan plan = preview(&story, &arena);
        assert_false(plan.is_possible);
        assert_int_equal(plan.fact_count, 0);
        assert_non_null(reasons_find(&plan.findings, cases[i].code));
        assert_int_equal(plan.findings.count, 1);
    }
}

static void a_station_that_ended_yesterday_needs_no_closing(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story;
    story_init(&story);
    story.kit.stations[0].days = (DayRange){0, TODAY - 1};
    const MovePlan plan = preview(&story, &arena);
    assert_true(plan.is_possible);
    assert_int_equal(plan.facts[0].act, MOVE_OPEN);
    assert_int_equal(plan.to.after.state, COVERAGE_OWN_GROUP);
}

static void a_posting_that_begins_today_is_withdrawn_not_reversed(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story;
    story_init(&story);
    story.members[1].posting.days.first = TODAY;
    const MovePlan plan = preview(&story, &arena);
    assert_int_equal(plan.facts[4].act, MOVE_VOID);
    assert_int_equal(plan.facts[4].fact, 12);
    assert_int_equal(plan.facts[5].act, MOVE_OPEN);
}

static void neighbours_that_lose_their_cover_are_listed(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story;
    story_init(&story);
    const size_t small = kit_project(&story.kit, 20, (HeadCount){.formal = 1, .people = 3});
    const MovePlan plan = preview(&story, &arena);
    assert_int_equal(plan.other_count, 1);
    assert_int_equal(plan.others[0].project, story.kit.projects[small].key);
    assert_int_equal(plan.others[0].before.state, COVERAGE_ATTACHED_NEAR);
    assert_int_equal(reasons_find(&plan.findings, REASON_LOSES_NEIGHBOUR)->subject,
                     story.kit.projects[small].key);
}

/* ---- The preview is what happens ---- */

static void give_members(Story *story, Prng *prng)
{
    const WorldKit *kit = &story->kit;
    const HeadCount *heads = &kit->heads[story->old_site];
    story->question.member_count = 0;
    for (int i = 0; i < heads->formal + heads->probationary && i < 4; i++) {
        const bool is_leader = i == 0 && prng_below(prng, 2) == 0;
        story->members[i] = (MoveMember){
            .posting = {.key = 11 + i,
                        .person = is_leader ? kit->leaders[story->group].person : 20 + i,
                        .project = kit->projects[story->old_site].key,
                        .days = {TODAY - 900, TODAY + 900},
                        .is_core = prng_below(prng, 3) != 0},
            .party = i < heads->formal ? PARTY_FORMAL : PARTY_PROBATIONARY};
        story->question.member_count++;
    }
}

static void write_station(WorldKit *kit, const MoveFact *fact)
{
    if (fact->act == MOVE_CLOSE)
        for (size_t k = 0; k < kit->world.station_count; k++)
            if (kit->stations[k].key == fact->fact) kit->stations[k].days = fact->days;
    if (fact->act == MOVE_OPEN)
        kit->stations[kit->world.station_count++] =
            (Station){9999, fact->group, fact->project, fact->days};
}

static void write_posting(Story *story, const MoveFact *fact)
{
    WorldKit *kit = &story->kit;
    const int sign = fact->act == MOVE_OPEN ? 1 : -1;
    for (size_t m = 0; m < story->question.member_count; m++) {
        if (story->members[m].posting.person != fact->person) continue;
        const PartyStanding party = story->members[m].party;
        for (size_t k = 0; k < kit->world.project_count; k++) {
            if (kit->projects[k].key != fact->project) continue;
            kit->heads[k].people += sign;
            kit->heads[k].formal += party == PARTY_FORMAL ? sign : 0;
            kit->heads[k].probationary += party == PARTY_PROBATIONARY ? sign : 0;
        }
    }
}

/* Writes the plan's facts into the kit, by the words of the facts alone. */
static void write_facts(Story *story, const MovePlan *plan)
{
    for (size_t i = 0; i < plan->fact_count; i++) {
        const MoveFact *fact = &plan->facts[i];
        if (fact->kind == KIND_STATION) write_station(&story->kit, fact);
        if (fact->kind == KIND_POSTING) write_posting(story, fact);
    }
}

static bool leader_moves(const Story *story)
{
    const Key leader = story->kit.leaders[story->group].person;
    for (size_t i = 0; i < story->question.member_count; i++)
        if (story->members[i].posting.person == leader) return story->members[i].posting.is_core;
    return story->kit.leaders[story->group].is_member;
}

static void the_preview_is_what_happens(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    Story story = {0};
    WorldKit *kit = &story.kit;
    kit_random(kit, prng);
    if (kit->world.station_count == 0) return;
    const Station left = kit->stations[prng_below(prng, kit->world.station_count)];
    story.group = (size_t)(left.group - 200);
    story.old_site = (size_t)(left.project - 100);
    story.new_site = (size_t)prng_below(prng, kit->world.project_count);
    if (kit->groups[story.group].kind != GROUP_KIND_IS_PARTY) return;
    story.question = (MoveQuestion){.group = &kit->groups[story.group],
                                    .from = left.project,
                                    .to = kit->projects[story.new_site].key,
                                    .stations = kit->stations,
                                    .station_count = kit->world.station_count,
                                    .members = story.members};
    give_members(&story, prng);

    Err err;
    const CoverageRules rules = coverage_rules(pack_bare(), TODAY);
    MovePlan plan;
    Coverage *before = NULL;
    assert_int_equal(coverage_run(&kit->world, &rules, &arena, &before, &err), OK);
    assert_int_equal(move_preview(&kit->world, &rules, &story.question, &arena, &plan, &err), OK);
    if (!plan.is_possible) {
        assert_true(plan.findings.count > 0);
        return;
    }
    write_facts(&story, &plan);
    kit->leaders[story.group].is_member = leader_moves(&story);
    Coverage *after = NULL;
    assert_int_equal(coverage_run(&kit->world, &rules, &arena, &after, &err), OK);
    size_t others = 0;
    for (size_t i = 0; i < kit->world.project_count; i++) {
        const MoveSide *side = i == story.old_site ? &plan.from : &plan.to;
        if (i != story.old_site && i != story.new_site) {
            const bool changed = before[i].state != after[i].state ||
                                 before[i].group != after[i].group ||
                                 before[i].host != after[i].host;
            if (!changed) continue;
            side = &plan.others[others++];
        }
        assert_int_equal(side->project, kit->projects[i].key);
        assert_int_equal(side->before.state, before[i].state);
        assert_int_equal(side->after.state, after[i].state);
        assert_int_equal(side->after.group, after[i].group);
        assert_int_equal(side->after.reasons, after[i].reasons);
    }
    assert_int_equal(others, plan.other_count);
}

static void previews_come_true(void **state)
{
    (void)state;
    prop_run("move", 3000, the_preview_is_what_happens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_move_closes_the_day_before_and_carries_core_members),
        cmocka_unit_test(members_left_behind_and_a_leader_who_stays_are_said),
        cmocka_unit_test(what_makes_no_sense_is_stopped),
        cmocka_unit_test(a_station_that_ended_yesterday_needs_no_closing),
        cmocka_unit_test(a_posting_that_begins_today_is_withdrawn_not_reversed),
        cmocka_unit_test(neighbours_that_lose_their_cover_are_listed),
        cmocka_unit_test(previews_come_true),
    };
    return cmocka_run_group_tests_name("move", tests, NULL, NULL);
}
