#pragma once
/*
 * store — one connection to the database of a node: a file of SQLite, or PostgreSQL.
 *
 * The journal's entries are the truth; the tables of the kinds, of stays and of head counts are
 * derived from them and can be emptied and filled again. Both databases hold the same tables and
 * answer the same queries (tables.def, queries.def, vocab/kinds.def).
 *
 *   Invariants  (1) an ERR_IO or ERR_CORRUPT breaks the store: it refuses everything from then on,
 *                   and in particular never syncs again what may be half on the disk. Close it and
 *                   open it anew: what was committed is there;
 *               (2) a failed query inside a transaction dooms it: only tx_rollback() is left;
 *               (3) only the writer's connection writes, checkpoints or changes tables.
 *   Owns        the connection and its prepared statements, until store_close().
 *   Threads     one at a time. A node has one writer and a reader per thread that reads.
 *   Errors      ERR_NOT_FOUND  there is no such database (readers; a writer makes it)
 *               ERR_INVALID    made by a newer version of Tongpin, or not ours
 *               ERR_BUSY       to be opened by the writer first; another process writes; or a query
 *                              took longer than query_cpu_ms
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* The number of the newest shape of the tables that are kept. */
#define STORE_SCHEMA 1

typedef struct Store Store;

typedef struct StoreOptions {
    const char *place; /* a file, or "postgresql://…" */
    bool is_writer;
    const char *vfs_name;  /* SQLite: the file system to use; NULL is the machine's own */
    int checkpoint_pages;  /* SQLite: the writer's log is moved into the file at; 0 is 4000 */
    int busy_wait_ms;      /* SQLite: how long to wait for another writer; 0 is 5000 */
    unsigned query_cpu_ms; /* SQLite: a reader's query that keeps a processor busy for longer is
                              ended with ERR_BUSY; 0: none is */
    int cache_kib;         /* SQLite: 0 is 2048 for the writer and 512 for a reader */
    int64_t map_bytes;     /* SQLite: memory-mapped by a reader. It counts as resident, so a small
                             box leaves it at 0 and a headquarters sets the size of its file */
} StoreOptions;

MUST_USE ErrCode store_open(Store **out_store, const StoreOptions *options, Err *err);

/* Rolls back what was not committed. Leaves NULL; safe on NULL. */
void store_close(Store **store);

bool store_is_broken(const Store *store);
bool store_is_writer(const Store *store);
const char *store_backend(const Store *store); /* "sqlite" or "postgres" */

/* Inside a transaction that goes on to fill them: empties all derived tables and takes note that
 * they fit this version. Entries, ops, segments, accounts and the keys of things stay. */
MUST_USE ErrCode store_empty_projection(Store *store, Err *err);

/* Whether the derived tables were made anew for this version and wait for the entries. */
MUST_USE ErrCode store_needs_rebuild(Store *store, bool *out_needed, Err *err);

/* Reads everything and compares it with its indexes and checksums; ERR_CORRUPT says where. */
MUST_USE ErrCode store_check(Store *store, Err *err);

/* Small facts about this node by name. */
MUST_USE ErrCode meta_find(Store *store, Text key, Arena *arena, bool *out_found, Text *out_value,
                           Err *err);
MUST_USE ErrCode meta_save(Store *store, Text key, Text value, Err *err); /* in a transaction */

/* All or nothing: AUTO(tx_rollback) Tx tx = {0}; TRY(tx_begin(&tx, store, err)); …
 * On a reader, a Tx is one unchanging view of the data. */
typedef struct Tx {
    Store *store; /* NULL: none is open */
} Tx;

#define tx_begin(tx, store, err) tx_begin_at((tx), (store), __FILE__, __LINE__, (err))

/* A second one inside the first is a bug; the assertion names where the first began. */
MUST_USE ErrCode tx_begin_at(Tx *tx, Store *store, const char *file, int line, Err *err);

/* OK: it is on the disk, and survives a power cut. Anything else: nothing of it counts, though
 * after ERR_IO it may still turn up when the store is opened again. */
MUST_USE ErrCode tx_commit(Tx *tx, Err *err);

/* Nothing to do after tx_commit() or on an empty Tx. */
void tx_rollback(Tx *tx);
