#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(Buf *buf, size_t limit_bytes)
{
    assert(buf != NULL);
    assert(limit_bytes > 0);
    *buf = (Buf){.limit_bytes = limit_bytes};
}

void buf_done(Buf *buf)
{
    assert(buf != NULL);
    free(buf->at);
    *buf = (Buf){0};
}

void buf_clear(Buf *buf)
{
    assert(buf != NULL);
    buf->size = 0;
    buf->is_over = false;
}

static void grow(Buf *buf, size_t wanted_bytes)
{
    if (wanted_bytes <= buf->capacity_bytes) return;
    size_t capacity = buf->capacity_bytes < 256 ? 256 : buf->capacity_bytes * 2;
    while (capacity < wanted_bytes)
        capacity *= 2;
    uint8_t *grown = realloc(buf->at, capacity);
    if (grown == NULL) {
        fprintf(stderr, "out of memory: %zu bytes\n", capacity);
        abort();
    }
    buf->at = grown;
    buf->capacity_bytes = capacity;
}

static bool make_room(Buf *buf, size_t size)
{
    assert(buf->limit_bytes > 0); /* buf_init() came first */
    if (buf->is_over || size > buf->limit_bytes - buf->size) {
        buf->is_over = true;
        return false;
    }
    grow(buf, buf->size + size);
    return true;
}

void buf_add(Buf *buf, Bytes bytes)
{
    if (bytes.size == 0 || !make_room(buf, bytes.size)) return;
    memcpy(buf->at + buf->size, bytes.at, bytes.size);
    buf->size += bytes.size;
}

void buf_add_text(Buf *buf, Text text)
{
    buf_add(buf, bytes_of(text));
}

void buf_add_z(Buf *buf, const char *z)
{
    buf_add_text(buf, text_from_z(z));
}

void buf_add_byte(Buf *buf, uint8_t byte)
{
    if (!make_room(buf, 1)) return;
    buf->at[buf->size++] = byte;
}

uint8_t *buf_room(Buf *buf, size_t most_bytes)
{
    return make_room(buf, most_bytes) ? buf->at + buf->size : NULL;
}

void buf_took(Buf *buf, size_t size)
{
    assert(size <= buf->capacity_bytes - buf->size);
    buf->size += size;
}

void buf_format(Buf *buf, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    const int wanted = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    assert(wanted >= 0);
    if ((size_t)wanted < sizeof small) {
        buf_add(buf, (Bytes){(const uint8_t *)small, (size_t)wanted});
        return;
    }
    if (!make_room(buf, (size_t)wanted)) return;
    grow(buf, buf->size + (size_t)wanted + 1); /* for the NUL, which does not count */
    va_start(args, format);
    vsnprintf((char *)buf->at + buf->size, (size_t)wanted + 1, format, args);
    va_end(args);
    buf->size += (size_t)wanted;
}

void buf_add_varint(Buf *buf, uint64_t number)
{
    while (number >= 0x80) {
        buf_add_byte(buf, (uint8_t)(number | 0x80));
        number >>= 7;
    }
    buf_add_byte(buf, (uint8_t)number);
}

ErrCode buf_check(const Buf *buf, Err *err)
{
    assert(buf != NULL);
    if (!buf->is_over) return OK;
    return err_set(err, ERR_LIMIT, "more than %zu bytes were to be written", buf->limit_bytes);
}

Bytes buf_as_bytes(const Buf *buf)
{
    return (Bytes){.at = buf->at, .size = buf->size};
}

Text buf_as_text(const Buf *buf)
{
    return (Text){.at = (const char *)buf->at, .size = buf->size};
}
