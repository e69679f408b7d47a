/* What we promise about files on a stick: either all of it is there under its name, read again from
 * the disk, or we say that it is not; what stood there before is not lost for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_host.h"
#include "support/stores.h"
#include "sync/stick.h"

#define PART 1000

static FakeHost fake;
static uint8_t content[3500];

static int begin(void **state)
{
    (void)state;
    fake_host_init(&fake, 1);
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 31 >> 3);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fake_host_done(&fake);
    return 0;
}

static ErrCode write_to(const char *path, size_t size, Err *err)
{
    AUTO(stick_done) Stick stick = {0};
    TRY(stick_begin(&stick, &fake.host, path, PART, err));
    for (size_t at = 0; at < size; at += 333) {
        const size_t left = size - at;
        TRY(stick_put(&stick, (Bytes){content + at, left < 333 ? left : 333}, err));
    }
    return stick_end(&stick, err);
}

/* How much of the content can be read, or a failed test when it is anything else. */
static size_t read_back(const char *path)
{
    Err err;
    StickReader reader;
    uint8_t piece[77];
    size_t total = 0;
    bool exists = false;
    must(file_exists(&fake.host, path, &exists, &err), &err);
    if (!exists) return 0;
    stick_open(&reader, &fake.host, path);
    for (;;) {
        size_t size = 0;
        must(stick_get(&reader, piece, sizeof piece, &size, &err), &err);
        if (size == 0) return total;
        assert_true(total + size <= sizeof content);
        assert_memory_equal(piece, content + total, size);
        total += size;
    }
}

static void parts_stay_below_their_limit_and_are_read_as_one(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 999, 1000, 1001, 3000, 3500, 2000, 10};
    Err err;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bool exists = false;
        char path[PATH_TEXT_MAX];
        must(write_to("one.tpb", sizes[i], &err), &err);
        assert_int_equal(read_back("one.tpb"), sizes[i]); /* nothing of a longer one before it */
        (void)snprintf(path, sizeof path, "one.tpb.%zu", (sizes[i] + PART - 1) / PART + 1);
        must(file_exists(&fake.host, path, &exists, &err), &err);
        assert_false(exists);
    }
}

static void a_disk_that_lies_is_noticed(void **state)
{
    (void)state;
    Err err;
    fake.is_lying = true;
    assert_int_equal(write_to("one.tpb", 1500, &err), ERR_CORRUPT);
    assert_non_null(strstr(err.message, "take another stick"));
    fake.is_lying = false;
}

static void only_names_that_every_machine_reads_are_written(void **state)
{
    (void)state;
    static const char *const bad[] = {"一.tpb",  "a b",  "",    "dir/",
                                      ".hidden", "end.", "a:b", "a\\b"};
    Err err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(write_to(bad[i], 10, &err), ERR_INVALID);
    must(write_to("Site-7_2026.tpb", 10, &err), &err);
}

/* Every operation fails once, and the power goes: the file is there whole, or the old one is, or
 * there is none; never a part of one. */
static void fail_once(FaultPlan *fault, void *context)
{
    const size_t size = *(const size_t *)context;
    Err err;
    end(NULL);
    begin(NULL);
    must(write_to("one.tpb", 10, &err), &err);
    fake.fault = fault;
    const ErrCode code = write_to("one.tpb", size, &err);
    fake.fault = NULL;
    assert_true(code == OK || fault_happened(fault));
    if (fault_happened(fault)) fake_host_crash(&fake);
    const size_t there = read_back("one.tpb");
    assert_true(there == size || (code != OK && (there == 10 || there == 0)));
    if (code == OK) assert_int_equal(there, size);
    must(write_to("one.tpb", size, &err), &err); /* and what is left behind is in nobody's way */
    assert_int_equal(read_back("one.tpb"), size);
}

static void a_failure_leaves_no_part_of_a_file(void **state)
{
    (void)state;
    static const size_t sizes[] = {900, 2500};
    for (size_t i = 0; i < 2; i++) {
        size_t size = sizes[i];
        assert_true(fault_sweep("stick", true, fail_once, &size) > 8);
        assert_true(fault_sweep("stick", false, fail_once, &size) > 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parts_stay_below_their_limit_and_are_read_as_one, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_disk_that_lies_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(only_names_that_every_machine_reads_are_written, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_failure_leaves_no_part_of_a_file, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
