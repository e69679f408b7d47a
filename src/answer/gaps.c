#include "people/gaps.h"
#include "answer/answer.h"
#include "answer/shape.h"
#include "people/coverage_index.h"
#include "people/gap_plan.h"

#define SPARES_OF_UNIT_MAX 200
#define GAPS_SHOWN_MAX     200 /* the rest is counted; covering these first changes the picture */

typedef struct Spares {
    Spare *items;
    size_t count;
    Map units; /* already looked through */
} Spares;

static bool has_office(const World *world, Key person)
{
    for (size_t i = 0; i < world->group_count; i++)
        if (world->leaders[i].person == person) return true;
    return false;
}

static ErrCode add_spare(const View *view, const World *world, Key person, Key unit, Spares *spares,
                         Err *err)
{
    StayList stays;
    Standings standings;
    TRY(load_stays_of_person(view_source(view), person, &stays, err));
    TRY(load_standings(view_source(view), person, &standings, err));
    const Standing *standing = party_standing_on(standings.items, standings.count, view->on);
    const Stay *stay = stay_on((Stays){stays.items, stays.count}, view->on);
    if (standing == NULL) return OK;
    spares->items = list_grow(view->arena, spares->items, sizeof spares->items[0], spares->count);
    if (spares->items == NULL) return list_full(spares->count, err);
    spares->items[spares->count++] = (Spare){
        .person = person,
        .unit = unit,
        .project = stay == NULL ? KEY_NONE : stay->project,
        .party = standing->standing == STANDING_IS_PARTY_FORMAL ? PARTY_FORMAL : PARTY_PROBATIONARY,
        .has_office = has_office(world, person),
    };
    return OK;
}

static ErrCode add_spares_of(const View *view, const World *world, Key unit, Spares *spares,
                             Err *err)
{
    Key *persons = NULL;
    size_t count = 0;
    int64_t there;
    if (map_find(&spares->units, unit, &there)) return OK;
    TRY(map_put(&spares->units, unit, 1, err));
    {
        AUTO(query_done) Query query = {0};
        bool found = false;
        TRY(query_begin(&query, view->store, MEMBERS_OF_UNIT, err));
        query_bind_int(&query, 1, view->shard);
        query_bind_int(&query, 2, unit);
        query_bind_int(&query, 3, view->on);
        query_bind_int(&query, 4, SPARES_OF_UNIT_MAX);
        TRY(query_next(&query, &found, err));
        while (found) {
            persons = list_grow(view->arena, persons, sizeof persons[0], count);
            if (persons == NULL) return list_full(count, err);
            persons[count++] = query_int(&query, 0);
            TRY(query_next(&query, &found, err));
        }
    }
    for (size_t i = 0; i < count; i++)
        TRY(add_spare(view, world, persons[i], unit, spares, err));
    return OK;
}

static ErrCode count_core(const View *view, const World *world, size_t group, Key project,
                          GroupCore *core, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, CORE_STAYS_AT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, project);
    query_bind_int(&query, 3, view->on);
    TRY(query_next(&query, &found, err));
    while (found) {
        const PartyStanding party = (PartyStanding)query_int(&query, 1);
        if (party != PARTY_NONE) core->people++;
        if (party == PARTY_FORMAL) core->formal++;
        if (party == PARTY_PROBATIONARY) core->probationary++;
        if (query_int(&query, 0) == world->leaders[group].person) core->has_leader = true;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* What goes along when a group moves; only for groups of the units that have a gap. */
static ErrCode find_cores(const View *view, const World *world, const Spares *spares,
                          const CoverageIndex *index, GroupCore **out_cores, Err *err)
{
    GroupCore *cores = arena_array(view->arena, GroupCore, world->group_count);
    if (cores == NULL) return list_full(world->group_count, err);
    for (size_t i = 0; i < world->station_count; i++) {
        const Station *station = &world->stations[i];
        int64_t group = 0;
        int64_t there;
        if (!range_has(station->days, view->on) ||
            !map_find(&index->groups, station->group, &group) ||
            !map_find(&spares->units, world->groups[group].unit, &there))
            continue;
        TRY(count_core(view, world, (size_t)group, station->project, &cores[group], err));
    }
    *out_cores = cores;
    return OK;
}

static ErrCode emit_words(const View *view, const Proposal *proposal, Emit *emit, Err *err)
{
    const Term *way = way_term(proposal->way);
    emit_z_at(emit, "code", way->name);
    emit_z_at(emit, "zh", way->zh);
    emit_z_at(emit, "en", way->en);
    TRY(shape_thing_at(view, "group", KIND_GROUP, proposal->group, emit, err));
    TRY(shape_thing_at(view, "person", KIND_PERSON, proposal->person, emit, err));
    TRY(shape_thing_at(view, "from", KIND_PROJECT, proposal->from, emit, err));
    if (proposal->distance_m == PLACE_DISTANCE_NO)
        emit_null_at(emit, "distance_m");
    else
        emit_int_at(emit, "distance_m", proposal->distance_m);
    emit_z_at(emit, "result", coverage_term(proposal->result)->name);
    return OK;
}

static ErrCode emit_proposal(const View *view, const Proposal *proposal, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(emit_words(view, proposal, emit, err));
    emit_key(emit, "effects");
    emit_open_array(emit);
    for (size_t i = 0; i < proposal->note_count; i++) {
        const Reason note = {
            .code = proposal->notes[i], .subject = proposal->group, .have = proposal->distance_m};
        TRY(shape_reason(view, &note, false, emit, err));
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_gap(const View *view, const BoardDay *day, const Gap *gap, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_key(emit, "project");
    emit_open_object(emit);
    TRY(shape_project(view, &day->world.projects[gap->project], day->texts[gap->project], emit,
                      err));
    emit_close_object(emit);
    TRY(shape_set_at(view, day, gap->project, "reasons", day->coverage[gap->project].reasons, emit,
                     err));
    emit_key(emit, "proposals");
    emit_open_array(emit);
    for (size_t i = 0; i < gap->proposal_count; i++)
        TRY(emit_proposal(view, &gap->proposals[i], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static bool is_in_reach(const View *view, const Project *project)
{
    return reach_has_project(&view->reach, project->key, project->unit);
}

static ErrCode emit_plan(const View *view, const BoardDay *day, const GapPlan *plan, Emit *emit,
                         Err *err)
{
    int64_t total_m = 0;
    emit_key(emit, "assignment");
    emit_open_object(emit);
    emit_key(emit, "pairs");
    emit_open_array(emit);
    for (size_t i = 0; i < plan->line_count; i++) {
        const GapLine *line = &plan->lines[i];
        const Project *project = &day->world.projects[line->project];
        if (line->group == KEY_NONE || !is_in_reach(view, project)) continue;
        if (line->distance_m != PLACE_DISTANCE_NO) total_m += line->distance_m;
        emit_open_object(emit);
        TRY(shape_thing_at(view, "project", KIND_PROJECT, project->key, emit, err));
        TRY(shape_thing_at(view, "group", KIND_GROUP, line->group, emit, err));
        TRY(shape_thing_at(view, "host", KIND_PROJECT, line->host, emit, err));
        if (line->distance_m == PLACE_DISTANCE_NO)
            emit_null_at(emit, "distance_m");
        else
            emit_int_at(emit, "distance_m", line->distance_m);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_int_at(emit, "total_distance_m", total_m);
    emit_close_object(emit);
    return OK;
}

/* A copy of the coverage in which only gaps within reach are gaps, and no more than are shown. */
static ErrCode choose_gaps(const View *view, const BoardDay *day, Coverage **out_coverage,
                           size_t *out_total, Err *err)
{
    const World *world = &day->world;
    Coverage *chosen = arena_array(view->arena, Coverage, world->project_count);
    if (chosen == NULL) return list_full(world->project_count, err);
    *out_total = 0;
    for (size_t i = 0; i < world->project_count; i++) {
        chosen[i] = day->coverage[i];
        if (chosen[i].state != COVERAGE_UNCOVERED) continue;
        const bool is_ours = is_in_reach(view, &world->projects[i]);
        if (!is_ours || *out_total >= GAPS_SHOWN_MAX) chosen[i].state = COVERAGE_NOT_ACTIVE;
        if (is_ours) ++*out_total;
    }
    *out_coverage = chosen;
    return OK;
}

static ErrCode emit_gaps(const View *view, const BoardDay *day, Emit *emit, Err *err)
{
    const World *world = &day->world;
    Spares spares = {0};
    GroupCore *cores = NULL;
    Coverage *coverage = NULL;
    Gap *gaps = NULL;
    size_t total = 0;
    size_t count = 0;
    GapPlan plan;
    map_init(&spares.units, view->arena);
    TRY(choose_gaps(view, day, &coverage, &total, err));
    for (size_t i = 0; i < world->project_count; i++)
        /* Only people of units within reach are proposed by name. */
        if (coverage[i].state == COVERAGE_UNCOVERED &&
            reach_has_unit(&view->reach, world->projects[i].unit))
            TRY(add_spares_of(view, world, world->projects[i].unit, &spares, err));
    TRY(find_cores(view, world, &spares, day->index, &cores, err));
    const GapSupply supply = {
        .spares = spares.items,
        .spare_count = spares.count,
        .cores = cores,
        .projects_max =
            (int32_t)pack_int(view->pack, PARAMETER_NEIGHBOUR_LOAD_PROJECTS_MAX, view->on),
    };
    TRY(gaps_find(day->index, coverage, &supply, view->arena, &gaps, &count, err));
    TRY(gaps_plan(day->index, coverage, supply.projects_max, view->arena, &plan, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_int_at(emit, "total", (int64_t)total);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < count; i++)
        TRY(emit_gap(view, day, &gaps[i], emit, err));
    emit_close_array(emit);
    TRY(emit_plan(view, day, &plan, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_gaps(const View *view, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = emit_gaps(view, day, emit, err);
    board_give(view->board, &day);
    return code;
}
