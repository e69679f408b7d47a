/* What is to be said: what is here and not known there, and what is lacking there. */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "engine/known.h"
#include "store/query.h"
#include "sync/allowed.h"
#include "sync/outgoing.h"
#include "sync/receipts.h"
#include "sync/session_inside.h"

#define RUN_ENTRIES_MAX UINT64_C(500)
#define SMALL_DUE       UINT64_C(500) /* what is small goes before what is long */

typedef struct Writing {
    Talk *talk;
    MessageWriter message;
    Holdings told; /* what the peer knows when it has read what is written so far */
    bool is_full_names;
    Map numbers; /* of streams that were named */
    Map nodes;   /* whose keys are in the message */
    uint64_t left;
} Writing;

/* ---- what is due ---- */

/* Whether something among the latest entries that it lacks cannot wait. */
static ErrCode look_for_urgent(Talk *talk, Due *due, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, talk->store, KINDS_BEHIND, err));
    query_bind_int(&query, 1, due->here->key);
    query_bind_int(&query, 2, (int64_t)due->theirs.seq);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        const KindInfo *kind = vocab_kind((unsigned)query_int(&query, 0));
        if (kind != NULL && kind->is_urgent) due->is_urgent = true;
    }
}

static int compare_due(const void *left, const void *right)
{
    const Due *a = left;
    const Due *b = right;
    if (a->is_urgent != b->is_urgent) return a->is_urgent ? -1 : 1;
    const bool a_is_small = a->count <= SMALL_DUE;
    if (a_is_small != (b->count <= SMALL_DUE)) return a_is_small ? -1 : 1;
    /* The later of two streams was named later. */
    return (a->here->key < b->here->key) - (a->here->key > b->here->key);
}

ErrCode talk_find_due(Talk *talk, Due **out_due, size_t *out_count, Err *err)
{
    Due *due = arena_array(&talk->arena, Due, talk->here.count + 1);
    size_t count = 0;
    if (due == NULL) return list_full(talk->here.count, err);
    for (size_t i = 0; i < talk->here.count; i++) {
        const Holding *here = &talk->here.items[i];
        const Holding *theirs = holdings_find(&talk->theirs, here->key);
        Due next = {.here = here};
        bool may = false;
        if (theirs != NULL) next.theirs = *theirs;
        const bool is_own = here->stream.node_short == talk->node->node_short;
        const uint64_t most = is_own ? here->seq : here->signed_seq;
        if (most <= next.theirs.seq && here->signed_seq <= next.theirs.signed_seq) continue;
        if (here->stream.node_short == talk->peer->node_short) continue;
        TRY(allowed_to_go(talk->store, talk->node, talk->peer, &here->stream, &may, err));
        if (!may) continue;
        next.count = most > next.theirs.seq ? most - next.theirs.seq : 0;
        TRY(look_for_urgent(talk, &next, err));
        due[count++] = next;
    }
    qsort(due, count, sizeof due[0], compare_due);
    *out_due = due;
    *out_count = count;
    return OK;
}

/* ---- frames ---- */

static size_t count_short(const Holdings *holdings, const Digest *digest, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < holdings->count; i++) {
        const Digest other = stream_digest(&holdings->items[i].stream);
        count += memcmp(other.at, digest->at, size) == 0;
    }
    return count;
}

/* As short as it is the only one here that begins so. */
static size_t short_size(const Talk *talk, const Digest *digest)
{
    for (size_t size = STREAM_SHORT_MIN; size < STREAM_SHORT_SIZE; size++)
        if (count_short(&talk->here, digest, size) <= 1 &&
            count_short(&talk->theirs, digest, size) <= 1)
            return size;
    return STREAM_SHORT_SIZE;
}

/* Names a stream, once. */
static ErrCode name_stream(Writing *writing, const Holding *holding, uint64_t *out_number, Err *err)
{
    AUTO(buf_done) Buf payload = {0};
    Talk *talk = writing->talk;
    int64_t number = 0;
    if (map_find(&writing->numbers, holding->key, &number)) {
        *out_number = (uint64_t)number;
        return OK;
    }
    buf_init(&payload, STREAM_NAME_SIZE);
    const bool is_known =
        !writing->is_full_names && (holdings_find(&writing->told, holding->key) != NULL ||
                                    holdings_find(&talk->theirs, holding->key) != NULL);
    if (is_known) {
        const Digest digest = stream_digest(&holding->stream);
        buf_add(&payload, (Bytes){digest.at, short_size(talk, &digest)});
    } else {
        stream_put(&payload, &holding->stream);
    }
    TRY(message_pack(&writing->message, SAID_STREAM, buf_as_bytes(&payload), err));
    *out_number = writing->numbers.count;
    return map_put(&writing->numbers, holding->key, (int64_t)*out_number, err);
}

/* After this frame the peer knows that we hold so much: see talk_read.c. */
static ErrCode now_told(Writing *writing, const Holding *here, uint64_t seq, uint64_t signed_seq,
                        uint64_t head, Err *err)
{
    Holding told = {.key = here->key, .stream = here->stream};
    const Holding *before = holdings_find(&writing->told, here->key);
    if (before != NULL) told = *before;
    if (seq > told.seq) told.seq = seq;
    if (signed_seq > told.signed_seq) {
        told.signed_seq = signed_seq;
        told.head = head;
    }
    return holdings_put(&writing->told, &told, err);
}

static ErrCode put_node(Writing *writing, uint64_t node_short, bool *out_is_known, Err *err)
{
    int64_t is_there = 0;
    PublicKey key = signing_key_public(&writing->talk->node->signing_key);
    *out_is_known = true;
    if (node_short == writing->talk->node->node_short) return OK; /* the channel knows it */
    if (map_find(&writing->nodes, (int64_t)node_short, &is_there)) {
        *out_is_known = is_there != 0;
        return OK;
    }
    TRY(known_key_find(writing->talk->store, node_short, out_is_known, &key, err));
    TRY(map_put(&writing->nodes, (int64_t)node_short, *out_is_known ? 1 : 0, err));
    if (!*out_is_known) return OK;
    return message_pack(&writing->message, SAID_NODE, (Bytes){key.at, sizeof key.at}, err);
}

static ErrCode put_segment(Writing *writing, const Due *due, const SegmentRow *row, Err *err)
{
    AUTO(buf_done) Buf segment = {0};
    const StreamRow stream = {due->here->key, due->here->stream};
    bool is_known = false;
    if (due->theirs.signed_seq == 0) {
        TRY(put_node(writing, stream.name.node_short, &is_known, err));
        if (!is_known) return OK;
    }
    buf_init(&segment, SEGMENT_BYTES_MAX);
    TRY(outgoing_segment(writing->talk->store, &stream, row, &segment, err));
    AUTO(buf_done) Buf payload = {0};
    Lean lean;
    buf_init(&payload, SEGMENT_BYTES_MAX);
    buf_add(&payload, (Bytes){segment.at, SEGMENT_HEADER_SIZE});
    lean_begin(&lean, &stream.name, row->prev_stamp);
    TRY(lean_from_items(
        &lean, (Bytes){segment.at + SEGMENT_HEADER_SIZE, segment.size - SEGMENT_HEADER_SIZE},
        &payload, err));
    TRY(message_pack(&writing->message, SAID_SEGMENT, buf_as_bytes(&payload), err));
    return now_told(writing, due->here, row->last_seq, row->last_seq, head_short(&row->head), err);
}

static ErrCode put_run(Writing *writing, const Due *due, uint64_t first, uint64_t last, Err *err)
{
    Lean lean;
    AUTO(buf_done) Buf payload = {0};
    uint64_t number = 0;
    TRY(name_stream(writing, due->here, &number, err));
    buf_init(&payload, SEGMENT_BYTES_MAX);
    buf_add_varint(&payload, number);
    buf_add_varint(&payload, first);
    lean_begin(&lean, &due->here->stream, 0);
    TRY(outgoing_show(writing->talk->store, due->here->key, first, &lean, err));
    TRY(outgoing_entries(writing->talk->store, due->here->key, first, last, &lean, &payload, err));
    TRY(message_pack(&writing->message, SAID_RUN, buf_as_bytes(&payload), err));
    return now_told(writing, due->here, last, 0, 0, err);
}

static ErrCode put_seal(Writing *writing, const Due *due, const SegmentRow *row, Err *err)
{
    AUTO(buf_done) Buf payload = {0};
    uint64_t number = 0;
    TRY(name_stream(writing, due->here, &number, err));
    buf_init(&payload, 128);
    buf_add_varint(&payload, number);
    buf_add_varint(&payload, row->first_seq);
    buf_add_varint(&payload, row->last_seq);
    buf_add(&payload, (Bytes){row->signature.at, SIGNATURE_SIZE});
    TRY(message_pack(&writing->message, SAID_SEAL, buf_as_bytes(&payload), err));
    return now_told(writing, due->here, row->last_seq, row->last_seq, head_short(&row->head), err);
}

static bool is_full(const Writing *writing)
{
    return message_size(&writing->message) >= writing->talk->budget_bytes;
}

/* What of a stream is signed. *at: what the peer holds when it has read what is written. */
static ErrCode put_signed(Writing *writing, const Due *due, uint64_t *at, Err *err)
{
    const StreamRow stream = {due->here->key, due->here->stream};
    const bool is_own = due->here->stream.node_short == writing->talk->node->node_short;
    OutgoingWalk walk = {writing->talk->store, &stream, due->theirs.signed_seq};
    for (bool found = true; !is_full(writing);) {
        SegmentRow row;
        TRY(outgoing_next(&walk, &row, &found, err));
        if (!found) return OK;
        const bool is_begun = is_own && *at >= row.first_seq;
        if (is_begun && *at < row.last_seq) TRY(put_run(writing, due, *at + 1, row.last_seq, err));
        if (is_begun)
            TRY(put_seal(writing, due, &row, err));
        else
            TRY(put_segment(writing, due, &row, err));
        if (row.last_seq <= *at) continue;
        writing->talk->result.sent_entries += (int64_t)(row.last_seq - *at);
        *at = row.last_seq;
    }
    return OK;
}

static ErrCode put_due(Writing *writing, const Due *due, Err *err)
{
    const bool is_own = due->here->stream.node_short == writing->talk->node->node_short;
    const uint64_t most = is_own ? due->here->seq : due->here->signed_seq;
    uint64_t at = due->theirs.seq;
    TRY(put_signed(writing, due, &at, err));
    /* Behind what is signed, and only if all of that went. */
    while (is_own && at >= due->here->signed_seq && at < most && !is_full(writing)) {
        const uint64_t last = most - at > RUN_ENTRIES_MAX ? at + RUN_ENTRIES_MAX : most;
        TRY(put_run(writing, due, at + 1, last, err));
        writing->talk->result.sent_entries += (int64_t)(last - at);
        at = last;
    }
    if (most > at) writing->left += most - at;
    return OK;
}

static ErrCode put_receipt(Writing *writing, const Holding *here, uint64_t number, Err *err)
{
    AUTO(buf_done) Buf payload = {0};
    Talk *talk = writing->talk;
    SegmentRow row;
    bool found = false;
    TRY(segment_row_at(talk->store, here->key, here->signed_seq, &found, &row, err));
    if (!found) return OK;
    Receipt receipt = {.stream = here->stream,
                       .seq = row.last_seq,
                       .head = row.head,
                       .stamp = hlc_stamp(host_now_ms(talk->node->host), 0)};
    receipt_sign(&receipt, &talk->node->signing_key);
    buf_init(&payload, 128);
    buf_add_varint(&payload, number);
    buf_add_varint(&payload, receipt.seq);
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(&payload, (uint8_t)(receipt.stamp >> shift));
    buf_add(&payload, (Bytes){receipt.signature.at, SIGNATURE_SIZE});
    return message_pack(&writing->message, SAID_RECEIPT, buf_as_bytes(&payload), err);
}

/* What the peer would not know after what was written. */
static ErrCode put_held(Writing *writing, Err *err)
{
    Talk *talk = writing->talk;
    for (size_t i = 0; i < talk->here.count; i++) {
        AUTO(buf_done) Buf payload = {0};
        const Holding *here = &talk->here.items[i];
        const Holding *told = holdings_find(&writing->told, here->key);
        uint64_t number = 0;
        if (told != NULL && holding_equal(told, here)) continue;
        TRY(name_stream(writing, here, &number, err));
        buf_init(&payload, 64);
        buf_add_varint(&payload, number);
        buf_add_varint(&payload, here->seq);
        buf_add_varint(&payload, here->seq - here->signed_seq);
        for (int shift = 56; shift >= 0 && here->signed_seq > 0; shift -= 8)
            buf_add_byte(&payload, (uint8_t)(here->head >> shift));
        TRY(message_pack(&writing->message, SAID_HELD, buf_as_bytes(&payload), err));
        if (here->stream.node_short == talk->peer->node_short && here->signed_seq > 0 &&
            (told == NULL || told->signed_seq != here->signed_seq))
            TRY(put_receipt(writing, here, number, err));
    }
    return OK;
}

/* ---- the message ---- */

static ErrCode put_all(Writing *writing, const Due *due, size_t due_count, Err *err)
{
    for (size_t i = 0; i < due_count; i++) {
        if (is_full(writing))
            writing->left += due[i].count;
        else
            TRY(put_due(writing, &due[i], err));
    }
    TRY(put_held(writing, err));
    return message_end(&writing->message, writing->left, err);
}

static void put_hello(Writing *writing, unsigned flags, uint64_t mine)
{
    AUTO(buf_done) Buf hello = {0};
    const uint64_t yours = holdings_digest(&writing->talk->theirs);
    buf_init(&hello, HELLO_SIZE);
    buf_add_byte(&hello, (uint8_t)flags);
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(&hello, (uint8_t)(mine >> shift));
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(&hello, (uint8_t)(yours >> shift));
    message_put(&writing->message, SAID_HELLO, buf_as_bytes(&hello));
}

static ErrCode say(Writing *writing, Buf *out, Err *err)
{
    Talk *talk = writing->talk;
    Pair *pair = &talk->pair;
    Due *due = NULL;
    size_t due_count = 0;
    const uint64_t mine = holdings_digest(&talk->here);
    const bool is_news = mine != pair->told || pair->understood != PAIR_UNDERSTOOD;
    TRY(talk_find_due(talk, &due, &due_count, err));
    const bool is_all = !is_news && due_count == 0;
    const bool is_unclear = talk->has_hello && !talk->is_understood;
    const MessageHead head = {.addressee = talk->peer->node_short,
                              .stamp = hlc_stamp(host_now_ms(talk->node->host), 0)};
    message_begin(&writing->message, out, &head, talk->squeeze);
    put_hello(writing, (is_all ? HELLO_IS_ALL : 0) | (is_unclear ? HELLO_TELL_ALL : 0), mine);
    if (is_all) return buf_check(out, err);

    Holdings before;
    TRY(holdings_load(talk->store, talk->peer, HOLDING_TOLD, &talk->arena, &before, err));
    holdings_init(&writing->told, &talk->arena);
    if (pair->understood == PAIR_UNDERSTOOD) {
        for (size_t i = 0; i < before.count; i++)
            TRY(holdings_put(&writing->told, &before.items[i], err));
    } else {
        TRY(message_pack(&writing->message, SAID_ALL, (Bytes){0}, err));
    }
    TRY(put_all(writing, due, due_count, err));
    if (is_news) {
        TRY(holdings_save(talk->store, talk->peer, HOLDING_TOLD, &before, &talk->here, err));
        pair->told = mine;
        pair->understood = pair->understood == PAIR_UNDERSTOOD ? PAIR_UNCLEAR : PAIR_TOLD_ALL;
    }
    return buf_check(out, err);
}

ErrCode talk_write(Talk *talk, Buf *out, Err *err)
{
    Writing writing = {.talk = talk};
    buf_clear(out);
    map_init(&writing.numbers, &talk->arena);
    map_init(&writing.nodes, &talk->arena);
    writing.is_full_names = talk->pair.understood != PAIR_UNDERSTOOD;
    const ErrCode code = say(&writing, out, err);
    message_writer_done(&writing.message);
    return code;
}

int64_t talk_behind_here(const Talk *talk)
{
    int64_t behind = 0;
    for (size_t i = 0; i < talk->theirs.count; i++) {
        const Holding *theirs = &talk->theirs.items[i];
        const Holding *here = holdings_find(&talk->here, theirs->key);
        const uint64_t seq = here == NULL ? 0 : here->seq;
        if (theirs->stream.node_short == talk->node->node_short) continue;
        if (theirs->seq > seq) behind += (int64_t)(theirs->seq - seq);
    }
    return behind;
}
