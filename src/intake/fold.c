#include "intake/fold.h"

#include <assert.h>
#include <string.h>

uint32_t fold_narrow_rune(uint32_t rune)
{
    if (rune >= 0xFF01 && rune <= 0xFF5E) return rune - 0xFEE0;
    if (rune == 0x3000 || rune == 0xA0 || (rune >= 0x2000 && rune <= 0x200A)) return ' ';
    if (rune == 0x200B || rune == 0x200C || rune == 0x200D || rune == 0xFEFF || rune == 0xAD ||
        (rune >= 0x202A && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x2069))
        return 0;
    if (rune == '\t' || rune == '\n' || rune == '\r' || rune == 0x0B || rune == 0x0C) return ' ';
    return rune < ' ' || rune == 0x7F ? 0 : rune;
}

static bool is_decoration(uint32_t rune)
{
    static const uint32_t marks[] = {'*',    ':',    '_',    '-',    '.',    '"',    '\'',
                                     0x2605, 0x203B, 0x201C, 0x201D, 0x2018, 0x2019, 0x3001};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (rune == marks[i]) return true;
    return false;
}

typedef struct Line {
    char *at;
    size_t size;
} Line;

static void put(Line *line, uint32_t rune)
{
    char one[4];
    const size_t size = text_put_rune(one, rune);
    if (line->size + size > FOLD_BYTES_MAX) return;
    memcpy(line->at + line->size, one, size);
    line->size += size;
}

static Text text_of(const Line *line)
{
    return (Text){.at = line->at, .size = line->size};
}

Text fold_heading(Text text, char space[FOLD_BYTES_MAX])
{
    Line line = {.at = space};
    for (size_t at = 0; at < text.size;) {
        uint32_t rune = fold_narrow_rune(text_next_rune(text, &at));
        if (rune == 0 || rune == ' ' || is_decoration(rune)) continue;
        if (rune >= 'A' && rune <= 'Z') rune += 'a' - 'A';
        put(&line, rune);
    }
    return text_of(&line);
}

Text fold_value(Text text, char space[FOLD_BYTES_MAX])
{
    Line line = {.at = space};
    bool owes_space = false;
    for (size_t at = 0; at < text.size;) {
        const uint32_t rune = fold_narrow_rune(text_next_rune(text, &at));
        if (rune == 0) continue;
        if (rune == ' ') {
            owes_space = line.size > 0;
            continue;
        }
        if (owes_space) put(&line, ' ');
        owes_space = false;
        put(&line, rune);
    }
    return text_of(&line);
}

Text fold_compact(Text text, char space[FOLD_BYTES_MAX])
{
    Line line = {.at = space};
    for (size_t at = 0; at < text.size;) {
        const uint32_t rune = fold_narrow_rune(text_next_rune(text, &at));
        if (rune != 0 && rune != ' ') put(&line, rune);
    }
    return text_of(&line);
}

static bool opens_bracket(uint32_t rune)
{
    return rune == '(' || rune == '[' || rune == '{' || rune == '<' || rune == 0x3010 ||
           rune == 0x3014 || rune == 0x300A || rune == 0x300C;
}

static bool closes_bracket(uint32_t rune)
{
    return rune == ')' || rune == ']' || rune == '}' || rune == '>' || rune == 0x3011 ||
           rune == 0x3015 || rune == 0x300B || rune == 0x300D;
}

void fold_brackets(Text text, char space[FOLD_BYTES_MAX], Text *out_outside, Text *out_inside)
{
    size_t open = text.size;
    size_t inside = text.size;
    size_t close = text.size;
    size_t after = text.size;
    for (size_t at = 0; at < text.size;) {
        const size_t start = at;
        const uint32_t rune = fold_narrow_rune(text_next_rune(text, &at));
        if (open == text.size && opens_bracket(rune)) {
            open = start;
            inside = at;
        } else if (open < text.size && closes_bracket(rune)) {
            close = start;
            after = at;
            break;
        }
    }
    *out_inside = (Text){text.at + inside, open == text.size ? 0 : close - inside};
    Line line = {.at = space};
    const Text parts[] = {{text.at, open}, {text.at + after, text.size - after}};
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 0; at < parts[i].size;)
            put(&line, text_next_rune(parts[i], &at));
    *out_outside = text_of(&line);
}
