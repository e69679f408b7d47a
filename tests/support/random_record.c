#include "support/random_record.h"

#include <stdlib.h>

Id numbered_id(unsigned number)
{
    return id_make(((uint64_t)number + 1) << 12 | (number & 7), 77, 2);
}

static int64_t random_number(Prng *prng, const FieldInfo *field)
{
    switch (field->type) {
    case FIELD_BOOL: return (int64_t)prng_below(prng, 2);
    case FIELD_DAY: return DAY_FIRST + (int64_t)prng_below(prng, (uint64_t)(DAY_LAST - DAY_FIRST));
    case FIELD_ENUM: return field->among->choices[prng_below(prng, field->among->count)].number;
    case FIELD_COORD: return (int64_t)prng_below(prng, 360000000) - 180000000;
    case FIELD_INT: return (int64_t)prng_next(prng);
    case FIELD_TEXT:
    case FIELD_REF:
    case FIELD_SEALED: break;
    }
    return 0;
}

static Text random_text(Prng *prng, Arena *arena)
{
    const size_t runes = 1 + (size_t)prng_below(prng, 12);
    char *at = arena_array(arena, char, runes * 4);
    if (at == NULL) abort();
    size_t size = 0;
    for (size_t i = 0; i < runes; i++) {
        static const uint32_t starts[] = {0x21, 0xC0, 0x4E00, 0x1F600};
        const uint32_t start = starts[prng_below(prng, 4)];
        size += text_put_rune(at + size, start + (uint32_t)prng_below(prng, 60));
    }
    return (Text){.at = at, .size = size};
}

static Bytes random_bytes(Prng *prng, Arena *arena)
{
    const size_t size = 1 + (size_t)prng_below(prng, 80);
    uint8_t *at = arena_array(arena, uint8_t, size);
    if (at == NULL) abort();
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)prng_next(prng);
    return (Bytes){.at = at, .size = size};
}

static void set_field(Prng *prng, Record *record, const FieldInfo *field, unsigned ref_count,
                      Arena *arena)
{
    if (field->type == FIELD_REF)
        record_set_ref(record, field->number, numbered_id((unsigned)prng_below(prng, ref_count)));
    else if (field->type == FIELD_TEXT)
        record_set_text(record, field->number, random_text(prng, arena));
    else if (field->type == FIELD_SEALED)
        record_set_bytes(record, field->number, random_bytes(prng, arena));
    else
        record_set_int(record, field->number, random_number(prng, field));
    if ((field->flags & FIELD_FLAG_BLIND) != 0)
        record->fields[field->number].number = (int64_t)prng_next(prng);
}

Record random_record(Prng *prng, const KindInfo *kind, unsigned ref_count, Arena *arena)
{
    Record record = {.kind = kind};
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        const bool must = (field->flags & FIELD_FLAG_MUST) != 0;
        if (must || prng_below(prng, 2) == 0) set_field(prng, &record, field, ref_count, arena);
    }
    return record;
}

Record random_change(Prng *prng, const KindInfo *kind, unsigned ref_count, Arena *arena)
{
    Record change = {.kind = kind};
    for (size_t i = 0; i < kind->field_count; i++) {
        const FieldInfo *field = &kind->fields[i];
        if ((field->flags & FIELD_FLAG_ONCE) != 0 || prng_below(prng, 3) != 0) continue;
        const bool must = (field->flags & FIELD_FLAG_MUST) != 0;
        if (!must && prng_below(prng, 3) == 0)
            record_clear(&change, field->number);
        else
            set_field(prng, &change, field, ref_count, arena);
    }
    return change;
}

static bool is_same_value(const FieldInfo *field, const FieldValue *a, const FieldValue *b)
{
    const bool has_a = a->state == FIELD_SET;
    const bool has_b = b->state == FIELD_SET;
    if (has_a != has_b) return false;
    if (!has_a) return true;
    if (field->type == FIELD_REF) return id_equal(a->ref, b->ref);
    return a->number == b->number && bytes_equal(a->bytes, b->bytes);
}

bool record_is_same(const Record *a, const Record *b)
{
    if (a->kind != b->kind) return false;
    for (size_t i = 0; i < a->kind->field_count; i++) {
        const FieldInfo *field = &a->kind->fields[i];
        if (!is_same_value(field, &a->fields[field->number], &b->fields[field->number]))
            return false;
    }
    return true;
}
