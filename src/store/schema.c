/* The tables: made when a database is fresh, made anew when the vocabulary has grown, and refused
 * when a newer version made them. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "seal/hash.h"
#include "store/inside.h"
#include "store/query.h"

typedef enum Life { KEPT, DERIVED } Life;
typedef enum Where { SQLITE, POSTGRES, BOTH } Where;

typedef struct TableSql {
    Life life;
    Where where;
    const char *sql;
} TableSql;

static const TableSql table_sqls[] = {
#define TABLE_SQL(life, where, sql) {life, where, sql},
#include "store_tables.def"
};

typedef struct DerivedTable {
    const char *drop;
    QueryId empty;
} DerivedTable;

static const DerivedTable derived_tables[] = {
#define DERIVED_TABLE(NAME, drop) {drop, ROW_EMPTY_##NAME},
#include "store_tables.def"
};

#define META_SCHEMA  TEXT("schema")     /* STORE_SCHEMA when the database was made or migrated */
#define META_DERIVED TEXT("derived")    /* which derived tables there are: a digest of their SQL */
#define META_REBUILD TEXT("projection") /* "stale" from when they are made anew until refilled */

static bool is_for(const TableSql *table, const Backend *backend)
{
    if (table->where == BOTH) return true;
    return table->where == (backend == &sqlite_backend ? SQLITE : POSTGRES);
}

/* Differs whenever a derived table does. */
static void derived_digest(const Backend *backend, char out[DIGEST_TEXT_MAX])
{
    Hash hash;
    hash_init(&hash);
    for (size_t i = 0; i < sizeof table_sqls / sizeof table_sqls[0]; i++) {
        const TableSql *table = &table_sqls[i];
        if (table->life != DERIVED || !is_for(table, backend)) continue;
        hash_add(&hash, bytes_of(text_from_z(table->sql)));
        hash_add(&hash, bytes_of(TEXT("\n")));
    }
    const Digest digest = hash_result(&hash);
    digest_write(&digest, out);
}

static ErrCode execute(Store *store, const char *sql, Err *err)
{
    const ErrCode code = store->backend->execute(store->connection, sql, err);
    if (code == OK) return OK;
    store_failed(store, code);
    return err_context(err, "making the tables");
}

static ErrCode make_tables(Store *store, Life life, Err *err)
{
    for (size_t i = 0; i < sizeof table_sqls / sizeof table_sqls[0]; i++) {
        const TableSql *table = &table_sqls[i];
        if (table->life != life || !is_for(table, store->backend)) continue;
        TRY(execute(store, table->sql, err));
    }
    return OK;
}

static ErrCode make_all(Store *store, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    TRY(tx_begin(&tx, store, err));
    TRY(make_tables(store, KEPT, err));
    TRY(make_tables(store, DERIVED, err));
    char digest[DIGEST_TEXT_MAX];
    derived_digest(store->backend, digest);
    char number[24];
    (void)snprintf(number, sizeof number, "%d", STORE_SCHEMA);
    TRY(meta_save(store, META_SCHEMA, text_from_z(number), err));
    TRY(meta_save(store, META_DERIVED, text_from_z(digest), err));
    TRY(meta_save(store, META_REBUILD, TEXT("current"), err));
    return tx_commit(&tx, err);
}

/* The derived tables hold nothing that the entries do not: another shape means new, empty ones. */
static ErrCode remake_derived(Store *store, Text digest, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    TRY(tx_begin(&tx, store, err));
    for (size_t i = 0; i < sizeof derived_tables / sizeof derived_tables[0]; i++)
        TRY(execute(store, derived_tables[i].drop, err));
    TRY(make_tables(store, DERIVED, err));
    TRY(meta_save(store, META_DERIVED, digest, err));
    TRY(meta_save(store, META_REBUILD, TEXT("stale"), err));
    return tx_commit(&tx, err);
}

static ErrCode check_number(Store *store, Arena *arena, Err *err)
{
    bool found = false;
    Text text = {0};
    int64_t number = 0;
    TRY(meta_find(store, META_SCHEMA, arena, &found, &text, err));
    if (!found || text_to_int(text, &number, err) != OK || number < 1)
        return err_set(err, ERR_INVALID, "this database was not made by Tongpin; choose another");
    if (number > STORE_SCHEMA)
        return err_set(err, ERR_INVALID,
                       "a newer Tongpin made this database (its tables are number %" PRId64
                       ", this program knows up to %d): install that version or a later one",
                       number, STORE_SCHEMA);
    assert(number == STORE_SCHEMA); /* there has been no other yet */
    return OK;
}

static ErrCode settle_existing(Store *store, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 4096);
    TRY(check_number(store, &arena, err));

    char digest[DIGEST_TEXT_MAX];
    derived_digest(store->backend, digest);
    bool found = false;
    Text kept = {0};
    TRY(meta_find(store, META_DERIVED, &arena, &found, &kept, err));
    if (found && text_is(kept, digest)) return OK;
    if (!store->is_writer)
        return err_set(err, ERR_BUSY,
                       "another version made the tables of this database: `tongpin rebuild` first");
    return remake_derived(store, text_from_z(digest), err);
}

ErrCode schema_settle(Store *store, Err *err)
{
    bool has_schema = false;
    const ErrCode code = store->backend->has_schema(store->connection, &has_schema, err);
    if (code != OK) return store_failed(store, code);
    if (has_schema) return settle_existing(store, err);
    if (store->is_writer) return make_all(store, err);
    return err_set(err, ERR_NOT_FOUND, "this database is empty: `tongpin init` makes one");
}

ErrCode store_empty_projection(Store *store, Err *err)
{
    assert(store != NULL);
    assert(store->is_in_tx);
    for (size_t i = 0; i < sizeof derived_tables / sizeof derived_tables[0]; i++) {
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, store, derived_tables[i].empty, err));
        TRY(query_run(&query, err));
    }
    return meta_save(store, META_REBUILD, TEXT("current"), err);
}

ErrCode store_needs_rebuild(Store *store, bool *out_needed, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1024);
    bool found = false;
    Text value = {0};
    TRY(meta_find(store, META_REBUILD, &arena, &found, &value, err));
    *out_needed = found && text_is(value, "stale");
    return OK;
}
