#pragma once
/*
 * outgoing — the signed segments of a store, as they travel: byte for byte what their nodes signed.
 *
 *   Owns     nothing. Segments are put together in the buffer given.
 *   Threads  those of the store.
 *   Bounds   SEGMENT_BYTES_MAX for one segment
 *   Errors   ERR_CORRUPT  the store does not hold what was signed: run 'tongpin verify'
 *            ERR_LIMIT    the segment is too large to travel
 */
#include "journal/segment.h"
#include "store/journal_rows.h"
#include "sync/lean.h"

/* Appends the segment with its entries, and the bodies that are here. */
MUST_USE ErrCode outgoing_segment(Store *store, const StreamRow *stream, const SegmentRow *row,
                                  Buf *out, Err *err);

/* Appends entries without their segment, lean: see sync/lean.h. */
MUST_USE ErrCode outgoing_entries(Store *store, int64_t stream, uint64_t first, uint64_t last,
                                  Lean *lean, Buf *out, Err *err);

/* Shows it the entries right before `first`, which both sides have. */
MUST_USE ErrCode outgoing_show(Store *store, int64_t stream, uint64_t first, Lean *lean, Err *err);

/* Walks the segments of a stream that have entries behind `held`:
 *
 *     OutgoingWalk walk = {store, stream, held};
 *     while (… outgoing_next(&walk, &row, &found, err) … && found) …
 */
typedef struct OutgoingWalk {
    Store *store;
    const StreamRow *stream;
    uint64_t held; /* the other side has the entries up to this one; moves on */
} OutgoingWalk;

MUST_USE ErrCode outgoing_next(OutgoingWalk *walk, SegmentRow *out_row, bool *out_found, Err *err);
