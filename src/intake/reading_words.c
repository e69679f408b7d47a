#include <assert.h>

#include "intake/reading.h"

static bool is_zh(Language language)
{
    return language == LANGUAGE_ZH;
}

static const char *either(Language language, const char *zh, const char *en)
{
    return is_zh(language) ? zh : en;
}

static void write_sheet_name(const Reading *reading, size_t sheet, Language language, Buf *buf)
{
    const Text name = reading->sheets[sheet].name;
    if (name.size == 0) return; /* CSV has one table and no name for it */
    buf_add_z(buf, either(language, "工作表“", "sheet \""));
    buf_add_text(buf, name);
    buf_add_z(buf, either(language, "”", "\""));
}

void place_write(const Reading *reading, size_t sheet, unsigned row_number, int column, int field,
                 Language language, Buf *buf)
{
    assert(sheet < reading->sheet_count);
    write_sheet_name(reading, sheet, language, buf);
    if (row_number > 0) {
        char place[CELL_NAME_MAX];
        if (reading->sheets[sheet].name.size > 0) buf_add_byte(buf, ' ');
        if (column >= 0)
            buf_add_z(buf, cell_name((unsigned)column, row_number, place));
        else
            buf_format(buf, is_zh(language) ? "第%u行" : "row %u", row_number);
    }
    buf_add_z(buf, either(language, "：", ": "));
    if (field >= 0) {
        const ColumnInfo *info = &reading->intake->columns[field];
        buf_add_z(buf, either(language, info->zh, info->en));
        buf_add_byte(buf, ' ');
    }
}

void problem_write(const Reading *reading, const Problem *problem, Language language, Buf *buf)
{
    const FlawInfo *flaw = flaw_info(problem->flaw);
    place_write(reading, problem->sheet, problem->row_number, (int)problem->column, problem->field,
                language, buf);
    if (problem->value[0] != '\0')
        buf_format(buf, "%s%s%s", either(language, "“", "\""), problem->value,
                   either(language, "”", "\" "));
    buf_add_z(buf, either(language, flaw->zh, flaw->en));
    if (problem->reason != REASON_NONE) {
        const Reason reason = {.code = problem->reason, .have = problem->detail, .need = 18};
        buf_add_z(buf, either(language, "（", " ("));
        reason_write(&reason, language, TEXT(""), buf);
        buf_add_z(buf, either(language, "）", ")"));
        return; /* the words of a code's reason say what to do */
    }
    buf_add_z(buf, either(language, "；", "; "));
    buf_add_z(buf, either(language, flaw->zh_advice, flaw->en_advice));
}

static void write_columns(const Reading *reading, const Heading *heading, Language language,
                          Buf *buf)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->intake->column_count; i++) {
        const HeadedField *field = &heading->fields[i];
        const ColumnInfo *column = &reading->intake->columns[i];
        for (unsigned j = 0; j < field->count; j++) {
            char letters[COLUMN_LETTERS_MAX];
            buf_add_z(buf, count++ == 0 ? "" : either(language, "、", ", "));
            buf_format(buf, "%s=%s", column_letters(field->columns[j], letters),
                       either(language, column->zh, column->en));
        }
    }
}

static void write_unknown(const Heading *heading, Language language, Buf *buf)
{
    size_t count = 0;
    for (unsigned column = 0; column < SHEET_COLUMNS_MAX; column++) {
        const HeadedColumn *headed = &heading->columns[column];
        if (headed->use != USE_UNKNOWN) continue;
        buf_add_z(buf, count++ == 0 ? either(language, "；未识别的列：", "; columns not known: ")
                                    : either(language, "、", ", "));
        char title[MASKED_BYTES_MAX];
        cellvalue_mask(headed->title, COLUMN_TYPE_TEXT, title);
        buf_add_z(buf, title);
    }
}

typedef struct Skipped {
    size_t count;
    const char *zh;
    const char *en;
} Skipped;

static void write_counts(const ReadSheet *sheet, Language language, Buf *buf)
{
    const Skipped kinds[] = {
        {sheet->blank_count, "空白行", "blank"},
        {sheet->footer_count, "合计或落款行", "total or signature"},
        {sheet->repeat_count, "重复表头", "repeated heading"},
        {sheet->section_count, "分节标题", "section title"},
        {sheet->continued_count, "合并单元格的续行", "continued by a merged cell"},
    };
    buf_format(buf, "%s%zu%s", either(language, "；数据 ", "; "), sheet->row_count,
               either(language, " 行", " rows of data"));
    size_t written = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].count == 0) continue;
        buf_add_z(buf, written++ == 0 ? either(language, "，略过：", ", left out: ")
                                      : either(language, "、", ", "));
        buf_format(buf, "%s %zu", either(language, kinds[i].zh, kinds[i].en), kinds[i].count);
    }
}

static void write_sheet(const Reading *reading, size_t index, Language language, Buf *buf)
{
    const ReadSheet *sheet = &reading->sheets[index];
    const Heading *heading = &sheet->heading;
    write_sheet_name(reading, index, language, buf);
    if (sheet->name.size > 0) buf_add_z(buf, either(language, "：", ": "));
    if (heading->first_row == 0) {
        buf_add_z(buf, either(language, "无表头", "no headings"));
    } else {
        buf_format(buf, "%s%u", either(language, "表头第 ", "headings in row "),
                   heading->first_row);
        if (heading->last_row > heading->first_row)
            buf_format(buf, "%s%u", either(language, " 至 ", " to "), heading->last_row);
        buf_add_z(buf, either(language, " 行", ""));
    }
    buf_add_z(buf, either(language, "；", "; "));
    write_columns(reading, heading, language, buf);
    write_counts(sheet, language, buf);
    write_unknown(heading, language, buf);
    buf_add_z(buf, either(language, "。", ". "));
}

void reading_write_summary(const Reading *reading, Language language, Buf *buf)
{
    for (size_t i = 0; i < reading->sheet_count; i++)
        if (reading->sheets[i].is_read) write_sheet(reading, i, language, buf);
    size_t unread = 0;
    for (size_t i = 0; i < reading->sheet_count; i++) {
        if (reading->sheets[i].is_read) continue;
        buf_add_z(buf, unread++ == 0 ? either(language, "未读取：", "Not read: ")
                                     : either(language, "、", ", "));
        write_sheet_name(reading, i, language, buf);
        if (reading->sheets[i].is_hidden) buf_add_z(buf, either(language, "（隐藏）", " (hidden)"));
    }
    if (unread > 0) buf_add_z(buf, either(language, "。", ". "));
    buf_format(buf, "%s%zu%s%zu%s", either(language, "读取时 ", "While reading: "),
               reading->bad_row_count, either(language, " 行有错误，", " rows with errors, "),
               reading->warning_count, either(language, " 条警告。", " warnings."));
}
