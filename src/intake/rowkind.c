#include "intake/rowkind.h"

#include "intake/fold.h"

static bool is_blank(const Cell *cell)
{
    return cell->kind == CELL_EMPTY || (cell->kind == CELL_TEXT && text_trim(cell->text).size == 0);
}

/* Cells with a value of their own under a heading that means something. */
static size_t count_values(const SheetRow *row, const Heading *heading)
{
    size_t count = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const Cell *cell = &row->cells[i];
        if (heading->columns[cell->column].use == USE_FIELD && !cell->is_lent && !is_blank(cell))
            count++;
    }
    return count;
}

static const Cell *first_value(const SheetRow *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (!is_blank(&row->cells[i])) return &row->cells[i];
    return NULL;
}

static bool begins_with_any(Text text, const char *list)
{
    Text rest = text_from_z(list);
    while (rest.size > 0)
        if (text_starts_with(text, text_split(&rest, '|'))) return true;
    return false;
}

static bool is_total(const Cell *first)
{
    char folded[FOLD_BYTES_MAX];
    const Text word = fold_heading(first->text, folded);
    return begins_with_any(word,
                           "合计|总计|小计|共计|总人数|subtotal|grandtotal|以下空白|以下为空") ||
           text_is(word, "total");
}

/* Words that open a line under a table, and only count where no name stands. */
static bool is_signature(const Cell *first)
{
    char folded[FOLD_BYTES_MAX];
    char plain[FOLD_BYTES_MAX];
    const Text word = fold_heading(first->text, folded);
    if (begins_with_any(word, "填表|填报|填写|制表|审核人|审批人|编制人|负责人签|单位负责人|"
                              "部门负责人|项目负责人|此表|本表"))
        return true;
    const Text start = fold_compact(first->text, plain);
    return begins_with_any(start, "注:|备注:|说明:|审核:|日期:|联系人:|负责人:|编制:|批准:|"
                                  "Note:|Total:|Signature:");
}

static bool is_footer(const SheetRow *row, const Heading *heading)
{
    const Cell *first = first_value(row);
    if (first == NULL || first->kind != CELL_TEXT) return false;
    if (is_total(first)) return true;
    const HeadedField *name = &heading->fields[0];
    const Cell *named = name->count == 0 ? NULL : row_cell(row, name->columns[0]);
    const bool has_name = named != NULL && !is_blank(named) && named != first &&
                          (named->range == 0 || named->range != first->range);
    return !has_name && is_signature(first);
}

/* At least two cells, and all that there are, say what their headings say. */
static bool is_repeat(const SheetRow *row, const Heading *heading)
{
    size_t alike = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const Cell *cell = &row->cells[i];
        if (is_blank(cell) || cell->kind != CELL_TEXT) continue;
        char here[FOLD_BYTES_MAX];
        char there[FOLD_BYTES_MAX];
        const Text said = fold_heading(cell->text, here);
        const Text headed = fold_heading(heading->columns[cell->column].title, there);
        if (said.size > 0 && text_contains(headed, said)) {
            alike++;
        } else if (heading->columns[cell->column].use == USE_FIELD) {
            return false;
        }
    }
    return alike >= 2;
}

/* One merged range across the row, or one text in a row that has columns for several. */
static bool is_section(const SheetRow *row, const Heading *heading)
{
    const Cell *first = first_value(row);
    if (first == NULL || first->kind != CELL_TEXT) return false;
    size_t others = 0;
    size_t merged = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const Cell *cell = &row->cells[i];
        if (is_blank(cell) || cell == first) continue;
        if (first->range > 0 && cell->range == first->range) {
            merged++;
        } else {
            others++;
        }
    }
    if (others > 0) return false;
    if (merged > 0) return true;
    /* A title stands before the column with the name, where a row of data has its number. */
    const ColumnUse use = heading->columns[first->column].use;
    const bool is_number = first->text.at[0] >= '0' && first->text.at[0] <= '9';
    return use != USE_FIELD && !is_number;
}

static bool is_continued(const SheetRow *row, const Heading *heading, const IntakeInfo *intake)
{
    if (intake->kind != INTAKE_PEOPLE && intake->kind != INTAKE_UNITS &&
        intake->kind != INTAKE_PROJECTS)
        return false; /* one person may well have several postings */
    const HeadedField *name = &heading->fields[0];
    if (name->count == 0) return false;
    const Cell *cell = row_cell(row, name->columns[0]);
    if (cell == NULL || !cell->is_lent) return false;
    /* Lent from the left is a name across two columns; from above, a person over two rows. */
    const Cell *left = name->columns[0] == 0 ? NULL : row_cell(row, name->columns[0] - 1);
    return left == NULL || left->range != cell->range;
}

RowKind rowkind_of(const SheetRow *row, const Heading *heading, const IntakeInfo *intake)
{
    if (is_footer(row, heading)) return ROW_IS_FOOTER;
    if (is_repeat(row, heading)) return ROW_IS_REPEAT;
    if (is_section(row, heading)) return ROW_IS_SECTION;
    if (is_continued(row, heading, intake)) return ROW_IS_CONTINUED;
    if (count_values(row, heading) == 0) return ROW_IS_BLANK;
    return ROW_IS_DATA;
}
