#pragma once
/*
 * query — asks the store one of the questions listed in queries.def.
 *
 *     AUTO(query_done) Query query = {0};
 *     TRY(query_begin(&query, store, PERSON_BY_NAME, err));
 *     query_bind_text(&query, 1, name);
 *     bool found = false;
 *     TRY(query_next(&query, &found, err));
 *     if (found) key = query_int(&query, 0);
 *
 * A statement is prepared when it is first asked for and kept. Parameters count from 1 and hold
 * NULL until they are bound; columns count from 0. A failure inside a transaction dooms it.
 *
 *   Owns     its place in the store, until query_done(). Bound texts and bytes are borrowed until
 *            then; what query_view() shows dies with the next query_next().
 *   Threads  those of its store.
 *   Bounds   QUERY_PARAMS_MAX; values of QUERY_VALUE_BYTES_MAX.
 *   Errors   ERR_CONFLICT  the value is there already; or the transaction failed before
 *            ERR_BUSY      another process writes; try again
 *            ERR_LIMIT     a value or the arena is too large
 *            ERR_IO, ERR_CORRUPT  the disk or the connection: the store is broken from now on
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"
#include "store/store.h"

#define QUERY_PARAMS_MAX      40
#define QUERY_VALUE_BYTES_MAX (16 << 20)

#define QUERY_FLAG_READ  1U
#define QUERY_FLAG_WRITE 2U
#define QUERY_FLAG_FULL  4U /* may read a whole table */

typedef enum QueryId {
    QUERY_NONE = 0,
#define QUERY(NAME, flags, sql, postgres_sql) NAME,
#include "store/queries.def"
    QUERY_COUNT
} QueryId;

typedef struct QueryInfo {
    const char *name;
    unsigned flags;
    const char *sql;
    const char *postgres_sql; /* NULL: the same */
} QueryInfo;

/* What queries.def says of a query. */
const QueryInfo *query_info(QueryId id);

typedef struct Query {
    Store *store; /* NULL: not begun */
    QueryId id;
    void *statement;
    bool is_too_long; /* something bound was beyond QUERY_VALUE_BYTES_MAX */
} Query;

/* Begun twice without query_done() between is a bug, and so is the same question inside itself. */
MUST_USE ErrCode query_begin(Query *query, Store *store, QueryId id, Err *err);
void query_done(Query *query);

void query_bind_int(Query *query, int at, int64_t number);
void query_bind_text(Query *query, int at, Text text);
void query_bind_bytes(Query *query, int at, Bytes bytes);
void query_bind_id(Query *query, int at, const Id *id);
void query_bind_key(Query *query, int at, int64_t key); /* NULL for key 0: there is none */
void query_bind_null(Query *query, int at);

/* The next row, if there is one. */
MUST_USE ErrCode query_next(Query *query, bool *out_found, Err *err);

/* For a query that has no rows to show. */
MUST_USE ErrCode query_run(Query *query, Err *err);

/* How many rows the query that was just run has changed. */
int64_t query_changed(const Query *query);

bool query_is_null(const Query *query, int column);
int64_t query_int(const Query *query, int column); /* 0 for NULL */
Bytes query_view(const Query *query, int column);  /* a text or bytes; empty for NULL */

/* Copies that outlive the row; empty for NULL. */
MUST_USE ErrCode query_text(const Query *query, int column, Arena *arena, Text *out_text, Err *err);
MUST_USE ErrCode query_bytes(const Query *query, int column, Arena *arena, Bytes *out_bytes,
                             Err *err);

/* ERR_CORRUPT unless the column holds 16 bytes. */
MUST_USE ErrCode query_id(const Query *query, int column, Id *out_id, Err *err);

/* Makes the database read the text of a query and nothing more: what the tests do with all. */
MUST_USE ErrCode query_prepare(Store *store, QueryId id, Err *err);
