/* What we promise about packed workbooks: what was written reads back, and nothing else is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/sheet.h"
#include "intake/transcript.h"
#include "support/prop.h"

static void write_example(Transcript *transcript)
{
    const Cell first[] = {
        {.kind = CELL_TEXT, .column = 0, .text = TEXT("姓名"), .range = 1},
        {.column = 1, .range = 1, .is_lent = true},
        {.kind = CELL_NUMBER, .column = 5, .text = TEXT("007"), .number = 7},
        {.kind = CELL_ERROR, .column = 127, .text = TEXT("#REF!")},
    };
    const Cell second[] = {
        {.column = 0, .range = 1, .is_lent = true},
        {.kind = CELL_DATE, .column = 2, .text = TEXT("2020-09-01"), .number = 44075, .day = 18506},
        {.kind = CELL_BOOL, .column = 3, .number = 1},
        {.kind = CELL_TEXT, .column = 4, .text = TEXT("cut"), .is_cut = true},
    };
    Err err;
    transcript_begin(transcript, true);
    transcript_sheet(transcript, TEXT("花名册"), false);
    transcript_row(transcript, 2, false, first, 4);
    transcript_row(transcript, 9, true, second, 4);
    transcript_sheet(transcript, TEXT("空"), true);
    assert_int_equal(transcript_end(transcript, &err), OK);
}

static void what_was_written_reads_back(void **state)
{
    (void)state;
    AUTO(transcript_done) Transcript transcript = {0};
    AUTO(arena_done) Arena arena = {0};
    transcript_init(&transcript, 1 << 16, NULL, NULL);
    arena_init(&arena, 1 << 16);
    write_example(&transcript);
    Workbook workbook;
    Err err;
    assert_int_equal(workbook_open(buf_as_bytes(&transcript.buf), &arena, &workbook, &err), OK);
    assert_true(workbook.counts_from_1904);
    assert_int_equal(workbook.sheet_count, 2);
    assert_true(text_is(workbook.sheets[0].name, "花名册"));
    assert_true(workbook.sheets[1].is_hidden);
    assert_int_equal(workbook.sheets[1].row_count, 0);

    SheetRow row;
    sheet_row(&workbook, &workbook.sheets[0], 1, &row); /* in any order */
    assert_int_equal(row.number, 9);
    assert_true(row.is_hidden);
    assert_true(text_is(row_cell(&row, 0)->text, "姓名"));
    assert_true(row_cell(&row, 0)->is_lent);
    assert_int_equal(row_cell(&row, 2)->day, 18506);
    assert_true(text_is(row_cell(&row, 3)->text, "TRUE"));
    assert_true(row_cell(&row, 4)->is_cut);
    assert_null(row_cell(&row, 1));

    sheet_row(&workbook, &workbook.sheets[0], 0, &row);
    assert_int_equal(row.number, 2);
    assert_true(row_cell(&row, 1)->is_lent);
    assert_int_equal(row_cell(&row, 1)->column, 1);
    assert_int_equal(row_cell(&row, 1)->range, row_cell(&row, 0)->range);
    assert_true(row_cell(&row, 5)->number > 6.5);
    assert_int_equal(row_cell(&row, 127)->kind, CELL_ERROR);
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    AUTO(transcript_done) Transcript transcript = {0};
    transcript_init(&transcript, 1 << 16, NULL, NULL);
    write_example(&transcript);
    for (size_t size = 0; size < transcript.buf.size; size++) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, 1 << 16);
        Workbook workbook;
        Err err;
        const Bytes cut = {transcript.buf.at, size};
        assert_int_equal(workbook_open(cut, &arena, &workbook, &err), ERR_CORRUPT);
    }
}

static void expect_refused(const uint8_t *bytes, size_t size)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    Workbook workbook;
    Err err;
    assert_int_equal(workbook_open((Bytes){bytes, size}, &arena, &workbook, &err), ERR_CORRUPT);
}

static void lies_are_refused(void **state)
{
    (void)state;
    static const uint8_t row_without_sheet[] = {'T', 'P', 'W', '1', 0, 'R', 1, 0, 0, 'E', 0, 1};
    static const uint8_t range_before_its_first[] = {'T', 'P', 'W', '1', 0,  'S', 0,   0, 'R',
                                                     1,   0,   3,   0,   24, 1,   'E', 1, 1};
    static const uint8_t text_that_is_none[] = {'T', 'P', 'W', '1', 0, 'S',  0,   0, 'R', 1,
                                                0,   4,   0,   1,   1, 0xFF, 'E', 1, 1};
    static const uint8_t column_past_the_last[] = {'T', 'P', 'W', '1', 0, 'S', 0,   0, 'R', 1,
                                                   0,   4,   128, 1,   1, 'a', 'E', 1, 1};
    static const uint8_t columns_in_no_order[] = {'T', 'P', 'W', '1', 0, 'S', 0, 0,   'R', 1, 0, 8,
                                                  5,   1,   1,   'a', 5, 1,   1, 'b', 'E', 1, 1};
    static const uint8_t infinite_number[] = {'T', 'P', 'W',  '1',  0, 'S', 0, 0, 'R',
                                              1,   0,   11,   0,    2, 0,   0, 0, 0,
                                              0,   0,   0xF0, 0x7F, 0, 'E', 1, 1};
    expect_refused(row_without_sheet, sizeof row_without_sheet);
    expect_refused(range_before_its_first, sizeof range_before_its_first);
    expect_refused(text_that_is_none, sizeof text_that_is_none);
    expect_refused(column_past_the_last, sizeof column_past_the_last);
    expect_refused(columns_in_no_order, sizeof columns_in_no_order);
    expect_refused(infinite_number, sizeof infinite_number);
}

static Day day_of(bool counts_from_1904, double number)
{
    Day day = DAY_OPEN;
    if (!workbook_day(counts_from_1904, number, &day)) return DAY_OPEN;
    return day;
}

static void numbers_become_days_in_both_counts(void **state)
{
    (void)state;
    char text[DAY_TEXT_MAX];
    assert_string_equal(day_write(day_of(false, 44075), text), "2020-09-01");
    assert_string_equal(day_write(day_of(false, 44075.99), text), "2020-09-01");
    assert_string_equal(day_write(day_of(false, 1), text), "1900-01-01");
    assert_string_equal(day_write(day_of(false, 59), text), "1900-02-28");
    assert_string_equal(day_write(day_of(false, 61), text), "1900-03-01");
    assert_int_equal(day_of(false, 60), DAY_OPEN); /* a day that never was */
    assert_int_equal(day_of(false, 0.5), DAY_OPEN);
    assert_int_equal(day_of(false, -3), DAY_OPEN);
    assert_int_equal(day_of(false, 1e12), DAY_OPEN);
    assert_string_equal(day_write(day_of(true, 0), text), "1904-01-01");
    assert_string_equal(day_write(day_of(true, 42613), text), "2020-09-01");
}

static void cells_are_named_as_in_a_spreadsheet(void **state)
{
    (void)state;
    char name[CELL_NAME_MAX];
    assert_string_equal(cell_name(0, 1, name), "A1");
    assert_string_equal(cell_name(25, 17, name), "Z17");
    assert_string_equal(cell_name(26, 3, name), "AA3");
    assert_string_equal(cell_name(127, 1000000, name), "DX1000000");
}

static void random_bytes_never_break_a_bound(Prng *prng)
{
    AUTO(transcript_done) Transcript transcript = {0};
    AUTO(arena_done) Arena arena = {0};
    transcript_init(&transcript, 1 << 16, NULL, NULL);
    arena_init(&arena, 1 << 16);
    write_example(&transcript);
    for (uint64_t n = 1 + prng_below(prng, 4); n > 0; n--)
        transcript.buf.at[5 + prng_below(prng, transcript.buf.size - 5)] = (uint8_t)prng_next(prng);
    Workbook workbook;
    Err err;
    if (workbook_open(buf_as_bytes(&transcript.buf), &arena, &workbook, &err) != OK) return;
    for (size_t i = 0; i < workbook.sheet_count; i++)
        for (size_t j = 0; j < workbook.sheets[i].row_count; j++) {
            SheetRow row;
            sheet_row(&workbook, &workbook.sheets[i], j, &row);
            for (size_t k = 0; k < row.cell_count; k++) {
                Text text;
                assert_true(row.cells[k].column < SHEET_COLUMNS_MAX);
                assert_int_equal(text_from_bytes(bytes_of(row.cells[k].text), &text, &err), OK);
            }
        }
}

static void property_random_bytes(void **state)
{
    (void)state;
    prop_run("damaged workbooks", 5000, random_bytes_never_break_a_bound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(numbers_become_days_in_both_counts),
        cmocka_unit_test(cells_are_named_as_in_a_spreadsheet),
        cmocka_unit_test(property_random_bytes),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
