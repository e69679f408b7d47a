#pragma once
/*
 * field — one text sealed so that only a node with the key reads it, and a blind way to find it.
 *
 *     version 1 | key epoch, 4 bytes big-endian | nonce, 24 | XChaCha20-Poly1305 of the padded text
 *
 * The place a text stands in (kind, field, thing) is bound to it: moved elsewhere it does not
 * open. Texts are padded to steps of 32 bytes, so their length tells little.
 *
 * The index of a text is keyed and of its own for each column: equal texts of one column have
 * equal indexes, and nobody without the key can try all phone numbers. Sixty-four bits of it are
 * kept, so equality is a hint that opening the fields settles.
 *
 *   Owns     nothing.
 *   Bounds   TEXT_SEALED_MAX bytes of text
 *   Errors   ERR_CORRUPT  changed, cut, from another place, or sealed with another key
 *            ERR_DENIED   sealed with a key of an epoch that this node does not hold
 *            ERR_LIMIT    too long, or the arena is full
 */
#include "base/id.h"
#include "seal/keyring.h"

#define TEXT_SEALED_MAX   4000
#define FIELD_VERSION     1
#define FIELD_HEADER_SIZE 29 /* version, epoch, nonce */
#define FIELD_STEP        32
#define FIELD_TAG_SIZE    16

typedef struct FieldPlace {
    uint32_t kind;  /* the number of a KindCode */
    uint32_t field; /* its number within the kind */
    Id thing;
} FieldPlace;

/* Adds the sealed bytes to `out`. */
MUST_USE ErrCode field_seal(const Keyring *keyring, const Host *host, FieldPlace place, Text plain,
                            Buf *out, Err *err);

MUST_USE ErrCode field_open(const Keyring *keyring, FieldPlace place, Bytes sealed, Arena *arena,
                            Text *out_plain, Err *err);

/* The blind index of a value that was brought into its one written form before. */
int64_t field_index(const Keyring *keyring, uint32_t kind, uint32_t field, Text normalised);
