#include <inttypes.h>

#include "engine/known.h"
#include "journal/bundle.h"
#include "sync/allowed.h"
#include "sync/carry.h"
#include "sync/held.h"
#include "sync/outgoing.h"
#include "sync/sealing.h"

#define STREAMS_BYTES_MAX ((size_t)256 << 20)

typedef struct Writing {
    Engine *engine;
    Store *store;
    const Node *node;
    Peer to;
    Arena *arena;
    StreamRow *streams;
    size_t stream_count;
    Held held;
    BundleWriter bundle;
    Buf *out;
    Written written;
} Writing;

static ErrCode put_ticket(Writing *writing, Err *err)
{
    AUTO(buf_done) Buf items = {0};
    AUTO(buf_done) Buf ticket = {0};
    uint32_t count = 0;
    buf_init(&items, (size_t)TICKET_ITEM_SIZE * TICKET_ITEMS_MAX);
    buf_init(&ticket, (size_t)TICKET_ITEM_SIZE * TICKET_ITEMS_MAX + 64);
    for (size_t i = 0; i < writing->stream_count; i++) {
        const StreamRow *stream = &writing->streams[i];
        SegmentRow last;
        bool found = false;
        bool may = false;
        TRY(allowed_to_go(writing->store, writing->node, &writing->to, &stream->name, &may, err));
        /* Their own streams they know by name in any case. */
        if (!may && stream->name.node_short != writing->to.node_short) continue;
        TRY(segment_row_last(writing->store, stream->key, &found, &last, err));
        if (!found) continue;
        const TicketItem item = {stream->name, last.last_seq, last.head};
        ticket_put_item(&items, &item);
        count++;
    }
    TRY(buf_check(&items, err));
    ticket_put(&ticket, writing->to.node_short, count, buf_as_bytes(&items));
    TRY(buf_check(&ticket, err));
    return bundle_add_ticket(&writing->bundle, buf_as_bytes(&ticket), err);
}

/* So that the answer can be sealed. */
static ErrCode put_sealing(Writing *writing, Err *err)
{
    ReaderSecret secret;
    ReaderKey key;
    if (!sealing_own(writing->node, &secret, &key)) return OK;
    reader_secret_done(&secret);
    return bundle_add_sealing(&writing->bundle, &key, err);
}

/* The key goes before the first segment of its node, once. */
static ErrCode put_node(Writing *writing, uint64_t node_short, Map *told, bool *out_is_known,
                        Err *err)
{
    int64_t is_known = 0;
    PublicKey key = signing_key_public(&writing->node->signing_key);
    *out_is_known = node_short == writing->node->node_short;
    if (map_find(told, (int64_t)node_short, &is_known)) {
        *out_is_known = is_known != 0;
        return OK;
    }
    if (!*out_is_known) TRY(known_key_find(writing->store, node_short, out_is_known, &key, err));
    TRY(map_put(told, (int64_t)node_short, *out_is_known ? 1 : 0, err));
    if (!*out_is_known) return OK;
    const bool is_own = node_short == writing->node->node_short;
    return bundle_add_node(&writing->bundle, &key, is_own ? writing->node->name : TEXT(""), err);
}

static ErrCode put_stream(Writing *writing, const StreamRow *stream, Map *told, Err *err)
{
    AUTO(buf_done) Buf segment = {0};
    OutgoingWalk walk = {writing->store, stream, held_of(&writing->held, &stream->name)};
    buf_init(&segment, SEGMENT_BYTES_MAX);
    for (;;) {
        SegmentRow row;
        bool found = false;
        bool is_known = false;
        TRY(outgoing_next(&walk, &row, &found, err));
        if (!found) return OK;
        TRY(put_node(writing, stream->name.node_short, told, &is_known, err));
        if (!is_known) {
            writing->written.withheld_count++;
            return OK;
        }
        buf_clear(&segment);
        TRY(outgoing_segment(writing->store, stream, &row, &segment, err));
        /* What is left out still follows what is in. The manifest needs room, too. */
        if (writing->out->size + 2 * segment.size + SEGMENT_BYTES_MAX > CARRY_BYTES_MAX) {
            writing->written.is_cut = true;
            return OK;
        }
        TRY(bundle_add_segment(&writing->bundle, buf_as_bytes(&segment), err));
        writing->written.segment_count++;
        writing->written.entry_count += (int64_t)(row.last_seq - row.first_seq + 1);
    }
}

/* What they wrote themselves they have, unless their ticket is younger than the entries and names
 * fewer of them: both stamps are of their own clock. Then they were restored. */
static ErrCode has_lost_it(const Writing *writing, const StreamRow *stream, bool *out_has, Err *err)
{
    EntryRow last = {0};
    bool found = false;
    TRY(entry_row_last(writing->store, stream->key, &found, &last, err));
    *out_has = writing->held.is_known && found && writing->held.stamp > last.stamp &&
               held_of(&writing->held, &stream->name) < last.seq;
    return OK;
}

static ErrCode put_streams(Writing *writing, Err *err)
{
    Map told;
    map_init(&told, writing->arena);
    for (size_t i = 0; i < writing->stream_count; i++) {
        const StreamRow *stream = &writing->streams[i];
        bool may = false;
        TRY(allowed_to_go(writing->store, writing->node, &writing->to, &stream->name, &may, err));
        if (may && stream->name.node_short == writing->to.node_short)
            TRY(has_lost_it(writing, stream, &may, err));
        if (!may) continue;
        TRY(put_stream(writing, stream, &told, err));
    }
    return OK;
}

static ErrCode put_all(Writing *writing, Err *err)
{
    TRY(stream_rows(writing->store, writing->arena, &writing->streams, &writing->stream_count,
                    err));
    TRY(held_load(writing->store, writing->to.node_short, writing->arena, &writing->held, err));
    TRY(put_ticket(writing, err));
    TRY(put_sealing(writing, err));
    TRY(put_streams(writing, err));
    return bundle_end(&writing->bundle, &writing->node->signing_key, engine_stamp(writing->engine),
                      err);
}

ErrCode carry_write(Engine *engine, const Peer *to, Buf *out, Written *out_written, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, STREAMS_BYTES_MAX);
    Writing writing = {.engine = engine,
                       .store = engine_store(engine),
                       .node = engine_node(engine),
                       .to = *to,
                       .arena = &arena,
                       .out = out};
    TRY(peer_resolve(writing.store, writing.node, &writing.to, err));
    if (writing.to.is_revoked)
        return err_set(err, ERR_DENIED, "\"%.*s\" was revoked: nothing goes there",
                       TEXT_ARG(to->name));
    /* Nothing leaves before it is signed, and on the disk. */
    TRY(engine_sign_all(engine, err));
    bundle_begin(&writing.bundle, out);
    const ErrCode code = put_all(&writing, err);
    bundle_writer_done(&writing.bundle);
    if (code == OK) *out_written = writing.written;
    return code;
}
