#include "journal/proof.h"

#include <assert.h>
#include <string.h>

typedef struct Node {
    uint64_t node_short;
    PublicKey key;
} Node;

/* A segment as it was found, to be compared with the manifest. */
typedef struct Seen {
    StreamName stream;
    uint64_t first;
    uint64_t last;
    uint64_t last_stamp;
    Digest head;
    Digest digest;
} Seen;

typedef struct Audit {
    Bytes file;
    const Trust *trust;
    Arena *arena;
    BundleReport *report;
    Node *nodes;
    size_t node_count;
    size_t node_room;
    Seen *seen;
    size_t seen_count;
    size_t seen_room;
    bool is_proven; /* the manifest was there and fits */
} Audit;

static ErrCode refuse(Audit *audit, Fault *fault, const char *detail, Err *err)
{
    const ErrCode code = fault_set(fault, detail, err);
    audit->report->fault = *fault;
    return code;
}

/* An array twice as large with the same items; NULL at the arena's limit. The old one stays in the
 * arena until its end. */
static void *grown(Arena *arena, const void *items, size_t *room, size_t item_size)
{
    const size_t wanted = *room == 0 ? 16 : *room * 2;
    void *copy = arena_alloc(arena, wanted, item_size);
    if (copy == NULL) return NULL;
    if (*room > 0) memcpy(copy, items, *room * item_size);
    *room = wanted;
    return copy;
}

static ErrCode too_many(Err *err)
{
    return err_set(err, ERR_LIMIT, "the bundle has too many parts for the memory given");
}

/* ---- naming the very entry ---- */

/* Reads on from `offset` without minding what is damaged, to the manifest if there is one. */
static bool find_manifest(Bytes file, size_t offset, Manifest *out_manifest)
{
    BundleReader reader = {.file = file, .at = offset};
    Frame frame;
    bool found = true;
    Err err;
    while (true) {
        const ErrCode code = bundle_next(&reader, &frame, &found, &err);
        FaultKind kind;
        if (!found || (code != OK && reader.fault.kind != FAULT_BAD_CHECK)) return false;
        if (code == OK && frame.type == FRAME_MANIFEST)
            return manifest_read(frame.payload, out_manifest, &kind, &err) == OK;
        if (code != OK) reader.at += FRAME_HEADER_SIZE + frame.payload.size + FRAME_CHECK_SIZE;
    }
}

/* The item of the manifest at `index`, that is of the segment that ought to be there. */
static bool item_at(const Manifest *manifest, size_t index, ManifestItem *out_item)
{
    Cursor rest = cursor_over(manifest->items);
    for (size_t i = 0; manifest_next(&rest, out_item); i++)
        if (i == index) return true;
    return false;
}

/* The first entry of a damaged segment whose chain is not what the manifest noted. */
static uint64_t first_departure(Bytes segment, const ManifestItem *item)
{
    if (segment.size < SEGMENT_HEADER_SIZE) return item->first;
    Cursor rest = cursor_over(segment);
    (void)cursor_bytes(&rest, SEGMENT_SIGNED_SIZE - (size_t)2 * DIGEST_SIZE);
    Digest head;
    cursor_copy(&rest, head.at, DIGEST_SIZE);
    (void)cursor_bytes(&rest, DIGEST_SIZE + SIGNATURE_SIZE);
    for (uint64_t n = item->first; n <= item->last; n++) {
        const Bytes chained = cursor_bytes(&rest, cursor_varint(&rest));
        const uint64_t body_size = cursor_varint(&rest);
        if (body_size > 0) (void)cursor_bytes(&rest, body_size - 1);
        if (chained.size == 0) return n;
        head = chain_next(&head, chained);
        if (memcmp(head.at, item->marks.at + (n - item->first) * MARK_SIZE, MARK_SIZE) != 0)
            return n;
        if (rest.why != NULL) return n; /* the entry is right; its body is not */
    }
    return 0;
}

/* Narrows the fault of a segment down with the marks of the manifest, when it can be read. This
 * only helps to name what is wrong; that something is wrong is known already. */
static void blame(const Audit *audit, const Frame *frame, Fault *fault)
{
    Manifest manifest;
    ManifestItem item;
    if (frame->type != FRAME_SEGMENT) return;
    if (!find_manifest(audit->file, frame->offset, &manifest)) return;
    if (!item_at(&manifest, audit->seen_count, &item)) return;
    if (fault->has_stream && !stream_equal(&fault->stream, &item.stream)) return;
    fault->has_stream = true;
    fault->stream = item.stream;
    const uint64_t departure = first_departure(frame->payload, &item);
    if (departure > 0) {
        fault->first_bad = fault->last_bad = departure;
    } else if (fault->first_bad == 0) {
        fault->first_bad = item.first;
        fault->last_bad = item.last;
    }
}

/* ---- nodes ---- */

static const PublicKey *find_node(const Audit *audit, uint64_t node_short)
{
    for (size_t i = audit->node_count; i > 0; i--) /* the last is the likeliest */
        if (audit->nodes[i - 1].node_short == node_short) return &audit->nodes[i - 1].key;
    return NULL;
}

static bool is_trusted(const Trust *trust, const PublicKey *key)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (public_key_equal(&trust->keys[i], key)) return true;
    return false;
}

static ErrCode audit_node(Audit *audit, const Frame *frame, Err *err)
{
    Fault fault = {.kind = FAULT_BAD_FRAME, .offset = frame->offset};
    PublicKey key;
    Text name;
    Err cause;
    if (bundle_read_node(frame->payload, &key, &name, &cause) != OK)
        return refuse(audit, &fault, cause.message, err);
    fault.kind = FAULT_DUPLICATE;
    const uint64_t node_short = node_short_of(&key);
    if (find_node(audit, node_short) != NULL)
        return refuse(audit, &fault, "a node is named twice", err);
    if (audit->node_count == audit->node_room) {
        audit->nodes = grown(audit->arena, audit->nodes, &audit->node_room, sizeof(Node));
        if (audit->nodes == NULL) return too_many(err);
    }
    audit->nodes[audit->node_count++] = (Node){.node_short = node_short, .key = key};
    audit->report->node_count++;
    return OK;
}

/* ---- segments ---- */

/* Compares the chain with what is known from receipts, as each entry goes by. */
static void note_fork(const Audit *audit, const SegmentReader *reader, Fault *fork)
{
    for (size_t i = 0; i < audit->trust->head_count; i++) {
        const StreamHead *known = &audit->trust->heads[i];
        if (known->sequence != reader->next - 1 || fork->kind != FAULT_NONE ||
            !stream_equal(&known->stream, &reader->header.stream) ||
            digest_equal(&known->head, &reader->head))
            continue;
        *fork = (Fault){.kind = FAULT_FORKED,
                        .has_stream = true,
                        .stream = known->stream,
                        .first_bad = reader->header.first,
                        .last_bad = known->sequence,
                        .has_hashes = true,
                        .expected = known->head,
                        .actual = reader->head};
    }
}

static ErrCode walk_segment(Audit *audit, SegmentReader *reader, Bytes segment, Fault *fork,
                            Err *err)
{
    TRY(segment_open(reader, segment, err));
    bool found = true;
    while (found) {
        SegmentItem item;
        TRY(segment_next(reader, &item, &found, err));
        if (!found) break;
        note_fork(audit, reader, fork);
        audit->report->entry_count++;
        if (item.entry.is_erased) audit->report->erased_count++;
    }
    const PublicKey *key = find_node(audit, reader->header.stream.node_short);
    if (key != NULL) return segment_prove(reader, key, err);
    reader->fault.kind = FAULT_UNKNOWN_NODE;
    return fault_set(&reader->fault, "", err);
}

/* The latest segment of a stream, or the one that holds entry `sequence` when that is above 0. */
static const Seen *find_seen(const Audit *audit, const StreamName *stream, uint64_t sequence)
{
    for (size_t i = audit->seen_count; i > 0; i--) {
        const Seen *seen = &audit->seen[i - 1];
        if (stream_equal(&seen->stream, stream) &&
            (sequence == 0 || (seen->first <= sequence && sequence <= seen->last)))
            return seen;
    }
    return NULL;
}

/* Does entry `sequence` of the stream come later in the file? */
static bool comes_later(const Audit *audit, const StreamName *stream, uint64_t sequence,
                        size_t offset)
{
    BundleReader reader = {.file = audit->file, .at = offset};
    Frame frame;
    bool found = true;
    Err err;
    while (bundle_next(&reader, &frame, &found, &err) == OK && found) {
        SegmentReader segment;
        if (frame.type == FRAME_SEGMENT && segment_open(&segment, frame.payload, &err) == OK &&
            stream_equal(&segment.header.stream, stream) && segment.header.first <= sequence &&
            sequence <= segment.header.last)
            return true;
    }
    return false;
}

/* A proven segment that does not begin where the one before it of the same stream ended. */
static void name_misplaced(const Audit *audit, const SegmentHeader *header, uint64_t expected,
                           Fault *fault)
{
    if (header->first > expected) {
        const bool is_later = comes_later(audit, &header->stream, expected, fault->offset);
        fault->kind = is_later ? FAULT_REORDERED : FAULT_GAP;
        fault->first_bad = expected;
        fault->last_bad = header->first - 1;
        return;
    }
    const Seen *same = find_seen(audit, &header->stream, header->first);
    if (same == NULL) {
        fault->kind = FAULT_REORDERED;
        return;
    }
    const bool is_fork = same->first == header->first && same->last == header->last &&
                         !digest_equal(&same->head, &header->head);
    fault->kind = is_fork ? FAULT_FORKED : FAULT_DUPLICATE;
    fault->has_hashes = is_fork;
    fault->expected = same->head;
    fault->actual = header->head;
}

/* A proven segment must go on where the one before it of the same stream ended. */
static ErrCode check_place(Audit *audit, const SegmentHeader *header, size_t offset, Err *err)
{
    const Seen *before = find_seen(audit, &header->stream, 0);
    if (before == NULL) return OK; /* a bundle may begin anywhere in a stream */
    Fault fault = {.has_stream = true,
                   .stream = header->stream,
                   .first_bad = header->first,
                   .last_bad = header->last,
                   .offset = offset};
    if (header->first != before->last + 1) {
        name_misplaced(audit, header, before->last + 1, &fault);
        return refuse(audit, &fault, "", err);
    }
    if (!digest_equal(&header->previous_head, &before->head)) {
        fault.kind = FAULT_FORKED;
        fault.has_hashes = true;
        fault.expected = before->head;
        fault.actual = header->previous_head;
        return refuse(audit, &fault, "", err);
    }
    fault.kind = FAULT_BAD_HEADER;
    if (header->previous_stamp != before->last_stamp)
        return refuse(audit, &fault, "the stamp before it is not that of the entry before", err);
    return OK;
}

static ErrCode audit_segment(Audit *audit, const Frame *frame, Err *err)
{
    SegmentReader reader;
    Fault fork = {0};
    if (walk_segment(audit, &reader, frame->payload, &fork, err) != OK) {
        assert(reader.fault.kind != FAULT_NONE);
        reader.fault.offset = frame->offset;
        blame(audit, frame, &reader.fault);
        audit->report->fault = reader.fault;
        return fault_say(&reader.fault, err);
    }
    TRY(check_place(audit, &reader.header, frame->offset, err));
    fork.offset = frame->offset;
    if (fork.kind != FAULT_NONE) return refuse(audit, &fork, "a receipt knows another head", err);

    if (audit->seen_count == audit->seen_room) {
        audit->seen = grown(audit->arena, audit->seen, &audit->seen_room, sizeof(Seen));
        if (audit->seen == NULL) return too_many(err);
    }
    audit->seen[audit->seen_count++] = (Seen){.stream = reader.header.stream,
                                              .first = reader.header.first,
                                              .last = reader.header.last,
                                              .last_stamp = reader.header.last_stamp,
                                              .head = reader.header.head,
                                              .digest = hash_of(frame->payload)};
    audit->report->segment_count++;
    return OK;
}

/* ---- manifest ---- */

static bool is_same_run(const Seen *seen, const ManifestItem *item)
{
    return stream_equal(&seen->stream, &item->stream) && seen->first == item->first &&
           seen->last == item->last;
}

static bool is_listed(const Manifest *manifest, const Seen *seen, bool *out_has_stream)
{
    Cursor rest = cursor_over(manifest->items);
    ManifestItem item;
    *out_has_stream = false;
    while (manifest_next(&rest, &item)) {
        if (stream_equal(&seen->stream, &item.stream)) *out_has_stream = true;
        if (is_same_run(seen, &item)) return true;
    }
    return false;
}

static bool is_here(const Audit *audit, const ManifestItem *item)
{
    for (size_t i = 0; i < audit->seen_count; i++)
        if (is_same_run(&audit->seen[i], item)) return true;
    return false;
}

/* Names a segment that is not in its place: `item` should be where `seen` is; either may be
 * missing. */
static void name_difference(const Audit *audit, const Manifest *manifest, const Seen *seen,
                            const ManifestItem *item, Fault *fault)
{
    bool has_stream = false;
    fault->has_stream = true;
    if (seen != NULL && !is_listed(manifest, seen, &has_stream)) {
        fault->kind = has_stream ? FAULT_EXTRA_SEGMENT : FAULT_OTHER_STREAM;
        fault->stream = seen->stream;
        fault->first_bad = seen->first;
        fault->last_bad = seen->last;
        return;
    }
    if (item == NULL) { /* listed, but further up */
        assert(seen != NULL);
        fault->kind = FAULT_REORDERED;
        fault->stream = seen->stream;
        fault->first_bad = seen->first;
        fault->last_bad = seen->last;
        return;
    }
    fault->kind = is_here(audit, item) ? FAULT_REORDERED : FAULT_MISSING_SEGMENT;
    fault->stream = item->stream;
    fault->first_bad = item->first;
    fault->last_bad = item->last;
}

/* A segment in its place, but not the one that the manifest was signed over. */
static void name_other_bytes(const Seen *seen, const ManifestItem *item, Fault *fault)
{
    const bool is_fork = !digest_equal(&seen->head, &item->head);
    fault->kind = is_fork ? FAULT_FORKED : FAULT_MANIFEST_MISMATCH;
    fault->has_stream = true;
    fault->stream = seen->stream;
    fault->first_bad = seen->first;
    fault->last_bad = seen->last;
    fault->has_hashes = true;
    fault->expected = is_fork ? item->head : item->digest;
    fault->actual = is_fork ? seen->head : seen->digest;
}

/* Walks the manifest's list and the segments found side by side. */
static void compare(const Audit *audit, const Manifest *manifest, Fault *fault)
{
    Cursor rest = cursor_over(manifest->items);
    ManifestItem item = {0};
    for (size_t i = 0;; i++) {
        const bool has_item = manifest_next(&rest, &item);
        const Seen *seen = i < audit->seen_count ? &audit->seen[i] : NULL;
        if (!has_item && seen == NULL) return;
        if (!has_item || seen == NULL || !is_same_run(seen, &item)) {
            name_difference(audit, manifest, seen, has_item ? &item : NULL, fault);
            return;
        }
        if (!digest_equal(&seen->head, &item.head) || !digest_equal(&seen->digest, &item.digest)) {
            name_other_bytes(seen, &item, fault);
            return;
        }
    }
}

static ErrCode audit_manifest(Audit *audit, const Frame *frame, Err *err)
{
    Manifest manifest;
    Fault fault = {.offset = frame->offset};
    Err cause;
    if (manifest_read(frame->payload, &manifest, &fault.kind, &cause) != OK)
        return refuse(audit, &fault, cause.message, err);
    fault.kind = FAULT_BAD_SIGNATURE;
    if (!manifest_is_signed(&manifest)) return refuse(audit, &fault, "under the manifest", err);
    audit->report->writer = manifest.writer;
    audit->report->stamp = manifest.stamp;
    fault.kind = FAULT_UNTRUSTED;
    if (!is_trusted(audit->trust, &manifest.writer)) return refuse(audit, &fault, "", err);

    fault.kind = FAULT_NONE;
    compare(audit, &manifest, &fault);
    if (fault.kind != FAULT_NONE) return refuse(audit, &fault, "", err);
    const Digest content = hash_of((Bytes){audit->file.at, frame->offset});
    fault.kind = FAULT_MANIFEST_MISMATCH;
    fault.has_hashes = true;
    fault.expected = manifest.content;
    fault.actual = content;
    if (!digest_equal(&content, &manifest.content)) return refuse(audit, &fault, "", err);
    audit->is_proven = true;
    return OK;
}

/* ---- the whole ---- */

/* Frames first, all of them: damage is named as damage, before any proof is attempted. */
static ErrCode check_frames(Audit *audit, Err *err)
{
    BundleReader reader;
    Frame frame = {0};
    ErrCode code = bundle_open(&reader, audit->file, err);
    bool found = true;
    while (code == OK && found) {
        code = bundle_next(&reader, &frame, &found, err);
        if (code == OK && frame.type == FRAME_SEGMENT) audit->seen_count++;
    }
    audit->report->good_bytes = reader.at;
    if (code == OK) {
        audit->seen_count = 0;
        return OK;
    }
    if (reader.fault.kind == FAULT_BAD_CHECK) blame(audit, &frame, &reader.fault);
    audit->report->fault = reader.fault;
    return fault_say(&reader.fault, err);
}

static ErrCode audit_frame(Audit *audit, const Frame *frame, Err *err)
{
    Fault surplus = {.kind = FAULT_SURPLUS_BYTES, .offset = frame->offset};
    if (audit->is_proven) return refuse(audit, &surplus, "behind the manifest", err);
    switch (frame->type) {
    case FRAME_NODE: return audit_node(audit, frame, err);
    case FRAME_SEGMENT: return audit_segment(audit, frame, err);
    case FRAME_MANIFEST: return audit_manifest(audit, frame, err);
    default: return OK; /* of a later version; the manifest covers its bytes */
    }
}

/* A stream that was longer when the receipt was written than it is at the end of this bundle. */
static ErrCode check_receipts(Audit *audit, Err *err)
{
    for (size_t i = 0; i < audit->trust->head_count; i++) {
        const StreamHead *known = &audit->trust->heads[i];
        const Seen *last = find_seen(audit, &known->stream, 0);
        if (last == NULL || last->last >= known->sequence) continue;
        Fault fault = {.kind = FAULT_ROLLED_BACK,
                       .has_stream = true,
                       .stream = known->stream,
                       .first_bad = last->last + 1,
                       .last_bad = known->sequence};
        return refuse(audit, &fault, "", err);
    }
    return OK;
}

ErrCode bundle_verify(Bytes file, const Trust *trust, Arena *arena, BundleReport *out_report,
                      Err *err)
{
    assert(trust != NULL);
    assert(out_report != NULL);
    *out_report = (BundleReport){0};
    Audit audit = {.file = file, .trust = trust, .arena = arena, .report = out_report};
    TRY(check_frames(&audit, err));

    BundleReader reader;
    TRY(bundle_open(&reader, file, err));
    bool found = true;
    while (found) {
        Frame frame;
        TRY(bundle_next(&reader, &frame, &found, err));
        if (found) TRY(audit_frame(&audit, &frame, err));
    }
    Fault truncated = {.kind = FAULT_TRUNCATED, .offset = file.size};
    if (!audit.is_proven)
        return refuse(&audit, &truncated, "the file ends before its manifest", err);
    TRY(check_receipts(&audit, err));
    assert(out_report->fault.kind == FAULT_NONE);
    return OK;
}
