/* SQLite behind backend.h. A statement is an sqlite3_stmt. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "base/log.h"
#include "host/thread.h"
#include "store/backend.h"

#define BUSY_WAIT_MS        5000
#define CHECKPOINT_PAGES    4000  /* 16 MB of log: as many as one part of its index holds */
#define STEPS_BETWEEN_LOOKS 10000 /* of a query, at how long it takes: some tenths of a ms */
#define CACHE_KIB_WRITER    2048
#define CACHE_KIB_READER    512 /* a box of a thousand people reads from a few hundred pages */

#define SYNCHRONOUS "PRAGMA synchronous=FULL" /* NORMAL loses what was acknowledged */

typedef struct Connection {
    sqlite3 *db;
    bool is_writer;
    bool is_committing; /* inside sqlite_commit(): nothing else may commit */
    bool has_failed;    /* a checkpoint did */
    int checkpoint_pages;
    unsigned query_cpu_ms;
    const void *current;       /* the statement that is at work, or was last */
    const void *measured;      /* the one that was at work when the time was looked at */
    uint64_t measured_from_ms; /* of this thread, when that one was noticed */
    sqlite3_stmt *begin;       /* what every transaction needs, prepared once */
    sqlite3_stmt *commit;
} Connection;

static ErrCode code_of(int result)
{
    switch (result & 0xFF) {
    case SQLITE_OK: return OK;
    case SQLITE_BUSY:
    case SQLITE_INTERRUPT:
    case SQLITE_LOCKED: return ERR_BUSY;
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_TOOBIG: return ERR_LIMIT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ERR_CORRUPT;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return ERR_INVALID;
    default: return ERR_IO; /* IOERR, FULL, CANTOPEN, PROTOCOL … */
    }
}

static const char *what_to_do(int result)
{
    switch (result & 0xFF) {
    case SQLITE_FULL: return "free some space on its disk, then start again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return "keep a copy of it, then restore a backup";
    case SQLITE_BUSY: return "another process uses it; try again";
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return "check its disk and its rights, then start again";
    default: return "";
    }
}

static ErrCode fail(sqlite3 *db, int result, Err *err)
{
    const int detail = db == NULL ? result : sqlite3_extended_errcode(db);
    const char *words = db == NULL ? sqlite3_errstr(result) : sqlite3_errmsg(db);
    const char *advice = what_to_do(result);
    return err_set(err, code_of(result), "database: %s (SQLite %d)%s%s", words, detail,
                   advice[0] == '\0' ? "" : ": ", advice);
}

static ErrCode sqlite_execute(void *connection, const char *sql, Err *err)
{
    Connection *it = connection;
    const int result = sqlite3_exec(it->db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? OK : fail(it->db, result, err);
}

/* The first column of the first row, cut to fit; empty when there is none. */
static ErrCode ask(sqlite3 *db, const char *sql, char *out, size_t size, Err *err)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) result = sqlite3_step(statement);
    out[0] = '\0';
    ErrCode code = OK;
    if (result == SQLITE_ROW)
        (void)snprintf(out, size, "%s", (const char *)sqlite3_column_text(statement, 0));
    else if (result != SQLITE_DONE)
        code = fail(db, result, err);
    (void)sqlite3_finalize(statement); /* repeats what step said */
    return code;
}

/* tx_commit() is what commits; a write that commits by itself is a bug. */
static int on_commit(void *context)
{
    const Connection *it = context;
    assert(it->is_committing);
    return 0;
}

/* SQLite's own automatic checkpoint keeps silent when it fails, and would sync again later what the
 * system may have dropped. Readers that are in the way are no failure: the next one will do. */
static int on_log_grown(void *context, sqlite3 *db, const char *schema, int pages)
{
    Connection *it = context;
    if (pages < it->checkpoint_pages) return SQLITE_OK;
    const int result = sqlite3_wal_checkpoint_v2(db, schema, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_BUSY) it->has_failed = true;
    return SQLITE_OK; /* the commit itself is safe */
}

/* Every so many steps of SQLite's machine. A statement that is short is never seen here; of one
 * that is not, the time counts from when it is seen first, with what its caller does between two
 * rows. */
static int on_steps(void *context)
{
    Connection *it = context;
    const uint64_t now_ms = thread_cpu_ms();
    if (it->measured != it->current) {
        it->measured = it->current;
        it->measured_from_ms = now_ms;
    }
    return now_ms - it->measured_from_ms > it->query_cpu_ms ? 1 : 0;
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int what;
        int most;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, QUERY_VALUE_BYTES_MAX},
        {SQLITE_LIMIT_SQL_LENGTH, 64 << 10},
        {SQLITE_LIMIT_EXPR_DEPTH, 64},
        {SQLITE_LIMIT_COMPOUND_SELECT, 32},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, QUERY_PARAMS_MAX},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        (void)sqlite3_limit(db, limits[i].what, limits[i].most); /* returns the old one */

    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

static ErrCode pragmas(Connection *it, const char *const *list, size_t count, Err *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(sqlite_execute(it, list[i], err));
    return OK;
}

/* Numbers cannot be bound in a PRAGMA; these are ours and bounded, never from outside. */
static ErrCode set_sizes(Connection *it, const StoreOptions *options, Err *err)
{
    const int usual = it->is_writer ? CACHE_KIB_WRITER : CACHE_KIB_READER;
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d",
                   options->cache_kib > 0 ? options->cache_kib : usual);
    TRY(sqlite_execute(it, sql, err));
    const int64_t map_bytes = it->is_writer ? 0 : options->map_bytes;
    (void)snprintf(sql, sizeof sql, "PRAGMA mmap_size=%" PRId64, map_bytes);
    return sqlite_execute(it, sql, err);
}

/* Only the writer checkpoints: a checkpoint of one connection racing with a commit of another is
 * what the WAL-reset bug of older versions needed. A reader does not even on closing. */
static ErrCode set_up_reader(Connection *it, const StoreOptions *options, Err *err)
{
    static const char *const list[] = {"PRAGMA query_only=1", "PRAGMA wal_autocheckpoint=0"};
    (void)sqlite3_db_config(it->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    it->query_cpu_ms = options->query_cpu_ms;
    if (it->query_cpu_ms > 0) sqlite3_progress_handler(it->db, STEPS_BETWEEN_LOOKS, on_steps, it);
    return pragmas(it, list, sizeof list / sizeof list[0], err);
}

static ErrCode set_up_writer(Connection *it, const StoreOptions *options, Err *err)
{
    static const char *const list[] = {SYNCHRONOUS, "PRAGMA secure_delete=ON"};
    char mode[16];
    TRY(ask(it->db, "PRAGMA journal_mode=WAL", mode, sizeof mode, err));
    if (strcmp(mode, "wal") != 0)
        return err_set(err, ERR_IO,
                       "%s: no write-ahead log on this file system (it says \"%s\"); "
                       "keep the data on a local disk",
                       options->place, mode);
    it->checkpoint_pages =
        options->checkpoint_pages > 0 ? options->checkpoint_pages : CHECKPOINT_PAGES;
    (void)sqlite3_wal_hook(it->db, on_log_grown, it); /* in place of the automatic one */
    (void)sqlite3_commit_hook(it->db, on_commit, it);
    return pragmas(it, list, sizeof list / sizeof list[0], err);
}

static ErrCode set_up(Connection *it, const StoreOptions *options, Err *err)
{
    static const char *const list[] = {"PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY"};
    /* A page is checked when it is read. A mapped page counts as read each time it is looked at, so
     * there the check would cost more than the look-up itself, and a reader spreads no damage. */
    static const char *const check[] = {"PRAGMA cell_size_check=ON"};
    (void)sqlite3_extended_result_codes(it->db, 1);
    /* Before WAL: switching to it may have to wait. */
    const int wait_ms = options->busy_wait_ms > 0 ? options->busy_wait_ms : BUSY_WAIT_MS;
    (void)sqlite3_busy_timeout(it->db, wait_ms);
    set_limits(it->db);
    TRY(it->is_writer ? set_up_writer(it, options, err) : set_up_reader(it, options, err));
    TRY(pragmas(it, list, sizeof list / sizeof list[0], err));
    if (it->is_writer || options->map_bytes == 0) TRY(pragmas(it, check, 1, err));
    return set_sizes(it, options, err);
}

static ErrCode sqlite_open(const StoreOptions *options, Arena *arena, void **out_connection,
                           Err *err)
{
    Connection *it = arena_new(arena, Connection);
    assert(it != NULL);
    it->is_writer = options->is_writer;
    *out_connection = it; /* even on failure: sqlite_close() ends what was begun */

    const int mode =
        it->is_writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int result =
        sqlite3_open_v2(options->place, &it->db, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        options->vfs_name);
    if ((result & 0xFF) == SQLITE_CANTOPEN && !it->is_writer)
        return err_set(err, ERR_NOT_FOUND, "there is no database %s", options->place);
    if (result != SQLITE_OK) {
        (void)fail(it->db, result, err);
        return err_context(err, "opening %s", options->place);
    }
    if (set_up(it, options, err) != OK) return err_context(err, "opening %s", options->place);
    return OK;
}

static void sqlite_close(void *connection, bool is_broken)
{
    Connection *it = connection;
    if (it->db == NULL) return;
    /* What failed to sync is not synced again, not even by the checkpoint of the last to close. */
    if (is_broken || it->has_failed)
        (void)sqlite3_db_config(it->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_finalize(it->begin); /* repeats what was said when they ran */
    (void)sqlite3_finalize(it->commit);
    const int result = sqlite3_close(it->db);
    assert(result == SQLITE_OK); /* every statement was given back */
    it->db = NULL;
}

static ErrCode run_prepared(Connection *it, sqlite3_stmt **statement, const char *sql, Err *err)
{
    int result = SQLITE_OK;
    if (*statement == NULL)
        result = sqlite3_prepare_v3(it->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    if (result == SQLITE_OK) (void)sqlite3_step(*statement); /* sqlite3_reset() says it again */
    if (result == SQLITE_OK) result = sqlite3_reset(*statement);
    return result == SQLITE_OK ? OK : fail(it->db, result, err);
}

static ErrCode sqlite_begin(void *connection, Err *err)
{
    Connection *it = connection;
    return run_prepared(it, &it->begin, it->is_writer ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

static ErrCode sqlite_commit(void *connection, Err *err)
{
    Connection *it = connection;
    it->is_committing = true;
    const ErrCode code = run_prepared(it, &it->commit, "COMMIT", err);
    it->is_committing = false;
    return code;
}

static void sqlite_rollback(void *connection)
{
    Connection *it = connection;
    if (sqlite3_get_autocommit(it->db)) return; /* some failures roll back by themselves */
    /* A rollback in WAL mode writes nothing. If it fails all the same, the next tx_begin() does. */
    (void)sqlite3_exec(it->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool sqlite_has_failed(void *connection)
{
    const Connection *it = connection;
    return it->has_failed;
}

static ErrCode sqlite_check(void *connection, Err *err)
{
    Connection *it = connection;
    char words[160];
    TRY(ask(it->db, "PRAGMA integrity_check(1)", words, sizeof words, err));
    if (strcmp(words, "ok") == 0) return OK;
    return err_set(err, ERR_CORRUPT, "database: %s: %s", words, what_to_do(SQLITE_CORRUPT));
}

static ErrCode sqlite_has_schema(void *connection, bool *out_has, Err *err)
{
    Connection *it = connection;
    char name[64];
    TRY(ask(it->db, "SELECT name FROM sqlite_schema ORDER BY name <> 'meta' LIMIT 1", name,
            sizeof name, err));
    if (name[0] != '\0' && strcmp(name, "meta") != 0)
        return err_set(err, ERR_INVALID, "this database was not made by Tongpin; choose another");
    *out_has = name[0] != '\0';
    return OK;
}

static ErrCode sqlite_prepare(void *connection, QueryId id, Arena *arena, void **out_statement,
                              Err *err)
{
    (void)arena; /* SQLite keeps its statements itself */
    Connection *it = connection;
    sqlite3_stmt *statement = NULL;
    const int result = sqlite3_prepare_v3(it->db, query_info(id)->sql, -1,
                                          SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (result != SQLITE_OK) return fail(it->db, result, err);
    assert(statement != NULL);
    /* A reader could not write anyway; this catches a READ that does in the writer. */
    const bool is_write = (query_info(id)->flags & QUERY_FLAG_WRITE) != 0;
    assert(is_write != (sqlite3_stmt_readonly(statement) != 0));
    assert(sqlite3_bind_parameter_count(statement) <= QUERY_PARAMS_MAX);
    *out_statement = statement;
    return OK;
}

static void sqlite_forget(void *statement)
{
    (void)sqlite3_finalize(statement); /* repeats an error that was reported already */
}

static void sqlite_bind_int(void *statement, int at, int64_t number)
{
    const int result = sqlite3_bind_int64(statement, at, number);
    assert(result == SQLITE_OK); /* otherwise there is no parameter `at` */
}

static void sqlite_bind_bytes(void *statement, int at, Bytes bytes, bool is_text)
{
    static const char nothing[1] = "";
    const void *from = bytes.at == NULL ? nothing : (const void *)bytes.at; /* NULL means NULL */
    const int size = (int)bytes.size; /* at most QUERY_VALUE_BYTES_MAX */
    const int result = is_text ? sqlite3_bind_text(statement, at, from, size, SQLITE_STATIC)
                               : sqlite3_bind_blob(statement, at, from, size, SQLITE_STATIC);
    assert(result == SQLITE_OK);
}

static void sqlite_bind_null(void *statement, int at)
{
    const int result = sqlite3_bind_null(statement, at);
    assert(result == SQLITE_OK);
}

static ErrCode end_query(const Connection *it, Err *err)
{
    assert(it->query_cpu_ms > 0);
    log_event(LOG_WARN, "store", "query_ended", log_int("cpu_ms", it->query_cpu_ms));
    return err_set(err, ERR_BUSY, "this takes too long to find out; ask for less at once");
}

static ErrCode sqlite_step(void *connection, void *statement, bool *out_found, Err *err)
{
    Connection *it = connection;
    it->current = statement;
    const int result = sqlite3_step(statement);
    if ((result & 0xFF) == SQLITE_INTERRUPT) return end_query(it, err);
    if (result != SQLITE_ROW && result != SQLITE_DONE) return fail(it->db, result, err);
    *out_found = result == SQLITE_ROW;
    return OK;
}

static int64_t sqlite_changed(void *connection, void *statement)
{
    (void)statement;
    const Connection *it = connection;
    return sqlite3_changes64(it->db);
}

static bool sqlite_is_null(void *statement, int column)
{
    assert(column < sqlite3_column_count(statement));
    return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

static int64_t sqlite_column_int(void *statement, int column)
{
    assert(sqlite3_column_type(statement, column) == SQLITE_INTEGER);
    return sqlite3_column_int64(statement, column);
}

static Bytes sqlite_column_bytes(void *statement, int column)
{
    const uint8_t *at = sqlite3_column_blob(statement, column); /* NULL when empty */
    const int size = sqlite3_column_bytes(statement, column);
    return (Bytes){.at = at, .size = (size_t)size};
}

static void sqlite_reset(void *connection, void *statement)
{
    Connection *it = connection;
    if (it->measured == statement) it->measured = NULL;
    (void)sqlite3_reset(statement); /* repeats what step said */
    (void)sqlite3_clear_bindings(statement);
}

const Backend sqlite_backend = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .execute = sqlite_execute,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .has_failed = sqlite_has_failed,
    .check = sqlite_check,
    .has_schema = sqlite_has_schema,
    .prepare = sqlite_prepare,
    .bind_int = sqlite_bind_int,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .changed = sqlite_changed,
    .is_null = sqlite_is_null,
    .column_int = sqlite_column_int,
    .column_bytes = sqlite_column_bytes,
    .reset = sqlite_reset,
    .forget = sqlite_forget,
};
