#include <inttypes.h>

#include "answer/assess.h"
#include "cli/show.h"
#include "duties/duty.h"

/* ---- The groups of a unit ---- */

static ErrCode ask_assessments(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_assessments(view, context, emit, err);
}

static void print_period(const DocValue *root)
{
    const Text from = show_text(root, "from");
    const Text to = show_text(root, "to");
    const Text on = show_text(root, "on");
    printf("%.*s–%.*s，截至 %.*s", TEXT_ARG(from), TEXT_ARG(to), TEXT_ARG(on));
}

static void groups_head(const DocValue *root)
{
    print_period(root);
    printf("：%" PRId64 " 个组\n", show_int(root, "total"));
}

static int64_t lost_in(const DocValue *assessment, const char *part)
{
    const DocValue *parts = doc_get(assessment, "parts");
    for (size_t i = 0; i < doc_count(parts); i++)
        if (text_is(show_text(doc_at(parts, i), "part"), part))
            return show_int(doc_at(parts, i), "lost");
    return 0;
}

static void fill_groups(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"组",       "单位",     "考核分",   "等次", "自评分",
                                          "任务扣分", "会议扣分", "隐患扣分", "异议"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *self = doc_get(item, "self");
        table_add(table, show_name(item, "group"));
        table_add(table, show_name(item, "unit"));
        table_add_int(table, show_int(item, "points"));
        table_add(table, show_text(item, "grade_zh"));
        if (doc_type(self) == DOC_OBJECT)
            table_add_int(table, show_int(self, "points"));
        else
            table_add_z(table, "");
        table_add_int(table, lost_in(item, "tasks"));
        table_add_int(table, lost_in(item, "duties"));
        table_add_int(table, lost_in(item, "hazards"));
        table_add_int(table, show_int(item, "objection_count"));
    }
}

/* ---- One group ---- */

typedef struct GroupAsk {
    Id group;
    DayRange within;
} GroupAsk;

static ErrCode ask_assessment(const View *view, void *context, Emit *emit, Err *err)
{
    const GroupAsk *ask = context;
    return answer_assessment(view, ask->group, ask->within, emit, err);
}

static void group_head(const DocValue *root)
{
    const DocValue *self = doc_get(root, "self");
    const Text name = show_name(root, "group");
    const Text grade = show_text(root, "grade_zh");
    printf("%.*s ", TEXT_ARG(name));
    print_period(root);
    printf("：%" PRId64 " 分，%.*s", show_int(root, "points"), TEXT_ARG(grade));
    if (doc_type(self) == DOC_OBJECT) printf("；自评 %" PRId64 " 分", show_int(self, "points"));
    printf("\n");
}

/* "异议：…；裁定：…", as far as it has come. */
static void add_objection(Table *table, const DocValue *objection)
{
    AUTO(buf_done) Buf words = {0};
    const DocValue *rulings = doc_get(objection, "rulings");
    buf_init(&words, 32768);
    if (doc_type(objection) == DOC_OBJECT) buf_add_text(&words, show_text(objection, "reason"));
    for (size_t i = 0; i < doc_count(rulings); i++) {
        buf_add_z(&words, "；裁定：");
        buf_add_text(&words, show_text(doc_at(rulings, i), "reason"));
    }
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

/* "驻点 01a2…": what is behind it, by its kind and id. */
static void add_fact(Table *table, const DocValue *fact)
{
    AUTO(buf_done) Buf words = {0};
    const KindInfo *kind = vocab_kind_named(show_text(fact, "kind"));
    buf_init(&words, 256);
    if (kind != NULL) buf_format(&words, "%s %.*s", kind->zh, TEXT_ARG(show_text(fact, "id")));
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

static void fill_group(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "扣分项", "事项或会议", "扣分",
                                          "计入", "异议",   "编号",       "事实"};
    const DocValue *deductions = doc_get(root, "deductions");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(deductions); i++) {
        const DocValue *deduction = doc_at(deductions, i);
        const DocValue *duty = doc_get(deduction, "duty");
        table_add(table, show_text(deduction, "day"));
        table_add(table, show_text(deduction, "zh"));
        table_add(table, doc_type(duty) == DOC_OBJECT ? show_text(duty, "title_zh")
                                                      : show_text(deduction, "title"));
        table_add_int(table, show_int(deduction, "points"));
        table_add_int(table, show_int(deduction, "counted"));
        add_objection(table, doc_get(deduction, "objection"));
        table_add(table, show_text(deduction, "code"));
        add_fact(table, doc_get(deduction, "fact"));
    }
}

static ErrCode show_group(const Options *options, Look *look, const char *word, DayRange within,
                          Exit *out_exit, Err *err)
{
    GroupAsk ask = {.within = within};
    TRY(resolve(&look->view, KIND_GROUP, word, &ask.group, err));
    const Show show = {options, ask_assessment, &ask, fill_group, 8, group_head, out_exit};
    return show_run(&show, look, err);
}

ErrCode cli_assess(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    AssessAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}};
    const char *unit = option_value(options, "--unit");
    const char *group = option_value(options, "--group");
    const char *period = option_value(options, "--period");
    if (unit != NULL && group != NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say one of --unit or --group");
    }
    TRY(look_open(&look, options, err));
    const Text words = text_from_z(period == NULL ? "" : period);
    TRY(cli_said(period_parse(words, look.view.on, &ask.within, err), out_exit));
    if (group != NULL) return show_group(options, &look, group, ask.within, out_exit, err);
    if (unit != NULL) TRY(resolve(&look.view, KIND_UNIT, unit, &ask.list.unit, err));
    const Show show = {options, ask_assessments, &ask, fill_groups, 9, groups_head, out_exit};
    return show_run(&show, &look, err);
}
