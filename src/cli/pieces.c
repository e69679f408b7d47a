#include "cli/pieces.h"

/* The place behind a string that begins at `at`. */
static size_t behind_string(Text json, size_t at)
{
    for (at++; at < json.size && json.at[at] != '"'; at++)
        if (json.at[at] == '\\') at++;
    return at + 1;
}

/* How the nesting changes with a byte that is not in a string. */
static int nesting(char byte)
{
    if (byte == '{' || byte == '[') return 1;
    return byte == '}' || byte == ']' ? -1 : 0;
}

static Text part(Text json, size_t from, size_t to)
{
    return (Text){json.at + from, to - from};
}

static bool begins(Text json, size_t at, const char *words)
{
    const Text wanted = text_from_z(words);
    return json.size - at >= wanted.size && text_equal(part(json, at, at + wanted.size), wanted);
}

/* The place behind the [ of the list; 0: there is none. */
static size_t find_list(Text json)
{
    int depth = 0;
    for (size_t at = 0; at < json.size;) {
        if (depth == 1 && (begins(json, at, "\"items\":[") || begins(json, at, "\"rows\":["))) {
            while (json.at[at] != '[')
                at++;
            return at + 1;
        }
        if (json.at[at] == '"') {
            at = behind_string(json, at);
            continue;
        }
        depth += nesting(json.at[at++]);
    }
    return 0;
}

/* The end of the first elements of a list that are together longer than `size`, or of all. The end
 * of an element is the place of the comma or ] behind it. */
static size_t end_of_elements(Text list, size_t size)
{
    int depth = 0;
    for (size_t at = 0; at < list.size;) {
        const char byte = list.at[at];
        if (depth == 0 && (byte == ']' || (byte == ',' && at >= size))) return at;
        if (byte == '"') {
            at = behind_string(list, at);
            continue;
        }
        depth += nesting(byte);
        at++;
    }
    return list.size;
}

Pieces pieces_of(Text json, size_t size)
{
    const size_t from = find_list(json);
    if (from == 0) return (Pieces){.before = json, .list = TEXT(""), .behind = TEXT("")};
    const Text rest = part(json, from, json.size);
    const size_t end = end_of_elements(rest, rest.size);
    return (Pieces){.before = part(json, 0, from),
                    .list = part(rest, 0, end),
                    .behind = part(rest, end, rest.size),
                    .size = size};
}

ErrCode pieces_next(Pieces *pieces, Buf *out, bool *out_is_one, Err *err)
{
    buf_clear(out);
    *out_is_one = !pieces->is_begun || pieces->list.size > 0;
    pieces->is_begun = true;
    const size_t end = end_of_elements(pieces->list, pieces->size);
    const size_t next = end < pieces->list.size ? end + 1 : end; /* behind the comma */
    buf_add_text(out, pieces->before);
    buf_add_text(out, part(pieces->list, 0, end));
    buf_add_text(out, pieces->behind);
    pieces->list = part(pieces->list, next, pieces->list.size);
    return buf_check(out, err);
}
