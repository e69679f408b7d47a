/* What we promise about the page of a person: it names every group the person belongs to, by
 * whatever way that came about, and every exception. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "base/doc.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/board.h"

/* A unit, a project and one group of each kind; nobody is stationed yet. */
typedef struct Town {
    Play play;
    Changes *changes;
    Board *board;
    Id unit;
    Id project;
    Id party;
    Id crew;
} Town;

static Id add_group(Town *town, const char *kind)
{
    return play_add(&town->play, "group", "\"name\":\"%s\",\"unit\":\"%s\",\"kind\":\"%s\"", kind,
                    play_text(town->unit), kind);
}

static Id add_person(Town *town, const char *name)
{
    const Id person = play_add(&town->play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name,
                               play_text(town->unit));
    play_add(&town->play, "standing",
             "\"person\":\"%s\",\"standing\":\"party_formal\",\"from\":\"2020-01-01\"",
             play_text(person));
    return person;
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 4);
    town->unit = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->project = play_add(&town->play, "project",
                             "\"name\":\"二期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                             play_text(town->unit));
    town->party = add_group(town, "party");
    town->crew = add_group(town, "crew");
    changes_open(&town->changes, engine_version(town->play.engine));
    board_open(&town->board, town->play.node.pack, town->play.node.shard, town->changes);
}

static void town_close(Town *town)
{
    board_close(&town->board);
    changes_close(&town->changes);
    play_close(&town->play);
}

typedef ErrCode (*Ask)(const View *view, Id id, Emit *emit, Err *err);

static ErrCode ask_members(const View *view, Id group, Emit *emit, Err *err)
{
    const ListAsk all = {.page = 1, .size = PAGE_SIZE_DEFAULT};
    return answer_group_members(view, group, &all, emit, err);
}

static void ask(Town *town, Ask question, Id id, Doc *out_doc)
{
    Err err;
    Day on = 0;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    Emit emit;
    arena_init(&arena, (size_t)4 << 20);
    buf_init(&text, (size_t)1 << 20);
    emit_init(&emit, &text);
    must(day_parse(TEXT("2026-06-01"), &on, &err), &err);
    const View view = {.store = town->play.store,
                       .board = town->board,
                       .pack = town->play.node.pack,
                       .reach = reach_everything(),
                       .shard = town->play.node.shard,
                       .utc_offset_minutes = town->play.node.utc_offset_minutes,
                       .on = on,
                       .arena = &arena};
    must(question(&view, id, &emit, &err), &err);
    must(doc_parse(out_doc, buf_as_bytes(&text), &err), &err);
}

static bool is_text_at(const DocValue *value, const char *key, const char *wanted)
{
    return text_is(doc_text(doc_get(value, key)), wanted);
}

static void crew_without_a_station(Stores *stores)
{
    static Town town;
    AUTO(doc_done) Doc doc = {0};
    town_open(&town, stores->writer);
    const Id person = add_person(&town, "王工");
    play_add(&town.play, "posting",
             "\"person\":\"%s\",\"project\":\"%s\",\"crew\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(person), play_text(town.project), play_text(town.crew));
    ask(&town, answer_person, person, &doc);
    const DocValue *groups = doc_get(doc.root, "groups");
    assert_int_equal(doc_count(groups), 1);
    assert_true(is_text_at(doc_at(groups, 0), "kind", "crew"));
    assert_int_equal(doc_count(doc_get(doc.root, "exceptions")), 0);
    town_close(&town);
}

static void a_crew_that_stands_nowhere_is_shown(void **state)
{
    on_each_store(*state, crew_without_a_station);
}

static void include(Town *town, Id person, const char *from, const char *to)
{
    play_add(&town->play, "exception",
             "\"group\":\"%s\",\"person\":\"%s\",\"effect\":\"include\",\"reason\":\"借调\","
             "\"from\":\"%s\",\"to\":\"%s\"",
             play_text(town->party), play_text(person), from, to);
}

static void included_from_afar(Stores *stores)
{
    static Town town;
    AUTO(doc_done) Doc page = {0};
    AUTO(doc_done) Doc members = {0};
    town_open(&town, stores->writer);
    const Id person = add_person(&town, "李工"); /* posted nowhere */
    include(&town, person, "2026-05-01", "2026-06-30");
    include(&town, person, "2026-09-01", "2026-09-30");
    ask(&town, answer_person, person, &page);
    const DocValue *groups = doc_get(page.root, "groups");
    const DocValue *exceptions = doc_get(page.root, "exceptions");
    assert_int_equal(doc_count(groups), 1);
    assert_true(is_text_at(doc_at(groups, 0), "kind", "party"));
    assert_int_equal(doc_count(exceptions), 2); /* the later one too */
    assert_true(is_text_at(doc_at(exceptions, 0), "effect", "include"));
    assert_true(is_text_at(doc_at(exceptions, 1), "from", "2026-09-01"));

    ask(&town, ask_members, town.party, &members);
    const DocValue *items = doc_get(members.root, "items");
    assert_int_equal(doc_count(items), 1);
    assert_int_equal(doc_type(doc_get(doc_at(items, 0), "posting")), DOC_NULL);
    assert_true(is_text_at(doc_at(items, 0), "party", "formal"));
    town_close(&town);
}

static void somebody_included_from_afar_is_shown_with_what_they_are(void **state)
{
    on_each_store(*state, included_from_afar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crew_that_stands_nowhere_is_shown),
        cmocka_unit_test(somebody_included_from_afar_is_shown_with_what_they_are),
    };
    return cmocka_run_group_tests_name("answer_people", tests, stores_setup, stores_teardown);
}
