#pragma once
/*
 * journal_tamper — takes the sample bundle apart, puts it together otherwise, and counts what the
 * verifier calls the result.
 *
 * Whoever tampers here can compute every check value of a frame, and holds no key.
 */
#include "journal/proof.h"
#include "support/journal_sample.h"

#define PIECES_MAX 64
#define ROOM       ((size_t)1 << 17) /* more than any bundle here needs */

/* One frame without its size and check. */
typedef struct Piece {
    uint8_t type;
    Bytes payload;
} Piece;

typedef struct Pieces {
    Piece at[PIECES_MAX];
    size_t count;
} Pieces;

/* The frames of the sample bundle. */
enum { NODE_HQ, NODE_BOX, HQ_1, HQ_11, BOX_1, HQ_22, BOX_17, MANIFEST, GOOD_COUNT };

typedef struct Workbench {
    Sample sample;
    Buf good;      /* the whole bundle */
    Pieces pieces; /* of it; they point into `good` */
    unsigned tried;
    unsigned named[FAULT_KIND_COUNT];
} Workbench;

void workbench_init(Workbench *bench);
void workbench_done(Workbench *bench);
const SampleStream *hq_of(const Workbench *bench);
const SampleStream *box_of(const Workbench *bench);

/* Whose segment piece `at` of the sample bundle is, and with which entry it begins. */
const SampleStream *stream_of_piece(const Workbench *bench, size_t at);
uint64_t first_of_piece(size_t at);

void take_apart(Bytes file, Pieces *out);
void put_together(const Pieces *parts, Buf *out);
void remove_piece(Pieces *parts, size_t at);
void insert_piece(Pieces *parts, size_t at, Piece piece);

/* Verifies, and holds that answer and report agree. */
ErrCode check_trusting(Bytes file, const Trust *trust, BundleReport *report);

/* The same trusting headquarters, and counted. */
FaultKind kind_of(Workbench *bench, Bytes file, BundleReport *report);

/* Of a segment alone, with the key of its node; not counted. */
FaultKind kind_of_segment(Bytes segment, const SampleStream *stream);

/* Expects altered pieces to be called this, in this stream (NULL: any) from this entry on (0:
 * any). */
void expect(Workbench *bench, const Pieces *parts, FaultKind kind, const SampleStream *stream,
            uint64_t first);

/* Counts of one kind of tampering: end_count() prints them, and fails if anything was not found. */
void begin_count(Workbench *bench);
void end_count(const Workbench *bench, const char *what);
