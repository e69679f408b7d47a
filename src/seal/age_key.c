#include "seal/age_key.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "seal/bech32.h"

#define KEY_NAME    "age"
#define SECRET_NAME "age-secret-key-"
#define NONCE_SIZE  12
#define SCRYPT_R    8

static_assert(AGE_KEY_TEXT_MAX >= BECH32_TEXT_MAX, "a key's word");
static_assert(NONCE_SIZE == crypto_aead_chacha20poly1305_ietf_NPUBBYTES, "the nonce");
static_assert(AGE_TAG == crypto_aead_chacha20poly1305_ietf_ABYTES, "the tag");
static_assert(KEY_BYTES == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "the key");
static_assert(AGE_MAC == crypto_auth_hmacsha256_BYTES, "the header's code");
static_assert(KEY_BYTES == crypto_auth_hmacsha256_BYTES, "one block of derivation is a key");

/* ---- Keys as words ---- */

const char *age_key_write(const ReaderKey *key, char out[AGE_KEY_TEXT_MAX])
{
    return bech32_write(KEY_NAME, key->at, out);
}

const char *age_secret_write(const ReaderSecret *secret, char out[AGE_KEY_TEXT_MAX])
{
    bech32_write(SECRET_NAME, secret->at, out);
    for (size_t i = 0; out[i] != '\0'; i++)
        if (out[i] >= 'a' && out[i] <= 'z') out[i] = (char)(out[i] - 32);
    return out;
}

ErrCode age_key_parse(Text text, ReaderKey *out_key, Err *err)
{
    ReaderKey key;
    TRY(bech32_parse(text_trim(text), KEY_NAME, key.at, err));
    if (!reader_key_is_good(&key))
        return err_set(err, ERR_INVALID, "to this key everybody could read: it is none");
    *out_key = key;
    return OK;
}

ErrCode age_secret_parse(Text text, ReaderSecret *out_secret, Err *err)
{
    return bech32_parse(text_trim(text), SECRET_NAME, out_secret->at, err);
}

/* ---- Derivation: HKDF-SHA-256 (RFC 5869) of one block, made of HMAC ---- */

static void derive(Bytes secret, Bytes salt, const char *purpose, uint8_t out[KEY_BYTES])
{
    static const uint8_t one = 1;
    uint8_t drawn[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, salt.at, salt.size);
    crypto_auth_hmacsha256_update(&state, secret.at, secret.size);
    crypto_auth_hmacsha256_final(&state, drawn);
    crypto_auth_hmacsha256_init(&state, drawn, sizeof drawn);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_update(&state, &one, 1);
    crypto_auth_hmacsha256_final(&state, out);
    secret_wipe(drawn, sizeof drawn);
    secret_wipe(&state, sizeof state);
}

static void seal_key(const AgeFileKey *file_key, const uint8_t wrapping[KEY_BYTES],
                     uint8_t out[AGE_WRAPPED])
{
    static const uint8_t nonce[NONCE_SIZE] = {0}; /* the wrapping key is used once */
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, file_key->at, AGE_FILE_KEY, NULL, 0, NULL,
                                              nonce, wrapping);
}

static bool open_key(const uint8_t body[AGE_WRAPPED], const uint8_t wrapping[KEY_BYTES],
                     AgeFileKey *out_key)
{
    static const uint8_t nonce[NONCE_SIZE] = {0};
    return crypto_aead_chacha20poly1305_ietf_decrypt(out_key->at, NULL, NULL, body, AGE_WRAPPED,
                                                     NULL, 0, nonce, wrapping) == 0;
}

/* ---- To a reader ---- */

/* False for a point of small order. */
static bool agree(const uint8_t *secret, const uint8_t *point, const ReaderKey *share,
                  const ReaderKey *to, uint8_t out[KEY_BYTES])
{
    uint8_t shared[crypto_scalarmult_BYTES];
    uint8_t salt[2 * READER_KEY_SIZE];
    const bool is_good = crypto_scalarmult(shared, secret, point) == 0;
    memcpy(salt, share->at, READER_KEY_SIZE);
    memcpy(salt + READER_KEY_SIZE, to->at, READER_KEY_SIZE);
    if (is_good)
        derive((Bytes){shared, sizeof shared}, (Bytes){salt, sizeof salt},
               AGE_VERSION "/" AGE_TYPE_X25519, out);
    secret_wipe(shared, sizeof shared);
    return is_good;
}

bool age_wrap(const AgeFileKey *file_key, const ReaderKey *to, const ReaderSecret *ephemeral,
              ReaderKey *out_share, uint8_t out_body[AGE_WRAPPED])
{
    uint8_t wrapping[KEY_BYTES];
    *out_share = reader_key_of(ephemeral);
    const bool is_good = agree(ephemeral->at, to->at, out_share, to, wrapping);
    if (is_good) seal_key(file_key, wrapping, out_body);
    secret_wipe(wrapping, sizeof wrapping);
    return is_good;
}

ErrCode age_unwrap(const ReaderSecret *secret, const ReaderKey *share,
                   const uint8_t body[AGE_WRAPPED], bool *out_fits, AgeFileKey *out_key, Err *err)
{
    uint8_t wrapping[KEY_BYTES];
    const ReaderKey own = reader_key_of(secret);
    if (!agree(secret->at, share->at, share, &own, wrapping))
        return err_set(err, ERR_CORRUPT, "this file is sealed in a way that hides nothing");
    *out_fits = open_key(body, wrapping, out_key);
    secret_wipe(wrapping, sizeof wrapping);
    return OK;
}

/* ---- To a passphrase ---- */

static ErrCode stretch(Text passphrase, const uint8_t salt[AGE_SALT], unsigned work,
                       uint8_t out[KEY_BYTES], Err *err)
{
    static const char purpose[] = AGE_VERSION "/" AGE_TYPE_SCRYPT;
    uint8_t salted[sizeof purpose - 1 + AGE_SALT];
    assert(work > 0 && work <= AGE_WORK_MAX);
    memcpy(salted, purpose, sizeof purpose - 1);
    memcpy(salted + sizeof purpose - 1, salt, AGE_SALT);
    if (crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)passphrase.at, passphrase.size,
                                              salted, sizeof salted, UINT64_C(1) << work, SCRYPT_R,
                                              1, out, KEY_BYTES) == 0)
        return OK;
    return err_set(err, ERR_LIMIT, "the memory for this passphrase is not there: %u MiB",
                   1U << (work - 10U));
}

ErrCode age_wrap_passphrase(const AgeFileKey *file_key, Text passphrase,
                            const uint8_t salt[AGE_SALT], unsigned work,
                            uint8_t out_body[AGE_WRAPPED], Err *err)
{
    uint8_t wrapping[KEY_BYTES];
    TRY(stretch(passphrase, salt, work, wrapping, err));
    seal_key(file_key, wrapping, out_body);
    secret_wipe(wrapping, sizeof wrapping);
    return OK;
}

ErrCode age_unwrap_passphrase(Text passphrase, const uint8_t salt[AGE_SALT], unsigned work,
                              const uint8_t body[AGE_WRAPPED], bool *out_fits, AgeFileKey *out_key,
                              Err *err)
{
    uint8_t wrapping[KEY_BYTES];
    TRY(stretch(passphrase, salt, work, wrapping, err));
    *out_fits = open_key(body, wrapping, out_key);
    secret_wipe(wrapping, sizeof wrapping);
    return OK;
}

/* ---- Header and chunks ---- */

void age_mac(const AgeFileKey *file_key, Bytes header, uint8_t out[AGE_MAC])
{
    uint8_t key[KEY_BYTES];
    derive((Bytes){file_key->at, AGE_FILE_KEY}, bytes_of(TEXT("")), "header", key);
    crypto_auth_hmacsha256(out, header.at, header.size, key);
    secret_wipe(key, sizeof key);
}

void age_payload_key(const AgeFileKey *file_key, const uint8_t nonce[AGE_NONCE],
                     uint8_t out[KEY_BYTES])
{
    derive((Bytes){file_key->at, AGE_FILE_KEY}, (Bytes){nonce, AGE_NONCE}, "payload", out);
}

/* The number of the chunk in eleven bytes, and whether it is the last. */
static void nonce_of(uint64_t number, bool is_last, uint8_t out[NONCE_SIZE])
{
    memset(out, 0, NONCE_SIZE);
    for (size_t i = 0; i < sizeof number; i++)
        out[NONCE_SIZE - 2 - i] = (uint8_t)(number >> (8 * i));
    out[NONCE_SIZE - 1] = is_last ? 1 : 0;
}

void age_seal_chunk(const uint8_t key[KEY_BYTES], uint64_t number, bool is_last, Bytes plain,
                    uint8_t *out)
{
    uint8_t nonce[NONCE_SIZE];
    nonce_of(number, is_last, nonce);
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain.at, plain.size, NULL, 0, NULL, nonce,
                                              key);
}

bool age_open_chunk(const uint8_t key[KEY_BYTES], uint64_t number, bool is_last, Bytes sealed,
                    uint8_t *out)
{
    uint8_t nonce[NONCE_SIZE];
    assert(sealed.size >= AGE_TAG);
    nonce_of(number, is_last, nonce);
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.at, sealed.size, NULL,
                                                     0, nonce, key) == 0;
}
