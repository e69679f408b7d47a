/* What we promise about passwords: long and uncommon ones only, kept so that a stolen database
 * gives nobody one to try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/host.h"
#include "seal/password.h"

/* Far below the floor, so that tests take no time; the last test pays the product's price once. */
static const PasswordCost cheap = {.passes = 1, .memory_bytes = 8192};
#define SECRET TEXT("芦苇 高过 一米 and mosquitoes")
static Keyring keyring;

static int begin(void **state)
{
    (void)state;
    Err err;
    assert_int_equal(seal_begin(&err), OK);
    keyring = (Keyring){.is_loaded = true, .pepper = {1, 2, 3}};
    return 0;
}

static ErrCode check(const char *password, bool is_privileged)
{
    Err err;
    const Text about[] = {TEXT("张三丰"), TEXT("zhangsf"), TEXT("13812345678"), TEXT("益风二期"),
                          TEXT("Li")};
    const PasswordWish wish = {.password = text_from_z(password),
                               .is_privileged = is_privileged,
                               .about_me = about,
                               .about_me_count = 5};
    return password_check(&wish, &err);
}

static void good_passwords_are_taken(void **state)
{
    (void)state;
    static const char *const good[] = {"correct horse battery",
                                       "芦苇高过一米蚊子太多了",
                                       "reed-marsh-tower",
                                       "kx7#Lm2!vQ9z",
                                       "  spaces count too  ",
                                       "北斗星在塔尖上闪光呀",
                                       "😀🗼🌾🦟💡🔧🧰🚜🛖🌊"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (check(good[i], false) != OK) fail_msg("%s is refused", good[i]);
}

static void characters_count_and_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(check("塔高三十六米", false), ERR_INVALID); /* 18 bytes, 6 characters */
    assert_int_equal(check("kx7#Lm2!v", false), ERR_INVALID);
    assert_int_equal(check("kx7#Lm2!vQ", false), OK);
    assert_int_equal(check("kx7#Lm2!vQ", true), ERR_INVALID); /* 12 for the privileged */
    assert_int_equal(check("kx7#Lm2!vQ9z", true), OK);
    char long_one[PASSWORD_BYTES_MAX + 2];
    for (size_t i = 0; i < sizeof long_one - 1; i++)
        long_one[i] = "qmzpvxkwjy"[i * i % 7 + i % 4];
    long_one[PASSWORD_BYTES_MAX + 1] = '\0';
    assert_int_equal(check(long_one, false), ERR_INVALID);
    long_one[PASSWORD_BYTES_MAX] = '\0';
    assert_int_equal(check(long_one, false), OK);
}

static void what_everybody_has_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1234567890",    "123456789012", "woaini1314",           "woaini1314520",  "WoAiNi1314!",
        "1qaz2wsx3edc",  "1qaz2wsx!@",   "a123456789",           "Aa123456789",    "5201314520",
        "5201314woaini", "qwertyuiop",   "qwertyuiop123",        "password123",    "P@ssw0rd2026",
        "iloveyou520",   "dianli2026",   "dianli123456",         "tongpin2026",    "dangyuan1234",
        "admin123456",   "zhongguo123",  "woaizhongguo",         "11223344556677", "aaaaaaaaaaaa",
        "abcabcabcabc",  "1212121212",   "张三张三张三张三张三", "abcdefghijkl",   "9876543210",
        "zyxwvutsrqpo",  "147258369147", "q1w2e3r4t5",           "asdfghjkl;'",    "19491001520"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (check(bad[i], false) != ERR_INVALID) fail_msg("%s is taken", bad[i]);
}

static void what_others_know_about_the_person_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"塔上的张三丰真的很高呀", "my ZhangSF rocks!",
                                      "reed 13812345678 marsh", "reed-marsh-345678",
                                      "381234-reed-marsh",      "益风二期塔高三十六米"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (check(bad[i], false) != ERR_INVALID) fail_msg("%s is taken", bad[i]);
    assert_int_equal(check("reed-marsh-45678", false), OK);  /* five digits may be chance */
    assert_int_equal(check("Liquid reed marsh", false), OK); /* too short a name to judge by */
}

static void a_refusal_says_what_to_do(void **state)
{
    (void)state;
    Err err;
    const PasswordWish wish = {.password = TEXT("short")};
    assert_int_equal(password_check(&wish, &err), ERR_INVALID);
    assert_string_equal(err.message,
                        "a password has at least 10 characters; three or four words make a good "
                        "one");
}

static bool matches(const Keyring *keys, Text password, const char *stored)
{
    Err err;
    bool is_right = false;
    if (password_matches(keys, password, stored, &is_right, &err) != OK)
        fail_msg("%s", err.message);
    return is_right;
}

static void only_the_kept_password_matches(void **state)
{
    (void)state;
    Err err;
    char stored[PASSWORD_STORED_MAX];
    assert_int_equal(password_keep(&keyring, cheap, SECRET, stored, &err), OK);
    assert_true(matches(&keyring, SECRET, stored));
    assert_false(matches(&keyring, TEXT("芦苇 高过 一米 and mosquitoe"), stored));
    assert_false(matches(&keyring, TEXT("芦苇 高过 一米 and Mosquitoes"), stored));
    assert_false(matches(&keyring, TEXT(""), stored));
}

static void the_same_password_is_kept_differently_each_time(void **state)
{
    (void)state;
    Err err;
    char first[PASSWORD_STORED_MAX];
    char second[PASSWORD_STORED_MAX];
    assert_int_equal(password_keep(&keyring, cheap, SECRET, first, &err), OK);
    assert_int_equal(password_keep(&keyring, cheap, SECRET, second, &err), OK);
    assert_string_not_equal(first, second);
    assert_true(matches(&keyring, SECRET, second));
}

static void without_the_pepper_nothing_matches(void **state)
{
    (void)state;
    Err err;
    char stored[PASSWORD_STORED_MAX];
    assert_int_equal(password_keep(&keyring, cheap, SECRET, stored, &err), OK);
    Keyring other = keyring;
    other.pepper[31] ^= 1;
    assert_false(matches(&other, SECRET, stored));
}

static void what_is_no_kept_password_is_corrupt_and_not_wrong(void **state)
{
    (void)state;
    Err err;
    static const char *const bad[] = {"",
                                      "x",
                                      "secret in clear",
                                      "$argon2id$",
                                      "$argon2id$v=19$m=8",
                                      "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bool is_right = true;
        if (password_matches(&keyring, SECRET, bad[i], &is_right, &err) != ERR_CORRUPT)
            fail_msg("\"%s\" is taken for a kept password", bad[i]);
        assert_true(is_right); /* untouched */
    }
}

static void a_kept_password_at_another_cost_is_renewed(void **state)
{
    (void)state;
    Err err;
    char stored[PASSWORD_STORED_MAX];
    assert_int_equal(password_keep(&keyring, cheap, SECRET, stored, &err), OK);
    assert_false(password_needs_renewal(stored, cheap));
    assert_true(password_needs_renewal(stored, PASSWORD_COST_PRODUCT));
}

static void the_floor_is_the_floor(void **state)
{
    (void)state;
    assert_true(password_cost_is_safe(PASSWORD_COST_PRODUCT));
    assert_true(password_cost_is_safe(PASSWORD_COST_FLOOR));
    assert_false(password_cost_is_safe(cheap));
    assert_false(password_cost_is_safe((PasswordCost){1, (size_t)1 << 30}));
    assert_false(password_cost_is_safe((PasswordCost){9, (size_t)18 << 20}));
}

static void memory_that_is_not_there_is_told(void **state)
{
    (void)state;
    Err err;
    char stored[PASSWORD_STORED_MAX] = "untouched";
    const PasswordCost impossible = {.passes = 1, .memory_bytes = SIZE_MAX / 2};
    assert_int_equal(password_keep(&keyring, impossible, SECRET, stored, &err), ERR_LIMIT);
    assert_string_equal(stored, "untouched");
}

/* At the product's price, and an account that does not exist costs the same. */
static void a_check_of_nobody_takes_as_long_as_one_of_somebody(void **state)
{
    (void)state;
    Err err;
    char stored[PASSWORD_STORED_MAX];
    const PasswordCost cost = PASSWORD_COST_PRODUCT;
    assert_int_equal(password_keep(&keyring, cost, SECRET, stored, &err), OK);
    assert_non_null(strstr(stored, "$argon2id$v=19$m=65536,t=3,p=1$"));
    uint64_t somebody_ms = UINT64_MAX; /* the fastest of three: other processes only slow us down */
    uint64_t nobody_ms = UINT64_MAX;
    for (int i = 0; i < 3; i++) {
        const uint64_t start = host_monotonic_ms(host_real());
        assert_false(matches(&keyring, TEXT("wrong"), stored));
        const uint64_t middle = host_monotonic_ms(host_real());
        password_matches_nobody(&keyring, cost, TEXT("wrong"));
        const uint64_t end = host_monotonic_ms(host_real());
        if (middle - start < somebody_ms) somebody_ms = middle - start;
        if (end - middle < nobody_ms) nobody_ms = end - middle;
    }
    print_message("* password check %llu ms, of nobody %llu ms\n", (unsigned long long)somebody_ms,
                  (unsigned long long)nobody_ms);
    assert_true(somebody_ms > 10);
    assert_true(nobody_ms * 2 > somebody_ms);
    assert_true(somebody_ms * 2 > nobody_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_passwords_are_taken),
        cmocka_unit_test(characters_count_and_not_bytes),
        cmocka_unit_test(what_everybody_has_is_refused),
        cmocka_unit_test(what_others_know_about_the_person_is_refused),
        cmocka_unit_test(a_refusal_says_what_to_do),
        cmocka_unit_test(only_the_kept_password_matches),
        cmocka_unit_test(the_same_password_is_kept_differently_each_time),
        cmocka_unit_test(without_the_pepper_nothing_matches),
        cmocka_unit_test(what_is_no_kept_password_is_corrupt_and_not_wrong),
        cmocka_unit_test(a_kept_password_at_another_cost_is_renewed),
        cmocka_unit_test(the_floor_is_the_floor),
        cmocka_unit_test(memory_that_is_not_there_is_told),
        cmocka_unit_test(a_check_of_nobody_takes_as_long_as_one_of_somebody),
    };
    return cmocka_run_group_tests_name("password", tests, begin, NULL);
}
