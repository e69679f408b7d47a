#pragma once
/*
 * assign — gives each row a column so that the sum of costs is the least there can be.
 *
 * Rows are gaps, columns are groups that can each take a few. As many rows as possible are given
 * a column, and among all ways to do that the cheapest in sum is taken: never the greedy one,
 * which gives the first row its favourite and lets the last pay for it.
 *
 *   Method   shortest augmenting paths with potentials (Hungarian method, after Jonker and
 *            Volgenant); a full column is left by whichever of its rows moves on most cheaply
 *   Invariants  (1) no column is given to more rows than its capacity;
 *               (2) no row is given a column that is forbidden for it.
 *   Owns        nothing: works in the arena given.
 *   Bounds      ASSIGN_ROWS_MAX, ASSIGN_COLUMNS_MAX, ASSIGN_COST_MAX; time rows^2 * columns
 *   Errors      ERR_LIMIT  too many rows or columns, or the arena is full
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define ASSIGN_ROWS_MAX    ((size_t)2000)
#define ASSIGN_COLUMNS_MAX ((size_t)4000)
#define ASSIGN_COST_MAX    INT64_C(100000000)
#define ASSIGN_FORBIDDEN   INT64_MAX /* as a cost: this row may not have this column */
#define ASSIGN_NONE        SIZE_MAX  /* as a column: the row stays without */

typedef struct AssignProblem {
    const int64_t *costs; /* row by row: costs[row * column_count + column], 0 or more */
    size_t row_count;
    size_t column_count;
    const int32_t *capacities; /* of each column; 0 or more */
} AssignProblem;

/* Fills out_columns[row] for every row. */
MUST_USE ErrCode assign_solve(const AssignProblem *problem, Arena *arena, size_t *out_columns,
                              int64_t *out_total, Err *err);
