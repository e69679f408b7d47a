#include "answer/activities.h"
#include "answer/practices.h"
#include "cli/show.h"
#include "duties/duty.h"

/* The Chinese of a choice that an answer names. */
static const char *choice_zh(KindCode kind, unsigned field, Text name)
{
    const Choice *choice =
        vocab_choice_named(vocab_field(vocab_kind((unsigned)kind), field)->among, name);
    return choice == NULL ? "" : choice->zh;
}

/* ---- activities ---- */

static ErrCode ask_activities(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_activities(view, context, emit, err);
}

static void add_held_by(Table *table, const DocValue *parts)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, 8192);
    for (size_t i = 0; i < doc_count(parts); i++) {
        const DocValue *part = doc_at(parts, i);
        const Text group = show_name(part, "group");
        buf_format(&words, "%s%.*s（%s）", i == 0 ? "" : "、", TEXT_ARG(group),
                   choice_zh(KIND_PART, PART_MEETING, show_text(part, "meeting")));
    }
    table_add(table, words.size == 0 ? TEXT("") : buf_as_text(&words));
}

static void fill_activities(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"日期", "主题", "进展", "项目", "承办", "编号"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        table_add(table, show_text(item, "day"));
        table_add(table, show_text(item, "title"));
        table_add_z(table,
                    choice_zh(KIND_ACTIVITY, ACTIVITY_PROGRESS, show_text(item, "progress")));
        table_add(table, show_name(item, "project"));
        add_held_by(table, doc_get(item, "parts"));
        table_add(table, show_text(item, "id"));
    }
}

ErrCode cli_activities(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    ActivitiesAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}};
    const char *project = option_value(options, "--project");
    const char *group = option_value(options, "--group");
    const char *period = option_value(options, "--period");
    const char *meeting = option_value(options, "--meeting");
    if ((project == NULL) == (group == NULL)) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say one of --project or --group");
    }
    TRY(look_open(&look, options, err));
    if (meeting != NULL) ask.meeting = text_from_z(meeting);
    TRY(cli_said(
        period_parse(text_from_z(period == NULL ? "" : period), look.view.on, &ask.within, err),
        out_exit));
    if (project != NULL) TRY(resolve(&look.view, KIND_PROJECT, project, &ask.project, err));
    if (group != NULL) TRY(resolve(&look.view, KIND_GROUP, group, &ask.group, err));
    const Show show = {options, ask_activities, &ask, fill_activities, 6, NULL, out_exit};
    return show_run(&show, &look, err);
}

/* ---- minutes ---- */

static ErrCode ask_minutes(const View *view, void *context, Emit *emit, Err *err)
{
    const Asker everything = {.person = KEY_NONE}; /* whoever may read the files may see all */
    const Id *activity = context;
    return answer_activity(view, &everything, *activity, emit, err);
}

static void print_line(const char *label, Text text)
{
    if (text.size > 0) printf("%s：%.*s\n", label, TEXT_ARG(text));
}

static void print_counts(const DocValue *thing)
{
    const DocValue *counts = doc_get(thing, "counts");
    printf("应到%d 实到%d", (int)show_int(counts, "expected"), (int)show_int(counts, "there"));
    static const struct {
        const char *name;
        const char *zh;
    } more[] = {{"online", "线上"},
                {"leave", "请假"},
                {"absent", "缺席"},
                {"silent", "未确认"},
                {"observers", "列席"}};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (show_int(counts, more[i].name) > 0)
            printf(" %s%d", more[i].zh, (int)show_int(counts, more[i].name));
    printf("\n");
}

static void print_why(const char *indent, const DocValue *why)
{
    for (size_t i = 0; i < doc_count(why); i++) {
        const DocValue *reason = doc_at(why, i);
        const Text words = show_text(reason, "zh");
        const Text rule = show_text(doc_get(reason, "rule"), "title_zh");
        if (rule.size > 0)
            printf("%s%.*s（%.*s）\n", indent, TEXT_ARG(words), TEXT_ARG(rule));
        else
            printf("%s%.*s\n", indent, TEXT_ARG(words));
    }
}

static void print_vote(const DocValue *vote)
{
    if (doc_type(vote) != DOC_OBJECT) return;
    const Text ballot = show_text(vote, "ballot");
    const Text result = show_text(vote, "result");
    printf("    %s 赞成%d 反对%d 弃权%d：%s\n", choice_zh(KIND_TOPIC, TOPIC_BALLOT, ballot),
           (int)show_int(vote, "for"), (int)show_int(vote, "against"),
           (int)show_int(vote, "abstained"),
           text_is(result, "passed")   ? "通过"
           : text_is(result, "failed") ? "未通过"
                                       : "不判定");
    print_why("      ", doc_get(vote, "why"));
}

static void print_topics(const DocValue *topics)
{
    for (size_t i = 0; i < doc_count(topics); i++) {
        const DocValue *topic = doc_at(topics, i);
        const Text title = show_text(topic, "title");
        printf("  %zu. %.*s（%s）\n", i + 1, TEXT_ARG(title),
               choice_zh(KIND_TOPIC, TOPIC_MATTER, show_text(topic, "matter")));
        print_line("    讨论", show_text(topic, "discussion"));
        print_line("    决议", show_text(topic, "resolution"));
        print_line("    遗留", show_text(topic, "open"));
        print_vote(doc_get(topic, "vote"));
    }
}

static void print_names(const char *label, const DocValue *people)
{
    if (doc_count(people) == 0) return;
    printf("  %s：", label);
    for (size_t i = 0; i < doc_count(people); i++) {
        const Text name = show_text(doc_at(people, i), "name");
        printf("%s%.*s", i == 0 ? "" : "、", TEXT_ARG(name));
    }
    printf("\n");
}

static void print_briefing(const DocValue *briefing)
{
    if (doc_type(briefing) != DOC_OBJECT) return;
    const DocValue *risk = doc_get(briefing, "risk_level");
    const DocValue *checks = doc_get(briefing, "checks");
    print_line("  交任务", show_text(briefing, "task"));
    print_line("  交安全", show_text(briefing, "safety"));
    print_line("  交技术", show_text(briefing, "technique"));
    print_line("  主要风险", show_text(briefing, "risk"));
    if (doc_type(risk) == DOC_OBJECT)
        printf("  风险等级：%d级（%s）\n", (int)show_int(risk, "level"),
               choice_zh(KIND_BRIEFING, BRIEFING_RISK_SCHEME, show_text(risk, "scheme")));
    for (size_t i = 0; i < doc_count(checks); i++) {
        const DocValue *check = doc_at(checks, i);
        const Text words = show_text(check, "zh");
        const Text note = show_text(check, "note");
        const char *found = choice_zh(KIND_CHECK, CHECK_FOUND, show_text(check, "found"));
        printf("  查 %.*s：%s %.*s\n", TEXT_ARG(words), found[0] == '\0' ? "未查" : found,
               TEXT_ARG(note));
    }
}

static void print_part(const DocValue *part)
{
    const Text group = show_name(part, "group");
    printf("%.*s %s：", TEXT_ARG(group),
           choice_zh(KIND_PART, PART_MEETING, show_text(part, "meeting")));
    print_counts(part);
    print_line("  本组记录", show_text(part, "record"));
    print_why("  ", doc_get(part, "why"));
    print_briefing(doc_get(part, "briefing"));
    print_topics(doc_get(part, "topics"));
    print_names("未签名", doc_get(part, "unsigned"));
    print_names("待补学", doc_get(part, "to_read"));
}

static void minutes_head(const DocValue *root)
{
    const Text day = show_text(root, "day");
    const Text start = show_text(root, "start");
    const Text end = show_text(root, "end");
    const DocValue *parts = doc_get(root, "parts");
    print_line("主题", show_text(root, "title"));
    printf("时间：%.*s %.*s%s%.*s%s\n", TEXT_ARG(day), TEXT_ARG(start), end.size > 0 ? "–" : "",
           TEXT_ARG(end), doc_bool(doc_get(root, "recorded_late")) ? "（补记）" : "");
    print_line("地点", show_text(root, "place"));
    print_line("主持人", show_name(root, "host"));
    print_line("记录人", show_name(root, "recorder"));
    print_line("议程", show_text(root, "agenda"));
    print_line("共同记录", show_text(root, "record"));
    print_why("  ! ", doc_get(root, "lacks"));
    print_counts(root);
    print_topics(doc_get(root, "topics"));
    for (size_t i = 0; i < doc_count(parts); i++)
        print_part(doc_at(parts, i));
}

static void fill_minutes(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"姓名", "出席", "理由", "签名", "签名日期", "补学日期"};
    const DocValue *lines = doc_get(root, "attendance");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(lines); i++) {
        const DocValue *line = doc_at(lines, i);
        table_add(table, show_name(line, "person"));
        table_add_z(table,
                    choice_zh(KIND_ATTENDANCE, ATTENDANCE_STATUS, show_text(line, "status")));
        table_add(table, show_text(line, "reason"));
        table_add_z(table,
                    choice_zh(KIND_ATTENDANCE, ATTENDANCE_SIGNATURE, show_text(line, "signature")));
        table_add(table, show_text(line, "signed_on"));
        table_add(table, show_text(line, "read_on"));
    }
}

ErrCode cli_minutes(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id activity;
    TRY(look_open(&look, options, err));
    TRY(cli_said(id_parse(text_from_z(options->positionals[1]), &activity, err), out_exit));
    const Show show = {options, ask_minutes, &activity, fill_minutes, 6, minutes_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- integrity ---- */

static ErrCode ask_integrity(const View *view, void *context, Emit *emit, Err *err)
{
    const Id *project = context;
    return answer_integrity(view, *project, emit, err);
}

static void fill_integrity(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"序号",     "单位/岗位", "风险类别", "风险点",
                                          "表现形式", "等级",      "防控措施", "责任人",
                                          "分管领导", "最近检查",  "检查结果"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *check = doc_get(item, "last_check");
        table_add_int(table, show_int(item, "number"));
        table_add(table, show_text(item, "post"));
        table_add_z(table,
                    choice_zh(KIND_INTEGRITY_RISK, INTEGRITY_RISK_KIND, show_text(item, "kind")));
        table_add(table, show_text(item, "point"));
        table_add(table, show_text(item, "form"));
        table_add_z(table,
                    choice_zh(KIND_INTEGRITY_RISK, INTEGRITY_RISK_GRADE, show_text(item, "grade")));
        table_add(table, show_text(item, "measures"));
        table_add(table, show_name(item, "owner"));
        table_add(table, show_name(item, "overseer"));
        table_add(table, show_text(check, "day"));
        table_add_z(table, choice_zh(KIND_RISK_CHECK, RISK_CHECK_FOUND, show_text(check, "found")));
    }
}

ErrCode cli_integrity(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    Id project;
    TRY(look_open(&look, options, err));
    TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &project, out_exit, err));
    const Show show = {options, ask_integrity, &project, fill_integrity, 11, NULL, out_exit};
    return show_run(&show, &look, err);
}
