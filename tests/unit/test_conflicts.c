/* What we promise about conflicts: each is shown with both values, by name, to those who may settle
 * it and to nobody else; and settling it makes it go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/conflicts.h"
#include "base/doc.h"
#include "store/things.h"
#include "support/meet.h"
#include "support/stores.h"

#define ROOM ((size_t)1 << 20)

/* Two nodes; two units with a person each, whom both nodes rename; and a project that both move. */
typedef struct Fork {
    Play nodes[2];
    Store *second;
    Id units[2];
    Id people[2];
    Id project;
    Arena arena;
    Buf text;
    Doc doc;
} Fork;

static void carry(Fork *fork, size_t from, size_t to)
{
    Mailbag bag;
    mailbag_init(&bag);
    meet_collect(&fork->nodes[from], fork->nodes, 2, &bag);
    meet_give_all(&fork->nodes[to], &bag);
    mailbag_done(&bag);
}

static void change(Fork *fork, size_t node, const char *kind, Id id, const char *fields)
{
    const Answer answer =
        play_command(&fork->nodes[node], "\"do\":\"%s.change\",\"id\":\"%s\",\"fields\":{%s}", kind,
                     play_text(id), fields);
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static Fork *fork_open(Stores *stores)
{
    static Fork fork;
    memset(&fork, 0, sizeof fork);
    writer_begin();
    fork.second = stores_another(stores);
    play_join(&fork.nodes[0], stores->writer, 1);
    play_join(&fork.nodes[1], fork.second, 2);
    for (int i = 0; i < 2; i++) {
        fork.units[i] = play_add(&fork.nodes[0], "unit", "\"name\":\"公司%d\"", i);
        fork.people[i] = play_add(&fork.nodes[0], "person", "\"name\":\"人%d\",\"unit\":\"%s\"", i,
                                  play_text(fork.units[i]));
    }
    fork.project = play_add(&fork.nodes[0], "project",
                            "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                            play_text(fork.units[0]));
    carry(&fork, 0, 1);
    fake_host_pass(&fork.nodes[1].fake, 60000);
    for (size_t node = 0; node < 2; node++)
        for (int i = 0; i < 2; i++)
            change(&fork, node, "person", fork.people[i],
                   node == 0 ? "\"name\":\"张一\"" : "\"name\":\"张二\"");
    carry(&fork, 1, 0);
    arena_init(&fork.arena, ROOM);
    buf_init(&fork.text, ROOM);
    return &fork;
}

static void fork_close(Fork *fork)
{
    doc_done(&fork->doc);
    buf_done(&fork->text);
    arena_done(&fork->arena);
    play_leave(&fork->nodes[1]);
    play_leave(&fork->nodes[0]);
    store_close(&fork->second);
    writer_end();
}

static const DocValue *ask(Fork *fork, Reach reach, int64_t size)
{
    Err err;
    Emit emit;
    const Play *play = &fork->nodes[0];
    const ListAsk list = {.page = 1, .size = size};
    const View view = {.store = play->store,
                       .pack = play->node.pack,
                       .reach = reach,
                       .shard = play->node.shard,
                       .utc_offset_minutes = 480,
                       .on = 20700,
                       .arena = &fork->arena};
    doc_done(&fork->doc);
    buf_clear(&fork->text);
    emit_init(&emit, &fork->text);
    must(answer_conflicts(&view, &list, &emit, &err), &err);
    emit_done(&emit);
    must(doc_parse(&fork->doc, buf_as_bytes(&fork->text), &err), &err);
    return fork->doc.root;
}

static Reach reach_of(Fork *fork, Id unit)
{
    Err err;
    Reach reach;
    Key key = KEY_NONE;
    must(thing_find(fork->nodes[0].store, 1, unit, &key, &err), &err);
    must(reach_below(fork->nodes[0].store, 1, key, &fork->arena, &reach, &err), &err);
    return reach;
}

static void assert_text(const DocValue *item, const char *member, const char *text)
{
    assert_true(text_is(doc_text(doc_get(item, member)), text));
}

static void both_values_are_shown_by_name(Stores *stores)
{
    Fork *fork = fork_open(stores);
    const DocValue *root = ask(fork, reach_everything(), PAGE_SIZE_ALL);
    assert_int_equal(doc_count(doc_get(root, "items")), 2);
    const DocValue *item = doc_at(doc_get(root, "items"), 0);
    assert_text(item, "kind", "person");
    assert_text(item, "field", "name");
    assert_text(doc_get(item, "thing"), "name", "张二"); /* the later one shows */
    assert_text(item, "shown", "张二");
    assert_text(item, "rival", "张一");
    assert_false(doc_bool(doc_get(item, "sealed")));
    fork_close(fork);
}

static void only_who_may_settle_it_sees_it(Stores *stores)
{
    Fork *fork = fork_open(stores);
    const DocValue *root = ask(fork, reach_of(fork, fork->units[0]), PAGE_SIZE_ALL);
    assert_int_equal(doc_int(doc_get(root, "total")), 1);
    char id[ID_TEXT_MAX];
    assert_text(doc_get(doc_at(doc_get(root, "items"), 0), "thing"), "id",
                id_write(fork->people[0], id));
    fork_close(fork);
}

static void a_conflict_in_a_project_is_for_who_may_write_there(Stores *stores)
{
    Fork *fork = fork_open(stores);
    carry(fork, 0, 1);
    change(fork, 0, "project", fork->project, "\"name\":\"甲期\"");
    change(fork, 1, "project", fork->project, "\"name\":\"乙期\"");
    carry(fork, 1, 0);
    assert_int_equal(doc_int(doc_get(ask(fork, reach_of(fork, fork->units[0]), 1), "total")), 2);
    assert_int_equal(doc_int(doc_get(ask(fork, reach_of(fork, fork->units[1]), 1), "total")), 1);
    fork_close(fork);
}

static void what_is_settled_is_gone(Stores *stores)
{
    Fork *fork = fork_open(stores);
    change(fork, 0, "person", fork->people[0], "\"name\":\"张一\"");
    assert_int_equal(doc_int(doc_get(ask(fork, reach_everything(), 1), "total")), 1);
    change(fork, 0, "person", fork->people[1], "\"name\":\"张二\""); /* the same value will do */
    assert_int_equal(doc_int(doc_get(ask(fork, reach_everything(), 1), "total")), 0);
    fork_close(fork);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(shown, both_values_are_shown_by_name)
ON_EACH(reach, only_who_may_settle_it_sees_it)
ON_EACH(projects, a_conflict_in_a_project_is_for_who_may_write_there)
ON_EACH(settled, what_is_settled_is_gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shown),
        cmocka_unit_test(reach),
        cmocka_unit_test(projects),
        cmocka_unit_test(settled),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
