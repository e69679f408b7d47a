/* What we promise about a site's own board: one answer has coverage, groups, what is owed, what was
 * and will be held, open tasks and the programme, the most urgent first and no more than asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/site.h"
#include "base/doc.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/board.h"

typedef struct Yard {
    Play play;
    Changes *changes;
    Board *board;
    Id unit;
    Id project;
    Arena arena;
    Buf text;
    Doc doc;
} Yard;

static void yard_open(Yard *yard, Store *store)
{
    static const char *const kinds[] = {"party", "crew"};
    memset(yard, 0, sizeof *yard);
    play_open(&yard->play, store, 4);
    arena_init(&yard->arena, (size_t)16 << 20);
    buf_init(&yard->text, (size_t)1 << 20);
    yard->unit = play_add(&yard->play, "unit", "\"name\":\"公司\"");
    yard->project = play_add(&yard->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(yard->unit));
    for (size_t i = 0; i < 2; i++) {
        const Id group =
            play_add(&yard->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"",
                     kinds[i], play_text(yard->unit), kinds[i]);
        play_add(&yard->play, "station",
                 "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"", play_text(group),
                 play_text(yard->project));
    }
    changes_open(&yard->changes, engine_version(yard->play.engine));
    board_open(&yard->board, yard->play.node.pack, yard->play.node.shard, yard->changes);
}

static void yard_close(Yard *yard)
{
    doc_done(&yard->doc);
    buf_done(&yard->text);
    arena_done(&yard->arena);
    board_close(&yard->board);
    changes_close(&yard->changes);
    play_close(&yard->play);
}

static ErrCode ask(Yard *yard, Id project, const Reach *reach, const char *on, Err *err)
{
    Emit emit;
    View view = {.store = yard->play.store,
                 .board = yard->board,
                 .pack = yard->play.node.pack,
                 .reach = *reach,
                 .shard = yard->play.node.shard,
                 .utc_offset_minutes = yard->play.node.utc_offset_minutes,
                 .arena = &yard->arena};
    TRY(day_parse(text_from_z(on), &view.on, err));
    buf_clear(&yard->text);
    emit_init(&emit, &yard->text);
    TRY(answer_site(&view, project, &emit, err));
    doc_done(&yard->doc);
    yard->doc = (Doc){0};
    return doc_parse(&yard->doc, buf_as_bytes(&yard->text), err);
}

static const DocValue *look(Yard *yard, const char *on)
{
    Err err;
    const Reach everything = reach_everything();
    must(ask(yard, yard->project, &everything, on, &err), &err);
    return yard->doc.root;
}

static void deploy(Yard *yard, const char *title, const char *due)
{
    const Answer answer = play_command(
        &yard->play,
        "\"do\":\"item.deploy\",\"fields\":{\"title\":\"%s\",\"unit\":\"%s\",\"goal\":\"safety\","
        "\"mode\":\"common\",\"for_crew\":true,\"done_when\":\"x\",\"due\":\"%s\","
        "\"day\":\"2026-02-01\"},\"projects\":[\"%s\"]",
        title, play_text(yard->unit), due, play_text(yard->project));
    assert_int_equal(answer.status, ANSWER_DONE);
}

static Text title_at(const DocValue *list, size_t at)
{
    return doc_text(doc_get(doc_at(list, at), "title"));
}

static void all_boards(Stores *stores)
{
    static Yard yard;
    yard_open(&yard, stores->writer);
    for (int i = 0; i < SITE_ITEMS_MAX + 2; i++) {
        char title[32];
        char due[32];
        snprintf(title, sizeof title, "第%d项", i);
        snprintf(due, sizeof due, "2026-03-%02d", 20 - i); /* the last one is the most urgent */
        deploy(&yard, title, due);
    }
    play_add(&yard.play, "activity",
             "\"project\":\"%s\",\"title\":\"近日\",\"day\":\"2026-02-05\",\"progress\":\"held\"",
             play_text(yard.project));
    play_add(&yard.play, "activity",
             "\"project\":\"%s\",\"title\":\"以前\",\"day\":\"2026-01-05\",\"progress\":\"held\"",
             play_text(yard.project));
    play_add(&yard.play, "signal",
             "\"kind\":\"hazard\",\"project\":\"%s\",\"what\":\"拉线松动\","
             "\"day\":\"2026-02-03\"",
             play_text(yard.project));
    play_add(&yard.play, "signal",
             "\"kind\":\"violation\",\"project\":\"%s\",\"what\":\"未系安全带\","
             "\"day\":\"2026-02-03\"",
             play_text(yard.project));
    const DocValue *site = look(&yard, "2026-02-12");
    const DocValue *signals = doc_get(site, "signals");
    assert_int_equal(doc_int(doc_get(signals, "open")), 1); /* a violation is not for everybody */
    assert_int_equal(doc_int(doc_get(signals, "overdue")), 1);
    assert_int_equal(doc_count(doc_get(signals, "next")), 1);
    assert_int_equal(doc_count(doc_get(site, "groups")), 2);
    assert_int_equal(doc_count(doc_get(site, "activities")), 1); /* seven days back, and no more */
    assert_true(text_is(title_at(doc_get(site, "activities"), 0), "近日"));
    const DocValue *tasks = doc_get(doc_get(site, "tasks"), "next");
    assert_int_equal(doc_count(tasks), SITE_ITEMS_MAX);
    assert_true(text_is(title_at(tasks, 0), "第9项"));
    assert_true(text_is(title_at(tasks, SITE_ITEMS_MAX - 1), "第2项"));
    assert_int_equal(doc_int(doc_get(doc_get(doc_get(site, "tasks"), "counts"), "deployed")),
                     SITE_ITEMS_MAX + 2);
    const DocValue *owed = doc_get(doc_get(site, "obligations"), "next");
    assert_int_equal(doc_count(owed), SITE_ITEMS_MAX);
    for (size_t i = 1; i < doc_count(owed); i++) {
        const Text before = doc_text(doc_get(doc_at(owed, i - 1), "due"));
        const Text due = doc_text(doc_get(doc_at(owed, i), "due"));
        assert_true(strncmp(before.at, due.at, 10) <= 0);
    }
    assert_int_equal(doc_type(doc_get(site, "coverage")), DOC_OBJECT);
    assert_int_equal(doc_count(doc_get(look(&yard, "2026-02-13"), "activities")), 0);
    assert_int_equal(doc_int(doc_get(doc_get(look(&yard, "2026-02-02"), "signals"), "open")), 0);
    yard_close(&yard);
}

static void one_answer_has_all_boards_of_a_site(void **state)
{
    on_each_store(*state, all_boards);
}

static void out_of_reach(Stores *stores)
{
    static Yard yard;
    Err err;
    yard_open(&yard, stores->writer);
    Reach nothing = {0};
    map_init(&nothing.units, &yard.arena);
    map_init(&nothing.projects, &yard.arena);
    assert_int_equal(ask(&yard, yard.project, &nothing, "2026-02-12", &err), ERR_NOT_FOUND);
    const Reach everything = reach_everything();
    assert_int_equal(ask(&yard, yard.unit, &everything, "2026-02-12", &err), ERR_NOT_FOUND);
    yard_close(&yard);
}

static void a_site_out_of_reach_is_as_if_it_were_not_there(void **state)
{
    on_each_store(*state, out_of_reach);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_answer_has_all_boards_of_a_site),
        cmocka_unit_test(a_site_out_of_reach_is_as_if_it_were_not_there),
    };
    return cmocka_run_group_tests_name("site", tests, stores_setup, stores_teardown);
}
