#include "view/levels.h"

ErrCode levels_load(Source from, Levels *out_levels, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    map_init(&out_levels->parents, from.arena);
    TRY(query_begin(&query, from.store, UNITS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (!query_is_null(&query, 2))
            TRY(map_put(&out_levels->parents, query_int(&query, 0), query_int(&query, 2), err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

size_t levels_above(const Levels *levels, Key unit, Key out_units[CLIMB_LEVELS_MAX])
{
    size_t count = 0;
    int64_t at = unit;
    while (at != KEY_NONE && count < CLIMB_LEVELS_MAX) {
        out_units[count++] = at;
        if (!map_find(&levels->parents, at, &at)) break;
    }
    return count;
}
