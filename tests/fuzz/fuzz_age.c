/*
 * fuzz_age — no sealed file crashes its reader, and what comes out does not depend on how the bytes
 * came in: whole, or in pieces of an odd size.
 *
 * The input is a sealed file, opened with the keys of the published vectors.
 */
#include <stdlib.h>
#include <string.h>

#include "seal/age.h"
#include "seal/hash.h"

#define INPUT_MAX ((size_t)256 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Feed {
    Bytes rest;
    size_t step;
} Feed;

static ErrCode feed(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    (void)err;
    Feed *from = context;
    size_t size = from->rest.size < most ? from->rest.size : most;
    if (size > from->step) size = from->step;
    if (size > 0) memcpy(out, from->rest.at, size);
    from->rest = (Bytes){from->rest.at + size, from->rest.size - size};
    *out_size = size;
    return OK;
}

static ErrCode open_all(Bytes file, size_t step, Digest *out_digest)
{
    const Text words =
        TEXT("AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0");
    Err err;
    AUTO(age_reader_done) AgeReader reader = {0};
    ReaderSecret secret;
    Feed from = {file, step};
    Hash hash;
    hash_init(&hash);
    if (age_secret_parse(words, &secret, &err) != OK) abort();
    const AgeWith with = {.secrets = &secret, .secret_count = 1};
    ErrCode code = age_open(&reader, &with, feed, &from, &err);
    while (code == OK) {
        Bytes piece;
        bool found = false;
        code = age_next(&reader, &piece, &found, &err);
        if (code != OK || !found) break;
        if (piece.size > AGE_CHUNK) abort();
        hash_add(&hash, piece);
    }
    *out_digest = hash_result(&hash);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Err err;
    Digest whole;
    Digest pieces;
    if (size > INPUT_MAX) return 0;
    if (seal_begin(&err) != OK) abort();
    const ErrCode code = open_all((Bytes){data, size}, INPUT_MAX, &whole);
    if (open_all((Bytes){data, size}, 7 + size % 4099, &pieces) != code) abort();
    if (!digest_equal(&whole, &pieces)) abort();
    return 0;
}
