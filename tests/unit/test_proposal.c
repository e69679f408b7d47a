/* What we promise about proposals to merge: what is accepted becomes planned activities that cover
 * what was owed, in one act; nobody plans the same twice; what has changed since is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "answer/duties.h"
#include "base/doc.h"
#include "duties/duty.h"
#include "support/play.h"
#include "support/stores.h"

#define TODAY "2026-05-28" /* of every play */

/* A project with a Party group, a union group and a crew. */
typedef struct Site {
    Play play;
    Id unit;
    Id project;
    Id groups[3];
    Arena arena;
} Site;

static void site_open(Site *site, Store *store)
{
    static const char *const kinds[] = {"party", "union", "crew"};
    memset(site, 0, sizeof *site);
    arena_init(&site->arena, (size_t)64 << 20);
    play_open(&site->play, store, 7);
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
}

static void site_close(Site *site)
{
    arena_done(&site->arena);
    play_close(&site->play);
}

static View view_of(Site *site, const char *on)
{
    Err err;
    View view = {.store = site->play.store,
                 .pack = site->play.node.pack,
                 .reach = reach_everything(),
                 .shard = site->play.node.shard,
                 .utc_offset_minutes = site->play.node.utc_offset_minutes,
                 .arena = &site->arena};
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    return view;
}

/* The answer as a document, which is closed with the site. */
typedef struct Said {
    Buf text;
    Doc doc;
} Said;

static void said_done(Said *said)
{
    doc_done(&said->doc);
    buf_done(&said->text);
}

static const DocValue *ask_merge(Site *site, const char *period, Said *said)
{
    Err err;
    Emit emit;
    DayRange within;
    const View view = view_of(site, TODAY);
    buf_init(&said->text, (size_t)4 << 20);
    emit_init(&emit, &said->text);
    must(period_parse(text_from_z(period), view.on, &within, &err), &err);
    must(answer_merge(&view, site->project, within, &emit, &err), &err);
    must(doc_parse(&said->doc, buf_as_bytes(&said->text), &err), &err);
    return said->doc.root;
}

static const DocValue *ask_owed(Site *site, const char *period, Said *said)
{
    Err err;
    Emit emit;
    const View view = view_of(site, TODAY);
    OwedAsk ask = {.project = site->project};
    buf_init(&said->text, (size_t)4 << 20);
    emit_init(&emit, &said->text);
    must(period_parse(text_from_z(period), view.on, &ask.within, &err), &err);
    must(answer_owed(&view, &ask, &emit, &err), &err);
    must(doc_parse(&said->doc, buf_as_bytes(&said->text), &err), &err);
    return said->doc.root;
}

static Answer accept(Site *site, const char *period, Text proposal)
{
    return play_command(&site->play,
                        "\"do\":\"project.merge\",\"project\":\"%s\",\"period\":\"%s\","
                        "\"proposal\":\"%.*s\"",
                        play_text(site->project), period, TEXT_ARG(proposal));
}

static int64_t number(const DocValue *value, const char *key)
{
    return doc_int(doc_get(value, key));
}

/* June 2026 has 22 workdays; its weeks begin on 1, 8, 15, 22 and 29 June. The Party group's two
 * meetings and the union's go with a safety day. */
static void a_month(Stores *stores)
{
    static Site site;
    AUTO(said_done) Said before = {0};
    AUTO(said_done) Said after = {0};
    AUTO(said_done) Said owed = {0};
    site_open(&site, stores->writer);
    const DocValue *proposal = ask_merge(&site, "2026-06", &before);
    assert_int_equal(number(proposal, "meetings"), 22 + 5 + 3);
    assert_int_equal(number(proposal, "activities"), 22 + 5);
    assert_true(doc_bool(doc_get(proposal, "fewest")));
    assert_int_equal(number(proposal, "saved_minutes"), 120);
    assert_int_equal(doc_count(doc_get(proposal, "left")), 0);
    const Answer done = accept(&site, "2026-06", doc_text(doc_get(proposal, "proposal")));
    if (done.status != ANSWER_DONE) fail_msg("%s", done.detail);

    /* All that was owed is planned, says by what, and is not proposed again. */
    const DocValue *answer = ask_owed(&site, "2026-06", &owed);
    const DocValue *counts = doc_get(answer, "counts");
    assert_int_equal(number(counts, "owed"), 30);
    assert_int_equal(number(counts, "ahead"), 30);
    assert_int_equal(number(counts, "planned"), 30);
    const DocValue *items = doc_get(answer, "items");
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *planned = doc_get(doc_at(items, i), "planned");
        assert_int_equal(doc_count(planned), 1);
        assert_int_equal(doc_type(doc_get(doc_at(planned, 0), "activity")), DOC_TEXT);
    }
    const DocValue *again = ask_merge(&site, "2026-06", &after);
    assert_int_equal(number(again, "meetings"), 0);
    const Answer nothing = accept(&site, "2026-06", doc_text(doc_get(again, "proposal")));
    assert_int_equal(nothing.status, ANSWER_REFUSED);
    assert_int_equal(nothing.code, ERR_CONFLICT);
    site_close(&site);
}

static void what_is_accepted_is_planned_once(void **state)
{
    on_each_store(*state, a_month);
}

static void a_change(Stores *stores)
{
    static Site site;
    AUTO(said_done) Said before = {0};
    AUTO(said_done) Said owed = {0};
    site_open(&site, stores->writer);
    const Text proposal = doc_text(doc_get(ask_merge(&site, "2026-06", &before), "proposal"));
    play_add(&site.play, "waiver",
             "\"group\":\"%s\",\"meeting\":\"union_meeting\",\"day\":\"2026-06-01\","
             "\"reason\":\"停工\"",
             play_text(site.groups[1]));
    const Answer old = accept(&site, "2026-06", proposal);
    assert_int_equal(old.status, ANSWER_REFUSED);
    assert_int_equal(old.code, ERR_CONFLICT);
    assert_non_null(strstr(old.detail, "look at the new one"));
    assert_int_equal(accept(&site, "2026-07", proposal).code, ERR_CONFLICT);
    assert_int_equal(accept(&site, "soon", proposal).code, ERR_INVALID);
    /* All or nothing. */
    const DocValue *counts = doc_get(ask_owed(&site, "2026-06", &owed), "counts");
    assert_int_equal(number(counts, "planned"), 0);
    site_close(&site);
}

static void what_has_changed_since_is_refused(void **state)
{
    on_each_store(*state, a_change);
}

/* What was due in April is made up in May: the part says for which period. */
static void late(Stores *stores)
{
    static Site site;
    AUTO(said_done) Said before = {0};
    AUTO(said_done) Said owed = {0};
    site_open(&site, stores->writer);
    const DocValue *proposal = ask_merge(&site, "2026-04", &before);
    /* Five weeks meet April; talks before the shift are not made up. */
    assert_int_equal(number(proposal, "meetings"), 5 + 3);
    assert_int_equal(number(proposal, "activities"), 5);
    assert_int_equal(doc_count(doc_get(proposal, "left")), 22);
    const Answer done = accept(&site, "2026-04", doc_text(doc_get(proposal, "proposal")));
    if (done.status != ANSWER_DONE) fail_msg("%s", done.detail);
    const DocValue *counts = doc_get(ask_owed(&site, "2026-04", &owed), "counts");
    assert_int_equal(number(counts, "planned"), 8);
    assert_int_equal(number(counts, "overdue"), 30);
    site_close(&site);
}

static void what_is_overdue_is_made_up(void **state)
{
    on_each_store(*state, late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_is_planned_once),
        cmocka_unit_test(what_has_changed_since_is_refused),
        cmocka_unit_test(what_is_overdue_is_made_up),
    };
    return cmocka_run_group_tests_name("proposal", tests, stores_setup, stores_teardown);
}
