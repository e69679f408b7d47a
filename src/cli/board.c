#include <inttypes.h>

#include "answer/tasks.h"
#include "cli/show.h"
#include "duties/duty.h"
#include "loop/task.h"
#include "people/coverage.h"

/* ---- board ---- */

static ErrCode ask_board(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_work(view, context, emit, err);
}

static void print_tasks(const DocValue *counts)
{
    for (int state = 0; state < TASK_STATE_COUNT; state++) {
        const int64_t count = show_int(counts, task_state_name((TaskState)state));
        if (count > 0) printf(" %s %" PRId64, task_state_zh((TaskState)state), count);
    }
    printf("；逾期 %" PRId64 "，逾期未批 %" PRId64 "，已升级 %" PRId64 "\n",
           show_int(counts, "overdue"), show_int(counts, "undecided"), show_int(counts, "climbed"));
}

static void board_head(const DocValue *root)
{
    const Text on = show_text(root, "on");
    printf("%.*s：%" PRId64 " 个在建项目；任务", TEXT_ARG(on), show_int(root, "total"));
    print_tasks(doc_get(root, "tasks"));
    const DocValue *signals = doc_get(root, "signals");
    printf("上报事项：未办结 %" PRId64 "，逾期 %" PRId64 "，已升级 %" PRId64 "\n",
           show_int(signals, "open"), show_int(signals, "overdue"), show_int(signals, "climbed"));
}

static const char *coverage_zh(Text state)
{
    for (int i = 0; i < COVERAGE_STATE_COUNT; i++)
        if (text_is(state, coverage_term((CoverageState)i)->name))
            return coverage_term((CoverageState)i)->zh;
    return "";
}

static int64_t open_tasks(const DocValue *counts)
{
    return show_int(counts, "deployed") + show_int(counts, "accepted") + show_int(counts, "rework");
}

static void add_signals(const DocValue *signals, Table *table)
{
    const DocValue *hazards = doc_get(doc_get(signals, "kinds"), "hazard");
    table_add_int(table, show_int(signals, "open"));
    table_add_int(table, show_int(signals, "overdue"));
    table_add_int(table, show_int(signals, "climbed"));
    table_add_int(table, show_int(hazards, "open"));
    table_add_int(table, show_int(hazards, "climbed"));
}

static void fill_board(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目",     "单位",     "覆盖",     "会议已开",
                                          "会议逾期", "任务待办", "待检查",   "已合格",
                                          "任务逾期", "逾期未批", "已升级",   "上报未结",
                                          "上报逾期", "上报升级", "隐患未结", "隐患升级"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *owed = doc_get(item, "obligations");
        const DocValue *tasks = doc_get(item, "tasks");
        table_add(table, show_name(item, "project"));
        table_add(table, show_name(item, "unit"));
        table_add_z(table, coverage_zh(show_text(item, "coverage")));
        table_add_int(table, show_int(owed, "done") + show_int(owed, "made_up"));
        table_add_int(table, show_int(owed, "overdue"));
        table_add_int(table, open_tasks(tasks));
        table_add_int(table, show_int(tasks, "reported"));
        table_add_int(table, show_int(tasks, "passed") + show_int(tasks, "assessed"));
        table_add_int(table, show_int(tasks, "overdue"));
        table_add_int(table, show_int(tasks, "undecided"));
        table_add_int(table, show_int(tasks, "climbed"));
        add_signals(doc_get(item, "signals"), table);
    }
}

ErrCode cli_board(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    WorkAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = {.is_machine = true}};
    const char *unit = option_value(options, "--unit");
    const char *period = option_value(options, "--period");
    TRY(look_open(&look, options, err));
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &ask.list.unit, err));
    const Show show = {options, ask_board, &ask, fill_board, 16, board_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- tasks ---- */

static ErrCode ask_tasks(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_tasks(view, context, emit, err);
}

static void tasks_head(const DocValue *root)
{
    const Text on = show_text(root, "on");
    printf("%.*s：", TEXT_ARG(on));
    print_tasks(doc_get(root, "counts"));
}

static const char *group_kind_zh(Text kind)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_STEP), STEP_GROUP_KIND);
    const Choice *choice = vocab_choice_named(field->among, kind);
    return choice == NULL ? "" : choice->zh;
}

/* A line for each course of a task. */
static void fill_tasks(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"事项", "项目", "组别", "进展", "期限", "现由", "自"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *task = doc_at(items, i);
        const DocValue *courses = doc_get(task, "courses");
        for (size_t k = 0; k < doc_count(courses); k++) {
            const DocValue *course = doc_at(courses, k);
            table_add(table, show_name(task, "item"));
            table_add(table, show_name(task, "project"));
            table_add_z(table, group_kind_zh(show_text(course, "group_kind")));
            table_add(table, show_text(course, "zh"));
            table_add(table, show_text(course, "due"));
            const bool is_held = show_text(course, "held_since").size > 0;
            const DocValue *held = is_held ? course : doc_get(course, "submission");
            table_add(table, show_name(held, "held_by"));
            table_add(table, show_text(held, "held_since"));
        }
    }
}

ErrCode cli_tasks(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    TasksAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}};
    const char *unit = option_value(options, "--unit");
    const char *project = option_value(options, "--project");
    const char *group = option_value(options, "--group");
    if (option_given(options, "--state")) ask.state = text_from_z(option_value(options, "--state"));
    if (option_given(options, "--goal")) ask.goal = text_from_z(option_value(options, "--goal"));
    TRY(look_open(&look, options, err));
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &ask.list.unit, err));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (group != NULL) TRY(resolve(&look.view, KIND_GROUP, group, &ask.group, err));
    const Show show = {options, ask_tasks, &ask, fill_tasks, 7, tasks_head, out_exit};
    return show_run(&show, &look, err);
}
