#include "intake/charset.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { PIECE_BYTES = 64 * 1024 };

void *charset_prepare(void)
{
    iconv_t table = iconv_open("UTF-8", "GB18030");
    return table == (iconv_t)-1 ? NULL : table;
}

void charset_release(void *prepared)
{
    if (prepared != NULL) iconv_close(prepared);
}

static bool cut_mark(Bytes *bytes, const char *mark, size_t size)
{
    if (bytes->size < size || memcmp(bytes->at, mark, size) != 0) return false;
    bytes->at += size;
    bytes->size -= size;
    return true;
}

static size_t line_of(Bytes bytes, size_t place)
{
    size_t line = 1;
    for (size_t i = 0; i < place && i < bytes.size; i++)
        line += bytes.at[i] == '\n';
    return line;
}

static ErrCode not_text(Bytes bytes, size_t place, const char *charset, Err *err)
{
    return err_set(err, ERR_INVALID,
                   "line %zu is not %s text: save the table as CSV in UTF-8, or as .xlsx",
                   line_of(bytes, place), charset);
}

ErrCode charset_detect(Bytes *bytes, Charset *out_charset, Err *err)
{
    assert(bytes != NULL);
    Err no;
    Text text;
    if (cut_mark(bytes, "\xEF\xBB\xBF", 3)) {
        *out_charset = CHARSET_UTF_8;
    } else if (cut_mark(bytes, "\xFF\xFE", 2)) {
        *out_charset = CHARSET_UTF_16_LE;
    } else if (cut_mark(bytes, "\xFE\xFF", 2)) {
        *out_charset = CHARSET_UTF_16_BE;
    } else if (bytes->size > 0 && memchr(bytes->at, 0, bytes->size) != NULL) {
        return err_set(err, ERR_INVALID, "it is neither CSV text nor an .xlsx workbook");
    } else {
        *out_charset = text_from_bytes(*bytes, &text, &no) == OK ? CHARSET_UTF_8 : CHARSET_GB18030;
    }
    return OK;
}

static ErrCode decode_utf_8(Bytes bytes, Err *err, CharsetSink *sink, void *context)
{
    Text text;
    Err no;
    if (text_from_bytes(bytes, &text, &no) == OK) return sink(context, text, err);
    size_t start = 0; /* of the first line that is not text */
    for (;;) {
        const uint8_t *end = memchr(bytes.at + start, '\n', bytes.size - start);
        const size_t size = end == NULL ? bytes.size - start : (size_t)(end - bytes.at) - start;
        if (text_from_bytes((Bytes){bytes.at + start, size}, &text, &no) != OK) break;
        start += size + 1;
        assert(start < bytes.size); /* one of the lines is bad */
    }
    return not_text(bytes, start, "UTF-8", err);
}

static ErrCode pass_on(const char *at, size_t size, CharsetSink *sink, void *context, Err *err)
{
    if (size > 0 && memchr(at, 0, size) != NULL)
        return err_set(err, ERR_INVALID, "it is neither CSV text nor an .xlsx workbook");
    return sink(context, (Text){.at = at, .size = size}, err);
}

static ErrCode decode_gb18030(iconv_t table, Bytes bytes, Err *err, CharsetSink *sink,
                              void *context)
{
    if (table == NULL)
        return err_set(err, ERR_INVALID,
                       "it is not UTF-8, and this system has no table for GB18030: "
                       "save it as UTF-8");
    (void)iconv(table, NULL, NULL, NULL, NULL); /* back to the start; cannot fail for GB18030 */
    char piece[PIECE_BYTES];
    char *from = (char *)(uintptr_t)bytes.at; /* iconv() only reads, though it does not say so */
    size_t left = bytes.size;
    while (left > 0) {
        char *to = piece;
        size_t room = sizeof piece;
        const size_t done = iconv(table, &from, &left, &to, &room);
        if (done == (size_t)-1 && errno != E2BIG)
            return not_text(bytes, bytes.size - left, "UTF-8 or GB18030", err);
        TRY(pass_on(piece, sizeof piece - room, sink, context, err));
    }
    return OK;
}

static unsigned unit_at(Bytes bytes, size_t at, bool is_little)
{
    const unsigned first = bytes.at[at];
    const unsigned second = bytes.at[at + 1];
    return is_little ? second << 8 | first : first << 8 | second;
}

static ErrCode decode_utf_16(Bytes bytes, bool is_little, Err *err, CharsetSink *sink,
                             void *context)
{
    char piece[PIECE_BYTES];
    size_t size = 0;
    size_t at = 0;
    while (at + 1 < bytes.size) {
        uint32_t rune = unit_at(bytes, at, is_little);
        const size_t start = at;
        at += 2;
        if (rune >= 0xD800 && rune < 0xDC00 && at + 1 < bytes.size) {
            const uint32_t low = unit_at(bytes, at, is_little);
            if (low < 0xDC00 || low > 0xDFFF) return not_text(bytes, start, "UTF-16", err);
            rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        if (rune == 0 || (rune >= 0xD800 && rune < 0xE000))
            return not_text(bytes, start, "UTF-16", err);
        if (size > sizeof piece - 4) {
            TRY(pass_on(piece, size, sink, context, err));
            size = 0;
        }
        char one[4];
        const size_t one_size = text_put_rune(one, rune);
        memcpy(piece + size, one, one_size);
        size += one_size;
    }
    if (at != bytes.size) return not_text(bytes, at, "UTF-16", err);
    return pass_on(piece, size, sink, context, err);
}

ErrCode charset_decode(void *prepared, Charset charset, Bytes bytes, Err *err, CharsetSink *sink,
                       void *context)
{
    assert(sink != NULL);
    switch (charset) {
    case CHARSET_UTF_8: return decode_utf_8(bytes, err, sink, context);
    case CHARSET_GB18030: return decode_gb18030(prepared, bytes, err, sink, context);
    case CHARSET_UTF_16_LE: return decode_utf_16(bytes, true, err, sink, context);
    case CHARSET_UTF_16_BE: return decode_utf_16(bytes, false, err, sink, context);
    }
    return OK;
}
