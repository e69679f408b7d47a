#include "intake/transcript.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { FLUSH_BYTES = 128 * 1024, ROW_BYTES_MAX = SHEET_COLUMNS_MAX * (SHEET_CELL_BYTES_MAX + 32) };

void transcript_init(Transcript *transcript, size_t limit_bytes, TranscriptSink *sink,
                     void *context)
{
    assert(transcript != NULL);
    *transcript = (Transcript){.sink = sink, .context = context};
    buf_init(&transcript->buf, limit_bytes);
    buf_init(&transcript->body, ROW_BYTES_MAX);
}

void transcript_done(Transcript *transcript)
{
    assert(transcript != NULL);
    buf_done(&transcript->buf);
    buf_done(&transcript->body);
}

static void flush(Transcript *transcript)
{
    if (transcript->sink == NULL) return;
    transcript->sink(transcript->context, buf_as_bytes(&transcript->buf));
    buf_clear(&transcript->buf);
}

void transcript_begin(Transcript *transcript, bool counts_from_1904)
{
    buf_add_z(&transcript->buf, TRANSCRIPT_MAGIC);
    buf_add_byte(&transcript->buf, counts_from_1904 ? TRANSCRIPT_FROM_1904 : 0);
}

static void add_text(Buf *buf, Text text)
{
    assert(text.size <= SHEET_CELL_BYTES_MAX);
    buf_add_varint(buf, text.size);
    buf_add_text(buf, text);
}

static void add_double(Buf *buf, double number)
{
    assert(isfinite(number));
    uint64_t bits;
    static_assert(sizeof bits == sizeof number, "a double is eight bytes");
    memcpy(&bits, &number, sizeof bits);
    for (unsigned i = 0; i < sizeof bits; i++)
        buf_add_byte(buf, (uint8_t)(bits >> 8 * i));
}

void transcript_sheet(Transcript *transcript, Text name, bool is_hidden)
{
    transcript->sheet_count++;
    buf_add_byte(&transcript->buf, 'S');
    buf_add_byte(&transcript->buf, is_hidden ? TRANSCRIPT_IS_HIDDEN : 0);
    add_text(&transcript->buf, name);
}

static void add_cell(Buf *buf, const Cell *cell)
{
    assert(cell->column < SHEET_COLUMNS_MAX);
    unsigned head = (unsigned)cell->kind;
    if (cell->range > 0) head |= TRANSCRIPT_CELL_RANGED;
    if (cell->is_lent) head |= TRANSCRIPT_CELL_LENT;
    if (cell->is_cut) head |= TRANSCRIPT_CELL_CUT;
    buf_add_byte(buf, (uint8_t)cell->column);
    buf_add_byte(buf, (uint8_t)head);
    if (cell->range > 0) buf_add_varint(buf, cell->range);
    if (cell->is_lent) return;

    switch (cell->kind) {
    case CELL_EMPTY: break;
    case CELL_TEXT:
    case CELL_ERROR: add_text(buf, cell->text); break;
    case CELL_DATE:
        buf_add_varint(buf, (uint64_t)(cell->day - DAY_FIRST));
        add_double(buf, cell->number);
        add_text(buf, cell->text);
        break;
    case CELL_NUMBER:
        add_double(buf, cell->number);
        add_text(buf, cell->text);
        break;
    case CELL_BOOL: buf_add_byte(buf, cell->number > 0); break;
    case CELL_KIND_COUNT: assert(cell->kind < CELL_KIND_COUNT); break;
    }
}

void transcript_row(Transcript *transcript, unsigned number, bool is_hidden, const Cell *cells,
                    size_t cell_count)
{
    assert(transcript->sheet_count > 0);
    assert(cell_count <= SHEET_COLUMNS_MAX);
    if (cell_count == 0) return;
    buf_clear(&transcript->body);
    for (size_t i = 0; i < cell_count; i++) {
        assert(i == 0 || cells[i - 1].column < cells[i].column);
        add_cell(&transcript->body, &cells[i]);
    }
    assert(!transcript->body.is_over); /* its limit is the sum of the cells' limits */
    transcript->row_count++;
    buf_add_byte(&transcript->buf, 'R');
    buf_add_varint(&transcript->buf, number);
    buf_add_byte(&transcript->buf, is_hidden ? TRANSCRIPT_IS_HIDDEN : 0);
    buf_add_varint(&transcript->buf, transcript->body.size);
    buf_add(&transcript->buf, buf_as_bytes(&transcript->body));
    if (transcript->buf.size > FLUSH_BYTES) flush(transcript);
}

ErrCode transcript_end(Transcript *transcript, Err *err)
{
    buf_add_byte(&transcript->buf, 'E');
    buf_add_varint(&transcript->buf, transcript->sheet_count);
    buf_add_varint(&transcript->buf, transcript->row_count);
    TRY(buf_check(&transcript->buf, err));
    flush(transcript);
    return OK;
}
