/* What we promise about commands: each takes effect once, whole, the same on every database, and
 * what is derived is exactly what a rebuild would make of the journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "engine/rebuild.h"
#include "engine/verify.h"
#include "people/coverage_index.h"
#include "store/query.h"
#include "store/state_hash.h"
#include "store/things.h"
#include "support/play.h"
#include "support/scratch.h"
#include "support/stores.h"
#include "view/board.h"

/* A company with two projects, a Party group of three at the first, and somebody to spare. */
typedef struct Company {
    Id unit;
    Id first;
    Id second;
    Id group;
    Id members[3];
    Id worker;
} Company;

static Id add_person(Play *play, Id unit, const char *name)
{
    return play_add(play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name, play_text(unit));
}

static Id post(Play *play, Id person, Id project, const char *from, const char *rest)
{
    return play_add(play, "posting", "\"person\":\"%s\",\"project\":\"%s\",\"from\":\"%s\"%s",
                    play_text(person), play_text(project), from, rest);
}

static Id add_project(Play *play, Id unit, const char *name, const char *rest)
{
    return play_add(play, "project", "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"%s",
                    name, play_text(unit), rest);
}

static void make_company(Play *play, Company *company)
{
    static const char *const names[3] = {"甲", "乙", "丙"};
    company->unit = play_add(play, "unit", "\"name\":\"公司\",\"level\":\"company\"");
    company->first = add_project(play, company->unit, "一期", ",\"lat\":38.9,\"lon\":117.5");
    company->second = add_project(play, company->unit, "二期", ",\"lat\":36.1,\"lon\":120.2");
    company->group =
        play_add(play, "group", "\"name\":\"流动党小组\",\"unit\":\"%s\",\"kind\":\"party\"",
                 play_text(company->unit));
    play_add(play, "station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-02-01\"",
             play_text(company->group), play_text(company->first));
    for (int i = 0; i < 3; i++) {
        company->members[i] = add_person(play, company->unit, names[i]);
        play_add(play, "standing",
                 "\"person\":\"%s\",\"standing\":\"party_formal\",\"from\":\"2020-01-01\"",
                 play_text(company->members[i]));
        post(play, company->members[i], company->first, "2026-02-01", ",\"core\":true");
    }
    play_add(play, "office",
             "\"group\":\"%s\",\"person\":\"%s\",\"post\":\"leader\",\"from\":\"2026-02-01\"",
             play_text(company->group), play_text(company->members[0]));
    company->worker = add_person(play, company->unit, "丁");
    post(play, company->worker, company->first, "2026-03-01", "");
}

static Coverage coverage_on(Play *play, Id project, const char *day)
{
    Err err;
    Changes *changes = NULL;
    Board *board = NULL;
    const BoardDay *shown = NULL;
    Key key = KEY_NONE;
    Day on = 0;
    must(day_parse(text_from_z(day), &on, &err), &err);
    must(thing_find(play->store, 1, project, &key, &err), &err);
    changes_open(&changes, 0);
    board_open(&board, play->node.pack, 1, changes);
    must(board_take(board, play->store, on, &shown, &err), &err);
    const size_t at = board_find(shown, key);
    assert_int_not_equal(at, INDEX_NONE);
    const Coverage coverage = shown->coverage[at];
    board_give(board, &shown);
    board_close(&board);
    changes_close(&changes);
    return coverage;
}

static Digest hash_now(Store *store)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    must(state_hash(store, &digest, &err), &err);
    return digest;
}

static void assert_rebuild_changes_nothing(Play *play) ONLY_ON(writer_role)
{
    Err err;
    RebuildReport report;
    const Digest live = hash_now(play->store);
    must(engine_rebuild(play->engine, &report, &err), &err);
    const Digest rebuilt = hash_now(play->store);
    assert_memory_equal(live.at, rebuilt.at, sizeof live.at);
    assert_int_equal(report.unknown_count, 0);
}

static void assert_journal_is_whole(Play *play) ONLY_ON(writer_role)
{
    Err err;
    VerifyReport report;
    must(engine_sign_all(play->engine, &err), &err);
    must(verify_journal(&play->node, play->store, &report, &err), &err);
    if (report.fault_count > 0) fail_msg("%s", report.words);
    assert_int_equal(report.unsigned_count, 0);
    assert_true(report.segment_count > 0);
}

static void play_the_company(Stores *stores)
{
    Play play;
    Company company;
    play_open(&play, stores->writer, 1);
    make_company(&play, &company);
    const Coverage covered = coverage_on(&play, company.first, "2026-06-01");
    assert_int_equal(covered.state, COVERAGE_OWN_GROUP);
    assert_int_equal(covered.heads.people, 4);
    assert_int_equal(covered.heads.formal, 3);
    assert_int_equal(coverage_on(&play, company.first, "2026-01-15").state, COVERAGE_UNCOVERED);
    assert_int_equal(coverage_on(&play, company.second, "2026-06-01").state, COVERAGE_UNCOVERED);
    assert_rebuild_changes_nothing(&play);
    assert_journal_is_whole(&play);
    play_close(&play);
}

static void a_company_is_absorbed_and_covered(void **state)
{
    on_each_store(*state, play_the_company);
}

static Digest last_hash;
static bool has_last_hash;

static void compare_hash(Stores *stores)
{
    Play play;
    Company company;
    play_open(&play, stores->writer, 99);
    make_company(&play, &company);
    const Digest hash = hash_now(stores->writer);
    if (has_last_hash) assert_memory_equal(hash.at, last_hash.at, sizeof hash.at);
    last_hash = hash;
    has_last_hash = true;
    play_close(&play);
}

static void the_same_commands_give_the_same_hash_on_both_databases(void **state)
{
    has_last_hash = false;
    on_each_store(*state, compare_hash);
    assert_true(has_last_hash);
}

static void repeat_an_op(Stores *stores)
{
    Play play;
    play_open(&play, stores->writer, 3);
    const char *name = "\"do\":\"unit.add\",\"fields\":{\"name\":\"甲公司\"}";
    const Answer first = play_command(&play, "%s", name);
    play.op_count--; /* the same op-id once more */
    const Answer again = play_command(&play, "%s", name);
    assert_int_equal(again.status, ANSWER_DONE);
    assert_true(id_equal(first.ids[0], again.ids[0]));
    play.op_count--;
    const Answer other =
        play_command(&play, "\"do\":\"unit.add\",\"fields\":{\"name\":\"乙公司\"}");
    assert_int_equal(other.status, ANSWER_REFUSED);
    assert_int_equal(other.code, ERR_CONFLICT);
    assert_int_equal(engine_version(play.engine), 1);
    play_close(&play);
}

static void an_op_takes_effect_once_and_never_means_two_things(void **state)
{
    on_each_store(*state, repeat_an_op);
}

/* A command that makes no sense, with what stands for %s in it, and what the refusal says. */
typedef struct Nonsense {
    const char *format;
    const Id *ids[3];
    const char *word;
    ErrCode code;
} Nonsense;

#define ADD(kind, fields)    "\"do\":\"" kind ".add\",\"fields\":{" fields "}"
#define CHANGE(kind, fields) "\"do\":\"" kind ".change\",\"id\":\"%s\",\"fields\":{" fields "}"
#define POSTING(rest)        ADD("posting", "\"person\":\"%s\",\"project\":\"%s\"," rest)

static void refuse_one(Play *play, const Nonsense *nonsense)
{
    char command[600];
    char *at = command;
    size_t next = 0;
    for (const char *from = nonsense->format; *from != '\0'; from++) {
        assert_true((size_t)(at - command) < sizeof command - ID_TEXT_MAX);
        if (from[0] != '%' || from[1] != 's') {
            *at++ = *from;
            continue;
        }
        at += snprintf(at, ID_TEXT_MAX, "%s", play_text(*nonsense->ids[next++]));
        from++;
    }
    *at = '\0';
    const Answer answer = play_command(play, "%s", command);
    assert_int_equal(answer.status, ANSWER_REFUSED);
    if (strstr(answer.detail, nonsense->word) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", command, answer.detail, nonsense->word);
    assert_int_equal(answer.code, nonsense->code);
}

/* Each is refused with the words that name what is wrong, and leaves no trace. */
static void refuse_nonsense(Stores *stores)
{
    Play play;
    Company at;
    play_open(&play, stores->writer, 4);
    make_company(&play, &at);
    const Digest before = hash_now(stores->writer);
    const Nonsense nonsense[] = {
        {POSTING("\"from\":\"2026-03-01\""), {&at.unit, &at.first}, "no person", ERR_NOT_FOUND},
        {POSTING("\"from\":\"2026-03-02\",\"to\":\"2026-03-01\""),
         {&at.members[0], &at.first},
         "before the first",
         ERR_INVALID},
        {POSTING("\"from\":\"2026-03-01\",\"crew\":\"%s\""),
         {&at.members[0], &at.first, &at.group},
         "work crew",
         ERR_INVALID},
        {ADD("person", "\"unit\":\"%s\""), {&at.unit}, "name is missing", ERR_INVALID},
        {ADD("group", "\"name\":\"组\",\"unit\":\"%s\",\"kind\":\"choir\""),
         {&at.unit},
         "no choice",
         ERR_INVALID},
        {ADD("station", "\"group\":\"%s\",\"project\":\"%s\",\"from\":\"2026-04-01\""),
         {&at.group, &at.second},
         "stands at",
         ERR_CONFLICT},
        {ADD("unit", "\"name\":\"a\",\"colour\":\"b\""), {NULL}, "no field", ERR_INVALID},
        {CHANGE("unit", "\"parent\":\"%s\""), {&at.unit, &at.unit}, "below itself", ERR_INVALID},
        {CHANGE("group", "\"kind\":\"crew\""), {&at.group}, "never changes", ERR_INVALID},
        {CHANGE("person", "\"id_number\":\"11010519491231002Y\""),
         {&at.members[0]},
         "character",
         ERR_INVALID},
        {"\"do\":\"unit.void\",\"id\":\"%s\",\"reason\":\"x\",\"force\":true",
         {&at.unit},
         "does not belong",
         ERR_INVALID},
        {"\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\",\"on\":\"2026-05-01\"",
         {&at.group, &at.first},
         "already stationed",
         ERR_CONFLICT},
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        refuse_one(&play, &nonsense[i]);
    const Digest after = hash_now(stores->writer);
    assert_memory_equal(before.at, after.at, sizeof before.at);
    play_close(&play);
}

static void nonsense_is_refused_by_name_and_leaves_no_trace(void **state)
{
    on_each_store(*state, refuse_nonsense);
}

static void move_the_group(Stores *stores)
{
    Play play;
    Company company;
    play_open(&play, stores->writer, 5);
    make_company(&play, &company);
    const Answer moved = play_command(
        &play, "\"do\":\"group.move\",\"group\":\"%s\",\"to\":\"%s\",\"on\":\"2026-07-01\"",
        play_text(company.group), play_text(company.second));
    if (moved.status != ANSWER_DONE) fail_msg("%s", moved.detail);
    /* The last day before the move still belongs to the old project. */
    assert_int_equal(coverage_on(&play, company.first, "2026-06-30").state, COVERAGE_OWN_GROUP);
    assert_int_equal(coverage_on(&play, company.first, "2026-07-01").state, COVERAGE_UNCOVERED);
    assert_int_equal(coverage_on(&play, company.second, "2026-06-30").state, COVERAGE_UNCOVERED);
    assert_int_equal(coverage_on(&play, company.second, "2026-07-01").state, COVERAGE_OWN_GROUP);
    assert_int_equal(coverage_on(&play, company.first, "2026-07-01").heads.people, 1);
    assert_rebuild_changes_nothing(&play);
    assert_journal_is_whole(&play);
    play_close(&play);
}

static void a_group_moves_with_its_core_members_to_the_day(void **state)
{
    on_each_store(*state, move_the_group);
}

static void void_and_change(Stores *stores)
{
    Play play;
    Company company;
    play_open(&play, stores->writer, 6);
    make_company(&play, &company);
    const Id extra = post(&play, company.worker, company.second, "2026-05-01", "");
    assert_int_equal(coverage_on(&play, company.second, "2026-05-02").heads.people, 1);
    assert_int_equal(coverage_on(&play, company.first, "2026-05-02").heads.people, 3);
    const Answer changed = play_command(
        &play, "\"do\":\"posting.change\",\"id\":\"%s\",\"fields\":{\"from\":\"2026-06-01\"}",
        play_text(extra));
    assert_int_equal(changed.status, ANSWER_DONE);
    assert_int_equal(coverage_on(&play, company.second, "2026-05-02").heads.people, 0);
    const Answer voided = play_command(
        &play, "\"do\":\"posting.void\",\"id\":\"%s\",\"reason\":\"录错\"", play_text(extra));
    assert_int_equal(voided.status, ANSWER_DONE);
    assert_int_equal(coverage_on(&play, company.second, "2026-06-02").heads.people, 0);
    assert_int_equal(coverage_on(&play, company.first, "2026-06-02").heads.people, 4);
    assert_rebuild_changes_nothing(&play);
    play_close(&play);
}

static void a_posting_changed_or_voided_moves_its_person(void **state)
{
    on_each_store(*state, void_and_change);
}

static void seal_a_number(Stores *stores)
{
    Play play;
    Company company;
    Err err;
    play_open(&play, stores->writer, 7);
    make_company(&play, &company);
    const char *number = "11010519491231002x";
    const Answer first = play_command(
        &play, "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"id_number\":\"%s\"}",
        play_text(company.members[0]), number);
    if (first.status != ANSWER_DONE) fail_msg("%s", first.detail);
    const Answer second = play_command(
        &play, "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"id_number\":\"%s\"}",
        play_text(company.members[1]), number);
    assert_int_equal(second.status, ANSWER_REFUSED);
    assert_int_equal(second.code, ERR_CONFLICT);
    assert_null(strstr(second.detail, "1101051949"));
    /* Neither the rows nor the journal hold it in the clear. */
    AUTO(query_done) Query query = {0};
    bool found = false;
    must(query_begin(&query, stores->writer, ENTRIES_BY_ARRIVAL, &err), &err);
    query_bind_int(&query, 1, 1);
    query_bind_int(&query, 2, 1000);
    must(query_next(&query, &found, &err), &err);
    while (found) {
        const Bytes body = query_view(&query, 9);
        if (body.size > 0) assert_null(memmem(body.at, body.size, "1101051949", 10));
        must(query_next(&query, &found, &err), &err);
    }
    query_done(&query);
    assert_rebuild_changes_nothing(&play);
    play_close(&play);
}

static void an_identity_number_is_sealed_and_found_blind(void **state)
{
    on_each_store(*state, seal_a_number);
}

/* Postings, standings and their corrections at random, for a handful of people. */
static void act_at_random(Play *play, const Company *company, Prng *prng, Id *postings,
                          size_t *count)
{
    const Id person = company->members[prng_below(prng, 3)];
    const Id project = prng_below(prng, 2) == 0 ? company->first : company->second;
    const unsigned month = 1 + (unsigned)prng_below(prng, 12);
    const unsigned day = 1 + (unsigned)prng_below(prng, 28);
    char from[16];
    char rest[64] = "";
    snprintf(from, sizeof from, "2026-%02u-%02u", month, day);
    if (prng_below(prng, 2) == 0) snprintf(rest, sizeof rest, ",\"to\":\"2026-12-%02u\"", day);
    switch (prng_below(prng, 4)) {
    case 0:
        if (*count > 0)
            (void)play_command(play, "\"do\":\"posting.void\",\"id\":\"%s\",\"reason\":\"x\"",
                               play_text(postings[prng_below(prng, *count)]));
        return;
    case 1:
        if (*count > 0)
            (void)play_command(
                play, "\"do\":\"posting.change\",\"id\":\"%s\",\"fields\":{\"from\":\"%s\"}",
                play_text(postings[prng_below(prng, *count)]), from);
        return;
    case 2:
        (void)play_command(play,
                           "\"do\":\"standing.add\",\"fields\":{\"person\":\"%s\","
                           "\"standing\":\"party_probationary\",\"from\":\"%s\"%s}",
                           play_text(person), from, rest);
        return;
    default:
        if (*count < 40) postings[(*count)++] = post(play, person, project, from, rest);
    }
}

static void rebuild_equals_live(Prng *prng)
{
    Err err;
    Play play;
    Company company;
    Id postings[40];
    size_t count = 0;
    char directory[SCRATCH_PATH_MAX];
    char path[SCRATCH_PATH_MAX + 8];
    assert_true(scratch_directory("engine", directory));
    snprintf(path, sizeof path, "%s/db", directory);
    Store *store = store_must_open(&(StoreOptions){.place = path, .is_writer = true});
    play_open(&play, store, prng_next(prng));
    make_company(&play, &company);
    for (int i = 0; i < 25; i++)
        act_at_random(&play, &company, prng, postings, &count);
    assert_rebuild_changes_nothing(&play);
    assert_journal_is_whole(&play);
    play_close(&play);
    store_close(&store);
    char command[SCRATCH_PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    assert_int_equal(system(command), 0);
    (void)err;
}

static void what_is_derived_equals_a_rebuild(void **state)
{
    (void)state;
    prop_run("rebuild equals live", 30, rebuild_equals_live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_company_is_absorbed_and_covered),
        cmocka_unit_test(the_same_commands_give_the_same_hash_on_both_databases),
        cmocka_unit_test(an_op_takes_effect_once_and_never_means_two_things),
        cmocka_unit_test(nonsense_is_refused_by_name_and_leaves_no_trace),
        cmocka_unit_test(a_group_moves_with_its_core_members_to_the_day),
        cmocka_unit_test(a_posting_changed_or_voided_moves_its_person),
        cmocka_unit_test(an_identity_number_is_sealed_and_found_blind),
        cmocka_unit_test(what_is_derived_equals_a_rebuild),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
