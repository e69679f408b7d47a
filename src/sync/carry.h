#pragma once
/*
 * carry — bundles between two nodes: what one writes for the other, and what comes of reading one.
 *
 * A bundle for a peer holds the signed segments that the peer does not have yet, as far as is known
 * from its last ticket, and a ticket of its own: what this node holds. Reading one is harmless in
 * any order and number: what is here is skipped, what does not follow waits for the part between,
 * which is named. The ticket goes back with the next bundle, and so both know what has arrived.
 *
 * A damaged file is read up to its last whole frame. Its manifest is missing then, so nobody
 * vouches for the keys in it: only segments of nodes whose keys are known here are taken in.
 *
 *   Owns     nothing: the bundle is in the caller's buffer, lists in the arena given.
 *   Threads  the writer, outside of a group: reading commits as it goes.
 *   Bounds   CARRY_BYTES_MAX for a bundle; CARRY_MISSING_MAX ranges are named
 *   Errors   ERR_DENIED     the bundle is by a node that is no peer
 *            ERR_CONFLICT   it is for another node
 *            ERR_INVALID    it is no bundle
 */
#include "engine/receive.h"
#include "sync/peers.h"

#define CARRY_BYTES_MAX   ((size_t)256 << 20)
#define CARRY_MISSING_MAX 32

typedef struct Written {
    int64_t segment_count;
    int64_t entry_count;
    int64_t withheld_count; /* streams whose node's key is not known here: they cannot be vouched */
    bool is_cut;            /* more is left than fits one bundle: write another after a ticket */
} Written;

/* Puts together a bundle for the peer. */
MUST_USE ErrCode carry_write(Engine *engine, const Peer *to, Buf *out, Written *out_written,
                             Err *err) ONLY_ON(writer_role);

typedef struct Missing {
    StreamName stream;
    uint64_t first;
    uint64_t last;
} Missing;

typedef struct Carried {
    bool is_whole;        /* the manifest vouches for every byte */
    const Peer *from;     /* NULL when the manifest was not reached */
    size_t good_bytes;    /* how far the file can be read */
    Fault damage;         /* why no further; FAULT_NONE when whole */
    int64_t new_segments; /* taken in now */
    int64_t new_entries;
    int64_t known_segments;   /* were here */
    int64_t unknown_segments; /* of nodes whose keys nobody vouches for */
    int64_t future_segments;  /* stamped further ahead than our clock follows */
    Missing missing[CARRY_MISSING_MAX];
    size_t missing_count;
    int64_t bad_segments; /* not taken in; the first one: */
    Reception bad;
    bool is_rolled_back;     /* others hold more of what this node wrote than it does itself: it is
                                to begin its next life, and to read this again */
    unsigned own_epoch;      /* the latest epoch of this node that is told of */
    int64_t arrived_entries; /* of ours: what the writer holds by its ticket; -1 without one */
} Carried;

MUST_USE ErrCode carry_read(Engine *engine, Bytes file, Arena *arena, Carried *out_carried,
                            Err *err) ONLY_ON(writer_role);
