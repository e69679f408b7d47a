#include <assert.h>
#include <string.h>

#include "base/emit.h"
#include "host/file.h"
#include "journal/bundle.h"
#include "store/kept.h"
#include "store/state_hash.h"
#include "sync/backup.h"
#include "sync/backup_inside.h"

#define NAMES_BYTES ((size_t)256 * 1024)

typedef struct Making {
    const Node *node;
    Store *store;
    PackWriter pack;
    Buf payload;
    Buf frame;
    size_t rows_at; /* where the rows of the frame begin */
    BackupFacts facts;
} Making;

static ErrCode put_frame(Making *making, BackupFrame type, Err *err)
{
    TRY(buf_check(&making->payload, err));
    buf_clear(&making->frame);
    frame_put(&making->frame, (uint8_t)type, buf_as_bytes(&making->payload));
    TRY(buf_check(&making->frame, err));
    buf_clear(&making->payload);
    return pack_add(&making->pack, buf_as_bytes(&making->frame), err);
}

static ErrCode put_head(Making *making, Err *err)
{
    char node[NODE_TEXT_MAX];
    char state[DIGEST_TEXT_MAX];
    Emit emit;
    emit_init(&emit, &making->payload);
    emit_open_object(&emit);
    emit_int_at(&emit, "made_ms", (int64_t)making->facts.made_ms);
    emit_text_at(&emit, "name", making->node->name);
    emit_z_at(&emit, "node", node_write(making->node->node_short, node));
    emit_int_at(&emit, "epoch", making->node->epoch);
    emit_z_at(&emit, "role", making->node->role == NODE_HQ ? "hq" : "box");
    emit_z_at(&emit, "state_hash", digest_write(&making->facts.state, state));
    emit_close_object(&emit);
    emit_done(&emit);
    return put_frame(making, BACKUP_HEAD, err);
}

static void put_short(Buf *out, Text text)
{
    assert(text.size <= UINT8_MAX);
    buf_add_byte(out, (uint8_t)text.size);
    buf_add_text(out, text);
}

static ErrCode put_file(Making *making, const char *below, Err *err)
{
    char path[PATH_TEXT_MAX];
    TRY(path_join(making->node->directory, below, path, err));
    put_short(&making->payload, text_from_z(below));
    TRY(file_read(making->node->host, path, BACKUP_FILE_MAX, &making->payload, err));
    making->facts.file_count++;
    return put_frame(making, BACKUP_FILE, err);
}

/* What lies in a directory of the node under a plain name: keys and rules. What an interrupted
 * change left beside (`.new`) is not part of the node. */
static ErrCode put_directory(Making *making, const char *name, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char directory[PATH_TEXT_MAX];
    NameList names = {0};
    bool exists = false;
    arena_init(&arena, NAMES_BYTES);
    TRY(path_join(making->node->directory, name, directory, err));
    TRY(file_exists(making->node->host, directory, &exists, err));
    if (exists) TRY(dir_list(making->node->host, directory, &arena, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        char below[PATH_TEXT_MAX];
        const char *file = text_z(&arena, names.names[i]);
        if (file == NULL) return err_set(err, ERR_LIMIT, "%s holds too many names", directory);
        TRY(path_join(name, file, below, err));
        if (backup_path_is_good(text_from_z(below))) TRY(put_file(making, below, err));
    }
    return OK;
}

static ErrCode put_files(Making *making, Err *err)
{
    TRY(put_file(making, BACKUP_NODE_FILE, err));
    TRY(put_directory(making, "keys", err));
    return put_directory(making, "rules", err);
}

/* ---- Rows ---- */

static void begin_rows(Making *making, const KeptTable *table)
{
    put_short(&making->payload, text_from_z(table->name));
    put_short(&making->payload, text_from_z(table->types));
    making->rows_at = making->payload.size;
}

typedef struct Filling {
    Making *making;
    const KeptTable *table;
} Filling;

static ErrCode put_row(void *context, Bytes row, Err *err)
{
    const Filling *filling = context;
    Making *making = filling->making;
    buf_add(&making->payload, row);
    making->facts.row_count++;
    if (making->payload.size - making->rows_at < BACKUP_ROWS_SIZE) return OK;
    TRY(put_frame(making, BACKUP_ROWS, err));
    begin_rows(making, filling->table);
    return OK;
}

static ErrCode put_tables(Making *making, Err *err)
{
    for (size_t i = 0; i < kept_table_count; i++) {
        Filling filling = {making, &kept_tables[i]};
        begin_rows(making, filling.table);
        TRY(kept_rows(making->store, filling.table, put_row, &filling, err));
        TRY(put_frame(making, BACKUP_ROWS, err)); /* an empty table is said, too */
    }
    return OK;
}

/* ---- The whole ---- */

static void put_number(Buf *out, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(number >> shift));
}

static ErrCode put_end(Making *making, Err *err)
{
    const Digest content = hash_result(&making->pack.content);
    const Signature signature = backup_sign(&making->node->signing_key, &content);
    put_number(&making->payload, making->facts.row_count);
    buf_add(&making->payload, digest_bytes(&content));
    buf_add(&making->payload, (Bytes){signature.at, sizeof signature.at});
    return put_frame(making, BACKUP_END, err);
}

static ErrCode put_all(Making *making, Err *err)
{
    static const uint8_t start[] = BACKUP_MAGIC "\1";
    bool is_stale = false;
    TRY(store_needs_rebuild(making->store, &is_stale, err));
    if (is_stale)
        return err_set(err, ERR_BUSY, "the tables wait for the journal: `tongpin rebuild` first");
    TRY(state_hash(making->store, &making->facts.state, err));
    TRY(pack_add(&making->pack, (Bytes){start, sizeof start - 1}, err));
    TRY(put_head(making, err));
    TRY(put_files(making, err));
    TRY(put_tables(making, err));
    return put_end(making, err);
}

static ErrCode make(Making *making, const AgeTo *to, AgePut put, void *context, Err *err)
{
    AUTO(tx_rollback) Tx moment = {0}; /* what others commit meanwhile is not seen */
    TRY(tx_begin(&moment, making->store, err));
    TRY(pack_begin(&making->pack, making->node->host, to, put, context, err));
    TRY(put_all(making, err));
    making->facts.byte_count = making->pack.total;
    return pack_end(&making->pack, err);
}

ErrCode backup_write(const Node *node, Store *reader, const AgeTo *to, AgePut put, void *context,
                     BackupFacts *out_facts, Err *err)
{
    Making making = {.node = node, .store = reader};
    making.facts.node_short = node->node_short;
    making.facts.epoch = node->epoch;
    making.facts.made_ms = host_now_ms(node->host);
    buf_init(&making.payload, FRAME_BYTES_MAX);
    buf_init(&making.frame, FRAME_BYTES_MAX + FRAME_HEADER_SIZE + FRAME_CHECK_SIZE);
    const ErrCode code = make(&making, to, put, context, err);
    if (code == OK) *out_facts = making.facts;
    if (making.payload.at != NULL) secret_wipe(making.payload.at, making.payload.capacity_bytes);
    if (making.frame.at != NULL) secret_wipe(making.frame.at, making.frame.capacity_bytes);
    buf_done(&making.payload);
    buf_done(&making.frame);
    pack_writer_done(&making.pack);
    return code;
}
