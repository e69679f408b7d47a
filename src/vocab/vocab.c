#include "vocab/vocab.h"

#include <assert.h>

/* Where the fields of each kind and the choices of each set begin and end in the two lists below.
 * After FIRST_x = n an enumerator would go on with n + 1; PRE_x takes that back. */
/* A macro to a line reads best here. */
/* clang-format off */
enum {
#define KIND(NAME, number, name, scope, en, zh, what) FIRST_##NAME, PRE_##NAME = FIRST_##NAME - 1,
#define FIELD(KIND, NAME, number, name, TYPE, of, flags, en, zh) AT_##KIND##_##NAME,
#define KIND_END(NAME) END_##NAME, BACK_##NAME = END_##NAME - 1,
#include "vocab/kinds.def"
};
enum {
#define CHOICES(SET, name) OPEN_##SET, PRE_SET_##SET = OPEN_##SET - 1,
#define CHOICE(SET, NAME, number, name, en, zh) CHOICE_AT_##SET##_##NAME,
#define CHOICES_END(SET) CLOSE_##SET, BACK_SET_##SET = CLOSE_##SET - 1,
#include "vocab/kinds.def"
};
/* clang-format on */

static const Choice all_choices[] = {
#define CHOICE(SET, NAME, number, name, en, zh) {(number), (name), (en), (zh)},
#include "vocab/kinds.def"
};

enum {
    SET_NONE = 0,
#define CHOICES(SET, name) SET_##SET,
#include "vocab/kinds.def"
};

static const ChoiceSet all_sets[] = {
    {.name = ""},
#define CHOICES(SET, name) {(name), all_choices + OPEN_##SET, CLOSE_##SET - OPEN_##SET},
#include "vocab/kinds.def"
};

/* The two meanings of `of` in FIELD: the kind a REF leads to, or the set of an ENUM. */
#define TARGET_REF(of)  .target = KIND_##of
/* NOLINTNEXTLINE(bugprone-macro-parentheses): an initialiser, not an expression */
#define TARGET_ENUM(of) .among = &all_sets[SET_##of]
#define TARGET_INT(of)
#define TARGET_BOOL(of)
#define TARGET_DAY(of)
#define TARGET_COORD(of)
#define TARGET_TEXT(of)
#define TARGET_SEALED(of)

#define MUST    FIELD_FLAG_MUST
#define ONCE    FIELD_FLAG_ONCE
#define BLIND   FIELD_FLAG_BLIND
#define SELF    FIELD_FLAG_SELF
#define READERS FIELD_FLAG_READERS

static const FieldInfo all_fields[] = {
#define FIELD(KIND, NAME, at, text, TYPE, of, flag, english, chinese) \
    {.number = (at),                                                  \
     .name = (text),                                                  \
     .type = FIELD_##TYPE,                                            \
     .flags = (flag),                                                 \
     .en = (english),                                                 \
     .zh = (chinese),                                                 \
     TARGET_##TYPE(of)},
#include "vocab/kinds.def"
};

#define BY_SELF         .scope_rule = SCOPE_BY_SELF
#define BY_NODE         .scope_rule = SCOPE_BY_NODE
#define BY_BROADCAST    .scope_rule = SCOPE_BY_BROADCAST
#define BY_FIELD(field) .scope_rule = SCOPE_BY_FIELD, .scope_field = (field)
#define PERSONAL        , .is_personal = true
#define URGENT          , .is_urgent = true

const KindInfo vocab_kinds[] = {
#define KIND(NAME, number, text, scope, english, chinese, what_it_is) \
    {.code = (number),                                                \
     .name = (text),                                                  \
     .fields = all_fields + FIRST_##NAME,                             \
     .field_count = END_##NAME - FIRST_##NAME,                        \
     .en = (english),                                                 \
     .zh = (chinese),                                                 \
     .what = (what_it_is),                                            \
     scope},
#include "vocab/kinds.def"
};
const size_t vocab_kind_count = sizeof vocab_kinds / sizeof vocab_kinds[0];

static_assert(sizeof vocab_kinds / sizeof vocab_kinds[0] <= KIND_COUNT_MAX, "kinds fit");
#define FIELD(KIND, NAME, number, name, TYPE, of, flags, en, zh) \
    static_assert((number) > 0 && (number) < FIELD_COUNT_MAX, "field numbers fit");
#include "vocab/kinds.def"

const KindInfo *vocab_kind(unsigned number)
{
    for (size_t i = 0; i < vocab_kind_count; i++)
        if ((unsigned)vocab_kinds[i].code == number) return &vocab_kinds[i];
    return NULL;
}

const KindInfo *vocab_kind_named(Text name)
{
    for (size_t i = 0; i < vocab_kind_count; i++)
        if (text_is(name, vocab_kinds[i].name)) return &vocab_kinds[i];
    return NULL;
}

const FieldInfo *vocab_field(const KindInfo *kind, unsigned number)
{
    assert(kind != NULL);
    for (size_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].number == number) return &kind->fields[i];
    return NULL;
}

const FieldInfo *vocab_field_named(const KindInfo *kind, Text name)
{
    assert(kind != NULL);
    for (size_t i = 0; i < kind->field_count; i++)
        if (text_is(name, kind->fields[i].name)) return &kind->fields[i];
    return NULL;
}

const Choice *vocab_choice(const ChoiceSet *set, int number)
{
    assert(set != NULL);
    for (size_t i = 0; i < set->count; i++)
        if (set->choices[i].number == number) return &set->choices[i];
    return NULL;
}

const Choice *vocab_choice_named(const ChoiceSet *set, Text name)
{
    assert(set != NULL);
    for (size_t i = 0; i < set->count; i++)
        if (text_is(name, set->choices[i].name)) return &set->choices[i];
    return NULL;
}
