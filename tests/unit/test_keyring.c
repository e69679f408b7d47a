/* What we promise about keys: made once and whole, read by nobody else, gone from memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/file.h"
#include "seal/keyring.h"
#include "support/fake_host.h"

static FakeHost fake;
static Err err;

static int begin(void **state)
{
    (void)state;
    assert_int_equal(seal_begin(&err), OK);
    fake_host_init(&fake, 42);
    assert_int_equal(dir_make(&fake.host, "node", DIR_OPEN_TO_ALL, &err), OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fake_host_done(&fake);
    return 0;
}

static void keys_are_made_and_read_back(void **state)
{
    (void)state;
    Keyring keyring = {0};
    Keyring again = {0};
    assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), ERR_NOT_FOUND);
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), OK);
    fake_host_crash(&fake); /* they were durable */
    assert_int_equal(keyring_load(&fake.host, "node", &again, &err), OK);
    assert_memory_equal(&keyring, &again, sizeof keyring);
    assert_int_equal(keyring.field_epoch, 1);
    assert_memory_not_equal(keyring.node_seed, keyring.field_key, KEY_BYTES);
    assert_memory_not_equal(keyring.field_key, keyring.index_key, KEY_BYTES);
    assert_memory_not_equal(keyring.index_key, keyring.pepper, KEY_BYTES);

    FileFacts facts;
    assert_int_equal(file_facts(&fake.host, "node/keys", &facts, &err), OK);
    assert_int_equal(facts.mode, 0700);
    assert_int_equal(file_facts(&fake.host, "node/keys/pepper", &facts, &err), OK);
    assert_int_equal(facts.mode, 0400);
    assert_int_equal(facts.size, 32);
    keyring_done(&keyring);
    keyring_done(&again);
}

static void keys_are_never_overwritten(void **state)
{
    (void)state;
    Keyring before = {0};
    Keyring after = {0};
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    assert_int_equal(keyring_load(&fake.host, "node", &before, &err), OK);
    assert_int_equal(keyring_create(&fake.host, "node", &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "node/keys exists; keys are never overwritten"));
    assert_int_equal(keyring_load(&fake.host, "node", &after, &err), OK);
    assert_memory_equal(&before, &after, sizeof before);
    keyring_done(&before);
    keyring_done(&after);
}

static void done_leaves_nothing_behind(void **state)
{
    (void)state;
    static const Keyring empty = {0};
    Keyring keyring = {0};
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), OK);
    keyring_done(&keyring);
    assert_memory_equal(&keyring, &empty, sizeof empty);
    keyring_done(&keyring); /* safe twice */
}

static void expect_refusal(ErrCode code, const char *words)
{
    static const Keyring empty = {0};
    Keyring keyring = {0};
    assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), code);
    if (strstr(err.message, words) == NULL) fail_msg("%s", err.message);
    assert_memory_equal(&keyring, &empty, sizeof empty); /* not even the keys that were read */
}

static void keys_that_others_could_read_are_refused(void **state)
{
    (void)state;
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    fake_host_change(&fake, "node/keys/index", 0440, false);
    expect_refusal(ERR_DENIED, "node/keys/index has mode 440 instead of 400: chmod 400 it");
    fake_host_change(&fake, "node/keys/index", 0400, true);
    expect_refusal(ERR_DENIED, "node/keys/index belongs to another user");
    fake_host_change(&fake, "node/keys/index", 0400, false);
    fake_host_change(&fake, "node/keys", 0755, false);
    expect_refusal(ERR_DENIED, "node/keys has mode 755, so others may look in: chmod 700 it");
    fake_host_change(&fake, "node/keys", 0700, true);
    expect_refusal(ERR_DENIED, "node/keys belongs to another user");
}

static void keys_of_another_size_are_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[33] = {1};
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    const Bytes sizes[] = {{bytes, 31}, {bytes, 33}, {bytes, 0}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(file_write(&fake.host, "node/keys/field", sizes[i], FILE_SECRET, &err),
                         OK);
        expect_refusal(ERR_CORRUPT, "instead of 32: restore it from the backup of keys");
    }
    assert_int_equal(file_remove(&fake.host, "node/keys/field", &err), OK);
    expect_refusal(ERR_NOT_FOUND, "node/keys/field");
    assert_int_equal(dir_make(&fake.host, "node/keys/field", DIR_PRIVATE, &err), OK);
    expect_refusal(ERR_CORRUPT, "node/keys/field is a directory, not a key");
}

/* Whatever fails, and wherever the power goes: no keys, or all of them; and a second try works. */
static void create_under_fault(FaultPlan *fault, void *context)
{
    const bool *is_cut = context;
    fake_host_done(&fake);
    fake_host_init(&fake, 7 + fault->fails_at);
    assert_int_equal(dir_make(&fake.host, "node", DIR_OPEN_TO_ALL, &err), OK);
    fake.fault = fault;
    const ErrCode code = keyring_create(&fake.host, "node", &err);
    fake.fault = NULL;
    if (*is_cut) fake_host_crash(&fake);

    Keyring keyring = {0};
    const ErrCode loaded = keyring_load(&fake.host, "node", &keyring, &err);
    if (code == OK)
        assert_int_equal(loaded, OK);
    else
        assert_true(loaded == OK || loaded == ERR_NOT_FOUND);
    if (loaded == ERR_NOT_FOUND) {
        assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
        assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), OK);
    }
    keyring_done(&keyring);
}

static void a_failure_leaves_no_keys_or_all_of_them(void **state)
{
    (void)state;
    bool is_cut = false;
    assert_true(fault_sweep("keys", false, create_under_fault, &is_cut) > 15);
    is_cut = true;
    assert_true(fault_sweep("keys, power cut", true, create_under_fault, &is_cut) > 15);
}

static void real_files_carry_the_real_modes(void **state)
{
    (void)state;
    char root[] = "/tmp/tongpin-keys-XXXXXX";
    assert_non_null(mkdtemp(root));
    Keyring keyring = {0};
    assert_int_equal(keyring_create(host_real(), root, &err), OK);
    assert_int_equal(keyring_load(host_real(), root, &keyring, &err), OK);
    assert_true(keyring.is_loaded);
    keyring_done(&keyring);

    static const char *const names[] = {"keys/node",   "keys/field",   "keys/index",
                                        "keys/pepper", "keys/sealing", "keys"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_TEXT_MAX];
        assert_int_equal(path_join(root, names[i], path, &err), OK);
        FileFacts facts;
        assert_int_equal(file_facts(host_real(), path, &facts, &err), OK);
        assert_int_equal(facts.mode, i < 5 ? 0400 : 0700);
        assert_int_equal(file_remove(host_real(), path, &err), OK);
    }
    assert_int_equal(file_remove(host_real(), root, &err), OK);
}

/* The node was made before there were sealing keys: the first writer makes one, once. */
static void a_key_that_an_older_version_did_not_have_is_added(void **state)
{
    (void)state;
    Keyring keyring = {0};
    Keyring again = {0};
    assert_int_equal(keyring_create(&fake.host, "node", &err), OK);
    assert_int_equal(file_remove(&fake.host, "node/keys/sealing", &err), OK);
    assert_int_equal(keyring_load(&fake.host, "node", &keyring, &err), OK);
    assert_false(keyring.has_sealing);
    assert_int_equal(keyring_complete(&fake.host, "node", &keyring, &err), OK);
    assert_true(keyring.has_sealing);
    assert_int_equal(keyring_complete(&fake.host, "node", &keyring, &err), OK);
    assert_int_equal(keyring_load(&fake.host, "node", &again, &err), OK);
    assert_memory_equal(&keyring, &again, sizeof again);
    assert_memory_not_equal(keyring.sealing_secret, keyring.node_seed, KEY_BYTES);
    keyring_done(&keyring);
    keyring_done(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_made_and_read_back, begin, end),
        cmocka_unit_test_setup_teardown(keys_are_never_overwritten, begin, end),
        cmocka_unit_test_setup_teardown(done_leaves_nothing_behind, begin, end),
        cmocka_unit_test_setup_teardown(keys_that_others_could_read_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(keys_of_another_size_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_failure_leaves_no_keys_or_all_of_them, begin, end),
        cmocka_unit_test_setup_teardown(a_key_that_an_older_version_did_not_have_is_added, begin,
                                        end),
        cmocka_unit_test_setup_teardown(real_files_carry_the_real_modes, begin, end),
    };
    return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
