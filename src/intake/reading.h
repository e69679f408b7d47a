#pragma once
/*
 * reading — a table file as typed rows: what was understood, what is wrong, and nothing decided.
 *
 * The last step before the database. A Reading knows which sheets are of the kind asked for, what
 * their columns mean, which rows are data, and every problem with its place and what to do about
 * it. Which person a row is about, and whether that changes anything, is not its business.
 *
 * Rows are not kept: reading_row() makes one from the workbook each time it is asked, always the
 * same one. So a million rows cost eight bytes each, and a dry run and the import that follows see
 * the same values.
 *
 *   Invariants  (1) a blank cell is VALUE_ABSENT, and never says that something is to be erased;
 *               (2) a row without problems of severity error holds every MUST column;
 *               (3) no text of a problem holds a whole identity number or phone number.
 *   Owns        nothing: it lives in the arena given and borrows the workbook, which must outlive
 *               it. Texts of a row lie in the arena given for that row.
 *   Threads     any number may read one Reading.
 *   Bounds      READING_PROBLEMS_MAX problems are kept, all are counted; of a workbook with more
 *               than READING_SHEETS_MAX visible sheets the first so many are considered
 *   Errors      ERR_INVALID  no sheet is of this kind, or the mapping cannot be followed
 *               ERR_LIMIT    the arena is full
 *
 *     TableFile file;
 *     TRY(tablefile_read_path(&file, "花名册.xlsx", err));
 *     TRY(reading_make(&file.workbook, intake_info(INTAKE_PEOPLE), NULL, arena, &reading, err));
 *     for (size_t i = 0; i < reading.row_count; i++)
 *         TRY(reading_row(&reading, i, row_arena, &row, err));
 */
#include "intake/cellvalue.h"
#include "intake/heading.h"

#define READING_SHEETS_MAX    64
#define READING_PROBLEMS_MAX  1000
#define READING_KEPT_PER_FLAW 100 /* so that one frequent flaw does not hide the others */

typedef struct ReadRow {
    size_t sheet;                         /* index into reading.sheets */
    unsigned number;                      /* as the spreadsheet shows it */
    bool has_error;                       /* it cannot be taken in */
    CellValue values[INTAKE_COLUMNS_MAX]; /* by the number of the column */
    unsigned places[INTAKE_COLUMNS_MAX];  /* the sheet's column each value came from */
    bool is_lent[INTAKE_COLUMNS_MAX];     /* it came from a merged range */
} ReadRow;

typedef struct Problem {
    FlawCode flaw;
    FlawSeverity severity;
    size_t sheet;        /* index into reading.sheets */
    unsigned row_number; /* 0: the whole column */
    unsigned column;     /* of the sheet */
    int field;           /* number of the import's column; -1 when it is none */
    const char *value;   /* masked and shortened; "" when blank */
    ReasonCode reason;   /* what exactly is wrong with a code; REASON_NONE otherwise */
    int64_t detail;
} Problem;

typedef struct ReadSheet {
    Text name;    /* empty in CSV */
    bool is_read; /* it is of the kind asked for */
    bool is_hidden;
    Heading heading;
    size_t row_count;       /* taken as data */
    size_t blank_count;     /* rows without anything, or with nothing but their number */
    size_t footer_count;    /* totals, signatures, notes */
    size_t repeat_count;    /* headings once more, in the middle */
    size_t section_count;   /* titles between the rows */
    size_t continued_count; /* belonging to a merged name above */
    size_t hidden_count;    /* of the rows taken, hidden ones */
} ReadSheet;

typedef struct RowPlace {
    uint32_t sheet;
    uint32_t index;
} RowPlace;

typedef struct Reading {
    const Workbook *workbook;
    const IntakeInfo *intake;
    ReadSheet *sheets; /* one for each of the workbook */
    size_t sheet_count;
    const RowPlace *rows;
    size_t row_count;
    const Problem *problems; /* by sheet and row; at most READING_PROBLEMS_MAX */
    size_t problem_count;
    size_t flaw_counts[FLAW_COUNT]; /* of all, kept or not */
    size_t error_count;
    size_t warning_count;
    size_t bad_row_count; /* rows with an error */
} Reading;

/* Understands the workbook as a list of `intake`. `mapping` may be NULL. */
MUST_USE ErrCode reading_make(const Workbook *workbook, const IntakeInfo *intake,
                              const Mapping *mapping, Arena *arena, Reading *out_reading, Err *err);

/* The row at a place 0 .. row_count - 1. */
MUST_USE ErrCode reading_row(const Reading *reading, size_t index, Arena *arena, ReadRow *out_row,
                             Err *err);

/* "工作表“花名册”C17：“2020.13”不是日期；写成 2020-09-01". */
void problem_write(const Reading *reading, const Problem *problem, Language language, Buf *buf);

/* "工作表“花名册”C17：项目 ", or the row where it is no single cell: `column` -1. `field` is the
 * number of the import's column, -1 when it is none. */
void place_write(const Reading *reading, size_t sheet, unsigned row_number, int column, int field,
                 Language language, Buf *buf);

/* One paragraph: what was understood and what was not. */
void reading_write_summary(const Reading *reading, Language language, Buf *buf);
