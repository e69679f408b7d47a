#pragma once
/*
 * known — the public keys of the nodes whose entries are here.
 *
 * A node's short name is forty bits of the digest of its key, so the key itself is kept with the
 * first segment that was proven with it, and no other key stands for that node afterwards.
 *
 *   Owns     nothing.
 *   Threads  those of the store; only the writer keeps keys, within a transaction.
 *   Errors   ERR_CONFLICT  another key of this short name is known
 */
#include "seal/sign.h"
#include "store/store.h"

MUST_USE ErrCode known_key_find(Store *store, uint64_t node_short, bool *out_found,
                                PublicKey *out_key, Err *err);
MUST_USE ErrCode known_key_keep(Store *store, const PublicKey *key, Err *err);
