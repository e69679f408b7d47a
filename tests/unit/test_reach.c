/* What we promise about reach: whoever has a role at a unit sees it and all below it, and nothing
 * beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/rows.h"
#include "store/things.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"
#include "view/reach.h"

#define SHARD 1
#define UNITS 12

/* A tree of units made at random: each hangs below one made before it, or stands at the top. */
typedef struct Tree {
    Id ids[UNITS];
    int64_t keys[UNITS];
    int parents[UNITS]; /* -1 at the top */
} Tree;

static int64_t key_of(Store *store, Id id)
{
    Err err;
    int64_t key = 0;
    must(thing_find(store, SHARD, id, &key, &err), &err);
    return key;
}

static void grow(Play *play, Prng *prng, Tree *tree)
{
    for (int i = 0; i < UNITS; i++) {
        tree->parents[i] = i < 2 ? -1 : (int)prng_below(prng, (uint64_t)i);
        tree->ids[i] = i < 2 ? play_add(play, "unit", "\"name\":\"%d\"", i)
                             : play_add(play, "unit", "\"name\":\"%d\",\"parent\":\"%s\"", i,
                                        play_text(tree->ids[tree->parents[i]]));
        tree->keys[i] = key_of(play->store, tree->ids[i]);
    }
}

static bool is_below(const Tree *tree, int unit, int top)
{
    for (; unit >= 0; unit = tree->parents[unit])
        if (unit == top) return true;
    return false;
}

static Reach load(Play *play, const Grant *grants, size_t count, Permission permission)
{
    Err err;
    Reach reach;
    must(reach_load(play->store, SHARD, grants, count, permission, &play->arena, &reach, &err),
         &err);
    return reach;
}

static void look_from_everywhere(Stores *stores)
{
    Err err;
    Play play;
    Tree tree;
    Prng prng = {.state = 3};
    play_open(&play, stores->writer, 2);
    grow(&play, &prng, &tree);
    for (int top = 0; top < UNITS; top++) {
        Reach below;
        const int other = (int)prng_below(&prng, UNITS);
        const Grant grants[] = {{ROLE_STAFF, tree.keys[top]}, {ROLE_WORKER, tree.keys[other]}};
        const Reach reading = load(&play, grants, 2, MAY_READ);
        const Reach writing = load(&play, grants, 2, MAY_WRITE); /* workers do not */
        must(reach_below(stores->writer, SHARD, tree.keys[top], &play.arena, &below, &err), &err);
        for (int unit = 0; unit < UNITS; unit++) {
            const bool is_there = is_below(&tree, unit, top);
            assert_int_equal(reach_has_unit(&writing, tree.keys[unit]), is_there);
            assert_int_equal(reach_has_unit(&below, tree.keys[unit]), is_there);
            assert_int_equal(reach_has_unit(&reading, tree.keys[unit]),
                             is_there || is_below(&tree, unit, other));
            assert_int_equal(reach_has_project(&writing, 999999, tree.keys[unit]), is_there);
        }
        assert_false(writing.is_everything);
    }
    play_close(&play);
}

static void a_role_at_a_unit_reaches_all_below_it_and_nothing_beside(void **state)
{
    on_each_store(*state, look_from_everywhere);
}

static void name_a_project(Stores *stores)
{
    Play play;
    play_open(&play, stores->writer, 2);
    const Id unit = play_add(&play, "unit", "\"name\":\"公司\"");
    const Id project =
        play_add(&play, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(unit));
    const int64_t unit_key = key_of(stores->writer, unit);
    const Grant grants[] = {{ROLE_LEADER, key_of(stores->writer, project)}};
    const Reach reach = load(&play, grants, 1, MAY_WRITE);
    assert_true(reach_has_project(&reach, grants[0].scope, unit_key));
    assert_false(reach_has_project(&reach, grants[0].scope + 1, unit_key));
    assert_false(reach_has_unit(&reach, unit_key));
    play_close(&play);
}

static void a_role_at_one_project_reaches_that_project_alone(void **state)
{
    on_each_store(*state, name_a_project);
}

static void be_everywhere_or_nowhere(Stores *stores)
{
    Play play;
    play_open(&play, stores->writer, 2);
    const Grant grants[] = {{ROLE_SYSTEM_ADMIN, 0}, {ROLE_AUDITOR, 0}};
    assert_true(load(&play, grants, 2, MAY_READ).is_everything);
    const Reach none = load(&play, grants, 2, MAY_WRITE); /* neither of them changes facts */
    assert_false(none.is_everything);
    assert_false(reach_has_unit(&none, 1));
    assert_false(reach_has_project(&none, 1, 1));
    assert_false(load(&play, NULL, 0, MAY_READ).is_everything);
    const Reach all = reach_everything();
    assert_true(reach_has_unit(&all, 12345) && reach_has_project(&all, 1, 2));
    play_close(&play);
}

static void a_role_without_the_permission_reaches_nothing(void **state)
{
    on_each_store(*state, be_everywhere_or_nowhere);
}

/* Two units above one another can only come from another node; the look down still ends. */
static void go_in_a_circle(Stores *stores)
{
    Err err;
    Play play;
    Tree tree;
    Prng prng = {.state = 4};
    play_open(&play, stores->writer, 2);
    grow(&play, &prng, &tree);
    Record change = {.kind = vocab_kind(KIND_UNIT)};
    record_set_ref(&change, UNIT_PARENT, tree.ids[UNITS - 1]);
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, stores->writer, &err), &err);
    must(row_change(stores->writer, SHARD, tree.keys[0], 7, &change, &err), &err);
    must(row_change(stores->writer, SHARD, tree.keys[1], 7, &change, &err), &err);
    const Grant grants[] = {{ROLE_STAFF, tree.keys[0]}, {ROLE_STAFF, tree.keys[1]}};
    const Reach reach = load(&play, grants, 2, MAY_READ);
    for (int unit = 0; unit < UNITS; unit++)
        assert_true(reach_has_unit(&reach, tree.keys[unit]));
    tx_rollback(&tx);
    play_close(&play);
}

static void a_circle_of_units_ends(void **state)
{
    on_each_store(*state, go_in_a_circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_at_a_unit_reaches_all_below_it_and_nothing_beside),
        cmocka_unit_test(a_role_at_one_project_reaches_that_project_alone),
        cmocka_unit_test(a_role_without_the_permission_reaches_nothing),
        cmocka_unit_test(a_circle_of_units_ends),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
