/* What we promise about cells: read in one way or not at all, and secrets never repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "intake/celldate.h"
#include "intake/cellplace.h"
#include "intake/cellvalue.h"
#include "intake/fold.h"
#include "support/prop.h"
#include "support/shared.h"
#include "vocab/vocab.h"

static Cell text_cell(const char *z)
{
    return (Cell){.kind = CELL_TEXT, .text = text_from_z(z)};
}

static Cell number_cell(double number, const char *shown)
{
    return (Cell){.kind = CELL_NUMBER, .number = number, .text = text_from_z(shown)};
}

/* ---- days ---------------------------------------------------------------------------------- */

static void expect_day_of(const Cell *cell, DateRules rules, const char *wanted, FlawCode flaw)
{
    Day day = DAY_OPEN;
    bool is_open = false;
    char written[DAY_TEXT_MAX];
    const FlawCode got = celldate_read(cell, rules, &day, &is_open);
    if (got != flaw)
        fail_msg("%.*s: %s, not %s", TEXT_ARG(cell->text), flaw_info(got)->name,
                 flaw_info(flaw)->name);
    if (flaw == FLAW_NONE || flaw_info(flaw)->severity == FLAW_IS_WARNING)
        assert_string_equal(is_open ? "open" : day_write(day, written), wanted);
}

static void expect_day(const char *text, const char *wanted, FlawCode flaw)
{
    const Cell cell = text_cell(text);
    expect_day_of(&cell, (DateRules){0}, wanted, flaw);
}

static void dates_of_every_spelling_are_read(void **state)
{
    (void)state;
    static const char *const spellings[] = {"2020-09-01",
                                            "2020/9/1",
                                            "2020.9.1",
                                            "2020年9月1日",
                                            "2020年09月01号",
                                            "20200901",
                                            "２０２０．９．１",
                                            " 2020 - 9 - 1 ",
                                            "2020-09-01 08:30:00",
                                            "2020-09-01T08:30:00Z",
                                            "20200901 00:00:00",
                                            "2020、9、1",
                                            "44075"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        expect_day(spellings[i], "2020-09-01", FLAW_NONE);
    expect_day("13/9/2020", "2020-09-13", FLAW_NONE);
    expect_day("9/13/2020", "2020-09-13", FLAW_NONE);
    expect_day("2.2.2020", "2020-02-02", FLAW_NONE);
    expect_day("至今", "open", FLAW_NONE);
    expect_day("—", "open", FLAW_NONE);
}

static void a_month_alone_means_its_first_day_or_its_last(void **state)
{
    (void)state;
    static const char *const spellings[] = {"2020.2", "2020-02", "2020年2月", "202002", "2020/2"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        const Cell cell = text_cell(spellings[i]);
        expect_day_of(&cell, (DateRules){0}, "2020-02-01", FLAW_MONTH_ONLY);
        expect_day_of(&cell, (DateRules){.takes_last = true}, "2020-02-29", FLAW_MONTH_ONLY);
    }
    const Cell shown = {.kind = CELL_DATE, .day = 18506, .text = TEXT("2020-09")};
    expect_day_of(&shown, (DateRules){.takes_last = true}, "2020-09-30", FLAW_MONTH_ONLY);
    const Cell whole = {.kind = CELL_DATE, .day = 18506, .text = TEXT("2020-09-01")};
    expect_day_of(&whole, (DateRules){.takes_last = true}, "2020-09-01", FLAW_NONE);
}

static void what_can_be_read_twice_is_refused(void **state)
{
    (void)state;
    expect_day("9/1/2020", "", FLAW_DAY_AMBIGUOUS);
    expect_day("20.9.1", "", FLAW_DAY_AMBIGUOUS);
    expect_day("980701", "", FLAW_DAY_AMBIGUOUS);
    expect_day("2020", "", FLAW_DAY_YEAR_ONLY);
    const Cell lost_zero = number_cell(2020.1, "2020.1");
    expect_day_of(&lost_zero, (DateRules){0}, "", FLAW_DAY_AMBIGUOUS);
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    expect_day("2020-02-30", "", FLAW_NOT_A_DAY);
    expect_day("2020.13", "", FLAW_NOT_A_DAY);
    expect_day("20201301", "", FLAW_NOT_A_DAY);
    expect_day("明年", "", FLAW_NOT_A_DAY);
    expect_day("2020-09-01 张三", "", FLAW_NOT_A_DAY);
    expect_day("1.2.3.4", "", FLAW_NOT_A_DAY);
    expect_day("99999999999999999999", "", FLAW_NOT_A_DAY);
    expect_day("0999-01-01", "", FLAW_DAY_RANGE);
    const Cell truth = {.kind = CELL_BOOL, .text = TEXT("TRUE")};
    expect_day_of(&truth, (DateRules){0}, "", FLAW_NOT_A_DAY);
}

static void numbers_are_read_as_what_was_typed(void **state)
{
    (void)state;
    const struct {
        double number;
        const char *wanted;
        FlawCode flaw;
    } cases[] = {
        {44075, "2020-09-01", FLAW_NONE},
        {44075.5, "2020-09-01", FLAW_NONE},
        {20200901, "2020-09-01", FLAW_NONE},
        {202009, "2020-09-01", FLAW_MONTH_ONLY},
        {2020.9, "2020-09-01", FLAW_MONTH_ONLY},
        {2020.09, "2020-09-01", FLAW_MONTH_ONLY},
        {2020.11, "2020-11-01", FLAW_MONTH_ONLY},
        {2020.12, "2020-12-01", FLAW_MONTH_ONLY},
        {2020.13, "", FLAW_NOT_A_DAY},
        {2020, "", FLAW_DAY_YEAR_ONLY},
        {-1, "", FLAW_NOT_A_DAY},
        {300, "", FLAW_NOT_A_DAY},
        {1e15, "", FLAW_NOT_A_DAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Cell cell = number_cell(cases[i].number, "n");
        expect_day_of(&cell, (DateRules){0}, cases[i].wanted, cases[i].flaw);
    }
    const Cell serial = number_cell(42613, "42613");
    expect_day_of(&serial, (DateRules){.counts_from_1904 = true}, "2020-09-01", FLAW_NONE);
    const Cell year = number_cell(2013, "2013");
    expect_day_of(&year, (DateRules){.takes_year = true}, "2013-01-01", FLAW_YEAR_ASSUMED);
    expect_day_of(&year, (DateRules){.takes_year = true, .takes_last = true}, "2013-12-31",
                  FLAW_YEAR_ASSUMED);
}

/* ---- texts and codes ------------------------------------------------------------------------ */

static CellValue read_as(IntakeKind kind, unsigned column, Cell cell, Arena *arena)
{
    CellValue value;
    Err err = {.message = ""};
    if (cellvalue_read(&cell, &intake_info(kind)->columns[column], false, arena, &value, &err) !=
        OK)
        fail_msg("%s", err.message);
    return value;
}

static void expect_text(unsigned column, Cell cell, const char *wanted, FlawCode flaw)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    const CellValue value = read_as(INTAKE_PEOPLE, column, cell, &arena);
    if (value.flaw != flaw) fail_msg("%.*s: %s", TEXT_ARG(cell.text), flaw_info(value.flaw)->name);
    assert_int_equal(value.state, wanted != NULL      ? VALUE_SET
                                  : flaw == FLAW_NONE ? VALUE_ABSENT
                                                      : VALUE_BAD);
    if (wanted != NULL && !text_is(value.text, wanted))
        fail_msg("\"%.*s\", not \"%s\"", TEXT_ARG(value.text), wanted);
}

static void names_lose_their_blanks_but_not_their_parts(void **state)
{
    (void)state;
    expect_text(COLUMN_PEOPLE_NAME, text_cell("张　三"), "张三", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_NAME, text_cell(" 欧阳 \n 锋 "), "欧阳锋", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_NAME, text_cell("John  Smith"), "John Smith", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_NAME, text_cell("阿卜杜拉•买买提"), "阿卜杜拉·买买提", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_NAME, text_cell("王伟２"), "王伟2", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_NAME, text_cell("12345"), NULL, FLAW_NAME_WRONG);
    expect_text(COLUMN_PEOPLE_NAME, number_cell(5, "5"), NULL, FLAW_NAME_WRONG);
    expect_text(COLUMN_PEOPLE_NAME, text_cell("　 "), NULL, FLAW_NONE);
}

static void texts_are_tidied(void **state)
{
    (void)state;
    expect_text(COLUMN_PEOPLE_UNIT, text_cell("　工程\r\n营销部（１）　Ａ组 "),
                "工程 营销部（1） A组", FLAW_NONE);
    expect_text(COLUMN_PEOPLE_UNIT, (Cell){.kind = CELL_ERROR, .text = TEXT("#REF!")}, NULL,
                FLAW_CELL_ERROR);
    expect_text(COLUMN_PEOPLE_UNIT, (Cell){.kind = CELL_TEXT, .text = TEXT("x"), .is_cut = true},
                NULL, FLAW_TOO_LONG);
}

static void identity_numbers_are_checked(void **state)
{
    (void)state;
    const unsigned column = COLUMN_PEOPLE_ID_NUMBER;
    expect_text(column, text_cell("11010519491231002x"), "11010519491231002X", FLAW_NONE);
    expect_text(column, text_cell("'440524 18800101 0014"), "440524188001010014", FLAW_NONE);
    expect_text(column, text_cell("４４０５２４１８８００１０１００１４"), "440524188001010014",
                FLAW_NONE);
    expect_text(column, text_cell("440524188001010015"), NULL, FLAW_ID_NUMBER);
    expect_text(column, text_cell("12345"), NULL, FLAW_ID_NUMBER);
}

static void a_number_that_excel_cut_is_never_guessed(void **state)
{
    (void)state;
    const unsigned column = COLUMN_PEOPLE_ID_NUMBER;
    expect_text(column, number_cell(440524188001010014.0, "440524188001010048"), NULL,
                FLAW_NUMBER_CUT);
    expect_text(column, text_cell("4.40524E+17"), NULL, FLAW_NUMBER_CUT);
    expect_text(column, text_cell("440524188001010000"), NULL, FLAW_NUMBER_CUT);
    expect_text(COLUMN_PEOPLE_STAFF_NO, number_cell(1e16, "10000000000000000"), NULL,
                FLAW_NUMBER_CUT);
}

static void phones_are_read_however_they_are_grouped(void **state)
{
    (void)state;
    const unsigned column = COLUMN_PEOPLE_PHONE;
    expect_text(column, text_cell("138 0013-8000"), "13800138000", FLAW_NONE);
    expect_text(column, text_cell("+86 138 0013 8000"), "13800138000", FLAW_NONE);
    expect_text(column, number_cell(13800138000.0, "13800138000"), "13800138000", FLAW_NONE);
    expect_text(column, text_cell("010-12345678"), "01012345678", FLAW_NONE);
    expect_text(column, text_cell("(0515)83212345-806"), "051583212345", FLAW_NONE);
    expect_text(column, text_cell("１３８００１３８０００"), "13800138000", FLAW_NONE);
    expect_text(column, text_cell("13800138000/13900139000"), "13800138000", FLAW_SEVERAL_PHONES);
    expect_text(column, text_cell("无、13900139000"), "13900139000", FLAW_SEVERAL_PHONES);
    expect_text(column, text_cell("1380013800"), NULL, FLAW_PHONE);
    expect_text(column, text_cell("见备注"), NULL, FLAW_PHONE);
}

static void codes_stay_texts(void **state)
{
    (void)state;
    const unsigned column = COLUMN_PEOPLE_STAFF_NO;
    expect_text(column, text_cell("=\"007\""), "007", FLAW_NONE);
    expect_text(column, number_cell(7, "00007"), "00007", FLAW_NONE);
    expect_text(column, text_cell("342291.0"), "342291", FLAW_NONE);
    expect_text(column, text_cell("Ａ-１2"), "A-12", FLAW_NONE);
}

/* ---- choices, yes and no, places ------------------------------------------------------------ */

static void expect_choice(IntakeKind kind, unsigned column, const char *text, int wanted)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 12);
    const CellValue value = read_as(kind, column, text_cell(text), &arena);
    assert_int_equal(value.flaw, wanted < 0 ? FLAW_NOT_A_CHOICE : FLAW_NONE);
    assert_int_equal(value.state, wanted < 0 ? VALUE_ABSENT : VALUE_SET);
    if (wanted >= 0) assert_int_equal(value.number, wanted);
}

static void words_become_choices(void **state)
{
    (void)state;
    const unsigned standing = COLUMN_PEOPLE_STANDING;
    expect_choice(INTAKE_PEOPLE, standing, "中共党员", STANDING_IS_PARTY_FORMAL);
    expect_choice(INTAKE_PEOPLE, standing, "中共 预备党员", STANDING_IS_PARTY_PROBATIONARY);
    expect_choice(INTAKE_PEOPLE, standing, "党员（预备）", STANDING_IS_PARTY_PROBATIONARY);
    expect_choice(INTAKE_PEOPLE, standing, "共青团员", 0);
    expect_choice(INTAKE_PEOPLE, standing, "群众", 0);
    expect_choice(INTAKE_PEOPLE, standing, "党员（预备期满）", -1);
    expect_choice(INTAKE_PEOPLE, COLUMN_PEOPLE_SEX, "女 ", SEX_IS_FEMALE);
    expect_choice(INTAKE_PEOPLE, COLUMN_PEOPLE_EMPLOYMENT, "劳务派遣（2020届）",
                  EMPLOYMENT_IS_DISPATCHED);
    expect_choice(INTAKE_PEOPLE, COLUMN_PEOPLE_EMPLOYMENT, "火星工", -1);
    expect_choice(INTAKE_PEOPLE, COLUMN_PEOPLE_UNION_MEMBER, "√", 1);
    expect_choice(INTAKE_HOLIDAYS, COLUMN_HOLIDAYS_OFF, "false", 0);
    expect_choice(INTAKE_HOLIDAYS, COLUMN_HOLIDAYS_OFF, "班", 0);
    expect_choice(INTAKE_PROJECTS, COLUMN_PROJECTS_STAGE, "在建", STAGE_IS_ACTIVE);
    expect_choice(INTAKE_PROJECTS, COLUMN_PROJECTS_STAGE, "Operational", STAGE_IS_CLOSED);
    expect_choice(INTAKE_UNITS, COLUMN_UNITS_LEVEL, "班组", LEVEL_IS_TEAM);
}

static void expect_degrees(const char *text, bool is_latitude, int64_t wanted, FlawCode flaw)
{
    const Cell cell = text_cell(text);
    const CellValue value =
        cellplace_read(&cell, is_latitude ? COLUMN_TYPE_LATITUDE : COLUMN_TYPE_LONGITUDE);
    if (value.flaw != flaw) fail_msg("%s: %s", text, flaw_info(value.flaw)->name);
    if (flaw == FLAW_NONE) assert_int_equal(value.number, wanted);
}

static void coordinates_are_read_in_degrees_and_in_minutes(void **state)
{
    (void)state;
    expect_degrees("39.9042", true, 39904200, FLAW_NONE);
    expect_degrees("北纬39.9042°", true, 39904200, FLAW_NONE);
    expect_degrees("N39°54′15.12″", true, 39904200, FLAW_NONE);
    expect_degrees("39°54'15.12\"N", true, 39904200, FLAW_NONE);
    expect_degrees("39度54分15.12秒", true, 39904200, FLAW_NONE);
    expect_degrees("东经116°24′", false, 116400000, FLAW_NONE);
    expect_degrees("-33.5", true, -33500000, FLAW_NONE);
    expect_degrees("33.5S", true, -33500000, FLAW_NONE);
    expect_degrees("116.4", true, 0, FLAW_COORDINATE_RANGE);
    expect_degrees("E116.4", true, 0, FLAW_COORDINATES_SWAPPED);
    expect_degrees("39°75′", true, 0, FLAW_COORDINATE);
    expect_degrees("不详", true, 0, FLAW_COORDINATE);
    expect_degrees("116.155940,39.922120", false, 0, FLAW_COORDINATE);
    assert_true(cellplace_is_swapped(116400000, 39900000));
    assert_false(cellplace_is_swapped(39900000, 116400000));
    assert_false(cellplace_is_swapped(-33500000, 151200000));
}

/* ---- secrets -------------------------------------------------------------------------------- */

static void expect_mask(const char *value, ColumnType type, const char *wanted)
{
    char out[MASKED_BYTES_MAX];
    cellvalue_mask(text_from_z(value), type, out);
    assert_string_equal(out, wanted);
}

static void secrets_are_masked_wherever_they_stand(void **state)
{
    (void)state;
    expect_mask("11010519491231002X", COLUMN_TYPE_ID_NUMBER, "11***2X");
    expect_mask("138 0013 8000", COLUMN_TYPE_PHONE, "13***00");
    expect_mask("电话13800138000，张三", COLUMN_TYPE_TEXT, "电话13***00，张三");
    expect_mask("１３８００１３８０００", COLUMN_TYPE_TEXT, "13***00");
    expect_mask("2020-09-01", COLUMN_TYPE_DAY, "2020-09-01");
    expect_mask("a\nb", COLUMN_TYPE_TEXT, "a b");
}

/* A masked value never holds five digits of a secret in a row, and is always text that fits. */
static void masks_hide(Prng *prng)
{
    AUTO(buf_done) Buf value = {0};
    buf_init(&value, 4096);
    static const char *const pieces[] = {"张", "1", "2", "９", " ", "-", "x", "号", "\n", "8"};
    for (uint64_t n = prng_below(prng, 80); n > 0; n--)
        buf_add_z(&value, pieces[prng_below(prng, 10)]);
    char out[MASKED_BYTES_MAX];
    cellvalue_mask(buf_as_text(&value), COLUMN_TYPE_PHONE, out);
    Text text;
    Err err;
    assert_int_equal(text_from_bytes(bytes_of(text_from_z(out)), &text, &err), OK);
    size_t run = 0;
    for (const char *at = out; *at != '\0'; at++) {
        run = *at >= '0' && *at <= '9' ? run + 1 : 0;
        assert_true(run < 5);
    }
}

static void property_masks(void **state)
{
    (void)state;
    prop_run("masks", 2000, masks_hide);
}

/* ---- anything at all ------------------------------------------------------------------------ */

static size_t read_as_everything(Text text)
{
    size_t read_count = 0;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    for (unsigned kind = 0; kind < INTAKE_KIND_COUNT; kind++)
        for (size_t i = 0; i < intake_info((IntakeKind)kind)->column_count; i++) {
            const Cell cell = {.kind = CELL_TEXT, .text = text};
            const CellValue value = read_as((IntakeKind)kind, (unsigned)i, cell, &arena);
            const bool has_error =
                value.flaw != FLAW_NONE && flaw_info(value.flaw)->severity == FLAW_IS_ERROR;
            assert_int_equal(has_error, value.state == VALUE_BAD);
            Text checked;
            Err err;
            assert_int_equal(text_from_bytes(bytes_of(value.text), &checked, &err), OK);
            read_count++;
        }
    return read_count;
}

static void naughty_strings_are_read_or_refused(void **state)
{
    (void)state;
    AUTO(buf_done) Buf json = {0};
    AUTO(doc_done) Doc doc = {0};
    Err err;
    if (!shared_read("vectors/blns/blns.json", &json)) skip();
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&json), &err), OK);
    const DocValue *root = (const DocValue *)doc.root;
    size_t count = 0;
    for (size_t i = 0; i < doc_count(root); i++)
        count += read_as_everything(doc_text(doc_at(root, i)));
    print_message("naughty strings: %zu readings, each a value or a flaw\n", count);
}

static void any_text_is_a_value_or_a_flaw(Prng *prng)
{
    AUTO(buf_done) Buf text = {0};
    buf_init(&text, 4096);
    for (uint64_t n = prng_below(prng, 30); n > 0; n--) {
        char one[4];
        uint32_t rune = 1 + (uint32_t)prng_below(prng, prng_below(prng, 2) == 0 ? 127 : 0xFFFF);
        if (rune >= 0xD800 && rune < 0xE000) rune = '.';
        buf_add(&text, (Bytes){(const uint8_t *)one, text_put_rune(one, rune)});
    }
    (void)read_as_everything(buf_as_text(&text));
}

static void property_any_text(void **state)
{
    (void)state;
    prop_run("any cell", 300, any_text_is_a_value_or_a_flaw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_of_every_spelling_are_read),
        cmocka_unit_test(a_month_alone_means_its_first_day_or_its_last),
        cmocka_unit_test(what_can_be_read_twice_is_refused),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(numbers_are_read_as_what_was_typed),
        cmocka_unit_test(names_lose_their_blanks_but_not_their_parts),
        cmocka_unit_test(texts_are_tidied),
        cmocka_unit_test(identity_numbers_are_checked),
        cmocka_unit_test(a_number_that_excel_cut_is_never_guessed),
        cmocka_unit_test(phones_are_read_however_they_are_grouped),
        cmocka_unit_test(codes_stay_texts),
        cmocka_unit_test(words_become_choices),
        cmocka_unit_test(coordinates_are_read_in_degrees_and_in_minutes),
        cmocka_unit_test(secrets_are_masked_wherever_they_stand),
        cmocka_unit_test(property_masks),
        cmocka_unit_test(naughty_strings_are_read_or_refused),
        cmocka_unit_test(property_any_text),
    };
    return cmocka_run_group_tests_name("cellvalue", tests, NULL, NULL);
}
