#pragma once
/*
 * xlsx_cells — reads the cells of one sheet, in two passes: merged ranges first, then rows.
 *
 * A sheet names its merged ranges after its rows, but a row needs them while it is written.
 *
 *   Bounds   XLSX_ROWS_MAX rows with a value; SHEET_COLUMNS_MAX; SHEET_MERGES_MAX in the workbook
 *   Errors   ERR_LIMIT    a bound was reached, with the sheet's name
 *            ERR_INVALID  the part is damaged
 */
#include "intake/transcript.h"
#include "intake/xlsx_strings.h"
#include "intake/xlsx_styles.h"

#define XLSX_ROWS_MAX       50000
#define XLSX_ROW_NUMBER_MAX 1048576

/* What all sheets of a workbook share. */
typedef struct XlsxBook {
    ZipBox *box;
    Arena *arena;
    const XlsxStrings *strings;
    const XlsxStyles *styles;
    bool counts_from_1904;
    unsigned range_count; /* merged ranges written so far */
    Transcript *transcript;
} XlsxBook;

/* Appends the rows of the sheet whose head was written last. */
MUST_USE ErrCode xlsx_cells_read(XlsxBook *book, size_t member, Text sheet_name, Err *err);
