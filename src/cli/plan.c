#include "answer/combinations.h"
#include "answer/programme.h"
#include "answer/year.h"
#include "cli/show.h"
#include "plan/programme.h"

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

/* ---- year ---- */

static ErrCode ask_year(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_year(view, context, emit, err);
}

static void add_words(const DocValue *words, Table *table)
{
    for (size_t i = 0; i < doc_count(words); i++) {
        const DocValue *word = doc_at(words, i);
        const DocValue *months = doc_get(word, "months");
        char sum[48];
        snprintf(sum, sizeof sum, "%d/%d%s", (int)show_int(word, "done"),
                 (int)show_int(word, "planned"), doc_bool(doc_get(word, "thin")) ? " 偏少" : "");
        table_add(table, show_text(word, "zh"));
        table_add_z(table, sum);
        for (size_t month = 0; month < table->column_count - 2; month++) {
            const DocValue *cell = month < doc_count(months) ? doc_at(months, month) : NULL;
            char text[32] = "";
            if (cell != NULL && show_int(cell, "planned") > 0)
                snprintf(text, sizeof text, "%d/%d", (int)show_int(cell, "done"),
                         (int)show_int(cell, "planned"));
            table_add_z(table, text);
        }
    }
}

static void fill_year(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"重点、抓手", "全年", "1月",  "2月", "3月",
                                          "4月",        "5月",  "6月",  "7月", "8月",
                                          "9月",        "10月", "11月", "12月"};
    const DocValue *first = doc_at(doc_get(root, "focuses"), 0);
    const DocValue *months = doc_get(first, "months");
    const size_t from = (size_t)show_int(doc_at(months, 0), "month") + 1; /* behind two others */
    table_add_z(table, heading[0]);
    table_add_z(table, heading[1]);
    for (size_t i = 0; i < table->column_count - 2; i++)
        table_add_z(table, from + i < sizeof heading / sizeof heading[0] ? heading[from + i] : "");
    add_words(doc_get(root, "focuses"), table);
    add_words(doc_get(root, "grips"), table);
}

ErrCode cli_year(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    YearAsk ask = {0};
    const char *project = option_value(options, "--project");
    const char *unit = option_value(options, "--unit");
    const char *period = option_value(options, "--period");
    TRY(look_open(&look, options, err));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &ask.unit, err));
    TRY(cli_said(
        year_parse(text_from_z(period == NULL ? "" : period), look.view.on, &ask.days, err),
        out_exit));
    const Show show = {options, ask_year, &ask, fill_year, 14, NULL, out_exit};
    return show_run(&show, &look, err);
}

/* ---- objectives ---- */

static ErrCode ask_objectives(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_objectives(view, *(const Id *)context, emit, err);
}

/* 36500 thousandths: "36.5". */
static void add_milli(Table *table, const DocValue *value, const char *key)
{
    char text[40] = "";
    if (doc_type(doc_get(value, key)) == DOC_INT) {
        const long long milli = (long long)show_int(value, key);
        const long long rest = (milli < 0 ? -milli : milli) % 1000;
        int size = snprintf(text, sizeof text, "%s%lld.%03lld", milli < 0 ? "-" : "",
                            (milli < 0 ? -milli : milli) / 1000, rest);
        while (size > 0 && text[size - 1] == '0')
            text[--size] = '\0';
        if (size > 0 && text[size - 1] == '.') text[size - 1] = '\0';
    }
    table_add_z(table, text);
}

static void add_curve(Table *table, const DocValue *item, const DocValue *curve)
{
    const DocValue *figures = doc_get(curve, "figures");
    const size_t count = doc_count(figures);
    for (size_t i = 0; i < (count == 0 ? 1 : count); i++) {
        const DocValue *figure = count == 0 ? NULL : doc_at(figures, i);
        table_add(table, show_text(curve, "title"));
        table_add(table, show_text(curve, "measure"));
        add_milli(table, curve, "wanted_milli");
        table_add(table, show_text(item, "to"));
        table_add(table, show_text(figure, "day"));
        add_milli(table, figure, "value_milli");
        table_add(table, show_text(figure, "evidence"));
    }
}

static void fill_objectives(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"目标或指标", "单位", "目标值", "期限",
                                          "日期",       "数值", "佐证"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        add_curve(table, item, doc_get(item, "goal"));
        add_curve(table, item, doc_get(item, "target"));
    }
}

ErrCode cli_objectives(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_objectives, &project, fill_objectives, 7, NULL, out_exit};
    return show_run(&show, &look, err);
}

/* ---- combinations ---- */

static ErrCode ask_combinations(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_combinations(view, *(const Id *)context, emit, err);
}

/* What a piece of evidence says first. */
static Text words_of(const DocValue *fact)
{
    static const char *const members[] = {"title", "content", "aim"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (show_text(fact, members[i]).size > 0) return show_text(fact, members[i]);
    return show_text(doc_get(fact, "goal"), "title");
}

static void fill_combinations(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"结合", "情况", "佐证"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *evidence = doc_get(item, "evidence");
        const bool is_empty = doc_bool(doc_get(item, "empty"));
        table_add(table, show_text(item, "zh"));
        table_add_z(table, is_empty ? "空缺" : "有");
        table_add(table, is_empty ? show_text(item, "next_zh") : words_of(doc_at(evidence, 0)));
        for (size_t j = 1; j < doc_count(evidence); j++) {
            table_add_z(table, "");
            table_add_z(table, "");
            table_add(table, words_of(doc_at(evidence, j)));
        }
    }
}

ErrCode cli_combinations(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_combinations, &project, fill_combinations, 3, NULL, out_exit};
    return show_run(&show, &look, err);
}
