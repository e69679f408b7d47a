/* What we promise about registers: drills, tools and their tests, checks of labour protection,
 * competitions of groups, and heart-to-heart talks, of which only those learn who hold a post in
 * the group or oversee it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/ledger.h"
#include "base/doc.h"
#include "duties/duty.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"

typedef struct Site {
    Play play;
    Id unit;
    Id project;
    Id party;
    Id labour; /* the union group */
    Id crew;
    Id people[3]; /* the secretary, a member, somebody else */
    Asker asker;
    SignalEyes eyes;
    Arena arena;
    Buf text;
    Doc doc;
} Site;

static Id add_group(Site *site, const char *kind)
{
    const Id group =
        play_add(&site->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"", kind,
                 play_text(site->unit), kind);
    play_add(&site->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(group), play_text(site->project));
    return group;
}

static void site_open(Site *site, Store *store)
{
    static const char *const names[] = {"甲", "乙", "丙"};
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 12);
    arena_init(&site->arena, (size_t)16 << 20);
    buf_init(&site->text, (size_t)1 << 20);
    Play *play = &site->play;
    site->unit = play_add(play, "unit", "\"name\":\"公司\"");
    site->project =
        play_add(play, "project", "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(site->unit));
    site->party = add_group(site, "party");
    site->labour = add_group(site, "union");
    site->crew = add_group(site, "crew");
    for (size_t i = 0; i < 3; i++) {
        site->people[i] = play_add(play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", names[i],
                                   play_text(site->unit));
        play_add(play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-15\"",
                 play_text(site->people[i]), play_text(site->project));
        if (i < 2)
            play_add(play, "standing",
                     "\"person\":\"%s\",\"standing\":\"party_formal\",\"from\":\"2020-01-01\"",
                     play_text(site->people[i]));
    }
    play_add(play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"secretary\",\"from\":\"2026-01-01\","
             "\"to\":\"2026-04-30\"",
             play_text(site->party), play_text(site->people[0]));
}

static void site_close(Site *site)
{
    doc_done(&site->doc);
    buf_done(&site->text);
    arena_done(&site->arena);
    play_close(&site->play);
}

static size_t rows_of(Site *site, const char *ledger, Id group, const char *on)
{
    Err err;
    Emit emit;
    LedgerAsk ask = {.ledger = ledger_named(text_from_z(ledger)),
                     .asker = site->asker,
                     .eyes = site->eyes,
                     .project = id_is_nil(group) ? site->project : (Id){{0}},
                     .group = group,
                     .page = {.page = 1, .size = PAGE_SIZE_ALL}};
    View view = {.store = site->play.store,
                 .pack = site->play.node.pack,
                 .reach = reach_everything(),
                 .shard = site->play.node.shard,
                 .utc_offset_minutes = site->play.node.utc_offset_minutes,
                 .arena = &site->arena};
    assert_true(ask.ledger < LEDGER_COUNT);
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    must(period_parse(TEXT("2026"), 0, &ask.within, &err), &err);
    buf_clear(&site->text);
    emit_init(&emit, &site->text);
    must(answer_ledger(&view, &ask, &emit, &err), &err);
    doc_done(&site->doc);
    site->doc = (Doc){0};
    must(doc_parse(&site->doc, buf_as_bytes(&site->text), &err), &err);
    const size_t count = doc_count(doc_get(site->doc.root, "rows"));
    assert_int_equal(doc_count(doc_get(site->doc.root, "facts")), count);
    return count;
}

static void expect_cell(Site *site, size_t row, const char *column, const char *wanted)
{
    const DocValue *columns = doc_get(doc_get(site->doc.root, "ledger"), "columns");
    for (size_t i = 0; i < doc_count(columns); i++) {
        if (!text_is(doc_text(doc_get(doc_at(columns, i), "name")), column)) continue;
        const DocValue *value = doc_at(doc_at(doc_get(site->doc.root, "rows"), row), i);
        const Text found = doc_type(value) == DOC_OBJECT ? doc_text(doc_get(value, "name"))
                           : doc_type(value) == DOC_TEXT ? doc_text(value)
                                                         : TEXT("");
        if (!text_is(found, wanted))
            fail_msg("%s: \"%.*s\" instead of \"%s\"", column, TEXT_ARG(found), wanted);
        return;
    }
    fail_msg("the ledger has no column %s", column);
}

static void expect_refusal(Answer answer, ErrCode code, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, words) == NULL) fail_msg("\"%s\" lacks \"%s\"", answer.detail, words);
    assert_int_equal(answer.code, code);
}

static const Id at_project = {{0}};

/* ---- Drills ---- */

static void drills(Stores *stores)
{
    static Site site;
    const Reach nothing = {0};
    site_open(&site, stores->writer);
    const Id activity = play_add(&site.play, "activity",
                                 "\"project\":\"%s\",\"title\":\"高处坠落救援\","
                                 "\"day\":\"2026-04-10\",\"progress\":\"held\"",
                                 play_text(site.project));
    expect_refusal(play_command(&site.play,
                                "\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\","
                                "\"group\":\"%s\",\"meeting\":\"safety_day\",\"mend\":\"x\"}",
                                play_text(activity), play_text(site.crew)),
                   ERR_INVALID, "are of an emergency drill");
    expect_refusal(play_command(&site.play,
                                "\"do\":\"part.add\",\"fields\":{\"activity\":\"%s\","
                                "\"group\":\"%s\",\"meeting\":\"emergency_drill\"}",
                                play_text(activity), play_text(site.party)),
                   ERR_INVALID, "not held by this kind of group");
    play_add(&site.play, "part",
             "\"activity\":\"%s\",\"group\":\"%s\",\"meeting\":\"emergency_drill\","
             "\"scenario\":\"塔上悬吊人员下放\",\"found\":\"担架取用慢\",\"mend\":\"担架移到塔位\"",
             play_text(activity), play_text(site.crew));
    assert_int_equal(rows_of(&site, "emergency-drills", at_project, "2026-05-01"), 1);
    expect_cell(&site, 0, "scenario", "塔上悬吊人员下放");
    expect_cell(&site, 0, "drill_found", "担架取用慢");
    expect_cell(&site, 0, "mend", "担架移到塔位");
    site.asker = (Asker){.oversight = &nothing}; /* that it was held, and nothing of it */
    assert_int_equal(rows_of(&site, "emergency-drills", site.crew, "2026-05-01"), 1);
    expect_cell(&site, 0, "title", "高处坠落救援");
    expect_cell(&site, 0, "scenario", "");
    expect_cell(&site, 0, "mend", "");
    assert_true(rows_of(&site, "crew-obligations", site.crew, "2026-05-01") > 0);
    assert_null(memmem(site.text.at, site.text.size, "emergency_drill", 15)); /* no crew owes one */
    site_close(&site);
}

static void a_drill_says_what_was_drilled_found_and_mended(void **state)
{
    on_each_store(*state, drills);
}

/* ---- Tools ---- */

static Id add_tool(Site *site, const char *kind, const char *number, const char *rest)
{
    return play_add(&site->play, "tool",
                    "\"project\":\"%s\",\"group\":\"%s\",\"kind\":\"%s\",\"number\":\"%s\","
                    "\"from\":\"2025-01-01\"%s",
                    play_text(site->project), play_text(site->crew), kind, number, rest);
}

static void add_test(Site *site, Id tool, const char *day, const char *result)
{
    play_add(&site->play, "tool_test", "\"tool\":\"%s\",\"day\":\"%s\",\"result\":\"%s\"",
             play_text(tool), day, result);
}

static void tools(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id good = add_tool(&site, "harness", "A-1", "");
    add_test(&site, good, "2026-02-01", "passed");
    const Id late = add_tool(&site, "harness", "A-2", "");
    add_test(&site, late, "2025-04-30", "passed");
    const Id bad = add_tool(&site, "insulating_gloves", "G-1", "");
    add_test(&site, bad, "2026-01-10", "passed");
    add_test(&site, bad, "2026-04-10", "failed");
    (void)add_tool(&site, "harness", "A-3", "");
    (void)add_tool(&site, "harness", "A-4", ",\"to\":\"2026-04-30\"");
    assert_int_equal(rows_of(&site, "tools", at_project, "2026-05-01"), 4); /* A-4 was withdrawn */
    static const char *const numbers[] = {"G-1", "A-3", "A-2", "A-1"};
    static const char *const states[] = {"failed", "untested", "overdue", "in_order"};
    for (size_t i = 0; i < 4; i++) {
        expect_cell(&site, i, "number", numbers[i]);
        expect_cell(&site, i, "state", states[i]);
    }
    expect_cell(&site, 3, "next_due", "2027-02-01");
    expect_cell(&site, 0, "next_due", "");
    /* On another day they stand as they stood then. */
    assert_int_equal(rows_of(&site, "tools", site.crew, "2026-04-30"), 5);
    assert_int_equal(rows_of(&site, "tools", site.crew, "2026-04-09"), 5);
    expect_cell(&site, 0, "state", "untested");
    assert_int_equal(rows_of(&site, "tools", site.crew, "2024-12-31"), 0);
    expect_refusal(
        play_command(&site.play,
                     "\"do\":\"tool.add\",\"fields\":{\"project\":\"%s\",\"group\":\"%s\","
                     "\"kind\":\"harness\",\"number\":\"A-1\"}",
                     play_text(site.project), play_text(site.crew)),
        ERR_CONFLICT, "kind and number already");
    expect_refusal(
        play_command(&site.play,
                     "\"do\":\"tool.add\",\"fields\":{\"project\":\"%s\",\"group\":\"%s\","
                     "\"kind\":\"harness\",\"number\":\"A-9\"}",
                     play_text(site.project), play_text(site.party)),
        ERR_INVALID, "is to be a work crew");
    expect_refusal(play_command(&site.play,
                                "\"do\":\"tool_test.add\",\"fields\":{\"tool\":\"%s\","
                                "\"result\":\"passed\",\"day\":\"2030-01-01\"}",
                                play_text(good)),
                   ERR_INVALID, "in the future");
    expect_refusal(play_command(&site.play,
                                "\"do\":\"tool.void\",\"id\":\"%s\",\"reason\":\"误录\"",
                                play_text(good)),
                   ERR_CONFLICT, "1 test of a tool");
    site_close(&site);
}

/* A crew that moves takes its tools along. */
static void moved(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id next =
        play_add(&site.play, "project", "\"name\":\"三期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(site.unit));
    (void)add_tool(&site, "harness", "A-1", "");
    const Answer move = play_command(&site.play,
                                     "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\","
                                     "\"on\":\"2026-05-10\"",
                                     play_text(site.crew), play_text(next));
    assert_int_equal(move.status, ANSWER_DONE);
    assert_int_equal(rows_of(&site, "tools", at_project, "2026-05-09"), 1);
    expect_cell(&site, 0, "tool_at", "二期");
    assert_int_equal(rows_of(&site, "tools", at_project, "2026-05-10"), 0);
    assert_int_equal(rows_of(&site, "tools", site.crew, "2026-05-10"), 1);
    expect_cell(&site, 0, "tool_at", "三期");
    site.project = next;
    assert_int_equal(rows_of(&site, "tools", at_project, "2026-05-10"), 1);
    site_close(&site);
}

static void tools_go_with_their_crew(void **state)
{
    on_each_store(*state, moved);
}

static void what_is_not_in_order_comes_first(void **state)
{
    on_each_store(*state, tools);
}

/* ---- Labour protection ---- */

static void labour(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id hazard = play_add(&site.play, "signal",
                               "\"kind\":\"hazard\",\"project\":\"%s\",\"what\":\"临边无护栏\","
                               "\"day\":\"2026-04-02\"",
                               play_text(site.project));
    const Id idea = play_add(&site.play, "signal",
                             "\"kind\":\"idea\",\"project\":\"%s\",\"what\":\"加灯\","
                             "\"day\":\"2026-04-02\"",
                             play_text(site.project));
#define CHECK_OF "\"do\":\"labour_check.add\",\"fields\":{\"project\":\"%s\",\"group\":\"%s\","
    expect_refusal(play_command(&site.play, CHECK_OF "\"what\":\"护栏\",\"found\":\"in_order\"}",
                                play_text(site.project), play_text(site.crew)),
                   ERR_INVALID, "is to be a union group");
    expect_refusal(play_command(&site.play,
                                CHECK_OF "\"what\":\"护栏\",\"found\":\"not_in_order\"}",
                                play_text(site.project), play_text(site.labour)),
                   ERR_INVALID, "what is not in order?");
    expect_refusal(play_command(&site.play,
                                CHECK_OF
                                "\"what\":\"护栏\",\"found\":\"in_order\",\"hazard\":\"%s\"}",
                                play_text(site.project), play_text(site.labour), play_text(idea)),
                   ERR_INVALID, "a hazard that was raised at this project");
    play_add(&site.play, "labour_check",
             "\"project\":\"%s\",\"group\":\"%s\",\"what\":\"临边防护\",\"found\":\"not_in_order\","
             "\"day\":\"2026-04-02\",\"demand\":\"三日内补装\",\"hazard\":\"%s\"",
             play_text(site.project), play_text(site.labour), play_text(hazard));
    assert_int_equal(rows_of(&site, "labour-checks", site.labour, "2026-05-01"), 1);
    expect_cell(&site, 0, "found", "not_in_order");
    expect_cell(&site, 0, "demand", "三日内补装");
    expect_cell(&site, 0, "state", "found"); /* the hazard waits to be registered */
    play_add(&site.play, "handling",
             "\"signal\":\"%s\",\"step\":\"register\",\"day\":\"2026-04-03\"", play_text(hazard));
    assert_int_equal(rows_of(&site, "labour-checks", at_project, "2026-05-01"), 1);
    expect_cell(&site, 0, "state", "registered");
    site_close(&site);
}

static void what_a_check_demands_is_followed_by_its_hazard(void **state)
{
    on_each_store(*state, labour);
}

/* ---- Competitions ---- */

static void competitions(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id competition = play_add(&site.play, "competition",
                                    "\"project\":\"%s\",\"group\":\"%s\",\"name\":\"百日安全赛\","
                                    "\"from\":\"2026-02-01\",\"to\":\"2026-05-10\"",
                                    play_text(site.project), play_text(site.labour));
    assert_int_equal(rows_of(&site, "competitions", at_project, "2026-05-01"), 1);
    expect_cell(&site, 0, "competitor", "");
    play_add(&site.play, "competitor",
             "\"competition\":\"%s\",\"group\":\"%s\",\"result\":\"零违章，提前三天\"",
             play_text(competition), play_text(site.crew));
    assert_int_equal(rows_of(&site, "competitions", site.labour, "2026-05-01"), 1);
    assert_int_equal(rows_of(&site, "crew-competitions", site.crew, "2026-05-01"), 1);
    expect_cell(&site, 0, "competition", "百日安全赛");
    expect_cell(&site, 0, "competitor", "crew");
    expect_cell(&site, 0, "result", "零违章，提前三天");
    expect_refusal(play_command(&site.play,
                                "\"do\":\"competitor.add\",\"fields\":{\"competition\":\"%s\","
                                "\"group\":\"%s\"}",
                                play_text(competition), play_text(site.crew)),
                   ERR_CONFLICT, "competes already");
    /* Nobody competes by name. */
    expect_refusal(play_command(&site.play,
                                "\"do\":\"competitor.add\",\"fields\":{\"competition\":\"%s\","
                                "\"group\":\"%s\"}",
                                play_text(competition), play_text(site.people[0])),
                   ERR_NOT_FOUND, "there is no group");
    expect_refusal(play_command(&site.play,
                                "\"do\":\"competition.add\",\"fields\":{\"project\":\"%s\","
                                "\"group\":\"%s\",\"name\":\"赛\",\"from\":\"2026-02-02\","
                                "\"to\":\"2026-02-01\"}",
                                play_text(site.project), play_text(site.labour)),
                   ERR_INVALID, "is before the first");
    site_close(&site);
}

static void groups_compete_and_nobody_else(void **state)
{
    on_each_store(*state, competitions);
}

/* ---- Heart-to-heart talks ---- */

static Key key_of(Site *site, Id id)
{
    Err err;
    Key key = KEY_NONE;
    must(thing_find(site->play.store, site->play.node.shard, id, &key, &err), &err);
    return key;
}

static Answer talk(Site *site, Id group, Id person, Id with, const char *rest)
{
    return play_command(&site->play,
                        "\"do\":\"heart_talk.add\",\"fields\":{\"group\":\"%s\",\"person\":\"%s\","
                        "\"talked_with\":\"%s\"%s}",
                        play_text(group), play_text(person), play_text(with), rest);
}

#define TEN "一二三四五六七八九十"

static void talks(Stores *stores)
{
    static Site site;
    const Reach nothing = {0};
    const Reach all = reach_everything();
    site_open(&site, stores->writer);
    const Id *people = site.people;
    assert_int_equal(talk(&site, site.party, people[0], people[1],
                          ",\"day\":\"2026-04-08\",\"topic\":\"" TEN TEN TEN "\"")
                         .status,
                     ANSWER_DONE); /* thirty characters, and not one more */
    expect_refusal(
        talk(&site, site.party, people[0], people[1], ",\"topic\":\"" TEN TEN TEN "一\""),
        ERR_INVALID, "at most 30 characters");
    expect_refusal(talk(&site, site.party, people[0], people[0], ""), ERR_INVALID,
                   "somebody else than");
    expect_refusal(talk(&site, site.labour, people[0], people[1], ""), ERR_INVALID,
                   "is to be a Party group");
    expect_refusal(talk(&site, site.party, people[0], people[1], ",\"day\":\"2030-01-01\""),
                   ERR_INVALID, "in the future");
    assert_int_equal(rows_of(&site, "heart-talks", at_project, "2026-04-20"), 1);
    expect_cell(&site, 0, "talker", "甲");
    expect_cell(&site, 0, "talked_with", "乙");
    const DocValue *ledger = doc_get(site.doc.root, "ledger");
    assert_int_equal(doc_int(doc_get(ledger, "times_a_year")), 2);
    const struct {
        Asker asker;
        const char *on;
        size_t count;
    } cases[] = {
        {{.person = key_of(&site, people[0]), .oversight = &nothing},
         "2026-04-30",
         1}, /* in office */
        {{.person = key_of(&site, people[0]), .oversight = &nothing},
         "2026-05-01",
         0}, /* no more */
        {{.person = key_of(&site, people[1]), .oversight = &nothing},
         "2026-04-20",
         0}, /* a member */
        {{.person = key_of(&site, people[2]), .oversight = &nothing}, "2026-04-20", 0},
        {{.oversight = &nothing}, "2026-04-20", 0},
        {{.oversight = &all}, "2026-05-01", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        site.asker = cases[i].asker;
        const size_t count = rows_of(&site, "heart-talks", site.party, cases[i].on);
        if (count != cases[i].count) fail_msg("case %zu: %zu rows", i, count);
        const bool says = memmem(site.text.at, site.text.size, TEN, strlen(TEN)) != NULL;
        assert_int_equal(says, count > 0);
        assert_int_equal(doc_int(doc_get(site.doc.root, "total")), (int64_t)count);
    }
    site_close(&site);
}

static void of_a_talk_only_those_learn_who_lead_or_oversee(void **state)
{
    on_each_store(*state, talks);
}

/* Who leads the site where the group stands writes down their own talks, and nobody else's. */
static void own_talks(Stores *stores)
{
    static Site site;
    Err err;
    site_open(&site, stores->writer);
    Reach there = {.is_everything = false};
    map_init(&there.units, &site.play.arena);
    map_init(&there.projects, &site.play.arena);
    must(map_put(&there.projects, key_of(&site, site.project), 1, &err), &err);
    site.play.actor =
        (Actor){.reach = &there, .write = &there, .person = key_of(&site, site.people[0])};
    assert_int_equal(talk(&site, site.party, site.people[0], site.people[2], "").status,
                     ANSWER_DONE);
    expect_refusal(talk(&site, site.party, site.people[1], site.people[2], ""), ERR_NOT_FOUND,
                   "not within your reach");
    site_close(&site);
}

static void a_site_leader_writes_down_their_own_talks(void **state)
{
    on_each_store(*state, own_talks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drill_says_what_was_drilled_found_and_mended),
        cmocka_unit_test(what_is_not_in_order_comes_first),
        cmocka_unit_test(tools_go_with_their_crew),
        cmocka_unit_test(what_a_check_demands_is_followed_by_its_hazard),
        cmocka_unit_test(groups_compete_and_nobody_else),
        cmocka_unit_test(of_a_talk_only_those_learn_who_lead_or_oversee),
        cmocka_unit_test(a_site_leader_writes_down_their_own_talks),
    };
    return cmocka_run_group_tests_name("registers", tests, stores_setup, stores_teardown);
}
