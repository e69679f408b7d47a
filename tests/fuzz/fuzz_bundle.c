/*
 * fuzz_bundle — no bytes crash the verifier, what it says is consistent, and nothing but a file
 * signed by the one key it trusts is ever called good.
 *
 * The input is a bundle. With its first byte odd (a good one begins with 'T', which is even) the
 * frame checks of the rest are put right first, so that what lies behind them is reached.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "journal/proof.h"

#define ROOM ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(Bytes file)
{
    /* The key of the seed of 32 bytes 01, which no fuzzer has: that of the golden bundle. */
    static const PublicKey writer = {{0x8a, 0x88, 0xe3, 0xdd, 0x74, 0x09, 0xf1, 0x95,
                                      0xfd, 0x52, 0xdb, 0x2d, 0x3c, 0xba, 0x5d, 0x72,
                                      0xca, 0x67, 0x09, 0xbf, 0x1d, 0x94, 0x12, 0x1b,
                                      0xf3, 0x74, 0x88, 0x01, 0xb4, 0x0f, 0x6f, 0x5c}};
    const Trust trust = {.keys = &writer, .key_count = 1};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ROOM);
    BundleReport report;
    Err err;
    const ErrCode code = bundle_verify(file, &trust, &arena, &report, &err);
    if (report.good_bytes > file.size) abort();
    if (code == OK && report.fault.kind != FAULT_NONE) abort();
    if (code == OK && !public_key_equal(&report.writer, &writer)) abort();
    if (code == ERR_CORRUPT && report.fault.kind == FAULT_NONE) abort();
    if (report.fault.first_bad > report.fault.last_bad) abort();
}

/* The same frames with their checks made to fit, as far as they can be cut out. */
static void mend(Bytes file, Buf *out)
{
    buf_add_z(out, BUNDLE_MAGIC);
    buf_add_byte(out, BUNDLE_VERSION);
    size_t at = BUNDLE_HEADER_SIZE;
    while (at + FRAME_HEADER_SIZE + FRAME_CHECK_SIZE <= file.size) {
        Cursor cursor = cursor_over((Bytes){file.at + at, file.size - at});
        const uint8_t type = cursor_byte(&cursor);
        const uint64_t wanted = cursor_number(&cursor, FRAME_HEADER_SIZE - 1);
        const size_t there = cursor.left - FRAME_CHECK_SIZE;
        const size_t payload_size = wanted < there ? (size_t)wanted : there;
        frame_put(out, type, (Bytes){cursor.at, payload_size});
        at += FRAME_HEADER_SIZE + payload_size + FRAME_CHECK_SIZE;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > ROOM / 2) return 0;
    const Bytes file = {data, size};
    if ((data[0] & 1) == 0) {
        verify(file);
        return 0;
    }
    AUTO(buf_done) Buf mended = {0};
    buf_init(&mended, ROOM);
    mend(file, &mended);
    verify(buf_as_bytes(&mended));
    return 0;
}
