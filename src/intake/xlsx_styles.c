#include "intake/xlsx_styles.h"

#include <assert.h>

static bool is_within(unsigned number, unsigned first, unsigned last)
{
    return number >= first && number <= last;
}

static NumberStyle built_in(unsigned number)
{
    const bool is_time = is_within(number, 18, 21) || is_within(number, 32, 35) ||
                         is_within(number, 45, 47) || is_within(number, 55, 56);
    const bool is_month = number == 17 || number == 27 || number == 36 || number == 50 ||
                          number == 52 || number == 57;
    if (is_time) return (NumberStyle){.shape = SHAPE_TIME};
    if (is_month) return (NumberStyle){.shape = SHAPE_MONTH};
    if (is_within(number, 14, 16) || number == 22 || is_within(number, 27, 31) ||
        is_within(number, 50, 58))
        return (NumberStyle){.shape = SHAPE_DATE};
    return (NumberStyle){.shape = SHAPE_PLAIN};
}

/* Steps over what a format shows as it stands: "quoted", [bracketed], \x, _x and *x. */
static bool skip_literal(Text code, size_t *at)
{
    const char here = code.at[*at];
    if (here == '\\' || here == '_' || here == '*') {
        *at += 2;
        return true;
    }
    if (here != '"' && here != '[') return false;
    const char end = here == '"' ? '"' : ']';
    const size_t start = ++*at;
    while (*at < code.size && code.at[*at] != end)
        ++*at;
    /* [h] and [mm] count hours and minutes past a day; other brackets are colours and locales. */
    const bool counts_time =
        end == ']' && *at > start && (code.at[start] == 'h' || code.at[start] == 'H');
    if (counts_time) {
        *at = start;
        return false;
    }
    ++*at;
    return true;
}

typedef struct Letters {
    bool year;
    bool month_or_minute;
    bool day;
    bool hour_or_second;
    bool other; /* than zeros */
    bool literal;
    unsigned zeros;
} Letters;

static void note_letter(Letters *letters, char letter)
{
    switch (letter) {
    case 'y':
    case 'Y': letters->year = true; break;
    case 'm':
    case 'M': letters->month_or_minute = true; break;
    case 'd':
    case 'D': letters->day = true; break;
    case 'h':
    case 'H':
    case 's':
    case 'S': letters->hour_or_second = true; break;
    case '0': letters->zeros++; break;
    default: letters->other = true; break;
    }
}

/* The letters of a format up to its first ";": what stands behind is for other numbers. */
static Letters letters_of(Text code)
{
    Letters letters = {.zeros = 0};
    for (size_t at = 0; at < code.size && code.at[at] != ';';) {
        if (skip_literal(code, &at))
            letters.literal = true;
        else if (at < code.size)
            note_letter(&letters, code.at[at++]);
    }
    return letters;
}

NumberStyle xlsx_format_style(Text code)
{
    if (text_starts_with(code, TEXT("General")) || text_starts_with(code, TEXT("GENERAL")))
        return (NumberStyle){.shape = SHAPE_PLAIN};
    const Letters letters = letters_of(code);
    const bool has_date = letters.year || letters.day;
    if (has_date || (letters.month_or_minute && !letters.hour_or_second)) {
        const bool is_month = letters.year && letters.month_or_minute && !letters.day;
        return (NumberStyle){.shape = is_month ? SHAPE_MONTH : SHAPE_DATE};
    }
    if (letters.hour_or_second) return (NumberStyle){.shape = SHAPE_TIME};
    if (letters.zeros > 1 && letters.zeros <= 18 && !letters.other && !letters.literal)
        return (NumberStyle){.shape = SHAPE_PADDED, .digits = letters.zeros};
    return (NumberStyle){.shape = SHAPE_PLAIN};
}

static bool number_of(const XmlTag *tag, const char *name, unsigned *out_number)
{
    Text value;
    int64_t number;
    Err err;
    if (!xml_attribute(tag, name, &value) || text_to_int(value, &number, &err) != OK) return false;
    if (number < 0 || number > 1000000) return false;
    *out_number = (unsigned)number;
    return true;
}

static NumberStyle style_of_format(const XlsxStyles *styles, unsigned number)
{
    for (size_t i = 0; i < styles->format_count; i++)
        if (styles->formats[i].number == number) return styles->formats[i].style;
    return built_in(number);
}

static ErrCode on_open(void *context, const XmlTag *tag, Err *err)
{
    (void)err;
    XlsxStyles *styles = context;
    unsigned number = 0;
    Text code;
    if (text_is(tag->name, "numFmt") && number_of(tag, "numFmtId", &number) &&
        xml_attribute(tag, "formatCode", &code) && styles->format_count < XLSX_FORMATS_MAX)
        styles->formats[styles->format_count++] =
            (CustomFormat){.number = number, .style = xlsx_format_style(code)};
    if (text_is(tag->name, "cellXfs")) styles->in_cell_styles = true;
    if (text_is(tag->name, "xf") && styles->in_cell_styles &&
        styles->style_count < XLSX_STYLES_MAX) {
        if (!number_of(tag, "numFmtId", &number)) number = 0;
        styles->styles[styles->style_count++] = style_of_format(styles, number);
    }
    return OK;
}

static ErrCode on_close(void *context, Text name, Err *err)
{
    (void)err;
    XlsxStyles *styles = context;
    if (text_is(name, "cellXfs")) styles->in_cell_styles = false;
    return OK;
}

ErrCode xlsx_styles_read(ZipBox *box, size_t member, XlsxStyles *styles, Err *err)
{
    assert(styles != NULL);
    static const XmlEvents events = {.open = on_open, .close = on_close};
    return xml_read(box, member, &events, styles, err);
}

NumberStyle xlsx_style(const XlsxStyles *styles, size_t index)
{
    if (index >= styles->style_count) return (NumberStyle){.shape = SHAPE_PLAIN};
    return styles->styles[index];
}
