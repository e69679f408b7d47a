#pragma once
/*
 * signal_count — which level holds a signal on a day, and how many of many are open, overdue or
 * climbed.
 *
 * Level 0 is the project, or the unit in charge where a unit answers that kind; each level above is
 * the next unit.
 *
 *   Threads  the caller's.
 */
#include "view/levels.h"
#include "view/signal_load.h"

#define SIGNAL_KIND_MAX 9 /* SIGNAL_IS_... and the number before the first */

typedef struct SignalTally {
    uint32_t open;
    uint32_t overdue; /* of the open: what is waited for was due before the day */
    uint32_t climbed; /* of the open: held by a level above where it is answered */
} SignalTally;

/* Of many signals, together and by kind. */
typedef struct SignalCounts {
    SignalTally all;
    SignalTally kinds[SIGNAL_KIND_MAX];
} SignalCounts;

/* Whether level 0 is the project. */
bool signal_is_projects(const SignalCard *card);

/* How many levels there are above a project with so many units above it. */
size_t signal_level_count(const SignalCard *card, size_t unit_count);

/* What is waited for now; NULL: nothing is. */
const SignalWait *signal_waits(const SignalStanding *standing);

/* Who holds what is or was waited for. */
ClimbState signal_climb(const Pack *pack, const SignalCard *card, size_t level_count,
                        const SignalWait *wait, Day on);

/* The level that holds it on a day: by climbing by itself, or because somebody took it up. */
size_t signal_level(const Pack *pack, const SignalCase *one, size_t level_count, Day on);

/* Counts it if it is open. */
void signal_count(const Pack *pack, const Levels *levels, const SignalCase *one, Day on,
                  SignalCounts *counts);
void signal_counts_add(SignalCounts *sum, const SignalCounts *more);
