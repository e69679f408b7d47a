#include "journal/payload.h"

#include <assert.h>

#include "journal/hlc.h"

#define NUMBER_MAX ((UINT64_C(1) << 29) - 1)

typedef enum Wire {
    WIRE_INT = 0,
    WIRE_BYTES = 1,
    WIRE_REF = 2,
    WIRE_CLEARED = 3,
} Wire;

typedef struct Field {
    uint64_t number;
    Wire wire;
    FieldValue value;
} Field;

/* What each type of the vocabulary is on the wire. */
static const Wire wire_of_type[] = {
    [FIELD_INT] = WIRE_INT,  [FIELD_BOOL] = WIRE_INT,     [FIELD_DAY] = WIRE_INT,
    [FIELD_ENUM] = WIRE_INT, [FIELD_COORD] = WIRE_INT,    [FIELD_TEXT] = WIRE_BYTES,
    [FIELD_REF] = WIRE_REF,  [FIELD_SEALED] = WIRE_BYTES,
};

static bool is_near(const PayloadFrame *frame, Id ref)
{
    if (id_node(ref) != frame->node_short || id_epoch(ref) != frame->epoch) return false;
    const uint64_t stamp = id_stamp(ref);
    return stamp < frame->stamp && id_equal(ref, id_make(stamp, frame->node_short, frame->epoch));
}

void ref_put(Buf *buf, const PayloadFrame *frame, Id ref)
{
    if (is_near(frame, ref)) {
        buf_add_varint(buf, frame->stamp - id_stamp(ref));
        return;
    }
    buf_add_varint(buf, 0);
    buf_add(buf, id_bytes(&ref));
}

Id ref_get(Cursor *cursor, const PayloadFrame *frame)
{
    Id ref = {{0}};
    const uint64_t back = cursor_varint(cursor);
    if (cursor->why != NULL) return ref;
    if (back > frame->stamp) {
        cursor_refuse(cursor, "a reference points before all time");
        return ref;
    }
    if (back > 0) return id_make(frame->stamp - back, frame->node_short, frame->epoch);

    cursor_copy(cursor, ref.at, sizeof ref.at);
    if (cursor->why == NULL && is_near(frame, ref))
        cursor_refuse(cursor, "a reference is not in its shortest form");
    return ref;
}

static void field_put(Buf *buf, const PayloadFrame *frame, const Field *field)
{
    buf_add_varint(buf, field->number << 3 | (uint64_t)field->wire);
    switch (field->wire) {
    case WIRE_INT: buf_add_varint(buf, zigzag(field->value.number)); return;
    case WIRE_BYTES:
        buf_add_varint(buf, field->value.bytes.size);
        buf_add(buf, field->value.bytes);
        return;
    case WIRE_REF: ref_put(buf, frame, field->value.ref); return;
    case WIRE_CLEARED: return;
    }
}

/* The next field, whose number must be above `previous`. Refuses what is not one. */
static Field field_get(Cursor *cursor, const PayloadFrame *frame, uint64_t previous)
{
    const uint64_t tag = cursor_varint(cursor);
    Field field = {.number = tag >> 3, .wire = (Wire)(tag & 3), .value.state = FIELD_SET};
    if ((tag & 4) != 0) cursor_refuse(cursor, "there is no such wire type");
    if (field.number <= previous) cursor_refuse(cursor, "fields are out of order");
    if (field.number > NUMBER_MAX) cursor_refuse(cursor, "there is no such field number");
    if (cursor->why != NULL) return field;
    switch (field.wire) {
    case WIRE_INT: field.value.number = unzigzag(cursor_varint(cursor)); break;
    case WIRE_BYTES: field.value.bytes = cursor_bytes(cursor, cursor_varint(cursor)); break;
    case WIRE_REF: field.value.ref = ref_get(cursor, frame); break;
    case WIRE_CLEARED: field.value.state = FIELD_CLEARED; break;
    }
    return field;
}

/* Can a record of this kind hold the field, and is it what the vocabulary says? */
static bool is_readable(const KindInfo *kind, const Field *field)
{
    if (kind == NULL || field->number >= FIELD_COUNT_MAX) return false;
    const FieldInfo *known = vocab_field(kind, (unsigned)field->number);
    if (known == NULL) return false;
    if (field->wire == WIRE_CLEARED) return true;
    if (field->wire != wire_of_type[known->type]) return false;
    Text text;
    Err err;
    return known->type != FIELD_TEXT || text_from_bytes(field->value.bytes, &text, &err) == OK;
}

static Wire wire_of_value(const Record *record, unsigned number)
{
    if (record->fields[number].state == FIELD_CLEARED) return WIRE_CLEARED;
    const FieldInfo *known = vocab_field(record->kind, number);
    assert(known != NULL); /* a record sets only fields of its kind */
    return wire_of_type[known->type];
}

/* Moves to the next field of `rest` that a record cannot hold; false at the end. */
static bool next_unread(Cursor *rest, const PayloadFrame *frame, const KindInfo *kind, Field *field)
{
    while (rest->left > 0) {
        *field = field_get(rest, frame, field->number);
        assert(rest->why == NULL); /* this list was read before */
        if (!is_readable(kind, field)) return true;
    }
    return false;
}

void payload_put(Buf *buf, const PayloadFrame *frame, const Record *record, Bytes payload)
{
    Cursor rest = cursor_over(payload);
    Field unread = {0};
    bool has_unread = next_unread(&rest, frame, record->kind, &unread);
    for (unsigned number = 1; record->kind != NULL && number < FIELD_COUNT_MAX; number++) {
        const FieldValue *value = &record->fields[number];
        for (; has_unread && unread.number < number;
             has_unread = next_unread(&rest, frame, record->kind, &unread))
            field_put(buf, frame, &unread);
        if (value->state == FIELD_ABSENT) continue;
        const Field known = {
            .number = number, .wire = wire_of_value(record, number), .value = *value};
        field_put(buf, frame, &known);
        if (has_unread && unread.number == number) /* replaced by the record's */
            has_unread = next_unread(&rest, frame, record->kind, &unread);
    }
    for (; has_unread; has_unread = next_unread(&rest, frame, record->kind, &unread))
        field_put(buf, frame, &unread);
}

unsigned payload_get(Cursor *cursor, const PayloadFrame *frame, const KindInfo *kind,
                     Record *out_record)
{
    unsigned unread_count = 0;
    uint64_t previous = 0;
    while (cursor->left > 0) {
        const Field field = field_get(cursor, frame, previous);
        if (cursor->why != NULL) return 0;
        previous = field.number;
        if (is_readable(kind, &field))
            out_record->fields[field.number] = field.value;
        else
            unread_count++;
    }
    return unread_count;
}
