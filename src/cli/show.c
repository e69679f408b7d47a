#include "cli/show.h"

#include <string.h>

typedef enum Format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV } Format;

static Format format_of(const Options *options)
{
    const char *value = option_value(options, "--format");
    if (value != NULL && strcmp(value, "json") == 0) return FORMAT_JSON;
    return value != NULL && strcmp(value, "csv") == 0 ? FORMAT_CSV : FORMAT_TEXT;
}

static ErrCode print_table(const Show *show, const View *view, const DocValue *root, Format format,
                           Err *err)
{
    AUTO(buf_done) Buf out = {0};
    Table table;
    buf_init(&out, (size_t)512 << 20);
    table_init(&table, view->arena, show->columns);
    show->fill(root, &table);
    if (table.is_over) return err_set(err, ERR_LIMIT, "the table is too large for this machine");
    if (format == FORMAT_CSV)
        table_write_csv(&table, &out);
    else
        table_write_text(&table, &out);
    TRY(buf_check(&out, err));
    return print_bytes(buf_as_bytes(&out), err);
}

ErrCode show_run(const Show *show, Look *look, Err *err)
{
    AUTO(buf_done) Buf json = {0};
    AUTO(doc_done) Doc doc = {0};
    const Format format = format_of(show->options);
    TRY(cli_said(answer_read(&look->view, show->answering, show->context, &json, err),
                 show->out_exit));
    TRY(doc_parse(&doc, buf_as_bytes(&json), err));
    const DocValue *may = doc_get(doc.root, "may_confirm"); /* of what is only tried */
    if (doc_type(may) == DOC_BOOL && !doc_bool(may)) *show->out_exit = EXIT_NO;
    if (format == FORMAT_JSON) {
        buf_add_byte(&json, '\n');
        return print_bytes(buf_as_bytes(&json), err);
    }
    if (format == FORMAT_TEXT && show->head != NULL) show->head(doc.root);
    return show->fill == NULL ? OK : print_table(show, &look->view, doc.root, format, err);
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
