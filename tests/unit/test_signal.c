/* What we promise about signals on a real store: a hazard goes its way and is refused what makes no
 * sense, what nobody answers climbs, and each sees what is theirs to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/notice.h"
#include "answer/tasks.h"
#include "support/signal_site.h"
#include "view/board.h"

/* ---- A hazard ---- */

static void a_hazard(Stores *stores)
{
    static Site site;
    char rest[200];
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    const Id signal = site_raised(&site, "hazard", ",\"what\":\"临边无护栏\",\"place\":\"12号塔\"");
    must_be_refused(site_handle(&site, signal, "register", ""), ERR_NOT_FOUND,
                    "not within your reach");
    act_as(&site, site.leader, true);
    must_be_refused(site_handle(&site, signal, "close", ""), ERR_CONFLICT,
                    "the signal is \"found\", and this comes after \"passed\"");
    must_be_done(site_handle(&site, signal, "register", ""));
    must_be_refused(site_handle(&site, signal, "order", ""), ERR_CONFLICT,
                    "comes after \"graded\"");
    must_be_done(site_handle(&site, signal, "grade", ",\"grade\":\"major\""));
    must_be_done(site_handle(&site, signal, "stop", ""));
    must_be_refused(site_handle(&site, signal, "order", ",\"until\":\"2026-07-01\""), ERR_CONFLICT,
                    "hazard-order");
    must_be_done(
        site_handle(&site, signal, "order", ",\"note\":\"装护栏\",\"responsible\":\"铁塔一班\""));
    must_be_refused(site_handle(&site, signal, "extend", ""), ERR_CONFLICT, "nobody has asked");
    must_be_done(site_handle(&site, signal, "rectify", ""));
    must_be_refused(site_handle(&site, signal, "return", ""), ERR_CONFLICT, "say in \"note\"");
    must_be_done(site_handle(&site, signal, "return", ",\"note\":\"少一道横杆\""));
    must_be_done(site_handle(&site, signal, "rectify", ""));
    must_be_done(site_handle(&site, signal, "pass", ""));
    must_be_refused(site_handle(&site, signal, "close", ""), ERR_CONFLICT,
                    "nobody has decided to resume");
    must_be_done(site_handle(&site, signal, "resume", ""));
    must_be_refused(site_handle(&site, signal, "close", ""), ERR_CONFLICT, "第四十一条");
    must_be_refused(site_handle(&site, signal, "union", ""), ERR_CONFLICT, "name the union group");
    snprintf(rest, sizeof rest, ",\"group\":\"%s\"", play_text(site.crew));
    must_be_refused(site_handle(&site, signal, "union", rest), ERR_INVALID,
                    "is to be a union group");
    snprintf(rest, sizeof rest, ",\"group\":\"%s\"", play_text(site.union_group));
    must_be_done(site_handle(&site, signal, "union", rest));
    must_be_done(site_handle(&site, signal, "close", ""));
    must_be_refused(site_handle(&site, signal, "measure", ""), ERR_CONFLICT, "out of turn");
    must_be_refused(site_handle(&site, signal, "answer", ""), ERR_INVALID, "no such step");
    expect_state(&site, signal, "closed");
    Shown shown = site_look(&site, signal, &machine, &site.play.reach, NULL);
    assert_int_equal(doc_count(doc_get(shown.doc.root, "steps")), 11);
    expect_text(shown.doc.root, "until", "2026-06-28"); /* thirty days, filled in by the rule */
    shown_done(&shown);
    site_close(&site);
}

static void a_hazard_goes_its_way_and_is_refused_what_makes_no_sense(void **state)
{
    on_each_store(*state, a_hazard);
}

static void no_answer(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id signal = site_raised(&site, "blocker", ",\"what\":\"停水\",\"day\":\"2026-05-20\"");
    static const struct {
        const char *on;
        int level;
    } days[] = {{"2026-05-20", 0},
                {"2026-05-21", 0},
                {"2026-05-22", 1},
                {"2026-05-23", 2},
                {"2026-05-28", 2}}; /* there is no third level here */
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        Shown shown = site_look(&site, signal, &machine, &site.play.reach, days[i].on);
        assert_int_equal(doc_int(doc_get(shown.doc.root, "level")), days[i].level);
        shown_done(&shown);
    }
    Shown before = site_look(&site, signal, &machine, &site.play.reach, "2026-05-19");
    assert_int_equal(before.code, ERR_NOT_FOUND); /* it was not raised yet */
    shown_done(&before);
    must_be_done(
        site_handle(&site, signal, "answer", ",\"note\":\"已送水\",\"day\":\"2026-05-24\""));
    Shown then = site_look(&site, signal, &machine, &site.play.reach, "2026-05-23");
    expect_text(then.doc.root, "state", "received"); /* as it was on that day */
    shown_done(&then);
    Shown after = site_look(&site, signal, &machine, &site.play.reach, NULL);
    const DocValue *wait = doc_at(doc_get(after.doc.root, "waits"), 0);
    assert_int_equal(doc_count(doc_get(wait, "climbs")), 2); /* what climbed stays told */
    expect_text(wait, "answered", "2026-05-24");
    shown_done(&after);
    site_close(&site);
}

static void what_is_not_answered_in_time_climbs(void **state)
{
    on_each_store(*state, no_answer);
}

static void oneself(Stores *stores)
{
    static Site site;
    char rest[200];
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    snprintf(rest, sizeof rest, ",\"what\":\"x\",\"raiser\":\"%s\"", play_text(site.other));
    must_be_refused(site_raise(&site, "near_miss", rest), ERR_NOT_FOUND, "");
    const Id own = site_raised(&site, "near_miss", ",\"what\":\"x\"");
    /* Where somebody is posted, nobody needs to say. */
    must_be_done(play_command(&site.play, "\"do\":\"signal.add\",\"fields\":{\"kind\":\"idea\","
                                          "\"what\":\"加一盏灯\"}"));
    act_as(&site, site.leader, true);
    must_be_done(site_raise(&site, "near_miss", rest)); /* who may write may name somebody else */
    must_be_done(site_handle(&site, own, "answer", ",\"note\":\"已整改\""));
    must_be_refused(site_handle(&site, own, "confirm", ""), ERR_NOT_FOUND, "");
    act_as(&site, site.other, false);
    must_be_refused(site_handle(&site, own, "confirm", ""), ERR_NOT_FOUND, "");
    act_as(&site, site.worker, false);
    must_be_done(site_handle(&site, own, "reopen", ",\"note\":\"还没有\""));
    expect_state(&site, own, "reopened");
    must_be_refused(play_command(&site.play,
                                 "\"do\":\"phase.add\",\"fields\":{\"project\":\"%s\","
                                 "\"phase\":\"TWR\",\"from\":\"2026-01-01\"}",
                                 play_text(site.project)),
                    ERR_DENIED, "takes a role that may write");
    site_close(&site);
}

static void who_only_takes_part_acts_for_themselves(void **state)
{
    on_each_store(*state, oneself);
}

/* ---- Who sees what ---- */

typedef struct Onlooker {
    const char *name;
    SignalEyes eyes;
    const Reach *reach;
} Onlooker;

static bool is_shown(Site *site, Id signal, const Onlooker *who)
{
    Shown shown = site_look(site, signal, &who->eyes, who->reach, NULL);
    assert_true(shown.code == OK || shown.code == ERR_NOT_FOUND);
    shown_done(&shown);
    return shown.code == OK;
}

/* Lists show what one may look at, whichever way they are read. */
static bool is_listed(Site *site, const char *kind, const char *state, Id project,
                      const Onlooker *who)
{
    Emit emit;
    Err err;
    Shown shown;
    shown_open(&shown, &emit);
    const View view = site_view(site, &shown, who->reach, NULL);
    const SignalAsk ask = {.list = {.page = 1, .size = 50},
                           .eyes = who->eyes,
                           .project = project,
                           .kind = text_from_z(kind),
                           .state = text_from_z(state)};
    const ErrCode code = answer_signals(&view, &ask, &emit, &err);
    if (code == ERR_NOT_FOUND) { /* the project is out of reach */
        shown_done(&shown);
        return false;
    }
    must(code, &err);
    shown_parse(&shown);
    const int64_t total = doc_int(doc_get(shown.doc.root, "total"));
    assert_int_equal(doc_count(doc_get(shown.doc.root, "items")), total);
    shown_done(&shown);
    return total > 0;
}

static bool names_raiser(Site *site, Id signal, const Onlooker *who)
{
    Shown shown = site_look(site, signal, &who->eyes, who->reach, NULL);
    const bool is = shown.code == OK && doc_type(doc_get(shown.doc.root, "raiser")) == DOC_OBJECT;
    shown_done(&shown);
    return is;
}

static void eyes(Stores *stores)
{
    static Site site;
    static const char *const kinds[] = {"hazard", "near_miss", "violation", "blocker",
                                        "idea",   "need",      "integrity"};
    static const char *const wanted[] = {
        /* by kind: raiser, another worker, leader, auditor, staff elsewhere, reader */
        "++++--", "++++--", "+-+---", "++++--", "++++--", "+-+---", "-----+"};
    site_open(&site, stores->writer);
    site_name_reader(&site);
    const Reach nothing = {0};
    const Reach everything = reach_everything();
    Reach elsewhere = {0};
    map_init(&elsewhere.units, &site.play.arena);
    map_init(&elsewhere.projects, &site.play.arena);
    const Onlooker people[] = {
        {"raiser", {.person = site_key(&site, site.worker)}, &site.at_project},
        {"another worker", {.person = site_key(&site, site.other)}, &site.at_project},
        {"leader",
         {.person = site_key(&site, site.leader), .write = &site.at_project},
         &site.at_project},
        {"auditor", {.write = &nothing}, &everything},
        {"staff elsewhere", {.write = &elsewhere}, &elsewhere},
        {"reader", {.person = site_key(&site, site.reader)}, &elsewhere},
    };
    act_as(&site, site.worker, false);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const Id signal = site_raised(&site, kinds[k], ",\"what\":\"x\"");
        for (size_t p = 0; p < sizeof people / sizeof people[0]; p++) {
            const bool is_wanted = wanted[k][p] == '+';
            if (is_listed(&site, kinds[k], "", (Id){{0}}, &people[p]) != is_wanted ||
                is_listed(&site, kinds[k], "open", (Id){{0}}, &people[p]) != is_wanted ||
                is_listed(&site, kinds[k], "closed", (Id){{0}}, &people[p]))
                fail_msg("a list of %s, %s: wanted %c", kinds[k], people[p].name, wanted[k][p]);
            if (is_shown(&site, signal, &people[p]) != (wanted[k][p] == '+'))
                fail_msg("%s, %s: wanted %c", kinds[k], people[p].name, wanted[k][p]);
        }
    }
    const Id shy = site_raised(&site, "idea", ",\"what\":\"x\",\"unnamed\":\"to_others\"");
    static const char named[] = "+-+---";
    for (size_t p = 0; p < sizeof people / sizeof people[0]; p++)
        if (names_raiser(&site, shy, &people[p]) != (named[p] == '+'))
            fail_msg("unnamed to others, %s: wanted %c", people[p].name, named[p]);
    site_close(&site);
}

static void each_sees_what_is_theirs_to_see(void **state)
{
    on_each_store(*state, eyes);
}

/* ---- The company's board ---- */

static Shown board_for(Site *site, const SignalEyes *eyes, const char *on)
{
    Emit emit;
    Err err;
    Shown shown;
    Changes *changes = NULL;
    Board *board = NULL;
    const Reach everything = reach_everything();
    changes_open(&changes, 0);
    board_open(&board, site->play.node.pack, site->play.node.shard, changes);
    shown_open(&shown, &emit);
    View view = site_view(site, &shown, &everything, on);
    view.board = board;
    const WorkAsk ask = {
        .list = {.page = 1, .size = 50}, .eyes = *eyes, .within = {view.on, view.on}};
    must(answer_work(&view, &ask, &emit, &err), &err);
    shown_parse(&shown);
    board_close(&board);
    changes_close(&changes);
    return shown;
}

static void expect_tally(const DocValue *tally, int open, int overdue, int climbed)
{
    if (doc_type(tally) != DOC_OBJECT) { /* a kind without open ones */
        assert_int_equal(open + overdue + climbed, 0);
        return;
    }
    if (doc_int(doc_get(tally, "open")) != open || doc_int(doc_get(tally, "overdue")) != overdue ||
        doc_int(doc_get(tally, "climbed")) != climbed)
        fail_msg("open %d, overdue %d, climbed %d", (int)doc_int(doc_get(tally, "open")),
                 (int)doc_int(doc_get(tally, "overdue")), (int)doc_int(doc_get(tally, "climbed")));
}

/* Raised on 20 May: a hazard is to be registered by the 21st, climbs on the 22nd and again on the
 * 23rd; a near miss is answered by the 23rd. */
static void counted(Stores *stores)
{
    static Site site;
    static const struct {
        const char *on;
        int all[3];
        int hazards[3];
    } cases[] = {
        {"2026-05-19", {0, 0, 0}, {0, 0, 0}}, {"2026-05-20", {3, 0, 0}, {2, 0, 0}},
        {"2026-05-21", {3, 0, 0}, {2, 0, 0}}, {"2026-05-22", {3, 2, 2}, {2, 2, 2}},
        {"2026-05-23", {3, 2, 2}, {2, 2, 2}}, {"2026-05-24", {3, 3, 3}, {2, 2, 2}},
        {"2026-05-25", {2, 2, 2}, {2, 2, 2}},
    };
    site_open(&site, stores->writer);
    site_name_reader(&site);
    for (int i = 0; i < 2; i++)
        (void)site_raised(&site, "hazard", ",\"what\":\"x\",\"day\":\"2026-05-20\"");
    const Id miss = site_raised(&site, "near_miss", ",\"what\":\"x\",\"day\":\"2026-05-20\"");
    must_be_done(site_handle(&site, miss, "answer", ",\"note\":\"好\",\"day\":\"2026-05-25\""));
    const SignalEyes nobody = {.person = KEY_NONE};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Shown shown = board_for(&site, &nobody, cases[i].on);
        const DocValue *sum = doc_get(shown.doc.root, "signals");
        const DocValue *line = doc_get(doc_at(doc_get(shown.doc.root, "items"), 0), "signals");
        const DocValue *both[] = {sum, line};
        for (size_t k = 0; k < 2; k++) {
            expect_tally(both[k], cases[i].all[0], cases[i].all[1], cases[i].all[2]);
            expect_tally(doc_get(doc_get(both[k], "kinds"), "hazard"), cases[i].hazards[0],
                         cases[i].hazards[1], cases[i].hazards[2]);
        }
        shown_done(&shown);
    }
    /* What is sealed counts for its readers alone. */
    (void)site_raised(&site, "integrity", ",\"what\":\"x\",\"day\":\"2026-05-20\"");
    const SignalEyes reader = {.person = site_key(&site, site.reader)};
    Shown shown = board_for(&site, &nobody, "2026-05-25");
    expect_tally(doc_get(shown.doc.root, "signals"), 2, 2, 2);
    shown_done(&shown);
    shown = board_for(&site, &reader, "2026-05-25");
    expect_tally(doc_get(shown.doc.root, "signals"), 3, 2, 2);
    shown_done(&shown);
    site_close(&site);
}

static void the_board_counts_what_is_open_overdue_and_climbed(void **state)
{
    on_each_store(*state, counted);
}

static void the_sheet(Stores *stores)
{
    static Site site;
    Shown shown;
    Emit emit;
    Err err;
    site_open(&site, stores->writer);
    act_as(&site, site.worker, false);
    site_raised(&site, "hazard", ",\"what\":\"临边无护栏\"");
    site_raised(&site, "violation", ",\"what\":\"未系安全带\"");
    shown_open(&shown, &emit);
    const View view = site_view(&site, &shown, &site.at_project, NULL);
    SheetAsk ask = {.project = site.project, .within = {0, DAY_LAST}};
    shown.code = answer_notice_sheet(&view, &ask, &emit, &err);
    assert_int_equal(shown.code, OK);
    assert_true(bytes_hold(buf_as_bytes(&shown.text), "临边无护栏"));
    assert_false(bytes_hold(buf_as_bytes(&shown.text), "未系安全带")); /* only hazards */
    assert_false(bytes_hold(buf_as_bytes(&shown.text), "工人"));       /* no raiser is named */
    assert_true(bytes_hold(buf_as_bytes(&shown.text), "第四十一条"));
    shown_done(&shown);
    site_close(&site);
}

static void the_public_sheet_has_hazards_and_no_raiser(void **state)
{
    on_each_store(*state, the_sheet);
}

/* ---- What comes down ---- */

static Shown look_notice(Site *site, Id notice, const Onlooker *who)
{
    Shown shown;
    Emit emit;
    Err err;
    shown_open(&shown, &emit);
    const View view = site_view(site, &shown, who->reach, NULL);
    const NoticeAsk ask = {.list = {.page = 1, .size = PAGE_SIZE_ALL}, .eyes = who->eyes};
    shown.code = answer_notice(&view, notice, &ask, &emit, &err);
    shown_parse(&shown);
    return shown;
}

static void notices(Stores *stores)
{
    static Site site;
    char mark[300];
    site_open(&site, stores->writer);
    const Id notice = play_add(&site.play, "notice", "\"unit\":\"%s\",\"title\":\"大风停工\"",
                               play_text(site.company));
    snprintf(mark, sizeof mark, "\"do\":\"seen.add\",\"fields\":{\"notice\":\"%s\"}",
             play_text(notice));
    act_as(&site, site.worker, false);
    must_be_refused(play_command(&site.play, "\"do\":\"seen.add\",\"fields\":{}"), ERR_INVALID,
                    "say what was read");
    /* The company is beyond the reach of who works at a site; what comes down from it is not. */
    must_be_done(play_command(&site.play, "%s", mark));
    must_be_refused(play_command(&site.play, "%s", mark), ERR_CONFLICT, "said so before");
    const Onlooker leader = {"leader", {.write = &site.at_project}, &site.at_project};
    const Onlooker worker = {"worker", {.person = site_key(&site, site.worker)}, &site.at_project};
    Shown shown = look_notice(&site, notice, &leader);
    const DocValue *line = doc_at(doc_get(shown.doc.root, "projects"), 0);
    assert_int_equal(doc_int(doc_get(line, "expected")), 4);
    assert_int_equal(doc_int(doc_get(line, "read")), 1);
    assert_int_equal(doc_count(doc_get(line, "not_read")), 3);
    shown_done(&shown);
    shown = look_notice(&site, notice, &worker);
    line = doc_at(doc_get(shown.doc.root, "projects"), 0);
    assert_int_equal(doc_type(doc_get(line, "not_read")), DOC_NONE); /* names are not for all */
    assert_int_equal(doc_type(doc_get(shown.doc.root, "i_read")), DOC_TEXT);
    shown_done(&shown);
    site_close(&site);
}

static void a_notice_shows_who_has_read_it_and_names_who_has_not_to_the_leader(void **state)
{
    on_each_store(*state, notices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hazard_goes_its_way_and_is_refused_what_makes_no_sense),
        cmocka_unit_test(what_is_not_answered_in_time_climbs),
        cmocka_unit_test(who_only_takes_part_acts_for_themselves),
        cmocka_unit_test(each_sees_what_is_theirs_to_see),
        cmocka_unit_test(a_notice_shows_who_has_read_it_and_names_who_has_not_to_the_leader),
        cmocka_unit_test(the_public_sheet_has_hazards_and_no_raiser),
        cmocka_unit_test(the_board_counts_what_is_open_overdue_and_climbed),
    };
    return cmocka_run_group_tests_name("signal", tests, stores_setup, stores_teardown);
}
