#include <string.h>

#include "cli/show.h"

/* ---- coverage ---- */

static ErrCode ask_coverage(const View *view, void *context, Emit *emit, Err *err)
{
    return answer_coverage(view, context, emit, err);
}

static void coverage_head(const DocValue *root)
{
    const DocValue *counts = doc_get(root, "counts");
    const Text on = show_text(root, "on");
    printf("%.*s: %d 个在建项目，未覆盖 %d\n", TEXT_ARG(on), (int)show_int(counts, "total"),
           (int)show_int(counts, "uncovered"));
}

static const char *state_zh(Text state)
{
    for (int i = 0; i < COVERAGE_STATE_COUNT; i++)
        if (text_is(state, coverage_term((CoverageState)i)->name))
            return coverage_term((CoverageState)i)->zh;
    return "";
}

static void fill_coverage(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目", "单位", "状态", "小组",
                                          "党员", "预备", "人数", "原因与建议"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *project = doc_get(item, "project");
        table_add(table, show_text(project, "name"));
        table_add(table, show_name(project, "unit"));
        table_add_z(table, state_zh(show_text(item, "state")));
        table_add(table, show_name(item, "group"));
        table_add_int(table, show_int(item, "formal"));
        table_add_int(table, show_int(item, "probationary"));
        table_add_int(table, show_int(item, "people"));
        show_reasons(table, doc_count(doc_get(item, "reasons")) > 0 ? doc_get(item, "reasons")
                                                                    : doc_get(item, "advice"));
    }
}

ErrCode cli_coverage(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    CoverageAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}};
    TRY(look_open(&look, options, err));
    if (option_given(options, "--state")) ask.state = text_from_z(option_value(options, "--state"));
    if (option_given(options, "--unit"))
        TRY(resolve(&look.view, KIND_UNIT, option_value(options, "--unit"), &ask.list.unit, err));
    const Show show = {options, ask_coverage, &ask, fill_coverage, 8, coverage_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- members ---- */

typedef struct MembersAsk {
    KindCode kind; /* of what is asked about */
    Id id;
    ListAsk list;
} MembersAsk;

static ErrCode ask_members(const View *view, void *context, Emit *emit, Err *err)
{
    const MembersAsk *ask = context;
    if (ask->kind == KIND_PERSON) return answer_person(view, ask->id, emit, err);
    if (ask->kind == KIND_GROUP) return answer_group_members(view, ask->id, &ask->list, emit, err);
    return answer_project_members(view, ask->id, &ask->list, emit, err);
}

static void add_names(Table *table, const DocValue *things)
{
    AUTO(buf_done) Buf names = {0};
    buf_init(&names, 8192);
    for (size_t i = 0; i < doc_count(things); i++) {
        if (i > 0) buf_add_z(&names, "、");
        buf_add_text(&names, show_text(doc_at(things, i), "name"));
    }
    table_add(table, names.size == 0 ? TEXT("") : buf_as_text(&names));
}

static const char *party_zh(Text party)
{
    if (text_is(party, "formal")) return "正式党员";
    return text_is(party, "probationary") ? "预备党员" : "";
}

static void fill_members(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"姓名", "工号", "工种",     "单位",
                                          "进场", "离场", "政治面貌", "所在组"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *person = doc_get(item, "person");
        const DocValue *posting = doc_get(item, "posting");
        table_add(table, show_text(person, "name"));
        table_add(table, show_text(person, "staff_no"));
        table_add(table, show_text(person, "trade"));
        table_add(table, show_name(person, "unit"));
        table_add(table, show_text(posting, "from"));
        table_add(table, show_text(posting, "to"));
        table_add_z(table, party_zh(show_text(item, "party")));
        add_names(table, doc_get(item, "groups"));
    }
}

static void fill_person(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目", "班组", "进场", "离场", "待确认"};
    const DocValue *postings = doc_get(root, "postings");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(postings); i++) {
        const DocValue *posting = doc_at(postings, i);
        table_add(table, show_name(posting, "project"));
        table_add(table, show_name(posting, "crew"));
        table_add(table, show_text(posting, "from"));
        table_add(table, show_text(posting, "to"));
        table_add_z(table, doc_bool(doc_get(posting, "pending")) ? "是" : "");
    }
}

static void print_standings(const DocValue *standings)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_STANDING), STANDING_STANDING);
    for (size_t i = 0; i < doc_count(standings); i++) {
        const DocValue *standing = doc_at(standings, i);
        const Choice *choice = vocab_choice_named(field->among, show_text(standing, "standing"));
        const Text from = show_text(standing, "from");
        const Text to = show_text(standing, "to");
        printf("  %s %.*s–%.*s\n", choice == NULL ? "" : choice->zh, TEXT_ARG(from), TEXT_ARG(to));
    }
}

static void print_findings(const DocValue *findings)
{
    for (size_t i = 0; i < doc_count(findings); i++) {
        const Text words = show_text(doc_at(findings, i), "zh");
        printf("! %.*s\n", TEXT_ARG(words));
    }
}

static void person_head(const DocValue *root)
{
    const DocValue *groups = doc_get(root, "groups");
    const Text on = show_text(root, "on");
    const Text name = show_name(root, "person");
    printf("%.*s %.*s:", TEXT_ARG(name), TEXT_ARG(on));
    for (size_t i = 0; i < doc_count(groups); i++) {
        const Text group = show_text(doc_at(groups, i), "name");
        printf(" %.*s", TEXT_ARG(group));
    }
    printf("\n");
    print_standings(doc_get(root, "standings"));
    print_findings(doc_get(root, "findings"));
}

ErrCode cli_members(const Options *options, Exit *out_exit, Err *err)
{
    static const struct {
        const char *option;
        KindCode kind;
    } subjects[] = {
        {"--project", KIND_PROJECT}, {"--group", KIND_GROUP}, {"--person", KIND_PERSON}};
    AUTO(look_close) Look look = {0};
    MembersAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}};
    int given = 0;
    TRY(look_open(&look, options, err));
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        const char *word = option_value(options, subjects[i].option);
        if (word == NULL) continue;
        given++;
        ask.kind = subjects[i].kind;
        TRY(resolve(&look.view, ask.kind, word, &ask.id, err));
    }
    if (given != 1) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say one of --project, --group or --person");
    }
    const bool is_person = ask.kind == KIND_PERSON;
    const Show show = {options,
                       ask_members,
                       &ask,
                       is_person ? fill_person : fill_members,
                       is_person ? 5 : 8,
                       is_person ? person_head : NULL,
                       out_exit};
    return show_run(&show, &look, err);
}

/* ---- why ---- */

typedef struct WhyAsk {
    bool is_membership;
    Id project;
    Id person;
    Id group;
} WhyAsk;

static ErrCode ask_why(const View *view, void *context, Emit *emit, Err *err)
{
    const WhyAsk *ask = context;
    if (ask->is_membership) return answer_why_membership(view, ask->person, ask->group, emit, err);
    return answer_why_coverage(view, ask->project, emit, err);
}

static void why_head(const DocValue *root)
{
    const DocValue *answer = doc_get(root, "answer");
    const Text on = show_text(root, "on");
    if (doc_type(answer) == DOC_BOOL) {
        const Text person = show_name(root, "person");
        const Text group = show_name(root, "group");
        printf("%.*s %.*s %s %.*s\n", TEXT_ARG(on), TEXT_ARG(person),
               doc_bool(answer) ? "属于" : "不属于", TEXT_ARG(group));
    } else {
        const Text project = show_name(root, "project");
        printf("%.*s %.*s: %s\n", TEXT_ARG(on), TEXT_ARG(project),
               state_zh(show_text(root, "state")));
    }
}

static void fill_why(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"依据", "规则", "出处"};
    const DocValue *reasons = doc_get(root, "reasons");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(reasons); i++) {
        const DocValue *rule = doc_get(doc_at(reasons, i), "rule");
        table_add(table, show_text(doc_at(reasons, i), "zh"));
        table_add(table, show_text(rule, "title_zh"));
        table_add(table, show_text(rule, "source"));
    }
}

/* A membership is of a person in a group, a coverage of a project. */
static ErrCode check_why(const Options *options, bool is_membership, Err *err)
{
    const bool has_other =
        is_membership ? option_given(options, "--project")
                      : option_given(options, "--person") || option_given(options, "--group");
    if (!has_other) return OK;
    return err_set(err, ERR_INVALID,
                   is_membership ? "a membership is asked with --person and --group alone"
                                 : "a coverage is asked with --project alone");
}

ErrCode cli_why(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    WhyAsk ask = {.is_membership = strcmp(options->positionals[1], "membership") == 0};
    TRY(cli_said(check_why(options, ask.is_membership, err), out_exit));
    TRY(look_open(&look, options, err));
    if (ask.is_membership) {
        TRY(show_need(options, "--person", &look.view, KIND_PERSON, &ask.person, out_exit, err));
        TRY(show_need(options, "--group", &look.view, KIND_GROUP, &ask.group, out_exit, err));
    } else {
        TRY(show_need(options, "--project", &look.view, KIND_PROJECT, &ask.project, out_exit, err));
    }
    const Show show = {options, ask_why, &ask, fill_why, 3, why_head, out_exit};
    return show_run(&show, &look, err);
}

/* ---- gaps ---- */

static ErrCode ask_gaps(const View *view, void *context, Emit *emit, Err *err)
{
    (void)context;
    return answer_gaps(view, emit, err);
}

static void add_km(Table *table, const DocValue *value)
{
    char km[32];
    if (doc_type(doc_get(value, "distance_m")) != DOC_INT) {
        table_add_z(table, "");
        return;
    }
    const int64_t metres = show_int(value, "distance_m");
    snprintf(km, sizeof km, "%d.%d km", (int)(metres / 1000), (int)(metres % 1000 / 100));
    table_add_z(table, km);
}

static void fill_gaps(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"项目", "办法", "小组或人员", "距离", "之后", "代价"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        const DocValue *proposals = doc_get(item, "proposals");
        for (size_t p = 0; p < doc_count(proposals); p++) {
            const DocValue *proposal = doc_at(proposals, p);
            const Text person = show_name(proposal, "person");
            table_add(table, show_name(item, "project"));
            table_add(table, show_text(proposal, "zh"));
            table_add(table, person.size > 0 ? person : show_name(proposal, "group"));
            add_km(table, proposal);
            table_add_z(table, state_zh(show_text(proposal, "result")));
            show_reasons(table, doc_get(proposal, "effects"));
        }
    }
}

ErrCode cli_gaps(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    TRY(look_open(&look, options, err));
    const Show show = {options, ask_gaps, NULL, fill_gaps, 6, NULL, out_exit};
    return show_run(&show, &look, err);
}

/* ---- move ---- */

typedef struct MoveAsk {
    Id group;
    Id to;
} MoveAsk;

static ErrCode ask_move(const View *view, void *context, Emit *emit, Err *err)
{
    const MoveAsk *ask = context;
    return answer_move(view, ask->group, ask->to, &show_eyes, emit, err);
}

static void move_head(const DocValue *root)
{
    const DocValue *sides = doc_get(root, "sides");
    for (size_t i = 0; i < doc_count(sides); i++) {
        const DocValue *side = doc_at(sides, i);
        const Text project = show_name(side, "project");
        printf("%.*s: %s -> %s\n", TEXT_ARG(project),
               state_zh(show_text(doc_get(side, "before"), "state")),
               state_zh(show_text(doc_get(side, "after"), "state")));
    }
    print_findings(doc_get(root, "findings"));
}

static void fill_move(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"变更", "人员", "项目", "开始", "结束"};
    const DocValue *facts = doc_get(root, "facts");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(facts); i++) {
        const DocValue *fact = doc_at(facts, i);
        table_add(table, show_text(fact, "zh"));
        table_add(table, show_name(fact, "person"));
        table_add(table, show_name(fact, "project"));
        table_add(table, show_text(fact, "from"));
        table_add(table, show_text(fact, "to"));
    }
}

static ErrCode preview_move(const Options *options, MoveAsk *ask, Day *out_on, Exit *out_exit,
                            Err *err)
{
    AUTO(look_close) Look look = {0};
    TRY(look_open(&look, options, err));
    TRY(resolve(&look.view, KIND_GROUP, options->positionals[1], &ask->group, err));
    TRY(resolve(&look.view, KIND_PROJECT, option_value(options, "--to"), &ask->to, err));
    *out_on = look.view.on;
    const Show show = {options, ask_move, ask, fill_move, 5, move_head, out_exit};
    return show_run(&show, &look, err);
}

ErrCode cli_move(const Options *options, Exit *out_exit, Err *err)
{
    MoveAsk ask;
    Day on = 0;
    if (!option_given(options, "--to") || !option_given(options, "--on")) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say where with --to PROJECT and when with --on DATE");
    }
    TRY(preview_move(options, &ask, &on, out_exit, err));
    if (option_given(options, "--dry-run")) return OK;
    *out_exit = EXIT_DONE;
    AUTO(hand_close) Hand hand = {0};
    TRY(hand_open(&hand, options->positionals[0], err));
    const Command command = {.op = op_new(hand.node.host),
                             .action = ACTION_MOVE,
                             .kind = vocab_kind(KIND_GROUP),
                             .subject = ask.group,
                             .to = ask.to,
                             .on = on};
    Answer answer;
    TRY(hand_execute(&hand, &command, &answer, err));
    if (answer.status == ANSWER_DONE) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, answer.code, "%s", answer.detail);
}
