#pragma once
/*
 * table — rows and columns as text for a terminal, or as CSV for a spreadsheet.
 *
 * Chinese characters are two columns wide, so the cells line up. In CSV a cell that a spreadsheet
 * would take for a formula gets an apostrophe in front.
 *
 *   Owns     nothing: the cells live in the arena given to table_init().
 *   Bounds   TABLE_COLUMNS_MAX
 */
#include "base/arena.h"
#include "base/buf.h"

#define TABLE_COLUMNS_MAX 24

typedef struct TableRow TableRow;

typedef struct Table {
    Arena *arena;
    size_t column_count;
    size_t widths[TABLE_COLUMNS_MAX];
    TableRow *first;
    TableRow *last;
    Text *cells; /* of the row being filled */
    size_t filled;
    bool is_over; /* the arena is full */
} Table;

void table_init(Table *table, Arena *arena, size_t column_count);

/* Fills the next cell, row by row; the first row is the heading. */
void table_add(Table *table, Text cell);
void table_add_z(Table *table, const char *cell);
void table_add_int(Table *table, int64_t number);

/* Where the table ends now; and without the row that follows such a place. */
TableRow *table_mark(const Table *table);
void table_drop_behind(Table *table, TableRow *mark);

void table_write_text(const Table *table, Buf *buf);

/* RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8. */
void table_write_csv(const Table *table, Buf *buf);

/* How many terminal columns a text takes. */
size_t table_width_of(Text text);
