#include "engine/node.h"

#include <assert.h>
#include <string.h>

#include "base/doc.h"
#include "base/emit.h"
#include "host/file.h"
#include "journal/hlc.h"

#define NODE_FILE        "node.json"
#define DATABASE_FILE    "tongpin.db"
#define NODE_BYTES_MAX   ((size_t)16 * 1024)
#define PACK_BYTES_LIMIT ((size_t)256 * 1024)
#define NODE_ARENA_BYTES ((size_t)2 * 1024 * 1024)
#define PACK_FILE        "cn-power-site.rules"
#define CHINA_MINUTES    480

#define HQ_WRITER_CACHE_KIB (128 * 1024)
#define HQ_READER_CACHE_KIB (16 * 1024)
#define HQ_READER_MAP_BYTES (INT64_C(8) << 30)

/* The rule pack we ship, embedded when the program is linked. */
extern const char asset_pack[];
extern const char asset_pack_end[];

static Bytes shipped_pack(void)
{
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    return (Bytes){(const uint8_t *)asset_pack, (size_t)(asset_pack_end - asset_pack)};
}

static const char *role_text(NodeRole role)
{
    return role == NODE_HQ ? "hq" : "box";
}

ErrCode node_save(const Node *node, Err *err)
{
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, NODE_BYTES_MAX);
    char text[ID_TEXT_MAX];
    Emit emit;
    emit_init(&emit, &buf);
    emit_open_object(&emit);
    emit_int_at(&emit, "version", 1);
    emit_text_at(&emit, "name", node->name);
    emit_z_at(&emit, "role", role_text(node->role));
    emit_text_at(&emit, "database", node->database);
    emit_z_at(&emit, "scope", id_write(node->scope, text));
    emit_int_at(&emit, "epoch", node->epoch);
    emit_int_at(&emit, "shard", node->shard);
    emit_int_at(&emit, "utc_offset_minutes", node->utc_offset_minutes);
    emit_bool_at(&emit, "is_demo", node->is_demo);
    if (node->requests_per_second != REQUESTS_PER_SECOND_DEFAULT)
        emit_int_at(&emit, "requests_per_second", node->requests_per_second);
    emit_close_object(&emit);
    emit_done(&emit);
    buf_add_byte(&buf, '\n');
    TRY(buf_check(&buf, err));
    char path[PATH_TEXT_MAX];
    TRY(path_join(node->directory, NODE_FILE, path, err));
    return file_write(node->host, path, buf_as_bytes(&buf), FILE_PRIVATE, err);
}

static ErrCode write_rules(const Host *host, const char *directory, Err *err)
{
    char rules[PATH_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    TRY(path_join(directory, "rules", rules, err));
    TRY(dir_ensure(host, rules, DIR_PRIVATE, err));
    TRY(path_join(rules, PACK_FILE, path, err));
    return file_write(host, path, shipped_pack(), FILE_PRIVATE, err);
}

static ErrCode check_vacant(const Host *host, const char *directory, Err *err)
{
    char path[PATH_TEXT_MAX];
    bool exists = false;
    TRY(path_join(directory, NODE_FILE, path, err));
    TRY(file_exists(host, path, &exists, err));
    if (exists)
        return err_set(err, ERR_CONFLICT, "%s already holds a node; choose another directory",
                       directory);
    return OK;
}

ErrCode node_init(const Host *host, const char *directory, const NodeWish *wish, Err *err)
{
    if (wish->name.size == 0 || wish->name.size > 100)
        return err_set(err, ERR_INVALID, "a node needs a name of at most 100 bytes");
    if (wish->database.size > 0 && !text_starts_with(wish->database, TEXT("postgresql://")) &&
        !text_starts_with(wish->database, TEXT("postgres://")))
        return err_set(err, ERR_INVALID, "--db is a postgresql:// address");
    TRY(seal_begin(err));
    TRY(dir_ensure(host, directory, DIR_PRIVATE, err));
    TRY(check_vacant(host, directory, err));
    TRY(keyring_create(host, directory, err));
    TRY(write_rules(host, directory, err));

    AUTO(keyring_done) Keyring keyring = {0};
    AUTO(signing_key_done) SigningKey key = {0};
    TRY(keyring_load(host, directory, &keyring, err));
    signing_key_from_seed(&key, keyring.node_seed);
    const PublicKey public = signing_key_public(&key);
    const Id scope = id_make(hlc_stamp(host_now_ms(host), 0), node_short_of(&public), 0);
    const Node node = {
        .host = host,
        .directory = directory,
        .name = wish->name,
        .role = wish->role,
        .database = wish->database,
        .scope = scope,
        .shard = 1,
        .is_demo = wish->is_demo,
        .requests_per_second = wish->is_unlimited ? 0 : REQUESTS_PER_SECOND_DEFAULT,
        .utc_offset_minutes = CHINA_MINUTES,
    };
    /* Written last: a directory with this file is a whole node. */
    return node_save(&node, err);
}

static ErrCode damaged(const char *directory, const char *member, Err *err)
{
    return err_set(err, ERR_INVALID, "%s/%s: \"%s\" is missing or wrong", directory, NODE_FILE,
                   member);
}

static ErrCode take_text(Node *node, const DocValue *root, const char *key, Text *out, Err *err)
{
    const DocValue *value = doc_get(root, key);
    if (doc_type(value) != DOC_TEXT) return damaged(node->directory, key, err);
    return text_copy(&node->arena, doc_text(value), out, err);
}

static ErrCode take_int(const Node *node, const DocValue *root, const char *key, int64_t least,
                        int64_t most, int64_t *out, Err *err)
{
    const DocValue *value = doc_get(root, key);
    if (doc_type(value) != DOC_INT || doc_int(value) < least || doc_int(value) > most)
        return damaged(node->directory, key, err);
    *out = doc_int(value);
    return OK;
}

/* A node that says nothing of it has the usual limit. */
static ErrCode take_rate(Node *node, const DocValue *root, Err *err)
{
    static const char name[] = "requests_per_second";
    int64_t rate = REQUESTS_PER_SECOND_DEFAULT;
    if (doc_type(doc_get(root, name)) != DOC_NONE)
        TRY(take_int(node, root, name, 0, REQUESTS_PER_SECOND_MAX, &rate, err));
    node->requests_per_second = (unsigned)rate;
    return OK;
}

static ErrCode take_facts(Node *node, const DocValue *root, Err *err)
{
    Text role = {0};
    Text scope = {0};
    int64_t version = 0;
    int64_t epoch = 0;
    int64_t offset = 0;
    TRY(take_int(node, root, "version", 1, INT32_MAX, &version, err));
    if (version != 1)
        return err_set(err, ERR_INVALID, "%s was made by a newer version of tongpin",
                       node->directory);
    TRY(take_text(node, root, "name", &node->name, err));
    TRY(take_text(node, root, "role", &role, err));
    TRY(take_text(node, root, "database", &node->database, err));
    TRY(take_text(node, root, "scope", &scope, err));
    TRY(take_int(node, root, "epoch", 0, EPOCH_MAX, &epoch, err));
    TRY(take_int(node, root, "shard", 1, INT32_MAX, &node->shard, err));
    TRY(take_int(node, root, "utc_offset_minutes", -840, 840, &offset, err));
    if (id_parse(scope, &node->scope, err) != OK) return damaged(node->directory, "scope", err);
    if (!text_is(role, "hq") && !text_is(role, "box")) return damaged(node->directory, "role", err);
    node->role = text_is(role, "hq") ? NODE_HQ : NODE_BOX;
    node->epoch = (unsigned)epoch;
    node->utc_offset_minutes = (int)offset;
    const DocValue *demo = doc_get(root, "is_demo");
    node->is_demo = doc_type(demo) == DOC_BOOL && doc_bool(demo);
    return take_rate(node, root, err);
}

static ErrCode load_facts(Node *node, Err *err)
{
    char path[PATH_TEXT_MAX];
    AUTO(buf_done) Buf buf = {0};
    AUTO(doc_done) Doc doc = {0};
    buf_init(&buf, NODE_BYTES_MAX);
    TRY(path_join(node->directory, NODE_FILE, path, err));
    const ErrCode code = file_read(node->host, path, NODE_BYTES_MAX, &buf, err);
    if (code == ERR_NOT_FOUND)
        return err_set(err, ERR_NOT_FOUND, "there is no node in %s; make one with 'tongpin init'",
                       node->directory);
    if (code != OK) return code;
    if (doc_parse(&doc, buf_as_bytes(&buf), err) != OK) return err_context(err, "%s", path);
    return take_facts(node, doc.root, err);
}

static ErrCode load_rules(Node *node, Err *err)
{
    char path[PATH_TEXT_MAX];
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, PACK_BYTES_LIMIT);
    TRY(path_join(node->directory, "rules/" PACK_FILE, path, err));
    const ErrCode code = file_read(node->host, path, PACK_BYTES_LIMIT, &buf, err);
    if (code != OK && code != ERR_NOT_FOUND) return code;
    /* Without a file of its own a node goes by the rules we ship. */
    Bytes bytes = code == OK ? buf_as_bytes(&buf) : shipped_pack();
    TRY(bytes_copy(&node->arena, bytes, &bytes, err)); /* a pack borrows its text */
    if (pack_parse(bytes, &node->arena, &node->pack, err) != OK)
        return err_context(err, "%s", path);
    return OK;
}

ErrCode node_open(Node *node, const Host *host, const char *directory, Err *err)
{
    assert(node->host == NULL); /* not open yet */
    TRY(seal_begin(err));
    arena_init(&node->arena, NODE_ARENA_BYTES);
    node->host = host;
    node->directory = text_z(&node->arena, text_from_z(directory));
    if (node->directory == NULL) return err_set(err, ERR_LIMIT, "that path is too long");
    TRY(load_facts(node, err));
    TRY(load_rules(node, err));
    TRY(keyring_load(host, node->directory, &node->keyring, err));
    signing_key_from_seed(&node->signing_key, node->keyring.node_seed);
    const PublicKey public = signing_key_public(&node->signing_key);
    node->node_short = node_short_of(&public);
    return OK;
}

void node_close(Node *node)
{
    signing_key_done(&node->signing_key);
    keyring_done(&node->keyring);
    dir_unlock(&node->lock);
    arena_done(&node->arena);
    *node = (Node){0};
}

Day node_today(const Node *node)
{
    return day_of_ms(host_now_ms(node->host), node->utc_offset_minutes);
}

static ErrCode open_store(const Node *node, bool is_writer, unsigned query_cpu_ms,
                          Store **out_store, Err *err)
{
    char path[PATH_TEXT_MAX];
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64 * 1024);
    TRY(path_join(node->directory, DATABASE_FILE, path, err));
    const char *url = text_z(&arena, node->database);
    if (url == NULL) return err_set(err, ERR_LIMIT, "the database address is too long");
    const bool is_large = node->role == NODE_HQ;
    const StoreOptions options = {
        .place = node->database.size > 0 ? url : path,
        .is_writer = is_writer,
        .query_cpu_ms = query_cpu_ms,
        /* A headquarters has memory to spare; a box keeps to the store's small defaults. */
        .cache_kib = !is_large   ? 0
                     : is_writer ? HQ_WRITER_CACHE_KIB
                                 : HQ_READER_CACHE_KIB,
        .map_bytes = is_large && !is_writer ? HQ_READER_MAP_BYTES : 0,
    };
    return store_open(out_store, &options, err);
}

ErrCode node_open_writer(Node *node, Store **out_store, Err *err)
{
    TRY(dir_lock(&node->lock, node->directory, err));
    TRY(keyring_complete(node->host, node->directory, &node->keyring, err));
    return open_store(node, true, 0, out_store, err);
}

ErrCode node_open_reader(const Node *node, unsigned query_cpu_ms, Store **out_store, Err *err)
{
    return open_store(node, false, query_cpu_ms, out_store, err);
}
