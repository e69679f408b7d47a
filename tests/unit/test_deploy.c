/* What we promise about deploying: one command makes one item and a task at every project; what is
 * done about a task is refused where it makes no sense, with what would make sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/things.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/task_load.h"

#define ITEM_FIELDS                                                                      \
    "\"title\":\"立塔前查一遍地脚螺栓\",\"goal\":\"safety\",\"mode\":\"%s\","  \
    "\"done_when\":\"每基有照片和签字\",\"due\":\"2026-06-10\",\"unit\":\"%s\"," \
    "\"for_party\":true,\"for_crew\":true"

/* A company with a department below it, and projects of both. */
typedef struct Town {
    Play play;
    Id company;
    Id department;
    Id projects[4]; /* two of the department, one of the company, one that is over */
} Town;

static Id add_project(Town *town, Id unit, const char *name, const char *rest)
{
    return play_add(&town->play, "project",
                    "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"%s", name,
                    play_text(unit), rest);
}

static void town_open(Town *town, Store *store)
{
    memset(town, 0, sizeof *town);
    play_open(&town->play, store, 7);
    town->company = play_add(&town->play, "unit", "\"name\":\"公司\"");
    town->department = play_add(&town->play, "unit", "\"name\":\"部门\",\"parent\":\"%s\"",
                                play_text(town->company));
    town->projects[0] = add_project(town, town->department, "一期", "");
    town->projects[1] = add_project(town, town->department, "二期", ",\"stage\":\"active\"");
    town->projects[2] = add_project(town, town->company, "三期", "");
    town->projects[3] = add_project(town, town->department, "旧", ",\"to\":\"2026-05-01\"");
}

static Answer deploy(Town *town, const char *mode, const char *where)
{
    return play_command(&town->play, "\"do\":\"item.deploy\",\"fields\":{" ITEM_FIELDS "}%s", mode,
                        play_text(town->company), where);
}

typedef struct Seen {
    size_t count;
    Key task; /* the last one */
} Seen;

static ErrCode see(void *context, const TaskCard *task, Arena *scratch, Err *err)
{
    Seen *seen = context;
    (void)scratch;
    (void)err;
    seen->count++;
    seen->task = task->key;
    return OK;
}

static Source source_of(Town *town)
{
    return (Source){town->play.store, town->play.node.shard, &town->play.arena};
}

static Seen tasks_of(Town *town, Id project)
{
    Err err;
    Seen seen = {0};
    TaskScope scope = {0};
    must(thing_find(town->play.store, town->play.node.shard, project, &scope.project, &err), &err);
    must(tasks_visit(source_of(town), town->play.node.utc_offset_minutes, &scope, see, &seen, &err),
         &err);
    return seen;
}

static void expect_refusal(Answer answer, ErrCode code, const char *words)
{
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, words) == NULL) fail_msg("\"%s\" lacks \"%s\"", answer.detail, words);
    assert_int_equal(answer.code, code);
}

/* ---- Deploying ---- */

static void to_a_unit(Stores *stores)
{
    static Town town;
    char where[100];
    town_open(&town, stores->writer);
    assert_int_equal(deploy(&town, "common", "").status, ANSWER_DONE); /* its own unit */
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(tasks_of(&town, town.projects[i]).count, i < 3 ? 1 : 0);
    snprintf(where, sizeof where, ",\"unit\":\"%s\"", play_text(town.department));
    const Answer answer = deploy(&town, "common", where);
    assert_int_equal(answer.status, ANSWER_DONE);
    assert_int_equal(answer.id_count, 2);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(tasks_of(&town, town.projects[i]).count, i < 2 ? 2 : i == 2 ? 1 : 0);
    play_close(&town.play);
}

static void an_item_goes_to_every_active_project_of_a_unit(void **state)
{
    on_each_store(*state, to_a_unit);
}

static void to_projects(Stores *stores)
{
    static Town town;
    char where[200];
    town_open(&town, stores->writer);
    snprintf(where, sizeof where, ",\"projects\":[\"%s\",\"%s\"]", play_text(town.projects[2]),
             play_text(town.projects[0]));
    const Answer answer = deploy(&town, "common", where);
    assert_int_equal(answer.status, ANSWER_DONE);
    assert_int_equal(tasks_of(&town, town.projects[0]).count, 1);
    assert_int_equal(tasks_of(&town, town.projects[1]).count, 0);
    assert_int_equal(tasks_of(&town, town.projects[2]).count, 1);
    /* Another project later, but none twice. */
    (void)play_add(&town.play, "task", "\"item\":\"%s\",\"project\":\"%s\"",
                   play_text(answer.ids[0]), play_text(town.projects[1]));
    expect_refusal(
        play_command(&town.play,
                     "\"do\":\"task.add\",\"fields\":{\"item\":\"%s\",\"project\":\"%s\"}",
                     play_text(answer.ids[0]), play_text(town.projects[1])),
        ERR_CONFLICT, "before");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"item.void\",\"id\":\"%s\",\"reason\":\"录错\"",
                                play_text(answer.ids[0])),
                   ERR_CONFLICT, "still has 3 tasks");
    play_close(&town.play);
}

static void an_item_goes_to_the_projects_that_are_named(void **state)
{
    on_each_store(*state, to_projects);
}

static void nonsense(Stores *stores)
{
    static Town town;
    char where[200];
    town_open(&town, stores->writer);
    snprintf(where, sizeof where, ",\"projects\":[\"%s\",\"%s\"]", play_text(town.projects[0]),
             play_text(town.projects[0]));
    expect_refusal(deploy(&town, "common", where), ERR_INVALID, "twice");
    expect_refusal(deploy(&town, "common", ",\"projects\":[]"), ERR_INVALID, "list of ids");
    expect_refusal(deploy(&town, "common", ",\"projects\":[\"x\"]"), ERR_INVALID, "projects");
    expect_refusal(deploy(&town, "common", ",\"group\":1"), ERR_INVALID, "does not belong");
    snprintf(where, sizeof where, ",\"projects\":[\"%s\"],\"unit\":\"%s\"",
             play_text(town.projects[0]), play_text(town.department));
    expect_refusal(deploy(&town, "common", where), ERR_INVALID, "not both");
    expect_refusal(
        play_command(&town.play,
                     "\"do\":\"item.deploy\",\"fields\":{\"title\":\"x\",\"unit\":\"%s\","
                     "\"goal\":\"safety\",\"mode\":\"common\",\"done_when\":\"y\","
                     "\"due\":\"2026-06-10\"}",
                     play_text(town.company)),
        ERR_INVALID, "whom the item is for");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"item.deploy\",\"fields\":{" ITEM_FIELDS ",\"weight\":11}",
                                "common", play_text(town.company)),
                   ERR_INVALID, "weight");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"item.deploy\",\"fields\":{" ITEM_FIELDS
                                ",\"day\":\"2026-06-11\"}",
                                "common", play_text(town.company)),
                   ERR_INVALID, "before the day of deployment");
    const Id empty = play_add(&town.play, "unit", "\"name\":\"空\"");
    snprintf(where, sizeof where, ",\"unit\":\"%s\"", play_text(empty));
    expect_refusal(deploy(&town, "common", where), ERR_CONFLICT, "no active project");
    assert_int_equal(tasks_of(&town, town.projects[0]).count, 0); /* nothing of all that */
    play_close(&town.play);
}

static void what_makes_no_sense_is_not_deployed(void **state)
{
    on_each_store(*state, nonsense);
}

/* Sent again it is the same item; with other projects under the same op it is refused. */
static void again(Stores *stores)
{
    static Town town;
    char where[100];
    town_open(&town, stores->writer);
    snprintf(where, sizeof where, ",\"projects\":[\"%s\"]", play_text(town.projects[0]));
    const Answer first = deploy(&town, "common", where);
    town.play.op_count--;
    const Answer second = deploy(&town, "common", where);
    assert_true(id_equal(first.ids[0], second.ids[0]));
    assert_int_equal(tasks_of(&town, town.projects[0]).count, 1);
    town.play.op_count--;
    snprintf(where, sizeof where, ",\"projects\":[\"%s\"]", play_text(town.projects[1]));
    expect_refusal(deploy(&town, "common", where), ERR_CONFLICT, "another command");
    play_close(&town.play);
}

static void deploying_twice_is_deploying_once(void **state)
{
    on_each_store(*state, again);
}

/* ---- Steps ---- */

static Answer step(Town *town, Id task, const char *act, const char *rest)
{
    return play_command(&town->play,
                        "\"do\":\"step.add\",\"fields\":{\"task\":\"%s\",\"act\":\"%s\"%s}",
                        play_text(task), act, rest);
}

static void take(Town *town, Id task, const char *act, const char *rest)
{
    const Answer answer = step(town, task, act, rest);
    if (answer.status != ANSWER_DONE) fail_msg("%s%s: %s", act, rest, answer.detail);
}

static Id deploy_one(Town *town, const char *mode)
{
    Err err;
    Id id;
    char where[100];
    snprintf(where, sizeof where, ",\"projects\":[\"%s\"]", play_text(town->projects[0]));
    assert_int_equal(deploy(town, mode, where).status, ANSWER_DONE);
    const Key task = tasks_of(town, town->projects[0]).task;
    must(thing_id(town->play.store, town->play.node.shard, task, &id, &err), &err);
    return id;
}

static const Course *course_of(Town *town, Id task, int group_kind)
{
    static Task folded;
    Err err;
    Key key = KEY_NONE;
    TaskCard card;
    must(thing_find(town->play.store, town->play.node.shard, task, &key, &err), &err);
    must(load_task(source_of(town), town->play.node.utc_offset_minutes, key, &card, &err), &err);
    must(task_fold(&card.facts, DAY_LAST, &town->play.arena, &folded, &err), &err);
    return task_course(&folded, group_kind);
}

static void steps_of_a_common_task(Stores *stores)
{
    static Town town;
    town_open(&town, stores->writer); /* it is 2026-05-28 or -29 there */
    const Id task = deploy_one(&town, "common");
    expect_refusal(step(&town, task, "pass", ""), ERR_CONFLICT, "report first");
    expect_refusal(step(&town, task, "report", ""), ERR_INVALID, "evidence");
    expect_refusal(step(&town, task, "report", ",\"words\":\"x\",\"group_kind\":\"crew\""),
                   ERR_INVALID, "once for all groups");
    expect_refusal(step(&town, task, "report", ",\"words\":\"x\",\"day\":\"2026-06-01\""),
                   ERR_INVALID, "still to come");
    expect_refusal(step(&town, task, "ask_extension", ",\"words\":\"x\",\"until\":\"2026-06-10\""),
                   ERR_INVALID, "no extension");
    expect_refusal(step(&town, task, "grant_extension", ",\"until\":\"2026-06-20\""), ERR_CONFLICT,
                   "ask for it first");
    take(&town, task, "ask_extension", ",\"words\":\"下雨\",\"until\":\"2026-06-20\"");
    expect_refusal(step(&town, task, "refuse_extension", ""), ERR_INVALID, "why");
    take(&town, task, "grant_extension", "");
    take(&town, task, "report", ",\"words\":\"查完40基\",\"evidence\":\"照片册3\"");
    expect_refusal(step(&town, task, "rework", ",\"until\":\"2026-06-25\""), ERR_INVALID,
                   "what is to be reworked");
    expect_refusal(step(&town, task, "rework", ",\"words\":\"少2基\""), ERR_INVALID, "until when");
    take(&town, task, "rework", ",\"words\":\"少2基\",\"until\":\"2026-06-25\"");
    take(&town, task, "report", ",\"words\":\"补齐\"");
    take(&town, task, "pass", "");
    take(&town, task, "assess", ",\"words\":\"按期整改\"");
    expect_refusal(step(&town, task, "report", ",\"words\":\"x\""), ERR_CONFLICT, "closed");
    const Course *course = course_of(&town, task, 0);
    assert_int_equal(course->state, TASK_ASSESSED);
    assert_int_equal(course->round, 2);
    assert_int_equal(course->leg_count, 3);
    assert_int_equal(course->fork_count, 0);
    play_close(&town.play);
}

static void a_step_must_make_sense_after_the_one_before_it(void **state)
{
    on_each_store(*state, steps_of_a_common_task);
}

static void steps_of_a_particular_task(Stores *stores)
{
    static Town town;
    char stale[120];
    town_open(&town, stores->writer);
    const Id task = deploy_one(&town, "particular");
    expect_refusal(step(&town, task, "accept", ""), ERR_INVALID, "say which");
    expect_refusal(step(&town, task, "accept", ",\"group_kind\":\"union\""), ERR_INVALID,
                   "not for that kind");
    const Answer first = step(&town, task, "accept", ",\"group_kind\":\"crew\"");
    assert_int_equal(first.status, ANSWER_DONE);
    take(&town, task, "report", ",\"group_kind\":\"crew\",\"words\":\"做完\"");
    assert_int_equal(course_of(&town, task, GROUP_KIND_IS_PARTY)->state, TASK_DEPLOYED);
    assert_int_equal(course_of(&town, task, GROUP_KIND_IS_CREW)->state, TASK_REPORTED);
    /* Somebody who has not seen the report. */
    snprintf(stale, sizeof stale, ",\"group_kind\":\"crew\",\"words\":\"x\",\"follows\":\"%s\"",
             play_text(first.ids[0]));
    expect_refusal(step(&town, task, "report", stale), ERR_CONFLICT, "gone on");
    expect_refusal(play_command(&town.play,
                                "\"do\":\"step.change\",\"id\":\"%s\","
                                "\"fields\":{\"words\":\"别的\"}",
                                play_text(first.ids[0])),
                   ERR_INVALID, "never changes");
    play_close(&town.play);
}

static void each_kind_of_group_answers_apart(void **state)
{
    on_each_store(*state, steps_of_a_particular_task);
}

/* Who reaches the project alone reports; the unit in charge, or the one that deployed, inspects. */
static void rights(Stores *stores)
{
    static Town town;
    Err err;
    Key project = KEY_NONE;
    Key department = KEY_NONE;
    town_open(&town, stores->writer);
    const Id task = deploy_one(&town, "common");
    const int64_t shard = town.play.node.shard;
    must(thing_find(stores->writer, shard, town.projects[0], &project, &err), &err);
    must(thing_find(stores->writer, shard, town.department, &department, &err), &err);
    Reach site = {0};
    map_init(&site.units, &town.play.arena);
    map_init(&site.projects, &town.play.arena);
    must(map_put(&site.projects, project, 1, &err), &err);
    town.play.actor.reach = &site;
    take(&town, task, "report", ",\"words\":\"做完\"");
    expect_refusal(step(&town, task, "pass", ""), ERR_CONFLICT, "does not inspect");
    expect_refusal(deploy(&town, "common", ""), ERR_NOT_FOUND, "reach");
    must(map_put(&site.units, department, 1, &err), &err);
    take(&town, task, "pass", "");
    town.play.actor.reach = &town.play.reach;
    play_close(&town.play);
}

static void who_does_the_work_does_not_inspect_it(void **state)
{
    on_each_store(*state, rights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_goes_to_every_active_project_of_a_unit),
        cmocka_unit_test(an_item_goes_to_the_projects_that_are_named),
        cmocka_unit_test(what_makes_no_sense_is_not_deployed),
        cmocka_unit_test(deploying_twice_is_deploying_once),
        cmocka_unit_test(a_step_must_make_sense_after_the_one_before_it),
        cmocka_unit_test(each_kind_of_group_answers_apart),
        cmocka_unit_test(who_does_the_work_does_not_inspect_it),
    };
    return cmocka_run_group_tests_name("deploy", tests, stores_setup, stores_teardown);
}
