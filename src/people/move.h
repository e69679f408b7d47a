#pragma once
/*
 * move — what it means to move a group from one project to another, before anybody confirms it.
 *
 * The plan lists the facts to write: the old station closed the day before, the new one opened,
 * the postings of core members closed and opened likewise. It shows the coverage of both projects
 * on that day without and with the move, every other project that changes with it, and what to
 * know first. Nothing is written here; a plan with an ERROR finding has no facts.
 *
 *   Invariants  (1) a plan that is possible closes no station or posting before its first day;
 *               (2) after the facts are written, coverage is what the plan said.
 *   Owns        nothing: the plan lies in the arena given.
 *   Threads     any.
 *   Errors      ERR_LIMIT  the arena is full
 */
#include "people/coverage.h"

/* A member of the group, posted to the project it leaves, on the day of the move. */
typedef struct MoveMember {
    Posting posting;
    PartyStanding party;
} MoveMember;

typedef struct MoveQuestion {
    const Group *group;
    Key from; /* the project it leaves; KEY_NONE: where it came to last */
    Key to;
    const Station *stations; /* all of this group's, of any days */
    size_t station_count;
    const MoveMember *members; /* all of them, core or not */
    size_t member_count;
    bool is_leader_at_target; /* the leader is posted to the new project already */
} MoveQuestion;

typedef enum MoveAct {
    MOVE_CLOSE, /* set the last day of `fact` to days.last */
    MOVE_OPEN,  /* write a new fact */
    MOVE_VOID   /* withdraw `fact`, which would begin only now */
} MoveAct;

typedef struct MoveFact {
    MoveAct act;
    KindCode kind; /* KIND_STATION or KIND_POSTING */
    Key fact;      /* KEY_NONE when it is opened */
    Key group;     /* of a station; of a posting, its crew */
    Key person;    /* of a posting */
    Key project;
    DayRange days;
    bool is_core;
} MoveFact;

typedef struct MoveSide {
    Key project;
    Coverage before;
    Coverage after;
} MoveSide;

typedef struct MovePlan {
    bool is_possible;
    MoveFact *facts; /* in the order they should be written */
    size_t fact_count;
    ReasonList findings;
    MoveSide from; /* project is KEY_NONE when it leaves none */
    MoveSide to;
    MoveSide *others; /* other projects whose state or group changes */
    size_t other_count;
} MovePlan;

/* The day of the move is the day of the world. */
MUST_USE ErrCode move_preview(const World *world, const CoverageRules *rules,
                              const MoveQuestion *question, Arena *arena, MovePlan *out_plan,
                              Err *err);
