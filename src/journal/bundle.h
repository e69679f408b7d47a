#pragma once
/*
 * bundle — segments in a file, to be carried on a stick or kept as proof.
 *
 *     bundle := "TPBUNDLE", u8 version, frame*
 *     frame  := u8 type, u32 size, payload, 4 bytes check
 *
 * First the nodes with their keys, then the segments, and last the manifest that the writer
 * signs. `check` is the beginning of the SHA-256 of the frame before it: it finds damage, so that
 * a file is readable up to its last good frame; that nobody tampered is for journal/proof.h.
 * A reader passes over types of frames it does not know.
 *
 *   Owns     a writer its list of segments, until bundle_writer_done(); a reader nothing.
 *   Threads  one reader or writer, one thread.
 *   Bounds   FRAME_BYTES_MAX, NODE_NAME_BYTES_MAX, MANIFEST_BYTES_MAX. A writer keeps about a
 *            hundred bytes for each segment and four for each entry; what it has written to its
 *            buffer it never looks at again, so the caller may flush and clear it between calls.
 *   Errors   ERR_CORRUPT  the frame does not fit; the fault says how
 */
#include "journal/manifest.h"
#include "seal/reader.h"

#define BUNDLE_MAGIC        "TPBUNDLE"
#define BUNDLE_VERSION      1
#define BUNDLE_HEADER_SIZE  9
#define FRAME_HEADER_SIZE   5
#define FRAME_CHECK_SIZE    4
#define MANIFEST_BYTES_MAX  ((size_t)64 * 1024 * 1024)
#define FRAME_BYTES_MAX     MANIFEST_BYTES_MAX
#define NODE_NAME_BYTES_MAX 200

typedef enum FrameType {
    FRAME_NODE = 1, /* 32 bytes public key, then its name in UTF-8 */
    FRAME_SEGMENT = 2,
    FRAME_MANIFEST = 3,
    FRAME_TICKET = 4,  /* see journal/ticket.h */
    FRAME_SEALING = 5, /* the key to seal to the writer of the bundle: X25519, 32 bytes */
} FrameType;

typedef struct BundleWriter {
    Buf *out;
    Hash content; /* of everything written */
    Buf items;    /* of the manifest */
    uint32_t count;
} BundleWriter;

void bundle_begin(BundleWriter *writer, Buf *out);
void bundle_writer_done(BundleWriter *writer);
MUST_USE ErrCode bundle_add_node(BundleWriter *writer, const PublicKey *key, Text name, Err *err);

/* What the writer holds; before the first segment, so that it is read first. */
MUST_USE ErrCode bundle_add_ticket(BundleWriter *writer, Bytes ticket, Err *err);

/* To which key a bundle for this writer is sealed. */
MUST_USE ErrCode bundle_add_sealing(BundleWriter *writer, const ReaderKey *key, Err *err);

/* A whole segment. Its node was added before. */
MUST_USE ErrCode bundle_add_segment(BundleWriter *writer, Bytes segment, Err *err);

/* Signs for everything inside; `stamp` is the writer's clock. */
MUST_USE ErrCode bundle_end(BundleWriter *writer, const SigningKey *key, uint64_t stamp, Err *err);

typedef struct Frame {
    uint8_t type; /* a FrameType, or one of a later version */
    Bytes payload;
    size_t offset; /* where it begins in the file */
} Frame;

typedef struct BundleReader {
    Bytes file;
    size_t at;
    Fault fault; /* filled in when a function below fails */
} BundleReader;

MUST_USE ErrCode bundle_open(BundleReader *reader, Bytes file, Err *err);

/* *out_found is false at the end of the file. On failure out_frame holds what there is of the
 * damaged frame. */
MUST_USE ErrCode bundle_next(BundleReader *reader, Frame *out_frame, bool *out_found, Err *err);

/* One frame at the end of `out`, with its check. */
void frame_put(Buf *out, uint8_t type, Bytes payload);

/* The key and name in the payload of a node frame. */
MUST_USE ErrCode bundle_read_node(Bytes payload, PublicKey *out_key, Text *out_name, Err *err);
