/* What we promise about a revised index: it says what a new one would say of the same world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "people/coverage_index.h"
#include "support/world.h"
#include "vocab/pack.h"

#define MOVED_MAX 3

/* How often a revision did, and how often the index had to be made anew. */
typedef struct Outcomes {
    unsigned revised;
    unsigned refused;
} Outcomes;

static Outcomes outcomes;

static CoverageRules random_rules(Prng *prng)
{
    return (CoverageRules){
        .suspended_counts = prng_below(prng, 2) != 0,
        .group_members_min = 3,
        .group_formal_min = 1,
        .counts_all_stations = prng_below(prng, 4) == 0,
        .leader_required = prng_below(prng, 2) != 0,
        .leader_formal = true,
        .leader_member = prng_below(prng, 2) != 0,
        .branch_formal_min = 3,
        .branch_months_min = 6,
        .branch_members_max = 50,
        .temporary_formal_min = 3,
        .joint_formal_min = 3,
        .joint_sites_max = 3,
        .divide_members_min = 15,
        .named_allowed = true,
        .near_allowed = true,
        .near_same_unit = prng_below(prng, 2) != 0,
        .near_distance_m_max = 50000,
        .near_members_min = 1,
        .liaison_allowed = true,
    };
}

static void assert_same_coverage(const Coverage *a, const Coverage *b)
{
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->group, b->group);
    assert_int_equal(a->host, b->host);
    assert_int_equal(a->person, b->person);
    assert_int_equal(a->distance_m, b->distance_m);
    assert_true(a->reasons == b->reasons);
    assert_true(a->advice == b->advice);
}

/* Somebody comes or goes at a few projects, each at most once. */
static size_t move_heads(Prng *prng, const World *before, HeadCount *heads, size_t *moved)
{
    size_t count = 0;
    for (size_t i = 0; i < before->project_count && count < MOVED_MAX; i++) {
        if (prng_below(prng, 3) != 0) continue;
        heads[i].people += (int32_t)prng_below(prng, 3);
        heads[i].formal += (int32_t)prng_below(prng, 2);
        if (heads[i].probationary > 0 && prng_below(prng, 2) != 0) heads[i].probationary--;
        moved[count++] = i;
    }
    return count;
}

static void a_revision(Prng *prng)
{
    static WorldKit kit;
    AUTO(arena_done) Arena arena = {0};
    Err err;
    HeadCount heads[KIT_MAX];
    size_t moved[MOVED_MAX];
    const CoverageIndex *first = NULL;
    const CoverageIndex *revised = NULL;
    const CoverageIndex *fresh = NULL;
    const CoverageRules rules = random_rules(prng);
    arena_init(&arena, (size_t)8 << 20);
    kit_random(&kit, prng);
    assert_int_equal(coverage_index_new(&kit.world, &rules, &arena, &first, &err), OK);
    memcpy(heads, kit.heads, sizeof heads);
    const size_t count = move_heads(prng, &kit.world, heads, moved);
    World after = kit.world;
    after.heads = heads;
    assert_int_equal(coverage_index_revise(first, &after, moved, count, &arena, &revised, &err),
                     OK);
    if (revised == NULL) {
        outcomes.refused++;
        return;
    }
    outcomes.revised++;
    assert_int_equal(coverage_index_new(&after, &rules, &arena, &fresh, &err), OK);
    size_t at = 0;
    for (size_t i = 0; i < after.project_count; i++) {
        const Coverage now = coverage_of(fresh, i);
        const Coverage then = coverage_of(first, i);
        const Coverage again = coverage_of(revised, i);
        assert_same_coverage(&again, &now);
        const bool is_moved = at < count && moved[at] == i;
        if (is_moved) at++;
        /* Whoever keeps what it knew of the others is right. */
        if (!is_moved) assert_same_coverage(&then, &now);
    }
}

static void a_revised_index_says_what_a_new_one_would(void **state)
{
    (void)state;
    outcomes = (Outcomes){0};
    prop_run("revised index", 3000, a_revision);
    assert_true(outcomes.revised > 300);
    assert_true(outcomes.refused > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_revised_index_says_what_a_new_one_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
