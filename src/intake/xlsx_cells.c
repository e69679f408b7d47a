#include "intake/xlsx_cells.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_TEXT_MAX = SHEET_COLUMNS_MAX * (SHEET_CELL_BYTES_MAX + 64),
    NUMBER_BYTES_MAX = 64,
    REFERENCE_BYTES_MAX = 32
};

/* Sheet names may be long; the sentence must still end. */
#define NAME_ARG(reader) \
    (reader)->sheet_name.size > 60 ? 60 : (int)(reader)->sheet_name.size, (reader)->sheet_name.at

/* A merged range. `number` is 0 until its first cell was written with a value. */
typedef struct Range {
    unsigned first_row;
    unsigned last_row;
    unsigned first_column;
    unsigned last_column;
    unsigned number;
} Range;

typedef struct Place {
    unsigned row; /* 1 is the first */
    unsigned column;
} Place;

/* A cell of the row at hand; its text lies in the row's Buf, which may still move. */
typedef struct Slot {
    Cell cell;
    size_t text_at;
    bool has_row_text;
} Slot;

typedef struct Reader {
    XlsxBook *book;
    Text sheet_name;
    Buf ranges; /* of Range, in the order of the rows */
    size_t range_count;
    size_t next_range; /* the first that begins below the row at hand */
    Buf active;        /* size_t each: places in `ranges` that reach into the row at hand */
    size_t row_count;
    bool in_rows;
    bool in_cell;
    bool in_value;
    bool row_is_hidden;
    bool has_formula;
    Place place;
    char type;         /* of the cell: n s b e d, f: a formula's text, i: inline */
    NumberStyle style; /* of the cell */
    Buf value;
    XlsxText inline_text;
    Buf text; /* of the row */
    Slot slots[SHEET_COLUMNS_MAX];
    bool is_taken[SHEET_COLUMNS_MAX];
} Reader;

static void reader_done(Reader *reader)
{
    buf_done(&reader->ranges);
    buf_done(&reader->active);
    buf_done(&reader->value);
    buf_done(&reader->text);
    xlsx_text_done(&reader->inline_text);
}

/* ---- merged ranges ------------------------------------------------------------------------ */

/* "AB12"; columns past the largest come out as the largest plus one. */
static bool read_reference(Text text, Place *out_place)
{
    unsigned column = 0;
    unsigned row = 0;
    size_t at = 0;
    if (text.size > REFERENCE_BYTES_MAX) return false;
    for (; at < text.size; at++) {
        const char letter = (char)(text.at[at] & 0xDF);
        if (letter < 'A' || letter > 'Z') break;
        column = column * 26 + (unsigned)(letter - 'A' + 1);
        if (column > SHEET_COLUMNS_MAX) column = SHEET_COLUMNS_MAX + 1;
    }
    if (column == 0) return false;
    for (; at < text.size && text.at[at] >= '0' && text.at[at] <= '9'; at++) {
        row = row * 10 + (unsigned)(text.at[at] - '0');
        if (row > XLSX_ROW_NUMBER_MAX) return false;
    }
    if (at != text.size || row == 0) return false;
    *out_place = (Place){.row = row, .column = column - 1};
    return true;
}

static Range *range_at(const Reader *reader, size_t index)
{
    assert(index < reader->range_count);
    return (Range *)(void *)reader->ranges.at + index;
}

static ErrCode on_merge_open(void *context, const XmlTag *tag, Err *err)
{
    Reader *reader = context;
    Text rest;
    Place first;
    Place last;
    if (!text_is(tag->name, "mergeCell") || !xml_attribute(tag, "ref", &rest)) return OK;
    const Text start = text_split(&rest, ':');
    if (!read_reference(start, &first) || !read_reference(rest, &last)) return OK;
    if (first.row > last.row || first.column > last.column) return OK;
    if (first.column >= SHEET_COLUMNS_MAX) return OK;
    if (reader->range_count + reader->book->range_count >= SHEET_MERGES_MAX)
        return err_set(err, ERR_LIMIT, "it has more than %d merged ranges", SHEET_MERGES_MAX);
    const Range range = {.first_row = first.row,
                         .last_row = last.row,
                         .first_column = first.column,
                         .last_column =
                             last.column < SHEET_COLUMNS_MAX ? last.column : SHEET_COLUMNS_MAX - 1};
    buf_add(&reader->ranges, (Bytes){(const uint8_t *)&range, sizeof range});
    reader->range_count++;
    return OK;
}

static bool is_before(const Range *a, const Range *b)
{
    if (a->first_row != b->first_row) return a->first_row < b->first_row;
    return a->first_column < b->first_column;
}

/* Lets the range at `at` sink to its place among the first `count`, the latest on top. */
static void sift(Range *ranges, size_t at, size_t count)
{
    for (;;) {
        size_t latest = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (is_before(&ranges[latest], &ranges[child])) latest = child;
        if (latest == at) return;
        const Range moved = ranges[at];
        ranges[at] = ranges[latest];
        ranges[latest] = moved;
        at = latest;
    }
}

/* By row and column. A heap sort of our own: qsort() asks the system how much memory there is,
 * and the jail answers no question. */
static void sort_ranges(Range *ranges, size_t count)
{
    for (size_t at = count / 2; at > 0; at--)
        sift(ranges, at - 1, count);
    for (size_t left = count; left > 1; left--) {
        const Range latest = ranges[0];
        ranges[0] = ranges[left - 1];
        ranges[left - 1] = latest;
        sift(ranges, 0, left - 1);
    }
}

static ErrCode read_ranges(Reader *reader, size_t member, Err *err)
{
    static const XmlEvents events = {.open = on_merge_open};
    TRY(xml_read(reader->book->box, member, &events, reader, err));
    sort_ranges((Range *)(void *)reader->ranges.at, reader->range_count);
    return OK;
}

/* Brings `active` up to the row at hand. Rows that go back find only what is still active, which
 * costs a lent value and nothing else; no spreadsheet program writes such rows. */
static void activate(Reader *reader)
{
    const unsigned row = reader->place.row;
    size_t *active = (size_t *)(void *)reader->active.at;
    size_t kept = 0;
    for (size_t i = 0; i < reader->active.size / sizeof *active; i++)
        if (range_at(reader, active[i])->last_row >= row) active[kept++] = active[i];
    reader->active.size = kept * sizeof *active;
    for (; reader->next_range < reader->range_count; reader->next_range++) {
        const Range *range = range_at(reader, reader->next_range);
        if (range->first_row > row) break;
        if (range->last_row < row) continue;
        const size_t index = reader->next_range;
        buf_add(&reader->active, (Bytes){(const uint8_t *)&index, sizeof index});
    }
}

static void lend(Reader *reader, Range *range)
{
    const bool opens = range->first_row == reader->place.row && range->number == 0;
    if (opens && reader->is_taken[range->first_column]) {
        Cell *first = &reader->slots[range->first_column].cell;
        if (first->range > 0) return; /* two ranges overlap; the first one counts */
        range->number = ++reader->book->range_count;
        first->range = range->number;
    }
    if (range->number == 0) return; /* an empty range lends nothing */
    for (unsigned column = range->first_column; column <= range->last_column; column++) {
        Slot *slot = &reader->slots[column];
        if (reader->is_taken[column] && slot->cell.range > 0) continue;
        *slot = (Slot){.cell = {.column = column, .range = range->number, .is_lent = true}};
        reader->is_taken[column] = true;
    }
}

static void lend_all(Reader *reader)
{
    activate(reader);
    const size_t *active = (const size_t *)(const void *)reader->active.at;
    for (size_t i = 0; i < reader->active.size / sizeof *active; i++)
        lend(reader, range_at(reader, active[i]));
}

/* ---- values ------------------------------------------------------------------------------- */

static Slot *take_slot(Reader *reader, CellKind kind)
{
    Slot *slot = &reader->slots[reader->place.column];
    *slot = (Slot){.cell = {.kind = kind, .column = reader->place.column}};
    reader->is_taken[reader->place.column] = true;
    return slot;
}

static void set_row_text(Reader *reader, Slot *slot, Text text)
{
    slot->text_at = reader->text.size;
    slot->has_row_text = true;
    slot->cell.text.size = text.size < SHEET_CELL_BYTES_MAX ? text.size : SHEET_CELL_BYTES_MAX;
    while (slot->cell.text.size < text.size && slot->cell.text.size > 0 &&
           ((uint8_t)text.at[slot->cell.text.size] & 0xC0) == 0x80)
        slot->cell.text.size--;
    slot->cell.is_cut = slot->cell.text.size < text.size;
    buf_add_text(&reader->text, (Text){text.at, slot->cell.text.size});
}

static void write_time(double number, char *out, size_t size)
{
    const unsigned seconds = (unsigned)((number - floor(number)) * 86400 + 0.5) % 86400U;
    snprintf(out, size, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static bool is_whole(double number, double limit)
{
    return fabs(number) < limit && floor(number) == number;
}

static void write_day(Day day, double number, NumberShape shape, char shown[40])
{
    char text[DAY_TEXT_MAX];
    char time[16] = "";
    day_write(day, text);
    if (number - floor(number) > 1e-6) write_time(number, time, sizeof time);
    snprintf(shown, 40, "%.*s%s%s", shape == SHAPE_MONTH ? 7 : 10, text, time[0] == '\0' ? "" : " ",
             time);
}

/* As the cell shows it, near enough for a person to find it again. */
static CellKind show_number(const Reader *reader, double number, Day *out_day, char shown[40])
{
    const NumberStyle style = reader->style;
    const bool is_date = style.shape == SHAPE_DATE || style.shape == SHAPE_MONTH ||
                         (style.shape == SHAPE_TIME && number >= 1);
    if (is_date && workbook_day(reader->book->counts_from_1904, number, out_day)) {
        write_day(*out_day, number, style.shape, shown);
        return CELL_DATE;
    }
    if (style.shape == SHAPE_TIME && number >= 0) {
        write_time(number, shown, 40);
    } else if (style.shape == SHAPE_PADDED && number >= 0 && is_whole(number, 1e18)) {
        snprintf(shown, 40, "%0*.0f", (int)style.digits, number);
    } else if (is_whole(number, 1e21)) {
        snprintf(shown, 40, "%.0f", number);
    } else {
        snprintf(shown, 40, "%.15g", number);
    }
    return CELL_NUMBER;
}

static bool read_number(Text text, double *out_number)
{
    char z[NUMBER_BYTES_MAX + 1];
    if (text.size == 0 || text.size > NUMBER_BYTES_MAX) return false;
    memcpy(z, text.at, text.size);
    z[text.size] = '\0';
    for (size_t i = 0; i < text.size; i++)
        if (strchr("+-.0123456789eE", z[i]) == NULL) return false; /* no hexadecimal, no "inf" */
    char *end = NULL;
    *out_number = strtod(z, &end);
    return *end == '\0' && isfinite(*out_number);
}

static void set_number(Reader *reader, Text raw)
{
    double number;
    if (!read_number(raw, &number)) {
        set_row_text(reader, take_slot(reader, CELL_TEXT), raw);
        return;
    }
    char shown[40];
    Day day = 0;
    Slot *slot = take_slot(reader, show_number(reader, number, &day, shown));
    slot->cell.number = number;
    slot->cell.day = day;
    set_row_text(reader, slot, text_from_z(shown));
}

/* t="d": the date itself, "2021-01-31" or "2021-01-31T10:00:00". */
static void set_iso_date(Reader *reader, Text raw)
{
    Day day;
    Err err;
    const bool is_date = raw.size >= 10 && (raw.size == 10 || raw.at[10] == 'T') &&
                         day_parse((Text){raw.at, 10}, &day, &err) == OK;
    Slot *slot = take_slot(reader, is_date ? CELL_DATE : CELL_TEXT);
    slot->cell.day = is_date ? day : 0;
    set_row_text(reader, slot, raw);
}

static void set_shared(Reader *reader, Text raw)
{
    int64_t index;
    Err err;
    Text text;
    bool is_cut;
    if (text_to_int(raw, &index, &err) != OK || index < 0 ||
        !xlsx_strings_find(reader->book->strings, (size_t)index, &text, &is_cut)) {
        set_row_text(reader, take_slot(reader, CELL_ERROR), TEXT("#TEXT?"));
        return;
    }
    if (text.size == 0) return;
    Slot *slot = take_slot(reader, CELL_TEXT);
    slot->cell.text = text; /* lies still until the workbook is read */
    slot->cell.is_cut = is_cut;
}

static ErrCode end_cell(Reader *reader, Err *err)
{
    const Text raw = text_trim(buf_as_text(&reader->value));
    const Text inline_text = xlsx_text_end(&reader->inline_text);
    const bool is_inline = reader->type == 'i';
    if (is_inline ? inline_text.size == 0 : raw.size == 0 && !reader->has_formula) return OK;
    if (reader->place.column >= SHEET_COLUMNS_MAX)
        return err_set(err, ERR_LIMIT,
                       "sheet \"%.*s\" row %u has a value beyond column DX: at most %d "
                       "columns are read",
                       NAME_ARG(reader), reader->place.row, SHEET_COLUMNS_MAX);
    if (is_inline) {
        Slot *slot = take_slot(reader, CELL_TEXT);
        set_row_text(reader, slot, inline_text);
        slot->cell.is_cut |= reader->inline_text.is_cut;
        return OK;
    }
    if (raw.size == 0) {
        if (reader->type != 'f') /* an empty text is a result; no value at all is none */
            set_row_text(reader, take_slot(reader, CELL_ERROR), TEXT("#FORMULA"));
        return OK;
    }
    switch (reader->type) {
    case 's': set_shared(reader, raw); break;
    case 'b':
        take_slot(reader, CELL_BOOL)->cell.number = text_is(raw, "1") || text_is(raw, "true");
        break;
    case 'e': set_row_text(reader, take_slot(reader, CELL_ERROR), raw); break;
    case 'd': set_iso_date(reader, raw); break;
    case 'f':
        set_row_text(reader, take_slot(reader, CELL_TEXT), buf_as_text(&reader->value));
        break;
    default: set_number(reader, raw); break;
    }
    return OK;
}

/* ---- rows --------------------------------------------------------------------------------- */

static ErrCode begin_row(Reader *reader, const XmlTag *tag, Err *err)
{
    Text number;
    int64_t row = (int64_t)reader->place.row + 1;
    if (xml_attribute(tag, "r", &number)) TRY(text_to_int(text_trim(number), &row, err));
    if (row < 1 || row > XLSX_ROW_NUMBER_MAX)
        return err_set(err, ERR_INVALID, "it is damaged: there is no row %lld", (long long)row);
    reader->place = (Place){.row = (unsigned)row, .column = 0};
    reader->row_is_hidden = xml_flag(tag, "hidden");
    buf_clear(&reader->text);
    memset(reader->is_taken, 0, sizeof reader->is_taken);
    return OK;
}

static ErrCode end_row(Reader *reader, Err *err)
{
    Cell cells[SHEET_COLUMNS_MAX];
    size_t count = 0;
    TRY(buf_check(&reader->text, err));
    lend_all(reader); /* even for an empty row: it may be the one where a range begins */
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        if (!reader->is_taken[column]) continue;
        const Slot *slot = &reader->slots[column];
        cells[count] = slot->cell;
        if (slot->has_row_text)
            cells[count].text.at = (const char *)reader->text.at + slot->text_at;
        count++;
    }
    if (count > 0 && ++reader->row_count > XLSX_ROWS_MAX)
        return err_set(err, ERR_LIMIT,
                       "sheet \"%.*s\" has more than %d rows: split it, or save it as CSV",
                       NAME_ARG(reader), XLSX_ROWS_MAX);
    transcript_row(reader->book->transcript, reader->place.row, reader->row_is_hidden, cells,
                   count);
    return buf_check(&reader->book->transcript->buf, err);
}

static char type_of(const XmlTag *tag)
{
    Text type;
    if (!xml_attribute(tag, "t", &type)) return 'n';
    if (text_is(type, "str")) return 'f';
    if (text_is(type, "inlineStr")) return 'i';
    return type.size == 1 ? type.at[0] : 'n';
}

static void begin_cell(Reader *reader, const XmlTag *tag)
{
    Text text;
    Place place;
    Err err;
    int64_t style = 0;
    if (xml_attribute(tag, "r", &text) && read_reference(text, &place))
        reader->place.column = place.column;
    if (xml_attribute(tag, "s", &text) && text_to_int(text, &style, &err) != OK) style = 0;
    reader->style = xlsx_style(reader->book->styles, style < 0 ? 0 : (size_t)style);
    reader->type = type_of(tag);
    reader->in_cell = true;
    reader->has_formula = false;
    buf_clear(&reader->value);
    xlsx_text_clear(&reader->inline_text);
}

static ErrCode on_open(void *context, const XmlTag *tag, Err *err)
{
    Reader *reader = context;
    if (text_is(tag->name, "sheetData")) {
        reader->in_rows = true;
    } else if (reader->in_rows && text_is(tag->name, "row")) {
        return begin_row(reader, tag, err);
    } else if (reader->in_rows && text_is(tag->name, "c")) {
        begin_cell(reader, tag);
    } else if (reader->in_cell && text_is(tag->name, "v")) {
        reader->in_value = true;
    } else if (reader->in_cell && text_is(tag->name, "f")) {
        reader->has_formula = true;
    } else if (reader->in_cell) {
        xlsx_text_open(&reader->inline_text, tag->name);
    }
    return OK;
}

static ErrCode on_text(void *context, Text text, Err *err)
{
    (void)err;
    Reader *reader = context;
    if (reader->in_value) buf_add_text(&reader->value, text);
    if (reader->in_cell) xlsx_text_add(&reader->inline_text, text);
    return OK;
}

static ErrCode on_close(void *context, Text name, Err *err)
{
    Reader *reader = context;
    if (text_is(name, "sheetData")) {
        reader->in_rows = false;
    } else if (reader->in_rows && text_is(name, "row")) {
        return end_row(reader, err);
    } else if (reader->in_cell && text_is(name, "c")) {
        reader->in_cell = false;
        TRY(end_cell(reader, err));
        reader->place.column++;
    } else if (text_is(name, "v")) {
        reader->in_value = false;
    } else if (reader->in_cell) {
        xlsx_text_close(&reader->inline_text, name);
    }
    return OK;
}

ErrCode xlsx_cells_read(XlsxBook *book, size_t member, Text sheet_name, Err *err)
{
    static const XmlEvents events = {.open = on_open, .close = on_close, .text = on_text};
    Reader *reader = arena_new(book->arena, Reader);
    if (reader == NULL) return err_set(err, ERR_LIMIT, "it has too many sheets");
    reader->book = book;
    reader->sheet_name = sheet_name;
    buf_init(&reader->ranges, (SHEET_MERGES_MAX + 1) * sizeof(Range));
    buf_init(&reader->active, (SHEET_MERGES_MAX + 1) * sizeof(size_t));
    buf_init(&reader->value, ZIPBOX_INFLATED_MAX);
    buf_init(&reader->text, ROW_TEXT_MAX);
    xlsx_text_init(&reader->inline_text);
    ErrCode code = read_ranges(reader, member, err);
    if (code == OK) code = xml_read(book->box, member, &events, reader, err);
    reader_done(reader);
    return code;
}
