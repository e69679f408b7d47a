#pragma once
/*
 * journal_sample — 64 entries of two nodes, the same bytes every time, for tests and golden files.
 *
 * A headquarters writes about its units, people and projects; a box writes about its site. Seeds,
 * clocks and salts are fixed. Between them the entries use every verb, flag, wire type and form of
 * reference, a kind that no vocabulary knows and fields that this one does not.
 */
#include "journal/bundle.h"

#define SAMPLE_STREAM_COUNT 2
#define SAMPLE_ENTRY_COUNT  32 /* in each stream */

typedef struct SampleEntry {
    const char *title;
    size_t at; /* where its bytes lie in `chained` and `body` of the stream */
    size_t size;
    size_t body_at;
    size_t body_size; /* 0 for none */
    uint64_t stamp;
    uint64_t previous_stamp;
    Digest previous_head;
    Digest head;
} SampleEntry;

typedef struct SampleStream {
    StreamName name;
    SigningKey key;
    PublicKey public_key;
    const char *node_name;
    Buf chained;
    Buf bodies;
    SampleEntry entries[SAMPLE_ENTRY_COUNT];
} SampleStream;

typedef struct Sample {
    SampleStream streams[SAMPLE_STREAM_COUNT]; /* headquarters, box */
} Sample;

enum { SAMPLE_HQ, SAMPLE_BOX };

void sample_init(Sample *sample);
void sample_done(Sample *sample);

Bytes sample_chained(const SampleStream *stream, size_t index);
Bytes sample_body(const SampleStream *stream, size_t index); /* `at` == NULL: none */

/* Entries first .. last, counted from 1, as a segment at the end of `out`. */
void sample_segment(const SampleStream *stream, uint64_t first, uint64_t last, Buf *out);

/* The bundle of tests/golden/journal/bundle.tpb: headquarters 1-10, 11-21, 22-32 and box 1-16,
 * 17-32, signed by headquarters. */
void sample_bundle(const Sample *sample, Buf *out);

/* An entry in words, one field a line; `title` may be NULL. */
void sample_describe(const Entry *entry, const StreamName *stream, const char *title, Buf *out);
