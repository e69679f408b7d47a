#include "seal/hash.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

static_assert(sizeof(Hash) >= sizeof(crypto_hash_sha256_state), "the library's state fits");
static_assert(DIGEST_SIZE == crypto_hash_sha256_BYTES, "a digest is what the library makes");

/* The library's state lives in our bytes; it is copied out and in, so that no type is punned. */
static crypto_hash_sha256_state state_of(const Hash *hash)
{
    crypto_hash_sha256_state state;
    memcpy(&state, hash->state, sizeof state);
    return state;
}

static void keep_state(Hash *hash, const crypto_hash_sha256_state *state)
{
    memcpy(hash->state, state, sizeof *state);
}

Digest hash_of(Bytes bytes)
{
    assert(bytes.at != NULL || bytes.size == 0);
    Digest digest;
    crypto_hash_sha256(digest.at, bytes.at, bytes.size);
    return digest;
}

void hash_init(Hash *hash)
{
    assert(hash != NULL);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    keep_state(hash, &state);
}

void hash_add(Hash *hash, Bytes bytes)
{
    assert(hash != NULL);
    if (bytes.size == 0) return;
    crypto_hash_sha256_state state = state_of(hash);
    crypto_hash_sha256_update(&state, bytes.at, bytes.size);
    keep_state(hash, &state);
}

Digest hash_result(const Hash *hash)
{
    assert(hash != NULL);
    crypto_hash_sha256_state state = state_of(hash);
    Digest digest;
    crypto_hash_sha256_final(&state, digest.at);
    return digest;
}

bool digest_equal(const Digest *a, const Digest *b)
{
    return memcmp(a->at, b->at, sizeof a->at) == 0; /* nothing here is secret */
}

Bytes digest_bytes(const Digest *digest)
{
    return (Bytes){.at = digest->at, .size = sizeof digest->at};
}

const char *digest_write(const Digest *digest, char out[DIGEST_TEXT_MAX])
{
    bytes_to_hex(digest_bytes(digest), out);
    return out;
}
