#include "seal/bech32.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define CONTENT_DIGITS 52 /* five bits each: 32 bytes and four zero bits */
#define CHECK_DIGITS   6
#define DIGITS         (CONTENT_DIGITS + CHECK_DIGITS)

static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t mix(uint32_t sum, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
    const uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        if ((top >> i & 1U) != 0) sum ^= generator[i];
    return sum;
}

static uint32_t mix_name(const char *name)
{
    uint32_t sum = 1;
    for (size_t i = 0; name[i] != '\0'; i++)
        sum = mix(sum, (uint8_t)((uint8_t)name[i] >> 5));
    sum = mix(sum, 0);
    for (size_t i = 0; name[i] != '\0'; i++)
        sum = mix(sum, (uint8_t)((uint8_t)name[i] & 31U));
    return sum;
}

static void split(const uint8_t bytes[BECH32_BYTES], uint8_t out[CONTENT_DIGITS])
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < BECH32_BYTES; i++) {
        held = (held << 8 | bytes[i]) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            out[count++] = (uint8_t)(held >> (bits - 5) & 31U);
    }
    out[count++] = (uint8_t)(held << (5 - bits) & 31U);
    assert(count == CONTENT_DIGITS);
}

const char *bech32_write(const char *name, const uint8_t bytes[BECH32_BYTES],
                         char out[BECH32_TEXT_MAX])
{
    uint8_t values[DIGITS];
    const size_t name_size = strlen(name);
    assert(name_size <= BECH32_NAME_MAX);
    split(bytes, values);
    uint32_t sum = mix_name(name);
    for (size_t i = 0; i < CONTENT_DIGITS; i++)
        sum = mix(sum, values[i]);
    for (size_t i = 0; i < CHECK_DIGITS; i++)
        sum = mix(sum, 0);
    sum ^= 1;
    for (size_t i = 0; i < CHECK_DIGITS; i++)
        values[CONTENT_DIGITS + i] = (uint8_t)(sum >> (5 * (5 - i)) & 31U);
    memcpy(out, name, name_size);
    out[name_size] = '1';
    for (size_t i = 0; i < DIGITS; i++)
        out[name_size + 1 + i] = digits[values[i]];
    out[name_size + 1 + DIGITS] = '\0';
    return out;
}

/* The character in lower case; 0 when the case is not the one of the word. */
static char lower(char c, bool is_upper)
{
    if (c >= 'A' && c <= 'Z') return is_upper ? (char)(c + 32) : '\0';
    if (c >= 'a' && c <= 'z' && is_upper) return '\0';
    return c;
}

static bool has_name(Text text, const char *name, bool is_upper)
{
    const size_t size = strlen(name);
    if (text.size != size + 1 + DIGITS || text.at[size] != '1') return false;
    for (size_t i = 0; i < size; i++)
        if (lower(text.at[i], is_upper) != name[i]) return false;
    return true;
}

static bool read_values(Text text, bool is_upper, uint8_t out[DIGITS])
{
    for (size_t i = 0; i < DIGITS; i++) {
        const char c = lower(text.at[text.size - DIGITS + i], is_upper);
        const char *at = c == '\0' ? NULL : strchr(digits, c);
        if (at == NULL) return false;
        out[i] = (uint8_t)(at - digits);
    }
    return true;
}

/* False when the bits that are left over are not zero. */
static bool join(const uint8_t values[CONTENT_DIGITS], uint8_t out[BECH32_BYTES])
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < CONTENT_DIGITS; i++) {
        held = (held << 5 | values[i]) & 0xfff;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        out[count++] = (uint8_t)(held >> bits);
    }
    assert(count == BECH32_BYTES);
    return (held & ((1U << bits) - 1)) == 0;
}

ErrCode bech32_parse(Text text, const char *name, uint8_t out[BECH32_BYTES], Err *err)
{
    uint8_t values[DIGITS];
    uint8_t bytes[BECH32_BYTES];
    const bool is_upper = text.size > 0 && text.at[0] >= 'A' && text.at[0] <= 'Z';
    if (!has_name(text, name, is_upper) || !read_values(text, is_upper, values))
        return err_set(err, ERR_INVALID, "this is no key: one begins with \"%s1\"", name);
    uint32_t sum = mix_name(name);
    for (size_t i = 0; i < DIGITS; i++)
        sum = mix(sum, values[i]);
    if (sum != 1 || !join(values, bytes))
        return err_set(err, ERR_INVALID, "this key was copied wrongly: compare it");
    memcpy(out, bytes, sizeof bytes);
    return OK;
}
