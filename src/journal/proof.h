#pragma once
/*
 * proof — is this bundle what its writer and its nodes wrote, whole and in order?
 *
 * Needs the file, the public key of its writer, and nothing else. Every segment is proven by the
 * signature of its node, the node's key by the manifest, the manifest by the writer's signature,
 * and the writer by being trusted. Streams must go on without gaps within the bundle.
 *
 * Somebody who holds receipts (the heads of streams as they were last seen) gives them too: then
 * a history that was rewritten or cut back since is found, although every signature in it fits.
 *
 *   Owns     nothing: the work is done in the arena given.
 *   Bounds   about 200 bytes of the arena for each segment, and one bundle held in memory (or
 *            mapped) by the caller
 *   Errors   ERR_CORRUPT  something is wrong; the report's fault names the first thing found
 *            ERR_LIMIT    the arena is full
 */
#include "journal/bundle.h"

typedef struct StreamHead {
    StreamName stream;
    uint64_t sequence;
    Digest head;
} StreamHead;

typedef struct Trust {
    const PublicKey *keys; /* whose signature under a manifest counts */
    size_t key_count;
    const StreamHead *heads; /* what is known from receipts; may be none */
    size_t head_count;
} Trust;

typedef struct BundleReport {
    Fault fault;       /* FAULT_NONE when all is well */
    size_t good_bytes; /* how far the file can be read: the end of its last undamaged frame */
    PublicKey writer;
    uint64_t stamp; /* of the writer's clock; 0 when the manifest was not reached */
    unsigned node_count;
    unsigned segment_count;
    uint64_t entry_count;
    uint64_t erased_count; /* personal entries whose body is not in the bundle */
} BundleReport;

/* Fills in the report whatever the answer. */
MUST_USE ErrCode bundle_verify(Bytes file, const Trust *trust, Arena *arena,
                               BundleReport *out_report, Err *err);
