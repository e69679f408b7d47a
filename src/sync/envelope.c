#include "sync/envelope.h"

#include <string.h>

#define VERSION      1
#define SIGNED_FOR   "tongpin line"
#define MESSAGE_SIZE (sizeof SIGNED_FOR - 1 + 1 + 5 + 5 + NONCE_SIZE + DIGEST_SIZE + DIGEST_SIZE)

static uint8_t *put_short(uint8_t *at, uint64_t node_short)
{
    for (int shift = 32; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(node_short >> shift);
    return at;
}

static void message_of(uint8_t out[MESSAGE_SIZE], const Envelope *envelope, const EnvelopeTo *to)
{
    uint8_t *at = out;
    const Digest digest = hash_of(envelope->message);
    Digest answered = {{0}};
    if (to->answered.size > 0) answered = hash_of(to->answered);
    memcpy(at, SIGNED_FOR, sizeof SIGNED_FOR - 1);
    at += sizeof SIGNED_FOR - 1;
    *at++ = (uint8_t)envelope->kind;
    at = put_short(at, envelope->sender);
    at = put_short(at, to->addressee);
    memcpy(at, envelope->nonce.at, NONCE_SIZE);
    memcpy(at + NONCE_SIZE, answered.at, DIGEST_SIZE);
    memcpy(at + NONCE_SIZE + DIGEST_SIZE, digest.at, DIGEST_SIZE);
}

void envelope_put(Buf *out, const Envelope *envelope, const EnvelopeTo *to, const SigningKey *key)
{
    uint8_t message[MESSAGE_SIZE];
    uint8_t sender[5];
    message_of(message, envelope, to);
    const Signature signature = sign_bytes(key, (Bytes){message, sizeof message});
    (void)put_short(sender, envelope->sender);
    buf_add_byte(out, VERSION);
    buf_add_byte(out, (uint8_t)envelope->kind);
    buf_add(out, (Bytes){sender, sizeof sender});
    buf_add(out, (Bytes){envelope->nonce.at, NONCE_SIZE});
    buf_add(out, (Bytes){signature.at, sizeof signature.at});
    buf_add(out, envelope->message);
}

ErrCode envelope_read(Bytes bytes, Envelope *out_envelope, Err *err)
{
    Cursor cursor = cursor_over(bytes);
    Envelope envelope = {0};
    if (cursor_byte(&cursor) != VERSION) cursor_refuse(&cursor, "not of this version");
    const uint8_t kind = cursor_byte(&cursor);
    if (kind < ENVELOPE_GREETING || kind > ENVELOPE_ANSWER)
        cursor_refuse(&cursor, "of a kind unknown here");
    envelope.kind = (EnvelopeKind)kind;
    envelope.sender = cursor_number(&cursor, 5);
    cursor_copy(&cursor, envelope.nonce.at, NONCE_SIZE);
    cursor_copy(&cursor, envelope.signature.at, SIGNATURE_SIZE);
    if (cursor_check(&cursor, err) != OK) {
        err->code = ERR_INVALID;
        return err_context(err, "this is nothing that a node says");
    }
    envelope.message = (Bytes){cursor.at, cursor.left};
    *out_envelope = envelope;
    return OK;
}

bool envelope_is_signed(const Envelope *envelope, const EnvelopeTo *to, const PublicKey *key)
{
    uint8_t message[MESSAGE_SIZE];
    if (node_short_of(key) != envelope->sender) return false;
    message_of(message, envelope, to);
    return signature_fits(&envelope->signature, key, (Bytes){message, sizeof message});
}
