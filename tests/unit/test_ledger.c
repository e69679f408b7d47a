/* What we promise about ledgers: what was told once stands in the ledger of each group it concerns,
 * nothing is asked for a ledger, and no two columns of one name have two sources. */
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
#include "store/query.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/board.h"

static const char *const kinds[] = {"party", "union", "crew"};
static const char *const meetings[] = {"theme_day", "union_meeting", "safety_day"};
static const char *const held[] = {"theme-days", "union-meetings", "safety-days"};

#define SITE_PEOPLE 4

/* A site with its three groups, and people who belong to one, two or all of them. */
typedef struct Site {
    Play play;
    Changes *changes;
    Board *board;
    Id unit;
    Id project;
    Id groups[3];
    Id people[SITE_PEOPLE];
    Id branch;
    Id part;          /* of the talk added last */
    Asker asker;      /* zeroed: everything is open */
    SignalEyes eyes;  /* zeroed: those of nobody in particular */
    const char *when; /* the period; the year 2026 when NULL */
    Arena arena;
    Buf text;
    Doc doc;
} Site;

static void add_person(Site *site, size_t at, const char *name, const char *standing)
{
    site->people[at] =
        play_add(&site->play, "person", "\"name\":\"%s\",\"unit\":\"%s\",\"staff_no\":\"S%zu\"",
                 name, play_text(site->unit), at);
    play_add(&site->play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-15\"",
             play_text(site->people[at]), play_text(site->project));
    if (standing != NULL)
        play_add(&site->play, "standing",
                 "\"person\":\"%s\",\"standing\":\"%s\",\"from\":\"2020-01-01\"",
                 play_text(site->people[at]), standing);
}

static void site_open(Site *site, Store *store)
{
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 4);
    arena_init(&site->arena, (size_t)16 << 20);
    buf_init(&site->text, (size_t)1 << 20);
    site->unit = play_add(&site->play, "unit", "\"name\":\"公司\"");
    site->project = play_add(&site->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(site->unit));
    for (size_t i = 0; i < 3; i++) {
        site->groups[i] =
            play_add(&site->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"",
                     kinds[i], play_text(site->unit), kinds[i]);
        play_add(&site->play, "station",
                 "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(site->groups[i]), play_text(site->project));
    }
    add_person(site, 0, "甲", "party_formal");
    add_person(site, 1, "乙", "union_member");
    add_person(site, 2, "丙", NULL);
    add_person(site, 3, "丁", "party_probationary");
    site->branch = play_add(&site->play, "group",
                            "\"name\":\"机关支部\",\"unit\":\"%s\",\"kind\":\"party\","
                            "\"form\":\"branch\"",
                            play_text(site->unit));
    play_add(&site->play, "affiliation",
             "\"person\":\"%s\",\"branch\":\"%s\",\"from\":\"2020-01-01\"",
             play_text(site->people[0]), play_text(site->branch));
    play_add(&site->play, "affiliation",
             "\"person\":\"%s\",\"branch\":\"%s\",\"from\":\"2020-01-01\"",
             play_text(site->people[3]), play_text(site->groups[0]));
    changes_open(&site->changes, engine_version(site->play.engine));
    board_open(&site->board, site->play.node.pack, site->play.node.shard, site->changes);
}

static void site_close(Site *site)
{
    doc_done(&site->doc);
    buf_done(&site->text);
    arena_done(&site->arena);
    board_close(&site->board);
    changes_close(&site->changes);
    play_close(&site->play);
}

static ErrCode ask(Site *site, const char *ledger, Id project, Id group, const char *on, Err *err)
{
    Emit emit;
    const LedgerAsk ask = {.ledger = ledger_named(text_from_z(ledger)),
                           .asker = site->asker,
                           .eyes = site->eyes,
                           .project = project,
                           .group = group,
                           .page = {.page = 1, .size = PAGE_SIZE_ALL}};
    LedgerAsk within = ask;
    View view = {.store = site->play.store,
                 .board = site->board,
                 .pack = site->play.node.pack,
                 .reach = reach_everything(),
                 .shard = site->play.node.shard,
                 .utc_offset_minutes = site->play.node.utc_offset_minutes,
                 .arena = &site->arena};
    assert_true(ask.ledger < LEDGER_COUNT);
    TRY(day_parse(text_from_z(on), &view.on, err));
    TRY(period_parse(text_from_z(site->when == NULL ? "2026" : site->when), 0, &within.within,
                     err));
    buf_clear(&site->text);
    emit_init(&emit, &site->text);
    TRY(answer_ledger(&view, &within, &emit, err));
    doc_done(&site->doc);
    site->doc = (Doc){0};
    return doc_parse(&site->doc, buf_as_bytes(&site->text), err);
}

static size_t rows_of(Site *site, const char *ledger, Id project, Id group, const char *on)
{
    Err err;
    must(ask(site, ledger, project, group, on, &err), &err);
    return doc_count(doc_get(site->doc.root, "rows"));
}

/* The cell of a column by name; its text, or the name of the thing or choice. */
static Text cell(Site *site, size_t row, const char *column)
{
    const DocValue *columns = doc_get(doc_get(site->doc.root, "ledger"), "columns");
    for (size_t i = 0; i < doc_count(columns); i++) {
        if (!text_is(doc_text(doc_get(doc_at(columns, i), "name")), column)) continue;
        const DocValue *value = doc_at(doc_at(doc_get(site->doc.root, "rows"), row), i);
        if (doc_type(value) == DOC_OBJECT) return doc_text(doc_get(value, "name"));
        return doc_type(value) == DOC_TEXT ? doc_text(value) : TEXT("");
    }
    fail_msg("the ledger has no column %s", column);
    return TEXT("");
}

static void expect_cell(Site *site, size_t row, const char *column, const char *wanted)
{
    const Text found = cell(site, row, column);
    if (!text_is(found, wanted))
        fail_msg("%s: \"%.*s\" instead of \"%s\"", column, TEXT_ARG(found), wanted);
}

static const Id nobody = {0};

/* In how many entries of the journal a text stands. */
static int entries_with(Site *site, const char *text)
{
    AUTO(query_done) Query query = {0};
    Err err;
    bool found = false;
    int count = 0;
    must(query_begin(&query, site->play.store, ENTRIES_BY_ARRIVAL, &err), &err);
    query_bind_int(&query, 1, 1);
    query_bind_int(&query, 2, 1000);
    must(query_next(&query, &found, &err), &err);
    while (found) {
        const Bytes chained = query_view(&query, 8);
        if (memmem(chained.at, chained.size, text, strlen(text)) != NULL) count++;
        must(query_next(&query, &found, &err), &err);
    }
    return count;
}

static void one_activity(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id activity =
        play_add(&site.play, "activity",
                 "\"project\":\"%s\",\"title\":\"查一遍危险点\",\"day\":\"2026-02-05\","
                 "\"progress\":\"held\",\"place\":\"集装箱\",\"duration\":90",
                 play_text(site.project));
    for (size_t i = 0; i < 3; i++)
        play_add(&site.play, "part",
                 "\"activity\":\"%s\",\"group\":\"%s\",\"meeting\":\"%s\",\"record\":\"%s记\"",
                 play_text(activity), play_text(site.groups[i]), meetings[i], kinds[i]);
    for (size_t i = 0; i < 3; i++) {
        char record[32];
        snprintf(record, sizeof record, "%s记", kinds[i]);
        assert_int_equal(rows_of(&site, held[i], nobody, site.groups[i], "2026-03-01"), 1);
        expect_cell(&site, 0, "group", kinds[i]);
        assert_true(text_is(doc_text(doc_get(doc_get(site.doc.root, "ledger"), "time")), "period"));
        expect_cell(&site, 0, "meeting", meetings[i]);
        expect_cell(&site, 0, "day", "2026-02-05");
        expect_cell(&site, 0, "title", "查一遍危险点");
        expect_cell(&site, 0, "place", "集装箱");
        expect_cell(&site, 0, "record", record); /* each group's own */
        assert_int_equal(rows_of(&site, held[i], site.project, nobody, "2026-03-01"), 1);
        assert_int_equal(rows_of(&site, "pre-shift-talks", site.project, nobody, "2026-03-01"), 0);
    }
    assert_int_equal(entries_with(&site, "查一遍危险点"), 1); /* three ledgers, told once */
    /* Who was away stands in the ledgers of the groups that expected them. */
    play_add(&site.play, "attendance",
             "\"activity\":\"%s\",\"person\":\"%s\",\"status\":\"leave\",\"reason\":\"病假\"",
             play_text(activity), play_text(site.people[0]));
    play_add(&site.play, "topic",
             "\"activity\":\"%s\",\"matter\":\"safety\",\"title\":\"危险点\","
             "\"resolution\":\"每处挂牌\"",
             play_text(activity));
    assert_int_equal(rows_of(&site, "theme-days", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "away", "甲（病假）");
    expect_cell(&site, 0, "resolved", "每处挂牌");
    assert_int_equal(rows_of(&site, "safety-days", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "away", "甲（病假）");
    assert_int_equal(rows_of(&site, "union-meetings", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "away", ""); /* is no member */
    expect_cell(&site, 0, "resolved", "每处挂牌");
    site_close(&site);
}

static void told_once_it_stands_in_each_groups_ledger(void **state)
{
    on_each_store(*state, one_activity);
}

static void rosters(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    assert_int_equal(rows_of(&site, "party-members", site.project, nobody, "2026-03-01"), 2);
    assert_int_equal(rows_of(&site, "party-members", site.project, nobody, "2026-01-14"), 0);
    assert_int_equal(rows_of(&site, "crew-members", site.project, nobody, "2026-03-01"), 4);
    assert_int_equal(rows_of(&site, "union-members", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "name", "乙");
    expect_cell(&site, 0, "standing", "union_member");
    expect_cell(&site, 0, "posted_from", "2026-01-15");
    /* Mobile is who formally belongs elsewhere; the sixth month is full on the day itself. */
    assert_int_equal(rows_of(&site, "mobile-members", site.project, nobody, "2026-07-14"), 1);
    expect_cell(&site, 0, "name", "甲");
    expect_cell(&site, 0, "branch", "机关支部");
    const DocValue *row = doc_at(doc_get(site.doc.root, "rows"), 0);
    assert_int_equal(doc_int(doc_at(row, doc_count(row) - 1)), 5);
    assert_int_equal(rows_of(&site, "mobile-members", site.project, nobody, "2026-07-15"), 1);
    row = doc_at(doc_get(site.doc.root, "rows"), 0);
    assert_int_equal(doc_int(doc_at(row, doc_count(row) - 1)), 6);
    site_close(&site);
}

static void rosters_are_those_of_the_day(void **state)
{
    on_each_store(*state, rosters);
}

static void work(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Answer deployed =
        play_command(&site.play,
                     "\"do\":\"item.deploy\",\"fields\":{\"title\":\"防触电检查\",\"unit\":\"%s\","
                     "\"goal\":\"safety\",\"mode\":\"common\",\"for_party\":true,\"for_crew\":true,"
                     "\"done_when\":\"检查表\",\"due\":\"2026-02-20\",\"day\":\"2026-02-01\"},"
                     "\"projects\":[\"%s\"]",
                     play_text(site.unit), play_text(site.project));
    assert_int_equal(deployed.status, ANSWER_DONE);
    assert_int_equal(rows_of(&site, "union-tasks", site.project, nobody, "2026-03-01"), 0);
    assert_int_equal(rows_of(&site, "crew-tasks", nobody, site.groups[2], "2026-03-01"), 1);
    assert_int_equal(rows_of(&site, "party-tasks", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "group", "party");
    expect_cell(&site, 0, "item", "防触电检查");
    expect_cell(&site, 0, "task_at", "二期");
    expect_cell(&site, 0, "goal", "safety");
    expect_cell(&site, 0, "due", "2026-02-20");
    expect_cell(&site, 0, "state", "deployed");
    assert_int_equal(rows_of(&site, "union-obligations", site.project, nobody, "2026-03-01"), 12);
    expect_cell(&site, 0, "meeting", "union_meeting");
    expect_cell(&site, 0, "due", "2026-01-31");
    expect_cell(&site, 0, "state", "overdue");
    expect_cell(&site, 11, "state", "ahead");
    site_close(&site);
}

static void obligations_and_tasks_are_told_as_they_stand(void **state)
{
    on_each_store(*state, work);
}

static void raised(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    play_add(&site.play, "signal",
             "\"kind\":\"hazard\",\"project\":\"%s\",\"raiser\":\"%s\",\"what\":\"拉线松动\","
             "\"day\":\"2026-02-03\"",
             play_text(site.project), play_text(site.people[2]));
    play_add(&site.play, "signal",
             "\"kind\":\"violation\",\"project\":\"%s\",\"what\":\"未系安全带\","
             "\"day\":\"2026-02-03\"",
             play_text(site.project));
    assert_int_equal(rows_of(&site, "hazards", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "what", "拉线松动");
    expect_cell(&site, 0, "raised_on", "2026-02-03");
    assert_int_equal(rows_of(&site, "suggestions", nobody, site.groups[1], "2026-03-01"), 0);
    play_add(&site.play, "visit",
             "\"project\":\"%s\",\"group\":\"%s\",\"person\":\"%s\",\"kind\":\"illness\","
             "\"day\":\"2026-02-04\"",
             play_text(site.project), play_text(site.groups[1]), play_text(site.people[2]));
    assert_int_equal(rows_of(&site, "visits", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "visited", "丙");
    /* Somebody of no group and with no oversight learns of no visit. */
    const Reach nothing = {0};
    site.asker = (Asker){.oversight = &nothing};
    assert_int_equal(rows_of(&site, "visits", site.project, nobody, "2026-03-01"), 0);
    assert_int_equal(rows_of(&site, "hazards", site.project, nobody, "2026-03-01"), 1);
    site_close(&site);
}

static void what_was_raised_and_who_was_visited(void **state)
{
    on_each_store(*state, raised);
}

/* Who may write at the project sees violations, and who raised one sees that one. */
static void violations(Stores *stores)
{
    static Site site;
    Err err;
    Reach write = reach_everything();
    Key raiser = KEY_NONE;
    site_open(&site, stores->writer);
    play_add(&site.play, "signal",
             "\"kind\":\"violation\",\"project\":\"%s\",\"raiser\":\"%s\","
             "\"what\":\"未系安全带\",\"place\":\"17号塔\",\"day\":\"2026-02-03\"",
             play_text(site.project), play_text(site.people[2]));
    play_add(&site.play, "signal",
             "\"kind\":\"violation\",\"project\":\"%s\",\"what\":\"跨越警戒线\","
             "\"unnamed\":\"to_everybody\",\"day\":\"2026-02-04\"",
             play_text(site.project));
    must(thing_find(stores->writer, site.play.node.shard, site.people[2], &raiser, &err), &err);
    assert_int_equal(rows_of(&site, "violations", site.project, nobody, "2026-03-01"), 0);
    site.eyes = (SignalEyes){.person = raiser};
    assert_int_equal(rows_of(&site, "violations", site.project, nobody, "2026-03-01"), 1);
    expect_cell(&site, 0, "what", "未系安全带");
    assert_true(memmem(site.text.at, site.text.size, "丙", strlen("丙")) == NULL);
    site.eyes = (SignalEyes){.write = &write};
    assert_int_equal(rows_of(&site, "violations", nobody, site.groups[2], "2026-03-01"), 2);
    expect_cell(&site, 0, "spot", "17号塔");
    expect_cell(&site, 1, "state", "received");
    site.eyes = (SignalEyes){.is_machine = true};
    assert_int_equal(rows_of(&site, "violations", site.project, nobody, "2026-03-01"), 2);
    assert_int_equal(rows_of(&site, "violations", site.project, nobody, "2026-02-02"), 0);
    site_close(&site);
}

static void a_violation_is_for_who_deals_with_it_and_who_raised_it(void **state)
{
    on_each_store(*state, violations);
}

static Id add_talk(Site *site, const char *day)
{
    const Id activity = play_add(&site->play, "activity",
                                 "\"project\":\"%s\",\"title\":\"站班会\",\"day\":\"%s\","
                                 "\"progress\":\"held\"",
                                 play_text(site->project), day);
    site->part = play_add(&site->play, "part",
                          "\"activity\":\"%s\",\"group\":\"%s\",\"meeting\":\"pre_shift_talk\"",
                          play_text(activity), play_text(site->groups[2]));
    return activity;
}

/* Somebody signed for the part, somebody in common, one was away, one did nothing yet. */
static void briefings(Stores *stores)
{
    static Site site;
    const Reach nothing = {0};
    site_open(&site, stores->writer);
    const Id activity = add_talk(&site, "2026-02-05");
    play_add(&site.play, "briefing",
             "\"part\":\"%s\",\"task\":\"组立第二段\",\"safety\":\"吊件下不站人\","
             "\"ticket\":\"B-1\"",
             play_text(site.part));
    play_add(&site.play, "attendance",
             "\"activity\":\"%s\",\"part\":\"%s\",\"person\":\"%s\",\"status\":\"present\","
             "\"signature\":\"shared_phone\"",
             play_text(activity), play_text(site.part), play_text(site.people[0]));
    play_add(&site.play, "attendance",
             "\"activity\":\"%s\",\"person\":\"%s\",\"signature\":\"paper\"", play_text(activity),
             play_text(site.people[1]));
    play_add(&site.play, "attendance",
             "\"activity\":\"%s\",\"person\":\"%s\",\"status\":\"leave\",\"reason\":\"病假\"",
             play_text(activity), play_text(site.people[2]));
    add_talk(&site, "2026-02-06"); /* nobody was briefed */
    assert_int_equal(rows_of(&site, "briefing-signatures", site.project, nobody, "2026-03-01"), 5);
    static const char *const states[] = {"signed", "signed", "away", "unsigned", "no_briefing"};
    static const char *const names[] = {"甲", "乙", "丙", "丁", ""};
    for (size_t i = 0; i < 5; i++) {
        expect_cell(&site, i, "name", names[i]);
        expect_cell(&site, i, "state", states[i]);
    }
    expect_cell(&site, 0, "signature", "shared_phone");
    expect_cell(&site, 1, "signature", "paper");
    expect_cell(&site, 0, "told_task", "组立第二段");
    play_command(&site.play,
                 "\"do\":\"attendance.add\",\"fields\":{\"activity\":\"%s\","
                 "\"person\":\"%s\",\"read_on\":\"2026-02-07\"}",
                 play_text(activity), play_text(site.people[2]));
    (void)rows_of(&site, "briefing-signatures", site.project, nobody, "2026-03-01");
    expect_cell(&site, 2, "state", "read_up");
    /* Whoever belongs to no crew learns that there was a briefing, and nothing of it. */
    site.asker = (Asker){.oversight = &nothing};
    assert_int_equal(rows_of(&site, "briefing-signatures", site.project, nobody, "2026-03-01"), 2);
    expect_cell(&site, 0, "day", "2026-02-05");
    expect_cell(&site, 0, "told_task", "");
    expect_cell(&site, 0, "name", "");
    site_close(&site);
}

static void who_signed_under_a_briefing_and_who_did_not(void **state)
{
    on_each_store(*state, briefings);
}

static void add_planned(Site *site, const char *title, const char *day, const char *progress)
{
    const Id activity = play_add(&site->play, "activity",
                                 "\"project\":\"%s\",\"title\":\"%s\",\"day\":\"%s\","
                                 "\"progress\":\"%s\"",
                                 play_text(site->project), title, day, progress);
    play_add(&site->play, "part", "\"activity\":\"%s\",\"group\":\"%s\",\"meeting\":\"theme_day\"",
             play_text(activity), play_text(site->groups[0]));
}

/* Lines by the day they fall on, whatever quarter they were first planned in; activities that were
 * planned without a line; not what was only written down when it was over. */
static void plans(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    Play *play = &site.play;
    play_add(play, "plan_line",
             "\"project\":\"%s\",\"title\":\"第一季度党课\",\"day\":\"2026-03-31\","
             "\"party\":true,\"focus\":\"thought\"",
             play_text(site.project));
    play_add(play, "plan_line",
             "\"project\":\"%s\",\"title\":\"第二季度党课\",\"day\":\"2026-04-01\","
             "\"party\":true,\"crew\":true",
             play_text(site.project));
    add_planned(&site, "计划的主题党日", "2026-12-24", "planned");
    add_planned(&site, "取消的主题党日", "2026-12-24", "cancelled");
    add_planned(&site, "补记的主题党日", "2026-02-05", "held");
    site.when = "2026-Q1";
    assert_int_equal(rows_of(&site, "party-plan", site.project, nobody, "2026-12-20"), 1);
    expect_cell(&site, 0, "plan_line", "第一季度党课");
    expect_cell(&site, 0, "focus", "thought");
    expect_cell(&site, 0, "state", "overdue");
    expect_cell(&site, 0, "planned_at", "二期");
    assert_int_equal(rows_of(&site, "crew-plan", site.project, nobody, "2026-12-20"), 0);
    site.when = "2026-Q2";
    assert_int_equal(rows_of(&site, "crew-plan", nobody, site.groups[2], "2026-12-20"), 1);
    site.when = "2026";
    assert_int_equal(rows_of(&site, "party-plan", site.project, nobody, "2026-12-20"), 3);
    expect_cell(&site, 2, "title", "计划的主题党日");
    expect_cell(&site, 2, "meeting", "theme_day");
    expect_cell(&site, 2, "state", "ahead");
    assert_int_equal(rows_of(&site, "union-plan", site.project, nobody, "2026-12-20"), 0);
    site_close(&site);
}

static void a_plan_has_lines_and_what_is_planned_without_one(void **state)
{
    on_each_store(*state, plans);
}

/* How long each is kept stands in the pack alone. */
static void kept(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    (void)rows_of(&site, "party-plan", site.project, nobody, "2026-03-01");
    const DocValue *ledger = doc_get(site.doc.root, "ledger");
    assert_int_equal(doc_int(doc_get(ledger, "kept_years")), 30);
    assert_true(text_is(doc_text(doc_get(ledger, "kept_as")), "plans"));
    assert_true(text_is(doc_text(doc_get(doc_get(ledger, "rule"), "id")), "programme"));
    (void)rows_of(&site, "party-members", site.project, nobody, "2026-03-01");
    assert_int_equal(doc_type(doc_get(doc_get(site.doc.root, "ledger"), "kept_years")), DOC_NULL);
    site_close(&site);
}

static void how_long_a_ledger_is_kept_is_a_rule(void **state)
{
    on_each_store(*state, kept);
}

static void refusals(Stores *stores)
{
    static Site site;
    Err err;
    site_open(&site, stores->writer);
    assert_int_equal(ask(&site, "theme-days", nobody, site.groups[2], "2026-03-01", &err),
                     ERR_INVALID);
    assert_int_equal(ask(&site, "theme-days", site.unit, nobody, "2026-03-01", &err),
                     ERR_NOT_FOUND);
    assert_int_equal(ledger_named(TEXT("no-such")), LEDGER_COUNT);
    site_close(&site);
}

static void a_ledger_of_another_kind_of_group_is_refused(void **state)
{
    on_each_store(*state, refusals);
}

static void no_field_is_asked_twice(void **state)
{
    (void)state;
    assert_int_equal(ledger_asked_twice(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_once_it_stands_in_each_groups_ledger),
        cmocka_unit_test(rosters_are_those_of_the_day),
        cmocka_unit_test(obligations_and_tasks_are_told_as_they_stand),
        cmocka_unit_test(what_was_raised_and_who_was_visited),
        cmocka_unit_test(a_violation_is_for_who_deals_with_it_and_who_raised_it),
        cmocka_unit_test(who_signed_under_a_briefing_and_who_did_not),
        cmocka_unit_test(a_plan_has_lines_and_what_is_planned_without_one),
        cmocka_unit_test(how_long_a_ledger_is_kept_is_a_rule),
        cmocka_unit_test(a_ledger_of_another_kind_of_group_is_refused),
        cmocka_unit_test(no_field_is_asked_twice),
    };
    return cmocka_run_group_tests_name("ledger", tests, stores_setup, stores_teardown);
}
