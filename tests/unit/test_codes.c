/* What we promise about codes: the good ones pass however they are typed, each fault is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "people/codes.h"
#include "support/prop.h"

static ReasonCode identity(const char *z, Identity *out)
{
    int64_t detail = 0;
    return identity_check(text_from_z(z), out, &detail);
}

static void good_identity_numbers_give_birth_and_sex(void **state)
{
    (void)state;
    Err err;
    Day birth = 0;
    Identity holder;
    assert_int_equal(identity("11010519491231002X", &holder), REASON_NONE);
    assert_int_equal(day_from_civil(1949, 12, 31, &birth, &err), OK);
    assert_true(holder.has_birth);
    assert_int_equal(holder.birth, birth);
    assert_int_equal(holder.sex, SEX_IS_FEMALE);
    assert_int_equal(holder.note, REASON_NONE);

    assert_int_equal(identity("440524188001010014", &holder), REASON_NONE);
    assert_false(holder.has_birth); /* 1880 is a date, but no Day */
    assert_int_equal(holder.sex, SEX_IS_MALE);
}

static void blanks_full_width_digits_and_a_small_x_are_tidied(void **state)
{
    (void)state;
    Identity holder;
    static const char *const typed[] = {
        " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002x",   "'11010519491231002x",
        "11010519491231002×",     "110105\u300019491231\u00A0002X"};
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        assert_int_equal(identity(typed[i], &holder), REASON_NONE);
        assert_string_equal(holder.number.at, "11010519491231002X");
    }
}

static void an_old_number_of_15_digits_is_extended_and_noted(void **state)
{
    (void)state;
    Identity holder;
    assert_int_equal(identity("110105491231002", &holder), REASON_NONE);
    assert_string_equal(holder.number.at, "11010519491231002X");
    assert_int_equal(holder.note, REASON_CODE_OLD_FORM);
}

static void each_fault_of_an_identity_number_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        ReasonCode code;
        int64_t detail;
    } cases[] = {
        {"", REASON_CODE_EMPTY, 0},
        {" \u3000 ", REASON_CODE_EMPTY, 0},
        {"1101051949123100", REASON_CODE_LENGTH, 16},
        {"11010519491231002X11010519491231002X", REASON_CODE_LENGTH, 36},
        {"1101051949A231002X", REASON_CODE_CHARACTER, 11},
        {"1101051949一231002X", REASON_CODE_CHARACTER, 11},
        {"11010519491231002Y", REASON_CODE_CHARACTER, 18},
        {"110105194912310021", REASON_CODE_CHECK_DIGIT, 18},
        {"110105194913310021", REASON_CODE_BIRTH, 7},
        {"110105190002290021", REASON_CODE_BIRTH, 7}, /* 1900 was no leap year */
        {"110105170001010021", REASON_CODE_BIRTH, 7},
        {"110105491331002", REASON_CODE_BIRTH, 7},
        {"110105194912310001", REASON_CODE_ALL_ZERO, 15},
        {"11010519491231001X", REASON_CODE_CHECK_DIGIT, 18},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Identity holder = {.sex = 77};
        int64_t detail = -1;
        assert_int_equal(identity_check(text_from_z(cases[i].number), &holder, &detail),
                         cases[i].code);
        assert_int_equal(detail, cases[i].detail);
        assert_int_equal(holder.sex, 77); /* nothing is given out on failure */
    }
}

static void an_area_we_do_not_know_is_accepted_and_noted(void **state)
{
    (void)state;
    /* 999999 is not allotted to any place, which makes it good for samples. */
    Identity holder;
    char number[19] = "99999919900307001?";
    for (unsigned last = 0; last < 10; last++) {
        number[17] = (char)('0' + last);
        if (identity(number, &holder) == REASON_NONE) break;
    }
    assert_int_equal(holder.note, REASON_CODE_AREA_UNKNOWN);
    assert_int_equal(holder.sex, SEX_IS_MALE);
}

static void organisation_codes_of_both_kinds_are_checked(void **state)
{
    (void)state;
    Code code;
    int64_t detail = 0;
    assert_int_equal(uscc_check(TEXT("91350100M000100Y43"), &code, &detail), REASON_NONE);
    assert_int_equal(uscc_check(TEXT("91350100ARUJWX97A0"), &code, &detail), REASON_NONE);
    assert_int_equal(uscc_check(TEXT("91350100arujwx97a0"), &code, &detail), REASON_NONE);
    assert_string_equal(code.at, "91350100ARUJWX97A0");
    assert_int_equal(uscc_check(TEXT("91350100M000100Y44"), &code, &detail),
                     REASON_CODE_CHECK_DIGIT);
    assert_int_equal(uscc_check(TEXT("91350100M000I00Y43"), &code, &detail), REASON_CODE_CHARACTER);
    assert_int_equal(detail, 13);
    assert_int_equal(uscc_check(TEXT("91A50100M000100Y43"), &code, &detail), REASON_CODE_CHARACTER);
    assert_int_equal(detail, 3);
    assert_int_equal(uscc_check(TEXT("9135010"), &code, &detail), REASON_CODE_LENGTH);
    assert_int_equal(organisation_code_check(TEXT("D2143569-X"), &code, &detail), REASON_NONE);
    assert_string_equal(code.at, "D2143569X");
    assert_int_equal(organisation_code_check(TEXT("D2143569-1"), &code, &detail),
                     REASON_CODE_CHECK_DIGIT);
}

/* MOD 11-2 finds every single wrong digit and every swap of two neighbours. */
static void one_slip_of_the_pen_is_always_found(Prng *prng)
{
    char number[32];
    Identity holder;
    char last = '0';
    const unsigned seed = (unsigned)prng_below(prng, 999) + 1;
    const unsigned year = 1950 + (unsigned)prng_below(prng, 60);
    for (const char *check = "0123456789X"; *check != '\0'; check++) {
        snprintf(number, sizeof number, "3209%02u%04u%02u%02u%03u%c", 1 + seed % 80, year,
                 1 + seed % 12, 1 + seed % 28, seed, *check);
        last = *check;
        if (identity(number, &holder) == REASON_NONE) break;
    }
    assert_int_equal(identity(number, &holder), REASON_NONE);
    assert_int_equal(number[17], last);
    const size_t at = (size_t)prng_below(prng, 17);
    char wrong[32];
    memcpy(wrong, number, sizeof wrong);
    wrong[at] = (char)('0' + (number[at] - '0' + 1 + (int)prng_below(prng, 9)) % 10);
    assert_int_not_equal(identity(wrong, &holder), REASON_NONE);
    memcpy(wrong, number, sizeof wrong);
    if (at == 16 || number[at] == number[at + 1]) return;
    wrong[at] = number[at + 1];
    wrong[at + 1] = number[at];
    assert_int_not_equal(identity(wrong, &holder), REASON_NONE);
}

static void slips_are_found(void **state)
{
    (void)state;
    prop_run("codes", 2000, one_slip_of_the_pen_is_always_found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_identity_numbers_give_birth_and_sex),
        cmocka_unit_test(blanks_full_width_digits_and_a_small_x_are_tidied),
        cmocka_unit_test(an_old_number_of_15_digits_is_extended_and_noted),
        cmocka_unit_test(each_fault_of_an_identity_number_is_named_with_its_place),
        cmocka_unit_test(an_area_we_do_not_know_is_accepted_and_noted),
        cmocka_unit_test(organisation_codes_of_both_kinds_are_checked),
        cmocka_unit_test(slips_are_found),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
