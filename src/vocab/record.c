#include "vocab/record.h"

#include <assert.h>
#include <inttypes.h>

#define COORD_MAX INT64_C(180000000)

static const FieldValue *value_of(const Record *record, unsigned field)
{
    assert(record != NULL);
    assert(field > 0 && field < FIELD_COUNT_MAX);
    return &record->fields[field];
}

bool record_has(const Record *record, unsigned field)
{
    return value_of(record, field)->state == FIELD_SET;
}

int64_t record_int(const Record *record, unsigned field, int64_t otherwise)
{
    return record_has(record, field) ? value_of(record, field)->number : otherwise;
}

Text record_text(const Record *record, unsigned field)
{
    if (!record_has(record, field)) return TEXT("");
    const Bytes bytes = value_of(record, field)->bytes;
    return (Text){.at = (const char *)bytes.at, .size = bytes.size};
}

Id record_ref(const Record *record, unsigned field)
{
    return record_has(record, field) ? value_of(record, field)->ref : (Id){{0}};
}

DayRange record_range(const Record *record, unsigned from_field, unsigned to_field)
{
    return (DayRange){.first = (Day)record_int(record, from_field, DAY_FIRST),
                      .last = (Day)record_int(record, to_field, DAY_OPEN)};
}

static FieldValue *slot_of(Record *record, unsigned field)
{
    assert(record != NULL);
    assert(field > 0 && field < FIELD_COUNT_MAX);
    record->fields[field] = (FieldValue){.state = FIELD_SET};
    return &record->fields[field];
}

void record_set_int(Record *record, unsigned field, int64_t number)
{
    slot_of(record, field)->number = number;
}

void record_set_text(Record *record, unsigned field, Text text)
{
    slot_of(record, field)->bytes = bytes_of(text);
}

void record_set_bytes(Record *record, unsigned field, Bytes bytes)
{
    slot_of(record, field)->bytes = bytes;
}

void record_set_ref(Record *record, unsigned field, Id ref)
{
    slot_of(record, field)->ref = ref;
}

void record_clear(Record *record, unsigned field)
{
    slot_of(record, field)->state = FIELD_CLEARED;
}

static ErrCode check_number(const FieldInfo *field, int64_t number, Err *err)
{
    switch (field->type) {
    case FIELD_BOOL:
        if (number == 0 || number == 1) return OK;
        return err_set(err, ERR_INVALID, "%s is true or false", field->name);
    case FIELD_DAY:
        if (number >= DAY_FIRST && number <= DAY_LAST) return OK;
        return err_set(err, ERR_INVALID, "%s is not between 1900 and 2199", field->name);
    case FIELD_ENUM:
        if (number == (int)number && vocab_choice(field->among, (int)number) != NULL) return OK;
        return err_set(err, ERR_INVALID, "%s has no choice %" PRId64, field->name, number);
    case FIELD_COORD:
        if (number >= -COORD_MAX && number <= COORD_MAX) return OK;
        return err_set(err, ERR_INVALID, "%s is not between -180 and 180 degrees", field->name);
    case FIELD_INT:
    case FIELD_TEXT:
    case FIELD_REF:
    case FIELD_SEALED: return OK;
    }
    return OK;
}

static ErrCode check_value(const FieldInfo *field, const FieldValue *value, Err *err)
{
    TRY(check_number(field, value->number, err));
    if (field->type == FIELD_REF && id_is_nil(value->ref))
        return err_set(err, ERR_INVALID, "%s leads nowhere", field->name);
    if (field->type != FIELD_TEXT && field->type != FIELD_SEALED) return OK;
    if (value->bytes.size > TEXT_FIELD_BYTES_MAX)
        return err_set(err, ERR_INVALID, "%s is longer than %d bytes", field->name,
                       TEXT_FIELD_BYTES_MAX);
    if (value->bytes.size == 0) return err_set(err, ERR_INVALID, "%s is empty", field->name);
    return OK;
}

ErrCode record_check(const Record *record, Err *err)
{
    assert(record->kind != NULL);
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        const FieldValue *value = value_of(record, field->number);
        if (value->state == FIELD_SET) TRY(check_value(field, value, err));
        if (value->state == FIELD_CLEARED && (field->flags & FIELD_FLAG_MUST) != 0)
            return err_set(err, ERR_INVALID, "%s cannot be left empty", field->name);
    }
    return OK;
}

ErrCode record_check_complete(const Record *record, Err *err)
{
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        /* Who acts is known only to who executes the command. */
        if ((field->flags & FIELD_FLAG_SELF) != 0) continue;
        if ((field->flags & FIELD_FLAG_MUST) != 0 && !record_has(record, field->number))
            return err_set(err, ERR_INVALID, "%s is missing", field->name);
    }
    return OK;
}

void record_lay_over(Record *base, const Record *change)
{
    assert(base->kind == change->kind);
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
        if (change->fields[i].state != FIELD_ABSENT) base->fields[i] = change->fields[i];
}
