#pragma once
/*
 * map — looks up a number by a number, such as a place in an array by a row's key.
 *
 *   Owns     nothing: its slots live in the arena given to map_init() and grow there.
 *   Bounds   the arena's. Keys are any int64 but MAP_KEY_NONE.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define MAP_KEY_NONE INT64_MIN

typedef struct MapSlot {
    int64_t key;
    int64_t value;
} MapSlot;

typedef struct Map {
    Arena *arena;
    MapSlot *slots;
    size_t slot_count; /* a power of two, or zero before the first map_put() */
    size_t count;
} Map;

void map_init(Map *map, Arena *arena);

/* Sets the value of a key, new or not. */
MUST_USE ErrCode map_put(Map *map, int64_t key, int64_t value, Err *err);

/* Absence is normal: returns whether the key is there. */
bool map_find(const Map *map, int64_t key, int64_t *out_value);
