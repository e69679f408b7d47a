#pragma once
/*
 * hash — SHA-256, of bytes that are all there or that come piece by piece.
 *
 *   Owns     nothing: Digest and Hash are values. A Hash holds no secret worth erasing unless it
 *            was fed one.
 *   Threads  any; one Hash belongs to one thread at a time.
 *   Source   FIPS 180-4
 */
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define DIGEST_SIZE     32
#define DIGEST_TEXT_MAX 65 /* 64 digits and a NUL */

typedef struct Digest {
    uint8_t at[DIGEST_SIZE];
} Digest;

typedef struct Hash {
    alignas(8) uint8_t state[104]; /* what the library keeps between two pieces */
} Hash;

Digest hash_of(Bytes bytes);

void hash_init(Hash *hash);
void hash_add(Hash *hash, Bytes bytes);

/* What has been added so far; more may be added afterwards. */
Digest hash_result(const Hash *hash);

bool digest_equal(const Digest *a, const Digest *b);
Bytes digest_bytes(const Digest *digest);

/* Writes 64 hexadecimal digits; returns `out`. */
const char *digest_write(const Digest *digest, char out[DIGEST_TEXT_MAX]);
