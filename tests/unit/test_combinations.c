/* What we promise about objectives and the four combinations: both curves are shown up to the day
 * asked about, and what has no evidence is said to be empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/combinations.h"
#include "answer/year.h"
#include "base/doc.h"
#include "support/play.h"
#include "support/stores.h"

typedef struct Town {
    Play play;
    Id unit;
    Id project;
    Id person;
    Id mentor;
} Town;

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 4);
    town->unit = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->project = play_add(&town->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(town->unit));
    town->person =
        play_add(&town->play, "person", "\"name\":\"徒弟\",\"unit\":\"%s\"", play_text(town->unit));
    town->mentor =
        play_add(&town->play, "person", "\"name\":\"师傅\",\"unit\":\"%s\"", play_text(town->unit));
}

typedef struct Told {
    Arena arena;
    Buf text;
    Doc doc;
} Told;

static void told_done(Told *told)
{
    doc_done(&told->doc);
    buf_done(&told->text);
    arena_done(&told->arena);
}

typedef ErrCode Question(const View *view, Id project, Emit *emit, Err *err);

static void tell(Town *town, Question *question, const char *on, Told *told)
{
    Emit emit;
    Err err;
    *told = (Told){0};
    arena_init(&told->arena, (size_t)16 << 20);
    buf_init(&told->text, (size_t)1 << 20);
    emit_init(&emit, &told->text);
    View view = {.store = town->play.store,
                 .pack = town->play.node.pack,
                 .reach = reach_everything(),
                 .shard = town->play.node.shard,
                 .utc_offset_minutes = town->play.node.utc_offset_minutes,
                 .arena = &told->arena};
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    must(question(&view, town->project, &emit, &err), &err);
    must(doc_parse(&told->doc, buf_as_bytes(&told->text), &err), &err);
}

static void expect_refusal(Answer answer, ErrCode code)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    assert_int_equal(answer.code, code);
}

static Id add_objective(Town *town)
{
    return play_add(&town->play, "objective",
                    "\"project\":\"%s\",\"title\":\"零违章天数\",\"measure\":\"天\","
                    "\"wanted_milli\":120000,\"target\":\"组塔\",\"target_measure\":\"基\","
                    "\"target_wanted_milli\":58000,\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"",
                    play_text(town->project));
}

static void add_figure(Town *town, Id objective, const char *curve, const char *day, int milli)
{
    play_add(&town->play, "figure",
             "\"objective\":\"%s\",\"curve\":\"%s\",\"day\":\"%s\",\"value_milli\":%d",
             play_text(objective), curve, day, milli);
}

static void curves(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    const Id objective = add_objective(&town);
    add_figure(&town, objective, "goal", "2026-03-01", 14000);
    add_figure(&town, objective, "goal", "2026-02-01", 7500); /* told later, of an earlier day */
    add_figure(&town, objective, "target", "2026-02-01", 11000);
    tell(&town, answer_objectives, "2026-02-28", &told);
    const DocValue *item = doc_at(doc_get(told.doc.root, "items"), 0);
    assert_int_equal(doc_count(doc_get(doc_get(item, "goal"), "figures")), 1);
    assert_int_equal(doc_int(doc_get(doc_get(item, "goal"), "latest_milli")), 7500);
    assert_int_equal(doc_int(doc_get(doc_get(item, "target"), "wanted_milli")), 58000);
    told_done(&told);
    tell(&town, answer_objectives, "2026-03-01", &told);
    item = doc_at(doc_get(told.doc.root, "items"), 0);
    const DocValue *figures = doc_get(doc_get(item, "goal"), "figures");
    assert_int_equal(doc_count(figures), 2);
    assert_true(text_is(doc_text(doc_get(doc_at(figures, 0), "day")), "2026-02-01"));
    assert_int_equal(doc_int(doc_get(doc_get(item, "goal"), "latest_milli")), 14000);
    told_done(&told);
    play_close(&town.play);
}

static void an_objective_shows_both_curves(void **state)
{
    on_each_store(*state, curves);
}

/* The codes of those that are empty, one letter each: pub, prod, plan, talent. */
static const char *empty_ones(Town *town, const char *on)
{
    static char letters[8];
    Told told;
    size_t count = 0;
    tell(town, answer_combinations, on, &told);
    const DocValue *items = doc_get(told.doc.root, "items");
    assert_int_equal(doc_count(items), 4);
    for (size_t i = 0; i < 4; i++)
        if (doc_bool(doc_get(doc_at(items, i), "empty"))) letters[count++] = "upna"[i];
    letters[count] = '\0';
    told_done(&told);
    return letters;
}

static void evidence(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    assert_string_equal(empty_ones(&town, "2026-03-01"), "upna");
    play_add(&town.play, "publicity",
             "\"project\":\"%s\",\"phase\":\"TWR\",\"carrier\":\"tv\",\"content\":\"风险要点\"",
             play_text(town.project));
    assert_string_equal(empty_ones(&town, "2026-03-01"), "pna");
    (void)add_objective(&town);
    play_add(&town.play, "plan_line",
             "\"project\":\"%s\",\"title\":\"策划会\",\"day\":\"2026-03-02\",\"party\":true",
             play_text(town.project));
    assert_string_equal(empty_ones(&town, "2026-03-01"), "a");
    play_add(&town.play, "development",
             "\"project\":\"%s\",\"person\":\"%s\",\"mentor\":\"%s\",\"aim\":\"独立带班\","
             "\"from\":\"2026-03-01\",\"to\":\"2026-09-01\"",
             play_text(town.project), play_text(town.person), play_text(town.mentor));
    assert_string_equal(empty_ones(&town, "2026-02-28"), "a"); /* it begins tomorrow */
    assert_string_equal(empty_ones(&town, "2026-03-01"), "");
    play_close(&town.play);
}

static void what_has_no_evidence_is_empty(void **state)
{
    on_each_store(*state, evidence);
}

static void nonsense(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    const Id objective = add_objective(&town);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"figure.add\",\"fields\":{\"objective\":\"%s\","
                                "\"curve\":\"goal\",\"day\":\"2190-01-01\",\"value_milli\":1}",
                                play_text(objective)),
                   ERR_INVALID);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"development.add\",\"fields\":{\"project\":\"%s\","
                                "\"person\":\"%s\",\"mentor\":\"%s\",\"aim\":\"x\","
                                "\"from\":\"2026-03-01\",\"to\":\"2026-09-01\"}",
                                play_text(town.project), play_text(town.person),
                                play_text(town.person)),
                   ERR_INVALID); /* nobody is their own mentor */
    expect_refusal(play_command(&town.play,
                                "\"do\":\"development.add\",\"fields\":{\"project\":\"%s\","
                                "\"person\":\"%s\",\"aim\":\"x\",\"from\":\"2026-03-01\","
                                "\"to\":\"2026-02-01\"}",
                                play_text(town.project), play_text(town.person)),
                   ERR_INVALID);
    add_figure(&town, objective, "goal", "2026-03-01", 14000);
    expect_refusal(play_command(&town.play,
                                "\"do\":\"objective.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                                play_text(objective)),
                   ERR_CONFLICT);
    play_close(&town.play);
}

static void what_makes_no_sense_is_refused(void **state)
{
    on_each_store(*state, nonsense);
}

static ErrCode ask_year(const View *view, Id project, Emit *emit, Err *err)
{
    YearAsk ask = {.project = project};
    TRY(year_parse(TEXT(""), view->on, &ask.days, err));
    return answer_year(view, &ask, emit, err);
}

static ErrCode ask_year_of_all(const View *view, Id project, Emit *emit, Err *err)
{
    (void)project;
    return ask_year(view, (Id){{0}}, emit, err);
}

static void framed(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    const Id line = play_add(&town.play, "plan_line",
                             "\"project\":\"%s\",\"title\":\"学习\",\"day\":\"2026-03-02\","
                             "\"party\":true,\"focus\":\"ability\",\"grip\":\"team\"",
                             play_text(town.project));
    play_add(&town.play, "plan_line",
             "\"project\":\"%s\",\"title\":\"等\",\"phase\":\"STR\",\"edge\":\"start\","
             "\"party\":true,\"focus\":\"ability\"",
             play_text(town.project));
    play_add(&town.play, "fulfilment", "\"line\":\"%s\",\"day\":\"2026-04-01\"", play_text(line));
    Question *const questions[] = {ask_year, ask_year_of_all};
    for (size_t i = 0; i < 2; i++) {
        tell(&town, questions[i], "2026-05-01", &told);
        const DocValue *ability = doc_at(doc_get(told.doc.root, "focuses"), 2);
        const DocValue *april = doc_at(doc_get(ability, "months"), 3);
        assert_int_equal(doc_int(doc_get(ability, "planned")), 1);
        assert_int_equal(doc_int(doc_get(april, "done")), 1); /* done a month later than planned */
        assert_int_equal(doc_int(doc_get(told.doc.root, "waiting")), 1);
        assert_int_equal(doc_int(doc_get(told.doc.root, "projects")), 1);
        told_done(&told);
    }
    play_close(&town.play);
}

static void a_year_is_framed_by_focus_and_grip(void **state)
{
    on_each_store(*state, framed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_objective_shows_both_curves),
        cmocka_unit_test(what_has_no_evidence_is_empty),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(a_year_is_framed_by_focus_and_grip),
    };
    return cmocka_run_group_tests_name("combinations", tests, stores_setup, stores_teardown);
}
