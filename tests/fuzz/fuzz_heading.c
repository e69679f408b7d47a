/* Any table, under any mapping, is understood or refused; a reading keeps its promises. The first
 * byte chooses the kind, what stands before the first NUL is the mapping, the rest is CSV. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "intake/charset.h"
#include "intake/csv.h"
#include "intake/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_rows(const Reading *reading)
{
    size_t bad = 0;
    for (size_t i = 0; i < reading->row_count; i++) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, 1 << 20);
        ReadRow row;
        Err err = {.message = ""};
        const ErrCode code = reading_row(reading, i, &arena, &row, &err);
        assert(code == OK);
        bad += row.has_error;
        for (size_t j = 0; j < reading->intake->column_count; j++) {
            const bool is_must = (reading->intake->columns[j].flags & COLUMN_FLAG_MUST) != 0;
            assert(row.has_error || !is_must || row.values[j].state == VALUE_SET); /* promise 2 */
        }
    }
    assert(bad == reading->bad_row_count);
}

static void check_words(const Reading *reading)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, (size_t)4 << 20);
    for (size_t i = 0; i < reading->problem_count; i++)
        problem_write(reading, &reading->problems[i], LANGUAGE_ZH, &words);
    reading_write_summary(reading, LANGUAGE_EN, &words);
    Text text;
    Err err;
    const ErrCode code = text_from_bytes(buf_as_bytes(&words), &text, &err);
    assert(code == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2) return 0;
    const IntakeInfo *intake = intake_info((IntakeKind)(bytes[0] % INTAKE_KIND_COUNT));
    const uint8_t *cut = memchr(bytes + 1, 0, size - 1);
    const size_t mapping_size = cut == NULL ? 0 : (size_t)(cut - bytes) - 1;
    const size_t start = cut == NULL ? 1 : mapping_size + 2;

    AUTO(transcript_done) Transcript transcript = {0};
    AUTO(arena_done) Arena arena = {0};
    transcript_init(&transcript, (size_t)16 << 20, NULL, NULL);
    arena_init(&arena, (size_t)16 << 20);
    Err err = {.message = ""};
    Mapping mapping;
    if (mapping_parse((Bytes){bytes + 1, mapping_size}, intake, &arena, &mapping, &err) != OK)
        return 0;
    if (csv_read(NULL, (Bytes){bytes + start, size - start}, &transcript, &err) != OK) return 0;
    Workbook workbook;
    Reading reading;
    if (workbook_open(buf_as_bytes(&transcript.buf), &arena, &workbook, &err) != OK) return 0;
    if (reading_make(&workbook, intake, &mapping, &arena, &reading, &err) != OK) return 0;
    check_rows(&reading);
    check_words(&reading);
    return 0;
}
