#pragma once
/*
 * columns — what each kind of import may say: its columns, their types, and how they are headed.
 *
 * Everything here is read from headings.def at compile time. The columns of an import are wider
 * than the fields of one thing: a row of people may also say that somebody is a Party member, and
 * at which project since when.
 *
 *   Owns     nothing: all constants.
 *   Threads  any.
 */
#include "base/map.h"
#include "base/text.h"

#define INTAKE_COLUMNS_MAX 24 /* of one kind */

typedef enum IntakeKind {
#define INTAKE(KIND, name, en, zh) INTAKE_##KIND,
#include "intake/headings.def"
    INTAKE_KIND_COUNT
} IntakeKind;

/* The number of a column within its kind: COLUMN_PEOPLE_NAME. */
enum {
#define COLUMN(KIND, NAME, number, name, TYPE, flags, en, zh, words) \
    COLUMN_##KIND##_##NAME = (number),
#include "intake/headings.def"
};

typedef enum ColumnType {
    COLUMN_TYPE_TEXT,
    COLUMN_TYPE_NAME, /* of a person */
    COLUMN_TYPE_CODE, /* a number or word that names something: 007 is not 7 */
    COLUMN_TYPE_ID_NUMBER,
    COLUMN_TYPE_USCC,
    COLUMN_TYPE_PHONE,
    COLUMN_TYPE_DAY,
    COLUMN_TYPE_YES_NO,
    COLUMN_TYPE_SEX,        /* SEX_IS_... of vocab */
    COLUMN_TYPE_EMPLOYMENT, /* EMPLOYMENT_IS_... */
    COLUMN_TYPE_STANDING,   /* STANDING_IS_PARTY_...; 0: not in the Party */
    COLUMN_TYPE_STAGE,      /* STAGE_IS_... */
    COLUMN_TYPE_LEVEL,      /* LEVEL_IS_... */
    COLUMN_TYPE_LATITUDE,   /* millionths of a degree */
    COLUMN_TYPE_LONGITUDE,
} ColumnType;

#define COLUMN_FLAG_KEY  1U /* a sheet without it is not of this kind */
#define COLUMN_FLAG_MUST 2U /* a row without it is an error */
#define COLUMN_FLAG_LAST 4U /* the last day of something: a month alone means its end */
#define COLUMN_FLAG_YEAR 8U /* a year alone will do */

typedef struct ColumnInfo {
    unsigned number;
    const char *name; /* as in a mapping file */
    ColumnType type;
    unsigned flags;
    const char *en;
    const char *zh;
    const char *words; /* folded, separated by '|', the best first */
} ColumnInfo;

typedef struct IntakeInfo {
    IntakeKind kind;
    const char *name; /* as on the command line */
    const char *en;
    const char *zh;
    const ColumnInfo *columns; /* by number */
    size_t column_count;
} IntakeInfo;

const IntakeInfo *intake_info(IntakeKind kind);

/* NULL for a name that is no kind of import. */
const IntakeInfo *intake_named(Text name);

/* By its name, its label in either language, or a heading it is known by; NULL when unknown. */
const ColumnInfo *column_named(const IntakeInfo *intake, Text name);

/* The words of one kind, laid out to be found at once: a sheet has thousands of cells that might be
 * headings. Lives in the arena it was made in. */
typedef struct WordIndex {
    const IntakeInfo *intake;
    Map columns; /* from the hash of a word to the number of its column */
} WordIndex;

MUST_USE ErrCode word_index_make(const IntakeInfo *intake, Arena *arena, WordIndex *out_index,
                                 Err *err);

/* The column that a folded heading means, and how good the word is (0 is best); NULL if none. */
const ColumnInfo *word_index_find(const WordIndex *index, Text folded, unsigned *out_rank);

/* The same without an index, for a single word. */
const ColumnInfo *column_by_word(const IntakeInfo *intake, Text folded, unsigned *out_rank);

bool column_is_aside(Text folded);   /* known, and of no use */
bool column_is_serial(Text folded);  /* the running number of a row */
bool column_is_foreign(Text folded); /* about somebody else */
