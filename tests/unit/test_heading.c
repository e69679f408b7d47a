/* What we promise about headings: they are found where they stand, and mean what people mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "intake/fold.h"
#include "intake/heading.h"
#include "intake/transcript.h"
#include "support/prop.h"

/* ---- a sheet from lines: cells by '|', '^' takes the value above, '<' the value to the left -- */

typedef struct Page {
    Transcript transcript;
    Arena arena;
    Workbook workbook;
    Heading heading;
} Page;

static void page_done(Page *page)
{
    transcript_done(&page->transcript);
    arena_done(&page->arena);
}

static void add_row(Page *page, unsigned number, Text line, unsigned above[SHEET_COLUMNS_MAX],
                    unsigned *ranges)
{
    Cell cells[SHEET_COLUMNS_MAX];
    size_t count = 0;
    unsigned column = 0;
    unsigned left = 0;
    Text rest = line;
    for (bool more = true; more; column++) {
        more = rest.size > 0 && memchr(rest.at, '|', rest.size) != NULL;
        const Text text = text_split(&rest, '|');
        Cell cell = {.kind = CELL_TEXT, .column = column, .text = text};
        const bool opens = text.size > 0 && text.at[text.size - 1] == '#';
        if (text_is(text, "^") || text_is(text, "<")) {
            cell = (Cell){.column = column,
                          .range = text_is(text, "^") ? above[column] : left,
                          .is_lent = true};
        } else if (opens) { /* "姓名#" opens a merged range */
            cell.text.size--;
            cell.range = ++*ranges;
        }
        above[column] = cell.range;
        left = cell.range;
        if (text.size > 0) cells[count++] = cell;
    }
    transcript_row(&page->transcript, number, false, cells, count);
}

static void page_make(Page *page, const char *lines)
{
    unsigned above[SHEET_COLUMNS_MAX] = {0};
    unsigned ranges = 0;
    Err err;
    transcript_init(&page->transcript, 1 << 20, NULL, NULL);
    arena_init(&page->arena, 1 << 20);
    transcript_begin(&page->transcript, false);
    transcript_sheet(&page->transcript, TEXT("花名册"), false);
    Text rest = text_from_z(lines);
    for (unsigned number = 1; rest.size > 0; number++)
        add_row(page, number, text_split(&rest, '\n'), above, &ranges);
    assert_int_equal(transcript_end(&page->transcript, &err), OK);
    assert_int_equal(
        workbook_open(buf_as_bytes(&page->transcript.buf), &page->arena, &page->workbook, &err),
        OK);
}

static ErrCode find(Page *page, IntakeKind kind, const char *mapping_text, Err *err)
{
    Mapping mapping;
    const IntakeInfo *intake = intake_info(kind);
    if (mapping_text != NULL)
        TRY(mapping_parse(bytes_of(text_from_z(mapping_text)), intake, &page->arena, &mapping,
                          err));
    return heading_find(&page->workbook, &page->workbook.sheets[0], intake,
                        mapping_text == NULL ? NULL : &mapping, &page->arena, &page->heading, err);
}

/* "B=name C=sex", best columns first. */
static void expect(IntakeKind kind, const char *lines, const char *mapping, unsigned first,
                   unsigned last, const char *wanted)
{
    AUTO(page_done) Page page = {.arena = {0}};
    Err err = {.message = ""};
    page_make(&page, lines);
    if (find(&page, kind, mapping, &err) != OK) fail_msg("%s", err.message);
    AUTO(buf_done) Buf got = {0};
    buf_init(&got, 4096);
    const IntakeInfo *intake = intake_info(kind);
    for (size_t i = 0; i < intake->column_count; i++)
        for (unsigned j = 0; j < page.heading.fields[i].count; j++) {
            char letters[COLUMN_LETTERS_MAX];
            buf_format(&got, "%s%s=%s", got.size == 0 ? "" : " ",
                       column_letters(page.heading.fields[i].columns[j], letters),
                       intake->columns[i].name);
        }
    buf_add_byte(&got, '\0');
    assert_string_equal((const char *)got.at, wanted);
    assert_true(page.heading.is_found);
    assert_int_equal(page.heading.first_row, first);
    assert_int_equal(page.heading.last_row, last);
}

static void expect_error(IntakeKind kind, const char *lines, const char *mapping, const char *words)
{
    AUTO(page_done) Page page = {.arena = {0}};
    Err err = {.message = ""};
    page_make(&page, lines);
    assert_int_equal(find(&page, kind, mapping, &err), ERR_INVALID);
    if (strstr(err.message, words) == NULL) fail_msg("\"%s\" lacks \"%s\"", err.message, words);
}

/* ---- promises ------------------------------------------------------------------------------ */

static void titles_above_and_decoration_do_not_matter(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE,
           "某公司2020年花名册#|<|<|<\n \n序 号|* 姓　名|身份证号码（18位）|ＩＤ No.\n1|张三", NULL,
           3, 3, "B=name C=id_number D=id_number");
    expect(INTAKE_PEOPLE, "*姓名：|手机号，11位数字|性别【男/女】|员工编号（必填）", NULL, 1, 1,
           "A=name B=phone C=sex D=staff_no");
}

static void rules_inside_a_heading_are_cut_off(void **state)
{
    (void)state;
    const IntakeInfo *people = intake_info(INTAKE_PEOPLE);
    assert_int_equal(heading_meaning(people, TEXT("*员工姓名  （必填；不允许超过16个字）"))->number,
                     COLUMN_PEOPLE_NAME);
    assert_int_equal(heading_meaning(people, TEXT("手机号，11位数字"))->number,
                     COLUMN_PEOPLE_PHONE);
    assert_int_equal(heading_meaning(people, TEXT("性别【男/女】"))->number, COLUMN_PEOPLE_SEX);
    assert_int_equal(heading_meaning(people, TEXT("时间（进场）"))->number, COLUMN_PEOPLE_FROM);
    assert_int_equal(heading_meaning(people, TEXT("Date of Birth"))->number, COLUMN_PEOPLE_BIRTH);
    assert_null(heading_meaning(people, TEXT("紧急联系人电话")));
    assert_null(heading_meaning(people, TEXT("入职日期")));
    assert_null(heading_meaning(people, TEXT("")));
    assert_null(heading_meaning(people, TEXT("（）")));
}

static void two_and_three_levels_are_joined(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE,
           "序号#|姓名#|联系方式#|<|入党#|项目情况#|<\n^|^|电话#|<|日期|项目|进场时间\n^|^|座机|"
           "手机号|||\n"
           "1|张三|22555|13800138000|2001|和风|2020",
           NULL, 1, 3, "B=name D=phone E=party_from F=project G=from");
    expect(INTAKE_PEOPLE, "姓名|入党#|<|备注\n|时间|转正时间\n张三|2001.7|2002.7", NULL, 1, 2,
           "A=name B=party_from C=formal_from D=note");
}

static void a_row_of_hints_below_is_part_of_the_headings(void **state)
{
    (void)state;
    AUTO(page_done) Page page = {.arena = {0}};
    Err err;
    page_make(&page, "姓名|手机\n（必填）|（选填）\n例如：张三|例如：138\n李四|139");
    assert_int_equal(find(&page, INTAKE_PEOPLE, NULL, &err), OK);
    assert_int_equal(page.heading.last_row, 3);
    assert_int_equal(page.heading.data_index, 3);
}

static void the_best_word_wins_and_the_other_stands_by(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE, "姓名|公司|联系电话|手机|部门|单位\n张三", NULL, 1, 1,
           "A=name D=phone C=phone F=unit E=unit B=unit");
}

static void columns_about_others_are_left_alone(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE, "姓名|紧急联系人#|<|<\n|姓名|关系|电话\n张三", NULL, 1, 2, "A=name");
}

static void becoming_permanent_in_a_job_is_not_the_party(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE, "姓名|转正日期\n张三", NULL, 1, 1, "A=name");
    expect(INTAKE_PEOPLE, "姓名|政治面貌|转正日期\n张三", NULL, 1, 1,
           "A=name B=standing C=formal_from");
}

static void every_kind_is_recognised(void **state)
{
    (void)state;
    expect(INTAKE_PROJECTS, "项目编号|项目名称|责任单位|开工日期|竣工日期|纬度|经度|地点|状态",
           NULL, 1, 1, "B=name C=unit A=code I=stage D=from E=to F=lat G=lon H=place");
    expect(INTAKE_UNITS, "名称|上级单位|层级|编号|统一社会信用代码", NULL, 1, 1,
           "A=name B=parent C=level D=code E=uscc");
    expect(INTAKE_POSTINGS, "姓名|工号|项目|进场日期|离场日期|班组", NULL, 1, 1,
           "A=name B=staff_no C=project D=from E=to F=crew");
    expect(INTAKE_HOLIDAYS, "date|name|is_off_day|kind|year_file|paper", NULL, 1, 1,
           "A=day B=name C=off F=paper");
}

static void a_sheet_of_another_kind_is_not_found(void **state)
{
    (void)state;
    AUTO(page_done) Page page = {.arena = {0}};
    Err err;
    page_make(&page, "外部运单号|运单号|寄件人\n1|2|3");
    assert_int_equal(find(&page, INTAKE_PEOPLE, NULL, &err), OK);
    assert_false(page.heading.is_found);
}

static void a_mapping_overrides_what_was_recognised(void **state)
{
    (void)state;
    expect(INTAKE_PEOPLE, "甲|姓名|乙\n1|2|3", "甲 = name\n姓名 = -\nC = 手机号\n", 1, 1,
           "A=name C=phone");
    expect(INTAKE_PEOPLE, "标题\n随便\n姓名|内部号\n张三|7",
           "# 说明\r\nskip 2 rows\r\n内部号 = staff_no\r\n", 3, 3, "A=name B=staff_no");
    expect(INTAKE_PEOPLE, "张三|13800138000", "header 0 rows\nA = name\nB = phone\n", 0, 0,
           "A=name B=phone");
    expect(INTAKE_PEOPLE, "甲|乙\n丙|丁\n张三|7", "header 2 rows\n丙=姓名\n", 1, 2, "A=name");
}

static void a_wrong_mapping_is_refused_with_its_line(void **state)
{
    (void)state;
    const char *sheet = "姓名|手机\n张三|1";
    expect_error(INTAKE_PEOPLE, sheet, "# x\n\n姓名 = nam\n",
                 "line 3: people have no column \"nam\"");
    expect_error(INTAKE_PEOPLE, sheet, "姓名 = name\n手机 = name\n",
                 "line 2: \"name\" is given already in line 1");
    expect_error(INTAKE_PEOPLE, sheet, "姓名 name\n", "line 1: write");
    expect_error(INTAKE_PEOPLE, sheet, "= name\n", "line 1: write");
    expect_error(INTAKE_PEOPLE, sheet, "header 9 rows\n", "line 1: headings take 0 to 4 rows");
    expect_error(INTAKE_PEOPLE, sheet, "工号码 = staff_no\n",
                 "line 1: no column is headed \"工号码\"");
}

static void words_stand_in_the_list_as_they_are_compared(void **state)
{
    (void)state;
    size_t count = 0;
    for (unsigned kind = 0; kind < INTAKE_KIND_COUNT; kind++) {
        const IntakeInfo *intake = intake_info((IntakeKind)kind);
        for (size_t i = 0; i < intake->column_count; i++) {
            Text rest = text_from_z(intake->columns[i].words);
            while (rest.size > 0) {
                char space[FOLD_BYTES_MAX];
                unsigned rank;
                const Text word = text_split(&rest, '|');
                assert_true(text_equal(fold_heading(word, space), word));
                /* No word means two things. */
                assert_ptr_equal(column_by_word(intake, word, &rank), &intake->columns[i]);
                count++;
            }
        }
    }
    print_message("%zu words for headings\n", count);
}

/* Decoration never changes what a heading means. */
static void decoration_changes_nothing(Prng *prng)
{
    static const char *const before[] = {"", "*", "＊", " ", "　", "\n", "\"", "★"};
    static const char *const after[] = {"",       ":",  "：",       " ", "（必填）",
                                        "(18位)", "\n", "【选填】", "*"};
    static const char *const inside[] = {"", " ", "　", "\n", "\t"};
    static const char *const words[] = {"姓名", "身份证号", "进场日期", "政治面貌", "工号", "备注"};
    const char *word = words[prng_below(prng, 6)];
    AUTO(buf_done) Buf heading = {0};
    buf_init(&heading, 256);
    buf_add_z(&heading, before[prng_below(prng, 8)]);
    for (size_t at = 0; at < strlen(word); at += 3) {
        buf_add_text(&heading, (Text){word + at, 3});
        buf_add_z(&heading, inside[prng_below(prng, 5)]);
    }
    buf_add_z(&heading, after[prng_below(prng, 9)]);
    const IntakeInfo *people = intake_info(INTAKE_PEOPLE);
    assert_non_null(heading_meaning(people, buf_as_text(&heading)));
    assert_ptr_equal(heading_meaning(people, buf_as_text(&heading)),
                     heading_meaning(people, text_from_z(word)));
}

static void property_decoration(void **state)
{
    (void)state;
    prop_run("decorated headings", 2000, decoration_changes_nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_above_and_decoration_do_not_matter),
        cmocka_unit_test(rules_inside_a_heading_are_cut_off),
        cmocka_unit_test(two_and_three_levels_are_joined),
        cmocka_unit_test(a_row_of_hints_below_is_part_of_the_headings),
        cmocka_unit_test(the_best_word_wins_and_the_other_stands_by),
        cmocka_unit_test(columns_about_others_are_left_alone),
        cmocka_unit_test(becoming_permanent_in_a_job_is_not_the_party),
        cmocka_unit_test(every_kind_is_recognised),
        cmocka_unit_test(a_sheet_of_another_kind_is_not_found),
        cmocka_unit_test(a_mapping_overrides_what_was_recognised),
        cmocka_unit_test(a_wrong_mapping_is_refused_with_its_line),
        cmocka_unit_test(words_stand_in_the_list_as_they_are_compared),
        cmocka_unit_test(property_decoration),
    };
    return cmocka_run_group_tests_name("heading", tests, NULL, NULL);
}
