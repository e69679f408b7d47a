#include "base/emit.h"

#include <assert.h>
#include <inttypes.h>

void emit_init(Emit *emit, Buf *buf)
{
    assert(emit != NULL);
    assert(buf != NULL);
    *emit = (Emit){.buf = buf};
}

void emit_done(const Emit *emit)
{
    assert(emit->depth == 0); /* invariant 1 */
}

static void begin_value(Emit *emit)
{
    if (emit->needs_comma) buf_add_byte(emit->buf, ',');
    emit->needs_comma = true;
}

static void open_with(Emit *emit, uint8_t bracket)
{
    assert(emit->depth < EMIT_DEPTH_MAX);
    begin_value(emit);
    buf_add_byte(emit->buf, bracket);
    emit->depth++;
    emit->needs_comma = false;
}

static void close_with(Emit *emit, uint8_t bracket)
{
    assert(emit->depth > 0);
    buf_add_byte(emit->buf, bracket);
    emit->depth--;
    emit->needs_comma = true;
}

void emit_open_object(Emit *emit)
{
    open_with(emit, '{');
}

void emit_close_object(Emit *emit)
{
    close_with(emit, '}');
}

void emit_open_array(Emit *emit)
{
    open_with(emit, '[');
}

void emit_close_array(Emit *emit)
{
    close_with(emit, ']');
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != '<' && byte != '>' &&
           byte != '&' && byte != 0x7F;
}

static void add_escaped(Buf *buf, uint8_t byte)
{
    switch (byte) {
    case '"': buf_add_z(buf, "\\\""); break;
    case '\\': buf_add_z(buf, "\\\\"); break;
    case '\n': buf_add_z(buf, "\\n"); break;
    case '\t': buf_add_z(buf, "\\t"); break;
    case '\r': buf_add_z(buf, "\\r"); break;
    default: buf_format(buf, "\\u%04x", byte);
    }
}

static void add_quoted(Buf *buf, Text text)
{
    const Bytes bytes = bytes_of(text);
    buf_add_byte(buf, '"');
    size_t start = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        if (is_plain(bytes.at[i])) continue;
        buf_add(buf, (Bytes){bytes.at + start, i - start});
        add_escaped(buf, bytes.at[i]);
        start = i + 1;
    }
    if (bytes.size > start) buf_add(buf, (Bytes){bytes.at + start, bytes.size - start});
    buf_add_byte(buf, '"');
}

void emit_key(Emit *emit, const char *key)
{
    begin_value(emit);
    add_quoted(emit->buf, text_from_z(key));
    buf_add_byte(emit->buf, ':');
    emit->needs_comma = false;
}

void emit_text(Emit *emit, Text text)
{
    begin_value(emit);
    add_quoted(emit->buf, text);
}

void emit_int(Emit *emit, int64_t number)
{
    begin_value(emit);
    buf_format(emit->buf, "%" PRId64, number);
}

void emit_bool(Emit *emit, bool truth)
{
    begin_value(emit);
    buf_add_z(emit->buf, truth ? "true" : "false");
}

void emit_null(Emit *emit)
{
    begin_value(emit);
    buf_add_z(emit->buf, "null");
}

void emit_day(Emit *emit, Day day)
{
    if (day == DAY_OPEN) {
        emit_null(emit);
        return;
    }
    char iso[DAY_TEXT_MAX];
    emit_text(emit, text_from_z(day_write(day, iso)));
}

void emit_micro(Emit *emit, int64_t millionths)
{
    begin_value(emit);
    const uint64_t size = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths;
    buf_format(emit->buf, "%s%" PRIu64 ".%06" PRIu64, millionths < 0 ? "-" : "", size / 1000000,
               size % 1000000);
}

void emit_text_at(Emit *emit, const char *key, Text text)
{
    emit_key(emit, key);
    emit_text(emit, text);
}

void emit_z_at(Emit *emit, const char *key, const char *z)
{
    emit_text_at(emit, key, text_from_z(z));
}

void emit_int_at(Emit *emit, const char *key, int64_t number)
{
    emit_key(emit, key);
    emit_int(emit, number);
}

void emit_bool_at(Emit *emit, const char *key, bool truth)
{
    emit_key(emit, key);
    emit_bool(emit, truth);
}

void emit_day_at(Emit *emit, const char *key, Day day)
{
    emit_key(emit, key);
    emit_day(emit, day);
}

void emit_null_at(Emit *emit, const char *key)
{
    emit_key(emit, key);
    emit_null(emit);
}
