#pragma once
/*
 * keyed — a digest that only who has the key can make: HMAC-SHA256.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Source   RFC 2104, FIPS 198-1
 */
#include "seal/hash.h"

Digest keyed_digest(Bytes key, Bytes message);

/* Compares without telling by its time where two texts differ. */
bool keyed_equal(Bytes a, Bytes b);
