#pragma once
/*
 * pair — how things stand between this node and a peer, after the last session.
 *
 *   Owns     nothing.
 *   Threads  those of the store; only the writer saves, within a transaction.
 */
#include "sync/peers.h"

typedef enum PairTold {
    PAIR_UNCLEAR = 0,    /* the peer may not know what this node holds */
    PAIR_UNDERSTOOD = 1, /* it said so */
    PAIR_TOLD_ALL = 2,   /* it was told all, and has not said yet that it understood */
} PairTold;

typedef enum PairState {
    PAIR_NOT_COMPARED = 0,
    PAIR_EQUAL = 1,
    PAIR_UNEQUAL = 2, /* both hold the same entries and show something else: an alarm */
} PairState;

typedef struct Pair {
    uint64_t told; /* the digest of what this node said that it holds */
    PairTold understood;
    int64_t last_ms; /* when they last spoke; 0: never since the tables were made */
    bool is_in_step;
    int64_t since_ms;    /* how long it has been so */
    int64_t behind_here; /* entries */
    int64_t behind_there;
    int64_t clock_ms; /* how far the peer's clock is ahead */
    PairState state;
    int64_t state_ms;  /* when it was compared */
    uint64_t compared; /* at which positions: the digest of what was held */
} Pair;

/* A peer never spoken to has an empty one. */
MUST_USE ErrCode pair_load(Store *store, uint64_t node_short, Pair *out_pair, Err *err);
MUST_USE ErrCode pair_save(Store *store, uint64_t node_short, const Pair *pair, Err *err);
