#include "journal/segment.h"

#include <assert.h>
#include <string.h>

#define SIGNED_FOR "tongpin segment"

static_assert(SEGMENT_SIGNED_SIZE == 1 + STREAM_NAME_SIZE + 4 * 8 + 2 * DIGEST_SIZE,
              "the fields of a header add up to its size");

static void put_number(Buf *buf, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(buf, (uint8_t)(number >> shift));
}

static void put_signed(Buf *buf, const SegmentHeader *header)
{
    buf_add_byte(buf, header->suite);
    stream_put(buf, &header->stream);
    put_number(buf, header->first);
    put_number(buf, header->last);
    put_number(buf, header->previous_stamp);
    put_number(buf, header->last_stamp);
    buf_add(buf, digest_bytes(&header->previous_head));
    buf_add(buf, digest_bytes(&header->head));
}

/* What is signed: the words say that this is a segment, so no signature fits anything else. */
static void signed_message(uint8_t out[sizeof SIGNED_FOR - 1 + SEGMENT_SIGNED_SIZE], Bytes header)
{
    assert(header.size == SEGMENT_SIGNED_SIZE);
    memcpy(out, SIGNED_FOR, sizeof SIGNED_FOR - 1);
    memcpy(out + sizeof SIGNED_FOR - 1, header.at, header.size);
}

/* The header's own bytes and, in `out`, the message that is signed over them. */
static void compose(const SegmentHeader *header, Buf *bytes,
                    uint8_t out[sizeof SIGNED_FOR - 1 + SEGMENT_SIGNED_SIZE])
{
    buf_init(bytes, SEGMENT_HEADER_SIZE);
    put_signed(bytes, header);
    signed_message(out, buf_as_bytes(bytes));
}

Signature segment_sign(const SegmentHeader *header, const SigningKey *key)
{
    const PublicKey public_key = signing_key_public(key);
    assert(node_short_of(&public_key) == header->stream.node_short);
    assert(header->first > 0 && header->first <= header->last);
    AUTO(buf_done) Buf bytes = {0};
    uint8_t message[sizeof SIGNED_FOR - 1 + SEGMENT_SIGNED_SIZE];
    compose(header, &bytes, message);
    return sign_bytes(key, (Bytes){message, sizeof message});
}

bool segment_signature_fits(const SegmentHeader *header, const PublicKey *key)
{
    AUTO(buf_done) Buf bytes = {0};
    uint8_t message[sizeof SIGNED_FOR - 1 + SEGMENT_SIGNED_SIZE];
    compose(header, &bytes, message);
    return node_short_of(key) == header->stream.node_short &&
           signature_fits(&header->signature, key, (Bytes){message, sizeof message});
}

/* ---- writing ---- */

void segment_begin(SegmentWriter *writer, Buf *out, const StreamName *stream, uint64_t first,
                   uint64_t previous_stamp, const Digest *previous_head)
{
    static const uint8_t empty_header[SEGMENT_HEADER_SIZE];
    assert(first > 0);
    assert((first == 1) == (previous_stamp == 0));
    *writer = (SegmentWriter){.out = out,
                              .start = out->size,
                              .next = first,
                              .stamp = previous_stamp,
                              .head = *previous_head,
                              .header = {.suite = SUITE_ED25519_SHA256,
                                         .stream = *stream,
                                         .first = first,
                                         .previous_stamp = previous_stamp,
                                         .previous_head = *previous_head}};
    buf_add(out, (Bytes){empty_header, sizeof empty_header});
}

ErrCode segment_add(SegmentWriter *writer, Bytes chained, Bytes body, Err *err)
{
    Entry entry;
    TRY(entry_decode(chained, body, &writer->header.stream, writer->stamp, &entry, err));
    Buf *out = writer->out;
    const size_t size_before = out->size;
    const size_t size_most = SEGMENT_BYTES_MAX - 20; /* two varints of ten bytes */
    if (writer->next - writer->header.first >= SEGMENT_ENTRIES_MAX ||
        out->size - writer->start + chained.size + body.size > size_most)
        return err_set(err, ERR_LIMIT, "the segment is full");

    buf_add_varint(out, chained.size);
    buf_add(out, chained);
    buf_add_varint(out, body.at == NULL ? 0 : (uint64_t)body.size + 1);
    buf_add(out, body);
    const ErrCode code = buf_check(out, err);
    if (code != OK) {
        out->size = size_before;
        return code;
    }
    writer->head = chain_next(&writer->head, chained);
    writer->stamp = entry.stamp;
    writer->next++;
    return OK;
}

void segment_put_header(Buf *out, const SegmentHeader *header)
{
    put_signed(out, header);
    buf_add(out, (Bytes){header->signature.at, SIGNATURE_SIZE});
}

static void put_header(SegmentWriter *writer)
{
    AUTO(buf_done) Buf header = {0};
    buf_init(&header, SEGMENT_HEADER_SIZE);
    segment_put_header(&header, &writer->header);
    assert(header.size == SEGMENT_HEADER_SIZE);
    memcpy(writer->out->at + writer->start, header.at, header.size);
}

static void fill_header(SegmentWriter *writer)
{
    assert(writer->next > writer->header.first);
    writer->header.last = writer->next - 1;
    writer->header.last_stamp = writer->stamp;
    writer->header.head = writer->head;
}

ErrCode segment_end(SegmentWriter *writer, const SigningKey *key, Err *err)
{
    TRY(buf_check(writer->out, err));
    fill_header(writer);
    writer->header.signature = segment_sign(&writer->header, key);
    put_header(writer);
    return OK;
}

ErrCode segment_end_signed(SegmentWriter *writer, const SegmentHeader *header, Err *err)
{
    TRY(buf_check(writer->out, err));
    fill_header(writer);
    if (writer->header.last != header->last || writer->header.last_stamp != header->last_stamp ||
        !digest_equal(&writer->header.head, &header->head))
        return err_set(err, ERR_CORRUPT, "the entries do not lead to the head that was signed");
    writer->header.signature = header->signature;
    put_header(writer);
    return OK;
}

/* ---- reading ---- */

static ErrCode refuse(SegmentReader *reader, FaultKind kind, const char *detail, Err *err)
{
    reader->fault.kind = kind;
    return fault_set(&reader->fault, detail, err);
}

static ErrCode refuse_entry(SegmentReader *reader, FaultKind kind, const char *detail, Err *err)
{
    reader->fault.first_bad = reader->fault.last_bad = reader->next;
    return refuse(reader, kind, detail, err);
}

static ErrCode refuse_chain(SegmentReader *reader, const Digest *expected, const Digest *actual,
                            Err *err)
{
    reader->fault.has_hashes = true;
    reader->fault.expected = *expected;
    reader->fault.actual = *actual;
    return refuse(reader, FAULT_CHAIN_BROKEN, "", err);
}

static void get_header(Cursor *cursor, SegmentHeader *header)
{
    header->suite = cursor_byte(cursor);
    header->stream = stream_get(cursor);
    header->first = cursor_number(cursor, 8);
    header->last = cursor_number(cursor, 8);
    header->previous_stamp = cursor_number(cursor, 8);
    header->last_stamp = cursor_number(cursor, 8);
    cursor_copy(cursor, header->previous_head.at, DIGEST_SIZE);
    cursor_copy(cursor, header->head.at, DIGEST_SIZE);
    cursor_copy(cursor, header->signature.at, SIGNATURE_SIZE);
}

/* Literal words for the first contradiction, or NULL. */
static const char *contradiction(const SegmentHeader *header)
{
    if (header->first == 0) return "entries are numbered from 1";
    if (header->last < header->first) return "the last entry comes before the first";
    if (header->last - header->first >= SEGMENT_ENTRIES_MAX) return "too many entries";
    if ((header->first == 1) != (header->previous_stamp == 0)) return "a stamp before the first";
    if (header->last_stamp > HLC_STAMP_MAX) return "the last stamp is out of range";
    if (header->previous_stamp >= header->last_stamp) return "the stamps run backwards";
    return NULL;
}

ErrCode segment_open(SegmentReader *reader, Bytes segment, Err *err)
{
    assert(reader != NULL);
    *reader = (SegmentReader){.rest = cursor_over(segment)};
    if (segment.size < SEGMENT_HEADER_SIZE)
        return refuse(reader, FAULT_TRUNCATED, "a segment header has 184 bytes", err);
    if (segment.at[0] != SUITE_ED25519_SHA256) return refuse(reader, FAULT_UNKNOWN_SUITE, "", err);
    if (segment.size > SEGMENT_BYTES_MAX)
        return refuse(reader, FAULT_BAD_HEADER, "the segment is too large", err);

    SegmentHeader *header = &reader->header;
    get_header(&reader->rest, header);
    if (reader->rest.why != NULL) return refuse(reader, FAULT_BAD_HEADER, reader->rest.why, err);
    reader->fault.has_stream = true;
    reader->fault.stream = header->stream;
    const char *why = contradiction(header);
    if (why != NULL) return refuse(reader, FAULT_BAD_HEADER, why, err);

    reader->fault.first_bad = header->first;
    reader->fault.last_bad = header->last;
    reader->next = header->first;
    reader->stamp = header->previous_stamp;
    reader->head = header->previous_head;
    if (header->first > 1) return OK;
    const Digest start = chain_start(&header->stream);
    return digest_equal(&start, &reader->head) ? OK
                                               : refuse_chain(reader, &start, &reader->head, err);
}

static ErrCode read_item(SegmentReader *reader, SegmentItem *item, Err *err)
{
    Cursor *rest = &reader->rest;
    item->sequence = reader->next;
    item->chained = cursor_bytes(rest, cursor_varint(rest));
    const uint64_t body_size = cursor_varint(rest);
    item->body = (Bytes){0};
    if (body_size > 0) item->body = cursor_bytes(rest, body_size - 1);
    if (rest->why != NULL) return refuse_entry(reader, FAULT_BAD_ENTRY, rest->why, err);

    const StreamName *stream = &reader->header.stream;
    Err cause;
    if (entry_decode_chained(item->chained, stream, reader->stamp, &item->entry, &cause) != OK)
        return refuse_entry(reader, FAULT_BAD_ENTRY, cause.message, err);
    if (body_size == 0) return OK;
    if (!entry_body_fits(&item->entry, item->body))
        return refuse_entry(reader, FAULT_BODY_MISMATCH, "", err);
    if (entry_decode_body(&item->entry, item->body, stream, &cause) != OK)
        return refuse_entry(reader, FAULT_BAD_ENTRY, cause.message, err);
    return OK;
}

ErrCode segment_next(SegmentReader *reader, SegmentItem *out_item, bool *out_found, Err *err)
{
    assert(reader->fault.kind == FAULT_NONE);
    if (reader->next > reader->header.last) {
        *out_found = false;
        return OK;
    }
    if (reader->rest.left == 0) return refuse_entry(reader, FAULT_MISSING_ENTRY, "", err);
    TRY(read_item(reader, out_item, err));
    reader->head = chain_next(&reader->head, out_item->chained);
    reader->stamp = out_item->entry.stamp;
    reader->next++;
    *out_found = true;
    return OK;
}

ErrCode segment_prove(SegmentReader *reader, const PublicKey *key, Err *err)
{
    const SegmentHeader *header = &reader->header;
    assert(reader->fault.kind == FAULT_NONE);
    assert(reader->next == header->last + 1);
    if (reader->rest.left > 0) return refuse(reader, FAULT_SURPLUS_ENTRY, "", err);
    if (!digest_equal(&reader->head, &header->head))
        return refuse_chain(reader, &header->head, &reader->head, err);
    if (reader->stamp != header->last_stamp)
        return refuse(reader, FAULT_BAD_HEADER, "the last stamp is not that of the last entry",
                      err);
    if (node_short_of(key) != header->stream.node_short)
        return refuse(reader, FAULT_WRONG_KEY, "", err);
    if (!segment_signature_fits(header, key)) return refuse(reader, FAULT_BAD_SIGNATURE, "", err);
    return OK;
}

static ErrCode verify(SegmentReader *reader, Bytes segment, const PublicKey *key, Err *err)
{
    TRY(segment_open(reader, segment, err));
    bool found = true;
    while (found) {
        SegmentItem item = {0};
        TRY(segment_next(reader, &item, &found, err));
    }
    return segment_prove(reader, key, err);
}

ErrCode segment_verify(Bytes segment, const PublicKey *key, Fault *out_fault, Err *err)
{
    SegmentReader reader;
    const ErrCode code = verify(&reader, segment, key, err);
    if (code != OK) *out_fault = reader.fault;
    return code;
}
