#include "people/codes.h"

#include <assert.h>
#include <string.h>

enum {
    IDENTITY_SIZE = 18,
    IDENTITY_OLD_SIZE = 15,
    USCC_SIZE = 18,
    ORGANISATION_SIZE = 9,
    YEAR_FIRST = 1800,
    YEAR_LAST = 2199
};

/* The first two digits of a place in GB/T 2260, and 83 and 9 for residence permits. */
static const char *const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
                                     "46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 ";

/* Half-width for the full-width form of an ASCII character, itself otherwise. */
static uint32_t half_width(uint32_t rune)
{
    return rune >= 0xFF01 && rune <= 0xFF5E ? rune - 0xFF01 + '!' : rune;
}

static bool is_filler(uint32_t rune)
{
    return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0xA0 || rune == 0x3000 ||
           rune == 0xFEFF || (rune >= 0x2000 && rune <= 0x2015) || rune == '-' || rune == '\'' ||
           rune == 0x2018 || rune == 0x2019 || rune == 0x2212;
}

static char plain_character(uint32_t rune)
{
    static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (rune >= '0' && rune <= '9') return plain[rune - '0'];
    if (rune >= 'A' && rune <= 'Z') return plain[10 + (rune - 'A')];
    if (rune >= 'a' && rune <= 'z') return plain[10 + (rune - 'a')];
    /* Multiplication sign and Cyrillic Ha are written for X where a keyboard offers them. */
    return rune == 0xD7 || rune == 0x425 || rune == 0x445 ? 'X' : '?';
}

Code code_tidy(Text text)
{
    Code code = {0};
    size_t at = 0;
    while (at < text.size) {
        const uint32_t rune = half_width(text_next_rune(text, &at));
        if (is_filler(rune)) continue;
        if (code.size < CODE_SIZE_MAX) code.at[code.size] = plain_character(rune);
        code.size++;
    }
    return code;
}

static ReasonCode wrong(ReasonCode code, int64_t detail, int64_t *out_detail)
{
    if (out_detail != NULL) *out_detail = detail;
    return code;
}

/* How many of the first `size` characters are digits before the first that is not. */
static size_t count_digits(const Code *code, size_t size)
{
    size_t count = 0;
    while (count < size && code->at[count] >= '0' && code->at[count] <= '9')
        count++;
    return count;
}

static int number_at(const Code *code, size_t first, size_t size)
{
    int number = 0;
    for (size_t i = first; i < first + size; i++)
        number = number * 10 + (code->at[i] - '0');
    return number;
}

/* ---- Identity numbers ---- */

static char identity_check_digit(const Code *code)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < IDENTITY_SIZE - 1; i++)
        sum += weights[i] * (code->at[i] - '0');
    return "10X98765432"[sum % 11];
}

static bool is_area_known(const Code *code)
{
    const char area[] = {code->at[0], code->at[1], ' ', '\0'};
    const char *found = strstr(provinces, area);
    return found != NULL && number_at(code, 2, 4) != 0;
}

/* Whether a date exists; the calendar repeats every 400 years, so one that day.h holds will do. */
static bool read_birth(const Code *code, Identity *identity)
{
    const int year = number_at(code, 6, 4);
    if (year < YEAR_FIRST || year > YEAR_LAST) return false;
    Err err;
    Day day = 0;
    const int month = number_at(code, 10, 2);
    const int date = number_at(code, 12, 2);
    const int like = year < 1900 ? year + 400 - (year + 400 > YEAR_LAST ? 400 : 0) : year;
    static_assert(YEAR_FIRST + 400 > YEAR_LAST, "only 1800 itself has no like year");
    if (like < 1900) return month >= 1 && month <= 12 && date >= 1 && date <= 28;
    if (day_from_civil(like, month, date, &day, &err) != OK) return false;
    identity->has_birth = year >= 1900;
    identity->birth = identity->has_birth ? day : 0;
    return true;
}

/* The old form lacks the century and the check digit. */
static Code extend_old(const Code *old)
{
    Code code = {.size = IDENTITY_SIZE};
    memcpy(code.at, old->at, 6);
    memcpy(code.at + 6, "19", 2);
    memcpy(code.at + 8, old->at + 6, 9);
    code.at[IDENTITY_SIZE - 1] = identity_check_digit(&code);
    return code;
}

ReasonCode identity_check(Text number, Identity *out_identity, int64_t *out_detail)
{
    assert(out_identity != NULL);
    Identity identity = {.number = code_tidy(number)};
    Code *code = &identity.number;
    if (code->size == 0) return wrong(REASON_CODE_EMPTY, 0, out_detail);
    if (code->size != IDENTITY_SIZE && code->size != IDENTITY_OLD_SIZE)
        return wrong(REASON_CODE_LENGTH, (int64_t)code->size, out_detail);

    const bool is_old = code->size == IDENTITY_OLD_SIZE;
    const size_t digits = is_old ? IDENTITY_OLD_SIZE : IDENTITY_SIZE - 1;
    const size_t good = count_digits(code, digits);
    if (good < digits) return wrong(REASON_CODE_CHARACTER, (int64_t)good + 1, out_detail);
    if (is_old) *code = extend_old(code);
    const char last = code->at[IDENTITY_SIZE - 1];
    if (last != 'X' && (last < '0' || last > '9'))
        return wrong(REASON_CODE_CHARACTER, IDENTITY_SIZE, out_detail);
    if (!read_birth(code, &identity)) return wrong(REASON_CODE_BIRTH, 7, out_detail);
    if (number_at(code, 14, 3) == 0) return wrong(REASON_CODE_ALL_ZERO, 15, out_detail);
    if (last != identity_check_digit(code))
        return wrong(REASON_CODE_CHECK_DIGIT, IDENTITY_SIZE, out_detail);

    identity.sex = (code->at[16] - '0') % 2 == 1 ? SEX_IS_MALE : SEX_IS_FEMALE;
    if (!is_area_known(code)) identity.note = REASON_CODE_AREA_UNKNOWN;
    if (is_old) identity.note = REASON_CODE_OLD_FORM;
    *out_identity = identity;
    return REASON_NONE;
}

/* ---- Organisations ---- */

static int value_in(const char *alphabet, char character)
{
    const char *found = character == '\0' ? NULL : strchr(alphabet, character);
    return found == NULL ? -1 : (int)(found - alphabet);
}

ReasonCode uscc_check(Text text, Code *out_code, int64_t *out_detail)
{
    assert(out_code != NULL);
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const Code code = code_tidy(text);
    if (code.size == 0) return wrong(REASON_CODE_EMPTY, 0, out_detail);
    if (code.size != USCC_SIZE) return wrong(REASON_CODE_LENGTH, (int64_t)code.size, out_detail);
    int sum = 0;
    int weight = 1;
    for (size_t i = 0; i < USCC_SIZE; i++) {
        const int value = value_in(alphabet, code.at[i]);
        const bool is_area = i >= 2 && i < 8; /* the region is written in digits */
        if (value < 0 || (is_area && value > 9))
            return wrong(REASON_CODE_CHARACTER, (int64_t)i + 1, out_detail);
        if (i == USCC_SIZE - 1) break;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    /* A sum of 0 gives 0, not 31: the outer remainder is what is often forgotten. */
    if (code.at[USCC_SIZE - 1] != alphabet[(31 - sum % 31) % 31])
        return wrong(REASON_CODE_CHECK_DIGIT, USCC_SIZE, out_detail);
    *out_code = code;
    return REASON_NONE;
}

ReasonCode organisation_code_check(Text text, Code *out_code, int64_t *out_detail)
{
    assert(out_code != NULL);
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    const Code code = code_tidy(text);
    if (code.size == 0) return wrong(REASON_CODE_EMPTY, 0, out_detail);
    if (code.size != ORGANISATION_SIZE)
        return wrong(REASON_CODE_LENGTH, (int64_t)code.size, out_detail);
    int sum = 0;
    for (size_t i = 0; i < ORGANISATION_SIZE - 1; i++) {
        const int value = value_in(alphabet, code.at[i]);
        if (value < 0) return wrong(REASON_CODE_CHARACTER, (int64_t)i + 1, out_detail);
        sum += value * weights[i];
    }
    const char expected = "0X987654321"[sum % 11]; /* 11 less the remainder; 10 is X, 11 is 0 */
    if (code.at[ORGANISATION_SIZE - 1] != expected)
        return wrong(REASON_CODE_CHECK_DIGIT, ORGANISATION_SIZE, out_detail);
    *out_code = code;
    return REASON_NONE;
}
