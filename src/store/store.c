#include "store/store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "store/inside.h"
#include "store/query.h"

static bool starts_with(const char *z, const char *start)
{
    return strncmp(z, start, strlen(start)) == 0;
}

static const Backend *backend_for(const char *place)
{
    const bool is_url = starts_with(place, "postgresql://") || starts_with(place, "postgres://");
    return is_url ? &postgres_backend : &sqlite_backend;
}

static ErrCode open_inside(Store *store, const StoreOptions *options, Err *err)
{
    store->backend = backend_for(options->place);
    store->is_writer = options->is_writer;
    store->thing_slots = options->cache_kib >= CACHE_KIB_LARGE ? THING_SLOTS_LARGE
                         : options->is_writer                  ? THING_SLOTS_WRITER
                                                               : THING_SLOTS_READER;
    store_forget(store);
    TRY(store->backend->open(options, &store->arena, &store->connection, err));
    return schema_settle(store, err);
}

ErrCode store_open(Store **out_store, const StoreOptions *options, Err *err)
{
    assert(out_store != NULL);
    assert(options != NULL);
    assert(options->place != NULL);
    Arena arena = {0};
    arena_init(&arena, STORE_BYTES_MAX);
    Store *store = arena_new(&arena, Store);
    assert(store != NULL); /* far below STORE_BYTES_MAX */
    store->arena = arena;  /* from here on the store owns the arena it lies in */

    const ErrCode code = open_inside(store, options, err);
    if (code != OK) {
        store_close(&store);
        return code;
    }
    *out_store = store;
    return OK;
}

void store_close(Store **store)
{
    if (store == NULL || *store == NULL) return;
    Store *closing = *store;
    assert(closing->open_count == 0); /* a Query outlives its store */
    if (closing->connection != NULL) {
        if (closing->is_in_tx && !closing->is_broken)
            closing->backend->rollback(closing->connection);
        for (size_t i = 0; i < QUERY_COUNT; i++)
            if (closing->prepared[i].statement != NULL)
                closing->backend->forget(closing->prepared[i].statement);
        closing->backend->close(closing->connection, closing->is_broken);
    }
    Arena arena = closing->arena;
    arena_done(&arena);
    *store = NULL;
}

bool store_is_broken(const Store *store)
{
    return store->is_broken;
}

bool store_is_writer(const Store *store)
{
    return store->is_writer;
}

const char *store_backend(const Store *store)
{
    return store->backend->name;
}

ErrCode store_failed(Store *store, ErrCode code)
{
    assert(code != OK);
    if (code == ERR_IO || code == ERR_CORRUPT) store->is_broken = true;
    if (store->is_in_tx) store->is_doomed = true;
    return code;
}

void store_forget(Store *store)
{
    store->last_key = -1;
    store->last_arrival = -1;
    const size_t size = store->things.slot_count * sizeof(ThingSlot);
    if (size == 0) return;
    memset(store->things.by_id, 0, size);
    memset(store->things.by_key, 0, size);
}

ErrCode store_check(Store *store, Err *err)
{
    assert(store != NULL);
    assert(store->open_count == 0);
    const ErrCode code = store->backend->check(store->connection, err);
    return code == OK ? OK : store_failed(store, code);
}

ErrCode meta_find(Store *store, Text key, Arena *arena, bool *out_found, Text *out_value, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, META_LOAD, err));
    query_bind_text(&query, 1, key);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (found) TRY(query_text(&query, 0, arena, out_value, err));
    *out_found = found;
    return OK;
}

ErrCode meta_save(Store *store, Text key, Text value, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, META_SAVE, err));
    query_bind_text(&query, 1, key);
    query_bind_text(&query, 2, value);
    return query_run(&query, err);
}

ErrCode tx_begin_at(Tx *tx, Store *store, const char *file, int line, Err *err)
{
    assert(store != NULL);
    assert(tx->store == NULL);
    if (store->is_in_tx) {
        fprintf(stderr, "%s:%d: a transaction inside that of %s:%d\n", file, line, store->tx_file,
                store->tx_line);
        assert(!store->is_in_tx);
    }
    if (store->is_broken)
        return err_set(err, ERR_IO, "the database failed before and was left; start again");
    const ErrCode code = store->backend->begin(store->connection, err);
    if (code != OK) return store_failed(store, code);
    store->is_in_tx = true;
    store->is_doomed = false;
    store->tx_file = file;
    store->tx_line = line;
    tx->store = store;
    return OK;
}

ErrCode tx_commit(Tx *tx, Err *err)
{
    Store *store = tx->store;
    assert(store != NULL); /* begun, and not yet over */
    assert(store->is_in_tx);
    if (store->is_broken)
        return err_set(err, ERR_IO, "the database failed before and was left; start again");
    if (store->is_doomed)
        return err_set(err, ERR_CONFLICT, "this change failed before and can only be given up");
    const ErrCode code = store->backend->commit(store->connection, err);
    if (code != OK) return store_failed(store, code); /* tx_rollback() does the rest */
    store->is_in_tx = false;
    tx->store = NULL;
    if (store->backend->has_failed(store->connection)) store->is_broken = true;
    return OK; /* what was committed is safe all the same */
}

void tx_rollback(Tx *tx)
{
    Store *store = tx->store;
    if (store == NULL) return;
    assert(store->is_in_tx);
    /* Of a broken store nothing more is asked: what was not committed goes when it is closed. */
    if (!store->is_broken) store->backend->rollback(store->connection);
    store->is_in_tx = false;
    store->is_doomed = false;
    if (store->is_writer) store_forget(store);
    tx->store = NULL;
}
