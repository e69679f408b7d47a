/* What we promise about what came down: headquarters knows of each project whether its box has
 * received it, from the ticket that the box sent along, and from which day on it knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/notice.h"
#include "answer/tasks.h"
#include "base/doc.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "sync/carry.h"

#define BUNDLE_MAX ((size_t)4 << 20)
#define A_DAY_MS   UINT64_C(86400000)

/* Headquarters with two projects; a box serves the first, nobody the second. */
typedef struct Pair {
    Play hq;
    Play box;
    Store *second;
    Id unit;
    Id projects[2];
    Id notice;
    Id item;
    Id task;
} Pair;

static void befriend(Play *play, Play *other, const char *name, const Warrant *warrant)
{
    Err err;
    Peer peer = {.name = text_from_z(name),
                 .key = signing_key_public(&other->node.signing_key),
                 .node_short = other->node.node_short,
                 .warrant = *warrant};
    must(peers_add(play->store, &peer, &err), &err);
}

static Id add_project(Pair *pair, const char *name)
{
    return play_add(&pair->hq, "project", "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                    name, play_text(pair->unit));
}

static void pair_open(Pair *pair, Stores *stores)
{
    const Warrant parent = {.is_everything = true};
    memset(pair, 0, sizeof *pair);
    writer_begin();
    pair->second = stores_another(stores);
    play_join(&pair->hq, stores->writer, 1);
    play_join(&pair->box, pair->second, 2);
    pair->unit = play_add(&pair->hq, "unit", "\"name\":\"公司\"");
    pair->projects[0] = add_project(pair, "一期");
    pair->projects[1] = add_project(pair, "二期");
    const Warrant site = {.grants = {{pair->projects[0], false}, {pair->unit, false}}, .count = 2};
    befriend(&pair->hq, &pair->box, "site", &site);
    befriend(&pair->box, &pair->hq, "hq", &parent);
    pair->item =
        play_add(&pair->hq, "item",
                 "\"title\":\"查螺栓\",\"unit\":\"%s\",\"goal\":\"safety\",\"mode\":\"common\","
                 "\"for_crew\":true,\"done_when\":\"有表\",\"due\":\"2026-07-01\"",
                 play_text(pair->unit));
    pair->notice = play_add(&pair->hq, "notice",
                            "\"unit\":\"%s\",\"title\":\"大风\",\"text\":\"停止高处作业\"",
                            play_text(pair->unit));
    pair->task = play_add(&pair->hq, "task", "\"item\":\"%s\",\"project\":\"%s\"",
                          play_text(pair->item), play_text(pair->projects[0]));
}

static void pair_close(Pair *pair)
{
    play_leave(&pair->box);
    play_leave(&pair->hq);
    store_close(&pair->second);
    writer_end();
}

/* A bundle from one to the other, read at once. */
static void carry(Play *from, Play *to, const char *name)
{
    Err err;
    Peers peers;
    const Peer *peer = NULL;
    Written written = {0};
    Carried carried;
    AUTO(buf_done) Buf bundle = {0};
    AUTO(arena_done) Arena arena = {0};
    writer_expect();
    buf_init(&bundle, BUNDLE_MAX);
    arena_init(&arena, (size_t)16 << 20);
    must(peers_load(from->store, &from->arena, &peers, &err), &err);
    must(peer_named(&peers, text_from_z(name), &peer, &err), &err);
    must(carry_write(from->engine, peer, &bundle, &written, &err), &err);
    must(carry_read(to->engine, buf_as_bytes(&bundle), &arena, &carried, &err), &err);
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

static View begin(Pair *pair, Day on, Told *told, Emit *emit)
{
    *told = (Told){0};
    arena_init(&told->arena, (size_t)16 << 20);
    buf_init(&told->text, (size_t)1 << 20);
    emit_init(emit, &told->text);
    return (View){.store = pair->hq.store,
                  .pack = pair->hq.node.pack,
                  .reach = reach_everything(),
                  .shard = pair->hq.node.shard,
                  .utc_offset_minutes = pair->hq.node.utc_offset_minutes,
                  .on = on,
                  .arena = &told->arena};
}

static Told tell_notice(Pair *pair, Day on)
{
    Err err;
    Emit emit;
    Told told;
    const NoticeAsk ask = {.list = {.page = 1, .size = 50}, .eyes = {.is_machine = true}};
    const View view = begin(pair, on, &told, &emit);
    must(answer_notice(&view, pair->notice, &ask, &emit, &err), &err);
    must(doc_parse(&told.doc, buf_as_bytes(&told.text), &err), &err);
    return told;
}

static Told tell_task(Pair *pair, Day on)
{
    Err err;
    Emit emit;
    Told told;
    const View view = begin(pair, on, &told, &emit);
    must(answer_task(&view, pair->task, &emit, &err), &err);
    must(doc_parse(&told.doc, buf_as_bytes(&told.text), &err), &err);
    return told;
}

static void expect_box(const DocValue *line, DocType received, bool is_received, Day told)
{
    char text[DAY_TEXT_MAX];
    const DocValue *box = doc_get(line, "box");
    assert_true(text_is(doc_text(doc_get(box, "name")), "site"));
    assert_int_equal(doc_type(doc_get(box, "received")), received);
    if (received == DOC_BOOL) assert_int_equal(doc_bool(doc_get(box, "received")), is_received);
    if (told == DAY_OPEN)
        assert_int_equal(doc_type(doc_get(box, "told")), DOC_NULL);
    else
        assert_true(text_is(doc_text(doc_get(box, "told")), day_write(told, text)));
}

/* Of the notice, which is for both projects, and of the task, which is at the first. */
static void expect_all(Pair *pair, Day on, DocType received, bool is_received, Day day)
{
    Told told = tell_notice(pair, on);
    const DocValue *projects = doc_get(told.doc.root, "projects");
    assert_int_equal(doc_count(projects), 2);
    for (size_t i = 0; i < 2; i++) {
        const Text name = doc_text(doc_get(doc_get(doc_at(projects, i), "project"), "name"));
        if (text_is(name, "一期"))
            expect_box(doc_at(projects, i), received, is_received, day);
        else
            assert_int_equal(doc_type(doc_get(doc_at(projects, i), "box")), DOC_NULL);
    }
    told_done(&told);
    told = tell_task(pair, on);
    expect_box(told.doc.root, received, is_received, day);
    told_done(&told);
}

static void received(Stores *stores)
{
    static Pair pair;
    pair_open(&pair, stores);
    const Day first = node_today(&pair.hq.node);
    expect_all(&pair, first, DOC_NULL, false, DAY_OPEN); /* the box has said nothing yet */
    /* The box writes before it has read anything: it does not hold what came down. */
    carry(&pair.box, &pair.hq, "hq");
    expect_all(&pair, first, DOC_BOOL, false, first);
    /* Headquarters' bundle goes out; that it arrived is known only when a ticket comes back. */
    pair.hq.fake.now_ms += A_DAY_MS;
    pair.box.fake.now_ms += A_DAY_MS;
    carry(&pair.hq, &pair.box, "site");
    expect_all(&pair, first + 1, DOC_BOOL, false, first);
    pair.box.fake.now_ms += A_DAY_MS;
    pair.hq.fake.now_ms += A_DAY_MS;
    carry(&pair.box, &pair.hq, "hq");
    expect_all(&pair, first + 2, DOC_BOOL, true, first + 2);
    /* Of an earlier day nothing is said: the ticket of that day is not kept. */
    expect_all(&pair, first + 1, DOC_NULL, false, DAY_OPEN);
    /* What is written after that has not arrived; what had arrived still has. */
    pair.notice = play_add(&pair.hq, "notice", "\"unit\":\"%s\",\"title\":\"又\",\"text\":\"再\"",
                           play_text(pair.unit));
    Told told = tell_notice(&pair, first + 2);
    const DocValue *projects = doc_get(told.doc.root, "projects");
    for (size_t i = 0; i < doc_count(projects); i++)
        if (doc_type(doc_get(doc_at(projects, i), "box")) == DOC_OBJECT)
            expect_box(doc_at(projects, i), DOC_BOOL, false, first + 2);
    told_done(&told);
    told = tell_task(&pair, first + 2);
    expect_box(told.doc.root, DOC_BOOL, true, first + 2);
    told_done(&told);
    pair_close(&pair);
}

static void headquarters_knows_what_a_box_has_received(void **state)
{
    on_each_store(*state, received);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headquarters_knows_what_a_box_has_received),
    };
    return cmocka_run_group_tests_name("arrival", tests, stores_setup, stores_teardown);
}
