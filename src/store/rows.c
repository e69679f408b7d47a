#include "store/rows.h"

#include <assert.h>
#include <inttypes.h>

#include "store/query.h"

typedef struct KindQueries {
    QueryId add;
    QueryId load;
    QueryId state;
    QueryId set_void;
    QueryId remove;
    QueryId set[FIELD_COUNT_MAX]; /* by field number */
} KindQueries;

/* By kind number. */
static const KindQueries queries_of[KIND_COUNT_MAX] = {
#define KIND(NAME, number, name, scope, en, zh, what) \
    [KIND_##NAME] = {.add = ROW_ADD_##NAME,           \
                     .load = ROW_LOAD_##NAME,         \
                     .state = ROW_STATE_##NAME,       \
                     .set_void = ROW_VOID_##NAME,     \
                     .remove = ROW_REMOVE_##NAME,     \
                     .set = {
#define FIELD(KIND, NAME, number, name, TYPE, of, flags, en, zh) \
    [KIND##_##NAME] = ROW_SET_##KIND##_##NAME,
#define KIND_END(NAME) \
    }                  \
    }                  \
    ,
#include "vocab/kinds.def"
};

static const KindQueries *queries_for(KindCode kind)
{
    assert(kind > KIND_NONE);
    assert((unsigned)kind < KIND_COUNT_MAX);
    assert(queries_of[kind].add != QUERY_NONE);
    return &queries_of[kind];
}

/* Keys of the things a record leads to, by field number. Those never heard of get one now. */
static ErrCode intern_refs(Store *store, int64_t shard, const Record *record,
                           int64_t out_keys[FIELD_COUNT_MAX], Err *err)
{
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        if (field->type != FIELD_REF || !record_has(record, field->number)) continue;
        TRY(thing_intern(store, shard, record_ref(record, field->number), KIND_NONE,
                         &out_keys[field->number], err));
    }
    return OK;
}

/* Binds a field's one or two columns from parameter `at` on; returns the next parameter. */
static int bind_field(Query *query, int at, const FieldInfo *field, const Record *record,
                      int64_t ref_key)
{
    const FieldValue *value = &record->fields[field->number];
    const bool is_blind = (field->flags & FIELD_FLAG_BLIND) != 0;
    if (value->state != FIELD_SET) return at + (is_blind ? 2 : 1); /* parameters start as NULL */
    switch (field->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD: query_bind_int(query, at, value->number); break;
    case FIELD_TEXT: query_bind_text(query, at, record_text(record, field->number)); break;
    case FIELD_REF: query_bind_int(query, at, ref_key); break;
    case FIELD_SEALED: query_bind_bytes(query, at, value->bytes); break;
    }
    if (!is_blind) return at + 1;
    if (value->number != 0) query_bind_int(query, at + 1, value->number);
    return at + 2;
}

static void bind_row(Query *query, int64_t shard, int64_t key, uint64_t stamp)
{
    assert(key > 0);
    assert(stamp >> STAMP_BITS == 0);
    query_bind_int(query, 1, shard);
    query_bind_int(query, 2, key);
    query_bind_int(query, 3, (int64_t)stamp);
}

ErrCode row_add(Store *store, int64_t shard, int64_t key, uint64_t stamp, const Record *record,
                Err *err)
{
    assert(record != NULL);
    assert(record->kind != NULL);
    int64_t ref_keys[FIELD_COUNT_MAX] = {0};
    TRY(intern_refs(store, shard, record, ref_keys, err));

    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, queries_for(record->kind->code)->add, err));
    bind_row(&query, shard, key, stamp);
    int at = 4;
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        at = bind_field(&query, at, field, record, ref_keys[field->number]);
    }
    return query_run(&query, err);
}

static ErrCode no_row(const KindInfo *kind, int64_t key, Err *err)
{
    return err_set(err, ERR_NOT_FOUND, "no %s has the key %" PRId64, kind->name, key);
}

ErrCode row_change(Store *store, int64_t shard, int64_t key, uint64_t stamp, const Record *change,
                   Err *err)
{
    assert(change != NULL);
    assert(change->kind != NULL);
    int64_t ref_keys[FIELD_COUNT_MAX] = {0};
    TRY(intern_refs(store, shard, change, ref_keys, err));

    const KindQueries *queries = queries_for(change->kind->code);
    for (size_t i = 0; i < change->kind->field_count; i++) {
        const FieldInfo *field = &change->kind->fields[i];
        if (change->fields[field->number].state == FIELD_ABSENT) continue;
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, store, queries->set[field->number], err));
        bind_row(&query, shard, key, stamp);
        (void)bind_field(&query, 4, field, change, ref_keys[field->number]);
        TRY(query_run(&query, err));
        if (query_changed(&query) == 0) return no_row(change->kind, key, err);
    }
    return OK;
}

ErrCode row_void(Store *store, int64_t shard, int64_t key, KindCode kind, uint64_t stamp,
                 bool is_void, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, queries_for(kind)->set_void, err));
    bind_row(&query, shard, key, stamp);
    query_bind_int(&query, 4, is_void ? 1 : 0);
    TRY(query_run(&query, err));
    if (query_changed(&query) == 0) return no_row(vocab_kind((unsigned)kind), key, err);
    return OK;
}

ErrCode row_remove(Store *store, int64_t shard, int64_t key, KindCode kind, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, queries_for(kind)->remove, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, key);
    return query_run(&query, err);
}

ErrCode row_state(Store *store, int64_t shard, int64_t key, KindCode kind, RowState *out_state,
                  Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, queries_for(kind)->state, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    if (!found) return no_row(vocab_kind((unsigned)kind), key, err);
    *out_state = (RowState){(uint64_t)query_int(&query, 0), query_int(&query, 1) != 0};
    return OK;
}

/* Fills one field from column `at` on; returns OK and moves *at past its columns. A reference's
 * key goes into `ref_keys`: it is translated when the query is over. */
static ErrCode load_field(const Query *query, int *at, const FieldInfo *field, Arena *arena,
                          Record *record, int64_t ref_keys[FIELD_COUNT_MAX], Err *err)
{
    const int column = (*at)++;
    const bool is_blind = (field->flags & FIELD_FLAG_BLIND) != 0;
    const int64_t blind_index = is_blind ? query_int(query, (*at)++) : 0;
    if (query_is_null(query, column)) return OK;
    FieldValue *value = &record->fields[field->number];
    value->state = FIELD_SET;
    switch (field->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD: value->number = query_int(query, column); return OK;
    case FIELD_REF: ref_keys[field->number] = query_int(query, column); return OK;
    case FIELD_TEXT:
    case FIELD_SEALED:
        value->number = blind_index;
        return query_bytes(query, column, arena, &value->bytes, err);
    }
    return OK;
}

static ErrCode load_keys(Store *store, int64_t shard, int64_t key, const KindInfo *kind,
                         Arena *arena, Record *out_record, RowState *out_state,
                         int64_t ref_keys[FIELD_COUNT_MAX], Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, queries_for(kind->code)->load, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, key);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (!found) return no_row(kind, key, err);
    out_state->stamp = (uint64_t)query_int(&query, 0);
    out_state->is_void = query_int(&query, 1) != 0;
    int at = 2;
    for (size_t i = 0; i < kind->field_count; i++)
        TRY(load_field(&query, &at, &kind->fields[i], arena, out_record, ref_keys, err));
    return OK;
}

ErrCode row_load(Store *store, int64_t shard, int64_t key, const KindInfo *kind, Arena *arena,
                 Record *out_record, RowState *out_state, Err *err)
{
    assert(kind != NULL);
    assert(out_record != NULL);
    assert(out_state != NULL);
    Record record = {.kind = kind};
    RowState state = {0};
    int64_t ref_keys[FIELD_COUNT_MAX] = {0};
    TRY(load_keys(store, shard, key, kind, arena, &record, &state, ref_keys, err));
    for (unsigned i = 1; i < FIELD_COUNT_MAX; i++)
        if (ref_keys[i] != 0) TRY(thing_id(store, shard, ref_keys[i], &record.fields[i].ref, err));
    *out_record = record;
    *out_state = state;
    return OK;
}
