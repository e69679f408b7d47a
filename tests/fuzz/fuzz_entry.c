/*
 * fuzz_entry — any bytes are refused, or are an entry whose encoding is those same bytes.
 *
 * The input: one byte of choices, two bytes size of the chained part, the chained part, the body.
 */
#include <assert.h>
#include <stdlib.h>

#include "journal/entry.h"

#define INPUT_HEAD 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const Entry *entry, const StreamName *stream, uint64_t previous,
                        Bytes chained, Bytes body)
{
    AUTO(buf_done) Buf chained_again = {0};
    AUTO(buf_done) Buf body_again = {0};
    buf_init(&chained_again, ENTRY_BYTES_MAX);
    buf_init(&body_again, ENTRY_BODY_BYTES_MAX);
    Err err;
    const ErrCode code = entry_encode(entry, stream, previous, &chained_again, &body_again, &err);
    if (code != OK) abort();
    if (!bytes_equal(buf_as_bytes(&chained_again), chained)) abort();
    if (!bytes_equal(buf_as_bytes(&body_again), body)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < INPUT_HEAD) return 0;
    const StreamName stream = {.node_short = UINT64_C(0x6A3803D5F0), .epoch = data[0] & 3U};
    const uint64_t previous = (data[0] & 4U) != 0 ? UINT64_C(7353571739648000) : 0;
    size_t chained_size = (size_t)data[1] << 8 | data[2];
    if (chained_size > size - INPUT_HEAD) chained_size = size - INPUT_HEAD;
    const Bytes chained = {data + INPUT_HEAD, chained_size};

    Entry entry;
    Err err;
    if (entry_decode(chained, (Bytes){0}, &stream, previous, &entry, &err) != OK) return 0;
    check_again(&entry, &stream, previous, chained, (Bytes){0});
    if (!entry.is_personal) return 0;

    /* A body of the fuzzer's choice: commit to it, so that what is in it is reached. */
    const Bytes body = {chained.at + chained_size, size - INPUT_HEAD - chained_size};
    if (body.size == 0 || body.size > ENTRY_BODY_BYTES_MAX) return 0;
    entry.commitment = hash_of(body);
    if (entry_decode_body(&entry, body, &stream, &err) != OK) return 0;
    AUTO(buf_done) Buf committed = {0};
    buf_init(&committed, ENTRY_BYTES_MAX);
    buf_add(&committed, (Bytes){chained.at, chained_size - DIGEST_SIZE});
    buf_add(&committed, digest_bytes(&entry.commitment));
    check_again(&entry, &stream, previous, buf_as_bytes(&committed), body);
    return 0;
}
