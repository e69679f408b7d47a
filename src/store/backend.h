#pragma once
/*
 * backend — what store and query ask of a database, as a table of functions.
 *
 * Two tables exist: sqlite.c and postgres.c, the only files that see those libraries. A connection
 * and a statement are whatever their backend makes of them.
 *
 *   Owns     statements belong to their connection and go with it.
 *   Threads  those of the store.
 *   Errors   as in query.h
 */
#include "store/query.h"
#include "store/store.h"

typedef struct Backend {
    const char *name;
    ErrCode (*open)(const StoreOptions *options, Arena *arena, void **out_connection, Err *err);

    /* A broken connection is left without touching the disk any more than closing it takes. */
    void (*close)(void *connection, bool is_broken);

    /* SQL that is not a query of the list: the schema. */
    ErrCode (*execute)(void *connection, const char *sql, Err *err);
    ErrCode (*begin)(void *connection, Err *err);
    ErrCode (*commit)(void *connection, Err *err);
    void (*rollback)(void *connection);

    /* Whether something failed after a commit was safe, such as a checkpoint. */
    bool (*has_failed)(void *connection);
    ErrCode (*check)(void *connection, Err *err);

    /* Whether there is a table `meta`: nothing else is known of a fresh database. */
    ErrCode (*has_schema)(void *connection, bool *out_has, Err *err);

    ErrCode (*prepare)(void *connection, QueryId id, Arena *arena, void **out_statement, Err *err);
    void (*bind_int)(void *statement, int at, int64_t number);
    void (*bind_bytes)(void *statement, int at, Bytes bytes, bool is_text);
    void (*bind_null)(void *statement, int at);
    ErrCode (*step)(void *connection, void *statement, bool *out_found, Err *err);
    int64_t (*changed)(void *connection, void *statement);
    bool (*is_null)(void *statement, int column);
    int64_t (*column_int)(void *statement, int column);
    Bytes (*column_bytes)(void *statement, int column);
    void (*reset)(void *connection, void *statement); /* and forgets what was bound */
    void (*forget)(void *statement);                  /* the connection is about to close */
} Backend;

extern const Backend sqlite_backend;
extern const Backend postgres_backend;
