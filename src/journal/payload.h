#pragma once
/*
 * payload — the fields of an entry as bytes: references, values, and the list of them.
 *
 *     field := varint (number << 3 | wire) value          in ascending order of number
 *     wire  := 0 int, zigzag varint | 1 bytes, varint size and bytes | 2 ref | 3 cleared, no value
 *     ref   := varint 0, 16 bytes | varint d >= 1: the thing of the same node and epoch that was
 *              created d before the entry's stamp
 *
 * A reference to a thing that the same node made is a difference of two stamps, and so a few
 * bytes instead of sixteen. That is the only form allowed wherever it is possible.
 *
 *   Owns     nothing: values borrow from the bytes read.
 *   Threads  any.
 */
#include "base/buf.h"
#include "journal/cursor.h"
#include "vocab/record.h"

/* What a reference is measured from: the entry it stands in. */
typedef struct PayloadFrame {
    uint64_t stamp;
    uint64_t node_short;
    unsigned epoch;
} PayloadFrame;

void ref_put(Buf *buf, const PayloadFrame *frame, Id ref);
Id ref_get(Cursor *cursor, const PayloadFrame *frame);

/* Writes the fields that the record sets or clears, and those of `payload`, an encoded list of
 * the same entry, that a record cannot hold; each field once, the record's before the payload's. */
void payload_put(Buf *buf, const PayloadFrame *frame, const Record *record, Bytes payload);

/* Reads fields to the end of the cursor. Fields that the vocabulary does not know, or whose bytes
 * are not what it says, are checked for their form, passed over, and counted. */
unsigned payload_get(Cursor *cursor, const PayloadFrame *frame, const KindInfo *kind,
                     Record *out_record);
