#include "store/journal_rows.h"

#include <assert.h>
#include <string.h>

#include "store/inside.h"
#include "store/query.h"

#define STREAMS_MAX ((size_t)1 << 20)

/* ------------------------------------------------------------------------------------ streams */

ErrCode stream_row_find(Store *store, const StreamName *name, int64_t *out_key, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, STREAM_FIND, err));
    query_bind_int(&query, 1, (int64_t)name->node_short);
    query_bind_int(&query, 2, name->epoch);
    query_bind_id(&query, 3, &name->scope);
    bool found = false;
    TRY(query_next(&query, &found, err));
    *out_key = found ? query_int(&query, 0) : 0;
    return OK;
}

static ErrCode next_stream_key(Store *store, int64_t *out_key, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, STREAM_LAST_KEY, err));
    bool found = false;
    TRY(query_next(&query, &found, err));
    assert(found);
    *out_key = query_int(&query, 0) + 1;
    return OK;
}

ErrCode stream_row_intern(Store *store, const StreamName *name, int64_t *out_key, Err *err)
{
    int64_t key = 0;
    TRY(stream_row_find(store, name, &key, err));
    if (key == 0) {
        TRY(next_stream_key(store, &key, err));
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, store, STREAM_ADD, err));
        query_bind_int(&query, 1, key);
        query_bind_int(&query, 2, (int64_t)name->node_short);
        query_bind_int(&query, 3, name->epoch);
        query_bind_id(&query, 4, &name->scope);
        TRY(query_run(&query, err));
    }
    *out_key = key;
    return OK;
}

/* A name from three columns that follow one another. */
static ErrCode load_name(const Query *query, int column, StreamName *out_name, Err *err)
{
    StreamName name = {.node_short = (uint64_t)query_int(query, column),
                       .epoch = (unsigned)query_int(query, column + 1)};
    if (name.node_short > NODE_SHORT_MAX || name.epoch > EPOCH_MAX)
        return err_set(err, ERR_CORRUPT, "a stream in the database has no proper name");
    TRY(query_id(query, column + 2, &name.scope, err));
    *out_name = name;
    return OK;
}

typedef struct StreamList {
    StreamRow *rows;
    size_t count;
    size_t room;
} StreamList;

static ErrCode make_room(StreamList *list, Arena *arena, Err *err)
{
    if (list->count < list->room) return OK;
    if (list->count >= STREAMS_MAX)
        return err_set(err, ERR_LIMIT, "more than %zu streams", list->count);
    const size_t room = list->room == 0 ? 16 : list->room * 2;
    StreamRow *rows = arena_array(arena, StreamRow, room);
    if (rows == NULL) return err_set(err, ERR_LIMIT, "%zu streams are too many here", room);
    if (list->count > 0) memcpy(rows, list->rows, list->count * sizeof *rows);
    list->rows = rows; /* the old ones go with the arena */
    list->room = room;
    return OK;
}

ErrCode stream_rows(Store *store, Arena *arena, StreamRow **out_rows, size_t *out_count, Err *err)
{
    StreamList list = {0};
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, STREAMS, err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        TRY(make_room(&list, arena, err));
        assert(list.rows != NULL);
        StreamRow *row = &list.rows[list.count];
        row->key = query_int(&query, 0);
        TRY(load_name(&query, 1, &row->name, err));
        list.count++;
    }
    *out_rows = list.rows;
    *out_count = list.count;
    return OK;
}

/* ------------------------------------------------------------------------------------ entries */

ErrCode entry_last_arrival(Store *store, int64_t *out_arrival, Err *err)
{
    /* The writer remembers what it counted up to; a reader has to look each time. */
    if (!store->is_writer || store->last_arrival < 0) {
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, store, ENTRY_LAST_ARRIVAL, err));
        bool found = false;
        TRY(query_next(&query, &found, err));
        assert(found);
        store->last_arrival = query_int(&query, 0);
    }
    *out_arrival = store->last_arrival;
    return OK;
}

ErrCode entry_row_add(Store *store, const EntryRow *entry, int64_t *out_arrival, Err *err)
{
    assert(entry->seq > 0);
    assert(entry->stamp >> STAMP_BITS == 0);
    assert(entry->chained.size > 0);
    int64_t last = 0;
    TRY(entry_last_arrival(store, &last, err));

    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ENTRY_ADD, err));
    query_bind_int(&query, 1, entry->shard);
    query_bind_int(&query, 2, last + 1);
    query_bind_int(&query, 3, entry->stream);
    query_bind_int(&query, 4, (int64_t)entry->seq);
    query_bind_int(&query, 5, (int64_t)entry->stamp);
    query_bind_int(&query, 6, entry->kind);
    query_bind_int(&query, 7, entry->subject);
    query_bind_bytes(&query, 8, entry->chained);
    if (entry->has_body) query_bind_bytes(&query, 9, entry->body);
    TRY(query_run(&query, err));
    store->last_arrival = last + 1;
    *out_arrival = last + 1;
    return OK;
}

ErrCode entry_row_erase(Store *store, int64_t shard, int64_t arrival, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ENTRY_ERASE, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, arrival);
    TRY(query_run(&query, err));
    if (query_changed(&query) == 1) return OK;
    return err_set(err, ERR_NOT_FOUND, "there is no entry to erase under that number");
}

ErrCode entry_row_last(Store *store, int64_t stream, bool *out_found, EntryRow *out_entry, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, ENTRY_LAST, err));
    query_bind_int(&query, 1, stream);
    bool found = false;
    TRY(query_next(&query, &found, err));
    *out_found = found;
    if (!found) return OK;
    *out_entry = (EntryRow){.stream = stream,
                            .seq = (uint64_t)query_int(&query, 0),
                            .stamp = (uint64_t)query_int(&query, 1),
                            .arrival = query_int(&query, 2),
                            .shard = query_int(&query, 3)};
    return OK;
}

/* -------------------------------------------------------------------------------------- walks */

static void walk_init(EntryWalk *walk, Store *store, WalkOver over, int64_t key, int64_t from)
{
    assert(walk->store == NULL); /* begun twice */
    assert(store != NULL);
    *walk = (EntryWalk){.store = store, .over = over, .key = key, .from = from};
}

void entry_walk_all(EntryWalk *walk, Store *store, int64_t from_arrival)
{
    walk_init(walk, store, WALK_ALL, 0, from_arrival);
}

void entry_walk_stream(EntryWalk *walk, Store *store, int64_t stream, uint64_t from_seq)
{
    walk_init(walk, store, WALK_STREAM, stream, (int64_t)from_seq);
}

void entry_walk_thing(EntryWalk *walk, Store *store, int64_t subject)
{
    walk_init(walk, store, WALK_THING, subject, 1);
}

void entry_walk_done(EntryWalk *walk)
{
    arena_done(&walk->arena);
    *walk = (EntryWalk){0};
}

static ErrCode load_entry(const Query *query, Arena *arena, EntryRow *out_entry, Err *err)
{
    EntryRow entry = {.arrival = query_int(query, 0),
                      .shard = query_int(query, 1),
                      .stream = query_int(query, 2),
                      .seq = (uint64_t)query_int(query, 3),
                      .stamp = (uint64_t)query_int(query, 4),
                      .prev_stamp = (uint64_t)query_int(query, 5),
                      .kind = (unsigned)query_int(query, 6),
                      .subject = query_int(query, 7),
                      .has_body = !query_is_null(query, 9)};
    TRY(query_bytes(query, 8, arena, &entry.chained, err));
    TRY(query_bytes(query, 9, arena, &entry.body, err));
    TRY(load_name(query, 10, &entry.stream_name, err));
    *out_entry = entry;
    return OK;
}

static ErrCode begin_page(const EntryWalk *walk, Query *query, Err *err)
{
    if (walk->over == WALK_ALL) {
        TRY(query_begin(query, walk->store, ENTRIES_BY_ARRIVAL, err));
        query_bind_int(query, 1, walk->from);
        query_bind_int(query, 2, WALK_PAGE_ROWS);
        return OK;
    }
    const QueryId id = walk->over == WALK_STREAM ? ENTRIES_OF_STREAM : ENTRIES_OF_THING;
    TRY(query_begin(query, walk->store, id, err));
    query_bind_int(query, 1, walk->key);
    query_bind_int(query, 2, walk->from);
    query_bind_int(query, 3, WALK_PAGE_ROWS);
    return OK;
}

static ErrCode turn_page(EntryWalk *walk, Err *err)
{
    arena_done(&walk->arena);
    arena_init(&walk->arena, WALK_PAGE_BYTES_MAX);
    walk->page = arena_array(&walk->arena, EntryRow, WALK_PAGE_ROWS);
    assert(walk->page != NULL); /* far below WALK_PAGE_BYTES_MAX */
    walk->count = 0;
    walk->at = 0;

    AUTO(query_done) Query query = {0};
    TRY(begin_page(walk, &query, err));
    for (bool found = true; found;) {
        TRY(query_next(&query, &found, err));
        if (!found) break;
        assert(walk->count < WALK_PAGE_ROWS);
        TRY(load_entry(&query, &walk->arena, &walk->page[walk->count], err));
        walk->count++;
    }
    walk->is_last = walk->count < WALK_PAGE_ROWS;
    if (walk->count == 0) return OK;
    const EntryRow *last = &walk->page[walk->count - 1];
    walk->from = (walk->over == WALK_STREAM ? (int64_t)last->seq : last->arrival) + 1;
    return OK;
}

ErrCode entry_walk_next(EntryWalk *walk, const EntryRow **out_entry, Err *err)
{
    assert(walk->store != NULL);
    assert(out_entry != NULL);
    if (walk->at == walk->count && !walk->is_last) TRY(turn_page(walk, err));
    *out_entry = walk->at < walk->count ? &walk->page[walk->at++] : NULL;
    return OK;
}

/* ----------------------------------------------------------------------------- segments and ops */

ErrCode segment_row_add(Store *store, const SegmentRow *segment, Err *err)
{
    assert(segment->first_seq > 0);
    assert(segment->first_seq <= segment->last_seq);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, SEGMENT_ADD, err));
    query_bind_int(&query, 1, segment->stream);
    query_bind_int(&query, 2, (int64_t)segment->first_seq);
    query_bind_int(&query, 3, (int64_t)segment->last_seq);
    query_bind_int(&query, 4, (int64_t)segment->prev_stamp);
    query_bind_int(&query, 5, (int64_t)segment->last_stamp);
    query_bind_bytes(&query, 6, digest_bytes(&segment->prev_head));
    query_bind_bytes(&query, 7, digest_bytes(&segment->head));
    query_bind_bytes(&query, 8, (Bytes){segment->signature.at, SIGNATURE_SIZE});
    return query_run(&query, err);
}

static ErrCode load_fixed(const Query *query, int column, uint8_t *out, size_t size, Err *err)
{
    const Bytes bytes = query_view(query, column);
    if (bytes.size != size)
        return err_set(err, ERR_CORRUPT, "the database holds %zu bytes where %zu belong",
                       bytes.size, size);
    memcpy(out, bytes.at, size);
    return OK;
}

static ErrCode load_segment(const Query *query, int64_t stream, SegmentRow *out_segment, Err *err)
{
    SegmentRow segment = {.stream = stream,
                          .first_seq = (uint64_t)query_int(query, 0),
                          .last_seq = (uint64_t)query_int(query, 1),
                          .prev_stamp = (uint64_t)query_int(query, 2),
                          .last_stamp = (uint64_t)query_int(query, 3)};
    TRY(load_fixed(query, 4, segment.prev_head.at, DIGEST_SIZE, err));
    TRY(load_fixed(query, 5, segment.head.at, DIGEST_SIZE, err));
    TRY(load_fixed(query, 6, segment.signature.at, SIGNATURE_SIZE, err));
    *out_segment = segment;
    return OK;
}

ErrCode segment_rows(Store *store, int64_t stream, uint64_t from_seq, size_t most, Arena *arena,
                     SegmentRow **out_rows, size_t *out_count, Err *err)
{
    SegmentRow *rows = arena_array(arena, SegmentRow, most);
    if (rows == NULL) return err_set(err, ERR_LIMIT, "%zu segments are too many", most);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, SEGMENTS_OF_STREAM, err));
    query_bind_int(&query, 1, stream);
    query_bind_int(&query, 2, (int64_t)from_seq);
    query_bind_int(&query, 3, (int64_t)most);
    size_t count = 0;
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        assert(count < most);
        TRY(load_segment(&query, stream, &rows[count], err));
        count++;
    }
    *out_rows = rows;
    *out_count = count;
    return OK;
}

ErrCode segment_row_last(Store *store, int64_t stream, bool *out_found, SegmentRow *out_segment,
                         Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, SEGMENT_LAST, err));
    query_bind_int(&query, 1, stream);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (found) TRY(load_segment(&query, stream, out_segment, err));
    *out_found = found;
    return OK;
}

ErrCode segment_row_at(Store *store, int64_t stream, uint64_t seq, bool *out_found,
                       SegmentRow *out_segment, Err *err)
{
    AUTO(query_done) Query query = {0};
    SegmentRow row = {0};
    bool found = false;
    TRY(query_begin(&query, store, SEGMENT_AT, err));
    query_bind_int(&query, 1, stream);
    query_bind_int(&query, 2, (int64_t)seq);
    TRY(query_next(&query, &found, err));
    if (found) TRY(load_segment(&query, stream, &row, err));
    *out_found = found && row.last_seq >= seq;
    if (*out_found) *out_segment = row;
    return OK;
}

ErrCode op_row_find(Store *store, Id id, Arena *arena, bool *out_found, OpRow *out_op, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, OP_FIND, err));
    query_bind_id(&query, 1, &id);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (found) {
        OpRow op = {.id = id, .arrival = query_int(&query, 2)};
        TRY(load_fixed(&query, 0, op.digest.at, DIGEST_SIZE, err));
        TRY(query_text(&query, 1, arena, &op.answer, err));
        *out_op = op;
    }
    *out_found = found;
    return OK;
}

ErrCode op_row_add(Store *store, const OpRow *op, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, OP_ADD, err));
    query_bind_id(&query, 1, &op->id);
    query_bind_bytes(&query, 2, digest_bytes(&op->digest));
    query_bind_text(&query, 3, op->answer);
    query_bind_int(&query, 4, op->arrival);
    return query_run(&query, err);
}
