#pragma once
/*
 * handover — where a group stood before and stands now, and what was recorded at the old site after
 * it had left.
 *
 * Nothing is copied when a group moves: its offices, obligations, waivers and ledgers are the
 * group's own, and go where it goes. Tasks and programmes are a project's: what is open at the site
 * it left is told, so that somebody takes it over.
 *
 *   Owns     nothing: borrows the stations given.
 *   Threads  any.
 *   Source   the rule `hand-over` of the pack
 */
#include "people/facts.h"

typedef struct Sites {
    const Station *before; /* the last one that ended before the day; NULL: none */
    const Station *now;    /* the one of the day; NULL: it stands nowhere */
} Sites;

/* Of a group that stands at several projects at a time, the one it came to last. */
Sites handover_sites(const Station *stations, size_t count, Day on);

/* Whether something of that project was recorded after the group had left it for good. Where it
 * never stood, nothing is late. */
bool handover_is_late(const Station *stations, size_t count, Key project, Day recorded);
