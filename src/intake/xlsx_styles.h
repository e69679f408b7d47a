#pragma once
/*
 * xlsx_styles — how the number formats of a workbook show a number: as a date, a time, or digits.
 *
 * A spreadsheet stores a date as a number; only the format tells. Built-in formats have numbers,
 * and in a Chinese Excel those from 27 to 36 and 50 to 58 are dates too.
 *
 *   Bounds   XLSX_STYLES_MAX; those beyond count as plain
 */
#include "intake/xml.h"

#define XLSX_STYLES_MAX  8192
#define XLSX_FORMATS_MAX 4096

typedef enum NumberShape {
    SHAPE_PLAIN = 0,
    SHAPE_DATE,
    SHAPE_MONTH,  /* a date of which only year and month are shown */
    SHAPE_TIME,   /* hours and minutes; a date when the number reaches 1 */
    SHAPE_PADDED, /* digits with zeros in front: a number such as 007 */
} NumberShape;

typedef struct NumberStyle {
    NumberShape shape;
    unsigned digits; /* of SHAPE_PADDED */
} NumberStyle;

typedef struct CustomFormat {
    unsigned number;
    NumberStyle style;
} CustomFormat;

typedef struct XlsxStyles {
    NumberStyle styles[XLSX_STYLES_MAX];
    size_t style_count;
    CustomFormat formats[XLSX_FORMATS_MAX];
    size_t format_count;
    bool in_cell_styles;
} XlsxStyles;

/* The part may be absent; a zeroed XlsxStyles knows only plain numbers. */
MUST_USE ErrCode xlsx_styles_read(ZipBox *box, size_t member, XlsxStyles *styles, Err *err);

NumberStyle xlsx_style(const XlsxStyles *styles, size_t index);

/* What a format code such as "yyyy\-mm\-dd;@" makes of a number. */
NumberStyle xlsx_format_style(Text code);
