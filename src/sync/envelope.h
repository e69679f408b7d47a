#pragma once
/*
 * envelope — what goes over a line between two nodes: a message, who says it, and a signature.
 *
 *     envelope := u8 version (1), u8 kind, 5 bytes sender, 16 bytes nonce, 64 bytes signature,
 *                 message
 *
 * The signature is over the words "tongpin line", kind, sender, addressee, nonce, what it answers
 * (the SHA-256 of the whole request; zero in a request) and the SHA-256 of the message. So neither
 * side takes a login page for the other node, whatever carries the bytes, and nobody in between can
 * say anything a second time:
 *
 *     GREETING  a request, with a nonce of the asking node's
 *     WELCOME   its answer: the nonce for the next request; the message is the digest of the key of
 *               the server's certificate, or empty
 *     ASK       a request: `message` is a question; its nonce is the one that was given last
 *     ANSWER    its answer: `message` is that of the session; its nonce is for the next request
 *
 * A nonce is good for one ASK. Each ANSWER brings the next one, so when nothing is new there is one
 * question and one answer. Whose nonce is not known (the server was started anew, an answer was
 * lost) is answered with WELCOME, and asks again.
 *
 *   Owns     nothing: an Envelope borrows the bytes it was read from.
 *   Threads  any.
 *   Errors   ERR_INVALID  these bytes are no envelope
 */
#include "base/buf.h"
#include "journal/stream.h"
#include "seal/hash.h"
#include "seal/sign.h"

#define NONCE_SIZE         16
#define ENVELOPE_HEAD_SIZE (2 + 5 + NONCE_SIZE + SIGNATURE_SIZE)

typedef enum EnvelopeKind {
    ENVELOPE_GREETING = 1,
    ENVELOPE_WELCOME = 2,
    ENVELOPE_ASK = 3,
    ENVELOPE_ANSWER = 4,
} EnvelopeKind;

typedef struct Nonce {
    uint8_t at[NONCE_SIZE];
} Nonce;

typedef struct Envelope {
    EnvelopeKind kind;
    uint64_t sender; /* a node's short name */
    Nonce nonce;
    Signature signature;
    Bytes message;
} Envelope;

/* What is signed with it, beside what stands in it. */
typedef struct EnvelopeTo {
    uint64_t addressee;
    Bytes answered; /* the request; empty in a request */
} EnvelopeTo;

/* Appends it, signed by this node. The signature of `envelope` is not looked at. */
void envelope_put(Buf *out, const Envelope *envelope, const EnvelopeTo *to, const SigningKey *key);

/* Its form only. */
MUST_USE ErrCode envelope_read(Bytes bytes, Envelope *out_envelope, Err *err);

/* By the node with this key, which is its sender, to us? */
bool envelope_is_signed(const Envelope *envelope, const EnvelopeTo *to, const PublicKey *key);
