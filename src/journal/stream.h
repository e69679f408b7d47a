#pragma once
/*
 * stream — the name of one dense sequence of entries: which node, which of its lives, which scope.
 *
 * A node is known by the first 40 bits of the SHA-256 of its public key. A node restored from a
 * backup or cloned opens a new epoch, so that (stream, sequence number) never means two things.
 *
 *   Owns     nothing: values.
 *   Errors   ERR_CORRUPT  bytes that are not a name (an epoch that cannot be)
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/id.h"
#include "journal/cursor.h"
#include "seal/sign.h"

#define STREAM_NAME_SIZE     23 /* 5 bytes node, 2 epoch, 16 scope */
#define STREAM_NAME_TEXT_MAX 64
#define NODE_TEXT_MAX        11 /* 10 digits and a NUL */

typedef struct StreamName {
    uint64_t node_short; /* at most NODE_SHORT_MAX */
    unsigned epoch;      /* at most EPOCH_MAX */
    Id scope;
} StreamName;

/* The first 40 bits of the SHA-256 of a public key. */
uint64_t node_short_of(const PublicKey *key);

/* What a node says to all below it stands in a scope made from the node's own: the last bit of its
 * id is set. */
Id scope_of_broadcast(Id own);
bool scope_is_broadcast(Id scope);

bool stream_equal(const StreamName *a, const StreamName *b);

/* The 23 bytes of a name, as they stand in hashes, headers and manifests. */
void stream_put(Buf *buf, const StreamName *stream);
StreamName stream_get(Cursor *cursor);

/* Ten hexadecimal digits; returns `out`. */
const char *node_write(uint64_t node_short, char out[NODE_TEXT_MAX]);

/* "0123456789/0/0190…": node, epoch, scope; returns `out`. */
const char *stream_write(const StreamName *stream, char out[STREAM_NAME_TEXT_MAX]);
