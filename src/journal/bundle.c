#include "journal/bundle.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof BUNDLE_MAGIC == BUNDLE_HEADER_SIZE, "eight letters and a version");
static_assert(SEGMENT_BYTES_MAX <= FRAME_BYTES_MAX, "every segment fits a frame");

void frame_put(Buf *out, uint8_t type, Bytes payload)
{
    assert(payload.size <= FRAME_BYTES_MAX);
    const size_t start = out->size;
    buf_add_byte(out, type);
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(payload.size >> shift));
    buf_add(out, payload);
    if (out->is_over) return;
    const Digest check = hash_of((Bytes){out->at + start, out->size - start});
    buf_add(out, (Bytes){check.at, FRAME_CHECK_SIZE});
}

/* ---- writing ---- */

void bundle_begin(BundleWriter *writer, Buf *out)
{
    assert(writer != NULL);
    *writer = (BundleWriter){.out = out};
    buf_init(&writer->items, MANIFEST_BYTES_MAX);
    hash_init(&writer->content);
    const size_t start = out->size;
    buf_add_z(out, BUNDLE_MAGIC);
    buf_add_byte(out, BUNDLE_VERSION);
    hash_add(&writer->content, (Bytes){out->at + start, out->size - start});
}

void bundle_writer_done(BundleWriter *writer)
{
    assert(writer != NULL);
    buf_done(&writer->items);
}

static ErrCode add_frame(BundleWriter *writer, FrameType type, Bytes payload, Err *err)
{
    const size_t start = writer->out->size;
    frame_put(writer->out, (uint8_t)type, payload);
    TRY(buf_check(writer->out, err));
    hash_add(&writer->content, (Bytes){writer->out->at + start, writer->out->size - start});
    return OK;
}

ErrCode bundle_add_node(BundleWriter *writer, const PublicKey *key, Text name, Err *err)
{
    if (name.size > NODE_NAME_BYTES_MAX)
        return err_set(err, ERR_INVALID, "a node's name has at most %d bytes", NODE_NAME_BYTES_MAX);
    AUTO(buf_done) Buf payload = {0};
    buf_init(&payload, PUBLIC_KEY_SIZE + NODE_NAME_BYTES_MAX);
    buf_add(&payload, (Bytes){key->at, sizeof key->at});
    buf_add_text(&payload, name);
    return add_frame(writer, FRAME_NODE, buf_as_bytes(&payload), err);
}

ErrCode bundle_add_ticket(BundleWriter *writer, Bytes ticket, Err *err)
{
    return add_frame(writer, FRAME_TICKET, ticket, err);
}

ErrCode bundle_add_sealing(BundleWriter *writer, const ReaderKey *key, Err *err)
{
    return add_frame(writer, FRAME_SEALING, (Bytes){key->at, sizeof key->at}, err);
}

ErrCode bundle_add_segment(BundleWriter *writer, Bytes segment, Err *err)
{
    AUTO(buf_done) Buf marks = {0};
    buf_init(&marks, (size_t)SEGMENT_ENTRIES_MAX * MARK_SIZE);
    SegmentReader reader;
    TRY(segment_open(&reader, segment, err));
    bool found = true;
    while (found) {
        SegmentItem item;
        TRY(segment_next(&reader, &item, &found, err));
        if (found) buf_add(&marks, (Bytes){reader.head.at, MARK_SIZE});
    }
    TRY(buf_check(&marks, err));
    const ManifestItem item = {.stream = reader.header.stream,
                               .first = reader.header.first,
                               .last = reader.header.last,
                               .head = reader.header.head,
                               .digest = hash_of(segment),
                               .marks = buf_as_bytes(&marks)};
    manifest_put_item(&writer->items, &item);
    TRY(buf_check(&writer->items, err));
    writer->count++;
    return add_frame(writer, FRAME_SEGMENT, segment, err);
}

ErrCode bundle_end(BundleWriter *writer, const SigningKey *key, uint64_t stamp, Err *err)
{
    assert(stamp <= HLC_STAMP_MAX);
    TRY(buf_check(&writer->items, err));
    const Manifest manifest = {.stamp = stamp,
                               .content = hash_result(&writer->content),
                               .count = writer->count,
                               .items = buf_as_bytes(&writer->items)};
    AUTO(buf_done) Buf payload = {0};
    buf_init(&payload, MANIFEST_BYTES_MAX);
    manifest_put(&payload, &manifest, key);
    TRY(buf_check(&payload, err));
    return add_frame(writer, FRAME_MANIFEST, buf_as_bytes(&payload), err);
}

/* ---- reading ---- */

static ErrCode refuse(BundleReader *reader, FaultKind kind, const char *detail, Err *err)
{
    reader->fault.kind = kind;
    reader->fault.offset = reader->at;
    return fault_set(&reader->fault, detail, err);
}

ErrCode bundle_open(BundleReader *reader, Bytes file, Err *err)
{
    assert(reader != NULL);
    *reader = (BundleReader){.file = file};
    const size_t letters = BUNDLE_HEADER_SIZE - 1;
    const size_t there = file.size < letters ? file.size : letters;
    if (there > 0 && memcmp(file.at, BUNDLE_MAGIC, there) != 0)
        return refuse(reader, FAULT_BAD_MAGIC, "", err);
    if (file.size < BUNDLE_HEADER_SIZE) return refuse(reader, FAULT_TRUNCATED, "", err);
    if (file.at[letters] != BUNDLE_VERSION) return refuse(reader, FAULT_UNKNOWN_VERSION, "", err);
    reader->at = BUNDLE_HEADER_SIZE;
    return OK;
}

ErrCode bundle_next(BundleReader *reader, Frame *out_frame, bool *out_found, Err *err)
{
    assert(reader->at <= reader->file.size);
    const uint8_t *start = reader->file.at + reader->at;
    const size_t left = reader->file.size - reader->at;
    *out_frame = (Frame){.offset = reader->at};
    *out_found = left > 0;
    if (left == 0) return OK;
    if (left < FRAME_HEADER_SIZE) return refuse(reader, FAULT_TRUNCATED, "", err);

    Cursor cursor = cursor_over((Bytes){start, left});
    out_frame->type = cursor_byte(&cursor);
    const uint64_t size = cursor_number(&cursor, FRAME_HEADER_SIZE - 1);
    const size_t there = size < cursor.left ? (size_t)size : cursor.left;
    out_frame->payload = (Bytes){cursor.at, there};
    if (size > FRAME_BYTES_MAX) return refuse(reader, FAULT_BAD_FRAME, "it is too large", err);
    if (size + FRAME_CHECK_SIZE > cursor.left) return refuse(reader, FAULT_TRUNCATED, "", err);

    const Digest check = hash_of((Bytes){start, FRAME_HEADER_SIZE + there});
    if (memcmp(check.at, out_frame->payload.at + there, FRAME_CHECK_SIZE) != 0)
        return refuse(reader, FAULT_BAD_CHECK, "", err);
    reader->at += FRAME_HEADER_SIZE + there + FRAME_CHECK_SIZE;
    return OK;
}

ErrCode bundle_read_node(Bytes payload, PublicKey *out_key, Text *out_name, Err *err)
{
    if (payload.size < PUBLIC_KEY_SIZE || payload.size > PUBLIC_KEY_SIZE + NODE_NAME_BYTES_MAX)
        return err_set(err, ERR_CORRUPT, "a node has a key and a name of at most %d bytes",
                       NODE_NAME_BYTES_MAX);
    Text name;
    const Bytes rest = {payload.at + PUBLIC_KEY_SIZE, payload.size - PUBLIC_KEY_SIZE};
    if (text_from_bytes(rest, &name, err) != OK) {
        err->code = ERR_CORRUPT;
        return err_context(err, "the name of a node");
    }
    memcpy(out_key->at, payload.at, PUBLIC_KEY_SIZE);
    *out_name = name;
    return OK;
}
