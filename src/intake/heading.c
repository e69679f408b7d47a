#include "intake/heading.h"

#include <assert.h>
#include <string.h>

#include "intake/fold.h"

enum {
    TITLE_BYTES_MAX = 240,
    HEADING_BYTES_MAX = 300,
    JOINED_BYTES_MAX = 100,
    INDEX_BYTES = 64 * 1024
};
static_assert(HEADING_BYTES_MAX <= FOLD_BYTES_MAX, "a heading folds whole");

/* The texts above one column, from the top level down, each once. */
typedef struct Levels {
    Text texts[HEADING_LEVELS_MAX];
    size_t count;
    Text folded[HEADING_LEVELS_MAX]; /* outside their brackets */
    size_t lowest_row;               /* among search->rows, of the last of them */
    bool is_about_others;            /* one of them says so */
} Levels;

typedef struct Meaning {
    ColumnUse use;
    const ColumnInfo *column; /* of USE_FIELD */
    unsigned rank;
    const MappingRule *rule; /* where a person said so */
} Meaning;

typedef struct CellMeaning {
    Text text;     /* trimmed and shortened */
    Text outside;  /* of its brackets, folded; no size when it is longer than any word */
    Meaning alone; /* without what stands above */
    bool is_about_others;
} CellMeaning;

typedef struct Search {
    const Workbook *workbook;
    const Sheet *sheet;
    const IntakeInfo *intake;
    const Mapping *mapping;
    SheetRow *rows; /* the first of the sheet, after those the mapping skips */
    size_t row_count;
    size_t first_index; /* the place of rows[0] */
    WordIndex words;
    CellMeaning *cells; /* of each row, SHEET_COLUMNS_MAX: worked out once, asked many times */
} Search;

#define SEARCH_BYTES                                                                              \
    (HEADING_SEARCH_ROWS *                                                                        \
         (sizeof(SheetRow) + SHEET_COLUMNS_MAX * (sizeof(CellMeaning) + JOINED_BYTES_MAX + 16)) + \
     INDEX_BYTES)

/* ---- one heading -------------------------------------------------------------------------- */

/* Up to where the rules begin that people write into headings: "手机号，11位数字". */
static Text without_rules(Text text)
{
    static const char *const openers[] = {"\n", "，",   ",",      "；",   ";",    "。",   "：",
                                          ":",  "必填", "非必填", "选填", "格式", "例如", "如："};
    size_t end = text.size;
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        const Text opener = text_from_z(openers[i]);
        const char *found =
            text.size == 0 ? NULL : memmem(text.at, text.size, opener.at, opener.size);
        if (found != NULL && found > text.at && (size_t)(found - text.at) < end)
            end = (size_t)(found - text.at);
    }
    return (Text){text.at, end};
}

static Meaning meaning_of_word(const WordIndex *words, Text folded)
{
    unsigned rank = 0;
    const ColumnInfo *column = folded.size == 0 ? NULL : word_index_find(words, folded, &rank);
    if (column != NULL) return (Meaning){.use = USE_FIELD, .column = column, .rank = rank};
    if (column_is_serial(folded)) return (Meaning){.use = USE_SERIAL};
    if (column_is_aside(folded)) return (Meaning){.use = USE_ASIDE};
    return (Meaning){.use = USE_UNKNOWN};
}

static Meaning meaning_of_joined(const WordIndex *words, Text first, Text second)
{
    char joined[2 * FOLD_BYTES_MAX];
    char space[FOLD_BYTES_MAX];
    if (first.size + second.size > sizeof joined) return (Meaning){.use = USE_UNKNOWN};
    memcpy(joined, first.at, first.size);
    memcpy(joined + first.size, second.at, second.size);
    return meaning_of_word(words, fold_heading((Text){joined, first.size + second.size}, space));
}

/* The heading without its bracket; with what stands in it, before and behind; without rules. */
static Meaning meaning_of_text(const WordIndex *words, Text text)
{
    char space[FOLD_BYTES_MAX];
    char folded[FOLD_BYTES_MAX];
    Text outside;
    Text inside;
    if (text.size > FOLD_BYTES_MAX) text = without_rules(text);
    if (text.size > FOLD_BYTES_MAX) return (Meaning){.use = USE_UNKNOWN};
    Meaning meaning = meaning_of_word(words, fold_heading(text, folded));
    if (meaning.use != USE_UNKNOWN) return meaning;
    fold_brackets(text, space, &outside, &inside);
    if (inside.size > 0) {
        meaning = meaning_of_word(words, fold_heading(outside, folded));
        if (meaning.use == USE_UNKNOWN) meaning = meaning_of_joined(words, outside, inside);
        if (meaning.use == USE_UNKNOWN) meaning = meaning_of_joined(words, inside, outside);
        if (meaning.use != USE_UNKNOWN) return meaning;
    }
    const Text start = without_rules(outside);
    if (start.size < text.size) meaning = meaning_of_word(words, fold_heading(start, folded));
    if (meaning.use != USE_UNKNOWN || text_trim(outside).size > 0) return meaning;
    return meaning_of_word(words, fold_heading(inside, folded));
}

const ColumnInfo *heading_meaning(const IntakeInfo *intake, Text heading)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    WordIndex words;
    Err err;
    const ErrCode made = word_index_make(intake, &arena, &words, &err);
    assert(made == OK); /* the list is ours and small */
    char folded[FOLD_BYTES_MAX];
    if (column_is_foreign(fold_heading(heading, folded))) return NULL;
    const Meaning meaning = meaning_of_text(&words, heading);
    return meaning.use == USE_FIELD ? meaning.column : NULL;
}

/* The levels from `first` down in one; false when that is longer than any word there is. */
static bool join_levels(const Levels *levels, size_t first, char out[JOINED_BYTES_MAX],
                        Text *out_joined)
{
    size_t size = 0;
    for (size_t i = first; i < levels->count; i++) {
        const Text part = levels->folded[i];
        if (part.size == 0 || size + part.size > JOINED_BYTES_MAX) return false;
        memcpy(out + size, part.at, part.size);
        size += part.size;
    }
    *out_joined = (Text){out, size};
    return true;
}

/* All levels together, then fewer and fewer from above, down to the lowest alone. */
static Meaning meaning_of_levels(const Search *search, const Levels *levels, unsigned column)
{
    if (levels->count == 0) return (Meaning){.use = USE_NONE};
    if (levels->is_about_others) return (Meaning){.use = USE_UNKNOWN};
    for (size_t first = 0; first + 1 < levels->count; first++) {
        char space[JOINED_BYTES_MAX];
        Text joined;
        if (!join_levels(levels, first, space, &joined)) continue;
        const Meaning meaning = meaning_of_word(&search->words, joined);
        if (meaning.use == USE_FIELD) return meaning;
    }
    return search->cells[levels->lowest_row * SHEET_COLUMNS_MAX + column].alone;
}

/* ---- the rows of headings ----------------------------------------------------------------- */

/* Headings are short; whoever writes more is not to cost more. */
static Text shortened(Text text)
{
    size_t size = text.size < HEADING_BYTES_MAX ? text.size : HEADING_BYTES_MAX;
    while (size < text.size && size > 0 && ((uint8_t)text.at[size] & 0xC0) == 0x80)
        size--;
    return (Text){text.at, size};
}

static void gather_levels(const Search *search, size_t row, size_t depth, unsigned column,
                          Levels *levels)
{
    unsigned last_range = 0;
    levels->count = 0;
    levels->is_about_others = false;
    for (size_t i = row; i < row + depth; i++) {
        const CellMeaning *known = &search->cells[i * SHEET_COLUMNS_MAX + column];
        if (known->text.size == 0) continue;
        const unsigned range = row_cell(&search->rows[i], column)->range;
        if (range > 0 && range == last_range) continue; /* the same, reaching down */
        last_range = range;
        levels->is_about_others |= known->is_about_others;
        levels->lowest_row = i;
        levels->folded[levels->count] = known->outside;
        levels->texts[levels->count++] = known->text;
    }
}

static Meaning meaning_of_column(const Search *search, const Levels *levels, unsigned column)
{
    const Text lowest = levels->count == 0 ? TEXT("") : levels->texts[levels->count - 1];
    const MappingRule *rule = mapping_find(search->mapping, lowest, column);
    if (rule == NULL) return meaning_of_levels(search, levels, column);
    return (Meaning){
        .use = rule->target == NULL ? USE_ASIDE : USE_FIELD, .column = rule->target, .rule = rule};
}

/* How well the headings explain the sheet; KEY columns count most. */
static unsigned score(const Search *search, size_t row, size_t depth)
{
    bool is_there[INTAKE_COLUMNS_MAX] = {false};
    unsigned points = 0;
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        Levels levels;
        gather_levels(search, row, depth, column, &levels);
        const Meaning meaning = meaning_of_column(search, &levels, column);
        if (meaning.use != USE_FIELD || is_there[meaning.column->number]) continue;
        is_there[meaning.column->number] = true;
        points += (meaning.column->flags & COLUMN_FLAG_KEY) != 0 ? 100 : 1;
    }
    return points;
}

static bool is_number_like(const Cell *cell)
{
    if (cell->kind == CELL_NUMBER || cell->kind == CELL_DATE || cell->kind == CELL_BOOL)
        return true;
    size_t digits = 0;
    for (size_t i = 0; i < cell->text.size; i++)
        digits += cell->text.at[i] >= '0' && cell->text.at[i] <= '9';
    return digits * 2 > cell->text.size;
}

static bool looks_like_data(const SheetRow *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (!row->cells[i].is_lent && is_number_like(&row->cells[i])) return true;
    return false;
}

/* Whether a merged range of this row reaches down into the next. */
static bool reaches_down(const SheetRow *row, const SheetRow *next)
{
    for (size_t i = 0; i < next->cell_count; i++) {
        const Cell *below = &next->cells[i];
        const Cell *above = row_cell(row, below->column);
        if (below->is_lent && above != NULL && above->range == below->range) return true;
    }
    return false;
}

/* A row of hints under the headings: "（必填）", "例如：2020-09-01". */
static bool is_hint_row(const SheetRow *row)
{
    static const char *const marks[] = {"必填", "选填", "例如", "例：", "示例", "格式", "填写"};
    size_t hints = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const Text text = text_trim(row->cells[i].text);
        if (row->cells[i].kind != CELL_TEXT) return false;
        bool is_hint = text_starts_with(text, TEXT("（")) || text_starts_with(text, TEXT("("));
        for (size_t j = 0; j < sizeof marks / sizeof marks[0]; j++)
            is_hint |= text_contains(text, text_from_z(marks[j]));
        hints += is_hint;
    }
    return hints * 2 > row->cell_count;
}

/* The number of levels that begin at this row. Merged ranges force a level; otherwise one is
 * taken when it explains more and does not look like data. */
static size_t find_depth(const Search *search, size_t row, unsigned *out_points)
{
    size_t best = 1;
    unsigned best_score = score(search, row, 1);
    for (size_t depth = 2; depth <= HEADING_LEVELS_MAX && row + depth <= search->row_count;
         depth++) {
        const SheetRow *next = &search->rows[row + depth - 1];
        const bool is_forced = best == depth - 1 && reaches_down(next - 1, next);
        if (!is_forced && looks_like_data(next)) break;
        const unsigned points = score(search, row, depth);
        if (!is_forced && points <= best_score) continue;
        best = depth;
        best_score = points;
    }
    *out_points = best_score;
    return best;
}

/* Whether the row groups the columns below it: several texts, at least one over two columns. A
 * title is a single text, however wide. */
static bool is_group_row(const SheetRow *row)
{
    size_t texts = 0;
    bool has_group = false;
    for (size_t i = 0; i < row->cell_count; i++) {
        const Cell *cell = &row->cells[i];
        const bool goes_on = i > 0 && cell->range > 0 && row->cells[i - 1].range == cell->range;
        has_group |= goes_on;
        texts += !goes_on && text_trim(cell->text).size > 0;
    }
    return has_group && texts > 1 && !looks_like_data(row);
}

typedef struct Span {
    size_t row;    /* among search->rows */
    size_t levels; /* rows of headings */
    size_t depth;  /* those and the rows of hints below them */
    unsigned points;
} Span;

static Span find_span(const Search *search)
{
    if (search->mapping != NULL && search->mapping->header_rows != MAPPING_HEADER_AUTO) {
        size_t depth = (size_t)search->mapping->header_rows;
        if (depth > search->row_count) depth = search->row_count;
        return (Span){.row = 0, .levels = depth, .depth = depth};
    }
    const size_t least = search->row_count > 0 ? 1 : 0;
    Span best = {.row = 0, .levels = least};
    for (size_t row = 0; row < search->row_count; row++) {
        unsigned points;
        const size_t levels = find_depth(search, row, &points);
        /* Of two that explain as much, the one with fewer levels: a title above says nothing. */
        if (points > best.points || (points == best.points && levels < best.levels))
            best = (Span){.row = row, .levels = levels, .points = points};
    }
    /* A lower level may explain as much without the groups above it, and be wrong. */
    while (best.points > 0 && best.row > 0 && best.levels < HEADING_LEVELS_MAX &&
           is_group_row(&search->rows[best.row - 1])) {
        best.row--;
        best.levels++;
    }
    best.depth = best.levels;
    while (best.points > 0 && best.row + best.depth < search->row_count &&
           is_hint_row(&search->rows[best.row + best.depth]))
        best.depth++;
    return best;
}

/* ---- the result --------------------------------------------------------------------------- */

static ErrCode write_title(const Levels *levels, Arena *arena, Text *out_title, Err *err)
{
    char title[TITLE_BYTES_MAX];
    size_t size = 0;
    for (size_t i = 0; i < levels->count; i++) {
        if (i > 0 && size < sizeof title) title[size++] = '/';
        for (size_t at = 0; at < levels->texts[i].size;) {
            char one[4];
            uint32_t rune = text_next_rune(levels->texts[i], &at);
            if (rune < ' ') rune = ' ';
            const size_t one_size = text_put_rune(one, rune);
            if (size + one_size > sizeof title) break;
            memcpy(title + size, one, one_size);
            size += one_size;
        }
    }
    return text_copy(arena, (Text){title, size}, out_title, err);
}

static ErrCode head_columns(const Search *search, const Span *span, Arena *arena, Heading *heading,
                            Err *err)
{
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        Levels levels;
        gather_levels(search, span->row, span->levels, column, &levels);
        HeadedColumn *headed = &heading->columns[column];
        const Meaning meaning = meaning_of_column(search, &levels, column);
        headed->use = meaning.use;
        headed->rank = meaning.rank;
        headed->rule = meaning.rule;
        if (meaning.use == USE_FIELD) headed->field = meaning.column->number;
        if (levels.count > 0) TRY(write_title(&levels, arena, &headed->title, err));
    }
    return OK;
}

static bool is_mapped(const Search *search, unsigned field)
{
    for (size_t i = 0; search->mapping != NULL && i < search->mapping->rule_count; i++) {
        const ColumnInfo *target = search->mapping->rules[i].target;
        if (target != NULL && target->number == field) return true;
    }
    return false;
}

/* Collects the columns of each field, the best word first. */
static void gather_fields(const Search *search, Heading *heading)
{
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        HeadedColumn *headed = &heading->columns[column];
        if (headed->use != USE_FIELD) continue;
        HeadedField *field = &heading->fields[headed->field];
        if (is_mapped(search, headed->field) && headed->rule == NULL) {
            headed->use = USE_UNKNOWN; /* the person chose another one */
            continue;
        }
        size_t at = field->count;
        while (at > 0 && heading->columns[field->columns[at - 1]].rank > headed->rank)
            at--;
        if (at >= HEADING_TWINS_MAX) continue;
        if (field->count < HEADING_TWINS_MAX) field->count++;
        for (size_t i = field->count - 1; i > at; i--)
            field->columns[i] = field->columns[i - 1];
        field->columns[at] = column;
    }
}

/* 转正 is said of probation in a job as well; only beside Party columns is it the Party's. */
static void drop_ambiguous(const IntakeInfo *intake, Heading *heading)
{
    if (intake->kind != INTAKE_PEOPLE) return;
    HeadedField *formal = &heading->fields[COLUMN_PEOPLE_FORMAL_FROM];
    if (heading->fields[COLUMN_PEOPLE_STANDING].count > 0 ||
        heading->fields[COLUMN_PEOPLE_PARTY_FROM].count > 0)
        return;
    for (size_t i = 0; i < formal->count; i++)
        heading->columns[formal->columns[i]].use = USE_UNKNOWN;
    formal->count = 0;
}

static ErrCode check_rules(const Search *search, const Heading *heading, Err *err)
{
    for (size_t i = 0; search->mapping != NULL && i < search->mapping->rule_count; i++) {
        const MappingRule *rule = &search->mapping->rules[i];
        bool is_met = rule->is_letter;
        for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++)
            is_met |= heading->columns[column].rule == rule;
        if (!is_met)
            return err_set(err, ERR_INVALID, "line %u: no column is headed \"%.*s\"", rule->line,
                           rule->heading.size > 60 ? 60 : (int)rule->heading.size,
                           rule->heading.at);
    }
    return OK;
}

static bool has_keys(const IntakeInfo *intake, const Heading *heading)
{
    for (size_t i = 0; i < intake->column_count; i++)
        if ((intake->columns[i].flags & COLUMN_FLAG_KEY) != 0 && heading->fields[i].count == 0)
            return false;
    return true;
}

static ErrCode note_meanings(Search *search, const SheetRow *row, Arena *arena, Err *err)
{
    CellMeaning *cells = search->cells + search->row_count * SHEET_COLUMNS_MAX;
    for (size_t i = 0; i < row->cell_count; i++) {
        CellMeaning *cell = &cells[row->cells[i].column];
        char space[FOLD_BYTES_MAX];
        char folded[FOLD_BYTES_MAX];
        Text outside;
        Text inside;
        cell->text = text_trim(shortened(row->cells[i].text));
        if (cell->text.size == 0) continue;
        cell->alone = meaning_of_text(&search->words, cell->text);
        cell->is_about_others = column_is_foreign(fold_heading(cell->text, folded));
        fold_brackets(cell->text, space, &outside, &inside);
        outside = fold_heading(outside, folded);
        if (outside.size > JOINED_BYTES_MAX) continue;
        TRY(text_copy(arena, outside, &cell->outside, err));
    }
    return OK;
}

static ErrCode load_rows(Search *search, Arena *arena, Err *err)
{
    search->rows = arena_array(arena, SheetRow, HEADING_SEARCH_ROWS);
    search->cells = arena_array(arena, CellMeaning, HEADING_SEARCH_ROWS * SHEET_COLUMNS_MAX);
    if (search->rows == NULL || search->cells == NULL)
        return err_set(err, ERR_LIMIT, "no memory for the headings");
    const unsigned skipped = search->mapping == NULL ? 0 : search->mapping->skip_rows;
    for (size_t i = 0; i < search->sheet->row_count && search->row_count < HEADING_SEARCH_ROWS;
         i++) {
        SheetRow *row = &search->rows[search->row_count];
        sheet_row(search->workbook, search->sheet, i, row);
        if (row->number <= skipped) continue;
        TRY(note_meanings(search, row, arena, err));
        if (search->row_count++ == 0) search->first_index = i;
    }
    return OK;
}

ErrCode heading_find(const Workbook *workbook, const Sheet *sheet, const IntakeInfo *intake,
                     const Mapping *mapping, Arena *arena, Heading *out_heading, Err *err)
{
    assert(out_heading != NULL);
    Search search = {.workbook = workbook, .sheet = sheet, .intake = intake, .mapping = mapping};
    AUTO(arena_done) Arena rows = {0};
    arena_init(&rows, SEARCH_BYTES);
    TRY(word_index_make(intake, &rows, &search.words, err));
    TRY(load_rows(&search, &rows, err));
    const Span span = find_span(&search);

    memset(out_heading, 0, sizeof *out_heading);
    out_heading->data_index = search.first_index + span.row + span.depth;
    if (span.depth > 0) {
        out_heading->first_row = search.rows[span.row].number;
        out_heading->last_row = search.rows[span.row + span.depth - 1].number;
    }
    TRY(head_columns(&search, &span, arena, out_heading, err));
    gather_fields(&search, out_heading);
    drop_ambiguous(intake, out_heading);
    out_heading->is_found = has_keys(intake, out_heading);
    return out_heading->is_found ? check_rules(&search, out_heading, err) : OK;
}
