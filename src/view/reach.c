#include "view/reach.h"

#include <assert.h>

#include "store/query.h"
#include "store/things.h"
#include "view/load.h"

Reach reach_everything(void)
{
    return (Reach){.is_everything = true};
}

/* The units below each unit in `queue`, level by level, until no more turn up. */
static ErrCode add_units_below(Store *store, int64_t shard, int64_t top, Arena *arena, Reach *reach,
                               Err *err)
{
    int64_t *queue = NULL;
    size_t count = 0;
    queue = list_grow(arena, queue, sizeof queue[0], count);
    if (queue == NULL) return list_full(count, err);
    queue[count++] = top;
    TRY(map_put(&reach->units, top, 1, err));
    for (size_t at = 0; at < count; at++) {
        AUTO(query_done) Query query = {0};
        bool found = false;
        TRY(query_begin(&query, store, UNITS_BELOW, err));
        query_bind_int(&query, 1, shard);
        query_bind_int(&query, 2, queue[at]);
        TRY(query_next(&query, &found, err));
        while (found) {
            const int64_t unit = query_int(&query, 0);
            int64_t known;
            if (!map_find(&reach->units, unit, &known)) { /* a circle would never end */
                TRY(map_put(&reach->units, unit, 1, err));
                queue = list_grow(arena, queue, sizeof queue[0], count);
                if (queue == NULL) return list_full(count, err);
                queue[count++] = unit;
            }
            TRY(query_next(&query, &found, err));
        }
    }
    return OK;
}

ErrCode reach_load(Store *store, int64_t shard, const Grant *grants, size_t grant_count,
                   Permission permission, Arena *arena, Reach *out_reach, Err *err)
{
    Reach reach = {0};
    map_init(&reach.units, arena);
    map_init(&reach.projects, arena);
    for (size_t i = 0; i < grant_count; i++) {
        if (!role_may(grants[i].role, permission)) continue;
        if (grants[i].scope == 0) {
            *out_reach = reach_everything();
            return OK;
        }
        KindCode kind = KIND_NONE;
        TRY(thing_kind(store, shard, grants[i].scope, &kind, err));
        if (kind == KIND_UNIT)
            TRY(add_units_below(store, shard, grants[i].scope, arena, &reach, err));
        else
            TRY(map_put(&reach.projects, grants[i].scope, 1, err));
    }
    *out_reach = reach;
    return OK;
}

ErrCode reach_below(Store *store, int64_t shard, int64_t unit, Arena *arena, Reach *out_reach,
                    Err *err)
{
    Reach reach = {0};
    map_init(&reach.units, arena);
    map_init(&reach.projects, arena);
    TRY(add_units_below(store, shard, unit, arena, &reach, err));
    *out_reach = reach;
    return OK;
}

bool reach_has_unit(const Reach *reach, int64_t unit)
{
    int64_t there;
    return reach->is_everything || map_find(&reach->units, unit, &there);
}

bool reach_has_project(const Reach *reach, int64_t project, int64_t unit)
{
    int64_t there;
    return reach_has_unit(reach, unit) || map_find(&reach->projects, project, &there);
}
