/* What we promise about assessment: 100 points less what outcomes cost by the rules, each with its
 * fact; what was objected to and decided stays beside it; grades begin exactly at their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/assess.h"
#include "base/doc.h"
#include "store/things.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"
#include "view/assess_load.h"

#define HEAD "pack p\ntitle.zh = 包\ntitle.en = Pack\nversion = 1\n"
#define RULE_OF(name, rest)                                               \
    "[rule " name "]\ntitle.zh = 则\ntitle.en = rule\nsource = 出处\n" \
    "valid_from = 2000-01-01\nhardness = should\n" rest

static const Pack *pack_of(const char *text, Arena *arena)
{
    Err err;
    const Pack *pack = NULL;
    must(pack_parse(bytes_of(text_from_z(text)), arena, &pack, &err), &err);
    return pack;
}

/* ---- Grades and sums ---- */

static void grades_begin_exactly_at_their_limits(void **state)
{
    (void)state;
    static const struct {
        int points;
        Grade grade;
    } cases[] = {{100, GRADE_GOOD},       {90, GRADE_GOOD},     {89, GRADE_FAIRLY_GOOD},
                 {80, GRADE_FAIRLY_GOOD}, {79, GRADE_ORDINARY}, {60, GRADE_ORDINARY},
                 {59, GRADE_POOR},        {0, GRADE_POOR}};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    const Pack *pack = pack_of(
        HEAD RULE_OF("assess-grades", "good_min = 90\nfairly_good_min = 80\nordinary_min = 60\n"),
        &arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(grade_of(pack, cases[i].points, 20000), cases[i].grade);
}

static void a_better_grade_needs_no_fewer_points_than_a_worse_one(void **state)
{
    (void)state;
    Err err;
    const Pack *pack = NULL;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    const char *text = HEAD RULE_OF("assess-grades", "good_min = 79\nfairly_good_min = 80\n");
    assert_int_equal(pack_parse(bytes_of(text_from_z(text)), &arena, &pack, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "line 5"));
}

static Outcomes missed(size_t count, Arena *arena)
{
    Outcomes outcomes = {arena_array(arena, Outcome, count + 1), count};
    for (size_t i = 0; i < count; i++)
        outcomes.items[i] = (Outcome){.code = OUTCOME_DUTY_VIOLATION, .day = 20000, .weight = 1};
    return outcomes;
}

/* Duties cost 2 each and 40 together; a grade is told apart by one point. */
static void a_part_costs_no_more_than_its_rule_says(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        int counted;
        int lost;
        int points;
        Grade grade;
    } cases[] = {{0, 0, 0, 100, GRADE_GOOD},         {5, 10, 10, 90, GRADE_GOOD},
                 {6, 12, 12, 88, GRADE_FAIRLY_GOOD}, {19, 38, 38, 62, GRADE_ORDINARY},
                 {20, 40, 40, 60, GRADE_ORDINARY},   {21, 42, 40, 60, GRADE_ORDINARY}};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Err err;
        Assessment is;
        const Outcomes outcomes = missed(cases[i].count, &arena);
        must(assess(pack_bare(), &outcomes, NULL, 20000, &arena, &is, &err), &err);
        assert_int_equal(is.parts[ASSESS_DUTIES].counted, cases[i].counted);
        assert_int_equal(is.parts[ASSESS_DUTIES].lost, cases[i].lost);
        assert_int_equal(is.points, cases[i].points);
        assert_int_equal(is.grade, cases[i].grade);
    }
}

static void nobody_has_less_than_no_points(void **state)
{
    (void)state;
    Err err;
    Assessment is;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    const Pack *pack = pack_of(HEAD RULE_OF("assess-duties", "most = 100\nviolation = 40\n")
                                   RULE_OF("assess-tasks", "most = 100\n"),
                               &arena);
    Outcomes outcomes = missed(3, &arena);
    must(assess(pack, &outcomes, NULL, 20000, &arena, &is, &err), &err);
    assert_int_equal(is.points, 0);
    assert_int_equal(is.deductions[2].points, 40);
    outcomes = missed(2, &arena);
    must(assess(pack, &outcomes, NULL, 20000, &arena, &is, &err), &err);
    assert_int_equal(is.points, 20);
    /* What a ruling corrected counts as that; it is still told what the rule says. */
    const int corrected[] = {-1, 5};
    must(assess(pack, &outcomes, corrected, 20000, &arena, &is, &err), &err);
    assert_int_equal(is.points, 55);
    assert_int_equal(is.deductions[1].points, 40);
    assert_int_equal(is.deductions[1].counted, 5);
}

/* ---- What a course comes to ---- */

/* Deployed on day 100, due on 110; the period is 105 to 115, and the group is there all the time
 * unless the case says otherwise. Letters: L late, O overdue, R rework. */
typedef struct Case {
    Leg legs[3];
    size_t count;
    Day on;
    DayRange there;
    const char *outcomes;
} Case;

#define ALWAYS      \
    {               \
        0, DAY_OPEN \
    }

static const Case cases[] = {
    {{{1, 0, 100, 110, DAY_OPEN, false}}, 1, 110, ALWAYS, ""},
    {{{1, 0, 100, 110, DAY_OPEN, false}}, 1, 111, ALWAYS, "O"},
    {{{1, 0, 100, 110, 110, true}}, 1, 120, ALWAYS, ""}, /* on the day itself is in time */
    {{{1, 0, 100, 110, 111, true}}, 1, 120, ALWAYS, "L"},
    {{{1, 0, 100, 110, 112, false}}, 1, 120, ALWAYS, ""}, /* withdrawn */
    /* due on the last day of the period, and on the day after */
    {{{1, 0, 100, 115, DAY_OPEN, false}}, 1, 130, ALWAYS, "O"},
    {{{1, 0, 100, 116, DAY_OPEN, false}}, 1, 130, ALWAYS, ""},
    {{{1, 0, 100, 105, DAY_OPEN, false}}, 1, 130, ALWAYS, "O"},
    {{{1, 0, 100, 104, DAY_OPEN, false}}, 1, 130, ALWAYS, ""},
    /* an extension forgives, even one that was granted late */
    {{{1, 0, 100, 110, 112, false}, {1, 7, 112, 114, 114, true}}, 2, 130, ALWAYS, ""},
    {{{1, 0, 100, 110, 112, false}, {1, 7, 112, 114, 115, true}}, 2, 130, ALWAYS, "L"},
    /* sent back on 112, then late again */
    {{{1, 0, 100, 110, 111, true}, {2, 7, 112, 113, 115, true}}, 2, 130, ALWAYS, "LRL"},
    {{{1, 0, 100, 110, 110, true}, {2, 7, 112, 113, 113, true}}, 2, 130, ALWAYS, "R"},
    {{{1, 0, 100, 110, 110, true}, {2, 7, 116, 120, 119, true}}, 2, 130, ALWAYS, ""},
    /* the group left before it was due */
    {{{1, 0, 100, 110, DAY_OPEN, false}}, 1, 130, {0, 109}, ""},
    {{{1, 0, 100, 110, DAY_OPEN, false}}, 1, 130, {0, 110}, "O"},
    {{{1, 0, 100, 110, DAY_OPEN, false}}, 1, 130, {111, DAY_OPEN}, ""},
};

static void outcomes_are_those_of_the_period(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Err err;
        Leg legs[3];
        char letters[8] = "";
        Outcomes outcomes = {0};
        memcpy(legs, cases[i].legs, sizeof legs);
        const Course course = {.legs = legs, .leg_count = cases[i].count};
        const AssessWindow window = {{105, 115}, &cases[i].there, 1, cases[i].on};
        must(outcomes_add_course(&course, 5, 1, &window, &arena, &outcomes, &err), &err);
        for (size_t k = 0; k < outcomes.count; k++)
            letters[k] = "LOR"[outcomes.items[k].code];
        if (strcmp(letters, cases[i].outcomes) != 0) fail_msg("case %zu: %s", i, letters);
    }
}

/* Ordered to be done by 110; the period is 105 to 115. */
static void a_hazard_costs_from_the_day_after_the_one_ordered(void **state)
{
    (void)state;
    static const struct {
        Day due;
        Day answered;
        Day on;
        size_t count;
    } orders[] = {{110, DAY_OPEN, 110, 0}, {110, DAY_OPEN, 111, 1}, {110, 110, 200, 0},
                  {110, 111, 200, 1},      {110, 111, 110, 0},      {115, DAY_OPEN, 200, 1},
                  {116, DAY_OPEN, 200, 0}, {104, DAY_OPEN, 200, 0}};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        Err err;
        Outcomes outcomes = {0};
        const DayRange there = {0, DAY_OPEN};
        const Ordered ordered = {7, 1, orders[i].due, orders[i].answered};
        const AssessWindow window = {{105, 115}, &there, 1, orders[i].on};
        must(outcomes_add_hazard(&ordered, &window, &arena, &outcomes, &err), &err);
        if (outcomes.count != orders[i].count) fail_msg("case %zu", i);
    }
}

/* ---- The same in any order ---- */

static void any_order(Prng *prng)
{
    Err err;
    Assessment first;
    Assessment second;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)4 << 20);
    Outcomes outcomes = {arena_array(&arena, Outcome, 41), (size_t)prng_below(prng, 40)};
    for (size_t i = 0; i < outcomes.count; i++)
        outcomes.items[i] = (Outcome){.code = (OutcomeCode)prng_below(prng, OUTCOME_COUNT),
                                      .day = 20000,
                                      .weight = 1 + (int)prng_below(prng, 10)};
    must(assess(pack_bare(), &outcomes, NULL, 20000, &arena, &first, &err), &err);
    assert_in_range(first.points, 0, 100);
    for (size_t i = outcomes.count; i > 1; i--) {
        const size_t j = (size_t)prng_below(prng, i);
        const Outcome outcome = outcomes.items[i - 1];
        outcomes.items[i - 1] = outcomes.items[j];
        outcomes.items[j] = outcome;
    }
    must(assess(pack_bare(), &outcomes, NULL, 20000, &arena, &second, &err), &err);
    assert_int_equal(first.points, second.points);
    assert_int_equal(first.grade, second.grade);
    if (outcomes.count == 0) return;
    outcomes.count--; /* one less never costs more */
    must(assess(pack_bare(), &outcomes, NULL, 20000, &arena, &second, &err), &err);
    assert_true(second.points >= first.points);
}

static void property_of_assessment(void **state)
{
    (void)state;
    prop_run("assessment", 500, any_order);
}

/* ---- A real group ---- */

/* A crew of a unit at a project, with one item due on 10 May 2026 that is late and sent back. */
typedef struct Town {
    Play play;
    Id unit;
    Id project;
    Id crew;
    Id station;
    Arena arena;
    Buf text;
    Doc doc;
} Town;

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 11);
    arena_init(&town->arena, (size_t)64 << 20);
    buf_init(&town->text, (size_t)8 << 20);
    Play *play = &town->play;
    town->unit = play_add(play, "unit", "\"name\":\"公司\"");
    town->project =
        play_add(play, "project", "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(town->unit));
    town->crew = play_add(play, "group", "\"name\":\"班\",\"unit\":\"%s\",\"kind\":\"crew\"",
                          play_text(town->unit));
    /* From 8 May on: it owes talks on 8 May and from 11 to 15 May. */
    town->station = play_add(
        play, "station",
        "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-05-08\",\"to\":\"2026-05-15\"",
        play_text(town->crew), play_text(town->project));
    const Id item = play_add(play, "item",
                             "\"title\":\"查地脚螺栓\",\"unit\":\"%s\",\"goal\":\"safety\","
                             "\"mode\":\"common\",\"for_crew\":true,\"done_when\":\"逐基有表\","
                             "\"due\":\"2026-05-10\",\"day\":\"2026-05-01\",\"weight\":3",
                             play_text(town->unit));
    const Id task = play_add(play, "task", "\"item\":\"%s\",\"project\":\"%s\"", play_text(item),
                             play_text(town->project));
    static const char *const steps[] = {
        "\"act\":\"report\",\"day\":\"2026-05-11\",\"words\":\"查完\"",
        "\"act\":\"rework\",\"day\":\"2026-05-12\",\"words\":\"少两基\",\"until\":\"2026-05-14\"",
        "\"act\":\"report\",\"day\":\"2026-05-14\",\"words\":\"补齐\"",
    };
    for (size_t i = 0; i < 3; i++)
        (void)play_add(play, "step", "\"task\":\"%s\",%s", play_text(task), steps[i]);
}

static void town_close(Town *town)
{
    doc_done(&town->doc);
    buf_done(&town->text);
    arena_done(&town->arena);
    play_close(&town->play);
}

static const DocValue *assessment_of(Town *town)
{
    Err err;
    Emit emit;
    View view = {.store = town->play.store,
                 .pack = town->play.node.pack,
                 .reach = reach_everything(),
                 .shard = town->play.node.shard,
                 .utc_offset_minutes = town->play.node.utc_offset_minutes,
                 .arena = &town->arena};
    DayRange may;
    must(day_parse(TEXT("2026-06-01"), &view.on, &err), &err);
    must(period_parse(TEXT("2026-05"), 0, &may, &err), &err);
    doc_done(&town->doc);
    buf_clear(&town->text);
    emit_init(&emit, &town->text);
    must(answer_assessment(&view, town->crew, may, &emit, &err), &err);
    must(doc_parse(&town->doc, buf_as_bytes(&town->text), &err), &err);
    return town->doc.root;
}

/* The code of the first deduction for an outcome. */
static const char *code_of(const DocValue *assessment, const char *outcome)
{
    static char code[DEDUCTION_CODE_MAX];
    const DocValue *deductions = doc_get(assessment, "deductions");
    for (size_t i = 0; i < doc_count(deductions); i++)
        if (text_is(doc_text(doc_get(doc_at(deductions, i), "outcome")), outcome)) {
            const Text text = doc_text(doc_get(doc_at(deductions, i), "code"));
            snprintf(code, sizeof code, "%.*s", TEXT_ARG(text));
            return code;
        }
    fail_msg("no deduction for %s", outcome);
    return "";
}

static Answer object(Town *town, const char *code, const char *rest)
{
    return play_command(&town->play,
                        "\"do\":\"objection.add\",\"fields\":{\"group\":\"%s\","
                        "\"from\":\"2026-05-01\",\"to\":\"2026-05-31\",\"deduction\":\"%s\","
                        "\"reason\":\"当日大风停工\"%s}",
                        play_text(town->crew), code, rest);
}

static Answer rule(Town *town, Id objection, const char *rest)
{
    return play_command(&town->play,
                        "\"do\":\"ruling.add\",\"fields\":{\"objection\":\"%s\","
                        "\"reason\":\"查实\",%s}",
                        play_text(objection), rest);
}

static int points_of(Town *town)
{
    return (int)doc_int(doc_get(assessment_of(town), "points"));
}

static void expect_refusal(Answer answer, ErrCode code, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, words) == NULL) fail_msg("\"%s\" lacks \"%s\"", answer.detail, words);
    assert_int_equal(answer.code, code);
}

/* Late 2 × 3, sent back 1 × 3; six talks and a safety day a week (the week from 11 May) not held,
 * 2 each: 100 - 9 - 14. The week of 4 May has three days, the 8th to the 10th: that one, too. */
static void objecting(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    const DocValue *is = assessment_of(&town);
    assert_int_equal(doc_count(doc_get(is, "deductions")), 2 + 6 + 2);
    assert_int_equal(doc_int(doc_get(is, "points")), 100 - 9 - 16);
    assert_true(text_is(doc_text(doc_get(is, "grade")), "ordinary"));
    expect_refusal(object(&town, "task_late/2/x", ""), ERR_INVALID, "none of that code");
    const Answer objection = object(&town, code_of(is, "task_late"), "");
    assert_int_equal(objection.status, ANSWER_DONE);
    expect_refusal(object(&town, code_of(assessment_of(&town), "task_late"), ""), ERR_CONFLICT,
                   "objected to before");
    assert_int_equal(points_of(&town), 75); /* nothing is decided yet */
    expect_refusal(rule(&town, objection.ids[0], "\"decision\":\"corrected\""), ERR_INVALID,
                   "instead");
    expect_refusal(rule(&town, objection.ids[0], "\"decision\":\"corrected\",\"points\":7"),
                   ERR_INVALID, "0 to 6");
    expect_refusal(rule(&town, objection.ids[0], "\"decision\":\"upheld\",\"points\":1"),
                   ERR_INVALID, "correction only");
    assert_int_equal(
        rule(&town, objection.ids[0], "\"decision\":\"corrected\",\"points\":0").status,
        ANSWER_DONE);
    expect_refusal(rule(&town, objection.ids[0], "\"decision\":\"upheld\""), ERR_CONFLICT,
                   "decided before");
    assert_int_equal(points_of(&town), 81);
    is = assessment_of(&town);
    assert_int_equal(doc_count(doc_get(is, "deductions")), 10); /* it is still told */
    assert_int_equal(doc_count(doc_get(is, "objections")), 1);
    town_close(&town);
}

/* Each deduction names its fact: of a meeting that was not held, the station that made it owed. */
static void facts(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    const DocValue *deductions = doc_get(assessment_of(&town), "deductions");
    size_t meetings = 0;
    for (size_t i = 0; i < doc_count(deductions); i++) {
        const DocValue *deduction = doc_at(deductions, i);
        const DocValue *fact = doc_get(deduction, "fact");
        const DocValue *owed = doc_get(deduction, "owed");
        assert_int_equal(doc_type(fact), DOC_OBJECT);
        assert_int_equal(doc_text(doc_get(fact, "id")).size, ID_TEXT_MAX - 1);
        if (!text_is(doc_text(doc_get(deduction, "part")), "duties")) {
            assert_int_equal(doc_type(owed), DOC_NULL);
            continue;
        }
        meetings++;
        assert_true(text_is(doc_text(doc_get(fact, "kind")), "station"));
        assert_true(text_is(doc_text(doc_get(fact, "id")), play_text(town.station)));
        assert_true(text_is(doc_text(doc_get(doc_get(owed, "group"), "name")), "班"));
        assert_int_equal(doc_count(doc_get(owed, "stations")), 1);
        assert_int_equal(doc_count(doc_get(owed, "held")), 0);
    }
    assert_int_equal(meetings, 8);
    town_close(&town);
}

static void each_deduction_names_its_fact(void **state)
{
    on_each_store(*state, facts);
}

/* Found at the site on 8 May, and to be rectified by the 9th; it costs the crew 5. */
static void hazard(Stores *stores)
{
    static Town town;
    static const char *const steps[] = {"\"step\":\"register\"",
                                        "\"step\":\"grade\",\"grade\":\"minor\"",
                                        "\"step\":\"order\",\"until\":\"2026-05-09\","
                                        "\"note\":\"装护栏\",\"responsible\":\"班\""};
    town_open(&town, stores->writer);
    const Id signal = play_add(&town.play, "signal",
                               "\"kind\":\"hazard\",\"project\":\"%s\",\"what\":\"临边无护栏\","
                               "\"day\":\"2026-05-08\"",
                               play_text(town.project));
    for (size_t i = 0; i < 3; i++)
        (void)play_add(&town.play, "handling", "\"signal\":\"%s\",\"day\":\"2026-05-08\",%s",
                       play_text(signal), steps[i]);
    const DocValue *is = assessment_of(&town);
    assert_int_equal(doc_int(doc_get(is, "points")), 75 - 5);
    assert_non_null(strstr(code_of(is, "hazard_overdue"), "hazard_overdue/1/"));
    town_close(&town);
}

static void a_hazard_that_was_not_rectified_costs_the_crew(void **state)
{
    on_each_store(*state, hazard);
}

static void what_is_objected_to_and_decided_is_kept_beside_it(void **state)
{
    on_each_store(*state, objecting);
}

static void own_view(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    assert_int_equal(doc_type(doc_get(assessment_of(&town), "self")), DOC_NULL);
    const Id self = play_add(&town.play, "self_assessment",
                             "\"group\":\"%s\",\"from\":\"2026-05-01\",\"to\":\"2026-05-31\","
                             "\"points\":93,\"words\":\"已补课\"",
                             play_text(town.crew));
    assert_int_equal(doc_int(doc_get(doc_get(assessment_of(&town), "self"), "points")), 93);
    assert_int_equal(points_of(&town), 75); /* beside it, not in it */
    expect_refusal(play_command(&town.play,
                                "\"do\":\"self_assessment.add\",\"fields\":{\"group\":\"%s\","
                                "\"from\":\"2026-05-01\",\"to\":\"2026-05-31\",\"points\":90}",
                                play_text(town.crew)),
                   ERR_CONFLICT, "change that");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"self_assessment.change\",\"id\":\"%s\","
                                "\"fields\":{\"points\":101}",
                                play_text(self)),
                   ERR_INVALID, "0 to 100");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"self_assessment.add\",\"fields\":{\"group\":\"%s\","
                                "\"from\":\"2026-05-31\",\"to\":\"2026-05-01\",\"points\":90}",
                                play_text(town.crew)),
                   ERR_INVALID, "before the first");
    town_close(&town);
}

/* Who leads the site speaks for its groups, and does not decide about what they object to. */
static void rights(Stores *stores)
{
    static Town town;
    Err err;
    Key project = KEY_NONE;
    town_open(&town, stores->writer);
    must(thing_find(stores->writer, town.play.node.shard, town.project, &project, &err), &err);
    Reach site = {.is_everything = false};
    map_init(&site.units, &town.play.arena);
    map_init(&site.projects, &town.play.arena);
    must(map_put(&site.projects, project, 1, &err), &err);
    town.play.actor.reach = &site;
    const Answer objection = object(&town, code_of(assessment_of(&town), "task_late"), "");
    assert_int_equal(objection.status, ANSWER_DONE);
    expect_refusal(rule(&town, objection.ids[0], "\"decision\":\"upheld\""), ERR_NOT_FOUND,
                   "reach");
    town.play.actor.reach = &town.play.reach;
    town_close(&town);
}

static void who_leads_the_site_objects_and_does_not_decide(void **state)
{
    on_each_store(*state, rights);
}

static void what_a_group_says_itself_stands_beside_it(void **state)
{
    on_each_store(*state, own_view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grades_begin_exactly_at_their_limits),
        cmocka_unit_test(a_better_grade_needs_no_fewer_points_than_a_worse_one),
        cmocka_unit_test(a_part_costs_no_more_than_its_rule_says),
        cmocka_unit_test(nobody_has_less_than_no_points),
        cmocka_unit_test(outcomes_are_those_of_the_period),
        cmocka_unit_test(a_hazard_costs_from_the_day_after_the_one_ordered),
        cmocka_unit_test(property_of_assessment),
        cmocka_unit_test(each_deduction_names_its_fact),
        cmocka_unit_test(a_hazard_that_was_not_rectified_costs_the_crew),
        cmocka_unit_test(what_is_objected_to_and_decided_is_kept_beside_it),
        cmocka_unit_test(who_leads_the_site_objects_and_does_not_decide),
        cmocka_unit_test(what_a_group_says_itself_stands_beside_it),
    };
    return cmocka_run_group_tests_name("assess", tests, stores_setup, stores_teardown);
}
