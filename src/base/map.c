#include "base/map.h"

#include <assert.h>
#include <stdint.h>

void map_init(Map *map, Arena *arena)
{
    assert(map != NULL);
    assert(arena != NULL);
    *map = (Map){.arena = arena};
}

/* Open addressing, linear steps; the multiplier spreads keys that follow one another. */
static MapSlot *slot_of(MapSlot *slots, size_t slot_count, int64_t key)
{
    assert(key != MAP_KEY_NONE);
    uint64_t hash = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 32;
    size_t at = (size_t)hash & (slot_count - 1);
    while (slots[at].key != MAP_KEY_NONE && slots[at].key != key)
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static ErrCode grow(Map *map, Err *err)
{
    const size_t slot_count = map->slot_count == 0 ? 16 : map->slot_count * 2;
    MapSlot *slots = arena_array(map->arena, MapSlot, slot_count);
    if (slots == NULL) return err_set(err, ERR_LIMIT, "%zu keys are too many here", map->count);
    for (size_t i = 0; i < slot_count; i++)
        slots[i].key = MAP_KEY_NONE;
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->slots[i].key != MAP_KEY_NONE)
            *slot_of(slots, slot_count, map->slots[i].key) = map->slots[i];
    map->slots = slots; /* the old ones go with the arena */
    map->slot_count = slot_count;
    return OK;
}

ErrCode map_put(Map *map, int64_t key, int64_t value, Err *err)
{
    if (map->count * 4 >= map->slot_count * 3) TRY(grow(map, err));
    MapSlot *slot = slot_of(map->slots, map->slot_count, key);
    if (slot->key == MAP_KEY_NONE) map->count++;
    *slot = (MapSlot){.key = key, .value = value};
    return OK;
}

bool map_find(const Map *map, int64_t key, int64_t *out_value)
{
    assert(out_value != NULL);
    if (map->slot_count == 0) return false;
    const MapSlot *slot = slot_of(map->slots, map->slot_count, key);
    if (slot->key == MAP_KEY_NONE) return false;
    *out_value = slot->value;
    return true;
}
