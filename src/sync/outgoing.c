#include "sync/outgoing.h"

#include <inttypes.h>

#define PAGE_ROWS    16
#define PAGE_BYTES   ((size_t)64 * 1024)
#define SEEN_ENTRIES 32 /* those before a run tell what it is about */

static ErrCode add_entries(Store *store, const StreamRow *stream, const SegmentRow *row,
                           SegmentWriter *writer, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_stream(&walk, store, stream->key, row->first_seq);
    for (uint64_t seq = row->first_seq; seq <= row->last_seq; seq++) {
        const EntryRow *entry = NULL;
        TRY(entry_walk_next(&walk, &entry, err));
        if (entry == NULL || entry->seq != seq)
            return err_set(err, ERR_CORRUPT, "entry %" PRIu64 " is not here: run 'tongpin verify'",
                           seq);
        TRY(segment_add(writer, entry->chained, entry->has_body ? entry->body : (Bytes){0}, err));
    }
    return OK;
}

ErrCode outgoing_segment(Store *store, const StreamRow *stream, const SegmentRow *row, Buf *out,
                         Err *err)
{
    SegmentWriter writer;
    const SegmentHeader header = {
        .last = row->last_seq,
        .last_stamp = row->last_stamp,
        .head = row->head,
        .signature = row->signature,
    };
    segment_begin(&writer, out, &stream->name, row->first_seq, row->prev_stamp, &row->prev_head);
    TRY(add_entries(store, stream, row, &writer, err));
    return segment_end_signed(&writer, &header, err);
}

ErrCode outgoing_show(Store *store, int64_t stream, uint64_t first, Lean *lean, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    const uint64_t from = first > SEEN_ENTRIES ? first - SEEN_ENTRIES : 1;
    entry_walk_stream(&walk, store, stream, from);
    for (uint64_t seq = from; seq < first; seq++) {
        const EntryRow *entry = NULL;
        TRY(entry_walk_next(&walk, &entry, err));
        if (entry == NULL || entry->seq != seq) return OK; /* nothing fits then, and that shows */
        if (seq == from) lean->stamp = entry->prev_stamp;
        lean_see(lean, entry->chained);
    }
    return OK;
}

ErrCode outgoing_entries(Store *store, int64_t stream, uint64_t first, uint64_t last, Lean *lean,
                         Buf *out, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_stream(&walk, store, stream, first);
    for (uint64_t seq = first; seq <= last; seq++) {
        const EntryRow *entry = NULL;
        TRY(entry_walk_next(&walk, &entry, err));
        if (entry == NULL || entry->seq != seq)
            return err_set(err, ERR_CORRUPT, "entry %" PRIu64 " is not here: run 'tongpin verify'",
                           seq);
        if (seq == first) lean->stamp = entry->prev_stamp;
        lean_put(lean, out, entry->chained, entry->has_body ? entry->body : (Bytes){0});
    }
    return buf_check(out, err);
}

ErrCode outgoing_next(OutgoingWalk *walk, SegmentRow *out_row, bool *out_found, Err *err)
{
    /* The segment that holds entry held + 1 began at most so many entries before it. */
    uint64_t from = walk->held >= SEGMENT_ENTRIES_MAX ? walk->held - SEGMENT_ENTRIES_MAX + 2 : 1;
    *out_found = false;
    for (;;) {
        AUTO(arena_done) Arena arena = {0};
        SegmentRow *rows = NULL;
        size_t count = 0;
        arena_init(&arena, PAGE_BYTES);
        TRY(segment_rows(walk->store, walk->stream->key, from, PAGE_ROWS, &arena, &rows, &count,
                         err));
        for (size_t i = 0; i < count && !*out_found; i++)
            if (rows[i].last_seq > walk->held) {
                *out_row = rows[i];
                *out_found = true;
                walk->held = rows[i].last_seq;
            }
        if (*out_found || count < PAGE_ROWS) return OK;
        from = rows[count - 1].last_seq + 1;
    }
}
