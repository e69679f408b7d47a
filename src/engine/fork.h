#pragma once
/*
 * fork — the proof that a node wrote two histories, and what is done about it.
 *
 * When entries come that contradict those that are here, and both are signed by their node, both
 * signatures are kept for ever, with the segment that came: nobody can talk that away. What the
 * node wrote in that epoch and is not here yet is held back from then on; everything here stays,
 * everybody else goes on, and so does the node itself in its next epoch. An honest node comes to
 * this by a disk image that was put back, or by a clone.
 *
 *   Owns     nothing: a list lies in the arena given.
 *   Threads  those of the store; only the writer keeps one, within a transaction.
 *   Bounds   one proof for each stream: the first one
 */
#include "journal/segment.h"
#include "store/store.h"

typedef struct Fork {
    StreamName stream;
    uint64_t seq;        /* from this entry on there are two histories */
    bool has_here;       /* false: ours was not signed when the other one came */
    SegmentHeader here;  /* as it is in this store; signed */
    SegmentHeader there; /* as it came; signed */
} Fork;

MUST_USE ErrCode forks_load(Store *store, Arena *arena, Fork **out_items, size_t *out_count,
                            Err *err);

/* Has the node written two histories in that epoch, as far as is known here? */
MUST_USE ErrCode fork_find(Store *store, uint64_t node_short, unsigned epoch, bool *out_found,
                           Err *err);

/* Keeps the proof. `segment` came, proven, and contradicts entry `seq`; `stream` is the key of what
 * is here. */
MUST_USE ErrCode fork_keep(Store *store, int64_t stream, uint64_t seq, Bytes segment, Err *err);
