#include "cli/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

struct TableRow {
    TableRow *next;
    Text cells[];
};

void table_init(Table *table, Arena *arena, size_t column_count)
{
    assert(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    *table = (Table){.arena = arena, .column_count = column_count};
}

/* The blocks of Unicode that terminals show two columns wide (UAX #11, wide and full-width). */
static bool is_wide(uint32_t rune)
{
    return (rune >= 0x1100 && rune <= 0x115F) || (rune >= 0x2E80 && rune <= 0xA4CF) ||
           (rune >= 0xAC00 && rune <= 0xD7A3) || (rune >= 0xF900 && rune <= 0xFAFF) ||
           (rune >= 0xFE30 && rune <= 0xFE6F) || (rune >= 0xFF00 && rune <= 0xFF60) ||
           (rune >= 0xFFE0 && rune <= 0xFFE6) || (rune >= 0x20000 && rune <= 0x3FFFD);
}

size_t table_width_of(Text text)
{
    size_t width = 0;
    size_t at = 0;
    while (at < text.size)
        width += is_wide(text_next_rune(text, &at)) ? 2 : 1;
    return width;
}

static bool open_row(Table *table)
{
    if (table->filled > 0) return !table->is_over;
    const size_t size = sizeof(TableRow) + table->column_count * sizeof(Text);
    TableRow *row = arena_alloc(table->arena, 1, size);
    if (row == NULL) {
        table->is_over = true;
        return false;
    }
    if (table->last == NULL)
        table->first = row;
    else
        table->last->next = row;
    table->last = row;
    table->cells = row->cells;
    return true;
}

void table_add(Table *table, Text cell)
{
    if (!open_row(table)) return;
    Err err;
    Text copy = {0};
    if (text_copy(table->arena, cell, &copy, &err) != OK) table->is_over = true;
    table->cells[table->filled] = copy;
    const size_t width = table_width_of(copy);
    if (width > table->widths[table->filled]) table->widths[table->filled] = width;
    table->filled = (table->filled + 1) % table->column_count;
}

void table_add_z(Table *table, const char *cell)
{
    table_add(table, text_from_z(cell));
}

void table_add_int(Table *table, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    table_add_z(table, digits);
}

TableRow *table_mark(const Table *table)
{
    assert(table->filled == 0);
    return table->last;
}

void table_drop_behind(Table *table, TableRow *mark)
{
    assert(table->filled == 0);
    if (mark == NULL || mark->next == NULL) return;
    if (table->last == mark->next) table->last = mark;
    mark->next = mark->next->next;
}

void table_write_text(const Table *table, Buf *buf)
{
    assert(table->filled == 0); /* the last row is complete */
    for (const TableRow *row = table->first; row != NULL; row = row->next)
        for (size_t i = 0; i < table->column_count; i++) {
            buf_add_text(buf, row->cells[i]);
            if (i + 1 == table->column_count) {
                buf_add_byte(buf, '\n');
                continue;
            }
            const size_t pad = table->widths[i] - table_width_of(row->cells[i]) + 2;
            for (size_t space = 0; space < pad; space++)
                buf_add_byte(buf, ' ');
        }
}

static void write_csv_cell(Text cell, Buf *buf)
{
    const bool is_formula =
        cell.size > 0 && (cell.at[0] == '=' || cell.at[0] == '+' || cell.at[0] == '-' ||
                          cell.at[0] == '@' || cell.at[0] == '\t' || cell.at[0] == '\r');
    buf_add_byte(buf, '"');
    if (is_formula) buf_add_byte(buf, '\'');
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.at[i] == '"') buf_add_byte(buf, '"');
        buf_add_byte(buf, (uint8_t)cell.at[i]);
    }
    buf_add_byte(buf, '"');
}

void table_write_csv(const Table *table, Buf *buf)
{
    assert(table->filled == 0);
    buf_add_z(buf, "\xEF\xBB\xBF");
    for (const TableRow *row = table->first; row != NULL; row = row->next)
        for (size_t i = 0; i < table->column_count; i++) {
            write_csv_cell(row->cells[i], buf);
            buf_add_z(buf, i + 1 == table->column_count ? "\r\n" : ",");
        }
}
