#pragma once
/*
 * reach — how far somebody's eyes go: the units and projects in the scopes of their roles.
 *
 * What is out of reach is as if it were not there: not listed, not counted, not found.
 *
 *   Owns     nothing: lives in the arena given to reach_load().
 *   Threads  any, once loaded.
 */
#include "base/map.h"
#include "store/store.h"
#include "vocab/policy.h"

typedef struct Grant {
    RoleCode role;
    int64_t scope; /* the key of a unit or project; 0 is everywhere */
} Grant;

typedef struct Reach {
    bool is_everything;
    Map units;    /* keys of all units within reach */
    Map projects; /* keys of projects named one by one */
} Reach;

/* For the command line, where whoever may read the files may see everything. */
Reach reach_everything(void);

/* What the grants whose role has `permission` reach together. */
MUST_USE ErrCode reach_load(Store *store, int64_t shard, const Grant *grants, size_t grant_count,
                            Permission permission, Arena *arena, Reach *out_reach, Err *err);

/* One unit and all below it, to filter by. */
MUST_USE ErrCode reach_below(Store *store, int64_t shard, int64_t unit, Arena *arena,
                             Reach *out_reach, Err *err);

bool reach_has_unit(const Reach *reach, int64_t unit);

/* `unit` is the unit in charge of the project. */
bool reach_has_project(const Reach *reach, int64_t project, int64_t unit);
