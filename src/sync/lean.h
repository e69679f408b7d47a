#pragma once
/*
 * lean — entries as they travel: without what the reader can work out.
 *
 *     item := u8 form (0: plain), item as in a segment
 *           | u8 form, varint kind, u8 flags, step, ref*, [varint occurred], rest
 *     rest := form 1: fields, or the commitment of a personal entry whose body is not here
 *             form 2: 16 bytes salt, fields of the body
 *     step := varint 2 * (step / 4096), when 4096 divides it | varint 2 * step + 1
 *     ref  := varint 0, ref as in an entry: it becomes the first of the list
 *           | varint n: the n-th of the list, which becomes the first
 *     fields := field*, u8 0
 *
 * In an entry the distance to a thing differs from entry to entry, and nothing compresses that.
 * Here a thing that was named lately is a small number, and the commitment to a body that travels
 * along, which is its digest, stays behind. What comes out at the other end is the entry, byte for
 * byte; the chain would tell.
 *
 *   Invariants  writer and reader begin with the same list: empty, or what lean_see() was shown.
 *   Owns        nothing.
 *   Threads     one Lean, one thread.
 *   Bounds      LEAN_IDS_MAX things are remembered
 *   Errors      ERR_CORRUPT  these are no items
 *               ERR_LIMIT    the buffer is full
 */
#include "journal/entry.h"
#include "journal/payload.h"

#define LEAN_IDS_MAX 250

typedef struct Lean {
    StreamName stream;
    uint64_t stamp; /* of the entry before */
    Id ids[LEAN_IDS_MAX];
    size_t count;
} Lean;

void lean_begin(Lean *lean, const StreamName *stream, uint64_t previous_stamp);

/* An entry that both sides have: its chained bytes. The stamp goes on with it. */
void lean_see(Lean *lean, Bytes chained);

/* Appends an item; `body` has `at` == NULL where there is none. */
void lean_put(Lean *lean, Buf *out, Bytes chained, Bytes body);

/* Items as they stand in a segment -> lean items, and back, to the end. */
MUST_USE ErrCode lean_from_items(Lean *lean, Bytes items, Buf *out, Err *err);
MUST_USE ErrCode lean_to_items(Lean *lean, Bytes bytes, Buf *out, Err *err);
