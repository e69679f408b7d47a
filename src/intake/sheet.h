#pragma once
/*
 * sheet — what a table file says, whatever its format: sheets of rows of cells.
 *
 * A reader in the jail packs what it finds (intake/transcript.h); here the bytes are taken apart
 * again. They come from a process that has seen a hostile file, so workbook_open() checks every one
 * of them, once; afterwards sheet_row() unpacks rows one at a time, in any order, for no more
 * memory than the packed bytes and four bytes a row.
 *
 *   Invariants  (1) every text is UTF-8, every number finite, every day in range, every column
 *                   below SHEET_COLUMNS_MAX;
 *               (2) the cells of a row ascend by column, and empty ones are left out, unless a
 *                   merged range lends them its value.
 *   Owns        nothing: a Workbook borrows the packed bytes and lives in the arena given.
 *   Threads     any number may read one workbook.
 *   Bounds      SHEET_*; the packed bytes by their Buf
 *   Errors      ERR_CORRUPT  the bytes are not a packed workbook
 *               ERR_LIMIT    the arena is full
 */
#include "base/arena.h"
#include "base/day.h"
#include "base/text.h"

#define SHEET_COUNT_MAX      256
#define SHEET_COLUMNS_MAX    128
#define SHEET_ROW_NUMBER_MAX 2000000
#define SHEET_MERGES_MAX     50000
#define SHEET_CELL_BYTES_MAX 8000 /* of text; the rest is cut off and the cell says so */

typedef enum CellKind {
    CELL_EMPTY = 0,
    CELL_TEXT,
    CELL_NUMBER,
    CELL_DATE, /* a number that the file shows as a date */
    CELL_BOOL,
    CELL_ERROR, /* #REF! and the like, or a formula without a stored result */
    CELL_KIND_COUNT
} CellKind;

typedef struct Cell {
    CellKind kind;
    unsigned column; /* 0 is A */
    Text text;       /* as shown; TRUE or FALSE of CELL_BOOL */
    double number;   /* of CELL_NUMBER and CELL_DATE; 0 or 1 of CELL_BOOL */
    Day day;         /* of CELL_DATE */
    unsigned range;  /* cells of one merged range share a number above 0 */
    bool is_lent;    /* the value stands in the first cell of the merged range, not here */
    bool is_cut;     /* the text was longer */
} Cell;

typedef struct SheetRow {
    unsigned number; /* as the spreadsheet shows it: 1 is the first */
    bool is_hidden;
    size_t cell_count;
    Cell cells[SHEET_COLUMNS_MAX];
} SheetRow;

typedef struct Sheet {
    Text name; /* empty: the file has no sheets, as CSV */
    bool is_hidden;
    size_t row_count;
    const uint32_t *row_places; /* where the rows begin in the packed bytes */
} Sheet;

typedef struct Workbook {
    Bytes packed;
    bool counts_from_1904; /* what number a day has */
    size_t sheet_count;
    const Sheet *sheets;
    const uint32_t *range_places; /* where the first cell of each merged range begins */
} Workbook;

/* `packed` must outlive the workbook. */
MUST_USE ErrCode workbook_open(Bytes packed, Arena *arena, Workbook *out_workbook, Err *err);

/* The row at a place 0 .. row_count - 1; rows without a value have no place. */
void sheet_row(const Workbook *workbook, const Sheet *sheet, size_t index, SheetRow *out_row);

/* The cell of a column; NULL where there is none. */
const Cell *row_cell(const SheetRow *row, unsigned column);

/* The day that a bare number stands for in this workbook; false when it is none. */
bool workbook_day(bool counts_from_1904, double number, Day *out_day);

/* "C", "DX". */
#define COLUMN_LETTERS_MAX 3
const char *column_letters(unsigned column, char out[COLUMN_LETTERS_MAX]);

/* "C17". */
#define CELL_NAME_MAX 16
const char *cell_name(unsigned column, unsigned row_number, char out[CELL_NAME_MAX]);
