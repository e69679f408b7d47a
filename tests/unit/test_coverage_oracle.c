/* What we promise about coverage over any world: the same as reading the rules one by one, in any
 * order of the facts, and every reason of it explained. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "people/coverage_why.h"
#include "support/world.h"

#define WORK_BYTES ((size_t)64 * 1024 * 1024)
#define TODAY      ((Day)20700)

/* ---- The oracle: the rules of the header, read one by one ---- */

static ReasonSet oracle_heads(const CoverageRules *rules, HeadCount heads)
{
    const int members = heads.formal + heads.probationary;
    ReasonSet set = 0;
    if (heads.people == 0 && members == 0) set |= REASON_BIT(NO_PEOPLE);
    if (members == 0) set |= REASON_BIT(NO_MEMBERS);
    if (members > 0 && members < rules->group_members_min) set |= REASON_BIT(TOO_FEW_MEMBERS);
    if (members > 0 && heads.formal < rules->group_formal_min) set |= REASON_BIT(NO_FORMAL_MEMBER);
    return set;
}

static bool oracle_active(const WorldKit *kit, size_t at, const CoverageRules *rules)
{
    const Project *project = &kit->projects[at];
    if (project->stage == STAGE_IS_CANCELLED) return false;
    if (!range_has(project->days, kit->world.day)) return false;
    if (project->stage == STAGE_IS_CLOSED && project->days.last == DAY_OPEN) return false;
    return project->stage != STAGE_IS_SUSPENDED || rules->suspended_counts;
}

static bool oracle_stands(const WorldKit *kit, size_t group, size_t at)
{
    for (size_t i = 0; i < kit->world.station_count; i++)
        if (kit->stations[i].group == kit->groups[group].key &&
            kit->stations[i].project == kit->projects[at].key &&
            range_has(kit->stations[i].days, kit->world.day))
            return kit->groups[group].kind == GROUP_KIND_IS_PARTY;
    return false;
}

static bool oracle_in_order(const WorldKit *kit, size_t group, size_t at,
                            const CoverageRules *rules)
{
    const int form = kit->groups[group].form;
    HeadCount heads = kit->heads[at];
    if (form == FORM_IS_JOINT_BRANCH || rules->counts_all_stations) {
        heads = (HeadCount){0};
        for (size_t i = 0; i < kit->world.project_count; i++) {
            if (!oracle_active(kit, i, rules) || !oracle_stands(kit, group, i)) continue;
            heads.formal += kit->heads[i].formal;
            heads.probationary += kit->heads[i].probationary;
        }
    }
    const Leader *leader = &kit->leaders[group];
    if (leader->office == KEY_NONE && rules->leader_required) return false;
    if (leader->office != KEY_NONE && rules->leader_formal && leader->party != PARTY_FORMAL)
        return false;
    if (leader->office != KEY_NONE && rules->leader_member && !leader->is_member) return false;
    switch (form) {
    case FORM_IS_BRANCH: return heads.formal >= rules->branch_formal_min;
    case FORM_IS_TEMPORARY_BRANCH: return heads.formal >= rules->temporary_formal_min;
    case FORM_IS_JOINT_BRANCH: return heads.formal >= rules->joint_formal_min;
    default:
        return heads.formal >= rules->group_formal_min &&
               heads.formal + heads.probationary >= rules->group_members_min;
    }
}

static int form_rank(int form)
{
    return form == FORM_IS_BRANCH             ? 0
           : form == FORM_IS_TEMPORARY_BRANCH ? 1
           : form == FORM_IS_JOINT_BRANCH     ? 2
                                              : 3;
}

static int64_t oracle_metres(const WorldKit *kit, size_t a, size_t b, int64_t *out_chord2)
{
    const Project *p = &kit->projects[a];
    const Project *q = &kit->projects[b];
    if (!p->has_place || !q->has_place) return PLACE_DISTANCE_NO;
    *out_chord2 = place_chord2(place_of(p->lat, p->lon), place_of(q->lat, q->lon));
    return place_distance_m(place_of(p->lat, p->lon), place_of(q->lat, q->lon));
}

/* The project with the smallest key where a group is in order; INDEX_NONE for none. */
static size_t oracle_host(const WorldKit *kit, size_t group, const CoverageRules *rules)
{
    for (size_t i = 0; i < kit->world.project_count; i++) /* keys rise with the index */
        if (oracle_active(kit, i, rules) && oracle_stands(kit, group, i) &&
            oracle_in_order(kit, group, i, rules))
            return i;
    return INDEX_NONE;
}

static bool oracle_near(const WorldKit *kit, size_t at, const CoverageRules *rules, Coverage *out)
{
    bool found = false;
    int64_t best = 0;
    for (size_t g = 0; g < kit->world.group_count; g++) {
        if (rules->near_same_unit && kit->groups[g].unit != kit->projects[at].unit) continue;
        for (size_t i = 0; i < kit->world.project_count; i++) {
            if (i == at || !oracle_active(kit, i, rules) || !oracle_stands(kit, g, i) ||
                !oracle_in_order(kit, g, i, rules))
                continue;
            int64_t chord2 = 0;
            const int64_t metres = oracle_metres(kit, at, i, &chord2);
            if (metres < 0 || metres > rules->near_distance_m_max) continue;
            if (found && chord2 >= best) continue; /* groups and projects come by rising key */
            found = true;
            best = chord2;
            out->state = COVERAGE_ATTACHED_NEAR;
            out->group = kit->groups[g].key;
            out->host = kit->projects[i].key;
            out->distance_m = metres;
        }
    }
    return found;
}

static bool oracle_named(const WorldKit *kit, size_t at, const CoverageRules *rules, Coverage *out)
{
    bool found = false;
    for (size_t g = 0; g < kit->world.group_count; g++) {
        bool is_named = false;
        for (size_t i = 0; i < kit->world.attachment_count; i++)
            is_named = is_named || (kit->attachments[i].project == kit->projects[at].key &&
                                    kit->attachments[i].group == kit->groups[g].key);
        if (!is_named || kit->groups[g].kind != GROUP_KIND_IS_PARTY) continue;
        const size_t host = oracle_host(kit, g, rules);
        if (host == INDEX_NONE || host == at) continue;
        int64_t chord2 = 0;
        const int64_t metres = oracle_metres(kit, at, host, &chord2);
        if (rules->named_distance_m_max > 0 && metres > rules->named_distance_m_max) continue;
        if (found && (uint64_t)metres >= (uint64_t)out->distance_m) continue;
        found = true;
        out->state = COVERAGE_ATTACHED_NAMED;
        out->group = kit->groups[g].key;
        out->host = kit->projects[host].key;
        out->distance_m = metres;
    }
    return found;
}

static Coverage oracle(const WorldKit *kit, size_t at, const CoverageRules *rules)
{
    Coverage out = {.state = COVERAGE_UNCOVERED, .distance_m = PLACE_DISTANCE_NO};
    if (!oracle_active(kit, at, rules)) {
        out.state = COVERAGE_NOT_ACTIVE;
        return out;
    }
    int best = 4;
    for (size_t g = 0; g < kit->world.group_count; g++) {
        if (!oracle_stands(kit, g, at) || !oracle_in_order(kit, g, at, rules)) continue;
        if (form_rank(kit->groups[g].form) >= best) continue;
        best = form_rank(kit->groups[g].form);
        out.state = (CoverageState)(COVERAGE_OWN_BRANCH + best);
        out.group = kit->groups[g].key;
    }
    if (best < 4) return out;
    const ReasonSet missing = oracle_heads(rules, kit->heads[at]);
    out.reasons = missing;
    const int members = kit->heads[at].formal + kit->heads[at].probationary;
    if (rules->named_allowed && (missing != 0 || rules->named_any_size) &&
        oracle_named(kit, at, rules, &out))
        return out;
    if (rules->near_allowed && missing != 0 && members >= rules->near_members_min &&
        kit->projects[at].has_place && oracle_near(kit, at, rules, &out))
        return out;
    for (size_t i = 0; i < kit->world.liaison_count && missing != 0; i++) {
        if (kit->liaisons[i].project != kit->projects[at].key || !rules->liaison_allowed) continue;
        if (kit->liaison_parties[i] < (rules->liaison_formal ? PARTY_FORMAL : PARTY_PROBATIONARY))
            continue;
        out.state = COVERAGE_LIAISON;
        out.person = kit->liaisons[i].person;
        return out;
    }
    return out;
}

static CoverageRules random_rules(Prng *prng)
{
    CoverageRules rules = coverage_rules(pack_bare(), TODAY);
    if (prng_below(prng, 2) == 0) return rules;
    rules.suspended_counts = prng_below(prng, 2) == 0;
    rules.group_members_min = (int32_t)(1 + prng_below(prng, 4));
    rules.group_formal_min = (int32_t)prng_below(prng, (uint64_t)rules.group_members_min + 1);
    rules.counts_all_stations = prng_below(prng, 2) == 0;
    rules.leader_required = prng_below(prng, 3) != 0;
    rules.leader_formal = prng_below(prng, 3) != 0;
    rules.leader_member = prng_below(prng, 3) != 0;
    rules.named_any_size = prng_below(prng, 2) == 0;
    rules.named_distance_m_max = (int64_t)prng_below(prng, 3) * 40000;
    rules.near_same_unit = prng_below(prng, 2) == 0;
    rules.near_distance_m_max = (int64_t)prng_below(prng, 4) * 30000;
    rules.near_members_min = (int32_t)prng_below(prng, 3);
    rules.liaison_formal = prng_below(prng, 2) == 0;
    return rules;
}

static void check_against_oracle(const WorldKit *kit, const CoverageRules *rules,
                                 const Coverage *all)
{
    for (size_t i = 0; i < kit->world.project_count; i++) {
        const Coverage expected = oracle(kit, i, rules);
        assert_int_equal(all[i].state, expected.state);
        assert_int_equal(all[i].group, expected.group);
        assert_int_equal(all[i].host, expected.host);
        assert_int_equal(all[i].person, expected.person);
        assert_int_equal(all[i].distance_m, expected.distance_m);
        assert_int_equal(all[i].reasons & expected.reasons, expected.reasons);
        if (all[i].state == COVERAGE_UNCOVERED) assert_true(all[i].reasons != 0);
        if (all[i].state <= COVERAGE_OWN_GROUP) assert_int_equal(all[i].reasons, 0);
    }
}

/* Every reason of the coverage is explained, and nothing else of the sets is. */
static void check_why(const WorldKit *kit, const CoverageIndex *index, Arena *arena)
{
    for (size_t i = 0; i < kit->world.project_count; i++) {
        Err err;
        ReasonList why;
        reasons_init(&why, arena);
        assert_int_equal(coverage_why(index, i, &why, &err), OK);
        const Coverage coverage = coverage_of(index, i);
        ReasonSet told = 0;
        for (size_t k = 0; k < why.count; k++) {
            assert_int_not_equal(why.items[k].rule, RULE_NONE);
            if (why.items[k].code < REASON_SETS_END_) told |= UINT64_C(1) << why.items[k].code;
        }
        assert_int_equal(told, coverage.reasons | coverage.advice);
        const ReasonCode proof = coverage.state == COVERAGE_ATTACHED_NAMED ? REASON_ATTACHED_BY_NAME
                                 : coverage.state == COVERAGE_ATTACHED_NEAR ? REASON_NEAREST_GROUP
                                 : coverage.state == COVERAGE_LIAISON   ? REASON_LIAISON_ASSIGNED
                                 : coverage.state <= COVERAGE_OWN_GROUP ? REASON_GROUP_STANDS_HERE
                                                                        : REASON_NONE;
        if (proof != REASON_NONE) assert_non_null(reasons_find(&why, proof));
    }
}

static void turn_around(void *items, size_t count, size_t size)
{
    unsigned char spare[256];
    assert_true(size <= sizeof spare);
    unsigned char *bytes = items;
    for (size_t i = 0; i < count / 2; i++) {
        memcpy(spare, bytes + i * size, size);
        memcpy(bytes + i * size, bytes + (count - 1 - i) * size, size);
        memcpy(bytes + (count - 1 - i) * size, spare, size);
    }
}

static void any_world_is_judged_as_the_rules_say(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, WORK_BYTES);
    WorldKit kit;
    kit_random(&kit, prng);
    const CoverageRules rules = random_rules(prng);
    Err err;
    Coverage *all = NULL;
    assert_int_equal(coverage_run(&kit.world, &rules, &arena, &all, &err), OK);
    check_against_oracle(&kit, &rules, all);
    const CoverageIndex *index = NULL;
    assert_int_equal(coverage_index_new(&kit.world, &rules, &arena, &index, &err), OK);
    check_why(&kit, index, &arena);

    /* The same facts in another order say the same. */
    turn_around(kit.projects, kit.world.project_count, sizeof kit.projects[0]);
    turn_around(kit.heads, kit.world.project_count, sizeof kit.heads[0]);
    turn_around(kit.groups, kit.world.group_count, sizeof kit.groups[0]);
    turn_around(kit.leaders, kit.world.group_count, sizeof kit.leaders[0]);
    turn_around(kit.stations, kit.world.station_count, sizeof kit.stations[0]);
    turn_around(kit.attachments, kit.world.attachment_count, sizeof kit.attachments[0]);
    turn_around(kit.liaisons, kit.world.liaison_count, sizeof kit.liaisons[0]);
    turn_around(kit.liaison_parties, kit.world.liaison_count, sizeof kit.liaison_parties[0]);
    Coverage *again = NULL;
    assert_int_equal(coverage_run(&kit.world, &rules, &arena, &again, &err), OK);
    turn_around(again, kit.world.project_count, sizeof again[0]);
    for (size_t i = 0; i < kit.world.project_count; i++) {
        assert_int_equal(all[i].state, again[i].state);
        assert_int_equal(all[i].group, again[i].group);
        assert_int_equal(all[i].host, again[i].host);
        assert_int_equal(all[i].person, again[i].person);
        assert_int_equal(all[i].reasons, again[i].reasons);
        assert_int_equal(all[i].advice, again[i].advice);
    }
}

static void coverage_agrees_with_the_oracle(void **state)
{
    (void)state;
    prop_run("coverage", 4000, any_world_is_judged_as_the_rules_say);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage_agrees_with_the_oracle),
    };
    return cmocka_run_group_tests_name("coverage oracle", tests, NULL, NULL);
}
