#pragma once
/*
 * gaps — how to cover the projects that are not: the best ways for each.
 *
 * For one project each way is tried out on coverage itself: what would the state be with this
 * posting confirmed, this person posted, this group moved here. So a proposal never promises what
 * coverage would not grant, and what it costs elsewhere is said beside it.
 * gap_plan makes a plan for all of them together.
 *
 *   Owns     nothing: results lie in the arena given.
 *   Threads  any.
 *   Bounds   GAP_PROPOSALS_MAX a project
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "people/coverage.h"

#define GAP_PROPOSALS_MAX 16
#define GAP_BEST_OF_WAY   3 /* proposals of one way for one project */
#define GAP_NOTES_MAX     4

/* Somebody who could be posted or assigned. */
typedef struct Spare {
    Key person;
    Key unit;
    Key project; /* where posted on the day; KEY_NONE: nowhere */
    PartyStanding party;
    bool has_office; /* leads a group: not proposed for posting elsewhere */
} Spare;

/* What goes along when a group moves: its core members. */
typedef struct GroupCore {
    int32_t formal;
    int32_t probationary;
    int32_t people;
    bool has_leader; /* its leader is one of them */
} GroupCore;

typedef struct GapSupply {
    const Spare *spares;
    size_t spare_count;
    const GroupCore *cores; /* cores[i] belongs to the world's groups[i]; NULL: no group moves */
    int32_t projects_max;   /* PARAMETER_NEIGHBOUR_LOAD_PROJECTS_MAX */
} GapSupply;

typedef struct Proposal {
    GapWay way;
    Key group;          /* to attach to, to move, to lead, to station; KEY_NONE for a new one */
    Key person;         /* to post or assign */
    Key from;           /* the project it or they come from; of an attachment, the group's */
    int64_t distance_m; /* PLACE_DISTANCE_NO where it does not matter or is not known */
    CoverageState result;
    ReasonCode notes[GAP_NOTES_MAX]; /* what it costs or still lacks */
    size_t note_count;
} Proposal;

typedef struct Gap {
    size_t project;      /* index in the world */
    Proposal *proposals; /* best first */
    size_t proposal_count;
} Gap;

/* The uncovered projects of a world, in its order. `coverage` is what coverage_of() gives each. */
MUST_USE ErrCode gaps_find(const CoverageIndex *index, const Coverage *coverage,
                           const GapSupply *supply, Arena *arena, Gap **out_gaps, size_t *out_count,
                           Err *err);
