#pragma once
/*
 * rows — one row of any kind, written from a Record and read back into one.
 *
 * The same code serves all kinds: which table and which columns follows from the vocabulary. A
 * Record speaks of other things by id; rows hold their keys, and the translation happens here.
 *
 * The blind index of a BLIND field travels in the field's `number`, 0 when there is none.
 *
 *   Owns     nothing. What row_load() gives out lives in the arena.
 *   Threads  those of the store; only the writer adds and changes.
 *   Errors   ERR_NOT_FOUND  no row has this key
 *            ERR_CONFLICT   one has it already
 */
#include "store/things.h"
#include "vocab/record.h"

typedef struct RowState {
    uint64_t stamp; /* of the last entry about it */
    bool is_void;
} RowState;

/* A row with the fields that are set; all others are NULL. */
MUST_USE ErrCode row_add(Store *store, int64_t shard, int64_t key, uint64_t stamp,
                         const Record *record, Err *err);

/* Changes the fields that are set or cleared, and leaves the others as they are. */
MUST_USE ErrCode row_change(Store *store, int64_t shard, int64_t key, uint64_t stamp,
                            const Record *change, Err *err);

/* Says that it was a mistake, or that it was none after all. */
MUST_USE ErrCode row_void(Store *store, int64_t shard, int64_t key, KindCode kind, uint64_t stamp,
                          bool is_void, Err *err);

/* Takes the row away, if there is one: it is about to be written anew from its entries. */
MUST_USE ErrCode row_remove(Store *store, int64_t shard, int64_t key, KindCode kind, Err *err);

MUST_USE ErrCode row_state(Store *store, int64_t shard, int64_t key, KindCode kind,
                           RowState *out_state, Err *err);

MUST_USE ErrCode row_load(Store *store, int64_t shard, int64_t key, const KindInfo *kind,
                          Arena *arena, Record *out_record, RowState *out_state, Err *err);
