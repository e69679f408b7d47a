#pragma once
/*
 * list — an array in an arena that grows while things are added to it.
 *
 *     items = list_grow(arena, items, sizeof items[0], count);
 *     if (items == NULL) return list_full(count, err);
 *     items[count++] = thing;
 *
 *   Owns     nothing: what was outgrown stays in the arena.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "base/arena.h"
#include "base/err.h"

/* Room for one more item behind `count` others: `items` itself, or twice the room elsewhere in the
 * arena; NULL at the arena's limit. */
MUST_USE void *list_grow(Arena *arena, void *items, size_t item_size, size_t count);

MUST_USE static inline ErrCode list_full(size_t count, Err *err)
{
    return err_set(err, ERR_LIMIT, "more than %zu rows do not fit here", count);
}
