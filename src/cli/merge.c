#include <string.h>

#include "answer/duties.h"
#include "cli/show.h"
#include "duties/duty.h"

typedef struct MergeQuestion {
    Id project;
    DayRange within;
    Text period;
    char proposal[DIGEST_TEXT_MAX]; /* of the answer */
} MergeQuestion;

static ErrCode ask_merge(const View *view, void *context, Emit *emit, Err *err)
{
    const MergeQuestion *question = context;
    return answer_merge(view, question->project, question->within, emit, err);
}

static void merge_head(const DocValue *root)
{
    const Text project = show_name(root, "project");
    const Text from = show_text(root, "from");
    const Text to = show_text(root, "to");
    const Text why = show_text(doc_get(root, "why"), "zh");
    const Text proposal = show_text(root, "proposal");
    const DocValue *left = doc_get(root, "left");
    printf("%.*s %.*s–%.*s：%.*s\n", TEXT_ARG(project), TEXT_ARG(from), TEXT_ARG(to),
           TEXT_ARG(why));
    printf("建议编号 %.16s", proposal.at);
    if (doc_count(left) > 0) printf("；另有 %zu 项不能安排", doc_count(left));
    printf("\n");
}

/* One row for each obligation covered; what cannot be planned comes last, without a day. */
static void add_row(Table *table, const DocValue *activity, const DocValue *covered)
{
    const Text left = show_text(covered, "zh");
    table_add(table, show_text(activity, "day"));
    table_add(table, show_text(activity, "title"));
    table_add(table, show_name(activity, "joins"));
    table_add(table, show_name(covered, "group"));
    table_add(table, show_text(doc_get(covered, "rule"), "title_zh"));
    table_add(table, show_text(covered, "from"));
    table_add(table, show_text(covered, "to"));
    table_add(table, show_text(covered, "makes_up"));
    table_add_int(table, show_int(covered, "minutes"));
    table_add(table, left.size > 0 ? left : show_text(doc_get(activity, "apart"), "zh"));
}

static void fill_merge(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "活动", "并入", "组",   "会议",
                                          "开始", "结束", "补开", "分钟", "说明"};
    const DocValue *items = doc_get(root, "items");
    const DocValue *left = doc_get(root, "left");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *activity = doc_at(items, i);
        const DocValue *covers = doc_get(activity, "covers");
        for (size_t k = 0; k < doc_count(covers); k++)
            add_row(table, activity, doc_at(covers, k));
    }
    for (size_t i = 0; i < doc_count(left); i++)
        add_row(table, NULL, doc_at(left, i));
}

/* The digest of what is proposed now. */
static ErrCode read_proposal(const Look *look, MergeQuestion *question, Err *err)
{
    AUTO(buf_done) Buf json = {0};
    AUTO(doc_done) Doc doc = {0};
    TRY(answer_read(&look->view, ask_merge, question, &json, err));
    TRY(doc_parse(&doc, buf_as_bytes(&json), err));
    const Text proposal = show_text(doc.root, "proposal");
    (void)snprintf(question->proposal, sizeof question->proposal, "%.*s", TEXT_ARG(proposal));
    return OK;
}

static ErrCode show_merge(const Options *options, MergeQuestion *question, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    const char *period = option_value(options, "--period");
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &question->project, out_exit,
                  err));
    question->period = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(question->period, look.view.on, &question->within, err), out_exit));
    if (option_given(options, "--accept")) return read_proposal(&look, question, err);
    const Show show = {options, ask_merge, question, fill_merge, 10, merge_head, out_exit};
    return show_run(&show, &look, err);
}

static ErrCode accept_merge(const Options *options, const MergeQuestion *question, Exit *out_exit,
                            Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    Answer answer;
    TRY(hand_open(&hand, options->positionals[0], err));
    const Command command = {.op = op_new(hand.node.host),
                             .action = ACTION_MERGE,
                             .kind = vocab_kind(KIND_PROJECT),
                             .subject = question->project,
                             .period = question->period,
                             .proposal = text_from_z(question->proposal)};
    TRY(hand_execute(&hand, &command, &answer, err));
    if (answer.status == ANSWER_DONE) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, answer.code, "%s", answer.detail);
}

ErrCode cli_merge(const Options *options, Exit *out_exit, Err *err)
{
    MergeQuestion question = {0};
    TRY(show_merge(options, &question, out_exit, err));
    return option_given(options, "--accept") ? accept_merge(options, &question, out_exit, err) : OK;
}
