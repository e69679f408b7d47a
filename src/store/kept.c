#include "store/kept.h"

#include <string.h>

#include "base/buf.h"

enum { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BYTES };

const KeptTable kept_tables[] = {
#define KEPT_TABLE(NAME, name, types) {name, types, ROW_KEPT_ALL_##NAME, ROW_KEPT_ADD_##NAME},
#include "store_tables.def"
};
const size_t kept_table_count = sizeof kept_tables / sizeof kept_tables[0];

const KeptTable *kept_table_named(Text name)
{
    for (size_t i = 0; i < kept_table_count; i++)
        if (text_is(name, kept_tables[i].name)) return &kept_tables[i];
    return NULL;
}

static void put_value(Buf *row, const Query *query, int column, char type)
{
    if (query_is_null(query, column)) {
        buf_add_byte(row, VALUE_NULL);
        return;
    }
    if (type == 'I') {
        buf_add_byte(row, VALUE_INT);
        buf_add_varint(row, zigzag(query_int(query, column)));
        return;
    }
    const Bytes bytes = query_view(query, column);
    buf_add_byte(row, type == 'T' ? VALUE_TEXT : VALUE_BYTES);
    buf_add_varint(row, bytes.size);
    buf_add(row, bytes);
}

ErrCode kept_rows(Store *store, const KeptTable *table, KeptVisit visit, void *context, Err *err)
{
    AUTO(buf_done) Buf row = {0};
    AUTO(query_done) Query query = {0};
    buf_init(&row, KEPT_ROW_BYTES_MAX);
    TRY(query_begin(&query, store, table->all, err));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        buf_clear(&row);
        for (int column = 0; table->types[column] != '\0'; column++)
            put_value(&row, &query, column, table->types[column]);
        TRY(buf_check(&row, err));
        TRY(visit(context, buf_as_bytes(&row), err));
    }
}

static ErrCode bind_value(Query *query, int at, char type, Cursor *rows, Err *err)
{
    Text text = {0};
    switch (cursor_byte(rows)) {
    case VALUE_NULL: query_bind_null(query, at); return cursor_check(rows, err);
    case VALUE_INT:
        query_bind_int(query, at, unzigzag(cursor_varint(rows)));
        if (type != 'I') cursor_refuse(rows, "a number where none belongs");
        return cursor_check(rows, err);
    case VALUE_TEXT:
        TRY(text_from_bytes(cursor_bytes(rows, cursor_varint(rows)), &text, err));
        query_bind_text(query, at, text);
        if (type != 'T') cursor_refuse(rows, "a text where none belongs");
        return cursor_check(rows, err);
    case VALUE_BYTES:
        query_bind_bytes(query, at, cursor_bytes(rows, cursor_varint(rows)));
        if (type != 'B') cursor_refuse(rows, "bytes where none belong");
        return cursor_check(rows, err);
    default: return err_set(err, ERR_CORRUPT, "a row of %c cannot be read", type);
    }
}

/* `schema`, `derived` and `projection` are what a database says of its own tables. */
static bool is_own_fact(const KeptTable *table, Cursor rows)
{
    if (strcmp(table->name, "meta") != 0 || cursor_byte(&rows) != VALUE_TEXT) return false;
    const Bytes key = cursor_bytes(&rows, cursor_varint(&rows));
    const Text text = {(const char *)key.at, key.size}; /* compared byte by byte */
    return text_is(text, "schema") || text_is(text, "derived") || text_is(text, "projection");
}

ErrCode kept_row_add(Store *store, const KeptTable *table, Cursor *rows, Err *err)
{
    AUTO(query_done) Query query = {0};
    const bool is_own = is_own_fact(table, *rows);
    TRY(query_begin(&query, store, table->add, err));
    for (int column = 0; table->types[column] != '\0'; column++)
        TRY(bind_value(&query, column + 1, table->types[column], rows, err));
    return is_own ? OK : query_run(&query, err);
}
