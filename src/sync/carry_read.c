#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "engine/known.h"
#include "journal/bundle.h"
#include "store/journal_rows.h"
#include "sync/allowed.h"
#include "sync/carry.h"
#include "sync/held.h"
#include "sync/sealing.h"

#define GROUP_SEGMENTS 16 /* taken in with one commit */

typedef struct Part {
    Bytes segment;
    StreamName stream; /* it says it is of */
    bool is_done;
} Part;

typedef struct Voucher {
    PublicKey key;
    uint64_t node_short;
} Voucher;

/* What was found in the file. */
typedef struct Reading {
    Engine *engine;
    Store *store;
    const Node *node;
    Arena *arena;
    Bytes file;
    Part *parts;
    size_t part_count;
    Voucher *vouchers;
    size_t voucher_count;
    bool has_ticket;
    Ticket ticket;
    Bytes sealing; /* the writer's key; empty without one */
    bool has_manifest;
    size_t manifest_at;
    Manifest manifest;
    Peers peers;
    Hearing hearing;
    Carried *out;
} Reading;

static ErrCode note_segment(Reading *reading, Bytes payload, Err *err)
{
    SegmentReader segment;
    Err why;
    if (segment_open(&segment, payload, &why) != OK && !segment.fault.has_stream) return OK;
    reading->parts =
        list_grow(reading->arena, reading->parts, sizeof reading->parts[0], reading->part_count);
    if (reading->parts == NULL) return list_full(reading->part_count, err);
    reading->parts[reading->part_count++] =
        (Part){.segment = payload, .stream = segment.header.stream};
    return OK;
}

static ErrCode note_node(Reading *reading, Bytes payload, Err *err)
{
    PublicKey key;
    Text name;
    Err why;
    if (bundle_read_node(payload, &key, &name, &why) != OK) return OK; /* nobody is named by it */
    reading->vouchers = list_grow(reading->arena, reading->vouchers, sizeof reading->vouchers[0],
                                  reading->voucher_count);
    if (reading->vouchers == NULL) return list_full(reading->voucher_count, err);
    reading->vouchers[reading->voucher_count++] = (Voucher){key, node_short_of(&key)};
    return OK;
}

static ErrCode note_frame(Reading *reading, const Frame *frame, Err *err)
{
    Err why;
    FaultKind kind = FAULT_NONE;
    switch (frame->type) {
    case FRAME_NODE: return note_node(reading, frame->payload, err);
    case FRAME_SEGMENT: return note_segment(reading, frame->payload, err);
    case FRAME_TICKET:
        reading->has_ticket = ticket_read(frame->payload, &reading->ticket, &why) == OK;
        return OK;
    case FRAME_SEALING: reading->sealing = frame->payload; return OK;
    case FRAME_MANIFEST:
        reading->has_manifest =
            manifest_read(frame->payload, &reading->manifest, &kind, &why) == OK;
        reading->manifest_at = frame->offset;
        return OK;
    default: return OK; /* of a later version */
    }
}

static ErrCode read_frames(Reading *reading, Err *err)
{
    BundleReader bundle;
    Err why;
    Carried *out = reading->out;
    if (bundle_open(&bundle, reading->file, &why) != OK)
        return err_set(err, ERR_INVALID, "%s: this file cannot be read",
                       fault_words(bundle.fault.kind));
    for (;;) {
        Frame frame;
        bool found = false;
        const bool is_good = bundle_next(&bundle, &frame, &found, &why) == OK;
        out->good_bytes = bundle.at;
        if (!is_good) out->damage = bundle.fault;
        if (!is_good || !found) return OK;
        TRY(note_frame(reading, &frame, err));
        if (frame.type == FRAME_MANIFEST) return OK; /* nothing counts behind it */
    }
}

static void damaged(Reading *reading, FaultKind kind)
{
    if (reading->out->damage.kind != FAULT_NONE) return;
    reading->out->damage = (Fault){.kind = kind, .offset = reading->out->good_bytes};
}

/* Does the manifest vouch for every byte before it? */
static bool is_vouched(Reading *reading)
{
    if (!reading->has_manifest) {
        damaged(reading, FAULT_TRUNCATED);
        return false;
    }
    const Digest content = hash_of((Bytes){reading->file.at, reading->manifest_at});
    if (!manifest_is_signed(&reading->manifest))
        damaged(reading, FAULT_BAD_SIGNATURE);
    else if (!digest_equal(&content, &reading->manifest.content))
        damaged(reading, FAULT_MANIFEST_MISMATCH);
    else if (reading->out->good_bytes < reading->file.size)
        damaged(reading, FAULT_SURPLUS_BYTES);
    else
        return true;
    return false;
}

static ErrCode check_writer(Reading *reading, Err *err)
{
    char key[PEER_KEY_TEXT_MAX];
    char node[NODE_TEXT_MAX];
    const PublicKey *writer = &reading->manifest.writer;
    const Peer *peer = peer_by_node(&reading->peers, node_short_of(writer));
    if (peer != NULL && public_key_equal(&peer->key, writer)) {
        reading->out->from = peer;
        return OK;
    }
    return err_set(
        err, ERR_DENIED,
        "this bundle is by node %s, which is no peer of this node; if its key is %s, add "
        "it with 'tongpin peers DIR add'",
        node_write(node_short_of(writer), node), peer_key_write(writer, key));
}

static ErrCode check_addressee(const Reading *reading, Err *err)
{
    char node[NODE_TEXT_MAX];
    const uint64_t to = reading->has_ticket ? reading->ticket.addressee : 0;
    if (to == 0 || to == reading->node->node_short) return OK;
    const Peer *peer = peer_by_node(&reading->peers, to);
    return err_set(err, ERR_CONFLICT, "this bundle is for node %s%s%.*s%s: carry it there",
                   node_write(to, node), peer == NULL ? "" : " (",
                   peer == NULL ? 0 : (int)peer->name.size, peer == NULL ? "" : peer->name.at,
                   peer == NULL ? "" : ")");
}

/* The key of a node: known here, or vouched for by the writer of a whole bundle. */
static ErrCode find_key(Reading *reading, uint64_t node_short, bool *out_found, PublicKey *out_key,
                        Err *err)
{
    *out_found = node_short == reading->node->node_short;
    *out_key = signing_key_public(&reading->node->signing_key);
    if (*out_found) return OK;
    TRY(known_key_find(reading->store, node_short, out_found, out_key, err));
    if (*out_found || !reading->out->is_whole) return OK;
    for (size_t i = 0; i < reading->voucher_count && !*out_found; i++) {
        if (reading->vouchers[i].node_short != node_short) continue;
        *out_key = reading->vouchers[i].key;
        *out_found = true;
    }
    return OK;
}

static void note_missing(Carried *out, const Reception *reception)
{
    for (size_t i = 0; i < out->missing_count; i++)
        if (stream_equal(&out->missing[i].stream, &reception->stream)) return;
    if (out->missing_count == CARRY_MISSING_MAX) return;
    out->missing[out->missing_count++] =
        (Missing){reception->stream, reception->missing_first, reception->missing_last};
}

static void note_reception(Carried *out, Part *part, const Reception *reception)
{
    part->is_done = reception->status != RECEPTION_EARLY;
    switch (reception->status) {
    case RECEPTION_NEW:
        out->new_segments++;
        out->new_entries += (int64_t)(reception->last - reception->first + 1);
        if (reception->is_from_future) out->future_segments++;
        return;
    case RECEPTION_KNOWN: out->known_segments++; return;
    case RECEPTION_EARLY: note_missing(out, reception); return;
    case RECEPTION_BAD:
        if (out->bad_segments++ == 0) out->bad = *reception;
        return;
    }
}

/* Somebody holds entries that this node wrote in its present life, or in a later one, and that are
 * not here; or others than are here. */
static void note_own(Reading *reading, const StreamName *stream)
{
    Carried *out = reading->out;
    if (stream->node_short != reading->node->node_short || stream->epoch < reading->node->epoch)
        return;
    out->is_rolled_back = true;
    if (stream->epoch > out->own_epoch) out->own_epoch = stream->epoch;
}

static ErrCode take_part(Reading *reading, Part *part, Carried *out, Err *err) ONLY_ON(writer_role)
{
    PublicKey key;
    Reception reception;
    bool found = false;
    Warrant warrant;
    TRY(find_key(reading, part->stream.node_short, &found, &key, err));
    if (found) TRY(allowed_to_say(&reading->hearing, &part->stream, &found, &warrant, err));
    if (!found) {
        part->is_done = true;
        out->unknown_segments++;
        return OK;
    }
    TRY(engine_receive(reading->engine, part->segment, &key, &warrant, &reception, err));
    note_reception(out, part, &reception);
    if (reception.status == RECEPTION_BAD &&
        (reception.fault.kind == FAULT_ROLLED_BACK || reception.fault.kind == FAULT_FORKED))
        note_own(reading, &reception.stream);
    return OK;
}

/* Up to GROUP_SEGMENTS parts from *at on, with one commit; moves *at. */
static ErrCode take_group(Reading *reading, size_t *at, Err *err) ONLY_ON(writer_role)
{
    unsigned taken = 0;
    TRY(engine_begin(reading->engine, err));
    for (; *at < reading->part_count && taken < GROUP_SEGMENTS; (*at)++) {
        Part *part = &reading->parts[*at];
        if (part->is_done) continue;
        taken++;
        TRY(take_part(reading, part, reading->out, err));
    }
    return engine_commit(reading->engine, err);
}

/* Once through all that is left; what came too early may follow now. */
static ErrCode take_round(Reading *reading, Err *err) ONLY_ON(writer_role)
{
    reading->out->missing_count = 0;
    for (size_t at = 0; at < reading->part_count;) {
        const ErrCode code = take_group(reading, &at, err);
        if (code == OK) continue;
        engine_roll_back(reading->engine);
        return code;
    }
    return OK;
}

static ErrCode take_all(Reading *reading, Err *err) ONLY_ON(writer_role)
{
    int64_t before = -1;
    while (reading->out->new_segments != before) {
        before = reading->out->new_segments;
        TRY(take_round(reading, err));
        if (reading->out->missing_count == 0) return OK;
    }
    return OK;
}

/* Does the writer hold more of what this node wrote than it does itself? */
static ErrCode check_own_end(Reading *reading, const TicketItem *item, int64_t stream, Err *err)
{
    EntryRow last = {0};
    bool found = false;
    if (stream != 0) TRY(entry_row_last(reading->store, stream, &found, &last, err));
    if (item->seq > (found ? last.seq : 0)) note_own(reading, &item->stream);
    return OK;
}

/* What the writer says it holds of what we wrote must be what we wrote. */
static ErrCode check_receipt(Reading *reading, const TicketItem *item, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    SegmentRow *rows = NULL;
    size_t count = 0;
    int64_t stream = 0;
    arena_init(&arena, (size_t)1 << 20);
    if (item->stream.node_short == reading->node->node_short)
        reading->out->arrived_entries += (int64_t)item->seq;
    TRY(stream_row_find(reading->store, &item->stream, &stream, err));
    TRY(check_own_end(reading, item, stream, err));
    if (stream == 0) return OK;
    const uint64_t from =
        item->seq >= SEGMENT_ENTRIES_MAX ? item->seq - SEGMENT_ENTRIES_MAX + 1 : 1;
    for (uint64_t at = from; at <= item->seq;) {
        TRY(segment_rows(reading->store, stream, at, 1, &arena, &rows, &count, err));
        if (count == 0) return OK;
        at = rows[0].last_seq + 1;
        if (rows[0].last_seq != item->seq || digest_equal(&rows[0].head, &item->head)) continue;
        Carried *out = reading->out;
        note_own(reading, &item->stream);
        if (out->bad_segments++ > 0) return OK;
        out->bad = (Reception){.status = RECEPTION_BAD,
                               .stream = item->stream,
                               .first = item->seq,
                               .last = item->seq,
                               .fault = {.kind = FAULT_FORKED}};
        (void)snprintf(out->bad.words, sizeof out->bad.words, "%s",
                       "the writer holds another history of a stream");
        return OK;
    }
    return OK;
}

/* How far the writer of the ticket holds the stream. */
static uint64_t ticket_seq(const Ticket *ticket, const StreamName *stream, bool *out_is_listed)
{
    Cursor rest = cursor_over(ticket->items);
    TicketItem item;
    *out_is_listed = true;
    while (ticket_next(&rest, &item))
        if (stream_equal(&item.stream, stream)) return item.seq;
    *out_is_listed = false;
    return 0;
}

/* What this node had written and not signed when it was restored is signed as soon as it is sure
 * that the other side holds no more of it. Who holds nothing is only asked when there is nobody
 * else. */
static ErrCode sign_earlier(Reading *reading, Err *err) ONLY_ON(writer_role)
{
    StreamRow *streams = NULL;
    size_t count = 0;
    TRY(stream_rows(reading->store, reading->arena, &streams, &count, err));
    for (size_t i = 0; i < count; i++) {
        const StreamName *name = &streams[i].name;
        SegmentRow last = {.last_seq = 0};
        bool found = false;
        bool is_listed = false;
        if (name->node_short != reading->node->node_short || name->epoch >= reading->node->epoch)
            continue;
        const uint64_t theirs = ticket_seq(&reading->ticket, name, &is_listed);
        TRY(segment_row_last(reading->store, streams[i].key, &found, &last, err));
        if (!is_listed && reading->peers.count > 1) continue;
        if (theirs > (found ? last.last_seq : 0)) continue; /* its next bundle brings it */
        TRY(engine_sign_earlier(reading->engine, name, err));
    }
    return OK;
}

/* A key of another size is of a later version. */
static ErrCode keep_sealing(const Reading *reading, Err *err)
{
    ReaderKey key;
    if (reading->sealing.size != sizeof key.at) return OK;
    memcpy(key.at, reading->sealing.at, sizeof key.at);
    if (!reader_key_is_good(&key)) return OK;
    return sealing_keep(reading->store, reading->out->from->node_short, reading->manifest.stamp,
                        &key, err);
}

static ErrCode take_sealing(Reading *reading, Err *err) ONLY_ON(writer_role)
{
    if (!reading->out->is_whole) return OK;
    TRY(engine_begin(reading->engine, err));
    ErrCode code = keep_sealing(reading, err);
    if (code == OK) code = engine_commit(reading->engine, err);
    if (code != OK) engine_roll_back(reading->engine);
    return code;
}

static ErrCode take_ticket(Reading *reading, Err *err) ONLY_ON(writer_role)
{
    if (!reading->out->is_whole || !reading->has_ticket) return OK;
    reading->out->arrived_entries = 0;
    Cursor rest = cursor_over(reading->ticket.items);
    TicketItem item;
    while (ticket_next(&rest, &item))
        TRY(check_receipt(reading, &item, err));
    TRY(engine_begin(reading->engine, err));
    ErrCode code = sign_earlier(reading, err);
    if (code == OK)
        code = held_keep(reading->store, reading->out->from->node_short, reading->manifest.stamp,
                         &reading->ticket, err);
    if (code == OK) code = engine_commit(reading->engine, err);
    if (code != OK) engine_roll_back(reading->engine);
    return code;
}

ErrCode carry_read(Engine *engine, Bytes file, Arena *arena, Carried *out_carried, Err *err)
{
    *out_carried = (Carried){.arrived_entries = -1};
    Reading reading = {.engine = engine,
                       .store = engine_store(engine),
                       .node = engine_node(engine),
                       .arena = arena,
                       .file = file,
                       .out = out_carried};
    TRY(peers_load(reading.store, arena, &reading.peers, err));
    TRY(read_frames(&reading, err));
    TRY(check_addressee(&reading, err));
    if (is_vouched(&reading)) {
        TRY(check_writer(&reading, err));
        out_carried->is_whole = true;
    }
    TRY(hearing_begin(&reading.hearing, reading.store, reading.node, &reading.peers,
                      out_carried->from, err));
    TRY(take_all(&reading, err));
    TRY(take_sealing(&reading, err));
    return take_ticket(&reading, err);
}
