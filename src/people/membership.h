#pragma once
/*
 * membership — who belongs to a group on a day, and why; or why not.
 *
 * Nobody is ever entered into a group. Somebody belongs to it because of a posting, a station
 * and a status that hold on the day; an exception puts somebody in or out against the rule, with a
 * reason, until its last day.
 *
 *   Party group  posted (and confirmed) to a project where the group is stationed or which is
 *                attached to it; Party member of either standing on that day
 *   union group  the same, and a union member on that day
 *   work crew    the posting names it; or names none and it is the only crew stationed there
 *
 * membership_ask() answers for one person and one group with every step; membership_roster()
 * gives a whole group at once. They always agree.
 *
 *   Owns     nothing: borrows its facts; results lie in the arena or list given.
 *   Threads  any.
 *   Bounds   the arena's
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "people/absorb.h"

/* The facts around the groups asked for. Facts whose days do not hold the day are skipped. Wanted
 * are: the group's own stations, attachments and exceptions, and for the reasons to be complete,
 * all stations at the projects its people are posted to. */
typedef struct MembershipFacts {
    const Group *groups; /* every group that a station names */
    size_t group_count;
    const Station *stations;
    size_t station_count;
    const Attachment *attachments;
    size_t attachment_count;
    const Exception *exceptions;
    size_t exception_count;
    bool only_crew_takes_all; /* PARAMETER_CREW_MEMBERSHIP_ONLY_CREW_TAKES_ALL */
} MembershipFacts;

/* One person: what absorb() made of the postings, and the standings it was made from. */
typedef struct PersonStays {
    Key person;
    Stays stays;
    const Standing *standings; /* for the reasons only; may be empty */
    size_t standing_count;
} PersonStays;

/* Whether the person belongs to the group on the day; adds each step to `why`. */
MUST_USE ErrCode membership_ask(const MembershipFacts *facts, const Group *group,
                                const PersonStays *person, Day day, ReasonList *why,
                                bool *out_is_member, Err *err);

typedef struct Member {
    Key person;
    Key posting; /* KEY_NONE when only an exception puts them in */
    Key project;
    PartyStanding party;
    bool is_core;
    bool by_exception;
} Member;

/* All of `people` who belong to the group on the day, in their order. */
MUST_USE ErrCode membership_roster(const MembershipFacts *facts, const Group *group,
                                   const PersonStays *people, size_t person_count, Day day,
                                   Arena *arena, Member **out_members, size_t *out_count, Err *err);

/* The groups that could take the person on the day: those stationed at the project, those it is
 * attached to, the crew named, those of exceptions. Ask each with membership_ask(). */
MUST_USE ErrCode membership_candidates(const MembershipFacts *facts, const PersonStays *person,
                                       Day day, Arena *arena, const Group ***out_groups,
                                       size_t *out_count, Err *err);
