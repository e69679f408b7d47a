/*
 * fuzz_message — no bytes crash the reader of messages, and what it reads can be written again.
 *
 * The input is a message. With its first byte odd (a good one begins with 'T', which is even) the
 * checks of the rest are put right first, so that what lies behind them is reached. Entries in it
 * are unpacked, and what comes out is packed and unpacked again: the same.
 */
#include <stdlib.h>
#include <string.h>

#include "sync/lean.h"
#include "sync/message.h"

#define ROOM ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static void unpack(Bytes lean_bytes)
{
    AUTO(buf_done) Buf items = {0};
    AUTO(buf_done) Buf packed = {0};
    AUTO(buf_done) Buf again = {0};
    const StreamName stream = {.node_short = 5};
    Lean lean;
    Err err;
    buf_init(&items, ROOM);
    buf_init(&packed, 4 * ROOM);
    buf_init(&again, ROOM);
    lean_begin(&lean, &stream, 4096);
    if (lean_to_items(&lean, lean_bytes, &items, &err) != OK) return;
    lean_begin(&lean, &stream, 4096);
    demand(lean_from_items(&lean, buf_as_bytes(&items), &packed, &err) == OK);
    lean_begin(&lean, &stream, 4096);
    demand(lean_to_items(&lean, buf_as_bytes(&packed), &again, &err) == OK);
    demand(bytes_equal(buf_as_bytes(&items), buf_as_bytes(&again)));
}

static void read_all(Bytes bytes, Squeeze *squeeze)
{
    MessageReader reader;
    Err err;
    if (message_open(&reader, bytes, squeeze, &err) != OK) return;
    for (;;) {
        MessageFrame frame;
        bool found = false;
        if (message_next(&reader, &frame, &found, &err) != OK || !found) break;
        demand(reader.good_bytes <= bytes.size);
        if (frame.type == SAID_RUN) unpack(frame.payload);
        if (frame.type == SAID_END) break;
    }
    message_reader_done(&reader);
}

/* The same frames with checks that fit, as far as they can be cut out. */
static void mend(Bytes input, Buf *out)
{
    MessageWriter writer;
    const MessageHead head = {.addressee = 5};
    Cursor rest = cursor_over(input);
    message_begin(&writer, out, &head, NULL);
    while (rest.left > 0) {
        const uint8_t type = cursor_byte(&rest);
        const uint64_t size = cursor_varint(&rest);
        if (rest.why != NULL) break;
        message_put(&writer, type, cursor_bytes(&rest, size < rest.left ? size : rest.left));
    }
    message_writer_done(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Squeeze *squeeze;
    Err err;
    if (size == 0 || size > ROOM / 4) return 0;
    if (squeeze == NULL) demand(squeeze_open(&squeeze, &err) == OK);
    if ((data[0] & 1) == 0) {
        read_all((Bytes){data, size}, squeeze);
        return 0;
    }
    AUTO(buf_done) Buf mended = {0};
    buf_init(&mended, ROOM);
    mend((Bytes){data + 1, size - 1}, &mended);
    read_all(buf_as_bytes(&mended), squeeze);
    return 0;
}
