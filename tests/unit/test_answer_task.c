/* What we promise about showing tasks: as they stood on any day, who held what climbed, every step
 * with what it came to, and nothing of what is out of reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answer/tasks.h"
#include "base/doc.h"
#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"

/* A company above a department in charge of two projects; an item for crews at both, due on 10 May
 * 2026: one reports late, is sent back, and passes; of the other nobody hears. */
typedef struct Town {
    Play play;
    Id company;
    Id department;
    Id projects[2];
    Id crew;
    Id item;
    Id tasks[2];
    Reach reach;
    Arena arena;
    Buf text;
    Doc doc;
} Town;

static void take(Town *town, int task, const char *act, const char *day, const char *rest)
{
    (void)play_add(&town->play, "step", "\"task\":\"%s\",\"act\":\"%s\",\"day\":\"%s\"%s",
                   play_text(town->tasks[task]), act, day, rest);
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 9);
    town->reach = reach_everything();
    arena_init(&town->arena, (size_t)64 << 20);
    buf_init(&town->text, (size_t)8 << 20);
    Play *play = &town->play;
    town->company = play_add(play, "unit", "\"name\":\"公司\"");
    town->department =
        play_add(play, "unit", "\"name\":\"部门\",\"parent\":\"%s\"", play_text(town->company));
    for (int i = 0; i < 2; i++)
        town->projects[i] =
            play_add(play, "project", "\"name\":\"%d期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                     i, play_text(town->department));
    town->crew = play_add(play, "group", "\"name\":\"班\",\"unit\":\"%s\",\"kind\":\"crew\"",
                          play_text(town->department));
    (void)play_add(play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-01-01\"",
                   play_text(town->crew), play_text(town->projects[1]));
    town->item = play_add(play, "item",
                          "\"title\":\"查地脚螺栓\",\"unit\":\"%s\",\"goal\":\"safety\","
                          "\"mode\":\"common\",\"for_crew\":true,\"done_when\":\"逐基有表\","
                          "\"due\":\"2026-05-10\",\"day\":\"2026-05-01\"",
                          play_text(town->company));
    for (int i = 0; i < 2; i++)
        town->tasks[i] = play_add(play, "task", "\"item\":\"%s\",\"project\":\"%s\"",
                                  play_text(town->item), play_text(town->projects[i]));
    take(town, 0, "accept", "2026-05-02", "");
    take(town, 0, "report", "2026-05-12", ",\"words\":\"查完\"");
    take(town, 0, "rework", "2026-05-13", ",\"words\":\"少两基\",\"until\":\"2026-05-16\"");
    take(town, 0, "report", "2026-05-16", ",\"words\":\"补齐\"");
    take(town, 0, "pass", "2026-05-17", "");
}

static void town_close(Town *town)
{
    doc_done(&town->doc);
    buf_done(&town->text);
    arena_done(&town->arena);
    play_close(&town->play);
}

static View view_on(Town *town, const char *on)
{
    Err err;
    View view = {.store = town->play.store,
                 .pack = town->play.node.pack,
                 .reach = town->reach,
                 .shard = town->play.node.shard,
                 .utc_offset_minutes = town->play.node.utc_offset_minutes,
                 .arena = &town->arena};
    must(day_parse(text_from_z(on), &view.on, &err), &err);
    doc_done(&town->doc);
    buf_clear(&town->text);
    return view;
}

static const DocValue *read(Town *town)
{
    Err err;
    must(doc_parse(&town->doc, buf_as_bytes(&town->text), &err), &err);
    return town->doc.root;
}

static const DocValue *task_on(Town *town, int task, const char *on)
{
    Err err;
    Emit emit;
    const View view = view_on(town, on);
    emit_init(&emit, &town->text);
    must(answer_task(&view, town->tasks[task], &emit, &err), &err);
    return read(town);
}

static const DocValue *tasks_on(Town *town, const char *on, const TasksAsk *wish)
{
    Err err;
    Emit emit;
    TasksAsk ask = *wish;
    const View view = view_on(town, on);
    ask.list.page = 1;
    if (ask.list.size == 0) ask.list.size = 50;
    emit_init(&emit, &town->text);
    must(answer_tasks(&view, &ask, &emit, &err), &err);
    return read(town);
}

static void expect_text(const DocValue *value, const char *member, const char *text)
{
    const DocValue *found = doc_get(value, member);
    if (doc_type(found) == DOC_TEXT && text_is(doc_text(found), text)) return;
    if (doc_type(found) != DOC_TEXT && text[0] == '\0') return;
    fail_msg("%s is not \"%s\"", member, text);
}

static const DocValue *course_of(const DocValue *task)
{
    return doc_at(doc_get(task, "courses"), 0);
}

static void days(Stores *stores)
{
    static Town town;
    static const struct {
        const char *on;
        const char *state;
        const char *due;
        const char *held_by;
        const char *held_since;
    } cases[] = {
        {"2026-05-01", "deployed", "2026-05-10", "", ""},
        {"2026-05-02", "accepted", "2026-05-10", "", ""},
        {"2026-05-10", "accepted", "2026-05-10", "", ""},
        {"2026-05-11", "accepted", "2026-05-10", "部门", "2026-05-11"},
        {"2026-05-12", "reported", "2026-05-10", "", ""},
        {"2026-05-13", "rework", "2026-05-16", "", ""},
        {"2026-05-16", "reported", "2026-05-16", "", ""},
        {"2026-05-17", "passed", "2026-05-16", "", ""},
    };
    town_open(&town, stores->writer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const DocValue *course = course_of(task_on(&town, 0, cases[i].on));
        expect_text(course, "state", cases[i].state);
        expect_text(course, "due", cases[i].due);
        expect_text(doc_get(course, "held_by"), "name", cases[i].held_by);
        expect_text(course, "held_since", cases[i].held_since);
    }
    town_close(&town);
}

static void a_task_is_shown_as_it_stood_on_any_day(void **state)
{
    on_each_store(*state, days);
}

static void climbing(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    const DocValue *course = course_of(task_on(&town, 1, "2026-05-18"));
    assert_int_equal(doc_int(doc_get(course, "level")), 2);
    expect_text(doc_get(course, "held_by"), "name", "公司");
    expect_text(course, "held_since", "2026-05-18");
    expect_text(course, "climbs_next", ""); /* there is nobody above */
    const DocValue *leg = doc_at(doc_get(course, "legs"), 0);
    const DocValue *climbs = doc_get(leg, "climbs");
    assert_int_equal(doc_count(climbs), 2);
    expect_text(doc_at(climbs, 0), "since", "2026-05-11");
    /* Of the one that was reported late it still shows that it had climbed. */
    course = course_of(task_on(&town, 0, "2026-06-01"));
    assert_int_equal(doc_int(doc_get(course, "level")), 0);
    assert_int_equal(doc_count(doc_get(course, "legs")), 2);
    assert_int_equal(doc_count(doc_get(doc_at(doc_get(course, "legs"), 0), "climbs")), 1);
    assert_int_equal(doc_count(doc_get(doc_at(doc_get(course, "legs"), 1), "climbs")), 0);
    town_close(&town);
}

static void what_is_overdue_climbs_by_itself_and_shows_it(void **state)
{
    on_each_store(*state, climbing);
}

/* Reported on 16 May and not looked at: the department has 7 days, then it is the company's. */
static void undecided(Stores *stores)
{
    static Town town;
    static const struct {
        const char *on;
        const char *held_by;
        const char *since;
        const char *next;
        bool is_overdue;
        int climbs;
    } cases[] = {
        {"2026-05-20", "部门", "2026-05-20", "2026-05-28", false, 0},
        {"2026-05-27", "部门", "2026-05-20", "2026-05-28", false, 0},
        {"2026-05-28", "公司", "2026-05-28", "", true, 1},
        {"2026-05-31", "公司", "2026-05-28", "", true, 1},
    };
    town_open(&town, stores->writer);
    take(&town, 1, "ask_extension", "2026-05-12", ",\"words\":\"大风\",\"until\":\"2026-05-20\"");
    const DocValue *submission = doc_get(course_of(task_on(&town, 1, "2026-05-16")), "submission");
    expect_text(submission, "for", "extension");
    expect_text(submission, "due", "2026-05-15");
    expect_text(doc_get(submission, "held_by"), "name", "公司");
    take(&town, 1, "grant_extension", "2026-05-16", "");
    take(&town, 1, "report", "2026-05-20", ",\"words\":\"查完\"");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        submission = doc_get(course_of(task_on(&town, 1, cases[i].on)), "submission");
        expect_text(submission, "for", "inspection");
        expect_text(submission, "due", "2026-05-27");
        expect_text(doc_get(submission, "held_by"), "name", cases[i].held_by);
        expect_text(submission, "held_since", cases[i].since);
        expect_text(submission, "climbs_next", cases[i].next);
        assert_int_equal(doc_bool(doc_get(submission, "overdue")), cases[i].is_overdue);
        assert_int_equal(doc_count(doc_get(submission, "climbs")), cases[i].climbs);
        assert_int_equal(doc_type(doc_get(doc_get(submission, "rule"), "source")), DOC_TEXT);
        const TasksAsk ask = {.state = TEXT("undecided")};
        const DocValue *root = tasks_on(&town, cases[i].on, &ask);
        assert_int_equal(doc_int(doc_get(root, "total")), cases[i].is_overdue);
        assert_int_equal(doc_int(doc_get(doc_get(root, "counts"), "undecided")),
                         cases[i].is_overdue);
        const TasksAsk climbed = {.state = TEXT("climbed")};
        assert_int_equal(doc_int(doc_get(tasks_on(&town, cases[i].on, &climbed), "total")),
                         cases[i].is_overdue);
    }
    /* What was decided still says who held it when. */
    take(&town, 1, "pass", "2026-05-28", "");
    const DocValue *course = course_of(task_on(&town, 1, "2026-06-30"));
    assert_int_equal(doc_type(doc_get(course, "submission")), DOC_NULL);
    const DocValue *submissions = doc_get(course, "submissions");
    assert_int_equal(doc_count(submissions), 2);
    expect_text(doc_at(submissions, 0), "decided", "2026-05-16");
    assert_int_equal(doc_count(doc_get(doc_at(submissions, 0), "climbs")), 1);
    expect_text(doc_at(submissions, 1), "decided", "2026-05-28");
    assert_int_equal(doc_count(doc_get(doc_at(submissions, 1), "climbs")), 1);
    town_close(&town);
}

static void what_waits_to_be_decided_climbs_and_shows_who_held_it(void **state)
{
    on_each_store(*state, undecided);
}

static void lists(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    static const struct {
        const char *state;
        const char *on;
        int total;
    } cases[] = {
        {"", "2026-04-30", 0}, /* not deployed yet */
        {"", "2026-05-01", 2},        {"open", "2026-05-11", 2},     {"overdue", "2026-05-10", 0},
        {"overdue", "2026-05-11", 2}, {"climbed", "2026-05-11", 2},  {"overdue", "2026-05-12", 1},
        {"passed", "2026-05-17", 1},  {"deployed", "2026-05-17", 1}, {"rework", "2026-05-17", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const TasksAsk ask = {.state = text_from_z(cases[i].state)};
        const DocValue *root = tasks_on(&town, cases[i].on, &ask);
        if (doc_int(doc_get(root, "total")) != cases[i].total)
            fail_msg("%s on %s: %d", cases[i].state, cases[i].on,
                     (int)doc_int(doc_get(root, "total")));
    }
    const TasksAsk of_group = {.group = town.crew};
    assert_int_equal(doc_int(doc_get(tasks_on(&town, "2026-05-11", &of_group), "total")), 1);
    const TasksAsk of_project = {.project = town.projects[0], .item = town.item};
    assert_int_equal(doc_int(doc_get(tasks_on(&town, "2026-05-11", &of_project), "total")), 1);
    const TasksAsk of_goal = {.goal = TEXT("stability")};
    assert_int_equal(doc_int(doc_get(tasks_on(&town, "2026-05-11", &of_goal), "total")), 0);
    const TasksAsk small = {.list = {.size = 1}};
    const DocValue *root = tasks_on(&town, "2026-05-11", &small);
    assert_int_equal(doc_int(doc_get(root, "total")), 2);
    assert_int_equal(doc_count(doc_get(root, "items")), 1);
    assert_int_equal(doc_int(doc_get(doc_get(root, "counts"), "overdue")), 2);
    town_close(&town);
}

static void tasks_are_listed_by_what_became_of_them(void **state)
{
    on_each_store(*state, lists);
}

static void forks(Stores *stores)
{
    static Town town;
    Err err;
    Emit emit;
    town_open(&town, stores->writer);
    const DocValue *task = task_on(&town, 0, "2026-06-01");
    const DocValue *steps = doc_get(task, "steps");
    assert_int_equal(doc_count(steps), 5);
    assert_int_equal(doc_count(doc_get(task, "forks")), 0);
    for (size_t i = 0; i < 5; i++)
        expect_text(doc_at(steps, i), "standing", "counts");
    assert_true(doc_bool(doc_get(doc_at(steps, 0), "recorded_late")));
    expect_text(doc_at(steps, 2), "words", "少两基");
    /* Voiding one says so, and the rest follows what it followed. */
    Id rework;
    must(id_parse(doc_text(doc_get(doc_at(steps, 2), "id")), &rework, &err), &err);
    assert_int_equal(play_command(&town.play,
                                  "\"do\":\"step.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                                  play_text(rework))
                         .status,
                     ANSWER_DONE);
    task = task_on(&town, 0, "2026-06-01");
    expect_text(doc_at(doc_get(task, "steps"), 2), "standing", "void");
    assert_int_equal(doc_int(doc_get(course_of(task), "round")), 1);
    expect_text(course_of(task), "state", "passed");
    /* Items. */
    const View view = view_on(&town, "2026-05-11");
    emit_init(&emit, &town.text);
    must(answer_item(&view, town.item, &emit, &err), &err);
    const DocValue *item = read(&town);
    assert_int_equal(doc_int(doc_get(item, "tasks")), 2);
    assert_int_equal(doc_int(doc_get(doc_get(item, "counts"), "overdue")), 2);
    assert_int_equal(doc_count(doc_get(item, "for")), 1);
    town_close(&town);
}

static void every_step_says_what_it_came_to(void **state)
{
    on_each_store(*state, forks);
}

/* The first answered on 2 May; of the second somebody says today that they have read it. */
static void received(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer);
    expect_text(task_on(&town, 0, "2026-05-01"), "received", "");
    expect_text(task_on(&town, 0, "2026-05-02"), "received", "2026-05-02");
    expect_text(task_on(&town, 1, "2026-06-01"), "received", "");
    const Id person = play_add(&town.play, "person", "\"name\":\"张三\",\"unit\":\"%s\"",
                               play_text(town.department));
    (void)play_add(&town.play, "seen", "\"project\":\"%s\",\"person\":\"%s\",\"task\":\"%s\"",
                   play_text(town.projects[1]), play_text(person), play_text(town.tasks[1]));
    const DocValue *task = task_on(&town, 1, "2026-06-01");
    assert_int_equal(doc_type(doc_get(task, "received")), DOC_TEXT);
    assert_int_equal(doc_int(doc_get(task, "seen")), 1);
    assert_int_equal(doc_int(doc_get(task_on(&town, 1, "2026-05-20"), "seen")), 0);
    town_close(&town);
}

static void it_shows_whether_a_site_has_received_a_task(void **state)
{
    on_each_store(*state, received);
}

/* Somebody who sees the second project only. */
static void reach(Stores *stores)
{
    static Town town;
    Err err;
    Emit emit;
    Key project = KEY_NONE;
    town_open(&town, stores->writer);
    must(thing_find(stores->writer, town.play.node.shard, town.projects[1], &project, &err), &err);
    town.reach = (Reach){.is_everything = false};
    map_init(&town.reach.units, &town.arena);
    map_init(&town.reach.projects, &town.arena);
    must(map_put(&town.reach.projects, project, 1, &err), &err);
    const TasksAsk all = {.goal = TEXT("")};
    const DocValue *root = tasks_on(&town, "2026-05-11", &all);
    assert_int_equal(doc_int(doc_get(root, "total")), 1);
    assert_int_equal(doc_int(doc_get(doc_get(root, "counts"), "overdue")), 1);
    const View view = view_on(&town, "2026-05-11");
    emit_init(&emit, &town.text);
    assert_int_equal(answer_task(&view, town.tasks[0], &emit, &err), ERR_NOT_FOUND);
    const ListAsk list = {.page = 1, .size = 50};
    const View again = view_on(&town, "2026-05-11");
    emit_init(&emit, &town.text);
    must(answer_items(&again, &list, &emit, &err), &err);
    root = read(&town); /* the company's item, but of its tasks the one within reach */
    assert_int_equal(doc_int(doc_get(root, "total")), 1);
    assert_int_equal(doc_int(doc_get(doc_at(doc_get(root, "items"), 0), "tasks")), 1);
    town_close(&town);
}

static void what_is_out_of_reach_is_not_there(void **state)
{
    on_each_store(*state, reach);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_shown_as_it_stood_on_any_day),
        cmocka_unit_test(what_waits_to_be_decided_climbs_and_shows_who_held_it),
        cmocka_unit_test(what_is_overdue_climbs_by_itself_and_shows_it),
        cmocka_unit_test(tasks_are_listed_by_what_became_of_them),
        cmocka_unit_test(every_step_says_what_it_came_to),
        cmocka_unit_test(it_shows_whether_a_site_has_received_a_task),
        cmocka_unit_test(what_is_out_of_reach_is_not_there),
    };
    return cmocka_run_group_tests_name("answer_task", tests, stores_setup, stores_teardown);
}
