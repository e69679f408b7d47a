#pragma once
/*
 * xlsx_strings — the table of texts that the cells of a workbook share.
 *
 *   Owns     the texts, until xlsx_strings_done().
 *   Bounds   XLSX_STRINGS_MAX; bytes by ZipBox
 *   Errors   ERR_LIMIT  more strings than that
 */
#include "intake/xlsx_text.h"

#define XLSX_STRINGS_MAX 500000

typedef struct XlsxStrings {
    Buf text;
    Buf ends; /* a uint32_t each: where it ends in `text`, the top bit says that it was cut */
    size_t count;
} XlsxStrings;

void xlsx_strings_init(XlsxStrings *strings);
void xlsx_strings_done(XlsxStrings *strings);

/* The count the part itself declares is not believed. */
MUST_USE ErrCode xlsx_strings_read(ZipBox *box, size_t member, XlsxStrings *strings, Err *err);

/* False where the table ends earlier. */
bool xlsx_strings_find(const XlsxStrings *strings, size_t index, Text *out_text, bool *out_is_cut);
