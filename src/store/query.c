#include "store/query.h"

#include <assert.h>
#include <inttypes.h>

#include "store/inside.h"

#define READ  QUERY_FLAG_READ
#define WRITE QUERY_FLAG_WRITE
#define FULL  QUERY_FLAG_FULL

static const QueryInfo infos[QUERY_COUNT] = {
    [QUERY_NONE] = {.name = "none", .sql = ""},
#define QUERY(NAME, flags, sql, postgres_sql) [NAME] = {#NAME, (flags), (sql), (postgres_sql)},
#include "store/queries.def"
};

const QueryInfo *query_info(QueryId id)
{
    assert(id > QUERY_NONE);
    assert(id < QUERY_COUNT);
    return &infos[id];
}

ErrCode query_prepare(Store *store, QueryId id, Err *err)
{
    assert(store != NULL);
    const QueryInfo *info = query_info(id);
    Prepared *prepared = &store->prepared[id];
    if (prepared->statement != NULL) return OK;
    const ErrCode code =
        store->backend->prepare(store->connection, id, &store->arena, &prepared->statement, err);
    if (code == OK) return OK;
    store_failed(store, code);
    return err_context(err, "preparing %s", info->name);
}

ErrCode query_begin(Query *query, Store *store, QueryId id, Err *err)
{
    assert(store != NULL);
    assert(query->store == NULL); /* begun twice */
    const QueryInfo *info = query_info(id);
    Prepared *prepared = &store->prepared[id];
    const bool is_stream = info->flags == (QUERY_FLAG_READ | QUERY_FLAG_FULL);

    if (store->is_broken)
        return err_set(err, ERR_IO, "the database failed before and was left; start again");
    if (store->is_doomed)
        return err_set(err, ERR_CONFLICT, "this change failed before and can only be given up");
    assert(!prepared->is_busy);             /* the same question inside itself */
    assert(store->streaming == QUERY_NONE); /* a FULL query is open: nothing beside it */
    assert(!is_stream || store->open_count == 0);
    if ((info->flags & QUERY_FLAG_WRITE) != 0) {
        assert(store->is_writer);
        assert(store->is_in_tx);
    }
    TRY(query_prepare(store, id, err));

    *query = (Query){.store = store, .id = id, .statement = prepared->statement};
    prepared->is_busy = true;
    store->open_count++;
    if (is_stream) store->streaming = id;
    return OK;
}

void query_done(Query *query)
{
    Store *store = query->store;
    if (store == NULL) return;
    store->backend->reset(store->connection, query->statement);
    store->prepared[query->id].is_busy = false;
    store->open_count--;
    if (store->streaming == query->id) store->streaming = QUERY_NONE;
    assert(store->open_count >= 0);
    *query = (Query){0};
}

void query_bind_int(Query *query, int at, int64_t number)
{
    assert(query->store != NULL);
    query->store->backend->bind_int(query->statement, at, number);
}

static void bind(Query *query, int at, Bytes bytes, bool is_text)
{
    assert(query->store != NULL);
    if (bytes.size > QUERY_VALUE_BYTES_MAX)
        query->is_too_long = true; /* query_next() will say so */
    else
        query->store->backend->bind_bytes(query->statement, at, bytes, is_text);
}

void query_bind_text(Query *query, int at, Text text)
{
    bind(query, at, bytes_of(text), true);
}

void query_bind_bytes(Query *query, int at, Bytes bytes)
{
    bind(query, at, bytes, false);
}

void query_bind_id(Query *query, int at, const Id *id)
{
    query_bind_bytes(query, at, id_bytes(id));
}

void query_bind_key(Query *query, int at, int64_t key)
{
    if (key == 0)
        query_bind_null(query, at);
    else
        query_bind_int(query, at, key);
}

void query_bind_null(Query *query, int at)
{
    assert(query->store != NULL);
    query->store->backend->bind_null(query->statement, at);
}

ErrCode query_next(Query *query, bool *out_found, Err *err)
{
    Store *store = query->store;
    assert(store != NULL);
    if (store->is_broken)
        return err_set(err, ERR_IO, "the database failed before and was left; start again");
    ErrCode code = OK;
    if (query->is_too_long)
        code = err_set(err, ERR_LIMIT, "a value has more than %d bytes", QUERY_VALUE_BYTES_MAX);
    else
        code = store->backend->step(store->connection, query->statement, out_found, err);
    if (code == OK) return OK;
    store_failed(store, code);
    return err_context(err, "%s", infos[query->id].name);
}

ErrCode query_run(Query *query, Err *err)
{
    bool found = false;
    TRY(query_next(query, &found, err));
    assert(!found); /* this one has rows to show */
    return OK;
}

int64_t query_changed(const Query *query)
{
    assert(query->store != NULL);
    return query->store->backend->changed(query->store->connection, query->statement);
}

bool query_is_null(const Query *query, int column)
{
    assert(query->store != NULL);
    return query->store->backend->is_null(query->statement, column);
}

int64_t query_int(const Query *query, int column)
{
    if (query_is_null(query, column)) return 0;
    return query->store->backend->column_int(query->statement, column);
}

Bytes query_view(const Query *query, int column)
{
    if (query_is_null(query, column)) return (Bytes){0};
    return query->store->backend->column_bytes(query->statement, column);
}

ErrCode query_text(const Query *query, int column, Arena *arena, Text *out_text, Err *err)
{
    /* Only texts go in, so only texts come out: no need to look at each byte again. */
    Bytes bytes = {0};
    TRY(query_bytes(query, column, arena, &bytes, err));
    *out_text = (Text){.at = (const char *)bytes.at, .size = bytes.size};
    return OK;
}

ErrCode query_bytes(const Query *query, int column, Arena *arena, Bytes *out_bytes, Err *err)
{
    return bytes_copy(arena, query_view(query, column), out_bytes, err);
}

ErrCode query_id(const Query *query, int column, Id *out_id, Err *err)
{
    if (id_from_bytes(query_view(query, column), out_id, err) == OK) return OK;
    return err_set(err, ERR_CORRUPT, "%s: column %d holds no id", infos[query->id].name, column);
}
