#include "intake/cellvalue.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "intake/cellcode.h"
#include "intake/celldate.h"
#include "intake/cellplace.h"
#include "intake/fold.h"
#include "vocab/vocab.h"

enum { NAME_BYTES_MAX = 120 }; /* long names of the minorities take 60 */

typedef struct ChoiceWords {
    ColumnType type;
    int number;
    const char *words;
} ChoiceWords;

static const ChoiceWords choices[] = {
#define CHOICE_WORDS(TYPE, number, words) {COLUMN_TYPE_##TYPE, (number), (words)},
#include "intake/choices.def"
};

static CellValue bad(FlawCode flaw)
{
    assert(flaw_info(flaw)->severity == FLAW_IS_ERROR);
    return (CellValue){.state = VALUE_BAD, .flaw = flaw};
}

/* ---- texts -------------------------------------------------------------------------------- */

/* Letters and digits made plain, other marks as written; blanks and line breaks to one space. */
static size_t tidy(Text text, char *out, size_t room)
{
    size_t size = 0;
    bool owes_space = false;
    for (size_t at = 0; at < text.size;) {
        const uint32_t rune = text_next_rune(text, &at);
        const uint32_t narrow = fold_narrow_rune(rune);
        const bool is_plain = (narrow >= '0' && narrow <= '9') ||
                              (narrow >= 'A' && narrow <= 'Z') || (narrow >= 'a' && narrow <= 'z');
        if (narrow == 0) continue;
        if (narrow == ' ') {
            owes_space = size > 0;
            continue;
        }
        char one[4];
        const size_t one_size = text_put_rune(one, is_plain ? narrow : rune);
        if (size + one_size + 1 > room) return room + 1;
        if (owes_space) out[size++] = ' ';
        owes_space = false;
        memcpy(out + size, one, one_size);
        size += one_size;
    }
    return size;
}

static ErrCode set_text(Text text, Arena *arena, CellValue *out_value, Err *err)
{
    if (text.size == 0) return OK;
    TRY(text_copy(arena, text, &out_value->text, err));
    out_value->state = VALUE_SET;
    return OK;
}

static ErrCode read_text(const Cell *cell, Arena *arena, CellValue *out_value, Err *err)
{
    char space[TEXT_FIELD_BYTES_MAX];
    const size_t size = tidy(cell->text, space, sizeof space);
    if (size <= sizeof space && !cell->is_cut)
        return set_text((Text){space, size}, arena, out_value, err);
    *out_value = bad(FLAW_TOO_LONG);
    return OK;
}

static bool is_chinese(uint32_t rune)
{
    return rune >= 0x2E80 && (rune < 0x3000 || rune > 0x303F);
}

/* The dot in names from the minorities, which every keyboard writes differently. */
static uint32_t name_rune(uint32_t rune)
{
    static const uint32_t dots[] = {0x2022, 0x30FB, 0x2027, 0x2219, 0x22C5, 0xFF65, 0x25CF, 0x0387};
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++)
        if (rune == dots[i]) return 0xB7;
    return fold_narrow_rune(rune);
}

/* 张 三 is 张三, but John Smith keeps his space. */
static size_t join_name(Text text, char name[FOLD_BYTES_MAX], size_t *out_letters)
{
    size_t size = 0;
    uint32_t last = 0;
    bool owes_space = false;
    *out_letters = 0;
    for (size_t at = 0; at < text.size;) {
        const uint32_t rune = name_rune(text_next_rune(text, &at));
        if (rune == 0) continue;
        if (rune == ' ') {
            owes_space = true;
            continue;
        }
        char one[4];
        const size_t one_size = text_put_rune(one, rune);
        if (size + one_size + 1 > FOLD_BYTES_MAX) break;
        if (owes_space && last != 0 && !is_chinese(rune) && !is_chinese(last)) name[size++] = ' ';
        owes_space = false;
        memcpy(name + size, one, one_size);
        size += one_size;
        last = rune;
        *out_letters += rune >= 'A';
    }
    return size;
}

static ErrCode read_name(const Cell *cell, Arena *arena, CellValue *out_value, Err *err)
{
    char space[FOLD_BYTES_MAX];
    char name[FOLD_BYTES_MAX];
    size_t letters;
    const size_t size = join_name(fold_value(cell->text, space), name, &letters);
    if (letters == 0 || size > NAME_BYTES_MAX || cell->kind != CELL_TEXT) {
        *out_value = bad(FLAW_NAME_WRONG);
        return OK;
    }
    return set_text((Text){name, size}, arena, out_value, err);
}

/* ---- choices ------------------------------------------------------------------------------ */

static bool is_among(const char *list, Text word)
{
    Text rest = text_from_z(list);
    while (rest.size > 0)
        if (text_equal(text_split(&rest, '|'), word)) return true;
    return false;
}

static CellValue read_choice(const Cell *cell, ColumnType type)
{
    char space[FOLD_BYTES_MAX];
    char outer[FOLD_BYTES_MAX];
    Text word = fold_heading(cell->text, space);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
            if (choices[i].type == type && is_among(choices[i].words, word))
                return (CellValue){.state = VALUE_SET, .number = choices[i].number};
        Text inside;
        /* Once more without "(2019届)" and the like; of a Party member every word may matter. */
        if (type == COLUMN_TYPE_STANDING) break;
        fold_brackets(word, outer, &word, &inside);
        if (inside.size == 0) break;
    }
    /* A warning: the value is left out, the row is not. */
    return (CellValue){.state = VALUE_ABSENT, .flaw = FLAW_NOT_A_CHOICE};
}

/* ---- everything --------------------------------------------------------------------------- */

static CellValue read_day(const Cell *cell, const ColumnInfo *column, bool counts_from_1904)
{
    const DateRules rules = {.takes_last = (column->flags & COLUMN_FLAG_LAST) != 0,
                             .takes_year = (column->flags & COLUMN_FLAG_YEAR) != 0,
                             .counts_from_1904 = counts_from_1904};
    Day day = 0;
    bool is_open = false;
    const FlawCode flaw = celldate_read(cell, rules, &day, &is_open);
    if (flaw != FLAW_NONE && flaw_info(flaw)->severity == FLAW_IS_ERROR) return bad(flaw);
    if (is_open) return (CellValue){.state = VALUE_ABSENT};
    return (CellValue){
        .state = VALUE_SET, .number = day, .flaw = flaw, .is_assumed = flaw != FLAW_NONE};
}

static bool is_blank(const Cell *cell)
{
    if (cell == NULL || cell->kind == CELL_EMPTY) return true;
    return cell->kind == CELL_TEXT && text_trim(cell->text).size == 0;
}

ErrCode cellvalue_read(const Cell *cell, const ColumnInfo *column, bool counts_from_1904,
                       Arena *arena, CellValue *out_value, Err *err)
{
    assert(column != NULL);
    assert(out_value != NULL);
    CellValue value = {.state = VALUE_ABSENT};
    *out_value = value;
    if (is_blank(cell)) return OK;
    if (cell->kind == CELL_ERROR) {
        *out_value = bad(FLAW_CELL_ERROR);
        return OK;
    }
    switch (column->type) {
    case COLUMN_TYPE_TEXT: return read_text(cell, arena, out_value, err);
    case COLUMN_TYPE_NAME: return read_name(cell, arena, out_value, err);
    case COLUMN_TYPE_CODE:
    case COLUMN_TYPE_ID_NUMBER:
    case COLUMN_TYPE_USCC:
    case COLUMN_TYPE_PHONE: return cellcode_read(cell, column->type, arena, out_value, err);
    case COLUMN_TYPE_DAY: value = read_day(cell, column, counts_from_1904); break;
    case COLUMN_TYPE_YES_NO:
    case COLUMN_TYPE_SEX:
    case COLUMN_TYPE_EMPLOYMENT:
    case COLUMN_TYPE_STANDING:
    case COLUMN_TYPE_STAGE:
    case COLUMN_TYPE_LEVEL: value = read_choice(cell, column->type); break;
    case COLUMN_TYPE_LATITUDE:
    case COLUMN_TYPE_LONGITUDE: value = cellplace_read(cell, column->type); break;
    }
    *out_value = value;
    return OK;
}

/* How many digits or X follow here, full-width ones included; blanks between them do not count. */
static size_t digit_run(Text text, size_t at, size_t *out_end)
{
    size_t count = 0;
    *out_end = at;
    while (at < text.size) {
        const uint32_t rune = fold_narrow_rune(text_next_rune(text, &at));
        const bool is_digit = (rune >= '0' && rune <= '9') || rune == 'x' || rune == 'X';
        if (!is_digit && rune != ' ' && rune != '-') break;
        if (!is_digit) continue;
        count++;
        *out_end = at;
    }
    return count;
}

/* The first and the last two of a run of digits. */
static size_t mask_run(Text value, size_t at, size_t end, size_t digits, char out[16])
{
    size_t size = 0;
    size_t seen = 0;
    while (at < end) {
        const uint32_t rune = fold_narrow_rune(text_next_rune(value, &at));
        if (rune == ' ' || rune == '-' || rune == 0) continue;
        if (seen < 2 || seen + 2 >= digits) out[size++] = (char)rune;
        if (++seen == 2) {
            memcpy(out + size, "***", 3);
            size += 3;
        }
    }
    return size;
}

void cellvalue_mask(Text value, ColumnType type, char out[MASKED_BYTES_MAX])
{
    const bool is_secret = type == COLUMN_TYPE_ID_NUMBER || type == COLUMN_TYPE_PHONE;
    size_t size = 0;
    for (size_t at = 0; at < value.size;) {
        if (size + 20 > MASKED_BYTES_MAX) {
            memcpy(out + size, "…", sizeof "…");
            return;
        }
        size_t end;
        const size_t digits = digit_run(value, at, &end);
        if (digits >= (is_secret ? 5U : 11U)) {
            size += mask_run(value, at, end, digits, out + size);
            at = end;
            continue;
        }
        const uint32_t rune = text_next_rune(value, &at);
        size += text_put_rune(out + size, rune < ' ' || rune == 0x7F ? ' ' : rune);
    }
    out[size] = '\0';
}
