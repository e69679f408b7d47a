#include "engine/receive.h"

#include <assert.h>
#include <string.h>

#include "engine/inside.h"
#include "engine/known.h"
#include "store/journal_rows.h"
#include "store/things.h"

#define RECEIVE_BYTES_MAX ((size_t)8 << 20)

/* The end of a stream as it is here. */
typedef struct StreamEnd {
    int64_t stream; /* 0: nothing of it is here */
    uint64_t seq;
    uint64_t stamp;
    Digest head;
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

/* What other nodes wrote is here in whole segments, so it ends where the last one does. */
static ErrCode find_end(Engine *engine, const StreamName *name, StreamEnd *out_end, Err *err)
{
    EntryRow last = {0};
    SegmentRow segment;
    bool has_entry = false;
    bool has_segment = false;
    *out_end = (StreamEnd){.head = chain_start(name)};
    TRY(stream_row_find(engine->store, name, &out_end->stream, err));
    if (out_end->stream == 0) return OK;
    TRY(entry_row_last(engine->store, out_end->stream, &has_entry, &last, err));
    TRY(segment_row_last(engine->store, out_end->stream, &has_segment, &segment, err));
    if (has_entry) {
        out_end->seq = last.seq;
        out_end->stamp = last.stamp;
    }
    if (has_segment) out_end->head = segment.head;
    return OK;
}

/* The entries of a segment that are here already must be the same ones. */
static ErrCode compare_known(Engine *engine, const StreamEnd *end, Bytes segment, Reception *out,
                             Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    SegmentReader reader;
    Err why;
    if (segment_open(&reader, segment, &why) != OK) return OK; /* it was proven before */
    entry_walk_stream(&walk, engine->store, end->stream, out->first);
    for (;;) {
        SegmentItem item;
        bool found = false;
        const EntryRow *row = NULL;
        if (segment_next(&reader, &item, &found, &why) != OK || !found) return OK;
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL || row->seq != item.sequence) return OK;
        if (bytes_equal(row->chained, item.chained)) continue;
        reject_at(out, FAULT_FORKED, item.sequence, "its node wrote two histories");
        return OK;
    }
}

/* Where the segment stands to what is here; RECEPTION_NEW: right behind it. */
static ErrCode place_segment(Engine *engine, const StreamEnd *end, const SegmentHeader *header,
                             Bytes segment, Reception *out, Err *err)
{
    const bool is_own = header->stream.node_short == engine->node->node_short;
    out->status = RECEPTION_KNOWN;
    if (header->first <= end->seq) TRY(compare_known(engine, end, segment, out, err));
    if (out->status == RECEPTION_BAD || header->last <= end->seq) return OK;
    if (is_own) {
        reject_at(out, FAULT_ROLLED_BACK, end->seq + 1,
                  "this node wrote them and has lost them: it was restored");
        return OK;
    }
    if (header->first > end->seq + 1) {
        out->status = RECEPTION_EARLY;
        out->missing_first = end->seq + 1;
        out->missing_last = header->first - 1;
        return OK;
    }
    if (header->first <= end->seq) {
        reject_at(out, FAULT_DUPLICATE, header->first, "a part of it is here already");
        return OK;
    }
    if (!digest_equal(&header->previous_head, &end->head) || header->previous_stamp != end->stamp) {
        reject_at(out, FAULT_FORKED, header->first, "its node wrote two histories");
        return OK;
    }
    out->status = RECEPTION_NEW;
    return OK;
}

/* The things that the entries are about, each once. */
typedef struct Subjects {
    Map known;
    Key *keys;
    size_t count;
} Subjects;

static ErrCode note_subject(Subjects *subjects, Key key, Arena *arena, Err *err)
{
    int64_t there = 0;
    if (map_find(&subjects->known, key, &there)) return OK;
    TRY(map_put(&subjects->known, key, 1, err));
    subjects->keys = list_grow(arena, subjects->keys, sizeof subjects->keys[0], subjects->count);
    if (subjects->keys == NULL) return list_full(subjects->count, err);
    subjects->keys[subjects->count++] = key;
    return OK;
}

static ErrCode append(Engine *engine, int64_t stream, const SegmentItem *item, Subjects *subjects,
                      Arena *arena, Err *err)
{
    Key subject = KEY_NONE;
    TRY(thing_intern(engine->store, engine->shard, item->entry.subject, KIND_NONE, &subject, err));
    const EntryRow row = {
        .shard = engine->shard,
        .stream = stream,
        .seq = item->sequence,
        .stamp = item->entry.stamp,
        .kind = item->entry.kind,
        .subject = subject,
        .chained = item->chained,
        .body = item->body,
        .has_body = item->body.at != NULL,
    };
    TRY(entry_row_add(engine->store, &row, &engine->ledger.last_arrival, err));
    return note_subject(subjects, subject, arena, err);
}

static ErrCode append_all(Engine *engine, int64_t stream, Bytes segment, Subjects *subjects,
                          Arena *arena, Err *err)
{
    SegmentReader reader;
    TRY(segment_open(&reader, segment, err));
    for (;;) {
        SegmentItem item;
        bool found = false;
        TRY(segment_next(&reader, &item, &found, err));
        if (!found) return OK;
        TRY(append(engine, stream, &item, subjects, arena, err));
    }
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

static ErrCode take_in(Engine *engine, const SegmentHeader *header, Bytes segment,
                       const PublicKey *key, Reception *out, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Subjects subjects = {0};
    int64_t stream = 0;
    arena_init(&arena, RECEIVE_BYTES_MAX);
    map_init(&subjects.known, &arena);
    TRY(stream_row_intern(engine->store, &header->stream, &stream, err));
    TRY(append_all(engine, stream, segment, &subjects, &arena, err));
    TRY(keep_segment(engine, stream, header, err));
    TRY(known_key_keep(engine->store, key, err));
    engine->ledger.has_other_authors = true;
    engine->is_structural = true;
    derive_tell_all(&engine->derive);
    out->is_from_future = ledger_observe(&engine->ledger, header->last_stamp);
    for (size_t i = 0; i < subjects.count; i++)
        TRY(write_shared(engine, subjects.keys[i], err));
    return OK;
}

static ErrCode check_warrant(Engine *engine, const Warrant *warrant, Bytes segment, Reception *out,
                             Err *err)
{
    uint64_t seq = 0;
    const char *why = NULL;
    TRY(warrant_check(engine, warrant, segment, &seq, &why, err));
    if (why != NULL) reject_at(out, FAULT_OUT_OF_SCOPE, seq, why);
    return OK;
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
    const SegmentHeader header = reader.header;
    out->stream = header.stream;
    out->first = header.first;
    out->last = header.last;
    Fault fault;
    if (segment_verify(segment, key, &fault, &why) != OK) {
        reject(out, fault, fault.detail);
        return OK;
    }
    TRY(check_key(engine, key, out, err));
    if (out->status == RECEPTION_BAD) return OK;
    TRY(find_end(engine, &header.stream, &end, err));
    TRY(place_segment(engine, &end, &header, segment, out, err));
    if (out->status != RECEPTION_NEW && out->status != RECEPTION_EARLY) return OK;
    TRY(check_warrant(engine, warrant, segment, out, err));
    return out->status == RECEPTION_NEW ? take_in(engine, &header, segment, key, out, err) : OK;
}
