#pragma once
/*
 * hlc — hybrid logical clock: stamps that order the entries of nodes whose clocks disagree.
 *
 * A stamp is one number below 2^60: 48 bits of milliseconds since 1970 above a 12-bit counter.
 * Compare two stamps and you know which entry may have caused the other; look at the upper part
 * and you know about when it was.
 *
 * The module reads no clock: callers pass `now_ms`. A node may have lost its clock, so nothing is
 * ever refused here. A wall clock outside the range counts as one that stands still, and a stamp
 * from far in the future pulls ours by ten minutes and no more.
 *
 *   Invariants  (1) each stamp a clock gives is greater than every stamp it gave before;
 *               (2) and greater than every stamp it observed without clamping;
 *               (3) observing never takes a clock past HLC_PULL_MAX_MS after the wall clock,
 *                   unless it was there already.
 *   Owns        nothing: HlcClock is a value. At start it is given the last stamp of the journal.
 *   Threads     one HlcClock belongs to one thread (the writer).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

#define HLC_COUNTER_BITS 12
#define HLC_PULL_MAX_MS  UINT64_C(600000)                                       /* ten minutes */
#define HLC_MS_MAX       ((UINT64_C(1) << (STAMP_BITS - HLC_COUNTER_BITS)) - 1) /* in 10889 */
#define HLC_STAMP_MAX    ((UINT64_C(1) << STAMP_BITS) - 1)

typedef struct HlcClock {
    uint64_t last; /* the greatest stamp given or observed so far */
} HlcClock;

/* The stamp of a new entry. A full counter carries into the milliseconds. */
uint64_t hlc_tick(HlcClock *clock, uint64_t now_ms);

/* Takes note of another node's stamp, so that what we stamp next comes after it. True when the
 * stamp was too far ahead to follow all the way: its entry is kept, and is to be marked. */
MUST_USE bool hlc_observe(HlcClock *clock, uint64_t now_ms, uint64_t foreign);

uint64_t hlc_ms(uint64_t stamp);
uint64_t hlc_stamp(uint64_t ms, unsigned counter);
