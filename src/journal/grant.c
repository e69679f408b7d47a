#include "journal/grant.h"

#define EVERYTHING 255

ErrCode warrant_parse(Text text, Warrant *out_warrant, Err *err)
{
    Warrant warrant = {.is_everything = text.size == 0 || text_is(text, "*")};
    const bool is_nothing = text_is(text, "-");
    while (!is_nothing && !warrant.is_everything && text.size > 0) {
        Text word = text_split(&text, ',');
        if (warrant.count == WARRANT_GRANTS_MAX)
            return err_set(err, ERR_INVALID, "at most %d scopes are given", WARRANT_GRANTS_MAX);
        ScopeGrant *grant = &warrant.grants[warrant.count++];
        grant->with_below = word.size > 0 && word.at[word.size - 1] == '+';
        if (grant->with_below) word.size--;
        TRY(id_parse(word, &grant->scope, err));
    }
    *out_warrant = warrant;
    return OK;
}

const char *warrant_write(const Warrant *warrant, char out[WARRANT_TEXT_MAX])
{
    size_t size = 0;
    if (warrant->is_everything || warrant->count == 0)
        out[size++] = warrant->is_everything ? '*' : '-';
    for (size_t i = 0; i < warrant->count; i++) {
        if (i > 0) out[size++] = ',';
        (void)id_write(warrant->grants[i].scope, out + size);
        size += ID_TEXT_MAX - 1;
        if (warrant->grants[i].with_below) out[size++] = '+';
    }
    out[size] = '\0';
    return out;
}

void warrant_put(Buf *buf, const Warrant *warrant)
{
    buf_add_byte(buf, warrant->is_everything ? EVERYTHING : (uint8_t)warrant->count);
    for (size_t i = 0; i < warrant->count; i++) {
        buf_add(buf, id_bytes(&warrant->grants[i].scope));
        buf_add_byte(buf, warrant->grants[i].with_below);
    }
}

Warrant warrant_get(Cursor *cursor)
{
    const uint8_t count = cursor_byte(cursor);
    Warrant warrant = {.is_everything = count == EVERYTHING};
    if (warrant.is_everything) return warrant;
    if (count > WARRANT_GRANTS_MAX) cursor_refuse(cursor, "too many scopes");
    for (; warrant.count < count && cursor->why == NULL; warrant.count++) {
        ScopeGrant *grant = &warrant.grants[warrant.count];
        cursor_copy(cursor, grant->scope.at, sizeof grant->scope.at);
        const uint8_t below = cursor_byte(cursor);
        if (below > 1) cursor_refuse(cursor, "a scope is with all below it, or not");
        grant->with_below = below == 1;
    }
    return warrant;
}
