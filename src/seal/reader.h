#pragma once
/*
 * reader — a text sealed so that only named readers can open it, and not the node that keeps it.
 *
 *     version 1 | count | count x (mark of the key, 8 | the text's own key, sealed to it, 80)
 *               | nonce, 24 | XChaCha20-Poly1305 of the padded text, bound to all before it
 *
 * Each text has a key of its own, drawn when it is sealed and forgotten at once. That key is
 * sealed to each reader's public key (X25519, as crypto_box_seal does). Texts are padded to
 * steps of 256 bytes, so that a short report does not look short.
 *
 *   Owns     nothing. A ReaderSecret is secret: end it with reader_secret_done().
 *   Threads  any.
 *   Bounds   READER_KEYS_MAX readers, READER_TEXT_MAX bytes of text
 *   Errors   ERR_DENIED   not sealed to this key, or sealed in a version that is not known
 *            ERR_CORRUPT  changed or cut
 *            ERR_INVALID  a text that is no key
 *            ERR_LIMIT    too many readers, too long, or the arena is full
 *   Source   libsodium: sealed boxes
 */
#include "base/arena.h"
#include "base/buf.h"
#include "seal/keyring.h"

#define READER_KEYS_MAX  12
#define READER_TEXT_MAX  2000
#define READER_KEY_SIZE  32
#define READER_STEP      256
#define READER_MARK_SIZE 8
#define READER_BOX_SIZE  80 /* an ephemeral public key, a tag, and 32 bytes */
#define READER_HEAD_SIZE 2
#define READER_NONCE     24
#define READER_TAG       16
#define READER_KEY_TEXT  65 /* 64 hexadecimal digits and a NUL */

/* The longest sealed text. */
#define ENVELOPE_BYTES_MAX                                                                      \
    (READER_HEAD_SIZE + READER_KEYS_MAX * (READER_MARK_SIZE + READER_BOX_SIZE) + READER_NONCE + \
     READER_TEXT_MAX + READER_STEP + READER_TAG)

typedef struct ReaderKey {
    uint8_t at[READER_KEY_SIZE];
} ReaderKey;

typedef struct ReaderSecret {
    uint8_t at[READER_KEY_SIZE];
} ReaderSecret;

void reader_make(const Host *host, ReaderKey *out_key, ReaderSecret *out_secret);
ReaderKey reader_key_of(const ReaderSecret *secret);
bool reader_key_is_good(const ReaderKey *key); /* false: of small order, everybody could read */
void reader_secret_done(ReaderSecret *secret);

/* 64 hexadecimal digits; both return `out`. */
const char *reader_key_write(const ReaderKey *key, char out[READER_KEY_TEXT]);
const char *reader_secret_write(const ReaderSecret *secret, char out[READER_KEY_TEXT]);

/* White space around is passed over. A key of small order is refused. */
MUST_USE ErrCode reader_key_parse(Text text, ReaderKey *out_key, Err *err);
MUST_USE ErrCode reader_secret_parse(Text text, ReaderSecret *out_secret, Err *err);

/* Adds the envelope to `out`. */
MUST_USE ErrCode envelope_seal(const Host *host, const ReaderKey *keys, size_t key_count,
                               Text plain, Buf *out, Err *err);

MUST_USE ErrCode envelope_open(const ReaderSecret *secret, Bytes envelope, Arena *arena,
                               Text *out_plain, Err *err);

/* How many readers an envelope has; 0 for what is none. */
size_t envelope_reader_count(Bytes envelope);
