#include "engine/receive.h"

#include <assert.h>
#include <string.h>

#include "engine/fork.h"
#include "engine/inside.h"
#include "engine/known.h"
#include "store/journal_rows.h"
#include "store/things.h"

#define RECEIVE_BYTES_MAX ((size_t)8 << 20)

/* The end of a stream as it is here: what is signed, and what stands behind it unsigned. */
typedef struct StreamEnd {
    int64_t stream; /* 0: nothing of it is here */
    uint64_t seq;
    uint64_t stamp;
    uint64_t signed_seq;
    uint64_t signed_stamp;
    Digest signed_head;
} StreamEnd;

static void reject(Reception *out, Fault fault, const char *detail)
{
    Err words;
    if (fault_set(&fault, detail, &words) == OK) return; /* never: it returns what it sets */
    out->status = RECEPTION_BAD;
    out->fault = fault;
    memcpy(out->words, words.message, sizeof out->words);
}

static void reject_at(Reception *out, FaultKind kind, uint64_t seq, const char *detail)
{
    reject(out,
           (Fault){.kind = kind,
                   .has_stream = true,
                   .stream = out->stream,
                   .first_bad = seq,
                   .last_bad = out->last},
           detail);
}

static ErrCode find_end(Engine *engine, const StreamName *name, StreamEnd *out_end, Err *err)
{
    EntryRow last = {0};
    SegmentRow segment;
    bool has_entry = false;
    bool has_segment = false;
    *out_end = (StreamEnd){.signed_head = chain_start(name)};
    TRY(stream_row_find(engine->store, name, &out_end->stream, err));
    if (out_end->stream == 0) return OK;
    TRY(entry_row_last(engine->store, out_end->stream, &has_entry, &last, err));
    TRY(segment_row_last(engine->store, out_end->stream, &has_segment, &segment, err));
    if (has_entry) {
        out_end->seq = last.seq;
        out_end->stamp = last.stamp;
    }
    if (has_segment) {
        out_end->signed_seq = segment.last_seq;
        out_end->signed_stamp = segment.last_stamp;
        out_end->signed_head = segment.head;
    }
    return OK;
}

/* The entries that are here already must be the same ones. */
static ErrCode compare_known(Engine *engine, const StreamEnd *end, SegmentReader reader,
                             Reception *out, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    Err why;
    entry_walk_stream(&walk, engine->store, end->stream, out->first);
    for (;;) {
        SegmentItem item;
        bool found = false;
        const EntryRow *row = NULL;
        /* It was read to its end before. */
        if (segment_next(&reader, &item, &found, &why) != OK || !found) return OK;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL || row->seq != item.sequence) return OK;
        if (bytes_equal(row->chained, item.chained)) continue;
        reject_at(out, FAULT_FORKED, item.sequence, "its node wrote two histories");
        return OK;
    }
}

static void miss(Reception *out, uint64_t first, uint64_t last)
{
    out->status = RECEPTION_EARLY;
    out->missing_first = first;
    out->missing_last = last;
}

/* What this node wrote in an earlier epoch, before it was restored, it learns again from others. */
static bool is_of_this_life(const Engine *engine, const StreamName *stream)
{
    return stream->node_short == engine->node->node_short && stream->epoch >= engine->node->epoch;
}

/* Where the segment stands to what is here; RECEPTION_NEW: right behind what is signed. */
static ErrCode place_segment(Engine *engine, const StreamEnd *end, const SegmentReader *reader,
                             Reception *out, Err *err)
{
    const SegmentHeader *header = &reader->header;
    const bool is_own = is_of_this_life(engine, &header->stream);
    out->status = RECEPTION_KNOWN;
    if (header->first <= end->seq) TRY(compare_known(engine, end, *reader, out, err));
    if (out->status == RECEPTION_BAD || header->last <= end->signed_seq) return OK;
    if (is_own) {
        if (header->last > end->seq)
            reject_at(out, FAULT_ROLLED_BACK, end->seq + 1,
                      "this node wrote them and has lost them: it was restored");
        return OK;
    }
    if (header->first > end->signed_seq + 1) {
        miss(out, end->signed_seq + 1, header->first - 1);
        return OK;
    }
    if (header->first <= end->signed_seq) {
        reject_at(out, FAULT_DUPLICATE, header->first, "a part of it is here already");
        return OK;
    }
    if (!digest_equal(&header->previous_head, &end->signed_head) ||
        header->previous_stamp != end->signed_stamp) {
        reject_at(out, FAULT_FORKED, header->first, "its node wrote two histories");
        return OK;
    }
    out->status = RECEPTION_NEW;
    return OK;
}

/* Entries on their way in, and the things they are about whose rows are to be made anew. */
typedef struct Taking {
    Engine *engine;
    int64_t stream;
    Arena arena;
    Map known; /* subjects: 1 is listed, 0 has a row of its one entry */
    Key *keys;
    size_t count;
} Taking;

static ErrCode note_subject(Taking *taking, Key key, Err *err)
{
    int64_t is_listed = 0;
    if (map_find(&taking->known, key, &is_listed) && is_listed != 0) return OK;
    TRY(map_put(&taking->known, key, 1, err));
    taking->keys = list_grow(&taking->arena, taking->keys, sizeof taking->keys[0], taking->count);
    if (taking->keys == NULL) return list_full(taking->count, err);
    taking->keys[taking->count++] = key;
    return OK;
}

static ErrCode append(Taking *taking, const SegmentItem *item, Err *err)
{
    Engine *engine = taking->engine;
    Key subject = KEY_NONE;
    TRY(thing_find(engine->store, engine->shard, item->entry.subject, &subject, err));
    const bool is_first = subject == KEY_NONE;
    if (is_first)
        TRY(thing_add(engine->store, engine->shard, item->entry.subject, KIND_NONE, &subject, err));
    const EntryRow row = {
        .shard = engine->shard,
        .stream = taking->stream,
        .seq = item->sequence,
        .stamp = item->entry.stamp,
        .kind = item->entry.kind,
        .subject = subject,
        .chained = item->chained,
        .body = item->body,
        .has_body = item->body.at != NULL,
    };
    TRY(entry_row_add(engine->store, &row, &engine->ledger.last_arrival, err));
    if (!is_first || item->entry.verb != VERB_CREATE) return note_subject(taking, subject, err);
    TRY(map_put(&taking->known, subject, 0, err));
    return write_first(engine, subject, &item->entry, err);
}

/* All that the reader holds from `from` on. */
static ErrCode append_all(Engine *engine, int64_t stream, SegmentReader reader, uint64_t from,
                          Err *err)
{
    Taking taking = {.engine = engine, .stream = stream};
    ErrCode code = OK;
    bool found = true;
    arena_init(&taking.arena, RECEIVE_BYTES_MAX);
    map_init(&taking.known, &taking.arena);
    while (code == OK && found) {
        SegmentItem item;
        code = segment_next(&reader, &item, &found, err);
        if (code == OK && found && item.sequence >= from) code = append(&taking, &item, err);
    }
    for (size_t i = 0; code == OK && i < taking.count; i++)
        code = write_shared(engine, taking.keys[i], err);
    arena_done(&taking.arena);
    return code;
}

static ErrCode keep_segment(Engine *engine, int64_t stream, const SegmentHeader *header, Err *err)
{
    const SegmentRow row = {
        .stream = stream,
        .first_seq = header->first,
        .last_seq = header->last,
        .prev_stamp = header->previous_stamp,
        .last_stamp = header->last_stamp,
        .prev_head = header->previous_head,
        .head = header->head,
        .signature = header->signature,
    };
    return segment_row_add(engine->store, &row, err);
}

/* A node has one key: the one its first segment was proven with. */
static ErrCode check_key(Engine *engine, const PublicKey *key, Reception *out, Err *err)
{
    PublicKey known;
    bool found = false;
    TRY(known_key_find(engine->store, out->stream.node_short, &found, &known, err));
    if (found && !public_key_equal(&known, key))
        reject_at(out, FAULT_WRONG_KEY, out->first, "another key of that node is known");
    else
        out->status = RECEPTION_NEW;
    return OK;
}

static void tell_of_news(Engine *engine, uint64_t last_stamp, Reception *out)
{
    engine->ledger.has_other_authors = true;
    engine->is_structural = true;
    derive_tell_all(&engine->derive);
    out->is_from_future = ledger_observe(&engine->ledger, last_stamp);
}

static ErrCode take_in(Engine *engine, const StreamEnd *end, const SegmentReader *reader,
                       const PublicKey *key, Reception *out, Err *err)
{
    int64_t stream = 0;
    TRY(stream_row_intern(engine->store, &reader->header.stream, &stream, err));
    TRY(append_all(engine, stream, *reader, end->seq + 1, err));
    TRY(keep_segment(engine, stream, &reader->header, err));
    TRY(known_key_keep(engine->store, key, err));
    tell_of_news(engine, reader->header.last_stamp, out);
    return OK;
}

static ErrCode check_warrant(Engine *engine, const Warrant *warrant, const SegmentReader *reader,
                             Reception *out, Err *err)
{
    uint64_t seq = 0;
    const char *why = NULL;
    if (warrant->is_revoked && out->last > warrant->last_seq) {
        reject_at(out, FAULT_REVOKED, warrant->last_seq + 1, "it was revoked behind that entry");
        return OK;
    }
    if (warrant->is_expired) {
        reject_at(out, FAULT_EXPIRED, out->first, "have it renewed by its parent; nothing is lost");
        return OK;
    }
    TRY(warrant_check(engine, warrant, reader, &seq, &why, err));
    if (why != NULL) reject_at(out, FAULT_OUT_OF_SCOPE, seq, why);
    return OK;
}

/* A node that wrote two histories is held to what is here of them; its next epoch counts again. */
static ErrCode check_forked(Engine *engine, Reception *out, Err *err)
{
    bool is_forked = false;
    TRY(fork_find(engine->store, out->stream.node_short, out->stream.epoch, &is_forked, err));
    if (is_forked)
        reject_at(out, FAULT_FORKED, out->first,
                  "its node wrote two histories: what it wrote later in this epoch is held back");
    return OK;
}

/* Both histories are signed: that proves it, and is kept. */
static ErrCode keep_fork(Engine *engine, const StreamEnd *end, Bytes segment, const Reception *out,
                         Err *err)
{
    if (out->status != RECEPTION_BAD || out->fault.kind != FAULT_FORKED) return OK;
    return fork_keep(engine->store, end->stream, out->fault.first_bad, segment, err);
}

ErrCode engine_receive(Engine *engine, Bytes segment, const PublicKey *key, const Warrant *warrant,
                       Reception *out, Err *err)
{
    role_expect(&writer_role);
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    SegmentReader reader;
    StreamEnd end;
    Err why;
    *out = (Reception){.status = RECEPTION_BAD};
    if (segment_open(&reader, segment, &why) != OK) {
        reject(out, reader.fault, reader.fault.detail);
        return OK;
    }
    out->stream = reader.header.stream;
    out->first = reader.header.first;
    out->last = reader.header.last;
    Fault fault;
    if (segment_verify(segment, key, &fault, &why) != OK) {
        reject(out, fault, fault.detail);
        return OK;
    }
    TRY(check_key(engine, key, out, err));
    if (out->status == RECEPTION_BAD) return OK;
    TRY(find_end(engine, &out->stream, &end, err));
    TRY(place_segment(engine, &end, &reader, out, err));
    TRY(keep_fork(engine, &end, segment, out, err));
    if (out->status != RECEPTION_NEW && out->status != RECEPTION_EARLY) return OK;
    TRY(check_forked(engine, out, err));
    if (out->status == RECEPTION_BAD) return OK;
    TRY(check_warrant(engine, warrant, &reader, out, err));
    return out->status == RECEPTION_NEW ? take_in(engine, &end, &reader, key, out, err) : OK;
}

/* ---- entries that are not signed yet ---- */

/* The stamp of the entry before a run that begins at `first`. */
static ErrCode stamp_before(Engine *engine, const StreamEnd *end, uint64_t first, uint64_t *out,
                            Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    const EntryRow *row = NULL;
    *out = end->stamp;
    if (first > end->seq) return OK;
    entry_walk_stream(&walk, engine->store, end->stream, first);
    TRY(entry_walk_next(&walk, &row, err));
    if (row != NULL) *out = row->prev_stamp;
    return OK;
}

/* Reads the run to its end; false, and a rejection, when an entry cannot be one. */
static bool read_run(SegmentReader reader, Reception *out)
{
    Err why;
    while (reader.rest.left > 0) {
        SegmentItem item;
        bool found = false;
        if (segment_next(&reader, &item, &found, &why) != OK) {
            reader.fault.has_stream = true;
            reader.fault.stream = out->stream;
            reject(out, reader.fault, reader.fault.detail);
            return false;
        }
        if (!found) break;
    }
    out->last = reader.next - 1;
    if (reader.rest.left == 0 && reader.next > out->first) return true;
    reject_at(out, FAULT_BAD_HEADER, out->first, "a run of no entries, or of too many");
    return false;
}

ErrCode engine_receive_run(Engine *engine, const StreamName *stream, uint64_t first, Bytes items,
                           const Warrant *warrant, Reception *out, Err *err)
{
    role_expect(&writer_role);
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    StreamEnd end;
    SegmentReader reader = {.rest = cursor_over(items), .next = first};
    *out = (Reception){.status = RECEPTION_BAD, .stream = *stream, .first = first, .last = first};
    if (first == 0 || first > INT64_MAX || stream->node_short == engine->node->node_short) {
        reject_at(out, FAULT_BAD_HEADER, first, "no run of another node");
        return OK;
    }
    TRY(find_end(engine, stream, &end, err));
    if (first > end.seq + 1) {
        miss(out, end.seq + 1, first - 1);
        return OK;
    }
    reader.header =
        (SegmentHeader){.stream = *stream, .first = first, .last = first + SEGMENT_ENTRIES_MAX - 1};
    TRY(stamp_before(engine, &end, first, &reader.stamp, err));
    if (!read_run(reader, out)) return OK;
    reader.header.last = out->last;
    out->status = RECEPTION_KNOWN;
    if (first <= end.seq) TRY(compare_known(engine, &end, reader, out, err));
    if (out->status == RECEPTION_BAD || out->last <= end.seq) return OK;
    TRY(check_warrant(engine, warrant, &reader, out, err));
    if (out->status != RECEPTION_BAD) TRY(check_forked(engine, out, err));
    if (out->status == RECEPTION_BAD) return OK;
    TRY(stream_row_intern(engine->store, stream, &end.stream, err));
    TRY(append_all(engine, end.stream, reader, end.seq + 1, err));
    EntryRow last;
    bool found = false;
    TRY(entry_row_last(engine->store, end.stream, &found, &last, err));
    tell_of_news(engine, found ? last.stamp : end.stamp, out);
    out->status = RECEPTION_NEW;
    return OK;
}

/* The header that the seal is over, worked out from the entries that are here. */
static ErrCode rebuild_header(Engine *engine, const StreamEnd *end, const Seal *seal,
                              SegmentHeader *out, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    *out = (SegmentHeader){.suite = SUITE_ED25519_SHA256,
                           .stream = seal->stream,
                           .first = seal->first,
                           .last = seal->last,
                           .previous_stamp = end->signed_stamp,
                           .previous_head = end->signed_head,
                           .head = end->signed_head,
                           .signature = seal->signature};
    entry_walk_stream(&walk, engine->store, end->stream, seal->first);
    for (uint64_t seq = seal->first; seq <= seal->last; seq++) {
        const EntryRow *row = NULL;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL || row->seq != seq)
            return err_set(err, ERR_CORRUPT, "the journal has a gap: run 'tongpin verify'");
        out->head = chain_next(&out->head, row->chained);
        out->last_stamp = row->stamp;
    }
    return OK;
}

ErrCode engine_receive_seal(Engine *engine, const Seal *seal, const PublicKey *key, Reception *out,
                            Err *err)
{
    role_expect(&writer_role);
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    StreamEnd end;
    SegmentHeader header;
    *out = (Reception){.stream = seal->stream, .first = seal->first, .last = seal->last};
    TRY(check_key(engine, key, out, err));
    if (out->status == RECEPTION_BAD) return OK;
    TRY(find_end(engine, &seal->stream, &end, err));
    out->status = RECEPTION_KNOWN;
    if (seal->last <= end.signed_seq) return OK;
    if (seal->first > seal->last || seal->last - seal->first >= SEGMENT_ENTRIES_MAX ||
        seal->first <= end.signed_seq || seal->stream.node_short == engine->node->node_short) {
        reject_at(out, FAULT_BAD_HEADER, seal->first, "no seal over what is here");
        return OK;
    }
    if (seal->first > end.signed_seq + 1 || seal->last > end.seq) {
        const bool is_behind = seal->first > end.signed_seq + 1;
        miss(out, is_behind ? end.signed_seq + 1 : end.seq + 1,
             is_behind ? seal->first - 1 : seal->last);
        return OK;
    }
    TRY(rebuild_header(engine, &end, seal, &header, err));
    if (!segment_signature_fits(&header, key)) {
        reject_at(out, FAULT_BAD_SIGNATURE, seal->first,
                  "the node signed other entries than it had sent");
        return OK;
    }
    TRY(keep_segment(engine, end.stream, &header, err));
    TRY(known_key_keep(engine->store, key, err));
    out->status = RECEPTION_NEW;
    return OK;
}
