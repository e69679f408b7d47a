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

/* Numbers stand in journals that exist. A line may be added here, never changed or removed. */
static const struct {
    unsigned kind;
    unsigned field; /* 0: the kind itself */
    const char *name;
    FieldType type;
} given[] = {
    {1, 0, "unit", FIELD_INT},         {1, 1, "name", FIELD_TEXT},
    {1, 2, "parent", FIELD_REF},       {1, 3, "level", FIELD_ENUM},
    {1, 4, "code", FIELD_TEXT},        {1, 5, "uscc", FIELD_TEXT},
    {2, 0, "person", FIELD_INT},       {2, 1, "name", FIELD_TEXT},
    {2, 2, "unit", FIELD_REF},         {2, 3, "staff_no", FIELD_TEXT},
    {2, 4, "sex", FIELD_ENUM},         {2, 5, "birth", FIELD_DAY},
    {2, 6, "trade", FIELD_TEXT},       {2, 7, "employment", FIELD_ENUM},
    {2, 8, "id_number", FIELD_SEALED}, {2, 9, "phone", FIELD_SEALED},
    {3, 0, "project", FIELD_INT},      {3, 1, "name", FIELD_TEXT},
    {3, 2, "unit", FIELD_REF},         {3, 3, "code", FIELD_TEXT},
    {3, 4, "stage", FIELD_ENUM},       {3, 5, "from", FIELD_DAY},
    {3, 6, "to", FIELD_DAY},           {3, 7, "lat", FIELD_COORD},
    {3, 8, "lon", FIELD_COORD},        {3, 9, "place", FIELD_TEXT},
    {4, 0, "phase", FIELD_INT},        {4, 1, "project", FIELD_REF},
    {4, 2, "phase", FIELD_ENUM},       {4, 3, "from", FIELD_DAY},
    {4, 4, "to", FIELD_DAY},           {5, 0, "home", FIELD_INT},
    {5, 1, "name", FIELD_TEXT},        {5, 2, "unit", FIELD_REF},
    {5, 3, "facilities", FIELD_TEXT},  {6, 0, "home_station", FIELD_INT},
    {6, 1, "home", FIELD_REF},         {6, 2, "project", FIELD_REF},
    {6, 3, "from", FIELD_DAY},         {6, 4, "to", FIELD_DAY},
    {7, 0, "group", FIELD_INT},        {7, 1, "name", FIELD_TEXT},
    {7, 2, "unit", FIELD_REF},         {7, 3, "kind", FIELD_ENUM},
    {7, 4, "form", FIELD_ENUM},        {7, 5, "home", FIELD_REF},
    {8, 0, "station", FIELD_INT},      {8, 1, "group", FIELD_REF},
    {8, 2, "project", FIELD_REF},      {8, 3, "from", FIELD_DAY},
    {8, 4, "to", FIELD_DAY},           {9, 0, "posting", FIELD_INT},
    {9, 1, "person", FIELD_REF},       {9, 2, "project", FIELD_REF},
    {9, 3, "from", FIELD_DAY},         {9, 4, "to", FIELD_DAY},
    {9, 5, "crew", FIELD_REF},         {9, 6, "source", FIELD_ENUM},
    {9, 7, "pending", FIELD_BOOL},     {9, 8, "core", FIELD_BOOL},
    {10, 0, "standing", FIELD_INT},    {10, 1, "person", FIELD_REF},
    {10, 2, "standing", FIELD_ENUM},   {10, 3, "from", FIELD_DAY},
    {10, 4, "to", FIELD_DAY},          {11, 0, "affiliation", FIELD_INT},
    {11, 1, "person", FIELD_REF},      {11, 2, "branch", FIELD_REF},
    {11, 3, "from", FIELD_DAY},        {11, 4, "to", FIELD_DAY},
    {12, 0, "exception", FIELD_INT},   {12, 1, "group", FIELD_REF},
    {12, 2, "person", FIELD_REF},      {12, 3, "effect", FIELD_ENUM},
    {12, 4, "reason", FIELD_TEXT},     {12, 5, "from", FIELD_DAY},
    {12, 6, "to", FIELD_DAY},          {13, 0, "office", FIELD_INT},
    {13, 1, "group", FIELD_REF},       {13, 2, "person", FIELD_REF},
    {13, 3, "post", FIELD_ENUM},       {13, 4, "from", FIELD_DAY},
    {13, 5, "to", FIELD_DAY},          {14, 0, "attachment", FIELD_INT},
    {14, 1, "project", FIELD_REF},     {14, 2, "group", FIELD_REF},
    {14, 3, "from", FIELD_DAY},        {14, 4, "to", FIELD_DAY},
    {15, 0, "liaison", FIELD_INT},     {15, 1, "project", FIELD_REF},
    {15, 2, "person", FIELD_REF},      {15, 3, "from", FIELD_DAY},
    {15, 4, "to", FIELD_DAY},          {16, 0, "holiday", FIELD_INT},
    {16, 1, "day", FIELD_DAY},         {16, 2, "name", FIELD_TEXT},
    {16, 3, "off", FIELD_BOOL},        {16, 4, "paper", FIELD_TEXT},
    {17, 0, "intake", FIELD_INT},      {17, 1, "what", FIELD_TEXT},
    {17, 2, "file", FIELD_TEXT},       {17, 3, "digest", FIELD_TEXT},
    {17, 4, "added", FIELD_INT},       {17, 5, "changed", FIELD_INT},
    {18, 0, "audit", FIELD_INT},       {18, 1, "event", FIELD_TEXT},
    {18, 2, "account", FIELD_TEXT},    {18, 3, "success", FIELD_BOOL},
    {18, 4, "subject", FIELD_TEXT},    {18, 5, "purpose", FIELD_TEXT},
    {34, 0, "signal", FIELD_INT},      {34, 1, "kind", FIELD_ENUM},
    {34, 2, "project", FIELD_REF},     {34, 3, "what", FIELD_TEXT},
    {34, 4, "raiser", FIELD_REF},      {34, 5, "unnamed", FIELD_ENUM},
    {34, 6, "place", FIELD_TEXT},      {34, 7, "again", FIELD_REF},
    {34, 8, "envelope", FIELD_SEALED}, {34, 9, "receipt", FIELD_INT},
    {34, 10, "day", FIELD_DAY},        {35, 0, "handling", FIELD_INT},
    {35, 1, "signal", FIELD_REF},      {35, 2, "step", FIELD_ENUM},
    {35, 3, "follows", FIELD_REF},     {35, 4, "note", FIELD_TEXT},
    {35, 5, "person", FIELD_REF},      {35, 6, "until", FIELD_DAY},
    {35, 7, "grade", FIELD_ENUM},      {35, 8, "responsible", FIELD_TEXT},
    {35, 9, "group", FIELD_REF},       {35, 10, "envelope", FIELD_SEALED},
    {35, 11, "answer", FIELD_TEXT},    {35, 12, "day", FIELD_DAY},
    {36, 0, "reader", FIELD_INT},      {36, 1, "unit", FIELD_REF},
    {36, 2, "purpose", FIELD_ENUM},    {36, 3, "key", FIELD_TEXT},
    {36, 4, "holder", FIELD_REF},      {36, 5, "from", FIELD_DAY},
    {36, 6, "to", FIELD_DAY},          {37, 0, "notice", FIELD_INT},
    {37, 1, "unit", FIELD_REF},        {37, 2, "title", FIELD_TEXT},
    {37, 3, "text", FIELD_TEXT},       {37, 4, "project", FIELD_REF},
    {37, 5, "until", FIELD_DAY},       {37, 6, "person", FIELD_REF},
    {38, 0, "seen", FIELD_INT},        {38, 1, "project", FIELD_REF},
    {38, 2, "person", FIELD_REF},      {38, 3, "notice", FIELD_REF},
    {38, 4, "task", FIELD_REF},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_found_by_number_and_by_name),
        cmocka_unit_test(fields_are_found_by_number_and_by_name),
        cmocka_unit_test(names_are_plain_and_both_languages_are_there),
        cmocka_unit_test(what_a_field_refers_to_exists),
        cmocka_unit_test(every_kind_leads_to_a_scope),
        cmocka_unit_test(numbers_that_were_given_out_keep_their_meaning),
    };
    return cmocka_run_group_tests_name("vocab", tests, NULL, NULL);
}
