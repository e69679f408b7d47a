#pragma once
/*
 * coverage_why — the facts and rules behind one project's coverage, in the order they are asked.
 *
 * First the project's days, then who is there, then each Party group stationed there with its
 * leader and what it lacks, then the attachment, neighbour or liaison that covers it, then what
 * else is missing, then advice. Every reason of the coverage is in the list, and nothing else.
 *
 *   Owns     nothing: the list grows in its own arena.
 *   Errors   ERR_LIMIT  the arena is full
 */
#include "people/coverage.h"

MUST_USE ErrCode coverage_why(const CoverageIndex *index, size_t at, ReasonList *why, Err *err);
