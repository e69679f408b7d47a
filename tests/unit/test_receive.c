/* What we promise when nodes meet: they end with the same state whatever the order in which their
 * segments came, and nothing that somebody wrote is lost without being listed. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "answer/conflicts.h"
#include "engine/verify.h"
#include "store/query.h"
#include "store/things.h"
#include "support/crash_vfs.h"
#include "support/meet.h"
#include "support/prop.h"
#include "support/stores.h"
#include "view/board.h"

#define NODES_MAX  4
#define THINGS_MAX 64

static int64_t count_conflicts(Play *play)
{
    Err err;
    int64_t count = 0;
    AUTO(query_done) Query query = {0};
    must(query_begin(&query, play->store, CONFLICTS, &err), &err);
    query_bind_int(&query, 1, play->node.shard);
    for (bool found = true; found; count += found)
        must(query_next(&query, &found, &err), &err);
    return count;
}

static void assert_equal_state(Play *a, Play *b)
{
    const Digest left = meet_hash(a);
    const Digest right = meet_hash(b);
    assert_memory_equal(left.at, right.at, sizeof left.at);
}

static void change(Play *play, const char *kind, Id id, const char *fields)
{
    const Answer answer = play_command(play, "\"do\":\"%s.change\",\"id\":\"%s\",\"fields\":{%s}",
                                       kind, play_text(id), fields);
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

/* Everything one node has goes to the other. */
static void carry(Play *nodes, size_t count, size_t from, size_t to)
{
    Mailbag bag;
    mailbag_init(&bag);
    meet_collect(&nodes[from], nodes, count, &bag);
    meet_give_all(&nodes[to], &bag);
    mailbag_done(&bag);
}

static Text name_of_unit(Play *play, Id unit)
{
    Err err;
    Key key = KEY_NONE;
    Text name = {0};
    bool found = false;
    AUTO(query_done) Query query = {0};
    must(thing_find(play->store, play->node.shard, unit, &key, &err), &err);
    must(query_begin(&query, play->store, UNIT_CARD, &err), &err);
    query_bind_int(&query, 1, play->node.shard);
    query_bind_int(&query, 2, key);
    must(query_next(&query, &found, &err), &err);
    if (found) must(query_text(&query, 0, &play->arena, &name, &err), &err);
    return name;
}

typedef struct Pair {
    Play nodes[2];
    Store *second;
} Pair;

static Pair *pair_open(Stores *stores)
{
    static Pair pair;
    writer_begin();
    pair.second = stores_another(stores);
    play_join(&pair.nodes[0], stores->writer, 1);
    play_join(&pair.nodes[1], pair.second, 2);
    return &pair;
}

static void pair_close(Pair *pair)
{
    play_leave(&pair->nodes[1]);
    play_leave(&pair->nodes[0]);
    store_close(&pair->second);
    writer_end();
}

static void what_one_wrote_the_other_shows(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Play *a = &pair->nodes[0];
    const Id unit = play_add(a, "unit", "\"name\":\"公司\"");
    const Id project = play_add(
        a, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"", play_text(unit));
    const Id person =
        play_add(a, "person", "\"name\":\"王海\",\"unit\":\"%s\",\"phone\":\"13800138000\"",
                 play_text(unit));
    (void)play_add(a, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"2026-05-01\"",
                   play_text(person), play_text(project));
    carry(pair->nodes, 2, 0, 1);
    assert_equal_state(a, &pair->nodes[1]);
    assert_true(text_is(name_of_unit(&pair->nodes[1], unit), "公司"));
    meet_rebuild(&pair->nodes[1]);
    assert_equal_state(a, &pair->nodes[1]);

    Err err;
    VerifyReport report;
    must(verify_journal(&pair->nodes[1].node, pair->nodes[1].store, &report, &err), &err);
    assert_int_equal(report.fault_count, 0);
    pair_close(pair);
}

static void different_fields_merge_without_a_word(Stores *stores)
{
    Pair *pair = pair_open(stores);
    const Id unit = play_add(&pair->nodes[0], "unit", "\"name\":\"公司\"");
    carry(pair->nodes, 2, 0, 1);
    change(&pair->nodes[0], "unit", unit, "\"name\":\"总公司\"");
    change(&pair->nodes[1], "unit", unit, "\"code\":\"C-1\"");
    carry(pair->nodes, 2, 0, 1);
    carry(pair->nodes, 2, 1, 0);
    assert_equal_state(&pair->nodes[0], &pair->nodes[1]);
    assert_int_equal(count_conflicts(&pair->nodes[0]), 0);
    assert_true(text_is(name_of_unit(&pair->nodes[1], unit), "总公司"));
    pair_close(pair);
}

static void
the_same_field_at_the_same_time_is_listed_until_somebody_who_knows_both_writes(Stores *stores)
{
    Pair *pair = pair_open(stores);
    const Id unit = play_add(&pair->nodes[0], "unit", "\"name\":\"公司\"");
    carry(pair->nodes, 2, 0, 1);
    change(&pair->nodes[0], "unit", unit, "\"name\":\"甲\"");
    fake_host_pass(&pair->nodes[1].fake, 60000);
    change(&pair->nodes[1], "unit", unit, "\"name\":\"乙\"");
    carry(pair->nodes, 2, 0, 1);
    carry(pair->nodes, 2, 1, 0);
    assert_equal_state(&pair->nodes[0], &pair->nodes[1]);
    assert_int_equal(count_conflicts(&pair->nodes[0]), 1);
    assert_true(text_is(name_of_unit(&pair->nodes[0], unit), "乙")); /* the later one */

    change(&pair->nodes[0], "unit", unit, "\"name\":\"丙\"");
    carry(pair->nodes, 2, 0, 1);
    assert_equal_state(&pair->nodes[0], &pair->nodes[1]);
    assert_int_equal(count_conflicts(&pair->nodes[1]), 0);
    assert_true(text_is(name_of_unit(&pair->nodes[1], unit), "丙"));
    pair_close(pair);
}

static void who_sees_several_values_settles_them_with_one_command(Stores *stores)
{
    static Play nodes[3];
    Store *others[2];
    writer_begin();
    play_join(&nodes[0], stores->writer, 1);
    for (size_t i = 0; i < 2; i++) {
        others[i] = stores_another(stores);
        play_join(&nodes[i + 1], others[i], i + 2);
    }
    const Id unit = play_add(&nodes[0], "unit", "\"name\":\"公司\"");
    carry(nodes, 3, 0, 1);
    carry(nodes, 3, 0, 2);
    change(&nodes[0], "unit", unit, "\"name\":\"甲\"");
    change(&nodes[1], "unit", unit, "\"name\":\"乙\"");
    change(&nodes[2], "unit", unit, "\"name\":\"丙\"");
    carry(nodes, 3, 1, 0);
    carry(nodes, 3, 2, 0);
    assert_int_equal(count_conflicts(&nodes[0]), 2);
    change(&nodes[0], "unit", unit, "\"name\":\"丁\"");
    assert_int_equal(count_conflicts(&nodes[0]), 0);
    for (size_t i = 1; i < 3; i++) {
        carry(nodes, 3, 0, i);
        assert_int_equal(count_conflicts(&nodes[i]), 0);
        assert_true(text_is(name_of_unit(&nodes[i], unit), "丁"));
        assert_equal_state(&nodes[0], &nodes[i]);
    }
    for (size_t i = 3; i > 0; i--)
        play_leave(&nodes[i - 1]);
    for (size_t i = 0; i < 2; i++)
        store_close(&others[i]);
    writer_end();
}

static void a_clock_ten_years_ahead_wins_nothing_from_who_knew_better(Stores *stores)
{
    Pair *pair = pair_open(stores);
    fake_host_pass(&pair->nodes[1].fake, UINT64_C(315360000000));
    const Id unit = play_add(&pair->nodes[0], "unit", "\"name\":\"公司\"");
    carry(pair->nodes, 2, 0, 1);
    change(&pair->nodes[1], "unit", unit, "\"name\":\"来自未来\"");
    carry(pair->nodes, 2, 1, 0);
    const uint64_t now_ms = pair->nodes[0].fake.now_ms;
    change(&pair->nodes[0], "unit", unit, "\"name\":\"现在\"");
    play_reopen(&pair->nodes[0], pair->nodes[0].store); /* it still is after a start */
    const Id later = play_add(&pair->nodes[0], "unit", "\"name\":\"子公司\"");
    assert_true(id_stamp(later) >> 12 <= now_ms + 600000 + 1000); /* pulled ten minutes at most */
    carry(pair->nodes, 2, 0, 1);
    assert_equal_state(&pair->nodes[0], &pair->nodes[1]);
    assert_true(text_is(name_of_unit(&pair->nodes[1], unit), "现在"));
    assert_int_equal(count_conflicts(&pair->nodes[1]), 0);
    pair_close(pair);
}

static void what_does_not_follow_waits_and_the_missing_part_is_named(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Mailbag first;
    Mailbag second;
    mailbag_init(&first);
    mailbag_init(&second);
    const Id unit = play_add(&pair->nodes[0], "unit", "\"name\":\"公司\"");
    change(&pair->nodes[0], "unit", unit, "\"name\":\"甲\"");
    meet_collect(&pair->nodes[0], pair->nodes, 2, &first);
    change(&pair->nodes[0], "unit", unit, "\"name\":\"乙\"");
    meet_collect(&pair->nodes[0], pair->nodes, 2, &second);
    assert_int_equal(second.count, 2);
    const Reception early = meet_give(&pair->nodes[1], &second, 1);
    assert_int_equal(early.status, RECEPTION_EARLY);
    assert_int_equal(early.missing_first, 1);
    assert_int_equal(early.missing_last, 2);
    assert_int_equal(meet_give(&pair->nodes[1], &first, 0).status, RECEPTION_NEW);
    assert_int_equal(meet_give(&pair->nodes[1], &first, 0).status, RECEPTION_KNOWN);
    assert_int_equal(meet_give(&pair->nodes[1], &second, 1).status, RECEPTION_NEW);
    assert_equal_state(&pair->nodes[0], &pair->nodes[1]);
    mailbag_done(&second);
    mailbag_done(&first);
    pair_close(pair);
}

static void two_histories_and_foreign_signatures_are_refused(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Store *twin_store = stores_another(stores);
    static Play twin;
    Mailbag bag;
    mailbag_init(&bag);
    const Id unit = play_add(&pair->nodes[0], "unit", "\"name\":\"公司\"");
    /* The same node once more, as after a restored backup: it writes another history. */
    play_join(&twin, twin_store, 1);
    assert_true(id_equal(play_add(&twin, "unit", "\"name\":\"公司二\""), unit));
    meet_collect(&pair->nodes[0], pair->nodes, 2, &bag);
    meet_collect(&twin, pair->nodes, 2, &bag);
    assert_int_equal(meet_give(&pair->nodes[1], &bag, 0).status, RECEPTION_NEW);
    const Digest before = meet_hash(&pair->nodes[1]);
    const Reception forked = meet_give(&pair->nodes[1], &bag, 1);
    assert_int_equal(forked.status, RECEPTION_BAD);
    assert_int_equal(forked.fault.kind, FAULT_FORKED);
    assert_int_equal(forked.fault.first_bad, 1);
    bag.items[0].key = signing_key_public(&pair->nodes[1].node.signing_key);
    assert_int_equal(meet_give(&pair->nodes[1], &bag, 0).fault.kind, FAULT_WRONG_KEY);
    const Digest after = meet_hash(&pair->nodes[1]);
    assert_memory_equal(before.at, after.at, sizeof before.at);
    mailbag_done(&bag);
    play_leave(&twin);
    store_close(&twin_store);
    pair_close(pair);
}

/* ---- any number of nodes ---- */

typedef struct Field {
    Play *nodes;
    size_t count;
    Id units[THINGS_MAX];
    Id projects[THINGS_MAX];
    Id people[THINGS_MAX];
    Id groups[THINGS_MAX];
    Id postings[THINGS_MAX];
    size_t unit_count;
    size_t project_count;
    size_t person_count;
    size_t group_count;
    size_t posting_count;
} Field;

static const char *any_of(Prng *prng, const Id *ids, size_t count)
{
    return count == 0 ? "01a2008d-7400-7000-8d1d-43e62f400000"
                      : play_text(ids[prng_below(prng, count)]);
}

static void keep(Id *ids, size_t *count, Answer answer)
{
    if (answer.status == ANSWER_DONE && *count < THINGS_MAX) ids[(*count)++] = answer.ids[0];
}

static unsigned any_day(Prng *prng)
{
    return 1 + (unsigned)prng_below(prng, 6);
}

static void add_something(Field *field, Play *play, Prng *prng)
{
    const char *unit = any_of(prng, field->units, field->unit_count);
    const char *project = any_of(prng, field->projects, field->project_count);
    const char *person = any_of(prng, field->people, field->person_count);
    const unsigned name = (unsigned)prng_below(prng, 9);
    switch (prng_below(prng, 7)) {
    case 0:
        keep(field->units, &field->unit_count,
             play_command(play, "\"do\":\"unit.add\",\"fields\":{\"name\":\"单位%u\"}", name));
        return;
    case 1:
        keep(field->projects, &field->project_count,
             play_command(play,
                          "\"do\":\"project.add\",\"fields\":{\"name\":\"项目%u\",\"unit\":\"%s\","
                          "\"from\":\"2026-01-01\"}",
                          name, unit));
        return;
    case 2:
        keep(field->people, &field->person_count,
             play_command(play,
                          "\"do\":\"person.add\",\"fields\":{\"name\":\"人%u\",\"unit\":\"%s\","
                          "\"phone\":\"1380013800%u\"}",
                          name, unit, name));
        return;
    case 3:
        keep(field->groups, &field->group_count,
             play_command(play,
                          "\"do\":\"group.add\",\"fields\":{\"name\":\"组%u\",\"unit\":\"%s\","
                          "\"kind\":\"party\"}",
                          name, unit));
        return;
    case 4:
        (void)play_command(play,
                           "\"do\":\"standing.add\",\"fields\":{\"person\":\"%s\","
                           "\"standing\":\"party_formal\",\"from\":\"2026-05-0%u\"}",
                           person, any_day(prng));
        return;
    default:
        keep(field->postings, &field->posting_count,
             play_command(play,
                          "\"do\":\"posting.add\",\"fields\":{\"person\":\"%s\",\"project\":\"%s\","
                          "\"from\":\"2026-05-0%u\"}",
                          person, project, any_day(prng)));
        return;
    }
}

static void change_something(Field *field, Play *play, Prng *prng)
{
    const unsigned name = (unsigned)prng_below(prng, 9);
    const char *unit = any_of(prng, field->units, field->unit_count);
    switch (prng_below(prng, 6)) {
    case 0:
        (void)play_command(play,
                           "\"do\":\"unit.change\",\"id\":\"%s\",\"fields\":{\"name\":\"新%u\"}",
                           unit, name);
        return;
    case 1:
        (void)play_command(play,
                           "\"do\":\"unit.change\",\"id\":\"%s\",\"fields\":{\"parent\":\"%s\"}",
                           unit, any_of(prng, field->units, field->unit_count));
        return;
    case 2:
        (void)play_command(
            play,
            "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"name\":\"改%u\",\"trade\":%s}",
            any_of(prng, field->people, field->person_count), name,
            prng_below(prng, 2) == 0 ? "null" : "\"架线\"");
        return;
    case 3:
        (void)play_command(
            play, "\"do\":\"posting.change\",\"id\":\"%s\",\"fields\":{\"to\":\"2026-06-0%u\"}",
            any_of(prng, field->postings, field->posting_count), any_day(prng));
        return;
    case 4:
        (void)play_command(play, "\"do\":\"posting.void\",\"id\":\"%s\"",
                           any_of(prng, field->postings, field->posting_count));
        return;
    default:
        (void)play_command(
            play, "\"do\":\"project.change\",\"id\":\"%s\",\"fields\":{\"name\":\"工程%u\"}",
            any_of(prng, field->projects, field->project_count), name);
        return;
    }
}

/* Whatever is missing or contradicts itself: every question has an answer. */
static void ask_everything(Play *play)
{
    Err err;
    Changes *changes = NULL;
    Board *board = NULL;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    Emit emit;
    const ListAsk all = {.page = 1, .size = PAGE_SIZE_ALL};
    const CoverageAsk coverage = {.list = all};
    arena_init(&arena, (size_t)64 << 20);
    buf_init(&text, (size_t)16 << 20);
    changes_open(&changes, 0);
    board_open(&board, play->node.pack, play->node.shard, changes);
    const View view = {.store = play->store,
                       .board = board,
                       .pack = play->node.pack,
                       .reach = reach_everything(),
                       .shard = play->node.shard,
                       .utc_offset_minutes = 480,
                       .on = day_of_ms(UINT64_C(1780000000000), 480),
                       .arena = &arena};
    emit_init(&emit, &text);
    emit_open_array(&emit);
    must(answer_coverage(&view, &coverage, &emit, &err), &err);
    must(answer_projects(&view, &all, &emit, &err), &err);
    must(answer_groups(&view, &all, &emit, &err), &err);
    must(answer_persons(&view, &all, &emit, &err), &err);
    must(answer_units(&view, &all, &emit, &err), &err);
    must(answer_gaps(&view, &emit, &err), &err);
    must(answer_conflicts(&view, &all, &emit, &err), &err);
    emit_close_array(&emit);
    emit_done(&emit);
    must(buf_check(&text, &err), &err);
    board_close(&board);
    changes_close(&changes);
}

/* A few segments, in any order, some of them twice, most of them not at all. */
static void meet_by_chance(Field *field, Prng *prng)
{
    Mailbag bag;
    const size_t from = (size_t)prng_below(prng, field->count);
    const size_t to = (size_t)prng_below(prng, field->count);
    if (from == to) return;
    mailbag_init(&bag);
    meet_collect(&field->nodes[from], field->nodes, field->count, &bag);
    const uint64_t tries = bag.count == 0 ? 0 : prng_below(prng, 2 * bag.count);
    for (uint64_t i = 0; i < tries; i++) {
        const Reception reception =
            meet_give(&field->nodes[to], &bag, (size_t)prng_below(prng, bag.count));
        if (reception.status == RECEPTION_BAD) fail_msg("%s", reception.words);
    }
    mailbag_done(&bag);
    ask_everything(&field->nodes[to]);
}

static void assert_converged(Field *field)
{
    for (int round = 0; round < 2; round++)
        for (size_t from = 0; from < field->count; from++)
            for (size_t to = 0; to < field->count; to++)
                if (from != to) carry(field->nodes, field->count, from, to);
    for (size_t i = 1; i < field->count; i++)
        assert_equal_state(&field->nodes[0], &field->nodes[i]);
    for (size_t i = 0; i < field->count; i++) {
        const Digest live = meet_hash(&field->nodes[i]);
        meet_rebuild(&field->nodes[i]);
        const Digest again = meet_hash(&field->nodes[i]);
        assert_memory_equal(live.at, again.at, sizeof live.at);
    }
}

static void work_and_meet(Field *field, Prng *prng)
{
    for (size_t i = 0; i < field->count; i++) /* clocks that disagree by up to an hour */
        fake_host_pass(&field->nodes[i].fake, prng_below(prng, 3600000));
    for (int step = 0; step < 60; step++) {
        Play *play = &field->nodes[prng_below(prng, field->count)];
        const uint64_t what = prng_below(prng, 10);
        if (what < 4)
            add_something(field, play, prng);
        else if (what < 8)
            change_something(field, play, prng);
        else
            meet_by_chance(field, prng);
        fake_host_pass(&play->fake, prng_below(prng, 5000));
    }
    assert_converged(field);
}

static void nodes_on_disks_in_memory_converge(Prng *prng)
{
    static Play nodes[NODES_MAX];
    Field field = {.nodes = nodes, .count = 2 + (size_t)prng_below(prng, NODES_MAX - 1)};
    CrashVfs *disks[NODES_MAX] = {0};
    Store *stores[NODES_MAX] = {0};
    writer_begin();
    for (size_t i = 0; i < field.count; i++) {
        disks[i] = crash_vfs_install(prng_next(prng));
        stores[i] = store_must_open(&(StoreOptions){
            .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disks[i])});
        play_join(&nodes[i], stores[i], i + 1);
    }
    work_and_meet(&field, prng);
    for (size_t i = 0; i < field.count; i++) {
        play_leave(&nodes[i]);
        store_close(&stores[i]);
        crash_vfs_remove(&disks[i]);
    }
    writer_end();
}

static void whatever_the_order_all_end_with_the_same_state(void **state)
{
    (void)state;
    prop_run("receive", 60, nodes_on_disks_in_memory_converge);
}

static void nodes_on_each_store_converge(Stores *stores)
{
    static Play nodes[3];
    Store *others[2];
    Prng prng = {.state = 5};
    Field field = {.nodes = nodes, .count = 3};
    writer_begin();
    play_join(&nodes[0], stores->writer, 1);
    for (size_t i = 0; i < 2; i++) {
        others[i] = stores_another(stores);
        play_join(&nodes[i + 1], others[i], i + 2);
    }
    work_and_meet(&field, &prng);
    for (size_t i = 3; i > 0; i--)
        play_leave(&nodes[i - 1]);
    for (size_t i = 0; i < 2; i++)
        store_close(&others[i]);
    writer_end();
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(shown, what_one_wrote_the_other_shows)
ON_EACH(merge, different_fields_merge_without_a_word)
ON_EACH(listed, the_same_field_at_the_same_time_is_listed_until_somebody_who_knows_both_writes)
ON_EACH(settled, who_sees_several_values_settles_them_with_one_command)
ON_EACH(clocks, a_clock_ten_years_ahead_wins_nothing_from_who_knew_better)
ON_EACH(gaps, what_does_not_follow_waits_and_the_missing_part_is_named)
ON_EACH(forks, two_histories_and_foreign_signatures_are_refused)
ON_EACH(converge, nodes_on_each_store_converge)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settled),
        cmocka_unit_test(shown),
        cmocka_unit_test(merge),
        cmocka_unit_test(listed),
        cmocka_unit_test(clocks),
        cmocka_unit_test(gaps),
        cmocka_unit_test(forks),
        cmocka_unit_test(converge),
        cmocka_unit_test(whatever_the_order_all_end_with_the_same_state),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
