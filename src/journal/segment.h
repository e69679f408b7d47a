#pragma once
/*
 * segment — a run of entries of one stream, signed once by the node that wrote them.
 *
 * The header says which entries, where the chain stood before and where it stands after; the
 * node signs the header. A reader computes the chain again, so one signature proves every entry
 * and their order. Bodies of personal entries lie beside the entries and may be absent; no
 * signature covers whether they are there, because they can be erased.
 *
 *     segment := header (184 bytes, the last 64 the signature) item*
 *     item    := varint size, entry | varint body size + 1, body     0 stands for no body
 *
 *   Owns     nothing: a reader borrows the bytes it reads, a writer the buffer it writes to.
 *   Threads  one reader or writer, one thread.
 *   Bounds   SEGMENT_BYTES_MAX, SEGMENT_ENTRIES_MAX
 *   Errors   ERR_CORRUPT  does not verify; the fault says what
 *            ERR_INVALID  entries given to a writer that do not follow each other
 *            ERR_LIMIT    a writer is full
 */
#include "journal/chain.h"
#include "journal/entry.h"
#include "journal/fault.h"

#define SUITE_ED25519_SHA256 1 /* 2 is kept for SM2 and SM3 */
#define SEGMENT_HEADER_SIZE  184
#define SEGMENT_SIGNED_SIZE  (SEGMENT_HEADER_SIZE - SIGNATURE_SIZE)
#define SEGMENT_BYTES_MAX    ((size_t)4 * 1024 * 1024)
#define SEGMENT_ENTRIES_MAX  UINT64_C(10000)

typedef struct SegmentHeader {
    uint8_t suite;
    StreamName stream;
    uint64_t first; /* sequence numbers, both included */
    uint64_t last;
    uint64_t previous_stamp; /* of entry first - 1; 0 when there is none */
    uint64_t last_stamp;     /* of entry last */
    Digest previous_head;    /* of the chain after entry first - 1 */
    Digest head;             /* after entry last */
    Signature signature;
} SegmentHeader;

/* The signature over a header, which may be kept apart from the entries: a store does so. */
Signature segment_sign(const SegmentHeader *header, const SigningKey *key);
/* The header's bytes, as a segment begins with them. */
void segment_put_header(Buf *out, const SegmentHeader *header);
bool segment_signature_fits(const SegmentHeader *header, const PublicKey *key);

typedef struct SegmentWriter {
    Buf *out;
    size_t start; /* where the header goes in `out` */
    SegmentHeader header;
    uint64_t next;
    Digest head;
    uint64_t stamp;
} SegmentWriter;

/* Begins a segment at the end of `out`, with entry `first`. */
void segment_begin(SegmentWriter *writer, Buf *out, const StreamName *stream, uint64_t first,
                   uint64_t previous_stamp, const Digest *previous_head);

/* `body` has `at` == NULL where there is none. Changes nothing on failure. */
MUST_USE ErrCode segment_add(SegmentWriter *writer, Bytes chained, Bytes body, Err *err);

/* Fills in the header and signs it. At least one entry was added. */
MUST_USE ErrCode segment_end(SegmentWriter *writer, const SigningKey *key, Err *err);

/* Ends a segment that its node signed before: the very one, or ERR_CORRUPT. */
MUST_USE ErrCode segment_end_signed(SegmentWriter *writer, const SegmentHeader *header, Err *err);

/* One entry as it stands in a segment. */
typedef struct SegmentItem {
    uint64_t sequence;
    Bytes chained;
    Bytes body; /* `at` == NULL: none here */
    Entry entry;
} SegmentItem;

typedef struct SegmentReader {
    SegmentHeader header;
    Cursor rest;
    uint64_t next;  /* the sequence number of the item to come */
    Digest head;    /* of the chain as far as it was read */
    uint64_t stamp; /* of the last entry read */
    Fault fault;    /* filled in when a function below fails */
} SegmentReader;

/* Reads the header. */
MUST_USE ErrCode segment_open(SegmentReader *reader, Bytes segment, Err *err);

/* The next entry, checked against its body and the clock; *out_found is false after the last. */
MUST_USE ErrCode segment_next(SegmentReader *reader, SegmentItem *out_item, bool *out_found,
                              Err *err);

/* After the last entry: does it all lead to the head, and did the node with this key sign it? */
MUST_USE ErrCode segment_prove(SegmentReader *reader, const PublicKey *key, Err *err);

/* All three in one; `out_fault` is left alone on OK. */
MUST_USE ErrCode segment_verify(Bytes segment, const PublicKey *key, Fault *out_fault, Err *err);
