#include "store/state_hash.h"

#include <assert.h>

#include "base/buf.h"
#include "store/query.h"
#include "vocab/vocab.h"

#define ROW_BYTES_MAX ((size_t)FIELD_COUNT_MAX * (TEXT_FIELD_BYTES_MAX + 64) + (1 << 20))

static const QueryId all_of[KIND_COUNT_MAX] = {
#define KIND(NAME, number, name, scope, en, zh, what) [KIND_##NAME] = ROW_ALL_##NAME,
#include "vocab/kinds.def"
};

static void put_number(Buf *row, int64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(row, (uint8_t)((uint64_t)number >> shift));
}

static void put_bytes(Buf *row, Bytes bytes)
{
    put_number(row, (int64_t)bytes.size);
    buf_add(row, bytes);
}

static ErrCode put_id(Buf *row, const Query *query, int column, Err *err)
{
    Id id;
    TRY(query_id(query, column, &id, err));
    buf_add(row, id_bytes(&id));
    return OK;
}

/* Adds the hash of a row to the sum, the first byte being the most significant, and empties it. */
static ErrCode add_row(Digest *sum, Buf *row, Err *err)
{
    TRY(buf_check(row, err));
    const Digest digest = hash_of(buf_as_bytes(row));
    unsigned carry = 0;
    for (int i = DIGEST_SIZE - 1; i >= 0; i--) {
        carry += (unsigned)sum->at[i] + digest.at[i];
        sum->at[i] = (uint8_t)carry;
        carry >>= 8;
    }
    buf_clear(row);
    return OK;
}

static ErrCode put_field(Buf *row, const Query *query, int *at, const FieldInfo *field, Err *err)
{
    const int column = (*at)++;
    /* The blind index is this node's own: others may hold the same bytes and not the key. */
    if ((field->flags & FIELD_FLAG_BLIND) != 0) (*at)++;
    if (query_is_null(query, column)) return OK;
    put_number(row, field->number);
    switch (field->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_COORD: put_number(row, query_int(query, column)); return OK;
    case FIELD_REF: return put_id(row, query, column, err);
    case FIELD_TEXT:
    case FIELD_SEALED: put_bytes(row, query_view(query, column)); return OK;
    }
    return OK;
}

static ErrCode add_kind(Store *store, const KindInfo *kind, Digest *sum, Buf *row, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, all_of[kind->code], err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        buf_add_byte(row, 'R');
        put_number(row, kind->code);
        TRY(put_id(row, &query, 0, err));
        put_number(row, query_int(&query, 1));
        int at = 2;
        for (size_t i = 0; i < kind->field_count; i++)
            TRY(put_field(row, &query, &at, &kind->fields[i], err));
        TRY(add_row(sum, row, err));
    }
}

static ErrCode add_stays(Store *store, Digest *sum, Buf *row, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, STAY_ALL, err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        buf_add_byte(row, 'S');
        for (int column = 0; column < 3; column++) /* person, project, posting */
            TRY(put_id(row, &query, column, err));
        put_bytes(row, query_view(&query, 3)); /* the crew's id, or nothing */
        for (int column = 4; column < 9; column++)
            put_number(row, query_int(&query, column));
        TRY(add_row(sum, row, err));
    }
}

static ErrCode add_headcounts(Store *store, Digest *sum, Buf *row, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, HEADCOUNT_ALL, err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        buf_add_byte(row, 'H');
        TRY(put_id(row, &query, 0, err));
        put_bytes(row, query_view(&query, 1));
        TRY(add_row(sum, row, err));
    }
}

static ErrCode add_conflicts(Store *store, Digest *sum, Buf *row, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, CONFLICT_ALL, err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        buf_add_byte(row, 'C');
        TRY(put_id(row, &query, 0, err));
        put_number(row, query_int(&query, 1));
        TRY(put_id(row, &query, 2, err));
        TRY(add_row(sum, row, err));
    }
}

static ErrCode hash_all(Store *store, bool with_own, Digest *out_hash, Err *err)
{
    assert(store != NULL);
    assert(out_hash != NULL);
    AUTO(buf_done) Buf row = {0};
    buf_init(&row, ROW_BYTES_MAX);
    Digest sum = {0};
    for (size_t i = 0; i < vocab_kind_count; i++)
        if (with_own || vocab_kinds[i].scope_rule != SCOPE_BY_NODE)
            TRY(add_kind(store, &vocab_kinds[i], &sum, &row, err));
    TRY(add_stays(store, &sum, &row, err));
    TRY(add_headcounts(store, &sum, &row, err));
    TRY(add_conflicts(store, &sum, &row, err));
    *out_hash = sum;
    return OK;
}

ErrCode state_hash(Store *store, Digest *out_hash, Err *err)
{
    return hash_all(store, true, out_hash, err);
}

ErrCode state_hash_shared(Store *store, Digest *out_hash, Err *err)
{
    return hash_all(store, false, out_hash, err);
}
