#include <inttypes.h>
#include <stdio.h>

#include "answer/handover.h"
#include "cli/show.h"
#include "duties/duty.h"

/* ---- handover ---- */

typedef struct HandoverAsk {
    Id group;
    DayRange within;
} HandoverAsk;

static ErrCode ask_handover(const View *view, void *context, Emit *emit, Err *err)
{
    const HandoverAsk *ask = context;
    return answer_handover(view, ask->group, &show_eyes, ask->within, emit, err);
}

static void handover_head(const DocValue *root)
{
    const Text group = show_name(root, "group");
    const Text before = show_name(doc_get(root, "before"), "project");
    const Text now = show_name(doc_get(root, "now"), "project");
    printf("%.*s：%.*s -> %.*s\n", TEXT_ARG(group), TEXT_ARG(before), TEXT_ARG(now));
}

static void add_row(Table *table, const char *what, Text words, Text where, Text day, Text state)
{
    table_add_z(table, what);
    table_add(table, words);
    table_add(table, where);
    table_add(table, day);
    table_add(table, state);
}

/* The Chinese word of a choice of a kind's field. */
static Text choice_zh(KindCode kind, unsigned field, Text name)
{
    const ChoiceSet *among = vocab_field(vocab_kind((unsigned)kind), field)->among;
    const Choice *choice = vocab_choice_named(among, name);
    return choice == NULL ? TEXT("") : text_from_z(choice->zh);
}

static void add_signals(const DocValue *root, Table *table)
{
    char count[32];
    const DocValue *signals = doc_get(root, "signals");
    const int64_t sealed = show_int(root, "sealed_signals");
    for (size_t i = 0; i < doc_count(signals); i++) {
        const DocValue *signal = doc_at(signals, i);
        add_row(table, "上报事项", show_text(signal, "what"), show_name(signal, "project"),
                show_text(signal, "due"), show_text(signal, "zh"));
    }
    if (sealed == 0) return;
    (void)snprintf(count, sizeof count, "%" PRId64 "件", sealed);
    add_row(table, "密封的上报事项", text_from_z(count), TEXT(""), TEXT(""), TEXT(""));
}

static void add_open_work(const DocValue *root, Table *table)
{
    const DocValue *tasks = doc_get(root, "tasks");
    const DocValue *lines = doc_get(root, "plan_lines");
    for (size_t i = 0; i < doc_count(tasks); i++) {
        const DocValue *task = doc_at(tasks, i);
        add_row(table, "任务", show_text(task, "title"), show_name(task, "project"),
                show_text(task, "due"), show_text(task, "zh"));
    }
    for (size_t i = 0; i < doc_count(lines); i++) {
        const DocValue *line = doc_at(lines, i);
        add_row(table, "方案事项", show_text(line, "title"), show_name(line, "project"),
                show_text(line, "day"), show_text(line, "zh"));
    }
    add_signals(root, table);
}

static Text owed_zh(Text state)
{
    for (int i = 0; i < DUTY_STATE_COUNT; i++)
        if (text_is(state, duty_state_name((DutyState)i)))
            return text_from_z(duty_state_zh((DutyState)i));
    return TEXT("");
}

static void add_meetings(const DocValue *root, Table *table)
{
    static const struct {
        const char *member;
        const char *what;
        const char *day;
    } lists[] = {{"obligations", "应开", "due"},
                 {"waivers", "免除", "day"},
                 {"activities", "计划活动", "day"},
                 {"late", "移动后补记", "recorded"}};
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        const DocValue *items = doc_get(root, lists[k].member);
        for (size_t i = 0; i < doc_count(items); i++) {
            const DocValue *item = doc_at(items, i);
            const Text title = show_text(item, "title");
            const Text meeting = choice_zh(KIND_PART, PART_MEETING, show_text(item, "meeting"));
            add_row(table, lists[k].what, title.size > 0 ? title : meeting,
                    show_name(item, "project"), show_text(item, lists[k].day),
                    owed_zh(show_text(item, "state")));
        }
    }
}

static void fill_handover(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"类别", "内容", "项目", "日期", "状态"};
    const DocValue *offices = doc_get(root, "offices");
    const DocValue *ledgers = doc_get(root, "ledgers");
    show_heading(table, heading);
    add_open_work(root, table);
    add_meetings(root, table);
    for (size_t i = 0; i < doc_count(offices); i++) {
        const DocValue *office = doc_at(offices, i);
        add_row(table, "任职", show_name(office, "person"), TEXT(""), show_text(office, "from"),
                choice_zh(KIND_OFFICE, OFFICE_POST, show_text(office, "post")));
    }
    for (size_t i = 0; i < doc_count(ledgers); i++)
        add_row(table, "台账", show_text(doc_at(ledgers, i), "zh"), TEXT(""), TEXT(""), TEXT(""));
}

ErrCode cli_handover(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    HandoverAsk ask = {0};
    const char *period = option_value(options, "--period");
    TRY(look_open(&look, options, err));
    TRY(resolve(&look.view, KIND_GROUP, options->positionals[1], &ask.group, err));
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    const Show show = {options, ask_handover, &ask, fill_handover, 5, handover_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- closing ---- */

static ErrCode ask_closing(const View *view, void *context, Emit *emit, Err *err)
{
    const Reach everything = reach_everything(); /* whoever may read the files may read this */
    return answer_closing(view, *(const Id *)context, &show_eyes, &everything, emit, err);
}

static void closing_head(const DocValue *root)
{
    const Text project = show_name(root, "project");
    const Text stage = choice_zh(KIND_PROJECT, PROJECT_STAGE, show_text(root, "stage"));
    printf("%.*s：%.*s，缺鉴定表 %d\n", TEXT_ARG(project), TEXT_ARG(stage),
           (int)show_int(root, "sheets_missing"));
}

static void add_sheets(const DocValue *sheets, Table *table)
{
    for (size_t i = 0; i < doc_count(sheets); i++) {
        const DocValue *sheet = doc_at(sheets, i);
        const bool is_there = show_text(sheet, "sheet").size > 0;
        add_row(table, "鉴定表", show_name(sheet, "person"), show_text(sheet, "appraisal"),
                show_text(sheet, "day"), is_there ? TEXT("已有") : TEXT("缺"));
    }
}

static void add_archive(const DocValue *archive, Table *table)
{
    for (size_t i = 0; i < doc_count(archive); i++) {
        const DocValue *kept = doc_at(archive, i);
        char years[32];
        snprintf(years, sizeof years, "%d年", (int)show_int(kept, "years"));
        table_add_z(table, "归档");
        table_add(table, show_text(kept, "zh"));
        table_add_z(table, "");
        table_add_z(table, "");
        table_add_z(table, show_int(kept, "years") == 0 ? "永久" : years);
    }
}

static void fill_closing(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"类别", "内容", "说明", "日期", "状态"};
    const DocValue *open = doc_get(root, "open");
    const DocValue *stations = doc_get(open, "stations");
    const DocValue *postings = doc_get(open, "postings");
    show_heading(table, heading);
    add_sheets(doc_get(root, "sheets"), table);
    add_open_work(open, table);
    for (size_t i = 0; i < doc_count(stations); i++)
        add_row(table, "未撤驻点", show_name(doc_at(stations, i), "group"), TEXT(""),
                show_text(doc_at(stations, i), "to"), TEXT(""));
    for (size_t i = 0; i < doc_count(postings); i++)
        add_row(table, "未离场", show_name(doc_at(postings, i), "person"), TEXT(""), TEXT(""),
                TEXT(""));
    add_archive(doc_get(root, "archive"), table);
}

ErrCode cli_closing(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_closing, &project, fill_closing, 5, closing_head, out_exit};
    return show_run(&show, &look, err);
}
