/* What we promise about records: what was set is there, what cannot be is refused by name, and
 * laying one over another changes exactly the fields it speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/prop.h"
#include "vocab/record.h"

static Record record_of(KindCode kind)
{
    return (Record){.kind = vocab_kind((unsigned)kind)};
}

static void an_empty_record_says_nothing(void **state)
{
    (void)state;
    const Record record = record_of(KIND_PERSON);
    assert_false(record_has(&record, PERSON_NAME));
    assert_true(record_int(&record, PERSON_SEX, 7) == 7);
    assert_int_equal(record_text(&record, PERSON_NAME).size, 0);
    assert_true(id_is_nil(record_ref(&record, PERSON_UNIT)));
    const DayRange range = record_range(&record, STATION_FROM, STATION_TO);
    assert_int_equal(range.first, DAY_FIRST);
    assert_int_equal(range.last, DAY_OPEN);
}

static void what_was_set_is_there_and_what_was_cleared_is_not(void **state)
{
    (void)state;
    Record record = record_of(KIND_PERSON);
    record_set_text(&record, PERSON_NAME, TEXT("张三"));
    record_set_int(&record, PERSON_SEX, SEX_IS_FEMALE);
    record_set_ref(&record, PERSON_UNIT, id_make(1, 2, 3));
    assert_true(text_is(record_text(&record, PERSON_NAME), "张三"));
    assert_true(record_int(&record, PERSON_SEX, 0) == SEX_IS_FEMALE);
    assert_true(id_equal(record_ref(&record, PERSON_UNIT), id_make(1, 2, 3)));
    record_clear(&record, PERSON_NAME);
    assert_false(record_has(&record, PERSON_NAME));
    assert_int_equal(record_text(&record, PERSON_NAME).size, 0);
    assert_int_equal(record.fields[PERSON_NAME].state, FIELD_CLEARED);
}

static void expect_refusal(const Record *record, const char *words)
{
    Err err;
    assert_int_equal(record_check(record, &err), ERR_INVALID);
    assert_string_equal(err.message, words);
}

static void a_value_that_its_field_cannot_hold_is_refused_by_name(void **state)
{
    (void)state;
    static char long_text[TEXT_FIELD_BYTES_MAX + 1];
    memset(long_text, 'x', sizeof long_text);
    Err err;
    Record record = record_of(KIND_PERSON);
    record_set_int(&record, PERSON_SEX, 3);
    expect_refusal(&record, "sex has no choice 3");
    record_set_int(&record, PERSON_SEX, (INT64_C(1) << 32) + SEX_IS_MALE);
    expect_refusal(&record, "sex has no choice 4294967297");
    record_set_int(&record, PERSON_SEX, SEX_IS_MALE);
    record_set_int(&record, PERSON_BIRTH, DAY_LAST + 1);
    expect_refusal(&record, "birth is not between 1900 and 2199");
    record_set_int(&record, PERSON_BIRTH, DAY_FIRST);
    record_set_text(&record, PERSON_NAME, TEXT(""));
    expect_refusal(&record, "name is empty");
    record_set_text(&record, PERSON_NAME, (Text){long_text, sizeof long_text});
    expect_refusal(&record, "name is longer than 2000 bytes");
    record_set_text(&record, PERSON_NAME, (Text){long_text, sizeof long_text - 1});
    record_set_ref(&record, PERSON_UNIT, (Id){{0}});
    expect_refusal(&record, "unit leads nowhere");
    record_set_ref(&record, PERSON_UNIT, id_make(1, 2, 3));
    assert_int_equal(record_check(&record, &err), OK);

    Record project = record_of(KIND_PROJECT);
    record_set_int(&project, PROJECT_LAT, 180000001);
    expect_refusal(&project, "lat is not between -180 and 180 degrees");
    Record posting = record_of(KIND_POSTING);
    record_set_int(&posting, POSTING_CORE, 2);
    expect_refusal(&posting, "core is true or false");
}

static void a_field_that_must_be_there_cannot_be_cleared_or_missing(void **state)
{
    (void)state;
    Err err;
    Record record = record_of(KIND_UNIT);
    assert_int_equal(record_check(&record, &err), OK); /* a change need not speak of it */
    assert_int_equal(record_check_complete(&record, &err), ERR_INVALID);
    assert_string_equal(err.message, "name is missing");
    record_clear(&record, UNIT_NAME);
    expect_refusal(&record, "name cannot be left empty");
    record_set_text(&record, UNIT_NAME, TEXT("工程部"));
    assert_int_equal(record_check_complete(&record, &err), OK);
    record_clear(&record, UNIT_CODE); /* this one may be empty */
    assert_int_equal(record_check(&record, &err), OK);
}

static Record make_record(Prng *prng)
{
    Record record = record_of(KIND_POSTING);
    for (unsigned field = 1; field < FIELD_COUNT_MAX; field++) {
        switch (prng_below(prng, 3)) {
        case 0: record_set_int(&record, field, (int64_t)prng_below(prng, 1000)); break;
        case 1: record_clear(&record, field); break;
        default: break;
        }
    }
    return record;
}

/* Laying over is what a sequence of entries does to a thing: it must be associative, and speak
 * only of the fields the change speaks of. */
static void laying_over_takes_the_later_word_field_by_field(Prng *prng)
{
    const Record a = make_record(prng);
    const Record b = make_record(prng);
    const Record c = make_record(prng);
    Record ab = a;
    record_lay_over(&ab, &b);
    for (unsigned field = 1; field < FIELD_COUNT_MAX; field++) {
        const Record *said = b.fields[field].state != FIELD_ABSENT ? &b : &a;
        assert_int_equal(ab.fields[field].state, said->fields[field].state);
        assert_true(ab.fields[field].number == said->fields[field].number);
    }
    Record left = ab;
    record_lay_over(&left, &c);
    Record bc = b;
    record_lay_over(&bc, &c);
    Record right = a;
    record_lay_over(&right, &bc);
    for (unsigned field = 1; field < FIELD_COUNT_MAX; field++) {
        assert_int_equal(left.fields[field].state, right.fields[field].state);
        assert_true(left.fields[field].number == right.fields[field].number);
    }
}

static void property_lay_over(void **state)
{
    (void)state;
    prop_run("records laid over", 500, laying_over_takes_the_later_word_field_by_field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_record_says_nothing),
        cmocka_unit_test(what_was_set_is_there_and_what_was_cleared_is_not),
        cmocka_unit_test(a_value_that_its_field_cannot_hold_is_refused_by_name),
        cmocka_unit_test(a_field_that_must_be_there_cannot_be_cleared_or_missing),
        cmocka_unit_test(property_lay_over),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
