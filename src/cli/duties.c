#include "answer/duties.h"
#include "cli/show.h"
#include "duties/duty.h"

static ErrCode ask_owed(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_owed(view, context, emit, err);
}

static void owed_head(const DocValue *root)
{
    const DocValue *counts = doc_get(root, "counts");
    const Text from = show_text(root, "from");
    const Text to = show_text(root, "to");
    printf("%.*s–%.*s：", TEXT_ARG(from), TEXT_ARG(to));
    for (int state = 0; state < DUTY_STATE_COUNT; state++) {
        const int64_t count = show_int(counts, duty_state_name((DutyState)state));
        if (count > 0) printf(" %s %d", duty_state_zh((DutyState)state), (int)count);
    }
    printf("\n");
}

static const char *duty_zh(Text state)
{
    for (int i = 0; i < DUTY_STATE_COUNT; i++)
        if (text_is(state, duty_state_name((DutyState)i))) return duty_state_zh((DutyState)i);
    return "";
}

static void fill_owed(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"组",   "会议", "开始",   "结束", "截止",
                                          "已开", "状态", "已计划", "依据"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        char held[64];
        snprintf(held, sizeof held, "%d/%d",
                 (int)(show_int(item, "held") + show_int(item, "made_up")),
                 (int)show_int(item, "wanted"));
        table_add(table, show_name(item, "group"));
        table_add(table, show_text(doc_get(item, "rule"), "title_zh"));
        table_add(table, show_text(item, "from"));
        table_add(table, show_text(item, "to"));
        table_add(table, show_text(item, "due"));
        table_add_z(table, held);
        table_add_z(table, duty_zh(show_text(item, "state")));
        table_add(table, show_text(doc_at(doc_get(item, "planned"), 0), "day"));
        table_add(table, show_text(doc_get(item, "rule"), "source"));
    }
}

/* ---- all projects ---- */

static ErrCode ask_duties(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_duties(view, context, emit, err);
}

static void add_counts(Table *table, const DocValue *counts)
{
    static const char *const members[] = {"owed",    "done",         "made_up", "due",
                                          "ahead",   "waived",       "overdue", "not_conforming",
                                          "planned", "recorded_late"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        table_add_int(table, show_int(counts, members[i]));
}

static const char *kind_zh(Text kind)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    const Choice *choice = vocab_choice_named(field->among, kind);
    return choice == NULL ? "" : choice->zh;
}

/* One row for each kind of group at each project. */
static void fill_duties(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目",   "组",     "应开", "已完成", "已补开", "待完成",
                                          "未到期", "已免除", "逾期", "不规范", "已计划", "补记"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *kinds = doc_get(doc_at(items, i), "kinds");
        for (size_t k = 0; k < doc_count(kinds); k++) {
            const DocValue *kind = doc_at(kinds, k);
            table_add(table, show_name(doc_at(items, i), "project"));
            table_add_z(table, kind_zh(show_text(kind, "kind")));
            add_counts(table, doc_get(kind, "counts"));
        }
    }
}

static ErrCode show_duties(const Options *options, Look *look, DayRange within, Exit *out_exit,
                           Err *err)
{
    DutiesAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .within = within};
    if (option_given(options, "--state")) ask.state = text_from_z(option_value(options, "--state"));
    if (option_given(options, "--unit"))
        TRY(resolve(&look->view, KIND_UNIT, option_value(options, "--unit"), &ask.list.unit, err));
    const Show show = {options, ask_duties, &ask, fill_duties, 12, owed_head, out_exit};
    return show_run(&show, look, err);
}

static ErrCode check_owed(const Options *options, Err *err)
{
    const bool is_one = option_given(options, "--project") || option_given(options, "--group");
    const bool is_some = option_given(options, "--unit") || option_given(options, "--state");
    if (option_given(options, "--project") && option_given(options, "--group"))
        return err_set(err, ERR_INVALID, "say one of --project or --group");
    if (!is_one || !is_some) return OK;
    return err_set(err, ERR_INVALID,
                   "--unit and --state are for all projects: leave out "
                   "--project and --group");
}

ErrCode cli_owed(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    OwedAsk ask = {0};
    const char *project = option_value(options, "--project");
    const char *group = option_value(options, "--group");
    const char *period = option_value(options, "--period");
    TRY(cli_said(check_owed(options, err), out_exit));
    TRY(look_open(&look, options, err));
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    if (project == NULL && group == NULL)
        return show_duties(options, &look, ask.within, out_exit, err);
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (group != NULL) TRY(resolve(&look.view, KIND_GROUP, group, &ask.group, err));
    const Show show = {options, ask_owed, &ask, fill_owed, 9, owed_head, out_exit};
    return show_run(&show, &look, err);
}
