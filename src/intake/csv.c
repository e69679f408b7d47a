#include "intake/csv.h"

#include <assert.h>
#include <string.h>

#include "intake/charset.h"

enum {
    SAMPLE_BYTES = 32 * 1024, /* enough lines to tell the separator */
    SAMPLE_ROWS = 50,
    QUOTED_BYTES_MAX = 256 * 1024, /* a longer value is a quote that was never closed */
    ROW_TEXT_MAX = SHEET_COLUMNS_MAX * (SHEET_CELL_BYTES_MAX + 4)
};

typedef enum State {
    AT_START, /* of a value */
    IN_PLAIN,
    IN_QUOTED,
    AFTER_QUOTE, /* one more makes it a quote, anything else ends the quoted part */
} State;

typedef struct Csv Csv;
typedef ErrCode RowSink(void *context, const Csv *csv, Err *err);

struct Csv {
    char separator;
    State state;
    bool skips_line_feed; /* the second half of CR LF */
    unsigned record;      /* number of the row at hand; the first is 1 */
    size_t line;          /* of the text, counted from 1 */
    size_t quote_line;
    size_t quoted_bytes;
    size_t stray_count; /* of characters between a closing quote and the next separator */
    size_t column;      /* of the value at hand; may pass SHEET_COLUMNS_MAX while it is empty */
    Buf text;           /* of the whole row */
    size_t starts[SHEET_COLUMNS_MAX + 1];
    bool cuts[SHEET_COLUMNS_MAX];
    RowSink *sink;
    void *context;
};

static void csv_init(Csv *csv, char separator, RowSink *sink, void *context)
{
    *csv = (Csv){.separator = separator, .record = 1, .line = 1, .sink = sink, .context = context};
    buf_init(&csv->text, ROW_TEXT_MAX);
}

static void csv_done(Csv *csv)
{
    buf_done(&csv->text);
}

/* The part of `text` that fits, without half a character at its end. */
static size_t fitting(Text text, size_t room)
{
    if (text.size <= room) return text.size;
    while (room > 0 && ((uint8_t)text.at[room] & 0xC0) == 0x80)
        room--;
    return room;
}

static ErrCode add(Csv *csv, Text text, Err *err)
{
    if (text.size == 0) return OK;
    if (csv->column >= SHEET_COLUMNS_MAX)
        return err_set(err, ERR_LIMIT, "row %u has more than %d columns", csv->record,
                       SHEET_COLUMNS_MAX);
    if (csv->cuts[csv->column]) return OK;
    const size_t had = csv->text.size - csv->starts[csv->column];
    const size_t size = fitting(text, SHEET_CELL_BYTES_MAX - had);
    csv->cuts[csv->column] = size < text.size;
    buf_add_text(&csv->text, (Text){text.at, size});
    return OK;
}

static void end_value(Csv *csv)
{
    csv->state = AT_START;
    csv->column++;
    if (csv->column < SHEET_COLUMNS_MAX) csv->cuts[csv->column] = false;
    if (csv->column <= SHEET_COLUMNS_MAX) csv->starts[csv->column] = csv->text.size;
}

static ErrCode end_row(Csv *csv, Err *err)
{
    end_value(csv);
    if (csv->text.size > 0) TRY(csv->sink(csv->context, csv, err));
    buf_clear(&csv->text);
    csv->column = 0;
    csv->starts[0] = 0;
    csv->cuts[0] = false;
    if (csv->record++ >= SHEET_ROW_NUMBER_MAX)
        return err_set(err, ERR_LIMIT, "it has more than %d lines", SHEET_ROW_NUMBER_MAX);
    return OK;
}

static bool ends_row(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* One line end, of whatever kind. */
static ErrCode take_line_end(Csv *csv, char byte, Err *err)
{
    csv->skips_line_feed = byte == '\r';
    csv->line++;
    return end_row(csv, err);
}

static ErrCode take_plain(Csv *csv, Text text, size_t *at, Err *err)
{
    const size_t start = *at;
    while (*at < text.size && text.at[*at] != csv->separator && !ends_row(text.at[*at]))
        ++*at;
    TRY(add(csv, (Text){text.at + start, *at - start}, err));
    csv->state = IN_PLAIN;
    if (*at == text.size) return OK;
    const char byte = text.at[(*at)++];
    if (byte != csv->separator) return take_line_end(csv, byte, err);
    end_value(csv);
    return OK;
}

static ErrCode take_quoted(Csv *csv, Text text, size_t *at, Err *err)
{
    const size_t start = *at;
    const char *quote = memchr(text.at + start, '"', text.size - start);
    *at = quote == NULL ? text.size : (size_t)(quote - text.at);
    for (size_t i = start; i < *at; i++)
        csv->line += text.at[i] == '\n';
    csv->quoted_bytes += *at - start;
    if (csv->quoted_bytes > QUOTED_BYTES_MAX)
        return err_set(err, ERR_INVALID, "the quote opened in line %zu is never closed",
                       csv->quote_line);
    TRY(add(csv, (Text){text.at + start, *at - start}, err));
    if (quote == NULL) return OK;
    csv->state = AFTER_QUOTE;
    ++*at;
    return OK;
}

static ErrCode take(Csv *csv, Text text, size_t *at, Err *err)
{
    const char byte = text.at[*at];
    if (csv->skips_line_feed) {
        csv->skips_line_feed = false;
        if (byte == '\n') {
            ++*at;
            return OK;
        }
    }
    switch (csv->state) {
    case AT_START:
        if (byte != '"') return take_plain(csv, text, at, err);
        csv->state = IN_QUOTED;
        csv->quote_line = csv->line;
        csv->quoted_bytes = 0;
        ++*at;
        return OK;
    case IN_PLAIN: return take_plain(csv, text, at, err);
    case IN_QUOTED: return take_quoted(csv, text, at, err);
    case AFTER_QUOTE:
        if (byte != '"') {
            if (byte != csv->separator && !ends_row(byte)) csv->stray_count++;
            return take_plain(csv, text, at, err);
        }
        csv->state = IN_QUOTED;
        ++*at;
        return add(csv, TEXT("\""), err);
    }
    return OK;
}

static ErrCode feed(void *context, Text text, Err *err)
{
    Csv *csv = context;
    size_t at = 0;
    while (at < text.size)
        TRY(take(csv, text, &at, err));
    return OK;
}

static ErrCode finish(Csv *csv, Err *err)
{
    if (csv->state == IN_QUOTED)
        return err_set(err, ERR_INVALID, "the quote opened in line %zu is never closed",
                       csv->quote_line);
    if (csv->state == AT_START && csv->column == 0) return OK;
    return end_row(csv, err);
}

/* ---- which separator ---------------------------------------------------------------------- */

typedef struct Sample {
    size_t widths[SAMPLE_ROWS];
    size_t count;
} Sample;

static ErrCode note_width(void *context, const Csv *csv, Err *err)
{
    Sample *sample = context;
    if (sample->count == SAMPLE_ROWS) return err_set(err, ERR_LIMIT, "enough");
    sample->widths[sample->count++] = csv->column;
    return OK;
}

/* How many rows share a number of values above one, and then that number. A separator is none when
 * too few rows do, or when quotes close where no value ends. */
static size_t rate(Text start, char separator)
{
    AUTO(csv_done) Csv csv = {0};
    Sample sample = {.count = 0};
    Err enough;
    csv_init(&csv, separator, note_width, &sample);
    /* A failure here only ends the sample; the real reading will meet and report it. */
    if (feed(&csv, start, &enough) == OK && csv.text.size > 0) (void)end_row(&csv, &enough);

    size_t best = 0;
    for (size_t i = 0; i < sample.count; i++) {
        size_t alike = 0;
        for (size_t j = 0; j < sample.count; j++)
            alike += sample.widths[j] == sample.widths[i];
        if (sample.widths[i] == 1 || alike * 2 <= sample.count) continue;
        if (alike * 1000 + sample.widths[i] > best) best = alike * 1000 + sample.widths[i];
    }
    return csv.stray_count > 0 ? 0 : best;
}

static char find_separator(Text start)
{
    static const char candidates[] = {',', '\t', ';'};
    char found = ',';
    size_t best = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        const size_t rating = rate(start, candidates[i]);
        if (rating > best) {
            best = rating;
            found = candidates[i];
        }
    }
    return found;
}

/* Excel's own hint, on a line for itself: how many bytes it takes, 0 when there is none. */
static size_t read_hint(Text text, char *out_separator)
{
    if (text.size < 6 || !text_starts_with(text, TEXT("sep="))) return 0;
    const char separator = text.at[4];
    if (separator != ',' && separator != ';' && separator != '\t' && separator != '|') return 0;
    if (!ends_row(text.at[5])) return 0;
    *out_separator = separator;
    return text.size > 6 && text.at[5] == '\r' && text.at[6] == '\n' ? 7 : 6;
}

/* The first piece of the text tells the separator before it is read like the others. */
static ErrCode feed_first(void *context, Text text, Err *err)
{
    Csv *csv = context;
    size_t skipped = 0;
    if (csv->separator == '\0') {
        skipped = read_hint(text, &csv->separator);
        if (skipped == 0)
            csv->separator = find_separator((Text){text.at, fitting(text, SAMPLE_BYTES)});
        if (skipped > 0) csv->line++;
    }
    return feed(csv, (Text){text.at + skipped, text.size - skipped}, err);
}

/* ---- the file ----------------------------------------------------------------------------- */

static ErrCode write_row(void *context, const Csv *csv, Err *err)
{
    Transcript *transcript = context;
    if (transcript->row_count >= CSV_ROWS_MAX)
        return err_set(err, ERR_LIMIT, "it has more than %d rows: split it", CSV_ROWS_MAX);
    Cell cells[SHEET_COLUMNS_MAX];
    size_t count = 0;
    const size_t width = csv->column < SHEET_COLUMNS_MAX ? csv->column : SHEET_COLUMNS_MAX;
    for (unsigned column = 0; column < width; column++) {
        const size_t start = csv->starts[column];
        const size_t size = csv->starts[column + 1] - start;
        if (size == 0) continue;
        cells[count++] = (Cell){.kind = CELL_TEXT,
                                .column = column,
                                .text = {(const char *)csv->text.at + start, size},
                                .is_cut = csv->cuts[column]};
    }
    transcript_row(transcript, csv->record, false, cells, count);
    return OK;
}

ErrCode csv_read(void *prepared, Bytes bytes, Transcript *transcript, Err *err)
{
    Charset charset;
    TRY(charset_detect(&bytes, &charset, err));
    transcript_begin(transcript, false);
    transcript_sheet(transcript, TEXT(""), false);
    AUTO(csv_done) Csv csv = {0};
    csv_init(&csv, '\0', write_row, transcript);
    TRY(charset_decode(prepared, charset, bytes, err, feed_first, &csv));
    TRY(finish(&csv, err));
    return transcript_end(transcript, err);
}
