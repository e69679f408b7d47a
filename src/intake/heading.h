#pragma once
/*
 * heading — finds where the headings of a sheet stand and what each column means.
 *
 * Rosters have titles above their headings, headings of two and three merged levels, blanks and
 * line breaks inside words, hints in brackets, rules written into the cell. Every row near the top
 * is tried as the first row of headings, with one to four levels; the one under which most columns
 * of the kind are recognised is taken.
 *
 * A level above joins the one below: 入党 over 日期 is 入党日期. Two columns that mean the same are
 * both kept, best word first; the second serves where the first is blank.
 *
 *   Owns     nothing: texts lie in the arena given or in the workbook.
 *   Threads  any.
 *   Bounds   HEADING_SEARCH_ROWS rows are looked at
 *   Errors   ERR_INVALID  the mapping names a heading that is not there
 *            ERR_LIMIT    the arena is full
 */
#include "intake/mapping.h"
#include "intake/sheet.h"

#define HEADING_SEARCH_ROWS 40
#define HEADING_LEVELS_MAX  4
#define HEADING_TWINS_MAX   3 /* columns that may mean the same */

typedef enum ColumnUse {
    USE_NONE = 0, /* it has no heading */
    USE_FIELD,
    USE_SERIAL,  /* the running number */
    USE_ASIDE,   /* known and of no use, or left out by the mapping */
    USE_UNKNOWN, /* its heading says nothing to us */
} ColumnUse;

typedef struct HeadedColumn {
    ColumnUse use;
    unsigned field;          /* of USE_FIELD: the number of the import's column */
    unsigned rank;           /* how good the word is, 0 is best */
    Text title;              /* as written, levels joined by '/' */
    const MappingRule *rule; /* of the mapping, where it speaks of this column */
} HeadedColumn;

typedef struct HeadedField {
    unsigned count; /* 0: no column has it */
    unsigned columns[HEADING_TWINS_MAX];
} HeadedField;

typedef struct Heading {
    bool is_found;      /* every KEY column is there */
    unsigned first_row; /* as the spreadsheet numbers them; 0 when there are none */
    unsigned last_row;
    size_t data_index; /* the place of the first row below */
    HeadedColumn columns[SHEET_COLUMNS_MAX];
    HeadedField fields[INTAKE_COLUMNS_MAX];
} Heading;

/* `mapping` may be NULL. A sheet that is not of the kind gives a Heading that is not found, with
 * the best that was recognised. */
MUST_USE ErrCode heading_find(const Workbook *workbook, const Sheet *sheet,
                              const IntakeInfo *intake, const Mapping *mapping, Arena *arena,
                              Heading *out_heading, Err *err);

/* What one heading means by itself, without levels above: for tests and for the mapping dialog. */
const ColumnInfo *heading_meaning(const IntakeInfo *intake, Text heading);
