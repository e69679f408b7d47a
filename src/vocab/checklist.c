#include "vocab/checklist.h"

#include <assert.h>

static bool is_code(Text text)
{
    if (text.size == 0 || text.size > CHECKLIST_CODE_MAX) return false;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

ErrCode checklist_add(Checklist *list, Text line, Arena *arena, Err *err)
{
    Text rest = line;
    const Text code = text_trim(text_split(&rest, '|'));
    const Text zh = text_trim(text_split(&rest, '|'));
    const Text en = text_trim(rest);
    if (!is_code(code) || zh.size == 0 || en.size == 0 || text_contains(en, TEXT("|")))
        return err_set(err, ERR_INVALID,
                       "item is \"code | 中文 | English\", the code of a-z, 0-9, _");
    if (checklist_find(list, code) != NULL)
        return err_set(err, ERR_INVALID, "item %.*s stands here twice", TEXT_ARG(code));
    if (list->count == CHECKLIST_ITEMS_MAX)
        return err_set(err, ERR_LIMIT, "a list has at most %d items", CHECKLIST_ITEMS_MAX);
    if (list->items == NULL) list->items = arena_array(arena, ChecklistItem, CHECKLIST_ITEMS_MAX);
    if (list->items == NULL) return err_set(err, ERR_LIMIT, "no room for a list");
    ChecklistItem item;
    TRY(text_copy(arena, code, &item.code, err));
    TRY(text_copy(arena, zh, &item.zh, err));
    TRY(text_copy(arena, en, &item.en, err));
    list->items[list->count++] = item;
    return OK;
}

void checklist_write(const Checklist *list, Buf *buf)
{
    assert(list != NULL);
    for (size_t i = 0; i < list->count; i++)
        buf_format(buf, "item = %.*s | %.*s | %.*s\n", TEXT_ARG(list->items[i].code),
                   TEXT_ARG(list->items[i].zh), TEXT_ARG(list->items[i].en));
}

const ChecklistItem *checklist_find(const Checklist *list, Text code)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].code, code)) return &list->items[i];
    return NULL;
}
