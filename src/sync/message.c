#include "sync/message.h"

#include <assert.h>
#include <string.h>

#define HEAD_BYTES_MAX 32

static void put_number(Buf *out, uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(number >> shift));
}

/* The check of what was just written or read, behind the check before it. */
static void next_check(uint8_t check[4], Bytes bytes)
{
    Hash hash;
    hash_init(&hash);
    hash_add(&hash, (Bytes){check, 4});
    hash_add(&hash, bytes);
    const Digest digest = hash_result(&hash);
    memcpy(check, digest.at, 4);
}

/* ---- writing ---- */

void message_begin(MessageWriter *writer, Buf *out, const MessageHead *head, Squeeze *squeeze)
{
    assert(out->size == 0);
    *writer = (MessageWriter){.out = out, .squeeze = squeeze};
    buf_init(&writer->pack, MESSAGE_PACK_MAX);
    buf_add_z(out, MESSAGE_MAGIC);
    buf_add_byte(out, MESSAGE_VERSION);
    buf_add_varint(out, head->capabilities);
    put_number(out, head->addressee, 5);
    put_number(out, head->stamp, 8);
    next_check(writer->check, buf_as_bytes(out));
}

void message_writer_done(MessageWriter *writer)
{
    buf_done(&writer->pack);
}

void message_put(MessageWriter *writer, uint8_t type, Bytes payload)
{
    Buf *out = writer->out;
    const size_t start = out->size;
    buf_add_byte(out, type);
    buf_add_varint(out, payload.size);
    buf_add(out, payload);
    if (out->is_over) return;
    next_check(writer->check, (Bytes){out->at + start, out->size - start});
    buf_add(out, (Bytes){writer->check, sizeof writer->check});
}

static ErrCode close_pack(MessageWriter *writer, uint8_t type, Err *err)
{
    AUTO(buf_done) Buf payload = {0};
    AUTO(buf_done) Buf small = {0};
    SqueezeWay way = SQUEEZE_NOT;
    Bytes bytes = buf_as_bytes(&writer->pack);
    TRY(buf_check(&writer->pack, err));
    if (bytes.size == 0) return OK;
    buf_init(&small, 2 * MESSAGE_PACK_MAX);
    buf_init(&payload, MESSAGE_PACK_MAX + HEAD_BYTES_MAX);
    if (writer->squeeze != NULL) {
        TRY(squeeze_bytes(writer->squeeze, bytes, &small, &way, err));
        bytes = buf_as_bytes(&small);
    }
    buf_add_byte(&payload, (uint8_t)way);
    buf_add(&payload, bytes);
    TRY(buf_check(&payload, err));
    message_put(writer, type, buf_as_bytes(&payload));
    buf_clear(&writer->pack);
    return buf_check(writer->out, err);
}

ErrCode message_end(MessageWriter *writer, uint64_t left, Err *err)
{
    AUTO(buf_done) Buf end = {0};
    if (left == 0 && writer->pack.size > 0) return close_pack(writer, SAID_LAST_PACK, err);
    buf_init(&end, 16);
    buf_add_varint(&end, left);
    TRY(message_pack(writer, SAID_END, buf_as_bytes(&end), err));
    return close_pack(writer, SAID_PACK, err);
}

ErrCode message_pack(MessageWriter *writer, uint8_t type, Bytes payload, Err *err)
{
    if (writer->pack.size > 0 && writer->pack.size + payload.size > MESSAGE_PACK)
        TRY(close_pack(writer, SAID_PACK, err));
    buf_add_byte(&writer->pack, type);
    buf_add_varint(&writer->pack, payload.size);
    buf_add(&writer->pack, payload);
    return buf_check(&writer->pack, err);
}

size_t message_size(const MessageWriter *writer)
{
    return writer->out->size + writer->pack.size;
}

/* ---- reading ---- */

ErrCode message_open(MessageReader *reader, Bytes bytes, Squeeze *squeeze, Err *err)
{
    Cursor rest = cursor_over(bytes);
    MessageReader opened = {.squeeze = squeeze, .size = bytes.size};
    const Bytes magic = cursor_bytes(&rest, sizeof MESSAGE_MAGIC - 1);
    if (magic.size == 0 || memcmp(magic.at, MESSAGE_MAGIC, magic.size) != 0)
        return err_set(err, ERR_INVALID, "this is no message of a node");
    const uint8_t version = cursor_byte(&rest);
    if (rest.why == NULL && version != MESSAGE_VERSION)
        return err_set(err, ERR_INVALID, "a message of layout %u, which this version cannot read",
                       version);
    opened.head.capabilities = cursor_varint(&rest);
    opened.head.addressee = cursor_number(&rest, 5);
    opened.head.stamp = cursor_number(&rest, 8);
    if (rest.why != NULL || opened.head.stamp > HLC_STAMP_MAX)
        return err_set(err, ERR_INVALID, "the head of the message is damaged");
    next_check(opened.check, (Bytes){bytes.at, bytes.size - rest.left});
    opened.rest = rest;
    opened.good_bytes = bytes.size - rest.left;
    buf_init(&opened.pack, MESSAGE_PACK_MAX);
    *reader = opened;
    return OK;
}

void message_reader_done(MessageReader *reader)
{
    buf_done(&reader->pack);
}

static ErrCode damaged(const char *why, Err *err)
{
    return err_set(err, ERR_CORRUPT, "%s", why);
}

static ErrCode next_whole(MessageReader *reader, MessageFrame *out_frame, Err *err)
{
    const uint8_t *start = reader->rest.at;
    Cursor rest = reader->rest;
    const uint8_t type = cursor_byte(&rest);
    const Bytes payload = cursor_bytes(&rest, cursor_varint(&rest));
    if (rest.why != NULL) return damaged("the message ends too early", err);
    const Bytes frame = {start, reader->rest.left - rest.left};
    uint8_t check[4] = {0};
    cursor_copy(&rest, check, sizeof check);
    if (rest.why != NULL) return damaged("the message ends too early", err);
    next_check(reader->check, frame);
    if (memcmp(check, reader->check, sizeof check) != 0)
        return damaged("a frame was damaged on the way", err);
    reader->rest = rest;
    reader->good_bytes = reader->size - rest.left;
    *out_frame = (MessageFrame){type, payload};
    return OK;
}

static ErrCode open_pack(MessageReader *reader, Bytes payload, Err *err)
{
    Cursor cursor = cursor_over(payload);
    const uint8_t way = cursor_byte(&cursor);
    if (cursor.why != NULL || cursor.left > MESSAGE_PACK_MAX)
        return damaged("a pack makes no sense", err);
    const Bytes bytes = {cursor.at, cursor.left};
    buf_clear(&reader->pack);
    if (way == SQUEEZE_NOT)
        buf_add(&reader->pack, bytes);
    else if (reader->squeeze == NULL)
        return damaged("a pack makes no sense", err);
    else
        TRY(unsqueeze_bytes(reader->squeeze, (SqueezeWay)way, bytes, MESSAGE_PACK_MAX,
                            &reader->pack, err));
    TRY(buf_check(&reader->pack, err));
    reader->packed = cursor_over(buf_as_bytes(&reader->pack));
    return OK;
}

static ErrCode next_packed(MessageReader *reader, MessageFrame *out_frame, Err *err)
{
    MessageFrame frame = {.type = cursor_byte(&reader->packed)};
    frame.payload = cursor_bytes(&reader->packed, cursor_varint(&reader->packed));
    if (reader->packed.why != NULL) return damaged("a pack makes no sense", err);
    *out_frame = frame;
    return OK;
}

ErrCode message_next(MessageReader *reader, MessageFrame *out_frame, bool *out_found, Err *err)
{
    static const uint8_t none_left[] = {0};
    MessageFrame frame = {SAID_PACK, {0}};
    while (reader->packed.left == 0 && !reader->is_last && frame.type == SAID_PACK) {
        *out_found = reader->rest.left > 0;
        if (!*out_found) return OK;
        TRY(next_whole(reader, &frame, err));
        reader->is_last = frame.type == SAID_LAST_PACK;
        if (frame.type == SAID_PACK || reader->is_last) TRY(open_pack(reader, frame.payload, err));
    }
    *out_found = true;
    if (reader->packed.left > 0) return next_packed(reader, out_frame, err);
    /* After the last pack it says that it is the end, too. */
    *out_frame = reader->is_last ? (MessageFrame){SAID_END, {none_left, sizeof none_left}} : frame;
    return OK;
}
