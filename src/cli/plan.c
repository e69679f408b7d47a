#include "cli/show.h"
#include "plan/programme.h"
#include "view/answer_programme.h"

static const char *choice_zh(unsigned field, Text name)
{
    const ChoiceSet *among = vocab_field(vocab_kind(KIND_PLAN_LINE), field)->among;
    const Choice *choice = vocab_choice_named(among, name);
    return choice == NULL ? "" : choice->zh;
}

/* ---- plan ---- */

static ErrCode ask_plan(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_programme(view, *(const Id *)context, emit, err);
}

static void plan_head(const DocValue *root)
{
    const DocValue *counts = doc_get(root, "counts");
    const Text project = show_name(root, "project");
    const Text on = show_text(root, "on");
    printf("%.*s %.*s：", TEXT_ARG(project), TEXT_ARG(on));
    for (int state = 0; state < PLAN_STATE_COUNT; state++) {
        const int64_t count = show_int(counts, plan_state_name((PlanState)state));
        if (count > 0) printf(" %s %d", plan_state_zh((PlanState)state), (int)count);
    }
    printf("\n");
}

/* The kinds of group a line is for: "党小组、班组". */
static void add_kinds(Table *table, const DocValue *kinds)
{
    AUTO(buf_done) Buf words = {0};
    const ChoiceSet *among = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND)->among;
    buf_init(&words, 256);
    for (size_t i = 0; i < doc_count(kinds); i++) {
        const Choice *kind = vocab_choice_named(among, doc_text(doc_at(kinds, i)));
        if (kind != NULL) buf_format(&words, "%s%s", i == 0 ? "" : "、", kind->zh);
    }
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

/* Why it moved: the last change of its phase. */
static void add_why(Table *table, const DocValue *shifts)
{
    const size_t count = doc_count(shifts);
    table_add(table, count == 0 ? TEXT("") : show_text(doc_at(shifts, count - 1), "zh"));
}

static void fill_plan(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "内容", "状态", "阶段", "原定",
                                          "移动", "对象", "重点", "抓手", "移动原因"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        table_add(table, show_text(item, "day"));
        table_add(table, show_text(item, "title"));
        table_add(table, show_text(item, "zh"));
        table_add_z(table, choice_zh(PLAN_LINE_PHASE, show_text(item, "phase")));
        table_add(table, show_text(item, "first"));
        table_add_int(table, show_int(item, "moved_days"));
        add_kinds(table, doc_get(item, "kinds"));
        table_add_z(table, choice_zh(PLAN_LINE_FOCUS, show_text(item, "focus")));
        table_add_z(table, choice_zh(PLAN_LINE_GRIP, show_text(item, "grip")));
        add_why(table, doc_get(item, "shifts"));
    }
}

ErrCode cli_plan(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_plan, &project, fill_plan, 10, plan_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- gate ---- */

static ErrCode ask_gate(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_gate(view, *(const Id *)context, emit, err);
}

static void gate_head(const DocValue *root)
{
    const Text project = show_name(root, "project");
    const bool is_open = doc_bool(doc_get(root, "open"));
    const bool is_binding = doc_bool(doc_get(root, "binding"));
    printf("%.*s：%s\n", TEXT_ARG(project),
           is_open      ? "前期策划齐备"
           : is_binding ? "前期策划未齐备，不能转入实施"
                        : "前期策划未齐备，请尽快补齐");
}

static void fill_gate(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"条件", "是否要求", "是否具备", "依据"};
    const DocValue *conditions = doc_get(root, "conditions");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(conditions); i++) {
        const DocValue *condition = doc_at(conditions, i);
        table_add(table, show_text(condition, "zh"));
        table_add_z(table, doc_bool(doc_get(condition, "asked")) ? "要求" : "不要求");
        table_add_z(table, doc_bool(doc_get(condition, "met")) ? "具备" : "缺");
        table_add(table, show_text(doc_get(root, "rule"), "source"));
    }
}

ErrCode cli_gate(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_gate, &project, fill_gate, 4, gate_head, out_exit};
    return show_run(&show, &look, err);
}
