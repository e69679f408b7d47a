/* What we promise about tables: columns line up whatever the script, every spreadsheet reads the
 * CSV, and no cell of it is taken for a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/table.h"
#include "support/prop.h"

static void assert_written(Table *table, void (*write)(const Table *, Buf *), const char *expected)
{
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1 << 20);
    write(table, &buf);
    buf_add_byte(&buf, '\0');
    assert_string_equal((const char *)buf.at, expected);
}

static void a_chinese_character_takes_two_columns(void **state)
{
    (void)state;
    assert_int_equal(table_width_of(TEXT("")), 0);
    assert_int_equal(table_width_of(TEXT("abc")), 3);
    assert_int_equal(table_width_of(TEXT("党小组")), 6);
    assert_int_equal(table_width_of(TEXT("220kV 线")), 8);
    assert_int_equal(table_width_of(TEXT("，。（）")), 8); /* full-width signs */
    assert_int_equal(table_width_of(TEXT("é·—")), 3);
    assert_int_equal(table_width_of(TEXT("\xF0\xA0\x80\x80")), 2); /* of the second plane */
}

static void the_columns_of_a_text_line_up(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Table table;
    arena_init(&arena, 1 << 16);
    table_init(&table, &arena, 3);
    table_add_z(&table, "项目");
    table_add_z(&table, "state");
    table_add_z(&table, "人数");
    table_add_z(&table, "a");
    table_add_z(&table, "自有");
    table_add_int(&table, -12);
    table_add_z(&table, "");
    table_add_z(&table, "x");
    table_add_int(&table, INT64_MIN);
    assert_written(&table, table_write_text,
                   "项目  state  人数\n"
                   "a     自有   -12\n"
                   "      x      -9223372036854775808\n");
}

static void a_csv_cell_is_quoted_and_never_a_formula(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Table table;
    arena_init(&arena, 1 << 16);
    table_init(&table, &arena, 2);
    static const char *const cells[] = {"姓名", "a,b", "=1+1", "+86",           "-3",
                                        "@x",   "\tx", "\rx",  "he said \"=\"", "two\nlines"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        table_add_z(&table, cells[i]);
    assert_written(&table, table_write_csv,
                   "\xEF\xBB\xBF\"姓名\",\"a,b\"\r\n"
                   "\"'=1+1\",\"'+86\"\r\n"
                   "\"'-3\",\"'@x\"\r\n"
                   "\"'\tx\",\"'\rx\"\r\n"
                   "\"he said \"\"=\"\"\",\"two\nlines\"\r\n");
}

/* Reads RFC 4180 the plain way; the apostrophe in front of what would be a formula is taken off. */
static Text next_cell(const Buf *csv, size_t *at, char *cell)
{
    size_t size = 0;
    assert_int_equal(csv->at[(*at)++], '"');
    for (;;) {
        const char byte = (char)csv->at[(*at)++];
        if (byte == '"' && csv->at[*at] != '"') break;
        if (byte == '"') ++*at;
        cell[size++] = byte;
    }
    if (size > 1 && cell[0] == '\'' && strchr("=+-@\t\r", cell[1]) != NULL)
        return (Text){cell + 1, size - 1};
    assert_true(size == 0 || strchr("=+-@\t\r", cell[0]) == NULL);
    return (Text){cell, size};
}

#define ROWS    8
#define COLUMNS 4

static void read_back(Prng *prng)
{
    static const char letters[] = "=+-@\t\r\n\",;a1 ";
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf csv = {0};
    Table table;
    char cells[ROWS * COLUMNS][12];
    arena_init(&arena, 1 << 16);
    buf_init(&csv, 1 << 16);
    table_init(&table, &arena, COLUMNS);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        const size_t size = (size_t)prng_below(prng, sizeof cells[i]);
        for (size_t c = 0; c < size; c++)
            cells[i][c] = letters[prng_below(prng, sizeof letters - 1)];
        cells[i][size] = '\0';
        table_add_z(&table, cells[i]);
    }
    table_write_csv(&table, &csv);
    size_t at = 3; /* behind the byte order mark */
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        char cell[64];
        const Text back = next_cell(&csv, &at, cell);
        const bool is_last = i % COLUMNS == COLUMNS - 1;
        assert_true(text_equal(back, text_from_z(cells[i])));
        assert_memory_equal(csv.at + at, is_last ? "\r\n" : ",", is_last ? 2 : 1);
        at += is_last ? 2 : 1;
    }
    assert_int_equal(at, csv.size);
}

static void every_cell_is_read_back_from_the_csv(void **state)
{
    (void)state;
    prop_run("table as CSV", 200, read_back);
}

static void a_table_too_large_for_its_arena_says_so(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    Table table;
    arena_init(&arena, 4096);
    table_init(&table, &arena, 3);
    for (int i = 0; i < 3000 && !table.is_over; i++)
        table_add_z(&table, "a cell of some length, so that it is over soon");
    assert_true(table.is_over);
    for (int i = 0; i < 9; i++) /* whoever fills it need not look */
        table_add_z(&table, "more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chinese_character_takes_two_columns),
        cmocka_unit_test(the_columns_of_a_text_line_up),
        cmocka_unit_test(a_csv_cell_is_quoted_and_never_a_formula),
        cmocka_unit_test(every_cell_is_read_back_from_the_csv),
        cmocka_unit_test(a_table_too_large_for_its_arena_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
