#include "intake/xlsx_text.h"

#include <assert.h>
#include <string.h>

#include "intake/sheet.h"

void xlsx_text_init(XlsxText *string)
{
    *string = (XlsxText){.in_text = false};
    buf_init(&string->text, SHEET_CELL_BYTES_MAX);
}

void xlsx_text_done(XlsxText *string)
{
    buf_done(&string->text);
}

void xlsx_text_clear(XlsxText *string)
{
    buf_clear(&string->text);
    string->in_text = false;
    string->in_phonetic = false;
    string->is_cut = false;
}

void xlsx_text_open(XlsxText *string, Text tag_name)
{
    if (text_is(tag_name, "rPh")) string->in_phonetic = true;
    if (text_is(tag_name, "t") && !string->in_phonetic) string->in_text = true;
}

void xlsx_text_close(XlsxText *string, Text tag_name)
{
    if (text_is(tag_name, "rPh")) string->in_phonetic = false;
    if (text_is(tag_name, "t")) string->in_text = false;
}

void xlsx_text_add(XlsxText *string, Text text)
{
    if (!string->in_text || string->is_cut) return;
    const size_t room = SHEET_CELL_BYTES_MAX - string->text.size;
    size_t size = text.size;
    if (size > room) {
        string->is_cut = true;
        size = room;
        while (size > 0 && ((uint8_t)text.at[size] & 0xC0) == 0x80)
            size--;
    }
    buf_add_text(&string->text, (Text){text.at, size});
}

static int hex(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

/* The character that "_xHHHH_" stands for; 0 when this is something else. */
static uint32_t escaped(const uint8_t *at, size_t size)
{
    if (size < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_') return 0;
    uint32_t rune = 0;
    for (size_t i = 2; i < 6; i++) {
        if (hex(at[i]) < 0) return 0;
        rune = rune << 4 | (uint32_t)hex(at[i]);
    }
    return rune >= 0xD800 && rune < 0xE000 ? 0 : rune;
}

Text xlsx_text_end(XlsxText *string)
{
    Buf *text = &string->text;
    if (text->size == 0 || memmem(text->at, text->size, "_x", 2) == NULL) return buf_as_text(text);
    size_t to = 0;
    for (size_t from = 0; from < text->size;) {
        const uint32_t rune = escaped(text->at + from, text->size - from);
        if (rune == 0) {
            text->at[to++] = text->at[from++];
            continue;
        }
        char one[4];
        const size_t size = text_put_rune(one, rune);
        memcpy(text->at + to, one, size); /* shorter than what it replaces */
        to += size;
        from += 7;
    }
    text->size = to;
    return buf_as_text(text);
}
