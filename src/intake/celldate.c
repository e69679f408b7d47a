#include "intake/celldate.h"

#include <assert.h>
#include <math.h>

#include "intake/fold.h"

enum {
    PARTS_MAX = 3,
    YEAR_FIRST = 1900,
    YEAR_LAST = 2199,
    SERIAL_FIRST = 7306, /* 1920 and 2099: bare numbers outside are no dates of our people */
    SERIAL_LAST = 73050
};

/* Numbers as they follow one another in a text, with how many digits each had. */
typedef struct Parts {
    int numbers[PARTS_MAX];
    unsigned digits[PARTS_MAX];
    unsigned count;
} Parts;

static FlawCode civil(int year, int month, int date, Day *out_day)
{
    Err err;
    if (year < YEAR_FIRST || year > YEAR_LAST) return FLAW_DAY_RANGE;
    return day_from_civil(year, month, date, out_day, &err) == OK ? FLAW_NONE : FLAW_NOT_A_DAY;
}

static FlawCode whole_month(int year, int month, DateRules rules, Day *out_day)
{
    const FlawCode flaw = civil(year, month, 1, out_day);
    if (flaw != FLAW_NONE) return flaw;
    if (rules.takes_last) *out_day = day_add_months(*out_day, 1) - 1;
    return FLAW_MONTH_ONLY;
}

static FlawCode whole_year(int year, DateRules rules, Day *out_day)
{
    if (year < YEAR_FIRST || year > YEAR_LAST) return FLAW_NOT_A_DAY;
    if (!rules.takes_year) return FLAW_DAY_YEAR_ONLY;
    const FlawCode flaw =
        rules.takes_last ? civil(year, 12, 31, out_day) : civil(year, 1, 1, out_day);
    return flaw == FLAW_NONE ? FLAW_YEAR_ASSUMED : flaw;
}

/* Eight digits, six or four without anything between them. */
static FlawCode from_digits(int number, unsigned digits, DateRules rules, Day *out_day)
{
    if (digits == 8) return civil(number / 10000, number / 100 % 100, number % 100, out_day);
    if (digits == 6) {
        const int month = number % 100;
        if (number / 100 < YEAR_FIRST || number / 100 > YEAR_LAST) return FLAW_DAY_AMBIGUOUS;
        if (month < 1 || month > 12) return FLAW_NOT_A_DAY;
        return whole_month(number / 100, month, rules, out_day);
    }
    if (digits == 4) return whole_year(number, rules, out_day);
    if (digits == 5 && number >= SERIAL_FIRST && number <= SERIAL_LAST)
        return workbook_day(rules.counts_from_1904, number, out_day) ? FLAW_NONE : FLAW_NOT_A_DAY;
    return FLAW_NOT_A_DAY;
}

static FlawCode from_three(const Parts *parts, Day *out_day)
{
    const int first = parts->numbers[0];
    const int second = parts->numbers[1];
    const int third = parts->numbers[2];
    if (parts->digits[0] == 4) return civil(first, second, third, out_day);
    if (parts->digits[2] != 4) return FLAW_DAY_AMBIGUOUS; /* a year of two digits */
    if (first > 12 && second <= 12) return civil(third, second, first, out_day);
    if (second > 12 && first <= 12) return civil(third, first, second, out_day);
    return first == second ? civil(third, first, second, out_day) : FLAW_DAY_AMBIGUOUS;
}

static bool is_separator(uint32_t rune)
{
    return rune == '-' || rune == '/' || rune == '.' || rune == 0x5E74 /* 年 */ ||
           rune == 0x6708 /* 月 */ || rune == 0x3002 /* 。 */ || rune == 0x2014 || rune == 0x2013 ||
           rune == '\\' || rune == 0x3001;
}

static bool is_day_sign(uint32_t rune)
{
    return rune == 0x65E5 /* 日 */ || rune == 0x53F7 /* 号 */;
}

static bool is_digit(uint32_t rune)
{
    return rune >= '0' && rune <= '9';
}

/* Whether what follows the date is a time of day, or the end. */
static bool is_time(Text rest)
{
    for (size_t at = 0; at < rest.size;) {
        const uint32_t rune = text_next_rune(rest, &at);
        const bool is_time_sign = is_digit(rune) || rune == ':' || rune == '.' || rune == '+' ||
                                  rune == 'Z' || rune == ' ' || rune == 'T';
        if (!is_time_sign) return false;
    }
    return true;
}

/* Puts a digit behind those of the last number, or begins the next; false when there is no room. */
static bool take_digit(Parts *parts, bool begins, int digit)
{
    if (begins && parts->count == PARTS_MAX) return false;
    if (begins) parts->count++;
    if (++parts->digits[parts->count - 1] > 8) return false;
    int *number = &parts->numbers[parts->count - 1];
    *number = *number * 10 + digit;
    return true;
}

/* Whether all numbers of a date are there, so that only a time of day can follow. */
static bool is_complete(const Parts *parts)
{
    return parts->count == PARTS_MAX || (parts->count == 1 && parts->digits[0] == 8);
}

/* Splits "2020年9月1日 08:30" into numbers; false when something else stands between them. */
static bool split(Text text, Parts *parts)
{
    *parts = (Parts){.count = 0};
    bool in_number = false;
    for (size_t at = 0; at < text.size;) {
        const uint32_t rune = text_next_rune(text, &at);
        if (is_digit(rune)) {
            if (!take_digit(parts, !in_number, (int)(rune - '0'))) return false;
            in_number = true;
            continue;
        }
        if (parts->count == 0) return false;
        if (is_complete(parts) && (is_day_sign(rune) || rune == ' ' || rune == 'T'))
            return is_time((Text){text.at + at, text.size - at});
        if (!is_separator(rune) && rune != ' ') return false;
        in_number = false;
    }
    return parts->count > 0;
}

static bool is_open_word(Text text)
{
    static const char *const words[] = {"至今", "今", "现在", "长期", "在岗", "在场", "未定",
                                        "-",    "--", "—",    "/",    "无",   "now",  "present"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_is(text, words[i])) return true;
    return false;
}

static FlawCode from_text(Text raw, DateRules rules, Day *out_day, bool *out_is_open)
{
    char space[FOLD_BYTES_MAX];
    const Text text = fold_value(raw, space);
    Parts parts;
    if (is_open_word(text)) {
        *out_is_open = true;
        return FLAW_NONE;
    }
    if (!split(text, &parts)) return FLAW_NOT_A_DAY;
    if (parts.count == 1) return from_digits(parts.numbers[0], parts.digits[0], rules, out_day);
    if (parts.count == 3) return from_three(&parts, out_day);
    if (parts.digits[0] != 4) return FLAW_DAY_AMBIGUOUS;
    return whole_month(parts.numbers[0], parts.numbers[1], rules, out_day);
}

/* 2020.9 was typed as a month and became a number; 2020.1 may have lost a zero on the way. */
static FlawCode from_fraction(double number, DateRules rules, Day *out_day)
{
    const int year = (int)floor(number);
    const int hundredths = (int)floor((number - year) * 100 + 0.5);
    if (year < YEAR_FIRST || year > YEAR_LAST) return FLAW_NOT_A_DAY;
    if (fabs(number - year - hundredths / 100.0) > 1e-6) return FLAW_NOT_A_DAY;
    if (hundredths == 10) return FLAW_DAY_AMBIGUOUS;
    if (hundredths == 11 || hundredths == 12) return whole_month(year, hundredths, rules, out_day);
    if (hundredths < 10) return whole_month(year, hundredths, rules, out_day); /* 2020.09 */
    if (hundredths % 10 != 0) return FLAW_NOT_A_DAY;
    return whole_month(year, hundredths / 10, rules, out_day);
}

static FlawCode from_number(double number, DateRules rules, Day *out_day)
{
    const bool is_whole = floor(number) == number;
    if (!(number > 0) || number > 99999999) return FLAW_NOT_A_DAY;
    if (number >= YEAR_FIRST && number < YEAR_LAST + 1)
        return is_whole ? whole_year((int)number, rules, out_day)
                        : from_fraction(number, rules, out_day);
    if (number >= SERIAL_FIRST && number <= SERIAL_LAST) /* with a time of day, perhaps */
        return workbook_day(rules.counts_from_1904, number, out_day) ? FLAW_NONE : FLAW_NOT_A_DAY;
    if (!is_whole) return FLAW_NOT_A_DAY;
    const unsigned digits = number >= 10000000 ? 8 : number >= 100000 && number < 1000000 ? 6 : 0;
    return from_digits((int)number, digits, rules, out_day);
}

/* A day of which the sheet shows only year and month. */
static FlawCode shown_month(Day day, DateRules rules, Day *out_day)
{
    int year;
    int month;
    int date;
    day_to_civil(day, &year, &month, &date);
    return whole_month(year, month, rules, out_day);
}

FlawCode celldate_read(const Cell *cell, DateRules rules, Day *out_day, bool *out_is_open)
{
    assert(out_day != NULL);
    *out_is_open = false;
    switch (cell->kind) {
    case CELL_DATE:
        *out_day = cell->day;
        return cell->text.size == 7 ? shown_month(cell->day, rules, out_day) : FLAW_NONE;
    case CELL_NUMBER: return from_number(cell->number, rules, out_day);
    case CELL_TEXT: return from_text(cell->text, rules, out_day, out_is_open);
    case CELL_ERROR: return FLAW_CELL_ERROR;
    case CELL_EMPTY:
    case CELL_BOOL:
    case CELL_KIND_COUNT: break;
    }
    return FLAW_NOT_A_DAY;
}
