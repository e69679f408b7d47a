#pragma once
/*
 * kept — the rows of the tables that are kept, as they stand: what a backup holds beside the keys.
 *
 * The list is made from tables.def, so a new kept table is in the next backup. Sessions are not:
 * who signed in before a node burnt down signs in again.
 *
 *     row := value for each column, the shard first where there is one
 *     value := 0 | 1, varint zigzag number | 2, varint size, text | 3, varint size, bytes
 *
 *   Owns     nothing.
 *   Threads  those of the store; only the writer adds, in a transaction.
 *   Bounds   KEPT_ROW_BYTES_MAX
 *   Errors   ERR_CORRUPT   not a row of this table
 *            ERR_CONFLICT  it is there already
 */
#include "journal/cursor.h"
#include "store/query.h"

#define KEPT_ROW_BYTES_MAX ((size_t)20 << 20)

typedef struct KeptTable {
    const char *name;
    const char *types; /* I number, T text, B bytes: one for each column */
    QueryId all;
    QueryId add;
} KeptTable;

extern const KeptTable kept_tables[];
extern const size_t kept_table_count;

/* NULL when this version has no such table. */
const KeptTable *kept_table_named(Text name);

typedef ErrCode (*KeptVisit)(void *context, Bytes row, Err *err);

/* Every row, in the order of its key. No other query may be begun meanwhile. */
MUST_USE ErrCode kept_rows(Store *store, const KeptTable *table, KeptVisit visit, void *context,
                           Err *err);

/* The next row of `rows`. What a fresh database says about its own tables stays as it is. */
MUST_USE ErrCode kept_row_add(Store *store, const KeptTable *table, Cursor *rows, Err *err);
