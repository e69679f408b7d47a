/* What we promise about hand-over: what is open goes along or is told, what is recorded late at the
 * old site is taken and marked, and a project that closes shows its sheets to those who may read
 * them and to nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/handover.h"
#include "base/doc.h"
#include "duties/duty.h"
#include "plan/handover.h"
#include "seal/reader.h"
#include "store/things.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"

/* ---- Sites ---- */

static void a_group_stands_where_it_stands(void **state)
{
    (void)state;
    const Station stations[] = {{.key = 1, .project = 10, .days = {100, 199}},
                                {.key = 2, .project = 20, .days = {200, 299}},
                                {.key = 3, .project = 10, .days = {300, DAY_OPEN}}};
    static const struct {
        Day on;
        Key before;
        Key now;
    } cases[] = {{99, 0, 0}, {100, 0, 1}, {199, 0, 1}, {200, 1, 2}, {299, 1, 2}, {300, 2, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Sites sites = handover_sites(stations, 3, cases[i].on);
        assert_int_equal(sites.before == NULL ? 0 : sites.before->key, cases[i].before);
        assert_int_equal(sites.now == NULL ? 0 : sites.now->key, cases[i].now);
    }
    assert_false(handover_is_late(stations, 2, 10, 199)); /* the last day there */
    assert_true(handover_is_late(stations, 2, 10, 200));  /* the day after */
    assert_false(handover_is_late(stations, 3, 10, 250)); /* it is to come back */
    assert_false(handover_is_late(stations, 3, 30, 250)); /* it never stood there */
}

/* In whatever order the stations come, the sites are the same. */
static void order_does_not_matter(Prng *prng)
{
    Station stations[6];
    Day day = (Day)prng_below(prng, 50);
    for (size_t i = 0; i < 6; i++) {
        stations[i] = (Station){.key = (Key)i + 1,
                                .project = (Key)(10 + prng_below(prng, 3)),
                                .days = {day, day + (Day)prng_below(prng, 20)}};
        day = stations[i].days.last + 1 + (Day)prng_below(prng, 4);
    }
    const Day on = (Day)prng_below(prng, 180);
    const Sites sites = handover_sites(stations, 6, on);
    const Key before = sites.before == NULL ? 0 : sites.before->key;
    const Key now = sites.now == NULL ? 0 : sites.now->key;
    for (size_t i = 5; i > 0; i--) {
        const size_t other = prng_below(prng, i + 1);
        const Station kept = stations[i];
        stations[i] = stations[other];
        stations[other] = kept;
    }
    const Sites again = handover_sites(stations, 6, on);
    assert_int_equal(again.before == NULL ? 0 : again.before->key, before);
    assert_int_equal(again.now == NULL ? 0 : again.now->key, now);
}

static void property_sites(void **state)
{
    (void)state;
    prop_run("order does not matter", 200, order_does_not_matter);
}

/* ---- Of real groups ---- */

typedef struct Town {
    Play play;
    Id unit;
    Id other_unit;
    Id old_site;
    Id new_site;
    Id group;
    Id member;
    Id worker;
} Town;

static Id add_project(Town *town, const char *name)
{
    return play_add(&town->play, "project",
                    "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\",\"stage\":\"active\"",
                    name, play_text(town->unit));
}

static Id add_person(Town *town, const char *name, Id project)
{
    const Id person = play_add(&town->play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name,
                               play_text(town->unit));
    play_add(&town->play, "posting",
             "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-10\",\"core\":true",
             play_text(person), play_text(project));
    return person;
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 4);
    town->unit = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->other_unit = play_add(&town->play, "unit", "\"name\":\"别的公司\"");
    town->old_site = add_project(town, "一期");
    town->new_site = add_project(town, "二期");
    town->group =
        play_add(&town->play, "group", "\"name\":\"流动党小组\",\"unit\":\"%s\",\"kind\":\"party\"",
                 play_text(town->unit));
    play_add(&town->play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-10\"",
             play_text(town->group), play_text(town->old_site));
    town->member = add_person(town, "党员", town->old_site);
    town->worker = add_person(town, "群众", town->old_site);
    play_add(&town->play, "standing",
             "\"person\":\"%s\",\"standing\":\"party_formal\",\"from\":\"2015-07-01\"",
             play_text(town->member));
    play_add(&town->play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-01-10\"",
             play_text(town->group), play_text(town->member));
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

static void begin(Town *town, const char *on, Told *told, View *view, Emit *emit)
{
    Err err;
    *told = (Told){0};
    arena_init(&told->arena, (size_t)16 << 20);
    buf_init(&told->text, (size_t)1 << 20);
    emit_init(emit, &told->text);
    *view = (View){.store = town->play.store,
                   .pack = town->play.node.pack,
                   .reach = reach_everything(),
                   .shard = town->play.node.shard,
                   .utc_offset_minutes = town->play.node.utc_offset_minutes,
                   .arena = &told->arena};
    must(day_parse(text_from_z(on), &view->on, &err), &err);
}

static const SignalEyes machine_eyes = {.is_machine = true};

static void tell_handover(Town *town, const char *on, Told *told)
{
    Err err;
    View view;
    Emit emit;
    begin(town, on, told, &view, &emit);
    must(answer_handover(&view, town->group, &machine_eyes, duty_period(PERIOD_MONTH, view.on),
                         &emit, &err),
         &err);
    must(doc_parse(&told->doc, buf_as_bytes(&told->text), &err), &err);
}

static void tell_closing_to(Town *town, const char *on, const SignalEyes *eyes,
                            const Reach *oversight, Told *told)
{
    Err err;
    View view;
    Emit emit;
    begin(town, on, told, &view, &emit);
    must(answer_closing(&view, town->old_site, eyes, oversight, &emit, &err), &err);
    must(doc_parse(&told->doc, buf_as_bytes(&told->text), &err), &err);
}

static void tell_closing(Town *town, const char *on, const Reach *oversight, Told *told)
{
    tell_closing_to(town, on, &machine_eyes, oversight, told);
}

static bool stands_at(const Told *told, const char *member, const char *name)
{
    const DocValue *project = doc_get(doc_get(told->doc.root, member), "project");
    return text_is(doc_text(doc_get(project, "name")), name);
}

static size_t count_of(const Told *told, const char *member)
{
    return doc_count(doc_get(told->doc.root, member));
}

static void expect_done(Answer answer)
{
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static void add_open_work(Town *town)
{
    expect_done(play_command(
        &town->play,
        "\"do\":\"item.deploy\",\"fields\":{\"title\":\"查拉线\","
        "\"unit\":\"%s\",\"goal\":\"safety\",\"mode\":\"common\","
        "\"for_party\":true,\"done_when\":\"查完\",\"due\":\"2026-09-30\"},\"projects\":[\"%s\"]",
        play_text(town->unit), play_text(town->old_site)));
    play_add(&town->play, "plan_line",
             "\"project\":\"%s\",\"title\":\"一期总结\",\"day\":\"2026-05-01\",\"party\":true",
             play_text(town->old_site));
    play_add(&town->play, "plan_line",
             "\"project\":\"%s\",\"title\":\"二期策划\",\"day\":\"2026-06-20\",\"party\":true",
             play_text(town->new_site));
    play_add(&town->play, "plan_line", /* another kind of group */
             "\"project\":\"%s\",\"title\":\"班组练兵\",\"day\":\"2026-06-20\",\"crew\":true",
             play_text(town->new_site));
    play_add(
        &town->play, "waiver",
        "\"group\":\"%s\",\"meeting\":\"theme_day\",\"day\":\"2026-06-02\",\"reason\":\"抢险\"",
        play_text(town->group));
}

static void moved(Stores *stores)
{
    static Town town;
    Told told;
    town_open(&town, stores->writer);
    add_open_work(&town);
    tell_handover(&town, "2026-06-10", &told);
    assert_true(stands_at(&told, "now", "一期"));
    assert_int_equal(doc_type(doc_get(told.doc.root, "before")), DOC_NULL);
    assert_int_equal(count_of(&told, "tasks"), 1);
    assert_int_equal(count_of(&told, "plan_lines"), 1);
    told_done(&told);
    expect_done(play_command(&town.play,
                             "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\","
                             "\"on\":\"2026-05-20\"",
                             play_text(town.group), play_text(town.new_site)));
    tell_handover(&town, "2026-06-10", &told);
    assert_true(stands_at(&told, "before", "一期"));
    assert_true(stands_at(&told, "now", "二期"));
    assert_int_equal(count_of(&told, "tasks"), 1); /* of the old site: somebody takes it over */
    assert_int_equal(count_of(&told, "plan_lines"), 2);
    assert_int_equal(count_of(&told, "waivers"), 1);
    assert_int_equal(count_of(&told, "offices"), 1);
    assert_true(count_of(&told, "ledgers") > 3);
    /* June's Party group meeting is due; the theme day was waived. */
    assert_int_equal(count_of(&told, "obligations"), 1);
    assert_int_equal(count_of(&told, "late"), 0);
    told_done(&told);
    /* What is told late at the old site is taken, counts, and is marked. */
    expect_done(play_command(&town.play,
                             "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\","
                             "\"title\":\"交接会\",\"day\":\"2026-05-18\",\"progress\":\"held\"},"
                             "\"parts\":[{\"group\":\"%s\",\"meeting\":\"party_group_meeting\"}]",
                             play_text(town.old_site), play_text(town.group)));
    tell_handover(&town, "2026-06-10", &told);
    assert_int_equal(count_of(&told, "late"), 1);
    told_done(&told);
    tell_handover(&town, "2026-05-20", &told); /* not recorded yet on that day */
    assert_int_equal(count_of(&told, "late"), 0);
    told_done(&told);
    play_close(&town.play);
}

static void what_is_open_goes_along(void **state)
{
    on_each_store(*state, moved);
}

/* ---- Closing ---- */

static Answer add_sheet(Town *town, Id group, Id person)
{
    return play_command(&town->play,
                        "\"do\":\"appraisal_sheet.add\",\"fields\":{\"group\":\"%s\","
                        "\"person\":\"%s\",\"project\":\"%s\",\"appraisal\":\"带头抢工期\","
                        "\"day\":\"2026-05-20\"}",
                        play_text(group), play_text(person), play_text(town->old_site));
}

/* What a role at a scope may read of the one sheet. */
static bool reads_sheet(Town *town, RoleCode role, Id scope)
{
    Told told;
    Err err;
    Key key = KEY_NONE;
    AUTO(arena_done) Arena arena = {0};
    Reach oversight;
    arena_init(&arena, (size_t)1 << 20);
    must(thing_find(town->play.store, town->play.node.shard, scope, &key, &err), &err);
    const Grant grant = {role, key};
    must(reach_load(town->play.store, town->play.node.shard, &grant, 1, MAY_OVERSEE, &arena,
                    &oversight, &err),
         &err);
    tell_closing(town, "2026-06-01", &oversight, &told);
    const DocValue *sheet = doc_at(doc_get(told.doc.root, "sheets"), 0);
    const bool is_shown = doc_type(doc_get(sheet, "appraisal")) == DOC_TEXT;
    assert_int_equal(doc_bool(doc_get(sheet, "hidden")), !is_shown);
    const bool leaks = text_contains(buf_as_text(&told.text), TEXT("带头抢工期"));
    assert_int_equal(leaks, is_shown);
    told_done(&told);
    return is_shown;
}

static void closed(Stores *stores)
{
    static Town town;
    Told told;
    const Reach everything = reach_everything();
    town_open(&town, stores->writer);
    add_open_work(&town);
    tell_closing(&town, "2026-06-01", &everything, &told);
    assert_int_equal(count_of(&told, "sheets"), 1); /* of the member, not of the worker */
    assert_int_equal(doc_int(doc_get(told.doc.root, "sheets_missing")), 1);
    const DocValue *open = doc_get(told.doc.root, "open");
    assert_int_equal(doc_count(doc_get(open, "tasks")), 1);
    assert_int_equal(doc_count(doc_get(open, "plan_lines")), 1);
    assert_int_equal(doc_count(doc_get(open, "stations")), 1);
    assert_int_equal(doc_count(doc_get(open, "postings")), 2);
    assert_true(count_of(&told, "archive") > 10);
    told_done(&told);
    const Id crew =
        play_add(&town.play, "group", "\"name\":\"班\",\"unit\":\"%s\",\"kind\":\"crew\"",
                 play_text(town.unit));
    assert_int_equal(add_sheet(&town, crew, town.member).code, ERR_INVALID);
    expect_done(add_sheet(&town, town.group, town.member));
    assert_int_equal(add_sheet(&town, town.group, town.member).code, ERR_CONFLICT);
    assert_true(reads_sheet(&town, ROLE_STAFF, town.unit));
    assert_true(reads_sheet(&town, ROLE_AUDITOR, town.unit));
    assert_false(reads_sheet(&town, ROLE_STAFF, town.other_unit));
    assert_false(reads_sheet(&town, ROLE_STAFF, town.old_site)); /* of the site alone */
    assert_false(reads_sheet(&town, ROLE_LEADER, town.unit));
    assert_false(reads_sheet(&town, ROLE_WORKER, town.unit));
    tell_closing(&town, "2026-05-19", &everything, &told); /* not written yet */
    assert_int_equal(doc_int(doc_get(told.doc.root, "sheets_missing")), 1);
    told_done(&told);
    play_close(&town.play);
}

static void a_closing_project_shows_sheets_to_who_may_read_them(void **state)
{
    on_each_store(*state, closed);
}

/* ---- Signals ---- */

static Id raise(Town *town, const char *kind, Id site, const char *what)
{
    return play_add(&town->play, "signal",
                    "\"kind\":\"%s\",\"project\":\"%s\",\"what\":\"%s\",\"day\":\"2026-03-01\"",
                    kind, play_text(site), what);
}

static void expect_signals(const DocValue *open, size_t count, int64_t sealed)
{
    assert_int_equal(doc_count(doc_get(open, "signals")), count);
    assert_int_equal(doc_int(doc_get(open, "sealed_signals")), sealed);
}

/* Who only sees a part of it: those raised for everybody, and nothing of what is sealed. */
static void some_eyes(Town *town)
{
    Told told;
    const SignalEyes eyes = {.person = KEY_NONE};
    const Reach everything = reach_everything();
    tell_closing_to(town, "2026-04-01", &eyes, &everything, &told);
    expect_signals(doc_get(told.doc.root, "open"), 2, 0); /* the hazard and the idea */
    told_done(&told);
}

static void signals_too(Stores *stores)
{
    static Town town;
    Told told;
    char public_key[READER_KEY_TEXT];
    ReaderSecret secret;
    ReaderKey key;
    town_open(&town, stores->writer);
    reader_make(town.play.node.host, &key, &secret);
    play_add(&town.play, "reader",
             "\"unit\":\"%s\",\"purpose\":\"integrity\",\"holder\":\"%s\",\"key\":\"%s\","
             "\"from\":\"2026-01-01\"",
             play_text(town.unit), play_text(town.member), reader_key_write(&key, public_key));
    raise(&town, "hazard", town.old_site, "缺护栏");
    raise(&town, "need", town.old_site, "要药品");
    raise(&town, "idea", town.old_site, "加灯");
    raise(&town, "integrity", town.old_site, "收红包");
    raise(&town, "hazard", town.new_site, "漏电");
    const Id answered = raise(&town, "blocker", town.old_site, "停水");
    play_add(&town.play, "handling",
             "\"signal\":\"%s\",\"step\":\"answer\",\"note\":\"水车来了\",\"day\":\"2026-03-02\"",
             play_text(answered));
    tell_handover(&town, "2026-04-01", &told);
    expect_signals(told.doc.root, 1, 0); /* what the site answers */
    const DocValue *first = doc_at(doc_get(told.doc.root, "signals"), 0);
    assert_true(text_is(doc_text(doc_get(first, "what")), "缺护栏"));
    told_done(&told);
    tell_handover(&town, "2026-02-28", &told); /* not raised yet */
    expect_signals(told.doc.root, 0, 0);
    told_done(&told);
    const Reach everything = reach_everything();
    tell_closing(&town, "2026-04-01", &everything, &told);
    expect_signals(doc_get(told.doc.root, "open"), 3, 1);
    told_done(&told);
    some_eyes(&town);
    reader_secret_done(&secret);
    play_close(&town.play);
}

static void open_signals_are_handed_over_and_of_what_is_sealed_a_count(void **state)
{
    on_each_store(*state, signals_too);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_stands_where_it_stands),
        cmocka_unit_test(property_sites),
        cmocka_unit_test(what_is_open_goes_along),
        cmocka_unit_test(a_closing_project_shows_sheets_to_who_may_read_them),
        cmocka_unit_test(open_signals_are_handed_over_and_of_what_is_sealed_a_count),
    };
    return cmocka_run_group_tests_name("handover", tests, stores_setup, stores_teardown);
}
