#pragma once
/*
 * things — ids as small numbers: what the database calls a person, a project, an entry's subject.
 *
 * Each id that is mentioned gets a key, once and for ever; keys survive a rebuild. Rows, entries
 * and accounts hold keys, so that a reference costs three bytes and a join compares integers. A
 * thing belongs to a shard; the same id in two shards has a key in each, as joins stay inside one.
 *
 *   Invariants  (1) keys start at 1 and are never reused; 0 means none;
 *               (2) the kind is KIND_NONE while an id was only mentioned, and fixed afterwards.
 *   Threads     those of the store; only the writer interns.
 *   Errors      ERR_NOT_FOUND  no such key
 *               ERR_CONFLICT   interned again as another kind
 */
#include "base/id.h"
#include "store/store.h"
#include "vocab/vocab.h"

/* Gives a key to an id that was made just now; ERR_CONFLICT when it is known already. */
MUST_USE ErrCode thing_add(Store *store, int64_t shard, Id id, KindCode kind, int64_t *out_key,
                           Err *err);

/* The key of an id, made if need be. `kind` is KIND_NONE for a mere mention. */
MUST_USE ErrCode thing_intern(Store *store, int64_t shard, Id id, KindCode kind, int64_t *out_key,
                              Err *err);

/* Absence is normal: the key is 0 then. */
MUST_USE ErrCode thing_find(Store *store, int64_t shard, Id id, int64_t *out_key, Err *err);

/* Another kind than it was thought to be: an earlier entry that makes it has come. */
MUST_USE ErrCode thing_set_kind(Store *store, int64_t shard, int64_t key, KindCode kind, Err *err);

MUST_USE ErrCode thing_id(Store *store, int64_t shard, int64_t key, Id *out_id, Err *err);

/* What kind a thing is; KIND_NONE while it was only mentioned. */
MUST_USE ErrCode thing_kind(Store *store, int64_t shard, int64_t key, KindCode *out_kind, Err *err);
