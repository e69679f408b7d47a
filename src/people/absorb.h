#pragma once
/*
 * absorb — a person's postings and statuses become stays: who they are and where, day by day.
 *
 * Posting somebody to a project is joining it. This module lays all postings and statuses of one
 * person over one another and gives the result as stays: the longest runs of days on which
 * nothing changes. Everything else about membership and coverage is counted from stays.
 *
 * A posting's first and last day both belong to it. Where postings overlap, one that is
 * confirmed comes before one that is not (a sign-on at another site moves nobody until its leader
 * confirms it); among those the later start counts from its day on, and when it ends an
 * earlier one that still runs counts again; with equal starts the larger key counts. A formal
 * standing comes before a probationary one. Overlaps are findings, never errors.
 *
 *   Invariants  (1) stays are in order of days and never overlap;
 *               (2) two stays next to one another differ in more than their days;
 *               (3) a day on which no posting runs has no stay.
 *   Owns        nothing: stays and findings lie in the arena given.
 *   Bounds      the arena's; n log n steps for n facts
 *   Errors      ERR_LIMIT  the arena is full
 */
#include "people/reason.h"

typedef struct Stay {
    DayRange days;
    Key posting;
    Key project;
    Key crew; /* KEY_NONE when the posting names none */
    PartyStanding party;
    bool is_union;
    bool is_pending;
    bool is_core;
} Stay;

typedef struct Stays {
    const Stay *items;
    size_t count;
} Stays;

/* The facts of one person, in any order. */
typedef struct PersonFacts {
    Key person;
    const Posting *postings;
    size_t posting_count;
    const Standing *standings;
    size_t standing_count;
} PersonFacts;

/* Findings are added to `findings`, which may be NULL when nobody asks for them. */
MUST_USE ErrCode absorb(const PersonFacts *facts, Arena *arena, Stays *out_stays,
                        ReasonList *findings, Err *err);

/* The stay of a day; NULL when the person is not posted then. */
const Stay *stay_on(Stays stays, Day day);

/* The standing that counts on a day, of the Party kind or of the union kind; NULL for none. */
const Standing *party_standing_on(const Standing *standings, size_t count, Day day);
const Standing *union_standing_on(const Standing *standings, size_t count, Day day);
