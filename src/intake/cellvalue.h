#pragma once
/*
 * cellvalue — turns a cell into the typed value its column promises, or says what is wrong with it.
 *
 * Nothing is guessed: what can be read in one way only is read, and the rest is a flaw with advice.
 * A blank cell says nothing (VALUE_ABSENT), so it can never overwrite what is known.
 *
 *   Owns     nothing: texts lie in the arena given.
 *   Threads  any; pure.
 *   Bounds   TEXT_FIELD_BYTES_MAX of a text
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "intake/columns.h"
#include "intake/flaw.h"
#include "intake/sheet.h"
#include "people/reason.h"

typedef enum ValueState {
    VALUE_ABSENT = 0, /* the cell is blank, or there is no such column */
    VALUE_SET,
    VALUE_BAD, /* something stands there that cannot be taken */
} ValueState;

typedef struct CellValue {
    ValueState state;
    Text text;         /* of TEXT, NAME, CODE, ID_NUMBER, USCC, PHONE */
    int64_t number;    /* of DAY, YES_NO (0 or 1), the choices, and degrees (millionths) */
    bool is_assumed;   /* a day of which only month or year was given */
    FlawCode flaw;     /* an error with VALUE_BAD, a warning otherwise; often none */
    ReasonCode reason; /* what exactly is wrong with a code; REASON_NONE otherwise */
    int64_t detail;    /* {have} of that reason */
} CellValue;

MUST_USE ErrCode cellvalue_read(const Cell *cell, const ColumnInfo *column, bool counts_from_1904,
                                Arena *arena, CellValue *out_value, Err *err);

/* For people to find the value again, not to learn it: identity numbers and phones are masked,
 * wherever they stand; anything long is cut. */
#define MASKED_BYTES_MAX 100
void cellvalue_mask(Text value, ColumnType type, char out[MASKED_BYTES_MAX]);
