#include "intake/reading.h"

#include <assert.h>
#include <string.h>

#include "intake/cellplace.h"
#include "intake/rowkind.h"
#include "people/codes.h"

#define ROW_ARENA_BYTES ((size_t)INTAKE_COLUMNS_MAX * 4096)

/* A Reading while it is being made. */
typedef struct Maker {
    Reading *reading;
    const Mapping *mapping;
    Arena *arena;
    RowPlace *rows;
    Problem *problems;
    size_t sheet; /* at hand */
} Maker;

/* ---- problems ----------------------------------------------------------------------------- */

static ErrCode add_problem(Maker *maker, Problem problem, Text value, ColumnType type, Err *err)
{
    Reading *reading = maker->reading;
    problem.severity = flaw_info(problem.flaw)->severity;
    problem.sheet = maker->sheet;
    problem.value = "";
    if (problem.severity == FLAW_IS_ERROR) reading->error_count++;
    if (problem.severity == FLAW_IS_WARNING) reading->warning_count++;
    const size_t before = reading->flaw_counts[problem.flaw]++;
    if (before >= READING_KEPT_PER_FLAW || reading->problem_count == READING_PROBLEMS_MAX)
        return OK;
    if (value.size > 0) {
        char masked[MASKED_BYTES_MAX];
        cellvalue_mask(value, type, masked);
        problem.value = text_z(maker->arena, text_from_z(masked));
        if (problem.value == NULL) return err_set(err, ERR_LIMIT, "no memory for the problems");
    }
    maker->problems[reading->problem_count++] = problem;
    return OK;
}

/* ---- one row ------------------------------------------------------------------------------ */

static bool says_something(const CellValue *value)
{
    return value->state != VALUE_ABSENT || value->flaw != FLAW_NONE;
}

/* The value of a field: of its best column, or of a twin where that one is blank. */
static ErrCode read_field(const Reading *reading, const Heading *heading, const SheetRow *row,
                          const ColumnInfo *column, Arena *arena, ReadRow *out_row, Err *err)
{
    const HeadedField *field = &heading->fields[column->number];
    CellValue *value = &out_row->values[column->number];
    for (unsigned i = 0; i < field->count; i++) {
        const Cell *cell = row_cell(row, field->columns[i]);
        if (cell == NULL && i > 0) continue;
        out_row->places[column->number] = field->columns[i];
        TRY(cellvalue_read(cell, column, reading->workbook->counts_from_1904, arena, value, err));
        out_row->is_lent[column->number] = cell != NULL && cell->is_lent;
        if (says_something(value)) break;
    }
    return OK;
}

static void spoil(ReadRow *row, unsigned field, FlawCode flaw)
{
    row->values[field].state = VALUE_BAD;
    row->values[field].flaw = flaw;
}

static bool is_set(const ReadRow *row, unsigned field)
{
    return row->values[field].state == VALUE_SET;
}

static void check_period(ReadRow *row, unsigned from, unsigned to)
{
    if (is_set(row, from) && is_set(row, to) && row->values[from].number > row->values[to].number)
        spoil(row, to, FLAW_ENDS_FIRST);
}

/* The number says when its holder was born and of which sex. */
static void check_identity(ReadRow *row)
{
    CellValue *birth = &row->values[COLUMN_PEOPLE_BIRTH];
    CellValue *sex = &row->values[COLUMN_PEOPLE_SEX];
    Identity identity;
    if (!is_set(row, COLUMN_PEOPLE_ID_NUMBER)) return;
    if (identity_check(row->values[COLUMN_PEOPLE_ID_NUMBER].text, &identity, NULL) != REASON_NONE)
        return;
    const bool is_exact = birth->state == VALUE_SET && !birth->is_assumed;
    if (is_exact && identity.has_birth && birth->number != identity.birth)
        birth->flaw = FLAW_BIRTH_DIFFERS;
    if (sex->state == VALUE_SET && sex->number != SEX_IS_UNKNOWN && sex->number != identity.sex)
        sex->flaw = FLAW_SEX_DIFFERS;
}

/* What only several cells together show. */
static void check_together(IntakeKind kind, ReadRow *row)
{
    switch (kind) {
    case INTAKE_PEOPLE:
        check_period(row, COLUMN_PEOPLE_FROM, COLUMN_PEOPLE_TO);
        check_identity(row);
        break;
    case INTAKE_POSTINGS: check_period(row, COLUMN_POSTINGS_FROM, COLUMN_POSTINGS_TO); break;
    case INTAKE_PROJECTS:
        check_period(row, COLUMN_PROJECTS_FROM, COLUMN_PROJECTS_TO);
        if (is_set(row, COLUMN_PROJECTS_LAT) && is_set(row, COLUMN_PROJECTS_LON) &&
            cellplace_is_swapped(row->values[COLUMN_PROJECTS_LAT].number,
                                 row->values[COLUMN_PROJECTS_LON].number))
            spoil(row, COLUMN_PROJECTS_LAT, FLAW_COORDINATES_SWAPPED);
        break;
    case INTAKE_UNITS:
    case INTAKE_HOLIDAYS:
    case INTAKE_KIND_COUNT: break;
    }
}

static ErrCode read_row(const Reading *reading, RowPlace place, const SheetRow *row, Arena *arena,
                        ReadRow *out_row, Err *err)
{
    const IntakeInfo *intake = reading->intake;
    *out_row = (ReadRow){.sheet = place.sheet, .number = row->number};
    for (size_t i = 0; i < intake->column_count; i++)
        TRY(read_field(reading, &reading->sheets[place.sheet].heading, row, &intake->columns[i],
                       arena, out_row, err));
    check_together(intake->kind, out_row);
    for (size_t i = 0; i < intake->column_count; i++) {
        CellValue *value = &out_row->values[i];
        const bool is_missing = (intake->columns[i].flags & COLUMN_FLAG_MUST) != 0 &&
                                value->state == VALUE_ABSENT && value->flaw == FLAW_NONE;
        if (is_missing) value->flaw = FLAW_MUST_BLANK;
        if (value->flaw != FLAW_NONE && flaw_info(value->flaw)->severity == FLAW_IS_ERROR)
            out_row->has_error = true;
        /* A must that was left out because its word is not known is missing all the same. */
        if (value->flaw == FLAW_NOT_A_CHOICE && (intake->columns[i].flags & COLUMN_FLAG_MUST) != 0)
            out_row->has_error = true;
    }
    return OK;
}

ErrCode reading_row(const Reading *reading, size_t index, Arena *arena, ReadRow *out_row, Err *err)
{
    assert(index < reading->row_count);
    const RowPlace place = reading->rows[index];
    SheetRow row;
    sheet_row(reading->workbook, &reading->workbook->sheets[place.sheet], place.index, &row);
    return read_row(reading, place, &row, arena, out_row, err);
}

/* ---- all rows ----------------------------------------------------------------------------- */

static ErrCode note_problems(Maker *maker, const SheetRow *row, const ReadRow *read, Err *err)
{
    const IntakeInfo *intake = maker->reading->intake;
    for (size_t i = 0; i < intake->column_count; i++) {
        const CellValue *value = &read->values[i];
        if (value->flaw == FLAW_NONE) continue;
        const Cell *cell = row_cell(row, read->places[i]);
        const Problem problem = {.flaw = value->flaw,
                                 .row_number = row->number,
                                 .column = read->places[i],
                                 .field = (int)i,
                                 .reason = value->reason,
                                 .detail = value->detail};
        TRY(add_problem(maker, problem, cell == NULL ? TEXT("") : cell->text,
                        intake->columns[i].type, err));
    }
    maker->reading->bad_row_count += read->has_error;
    return OK;
}

static ErrCode take_row(Maker *maker, size_t index, const SheetRow *row, Err *err)
{
    Reading *reading = maker->reading;
    ReadSheet *sheet = &reading->sheets[maker->sheet];
    const RowPlace place = {.sheet = (uint32_t)maker->sheet, .index = (uint32_t)index};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ROW_ARENA_BYTES);
    ReadRow read;
    TRY(read_row(reading, place, row, &arena, &read, err));
    TRY(note_problems(maker, row, &read, err));
    maker->rows[reading->row_count++] = place;
    sheet->row_count++;
    sheet->hidden_count += row->is_hidden;
    return OK;
}

static ErrCode sort_row(Maker *maker, size_t index, const SheetRow *row, Err *err)
{
    ReadSheet *sheet = &maker->reading->sheets[maker->sheet];
    switch (rowkind_of(row, &sheet->heading, maker->reading->intake)) {
    case ROW_IS_DATA: return take_row(maker, index, row, err);
    case ROW_IS_BLANK: sheet->blank_count++; break;
    case ROW_IS_FOOTER: sheet->footer_count++; break;
    case ROW_IS_REPEAT: sheet->repeat_count++; break;
    case ROW_IS_SECTION: sheet->section_count++; break;
    case ROW_IS_CONTINUED: {
        sheet->continued_count++;
        const unsigned column = sheet->heading.fields[0].columns[0];
        const Problem problem = {
            .flaw = FLAW_CONTINUES, .row_number = row->number, .column = column, .field = 0};
        return add_problem(maker, problem, TEXT(""), COLUMN_TYPE_NAME, err);
    }
    }
    return OK;
}

/* Each column once: those nobody knows, and those that say what another says. */
static ErrCode note_columns(Maker *maker, Err *err)
{
    const Heading *heading = &maker->reading->sheets[maker->sheet].heading;
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        const HeadedColumn *headed = &heading->columns[column];
        Problem problem = {.row_number = heading->last_row, .column = column, .field = -1};
        if (headed->use == USE_UNKNOWN) problem.flaw = FLAW_UNKNOWN_COLUMN;
        if (headed->use == USE_FIELD && heading->fields[headed->field].columns[0] != column) {
            problem.flaw = FLAW_TWIN_COLUMN;
            problem.field = (int)headed->field;
        }
        if (problem.flaw != FLAW_NONE)
            TRY(add_problem(maker, problem, headed->title, COLUMN_TYPE_TEXT, err));
    }
    return OK;
}

static ErrCode read_sheet(Maker *maker, Err *err)
{
    const Workbook *workbook = maker->reading->workbook;
    const Sheet *sheet = &workbook->sheets[maker->sheet];
    ReadSheet *read = &maker->reading->sheets[maker->sheet];
    TRY(note_columns(maker, err));
    for (size_t i = read->heading.data_index; i < sheet->row_count; i++) {
        SheetRow row;
        sheet_row(workbook, sheet, i, &row);
        TRY(sort_row(maker, i, &row, err));
    }
    if (read->hidden_count == 0) return OK;
    const Problem problem = {.flaw = FLAW_HIDDEN_ROWS, .field = -1};
    return add_problem(maker, problem, TEXT(""), COLUMN_TYPE_TEXT, err);
}

/* ---- which sheets ------------------------------------------------------------------------- */

static size_t count_fields(const Reading *reading, const Heading *heading)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->intake->column_count; i++)
        count += heading->fields[i].count > 0;
    return count;
}

static void add_name(Buf *buf, const char *zh, const char *en, size_t *count)
{
    buf_format(buf, "%s%s (%s)", (*count)++ == 0 ? "" : ", ", zh, en);
}

/* Says what is missing on the sheet that comes nearest. */
static ErrCode refuse(const Reading *reading, Err *err)
{
    const IntakeInfo *intake = reading->intake;
    const ReadSheet *best = &reading->sheets[0];
    for (size_t i = 1; i < reading->sheet_count; i++)
        if (count_fields(reading, &reading->sheets[i].heading) >
            count_fields(reading, &best->heading))
            best = &reading->sheets[i];
    AUTO(buf_done) Buf missing = {0};
    AUTO(buf_done) Buf found = {0};
    buf_init(&missing, 4096);
    buf_init(&found, 4096);
    size_t missing_count = 0;
    size_t found_count = 0;
    for (size_t i = 0; i < intake->column_count; i++) {
        const ColumnInfo *column = &intake->columns[i];
        if (best->heading.fields[i].count > 0) {
            add_name(&found, column->zh, column->name, &found_count);
        } else if ((column->flags & COLUMN_FLAG_KEY) != 0) {
            add_name(&missing, column->zh, column->name, &missing_count);
        }
    }
    if (found_count == 0) buf_add_z(&found, "nothing");
    return err_set(err, ERR_INVALID, "no column for %.*s was found; recognised: %.*s",
                   TEXT_ARG(buf_as_text(&missing)), found.size > 120 ? 120 : (int)found.size,
                   (const char *)found.at);
}

static bool is_wanted(const Maker *maker, const Sheet *sheet)
{
    const bool is_named = maker->mapping != NULL && maker->mapping->sheet_name.size > 0;
    return is_named ? text_equal(maker->mapping->sheet_name, sheet->name) : !sheet->is_hidden;
}

static ErrCode head_sheets(Maker *maker, Err *err)
{
    Reading *reading = maker->reading;
    const Workbook *workbook = reading->workbook;
    size_t read_count = 0;
    size_t wanted_count = 0;
    Err first_refusal = {.code = OK};
    for (size_t i = 0; i < workbook->sheet_count; i++) {
        const Sheet *sheet = &workbook->sheets[i];
        ReadSheet *read = &reading->sheets[i];
        *read = (ReadSheet){.name = sheet->name, .is_hidden = sheet->is_hidden};
        if (!is_wanted(maker, sheet) || wanted_count == READING_SHEETS_MAX) continue;
        wanted_count++;
        Err refusal = {.code = OK};
        const ErrCode code = heading_find(workbook, sheet, reading->intake, maker->mapping,
                                          maker->arena, &read->heading, &refusal);
        if (code == ERR_LIMIT) return err_set(err, code, "%s", refusal.message);
        if (code != OK && first_refusal.code == OK) first_refusal = refusal;
        read->is_read = code == OK && read->heading.is_found;
        read_count += read->is_read;
    }
    if (wanted_count == 0 && maker->mapping != NULL && maker->mapping->sheet_name.size > 0)
        return err_set(err, ERR_INVALID, "there is no sheet \"%.*s\"",
                       TEXT_ARG(maker->mapping->sheet_name));
    if (read_count > 0) return OK;
    if (first_refusal.code != OK) return err_set(err, ERR_INVALID, "%s", first_refusal.message);
    return refuse(reading, err);
}

ErrCode reading_make(const Workbook *workbook, const IntakeInfo *intake, const Mapping *mapping,
                     Arena *arena, Reading *out_reading, Err *err)
{
    assert(workbook != NULL);
    assert(intake != NULL);
    size_t row_count = 0;
    for (size_t i = 0; i < workbook->sheet_count; i++)
        row_count += workbook->sheets[i].row_count;
    if (row_count == 0) return err_set(err, ERR_INVALID, "the file is empty");

    Reading reading = {
        .workbook = workbook, .intake = intake, .sheet_count = workbook->sheet_count};
    Maker maker = {.reading = &reading, .mapping = mapping, .arena = arena};
    reading.sheets = arena_array(arena, ReadSheet, workbook->sheet_count);
    maker.rows = arena_array(arena, RowPlace, row_count);
    maker.problems = arena_array(arena, Problem, READING_PROBLEMS_MAX);
    if (reading.sheets == NULL || maker.rows == NULL || maker.problems == NULL)
        return err_set(err, ERR_LIMIT, "it has too many rows: %zu", row_count);
    TRY(head_sheets(&maker, err));
    for (maker.sheet = 0; maker.sheet < reading.sheet_count; maker.sheet++)
        if (reading.sheets[maker.sheet].is_read) TRY(read_sheet(&maker, err));
    reading.rows = maker.rows;
    reading.problems = maker.problems;
    *out_reading = reading;
    return OK;
}
