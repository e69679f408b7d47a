/* What we promise about programmes of real projects: a template is applied in one act, its lines
 * follow the phases, an arranged activity goes along, and a project without form, people and
 * programme does not leave pre-planning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/programme.h"
#include "answer/year.h"
#include "base/doc.h"
#include "support/play.h"
#include "support/stores.h"

/* A planned project with a tower phase, a template of three lines, and somebody to lead. */
typedef struct Town {
    Play play;
    Id unit;
    Id other;
    Id project;
    Id tower; /* the phase */
    Id template;
    Id group;
    Id person;
} Town;

static void expect_refusal(Answer answer, ErrCode code, const char *word)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    assert_int_equal(answer.code, code);
    if (strstr(answer.detail, word) == NULL) fail_msg("not \"%s\": %s", word, answer.detail);
}

static void expect_done(Answer answer)
{
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static Id add_template_line(Town *town, const char *title, const char *rest)
{
    return play_add(&town->play, "template_line",
                    "\"template\":\"%s\",\"title\":\"%s\",\"phase\":\"TWR\",%s",
                    play_text(town->template), title, rest);
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 4);
    town->unit = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->other = play_add(&town->play, "unit", "\"name\":\"别的公司\"");
    town->project = play_add(&town->play, "project",
                             "\"name\":\"三期\",\"unit\":\"%s\",\"from\":\"2026-01-01\","
                             "\"stage\":\"planned\"",
                             play_text(town->unit));
    town->tower = play_add(&town->play, "phase",
                           "\"project\":\"%s\",\"phase\":\"TWR\",\"from\":\"2190-03-01\","
                           "\"to\":\"2190-05-28\"",
                           play_text(town->project));
    town->template = play_add(&town->play, "template", "\"name\":\"线路工程\",\"unit\":\"%s\"",
                              play_text(town->unit));
    add_template_line(town, "立塔安全主题党日",
                      "\"edge\":\"start\",\"offset\":-5,\"meeting\":\"theme_day\","
                      "\"party\":true,\"crew\":true,\"focus\":\"thought\",\"grip\":\"basics\"");
    add_template_line(town, "组建突击队",
                      "\"edge\":\"start\",\"party\":true,\"focus\":\"ability\"");
    add_template_line(town, "高风险专项检查",
                      "\"edge\":\"end\",\"offset\":-1,\"crew\":true,"
                      "\"risk_scheme\":\"qgdw_12152_2021\",\"risk_level\":2");
    town->group =
        play_add(&town->play, "group", "\"name\":\"流动党小组\",\"unit\":\"%s\",\"kind\":\"party\"",
                 play_text(town->unit));
    town->person =
        play_add(&town->play, "person", "\"name\":\"张三\",\"unit\":\"%s\"", play_text(town->unit));
}

static Answer apply(Town *town, Id template)
{
    return play_command(&town->play, "\"do\":\"template.apply\",\"id\":\"%s\",\"to\":\"%s\"",
                        play_text(template), play_text(town->project));
}

static Answer move_tower(Town *town, const char *from, const char *to)
{
    return play_command(&town->play,
                        "\"do\":\"phase.change\",\"id\":\"%s\",\"fields\":{\"from\":\"%s\","
                        "\"to\":\"%s\"}",
                        play_text(town->tower), from, to);
}

static void station_and_leader(Town *town)
{
    play_add(&town->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(town->group), play_text(town->project));
    play_add(&town->play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-01-01\"",
             play_text(town->group), play_text(town->person));
}

/* ---- Asking ---- */

typedef struct Told {
    Arena arena;
    Buf text;
    Doc doc;
    Err err;
    ErrCode code;
} Told;

static void told_done(Told *told)
{
    doc_done(&told->doc);
    buf_done(&told->text);
    arena_done(&told->arena);
}

typedef ErrCode Question(const View *view, const void *about, Emit *emit, Err *err);

static void tell(Town *town, Question *question, const void *about, Told *told)
{
    Emit emit;
    *told = (Told){0};
    arena_init(&told->arena, (size_t)16 << 20);
    buf_init(&told->text, (size_t)1 << 20);
    emit_init(&emit, &told->text);
    const View view = {.store = town->play.store,
                       .pack = town->play.node.pack,
                       .reach = reach_everything(),
                       .shard = town->play.node.shard,
                       .utc_offset_minutes = town->play.node.utc_offset_minutes,
                       .on = node_today(&town->play.node),
                       .arena = &told->arena};
    told->code = question(&view, about, &emit, &told->err);
    if (told->code == OK)
        must(doc_parse(&told->doc, buf_as_bytes(&told->text), &told->err), &told->err);
}

static ErrCode ask_programme(const View *view, const void *about, Emit *emit, Err *err)
{
    return answer_programme(view, *(const Id *)about, emit, err);
}

static ErrCode ask_gate(const View *view, const void *about, Emit *emit, Err *err)
{
    return answer_gate(view, *(const Id *)about, emit, err);
}

static ErrCode ask_shift(const View *view, const void *about, Emit *emit, Err *err)
{
    return answer_shift(view, about, emit, err);
}

static const DocValue *item_named(const Told *told, const char *title)
{
    const DocValue *items = doc_get(told->doc.root, "items");
    for (size_t i = 0; i < doc_count(items); i++)
        if (text_is(doc_text(doc_get(doc_at(items, i), "title")), title)) return doc_at(items, i);
    fail_msg("there is no line %s", title);
    return NULL;
}

static void expect_text(const DocValue *item, const char *key, const char *wanted)
{
    const Text text = doc_text(doc_get(item, key));
    if (!text_is(text, wanted)) fail_msg("%s: %.*s, not %s", key, TEXT_ARG(text), wanted);
}

static Id id_of(const DocValue *item, const char *key)
{
    Id id;
    Err err;
    must(id_parse(doc_text(doc_get(item, key)), &id, &err), &err);
    return id;
}

/* ---- Tests ---- */

static void applied(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    expect_done(apply(&town, town.template));
    expect_refusal(apply(&town, town.template), ERR_CONFLICT, "every line");
    add_template_line(&town, "后加的一条", "\"edge\":\"start\",\"union\":true");
    expect_done(apply(&town, town.template)); /* only what is new */
    tell(&town, ask_programme, &town.project, &told);
    assert_int_equal(doc_count(doc_get(told.doc.root, "items")), 4);
    const DocValue *item = item_named(&told, "立塔安全主题党日");
    /* 2190-03-01 is a Monday; five days before is a Wednesday. */
    expect_text(item, "day", "2190-02-24");
    expect_text(item, "state", "ahead");
    expect_text(item, "focus", "thought");
    assert_int_equal(doc_int(doc_get(item, "moved_days")), 0);
    expect_text(item_named(&told, "高风险专项检查"), "state", "undecided");
    told_done(&told);
    play_add(&town.play, "risk",
             "\"project\":\"%s\",\"phase\":\"TWR\",\"scheme\":\"qgdw_12152_2021\",\"level\":3",
             play_text(town.project));
    tell(&town, ask_programme, &town.project, &told);
    expect_text(item_named(&told, "高风险专项检查"), "state", "not_needed");
    told_done(&told);
    const Id foreign = play_add(&town.play, "template", "\"name\":\"别人的\",\"unit\":\"%s\"",
                                play_text(town.other));
    expect_refusal(apply(&town, foreign), ERR_NOT_FOUND, "no such template");
    play_close(&town.play);
}

static void a_template_becomes_a_programme_in_one_act(void **state)
{
    on_each_store(*state, applied);
}

typedef struct TemplateAsk {
    Id project;
    Id template;
} TemplateAsk;

static ErrCode ask_template(const View *view, const void *about, Emit *emit, Err *err)
{
    const TemplateAsk *ask = about;
    return answer_template(view, ask->project, ask->template, emit, err);
}

static void previewed(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    const TemplateAsk ask = {town.project, town.template};
    tell(&town, ask_template, &ask, &told);
    assert_int_equal(doc_int(doc_get(told.doc.root, "adds")), 3);
    assert_int_equal(doc_count(doc_get(told.doc.root, "items")), 3);
    expect_text(item_named(&told, "组建突击队"), "day", "2190-03-01");
    expect_text(item_named(&told, "高风险专项检查"), "state", "undecided");
    assert_false(doc_bool(doc_get(item_named(&told, "组建突击队"), "there")));
    told_done(&told);
    tell(&town, ask_programme, &town.project, &told); /* it was only looked at */
    assert_int_equal(doc_count(doc_get(told.doc.root, "items")), 0);
    told_done(&told);

    expect_done(apply(&town, town.template));
    add_template_line(&town, "后加的一条", "\"edge\":\"start\",\"offset\":3,\"union\":true");
    tell(&town, ask_template, &ask, &told);
    assert_int_equal(doc_int(doc_get(told.doc.root, "adds")), 1);
    assert_true(doc_bool(doc_get(item_named(&told, "组建突击队"), "there")));
    assert_false(doc_bool(doc_get(item_named(&told, "后加的一条"), "there")));
    told_done(&told);

    const Id foreign = play_add(&town.play, "template", "\"name\":\"别人的\",\"unit\":\"%s\"",
                                play_text(town.other));
    const TemplateAsk of_others = {town.project, foreign};
    tell(&town, ask_template, &of_others, &told);
    assert_int_equal(told.code, ERR_NOT_FOUND);
    told_done(&told);
    play_close(&town.play);
}

static void a_template_says_what_it_would_make(void **state)
{
    on_each_store(*state, previewed);
}

static ErrCode ask_year_lines(const View *view, const void *about, Emit *emit, Err *err)
{
    return answer_year_lines(view, about, emit, err);
}

static void expect_lines(Town *town, YearLinesAsk ask, int64_t total, size_t shown)
{
    Told told;
    tell(town, ask_year_lines, &ask, &told);
    must(told.code, &told.err);
    assert_int_equal(doc_int(doc_get(told.doc.root, "total")), total);
    assert_int_equal(doc_count(doc_get(told.doc.root, "items")), shown);
    told_done(&told);
}

static void opened_up(Stores *stores)
{
    static Town town;
    Err err;
    YearLinesAsk ask = {.list = {.page = 1, .size = 50}};
    town_open(&town, stores->writer);
    expect_done(apply(&town, town.template));
    must(year_parse(TEXT("2190"), DAY_FIRST, &ask.year.days, &err), &err);
    expect_lines(&town, ask, 2, 2); /* what is undecided waits, and is in no month */
    ask.focus = FOCUS_IS_THOUGHT;
    expect_lines(&town, ask, 1, 1);
    ask.grip = GRIP_IS_BRAND;
    expect_lines(&town, ask, 0, 0);
    ask.focus = ask.grip = 0;
    ask.list.size = 1;
    ask.list.page = 2;
    expect_lines(&town, ask, 2, 1);
    ask.list.page = 3;
    expect_lines(&town, ask, 2, 0);
    ask.list.page = 1;
    must(year_parse(TEXT("2190-03"), DAY_FIRST, &ask.year.days, &err), &err);
    expect_lines(&town, ask, 1, 1); /* the theme day is in February */
    ask.year.unit = town.other;
    expect_lines(&town, ask, 0, 0);
    play_close(&town.play);
}

static void the_lines_behind_a_cell_are_those_it_counts(void **state)
{
    on_each_store(*state, opened_up);
}

static void slipped(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    expect_done(apply(&town, town.template));
    ShiftAsk ask = {.project = town.project, .phase = town.tower};
    Err err;
    must(day_parse(TEXT("2190-03-29"), &ask.days.first, &err), &err);
    must(day_parse(TEXT("2190-06-25"), &ask.days.last, &err), &err);
    tell(&town, ask_shift, &ask, &told); /* tried, not done */
    assert_int_equal(doc_count(doc_get(told.doc.root, "items")), 3);
    expect_text(item_named(&told, "组建突击队"), "to", "2190-03-29");
    assert_int_equal(doc_int(doc_get(item_named(&told, "组建突击队"), "days")), 28);
    told_done(&told);
    tell(&town, ask_programme, &town.project, &told);
    const Id line = id_of(item_named(&told, "组建突击队"), "id");
    expect_text(item_named(&told, "组建突击队"), "day", "2190-03-01");
    told_done(&told);
    play_add(&town.play, "fulfilment", "\"line\":\"%s\",\"day\":\"2026-01-05\"", play_text(line));
    expect_done(move_tower(&town, "2190-03-29", "2190-06-25"));
    tell(&town, ask_programme, &town.project, &told);
    const DocValue *moved = item_named(&told, "立塔安全主题党日");
    expect_text(moved, "first", "2190-02-24");
    expect_text(moved, "day", "2190-03-24");
    assert_int_equal(doc_int(doc_get(moved, "moved_days")), 28);
    const DocValue *shift = doc_at(doc_get(moved, "shifts"), 0);
    assert_true(id_equal(id_of(shift, "phase"), town.tower));
    assert_int_equal(doc_int(doc_get(shift, "days")), 28);
    assert_true(doc_int(doc_get(shift, "at_ms")) > 0);
    expect_text(item_named(&told, "组建突击队"), "state", "done"); /* done things stay */
    expect_text(item_named(&told, "组建突击队"), "day", "2026-01-05");
    told_done(&told);
    ask.days.last = ask.days.first - 1;
    tell(&town, ask_shift, &ask, &told);
    assert_int_equal(told.code, ERR_INVALID);
    told_done(&told);
    play_close(&town.play);
}

static void what_is_not_done_moves_with_its_phase(void **state)
{
    on_each_store(*state, slipped);
}

static Answer arrange(Town *town, Id line, const char *rest)
{
    return play_command(&town->play, "\"do\":\"plan_line.arrange\",\"id\":\"%s\"%s",
                        play_text(line), rest);
}

/* What is to be done becomes a task that is due on the day of the line. */
static void tasked(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    expect_done(apply(&town, town.template));
    tell(&town, ask_programme, &town.project, &told);
    const Id line = id_of(item_named(&told, "组建突击队"), "id");
    told_done(&told);
    const Answer answer =
        arrange(&town, line, ",\"fields\":{\"goal\":\"production\",\"done_when\":\"名单和旗帜\"}");
    expect_done(answer);
    assert_int_equal(answer.id_count, 3); /* the item, its task, the fulfilment */
    expect_refusal(arrange(&town, line, ",\"fields\":{\"goal\":\"safety\"}"), ERR_CONFLICT,
                   "already");
    expect_done(move_tower(&town, "2190-03-29", "2190-06-25"));
    tell(&town, ask_programme, &town.project, &told);
    assert_true(id_equal(id_of(item_named(&told, "组建突击队"), "task"), answer.ids[1]));
    expect_text(item_named(&told, "组建突击队"), "arranged", "2190-03-29"); /* due later, too */
    told_done(&told);
    static const char *const acts[] = {"accept", "report", "pass"};
    for (size_t i = 0; i < 3; i++)
        play_add(&town.play, "step",
                 "\"task\":\"%s\",\"act\":\"%s\",\"day\":\"2026-05-29\",\"words\":\"已组建\"",
                 play_text(answer.ids[1]), acts[i]);
    tell(&town, ask_programme, &town.project, &told);
    expect_text(item_named(&told, "组建突击队"), "state", "done"); /* when it has passed */
    expect_text(item_named(&told, "组建突击队"), "day", "2026-05-29");
    told_done(&told);
    play_close(&town.play);
}

static void what_is_to_be_done_becomes_a_task(void **state)
{
    on_each_store(*state, tasked);
}

static void arranged(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    expect_done(apply(&town, town.template));
    tell(&town, ask_programme, &town.project, &told);
    const Id line = id_of(item_named(&told, "立塔安全主题党日"), "id");
    const Id task = id_of(item_named(&told, "组建突击队"), "id");
    told_done(&told);
    expect_refusal(
        play_command(&town.play, "\"do\":\"plan_line.arrange\",\"id\":\"%s\"", play_text(line)),
        ERR_CONFLICT, "no group");
    station_and_leader(&town);
    expect_refusal(arrange(&town, task, ""), ERR_INVALID, "something to do");
    expect_refusal(arrange(&town, task, ",\"fields\":{\"goal\":\"safety\",\"title\":\"x\"}"),
                   ERR_INVALID, "follows from the plan line");
    expect_refusal(arrange(&town, line, ",\"fields\":{\"goal\":\"safety\"}"), ERR_INVALID,
                   "is of a task");
    const Answer answer =
        play_command(&town.play, "\"do\":\"plan_line.arrange\",\"id\":\"%s\"", play_text(line));
    expect_done(answer);
    assert_int_equal(answer.id_count, 3); /* the activity, its part, the fulfilment */
    expect_refusal(
        play_command(&town.play, "\"do\":\"plan_line.arrange\",\"id\":\"%s\"", play_text(line)),
        ERR_CONFLICT, "already");
    expect_done(move_tower(&town, "2190-03-29", "2190-06-25"));
    tell(&town, ask_programme, &town.project, &told);
    const DocValue *item = item_named(&told, "立塔安全主题党日");
    assert_true(id_equal(id_of(item, "activity"), answer.ids[0]));
    expect_text(item, "arranged", "2190-03-24"); /* it went along */
    told_done(&told);
    /* A day that somebody chose stays. */
    expect_done(play_command(&town.play,
                             "\"do\":\"activity.change\",\"id\":\"%s\",\"fields\":{\"day\":"
                             "\"2190-03-26\"}",
                             play_text(answer.ids[0])));
    expect_done(move_tower(&town, "2190-03-01", "2190-05-28"));
    tell(&town, ask_programme, &town.project, &told);
    expect_text(item_named(&told, "立塔安全主题党日"), "arranged", "2190-03-26");
    expect_text(item_named(&told, "立塔安全主题党日"), "day", "2190-02-24");
    told_done(&told);
    play_close(&town.play);
}

static void an_arranged_activity_goes_along(void **state)
{
    on_each_store(*state, arranged);
}

static Answer start(Town *town)
{
    return play_command(&town->play,
                        "\"do\":\"project.change\",\"id\":\"%s\",\"fields\":{\"stage\":\"active\"}",
                        play_text(town->project));
}

static void gated(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    expect_refusal(start(&town), ERR_CONFLICT, "form of organisation");
    expect_refusal(start(&town), ERR_CONFLICT, "programme");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"phase.add\",\"fields\":{\"project\":\"%s\","
                                "\"phase\":\"MOB\",\"from\":\"2026-01-01\"}",
                                play_text(town.project)),
                   ERR_CONFLICT, "cannot leave pre-planning");
    expect_refusal(move_tower(&town, "2026-01-01", "2190-01-01"), ERR_CONFLICT, "it lacks");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"phase.add\",\"fields\":{\"project\":\"%s\","
                                "\"phase\":\"PRE\",\"from\":\"2025-11-01\",\"to\":\"2025-12-01\"}",
                                play_text(town.project)),
                   ERR_CONFLICT, "it lacks");
    expect_done(play_command(&town.play, /* pre-planning itself may begin */
                             "\"do\":\"phase.add\",\"fields\":{\"project\":\"%s\","
                             "\"phase\":\"PRE\",\"from\":\"2025-11-01\"}",
                             play_text(town.project)));
    tell(&town, ask_gate, &town.project, &told);
    assert_false(doc_bool(doc_get(told.doc.root, "open")));
    assert_true(doc_bool(doc_get(told.doc.root, "binding")));
    told_done(&told);
    station_and_leader(&town);
    expect_refusal(start(&town), ERR_CONFLICT, "programme");
    expect_done(apply(&town, town.template));
    tell(&town, ask_gate, &town.project, &told);
    assert_true(doc_bool(doc_get(told.doc.root, "open")));
    told_done(&told);
    expect_done(start(&town));
    /* What is active when it comes is beyond the gate; what is cancelled needs nothing. */
    play_add(&town.play, "project",
             "\"name\":\"导入的\",\"unit\":\"%s\",\"from\":\"2026-01-01\",\"stage\":\"active\"",
             play_text(town.unit));
    const Id dropped = play_add(
        &town.play, "project",
        "\"name\":\"没开的\",\"unit\":\"%s\",\"from\":\"2026-01-01\",\"stage\":\"planned\"",
        play_text(town.unit));
    expect_done(play_command(
        &town.play, "\"do\":\"project.change\",\"id\":\"%s\",\"fields\":{\"stage\":\"cancelled\"}",
        play_text(dropped)));
    play_close(&town.play);
}

static void a_project_leaves_pre_planning_when_nothing_lacks(void **state)
{
    on_each_store(*state, gated);
}

static Answer add_line(Town *town, const char *rest)
{
    return play_command(
        &town->play, "\"do\":\"plan_line.add\",\"fields\":{\"project\":\"%s\",\"title\":\"x\"%s}",
        play_text(town->project), rest);
}

static void nonsense(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    static const char *const wrong[] = {
        ",\"party\":true",                                                    /* hangs on nothing */
        ",\"party\":true,\"phase\":\"TWR\",\"day\":\"2026-03-01\"",           /* on both */
        ",\"party\":true,\"phase\":\"TWR\"",                                  /* no edge */
        ",\"party\":true,\"day\":\"2026-03-01\",\"edge\":\"end\"",            /* edge of what */
        ",\"party\":true,\"day\":\"2026-03-01\",\"offset\":3",                /* from what */
        ",\"party\":true,\"phase\":\"TWR\",\"edge\":\"end\",\"offset\":367",  /* too far */
        ",\"party\":true,\"phase\":\"TWR\",\"edge\":\"end\",\"offset\":-367", /* too far */
        ",\"day\":\"2026-03-01\"",                                            /* for nobody */
        ",\"crew\":true,\"day\":\"2026-03-01\",\"meeting\":\"theme_day\"",    /* not theirs */
        ",\"crew\":true,\"day\":\"2026-03-01\",\"risk_level\":2",             /* a bare level */
        ",\"crew\":true,\"day\":\"2026-03-01\",\"risk_scheme\":\"sgcc_176_2015\",\"risk_level\":6",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_refusal(add_line(&town, wrong[i]), ERR_INVALID, "");
    expect_done(
        add_line(&town, ",\"party\":true,\"phase\":\"TWR\",\"edge\":\"end\",\"offset\":366"));
    const Answer line = add_line(&town, ",\"union\":true,\"day\":\"2026-03-01\"");
    expect_done(line);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"fulfilment.add\",\"fields\":{\"line\":\"%s\"}",
                                play_text(line.ids[0])),
                   ERR_INVALID, "became");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"fulfilment.add\",\"fields\":{\"line\":\"%s\","
                                "\"day\":\"2190-01-01\"}",
                                play_text(line.ids[0])),
                   ERR_INVALID, "still to come");
    play_add(&town.play, "fulfilment", "\"line\":\"%s\",\"day\":\"2026-01-05\"",
             play_text(line.ids[0]));
    expect_refusal(play_command(&town.play,
                                "\"do\":\"fulfilment.add\",\"fields\":{\"line\":\"%s\","
                                "\"day\":\"2026-01-06\"}",
                                play_text(line.ids[0])),
                   ERR_CONFLICT, "already");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"plan_line.void\",\"id\":\"%s\",\"reason\":\"x\"",
                                play_text(line.ids[0])),
                   ERR_CONFLICT, "still has");
    play_close(&town.play);
}

static void what_makes_no_sense_is_refused(void **state)
{
    on_each_store(*state, nonsense);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_becomes_a_programme_in_one_act),
        cmocka_unit_test(a_template_says_what_it_would_make),
        cmocka_unit_test(the_lines_behind_a_cell_are_those_it_counts),
        cmocka_unit_test(what_is_not_done_moves_with_its_phase),
        cmocka_unit_test(what_is_to_be_done_becomes_a_task),
        cmocka_unit_test(an_arranged_activity_goes_along),
        cmocka_unit_test(a_project_leaves_pre_planning_when_nothing_lacks),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("plan", tests, stores_setup, stores_teardown);
}
