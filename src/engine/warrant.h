#pragma once
/*
 * warrant — for which scopes a node may speak, and which it may have.
 *
 * A node speaks for the scopes it was given: a project, a unit, or a unit with everything below it.
 * Beside that it speaks for itself (its audit, its imports). What it writes elsewhere is not taken
 * in, however well it is signed: neither a stream of another scope, nor, in a stream of its own
 * scope, an entry about somebody else's thing or one that puts a thing into somebody else's scope.
 * What is about a thing that once was in its scope is taken in: it may not know of the move yet.
 *
 *   Threads  those of the store.
 *   Bounds   units are followed upward for UNIT_DEPTH_MAX steps
 */
#include "journal/grant.h"
#include "journal/segment.h"
#include "store/store.h"

#define UNIT_DEPTH_MAX 64

/* Whether a unit or project lies within. What is not known here lies within only by name. */
MUST_USE ErrCode warrant_covers(Store *store, int64_t shard, const Warrant *warrant, Id scope,
                                bool *out_covers, Err *err);

/* Whether every scope of one lies within the other: nobody gives what they do not have. */
MUST_USE ErrCode warrant_within(Store *store, int64_t shard, const Warrant *inner,
                                const Warrant *outer, bool *out_within, Err *err);

/* What a segment or a run says lies within? `begun` stands before its first entry; it was read to
 * its end before. `out_seq` is the first entry that does not, 0 for the stream itself; `out_why` a
 * literal, NULL when all does. */
typedef struct Engine Engine;
MUST_USE ErrCode warrant_check(Engine *engine, const Warrant *warrant, const SegmentReader *begun,
                               uint64_t *out_seq, const char **out_why, Err *err);
