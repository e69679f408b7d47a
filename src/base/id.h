#pragma once
/*
 * id — the name of one thing, the same on every node and for ever: 128 bits, shaped as a UUIDv7.
 *
 * The id of a thing is the clock and the node of the entry that created it, made visible, so it
 * sorts by time, needs no agreement, and a reader that knows the entry can work it out:
 *
 *     48 bits milliseconds | 4 bits version 7 | 12 bits counter |
 *     2 bits variant 10 | 40 bits node | 10 bits epoch | 12 bits zero
 *
 * An id never holds a scope: things move. An op-id, which a client makes, is any UUID.
 *
 *   Errors   ERR_INVALID  not "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
 *   Source   RFC 9562, section 5.7
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

#define ID_TEXT_MAX    37 /* 36 characters and a NUL */
#define STAMP_BITS     60 /* 48 of milliseconds above 12 of counter */
#define NODE_SHORT_MAX ((UINT64_C(1) << 40) - 1)
#define EPOCH_MAX      1023U

typedef struct Id {
    uint8_t at[16];
} Id;

/* `stamp` is a clock of journal/hlc.h: below 2^60. */
Id id_make(uint64_t stamp, uint64_t node_short, unsigned epoch);
uint64_t id_stamp(Id id);
uint64_t id_node(Id id);
unsigned id_epoch(Id id);

bool id_is_nil(Id id); /* all zero: no thing */
bool id_equal(Id a, Id b);
int id_compare(Id a, Id b);
Bytes id_bytes(const Id *id);

MUST_USE ErrCode id_from_bytes(Bytes bytes, Id *out_id, Err *err);
MUST_USE ErrCode id_parse(Text text, Id *out_id, Err *err);
const char *id_write(Id id, char out[ID_TEXT_MAX]);
