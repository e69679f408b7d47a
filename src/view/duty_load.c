#include "view/duty_load.h"

#include "journal/hlc.h"

ErrCode load_group_once(Source from, Key group, GroupCards *groups, Err *err)
{
    GroupCard card;
    for (size_t i = 0; i < groups->count; i++)
        if (groups->items[i].facts.key == group) return OK;
    const ErrCode code = load_group(from, group, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided: it owes nothing any more */
    if (code != OK) return code;
    groups->items = list_grow(from.arena, groups->items, sizeof card, groups->count);
    if (groups->items == NULL) return list_full(groups->count, err);
    groups->items[groups->count++] = card;
    return OK;
}

ErrCode load_groups_at(Source from, Key project, DayRange within, GroupCards *out, Err *err)
{
    Stations stations;
    GroupCards groups = {0};
    TRY(load_stations_at(from, project, &stations, err));
    for (size_t i = 0; i < stations.count; i++)
        if (ranges_meet(stations.items[i].days, within))
            TRY(load_group_once(from, stations.items[i].group, &groups, err));
    *out = groups;
    return OK;
}

size_t join_stations(const Station *stations, size_t count, DayRange *out_there)
{
    size_t joined = 0;
    for (size_t i = 0; i < count; i++) {
        const DayRange days = stations[i].days;
        DayRange *last = joined == 0 ? NULL : &out_there[joined - 1];
        if (last == NULL || (last->last != DAY_OPEN && days.first > last->last + 1))
            out_there[joined++] = days;
        else if (days.last > last->last)
            last->last = days.last;
    }
    return joined;
}

static ErrCode load_there(Source from, Key group, DutyFacts *facts, Err *err)
{
    Stations stations;
    TRY(load_stations_of_group(from, group, &stations, err));
    DayRange *there = arena_array(from.arena, DayRange, stations.count);
    if (there == NULL) return list_full(stations.count, err);
    facts->there_count = join_stations(stations.items, stations.count, there);
    facts->there = there;
    return OK;
}

ErrCode part_of_row(const Query *query, int first, int utc_offset_minutes, Part *out_part, Err *err)
{
    Id id;
    TRY(query_id(query, first + 6, &id, err));
    *out_part = (Part){
        .key = query_int(query, first),
        .activity = query_int(query, first + 1),
        .meeting = (int)query_int(query, first + 2),
        .day = (Day)query_int(query, first + 3),
        .makes_up = query_is_null(query, first + 4) ? DAY_OPEN : (Day)query_int(query, first + 4),
        .recorded = day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, utc_offset_minutes),
        .is_planned = query_int(query, first + 5) == PROGRESS_IS_PLANNED,
    };
    return OK;
}

static ErrCode load_parts(Source from, int utc_offset_minutes, Key group, DutyFacts *facts,
                          Err *err)
{
    AUTO(query_done) Query query = {0};
    Part *parts = NULL;
    bool found = false;
    TRY(query_begin(&query, from.store, DUTY_PARTS_OF_GROUP, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        parts = list_grow(from.arena, parts, sizeof parts[0], facts->part_count);
        if (parts == NULL) return list_full(facts->part_count, err);
        TRY(part_of_row(&query, 0, utc_offset_minutes, &parts[facts->part_count++], err));
        TRY(query_next(&query, &found, err));
    }
    parts_settle(parts, &facts->part_count);
    facts->parts = parts;
    return OK;
}

static ErrCode load_waivers(Source from, Key group, DutyFacts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    Waiver *waivers = NULL;
    bool found = false;
    TRY(query_begin(&query, from.store, WAIVERS_OF_GROUP, err));
    query_bind_int(&query, 1, from.shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        waivers = list_grow(from.arena, waivers, sizeof waivers[0], facts->waiver_count);
        if (waivers == NULL) return list_full(facts->waiver_count, err);
        waivers[facts->waiver_count++] = (Waiver){
            .key = query_int(&query, 0),
            .meeting = (int)query_int(&query, 1),
            .day = (Day)query_int(&query, 2),
        };
        TRY(query_next(&query, &found, err));
    }
    facts->waivers = waivers;
    return OK;
}

ErrCode load_duty_facts(Source from, int utc_offset_minutes, const Group *group,
                        DutyFacts *out_facts, Err *err)
{
    DutyFacts facts = {.kind = group->kind, .form = group->form};
    TRY(load_there(from, group->key, &facts, err));
    TRY(load_parts(from, utc_offset_minutes, group->key, &facts, err));
    TRY(load_waivers(from, group->key, &facts, err));
    *out_facts = facts;
    return OK;
}

ErrCode load_calendar(Source from, Calendar *out_calendar, Err *err)
{
    AUTO(query_done) Query query = {0};
    CalendarDay *days = NULL;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, from.store, HOLIDAYS, err));
    query_bind_int(&query, 1, from.shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        days = list_grow(from.arena, days, sizeof days[0], count);
        if (days == NULL) return list_full(count, err);
        days[count++] = (CalendarDay){(Day)query_int(&query, 1), query_int(&query, 3) != 0};
        TRY(query_next(&query, &found, err));
    }
    *out_calendar = (Calendar){days, count};
    return OK;
}
