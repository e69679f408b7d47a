#pragma once
/*
 * gap_plan — a plan for all gaps together: which project to attach to which group.
 *
 * As many projects as possible are covered, and among all such plans the one with the fewest
 * kilometres in sum is taken; no group takes more projects than the rule pack allows, those
 * attached to it already counted. Units compete only within themselves where the rule pack keeps
 * neighbours to one unit.
 *
 *   Invariants  (1) written as attachments, every line of the plan is granted by coverage
 *   Owns     nothing: the plan lies in the arena given.
 *   Threads  any.
 *   Bounds   ASSIGN_ROWS_MAX gaps and ASSIGN_COLUMNS_MAX groups that compete with one another
 *   Errors   ERR_LIMIT  more than that, or the arena is full
 */
#include "people/coverage.h"

/* One line of the plan for all gaps together. */
typedef struct GapLine {
    size_t project;     /* index in the world */
    Key group;          /* to attach to; KEY_NONE when none is left for it */
    Key host;           /* the project where that group is stationed */
    int64_t distance_m; /* PLACE_DISTANCE_NO when not known */
} GapLine;

typedef struct GapPlan {
    GapLine *lines; /* the uncovered projects that an attachment would cover, in order */
    size_t line_count;
    size_t covered_count;
    int64_t total_m; /* of the known distances */
} GapPlan;

MUST_USE ErrCode gaps_plan(const CoverageIndex *index, const Coverage *coverage,
                           int32_t projects_max, Arena *arena, GapPlan *out_plan, Err *err);

/* ---- Attaching, as gaps asks it too ---- */

/* Half the way round the earth: what a distance that nobody knows counts as. */
#define METRES_UNKNOWN INT64_C(20100000)

int64_t attach_metres(const CoverageIndex *index, size_t a, size_t b);
int64_t attach_metres_told(int64_t metres); /* PLACE_DISTANCE_NO for METRES_UNKNOWN */

/* Whether an attachment can cover this project at all. */
bool attach_would_cover(const CoverageIndex *index, size_t project);

/* Whether coverage would accept this group for the project, and how far it is. */
bool attach_is_possible(const CoverageIndex *index, size_t project, size_t group,
                        int64_t *out_metres);

/* How many projects are attached to each group of the world already. */
MUST_USE ErrCode attach_loads(const CoverageIndex *index, const Coverage *coverage, Arena *arena,
                              int32_t **out_loads, Err *err);
