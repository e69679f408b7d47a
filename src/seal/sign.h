#pragma once
/*
 * sign — Ed25519 signatures: who wrote these bytes, checkable by anyone who knows the public key.
 *
 * A key is made from a 32-byte seed that the caller draws (host) or reads from its key file; there
 * is no randomness in here, and the same key signs the same bytes with the same signature.
 *
 *   Owns     nothing on the heap. A SigningKey is secret: end it with signing_key_done().
 *   Threads  any.
 *   Source   RFC 8032. A signature whose S is not below the group's order, and a public key or R
 *            of small order, are refused, so nobody can alter a signature and have it still fit.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define SIGN_SEED_SIZE  32
#define PUBLIC_KEY_SIZE 32
#define SIGNATURE_SIZE  64

typedef struct PublicKey {
    uint8_t at[PUBLIC_KEY_SIZE];
} PublicKey;

typedef struct Signature {
    uint8_t at[SIGNATURE_SIZE];
} Signature;

typedef struct SigningKey {
    uint8_t secret[64]; /* the seed, then the public key */
} SigningKey;

void signing_key_from_seed(SigningKey *out_key, const uint8_t seed[SIGN_SEED_SIZE]);

/* Erases the secret from memory. Safe twice and on an empty key. */
void signing_key_done(SigningKey *key);

PublicKey signing_key_public(const SigningKey *key);

Signature sign_bytes(const SigningKey *key, Bytes bytes);

bool signature_fits(const Signature *signature, const PublicKey *key, Bytes bytes);

bool public_key_equal(const PublicKey *a, const PublicKey *b);
