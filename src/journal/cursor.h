#pragma once
/*
 * cursor — reads numbers and bytes from a bounded piece of memory, and never past its end.
 *
 * Failure is sticky, as in base/buf.h: after the first thing that does not fit every read gives
 * zero, and cursor_check() says once, at the end, what was wrong. Each number has exactly one
 * encoding: a varint with a needless last group is refused, so bytes that were read can be
 * written again and come out the same.
 *
 *   Owns     nothing: what it hands out points into the bytes it was given.
 *   Errors   ERR_CORRUPT  too short, or not in the shortest form
 */
#include <stdbool.h>

#include "base/id.h"
#include "base/text.h"

typedef struct Cursor {
    const uint8_t *at;
    size_t left;
    const char *why; /* a literal: what went wrong first; NULL while all is well */
} Cursor;

Cursor cursor_over(Bytes bytes);

uint8_t cursor_byte(Cursor *cursor);
uint64_t cursor_varint(Cursor *cursor);
Bytes cursor_bytes(Cursor *cursor, uint64_t size);

/* Big-endian, `size` bytes, at most 8. */
uint64_t cursor_number(Cursor *cursor, size_t size);

/* `size` bytes into `out`, which is left alone when they are not there. */
void cursor_copy(Cursor *cursor, uint8_t *out, size_t size);

/* Says that what was read makes no sense. `why` is a literal; only the first one counts. */
void cursor_refuse(Cursor *cursor, const char *why);

bool cursor_is_at_end(const Cursor *cursor); /* nothing left, nothing wrong */
MUST_USE ErrCode cursor_check(const Cursor *cursor, Err *err);

/* Signed numbers as varints: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
uint64_t zigzag(int64_t number);
int64_t unzigzag(uint64_t number);
