#pragma once
/*
 * buf — bytes that grow while they are being written.
 *
 * Failure is sticky: past the limit further writes are dropped, and buf_check() says so once at
 * the end.
 *
 *   Owns     its bytes, until buf_done(). What buf_as_bytes() returns dies with the next write.
 *   Threads  one at a time.
 *   Bounds   limit_bytes, given to buf_init().
 *   Errors   ERR_LIMIT  more than limit_bytes were written
 */
#include <stdarg.h>
#include <stdbool.h>

#include "base/text.h"

typedef struct Buf {
    uint8_t *at;
    size_t size;
    size_t capacity_bytes;
    size_t limit_bytes;
    bool is_over;
} Buf;

void buf_init(Buf *buf, size_t limit_bytes);
void buf_done(Buf *buf);
void buf_clear(Buf *buf); /* empty again; keeps the memory and the limit */

void buf_add(Buf *buf, Bytes bytes);
void buf_add_text(Buf *buf, Text text);
void buf_add_z(Buf *buf, const char *z);
void buf_add_byte(Buf *buf, uint8_t byte);
void buf_format(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Room for at most so many bytes more, for who writes many small pieces; NULL past the limit. What
 * was written is then told to buf_took(). */
MUST_USE uint8_t *buf_room(Buf *buf, size_t most_bytes);
void buf_took(Buf *buf, size_t size);

/* LEB128, least significant group first: seven bits a byte, the top bit says "more follows". */
void buf_add_varint(Buf *buf, uint64_t number);

MUST_USE ErrCode buf_check(const Buf *buf, Err *err);
Bytes buf_as_bytes(const Buf *buf);

/* Only for a Buf that was filled with text. */
Text buf_as_text(const Buf *buf);
