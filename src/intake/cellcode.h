#pragma once
/*
 * cellcode — numbers that name somebody or something: identity numbers, phones, staff numbers.
 *
 * They are texts, but people let Excel make numbers of them, and Excel keeps fifteen digits. What
 * was lost cannot be brought back, so such a cell is an error and never a guess.
 *
 *   Threads  any; pure.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "intake/cellvalue.h"

/* `type` is CODE, ID_NUMBER, USCC or PHONE. */
MUST_USE ErrCode cellcode_read(const Cell *cell, ColumnType type, Arena *arena,
                               CellValue *out_value, Err *err);
