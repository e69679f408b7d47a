#pragma once
/*
 * programme — on which day each line of a project's programme falls, and why it moved there.
 *
 * A line hangs on an edge of a phase, so many days away from it. Nobody writes its day: it follows
 * the phase. When a phase moves, every line that is not done moves with it, and the versions of the
 * schedule say which change did it. What is done keeps the day on which it was done.
 *
 *   Invariants  (1) a line that is done has the same day whatever becomes of the schedule;
 *               (2) its shifts, one after the other, lead from its first day to the one it has;
 *               (3) the same versions give the same days in whatever order they arrived: they are
 *                   read in the order of their stamps.
 *   Owns        nothing: results lie in the arena given.
 *   Threads     any.
 *   Bounds      PLAN_OFFSET_MAX, SCHEDULE_VERSIONS_MAX
 *   Errors      ERR_LIMIT  the arena is full, or there are more versions
 *   Source      the rule `programme` of the pack
 */
#include "base/arena.h"
#include "duties/calendar.h"
#include "people/facts.h"
#include "vocab/pack.h"

#define PLAN_OFFSET_MAX       366 /* days, either way */
#define RISK_LEVEL_MAX        5
#define SCHEDULE_VERSIONS_MAX 500 /* of all phases of one project */

/* What one entry said of one phase. */
typedef struct PhaseVersion {
    Key fact; /* the phase, a row of its own */
    int phase;
    DayRange days;
    bool is_void;
    uint64_t stamp; /* of the entry */
    Day recorded;
    size_t until; /* how many versions there are before the next one of this fact */
} PhaseVersion;

typedef struct Schedule {
    const PhaseVersion *versions; /* by stamp: made by schedule_make() */
    size_t count;
} Schedule;

typedef struct Risk {
    Key key;
    int phase; /* PHASE_IS_...; 0: of the whole project */
    int scheme;
    int level;
} Risk;

typedef struct PlanLine {
    Key key;
    int phase;       /* PHASE_IS_...; 0: it has a day of its own */
    int edge;        /* EDGE_IS_... */
    int offset;      /* days after the edge; before it when negative */
    Day day;         /* of a line that hangs on no phase */
    int risk_scheme; /* 0: needed whatever the risk */
    int risk_level;
    uint64_t stamp; /* of the entry that made it */
    /* What it has become. */
    Key fulfilment; /* KEY_NONE: nothing yet */
    Key activity;   /* KEY_NONE: none */
    Key task;       /* of a line that is no activity; KEY_NONE: none */
    Day arranged;   /* the day of the activity, or by which the task is due */
    bool is_done;
    Day done; /* of a line that is done */
} PlanLine;

typedef struct PlanFacts {
    const Pack *pack;
    const Calendar *calendar;
    Schedule schedule;
    const Risk *risks;
    size_t risk_count;
    const PlanLine *lines;
    size_t line_count;
} PlanFacts;

typedef enum PlanState {
    PLAN_WAITING,    /* for its phase, or for the end of it, to be scheduled */
    PLAN_NOT_NEEDED, /* the risk is lower than it is for */
    PLAN_UNDECIDED,  /* no risk is stated by the scheme it speaks of */
    PLAN_AHEAD,
    PLAN_DUE, /* today */
    PLAN_DONE,
    PLAN_OVERDUE,
    PLAN_STATE_COUNT
} PlanState;

/* A change of the schedule that moved a line. */
typedef struct PlanShift {
    size_t version; /* the change, in the schedule */
    Day from;
    Day to; /* DAY_OPEN: waiting again */
} PlanShift;

typedef struct Planned {
    PlanState state;
    Day first; /* the day first planned; DAY_OPEN: none yet */
    Day day;   /* the day it falls on, or was done on; DAY_OPEN while it waits */
    Key risk;  /* the risk that makes it needed */
    const PlanShift *shifts;
    size_t shift_count;
} Planned;

/* How each line stands on `on`, with the schedule as it was known then; before anything of a phase
 * was known, with the first that became known. Results are in the order of the lines. */
MUST_USE ErrCode programme_of(const PlanFacts *facts, Day on, Arena *arena, Planned **out_planned,
                              Err *err);

/* The day of one line by the first `known` versions; DAY_OPEN while it waits. */
Day programme_day(const PlanFacts *facts, const PlanLine *line, size_t known);

/* How many versions were recorded by the end of a day. */
size_t schedule_known(const Schedule *schedule, Day on);

/* The schedule with one more version behind it: what a change that is only tried would make. */
MUST_USE ErrCode schedule_try(const Schedule *schedule, PhaseVersion version, Arena *arena,
                              Schedule *out_schedule, Err *err);

/* Brings versions into the order of their stamps, and finds which of them replaces which. */
MUST_USE ErrCode schedule_make(PhaseVersion *versions, size_t count, Schedule *out_schedule,
                               Err *err);

/* Whether a risk level is at least as grave as another of the same scheme. */
bool risk_reaches(int scheme, int level, int limit);

const char *plan_state_name(PlanState state);
const char *plan_state_zh(PlanState state);
const char *plan_state_en(PlanState state);
