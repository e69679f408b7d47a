#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "seal/age.h"
#include "seal/age_key.h"

#define LINE_DIGITS 64
#define LINE_BYTES  48
#define BASE64      sodium_base64_VARIANT_ORIGINAL_NO_PADDING
#define READ_STEP   ((size_t)16 * 1024)
#define ARGS_MAX    3 /* that a stanza known here has */

/* The parts of a stanza that some reader here needs; of others only the form is checked. */
typedef struct Stanza {
    Text args[ARGS_MAX];
    size_t arg_count;
    uint8_t body[LINE_BYTES];
    size_t body_size; /* LINE_BYTES and more: it is not ours */
} Stanza;

static ErrCode refuse(Err *err)
{
    return err_set(err, ERR_CORRUPT, "the head of this sealed file is damaged");
}

/* ---- Bytes ---- */

/* Reads until `wanted` bytes wait, or the file ends. */
static ErrCode fill(AgeReader *reader, size_t wanted, Err *err)
{
    if (reader->at > 0 && reader->at == reader->in.size) {
        buf_clear(&reader->in);
        reader->at = 0;
    }
    while (!reader->is_at_end && reader->in.size - reader->at < wanted) {
        size_t size = 0;
        uint8_t *room = buf_room(&reader->in, READ_STEP);
        if (room == NULL) return err_set(err, ERR_LIMIT, "no memory for a sealed file");
        TRY(reader->get(reader->context, room, READ_STEP, &size, err));
        assert(size <= READ_STEP);
        buf_took(&reader->in, size);
        reader->is_at_end = size == 0;
    }
    return OK;
}

/* What was used makes room for what comes. */
static void drop_used(AgeReader *reader)
{
    if (reader->at == 0) return;
    memmove(reader->in.at, reader->in.at + reader->at, reader->in.size - reader->at);
    reader->in.size -= reader->at;
    reader->at = 0;
}

/* ---- Header ---- */

/* The line from `at` on; false when its end is not here. */
static bool find_line(const AgeReader *reader, size_t at, Text *out_line)
{
    const uint8_t *start = reader->in.at + at;
    const uint8_t *end = at < reader->in.size ? memchr(start, '\n', reader->in.size - at) : NULL;
    if (end == NULL) return false;
    *out_line = (Text){(const char *)start, (size_t)(end - start)}; /* compared byte by byte */
    return true;
}

/* The header with its last line, all of it in memory. */
static ErrCode read_header(AgeReader *reader, Text *out_header, Err *err)
{
    size_t at = 0;
    for (;;) {
        Text line;
        if (find_line(reader, at, &line)) {
            at += line.size + 1;
            if (!text_starts_with(line, TEXT("---"))) continue;
            *out_header = (Text){(const char *)reader->in.at, at};
            reader->at = at;
            return OK;
        }
        if (reader->in.size > AGE_HEADER_MAX)
            return err_set(err, ERR_LIMIT, "the head of this sealed file is too long");
        const size_t before = reader->in.size;
        TRY(fill(reader, before + 1, err));
        if (reader->in.size == before) return refuse(err);
    }
}

static Text next_line(Text *rest)
{
    return text_split(rest, '\n');
}

/* In its one form: no blank, no padding, no bits left over. The library takes some bytes that are
 * not ASCII for digits. */
static bool decode_some(Text text, uint8_t *out, size_t most, size_t *out_size)
{
    const char *end = NULL;
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    return sodium_base642bin(out, most, text.at, text.size, NULL, out_size, &end, BASE64) == 0 &&
           end == text.at + text.size;
}

static bool decode(Text text, uint8_t *out, size_t size)
{
    size_t got = 0;
    return decode_some(text, out, size, &got) && got == size;
}

/* A line of a body: 64 digits, or fewer in its last one. */
static bool read_body_line(Text line, Stanza *stanza)
{
    uint8_t bytes[LINE_BYTES];
    size_t size = 0;
    if (line.size > LINE_DIGITS || !decode_some(line, bytes, sizeof bytes, &size)) return false;
    if (stanza->body_size == 0) memcpy(stanza->body, bytes, size);
    stanza->body_size += size;
    return true;
}

static bool read_args(Text line, Stanza *stanza)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.at[i] < ' ' || line.at[i] > '~') return false;
    while (line.size > 0) {
        const size_t before = line.size;
        const Text arg = text_split(&line, ' ');
        if (arg.size == 0) return false;
        if (stanza->arg_count < ARGS_MAX) stanza->args[stanza->arg_count] = arg;
        stanza->arg_count++;
        if (line.size == 0 && before != arg.size) return false; /* a blank at the end */
    }
    return stanza->arg_count > 0;
}

/* *out_found is false at the last line of the header. */
static ErrCode read_stanza(Text *rest, Stanza *out_stanza, bool *out_found, Err *err)
{
    static const Text arrow = {.at = "-> ", .size = 3};
    Text look = *rest;
    Text line = next_line(&look);
    *out_found = !text_starts_with(line, TEXT("---"));
    if (!*out_found) return OK;
    Stanza stanza = {.arg_count = 0};
    if (!text_starts_with(line, arrow) ||
        !read_args((Text){line.at + arrow.size, line.size - arrow.size}, &stanza))
        return refuse(err);
    do {
        if (look.size == 0) return refuse(err);
        line = next_line(&look);
        if (!read_body_line(line, &stanza)) return refuse(err);
    } while (line.size == LINE_DIGITS);
    *rest = look;
    *out_stanza = stanza;
    return OK;
}

/* ---- The key of the file ---- */

typedef struct Search {
    const AgeWith *with;
    AgeReader *reader;
    size_t stanza_count;
    bool has_passphrase; /* a stanza of one */
    bool is_found;
    AgeFileKey file_key;
} Search;

static ErrCode try_keys(Search *search, const Stanza *stanza, Err *err)
{
    ReaderKey share;
    if (stanza->arg_count != 2 || stanza->body_size != AGE_WRAPPED ||
        !decode(stanza->args[1], share.at, sizeof share.at))
        return refuse(err);
    for (size_t i = 0; i < search->with->secret_count && !search->is_found; i++)
        TRY(age_unwrap(&search->with->secrets[i], &share, stanza->body, &search->is_found,
                       &search->file_key, err));
    return OK;
}

/* Digits without a zero in front. */
static ErrCode read_work(Text text, unsigned *out_work, Err *err)
{
    unsigned work = 0;
    if (text.size == 0 || text.size > 2 || text.at[0] == '0') return refuse(err);
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return refuse(err);
        work = 10 * work + (unsigned)(text.at[i] - '0');
    }
    if (work > AGE_WORK_MAX)
        return err_set(err, ERR_LIMIT,
                       "the passphrase of this file takes 2^%u KiB of memory; at most 2^%d are "
                       "given to it",
                       work, AGE_WORK_MAX);
    *out_work = work;
    return OK;
}

static ErrCode try_passphrase(Search *search, const Stanza *stanza, Err *err)
{
    uint8_t salt[AGE_SALT];
    unsigned work = 0;
    search->has_passphrase = true;
    if (stanza->arg_count != 3 || stanza->body_size != AGE_WRAPPED ||
        !decode(stanza->args[1], salt, sizeof salt))
        return refuse(err);
    TRY(read_work(stanza->args[2], &work, err));
    if (search->with->passphrase.size == 0) return OK;
    return age_unwrap_passphrase(search->with->passphrase, salt, work, stanza->body,
                                 &search->is_found, &search->file_key, err);
}

static ErrCode try_stanza(Search *search, const Stanza *stanza, Err *err)
{
    const Text type = stanza->args[0];
    char *label = search->reader->label;
    if (++search->stanza_count > AGE_STANZAS_MAX)
        return err_set(err, ERR_LIMIT, "this file is sealed to too many readers");
    /* Beside a passphrase nothing may stand. */
    if (search->has_passphrase || (text_is(type, AGE_TYPE_SCRYPT) && search->stanza_count > 1))
        return refuse(err);
    if (text_is(type, AGE_TYPE_X25519)) return try_keys(search, stanza, err);
    if (text_is(type, AGE_TYPE_SCRYPT)) return try_passphrase(search, stanza, err);
    if (text_is(type, AGE_TYPE_LABEL) && stanza->arg_count == 2 &&
        stanza->args[1].size <= AGE_LABEL_MAX) {
        memcpy(label, stanza->args[1].at, stanza->args[1].size);
        label[stanza->args[1].size] = '\0';
    }
    return OK;
}

/* The last line: three dashes, a blank, and the code over everything before the blank. */
static ErrCode check_mac(const Search *search, Text header, Text last, Err *err)
{
    uint8_t said[AGE_MAC];
    uint8_t mac[AGE_MAC];
    const Text digits = {last.at + 4, last.size > 4 ? last.size - 4 : 0};
    if (!text_starts_with(last, TEXT("--- ")) || !decode(digits, said, sizeof said))
        return refuse(err);
    if (!search->is_found) return err_set(err, ERR_DENIED, "this file is sealed to somebody else");
    const size_t size = (size_t)(last.at - header.at) + 3;
    age_mac(&search->file_key, bytes_of((Text){header.at, size}), mac);
    if (sodium_memcmp(mac, said, sizeof mac) == 0) return OK;
    return err_set(err, ERR_CORRUPT, "the head of this sealed file was changed");
}

static ErrCode find_key(Search *search, Text header, Err *err)
{
    Text rest = header;
    const Text version = next_line(&rest);
    if (!text_is(version, AGE_VERSION))
        return err_set(err, ERR_INVALID, "this file is not sealed in a way that is known here");
    for (;;) {
        Stanza stanza;
        bool found = false;
        TRY(read_stanza(&rest, &stanza, &found, err));
        if (!found) break;
        TRY(try_stanza(search, &stanza, err));
    }
    if (search->stanza_count == 0) return refuse(err);
    return check_mac(search, header, next_line(&rest), err);
}

ErrCode age_open(AgeReader *reader, const AgeWith *with, AgeGet get, void *context, Err *err)
{
    Text header = {0};
    Search search = {.with = with, .reader = reader};
    *reader = (AgeReader){.get = get, .context = context};
    buf_init(&reader->in, AGE_HEADER_MAX + AGE_CHUNK + AGE_TAG + 2 * READ_STEP);
    buf_init(&reader->plain, AGE_CHUNK);
    TRY(fill(reader, sizeof AGE_VERSION, err));
    if (!age_is_sealed(buf_as_bytes(&reader->in)))
        return err_set(err, ERR_INVALID, "this is no sealed file");
    TRY(read_header(reader, &header, err));
    TRY(find_key(&search, header, err));
    TRY(fill(reader, AGE_NONCE, err));
    if (reader->in.size - reader->at < AGE_NONCE) {
        secret_wipe(&search.file_key, sizeof search.file_key);
        return err_set(err, ERR_CORRUPT, "this sealed file ends behind its head");
    }
    age_payload_key(&search.file_key, reader->in.at + reader->at, reader->key);
    secret_wipe(&search.file_key, sizeof search.file_key);
    reader->at += AGE_NONCE;
    drop_used(reader);
    return OK;
}

/* Only the first chunk may be empty, of a file of nothing. */
static bool open_chunk(const AgeReader *reader, bool is_last, Bytes sealed, uint8_t *out)
{
    if (sealed.size < AGE_TAG || (sealed.size == AGE_TAG && reader->number > 0)) return false;
    return age_open_chunk(reader->key, reader->number, is_last, sealed, out);
}

ErrCode age_next(AgeReader *reader, Bytes *out_piece, bool *out_found, Err *err)
{
    *out_found = !reader->is_over;
    if (reader->is_over && reader->at == reader->in.size) return OK;
    if (reader->is_over)
        return err_set(err, ERR_CORRUPT, "something follows the end of this sealed file");
    drop_used(reader);
    TRY(fill(reader, AGE_CHUNK + AGE_TAG + 1, err)); /* one more tells whether it is the last */
    const size_t waiting = reader->in.size;
    const bool is_full = waiting >= AGE_CHUNK + AGE_TAG;
    const Bytes sealed = {reader->in.at, is_full ? AGE_CHUNK + AGE_TAG : waiting};
    bool is_last = waiting <= AGE_CHUNK + AGE_TAG;
    buf_clear(&reader->plain);
    uint8_t *out = buf_room(&reader->plain, AGE_CHUNK);
    if (out == NULL) return err_set(err, ERR_LIMIT, "no memory for a chunk of a sealed file");
    bool is_good = open_chunk(reader, is_last, sealed, out);
    if (!is_good && is_full) { /* cut or lengthened right behind it: the next call says so */
        is_last = !is_last;
        is_good = open_chunk(reader, is_last, sealed, out);
    }
    if (!is_good)
        return err_set(err, ERR_CORRUPT, "this sealed file is damaged or cut in its chunk %llu",
                       (unsigned long long)reader->number + 1);
    buf_took(&reader->plain, sealed.size - AGE_TAG);
    reader->at = sealed.size;
    reader->number++;
    reader->is_over = is_last;
    *out_piece = buf_as_bytes(&reader->plain);
    return OK;
}

void age_reader_done(AgeReader *reader)
{
    if (reader->plain.at != NULL) secret_wipe(reader->plain.at, reader->plain.size);
    secret_wipe(reader->key, sizeof reader->key);
    buf_done(&reader->in);
    buf_done(&reader->plain);
}

bool age_is_sealed(Bytes start)
{
    static const Text sign = {.at = "age-encryption.org/", .size = 19};
    return start.size >= sign.size && memcmp(start.at, sign.at, sign.size) == 0;
}
