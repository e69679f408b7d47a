#include "engine/verify.h"

#include <string.h>

#include "engine/known.h"
#include "journal/chain.h"
#include "journal/entry.h"
#include "journal/segment.h"
#include "store/journal_rows.h"

/* Where the check of one stream stands. */
typedef struct Check {
    const Node *node;
    Store *store;
    const StreamRow *stream;
    Digest head;
    uint64_t seq;
    uint64_t stamp;
    uint64_t signed_seq;
    bool has_key;
    PublicKey key; /* of the node that wrote the stream */
    VerifyReport *report;
} Check;

static void note(Check *check, Fault fault, const char *detail)
{
    fault.has_stream = true;
    fault.stream = check->stream->name;
    if (check->report->fault_count++ > 0) return;
    Err words;
    if (fault_set(&fault, detail, &words) == OK) return; /* never: it returns what it sets */
    check->report->first_fault = fault;
    memcpy(check->report->words, words.message, sizeof check->report->words);
}

static void note_at(Check *check, FaultKind kind, uint64_t seq, const char *detail)
{
    note(check, (Fault){.kind = kind, .first_bad = seq, .last_bad = seq}, detail);
}

/* One entry: next in line, readable, true to its commitment. False ends the check of the stream. */
static bool check_entry(Check *check, const EntryRow *row)
{
    Entry entry;
    Err err;
    const Bytes body = row->has_body ? row->body : (Bytes){0};
    if (row->seq != check->seq + 1) {
        note(check,
             (Fault){.kind = FAULT_GAP, .first_bad = check->seq + 1, .last_bad = row->seq - 1}, "");
        return false;
    }
    if (entry_decode_chained(row->chained, &check->stream->name, check->stamp, &entry, &err) !=
        OK) {
        note_at(check, FAULT_BAD_ENTRY, row->seq, err.message);
        return false;
    }
    if (row->has_body && !entry_body_fits(&entry, body))
        note_at(check, FAULT_BODY_MISMATCH, row->seq, "");
    if (entry.stamp != row->stamp)
        note_at(check, FAULT_BAD_ENTRY, row->seq, "its stamp was changed");
    check->head = chain_next(&check->head, row->chained);
    check->seq = row->seq;
    check->stamp = entry.stamp;
    check->report->entry_count++;
    return true;
}

/* A segment that ends at the entry just read: does its signature cover exactly this chain? */
static bool check_segment(Check *check, const SegmentRow *row, const Digest *previous_head)
{
    const SegmentHeader header = {
        .suite = SUITE_ED25519_SHA256,
        .stream = check->stream->name,
        .first = row->first_seq,
        .last = row->last_seq,
        .previous_stamp = row->prev_stamp,
        .last_stamp = row->last_stamp,
        .previous_head = row->prev_head,
        .head = row->head,
        .signature = row->signature,
    };
    Fault fault = {.first_bad = row->first_seq, .last_bad = row->last_seq};
    check->report->segment_count++;
    check->signed_seq = row->last_seq;
    if (!digest_equal(&row->head, &check->head) || !digest_equal(&row->prev_head, previous_head)) {
        fault.kind = FAULT_CHAIN_BROKEN;
        fault.has_hashes = true;
        fault.expected = row->head;
        fault.actual = check->head;
        note(check, fault, "");
        return false;
    }
    if (!check->has_key || !segment_signature_fits(&header, &check->key)) {
        fault.kind = check->has_key ? FAULT_BAD_SIGNATURE : FAULT_UNKNOWN_NODE;
        note(check, fault, "");
        return false;
    }
    return true;
}

/* The segments of a stream, one at a time, as the entries come past their ends. */
typedef struct Cover {
    SegmentRow segment;
    Digest start; /* the head before it */
    bool has;
} Cover;

static ErrCode next_cover(const Check *check, uint64_t from_seq, Cover *cover, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    SegmentRow *rows = NULL;
    size_t count = 0;
    arena_init(&arena, 64 * 1024);
    TRY(segment_rows(check->store, check->stream->key, from_seq, 1, &arena, &rows, &count, err));
    cover->has = count > 0;
    cover->start = check->head;
    if (count > 0) cover->segment = rows[0];
    return OK;
}

static ErrCode check_stream(Check *check, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    Cover cover;
    check->head = chain_start(&check->stream->name);
    TRY(next_cover(check, 1, &cover, err));
    entry_walk_stream(&walk, check->store, check->stream->key, 1);
    for (const EntryRow *row = NULL;;) {
        TRY(entry_walk_next(&walk, &row, err));
        if (row == NULL) break;
        if (!check_entry(check, row)) return OK;
        if (!cover.has || check->seq != cover.segment.last_seq) continue;
        if (!check_segment(check, &cover.segment, &cover.start)) return OK;
        TRY(next_cover(check, check->seq + 1, &cover, err));
    }
    if (cover.has)
        note(check,
             (Fault){.kind = FAULT_MISSING_ENTRY,
                     .first_bad = check->seq + 1,
                     .last_bad = cover.segment.last_seq},
             "");
    check->report->unsigned_count += (int64_t)(check->seq - check->signed_seq);
    return OK;
}

static ErrCode find_key(Check *check, Err *err)
{
    check->has_key = check->stream->name.node_short == check->node->node_short;
    check->key = signing_key_public(&check->node->signing_key);
    if (check->has_key) return OK;
    return known_key_find(check->store, check->stream->name.node_short, &check->has_key,
                          &check->key, err);
}

ErrCode verify_journal(const Node *node, Store *store, VerifyReport *out_report, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    StreamRow *streams = NULL;
    size_t count = 0;
    VerifyReport report = {0};
    arena_init(&arena, (size_t)64 << 20);
    TRY(stream_rows(store, &arena, &streams, &count, err));
    for (size_t i = 0; i < count; i++) {
        Check check = {.node = node, .store = store, .stream = &streams[i], .report = &report};
        report.stream_count++;
        TRY(find_key(&check, err));
        TRY(check_stream(&check, err));
    }
    *out_report = report;
    return OK;
}
