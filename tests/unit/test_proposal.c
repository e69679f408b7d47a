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
#include "store/rows.h"
#include "store/things.h"
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
    assert_int_equal(number(proposal, "meetings"), 5 + 3);
    assert_int_equal(number(proposal, "activities"), 5);
    assert_int_equal(number(proposal, "joined"), 0);
    assert_int_equal(number(proposal, "daily"), 22);
    const DocValue *items_before = doc_get(proposal, "items");
    size_t apart = 0;
    assert_int_equal(doc_count(items_before), 22 + 5);
    for (size_t i = 0; i < doc_count(items_before); i++) {
        const DocValue *why = doc_get(doc_at(items_before, i), "apart");
        if (doc_type(why) == DOC_NULL) continue;
        assert_true(text_is(doc_text(doc_get(why, "code")), "daily"));
        assert_int_equal(number(doc_at(items_before, i), "saved_minutes"), 0);
        apart++;
    }
    assert_int_equal(apart, 22);
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

/* ---- What is planned is joined ---- */

static Id plan_theme_day(Site *site, const char *day)
{
    const Answer answer = play_command(
        &site->play,
        "\"do\":\"activity.add\",\"fields\":{\"project\":\"%s\",\"title\":\"主题党日\","
        "\"day\":\"%s\",\"duration\":90},\"parts\":[{\"group\":\"%s\",\"meeting\":\"theme_day\"}]",
        play_text(site->project), day, play_text(site->groups[0]));
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
    return answer.ids[0];
}

static const DocValue *joining_item(const DocValue *proposal)
{
    const DocValue *items = doc_get(proposal, "items");
    for (size_t i = 0; i < doc_count(items); i++)
        if (doc_type(doc_get(doc_at(items, i), "joins")) == DOC_OBJECT) return doc_at(items, i);
    fail_msg("nothing is joined");
    return NULL;
}

/* The Party group's and the union's meeting and the week's safety day join the theme day that is
 * planned; four safety days are left. Nothing new is made for those three, and it takes an hour
 * more: the Party group sits through both of its meetings. */
static void a_join(Stores *stores)
{
    static Site site;
    AUTO(said_done) Said before = {0};
    AUTO(said_done) Said owed = {0};
    Err err;
    Record activity;
    RowState state;
    Key key = KEY_NONE;
    site_open(&site, stores->writer);
    const Id planned = plan_theme_day(&site, "2026-06-03");
    const DocValue *proposal = ask_merge(&site, "2026-06", &before);
    assert_int_equal(number(proposal, "meetings"), 5 + 2);
    assert_int_equal(number(proposal, "activities"), 4);
    assert_int_equal(number(proposal, "joined"), 1);
    assert_int_equal(number(proposal, "saved_minutes"), 60 + 60 + 60 - 60);
    const DocValue *item = joining_item(proposal);
    assert_true(text_is(doc_text(doc_get(doc_get(item, "joins"), "id")), play_text(planned)));
    assert_int_equal(doc_count(doc_get(item, "covers")), 3);
    const Answer done = accept(&site, "2026-06", doc_text(doc_get(proposal, "proposal")));
    if (done.status != ANSWER_DONE) fail_msg("%s", done.detail);
    assert_int_equal(number(doc_get(ask_owed(&site, "2026-06", &owed), "counts"), "planned"), 30);
    must(thing_find(stores->writer, site.play.node.shard, planned, &key, &err), &err);
    must(row_load(stores->writer, site.play.node.shard, key, vocab_kind(KIND_ACTIVITY), &site.arena,
                  &activity, &state, &err),
         &err);
    assert_int_equal(record_int(&activity, ACTIVITY_DURATION, 0), 150);
    assert_int_equal(record_int(&activity, ACTIVITY_PROGRESS, 0), PROGRESS_IS_PLANNED);
    site_close(&site);
}

static void what_is_planned_is_joined(void **state)
{
    on_each_store(*state, a_join);
}

/* Somebody moves, cancels or voids the activity that would be joined: the proposal is refused. */
static void a_change_of_plan(Stores *stores, const char *change, int64_t planned_after)
{
    static Site site;
    AUTO(said_done) Said before = {0};
    AUTO(said_done) Said owed = {0};
    site_open(&site, stores->writer);
    const Id planned = plan_theme_day(&site, "2026-06-03");
    const Text proposal = doc_text(doc_get(ask_merge(&site, "2026-06", &before), "proposal"));
    const Answer changed =
        play_command(&site.play, "\"do\":\"activity.change\",\"id\":\"%s\",\"fields\":{%s}",
                     play_text(planned), change);
    if (changed.status != ANSWER_DONE) fail_msg("%s", changed.detail);
    const Answer old = accept(&site, "2026-06", proposal);
    assert_int_equal(old.status, ANSWER_REFUSED);
    assert_int_equal(old.code, ERR_CONFLICT);
    assert_int_equal(number(doc_get(ask_owed(&site, "2026-06", &owed), "counts"), "planned"),
                     planned_after);
    site_close(&site);
}

static void a_move(Stores *stores)
{
    a_change_of_plan(stores, "\"day\":\"2026-06-04\"", 1);
}

static void a_cancellation(Stores *stores)
{
    a_change_of_plan(stores, "\"progress\":\"cancelled\"", 0);
}

static void what_is_joined_and_was_changed_is_refused(void **state)
{
    on_each_store(*state, a_move);
    on_each_store(*state, a_cancellation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_is_planned_once),
        cmocka_unit_test(what_has_changed_since_is_refused),
        cmocka_unit_test(what_is_overdue_is_made_up),
        cmocka_unit_test(what_is_planned_is_joined),
        cmocka_unit_test(what_is_joined_and_was_changed_is_refused),
    };
    return cmocka_run_group_tests_name("proposal", tests, stores_setup, stores_teardown);
}
