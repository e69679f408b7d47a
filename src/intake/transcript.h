#pragma once
/*
 * transcript — writes what a table file says as the compact bytes that leave the jail.
 *
 *   "TPW1" flags
 *   'S' flags name                    a sheet; flags 1: hidden
 *   'R' number flags size cells       a row of the last sheet, `size` bytes of cells
 *   'E' sheet count, row count        the end, so that a cut is noticed
 *
 * A cell is its column, a head (kind, and the TRANSCRIPT_CELL_* bits), and what its kind needs.
 * Numbers are varints, texts a size and bytes, doubles eight bytes, least first.
 *
 *   Owns     its Buf, until transcript_done(). Without a sink the whole result stays there.
 *   Bounds   those of intake/sheet.h; the caller keeps them.
 */
#include "base/buf.h"
#include "intake/sheet.h"

#define TRANSCRIPT_MAGIC       "TPW1"
#define TRANSCRIPT_FROM_1904   1U
#define TRANSCRIPT_IS_HIDDEN   1U
#define TRANSCRIPT_CELL_KIND   7U
#define TRANSCRIPT_CELL_RANGED 8U  /* the number of its merged range follows */
#define TRANSCRIPT_CELL_LENT   16U /* nothing else follows: the range's first cell has the value */
#define TRANSCRIPT_CELL_CUT    32U

/* Takes over bytes that are finished. */
typedef void TranscriptSink(void *context, Bytes bytes);

typedef struct Transcript {
    Buf buf;
    Buf body; /* the cells of the row at hand */
    TranscriptSink *sink;
    void *context;
    size_t sheet_count;
    size_t row_count;
} Transcript;

void transcript_init(Transcript *transcript, size_t limit_bytes, TranscriptSink *sink,
                     void *context);
void transcript_done(Transcript *transcript);

void transcript_begin(Transcript *transcript, bool counts_from_1904);
void transcript_sheet(Transcript *transcript, Text name, bool is_hidden);

/* Cells ascend by column. A row without cells leaves no trace. */
void transcript_row(Transcript *transcript, unsigned number, bool is_hidden, const Cell *cells,
                    size_t cell_count);

MUST_USE ErrCode transcript_end(Transcript *transcript, Err *err);
