#pragma once
/*
 * age_key — how the key of a sealed file stands in its header: wrapped to a reader or passphrase.
 *
 *   Owns     nothing: keys are the caller's, who wipes them.
 *   Threads  any.
 *   Errors   those of seal/age.h
 */
#include "seal/age.h"

#define AGE_FILE_KEY    16
#define AGE_WRAPPED     (AGE_FILE_KEY + AGE_TAG)
#define AGE_SALT        16
#define AGE_MAC         32
#define AGE_NONCE       16
#define AGE_VERSION     "age-encryption.org/v1"
#define AGE_TYPE_X25519 "X25519"
#define AGE_TYPE_SCRYPT "scrypt"
#define AGE_TYPE_LABEL  "tongpin"

typedef struct AgeFileKey {
    uint8_t at[AGE_FILE_KEY];
} AgeFileKey;

/* To a reader: its share is made with a secret drawn for this one file. False for a key of small
 * order. */
bool age_wrap(const AgeFileKey *file_key, const ReaderKey *to, const ReaderSecret *ephemeral,
              ReaderKey *out_share, uint8_t out_body[AGE_WRAPPED]);

/* *out_fits is false when it is for somebody else. ERR_CORRUPT for a share of small order. */
MUST_USE ErrCode age_unwrap(const ReaderSecret *secret, const ReaderKey *share,
                            const uint8_t body[AGE_WRAPPED], bool *out_fits, AgeFileKey *out_key,
                            Err *err);

MUST_USE ErrCode age_wrap_passphrase(const AgeFileKey *file_key, Text passphrase,
                                     const uint8_t salt[AGE_SALT], unsigned work,
                                     uint8_t out_body[AGE_WRAPPED], Err *err);
MUST_USE ErrCode age_unwrap_passphrase(Text passphrase, const uint8_t salt[AGE_SALT], unsigned work,
                                       const uint8_t body[AGE_WRAPPED], bool *out_fits,
                                       AgeFileKey *out_key, Err *err);

/* Of the header up to its last dash. */
void age_mac(const AgeFileKey *file_key, Bytes header, uint8_t out[AGE_MAC]);

void age_payload_key(const AgeFileKey *file_key, const uint8_t nonce[AGE_NONCE],
                     uint8_t out[KEY_BYTES]);

/* One chunk, with its place and whether it is the last. `out` has room for AGE_TAG more. */
void age_seal_chunk(const uint8_t key[KEY_BYTES], uint64_t number, bool is_last, Bytes plain,
                    uint8_t *out);
bool age_open_chunk(const uint8_t key[KEY_BYTES], uint64_t number, bool is_last, Bytes sealed,
                    uint8_t *out);
