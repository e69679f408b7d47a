#include "intake/columns.h"

#include <assert.h>

#include "intake/fold.h"

#define KEY  COLUMN_FLAG_KEY
#define MUST COLUMN_FLAG_MUST
#define LAST COLUMN_FLAG_LAST
#define YEAR COLUMN_FLAG_YEAR

/* Where the columns of each kind begin and end in the list below. After FIRST_x = n an enumerator
 * would go on with n + 1; BACK_x takes that step back. */
enum {
/* clang-format off */
#define INTAKE(KIND, name, en, zh) FIRST_##KIND, BACK_##KIND = FIRST_##KIND - 1,
#define COLUMN(KIND, NAME, number, name, TYPE, flags, en, zh, words) AT_##KIND##_##NAME,
#define INTAKE_END(KIND) END_##KIND, STEP_##KIND = END_##KIND - 1,
/* clang-format on */
#include "intake/headings.def"
};

static const ColumnInfo all_columns[] = {
#define COLUMN(KIND, NAME, at, text, TYPE, flag, english, chinese, all_words) \
    {.number = (at),                                                          \
     .name = (text),                                                          \
     .type = COLUMN_TYPE_##TYPE,                                              \
     .flags = (flag),                                                         \
     .en = (english),                                                         \
     .zh = (chinese),                                                         \
     .words = (all_words)},
#include "intake/headings.def"
};
#define COLUMN(KIND, NAME, number, name, TYPE, flags, en, zh, words)                          \
    static_assert(AT_##KIND##_##NAME - FIRST_##KIND == (number), "numbers follow the order"); \
    static_assert((number) < INTAKE_COLUMNS_MAX, "columns fit");
#include "intake/headings.def"

static const IntakeInfo all_kinds[] = {
#define INTAKE(KIND, text, english, chinese) \
    {.kind = INTAKE_##KIND,                  \
     .name = (text),                         \
     .en = (english),                        \
     .zh = (chinese),                        \
     .columns = all_columns + FIRST_##KIND,  \
     .column_count = END_##KIND - FIRST_##KIND},
#include "intake/headings.def"
};

static const char asides[] =
#define ASIDES(words) words
#include "intake/headings.def"
    ;
static const char foreigns[] =
#define FOREIGNS(words) words
#include "intake/headings.def"
    ;

const IntakeInfo *intake_info(IntakeKind kind)
{
    assert(kind < INTAKE_KIND_COUNT);
    return &all_kinds[kind];
}

const IntakeInfo *intake_named(Text name)
{
    for (size_t i = 0; i < INTAKE_KIND_COUNT; i++)
        if (text_is(name, all_kinds[i].name)) return &all_kinds[i];
    return NULL;
}

/* Whether `word` is one of those in `list`, and which; the best rank is 0. */
static bool is_among(const char *list, Text word, unsigned *out_rank)
{
    Text rest = text_from_z(list);
    for (unsigned rank = 0; rest.size > 0; rank++) {
        if (!text_equal(text_split(&rest, '|'), word)) continue;
        *out_rank = rank;
        return true;
    }
    return false;
}

const ColumnInfo *column_by_word(const IntakeInfo *intake, Text folded, unsigned *out_rank)
{
    for (size_t i = 0; i < intake->column_count; i++)
        if (is_among(intake->columns[i].words, folded, out_rank)) return &intake->columns[i];
    return NULL;
}

/* FNV-1a; a collision only costs a look at the wrong column's words. */
static int64_t hash_of(Text word)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < word.size; i++)
        hash = (hash ^ (uint8_t)word.at[i]) * UINT64_C(0x100000001B3);
    return (int64_t)(hash >> 1); /* never MAP_KEY_NONE */
}

ErrCode word_index_make(const IntakeInfo *intake, Arena *arena, WordIndex *out_index, Err *err)
{
    WordIndex index = {.intake = intake};
    map_init(&index.columns, arena);
    for (size_t i = 0; i < intake->column_count; i++) {
        Text rest = text_from_z(intake->columns[i].words);
        while (rest.size > 0)
            TRY(map_put(&index.columns, hash_of(text_split(&rest, '|')), (int64_t)i, err));
    }
    *out_index = index;
    return OK;
}

const ColumnInfo *word_index_find(const WordIndex *index, Text folded, unsigned *out_rank)
{
    int64_t number;
    if (!map_find(&index->columns, hash_of(folded), &number)) return NULL;
    const ColumnInfo *column = &index->intake->columns[number];
    return is_among(column->words, folded, out_rank) ? column : NULL;
}

const ColumnInfo *column_named(const IntakeInfo *intake, Text name)
{
    for (size_t i = 0; i < intake->column_count; i++) {
        const ColumnInfo *column = &intake->columns[i];
        if (text_is(name, column->name) || text_is(name, column->en) || text_is(name, column->zh))
            return column;
    }
    char space[FOLD_BYTES_MAX];
    unsigned rank;
    return column_by_word(intake, fold_heading(name, space), &rank);
}

bool column_is_aside(Text folded)
{
    unsigned rank;
    return is_among(asides, folded, &rank);
}

bool column_is_serial(Text folded)
{
    return text_is(folded, "序号") || text_is(folded, "序") || text_is(folded, "no") ||
           text_is(folded, "行号");
}

bool column_is_foreign(Text folded)
{
    Text rest = text_from_z(foreigns);
    while (rest.size > 0)
        if (text_contains(folded, text_split(&rest, '|'))) return true;
    return false;
}
