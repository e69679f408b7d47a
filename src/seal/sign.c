#include "seal/sign.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

static_assert(SIGN_SEED_SIZE == crypto_sign_ed25519_SEEDBYTES, "a seed is what the library takes");
static_assert(PUBLIC_KEY_SIZE == crypto_sign_ed25519_PUBLICKEYBYTES, "a public key fits");
static_assert(SIGNATURE_SIZE == crypto_sign_ed25519_BYTES, "a signature fits");
static_assert(sizeof(SigningKey) == crypto_sign_ed25519_SECRETKEYBYTES, "a secret key fits");

void signing_key_from_seed(SigningKey *out_key, const uint8_t seed[SIGN_SEED_SIZE])
{
    assert(out_key != NULL);
    assert(seed != NULL);
    uint8_t public_half[PUBLIC_KEY_SIZE]; /* the secret key ends with a copy of it */
    const int code = crypto_sign_ed25519_seed_keypair(public_half, out_key->secret, seed);
    assert(code == 0); /* every seed makes a key */
}

void signing_key_done(SigningKey *key)
{
    assert(key != NULL);
    sodium_memzero(key->secret, sizeof key->secret);
}

PublicKey signing_key_public(const SigningKey *key)
{
    assert(key != NULL);
    PublicKey public_key;
    memcpy(public_key.at, key->secret + SIGN_SEED_SIZE, sizeof public_key.at);
    return public_key;
}

Signature sign_bytes(const SigningKey *key, Bytes bytes)
{
    assert(key != NULL);
    assert(bytes.at != NULL || bytes.size == 0);
    Signature signature;
    const int code =
        crypto_sign_ed25519_detached(signature.at, NULL, bytes.at, bytes.size, key->secret);
    assert(code == 0);
    return signature;
}

bool signature_fits(const Signature *signature, const PublicKey *key, Bytes bytes)
{
    assert(signature != NULL);
    assert(key != NULL);
    return crypto_sign_ed25519_verify_detached(signature->at, bytes.at, bytes.size, key->at) == 0;
}

bool public_key_equal(const PublicKey *a, const PublicKey *b)
{
    return memcmp(a->at, b->at, sizeof a->at) == 0;
}
