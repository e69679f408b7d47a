#include "people/coverage_index.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int32_t party_members(HeadCount heads)
{
    return heads.formal + heads.probationary;
}

ReasonSet heads_shortfall(const CoverageRules *rules, HeadCount heads)
{
    const int32_t members = party_members(heads);
    ReasonSet missing = 0;
    if (heads.people == 0 && members == 0) missing |= REASON_BIT(NO_PEOPLE);
    if (members == 0 && rules->group_members_min > 0) return missing | REASON_BIT(NO_MEMBERS);
    if (members < rules->group_members_min) missing |= REASON_BIT(TOO_FEW_MEMBERS);
    if (heads.formal < rules->group_formal_min) missing |= REASON_BIT(NO_FORMAL_MEMBER);
    return missing;
}

static ReasonSet leader_shortfall(const CoverageRules *rules, const Leader *leader)
{
    if (leader->office == KEY_NONE) return rules->leader_required ? REASON_BIT(NO_LEADER) : 0;
    ReasonSet missing = 0;
    if (rules->leader_formal && leader->party != PARTY_FORMAL)
        missing |= REASON_BIT(LEADER_NOT_FORMAL);
    if (rules->leader_member && !leader->is_member) missing |= REASON_BIT(LEADER_NOT_MEMBER);
    return missing;
}

ReasonSet group_shortfall(const CoverageIndex *index, size_t group, HeadCount heads,
                          const Leader *leader)
{
    const CoverageRules *rules = &index->rules;
    const int form = index->world->groups[group].form;
    const bool is_branch =
        form == FORM_IS_BRANCH || form == FORM_IS_TEMPORARY_BRANCH || form == FORM_IS_JOINT_BRANCH;
    if (!is_branch) return heads_shortfall(rules, heads) | leader_shortfall(rules, leader);

    ReasonSet missing = leader_shortfall(rules, leader);
    const int32_t needed = form == FORM_IS_BRANCH             ? rules->branch_formal_min
                           : form == FORM_IS_TEMPORARY_BRANCH ? rules->temporary_formal_min
                                                              : rules->joint_formal_min;
    if (heads.people == 0 && party_members(heads) == 0) missing |= REASON_BIT(NO_PEOPLE);
    if (party_members(heads) == 0) return missing | REASON_BIT(NO_MEMBERS);
    if (heads.formal < needed) missing |= REASON_BIT(TOO_FEW_FORMAL);
    return missing;
}

ReasonSet inactive_reason(const CoverageRules *rules, const Project *project, Day day)
{
    if (project->stage == STAGE_IS_CANCELLED) return REASON_BIT(CANCELLED);
    if (day < project->days.first) return REASON_BIT(NOT_STARTED);
    if (day > project->days.last) return REASON_BIT(ENDED);
    /* A closed project with a last day was active until then; without one, nobody knows. */
    if (project->stage == STAGE_IS_CLOSED && project->days.last == DAY_OPEN)
        return REASON_BIT(CLOSED);
    if (project->stage == STAGE_IS_SUSPENDED && !rules->suspended_counts)
        return REASON_BIT(SUSPENDED_NOT_COUNTED);
    return 0;
}

/* ---- Sorting the world ---- */

/* What one tie needs while it is sorted. */
typedef struct LooseTie {
    size_t project;
    Key key;
    Tie tie;
} LooseTie;

static int compare_ties(const void *left, const void *right)
{
    const LooseTie *a = left;
    const LooseTie *b = right;
    if (a->project != b->project) return a->project < b->project ? -1 : 1;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->tie.fact > b->tie.fact) - (a->tie.fact < b->tie.fact);
}

typedef struct TieList {
    LooseTie *items;
    size_t count;
} TieList;

static ErrCode list_init(TieList *list, Arena *arena, size_t count, Err *err)
{
    list->items = arena_array(arena, LooseTie, count);
    if (list->items == NULL) return err_set(err, ERR_LIMIT, "%zu facts are too many here", count);
    return OK;
}

/* Adds a tie if both of its ends are in the world, and a Party group where one is named. */
static void list_add(TieList *list, const CoverageIndex *index, Key project, Key group, size_t fact,
                     Key key)
{
    int64_t project_at = 0;
    int64_t group_at = -1;
    if (!map_find(&index->projects, project, &project_at)) return;
    if (group != KEY_NONE && !map_find(&index->groups, group, &group_at)) return;
    list->items[list->count++] = (LooseTie){
        .project = (size_t)project_at,
        .key = key,
        .tie = {.group = group == KEY_NONE ? INDEX_NONE : (size_t)group_at, .fact = fact},
    };
}

static ErrCode list_sort(TieList *list, size_t project_count, Arena *arena, Ties *out_ties,
                         Err *err)
{
    Ties ties = {.items = arena_array(arena, Tie, list->count),
                 .first = arena_array(arena, size_t, project_count + 1)};
    if (ties.items == NULL || ties.first == NULL)
        return err_set(err, ERR_LIMIT, "%zu facts are too many here", list->count);
    qsort(list->items, list->count, sizeof *list->items, compare_ties);
    size_t at = 0;
    for (size_t project = 0; project <= project_count; project++) {
        ties.first[project] = at;
        for (; at < list->count && list->items[at].project == project; at++)
            ties.items[at] = list->items[at].tie;
    }
    assert(at == list->count);
    *out_ties = ties;
    return OK;
}

static ErrCode map_things(CoverageIndex *index, Arena *arena, Err *err)
{
    const World *world = index->world;
    map_init(&index->projects, arena);
    map_init(&index->groups, arena);
    int64_t there = 0;
    for (size_t i = 0; i < world->project_count; i++) {
        if (map_find(&index->projects, world->projects[i].key, &there))
            return err_set(err, ERR_INVALID, "project %" PRId64 " is given twice",
                           world->projects[i].key);
        TRY(map_put(&index->projects, world->projects[i].key, (int64_t)i, err));
    }
    for (size_t i = 0; i < world->group_count; i++) {
        if (world->groups[i].kind != GROUP_KIND_IS_PARTY) continue;
        if (map_find(&index->groups, world->groups[i].key, &there))
            return err_set(err, ERR_INVALID, "group %" PRId64 " is given twice",
                           world->groups[i].key);
        TRY(map_put(&index->groups, world->groups[i].key, (int64_t)i, err));
    }
    return OK;
}

static ErrCode tie_stations(CoverageIndex *index, Arena *arena, Err *err)
{
    const World *world = index->world;
    TieList list = {0};
    TRY(list_init(&list, arena, world->station_count, err));
    for (size_t i = 0; i < world->station_count; i++) {
        const Station *station = &world->stations[i];
        if (range_has(station->days, world->day))
            list_add(&list, index, station->project, station->group, i, station->key);
    }
    return list_sort(&list, world->project_count, arena, &index->stations, err);
}

static ErrCode tie_attachments(CoverageIndex *index, Arena *arena, Err *err)
{
    const World *world = index->world;
    TieList list = {0};
    TRY(list_init(&list, arena, world->attachment_count, err));
    for (size_t i = 0; i < world->attachment_count; i++) {
        const Attachment *attachment = &world->attachments[i];
        if (range_has(attachment->days, world->day))
            list_add(&list, index, attachment->project, attachment->group, i, attachment->key);
    }
    return list_sort(&list, world->project_count, arena, &index->attachments, err);
}

static ErrCode tie_liaisons(CoverageIndex *index, Arena *arena, Err *err)
{
    const World *world = index->world;
    TieList list = {0};
    TRY(list_init(&list, arena, world->liaison_count, err));
    for (size_t i = 0; i < world->liaison_count; i++) {
        const Liaison *liaison = &world->liaisons[i];
        if (range_has(liaison->days, world->day))
            list_add(&list, index, liaison->project, KEY_NONE, i, liaison->key);
    }
    return list_sort(&list, world->project_count, arena, &index->liaisons, err);
}

/* ---- Groups and hosts ---- */

static ErrCode make_room(CoverageIndex *index, Arena *arena, Err *err)
{
    const size_t groups = index->world->group_count;
    index->group_heads = arena_array(arena, HeadCount, groups);
    index->group_stations = arena_array(arena, int32_t, groups);
    index->group_in_order = arena_array(arena, bool, groups);
    index->group_host = arena_array(arena, size_t, groups);
    index->places = arena_array(arena, Place, index->world->project_count);
    index->hosts = arena_array(arena, HostGroup, index->world->station_count);
    if (index->group_heads == NULL || index->group_stations == NULL ||
        index->group_in_order == NULL || index->group_host == NULL || index->places == NULL ||
        index->hosts == NULL)
        return err_set(err, ERR_LIMIT, "the world is too large for the room given");
    for (size_t i = 0; i < groups; i++)
        index->group_host[i] = INDEX_NONE;
    return OK;
}

/* Two stations of one group at one project on one day count once. */
static bool is_earlier_tie(const Ties *ties, size_t project, size_t at)
{
    for (size_t k = ties->first[project]; k < at; k++)
        if (ties->items[k].group == ties->items[at].group) return true;
    return false;
}

static void sum_heads(CoverageIndex *index)
{
    const World *world = index->world;
    for (size_t i = 0; i < world->project_count; i++) {
        if (world->projects[i].has_place)
            index->places[i] = place_of(world->projects[i].lat, world->projects[i].lon);
        if (inactive_reason(&index->rules, &world->projects[i], world->day) != 0) continue;
        const HeadCount heads = world->heads[i];
        for (size_t k = index->stations.first[i]; k < index->stations.first[i + 1]; k++) {
            const size_t group = index->stations.items[k].group;
            if (is_earlier_tie(&index->stations, i, k)) continue;
            HeadCount *sum = &index->group_heads[group];
            sum->formal += heads.formal;
            sum->probationary += heads.probationary;
            sum->people += heads.people;
            sum->pending_party += heads.pending_party;
            index->group_stations[group]++;
        }
    }
}

static void note_host(CoverageIndex *index, size_t project, size_t group)
{
    const World *world = index->world;
    const Project *there = &world->projects[project];
    const size_t before = index->group_host[group];
    index->group_in_order[group] = true;
    if (before == INDEX_NONE || there->key < world->projects[before].key)
        index->group_host[group] = project;
    if (!there->has_place) return;
    index->hosts[index->host_count++] = (HostGroup){
        .unit = index->rules.near_same_unit ? world->groups[group].unit : KEY_NONE,
        .place = index->places[project],
        .group_key = world->groups[group].key,
        .project_key = there->key,
        .group = group,
        .project = project,
    };
}

static int compare_hosts(const void *left, const void *right)
{
    const HostGroup *a = left;
    const HostGroup *b = right;
    if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
    if (a->place.z != b->place.z) return a->place.z < b->place.z ? -1 : 1;
    if (a->group_key != b->group_key) return a->group_key < b->group_key ? -1 : 1;
    return (a->project_key > b->project_key) - (a->project_key < b->project_key);
}

static bool counts_all(const CoverageIndex *index, size_t group)
{
    return index->rules.counts_all_stations ||
           index->world->groups[group].form == FORM_IS_JOINT_BRANCH;
}

static HeadCount heads_for(const CoverageIndex *index, size_t group, HeadCount here)
{
    return counts_all(index, group) ? index->group_heads[group] : here;
}

static void find_hosts(CoverageIndex *index)
{
    const World *world = index->world;
    for (size_t i = 0; i < world->project_count; i++) {
        if (inactive_reason(&index->rules, &world->projects[i], world->day) != 0) continue;
        for (size_t k = index->stations.first[i]; k < index->stations.first[i + 1]; k++) {
            const size_t group = index->stations.items[k].group;
            const HeadCount heads = heads_for(index, group, world->heads[i]);
            if (group_shortfall(index, group, heads, &world->leaders[group]) == 0)
                note_host(index, i, group);
        }
    }
    qsort(index->hosts, index->host_count, sizeof *index->hosts, compare_hosts);
}

ErrCode coverage_index_new(const World *world, const CoverageRules *rules, Arena *arena,
                           const CoverageIndex **out_index, Err *err)
{
    assert(world != NULL && rules != NULL && arena != NULL && out_index != NULL);
    if (world->project_count > WORLD_COUNT_MAX || world->group_count > WORLD_COUNT_MAX ||
        world->station_count > WORLD_COUNT_MAX || world->attachment_count > WORLD_COUNT_MAX ||
        world->liaison_count > WORLD_COUNT_MAX)
        return err_set(err, ERR_LIMIT, "more than %zu facts of one kind", WORLD_COUNT_MAX);

    CoverageIndex *index = arena_new(arena, CoverageIndex);
    if (index == NULL) return err_set(err, ERR_LIMIT, "no room for coverage");
    index->world = world;
    index->rules = *rules;
    TRY(map_things(index, arena, err));
    TRY(make_room(index, arena, err));
    TRY(tie_stations(index, arena, err));
    TRY(tie_attachments(index, arena, err));
    TRY(tie_liaisons(index, arena, err));
    sum_heads(index);
    find_hosts(index);
    *out_index = index;
    return OK;
}

/* ---- Another count of heads ---- */

static HeadCount heads_moved(HeadCount sum, HeadCount from, HeadCount to)
{
    sum.formal += to.formal - from.formal;
    sum.probationary += to.probationary - from.probationary;
    sum.people += to.people - from.people;
    sum.pending_party += to.pending_party - from.pending_party;
    return sum;
}

/* Takes the new heads of a project into the sums of its groups; false when more than this project
 * follows from it. */
static bool revise_project(CoverageIndex *index, const World *before, size_t project)
{
    const World *world = index->world;
    if (inactive_reason(&index->rules, &world->projects[project], world->day) != 0) return true;
    const HeadCount old = before->heads[project];
    const HeadCount new = world->heads[project];
    for (size_t k = index->stations.first[project]; k < index->stations.first[project + 1]; k++) {
        const size_t group = index->stations.items[k].group;
        const Leader *leader = &world->leaders[group];
        if (counts_all(index, group)) return false;
        const bool was_in_order = group_shortfall(index, group, old, leader) == 0;
        if (was_in_order != (group_shortfall(index, group, new, leader) == 0)) return false;
        if (!is_earlier_tie(&index->stations, project, k))
            index->group_heads[group] = heads_moved(index->group_heads[group], old, new);
    }
    return true;
}

ErrCode coverage_index_revise(const CoverageIndex *from, const World *world, const size_t *projects,
                              size_t project_count, Arena *arena, const CoverageIndex **out_index,
                              Err *err)
{
    assert(world->project_count == from->world->project_count);
    assert(world->group_count == from->world->group_count);
    CoverageIndex *index = arena_new(arena, CoverageIndex);
    HeadCount *sums = arena_array(arena, HeadCount, world->group_count);
    if (index == NULL || sums == NULL) return err_set(err, ERR_LIMIT, "no room for coverage");
    *index = *from;
    index->world = world;
    index->group_heads = sums;
    memcpy(sums, from->group_heads, world->group_count * sizeof sums[0]);
    *out_index = NULL;
    for (size_t i = 0; i < project_count; i++)
        if (!revise_project(index, from->world, projects[i])) return OK;
    *out_index = index;
    return OK;
}

/* ---- Nearest ---- */

/* The first host of a unit that is not south of z. */
static size_t first_host(const CoverageIndex *index, Key unit, int32_t z)
{
    size_t first = 0;
    size_t end = index->host_count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        const HostGroup *host = &index->hosts[middle];
        if (host->unit < unit || (host->unit == unit && host->place.z < z))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The best host so far. */
typedef struct Search {
    const CoverageIndex *index;
    Key unit;
    size_t project;
    Place place;
    const HostGroup *best;
    int64_t best_chord2;
} Search;

/* Looks at one host; false when neither it nor any beyond it in this direction can be nearer. */
static bool search_at(Search *search, const HostGroup *host)
{
    if (host->unit != search->unit) return false;
    const int64_t north = (int64_t)host->place.z - search->place.z;
    if (north * north > search->best_chord2) return false;
    if (host->project == search->project) return true;
    const int64_t chord2 = place_chord2(host->place, search->place);
    const bool is_tie = search->best != NULL && chord2 == search->best_chord2;
    const bool is_first = is_tie && (host->group_key < search->best->group_key ||
                                     (host->group_key == search->best->group_key &&
                                      host->project_key < search->best->project_key));
    if (search->best != NULL && !is_first && chord2 >= search->best_chord2) return true;
    search->best = host;
    search->best_chord2 = chord2;
    return true;
}

const HostGroup *nearest_host(const CoverageIndex *index, size_t project, int64_t metres_max,
                              int64_t *out_metres)
{
    assert(project < index->world->project_count);
    const Project *here = &index->world->projects[project];
    if (!here->has_place) return NULL;
    Search search = {.index = index,
                     .unit = index->rules.near_same_unit ? here->unit : KEY_NONE,
                     .project = project,
                     .place = index->places[project],
                     .best_chord2 = INT64_MAX};
    const size_t middle = first_host(index, search.unit, search.place.z);
    /* North and south by turns, so that a near one on either side ends both searches early. */
    size_t north = middle;
    size_t south = middle;
    bool goes_north = true;
    bool goes_south = true;
    while (goes_north || goes_south) {
        if (goes_north)
            goes_north = north < index->host_count && search_at(&search, &index->hosts[north++]);
        if (goes_south) goes_south = south > 0 && search_at(&search, &index->hosts[--south]);
    }
    if (search.best == NULL) return NULL;
    const int64_t metres = place_metres_of_chord2(search.best_chord2);
    if (metres > metres_max) return NULL;
    *out_metres = metres;
    return search.best;
}

int64_t project_distance_m(const CoverageIndex *index, size_t a, size_t b)
{
    const World *world = index->world;
    assert(a < world->project_count && b < world->project_count);
    if (!world->projects[a].has_place || !world->projects[b].has_place) return PLACE_DISTANCE_NO;
    return place_distance_m(index->places[a], index->places[b]);
}
