#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/doc.h"
#include "journal/bundle.h"
#include "store/kept.h"
#include "sync/backup.h"
#include "sync/backup_inside.h"

#define SIGNED_WORDS "tongpin backup"

/* ---- What both ways share ---- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool backup_path_is_good(Text path)
{
    Text name = path;
    const Text directory = text_split(&name, '/');
    if (text_is(path, BACKUP_NODE_FILE)) return true;
    if (!text_is(directory, "keys") && !text_is(directory, "rules")) return false;
    if (path.size > BACKUP_PATH_MAX || name.size == 0 || name.at[0] == '.') return false;
    for (size_t i = 0; i < name.size; i++)
        if (!is_plain(name.at[i])) return false;
    return name.size < 4 || memcmp(name.at + name.size - 4, ".new", 4) != 0;
}

static void signed_words(const Digest *content, Buf *out)
{
    buf_init(out, sizeof SIGNED_WORDS + DIGEST_SIZE);
    buf_add_z(out, SIGNED_WORDS);
    buf_add(out, digest_bytes(content));
}

Signature backup_sign(const SigningKey *key, const Digest *content)
{
    AUTO(buf_done) Buf words = {0};
    signed_words(content, &words);
    return sign_bytes(key, buf_as_bytes(&words));
}

bool backup_is_signed(const PublicKey *key, const Digest *content, const Signature *signature)
{
    AUTO(buf_done) Buf words = {0};
    signed_words(content, &words);
    return signature_fits(signature, key, buf_as_bytes(&words));
}

/* ---- Frames ---- */

typedef struct Taking {
    PackReader pack;
    const BackupSink *sink;
    BackupFacts facts;
    Buf payload;
    Digest content; /* of everything before the frame that is being read */
    bool has_head;
    bool has_key;
    PublicKey key; /* of the node, from its key file */
    bool is_over;
} Taking;

static ErrCode broken(Err *err, const char *why)
{
    return err_set(err, ERR_CORRUPT, "this backup is damaged: %s", why);
}

static ErrCode read_start(Taking *taking, Err *err)
{
    uint8_t start[sizeof BACKUP_MAGIC];
    TRY(pack_read(&taking->pack, start, sizeof start, err));
    if (memcmp(start, BACKUP_MAGIC, sizeof BACKUP_MAGIC - 1) != 0)
        return err_set(err, ERR_INVALID, "what is sealed in this file is no backup");
    if (start[sizeof start - 1] != BACKUP_VERSION)
        return err_set(err, ERR_INVALID, "this backup was made by a later version of tongpin");
    return OK;
}

static ErrCode read_frame(Taking *taking, uint8_t *out_type, Err *err)
{
    uint8_t head[FRAME_HEADER_SIZE];
    uint8_t check[FRAME_CHECK_SIZE];
    Hash hash;
    taking->content = hash_result(&taking->pack.content);
    TRY(pack_read(&taking->pack, head, sizeof head, err));
    Cursor cursor = cursor_over((Bytes){head, sizeof head});
    *out_type = cursor_byte(&cursor);
    const uint64_t size = cursor_number(&cursor, FRAME_HEADER_SIZE - 1);
    if (size > FRAME_BYTES_MAX) return broken(err, "a frame is too large");
    buf_clear(&taking->payload);
    uint8_t *room = buf_room(&taking->payload, size);
    if (room == NULL) return broken(err, "a frame is too large");
    TRY(pack_read(&taking->pack, room, size, err));
    buf_took(&taking->payload, size);
    TRY(pack_read(&taking->pack, check, sizeof check, err));
    hash_init(&hash);
    hash_add(&hash, (Bytes){head, sizeof head});
    hash_add(&hash, buf_as_bytes(&taking->payload));
    const Digest digest = hash_result(&hash);
    if (memcmp(digest.at, check, sizeof check) != 0) return broken(err, "a check does not fit");
    return OK;
}

static Text text_at(const DocValue *root, const char *key)
{
    const DocValue *value = doc_get(root, key);
    return doc_type(value) == DOC_TEXT ? doc_text(value) : TEXT("");
}

static int64_t int_at(const DocValue *root, const char *key)
{
    const DocValue *value = doc_get(root, key);
    return doc_type(value) == DOC_INT ? doc_int(value) : -1;
}

static ErrCode take_head(Taking *taking, Err *err)
{
    AUTO(doc_done) Doc doc = {0};
    BackupFacts *facts = &taking->facts;
    if (taking->has_head) return broken(err, "it has two heads");
    TRY(doc_parse(&doc, buf_as_bytes(&taking->payload), err));
    const Text name = text_at(doc.root, "name");
    const int64_t epoch = int_at(doc.root, "epoch");
    const int64_t made = int_at(doc.root, "made_ms");
    if (name.size == 0 || name.size > BACKUP_NAME_MAX || epoch < 0 || epoch > EPOCH_MAX || made < 0)
        return broken(err, "its head makes no sense");
    memcpy(facts->name, name.at, name.size);
    facts->name[name.size] = '\0';
    facts->epoch = (unsigned)epoch;
    facts->made_ms = (uint64_t)made;
    taking->has_head = true;
    return bytes_from_hex(text_at(doc.root, "state_hash"), facts->state.at, DIGEST_SIZE, err);
}

static Text cursor_short(Cursor *cursor)
{
    const Bytes bytes = cursor_bytes(cursor, cursor_byte(cursor));
    return (Text){(const char *)bytes.at, bytes.size}; /* compared byte by byte */
}

/* Whose backup it is, is said by the key in it. */
static void note_key(Taking *taking, Text path, Bytes bytes)
{
    SigningKey key;
    if (!text_is(path, BACKUP_NODE_KEY) || bytes.size != SIGN_SEED_SIZE) return;
    signing_key_from_seed(&key, bytes.at);
    taking->key = signing_key_public(&key);
    taking->facts.node_short = node_short_of(&taking->key);
    taking->has_key = true;
    signing_key_done(&key);
}

static ErrCode take_file(Taking *taking, Err *err)
{
    char path[BACKUP_PATH_MAX + 1];
    Cursor cursor = cursor_over(buf_as_bytes(&taking->payload));
    const Text below = cursor_short(&cursor);
    if (cursor.why != NULL || !backup_path_is_good(below))
        return broken(err, "it holds a file that belongs to no node");
    const Bytes bytes = {cursor.at, cursor.left};
    memcpy(path, below.at, below.size);
    path[below.size] = '\0';
    note_key(taking, below, bytes);
    taking->facts.file_count++;
    if (taking->sink->file == NULL) return OK;
    return taking->sink->file(taking->sink->context, path, bytes, err);
}

/* A row that is only to be looked at. */
static ErrCode pass_row(const char *types, Cursor *rows, Err *err)
{
    for (size_t i = 0; types[i] != '\0'; i++) {
        const uint8_t kind = cursor_byte(rows);
        if (kind == 1) (void)cursor_varint(rows);
        if (kind == 2 || kind == 3) (void)cursor_bytes(rows, cursor_varint(rows));
        if (kind > 3) cursor_refuse(rows, "a row that makes no sense");
    }
    return cursor_check(rows, err);
}

static ErrCode take_rows(Taking *taking, Err *err)
{
    Cursor rows = cursor_over(buf_as_bytes(&taking->payload));
    const Text name = cursor_short(&rows);
    const Text types = cursor_short(&rows);
    TRY(cursor_check(&rows, err));
    const KeptTable *table = kept_table_named(name);
    if (table == NULL || !text_is(types, table->types))
        return err_set(err, ERR_INVALID,
                       "this backup has a table \"%.*s\" that this version does not know: restore "
                       "it with the version that made it, or a later one",
                       TEXT_ARG(name));
    while (rows.left > 0) {
        taking->facts.row_count++;
        if (taking->sink->store == NULL)
            TRY(pass_row(table->types, &rows, err));
        else
            TRY(kept_row_add(taking->sink->store, table, &rows, err));
    }
    return OK;
}

static ErrCode take_end(Taking *taking, Err *err)
{
    Digest content;
    Signature signature;
    Cursor cursor = cursor_over(buf_as_bytes(&taking->payload));
    const uint64_t row_count = cursor_number(&cursor, 8);
    cursor_copy(&cursor, content.at, sizeof content.at);
    cursor_copy(&cursor, signature.at, sizeof signature.at);
    if (!cursor_is_at_end(&cursor)) return broken(err, "its end makes no sense");
    if (!taking->has_head || !taking->has_key) return broken(err, "its head or its key is missing");
    if (row_count != taking->facts.row_count || !digest_equal(&content, &taking->content))
        return broken(err, "it is not what was written");
    if (!backup_is_signed(&taking->key, &content, &signature))
        return broken(err, "its node did not sign it");
    taking->is_over = true;
    taking->facts.byte_count = taking->pack.total;
    return pack_check_end(&taking->pack, err);
}

static ErrCode take_frame(Taking *taking, uint8_t type, Err *err)
{
    switch (type) {
    case BACKUP_HEAD: return take_head(taking, err);
    case BACKUP_FILE: return take_file(taking, err);
    case BACKUP_ROWS: return take_rows(taking, err);
    case BACKUP_END: return take_end(taking, err);
    default: return err_set(err, ERR_INVALID, "a later version of tongpin made this backup");
    }
}

static ErrCode take_all(Taking *taking, const AgeWith *with, AgeGet get, void *context, Err *err)
{
    TRY(pack_open(&taking->pack, with, get, context, err));
    TRY(read_start(taking, err));
    while (!taking->is_over) {
        uint8_t type = 0;
        TRY(read_frame(taking, &type, err));
        TRY(take_frame(taking, type, err));
    }
    return OK;
}

ErrCode backup_read(const AgeWith *with, AgeGet get, void *context, const BackupSink *sink,
                    BackupFacts *out_facts, Err *err)
{
    Taking taking = {.sink = sink};
    buf_init(&taking.payload, FRAME_BYTES_MAX);
    const ErrCode code = take_all(&taking, with, get, context, err);
    if (code == OK) *out_facts = taking.facts;
    if (taking.payload.at != NULL) secret_wipe(taking.payload.at, taking.payload.capacity_bytes);
    buf_done(&taking.payload);
    pack_reader_done(&taking.pack);
    return code;
}
