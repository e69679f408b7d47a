#include "journal/cursor.h"

#include <assert.h>
#include <string.h>

Cursor cursor_over(Bytes bytes)
{
    assert(bytes.at != NULL || bytes.size == 0);
    return (Cursor){.at = bytes.at, .left = bytes.size};
}

void cursor_refuse(Cursor *cursor, const char *why)
{
    assert(why != NULL);
    if (cursor->why == NULL) cursor->why = why;
    cursor->left = 0;
}

uint8_t cursor_byte(Cursor *cursor)
{
    assert(cursor != NULL);
    if (cursor->left == 0) {
        cursor_refuse(cursor, "the bytes end too early");
        return 0;
    }
    cursor->left--;
    return *cursor->at++;
}

uint64_t cursor_varint(Cursor *cursor)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t byte = cursor_byte(cursor);
        if (cursor->why != NULL) return 0;
        if (shift == 63 && byte > 1) break;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte >= 0x80) continue;
        if (byte == 0 && shift > 0) break;
        return number;
    }
    cursor_refuse(cursor, "a number is not in its shortest form");
    return 0;
}

Bytes cursor_bytes(Cursor *cursor, uint64_t size)
{
    assert(cursor != NULL);
    if (cursor->why != NULL || size > cursor->left) {
        cursor_refuse(cursor, "the bytes end too early");
        return (Bytes){0};
    }
    const Bytes bytes = {.at = cursor->at, .size = (size_t)size};
    cursor->at += bytes.size;
    cursor->left -= bytes.size;
    return bytes;
}

uint64_t cursor_number(Cursor *cursor, size_t size)
{
    assert(size <= 8);
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | cursor_byte(cursor);
    return cursor->why == NULL ? number : 0;
}

void cursor_copy(Cursor *cursor, uint8_t *out, size_t size)
{
    assert(out != NULL);
    const Bytes bytes = cursor_bytes(cursor, size);
    if (bytes.size == size && size > 0) memcpy(out, bytes.at, size);
}

bool cursor_is_at_end(const Cursor *cursor)
{
    return cursor->why == NULL && cursor->left == 0;
}

ErrCode cursor_check(const Cursor *cursor, Err *err)
{
    assert(cursor != NULL);
    if (cursor->why == NULL) return OK;
    return err_set(err, ERR_CORRUPT, "%s", cursor->why);
}

uint64_t zigzag(int64_t number)
{
    return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

int64_t unzigzag(uint64_t number)
{
    const uint64_t magnitude = number >> 1;
    return (number & 1) != 0 ? -(int64_t)magnitude - 1 : (int64_t)magnitude;
}
