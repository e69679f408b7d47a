/* What we promise about a tree of nodes, whatever happens to them: see support/tree.h.
 *
 *     SEED=17 test_simulation         that ordeal alone
 *     ORDEALS=20000 test_simulation   so many; FIRST=1000001 from there on
 *     ORDEAL=FILE test_simulation     one from a file
 *
 * An ordeal that fails is made smaller and written to build/finds; put it into tests/simulation
 * when what it found is mended, and it stays as a test. */
#include <dirent.h>
#include <inttypes.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/tree.h"

#define FOUND "tests/simulation"

static Tree *cast_of_all; /* for the child that tries a smaller ordeal */

/* In a process of its own, which may die of it. */
static bool fails(const Ordeal *ordeal)
{
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL) _exit(2);
        if (freopen("/dev/null", "w", stdout) == NULL) _exit(2);
        alarm(60);
        tree_run(cast_of_all, ordeal);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status != 0;
}

static void keep_find(Ordeal *ordeal, const char *name)
{
    char path[200];
    ordeal_shrink(ordeal, fails);
    (void)mkdir("build/finds", 0700);
    snprintf(path, sizeof path, "build/finds/simulation-%s.txt", name);
    FILE *file = fopen(path, "w");
    if (file != NULL) {
        ordeal_write(ordeal, file);
        (void)fclose(file);
    }
    printf("* %s fails; made smaller, it is %s:\n", name, path);
    ordeal_write(ordeal, stdout);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

/* ---- Many ordeals, by two processes at a time ---- */

#define WORKERS 2

typedef struct Range {
    uint64_t first;
    uint64_t count;
} Range;

static void work(const Range *range, uint64_t worker, volatile uint64_t *at)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1);      /* what fails here ends the process */
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30); /* disks come and go: keep their memory */
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
    for (uint64_t i = worker; i < range->count; i += WORKERS) {
        *at = range->first + i;
        const Ordeal ordeal = ordeal_make(*at);
        tree_run(cast_of_all, &ordeal);
    }
    const TreeCounts counts = tree_counts(cast_of_all);
    printf("* %" PRIu64 " commands, %" PRIu64 " refused, %" PRIu64 " power cuts, %" PRIu64
           " sticks read, %" PRIu64 " damaged, %" PRIu64 " messages, %" PRIu64 " conflicts\n",
           counts.commands, counts.refused, counts.cuts, counts.sticks, counts.damaged,
           counts.messages, counts.conflicts);
    fflush(NULL);
    _exit(0);
}

static void run_range(const Range *range)
{
    uint64_t *at = mmap(NULL, WORKERS * sizeof at[0], PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t workers[WORKERS];
    unsigned failed = 0;
    assert_true(at != MAP_FAILED);
    for (unsigned i = 0; i < WORKERS; i++) {
        fflush(NULL);
        workers[i] = fork();
        assert_true(workers[i] >= 0);
        if (workers[i] == 0) work(range, i, &at[i]);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        int status = 0;
        char name[24];
        assert_int_equal(waitpid(workers[i], &status, 0), workers[i]);
        if (status == 0) continue;
        failed++;
        snprintf(name, sizeof name, "%" PRIu64, at[i]);
        Ordeal ordeal = ordeal_make(at[i]);
        keep_find(&ordeal, name);
    }
    (void)munmap(at, WORKERS * sizeof at[0]);
    assert_int_equal(failed, 0);
}

static void a_tree_heals_whatever_happens(void **state)
{
    (void)state;
    const uint64_t only = number_from("SEED", 0);
    if (only != 0) {
        const Ordeal ordeal = ordeal_make(only);
        ordeal_write(&ordeal, stdout);
        fflush(stdout);
        tree_run(cast_of_all, &ordeal);
        return;
    }
    const Range range = {number_from("FIRST", 1), number_from("ORDEALS", 200)};
    run_range(&range);
    printf("* %" PRIu64 " ordeals from %" PRIu64 "\n", range.count, range.first);
}

/* ---- Those that failed once ---- */

static void run_file(const char *path)
{
    Ordeal ordeal;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("cannot read %s", path);
        return;
    }
    const bool is_read = ordeal_read(&ordeal, file);
    (void)fclose(file);
    if (!is_read) fail_msg("%s is no ordeal", path);
    printf("%s\n", path);
    tree_run(cast_of_all, &ordeal);
}

static void what_failed_once_does_not_fail_again(void **state)
{
    (void)state;
    const char *only = getenv("ORDEAL");
    if (only != NULL) {
        run_file(only);
        return;
    }
    DIR *directory = opendir(FOUND);
    if (directory == NULL) {
        fail_msg("cannot read %s", FOUND);
        return;
    }
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        char path[400];
        if (strstr(entry->d_name, ".txt") == NULL) continue;
        snprintf(path, sizeof path, FOUND "/%s", entry->d_name);
        run_file(path);
    }
    (void)closedir(directory);
}

/* ---- The harness itself ---- */

static bool has_two_cuts(const Ordeal *ordeal)
{
    unsigned cuts = 0;
    for (size_t i = 0; i < ordeal->event_count; i++)
        cuts += ordeal->events[i].deed == DEED_CUT;
    return cuts >= 2;
}

static void an_ordeal_shrinks_to_what_matters_and_is_read_as_written(void **state)
{
    (void)state;
    Ordeal again;
    Ordeal ordeal = {0};
    for (uint64_t seed = 1; !has_two_cuts(&ordeal); seed++)
        ordeal = ordeal_make(seed);
    ordeal_shrink(&ordeal, has_two_cuts);
    assert_int_equal(ordeal.event_count, 2);
    assert_int_equal(ordeal.node_count, 2);
    FILE *file = tmpfile();
    assert_non_null(file);
    ordeal_write(&ordeal, file);
    rewind(file);
    assert_true(ordeal_read(&again, file));
    (void)fclose(file);
    assert_int_equal(again.node_count, ordeal.node_count);
    assert_int_equal(again.event_count, ordeal.event_count);
    assert_memory_equal(again.events, ordeal.events, ordeal.event_count * sizeof again.events[0]);
}

static int open_cast(void **state)
{
    (void)state;
    cast_of_all = tree_open();
    return 0;
}

static int close_cast(void **state)
{
    (void)state;
    tree_close(cast_of_all);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordeal_shrinks_to_what_matters_and_is_read_as_written),
        cmocka_unit_test(what_failed_once_does_not_fail_again),
        cmocka_unit_test(a_tree_heals_whatever_happens),
    };
    return cmocka_run_group_tests(tests, open_cast, close_cast);
}
