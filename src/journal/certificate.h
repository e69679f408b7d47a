#pragma once
/*
 * certificate — a node's parent says who the node is, and for which scopes it may speak until when.
 *
 *     certificate := "TPC", u8 layout (1), u8 suite (1), 32 bytes key, 32 bytes sealing key,
 *                    u8 role, u8 size and name, warrant, u64 issued, u64 until (milliseconds
 *                    since 1970), 5 bytes issuer, 64 bytes signature of the issuer
 *
 * A chain of them leads to the root, whose key every node has pinned. The signature is over the
 * words "tongpin certificate" and the SHA-256 of all before it. Nothing in here needs a line: a
 * certificate travels by stick, as a picture, or in the journal.
 *
 *   Owns     nothing: a Certificate borrows the bytes it was read from.
 *   Bounds   CERTIFICATE_BYTES_MAX
 *   Errors   ERR_CORRUPT  not a certificate
 */
#include "journal/grant.h"
#include "journal/stream.h"
#include "seal/sign.h"

#define CERTIFICATE_NAME_MAX  100
#define CERTIFICATE_BYTES_MAX 600
#define CERTIFICATE_TEXT_MAX  (2 * CERTIFICATE_BYTES_MAX + 1)
#define SEALING_KEY_SIZE      32

typedef enum CertificateRole {
    CERTIFICATE_HQ = 1,  /* may certify others within its scopes */
    CERTIFICATE_BOX = 2, /* may not */
} CertificateRole;

typedef struct Certificate {
    PublicKey key;
    uint8_t sealing[SEALING_KEY_SIZE]; /* X25519: what is for this node alone is sealed to it */
    CertificateRole role;
    Text name;
    Warrant warrant;
    uint64_t issued_ms;
    uint64_t until_ms;
    uint64_t issuer; /* a node's short name */
    Signature signature;
    Bytes bytes; /* all of it, when it was read */
} Certificate;

/* Appends it, signed. `issuer` is the short name of the key's node. */
void certificate_put(Buf *out, const Certificate *certificate, const SigningKey *key);

/* Its form only: who signed it is for certificate_is_signed(). */
MUST_USE ErrCode certificate_read(Bytes bytes, Certificate *out_certificate, Err *err);

/* By the issuer it names, who has this key? */
bool certificate_is_signed(const Certificate *certificate, const PublicKey *issuer);
