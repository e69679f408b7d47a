/* What we promise about the vocabulary: numbers and names mean one thing each, everything that is
 * referred to exists, and the golden list of what was ever given out stays true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vocab/vocab.h"

#define LAST_KIND 200 /* beyond any number given out so far */

static void kinds_are_found_by_number_and_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        assert_ptr_equal(vocab_kind((unsigned)kind->code), kind);
        assert_ptr_equal(vocab_kind_named(text_from_z(kind->name)), kind);
    }
    assert_null(vocab_kind(0));
    assert_null(vocab_kind(LAST_KIND));
    assert_null(vocab_kind_named(TEXT("Person")));
    assert_null(vocab_kind_named(TEXT("")));
}

static void fields_are_found_by_number_and_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        assert_true(kind->field_count > 0);
        for (size_t j = 0; j < kind->field_count; j++) {
            const FieldInfo *field = &kind->fields[j];
            assert_ptr_equal(vocab_field(kind, field->number), field);
            assert_ptr_equal(vocab_field_named(kind, text_from_z(field->name)), field);
            assert_in_range(field->number, 1, FIELD_COUNT_MAX - 1);
        }
        assert_null(vocab_field(kind, 0));
        assert_null(vocab_field(kind, FIELD_COUNT_MAX));
        assert_null(vocab_field_named(kind, TEXT("no such field")));
    }
}

/* A name becomes a column, a JSON member and a TypeScript property. */
static bool is_plain_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if ((*at < 'a' || *at > 'z') && (*at < '0' || *at > '9') && *at != '_') return false;
    return name[0] >= 'a' && name[0] <= 'z';
}

static void names_are_plain_and_both_languages_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        assert_true(is_plain_name(kind->name));
        assert_true(kind->en[0] != '\0' && kind->zh[0] != '\0' && kind->what[0] != '\0');
        for (size_t j = 0; j < kind->field_count; j++) {
            assert_true(is_plain_name(kind->fields[j].name));
            assert_true(kind->fields[j].en[0] != '\0' && kind->fields[j].zh[0] != '\0');
            assert_string_not_equal(kind->fields[j].name, "id"); /* every thing has one anyway */
        }
    }
}

static void check_choices(const ChoiceSet *set)
{
    assert_true(set->count > 0);
    for (size_t i = 0; i < set->count; i++) {
        const Choice *choice = &set->choices[i];
        assert_ptr_equal(vocab_choice(set, choice->number), choice);
        assert_ptr_equal(vocab_choice_named(set, text_from_z(choice->name)), choice);
        assert_true(choice->en[0] != '\0' && choice->zh[0] != '\0');
    }
    assert_null(vocab_choice(set, -1));
    assert_null(vocab_choice_named(set, TEXT("no such choice")));
}

static void what_a_field_refers_to_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        for (size_t j = 0; j < vocab_kinds[i].field_count; j++) {
            const FieldInfo *field = &vocab_kinds[i].fields[j];
            if (field->type == FIELD_REF)
                assert_non_null(vocab_kind((unsigned)field->target));
            else
                assert_int_equal(field->target, KIND_NONE);
            if (field->type == FIELD_ENUM)
                check_choices(field->among);
            else
                assert_null(field->among);
            if ((field->flags & FIELD_FLAG_BLIND) != 0) assert_int_equal(field->type, FIELD_SEALED);
        }
    }
}

/* Following the scope field from any kind ends at a thing that is a scope. */
static void every_kind_leads_to_a_scope(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        size_t steps = 0;
        while (kind->scope_rule == SCOPE_BY_FIELD) {
            const FieldInfo *field = vocab_field(kind, kind->scope_field);
            assert_non_null(field);
            assert_int_equal(field->type, FIELD_REF);
            assert_true((field->flags & FIELD_FLAG_MUST) != 0); /* a scope is never missing */
            kind = vocab_kind((unsigned)field->target);
            assert_true(++steps < 10);
        }
    }
}

/* Numbers stand in journals that exist: see the list. */
static const struct {
    unsigned kind;
    unsigned field; /* 0: the kind itself */
    const char *name;
    FieldType type;
} given[] = {
#define GIVEN_KIND(number, name)              {number, 0, name, FIELD_INT},
#define GIVEN_FIELD(kind, number, name, TYPE) {kind, number, name, FIELD_##TYPE},
#include "support/given.def"
};

static void numbers_that_were_given_out_keep_their_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        const KindInfo *kind = vocab_kind(given[i].kind);
        assert_non_null(kind);
        if (given[i].field == 0) {
            assert_string_equal(kind->name, given[i].name);
            continue;
        }
        const FieldInfo *field = vocab_field(kind, given[i].field);
        assert_non_null(field);
        assert_string_equal(field->name, given[i].name);
        assert_int_equal(field->type, given[i].type);
    }
}

static bool is_given(unsigned kind, unsigned field)
{
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (given[i].kind == kind && given[i].field == field) return true;
    return false;
}

static void every_number_is_in_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const KindInfo *kind = &vocab_kinds[i];
        if (!is_given((unsigned)kind->code, 0))
            fail_msg("tests/support/given.def: add GIVEN_KIND(%u, \"%s\")", (unsigned)kind->code,
                     kind->name);
        for (size_t j = 0; j < kind->field_count; j++)
            if (!is_given((unsigned)kind->code, kind->fields[j].number))
                fail_msg("tests/support/given.def: add GIVEN_FIELD(%u, %u, \"%s\", …)",
                         (unsigned)kind->code, kind->fields[j].number, kind->fields[j].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_found_by_number_and_by_name),
        cmocka_unit_test(fields_are_found_by_number_and_by_name),
        cmocka_unit_test(names_are_plain_and_both_languages_are_there),
        cmocka_unit_test(what_a_field_refers_to_exists),
        cmocka_unit_test(every_kind_leads_to_a_scope),
        cmocka_unit_test(numbers_that_were_given_out_keep_their_meaning),
        cmocka_unit_test(every_number_is_in_the_list),
    };
    return cmocka_run_group_tests_name("vocab", tests, NULL, NULL);
}
