#include "base/text.h"

#include <assert.h>
#include <string.h>

/* The length of the sequence that `first` opens, or 0 when it cannot open one. */
static size_t sequence_size(uint8_t first)
{
    if (first < 0x80) return first == 0 ? 0 : 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

/* The second byte carries the rules against overlong forms, surrogates and the end of Unicode. */
static bool is_second_valid(uint8_t first, uint8_t second)
{
    if ((second & 0xC0) != 0x80) return false;
    if (first == 0xE0) return second >= 0xA0;
    if (first == 0xED) return second <= 0x9F;
    if (first == 0xF0) return second >= 0x90;
    if (first == 0xF4) return second <= 0x8F;
    return true;
}

static bool is_sequence_valid(const uint8_t *at, size_t size)
{
    if (size == 1) return true;
    if (!is_second_valid(at[0], at[1])) return false;
    for (size_t i = 2; i < size; i++)
        if ((at[i] & 0xC0) != 0x80) return false;
    return true;
}

ErrCode text_from_bytes(Bytes bytes, Text *out_text, Err *err)
{
    assert(out_text != NULL);
    size_t at = 0;
    while (at < bytes.size) {
        const size_t size = sequence_size(bytes.at[at]);
        if (size == 0 || size > bytes.size - at || !is_sequence_valid(bytes.at + at, size))
            return err_set(err, ERR_INVALID, "byte %zu is not UTF-8 text", at);
        at += size;
    }
    *out_text = (Text){.at = (const char *)bytes.at, .size = bytes.size};
    return OK;
}

Text text_from_z(const char *z)
{
    assert(z != NULL);
    return (Text){.at = z, .size = strlen(z)};
}

Bytes bytes_of(Text text)
{
    return (Bytes){.at = (const uint8_t *)text.at, .size = text.size};
}

bool bytes_equal(Bytes a, Bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

bool text_equal(Text a, Text b)
{
    return bytes_equal(bytes_of(a), bytes_of(b));
}

bool text_is(Text text, const char *z)
{
    return text_equal(text, text_from_z(z));
}

int text_compare(Text a, Text b)
{
    const size_t shared = a.size < b.size ? a.size : b.size;
    const int order = shared == 0 ? 0 : memcmp(a.at, b.at, shared);
    if (order != 0) return order;
    return (a.size > b.size) - (a.size < b.size);
}

bool text_starts_with(Text text, Text start)
{
    return text.size >= start.size && text_equal((Text){text.at, start.size}, start);
}

bool text_contains(Text text, Text part)
{
    if (part.size == 0) return true;
    if (text.size < part.size) return false;
    return memmem(text.at, text.size, part.at, part.size) != NULL;
}

static bool is_space(uint32_t rune)
{
    return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0xA0 || rune == 0x3000 ||
           rune == 0xFEFF || (rune >= 0x2000 && rune <= 0x200B);
}

Text text_trim(Text text)
{
    size_t first = text.size;
    size_t end = 0;
    size_t at = 0;
    while (at < text.size) {
        const size_t start = at;
        if (is_space(text_next_rune(text, &at))) continue;
        if (first > start) first = start;
        end = at;
    }
    if (end == 0) return (Text){.at = text.at, .size = 0};
    return (Text){.at = text.at + first, .size = end - first};
}

Text text_split(Text *rest, char separator)
{
    assert(rest != NULL);
    const Text whole = *rest;
    const char *cut = whole.size == 0 ? NULL : memchr(whole.at, separator, whole.size);
    if (cut == NULL) {
        *rest = (Text){.at = whole.at + whole.size, .size = 0};
        return whole;
    }
    const size_t before = (size_t)(cut - whole.at);
    *rest = (Text){.at = cut + 1, .size = whole.size - before - 1};
    return (Text){.at = whole.at, .size = before};
}

ErrCode bytes_copy(Arena *arena, Bytes bytes, Bytes *out_bytes, Err *err)
{
    assert(out_bytes != NULL);
    uint8_t *copy = arena_array(arena, uint8_t, bytes.size);
    if (copy == NULL) return err_set(err, ERR_LIMIT, "%zu bytes are too many here", bytes.size);
    if (bytes.size > 0) memcpy(copy, bytes.at, bytes.size);
    *out_bytes = (Bytes){.at = copy, .size = bytes.size};
    return OK;
}

ErrCode text_copy(Arena *arena, Text text, Text *out_text, Err *err)
{
    assert(out_text != NULL);
    Bytes copy = {0};
    TRY(bytes_copy(arena, bytes_of(text), &copy, err));
    *out_text = (Text){.at = (const char *)copy.at, .size = copy.size};
    return OK;
}

char *text_z(Arena *arena, Text text)
{
    char *z = arena_array(arena, char, text.size + 1);
    if (z == NULL) return NULL;
    if (text.size > 0) memcpy(z, text.at, text.size);
    z[text.size] = '\0';
    return z;
}

ErrCode text_to_int(Text text, int64_t *out_number, Err *err)
{
    assert(out_number != NULL);
    const bool negative = text.size > 0 && text.at[0] == '-';
    size_t at = negative || (text.size > 0 && text.at[0] == '+') ? 1 : 0;
    if (at == text.size || text.size > 20)
        return err_set(err, ERR_INVALID, "\"%.*s\" is not a whole number", TEXT_ARG(text));

    int64_t number = 0;
    for (; at < text.size; at++) {
        const char digit = text.at[at];
        if (digit < '0' || digit > '9' || __builtin_mul_overflow(number, INT64_C(10), &number) ||
            __builtin_sub_overflow(number, (int64_t)(digit - '0'), &number))
            return err_set(err, ERR_INVALID, "\"%.*s\" is not a whole number", TEXT_ARG(text));
    }
    /* Counted downward, because the negative side reaches one further. */
    if (!negative && number == INT64_MIN)
        return err_set(err, ERR_INVALID, "\"%.*s\" is too large", TEXT_ARG(text));
    *out_number = negative ? number : -number;
    return OK;
}

uint32_t text_next_rune(Text text, size_t *at)
{
    assert(at != NULL);
    if (*at >= text.size) return 0;
    const uint8_t *bytes = (const uint8_t *)text.at + *at;
    const size_t size = sequence_size(bytes[0]);
    assert(size > 0 && size <= text.size - *at); /* a Text is valid UTF-8 */
    *at += size;
    if (size == 1) return bytes[0];
    uint32_t rune = bytes[0] & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++)
        rune = rune << 6 | (bytes[i] & 0x3FU);
    return rune;
}

size_t text_put_rune(char out[4], uint32_t rune)
{
    assert(rune != 0 && rune <= 0x10FFFF);
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    const size_t size = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80U | (rune & 0x3FU));
        rune >>= 6;
    }
    out[0] = (char)((0xF00U >> size & 0xF0U) | rune);
    return size;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

ErrCode bytes_from_hex(Text hex, uint8_t *out, size_t size, Err *err)
{
    assert(out != NULL);
    if (hex.size != size * 2)
        return err_set(err, ERR_INVALID, "%zu hexadecimal digits are needed", size * 2);
    for (size_t i = 0; i < hex.size; i++)
        if (hex_value(hex.at[i]) < 0)
            return err_set(err, ERR_INVALID, "\"%.*s\" is not hexadecimal", TEXT_ARG(hex));
    for (size_t i = 0; i < size; i++) {
        const unsigned high = (unsigned)hex_value(hex.at[2 * i]);
        const unsigned low = (unsigned)hex_value(hex.at[2 * i + 1]);
        out[i] = (uint8_t)(high << 4 | low);
    }
    return OK;
}

void bytes_to_hex(Bytes bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        out[2 * i] = digits[bytes.at[i] >> 4];
        out[2 * i + 1] = digits[bytes.at[i] & 15];
    }
    out[2 * bytes.size] = '\0';
}
