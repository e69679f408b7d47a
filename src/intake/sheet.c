#include "intake/sheet.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "intake/transcript.h"

/* A place in the packed bytes. Every step is checked; the first bad one sticks. */
typedef struct Scan {
    Bytes bytes;
    size_t at;
    bool is_bad;
} Scan;

static uint8_t scan_byte(Scan *scan)
{
    if (scan->is_bad || scan->at >= scan->bytes.size) {
        scan->is_bad = true;
        return 0;
    }
    return scan->bytes.at[scan->at++];
}

static uint64_t scan_varint(Scan *scan, uint64_t largest)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        const uint8_t byte = scan_byte(scan);
        number |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) != 0) continue;
        if (number > largest) break;
        return number;
    }
    scan->is_bad = true;
    return 0;
}

static Text scan_text(Scan *scan)
{
    const size_t size = (size_t)scan_varint(scan, SHEET_CELL_BYTES_MAX);
    if (scan->is_bad || size > scan->bytes.size - scan->at) {
        scan->is_bad = true;
        return TEXT("");
    }
    const Text text = {.at = (const char *)scan->bytes.at + scan->at, .size = size};
    scan->at += size;
    return text;
}

static double scan_double(Scan *scan)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < sizeof bits; i++)
        bits |= (uint64_t)scan_byte(scan) << 8 * i;
    double number;
    memcpy(&number, &bits, sizeof number);
    if (isfinite(number)) return number;
    scan->is_bad = true;
    return 0;
}

/* One cell as it stands, without what a merged range lends it. */
static void scan_cell(Scan *scan, Cell *cell)
{
    *cell = (Cell){.column = scan_byte(scan)};
    const unsigned head = scan_byte(scan);
    if (cell->column >= SHEET_COLUMNS_MAX || (head & TRANSCRIPT_CELL_KIND) >= CELL_KIND_COUNT)
        scan->is_bad = true;
    cell->is_cut = (head & TRANSCRIPT_CELL_CUT) != 0;
    cell->is_lent = (head & TRANSCRIPT_CELL_LENT) != 0;
    if ((head & TRANSCRIPT_CELL_RANGED) != 0)
        cell->range = (unsigned)scan_varint(scan, SHEET_MERGES_MAX);
    if (scan->is_bad || cell->is_lent) return;

    cell->kind = (CellKind)(head & TRANSCRIPT_CELL_KIND);
    switch (cell->kind) {
    case CELL_EMPTY: break;
    case CELL_TEXT:
    case CELL_ERROR: cell->text = scan_text(scan); break;
    case CELL_DATE:
        cell->day = DAY_FIRST + (Day)scan_varint(scan, DAY_LAST - DAY_FIRST);
        cell->number = scan_double(scan);
        cell->text = scan_text(scan);
        break;
    case CELL_NUMBER:
        cell->number = scan_double(scan);
        cell->text = scan_text(scan);
        break;
    case CELL_BOOL:
        cell->number = scan_byte(scan) > 0;
        cell->text = cell->number > 0 ? TEXT("TRUE") : TEXT("FALSE");
        break;
    case CELL_KIND_COUNT: break;
    }
}

typedef struct Counts {
    size_t sheets;
    size_t rows;
    size_t ranges;
} Counts;

/* What workbook_open() fills on its second pass; all NULL on the first, which checks and counts. */
typedef struct Tables {
    Sheet *sheets;
    uint32_t *row_places;
    uint32_t *range_places;
} Tables;

/* A range is announced by its first cell, with the next number; every other cell refers back. */
static void scan_range(Scan *scan, const Cell *cell, size_t place, Counts *counts,
                       const Tables *tables)
{
    if (cell->is_lent) {
        if (cell->range == 0 || cell->range > counts->ranges) scan->is_bad = true;
        return;
    }
    if (cell->range == 0) return;
    if (cell->range != counts->ranges + 1) scan->is_bad = true;
    if (tables != NULL && !scan->is_bad) tables->range_places[counts->ranges] = (uint32_t)place;
    counts->ranges++;
}

static void scan_body(Scan *scan, size_t end, Counts *counts, const Tables *tables)
{
    unsigned next_column = 0;
    while (!scan->is_bad && scan->at < end) {
        const size_t place = scan->at;
        Cell cell;
        scan_cell(scan, &cell);
        if (cell.column < next_column) scan->is_bad = true; /* invariant 2 */
        next_column = cell.column + 1;

        Err err;
        Text text;
        if (text_from_bytes(bytes_of(cell.text), &text, &err) != OK) scan->is_bad = true;
        scan_range(scan, &cell, place, counts, tables);
    }
    if (scan->at != end) scan->is_bad = true;
}

static void scan_sheet_head(Scan *scan, Counts *counts, const Tables *tables)
{
    const uint8_t flags = scan_byte(scan);
    const Text name = scan_text(scan);
    Err err;
    Text text;
    if (text_from_bytes(bytes_of(name), &text, &err) != OK || counts->sheets >= SHEET_COUNT_MAX)
        scan->is_bad = true;
    if (tables != NULL && !scan->is_bad)
        tables->sheets[counts->sheets] = (Sheet){.name = name,
                                                 .is_hidden = (flags & TRANSCRIPT_IS_HIDDEN) != 0,
                                                 .row_places = tables->row_places + counts->rows};
    counts->sheets++;
}

static void scan_row(Scan *scan, Counts *counts, const Tables *tables)
{
    const size_t place = scan->at;
    (void)scan_varint(scan, SHEET_ROW_NUMBER_MAX);
    (void)scan_byte(scan);
    const size_t size = (size_t)scan_varint(scan, UINT32_MAX);
    if (counts->sheets == 0 || size > scan->bytes.size - scan->at) scan->is_bad = true;
    if (scan->is_bad) return;
    if (tables != NULL) {
        tables->row_places[counts->rows] = (uint32_t)place;
        tables->sheets[counts->sheets - 1].row_count++;
    }
    counts->rows++;
    scan_body(scan, scan->at + size, counts, tables);
}

static bool scan_all(Scan *scan, Counts *counts, const Tables *tables)
{
    for (;;) {
        const uint8_t tag = scan_byte(scan);
        if (scan->is_bad) return false;
        if (tag == 'S') {
            scan_sheet_head(scan, counts, tables);
        } else if (tag == 'R') {
            scan_row(scan, counts, tables);
        } else {
            const uint64_t sheets = scan_varint(scan, UINT32_MAX);
            const uint64_t rows = scan_varint(scan, UINT32_MAX);
            return tag == 'E' && !scan->is_bad && sheets == counts->sheets &&
                   rows == counts->rows && scan->at == scan->bytes.size;
        }
    }
}

ErrCode workbook_open(Bytes packed, Arena *arena, Workbook *out_workbook, Err *err)
{
    assert(out_workbook != NULL);
    const Text magic = TEXT(TRANSCRIPT_MAGIC);
    if (packed.size > UINT32_MAX)
        return err_set(err, ERR_LIMIT, "the packed workbook is too large");
    if (packed.size <= magic.size || memcmp(packed.at, magic.at, magic.size) != 0)
        return err_set(err, ERR_CORRUPT, "its reader gave no readable answer");

    Counts counts = {0};
    Scan scan = {.bytes = packed, .at = magic.size + 1};
    if (!scan_all(&scan, &counts, NULL))
        return err_set(err, ERR_CORRUPT, "its reader's answer breaks off at byte %zu", scan.at);

    const Tables tables = {.sheets = arena_array(arena, Sheet, counts.sheets),
                           .row_places = arena_array(arena, uint32_t, counts.rows),
                           .range_places = arena_array(arena, uint32_t, counts.ranges)};
    if (tables.sheets == NULL || tables.row_places == NULL || tables.range_places == NULL)
        return err_set(err, ERR_LIMIT, "it has too many rows: %zu", counts.rows);
    const Counts first = counts;
    counts = (Counts){0};
    scan = (Scan){.bytes = packed, .at = magic.size + 1};
    const bool is_whole = scan_all(&scan, &counts, &tables);
    assert(is_whole); /* the same bytes as a moment ago */
    assert(counts.rows == first.rows);

    *out_workbook =
        (Workbook){.packed = packed,
                   .counts_from_1904 = (packed.at[magic.size] & TRANSCRIPT_FROM_1904) != 0,
                   .sheet_count = counts.sheets,
                   .sheets = tables.sheets,
                   .range_places = tables.range_places};
    return OK;
}

void sheet_row(const Workbook *workbook, const Sheet *sheet, size_t index, SheetRow *out_row)
{
    assert(index < sheet->row_count);
    Scan scan = {.bytes = workbook->packed, .at = sheet->row_places[index]};
    out_row->number = (unsigned)scan_varint(&scan, SHEET_ROW_NUMBER_MAX);
    out_row->is_hidden = (scan_byte(&scan) & TRANSCRIPT_IS_HIDDEN) != 0;
    const size_t size = (size_t)scan_varint(&scan, UINT32_MAX);
    const size_t end = scan.at + size;
    out_row->cell_count = 0;
    while (scan.at < end) {
        assert(out_row->cell_count < SHEET_COLUMNS_MAX); /* invariant 2 */
        Cell *cell = &out_row->cells[out_row->cell_count++];
        scan_cell(&scan, cell);
        if (!cell->is_lent) continue;

        const Cell here = *cell;
        Scan first = {.bytes = workbook->packed, .at = workbook->range_places[here.range - 1]};
        scan_cell(&first, cell);
        assert(!first.is_bad);
        cell->column = here.column;
        cell->is_lent = true;
    }
    assert(!scan.is_bad); /* workbook_open() saw to it */
}

const Cell *row_cell(const SheetRow *row, unsigned column)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].column == column) return &row->cells[i];
    return NULL;
}

bool workbook_day(bool counts_from_1904, double number, Day *out_day)
{
    /* 1970-01-01 is 25569 in one count and 24107 in the other. The older one believes that 1900
     * was a leap year: 60 is a day that never was, and what comes before is one off. */
    const Day first = counts_from_1904 ? -24107 : number < 60 ? -25568 : -25569;
    if (!(number >= (counts_from_1904 ? 0 : 1)) || number > DAY_LAST - first) return false;
    if (!counts_from_1904 && number >= 60 && number < 61) return false;
    *out_day = first + (Day)number;
    return *out_day <= DAY_LAST;
}

const char *column_letters(unsigned column, char out[COLUMN_LETTERS_MAX])
{
    assert(column < SHEET_COLUMNS_MAX);
    static_assert(SHEET_COLUMNS_MAX <= 26 + 26 * 26, "two letters name every column");
    size_t size = 0;
    if (column >= 26) out[size++] = (char)('A' + column / 26 - 1);
    out[size++] = (char)('A' + column % 26);
    out[size] = '\0';
    return out;
}

const char *cell_name(unsigned column, unsigned row_number, char out[CELL_NAME_MAX])
{
    char letters[COLUMN_LETTERS_MAX];
    snprintf(out, CELL_NAME_MAX, "%s%u", column_letters(column, letters), row_number % 10000000U);
    return out;
}
