#pragma once
/*
 * rowkind — tells the rows that hold data from everything else that stands below the headings.
 *
 *   Threads  any; pure.
 */
#include "intake/heading.h"

typedef enum RowKind {
    ROW_IS_DATA,
    ROW_IS_BLANK,     /* nothing, or only its number */
    ROW_IS_FOOTER,    /* totals, who filled it in, notes */
    ROW_IS_REPEAT,    /* the headings once more */
    ROW_IS_SECTION,   /* a title over the following rows, merged across */
    ROW_IS_CONTINUED, /* belongs to the merged name above */
} RowKind;

RowKind rowkind_of(const SheetRow *row, const Heading *heading, const IntakeInfo *intake);
