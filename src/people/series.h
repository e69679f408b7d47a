#pragma once
/*
 * series — how many people and Party members a project has, for every day, in a few bytes a step.
 *
 * A series is a sorted list of days on which the count changes, with the change. Adding one
 * posting adds two steps; the count on any day is the sum of the steps up to it. Stored packed
 * (the distance in days, which of the four numbers change, and by how much), one per project, it
 * lets the coverage of ten thousand projects on any date be worked out from ten thousand rows.
 *
 *   Invariants  (1) days ascend strictly; (2) no step is all zero; so equal histories have equal
 *               bytes, whatever the order in which they came about
 *   Owns        nothing: lives in the arena given
 *   Bounds      SERIES_STEPS_MAX steps
 *   Errors      ERR_CORRUPT  packed bytes that break an invariant
 *               ERR_LIMIT    more steps than that
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/day.h"

#define SERIES_STEPS_MAX      20000
#define SERIES_STEP_BYTES_MAX 26 /* packed: five numbers of at most five bytes, and one byte */
#define SERIES_BYTES_MAX      ((size_t)SERIES_STEPS_MAX * SERIES_STEP_BYTES_MAX)

typedef struct MemberCount {
    int32_t people; /* confirmed postings, Party members or not */
    int32_t formal;
    int32_t probationary;
    int32_t pending; /* Party members whose posting nobody has confirmed; not counted above */
} MemberCount;

typedef struct SeriesStep {
    Day day;
    MemberCount change;
} SeriesStep;

typedef struct Series {
    SeriesStep *steps;
    size_t count;
} Series;

MUST_USE ErrCode series_unpack(Bytes packed, Arena *arena, Series *out_series, Err *err);
void series_pack(const Series *series, Buf *buf);

/* The sum of two series, as a new one. */
MUST_USE ErrCode series_merge(const Series *a, const Series *b, Arena *arena, Series *out_series,
                              Err *err);

/* Sorts steps that came in any order, adds up those of one day, drops what cancels out. */
void series_tidy(Series *series);

/* The count on a day. */
MemberCount series_on(const Series *series, Day day);

/* The same, straight from packed bytes that series_unpack() has accepted before. */
MemberCount series_packed_on(Bytes packed, Day day);
