/* What we promise about changes: whoever asks learns every project touched since, or that it has to
 * read all again; never too little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/prop.h"
#include "view/changes.h"

static void note(Changes *changes, int64_t version, const int64_t *projects, size_t count)
{
    changes_note(changes, &(ChangeSet){.version = version, .keys = projects, .key_count = count});
}

static int64_t touched[CHANGES_MAX];

static bool since(Changes *changes, int64_t version, size_t *out_count)
{
    int64_t now = 0;
    const bool is_known = changes_since(changes, version, touched, out_count, &now);
    assert_int_equal(now, changes_version(changes));
    return is_known;
}

static void a_reader_learns_what_came_after_its_version_and_nothing_older(void **state)
{
    (void)state;
    Changes *changes = NULL;
    size_t count = 99;
    changes_open(&changes, 10);
    assert_int_equal(changes_version(changes), 10);
    assert_true(since(changes, 10, &count));
    assert_int_equal(count, 0);
    note(changes, 11, (const int64_t[]){5, 6}, 2);
    note(changes, 14, (const int64_t[]){7}, 1);
    assert_true(since(changes, 10, &count));
    assert_int_equal(count, 3);
    assert_true(since(changes, 11, &count));
    assert_int_equal(count, 1);
    assert_int_equal(touched[0], 7);
    assert_true(since(changes, 14, &count));
    assert_int_equal(count, 0);
    assert_false(since(changes, 9, &count)); /* before anything was noted here */
    assert_int_equal(count, 0);
    changes_close(&changes);
    assert_null(changes);
    changes_close(&changes);
}

static void something_structural_means_everything_for_whoever_came_before(void **state)
{
    (void)state;
    Changes *changes = NULL;
    size_t count = 0;
    changes_open(&changes, 0);
    note(changes, 1, (const int64_t[]){5}, 1);
    changes_note(changes, &(ChangeSet){.version = 2, .is_structural = true});
    note(changes, 3, (const int64_t[]){8}, 1);
    assert_false(since(changes, 0, &count));
    assert_false(since(changes, 1, &count));
    assert_true(since(changes, 2, &count));
    assert_int_equal(count, 1);
    assert_int_equal(touched[0], 8);
    changes_close(&changes);
}

static void more_than_is_remembered_means_everything(void **state)
{
    (void)state;
    static int64_t many[CHANGES_MAX + 1];
    Changes *changes = NULL;
    size_t count = 0;
    changes_open(&changes, 0);
    for (int64_t i = 0; i <= CHANGES_MAX; i++)
        many[i] = i + 1;
    note(changes, 1, many, CHANGES_MAX);
    assert_true(since(changes, 0, &count)); /* just so many fit */
    assert_int_equal(count, CHANGES_MAX);
    note(changes, 2, (const int64_t[]){77}, 1);
    assert_false(since(changes, 0, &count)); /* the first was forgotten for it */
    assert_true(since(changes, 1, &count));
    assert_int_equal(count, 1);
    assert_int_equal(touched[0], 77);
    note(changes, 3, many, CHANGES_MAX + 1);
    assert_false(since(changes, 2, &count));
    assert_true(since(changes, 3, &count));
    assert_int_equal(count, 0);
    changes_close(&changes);
}

#define NOTES_MAX    200
#define PROJECTS_MAX 90

/* Everything that was noted, kept for ever. */
typedef struct Past {
    int64_t version;
    bool is_structural;
    int64_t projects[PROJECTS_MAX];
    size_t count;
} Past;

static bool is_among(int64_t project, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (touched[i] == project) return true;
    return false;
}

static void compare(Changes *changes, const Past *past, size_t past_count, int64_t version)
{
    size_t count = 0;
    size_t expected = 0;
    bool is_structural = false;
    const bool is_known = since(changes, version, &count);
    for (size_t i = 0; i < past_count; i++) {
        if (past[i].version <= version) continue;
        expected += past[i].count;
        is_structural = is_structural || past[i].is_structural;
        for (size_t p = 0; is_known && p < past[i].count; p++)
            assert_true(past[i].is_structural || is_among(past[i].projects[p], count));
    }
    if (is_known) {
        assert_false(is_structural);
        assert_int_equal(count, expected);
    } else {
        assert_true(is_structural || expected > CHANGES_MAX);
    }
}

static void never_too_little(Prng *prng)
{
    static Past past[NOTES_MAX];
    Changes *changes = NULL;
    int64_t version = 0;
    changes_open(&changes, 0);
    for (size_t i = 0; i < NOTES_MAX; i++) {
        version += 1 + (int64_t)prng_below(prng, 3);
        past[i] = (Past){.version = version,
                         .is_structural = prng_below(prng, 80) == 0,
                         .count = (size_t)prng_below(prng, PROJECTS_MAX)};
        for (size_t p = 0; p < past[i].count; p++)
            past[i].projects[p] = (int64_t)prng_below(prng, 1000000);
        changes_note(changes, &(ChangeSet){.version = past[i].version,
                                           .is_structural = past[i].is_structural,
                                           .keys = past[i].projects,
                                           .key_count = past[i].count});
        compare(changes, past, i + 1, (int64_t)prng_below(prng, (uint64_t)version + 1));
        compare(changes, past, i + 1, version);
    }
    changes_close(&changes);
}

static void what_came_since_is_told_in_full_or_not_at_all(void **state)
{
    (void)state;
    prop_run("changes since", 20, never_too_little);
}

static void remember_version(void *context, int64_t version)
{
    int64_t *heard = context;
    *heard = version;
}

static void the_listener_hears_of_every_note(void **state)
{
    (void)state;
    Changes *changes = NULL;
    int64_t heard = 0;
    changes_open(&changes, 0);
    note(changes, 1, NULL, 0);
    changes_listen(changes, remember_version, &heard);
    note(changes, 2, NULL, 0);
    assert_int_equal(heard, 2);
    changes_note(changes, &(ChangeSet){.version = 5, .is_structural = true});
    assert_int_equal(heard, 5);
    changes_listen(changes, NULL, NULL);
    note(changes, 6, NULL, 0);
    assert_int_equal(heard, 5);
    changes_close(&changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_learns_what_came_after_its_version_and_nothing_older),
        cmocka_unit_test(something_structural_means_everything_for_whoever_came_before),
        cmocka_unit_test(more_than_is_remembered_means_everything),
        cmocka_unit_test(what_came_since_is_told_in_full_or_not_at_all),
        cmocka_unit_test(the_listener_hears_of_every_note),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
