#include "api/header.h"

#include <string.h>
#include <strings.h>

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

Text header_cookie(const char *cookies, const char *name)
{
    const Text none = {.at = "", .size = 0};
    if (cookies == NULL) return none;
    Text found = none;
    size_t count = 0;
    Text rest = {.at = cookies, .size = strlen(cookies)};
    while (rest.size > 0) {
        Text value = text_split(&rest, ';');
        while (value.size > 0 && value.at[0] == ' ') {
            value.at++;
            value.size--;
        }
        const Text key = text_split(&value, '=');
        if (!text_is(key, name)) continue;
        found = value;
        count++;
    }
    return count == 1 ? found : none;
}

static Text without_blanks(Text text)
{
    while (text.size > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && (text.at[text.size - 1] == ' ' || text.at[text.size - 1] == '\t'))
        text.size--;
    return text;
}

static Text without_weakness(Text etag)
{
    if (!text_starts_with(etag, TEXT("W/"))) return etag;
    return (Text){etag.at + 2, etag.size - 2};
}

bool header_has_etag(const char *if_none_match, const char *etag)
{
    if (if_none_match == NULL || etag == NULL) return false;
    const Text ours = without_weakness(text_from_z(etag));
    Text rest = {.at = if_none_match, .size = strlen(if_none_match)};
    while (rest.size > 0) {
        const Text one = without_blanks(text_split(&rest, ',')); /* our ETags hold no comma */
        if (text_is(one, "*") || text_equal(without_weakness(one), ours)) return true;
    }
    return false;
}

bool header_is_json(const char *content_type)
{
    if (content_type == NULL) return false;
    Text rest = {.at = content_type, .size = strlen(content_type)};
    const Text type = without_blanks(text_split(&rest, ';'));
    static const char wanted[] = "application/json";
    return type.size == sizeof wanted - 1 && strncasecmp(type.at, wanted, type.size) == 0;
}

/* "https://host:port" is ours when host and port are those the request was sent to. */
static bool is_our_origin(const Origin *from)
{
    if (from->host == NULL) return false;
    const Text scheme = from->is_tls ? TEXT("https://") : TEXT("http://");
    const Text origin = {.at = from->origin, .size = strlen(from->origin)};
    if (!text_starts_with(origin, scheme)) return false;
    const Text place = {origin.at + scheme.size, origin.size - scheme.size};
    return place.size == strlen(from->host) && strncasecmp(place.at, from->host, place.size) == 0;
}

bool header_is_our_own(const Origin *from)
{
    if (from->fetch_site != NULL) return strcmp(from->fetch_site, "same-origin") == 0;
    if (from->origin != NULL) return is_our_origin(from);
    return true;
}

static bool ends_with(Text text, Text end)
{
    return text.size >= end.size &&
           strncasecmp(text.at + text.size - end.size, end.at, end.size) == 0;
}

bool header_names_host(const char *host)
{
    if (host == NULL || host[0] == '[') return false; /* none, or an IPv6 address */
    Text name = {.at = host, .size = strcspn(host, ":")};
    if (name.size > 0 && name.at[name.size - 1] == '.') name.size--;
    if (text_equal(name, TEXT("")) || ends_with(name, TEXT(".localhost"))) return false;
    if (name.size == sizeof "localhost" - 1 && ends_with(name, TEXT("localhost"))) return false;
    /* The last part of a name begins with a letter; that of an IPv4 address, however it is
     * written, does not. */
    size_t at = name.size;
    while (at > 0 && name.at[at - 1] != '.')
        at--;
    return at < name.size && ((name.at[at] | 32) >= 'a') && ((name.at[at] | 32) <= 'z');
}

void base64_write(Bytes bytes, char *out)
{
    uint32_t bits = 0;
    unsigned bit_count = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        bits = bits << 8 | bytes.at[i];
        bit_count += 8;
        while (bit_count >= 6) {
            bit_count -= 6;
            *out++ = base64_letters[bits >> bit_count & 63];
        }
    }
    if (bit_count > 0) *out++ = base64_letters[bits << (6 - bit_count) & 63];
    *out = '\0';
}

static int base64_value(char letter)
{
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9') return letter - '0' + 52;
    if (letter == '-') return 62;
    return letter == '_' ? 63 : -1;
}

bool base64_read(Text text, uint8_t *out, size_t size)
{
    if (text.size != BASE64_SIZE(size)) return false;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t written = 0;
    for (size_t i = 0; i < text.size; i++) {
        const int value = base64_value(text.at[i]);
        if (value < 0) return false;
        bits = bits << 6 | (uint32_t)value;
        bit_count += 6;
        if (bit_count < 8) continue;
        bit_count -= 8;
        out[written++] = (uint8_t)(bits >> bit_count);
    }
    /* What is left over is zero, or two texts would stand for the same bytes. */
    return written == size && (bits & ((1U << bit_count) - 1)) == 0;
}
