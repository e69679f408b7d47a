#include "answer/ledger.h"

#include "cli/show.h"
#include "duties/duty.h"

static ErrCode ask_ledgers(const View *view, void *context, Emit *emit, Err *err)
{
    (void)context;
    return answer_ledgers(view, emit, err);
}

static void fill_ledgers(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"名称", "台账", "保存年限", "依据"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const int64_t years = show_int(item, "kept_years");
        table_add(table, show_text(item, "name"));
        table_add(table, show_text(item, "zh"));
        if (years == 0)
            table_add_z(table, "永久");
        else
            table_add_int(table, years);
        table_add(table, show_text(doc_get(item, "rule"), "title_zh"));
    }
}

static void ledgers_head(const DocValue *root)
{
    const Text source = show_text(doc_get(root, "retention"), "source");
    const Text from = show_text(root, "retention_from");
    if (source.size > 0) printf("保存年限依据（%.*s起）：%.*s\n", TEXT_ARG(from), TEXT_ARG(source));
}

static ErrCode ask_ledger(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_ledger(view, context, emit, err);
}

/* How long it is kept, and what wants it kept. */
static void kept_head(const DocValue *root)
{
    const DocValue *ledger = doc_get(root, "ledger");
    const int years = (int)show_int(ledger, "kept_years");
    const Text rule = show_text(doc_get(ledger, "rule"), "title_zh");
    if (years == 0)
        printf("保存：永久");
    else
        printf("保存：%d年", years);
    if (rule.size > 0) printf("；依据：%.*s", TEXT_ARG(rule));
    if (show_int(ledger, "times_a_year") > 0)
        printf("，每名党员每年不少于%d次", (int)show_int(ledger, "times_a_year"));
    printf("\n");
}

static void ledger_head(const DocValue *root)
{
    const Text title = show_text(doc_get(root, "ledger"), "zh");
    const Text from = show_text(root, "from");
    const Text to = show_text(root, "to");
    const Text on = show_text(root, "on");
    const int total = (int)show_int(root, "total");
    if (from.size > 0)
        printf("%.*s %.*s–%.*s：%d\n", TEXT_ARG(title), TEXT_ARG(from), TEXT_ARG(to), total);
    else
        printf("%.*s %.*s：%d\n", TEXT_ARG(title), TEXT_ARG(on), total);
    kept_head(root);
}

/* A cell as a person reads it: a choice in Chinese, a thing by its name. */
static void add_word(Buf *words, const DocValue *cell)
{
    const Text zh = show_text(cell, "zh");
    switch (doc_type(cell)) {
    case DOC_TEXT: buf_add_text(words, doc_text(cell)); break;
    case DOC_INT: buf_format(words, "%lld", (long long)doc_int(cell)); break;
    case DOC_BOOL: buf_add_z(words, doc_bool(cell) ? "是" : ""); break;
    case DOC_OBJECT: buf_add_text(words, zh.size > 0 ? zh : show_text(cell, "name")); break;
    default: break;
    }
}

static void add_words(Buf *words, const DocValue *cell)
{
    if (doc_type(cell) != DOC_ARRAY) add_word(words, cell);
    for (size_t i = 0; doc_type(cell) == DOC_ARRAY && i < doc_count(cell); i++) {
        if (i > 0) buf_add_z(words, "、");
        add_word(words, doc_at(cell, i));
    }
}

static void fill_ledger(const DocValue *root, Table *table)
{
    const DocValue *columns = doc_get(doc_get(root, "ledger"), "columns");
    const DocValue *rows = doc_get(root, "rows");
    for (size_t c = 0; c < table->column_count; c++)
        table_add(table, show_text(doc_at(columns, c), "zh"));
    for (size_t i = 0; i < doc_count(rows); i++)
        for (size_t c = 0; c < table->column_count; c++) {
            AUTO(buf_done) Buf words = {0};
            buf_init(&words, 8192);
            add_words(&words, doc_at(doc_at(rows, i), c));
            table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
        }
}

static ErrCode list_ledgers(const Options *options, Look *look, Exit *out_exit, Err *err)
{
    const Show show = {options, ask_ledgers, NULL, fill_ledgers, 4, ledgers_head, out_exit};
    return show_run(&show, look, err);
}

ErrCode cli_ledger(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    const char *period = option_value(options, "--period");
    const char *project = option_value(options, "--project");
    const char *group = option_value(options, "--group");
    LedgerAsk ask = {.page = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = {.is_machine = true}};
    TRY(look_open(&look, options, err));
    if (options->positionals[1] == NULL) return list_ledgers(options, &look, out_exit, err);
    ask.ledger = ledger_named(text_from_z(options->positionals[1]));
    if (ask.ledger == LEDGER_COUNT || (project == NULL) == (group == NULL)) {
        *out_exit = EXIT_USAGE;
        if (ask.ledger != LEDGER_COUNT)
            return err_set(err, ERR_INVALID, "say one of --project or --group");
        return err_set(err, ERR_INVALID,
                       "there is no ledger \"%.40s\": 'tongpin ledger DIR' lists them",
                       options->positionals[1]);
    }
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (group != NULL) TRY(resolve(&look.view, KIND_GROUP, group, &ask.group, err));
    const Show show = {options,     ask_ledger, &ask, fill_ledger, ledger_column_count(ask.ledger),
                       ledger_head, out_exit};
    return show_run(&show, &look, err);
}
