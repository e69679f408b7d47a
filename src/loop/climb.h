#pragma once
/*
 * climb — what is due and not answered is held one level higher by itself, and then another.
 *
 * Nobody passes it on and nothing is written: which level holds it on a day follows from the day
 * it is due. Level 0 is where it is to be done (a project); 1 is the unit in charge of that, 2 the
 * unit above, and so on. It is first held by level k on the morning of a day, unless it was
 * answered on a day before; what was answered on that very day had climbed already.
 *
 *   Owns     nothing: values.
 *   Threads  any.
 *   Bounds   CLIMB_LEVELS_MAX; a chain longer than that ends there
 *   Source   how many days each level has: a rule of the pack, given by the caller
 */
#include <stddef.h>

#include "people/facts.h"
#include "vocab/pack.h"

#define CLIMB_LEVELS_MAX 12

/* How long each level has. Read from a rule with climb_rule_of(). */
typedef struct ClimbRule {
    int first_days; /* days after the due day on which level 1 holds it; at least 1 */
    int each_days;  /* further days for each level above that; at least 1 */
    int levels_max; /* how far it climbs; 0: not at all */
} ClimbRule;

/* Something that waits for an answer. */
typedef struct Waiting {
    Day due;            /* the last day on which the answer is in time */
    Day answered;       /* DAY_OPEN: not yet */
    size_t level_count; /* the levels there are, level 0 counted: 1 and more */
} Waiting;

/* That a level held it from a day on. */
typedef struct Climb {
    size_t level; /* from 1 */
    Day since;
} Climb;

typedef struct ClimbState {
    size_t level;                   /* which holds it now, or held it when it was answered */
    Day since;                      /* from 1 on; of level 0 it is DAY_OPEN: it was always there */
    Day next;                       /* when the level above will hold it; DAY_OPEN: never */
    Climb climbs[CLIMB_LEVELS_MAX]; /* ascending */
    size_t climb_count;
} ClimbState;

/* As things stand on `today`: what was answered later than that is not answered yet. */
ClimbState climb_on(const ClimbRule *rule, const Waiting *waiting, Day today);

/* The parameters of a climbing rule as they are on a day, from their codes. A rule that the pack
 * has no version of climbs nowhere. */
ClimbRule climb_rule_of(const Pack *pack, RuleCode rule, ParameterCode first_days,
                        ParameterCode each_days, ParameterCode levels_max, Day day);
