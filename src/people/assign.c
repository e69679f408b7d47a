#include "people/assign.h"

#include <assert.h>
#include <stdbool.h>

/* What staying without a column costs: more than any way round through all columns. */
#define COST_OF_NONE (ASSIGN_COST_MAX * (int64_t)(2 * ASSIGN_ROWS_MAX))
#define FAR          (INT64_MAX / 2)

static_assert(COST_OF_NONE < FAR / (int64_t)(2 * ASSIGN_ROWS_MAX), "sums cannot overflow");

typedef struct Solver {
    const AssignProblem *problem;
    size_t *column_of; /* of each row; ASSIGN_NONE while it has none */
    int32_t *load;     /* rows each column has */
    int64_t *row_worth;
    int64_t *column_worth;
    /* The search for one more row's place: */
    int64_t *slack;     /* of each column not reached yet: the least way to it */
    size_t *reached_by; /* the row through which that way leads */
    bool *is_reached;   /* columns whose rows are all in the search */
    size_t *rows;       /* rows in the search, in the order they joined */
    size_t row_count;
} Solver;

static ErrCode solver_init(Solver *solver, const AssignProblem *problem, Arena *arena, Err *err)
{
    *solver = (Solver){
        .problem = problem,
        .load = arena_array(arena, int32_t, problem->column_count),
        .row_worth = arena_array(arena, int64_t, problem->row_count),
        .column_worth = arena_array(arena, int64_t, problem->column_count),
        .slack = arena_array(arena, int64_t, problem->column_count),
        .reached_by = arena_array(arena, size_t, problem->column_count),
        .is_reached = arena_array(arena, bool, problem->column_count),
        .rows = arena_array(arena, size_t, problem->row_count),
    };
    if (solver->load == NULL || solver->row_worth == NULL || solver->column_worth == NULL ||
        solver->slack == NULL || solver->reached_by == NULL || solver->is_reached == NULL ||
        solver->rows == NULL)
        return err_set(err, ERR_LIMIT, "no room to assign %zu projects", problem->row_count);
    return OK;
}

/* A row joins the search: it may shorten the way to each column. */
static void join(Solver *solver, size_t row)
{
    const AssignProblem *problem = solver->problem;
    const int64_t *costs = &problem->costs[row * problem->column_count];
    solver->rows[solver->row_count++] = row;
    for (size_t column = 0; column < problem->column_count; column++) {
        if (solver->is_reached[column] || costs[column] == ASSIGN_FORBIDDEN ||
            problem->capacities[column] <= 0)
            continue;
        const int64_t slack = costs[column] - solver->row_worth[row] - solver->column_worth[column];
        if (slack >= solver->slack[column]) continue;
        solver->slack[column] = slack;
        solver->reached_by[column] = row;
    }
}

/* The nearest column not reached yet; ASSIGN_NONE when every way ends. */
static size_t nearest_column(const Solver *solver)
{
    size_t best = ASSIGN_NONE;
    for (size_t column = 0; column < solver->problem->column_count; column++) {
        if (solver->is_reached[column] || solver->slack[column] == FAR) continue;
        if (best == ASSIGN_NONE || solver->slack[column] < solver->slack[best]) best = column;
    }
    return best;
}

/* The row in the search that could give up its place at the least price. */
static size_t cheapest_without(const Solver *solver)
{
    size_t best = solver->rows[0];
    for (size_t i = 1; i < solver->row_count; i++)
        if (solver->row_worth[solver->rows[i]] > solver->row_worth[best]) best = solver->rows[i];
    return best;
}

static void spread(Solver *solver, int64_t step)
{
    for (size_t i = 0; i < solver->row_count; i++)
        solver->row_worth[solver->rows[i]] += step;
    for (size_t column = 0; column < solver->problem->column_count; column++) {
        if (solver->is_reached[column])
            solver->column_worth[column] -= step;
        else if (solver->slack[column] != FAR)
            solver->slack[column] -= step;
    }
}

/* Each row on the way takes the column it leads to and leaves its own to the row before it. */
static void shift(Solver *solver, size_t column, size_t root)
{
    while (true) {
        const size_t row = solver->reached_by[column];
        const size_t left = solver->column_of[row];
        solver->column_of[row] = column;
        if (row == root) return;
        column = left;
    }
}

/* The place that `row` gives up goes to the rows that wait for it. */
static void give_up(Solver *solver, size_t row, size_t root)
{
    const size_t left = solver->column_of[row];
    solver->column_of[row] = ASSIGN_NONE;
    if (row != root) shift(solver, left, root);
}

/* Finds a place for one more row, moving others where that is cheaper. */
static void place_row(Solver *solver, size_t root)
{
    const AssignProblem *problem = solver->problem;
    solver->row_count = 0;
    for (size_t column = 0; column < problem->column_count; column++) {
        solver->slack[column] = FAR;
        solver->is_reached[column] = false;
    }
    join(solver, root);
    while (true) {
        const size_t column = nearest_column(solver);
        const size_t loser = cheapest_without(solver);
        const int64_t none = COST_OF_NONE - solver->row_worth[loser];
        if (column == ASSIGN_NONE || none <= solver->slack[column]) {
            spread(solver, none);
            give_up(solver, loser, root);
            return;
        }
        spread(solver, solver->slack[column]);
        if (solver->load[column] < problem->capacities[column]) {
            solver->load[column]++;
            shift(solver, column, root);
            return;
        }
        solver->is_reached[column] = true;
        for (size_t row = 0; row < problem->row_count; row++)
            if (solver->column_of[row] == column) join(solver, row);
    }
}

ErrCode assign_solve(const AssignProblem *problem, Arena *arena, size_t *out_columns,
                     int64_t *out_total, Err *err)
{
    assert(problem != NULL && arena != NULL && out_columns != NULL && out_total != NULL);
    if (problem->row_count > ASSIGN_ROWS_MAX || problem->column_count > ASSIGN_COLUMNS_MAX)
        return err_set(err, ERR_LIMIT,
                       "at most %zu projects and %zu groups at once; ask for one unit at a time",
                       ASSIGN_ROWS_MAX, ASSIGN_COLUMNS_MAX);
    Solver solver;
    TRY(solver_init(&solver, problem, arena, err));
    solver.column_of = out_columns;
    for (size_t row = 0; row < problem->row_count; row++)
        out_columns[row] = ASSIGN_NONE;
    for (size_t row = 0; row < problem->row_count; row++)
        place_row(&solver, row);

    int64_t total = 0;
    for (size_t row = 0; row < problem->row_count; row++) {
        if (out_columns[row] == ASSIGN_NONE) continue;
        const int64_t cost = problem->costs[row * problem->column_count + out_columns[row]];
        assert(cost >= 0 && cost <= ASSIGN_COST_MAX); /* invariant 2: never the forbidden one */
        total += cost;
    }
    for (size_t column = 0; column < problem->column_count; column++)
        assert(solver.load[column] <= problem->capacities[column]); /* invariant 1 */
    *out_total = total;
    return OK;
}
