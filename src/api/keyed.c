#include "api/keyed.h"

#include <string.h>

#include "seal/keyring.h"

#define BLOCK_SIZE 64

static Digest half(const uint8_t block[BLOCK_SIZE], uint8_t pad, Bytes message)
{
    uint8_t padded[BLOCK_SIZE];
    for (size_t i = 0; i < BLOCK_SIZE; i++)
        padded[i] = block[i] ^ pad;
    Hash hash;
    hash_init(&hash);
    hash_add(&hash, (Bytes){padded, sizeof padded});
    hash_add(&hash, message);
    const Digest digest = hash_result(&hash);
    secret_wipe(padded, sizeof padded);
    secret_wipe(&hash, sizeof hash);
    return digest;
}

Digest keyed_digest(Bytes key, Bytes message)
{
    uint8_t block[BLOCK_SIZE] = {0};
    if (key.size > BLOCK_SIZE) {
        const Digest shorter = hash_of(key);
        memcpy(block, shorter.at, sizeof shorter.at);
    } else if (key.size > 0) {
        memcpy(block, key.at, key.size);
    }
    const Digest inner = half(block, 0x36, message);
    const Digest outer = half(block, 0x5C, digest_bytes(&inner));
    secret_wipe(block, sizeof block);
    return outer;
}

bool keyed_equal(Bytes a, Bytes b)
{
    if (a.size != b.size) return false;
    uint8_t difference = 0;
    for (size_t i = 0; i < a.size; i++)
        difference |= (uint8_t)(a.at[i] ^ b.at[i]);
    return difference == 0;
}
