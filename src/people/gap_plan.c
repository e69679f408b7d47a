#include "people/gap_plan.h"

#include <assert.h>
#include <stdlib.h>

#include "people/assign.h"
#include "people/coverage_index.h"

int64_t attach_metres(const CoverageIndex *index, size_t a, size_t b)
{
    const int64_t metres = project_distance_m(index, a, b);
    return metres == PLACE_DISTANCE_NO ? METRES_UNKNOWN : metres;
}

int64_t attach_metres_told(int64_t metres)
{
    return metres == METRES_UNKNOWN ? PLACE_DISTANCE_NO : metres;
}

bool attach_would_cover(const CoverageIndex *index, size_t project)
{
    const bool is_short = heads_shortfall(&index->rules, index->world->heads[project]) != 0;
    return index->rules.named_allowed && (is_short || index->rules.named_any_size);
}

bool attach_is_possible(const CoverageIndex *index, size_t project, size_t group,
                        int64_t *out_metres)
{
    const size_t host = index->group_host[group];
    if (host == INDEX_NONE || host == project) return false;
    const Key unit = index->world->groups[group].unit;
    if (index->rules.near_same_unit && unit != index->world->projects[project].unit) return false;
    const int64_t most = index->rules.named_distance_m_max;
    *out_metres = attach_metres(index, project, host);
    return most == 0 || *out_metres == METRES_UNKNOWN || *out_metres <= most;
}

ErrCode attach_loads(const CoverageIndex *index, const Coverage *coverage, Arena *arena,
                     int32_t **out_loads, Err *err)
{
    int32_t *loads = arena_array(arena, int32_t, index->world->group_count);
    if (loads == NULL) return err_set(err, ERR_LIMIT, "no room for gaps");
    for (size_t i = 0; i < index->world->project_count; i++) {
        const CoverageState state = coverage[i].state;
        int64_t group = 0;
        if ((state == COVERAGE_ATTACHED_NAMED || state == COVERAGE_ATTACHED_NEAR) &&
            map_find(&index->groups, coverage[i].group, &group))
            loads[group]++;
    }
    *out_loads = loads;
    return OK;
}

/* Lines and groups that compete with one another: those of one unit. */
typedef struct Contest {
    const CoverageIndex *index;
    GapLine *lines;
    size_t line_count;
    const size_t *groups;
    size_t group_count;
    const int32_t *room; /* by index of group in the world */
} Contest;

static void fill_costs(const Contest *contest, int64_t *costs)
{
    for (size_t row = 0; row < contest->line_count; row++) {
        const size_t project = contest->lines[row].project;
        for (size_t column = 0; column < contest->group_count; column++) {
            int64_t metres = 0;
            const bool is_good =
                attach_is_possible(contest->index, project, contest->groups[column], &metres);
            *costs++ = is_good ? metres : ASSIGN_FORBIDDEN;
        }
    }
}

static ErrCode solve_contest(const Contest *contest, Arena *arena, GapPlan *plan, Err *err)
{
    const CoverageIndex *index = contest->index;
    const size_t rows = contest->line_count;
    const size_t columns = contest->group_count;
    if (rows > ASSIGN_ROWS_MAX || columns > ASSIGN_COLUMNS_MAX)
        return err_set(err, ERR_LIMIT,
                       "%zu gaps and %zu groups are too many for one plan; ask "
                       "for one unit at a time",
                       rows, columns);
    int64_t *costs = arena_array(arena, int64_t, rows * columns);
    int32_t *capacities = arena_array(arena, int32_t, columns);
    size_t *column_of = arena_array(arena, size_t, rows);
    if (costs == NULL || capacities == NULL || column_of == NULL)
        return err_set(err, ERR_LIMIT, "no room for a plan of %zu gaps", rows);
    for (size_t column = 0; column < columns; column++)
        capacities[column] = contest->room[contest->groups[column]];
    fill_costs(contest, costs);
    const AssignProblem problem = {costs, rows, columns, capacities};
    int64_t total = 0;
    TRY(assign_solve(&problem, arena, column_of, &total, err));
    for (size_t row = 0; row < rows; row++) {
        if (column_of[row] == ASSIGN_NONE) continue;
        GapLine *line = &contest->lines[row];
        const size_t group = contest->groups[column_of[row]];
        const int64_t metres = costs[row * columns + column_of[row]];
        line->group = index->world->groups[group].key;
        line->host = index->world->projects[index->group_host[group]].key;
        line->distance_m = attach_metres_told(metres);
        plan->covered_count++;
        plan->total_m += metres == METRES_UNKNOWN ? 0 : metres;
    }
    return OK;
}

/* Where an index stands when sorted by unit. */
typedef struct Ranked {
    Key unit;
    Key key;
    size_t at;
} Ranked;

static int compare_ranked(const void *left, const void *right)
{
    const Ranked *a = left;
    const Ranked *b = right;
    if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

/* Groups in order, by unit and key. */
static ErrCode rank_groups(const CoverageIndex *index, Arena *arena, Ranked **out_groups,
                           size_t *out_count, Err *err)
{
    const World *world = index->world;
    Ranked *groups = arena_array(arena, Ranked, world->group_count);
    if (groups == NULL) return err_set(err, ERR_LIMIT, "no room for a plan");
    size_t count = 0;
    for (size_t i = 0; i < world->group_count; i++)
        if (index->group_host[i] != INDEX_NONE)
            groups[count++] =
                (Ranked){index->rules.near_same_unit ? world->groups[i].unit : KEY_NONE,
                         world->groups[i].key, i};
    qsort(groups, count, sizeof *groups, compare_ranked);
    *out_groups = groups;
    *out_count = count;
    return OK;
}

/* Gaps that an attachment would close, by unit and key. */
static ErrCode rank_gaps(const CoverageIndex *index, const Coverage *coverage, Arena *arena,
                         Ranked **out_gaps, size_t *out_count, Err *err)
{
    const World *world = index->world;
    Ranked *gaps = arena_array(arena, Ranked, index->world->project_count);
    if (gaps == NULL) return err_set(err, ERR_LIMIT, "no room for a plan");
    size_t count = 0;
    for (size_t i = 0; i < world->project_count; i++)
        if (coverage[i].state == COVERAGE_UNCOVERED && attach_would_cover(index, i))
            gaps[count++] =
                (Ranked){index->rules.near_same_unit ? world->projects[i].unit : KEY_NONE,
                         world->projects[i].key, i};
    qsort(gaps, count, sizeof *gaps, compare_ranked);
    *out_gaps = gaps;
    *out_count = count;
    return OK;
}

/* Where those of this unit end that begin at `at`. */
static size_t end_of_unit(const Ranked *ranked, size_t count, size_t at, Key unit)
{
    while (at < count && ranked[at].unit == unit)
        at++;
    return at;
}

/* How many more projects each group may take. */
static ErrCode count_room(const CoverageIndex *index, const Coverage *coverage,
                          int32_t projects_max, Arena *arena, int32_t **out_room, Err *err)
{
    int32_t *room = NULL;
    TRY(attach_loads(index, coverage, arena, &room, err));
    assert(room != NULL);
    for (size_t i = 0; i < index->world->group_count; i++)
        room[i] = room[i] >= projects_max ? 0 : projects_max - room[i];
    *out_room = room;
    return OK;
}

ErrCode gaps_plan(const CoverageIndex *index, const Coverage *coverage, int32_t projects_max,
                  Arena *arena, GapPlan *out_plan, Err *err)
{
    assert(index != NULL && coverage != NULL && arena != NULL && out_plan != NULL);
    Ranked *gaps = NULL;
    Ranked *groups = NULL;
    size_t gap_count = 0;
    size_t group_count = 0;
    int32_t *room = NULL;
    TRY(rank_gaps(index, coverage, arena, &gaps, &gap_count, err));
    TRY(rank_groups(index, arena, &groups, &group_count, err));
    TRY(count_room(index, coverage, projects_max, arena, &room, err));

    GapPlan plan = {.lines = arena_array(arena, GapLine, gap_count), .line_count = gap_count};
    size_t *members = arena_array(arena, size_t, group_count);
    if (plan.lines == NULL || members == NULL)
        return err_set(err, ERR_LIMIT, "no room for a plan of %zu gaps", gap_count);
    for (size_t i = 0; i < gap_count; i++)
        plan.lines[i] = (GapLine){.project = gaps[i].at, .distance_m = PLACE_DISTANCE_NO};
    for (size_t i = 0; i < group_count; i++)
        members[i] = groups[i].at;

    const Contest whole = {.index = index, .lines = plan.lines, .groups = members, .room = room};
    size_t group = 0;
    for (size_t gap = 0; gap < gap_count;) {
        const size_t first = gap;
        const Key unit = gaps[first].unit;
        gap = end_of_unit(gaps, gap_count, first, unit);
        while (group < group_count && groups[group].unit < unit)
            group++;
        const size_t first_group = group;
        group = end_of_unit(groups, group_count, group, unit);
        Contest contest = whole;
        contest.lines = &plan.lines[first];
        contest.line_count = gap - first;
        contest.groups = &members[first_group];
        contest.group_count = group - first_group;
        TRY(solve_contest(&contest, arena, &plan, err));
    }
    *out_plan = plan;
    return OK;
}
