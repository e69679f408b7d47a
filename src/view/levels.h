#pragma once
/*
 * levels — the units above a project, one behind the other: where what is not answered climbs.
 *
 *   Owns     nothing: lives in the arena given.
 *   Threads  the caller's.
 *   Bounds   CLIMB_LEVELS_MAX units above a project are looked at
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "loop/climb.h"
#include "view/load.h"

typedef struct Levels {
    Map parents; /* unit -> the unit above it */
} Levels;

MUST_USE ErrCode levels_load(Source from, Levels *out_levels, Err *err);

/* The unit in charge, the one above it, and so on: out_units[0] is level 1. Returns how many. */
size_t levels_above(const Levels *levels, Key unit, Key out_units[CLIMB_LEVELS_MAX]);
