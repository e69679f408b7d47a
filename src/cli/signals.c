#include <string.h>

#include "answer/notice.h"
#include "answer/shape.h"
#include "cli/show.h"
#include "duties/duty.h"
#include "host/file.h"
#include "seal/reader.h"
#include "store/query.h"

#define KEY_FILE_MAX 4096

/* Whoever may read the files of the node sees everything that is not sealed. */
static const SignalEyes machine = {.is_machine = true};

/* ---- signals ---- */

typedef struct SignalsAsk {
    SignalAsk ask;
    Id one; /* nil: the list */
} SignalsAsk;

static ErrCode ask_signals(const View *view, void *context, Emit *emit, Err *err)
{
    const SignalsAsk *asked = context;
    if (!id_is_nil(asked->one)) return answer_signal(view, asked->one, &machine, emit, err);
    return answer_signals(view, &asked->ask, emit, err);
}

static const char *holder_of(const DocValue *item, Text *out_name)
{
    const DocValue *holder = doc_get(item, "held_by");
    const bool is_project = doc_type(doc_get(holder, "project")) == DOC_OBJECT;
    *out_name = show_name(holder, is_project ? "project" : "unit");
    return show_int(item, "level") > 0 ? "↑" : "";
}

static void add_holder(Table *table, const DocValue *item)
{
    AUTO(buf_done) Buf words = {0};
    Text name;
    buf_init(&words, 4096);
    buf_add_z(&words, holder_of(item, &name));
    buf_add_text(&words, name);
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

static void fill_signals(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "类别", "项目",   "内容",
                                          "状态", "期限", "现由谁", "编号"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *sealed = doc_get(item, "sealed");
        const bool is_sealed = doc_type(sealed) == DOC_BOOL && doc_bool(sealed);
        table_add(table, show_text(item, "raised"));
        table_add(table, show_text(item, "kind_zh"));
        table_add(table, show_name(item, "project"));
        table_add(table, is_sealed ? TEXT("（密封）") : show_text(item, "what"));
        table_add(table, show_text(item, "state_zh"));
        table_add(table, show_text(item, "due"));
        add_holder(table, item);
        table_add(table, show_text(item, "id"));
    }
}

static void signal_head(const DocValue *root)
{
    const Text kind = show_text(root, "kind_zh");
    const Text project = show_name(root, "project");
    const Text what = show_text(root, "what");
    const Text state = show_text(root, "state_zh");
    printf("%.*s %.*s：%.*s（%.*s）\n", TEXT_ARG(kind), TEXT_ARG(project), TEXT_ARG(what),
           TEXT_ARG(state));
    const DocValue *waits = doc_get(root, "waits");
    for (size_t i = 0; i < doc_count(waits); i++) {
        const DocValue *climbs = doc_get(doc_at(waits, i), "climbs");
        for (size_t k = 0; k < doc_count(climbs); k++) {
            const Text what_for = show_text(doc_at(waits, i), "zh");
            const Text since = show_text(doc_at(climbs, k), "since");
            const Text unit = show_name(doc_at(climbs, k), "unit");
            printf("%.*s逾期，%.*s 起由%.*s督促\n", TEXT_ARG(what_for), TEXT_ARG(since),
                   TEXT_ARG(unit));
        }
    }
}

static void fill_signal(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "步骤", "说明", "期限", "责任", "经办人", "效力"};
    const DocValue *steps = doc_get(root, "steps");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(steps); i++) {
        const DocValue *step = doc_at(steps, i);
        const Text note = show_text(step, "note");
        const Text why = show_text(step, "why_idle_zh");
        table_add(table, show_text(step, "day"));
        table_add(table, show_text(step, "zh"));
        table_add(table, note.size > 0 ? note : show_text(step, "answer"));
        table_add(table, show_text(step, "until"));
        table_add(table, show_text(step, "responsible"));
        table_add(table, show_name(step, "person"));
        table_add(table, why.size > 0 ? why : show_text(step, "fate"));
    }
}

ErrCode cli_signals(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    SignalsAsk asked = {.ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = machine}};
    const char *project = option_value(options, "--project");
    const char *unit = option_value(options, "--unit");
    const char *kind = option_value(options, "--kind");
    const char *state = option_value(options, "--state");
    const bool is_one = options->positional_count > 1;
    asked.ask.kind = text_from_z(kind == NULL ? "" : kind);
    asked.ask.state = text_from_z(state == NULL ? "" : state);
    TRY(look_open(&look, options, err));
    if (is_one)
        TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &asked.one, err), out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &asked.ask.project, err));
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &asked.ask.list.unit, err));
    const Show show = {options,        ask_signals,
                       &asked,         is_one ? fill_signal : fill_signals,
                       is_one ? 7 : 8, is_one ? signal_head : NULL,
                       out_exit};
    return show_run(&show, &look, err);
}

/* ---- notice-sheet ---- */

static ErrCode ask_sheet(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_notice_sheet(view, context, emit, err);
}

static const char *grade_zh(Text name)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_GRADE);
    const Choice *choice = vocab_choice_named(field->among, name);
    return choice == NULL ? "" : choice->zh;
}

static void fill_sheet(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"序号",     "发现日期", "项目",     "部位",
                                          "问题描述", "等级",     "整改要求", "期限",
                                          "责任单位", "完成日期", "工会",     "销号情况"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        table_add_int(table, show_int(item, "number"));
        table_add(table, show_text(item, "found"));
        table_add(table, show_name(item, "project"));
        table_add(table, show_text(item, "place"));
        table_add(table, show_text(item, "what"));
        table_add_z(table, grade_zh(show_text(item, "grade")));
        table_add(table, show_text(item, "order"));
        table_add(table, show_text(item, "until"));
        table_add(table, show_text(item, "responsible"));
        table_add(table, show_text(item, "rectified"));
        table_add(table, show_name(item, "union_group"));
        table_add(table, show_text(item, "state_zh"));
    }
}

static void sheet_head(const DocValue *root)
{
    const Text from = show_text(root, "from");
    const Text to = show_text(root, "to");
    const Text source = show_text(doc_get(root, "rule"), "source");
    printf("隐患公示表 %.*s–%.*s\n%.*s\n", TEXT_ARG(from), TEXT_ARG(to), TEXT_ARG(source));
}

ErrCode cli_notice_sheet(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    SheetAsk ask = {0};
    const char *project = option_value(options, "--project");
    const char *unit = option_value(options, "--unit");
    const char *period = option_value(options, "--period");
    TRY(look_open(&look, options, err));
    TRY(cli_said(
        period_parse(text_from_z(period == NULL ? "" : period), look.view.on, &ask.within, err),
        out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &ask.unit, err));
    const Show show = {options, ask_sheet, &ask, fill_sheet, 12, sheet_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- notices ---- */

typedef struct NoticesAsk {
    NoticeAsk ask;
    Id one; /* nil: the list */
} NoticesAsk;

static ErrCode ask_notices(const View *view, void *context, Emit *emit, Err *err)
{
    const NoticesAsk *asked = context;
    if (!id_is_nil(asked->one)) return answer_notice(view, asked->one, &asked->ask, emit, err);
    return answer_notices(view, &asked->ask, emit, err);
}

static void fill_notices(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"收到", "单位", "标题", "期限", "编号"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        table_add(table, show_text(item, "received"));
        table_add(table, show_name(item, "unit"));
        table_add(table, show_text(item, "title"));
        table_add(table, show_text(item, "until"));
        table_add(table, show_text(item, "id"));
    }
}

static void add_not_read(Table *table, const DocValue *people)
{
    AUTO(buf_done) Buf names = {0};
    buf_init(&names, 65536);
    for (size_t i = 0; i < doc_count(people); i++) {
        if (i > 0) buf_add_z(&names, "、");
        buf_add_text(&names, show_text(doc_at(people, i), "name"));
    }
    table_add(table, names.size == 0 ? TEXT("") : buf_as_text(&names));
}

static void fill_notice(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目", "应读", "已读", "未读"};
    const DocValue *projects = doc_get(root, "projects");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(projects); i++) {
        const DocValue *one = doc_at(projects, i);
        table_add(table, show_name(one, "project"));
        table_add_int(table, show_int(one, "expected"));
        table_add_int(table, show_int(one, "read"));
        add_not_read(table, doc_get(one, "not_read"));
    }
}

ErrCode cli_notices(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    NoticesAsk asked = {.ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = machine}};
    const char *project = option_value(options, "--project");
    const bool is_one = options->positional_count > 1;
    TRY(look_open(&look, options, err));
    if (is_one)
        TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &asked.one, err), out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &asked.ask.project, err));
    const Show show = {options,        ask_notices, &asked,  is_one ? fill_notice : fill_notices,
                       is_one ? 4 : 5, NULL,        out_exit};
    return show_run(&show, &look, err);
}

/* ---- reader ---- */

static ErrCode ask_readers(const View *view, void *context, Emit *emit, Err *err)
{
    (void)context;
    return answer_all_readers(view, emit, err);
}

static void fill_readers(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"单位", "用途", "持有人", "开始", "结束", "公钥"};
    const FieldInfo *purpose = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const Choice *choice = vocab_choice_named(purpose->among, show_text(item, "purpose"));
        table_add(table, show_name(item, "unit"));
        table_add_z(table, choice == NULL ? "" : choice->zh);
        table_add(table, show_name(item, "holder"));
        table_add(table, show_text(item, "from"));
        table_add(table, show_text(item, "to"));
        table_add(table, show_text(item, "key"));
    }
}

typedef struct NewReader {
    Id unit;
    Id holder;
    int purpose;
    Day from;
} NewReader;

static ErrCode read_reader(const Options *options, NewReader *out_reader, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    const FieldInfo *field = vocab_field(vocab_kind(KIND_READER), READER_PURPOSE);
    const char *word = option_value(options, "--purpose");
    const Choice *purpose = vocab_choice_named(field->among, text_from_z(word == NULL ? "" : word));
    if (purpose == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say --purpose integrity or --purpose hardship");
    }
    out_reader->purpose = purpose->number;
    TRY(look_open(&look, options, err));
    out_reader->from = look.view.on;
    TRY(show_need(options, "--unit", &look.view, KIND_UNIT, &out_reader->unit, out_exit, err));
    return show_need(options, "--person", &look.view, KIND_PERSON, &out_reader->holder, out_exit,
                     err);
}

/* The secret goes to its holder and nowhere else: printed once, or into a file of their own. */
static ErrCode hand_out(const Options *options, const Host *host, const ReaderSecret *secret,
                        Err *err)
{
    char text[READER_KEY_TEXT + 1];
    const char *file = option_value(options, "--key-file");
    reader_secret_write(secret, text);
    if (file == NULL) {
        printf("the secret key, shown this once; without it nothing can be opened:\n%s\n", text);
        secret_wipe(text, sizeof text);
        return OK;
    }
    const ErrCode code = file_write(host, file, bytes_of(text_from_z(text)), FILE_PRIVATE, err);
    secret_wipe(text, sizeof text);
    if (code == OK)
        printf("the secret key is in %s; give it to its holder and keep no copy here\n", file);
    return code;
}

static ErrCode add_reader(Hand *hand, const NewReader *reader, const ReaderKey *key, Exit *out_exit,
                          Err *err)
{
    char text[READER_KEY_TEXT];
    Answer answer;
    Command command = {
        .op = op_new(hand->node.host), .action = ACTION_ADD, .kind = vocab_kind(KIND_READER)};
    command.record.kind = command.kind;
    record_set_ref(&command.record, READER_UNIT, reader->unit);
    record_set_int(&command.record, READER_PURPOSE, reader->purpose);
    record_set_text(&command.record, READER_KEY, text_from_z(reader_key_write(key, text)));
    record_set_ref(&command.record, READER_HOLDER, reader->holder);
    record_set_int(&command.record, READER_FROM, reader->from);
    TRY(hand_execute(hand, &command, &answer, err));
    if (answer.status == ANSWER_DONE) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, answer.code, "%s", answer.detail);
}

/* The secret is handed out first: a reader whose secret nobody has would take reports for ever. */
static ErrCode make_reader(const Options *options, const NewReader *reader, Exit *out_exit,
                           Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    ReaderKey key;
    ReaderSecret secret;
    TRY(hand_open(&hand, options->positionals[0], err));
    reader_make(hand.node.host, &key, &secret);
    const ErrCode code = hand_out(options, hand.node.host, &secret, err);
    reader_secret_done(&secret);
    if (code != OK) return code;
    return add_reader(&hand, reader, &key, out_exit, err);
}

ErrCode cli_reader(const Options *options, Exit *out_exit, Err *err)
{
    if (strcmp(options->positionals[1], "list") == 0) {
        AUTO(look_close) Look look = {0};
        TRY(look_open(&look, options, err));
        const Show show = {options, ask_readers, NULL, fill_readers, 6, NULL, out_exit};
        return show_run(&show, &look, err);
    }
    NewReader reader = {0};
    TRY(read_reader(options, &reader, out_exit, err));
    return make_reader(options, &reader, out_exit, err);
}

/* ---- unseal ---- */

static ErrCode read_secret(const Options *options, const Host *host, ReaderSecret *out_secret,
                           Exit *out_exit, Err *err)
{
    AUTO(buf_done) Buf bytes = {0};
    Text text = {0};
    const char *file = option_value(options, "--key");
    if (file == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "--key is missing: the file with a reader's secret key");
    }
    buf_init(&bytes, KEY_FILE_MAX);
    TRY(file_read(host, file, KEY_FILE_MAX, &bytes, err));
    ErrCode code = text_from_bytes(buf_as_bytes(&bytes), &text, err);
    if (code == OK) code = reader_secret_parse(text, out_secret, err);
    if (bytes.at != NULL) secret_wipe(bytes.at, bytes.size);
    return code;
}

static ErrCode print_opened(const ReaderSecret *secret, const Query *query, int column,
                            const char *what, Arena *arena, Err *err)
{
    Bytes envelope = {0};
    Text plain = {0};
    TRY(query_bytes(query, column, arena, &envelope, err));
    TRY(envelope_open(secret, envelope, arena, &plain, err));
    printf("%s：%.*s\n", what, TEXT_ARG(plain));
    return OK;
}

static ErrCode open_signal(const Look *look, Key signal, const ReaderSecret *secret, Arena *arena,
                           Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, look->store, ENVELOPE_OF_SIGNAL, err));
    query_bind_int(&query, 1, look->view.shard);
    query_bind_int(&query, 2, signal);
    TRY(query_next(&query, &found, err));
    if (!found || query_is_null(&query, 0))
        return err_set(err, ERR_INVALID, "this signal is not sealed: `tongpin signals` shows it");
    return print_opened(secret, &query, 0, "内容", arena, err);
}

static ErrCode open_steps(const Look *look, Key signal, const ReaderSecret *secret, Arena *arena,
                          Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_STEP);
    TRY(query_begin(&query, look->store, ENVELOPES_OF_STEPS, err));
    query_bind_int(&query, 1, look->view.shard);
    query_bind_int(&query, 2, signal);
    TRY(query_next(&query, &found, err));
    while (found) {
        const Choice *choice = vocab_choice(field->among, (int)query_int(&query, 1));
        TRY(print_opened(secret, &query, 2, choice == NULL ? "" : choice->zh, arena, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode open_all(Look *look, Id signal, const ReaderSecret *secret, Err *err)
{
    Key key = KEY_NONE;
    TRY(view_find(&look->view, signal, KIND_SIGNAL, &key, err));
    TRY(open_signal(look, key, secret, &look->arena, err));
    return open_steps(look, key, secret, &look->arena, err);
}

ErrCode cli_unseal(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    ReaderSecret secret;
    Id signal;
    TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &signal, err), out_exit));
    TRY(look_open(&look, options, err));
    TRY(read_secret(options, look.node.host, &secret, out_exit, err));
    const ErrCode code = open_all(&look, signal, &secret, err);
    reader_secret_done(&secret);
    return code;
}
