#pragma once
/*
 * record — the fields of one thing, or those of them that an act sets, by field number.
 *
 * The common currency: a command decodes into one, a journal entry encodes one, the projection
 * writes one into a row, the API prints one.
 *
 *   Owns     nothing: texts and bytes are borrowed, normally from the arena of the work at hand.
 *   Bounds   FIELD_COUNT_MAX fields.
 */
#include "base/day.h"
#include "base/id.h"
#include "vocab/vocab.h"

typedef enum FieldState {
    FIELD_ABSENT = 0, /* says nothing about this field */
    FIELD_SET,
    FIELD_CLEARED, /* there was a value; now there is none */
} FieldState;

typedef struct FieldValue {
    FieldState state;
    int64_t number; /* of INT, BOOL, DAY, ENUM, COORD */
    Bytes bytes;    /* of TEXT (valid UTF-8) and SEALED */
    Id ref;         /* of REF */
} FieldValue;

typedef struct Record {
    const KindInfo *kind;
    FieldValue fields[FIELD_COUNT_MAX]; /* by field number; [0] is not used */
} Record;

bool record_has(const Record *record, unsigned field);

/* Only for a field that is set; the default given otherwise. */
int64_t record_int(const Record *record, unsigned field, int64_t otherwise);
Text record_text(const Record *record, unsigned field); /* empty when absent */
Id record_ref(const Record *record, unsigned field);    /* nil when absent */

/* FROM and TO as a range; an absent TO is open. */
DayRange record_range(const Record *record, unsigned from_field, unsigned to_field);

void record_set_int(Record *record, unsigned field, int64_t number);
void record_set_text(Record *record, unsigned field, Text text);
void record_set_bytes(Record *record, unsigned field, Bytes bytes);
void record_set_ref(Record *record, unsigned field, Id ref);
void record_clear(Record *record, unsigned field);

/* Refuses a value that its field cannot hold (a choice that does not exist, a text too long, a day
 * or coordinate out of range), naming the field. Changes nothing. */
MUST_USE ErrCode record_check(const Record *record, Err *err);

/* Refuses a record that lacks a field it must have. */
MUST_USE ErrCode record_check_complete(const Record *record, Err *err);

/* Lays the fields that `change` speaks of over `base`. */
void record_lay_over(Record *base, const Record *change);
