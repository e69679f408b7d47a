/* What the other side says: what it holds, and entries, which are taken in as they come. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "engine/known.h"
#include "store/journal_rows.h"
#include "sync/allowed.h"
#include "sync/outgoing.h"
#include "sync/receipts.h"
#include "sync/session_inside.h"

static ErrCode note_bad(Talk *talk, const Reception *reception)
{
    if (talk->result.bad_count++ == 0) talk->result.bad = *reception;
    return OK;
}

/* The other side says something that makes no sense: what it said of a stream is passed over. */
static ErrCode note_nonsense(Talk *talk, const char *why)
{
    Reception reception = {.status = RECEPTION_BAD, .fault = {.kind = FAULT_BAD_FRAME}};
    (void)snprintf(reception.words, sizeof reception.words, "%s: %s", fault_words(FAULT_BAD_FRAME),
                   why);
    return note_bad(talk, &reception);
}

/* ---- what it holds ---- */

static ErrCode read_hello(Talk *talk, Cursor *payload)
{
    const Hello hello = {.flags = cursor_byte(payload),
                         .mine = cursor_number(payload, 8),
                         .yours = cursor_number(payload, 8)};
    if (payload->why != NULL || talk->has_hello)
        return note_nonsense(talk, "a greeting that is none");
    talk->hello = hello;
    talk->has_hello = true;
    return OK;
}

static ErrCode add_number(Talk *talk, int64_t key, Err *err)
{
    talk->numbers =
        list_grow(&talk->arena, talk->numbers, sizeof talk->numbers[0], talk->number_count);
    if (talk->numbers == NULL) return list_full(talk->number_count, err);
    talk->numbers[talk->number_count++] = key;
    return OK;
}

/* The one stream of a list whose name's digest begins so. */
static int64_t find_short(const Holdings *holdings, Bytes start, int64_t found)
{
    for (size_t i = 0; i < holdings->count && found >= 0; i++) {
        const Holding *holding = &holdings->items[i];
        const Digest digest = stream_digest(&holding->stream);
        if (memcmp(digest.at, start.at, start.size) != 0 || found == holding->key) continue;
        found = found == 0 ? holding->key : -1;
    }
    return found;
}

static ErrCode read_stream(Talk *talk, Cursor *payload, Err *err)
{
    int64_t key = 0;
    if (payload->left >= STREAM_SHORT_MIN && payload->left <= STREAM_SHORT_SIZE) {
        const Bytes start = cursor_bytes(payload, payload->left);
        if (talk->theirs_before.count + talk->here.count > 2 * SHORT_STREAMS_MAX)
            return add_number(talk, 0, err);
        key = find_short(&talk->theirs_before, start, 0);
        key = find_short(&talk->here, start, key);
        return add_number(talk, key > 0 ? key : 0, err);
    }
    const StreamName name = stream_get(payload);
    if (!cursor_is_at_end(payload)) {
        TRY(note_nonsense(talk, "a stream without a proper name"));
        return add_number(talk, 0, err);
    }
    TRY(stream_row_intern(talk->store, &name, &key, err));
    const Holding *known = holdings_find(&talk->theirs, key);
    if (known == NULL) {
        const Holding nothing = {.key = key, .stream = name};
        TRY(holdings_put(&talk->theirs, &nothing, err));
    }
    return add_number(talk, key, err);
}

/* What the peer holds of a stream it named; NULL when that stream is not known here. */
static Holding *find_said(Talk *talk, Cursor *payload, Err *err, ErrCode *out_code)
{
    const uint64_t number = cursor_varint(payload);
    *out_code = OK;
    if (payload->why != NULL || number >= talk->number_count) return NULL;
    const int64_t key = talk->numbers[number];
    if (key == 0) return NULL;
    Holding *said = holdings_find(&talk->theirs, key);
    if (said != NULL) return said;
    const Holding *known = holdings_find(&talk->theirs_before, key);
    if (known == NULL) known = holdings_find(&talk->here, key);
    if (known == NULL) return NULL;
    const Holding nothing = {.key = key, .stream = known->stream};
    *out_code = holdings_put(&talk->theirs, &nothing, err);
    return *out_code == OK ? holdings_find(&talk->theirs, key) : NULL;
}

static ErrCode read_held(Talk *talk, Cursor *payload, Err *err)
{
    while (payload->left > 0) {
        ErrCode code = OK;
        Holding *said = find_said(talk, payload, err, &code);
        TRY(code);
        const uint64_t seq = cursor_varint(payload);
        const uint64_t unsigned_count = cursor_varint(payload);
        const bool has_head = seq > unsigned_count;
        const uint64_t head = has_head ? cursor_number(payload, 8) : 0;
        if (payload->why != NULL || unsigned_count > seq || seq > INT64_MAX)
            return note_nonsense(talk, "what it holds cannot be read");
        if (said == NULL) continue;
        said->seq = seq;
        said->signed_seq = seq - unsigned_count;
        said->head = head;
    }
    return OK;
}

static void said_to_hold(Talk *talk, int64_t key, uint64_t seq, uint64_t signed_seq, uint64_t head)
{
    Holding *said = holdings_find(&talk->theirs, key);
    if (said == NULL) return;
    if (seq > said->seq) said->seq = seq;
    if (signed_seq <= said->signed_seq) return;
    said->signed_seq = signed_seq;
    said->head = head;
}

/* ---- entries ---- */

static ErrCode read_node(Talk *talk, Cursor *payload, Err *err)
{
    Voucher voucher = {0};
    cursor_copy(payload, voucher.key.at, PUBLIC_KEY_SIZE);
    if (!cursor_is_at_end(payload)) return note_nonsense(talk, "a node without a proper key");
    voucher.node_short = node_short_of(&voucher.key);
    talk->vouchers =
        list_grow(&talk->arena, talk->vouchers, sizeof talk->vouchers[0], talk->voucher_count);
    if (talk->vouchers == NULL) return list_full(talk->voucher_count, err);
    talk->vouchers[talk->voucher_count++] = voucher;
    return OK;
}

static ErrCode find_key(Talk *talk, uint64_t node_short, bool *out_found, PublicKey *out_key,
                        Err *err)
{
    *out_found = true;
    *out_key = talk->peer->key;
    if (node_short == talk->peer->node_short) return OK;
    *out_key = signing_key_public(&talk->node->signing_key);
    if (node_short == talk->node->node_short) return OK;
    TRY(known_key_find(talk->store, node_short, out_found, out_key, err));
    for (size_t i = 0; i < talk->voucher_count && !*out_found; i++) {
        if (talk->vouchers[i].node_short != node_short) continue;
        *out_key = talk->vouchers[i].key;
        *out_found = true;
    }
    return OK;
}

static ErrCode note_reception(Talk *talk, const Reception *reception, uint64_t new_entries)
{
    SessionResult *result = &talk->result;
    switch (reception->status) {
    case RECEPTION_NEW:
        result->new_entries += (int64_t)new_entries;
        if (reception->is_from_future) result->future_segments++;
        return OK;
    case RECEPTION_KNOWN: return OK;
    case RECEPTION_EARLY: result->missing_count++; return OK;
    case RECEPTION_BAD: return note_bad(talk, reception);
    }
    return OK;
}

/* How many entries of a stream are here. */
static ErrCode count_here(Talk *talk, const StreamName *stream, uint64_t *out_count, Err *err)
{
    int64_t key = 0;
    EntryRow last;
    bool found = false;
    *out_count = 0;
    TRY(stream_row_find(talk->store, stream, &key, err));
    if (key == 0) return OK;
    TRY(entry_row_last(talk->store, key, &found, &last, err));
    if (found) *out_count = last.seq;
    return OK;
}

static ErrCode unpack_segment(const SegmentHeader *header, Bytes payload, Buf *out, Err *err)
{
    Lean lean;
    lean_begin(&lean, &header->stream, header->previous_stamp);
    buf_add(out, (Bytes){payload.at, SEGMENT_HEADER_SIZE}); /* which was read */
    return lean_to_items(
        &lean, (Bytes){payload.at + SEGMENT_HEADER_SIZE, payload.size - SEGMENT_HEADER_SIZE}, out,
        err);
}

static ErrCode read_segment(Talk *talk, Bytes payload, Err *err) ONLY_ON(writer_role)
{
    SegmentReader reader;
    PublicKey key;
    Warrant warrant;
    Reception reception;
    Err why;
    bool found = false;
    uint64_t before = 0;
    uint64_t after = 0;
    int64_t stream = 0;
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, SEGMENT_BYTES_MAX);
    if (segment_open(&reader, payload, &why) != OK ||
        unpack_segment(&reader.header, payload, &segment, &why) != OK)
        return note_nonsense(talk, "a segment that cannot be read");
    const SegmentHeader *header = &reader.header;
    TRY(find_key(talk, header->stream.node_short, &found, &key, err));
    if (found) TRY(allowed_to_say(&talk->hearing, &header->stream, &found, &warrant, err));
    if (!found) {
        talk->result.unknown_segments++;
        return OK;
    }
    TRY(count_here(talk, &header->stream, &before, err));
    TRY(engine_receive(talk->engine, buf_as_bytes(&segment), &key, &warrant, &reception, err));
    TRY(count_here(talk, &header->stream, &after, err));
    TRY(note_reception(talk, &reception, after - before));
    if (reception.status == RECEPTION_BAD) return OK;
    TRY(stream_row_intern(talk->store, &header->stream, &stream, err));
    if (holdings_find(&talk->theirs, stream) == NULL) {
        const Holding nothing = {.key = stream, .stream = header->stream};
        TRY(holdings_put(&talk->theirs, &nothing, err));
    }
    said_to_hold(talk, stream, header->last, header->last, head_short(&header->head));
    return OK;
}

static ErrCode read_run(Talk *talk, Cursor *payload, Err *err) ONLY_ON(writer_role)
{
    ErrCode code = OK;
    Err why;
    Reception reception;
    Warrant warrant;
    bool found = false;
    uint64_t before = 0;
    const Holding *said = find_said(talk, payload, err, &code);
    TRY(code);
    const uint64_t first = cursor_varint(payload);
    if (payload->why != NULL) return note_nonsense(talk, "entries that cannot be read");
    if (said == NULL) return OK; /* of a stream it did not name, or that we forgot: it tells all */
    if (said->stream.node_short != talk->peer->node_short)
        return note_nonsense(talk, "entries that their author has not signed");
    TRY(count_here(talk, &said->stream, &before, err));
    if (first == 0 || first > before + 1) { /* it cannot be read without those before it */
        talk->result.missing_count++;
        return OK;
    }
    AUTO(buf_done) Buf items = {0};
    Lean lean;
    buf_init(&items, SEGMENT_BYTES_MAX);
    lean_begin(&lean, &said->stream, 0);
    TRY(outgoing_show(talk->store, said->key, first, &lean, err));
    if (lean_to_items(&lean, (Bytes){payload->at, payload->left}, &items, &why) != OK)
        return note_nonsense(talk, "entries that cannot be read");
    TRY(allowed_to_say(&talk->hearing, &said->stream, &found, &warrant, err));
    if (!found) {
        talk->result.unknown_segments++;
        return OK;
    }
    TRY(engine_receive_run(talk->engine, &said->stream, first, buf_as_bytes(&items), &warrant,
                           &reception, err));
    TRY(note_reception(talk, &reception, reception.last - before));
    if (reception.status == RECEPTION_NEW || reception.status == RECEPTION_KNOWN)
        said_to_hold(talk, said->key, reception.last, 0, 0);
    return OK;
}

static ErrCode read_seal(Talk *talk, Cursor *payload, Err *err) ONLY_ON(writer_role)
{
    ErrCode code = OK;
    Reception reception;
    SegmentRow row;
    bool found = false;
    const Holding *said = find_said(talk, payload, err, &code);
    TRY(code);
    Seal seal = {.first = cursor_varint(payload), .last = cursor_varint(payload)};
    cursor_copy(payload, seal.signature.at, SIGNATURE_SIZE);
    if (!cursor_is_at_end(payload)) return note_nonsense(talk, "a seal that cannot be read");
    if (said == NULL) return OK;
    if (said->stream.node_short != talk->peer->node_short)
        return note_nonsense(talk, "a seal by somebody else than the author");
    seal.stream = said->stream;
    TRY(engine_receive_seal(talk->engine, &seal, &talk->peer->key, &reception, err));
    TRY(note_reception(talk, &reception, 0));
    if (reception.status != RECEPTION_NEW && reception.status != RECEPTION_KNOWN) return OK;
    TRY(segment_row_last(talk->store, said->key, &found, &row, err));
    if (found && row.last_seq == seal.last)
        said_to_hold(talk, said->key, seal.last, seal.last, head_short(&row.head));
    return OK;
}

static ErrCode read_receipt(Talk *talk, Cursor *payload, Err *err)
{
    ErrCode code = OK;
    bool is_new = false;
    bool is_bad = false;
    const Holding *said = find_said(talk, payload, err, &code);
    TRY(code);
    Receipt receipt = {.seq = cursor_varint(payload), .stamp = cursor_number(payload, 8)};
    cursor_copy(payload, receipt.signature.at, SIGNATURE_SIZE);
    if (!cursor_is_at_end(payload) || receipt.seq > INT64_MAX)
        return note_nonsense(talk, "a receipt that cannot be read");
    if (said == NULL) return OK;
    receipt.stream = said->stream;
    TRY(receipt_keep(talk->store, talk->peer, said->key, &receipt, &is_new, &is_bad, err));
    if (is_bad) return note_nonsense(talk, "a receipt for another history than the one here");
    talk->result.receipts += is_new;
    return OK;
}

/* ---- all of it ---- */

static ErrCode read_frame(Talk *talk, const MessageFrame *frame, Err *err) ONLY_ON(writer_role)
{
    Cursor payload = cursor_over(frame->payload);
    switch (frame->type) {
    case SAID_HELLO: return read_hello(talk, &payload);
    case SAID_BUSY: {
        const uint64_t seconds = cursor_varint(&payload);
        talk->result.retry_s = seconds > SESSION_RETRY_S_MAX ? SESSION_RETRY_S_MAX
                               : seconds == 0                ? 1
                                                             : (unsigned)seconds;
        return OK;
    }
    case SAID_END:
        talk->left = cursor_varint(&payload);
        talk->is_ended = true;
        return OK;
    case SAID_STREAM: return read_stream(talk, &payload, err);
    case SAID_ALL: holdings_init(&talk->theirs, &talk->arena); return OK;
    case SAID_HELD: return read_held(talk, &payload, err);
    case SAID_NODE: return read_node(talk, &payload, err);
    case SAID_SEGMENT: return read_segment(talk, frame->payload, err);
    case SAID_RUN: return read_run(talk, &payload, err);
    case SAID_SEAL: return read_seal(talk, &payload, err);
    case SAID_RECEIPT: return read_receipt(talk, &payload, err);
    default: return OK; /* of a later version */
    }
}

static void note_damage(Talk *talk, const char *why)
{
    talk->result.is_damaged = true;
    (void)snprintf(talk->result.damage, sizeof talk->result.damage, "%.79s", why);
}

static ErrCode read_frames(Talk *talk, MessageReader *reader, Err *err) ONLY_ON(writer_role)
{
    Err why;
    for (;;) {
        MessageFrame frame = {0};
        bool found = false;
        const ErrCode code = message_next(reader, &frame, &found, &why);
        talk->result.good_bytes = reader->good_bytes;
        if (code != OK) {
            note_damage(talk, why.message);
            return OK;
        }
        if (!found) break;
        TRY(read_frame(talk, &frame, err));
        if (talk->has_hello && (talk->hello.flags & HELLO_IS_ALL) != 0) {
            talk->is_ended = true;
            return OK;
        }
        if (talk->is_ended) return OK;
    }
    if (talk->result.retry_s == 0 && !talk->is_ended)
        note_damage(talk, "the message ends too early");
    return OK;
}

ErrCode talk_read(Talk *talk, Bytes message, Err *err)
{
    MessageReader reader;
    char node[NODE_TEXT_MAX];
    TRY(message_open(&reader, message, talk->squeeze, err));
    ErrCode code = OK;
    if (reader.head.addressee != talk->node->node_short)
        code = err_set(err, ERR_INVALID, "this message is for node %s",
                       node_write(reader.head.addressee, node));
    talk->result.clock_ahead_ms =
        (int64_t)hlc_ms(reader.head.stamp) - (int64_t)host_now_ms(talk->node->host);
    if (code == OK) code = read_frames(talk, &reader, err);
    message_reader_done(&reader);
    TRY(code);
    talk->is_understood = talk->has_hello && holdings_digest(&talk->theirs) == talk->hello.mine;
    return OK;
}
