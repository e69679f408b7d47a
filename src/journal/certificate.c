#include "journal/certificate.h"

#include <assert.h>
#include <string.h>

#include "journal/segment.h"
#include "seal/hash.h"

#define MAGIC        "TPC"
#define LAYOUT       1
#define SIGNED_FOR   "tongpin certificate"
#define MESSAGE_SIZE (sizeof SIGNED_FOR - 1 + DIGEST_SIZE)

static void message_of(uint8_t out[MESSAGE_SIZE], Bytes bytes)
{
    const Digest digest = hash_of(bytes);
    memcpy(out, SIGNED_FOR, sizeof SIGNED_FOR - 1);
    memcpy(out + sizeof SIGNED_FOR - 1, digest.at, sizeof digest.at);
}

static void put_number(Buf *buf, uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        buf_add_byte(buf, (uint8_t)(number >> shift));
}

void certificate_put(Buf *out, const Certificate *certificate, const SigningKey *key)
{
    assert(certificate->name.size > 0 && certificate->name.size <= CERTIFICATE_NAME_MAX);
    const size_t start = out->size;
    const PublicKey issuer = signing_key_public(key);
    buf_add(out, bytes_of(TEXT(MAGIC)));
    buf_add_byte(out, LAYOUT);
    buf_add_byte(out, SUITE_ED25519_SHA256);
    buf_add(out, (Bytes){certificate->key.at, PUBLIC_KEY_SIZE});
    buf_add(out, (Bytes){certificate->sealing, SEALING_KEY_SIZE});
    buf_add_byte(out, (uint8_t)certificate->role);
    buf_add_byte(out, (uint8_t)certificate->name.size);
    buf_add(out, bytes_of(certificate->name));
    warrant_put(out, &certificate->warrant);
    put_number(out, certificate->issued_ms, 8);
    put_number(out, certificate->until_ms, 8);
    put_number(out, node_short_of(&issuer), 5);
    if (out->is_over) return;
    uint8_t message[MESSAGE_SIZE];
    message_of(message, (Bytes){out->at + start, out->size - start});
    const Signature signature = sign_bytes(key, (Bytes){message, sizeof message});
    buf_add(out, (Bytes){signature.at, sizeof signature.at});
}

static void get_head(Cursor *cursor)
{
    const Bytes magic = cursor_bytes(cursor, sizeof MAGIC - 1);
    if (cursor->why == NULL && !bytes_equal(magic, bytes_of(TEXT(MAGIC))))
        cursor_refuse(cursor, "this is no certificate");
    if (cursor_byte(cursor) != LAYOUT) cursor_refuse(cursor, "a certificate of a later version");
    if (cursor_byte(cursor) != SUITE_ED25519_SHA256)
        cursor_refuse(cursor, "a certificate signed in a way unknown here");
}

static void get_name(Cursor *cursor, Certificate *certificate)
{
    Err err;
    const uint8_t size = cursor_byte(cursor);
    if (size == 0 || size > CERTIFICATE_NAME_MAX) cursor_refuse(cursor, "no name");
    const Bytes name = cursor_bytes(cursor, size);
    if (cursor->why == NULL && text_from_bytes(name, &certificate->name, &err) != OK)
        cursor_refuse(cursor, "the name is no text");
}

static void get_rest(Cursor *cursor, Certificate *certificate)
{
    const uint8_t role = cursor_byte(cursor);
    if (role != CERTIFICATE_HQ && role != CERTIFICATE_BOX)
        cursor_refuse(cursor, "a role unknown here");
    certificate->role = (CertificateRole)role;
    get_name(cursor, certificate);
    certificate->warrant = warrant_get(cursor);
    certificate->issued_ms = cursor_number(cursor, 8);
    certificate->until_ms = cursor_number(cursor, 8);
    certificate->issuer = cursor_number(cursor, 5);
    if (certificate->until_ms <= certificate->issued_ms)
        cursor_refuse(cursor, "it ends before it begins");
}

ErrCode certificate_read(Bytes bytes, Certificate *out_certificate, Err *err)
{
    Cursor cursor = cursor_over(bytes);
    Certificate certificate = {.bytes = bytes};
    get_head(&cursor);
    cursor_copy(&cursor, certificate.key.at, PUBLIC_KEY_SIZE);
    cursor_copy(&cursor, certificate.sealing, SEALING_KEY_SIZE);
    get_rest(&cursor, &certificate);
    cursor_copy(&cursor, certificate.signature.at, SIGNATURE_SIZE);
    if (cursor.left > 0) cursor_refuse(&cursor, "something follows the certificate");
    TRY(cursor_check(&cursor, err));
    *out_certificate = certificate;
    return OK;
}

bool certificate_is_signed(const Certificate *certificate, const PublicKey *issuer)
{
    uint8_t message[MESSAGE_SIZE];
    const Bytes bytes = certificate->bytes;
    if (bytes.size <= SIGNATURE_SIZE || node_short_of(issuer) != certificate->issuer) return false;
    message_of(message, (Bytes){bytes.at, bytes.size - SIGNATURE_SIZE});
    return signature_fits(&certificate->signature, issuer, (Bytes){message, sizeof message});
}
