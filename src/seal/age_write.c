#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "seal/age.h"
#include "seal/age_key.h"

#define LINE_DIGITS 64
#define BASE64      sodium_base64_VARIANT_ORIGINAL_NO_PADDING
#define BODY_TEXT   sodium_base64_ENCODED_LEN(AGE_WRAPPED, BASE64)

static void put_base64(Buf *out, const uint8_t *bytes, size_t size)
{
    char text[BODY_TEXT];
    assert(size <= AGE_WRAPPED);
    sodium_bin2base64(text, sizeof text, bytes, size, BASE64);
    buf_add_z(out, text);
}

static_assert(BODY_TEXT <= LINE_DIGITS, "a wrapped key is one short line");

static ErrCode put_reader(Buf *header, const Host *host, const ReaderKey *to,
                          const AgeFileKey *file_key, Err *err)
{
    ReaderSecret ephemeral;
    ReaderKey share;
    uint8_t body[AGE_WRAPPED];
    reader_make(host, &share, &ephemeral);
    const bool is_good = age_wrap(file_key, to, &ephemeral, &share, body);
    reader_secret_done(&ephemeral);
    if (!is_good) return err_set(err, ERR_INVALID, "to that key everybody could read: it is none");
    buf_add_z(header, "-> " AGE_TYPE_X25519 " ");
    put_base64(header, share.at, sizeof share.at);
    buf_add_z(header, "\n");
    put_base64(header, body, sizeof body);
    buf_add_z(header, "\n");
    return OK;
}

static ErrCode put_passphrase(Buf *header, const Host *host, const AgeTo *to,
                              const AgeFileKey *file_key, Err *err)
{
    uint8_t salt[AGE_SALT];
    uint8_t body[AGE_WRAPPED];
    host_random(host, salt, sizeof salt);
    TRY(age_wrap_passphrase(file_key, to->passphrase, salt, to->work, body, err));
    buf_add_z(header, "-> " AGE_TYPE_SCRYPT " ");
    put_base64(header, salt, sizeof salt);
    buf_format(header, " %u\n", to->work);
    put_base64(header, body, sizeof body);
    buf_add_z(header, "\n");
    return OK;
}

static ErrCode put_header(Buf *header, const Host *host, const AgeTo *to,
                          const AgeFileKey *file_key, Err *err)
{
    uint8_t mac[AGE_MAC];
    buf_add_z(header, AGE_VERSION "\n");
    /* Nothing may stand beside a passphrase, so that who knows it is the only one who wrote it. */
    if (to->key_count == 0) TRY(put_passphrase(header, host, to, file_key, err));
    for (size_t i = 0; i < to->key_count; i++)
        TRY(put_reader(header, host, &to->keys[i], file_key, err));
    if (to->key_count > 0 && to->label.size > 0)
        buf_format(header, "-> " AGE_TYPE_LABEL " %.*s\n\n", TEXT_ARG(to->label));
    buf_add_z(header, "---");
    TRY(buf_check(header, err));
    age_mac(file_key, buf_as_bytes(header), mac);
    buf_add_byte(header, ' ');
    put_base64(header, mac, sizeof mac);
    buf_add_byte(header, '\n');
    return buf_check(header, err);
}

static void check_wish(const AgeTo *to)
{
    assert(to->key_count <= AGE_KEYS_MAX);
    assert(to->key_count > 0 || to->passphrase.size > 0);
    assert(to->label.size <= AGE_LABEL_MAX);
    for (size_t i = 0; i < to->label.size; i++)
        assert(to->label.at[i] > ' ' && to->label.at[i] < 127);
}

ErrCode age_begin(AgeWriter *writer, const Host *host, const AgeTo *to, AgePut put, void *context,
                  Err *err)
{
    AUTO(buf_done) Buf header = {0};
    AgeFileKey file_key;
    uint8_t nonce[AGE_NONCE];
    check_wish(to);
    *writer = (AgeWriter){.put = put, .context = context};
    buf_init(&writer->chunk, AGE_CHUNK);
    buf_init(&writer->sealed, AGE_CHUNK + AGE_TAG);
    buf_init(&header, AGE_HEADER_MAX);
    host_random(host, file_key.at, sizeof file_key.at);
    host_random(host, nonce, sizeof nonce);
    ErrCode code = put_header(&header, host, to, &file_key, err);
    age_payload_key(&file_key, nonce, writer->key);
    secret_wipe(&file_key, sizeof file_key);
    buf_add(&header, (Bytes){nonce, sizeof nonce});
    if (code == OK) code = buf_check(&header, err);
    if (code == OK) code = put(context, buf_as_bytes(&header), err);
    return code;
}

static ErrCode put_chunk(AgeWriter *writer, bool is_last, Err *err)
{
    const Bytes plain = buf_as_bytes(&writer->chunk);
    buf_clear(&writer->sealed);
    uint8_t *out = buf_room(&writer->sealed, plain.size + AGE_TAG);
    if (out == NULL) return err_set(err, ERR_LIMIT, "no memory for a chunk of a sealed file");
    age_seal_chunk(writer->key, writer->number, is_last, plain, out);
    buf_took(&writer->sealed, plain.size + AGE_TAG);
    writer->number++;
    buf_clear(&writer->chunk);
    return writer->put(writer->context, buf_as_bytes(&writer->sealed), err);
}

ErrCode age_add(AgeWriter *writer, Bytes bytes, Err *err)
{
    while (bytes.size > 0) {
        /* A full chunk waits: it may be the last one, which is sealed as such. */
        if (writer->chunk.size == AGE_CHUNK) TRY(put_chunk(writer, false, err));
        const size_t room = AGE_CHUNK - writer->chunk.size;
        const size_t size = bytes.size < room ? bytes.size : room;
        buf_add(&writer->chunk, (Bytes){bytes.at, size});
        bytes = (Bytes){bytes.at + size, bytes.size - size};
    }
    return buf_check(&writer->chunk, err);
}

ErrCode age_end(AgeWriter *writer, Err *err)
{
    return put_chunk(writer, true, err);
}

void age_writer_done(AgeWriter *writer)
{
    if (writer->chunk.at != NULL) secret_wipe(writer->chunk.at, writer->chunk.size);
    secret_wipe(writer->key, sizeof writer->key);
    buf_done(&writer->chunk);
    buf_done(&writer->sealed);
}
