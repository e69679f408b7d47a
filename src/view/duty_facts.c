#include "view/duty_facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SITES_BYTES_MAX ((size_t)512 << 20)
#define HELD_BYTES_MAX  ((size_t)1 << 30)
#define STALE_MIN       100000 /* below this it is not worth reading all again */

/* ---- Sites ---- */

static ErrCode load_projects(Source from, DutySites *sites, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, PROJECTS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        ProjectCard card;
        const size_t count = sites->project_count;
        TRY(project_of_row(&query, from.arena, &card, err));
        sites->projects = list_grow(from.arena, sites->projects, sizeof sites->projects[0], count);
        sites->codes = list_grow(from.arena, sites->codes, sizeof sites->codes[0], count);
        if (sites->projects == NULL || sites->codes == NULL) return list_full(count, err);
        sites->projects[count] = card.facts;
        sites->codes[count] = card.code;
        sites->project_count++;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode load_groups(Source from, DutySites *sites, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, GROUPS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        TRY(group_of_row(&query, from.arena, &card, err));
        sites->groups =
            list_grow(from.arena, sites->groups, sizeof sites->groups[0], sites->group_count);
        if (sites->groups == NULL) return list_full(sites->group_count, err);
        TRY(map_put(&sites->group_at, card.facts.key, (int64_t)sites->group_count, err));
        sites->groups[sites->group_count++] = card.facts;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Stations come by group and first day; groups by key. */
static ErrCode join_all(Source from, const Stations *stations, DutySites *sites, Err *err)
{
    size_t next = 0;
    size_t count = 0;
    sites->there = arena_array(from.arena, DayRange, stations->count);
    sites->there_ends = arena_array(from.arena, size_t, sites->group_count);
    if (sites->there == NULL || sites->there_ends == NULL) return list_full(stations->count, err);
    for (size_t i = 0; i < sites->group_count; i++) {
        while (next < stations->count && stations->items[next].group < sites->groups[i].key)
            next++;
        size_t end = next;
        while (end < stations->count && stations->items[end].group == sites->groups[i].key)
            end++;
        count += join_stations(&stations->items[next], end - next, &sites->there[count]);
        sites->there_ends[i] = count;
        next = end;
    }
    return OK;
}

static int compare_stations(const void *a, const void *b)
{
    const Station *left = a;
    const Station *right = b;
    if (left->project != right->project) return left->project < right->project ? -1 : 1;
    if (left->group != right->group) return left->group < right->group ? -1 : 1;
    if (left->days.first != right->days.first) return left->days.first < right->days.first ? -1 : 1;
    return left->key < right->key ? -1 : left->key > right->key;
}

/* Both come by the key of the project. Stations of what was voided are left out. */
static ErrCode place_stays(Source from, Stations *stations, DutySites *sites, Err *err)
{
    size_t next = 0;
    size_t count = 0;
    sites->stays = arena_array(from.arena, SiteStay, stations->count);
    sites->stay_ends = arena_array(from.arena, size_t, sites->project_count);
    if (sites->stays == NULL || sites->stay_ends == NULL) return list_full(stations->count, err);
    if (stations->count > 0)
        qsort(stations->items, stations->count, sizeof stations->items[0], compare_stations);
    for (size_t i = 0; i < sites->project_count; i++) {
        const Key project = sites->projects[i].key;
        while (next < stations->count && stations->items[next].project < project)
            next++;
        for (; next < stations->count && stations->items[next].project == project; next++) {
            int64_t group = 0;
            if (!map_find(&sites->group_at, stations->items[next].group, &group)) continue;
            sites->stays[count++] = (SiteStay){(size_t)group, stations->items[next].days};
        }
        sites->stay_ends[i] = count;
    }
    return OK;
}

static ErrCode fill_sites(Source from, DutySites *sites, Err *err)
{
    Stations stations;
    TRY(load_projects(from, sites, err));
    TRY(load_groups(from, sites, err));
    TRY(load_all_stations(from, &stations, err));
    TRY(join_all(from, &stations, sites, err));
    TRY(place_stays(from, &stations, sites, err));
    return load_calendar(from, &sites->calendar, err);
}

ErrCode duty_sites_load(Store *store, int64_t shard, DutySites **out_sites, Err *err)
{
    Arena arena;
    arena_init(&arena, SITES_BYTES_MAX);
    DutySites *sites = arena_new(&arena, DutySites);
    assert(sites != NULL); /* the first thing in a new arena */
    sites->arena = arena;
    sites->uses = 1;
    map_init(&sites->group_at, &sites->arena);
    const ErrCode code = fill_sites((Source){store, shard, &sites->arena}, sites, err);
    if (code != OK) {
        duty_sites_release(&sites);
        return code;
    }
    *out_sites = sites;
    return OK;
}

void duty_sites_release(DutySites **sites)
{
    DutySites *self = *sites;
    *sites = NULL;
    if (self == NULL || --self->uses > 0) return;
    Arena arena = self->arena;
    arena_done(&arena);
}

/* ---- What groups held ---- */

static ErrCode held_of(DutyHeld *held, Key group, size_t *out_at, Err *err)
{
    int64_t at = 0;
    if (!map_find(&held->at, group, &at)) {
        held->items = list_grow(&held->arena, held->items, sizeof held->items[0], held->count);
        if (held->items == NULL) return list_full(held->count, err);
        held->items[held->count] = (Held){0};
        TRY(map_put(&held->at, group, (int64_t)held->count, err));
        at = (int64_t)held->count++;
    }
    *out_at = (size_t)at;
    return OK;
}

/* What is read before it is known how much there is of each group. */
typedef struct Rows {
    Part *parts;
    Waiver *waivers;
    size_t *of; /* the place of its group */
    size_t count;
} Rows;

static ErrCode read_parts(Source from, int utc_offset_minutes, DutyHeld *held, Rows *rows, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, DUTY_PARTS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        rows->parts = list_grow(from.arena, rows->parts, sizeof rows->parts[0], rows->count);
        rows->of = list_grow(from.arena, rows->of, sizeof rows->of[0], rows->count);
        if (rows->parts == NULL || rows->of == NULL) return list_full(rows->count, err);
        TRY(part_of_row(&query, 1, utc_offset_minutes, &rows->parts[rows->count], err));
        TRY(held_of(held, query_int(&query, 0), &rows->of[rows->count], err));
        held->items[rows->of[rows->count++]].part_count++;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode read_waivers(Source from, DutyHeld *held, Rows *rows, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, from.store, DUTY_WAIVERS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        rows->waivers = list_grow(from.arena, rows->waivers, sizeof rows->waivers[0], rows->count);
        rows->of = list_grow(from.arena, rows->of, sizeof rows->of[0], rows->count);
        if (rows->waivers == NULL || rows->of == NULL) return list_full(rows->count, err);
        rows->waivers[rows->count] = (Waiver){.key = query_int(&query, 1),
                                              .meeting = (int)query_int(&query, 2),
                                              .day = (Day)query_int(&query, 3)};
        TRY(held_of(held, query_int(&query, 0), &rows->of[rows->count], err));
        held->items[rows->of[rows->count++]].waiver_count++;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Each group's parts in a row, settled. */
static ErrCode keep_parts(DutyHeld *held, const Rows *rows, Err *err)
{
    size_t at = 0;
    Part *parts = arena_array(&held->arena, Part, rows->count);
    size_t *next = arena_array(&held->arena, size_t, held->count);
    if (parts == NULL || next == NULL) return list_full(rows->count, err);
    for (size_t i = 0; i < held->count; i++) {
        held->items[i].parts = &parts[at];
        next[i] = at;
        at += held->items[i].part_count;
    }
    for (size_t i = 0; i < rows->count; i++)
        parts[next[rows->of[i]]++] = rows->parts[i];
    for (size_t i = 0, first = 0; i < held->count; i++) {
        Part *own = &parts[first];
        first += held->items[i].part_count;
        parts_settle(own, &held->items[i].part_count);
    }
    held->part_count = rows->count;
    return OK;
}

static ErrCode keep_waivers(DutyHeld *held, const Rows *rows, Err *err)
{
    size_t at = 0;
    Waiver *waivers = arena_array(&held->arena, Waiver, rows->count);
    size_t *next = arena_array(&held->arena, size_t, held->count);
    if (waivers == NULL || next == NULL) return list_full(rows->count, err);
    for (size_t i = 0; i < held->count; i++) {
        held->items[i].waivers = &waivers[at];
        next[i] = at;
        at += held->items[i].waiver_count;
    }
    for (size_t i = 0; i < rows->count; i++)
        waivers[next[rows->of[i]]++] = rows->waivers[i];
    return OK;
}

static ErrCode fill_held(Store *store, int64_t shard, int utc_offset_minutes, DutyHeld *held,
                         Err *err)
{
    AUTO(arena_done) Arena scratch = {0};
    Rows parts = {0};
    Rows waivers = {0};
    arena_init(&scratch, HELD_BYTES_MAX);
    const Source from = {store, shard, &scratch};
    TRY(read_parts(from, utc_offset_minutes, held, &parts, err));
    TRY(keep_parts(held, &parts, err));
    TRY(read_waivers(from, held, &waivers, err));
    return keep_waivers(held, &waivers, err);
}

ErrCode duty_held_load(Store *store, int64_t shard, int utc_offset_minutes, DutyHeld **out_held,
                       Err *err)
{
    Arena arena;
    arena_init(&arena, HELD_BYTES_MAX);
    DutyHeld *held = arena_new(&arena, DutyHeld);
    assert(held != NULL); /* the first thing in a new arena */
    held->arena = arena;
    map_init(&held->at, &held->arena);
    const ErrCode code = fill_held(store, shard, utc_offset_minutes, held, err);
    if (code != OK) {
        duty_held_close(&held);
        return code;
    }
    *out_held = held;
    return OK;
}

void duty_held_close(DutyHeld **held)
{
    if (*held == NULL) return;
    Arena arena = (*held)->arena;
    arena_done(&arena);
    *held = NULL;
}

ErrCode duty_held_refresh(DutyHeld *held, Store *store, int64_t shard, int utc_offset_minutes,
                          const Group *group, Err *err)
{
    size_t at = 0;
    DutyFacts facts;
    TRY(load_duty_facts((Source){store, shard, &held->arena}, utc_offset_minutes, group, &facts,
                        err));
    TRY(held_of(held, group->key, &at, err));
    held->stale_count += held->items[at].part_count + facts.part_count + 1;
    held->items[at] = (Held){facts.parts, facts.part_count, facts.waivers, facts.waiver_count};
    return OK;
}

bool duty_held_is_stale(const DutyHeld *held)
{
    return held->stale_count > STALE_MIN && held->stale_count > held->part_count;
}

DutyFacts duty_facts_of(const DutySites *sites, const DutyHeld *held, const Pack *pack,
                        size_t group)
{
    int64_t at = 0;
    static const Held nothing = {0};
    const size_t first = group == 0 ? 0 : sites->there_ends[group - 1];
    const bool has = map_find(&held->at, sites->groups[group].key, &at);
    const Held *own = has ? &held->items[at] : &nothing;
    return (DutyFacts){
        .pack = pack,
        .calendar = &sites->calendar,
        .kind = sites->groups[group].kind,
        .form = sites->groups[group].form,
        .there = &sites->there[first],
        .there_count = sites->there_ends[group] - first,
        .parts = own->parts,
        .part_count = own->part_count,
        .waivers = own->waivers,
        .waiver_count = own->waiver_count,
    };
}
