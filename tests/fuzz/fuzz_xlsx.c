/* Any bytes are a workbook or a refusal. The zip layer would stop nearly everything a fuzzer
 * thinks of, so bytes that begin with '<' are put into a sound archive: as the part their second
 * byte chooses. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "intake/xlsx.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct Archive {
    Buf bytes;
    Buf directory;
    unsigned count;
} Archive;

static void put(Buf *buf, uint32_t number, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        buf_add_byte(buf, (uint8_t)(number >> 8 * i));
}

static uint32_t checksum(Bytes bytes)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes.size; i++) {
        crc ^= bytes.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

static void add(Archive *archive, const char *name, Bytes content)
{
    const uint32_t offset = (uint32_t)archive->bytes.size;
    const uint32_t crc = checksum(content);
    put(&archive->bytes, 0x04034B50, 4);
    put(&archive->directory, 0x02014B50, 4);
    put(&archive->directory, 20, 2);
    Buf *both[] = {&archive->bytes, &archive->directory};
    for (size_t i = 0; i < 2; i++) {
        put(both[i], 20, 2);
        put(both[i], 0, 2);
        put(both[i], 0, 2);
        put(both[i], 0, 4);
        put(both[i], crc, 4);
        put(both[i], (uint32_t)content.size, 4);
        put(both[i], (uint32_t)content.size, 4);
        put(both[i], (uint32_t)strlen(name), 2);
        put(both[i], 0, 2);
    }
    put(&archive->directory, 0, 2);
    put(&archive->directory, 0, 4);
    put(&archive->directory, 0, 4);
    put(&archive->directory, offset, 4);
    buf_add_z(&archive->directory, name);
    buf_add_z(&archive->bytes, name);
    buf_add(&archive->bytes, content);
    archive->count++;
}

static Bytes finish(Archive *archive)
{
    const uint32_t start = (uint32_t)archive->bytes.size;
    buf_add(&archive->bytes, buf_as_bytes(&archive->directory));
    put(&archive->bytes, 0x06054B50, 4);
    put(&archive->bytes, 0, 4);
    put(&archive->bytes, archive->count, 2);
    put(&archive->bytes, archive->count, 2);
    put(&archive->bytes, (uint32_t)archive->directory.size, 4);
    put(&archive->bytes, start, 4);
    put(&archive->bytes, 0, 2);
    return buf_as_bytes(&archive->bytes);
}

static void read_bytes(Bytes bytes)
{
    AUTO(transcript_done) Transcript transcript = {0};
    AUTO(arena_done) Arena arena = {0};
    transcript_init(&transcript, (size_t)16 << 20, NULL, NULL);
    arena_init(&arena, (size_t)16 << 20);
    Err err = {.message = ""};
    if (xlsx_read(bytes, &transcript, &err) != OK) {
        assert(err.message[0] != '\0');
        return;
    }
    Workbook workbook;
    const ErrCode opened = workbook_open(buf_as_bytes(&transcript.buf), &arena, &workbook, &err);
    assert(opened == OK);
    for (size_t i = 0; i < workbook.sheet_count; i++)
        for (size_t j = 0; j < workbook.sheets[i].row_count; j++) {
            SheetRow row;
            sheet_row(&workbook, &workbook.sheets[i], j, &row);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                        "xl/styles.xml", "xl/workbook.xml"};
    static const char *const sound[] = {
        "<worksheet><sheetData><row><c t=\"s\" s=\"1\"><v>0</v></c><c "
        "s=\"1\"><v>44075</v></c></row>"
        "</sheetData></worksheet>",
        "<sst><si><t>a</t></si></sst>",
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"};
    if (size < 2 || bytes[0] != '<') {
        read_bytes((Bytes){bytes, size});
        return 0;
    }
    Archive archive = {.count = 0};
    buf_init(&archive.bytes, (size_t)8 << 20);
    buf_init(&archive.directory, 1 << 16);
    const size_t chosen = bytes[1] % 4;
    for (size_t i = 0; i < 4; i++)
        add(&archive, names[i],
            i == chosen ? (Bytes){bytes + 2, size - 2} : bytes_of(text_from_z(sound[i])));
    add(&archive, "xl/_rels/workbook.xml.rels",
        bytes_of(TEXT("<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
                      "Target=\"worksheets/sheet1.xml\"/></Relationships>")));
    read_bytes(finish(&archive));
    buf_done(&archive.bytes);
    buf_done(&archive.directory);
    return 0;
}
