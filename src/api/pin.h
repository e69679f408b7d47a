#pragma once
/*
 * pin — the digest of the key in a server's certificate, which other nodes pin.
 *
 *   Owns     nothing.
 *   Threads  any.
 *   Errors   ERR_INVALID  not a certificate in PEM
 */
#include "base/text.h"
#include "seal/hash.h"

/* The SHA-256 of the SubjectPublicKeyInfo of the first certificate. */
MUST_USE ErrCode pin_of(Bytes pem, Digest *out_pin, Err *err);
