/* What we promise about Excel workbooks: dates, merges and texts as a person sees them; and every
 * file that is none, or means harm, refused in one sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "intake/tablefile.h"
#include "intake/xlsx.h"
#include "intake/xlsx_cells.h"
#include "support/shared.h"

/* ---- a small zip writer: members are stored, or deflated runs of one byte ------------------ */

typedef struct Zip {
    Buf bytes;
    Buf directory;
    unsigned count;
} Zip;

static void zip_init(Zip *zip)
{
    *zip = (Zip){.count = 0};
    buf_init(&zip->bytes, (size_t)8 << 20);
    buf_init(&zip->directory, 1 << 20);
}

static void zip_done(Zip *zip)
{
    buf_done(&zip->bytes);
    buf_done(&zip->directory);
}

static void put(Buf *buf, uint32_t number, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        buf_add_byte(buf, (uint8_t)(number >> 8 * i));
}

static uint32_t crc_step(uint32_t crc, uint8_t byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    return crc;
}

static void put_member(Zip *zip, const char *name, unsigned method, Bytes packed, uint32_t crc,
                       size_t size)
{
    const uint32_t offset = (uint32_t)zip->bytes.size;
    const uint32_t name_size = (uint32_t)strlen(name);
    put(&zip->bytes, 0x04034B50, 4);
    put(&zip->directory, 0x02014B50, 4);
    put(&zip->directory, 20, 2);
    Buf *both[] = {&zip->bytes, &zip->directory};
    for (size_t i = 0; i < 2; i++) {
        put(both[i], 20, 2);
        put(both[i], 0, 2);
        put(both[i], method, 2);
        put(both[i], 0, 4);
        put(both[i], crc, 4);
        put(both[i], (uint32_t)packed.size, 4);
        put(both[i], (uint32_t)size, 4);
        put(both[i], name_size, 2);
        put(both[i], 0, 2);
    }
    put(&zip->directory, 0, 2);
    put(&zip->directory, 0, 4);
    put(&zip->directory, 0, 4);
    put(&zip->directory, offset, 4);
    buf_add_z(&zip->directory, name);
    buf_add_z(&zip->bytes, name);
    buf_add(&zip->bytes, packed);
    zip->count++;
}

static void zip_add(Zip *zip, const char *name, const char *content)
{
    const Bytes bytes = bytes_of(text_from_z(content));
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes.size; i++)
        crc = crc_step(crc, bytes.at[i]);
    put_member(zip, name, 0, bytes, ~crc, bytes.size);
}

typedef struct Bits {
    Buf *buf;
    unsigned held;
    unsigned count;
} Bits;

static void put_bits(Bits *bits, unsigned value, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bits->held |= (value >> i & 1U) << bits->count;
        if (++bits->count < 8) continue;
        buf_add_byte(bits->buf, (uint8_t)bits->held);
        bits->held = 0;
        bits->count = 0;
    }
}

/* `runs` times 258 blanks in 13 bits each: the densest that deflate with its fixed codes can be. */
static void zip_add_blanks(Zip *zip, const char *name, size_t runs)
{
    AUTO(buf_done) Buf packed = {0};
    buf_init(&packed, (size_t)4 << 20);
    Bits bits = {.buf = &packed};
    put_bits(&bits, 3, 3);    /* the last block, fixed codes */
    put_bits(&bits, 0x0A, 8); /* a blank: code 0x50, most significant bit first */
    for (size_t i = 0; i < runs; i++) {
        put_bits(&bits, 0xA3, 8); /* 258 of them: code 0xC5 */
        put_bits(&bits, 0, 5);    /* from one place back */
    }
    put_bits(&bits, 0, 7);
    put_bits(&bits, 0, 7);
    const size_t size = 1 + runs * 258;
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++)
        crc = crc_step(crc, ' ');
    put_member(zip, name, 8, buf_as_bytes(&packed), ~crc, size);
}

static Bytes zip_end(Zip *zip)
{
    const uint32_t start = (uint32_t)zip->bytes.size;
    buf_add(&zip->bytes, buf_as_bytes(&zip->directory));
    put(&zip->bytes, 0x06054B50, 4);
    put(&zip->bytes, 0, 4);
    put(&zip->bytes, zip->count, 2);
    put(&zip->bytes, zip->count, 2);
    put(&zip->bytes, (uint32_t)zip->directory.size, 4);
    put(&zip->bytes, start, 4);
    put(&zip->bytes, 0, 2);
    return buf_as_bytes(&zip->bytes);
}

/* ---- a workbook of one sheet --------------------------------------------------------------- */

#define STYLES                                                                                     \
    "<styleSheet><numFmts><numFmt numFmtId=\"170\" "                                               \
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"                                         \
    "<numFmt numFmtId=\"171\" formatCode=\"00000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/>" \
    "</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/>"      \
    "<xf numFmtId=\"171\"/><xf numFmtId=\"21\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>"

static void add_parts(Zip *zip, const char *workbook_properties, const char *strings,
                      const char *sheet)
{
    char workbook[1000];
    snprintf(
        workbook, sizeof workbook,
        "<workbook xmlns:r=\"r\">%s<sheets><sheet name=\"花名册\" sheetId=\"1\" r:id=\"rId1\"/>"
        "</sheets></workbook>",
        workbook_properties);
    zip_add(zip, "_rels/.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
            "Target=\"/xl/workbook.xml\"/></Relationships>");
    zip_add(zip, "xl/workbook.xml", workbook);
    zip_add(zip, "xl\\_rels\\workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" "
            "Target=\"worksheets/../Worksheets/sheet1.xml\"/></Relationships>");
    zip_add(zip, "xl/styles.xml", STYLES);
    if (strings != NULL) zip_add(zip, "xl/sharedStrings.xml", strings);
    if (sheet != NULL) zip_add(zip, "xl/worksheets/sheet1.xml", sheet);
}

typedef struct Table {
    Zip zip;
    Transcript transcript;
    Arena arena;
    Workbook workbook;
} Table;

static void table_init(Table *table)
{
    zip_init(&table->zip);
    transcript_init(&table->transcript, (size_t)64 << 20, NULL, NULL);
    arena_init(&table->arena, (size_t)16 << 20);
}

static void table_done(Table *table)
{
    zip_done(&table->zip);
    transcript_done(&table->transcript);
    arena_done(&table->arena);
}

static ErrCode table_read(Table *table, Err *err)
{
    TRY(xlsx_read(zip_end(&table->zip), &table->transcript, err));
    return workbook_open(buf_as_bytes(&table->transcript.buf), &table->arena, &table->workbook,
                         err);
}

static void read_sheet_of(Table *table, const char *properties, const char *strings,
                          const char *rows)
{
    char sheet[4000];
    snprintf(sheet, sizeof sheet, "<worksheet>%s</worksheet>", rows);
    table_init(table);
    add_parts(&table->zip, properties, strings, sheet);
    Err err = {.message = ""};
    if (table_read(table, &err) != OK) fail_msg("%s", err.message);
}

static const Cell *cell_at(const Table *table, size_t index, unsigned column)
{
    static SheetRow row;
    sheet_row(&table->workbook, &table->workbook.sheets[0], index, &row);
    const Cell *cell = row_cell(&row, column);
    assert_non_null(cell);
    return cell;
}

static void expect_text(const Table *table, size_t index, unsigned column, CellKind kind,
                        const char *text)
{
    const Cell *cell = cell_at(table, index, column);
    assert_int_equal(cell->kind, kind);
    if (!text_is(cell->text, text)) fail_msg("\"%.*s\", not \"%s\"", TEXT_ARG(cell->text), text);
}

/* ---- what is read -------------------------------------------------------------------------- */

static void numbers_are_dates_where_their_format_says_so(void **state)
{
    (void)state;
    AUTO(table_done) Table table = {.arena = {0}};
    read_sheet_of(
        &table, "", NULL,
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>44075</v></c><c r=\"B1\" s=\"1\"><v>44075</v></c>"
        "<c r=\"C1\" s=\"2\"><v>44075</v></c><c r=\"D1\" s=\"3\"><v>7</v></c>"
        "<c r=\"E1\" s=\"4\"><v>0.5</v></c><c r=\"F1\" s=\"5\"><v>44075.25</v></c>"
        "<c r=\"G1\" s=\"1\"><v>-1</v></c><c r=\"H1\" t=\"d\"><v>2021-01-31T10:00:00</v></c>"
        "</row></sheetData>");
    expect_text(&table, 0, 0, CELL_NUMBER, "44075");
    expect_text(&table, 0, 1, CELL_DATE, "2020-09-01");
    assert_int_equal(cell_at(&table, 0, 1)->day, 18506);
    expect_text(&table, 0, 2, CELL_DATE, "2020-09");
    expect_text(&table, 0, 3, CELL_NUMBER, "00007");
    expect_text(&table, 0, 4, CELL_NUMBER, "12:00:00");
    expect_text(&table, 0, 5, CELL_DATE, "2020-09-01 06:00:00");
    expect_text(&table, 0, 6, CELL_NUMBER, "-1");
    expect_text(&table, 0, 7, CELL_DATE, "2021-01-31T10:00:00");
}

static void the_count_from_1904_is_followed(void **state)
{
    (void)state;
    AUTO(table_done) Table table = {.arena = {0}};
    read_sheet_of(&table, "<workbookPr date1904=\"true\"/>", NULL,
                  "<sheetData><row><c s=\"1\"><v>42613</v></c></row></sheetData>");
    expect_text(&table, 0, 0, CELL_DATE, "2020-09-01");
    assert_true(table.workbook.counts_from_1904);
}

static NumberShape shape(const char *code)
{
    return xlsx_format_style(text_from_z(code)).shape;
}

static void format_codes_are_understood(void **state)
{
    (void)state;
    assert_int_equal(shape("yyyy\\-mm\\-dd;@"), SHAPE_DATE);
    assert_int_equal(shape("[$-804]yyyy\"年\"m\"月\"d\"日\""), SHAPE_DATE);
    assert_int_equal(shape("[DBNum1][$-804]yyyy\"年\"m\"月\";@"), SHAPE_MONTH);
    assert_int_equal(shape("m/d/yy h:mm"), SHAPE_DATE);
    assert_int_equal(shape("mmm-yy"), SHAPE_MONTH);
    assert_int_equal(shape("h:mm AM/PM"), SHAPE_TIME);
    assert_int_equal(shape("[h]:mm:ss"), SHAPE_TIME);
    assert_int_equal(shape("General"), SHAPE_PLAIN);
    assert_int_equal(shape("#,##0.00_);[Red]\\(#,##0.00\\)"), SHAPE_PLAIN);
    assert_int_equal(shape("\"day\"0"), SHAPE_PLAIN);
    assert_int_equal(shape("0.00E+00"), SHAPE_PLAIN);
    assert_int_equal(shape("@"), SHAPE_PLAIN);
    assert_int_equal(shape("000000"), SHAPE_PADDED);
    assert_int_equal(shape("\""), SHAPE_PLAIN);
    assert_int_equal(shape("[h"), SHAPE_TIME);
    assert_int_equal(shape("\\"), SHAPE_PLAIN);
}

static void texts_come_without_reading_aids_and_escapes(void **state)
{
    (void)state;
    AUTO(table_done) Table table = {.arena = {0}};
    read_sheet_of(
        &table, "",
        "<x:sst xmlns:x=\"y\" count=\"99\" uniqueCount=\"1\"><x:si><x:r><x:t>张</x:t></x:r>"
        "<x:r><x:t>三</x:t></x:r><x:rPh sb=\"0\" eb=\"1\"><x:t>zhang</x:t></x:rPh></x:si>"
        "<x:si><x:t>a_x000A_b_x005F_x</x:t></x:si><x:si/></x:sst>",
        "<sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c>"
        "<c t=\"s\"><v>3</v></c><c t=\"inlineStr\"><is><r><t>行</t></r><t><![CDATA[内]]></t>"
        "<rPh><t>x</t></rPh></is></c><c t=\"str\"><f>A1</f><v>结果</v></c>"
        "<c><f>NOW()</f></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#REF!</v></c></row></sheetData>");
    expect_text(&table, 0, 0, CELL_TEXT, "张三");
    expect_text(&table, 0, 1, CELL_TEXT, "a\nb_x");
    expect_text(&table, 0, 3, CELL_ERROR, "#TEXT?");
    expect_text(&table, 0, 4, CELL_TEXT, "行内");
    expect_text(&table, 0, 5, CELL_TEXT, "结果");
    expect_text(&table, 0, 6, CELL_ERROR, "#FORMULA");
    expect_text(&table, 0, 7, CELL_BOOL, "TRUE");
    expect_text(&table, 0, 8, CELL_ERROR, "#REF!");
}

static void merged_ranges_lend_their_value(void **state)
{
    (void)state;
    AUTO(table_done) Table table = {.arena = {0}};
    read_sheet_of(
        &table, "", NULL,
        "<sheetData><row r=\"3\"><c r=\"B3\"><v>5</v></c><c r=\"E3\"><v>6</v></c></row>"
        "<row r=\"4\"/><row r=\"5\"><c r=\"B5\"><v>9</v></c><c r=\"A5\"><v>1</v></c></row>"
        "</sheetData><mergeCells><mergeCell ref=\"B3:C4\"/><mergeCell ref=\"G1:H9\"/>"
        "<mergeCell ref=\"C4:D5\"/><mergeCell ref=\"E3:XFD3\"/><mergeCell ref=\"nonsense\"/>"
        "</mergeCells>");
    expect_text(&table, 0, 1, CELL_NUMBER, "5");
    assert_false(cell_at(&table, 0, 1)->is_lent);
    expect_text(&table, 0, 2, CELL_NUMBER, "5");
    assert_true(cell_at(&table, 0, 2)->is_lent);
    expect_text(&table, 0, 127, CELL_NUMBER, "6");
    expect_text(&table, 1, 1, CELL_NUMBER, "5");
    expect_text(&table, 1, 2, CELL_NUMBER, "5");
    expect_text(&table, 2, 1, CELL_NUMBER, "9");
    expect_text(&table, 2, 0, CELL_NUMBER, "1");
}

static void rows_and_cells_without_names_follow_one_another(void **state)
{
    (void)state;
    AUTO(table_done) Table table = {.arena = {0}};
    read_sheet_of(&table, "", NULL,
                  "<sheetData><row><c><v>1</v></c><c/><c><v>3</v></c></row><row hidden=\"1\">"
                  "<c r=\"D2\"><v>4</v></c><c><v>5</v></c></row></sheetData>");
    expect_text(&table, 0, 2, CELL_NUMBER, "3");
    expect_text(&table, 1, 4, CELL_NUMBER, "5");
    SheetRow row;
    sheet_row(&table.workbook, &table.workbook.sheets[0], 1, &row);
    assert_true(row.is_hidden);
    assert_int_equal(row.number, 2);
}

/* ---- what is refused ----------------------------------------------------------------------- */

static void expect_refused(Bytes bytes, ErrCode code, const char *words)
{
    AUTO(transcript_done) Transcript transcript = {0};
    transcript_init(&transcript, (size_t)64 << 20, NULL, NULL);
    Err err = {.message = ""};
    const ErrCode got = xlsx_read(bytes, &transcript, &err);
    if (got != code || strstr(err.message, words) == NULL)
        fail_msg("code %d, \"%s\" lacks \"%s\"", got, err.message, words);
    assert_null(strchr(err.message, '\n'));
}

static void expect_sheet_refused(const char *sheet, ErrCode code, const char *words)
{
    AUTO(zip_done) Zip zip = {.count = 0};
    zip_init(&zip);
    add_parts(&zip, "", NULL, sheet);
    expect_refused(zip_end(&zip), code, words);
}

static void what_is_no_workbook_is_named(void **state)
{
    (void)state;
    static const uint8_t old[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 'W', 0, 'o', 0,
                                  'r',  0,    'k',  0,    'b',  0,    'o',  0,    'o', 0, 'k', 0};
    expect_refused((Bytes){old, sizeof old}, ERR_INVALID, "old .xls workbook");
    expect_refused(bytes_of(TEXT("姓名,工号")), ERR_INVALID, "not an .xlsx workbook");
    expect_refused(bytes_of(TEXT("")), ERR_INVALID, "empty");
    expect_refused(bytes_of(TEXT("PK\x03\x04 and nothing else")), ERR_INVALID, "cut off");
    AUTO(zip_done) Zip zip = {.count = 0};
    zip_init(&zip);
    zip_add(&zip, "word/document.xml", "<w/>");
    expect_refused(zip_end(&zip), ERR_INVALID, "Word document");
}

static void damage_is_named_with_its_place(void **state)
{
    (void)state;
    expect_sheet_refused(NULL, ERR_INVALID, "sheet \"花名册\" is missing");
    expect_sheet_refused("<worksheet><sheetData>", ERR_INVALID, "worksheets/sheet1.xml, line 1");
    expect_sheet_refused("<worksheet><sheetData><row r=\"0\"/></sheetData></worksheet>",
                         ERR_INVALID, "no row 0");
    AUTO(zip_done) Zip whole = {.count = 0};
    zip_init(&whole);
    add_parts(&whole, "", NULL, "<worksheet/>");
    const Bytes bytes = zip_end(&whole);
    for (size_t size = 4; size < bytes.size; size += 7)
        expect_refused((Bytes){bytes.at, size}, ERR_INVALID, "cut off");
}

static void harm_is_refused(void **state)
{
    (void)state;
    expect_sheet_refused("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet>&a;</worksheet>",
                         ERR_INVALID, "declares a document type");
    AUTO(zip_done) Zip twins = {.count = 0};
    zip_init(&twins);
    zip_add(&twins, "xl/workbook.xml", "<a/>");
    zip_add(&twins, "XL\\Workbook.xml", "<b/>");
    expect_refused(zip_end(&twins), ERR_INVALID, "two parts of it are called \"xl/workbook.xml\"");

    AUTO(zip_done) Zip bomb = {.count = 0};
    zip_init(&bomb);
    add_parts(&bomb, "", NULL, NULL);
    zip_add_blanks(&bomb, "xl/worksheets/sheet1.xml", 20000);
    expect_refused(zip_end(&bomb), ERR_LIMIT, "packed more than 100 times over");

    AUTO(zip_done) Zip many = {.count = 0};
    zip_init(&many);
    for (unsigned i = 0; i <= ZIPBOX_MEMBERS_MAX; i++) {
        char name[20];
        snprintf(name, sizeof name, "m%u", i);
        zip_add(&many, name, "");
    }
    expect_refused(zip_end(&many), ERR_LIMIT, "it has 513 parts");
}

static void bounds_of_a_sheet_are_kept(void **state)
{
    (void)state;
    expect_sheet_refused(
        "<worksheet><sheetData><row><c r=\"DY1\"><v>1</v></c></row></sheetData></worksheet>",
        ERR_LIMIT, "sheet \"花名册\" row 1 has a value beyond column DX");
    AUTO(buf_done) Buf sheet = {0};
    buf_init(&sheet, (size_t)4 << 20);
    buf_add_z(&sheet, "<worksheet><sheetData>");
    for (int i = 0; i <= XLSX_ROWS_MAX; i++)
        buf_add_z(&sheet, "<row><c><v>1</v></c></row>");
    buf_add_z(&sheet, "</sheetData></worksheet>");
    buf_add_byte(&sheet, '\0');
    expect_sheet_refused((const char *)sheet.at, ERR_LIMIT, "more than 50000 rows");

    buf_clear(&sheet);
    for (int i = 0; i < 100; i++)
        buf_add_z(&sheet, "<a>");
    buf_add_byte(&sheet, '\0');
    expect_sheet_refused((const char *)sheet.at, ERR_LIMIT, "nested more than 64 deep");
}

/* ---- other people's files ------------------------------------------------------------------ */

static void a_sheet_of_many_merges_is_read_in_the_jail(void **state)
{
    (void)state;
    enum { ROWS = 2000 };
    AUTO(buf_done) Buf sheet = {0};
    buf_init(&sheet, (size_t)1 << 20);
    buf_add_z(&sheet, "<worksheet><sheetData>");
    for (int i = 1; i <= ROWS; i++)
        buf_format(&sheet, "<row r=\"%d\"><c r=\"B%d\"><v>%d</v></c></row>", i, i, i);
    buf_add_z(&sheet, "</sheetData><mergeCells>");
    for (int i = ROWS; i > 0; i--) /* in an order that has to be sorted */
        buf_format(&sheet, "<mergeCell ref=\"B%d:D%d\"/>", i, i);
    buf_add_z(&sheet, "</mergeCells></worksheet>");
    buf_add_byte(&sheet, '\0');
    AUTO(zip_done) Zip zip = {.count = 0};
    zip_init(&zip);
    add_parts(&zip, "", NULL, (const char *)sheet.at);
    AUTO(tablefile_done) TableFile file = {.packed = {0}};
    Err err = {.message = ""};
    if (tablefile_read(&file, zip_end(&zip), TEXT("a.xlsx"), &err) != OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < ROWS; i++) {
        SheetRow row;
        sheet_row(&file.workbook, &file.workbook.sheets[0], i, &row);
        assert_int_equal(row.cell_count, 3);
        assert_true(row_cell(&row, 3)->number == (double)(i + 1));
    }
}

typedef struct Tally {
    size_t count;
    size_t refused;
    size_t crashed;
} Tally;

static void read_archive(const char *name, Bytes bytes, void *context)
{
    Tally *tally = context;
    TableFile file;
    Err err = {.message = ""};
    const ErrCode code = tablefile_read(&file, bytes, TEXT("archive.xlsx"), &err);
    tally->count++;
    tally->refused += code != OK;
    if (code == OK) tablefile_done(&file);
    if (code != ERR_CORRUPT && code != ERR_IO) return;
    tally->crashed++;
    print_message("%s: %s\n", name, err.message);
}

static void odd_archives_never_crash_the_reader(void **state)
{
    (void)state;
    Tally tally = {0};
    if (!shared_each("vectors/libzip", read_archive, &tally)) skip();
    print_message(
        "libzip vectors: %zu read in the jail, %zu refused in one sentence, %zu crashed\n",
        tally.count, tally.refused, tally.crashed);
    assert_int_equal(tally.crashed, 0);
    assert_true(tally.count > 0);
}

int main(int argc, char **argv)
{
    jail_main_if_asked(argc, argv, tablefile_tasks, tablefile_task_count);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_dates_where_their_format_says_so),
        cmocka_unit_test(the_count_from_1904_is_followed),
        cmocka_unit_test(format_codes_are_understood),
        cmocka_unit_test(texts_come_without_reading_aids_and_escapes),
        cmocka_unit_test(merged_ranges_lend_their_value),
        cmocka_unit_test(rows_and_cells_without_names_follow_one_another),
        cmocka_unit_test(what_is_no_workbook_is_named),
        cmocka_unit_test(damage_is_named_with_its_place),
        cmocka_unit_test(harm_is_refused),
        cmocka_unit_test(bounds_of_a_sheet_are_kept),
        cmocka_unit_test(a_sheet_of_many_merges_is_read_in_the_jail),
        cmocka_unit_test(odd_archives_never_crash_the_reader),
    };
    return cmocka_run_group_tests_name("xlsx", tests, NULL, NULL);
}
