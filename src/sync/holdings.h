#pragma once
/*
 * holdings — how far a node has the streams that it shares with a peer, and what each of the two
 * knows about the other.
 *
 * Three lists: what is here, what the peer said it holds (THEIRS), and what it was told that this
 * node holds (TOLD). A list has a digest, a sum, so that two nodes see at once whether they speak
 * of the same.
 *
 *   Owns     nothing: lists lie in the arena given.
 *   Threads  those of the store; only the writer saves.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "base/map.h"
#include "engine/node.h"
#include "seal/hash.h"
#include "sync/peers.h"

typedef struct Holding {
    int64_t key; /* of the stream, in this store */
    StreamName stream;
    uint64_t seq;        /* the last entry; 0: none */
    uint64_t signed_seq; /* of these, so many are signed */
    uint64_t head;       /* the first eight bytes of the chain's head after that one */
} Holding;

typedef struct Holdings {
    Holding *items;
    size_t count;
    Map by_key;
    Arena *arena;
} Holdings;

typedef enum HoldingSide { HOLDING_THEIRS = 0, HOLDING_TOLD = 1 } HoldingSide;

/* What is here of all that the peer may have, wrote itself, or said it has. */
MUST_USE ErrCode holdings_here(Store *store, const Node *node, const Peer *peer,
                               const Holdings *theirs, Arena *arena, Holdings *out, Err *err);

MUST_USE ErrCode holdings_load(Store *store, const Peer *peer, HoldingSide side, Arena *arena,
                               Holdings *out, Err *err);

/* Saves what differs; `before` is what is saved now. */
MUST_USE ErrCode holdings_save(Store *store, const Peer *peer, HoldingSide side,
                               const Holdings *before, const Holdings *now, Err *err);

void holdings_init(Holdings *holdings, Arena *arena);

/* NULL when it is not there. */
Holding *holdings_find(const Holdings *holdings, int64_t key);

/* Adds it, or puts it in the place of the one that is there. */
MUST_USE ErrCode holdings_put(Holdings *holdings, const Holding *holding, Err *err);

bool holding_equal(const Holding *a, const Holding *b);

/* The sum of the digests of the items. */
uint64_t holdings_digest(const Holdings *holdings);

uint64_t head_short(const Digest *head);

/* The digest of a stream's name. Its first few bytes stand for it between two nodes that both know
 * it and that do not share too many. */
#define STREAM_SHORT_MIN  3
#define STREAM_SHORT_SIZE 6
#define SHORT_STREAMS_MAX 1000
Digest stream_digest(const StreamName *stream);
