#include "intake/cellcode.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "intake/fold.h"
#include "people/codes.h"

enum { MOBILE_SIZE = 11, LANDLINE_SIZE_MIN = 10, LANDLINE_SIZE_MAX = 12, CODE_BYTES_MAX = 64 };

#define EXACT_MAX 999999999999999.0 /* fifteen digits are what Excel keeps */

static CellValue wrong(FlawCode flaw, ReasonCode reason, int64_t detail)
{
    return (CellValue){.state = VALUE_BAD, .flaw = flaw, .reason = reason, .detail = detail};
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* "1.10105E+17": a number that was too long, as text from a CSV that Excel saved. */
static bool is_scientific(Text text)
{
    size_t at = 0;
    while (at < text.size && (is_digit(text.at[at]) || text.at[at] == '.'))
        at++;
    if (at == 0 || at + 2 >= text.size || (text.at[at] != 'E' && text.at[at] != 'e')) return false;
    if (text.at[at + 1] != '+') return false;
    for (size_t i = at + 2; i < text.size; i++)
        if (!is_digit(text.at[i])) return false;
    return true;
}

/* ="007" and '007 are ways of telling Excel to keep the zeros. */
static Text unwrap(Text text)
{
    if (text.size >= 3 && text.at[0] == '=' && text.at[1] == '"' && text.at[text.size - 1] == '"')
        return (Text){text.at + 2, text.size - 3};
    if (text.size >= 1 && (text.at[0] == '\'' || text.at[0] == '`'))
        return (Text){text.at + 1, text.size - 1};
    return text;
}

/* "342291.0": what other programs make of a number on its way into a text. */
static Text without_fraction(Text text)
{
    const char *dot = text.size == 0 ? NULL : memchr(text.at, '.', text.size);
    if (dot == NULL || dot == text.at) return text;
    for (const char *at = text.at; at < dot; at++)
        if (!is_digit(*at)) return text;
    for (const char *at = dot + 1; at < text.at + text.size; at++)
        if (*at != '0') return text;
    return (Text){text.at, (size_t)(dot - text.at)};
}

static ErrCode keep(const char *at, size_t size, Arena *arena, CellValue *value, Err *err)
{
    TRY(text_copy(arena, (Text){at, size}, &value->text, err));
    value->state = VALUE_SET;
    return OK;
}

static ErrCode read_id_number(Text text, Arena *arena, CellValue *value, Err *err)
{
    Identity identity;
    int64_t detail = 0;
    const Code tidied = code_tidy(text);
    const ReasonCode reason = identity_check(text, &identity, &detail);
    if (reason != REASON_NONE) {
        /* Three zeros at the end of a number that is wrong are what Excel puts for lost digits. */
        const bool was_cut = tidied.size == 18 && memcmp(tidied.at + 15, "000", 3) == 0;
        *value = was_cut ? wrong(FLAW_NUMBER_CUT, REASON_NONE, 0)
                         : wrong(FLAW_ID_NUMBER, reason, detail);
        return OK;
    }
    TRY(keep(identity.number.at, strlen(identity.number.at), arena, value, err));
    if (identity.note == REASON_NONE) return OK;
    value->flaw = FLAW_ID_NUMBER_ODD;
    value->reason = identity.note;
    return OK;
}

static ErrCode read_uscc(Text text, Arena *arena, CellValue *value, Err *err)
{
    Code code;
    int64_t detail = 0;
    const ReasonCode reason = uscc_check(text, &code, &detail);
    if (reason == REASON_NONE) return keep(code.at, strlen(code.at), arena, value, err);
    *value = wrong(FLAW_USCC, reason, detail);
    return OK;
}

/* Whether a sign that is no digit may stand before the digit `size` of a phone number. */
static bool is_phone_sign(char letter, size_t size)
{
    return letter == '-' || letter == '(' || letter == ')' || (letter == '+' && size == 0);
}

/* How many of the digits call the country: 86, or 0086 from abroad. */
static size_t country_size(const char *digits, size_t size)
{
    if (size == MOBILE_SIZE + 2 && memcmp(digits, "86", 2) == 0) return 2;
    if (size == MOBILE_SIZE + 4 && memcmp(digits, "0086", 4) == 0) return 4;
    return 0;
}

static bool is_phone(const char *digits, size_t size)
{
    if (size < LANDLINE_SIZE_MIN) return false;
    if (size == MOBILE_SIZE && digits[0] == '1' && digits[1] >= '3') return true;
    return digits[0] == '0' && size <= LANDLINE_SIZE_MAX;
}

/* The digits of one phone number: 11 of a mobile, or a landline with its area code, perhaps with
 * an extension. 0 when it is none. */
static size_t phone_digits(Text text, char out[CODE_BYTES_MAX])
{
    size_t size = 0;
    for (size_t at = 0; at < text.size; at++) {
        const char letter = text.at[at];
        if (letter == '-' && size >= LANDLINE_SIZE_MIN) break; /* the extension follows */
        if (is_phone_sign(letter, size)) continue;
        if (!is_digit(letter) || size + 1 >= CODE_BYTES_MAX) return 0;
        out[size++] = letter;
    }
    const size_t country = country_size(out, size);
    size -= country;
    memmove(out, out + country, size);
    return is_phone(out, size) ? size : 0;
}

static bool separates_phones(uint32_t rune)
{
    return rune == '/' || rune == ',' || rune == ';' || rune == 0x3001 || rune == '|' ||
           rune == ' ';
}

static ErrCode read_phone(Text raw, Arena *arena, CellValue *value, Err *err)
{
    char space[FOLD_BYTES_MAX];
    char digits[CODE_BYTES_MAX];
    size_t size = phone_digits(fold_compact(raw, space), digits);
    if (size > 0) return keep(digits, size, arena, value, err);

    const Text text = fold_value(raw, space);
    size_t start = 0;
    for (size_t at = 0; at <= text.size && size == 0;) {
        const size_t here = at;
        const uint32_t rune = at == text.size ? '/' : text_next_rune(text, &at);
        if (at == here) at++;
        if (!separates_phones(rune)) continue;
        size = phone_digits((Text){text.at + start, here - start}, digits);
        start = at;
    }
    if (size == 0) {
        *value = wrong(FLAW_PHONE, REASON_NONE, 0);
        return OK;
    }
    value->flaw = FLAW_SEVERAL_PHONES;
    return keep(digits, size, arena, value, err);
}

static ErrCode read_plain_code(Text text, Arena *arena, CellValue *value, Err *err)
{
    const Text code = without_fraction(text);
    if (code.size > CODE_BYTES_MAX) {
        *value = wrong(FLAW_TOO_LONG, REASON_NONE, 0);
        return OK;
    }
    return keep(code.at, code.size, arena, value, err);
}

ErrCode cellcode_read(const Cell *cell, ColumnType type, Arena *arena, CellValue *out_value,
                      Err *err)
{
    char space[FOLD_BYTES_MAX];
    CellValue value = {.state = VALUE_ABSENT};
    const Text raw = unwrap(text_trim(cell->text));
    const Text text = fold_compact(raw, space);
    const bool is_long_number = cell->kind == CELL_NUMBER && fabs(cell->number) > EXACT_MAX;
    ErrCode code = OK;
    if (is_long_number || is_scientific(text)) {
        value = wrong(FLAW_NUMBER_CUT, REASON_NONE, 0);
    } else if (text.size == 0) {
        value.state = VALUE_ABSENT;
    } else if (type == COLUMN_TYPE_ID_NUMBER) {
        code = read_id_number(text, arena, &value, err);
    } else if (type == COLUMN_TYPE_USCC) {
        code = read_uscc(text, arena, &value, err);
    } else if (type == COLUMN_TYPE_PHONE) {
        code = read_phone(cell->kind == CELL_NUMBER ? text : raw, arena, &value, err);
    } else {
        code = read_plain_code(text, arena, &value, err);
    }
    if (code == OK) *out_value = value;
    return code;
}
