/* Any bytes are a table or a refusal; what is packed reads back within every bound. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/charset.h"
#include "intake/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(transcript_done) Transcript transcript = {0};
    AUTO(arena_done) Arena arena = {0};
    transcript_init(&transcript, (size_t)16 << 20, NULL, NULL);
    arena_init(&arena, (size_t)16 << 20);
    Err err = {.message = ""};
    void *prepared = charset_prepare();
    const ErrCode code = csv_read(prepared, (Bytes){bytes, size}, &transcript, &err);
    charset_release(prepared);
    if (code != OK) return 0;

    Workbook workbook;
    const ErrCode opened = workbook_open(buf_as_bytes(&transcript.buf), &arena, &workbook, &err);
    assert(opened == OK); /* our own writer is understood by our own reader */
    assert(workbook.sheet_count == 1);
    unsigned last = 0;
    for (size_t i = 0; i < workbook.sheets[0].row_count; i++) {
        SheetRow row;
        sheet_row(&workbook, &workbook.sheets[0], i, &row);
        assert(row.number > last);
        assert(row.cell_count > 0);
        last = row.number;
    }
    return 0;
}
