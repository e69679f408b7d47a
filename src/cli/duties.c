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
    static const char *const heading[] = {"组",   "会议", "开始", "结束",
                                          "截止", "已开", "状态", "依据"};
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
        table_add(table, show_text(doc_get(item, "rule"), "source"));
    }
}

ErrCode cli_owed(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    OwedAsk ask = {0};
    const char *project = option_value(options, "--project");
    const char *group = option_value(options, "--group");
    const char *period = option_value(options, "--period");
    if ((project == NULL) == (group == NULL)) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say one of --project or --group");
    }
    TRY(look_open(&look, options, err));
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (group != NULL) TRY(resolve(&look.view, KIND_GROUP, group, &ask.group, err));
    const Show show = {options, ask_owed, &ask, fill_owed, 8, owed_head, out_exit};
    return show_run(&show, &look, err);
}
