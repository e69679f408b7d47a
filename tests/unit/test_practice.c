/* What we promise about linked practices: what an activity of one has to show, the register of
 * integrity risks on a day, and visits that only the union group and who oversees it may read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/practices.h"
#include "base/doc.h"
#include "duties/practice.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"

static void each_practice_has_something_to_show(void **state)
{
    (void)state;
    static const struct {
        PracticeFacts facts;
        ReasonCode lacks;
    } cases[] = {
        {{.practice = 0}, REASON_NONE},
        {{.practice = PRACTICE_IS_LEARNING}, REASON_NOTHING_STUDIED},
        {{.practice = PRACTICE_IS_LEARNING, .checked = 1}, REASON_NOTHING_STUDIED},
        {{.practice = PRACTICE_IS_LEARNING, .studied = 1}, REASON_NONE},
        {{.practice = PRACTICE_IS_CREATION}, REASON_NONE},
        {{.practice = PRACTICE_IS_INTEGRITY, .visited = 1}, REASON_NOTHING_CHECKED},
        {{.practice = PRACTICE_IS_INTEGRITY, .checked = 1}, REASON_NONE},
        {{.practice = PRACTICE_IS_CARE, .studied = 1}, REASON_NOBODY_VISITED},
        {{.practice = PRACTICE_IS_CARE, .visited = 1}, REASON_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (practice_lacks(&cases[i].facts) != cases[i].lacks) fail_msg("case %zu", i);
}

typedef struct Site {
    Play play;
    Id unit;
    Id project;
    Id labour;
    Id crew;
    Id person;
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
    memset(site, 0, sizeof *site);
    play_open(&site->play, store, 9);
    site->unit = play_add(&site->play, "unit", "\"name\":\"公司\"");
    site->project = play_add(&site->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(site->unit));
    site->labour = add_group(site, "union");
    site->crew = add_group(site, "crew");
    site->person =
        play_add(&site->play, "person", "\"name\":\"甲\",\"unit\":\"%s\"", play_text(site->unit));
}

static void ask(Site *site, const char *on, const Asker *asker, Doc *out_doc)
{
    Err err;
    Emit emit;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    arena_init(&arena, (size_t)8 << 20);
    buf_init(&text, (size_t)1 << 20);
    emit_init(&emit, &text);
    View view = {.store = site->play.store,
                 .pack = site->play.node.pack,
                 .reach = reach_everything(),
                 .shard = site->play.node.shard,
                 .arena = &arena};
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    if (asker == NULL)
        must(answer_integrity(&view, site->project, &emit, &err), &err);
    else
        must(answer_visits(&view, asker, site->project, (DayRange){DAY_FIRST, DAY_OPEN}, &emit,
                           &err),
             &err);
    must(doc_parse(out_doc, buf_as_bytes(&text), &err), &err);
}

static void registers(Stores *stores)
{
    static Site site;
    site_open(&site, stores->writer);
    const Id risk = play_add(&site.play, "integrity_risk",
                             "\"project\":\"%s\",\"point\":\"车辆用油\",\"kind\":\"process\","
                             "\"grade\":\"low\",\"from\":\"2026-01-10\",\"to\":\"2026-03-31\"",
                             play_text(site.project));
    play_add(&site.play, "integrity_risk",
             "\"project\":\"%s\",\"point\":\"分包结算\",\"kind\":\"duty\",\"grade\":\"high\","
             "\"from\":\"2026-01-10\"",
             play_text(site.project));
    play_add(&site.play, "risk_check",
             "\"risk\":\"%s\",\"found\":\"in_order\",\"day\":\"2026-02-01\"", play_text(risk));
    play_add(&site.play, "risk_check",
             "\"risk\":\"%s\",\"found\":\"not_in_order\",\"day\":\"2026-02-10\"", play_text(risk));
    AUTO(doc_done) Doc before = {0};
    AUTO(doc_done) Doc first = {0};
    AUTO(doc_done) Doc then = {0};
    AUTO(doc_done) Doc after = {0};
    ask(&site, "2026-01-09", NULL, &before);
    assert_int_equal(doc_int(doc_get(before.root, "total")), 0);
    ask(&site, "2026-02-09", NULL, &first);
    assert_int_equal(doc_int(doc_get(first.root, "total")), 2);
    assert_int_equal(doc_int(doc_get(first.root, "unchecked")), 1);
    const DocValue *items = doc_get(first.root, "items");
    assert_true(text_is(doc_text(doc_get(doc_at(items, 0), "grade")), "high")); /* gravest first */
    const DocValue *check = doc_get(doc_at(items, 1), "last_check");
    assert_true(text_is(doc_text(doc_get(check, "found")), "in_order")); /* as of that day */
    ask(&site, "2026-02-10", NULL, &then);
    check = doc_get(doc_at(doc_get(then.root, "items"), 1), "last_check");
    assert_true(text_is(doc_text(doc_get(check, "found")), "not_in_order"));
    ask(&site, "2026-04-01", NULL, &after);
    assert_int_equal(doc_int(doc_get(after.root, "total")), 1);
    play_close(&site.play);
}

static void the_register_is_that_of_a_day(void **state)
{
    on_each_store(*state, registers);
}

static Answer visit(Site *site, Id group, const char *day)
{
    return play_command(&site->play,
                        "\"do\":\"visit.add\",\"fields\":{\"project\":\"%s\",\"group\":\"%s\","
                        "\"person\":\"%s\",\"kind\":\"hardship\",\"day\":\"%s\"}",
                        play_text(site->project), play_text(group), play_text(site->person), day);
}

static void visits(Stores *stores)
{
    static Site site;
    Err err;
    Reach none = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    map_init(&none.units, &arena);
    map_init(&none.projects, &arena);
    site_open(&site, stores->writer);
    assert_int_equal(visit(&site, site.crew, "2026-02-01").code, ERR_INVALID); /* the union's */
    assert_int_equal(visit(&site, site.labour, "2190-02-01").code, ERR_INVALID);
    assert_int_equal(visit(&site, site.labour, "2026-02-01").status, ANSWER_DONE);
    const Asker everything = {.person = KEY_NONE};
    const Asker stranger = {.oversight = &none};
    Asker leader = {.oversight = &none};
    must(thing_find(site.play.store, site.play.node.shard, site.person, &leader.person, &err),
         &err);
    play_add(&site.play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-01-01\"",
             play_text(site.labour), play_text(site.person));
    AUTO(doc_done) Doc all = {0};
    AUTO(doc_done) Doc nothing = {0};
    AUTO(doc_done) Doc own = {0};
    ask(&site, "2026-03-01", &everything, &all);
    ask(&site, "2026-03-01", &stranger, &nothing);
    ask(&site, "2026-03-01", &leader, &own);
    assert_int_equal(doc_count(doc_get(all.root, "items")), 1);
    assert_int_equal(doc_count(doc_get(nothing.root, "items")), 0);
    assert_int_equal(doc_count(doc_get(own.root, "items")), 1);
    play_close(&site.play);
}

static void visits_are_read_by_the_union_group_and_who_oversees_it(void **state)
{
    on_each_store(*state, visits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_practice_has_something_to_show),
        cmocka_unit_test(the_register_is_that_of_a_day),
        cmocka_unit_test(visits_are_read_by_the_union_group_and_who_oversees_it),
    };
    return cmocka_run_group_tests_name("practice", tests, stores_setup, stores_teardown);
}
