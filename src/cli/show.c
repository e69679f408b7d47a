#include "cli/show.h"

#include <string.h>

#include "cli/pieces.h"

#define PIECE_BYTES ((size_t)4 << 20) /* of an answer that is read at once */

const SignalEyes show_eyes = {.is_machine = true};

typedef enum Format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV } Format;

static Format format_of(const Options *options)
{
    const char *value = option_value(options, "--format");
    if (value != NULL && strcmp(value, "json") == 0) return FORMAT_JSON;
    return value != NULL && strcmp(value, "csv") == 0 ? FORMAT_CSV : FORMAT_TEXT;
}

/* A part of the answer becomes rows; the heading is that of the first one. */
static ErrCode fill_piece(const Show *show, Bytes json, Format format, Table *table, Err *err)
{
    AUTO(doc_done) Doc doc = {0};
    TableRow *const mark = table_mark(table);
    TRY(doc_parse(&doc, json, err));
    if (mark == NULL && format == FORMAT_TEXT && show->head != NULL) show->head(doc.root);
    if (show->fill == NULL) return OK;
    show->fill(doc.root, table);
    table_drop_behind(table, mark);
    return table->is_over ? err_set(err, ERR_LIMIT, "the table is too large for this machine") : OK;
}

static ErrCode print_table(const Show *show, const View *view, Text json, Format format, Err *err)
{
    AUTO(buf_done) Buf piece = {0};
    AUTO(buf_done) Buf out = {0};
    bool is_one = false;
    Table table;
    Pieces pieces = pieces_of(json, PIECE_BYTES);
    buf_init(&piece, DOC_BYTES_MAX);
    buf_init(&out, (size_t)512 << 20);
    table_init(&table, view->arena, show->columns == 0 ? 1 : show->columns);
    TRY(pieces_next(&pieces, &piece, &is_one, err));
    while (is_one) {
        TRY(fill_piece(show, buf_as_bytes(&piece), format, &table, err));
        TRY(pieces_next(&pieces, &piece, &is_one, err));
    }
    if (show->fill == NULL) return OK;
    if (format == FORMAT_CSV)
        table_write_csv(&table, &out);
    else
        table_write_text(&table, &out);
    TRY(buf_check(&out, err));
    return print_bytes(buf_as_bytes(&out), err);
}

/* What is only tried says whether it may be done. */
static ErrCode look_at_may(const Show *show, Bytes json, Err *err)
{
    AUTO(doc_done) Doc doc = {0};
    if (json.size > PIECE_BYTES) return OK; /* a long list is nothing that is tried */
    TRY(doc_parse(&doc, json, err));
    const DocValue *may = doc_get(doc.root, "may_confirm");
    if (doc_type(may) == DOC_BOOL && !doc_bool(may)) *show->out_exit = EXIT_NO;
    return OK;
}

ErrCode show_run(const Show *show, Look *look, Err *err)
{
    AUTO(buf_done) Buf json = {0};
    const Format format = format_of(show->options);
    TRY(cli_said(answer_read(&look->view, show->answering, show->context, &json, err),
                 show->out_exit));
    TRY(look_at_may(show, buf_as_bytes(&json), err));
    if (format != FORMAT_JSON)
        return print_table(show, &look->view, buf_as_text(&json), format, err);
    buf_add_byte(&json, '\n');
    return print_bytes(buf_as_bytes(&json), err);
}

Text show_text(const DocValue *value, const char *key)
{
    const DocValue *member = doc_get(value, key);
    return doc_type(member) == DOC_TEXT ? doc_text(member) : TEXT("");
}

Text show_name(const DocValue *value, const char *key)
{
    return show_text(doc_get(value, key), "name");
}

int64_t show_int(const DocValue *value, const char *key)
{
    const DocValue *member = doc_get(value, key);
    return doc_type(member) == DOC_INT ? doc_int(member) : 0;
}

void show_heading(Table *table, const char *const *words)
{
    for (size_t i = 0; i < table->column_count; i++)
        table_add_z(table, words[i]);
}

void show_reasons(Table *table, const DocValue *reasons)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, 8192);
    for (size_t i = 0; i < doc_count(reasons); i++) {
        if (i > 0) buf_add_z(&words, "；");
        buf_add_text(&words, show_text(doc_at(reasons, i), "zh"));
    }
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

ErrCode show_need(const Options *options, const char *option, const View *view, KindCode kind,
                  Id *out_id, Exit *out_exit, Err *err)
{
    const char *word = option_value(options, option);
    if (word == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "%s is missing", option);
    }
    return resolve(view, kind, word, out_id, err);
}
