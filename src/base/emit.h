#pragma once
/*
 * emit — writes JSON into a Buf as it goes, without building a tree.
 *
 * Commas come by themselves. Texts are escaped for JSON and, because the output may end up in a
 * page, `<`, `>` and `&` as well. A failure is the Buf's and is asked for once, at the end.
 *
 *   Invariants  (1) every emit_open_* is closed by its emit_close_*; asserted by emit_done().
 *   Owns        nothing; borrows the Buf.
 *   Bounds      EMIT_DEPTH_MAX open objects and arrays.
 */
#include "base/buf.h"
#include "base/day.h"

#define EMIT_DEPTH_MAX 32

typedef struct Emit {
    Buf *buf;
    unsigned depth;
    bool needs_comma;
} Emit;

void emit_init(Emit *emit, Buf *buf);
void emit_done(const Emit *emit);

void emit_open_object(Emit *emit);
void emit_close_object(Emit *emit);
void emit_open_array(Emit *emit);
void emit_close_array(Emit *emit);
void emit_key(Emit *emit, const char *key);

void emit_text(Emit *emit, Text text);
void emit_int(Emit *emit, int64_t number);
void emit_bool(Emit *emit, bool truth);
void emit_null(Emit *emit);
void emit_day(Emit *emit, Day day); /* null for DAY_OPEN */

/* A number with six decimals from millionths, such as degrees from microdegrees. */
void emit_micro(Emit *emit, int64_t millionths);

/* A member of the open object: key and value in one call. */
void emit_text_at(Emit *emit, const char *key, Text text);
void emit_z_at(Emit *emit, const char *key, const char *z);
void emit_int_at(Emit *emit, const char *key, int64_t number);
void emit_bool_at(Emit *emit, const char *key, bool truth);
void emit_day_at(Emit *emit, const char *key, Day day);
void emit_null_at(Emit *emit, const char *key);
