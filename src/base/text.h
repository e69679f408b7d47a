#pragma once
/*
 * text — bytes and texts: where they start and how many there are, passed by value.
 *
 * `Bytes` is anything. `Text` is valid UTF-8, and only text_from_bytes() makes one from outside,
 * so a function that takes a Text need not check it again. Neither ends in NUL.
 *
 *   Owns     nothing: both borrow. text_copy() and text_z() copy into the arena given.
 *   Errors   ERR_INVALID  not UTF-8, or not the number asked for
 *            ERR_LIMIT    the arena is full
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Bytes {
    const uint8_t *at;
    size_t size;
} Bytes;

typedef struct Text {
    const char *at;
    size_t size;
} Text;

/* A literal as a Text: TEXT("id"). */
#define TEXT(literal) ((Text){.at = (literal), .size = sizeof(literal) - 1})

/* For printing with "%.*s". */
#define TEXT_ARG(text) (int)(text).size, (text).at

/* Refuses bytes that are not UTF-8 (surrogates, overlong forms and NUL included). */
MUST_USE ErrCode text_from_bytes(Bytes bytes, Text *out_text, Err *err);

/* Borrows a C string that is known to be UTF-8: a literal, or one made by text_z(). */
Text text_from_z(const char *z);

Bytes bytes_of(Text text);
bool bytes_equal(Bytes a, Bytes b);
bool text_equal(Text a, Text b);
bool text_is(Text text, const char *z);

/* Negative, zero or positive, by code point: UTF-8 sorts as its bytes do. */
int text_compare(Text a, Text b);
bool text_starts_with(Text text, Text start);
bool text_contains(Text text, Text part);

/* Without white space at both ends; the ideographic space U+3000 and U+00A0 count as such. */
Text text_trim(Text text);

/* Cuts off and returns what stands before the first `separator`; *rest keeps what follows it. */
Text text_split(Text *rest, char separator);

MUST_USE ErrCode text_copy(Arena *arena, Text text, Text *out_text, Err *err);
MUST_USE ErrCode bytes_copy(Arena *arena, Bytes bytes, Bytes *out_bytes, Err *err);

/* A NUL-terminated copy for a library that needs one; NULL at the arena's limit. */
MUST_USE char *text_z(Arena *arena, Text text);

/* A whole number in decimal, with an optional sign and nothing around it. */
MUST_USE ErrCode text_to_int(Text text, int64_t *out_number, Err *err);

/* The code point at *at, which moves past it; 0 at the end. */
uint32_t text_next_rune(Text text, size_t *at);

/* The UTF-8 of one code point; returns how many of the four bytes were written. */
size_t text_put_rune(char out[4], uint32_t rune);

/* Lower- or upper-case hexadecimal to bytes; exactly `size` of them. */
MUST_USE ErrCode bytes_from_hex(Text hex, uint8_t *out, size_t size, Err *err);

/* Writes 2 * size digits and a NUL. */
void bytes_to_hex(Bytes bytes, char *out);
