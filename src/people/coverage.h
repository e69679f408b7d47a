#pragma once
/*
 * coverage — for every project on a day: which Party organisation covers it, or why none does.
 *
 * The states, best first: own branch, temporary branch, joint branch, own group, attached to a
 * group named for it, attached to the nearest group by itself, assigned liaison, uncovered. The
 * numbers that decide (how many members, how far) come from the rule pack of that day.
 *
 *   1. A project outside its days, cancelled or closed needs nothing: not_active.
 *   2. A Party group stationed there that is in order (members, formal members, a leader who is a
 *      formal member of it) makes the project's own state by the group's form.
 *   3. Otherwise a group in order that is named for the project by an attachment takes it.
 *   4. With some members, but not enough for a group, the nearest group in order takes it.
 *   5. With not enough members, an assigned liaison who is a Party member covers it.
 *   6. Otherwise it is uncovered. The reasons say what is missing; they are kept for the
 *      better states too ("attached, because two members are too few").
 *
 * The caller prepares a World: the facts of the day and the head counts derived from stays.
 * Facts whose days do not hold the day are skipped, so it may hand over more than that day's.
 *
 *   Invariants  (1) the same world gives the same coverage, whatever the order of its arrays;
 *               (2) `uncovered` always has at least one reason.
 *   Owns        nothing: everything lies in the arena given; a CoverageIndex borrows its world.
 *   Threads     a finished index may be read by any number of threads.
 *   Bounds      WORLD_COUNT_MAX of each kind of fact
 *   Errors      ERR_LIMIT    the arena is full or the world too large
 *               ERR_INVALID  two projects or groups with the same key
 */
#include "people/place.h"
#include "people/reason.h"

#define WORLD_COUNT_MAX ((size_t)4 * 1000 * 1000)
#define INDEX_NONE      SIZE_MAX

/* Who is at a project on the day, from confirmed stays and exceptions. */
typedef struct HeadCount {
    int32_t formal;
    int32_t probationary;
    int32_t people;        /* all of them, members included */
    int32_t pending_party; /* Party members whose posting is not confirmed; not counted above */
} HeadCount;

/* Who leads a group on the day. */
typedef struct Leader {
    Key office; /* KEY_NONE when nobody is in office */
    Key person;
    PartyStanding party; /* on that day */
    bool is_member;      /* of that group, on that day */
} Leader;

/* Arrays side by side: heads[i] belongs to projects[i], leaders[i] to groups[i], liaison_parties[i]
 * (the liaison's standing on the day) to liaisons[i]. */
typedef struct World {
    Day day;
    const Project *projects;
    const HeadCount *heads;
    size_t project_count;
    const Group *groups; /* those that are no Party groups are skipped */
    const Leader *leaders;
    size_t group_count;
    const Station *stations;
    size_t station_count;
    const Attachment *attachments;
    size_t attachment_count;
    const Liaison *liaisons;
    const PartyStanding *liaison_parties;
    size_t liaison_count;
} World;

typedef struct Coverage {
    CoverageState state;
    Key group;          /* the group that covers it; KEY_NONE */
    Key host;           /* of the attached states: the project where that group is stationed */
    Key person;         /* of liaison */
    int64_t distance_m; /* to the host; PLACE_DISTANCE_NO */
    ReasonSet reasons;
    ReasonSet advice;
    HeadCount heads;
} Coverage;

/* What coverage asks of the rule pack, for one day. */
typedef struct CoverageRules {
    bool suspended_counts;
    int32_t group_members_min;
    int32_t group_formal_min;
    bool counts_all_stations;
    bool leader_required;
    bool leader_formal;
    bool leader_member;
    int32_t branch_formal_min;
    int branch_months_min;
    int32_t branch_members_max;
    int32_t temporary_formal_min;
    int32_t joint_formal_min;
    int32_t joint_sites_max;
    int32_t divide_members_min;
    bool named_allowed;
    bool named_any_size;
    int64_t named_distance_m_max; /* 0 is any */
    bool near_allowed;
    bool near_same_unit;
    int64_t near_distance_m_max;
    int32_t near_members_min;
    bool liaison_allowed;
    bool liaison_formal;
} CoverageRules;

CoverageRules coverage_rules(const Pack *pack, Day day);

typedef struct CoverageIndex CoverageIndex;

/* Sorts a world once; then each project can be asked. */
MUST_USE ErrCode coverage_index_new(const World *world, const CoverageRules *rules, Arena *arena,
                                    const CoverageIndex **out_index, Err *err);

/* The coverage of projects[at]. */
Coverage coverage_of(const CoverageIndex *index, size_t at);

/* What coverage_of() would say if things stood otherwise at that project alone. */
typedef struct Supposition {
    const HeadCount *heads; /* NULL: as they are */
    size_t group;           /* groups[group] is stationed there too; INDEX_NONE: no */
    size_t group_from;      /* ... and has left projects[group_from] for it; INDEX_NONE: no */
    size_t group_gone;      /* groups[group_gone] is not; INDEX_NONE: no */
    const Leader *leader;   /* leads every group there; NULL: as they are */
} Supposition;

Coverage coverage_suppose(const CoverageIndex *index, size_t at, const Supposition *supposition);

/* All projects of a world: out_coverage[i] is for projects[i]. */
MUST_USE ErrCode coverage_run(const World *world, const CoverageRules *rules, Arena *arena,
                              Coverage **out_coverage, Err *err);

/* A run of days on which one project's coverage stays the same. */
typedef struct CoverageSpan {
    DayRange days;
    Coverage coverage;
} CoverageSpan;

typedef ErrCode (*CoverageOnDay)(void *context, Day day, Coverage *out_coverage, Err *err);

/* When a project's coverage changes within `range` (closed). `on_day` is asked on the first day
 * and on each of `days`: those on which something may change, in any order; a posting that ends on
 * a day changes the day after. State, group, person, reasons and advice count as a change, the
 * bare numbers of heads do not. */
MUST_USE ErrCode coverage_changes(DayRange range, const Day *days, size_t day_count, Arena *arena,
                                  CoverageSpan **out_spans, size_t *out_count, CoverageOnDay on_day,
                                  void *context, Err *err);
