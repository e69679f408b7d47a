#include "intake/xlsx_strings.h"

#include <assert.h>
#include <string.h>

#define CUT_BIT UINT32_C(0x80000000)
static_assert(ZIPBOX_INFLATED_MAX < CUT_BIT, "an end fits below the bit");

typedef struct Reading {
    XlsxStrings *strings;
    XlsxText string;
    bool in_string;
} Reading;

void xlsx_strings_init(XlsxStrings *strings)
{
    *strings = (XlsxStrings){.count = 0};
    buf_init(&strings->text, ZIPBOX_INFLATED_MAX);
    buf_init(&strings->ends, XLSX_STRINGS_MAX * sizeof(uint32_t));
}

void xlsx_strings_done(XlsxStrings *strings)
{
    buf_done(&strings->text);
    buf_done(&strings->ends);
}

static ErrCode on_open(void *context, const XmlTag *tag, Err *err)
{
    (void)err;
    Reading *reading = context;
    if (text_is(tag->name, "si")) {
        xlsx_text_clear(&reading->string);
        reading->in_string = true;
    }
    if (reading->in_string) xlsx_text_open(&reading->string, tag->name);
    return OK;
}

static ErrCode on_text(void *context, Text text, Err *err)
{
    (void)err;
    Reading *reading = context;
    if (reading->in_string) xlsx_text_add(&reading->string, text);
    return OK;
}

static ErrCode on_close(void *context, Text name, Err *err)
{
    Reading *reading = context;
    if (reading->in_string) xlsx_text_close(&reading->string, name);
    if (!text_is(name, "si")) return OK;

    XlsxStrings *strings = reading->strings;
    if (strings->count == XLSX_STRINGS_MAX)
        return err_set(err, ERR_LIMIT, "it has more than %d different texts", XLSX_STRINGS_MAX);
    reading->in_string = false;
    buf_add_text(&strings->text, xlsx_text_end(&reading->string));
    uint32_t end = (uint32_t)strings->text.size;
    if (reading->string.is_cut) end |= CUT_BIT;
    buf_add(&strings->ends, (Bytes){(const uint8_t *)&end, sizeof end});
    strings->count++;
    return buf_check(&strings->text, err);
}

ErrCode xlsx_strings_read(ZipBox *box, size_t member, XlsxStrings *strings, Err *err)
{
    static const XmlEvents events = {.open = on_open, .close = on_close, .text = on_text};
    Reading reading = {.strings = strings};
    xlsx_text_init(&reading.string);
    const ErrCode code = xml_read(box, member, &events, &reading, err);
    xlsx_text_done(&reading.string);
    return code;
}

static uint32_t end_at(const XlsxStrings *strings, size_t index)
{
    uint32_t end;
    memcpy(&end, strings->ends.at + index * sizeof end, sizeof end);
    return end;
}

bool xlsx_strings_find(const XlsxStrings *strings, size_t index, Text *out_text, bool *out_is_cut)
{
    if (index >= strings->count) return false;
    const uint32_t start = index == 0 ? 0 : end_at(strings, index - 1) & ~CUT_BIT;
    const uint32_t end = end_at(strings, index);
    const size_t size = (end & ~CUT_BIT) - start;
    *out_text = size == 0 ? TEXT("") : (Text){(const char *)strings->text.at + start, size};
    *out_is_cut = (end & CUT_BIT) != 0;
    return true;
}
