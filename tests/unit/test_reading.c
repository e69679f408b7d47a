/* What we promise about readings: rosters as they are found become typed rows, and everything else
 * is said with its cell and what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "intake/reading.h"
#include "intake/tablefile.h"
#include "support/prop.h"
#include "support/shared.h"
#include "vocab/vocab.h"

typedef struct Taken {
    TableFile file;
    Arena arena;
    Reading reading;
} Taken;

static void taken_done(Taken *taken)
{
    tablefile_done(&taken->file);
    arena_done(&taken->arena);
}

static ErrCode take_bytes(Taken *taken, IntakeKind kind, Bytes bytes, const char *name,
                          const char *mapping_text, Err *err)
{
    const IntakeInfo *intake = intake_info(kind);
    Mapping mapping;
    arena_init(&taken->arena, (size_t)32 << 20);
    TRY(tablefile_read(&taken->file, bytes, text_from_z(name), err));
    if (mapping_text != NULL)
        TRY(mapping_parse(bytes_of(text_from_z(mapping_text)), intake, &taken->arena, &mapping,
                          err));
    return reading_make(&taken->file.workbook, intake, mapping_text == NULL ? NULL : &mapping,
                        &taken->arena, &taken->reading, err);
}

static void take(Taken *taken, IntakeKind kind, const char *csv, const char *mapping)
{
    Err err = {.message = ""};
    if (take_bytes(taken, kind, bytes_of(text_from_z(csv)), "roster.csv", mapping, &err) != OK)
        fail_msg("%s", err.message);
}

static void expect_refused(IntakeKind kind, const char *csv, const char *mapping, const char *words)
{
    AUTO(taken_done) Taken taken = {.arena = {0}};
    Err err = {.message = ""};
    assert_int_equal(
        take_bytes(&taken, kind, bytes_of(text_from_z(csv)), "roster.csv", mapping, &err),
        ERR_INVALID);
    if (strstr(err.message, words) == NULL) fail_msg("\"%s\" lacks \"%s\"", err.message, words);
}

static void row_of(Taken *taken, size_t index, ReadRow *row)
{
    Err err = {.message = ""};
    if (reading_row(&taken->reading, index, &taken->arena, row, &err) != OK)
        fail_msg("%s", err.message);
}

/* All problems, one a line, in Chinese or English. */
static const char *problems_of(const Taken *taken, Language language, Buf *buf)
{
    buf_init(buf, 1 << 20);
    for (size_t i = 0; i < taken->reading.problem_count; i++) {
        problem_write(&taken->reading, &taken->reading.problems[i], language, buf);
        buf_add_byte(buf, '\n');
    }
    buf_add_byte(buf, '\0');
    return (const char *)buf->at;
}

static const char roster[] =
    "某工程人员花名册,,,,,,,,,,,,,,,\n"
    "序号,姓 名,身份证 "
    "号码(18位),*手机号码,性别(男/女),出生年月,所属单位,用工形式,政治面貌,入党时间,"
    "是否工会会员,项目名称,进场时间,离场时间,班组,血型\n"
    "1,张 三,11010519491231002x,138 0013 8000,女,1949.12.31,工程营销部,正式工,中共党员,1970.7.1,是,"
    "和风一期,2020.9.1,2021/3,一班,A\n"
    "2,李四,,,女,1985-02-30,工程营销部,劳务派遣,预备党员,２０２０年９月１日,否,和风一期,20200901,"
    "至今,一班,B\n"
    "3,阿卜杜拉•买买提,110105194912310021,123,男,,工程营销部,火星工,群众,,√,益风二期,44075,43983,"
    "二班,\n"
    "4,,,,,,,,,,,,,,,\n"
    "序号,姓 名,身份证 号码(18位),*手机号码,,,,,,,,,,,,\n"
    "5,,,13900139000,,,,,,,,,,,,\n"
    "合计,3人,,,,,,,,,,,,,,\n"
    "填表人：王五,,,,日期：2020年9月1日,,,,,,,,,,,\n";

static void a_roster_as_found_becomes_typed_rows(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE, roster, NULL);
    assert_int_equal(taken.reading.row_count, 4);
    ReadRow row;
    row_of(&taken, 0, &row);
    assert_int_equal(row.number, 3);
    assert_false(row.has_error);
    assert_true(text_is(row.values[COLUMN_PEOPLE_NAME].text, "张三"));
    assert_true(text_is(row.values[COLUMN_PEOPLE_ID_NUMBER].text, "11010519491231002X"));
    assert_true(text_is(row.values[COLUMN_PEOPLE_PHONE].text, "13800138000"));
    assert_int_equal(row.values[COLUMN_PEOPLE_SEX].number, SEX_IS_FEMALE);
    assert_int_equal(row.values[COLUMN_PEOPLE_EMPLOYMENT].number, EMPLOYMENT_IS_OWN);
    assert_int_equal(row.values[COLUMN_PEOPLE_STANDING].number, STANDING_IS_PARTY_FORMAL);
    assert_int_equal(row.values[COLUMN_PEOPLE_UNION_MEMBER].number, 1);
    char day[DAY_TEXT_MAX];
    assert_string_equal(day_write((Day)row.values[COLUMN_PEOPLE_FROM].number, day), "2020-09-01");
    assert_string_equal(day_write((Day)row.values[COLUMN_PEOPLE_TO].number, day), "2021-03-31");
    assert_true(row.values[COLUMN_PEOPLE_TO].is_assumed);
    assert_int_equal(row.values[COLUMN_PEOPLE_STAFF_NO].state, VALUE_ABSENT);
}

static void rows_that_are_no_data_are_counted(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE, roster, NULL);
    const ReadSheet *sheet = &taken.reading.sheets[0];
    assert_int_equal(sheet->row_count, 4);
    assert_int_equal(sheet->blank_count, 1);
    assert_int_equal(sheet->repeat_count, 1);
    assert_int_equal(sheet->footer_count, 2);
    assert_int_equal(taken.reading.bad_row_count, 3);
}

static void every_problem_has_its_cell_and_its_advice(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE, roster, NULL);
    AUTO(buf_done) Buf buf = {0};
    const char *all = problems_of(&taken, LANGUAGE_ZH, &buf);
    static const char *const wanted[] = {"P2：“血型”不认识这一列",
                                         "N3：离场日期 “2021/3”只有年月",
                                         "F4：出生日期 “1985-02-30”不是日期；写成 2020-09-01",
                                         "C5：身份证号 “11***21”身份证号不正确",
                                         "D5：手机号 “123”不是电话号码",
                                         "H5：用工形式 “火星工”不认识这个词",
                                         "N5：离场日期 “43983”结束日期早于开始日期",
                                         "B8：姓名 未填写"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strstr(all, wanted[i]) == NULL) fail_msg("%s\nlacks %s", all, wanted[i]);
    assert_null(strstr(all, "110105194912310021"));
    AUTO(buf_done) Buf english = {0};
    assert_non_null(strstr(problems_of(&taken, LANGUAGE_EN, &english),
                           "F4: date of birth \"1985-02-30\" this is not a date; write it as"));
}

static void a_blank_cell_says_nothing(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE, "姓名,手机,单位,政治面貌\n张三, ,\"　\n\",\n", NULL);
    ReadRow row;
    row_of(&taken, 0, &row);
    for (size_t i = 1; i < INTAKE_COLUMNS_MAX; i++)
        assert_int_equal(row.values[i].state, VALUE_ABSENT);
    assert_int_equal(taken.reading.problem_count, 0);
}

static void the_second_column_serves_where_the_first_is_blank(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PROJECTS, "name_en,name_zh\nHefeng,和风\nYifeng,\n", NULL);
    ReadRow row;
    row_of(&taken, 0, &row);
    assert_true(text_is(row.values[COLUMN_PROJECTS_NAME].text, "和风"));
    row_of(&taken, 1, &row);
    assert_true(text_is(row.values[COLUMN_PROJECTS_NAME].text, "Yifeng"));
    assert_int_equal(row.places[COLUMN_PROJECTS_NAME], 0);
}

static void cells_that_contradict_one_another_are_told(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE,
         "姓名,身份证号,性别,出生日期\n张三,11010519491231002X,男,1950-01-01\n", NULL);
    assert_int_equal(taken.reading.flaw_counts[FLAW_SEX_DIFFERS], 1);
    assert_int_equal(taken.reading.flaw_counts[FLAW_BIRTH_DIFFERS], 1);
    assert_int_equal(taken.reading.bad_row_count, 0);

    AUTO(taken_done) Taken places = {.arena = {0}};
    take(&places, INTAKE_PROJECTS, "项目名称,纬度,经度\n和风,33.5,120.1\n益风,81.5,45.1\n", NULL);
    assert_int_equal(places.reading.flaw_counts[FLAW_COORDINATES_SWAPPED], 1);
    ReadRow row;
    row_of(&places, 0, &row);
    assert_int_equal(row.values[COLUMN_PROJECTS_LAT].number, 33500000);
}

static void a_sheet_of_another_kind_gets_one_clear_answer(void **state)
{
    (void)state;
    expect_refused(INTAKE_PEOPLE, "运单号,寄件电话\n1,2\n", NULL,
                   "no column for 姓名 (name) was found; recognised: nothing");
    expect_refused(INTAKE_POSTINGS, "姓名,工号\n张三,2\n", NULL,
                   "no column for 项目 (project), 进场日期 (from) was found; recognised: 姓名 "
                   "(name), 工号 (staff_no)");
    expect_refused(INTAKE_PEOPLE, "", NULL, "the file is empty");
    expect_refused(INTAKE_PEOPLE, "姓名\n张三\n", "sheet = 没有\n", "there is no sheet \"没有\"");
}

static void a_mapping_reads_what_recognition_cannot(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE, "张三,7,13800138000\n李四,8,\n",
         "header 0 rows\nA = 姓名\nB = staff_no\nC = phone\n");
    assert_int_equal(taken.reading.row_count, 2);
    ReadRow row;
    row_of(&taken, 0, &row);
    assert_int_equal(row.number, 1);
    assert_true(text_is(row.values[COLUMN_PEOPLE_STAFF_NO].text, "7"));
}

static void names_that_begin_like_a_footer_stay(void **state)
{
    (void)state;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    take(&taken, INTAKE_PEOPLE,
         "岗位,姓名\n项目负责人,张三\n负责人签字：,\n备注：以上属实,\n小计,2\n", NULL);
    assert_int_equal(taken.reading.row_count, 1);
    assert_int_equal(taken.reading.sheets[0].footer_count, 3);
}

static void holidays_are_read_from_public_data(void **state)
{
    (void)state;
    AUTO(buf_done) Buf csv = {0};
    if (!shared_read("data/holidays/holidays.csv", &csv)) skip();
    AUTO(taken_done) Taken taken = {.arena = {0}};
    Err err = {.message = ""};
    assert_int_equal(take_bytes(&taken, INTAKE_HOLIDAYS, buf_as_bytes(&csv), "h.csv", NULL, &err),
                     OK);
    assert_int_equal(taken.reading.row_count, 678);
    assert_int_equal(taken.reading.bad_row_count, 0);
    ReadRow row;
    row_of(&taken, 2, &row);
    assert_true(text_is(row.values[COLUMN_HOLIDAYS_NAME].text, "元旦"));
    assert_int_equal(row.values[COLUMN_HOLIDAYS_OFF].number, 1);
}

static void projects_are_read_from_public_data(void **state)
{
    (void)state;
    AUTO(buf_done) Buf csv = {0};
    if (!shared_read("data/projects/projects.csv", &csv)) skip();
    AUTO(taken_done) Taken taken = {.arena = {0}};
    Err err = {.message = ""};
    assert_int_equal(
        take_bytes(&taken, INTAKE_PROJECTS, buf_as_bytes(&csv), "p.csv", "year = from\n", &err),
        OK);
    print_message("projects.csv: %zu rows, %zu with errors, %zu warnings\n",
                  taken.reading.row_count, taken.reading.bad_row_count,
                  taken.reading.warning_count);
    assert_int_equal(taken.reading.row_count, 7629);
    assert_int_equal(taken.reading.bad_row_count, 0);
    assert_true(taken.reading.flaw_counts[FLAW_YEAR_ASSUMED] > 0);
    assert_true(taken.reading.problem_count <= READING_PROBLEMS_MAX);
}

/* ---- every file there is -------------------------------------------------------------------- */

typedef struct Tally {
    size_t count;
    size_t read;
    size_t refused;
    size_t crashed;
    double slowest;
} Tally;

static void read_one(const char *name, Bytes bytes, void *context)
{
    Tally *tally = context;
    AUTO(taken_done) Taken taken = {.arena = {0}};
    AUTO(buf_done) Buf line = {0};
    Err err = {.message = ""};
    buf_init(&line, 1 << 20);
    struct timespec before;
    struct timespec after;
    timespec_get(&before, TIME_UTC);
    const ErrCode code = take_bytes(&taken, INTAKE_PEOPLE, bytes, name, NULL, &err);
    timespec_get(&after, TIME_UTC);
    const double seconds =
        (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    tally->count++;
    tally->read += code == OK;
    tally->refused += code != OK;
    tally->crashed += code == ERR_CORRUPT || code == ERR_IO;
    if (seconds > tally->slowest) tally->slowest = seconds;
    if (code == OK) reading_write_summary(&taken.reading, LANGUAGE_EN, &line);
    if (code != OK) buf_add_z(&line, err.message);
    const char *slash = strrchr(name, '/');
    print_message("%.40s: %.*s\n", slash == NULL ? name : slash + 1,
                  line.size > 300 ? 300 : (int)line.size, (const char *)line.at);
    assert_null(memchr(line.at, '\n', line.size));
}

static void every_public_workbook_gets_one_line(void **state)
{
    (void)state;
    Tally tally = {0};
    if (!shared_each("data/xlsx/chinese", read_one, &tally)) skip();
    assert_true(shared_each("data/xlsx/malformed", read_one, &tally));
    print_message(
        "public workbooks: %zu, %zu read as people, %zu refused, %zu crashed, slowest %.2f s\n",
        tally.count, tally.read, tally.refused, tally.crashed, tally.slowest);
    assert_int_equal(tally.crashed, 0);
    assert_true(tally.slowest < 10);
}

/* Reading a row twice gives the same values, and rows without errors hold every must. */
static void rows_are_stable(Prng *prng)
{
    static const char *const values[] = {
        "张三", "",         "13800138000", "2020.9",     "x",  "11010519491231002X",
        "女",   "\"a\nb\"", "合计",        "2020-01-01", "是", "7"};
    AUTO(buf_done) Buf csv = {0};
    buf_init(&csv, 1 << 16);
    buf_add_z(&csv, "姓名,手机,身份证号,性别,进场日期,离场日期,是否工会会员\n");
    for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 7; j++) {
            if (j > 0) buf_add_byte(&csv, ',');
            buf_add_z(&csv, values[prng_below(prng, 12)]);
        }
        buf_add_byte(&csv, '\n');
    }
    AUTO(taken_done) Taken taken = {.arena = {0}};
    Err err = {.message = ""};
    assert_int_equal(take_bytes(&taken, INTAKE_PEOPLE, buf_as_bytes(&csv), "r.csv", NULL, &err),
                     OK);
    size_t bad = 0;
    for (size_t i = 0; i < taken.reading.row_count; i++) {
        ReadRow first;
        ReadRow second;
        row_of(&taken, i, &first);
        row_of(&taken, i, &second);
        bad += first.has_error;
        assert_true(first.has_error || first.values[COLUMN_PEOPLE_NAME].state == VALUE_SET);
        for (size_t j = 0; j < INTAKE_COLUMNS_MAX; j++) {
            assert_int_equal(first.values[j].state, second.values[j].state);
            assert_int_equal(first.values[j].number, second.values[j].number);
            assert_true(text_equal(first.values[j].text, second.values[j].text));
        }
    }
    assert_int_equal(bad, taken.reading.bad_row_count);
}

static void property_rows(void **state)
{
    (void)state;
    prop_run("readings", 60, rows_are_stable);
}

int main(int argc, char **argv)
{
    jail_main_if_asked(argc, argv, tablefile_tasks, tablefile_task_count);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_as_found_becomes_typed_rows),
        cmocka_unit_test(rows_that_are_no_data_are_counted),
        cmocka_unit_test(every_problem_has_its_cell_and_its_advice),
        cmocka_unit_test(a_blank_cell_says_nothing),
        cmocka_unit_test(the_second_column_serves_where_the_first_is_blank),
        cmocka_unit_test(cells_that_contradict_one_another_are_told),
        cmocka_unit_test(a_sheet_of_another_kind_gets_one_clear_answer),
        cmocka_unit_test(a_mapping_reads_what_recognition_cannot),
        cmocka_unit_test(names_that_begin_like_a_footer_stay),
        cmocka_unit_test(holidays_are_read_from_public_data),
        cmocka_unit_test(projects_are_read_from_public_data),
        cmocka_unit_test(every_public_workbook_gets_one_line),
        cmocka_unit_test(property_rows),
    };
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
