#include "seal/reader.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define VERSION    1
#define ENTRY_SIZE ((size_t)(READER_MARK_SIZE + READER_BOX_SIZE))
#define PADDED_MAX ((size_t)(READER_TEXT_MAX + READER_STEP))

static_assert(READER_KEY_SIZE == crypto_box_PUBLICKEYBYTES, "a public key");
static_assert(READER_KEY_SIZE == crypto_box_SECRETKEYBYTES, "a secret key");
static_assert(READER_BOX_SIZE == crypto_box_SEALBYTES + KEY_BYTES, "a sealed key");
static_assert(READER_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the nonce");
static_assert(READER_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the tag");

/* ---- Keys ---- */

ReaderKey reader_key_of(const ReaderSecret *secret)
{
    ReaderKey key;
    const int failed = crypto_scalarmult_base(key.at, secret->at);
    assert(failed == 0);
    return key;
}

void reader_make(const Host *host, ReaderKey *out_key, ReaderSecret *out_secret)
{
    host_random(host, out_secret->at, sizeof out_secret->at);
    *out_key = reader_key_of(out_secret);
}

void reader_secret_done(ReaderSecret *secret)
{
    secret_wipe(secret->at, sizeof secret->at);
}

const char *reader_key_write(const ReaderKey *key, char out[READER_KEY_TEXT])
{
    return sodium_bin2hex(out, READER_KEY_TEXT, key->at, sizeof key->at);
}

const char *reader_secret_write(const ReaderSecret *secret, char out[READER_KEY_TEXT])
{
    return sodium_bin2hex(out, READER_KEY_TEXT, secret->at, sizeof secret->at);
}

static ErrCode parse_digits(Text text, uint8_t out[READER_KEY_SIZE], Err *err)
{
    size_t size = 0;
    const char *end = NULL;
    const Text digits = text_trim(text);
    if (digits.size != (size_t)2 * READER_KEY_SIZE ||
        sodium_hex2bin(out, READER_KEY_SIZE, digits.at, digits.size, NULL, &size, &end) != 0 ||
        size != READER_KEY_SIZE)
        return err_set(err, ERR_INVALID, "a reader's key is 64 hexadecimal digits");
    return OK;
}

bool reader_key_is_good(const ReaderKey *key)
{
    uint8_t shared[crypto_scalarmult_BYTES];
    const uint8_t any[crypto_scalarmult_SCALARBYTES] = {1};
    return crypto_scalarmult(shared, any, key->at) == 0;
}

ErrCode reader_key_parse(Text text, ReaderKey *out_key, Err *err)
{
    ReaderKey key;
    TRY(parse_digits(text, key.at, err));
    if (!reader_key_is_good(&key))
        return err_set(err, ERR_INVALID, "this is not a reader's public key");
    *out_key = key;
    return OK;
}

ErrCode reader_secret_parse(Text text, ReaderSecret *out_secret, Err *err)
{
    return parse_digits(text, out_secret->at, err);
}

static void write_mark(const ReaderKey *key, uint8_t out[READER_MARK_SIZE])
{
    uint8_t digest[crypto_generichash_BYTES_MIN];
    crypto_generichash(digest, sizeof digest, key->at, sizeof key->at, NULL, 0);
    memcpy(out, digest, READER_MARK_SIZE);
}

/* ---- Sealing ---- */

/* What crypto_box_seal() makes, with our host's randomness: crypto_box_seal_open() opens it. */
static void seal_key(const Host *host, const ReaderKey *reader, const uint8_t key[KEY_BYTES],
                     uint8_t out[READER_BOX_SIZE])
{
    uint8_t seed[crypto_box_SEEDBYTES];
    uint8_t secret[crypto_box_SECRETKEYBYTES];
    uint8_t nonce[crypto_box_NONCEBYTES];
    uint8_t both[2 * READER_KEY_SIZE];
    host_random(host, seed, sizeof seed);
    crypto_box_seed_keypair(out, secret, seed);
    memcpy(both, out, READER_KEY_SIZE);
    memcpy(both + READER_KEY_SIZE, reader->at, READER_KEY_SIZE);
    crypto_generichash(nonce, sizeof nonce, both, sizeof both, NULL, 0);
    const int failed =
        crypto_box_easy(out + READER_KEY_SIZE, key, KEY_BYTES, nonce, reader->at, secret);
    assert(failed == 0); /* weak keys are not read */
    secret_wipe(seed, sizeof seed);
    secret_wipe(secret, sizeof secret);
}

ErrCode envelope_seal(const Host *host, const ReaderKey *keys, size_t key_count, Text plain,
                      Buf *out, Err *err)
{
    assert(key_count > 0);
    if (key_count > READER_KEYS_MAX)
        return err_set(err, ERR_LIMIT, "at most %d readers at a time", READER_KEYS_MAX);
    if (plain.size > READER_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "a sealed text has at most %d bytes", READER_TEXT_MAX);

    uint8_t padded[PADDED_MAX];
    size_t padded_size = 0;
    if (plain.size > 0) memcpy(padded, plain.at, plain.size);
    const int failed = sodium_pad(&padded_size, padded, plain.size, READER_STEP, sizeof padded);
    assert(failed == 0); /* there is room for one more step */

    uint8_t sealed[ENVELOPE_BYTES_MAX] = {VERSION, (uint8_t)key_count};
    uint8_t key[KEY_BYTES];
    size_t at = READER_HEAD_SIZE;
    host_random(host, key, sizeof key);
    for (size_t i = 0; i < key_count; i++, at += ENTRY_SIZE) {
        write_mark(&keys[i], sealed + at);
        seal_key(host, &keys[i], key, sealed + at + READER_MARK_SIZE);
    }
    host_random(host, sealed + at, READER_NONCE);
    at += READER_NONCE;
    unsigned long long size = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + at, &size, padded, padded_size, sealed, at,
                                               NULL, sealed + at - READER_NONCE, key);
    secret_wipe(padded, sizeof padded);
    secret_wipe(key, sizeof key);
    assert(at + (size_t)size <= sizeof sealed);
    buf_add(out, (Bytes){sealed, at + (size_t)size});
    return buf_check(out, err);
}

/* ---- Opening ---- */

size_t envelope_reader_count(Bytes envelope)
{
    if (envelope.size < READER_HEAD_SIZE || envelope.at[0] != VERSION) return 0;
    return envelope.at[1];
}

static ErrCode check_shape(Bytes envelope, Err *err)
{
    const size_t count = envelope_reader_count(envelope);
    const size_t around = READER_HEAD_SIZE + count * ENTRY_SIZE + READER_NONCE + READER_TAG;
    if (envelope.size > 0 && envelope.at[0] != VERSION)
        return err_set(err, ERR_DENIED, "sealed in version %u, which this program does not know",
                       envelope.at[0]);
    if (count == 0 || count > READER_KEYS_MAX || envelope.size > ENVELOPE_BYTES_MAX ||
        envelope.size < around + READER_STEP || (envelope.size - around) % READER_STEP != 0)
        return err_set(err, ERR_CORRUPT, "what is sealed was cut or changed");
    return OK;
}

/* The text's own key, from the entry that was made for this reader. */
static ErrCode find_key(const ReaderSecret *secret, Bytes envelope, uint8_t out_key[KEY_BYTES],
                        Err *err)
{
    const ReaderKey reader = reader_key_of(secret);
    uint8_t mark[READER_MARK_SIZE];
    write_mark(&reader, mark);
    for (size_t i = 0; i < envelope_reader_count(envelope); i++) {
        const uint8_t *entry = envelope.at + READER_HEAD_SIZE + i * ENTRY_SIZE;
        if (memcmp(entry, mark, sizeof mark) != 0) continue;
        if (crypto_box_seal_open(out_key, entry + READER_MARK_SIZE, READER_BOX_SIZE, reader.at,
                                 secret->at) == 0)
            return OK;
        return err_set(err, ERR_CORRUPT, "what is sealed was cut or changed");
    }
    return err_set(err, ERR_DENIED, "this is not sealed to that key: ask another reader");
}

ErrCode envelope_open(const ReaderSecret *secret, Bytes envelope, Arena *arena, Text *out_plain,
                      Err *err)
{
    uint8_t key[KEY_BYTES];
    TRY(check_shape(envelope, err));
    TRY(find_key(secret, envelope, key, err));
    const size_t head = READER_HEAD_SIZE + envelope_reader_count(envelope) * ENTRY_SIZE;
    const size_t padded_size = envelope.size - head - READER_NONCE - READER_TAG;
    uint8_t *padded = arena_array(arena, uint8_t, padded_size);
    if (padded == NULL) {
        secret_wipe(key, sizeof key);
        return err_set(err, ERR_LIMIT, "no room to open what is sealed");
    }
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        padded, NULL, NULL, envelope.at + head + READER_NONCE, padded_size + READER_TAG,
        envelope.at, head + READER_NONCE, envelope.at + head, key);
    secret_wipe(key, sizeof key);
    size_t size = 0;
    if (failed != 0 || sodium_unpad(&size, padded, padded_size, READER_STEP) != 0)
        return err_set(err, ERR_CORRUPT, "what is sealed was cut or changed");
    return text_from_bytes((Bytes){padded, size}, out_plain, err);
}
