/* What we promise about taking a file in: somebody known is known again, what a row does not say is
 * left alone, what goes in comes out by one undo, and a row is taken whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/take.h"
#include "host/jail.h"
#include "intake/tablefile.h"
#include "seal/field.h"
#include "store/query.h"
#include "store/rows.h"
#include "store/state_hash.h"
#include "support/play.h"
#include "support/stores.h"
#include "view/load.h"

#define ID_NUMBER "11010519491231002X"
#define SHARD     1
#define HEAD      "姓名,身份证号,工号,手机号,出生日期,单位,工种\n"

static bool is_dry;

static TakeReport take(Play *play, IntakeKind kind, const char *csv) ONLY_ON(writer_role)
{
    Err err;
    AUTO(tablefile_done) TableFile file = {0};
    Reading reading;
    TakeReport report;
    const Bytes bytes = bytes_of(text_from_z(csv));
    const Digest digest = hash_of(bytes);
    must(tablefile_read(&file, bytes, TEXT("花名册.csv"), &err), &err);
    must(reading_make(&file.workbook, intake_info(kind), NULL, &play->arena, &reading, &err), &err);
    must(engine_begin(play->engine, &err), &err);
    must(take_in(play->engine, &play->actor, &reading, TEXT("花名册.csv"), &digest, &play->arena,
                 &report, &err),
         &err);
    if (is_dry)
        engine_roll_back(play->engine);
    else
        must(engine_commit(play->engine, &err), &err);
    return report;
}

static size_t named(Play *play, const char *name, Key *out_key)
{
    Err err;
    AUTO(query_done) Query query = {0};
    size_t count = 0;
    bool found = false;
    must(query_begin(&query, play->store, PERSONS_BY_NAME, &err), &err);
    query_bind_int(&query, 1, SHARD);
    query_bind_text(&query, 2, text_from_z(name));
    must(query_next(&query, &found, &err), &err);
    while (found) {
        *out_key = query_int(&query, 0);
        count++;
        must(query_next(&query, &found, &err), &err);
    }
    return count;
}

static PersonCard card_of(Play *play, const char *name)
{
    Err err;
    Key key = KEY_NONE;
    PersonCard card;
    assert_int_equal(named(play, name, &key), 1);
    must(load_person((Source){play->store, SHARD, &play->arena}, key, &card, &err), &err);
    return card;
}

static size_t postings_of(Play *play, const char *name)
{
    Err err;
    Postings postings;
    const Key key = card_of(play, name).key;
    must(load_postings_of_person((Source){play->store, SHARD, &play->arena}, key, &postings, &err),
         &err);
    return postings.count;
}

static Digest hash_now(Play *play)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, play->store, &err), &err);
    must(state_hash(play->store, &digest, &err), &err);
    return digest;
}

static bool is_same_hash(Digest a, Digest b)
{
    return digest_equal(&a, &b);
}

/* Two units, a project, and three people who are known in different ways. */
static void start(Play *play, Stores *stores) ONLY_ON(writer_role)
{
    play_open(play, stores->writer, 11);
    const Id unit = play_add(play, "unit", "\"name\":\"一公司\"");
    play_add(play, "unit", "\"name\":\"二公司\"");
    play_add(play, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
             play_text(unit));
    const TakeReport report = take(play, INTAKE_PEOPLE,
                                   HEAD "张三," ID_NUMBER ",A1,13800138000,1949-12-31,一公司,电工\n"
                                        "李四,,A2,13800138001,1980-05-06,一公司,焊工\n"
                                        "王五,,,,1990-01-01,一公司,普工\n");
    assert_int_equal(report.added[KIND_PERSON], 3);
    assert_int_equal(report.bad_rows, 0);
}

/* A row, and whom it is taken to mean. */
typedef struct Match {
    const char *row;
    const char *name;
    size_t people;   /* of that name afterwards */
    bool is_changed; /* somebody known got the new trade */
    bool is_bad;
    TakeNoteCode note;
} Match;

static const Match matches[] = {
    {"张三," ID_NUMBER ",,,,一公司,新\n", "张三", 1, true, false, 0},
    {"张三," ID_NUMBER ",ZZ,13900000000,1949-12-31,二公司,新\n", "张三", 1, true, false, 0},
    {"张山," ID_NUMBER ",,,,一公司,新\n", "张三", 1, false, true, TAKE_NAME_DIFFERS},
    {"李四,,A2,,,一公司,新\n", "李四", 1, true, false, 0},
    {"李四,,A9,13800138001,,一公司,新\n", "李四", 1, true, false, 0},
    {"李四,,,138 0013 8001,,一公司,新\n", "李四", 1, true, false, 0},
    {"李思,,A2,,,一公司,新\n", "李四", 1, false, false, 0}, /* the number is somebody else's */
    {"王五,,,,1990-01-01,一公司,新\n", "王五", 1, true, false, 0},
    {"王五,,,,1990-01-01,二公司,新\n", "王五", 2, false, false, 0}, /* another unit */
    {"王五,,,,1991-01-01,一公司,新\n", "王五", 2, false, false, 0}, /* another birth */
    {"王五,,,,,一公司,新\n", "王五", 1, false, true, TAKE_PERSON_DOUBTFUL},
    {"王五,,B7,,,一公司,新\n", "王五", 2, false, false, 0}, /* a number that he lacks */
    {"赵六,,,,,一公司,新\n", "赵六", 1, false, false, 0},
    {"赵六,,,,,三公司,新\n", "张三", 1, false, true, TAKE_UNIT_UNKNOWN},
    {"赵六,,,,,,新\n", "张三", 1, false, true, TAKE_UNIT_NEEDED},
};

static void match_each(Stores *stores)
{
    Play play;
    start(&play, stores);
    is_dry = false;
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        const Match *match = &matches[i];
        char csv[400];
        Key key = KEY_NONE;
        snprintf(csv, sizeof csv, HEAD "%s", match->row);
        const TakeReport report = take(&play, INTAKE_PEOPLE, csv);
        if (named(&play, match->name, &key) != match->people) fail_msg("%s", match->row);
        if (report.bad_rows != (match->is_bad ? 1 : 0)) fail_msg("%s", match->row);
        assert_int_equal(report.changed[KIND_PERSON], match->is_changed ? 1 : 0);
        assert_int_equal(report.doubtful_rows,
                         match->is_bad && match->note == TAKE_PERSON_DOUBTFUL ? 1 : 0);
        if (match->is_bad) {
            assert_int_equal(report.note_count, 1);
            assert_int_equal(report.notes[0].code, match->note);
            assert_int_equal(report.notes[0].row_number, 2);
            assert_null(strstr(report.notes[0].value, "1101051949"));
            continue;
        }
        const Answer undone =
            play_command(&play, "\"do\":\"intake.undo\",\"id\":\"%s\",\"reason\":\"测试\"",
                         play_text(report.intake));
        assert_int_equal(undone.status, ANSWER_DONE);
    }
    play_close(&play);
}

static void each_rule_finds_whom_it_should_and_nobody_else(void **state)
{
    on_each_store(*state, match_each);
}

static void say_nothing(Stores *stores)
{
    Play play;
    start(&play, stores);
    const TakeReport report =
        take(&play, INTAKE_PEOPLE, HEAD "李四,,A2,,,,\n王五,,,,1990-01-01,一公司,\n");
    const PersonCard card = card_of(&play, "李四");
    assert_int_equal(report.bad_rows, 1); /* there are two units: which is meant? */
    assert_int_equal(report.same_rows, 1);
    assert_true(text_is(card.trade, "焊工"));
    assert_true(text_is(card_of(&play, "王五").trade, "普工"));
    assert_true(card.birth != DAY_OPEN);
    play_close(&play);
}

static void a_blank_cell_erases_nothing(void **state)
{
    on_each_store(*state, say_nothing);
}

static const char full[] =
    "姓名,工号,手机号,单位,政治面貌,入党日期,转正日期,项目,进场日期,是否骨干\n"
    "张三,A1,13800138000,一公司,中共党员,2015-07-01,2016-07-01,一期,2026-02-01,是\n"
    "李四,A2,13800138001,一公司,预备党员,2025-12-01,,一期,2026-02-01,否\n"
    "孙七,A7,,二公司,群众,,,一期,2026-03-01,\n";

static void take_twice(Stores *stores)
{
    Play play;
    start(&play, stores);
    const TakeReport first = take(&play, INTAKE_PEOPLE, full);
    assert_int_equal(first.bad_rows, 0);
    assert_int_equal(first.added[KIND_PERSON], 1);
    assert_int_equal(first.added[KIND_POSTING], 3);
    assert_int_equal(first.added[KIND_STANDING], 2);
    const TakeReport again = take(&play, INTAKE_PEOPLE, full);
    assert_int_equal(again.same_rows, 3);
    for (size_t kind = 0; kind < KIND_COUNT_MAX; kind++) {
        assert_int_equal(again.added[kind], 0);
        assert_int_equal(again.changed[kind], 0);
    }
    const TakeReport holiday =
        take(&play, INTAKE_HOLIDAYS, "日期,名称,是否休息\n2026-10-01,国庆节,是\n");
    assert_int_equal(holiday.added[KIND_HOLIDAY], 1);
    play_close(&play);
}

static void taking_the_same_file_again_changes_nothing(void **state)
{
    on_each_store(*state, take_twice);
}

static void try_it(Stores *stores)
{
    Play play;
    start(&play, stores);
    const Digest before = hash_now(&play);
    const int64_t version = engine_version(play.engine);
    is_dry = true;
    const TakeReport dry = take(&play, INTAKE_PEOPLE, full);
    is_dry = false;
    assert_true(is_same_hash(hash_now(&play), before));
    assert_int_equal(engine_version(play.engine), version);
    const TakeReport real = take(&play, INTAKE_PEOPLE, full);
    assert_false(is_same_hash(hash_now(&play), before));
    assert_memory_equal(dry.added, real.added, sizeof dry.added);
    assert_memory_equal(dry.changed, real.changed, sizeof dry.changed);
    play_close(&play);
}

static void a_dry_run_says_the_same_and_leaves_everything_as_it_was(void **state)
{
    on_each_store(*state, try_it);
}

static Answer undo(Play *play, Id intake)
{
    return play_command(play, "\"do\":\"intake.undo\",\"id\":\"%s\",\"reason\":\"文件有误\"",
                        play_text(intake));
}

static void take_back(Stores *stores)
{
    Play play;
    Key key = KEY_NONE;
    start(&play, stores);
    const TakeReport report =
        take(&play, INTAKE_PEOPLE,
             "姓名,工号,单位,工种,项目,进场日期\n李四,A2,一公司,电工,一期,2026-02-01\n"
             "孙七,A7,二公司,普工,,\n");
    assert_true(text_is(card_of(&play, "李四").trade, "电工"));
    assert_int_equal(postings_of(&play, "李四"), 1);
    play_add(&play, "unit", "\"name\":\"后来的单位\""); /* is not part of the import */
    assert_int_equal(undo(&play, report.intake).status, ANSWER_DONE);
    assert_true(text_is(card_of(&play, "李四").trade, "焊工"));
    assert_int_equal(postings_of(&play, "李四"), 0);
    assert_int_equal(named(&play, "孙七", &key), 0);
    const Answer again = undo(&play, report.intake);
    assert_int_equal(again.status, ANSWER_REFUSED);
    assert_int_equal(again.code, ERR_CONFLICT);
    play_close(&play);
}

static void undo_gives_back_what_was_there(void **state)
{
    on_each_store(*state, take_back);
}

/* What somebody corrected since stays as they corrected it. */
static void undo_after_a_correction(Stores *stores)
{
    Err err;
    Play play;
    Id id;
    start(&play, stores);
    const TakeReport report = take(
        &play, INTAKE_PEOPLE, "姓名,工号,单位,工种,出生日期\n李四,A2,一公司,电工,1981-01-01\n");
    must(thing_id(play.store, SHARD, card_of(&play, "李四").key, &id, &err), &err);
    const Answer corrected = play_command(
        &play, "\"do\":\"person.change\",\"id\":\"%s\",\"fields\":{\"trade\":\"架子工\"}",
        play_text(id));
    assert_int_equal(corrected.status, ANSWER_DONE);
    assert_int_equal(undo(&play, report.intake).status, ANSWER_DONE);
    char birth[DAY_TEXT_MAX];
    assert_true(text_is(card_of(&play, "李四").trade, "架子工"));
    assert_string_equal(day_write(card_of(&play, "李四").birth, birth), "1980-05-06");
    play_close(&play);
}

static void undo_leaves_a_later_correction_alone(void **state)
{
    on_each_store(*state, undo_after_a_correction);
}

/* What a sealed field of somebody says; empty when there is nothing. */
static Text opened(Play *play, Key person, unsigned field, Arena *arena)
{
    Err err;
    Record record;
    RowState state;
    Text plain = TEXT("");
    FieldPlace place = {KIND_PERSON, field, {{0}}};
    must(
        row_load(play->store, SHARD, person, vocab_kind(KIND_PERSON), arena, &record, &state, &err),
        &err);
    if (!record_has(&record, field)) return plain;
    must(thing_id(play->store, SHARD, person, &place.thing, &err), &err);
    must(field_open(&play->node.keyring, place, record.fields[field].bytes, arena, &plain, &err),
         &err);
    return plain;
}

static void undo_of_numbers(Stores *stores)
{
    Play play;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    start(&play, stores);
    (void)take(&play, INTAKE_PEOPLE, "姓名,工号,单位,手机号\n李四,A2,一公司,13800000001\n");
    const Key person = card_of(&play, "李四").key;
    const TakeReport report =
        take(&play, INTAKE_PEOPLE,
             "姓名,工号,单位,手机号,身份证号\n李四,A2,一公司,13800000002,110105198005060029\n");
    assert_true(text_is(opened(&play, person, PERSON_PHONE, &arena), "13800000002"));
    assert_int_equal(undo(&play, report.intake).status, ANSWER_DONE);
    assert_true(text_is(opened(&play, person, PERSON_PHONE, &arena), "13800000001"));
    assert_int_equal(opened(&play, person, PERSON_ID_NUMBER, &arena).size, 0);
    /* Its index is back too: somebody of that number is found, and the other one is free. */
    const TakeReport again =
        take(&play, INTAKE_PEOPLE, "姓名,工号,单位,身份证号\n周八,A8,一公司,110105198005060029\n");
    assert_int_equal(again.added[KIND_PERSON], 1);
    play_close(&play);
}

static void undo_gives_back_sealed_numbers(void **state)
{
    on_each_store(*state, undo_of_numbers);
}

/* Two rows of one file about the same person: the undo goes back to before both. */
static void undo_both(Stores *stores)
{
    Play play;
    start(&play, stores);
    const TakeReport report = take(
        &play, INTAKE_PEOPLE, "姓名,工号,单位,工种\n李四,A2,一公司,电工\n李四,A2,一公司,架子工\n");
    assert_int_equal(report.changed[KIND_PERSON], 2);
    assert_int_equal(undo(&play, report.intake).status, ANSWER_DONE);
    assert_true(text_is(card_of(&play, "李四").trade, "焊工"));
    play_close(&play);
}

static void undo_goes_back_to_before_the_first_of_two_rows(void **state)
{
    on_each_store(*state, undo_both);
}

/* Units and projects that something was put under since are still needed; a whole tree goes. */
static void undo_what_is_needed(Stores *stores)
{
    Play play;
    start(&play, stores);
    const TakeReport tree =
        take(&play, INTAKE_UNITS, "单位名称,上级单位\n三公司,\n四班,三公司\n五班,三公司\n");
    assert_int_equal(tree.added[KIND_UNIT], 3);
    assert_int_equal(undo(&play, tree.intake).status, ANSWER_DONE);
    const TakeReport sites =
        take(&play, INTAKE_PROJECTS, "项目名称,责任单位,开工日期\n三期,一公司,2026-01-01\n");
    assert_int_equal(sites.added[KIND_PROJECT], 1);
    const TakeReport posted =
        take(&play, INTAKE_POSTINGS, "姓名,工号,项目,进场日期\n张三,A1,三期,2026-02-01\n");
    assert_int_equal(posted.added[KIND_POSTING], 1);
    const Answer refused = undo(&play, sites.intake);
    assert_int_equal(refused.status, ANSWER_REFUSED);
    assert_int_equal(refused.code, ERR_CONFLICT);
    assert_non_null(strstr(refused.detail, "三期 still has 1 posting"));
    assert_int_equal(undo(&play, posted.intake).status, ANSWER_DONE);
    assert_int_equal(undo(&play, sites.intake).status, ANSWER_DONE);
    play_close(&play);
}

static void undo_voids_nothing_that_is_still_needed(void **state)
{
    on_each_store(*state, undo_what_is_needed);
}

#define POSTED "姓名,工号,单位,工种,项目,进场日期,离场日期,班组\n"

static const struct {
    const char *row;
    TakeNoteCode note;
} half_bad[] = {
    {"孙七,A7,一公司,普工,没有的项目,2026-02-01,,\n", TAKE_PROJECT_UNKNOWN},
    {"孙七,A7,一公司,普工,一期,,,\n", TAKE_FROM_NEEDED},
    {"孙七,A7,一公司,普工,一期,2026-02-01,,没有的班组\n", TAKE_CREW_UNKNOWN},
    {"李四,A2,一公司,电工,一期,2026-02-01,,没有的班组\n", TAKE_CREW_UNKNOWN},
    {"李四,A2,一公司,电工,一期,,,\n", TAKE_FROM_NEEDED},
};

static void take_half_bad_rows(Stores *stores)
{
    Play play;
    start(&play, stores);
    for (size_t i = 0; i < sizeof half_bad / sizeof half_bad[0]; i++) {
        char csv[400];
        Key key = KEY_NONE;
        snprintf(csv, sizeof csv, POSTED "%s", half_bad[i].row);
        const TakeReport report = take(&play, INTAKE_PEOPLE, csv);
        assert_int_equal(report.bad_rows, 1);
        assert_int_equal(report.notes[0].code, half_bad[i].note);
        if (named(&play, "孙七", &key) != 0) fail_msg("left somebody behind: %s", half_bad[i].row);
        if (!text_is(card_of(&play, "李四").trade, "焊工"))
            fail_msg("left a change behind: %s", half_bad[i].row);
        assert_int_equal(report.added[KIND_PERSON], 0);
        assert_int_equal(report.changed[KIND_PERSON], 0);
    }
    play_close(&play);
}

static void a_row_is_taken_whole_or_not_at_all(void **state)
{
    on_each_store(*state, take_half_bad_rows);
}

/* The good rows of a file with bad ones among them are taken. */
static void take_around(Stores *stores)
{
    Play play;
    Key key = KEY_NONE;
    start(&play, stores);
    const TakeReport report = take(&play, INTAKE_POSTINGS,
                                   "姓名,工号,项目,进场日期\n张三,A1,一期,2026-02-01\n"
                                   "无人,Q1,一期,2026-02-01\n李四,A2,二期,2026-02-01\n"
                                   "李四,A2,一期,2026-02-30\n李四,A2,一期,2026-03-01\n");
    assert_int_equal(report.row_count, 5);
    assert_int_equal(report.bad_rows, 3);
    assert_int_equal(report.added[KIND_POSTING], 2);
    assert_int_equal(report.note_count, 2); /* the day that is none is a problem of the reading */
    assert_int_equal(report.notes[0].code, TAKE_PERSON_UNKNOWN);
    assert_int_equal(report.notes[0].row_number, 3);
    assert_int_equal(report.notes[1].code, TAKE_PROJECT_UNKNOWN);
    assert_string_equal(report.notes[1].value, "二期");
    assert_int_equal(named(&play, "无人", &key), 0); /* postings make nobody */
    assert_int_equal(postings_of(&play, "李四"), 1);
    play_close(&play);
}

static void bad_rows_do_not_keep_good_ones_out(void **state)
{
    on_each_store(*state, take_around);
}

int main(int argc, char **argv)
{
    jail_main_if_asked(argc, argv, tablefile_tasks, tablefile_task_count);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_finds_whom_it_should_and_nobody_else),
        cmocka_unit_test(a_blank_cell_erases_nothing),
        cmocka_unit_test(taking_the_same_file_again_changes_nothing),
        cmocka_unit_test(a_dry_run_says_the_same_and_leaves_everything_as_it_was),
        cmocka_unit_test(undo_gives_back_what_was_there),
        cmocka_unit_test(undo_leaves_a_later_correction_alone),
        cmocka_unit_test(undo_gives_back_sealed_numbers),
        cmocka_unit_test(undo_voids_nothing_that_is_still_needed),
        cmocka_unit_test(bad_rows_do_not_keep_good_ones_out),
        cmocka_unit_test(undo_goes_back_to_before_the_first_of_two_rows),
        cmocka_unit_test(a_row_is_taken_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
