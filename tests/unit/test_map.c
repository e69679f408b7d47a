/* What we promise about maps: every key finds its last value, and no other key does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"
#include "support/prop.h"

#define KEY_COUNT 400

/* A model: two arrays, searched from the end. */
static void a_map_agrees_with_a_list(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    Map map;
    map_init(&map, &arena);
    int64_t keys[KEY_COUNT];
    int64_t values[KEY_COUNT];
    const uint64_t spread = prng_below(prng, 3);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        Err err;
        keys[i] = spread == 0   ? (int64_t)prng_below(prng, 100)
                  : spread == 1 ? (int64_t)prng_next(prng)
                                : (int64_t)(prng_below(prng, 300) << 32); /* all low bits alike */
        if (keys[i] == MAP_KEY_NONE) keys[i] = 0;
        values[i] = (int64_t)prng_next(prng);
        assert_int_equal(map_put(&map, keys[i], values[i], &err), OK);
    }
    size_t distinct = 0;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        size_t last = i;
        for (size_t j = i + 1; j < KEY_COUNT; j++)
            if (keys[j] == keys[i]) last = j;
        distinct += last == i;
        int64_t found = 0;
        assert_true(map_find(&map, keys[i], &found));
        assert_true(found == values[last]);
    }
    assert_int_equal(map.count, distinct);
    int64_t found = 0;
    assert_false(map_find(&map, -12345, &found) && spread != 1);
}

static void an_empty_map_finds_nothing(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1024);
    Map map;
    map_init(&map, &arena);
    int64_t value = 7;
    assert_false(map_find(&map, 0, &value));
    assert_int_equal(value, 7);
}

static void a_full_arena_is_told_and_what_was_there_stays(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 16 * sizeof(MapSlot) + 8);
    Map map;
    map_init(&map, &arena);
    int64_t key = 0;
    while (map_put(&map, key, key * 2, &err) == OK)
        key++;
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(key, 12);
    for (int64_t i = 0; i < key; i++) {
        int64_t value = 0;
        assert_true(map_find(&map, i, &value));
        assert_true(value == i * 2);
    }
}

static void property_model(void **state)
{
    (void)state;
    prop_run("map", 60, a_map_agrees_with_a_list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_model),
        cmocka_unit_test(an_empty_map_finds_nothing),
        cmocka_unit_test(a_full_arena_is_told_and_what_was_there_stays),
    };
    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
