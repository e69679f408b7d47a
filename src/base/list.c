#include "base/list.h"

#include <string.h>

void *list_grow(Arena *arena, void *items, size_t item_size, size_t count)
{
    /* Full at every power of two from eight on: then it moves to twice the room. */
    if (count > 0 && (count < 8 || (count & (count - 1)) != 0)) return items;
    void *grown = arena_alloc(arena, count == 0 ? 8 : count * 2, item_size);
    if (grown != NULL && count > 0) memcpy(grown, items, count * item_size);
    return grown;
}
