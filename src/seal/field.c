#include "seal/field.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#define NONCE_SIZE  ((size_t)crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
#define PADDED_MAX  (TEXT_SEALED_MAX + FIELD_STEP)
#define EPOCH_AT    1
#define NONCE_AT    5
#define BOUND_SIZE  29 /* version, epoch, kind, field, thing: what is sealed along with the text */
#define COLUMN_SIZE 8

static_assert(FIELD_HEADER_SIZE == NONCE_AT + NONCE_SIZE, "the header");
static_assert(FIELD_TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the tag");
static_assert(crypto_auth_hmacsha256_KEYBYTES == KEY_BYTES, "a column's key");

static void put_number(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint32_t get_number(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_bound(uint8_t bound[BOUND_SIZE], uint32_t epoch, FieldPlace place)
{
    bound[0] = FIELD_VERSION;
    put_number(bound + 1, epoch);
    put_number(bound + 5, place.kind);
    put_number(bound + 9, place.field);
    memcpy(bound + 13, place.thing.at, sizeof place.thing.at);
}

ErrCode field_seal(const Keyring *keyring, const Host *host, FieldPlace place, Text plain, Buf *out,
                   Err *err)
{
    assert(keyring != NULL && keyring->is_loaded);
    assert(out != NULL);
    if (plain.size > TEXT_SEALED_MAX)
        return err_set(err, ERR_LIMIT, "a sealed text has at most %d bytes", TEXT_SEALED_MAX);

    uint8_t padded[PADDED_MAX];
    if (plain.size > 0) memcpy(padded, plain.at, plain.size);
    size_t padded_size = 0;
    const int failed = sodium_pad(&padded_size, padded, plain.size, FIELD_STEP, sizeof padded);
    assert(failed == 0); /* there is room for one more step */
    assert(padded_size % FIELD_STEP == 0);

    uint8_t sealed[FIELD_HEADER_SIZE + PADDED_MAX + FIELD_TAG_SIZE];
    uint8_t bound[BOUND_SIZE];
    sealed[0] = FIELD_VERSION;
    put_number(sealed + EPOCH_AT, keyring->field_epoch);
    host_random(host, sealed + NONCE_AT, NONCE_SIZE);
    write_bound(bound, keyring->field_epoch, place);
    unsigned long long size = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + FIELD_HEADER_SIZE, &size, padded,
                                               padded_size, bound, sizeof bound, NULL,
                                               sealed + NONCE_AT, keyring->field_key);
    secret_wipe(padded, sizeof padded);
    assert(size == padded_size + FIELD_TAG_SIZE);
    buf_add(out, (Bytes){sealed, FIELD_HEADER_SIZE + (size_t)size});
    return buf_check(out, err);
}

static ErrCode check_shape(const Keyring *keyring, Bytes sealed, Err *err)
{
    const size_t least = FIELD_HEADER_SIZE + FIELD_STEP + FIELD_TAG_SIZE;
    if (sealed.size < least || sealed.size > least + PADDED_MAX ||
        (sealed.size - least) % FIELD_STEP != 0)
        return err_set(err, ERR_CORRUPT, "a sealed field of %zu bytes was cut", sealed.size);
    if (sealed.at[0] != FIELD_VERSION)
        return err_set(err, ERR_DENIED,
                       "a field is sealed in version %u, which this program does "
                       "not know: upgrade it",
                       sealed.at[0]);
    const uint32_t epoch = get_number(sealed.at + EPOCH_AT);
    if (epoch != keyring->field_epoch)
        return err_set(err, ERR_DENIED,
                       "a field is sealed with the key of epoch %" PRIu32 ", which this node does "
                       "not hold",
                       epoch);
    return OK;
}

ErrCode field_open(const Keyring *keyring, FieldPlace place, Bytes sealed, Arena *arena,
                   Text *out_plain, Err *err)
{
    assert(keyring != NULL && keyring->is_loaded);
    assert(out_plain != NULL);
    TRY(check_shape(keyring, sealed, err));

    const size_t padded_size = sealed.size - FIELD_HEADER_SIZE - FIELD_TAG_SIZE;
    uint8_t *padded = arena_array(arena, uint8_t, padded_size);
    if (padded == NULL) return err_set(err, ERR_LIMIT, "no room to open a sealed field");
    uint8_t bound[BOUND_SIZE];
    write_bound(bound, keyring->field_epoch, place);
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        padded, NULL, NULL, sealed.at + FIELD_HEADER_SIZE, sealed.size - FIELD_HEADER_SIZE, bound,
        sizeof bound, sealed.at + NONCE_AT, keyring->field_key);
    size_t size = 0;
    if (failed != 0 || sodium_unpad(&size, padded, padded_size, FIELD_STEP) != 0)
        return err_set(err, ERR_CORRUPT,
                       "a sealed field does not open: it was changed, moved, or sealed by another "
                       "node");
    return text_from_bytes((Bytes){padded, size}, out_plain, err);
}

int64_t field_index(const Keyring *keyring, uint32_t kind, uint32_t field, Text normalised)
{
    assert(keyring != NULL && keyring->is_loaded);
    uint8_t column[COLUMN_SIZE];
    put_number(column, kind);
    put_number(column + 4, field);
    uint8_t column_key[KEY_BYTES];
    crypto_generichash(column_key, sizeof column_key, column, sizeof column, keyring->index_key,
                       sizeof keyring->index_key);

    uint8_t mark[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(mark, (const uint8_t *)normalised.at, normalised.size, column_key);
    secret_wipe(column_key, sizeof column_key);
    return (int64_t)((uint64_t)get_number(mark) << 32 | get_number(mark + 4));
}
