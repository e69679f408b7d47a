#include <string.h>

#include "answer/notice.h"
#include "answer/shape.h"
#include "cli/show.h"
#include "duties/duty.h"
#include "engine/receipt.h"

/* ---- signals ---- */

typedef struct SignalsAsk {
    SignalAsk ask;
    Id one; /* nil: the list */
} SignalsAsk;

static ErrCode ask_signals(const View *view, void *context, Emit *emit, Err *err)
{
    const SignalsAsk *asked = context;
    if (!id_is_nil(asked->one)) return answer_signal(view, asked->one, &show_eyes, emit, err);
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
    SignalsAsk asked = {
        .ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = {.is_machine = true}}};
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

/* ---- receipt ---- */

static ErrCode ask_receipt(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_signal_of_receipt(view, *(const int64_t *)context, emit, err);
}

static ErrCode execute_say(Hand *hand, int64_t receipt, int step, Text words, Exit *out_exit,
                           Err *err)
{
    SignalCard card;
    ReceiptSay say;
    Answer answer;
    const SignalSource source = {{hand->store, hand->node.shard, &hand->arena},
                                 hand->node.utc_offset_minutes,
                                 hand->node.pack};
    TRY(load_signal_of_receipt(&source, receipt, &card, err));
    TRY(receipt_say(&card, op_new(hand->node.host), step, words, &hand->arena, &say, err));
    hand->actor = say.actor;
    TRY(hand_execute(hand, &say.command, &answer, err));
    if (answer.status == ANSWER_DONE) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, answer.code, "%s", answer.detail);
}

/* Whoever has the code says whether it is solved; nothing of who that is is written down. */
static ErrCode say_solved(const Options *options, const char *unsolved, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    const Text words = text_trim(text_from_z(unsolved == NULL ? "" : unsolved));
    const int step = unsolved == NULL ? HANDLING_IS_CONFIRM : HANDLING_IS_REOPEN;
    TRY(hand_open(&hand, options->positionals[0], err));
    const int64_t receipt = receipt_index(&hand.node, text_from_z(options->positionals[1]));
    return execute_say(&hand, receipt, step, words, out_exit, err);
}

ErrCode cli_receipt(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    const char *unsolved = option_value(options, "--unsolved");
    const bool is_solved = option_given(options, "--solved");
    if (is_solved && unsolved != NULL)
        return cli_said(err_set(err, ERR_INVALID, "say --solved or --unsolved, not both"),
                        out_exit);
    if (is_solved || unsolved != NULL) TRY(say_solved(options, unsolved, out_exit, err));
    TRY(look_open(&look, options, err));
    int64_t receipt = receipt_index(&look.node, text_from_z(options->positionals[1]));
    const Show show = {options, ask_receipt, &receipt, fill_signal, 7, signal_head, out_exit};
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

/* Whether the box of the site has it, and by the ticket of which day that is known. */
static void add_box(Table *table, const DocValue *box)
{
    AUTO(buf_done) Buf words = {0};
    const DocValue *received = doc_get(box, "received");
    buf_init(&words, 4096);
    if (doc_type(received) == DOC_BOOL) {
        const Text told = show_text(box, "told");
        buf_format(&words, "%s（%.*s）", doc_bool(received) ? "已收到" : "未收到", TEXT_ARG(told));
    }
    if (doc_type(box) == DOC_OBJECT && doc_type(received) == DOC_NULL)
        buf_add_z(&words, "还没有回执");
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

static void fill_notice(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目", "站点盒收到", "应读", "已读", "未读"};
    const DocValue *projects = doc_get(root, "projects");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(projects); i++) {
        const DocValue *one = doc_at(projects, i);
        table_add(table, show_name(one, "project"));
        add_box(table, doc_get(one, "box"));
        table_add_int(table, show_int(one, "expected"));
        table_add_int(table, show_int(one, "read"));
        add_not_read(table, doc_get(one, "not_read"));
    }
}

ErrCode cli_notices(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    NoticesAsk asked = {
        .ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = {.is_machine = true}}};
    const char *project = option_value(options, "--project");
    const bool is_one = options->positional_count > 1;
    TRY(look_open(&look, options, err));
    if (is_one)
        TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &asked.one, err), out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &asked.ask.project, err));
    const Show show = {options, ask_notices, &asked,  is_one ? fill_notice : fill_notices,
                       5,       NULL,        out_exit};
    return show_run(&show, &look, err);
}
