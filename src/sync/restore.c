#include "sync/restore.h"

#include <stdio.h>
#include <string.h>

#include "engine/rebuild.h"
#include "store/journal_rows.h"
#include "store/state_hash.h"
#include "sync/stick.h"

#define LIST_BYTES ((size_t)1 << 20)

typedef struct Restoring {
    const Host *host;
    const RestoreWish *wish;
    char beside[PATH_TEXT_MAX]; /* where the node is put together */
    Node node;
    Store *store;
    RestoreReport report;
} Restoring;

/* ---- Before ---- */

static ErrCode check_vacant(Restoring *restoring, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    const Host *host = restoring->host;
    const char *directory = restoring->wish->directory;
    NameList names = {0};
    bool exists = false;
    const int size =
        snprintf(restoring->beside, sizeof restoring->beside, "%s.restoring", directory);
    if (size < 0 || (size_t)size >= sizeof restoring->beside)
        return err_set(err, ERR_LIMIT, "that path is too long");
    arena_init(&arena, LIST_BYTES);
    TRY(file_exists(host, restoring->beside, &exists, err));
    if (exists)
        return err_set(err, ERR_CONFLICT,
                       "%s is there: remove it, when no other restore is at work",
                       restoring->beside);
    TRY(file_exists(host, directory, &exists, err));
    if (exists) TRY(dir_list(host, directory, &arena, &names, err));
    if (names.count == 0) return OK;
    return err_set(err, ERR_CONFLICT, "%s is not empty: a node is restored into a new directory",
                   directory);
}

static ErrCode read_backup(const Restoring *restoring, const BackupSink *sink,
                           BackupFacts *out_facts, Err *err)
{
    StickReader file;
    stick_open(&file, restoring->host, restoring->wish->file);
    return backup_read(&restoring->wish->with, stick_get, &file, sink, out_facts, err);
}

/* ---- Putting it together ---- */

static ErrCode place_file(void *context, const char *below, Bytes bytes, Err *err)
{
    const Restoring *restoring = context;
    char path[PATH_TEXT_MAX];
    const bool is_key = text_starts_with(text_from_z(below), TEXT("keys/"));
    TRY(path_join(restoring->beside, below, path, err));
    return file_write(restoring->host, path, bytes, is_key ? FILE_SECRET : FILE_PRIVATE, err);
}

static ErrCode place_files(Restoring *restoring, Err *err)
{
    static const char *const directories[] = {"keys", "rules"};
    const BackupSink sink = {.file = place_file, .context = restoring};
    BackupFacts facts;
    TRY(dir_make(restoring->host, restoring->beside, DIR_PRIVATE, err));
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_TEXT_MAX];
        TRY(path_join(restoring->beside, directories[i], path, err));
        TRY(dir_make(restoring->host, path, DIR_PRIVATE, err));
    }
    return read_backup(restoring, &sink, &facts, err);
}

/* The next life, in the database that was asked for. */
static ErrCode begin_life(Restoring *restoring, Err *err)
{
    Node *node = &restoring->node;
    TRY(node_open(node, restoring->host, restoring->beside, err));
    if (node->node_short != restoring->report.facts.node_short)
        return err_set(err, ERR_CORRUPT, "this backup is of another node than its keys");
    if (node->epoch >= EPOCH_MAX)
        return err_set(err, ERR_LIMIT, "this node has lived %d lives: make a new one", EPOCH_MAX);
    node->epoch++;
    node->database = restoring->wish->database;
    TRY(node_save(node, err));
    restoring->report.epoch = node->epoch;
    return node_open_writer(node, &restoring->store, err);
}

static ErrCode check_empty(Restoring *restoring, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    StreamRow *streams = NULL;
    size_t count = 0;
    arena_init(&arena, (size_t)64 << 20);
    TRY(stream_rows(restoring->store, &arena, &streams, &count, err));
    if (count == 0) return OK;
    return err_set(err, ERR_CONFLICT, "that database holds a node already: choose an empty one");
}

static ErrCode fill(Restoring *restoring, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    const BackupSink sink = {.store = restoring->store};
    BackupFacts facts;
    TRY(check_empty(restoring, err));
    TRY(tx_begin(&tx, restoring->store, err));
    TRY(read_backup(restoring, &sink, &facts, err));
    return tx_commit(&tx, err);
}

static ErrCode project(Restoring *restoring, Err *err) ONLY_ON(writer_role)
{
    Engine *engine = NULL;
    RebuildReport rebuilt = {0};
    ErrCode code = engine_open(&engine, &restoring->node, restoring->store, err);
    if (code == OK) code = engine_rebuild(engine, &rebuilt, err);
    engine_close(&engine);
    restoring->report.entry_count = rebuilt.entry_count;
    return code;
}

/* ---- Is it what the backup names? ---- */

static ErrCode prove_journal(Restoring *restoring, Err *err)
{
    VerifyReport verified;
    TRY(verify_journal(&restoring->node, restoring->store, &verified, err));
    restoring->report.unsigned_count = verified.unsigned_count;
    if (verified.fault_count == 0) return OK;
    return err_set(err, ERR_CORRUPT, "the journal in this backup is damaged: %.180s",
                   verified.words);
}

static ErrCode prove_state(Restoring *restoring, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    Digest digest;
    TRY(tx_begin(&tx, restoring->store, err));
    TRY(state_hash(restoring->store, &digest, err));
    if (digest_equal(&digest, &restoring->report.facts.state)) return OK;
    return err_set(err, ERR_CORRUPT,
                   "the restored node does not come to the state that the backup "
                   "names: nothing was placed");
}

static ErrCode put_together(Restoring *restoring, Err *err) ONLY_ON(writer_role)
{
    TRY(place_files(restoring, err));
    TRY(begin_life(restoring, err));
    TRY(fill(restoring, err));
    TRY(prove_journal(restoring, err));
    TRY(project(restoring, err));
    return prove_state(restoring, err);
}

/* ---- After ---- */

/* Files, and one level of directories: a node has no more. */
static void clear_directory(const Host *host, const char *path, bool is_deep)
{
    AUTO(arena_done) Arena arena = {0};
    NameList names = {0};
    Err unheard; /* what stays is named by the next restore */
    arena_init(&arena, LIST_BYTES);
    if (dir_list(host, path, &arena, &names, &unheard) != OK) return;
    for (size_t i = 0; i < names.count; i++) {
        char inside[PATH_TEXT_MAX];
        FileFacts facts;
        const char *name = text_z(&arena, names.names[i]);
        if (name == NULL || path_join(path, name, inside, &unheard) != OK ||
            file_facts(host, inside, &facts, &unheard) != OK)
            continue;
        if (facts.is_directory && is_deep) clear_directory(host, inside, false);
        if (host->file_remove(host->context, inside, &unheard) != OK) continue;
    }
}

static void throw_away(const Restoring *restoring)
{
    Err unheard; /* what stays is named by the next restore */
    clear_directory(restoring->host, restoring->beside, true);
    (void)restoring->host->file_remove(restoring->host->context, restoring->beside, &unheard);
}

static ErrCode place(const Restoring *restoring, Err *err)
{
    const Host *host = restoring->host;
    bool exists = false;
    TRY(file_exists(host, restoring->wish->directory, &exists, err));
    if (exists) TRY(file_remove(host, restoring->wish->directory, err)); /* it is empty */
    return dir_rename(host, restoring->beside, restoring->wish->directory, err);
}

ErrCode restore(const Host *host, const RestoreWish *wish, RestoreReport *out_report, Err *err)
{
    Restoring restoring = {.host = host, .wish = wish};
    const BackupSink looking = {.store = NULL};
    TRY(seal_begin(err));
    TRY(check_vacant(&restoring, err));
    TRY(read_backup(&restoring, &looking, &restoring.report.facts, err)); /* all of it, first */
    ErrCode code = put_together(&restoring, err);
    store_close(&restoring.store);
    node_close(&restoring.node);
    if (code == OK) code = place(&restoring, err);
    if (code != OK) {
        throw_away(&restoring);
        return code;
    }
    *out_report = restoring.report;
    return OK;
}
