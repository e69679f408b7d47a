/* What we promise about files: old or new and never torn, whatever fails and whenever the power
 * goes; and the real disk behaves as the fake one does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/file.h"
#include "host/process.h"
#include "support/fake_host.h"

static Bytes bytes_z(const char *z)
{
    return (Bytes){(const uint8_t *)z, strlen(z)};
}

static const char *read_z(const Host *host, const char *path)
{
    static char text[64];
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, sizeof text - 1);
    if (file_read(host, path, sizeof text - 1, &buf, &err) != OK) return NULL;
    if (buf.size > 0) memcpy(text, buf.at, buf.size);
    text[buf.size] = '\0';
    return text;
}

/* One file is written over while the n-th operation fails; then the power goes as well. */
static void overwrite(FaultPlan *fault, void *context)
{
    const bool *is_cut = context;
    Err err;
    static FakeHost fake;
    fake_host_init(&fake, fault->fails_at);
    assert_int_equal(dir_make(&fake.host, "data", DIR_PRIVATE, &err), OK);
    assert_int_equal(file_write(&fake.host, "data/note", bytes_z("old"), FILE_PRIVATE, &err), OK);

    fake.fault = fault;
    const ErrCode code = file_write(&fake.host, "data/note", bytes_z("new"), FILE_PRIVATE, &err);
    assert_true(code == OK || code == ERR_IO);
    assert_int_equal(code != OK, fault_happened(fault));
    fake.fault = NULL;
    if (*is_cut) fake_host_crash(&fake);

    const char *found = read_z(&fake.host, "data/note");
    assert_non_null(found);
    if (code == OK)
        assert_string_equal(found, "new");
    else
        assert_true(strcmp(found, "old") == 0 || strcmp(found, "new") == 0);

    /* And the next write finds nothing in its way. */
    assert_int_equal(file_write(&fake.host, "data/note", bytes_z("next"), FILE_SECRET, &err), OK);
    fake_host_crash(&fake);
    assert_string_equal(read_z(&fake.host, "data/note"), "next");
    fake_host_done(&fake);
}

static void a_failed_write_leaves_the_old_file_or_the_new_one(void **state)
{
    (void)state;
    bool is_cut = false;
    assert_int_equal(fault_sweep("file write", false, overwrite, &is_cut), 4);
}

static void a_power_cut_leaves_the_old_file_or_the_new_one(void **state)
{
    (void)state;
    bool is_cut = true;
    assert_int_equal(fault_sweep("file write, power cut", true, overwrite, &is_cut), 4);
}

/* The harness notices the bug it is for: a write without sync loses or tears the file. */
static void without_syncs_the_fake_disk_forgets(void **state)
{
    (void)state;
    Err err;
    unsigned lost = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        static FakeHost fake;
        fake_host_init(&fake, seed);
        const Host *host = &fake.host;
        assert_int_equal(host->file_put(host->context, "a", bytes_z("text"), FILE_PRIVATE, &err),
                         OK);
        assert_int_equal(host->file_rename(host->context, "a", "b", &err), OK);
        fake_host_crash(&fake);
        const char *found = read_z(host, "b");
        if (found == NULL || strcmp(found, "text") != 0) lost++;
        fake_host_done(&fake);
    }
    assert_true(lost > 100);
    assert_true(lost < 200); /* and sometimes one is lucky, which is why nobody notices */
}

static void make_temporary(char path[64])
{
    memcpy(path, "/tmp/tongpin-file-XXXXXX", sizeof "/tmp/tongpin-file-XXXXXX");
    assert_non_null(mkdtemp(path));
}

static void on_either_disk(const Host *host, const char *root)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    char folder[PATH_TEXT_MAX];
    char file[PATH_TEXT_MAX];
    assert_int_equal(path_join(root, "folder", folder, &err), OK);
    assert_int_equal(path_join(folder, "b", file, &err), OK);

    bool exists = true;
    assert_int_equal(file_exists(host, folder, &exists, &err), OK);
    assert_false(exists);
    assert_int_equal(file_write(host, file, bytes_z("x"), FILE_PRIVATE, &err), ERR_NOT_FOUND);
    assert_int_equal(dir_make(host, folder, DIR_PRIVATE, &err), OK);
    assert_int_equal(dir_make(host, folder, DIR_PRIVATE, &err), ERR_CONFLICT);
    assert_int_equal(dir_ensure(host, folder, DIR_PRIVATE, &err), OK);

    assert_int_equal(file_write(host, file, bytes_z("secret"), FILE_SECRET, &err), OK);
    assert_string_equal(read_z(host, file), "secret");
    FileFacts facts;
    assert_int_equal(file_facts(host, file, &facts, &err), OK);
    assert_int_equal(facts.mode, FILE_SECRET);
    assert_int_equal(facts.size, 6);
    assert_true(facts.is_ours);
    assert_false(facts.is_directory);
    assert_int_equal(file_facts(host, folder, &facts, &err), OK);
    assert_int_equal(facts.mode, DIR_PRIVATE);
    assert_true(facts.is_directory);
    assert_int_equal(dir_ensure(host, file, DIR_PRIVATE, &err), ERR_CONFLICT);

    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 100);
    assert_int_equal(file_read(host, file, 5, &buf, &err), ERR_LIMIT);
    assert_int_equal(buf.size, 0);

    char other[PATH_TEXT_MAX];
    assert_int_equal(path_join(folder, "a", other, &err), OK);
    assert_int_equal(file_write(host, other, bytes_z(""), FILE_PRIVATE, &err), OK);
    NameList names;
    assert_int_equal(dir_list(host, folder, &arena, &names, &err), OK);
    assert_int_equal(names.count, 2); /* nothing is left beside them */
    assert_true(text_is(names.names[0], "a"));
    assert_true(text_is(names.names[1], "b"));
    assert_int_equal(file_remove(host, other, &err), OK);
    assert_int_equal(file_remove(host, other, &err), ERR_NOT_FOUND);

    char moved[PATH_TEXT_MAX];
    assert_int_equal(path_join(root, "moved", moved, &err), OK);
    assert_int_equal(dir_rename(host, folder, moved, &err), OK);
    assert_int_equal(path_join(moved, "b", file, &err), OK);
    assert_string_equal(read_z(host, file), "secret");
    assert_int_equal(file_remove(host, file, &err), OK);
    assert_int_equal(file_remove(host, moved, &err), OK);
}

static void the_real_disk_and_the_fake_one_behave_alike(void **state)
{
    (void)state;
    char root[64];
    make_temporary(root);
    on_either_disk(host_real(), root);
    Err err;
    assert_int_equal(file_remove(host_real(), root, &err), OK);

    static FakeHost fake;
    fake_host_init(&fake, 1);
    on_either_disk(&fake.host, "/");
    fake_host_done(&fake);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    Err err;
    char name[PATH_TEXT_MAX + 10];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    char out[PATH_TEXT_MAX];
    assert_int_equal(path_join("/tmp", name, out, &err), ERR_LIMIT);
    assert_int_equal(file_write(host_real(), name, bytes_z("x"), FILE_PRIVATE, &err), ERR_LIMIT);
    assert_int_equal(path_join("/", "tmp", out, &err), OK);
    assert_string_equal(out, "/tmp");
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 100);
    const char *path = "/nowhere/at/all";
    assert_int_equal(file_read(host_real(), path, 10, &buf, &err), ERR_NOT_FOUND);
    assert_string_equal(err.message, "cannot open /nowhere/at/all: No such file or directory");
}

static void a_directory_belongs_to_one_process(void **state)
{
    (void)state;
    Err err;
    char root[64];
    make_temporary(root);
    DirLock mine = {0};
    DirLock other = {0};
    assert_int_equal(dir_lock(&mine, root, &err), OK);
    assert_int_equal(dir_lock(&other, root, &err), ERR_BUSY);
    assert_non_null(strstr(err.message, "in use by another tongpin"));
    dir_unlock(&other);
    dir_unlock(&mine);
    assert_int_equal(dir_lock(&other, root, &err), OK);
    dir_unlock(&other);
    assert_int_equal(dir_lock(&other, "/nowhere/at/all", &err), ERR_IO);
    assert_int_equal(file_remove(host_real(), root, &err), OK);
}

static void the_process_knows_itself(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    assert_in_range(process_memory_bytes(), 100 * 1024, (size_t)64 << 30);
    const size_t open_files = process_open_files();
    FILE *file = fopen("/dev/null", "re");
    assert_non_null(file);
    assert_int_equal(process_open_files(), open_files + 1);
    assert_int_equal(fclose(file), 0);

    const char *program = NULL;
    assert_int_equal(process_program(&arena, &program, &err), OK);
    assert_non_null(strstr(program, "test_file"));
    DiskFacts disk;
    assert_int_equal(process_disk(".", &disk, &err), OK);
    assert_in_range(disk.block_bytes, 512, 1 << 20);
    assert_true(disk.free_bytes > 0);
    assert_int_equal(process_disk("/nowhere/at/all", &disk, &err), ERR_IO);
    assert_true(process_number() > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_write_leaves_the_old_file_or_the_new_one),
        cmocka_unit_test(a_power_cut_leaves_the_old_file_or_the_new_one),
        cmocka_unit_test(without_syncs_the_fake_disk_forgets),
        cmocka_unit_test(the_real_disk_and_the_fake_one_behave_alike),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(a_directory_belongs_to_one_process),
        cmocka_unit_test(the_process_knows_itself),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
