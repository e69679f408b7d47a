#pragma once
/*
 * csv — reads comma-separated values as RFC 4180 has them, and as they are found.
 *
 * Found are: `;` and TAB between the values, line ends of every system, line breaks inside quotes,
 * any encoding of intake/charset.h, and Excel's first line "sep=;". The separator is the one that
 * cuts the first lines into equally many values. A quote counts only at the start of a value.
 *
 *   Bounds   CSV_ROWS_MAX rows with a value, CSV_BYTES_MAX bytes, SHEET_COLUMNS_MAX columns
 *   Errors   ERR_INVALID  a quote that is never closed (with its line), or no text at all
 *            ERR_LIMIT    too many rows or columns
 */
#include "intake/transcript.h"

#define CSV_ROWS_MAX  1000000
#define CSV_BYTES_MAX ((size_t)128 << 20)

/* Everything the file says, as one sheet without a name. `prepared` is of charset_prepare(). */
MUST_USE ErrCode csv_read(void *prepared, Bytes bytes, Transcript *transcript, Err *err);
