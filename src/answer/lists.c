#include <assert.h>

#include "answer/answer.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "people/coverage_index.h"
#include "view/roster.h"

static void open_list(const View *view, Emit *emit)
{
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
}

static void close_list(Emit *emit)
{
    emit_close_array(emit);
    emit_close_object(emit);
}

/* ---- projects ---- */

static ErrCode emit_projects(const View *view, const ListAsk *ask, const BoardDay *day, Emit *emit,
                             Err *err)
{
    Filter filter;
    Page page;
    size_t count = 0;
    TRY(filter_make(view, ask, &filter, err));
    size_t *found = arena_array(view->arena, size_t, day->world.project_count);
    if (found == NULL) return list_full(day->world.project_count, err);
    for (size_t i = 0; i < day->world.project_count; i++) {
        const Project *project = &day->world.projects[i];
        if (filter_has_project(&filter, project->key, project->unit, project->name,
                               day->texts[i].code))
            found[count++] = i;
    }
    open_list(view, emit);
    TRY(shape_page(ask, count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        emit_open_object(emit);
        TRY(shape_project(view, &day->world.projects[found[i]], day->texts[found[i]], emit, err));
        emit_close_object(emit);
    }
    close_list(emit);
    return OK;
}

ErrCode answer_projects(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = emit_projects(view, ask, day, emit, err);
    board_give(view->board, &day);
    return code;
}

/* ---- units ---- */

typedef struct UnitRow {
    Key key;
    Text name;
    Key parent;
    int level;
    Text code;
} UnitRow;

static ErrCode load_units(const View *view, const Filter *filter, UnitRow **out_units,
                          size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_units = NULL;
    *out_count = 0;
    TRY(query_begin(&query, view->store, UNITS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        UnitRow row = {.key = query_int(&query, 0),
                       .parent = query_int(&query, 2),
                       .level = (int)query_int(&query, 3)};
        TRY(query_text(&query, 1, view->arena, &row.name, err));
        TRY(query_text(&query, 4, view->arena, &row.code, err));
        if (filter_has_thing(filter, row.key, row.name, row.code)) {
            *out_units = list_grow(view->arena, *out_units, sizeof row, *out_count);
            if (*out_units == NULL) return list_full(*out_count, err);
            (*out_units)[(*out_count)++] = row;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode answer_units(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Filter filter;
    Page page;
    UnitRow *units = NULL;
    size_t count = 0;
    TRY(filter_make(view, ask, &filter, err));
    TRY(load_units(view, &filter, &units, &count, err));
    open_list(view, emit);
    TRY(shape_page(ask, count, emit, &page, err));
    assert(page.end <= count);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", units[i].key, emit, err));
        emit_text_at(emit, "name", units[i].name);
        if (units[i].parent == KEY_NONE)
            emit_null_at(emit, "parent");
        else
            TRY(shape_id_at(view, "parent", units[i].parent, emit, err));
        shape_choice_at("level", vocab_field(vocab_kind(KIND_UNIT), UNIT_LEVEL), units[i].level,
                        emit);
        emit_text_at(emit, "code", units[i].code);
        emit_close_object(emit);
    }
    close_list(emit);
    return OK;
}

/* ---- groups ---- */

static ErrCode load_groups(const View *view, const ListAsk *ask, const Filter *filter,
                           GroupCard **out_groups, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_groups = NULL;
    *out_count = 0;
    TRY(query_begin(&query, view->store, GROUPS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        TRY(group_of_row(&query, view->arena, &card, err));
        const bool is_kind = ask->kind == 0 || card.facts.kind == ask->kind;
        if (is_kind && filter_has_thing(filter, card.facts.unit, card.facts.name, TEXT(""))) {
            *out_groups = list_grow(view->arena, *out_groups, sizeof card, *out_count);
            if (*out_groups == NULL) return list_full(*out_count, err);
            (*out_groups)[(*out_count)++] = card;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode emit_station(const View *view, Key group, Emit *emit, Err *err)
{
    Stations stations;
    TRY(load_stations_of_group(view_source(view), group, &stations, err));
    emit_key(emit, "station");
    for (size_t i = stations.count; i > 0; i--) {
        const Station *station = &stations.items[i - 1];
        if (!range_has(station->days, view->on)) continue;
        emit_open_object(emit);
        TRY(shape_thing_at(view, "project", KIND_PROJECT, station->project, emit, err));
        emit_day_at(emit, "from", station->days.first);
        emit_day_at(emit, "to", station->days.last);
        emit_close_object(emit);
        return OK;
    }
    emit_null(emit);
    return OK;
}

static ErrCode emit_group(const View *view, const Group *group, Emit *emit, Err *err)
{
    const KindInfo *kind = vocab_kind(KIND_GROUP);
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", group->key, emit, err));
    emit_text_at(emit, "name", group->name);
    shape_choice_at("kind", vocab_field(kind, GROUP_KIND), group->kind, emit);
    shape_choice_at("form", vocab_field(kind, GROUP_FORM), group->form, emit);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, group->unit, emit, err));
    TRY(emit_station(view, group->key, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_groups(const View *view, const ListAsk *ask, Emit *emit, Err *err)
{
    Filter filter;
    Page page;
    GroupCard *groups = NULL;
    size_t count = 0;
    TRY(filter_make(view, ask, &filter, err));
    TRY(load_groups(view, ask, &filter, &groups, &count, err));
    open_list(view, emit);
    TRY(shape_page(ask, count, emit, &page, err));
    assert(page.end <= count);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_group(view, &groups[i].facts, emit, err));
    close_list(emit);
    return OK;
}

static ErrCode emit_stations(const View *view, Key group, Emit *emit, Err *err)
{
    Stations stations;
    TRY(load_stations_of_group(view_source(view), group, &stations, err));
    emit_key(emit, "stations");
    emit_open_array(emit);
    for (size_t i = stations.count; i > 0; i--) { /* the latest first */
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", stations.items[i - 1].key, emit, err));
        TRY(shape_thing_at(view, "project", KIND_PROJECT, stations.items[i - 1].project, emit,
                           err));
        emit_day_at(emit, "from", stations.items[i - 1].days.first);
        emit_day_at(emit, "to", stations.items[i - 1].days.last);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_group(const View *view, Id group, Emit *emit, Err *err)
{
    GroupCard card;
    Key leader = KEY_NONE;
    TRY(shape_group(view, group, &card, err));
    TRY(roster_leader(view, card.facts.key, &leader, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "group");
    TRY(emit_group(view, &card.facts, emit, err));
    TRY(emit_stations(view, card.facts.key, emit, err));
    TRY(shape_thing_at(view, "leader", KIND_PERSON, leader, emit, err));
    TRY(shape_thing_at(view, "home", KIND_HOME, card.home, emit, err));
    emit_close_object(emit);
    return OK;
}
