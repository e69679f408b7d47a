#pragma once
/*
 * receipts — a peer's signature that it holds a stream of ours up to an entry, and that it was this
 * very entry.
 *
 *     receipt := Ed25519, by who received, over "tongpin receipt" || stream (23 bytes) ||
 *                u64 sequence || 32 bytes head || u64 stamp
 *
 * From then on neither side can rewrite what lies before it, and not be found out. The latest one
 * of each stream and peer is kept.
 *
 *   Owns     nothing.
 *   Threads  those of the store; only the writer keeps one, within a transaction.
 */
#include "seal/hash.h"
#include "sync/peers.h"

typedef struct Receipt {
    StreamName stream;
    uint64_t seq; /* the last entry of a segment */
    uint64_t stamp;
    Digest head;
    Signature signature;
} Receipt;

/* Fills in the signature. */
void receipt_sign(Receipt *receipt, const SigningKey *key);

/* Keeps it when it is later than the one that is here. *out_is_bad: it is for another history than
 * the one here, or not by that peer. A receipt for what is not here (any more) is passed over. */
MUST_USE ErrCode receipt_keep(Store *store, const Peer *peer, int64_t stream_key, Receipt *receipt,
                              bool *out_is_new, bool *out_is_bad, Err *err);

/* The latest by a peer. */
MUST_USE ErrCode receipt_find(Store *store, const Peer *peer, const StreamName *stream,
                              bool *out_found, Receipt *out_receipt, Err *err);

/* How many entries of this node's streams a peer has signed for. */
MUST_USE ErrCode receipts_count(Store *store, const Peer *peer, int64_t *out_entries, Err *err);
