#pragma once
/*
 * xlsx_text — collects the text of one string of a workbook: its runs, without the reading aids.
 *
 * A string is a <t>, or several in runs <r>. What stands in <rPh> is how to pronounce it and no
 * part of it. Characters that XML cannot hold are written _x000D_.
 */
#include "base/buf.h"
#include "intake/xml.h"

typedef struct XlsxText {
    Buf text;
    bool in_text;
    bool in_phonetic;
    bool is_cut;
} XlsxText;

void xlsx_text_init(XlsxText *string);
void xlsx_text_done(XlsxText *string);

/* Empty again, for the next string. */
void xlsx_text_clear(XlsxText *string);

void xlsx_text_open(XlsxText *string, Text tag_name);
void xlsx_text_close(XlsxText *string, Text tag_name);
void xlsx_text_add(XlsxText *string, Text text);

/* The whole string, at most SHEET_CELL_BYTES_MAX of it; good until the next change. */
Text xlsx_text_end(XlsxText *string);
