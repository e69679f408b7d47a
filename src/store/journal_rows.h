#pragma once
/*
 * journal_rows — where the journal lies in the database: streams, entries, segments, and the ops
 * that were answered.
 *
 * An entry keeps its bytes as they came and its place in the order of arrival here, which is dense
 * and is the order in which a rebuild replays. Heads of the chain are not stored for each entry:
 * they are worked out again from the segment before it.
 *
 *   Invariants  (1) arrivals are dense from 1 and given out in the order of entry_row_add();
 *               (2) a (stream, seq) is there once at most.
 *   Owns        an EntryWalk owns the page it shows: what entry_walk_next() hands out lives until
 *               the next call. Everything else lies in the caller's arena.
 *   Threads     those of the store; only the writer adds. A walk may go on while others write.
 *   Errors      ERR_CONFLICT  this (stream, seq), segment or op is there already
 */
#include "journal/stream.h"
#include "seal/hash.h"
#include "seal/sign.h"
#include "store/store.h"

typedef struct StreamRow {
    int64_t key;
    StreamName name;
} StreamRow;

typedef struct EntryRow {
    int64_t arrival; /* given by entry_row_add() */
    int64_t shard;
    int64_t stream; /* key */
    StreamName stream_name;
    uint64_t seq;
    uint64_t stamp;
    uint64_t prev_stamp; /* of the entry before it in its stream; 0 when that one is not here */
    unsigned kind;
    int64_t subject; /* key of the thing it is about */
    Bytes chained;   /* the entry without its body, byte for byte */
    Bytes body;
    bool has_body; /* false: erased, or never had one */
} EntryRow;

typedef struct SegmentRow {
    int64_t stream; /* key */
    uint64_t first_seq;
    uint64_t last_seq;
    uint64_t prev_stamp; /* of the entry before the first */
    uint64_t last_stamp;
    Digest prev_head;
    Digest head;
    Signature signature;
} SegmentRow;

typedef struct OpRow {
    Id id;
    Digest digest; /* of the command: same id with another content is refused */
    Text answer;
    int64_t arrival; /* of the last entry it made; 0 when it made none */
} OpRow;

/* The key of a stream, made if need be. */
MUST_USE ErrCode stream_row_intern(Store *store, const StreamName *name, int64_t *out_key,
                                   Err *err);

/* Absence is normal: the key is 0 then. */
MUST_USE ErrCode stream_row_find(Store *store, const StreamName *name, int64_t *out_key, Err *err);

/* All streams, by key. */
MUST_USE ErrCode stream_rows(Store *store, Arena *arena, StreamRow **out_rows, size_t *out_count,
                             Err *err);

/* The `arrival`, `stream_name` and `prev_stamp` of `entry` are not read. */
MUST_USE ErrCode entry_row_add(Store *store, const EntryRow *entry, int64_t *out_arrival, Err *err);

/* Takes an entry's body away for good; the chain still holds. */
MUST_USE ErrCode entry_row_erase(Store *store, int64_t shard, int64_t arrival, Err *err);

/* The last entry of a stream: its seq, stamp, arrival and shard, nothing else. */
MUST_USE ErrCode entry_row_last(Store *store, int64_t stream, bool *out_found, EntryRow *out_entry,
                                Err *err);

/* The arrival of the last entry here; 0 before the first. */
MUST_USE ErrCode entry_last_arrival(Store *store, int64_t *out_arrival, Err *err);

/* Reads entries page by page:
 *
 *     AUTO(entry_walk_done) EntryWalk walk = {0};
 *     entry_walk_all(&walk, store, 1);
 *     for (const EntryRow *entry = NULL;;) {
 *         TRY(entry_walk_next(&walk, &entry, err));
 *         if (entry == NULL) break;
 *         …
 *     }
 */
typedef enum WalkOver { WALK_ALL, WALK_STREAM, WALK_THING } WalkOver;

#define WALK_PAGE_ROWS      64
#define WALK_PAGE_BYTES_MAX ((size_t)16 << 20)

typedef struct EntryWalk {
    Store *store;
    WalkOver over;
    int64_t key;  /* of the stream or thing */
    int64_t from; /* the next arrival or seq to read */
    Arena arena;  /* holds the page */
    EntryRow *page;
    size_t count;
    size_t at;
    bool is_last; /* the page is the last one */
} EntryWalk;

void entry_walk_all(EntryWalk *walk, Store *store, int64_t from_arrival);
void entry_walk_stream(EntryWalk *walk, Store *store, int64_t stream, uint64_t from_seq);
void entry_walk_thing(EntryWalk *walk, Store *store, int64_t subject); /* by arrival */

/* NULL at the end. */
MUST_USE ErrCode entry_walk_next(EntryWalk *walk, const EntryRow **out_entry, Err *err);
void entry_walk_done(EntryWalk *walk);

MUST_USE ErrCode segment_row_add(Store *store, const SegmentRow *segment, Err *err);

/* Up to `most` segments of a stream whose first entry is `from_seq` or later, in order. */
MUST_USE ErrCode segment_rows(Store *store, int64_t stream, uint64_t from_seq, size_t most,
                              Arena *arena, SegmentRow **out_rows, size_t *out_count, Err *err);

MUST_USE ErrCode segment_row_last(Store *store, int64_t stream, bool *out_found,
                                  SegmentRow *out_segment, Err *err);

/* The segment that holds an entry. */
MUST_USE ErrCode segment_row_at(Store *store, int64_t stream, uint64_t seq, bool *out_found,
                                SegmentRow *out_segment, Err *err);

MUST_USE ErrCode op_row_find(Store *store, Id id, Arena *arena, bool *out_found, OpRow *out_op,
                             Err *err);
MUST_USE ErrCode op_row_add(Store *store, const OpRow *op, Err *err);
