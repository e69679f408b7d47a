#include "journal/hlc.h"

#include <assert.h>

static_assert(HLC_MS_MAX << HLC_COUNTER_BITS <= HLC_STAMP_MAX, "every millisecond has stamps");

uint64_t hlc_ms(uint64_t stamp)
{
    return stamp >> HLC_COUNTER_BITS;
}

uint64_t hlc_stamp(uint64_t ms, unsigned counter)
{
    assert(ms <= HLC_MS_MAX);
    assert(counter >> HLC_COUNTER_BITS == 0);
    return ms << HLC_COUNTER_BITS | counter;
}

/* The first stamp of a millisecond; the very first one for a clock that shows nonsense. */
static uint64_t stamp_of_wall(uint64_t now_ms)
{
    return now_ms <= HLC_MS_MAX ? hlc_stamp(now_ms, 0) : 0;
}

uint64_t hlc_tick(HlcClock *clock, uint64_t now_ms)
{
    assert(clock != NULL);
    assert(clock->last < HLC_STAMP_MAX);
    const uint64_t before = clock->last;
    const uint64_t wall = stamp_of_wall(now_ms);
    clock->last = wall > before ? wall : before + 1;
    assert(clock->last > before); /* invariants 1 and 2 */
    return clock->last;
}

bool hlc_observe(HlcClock *clock, uint64_t now_ms, uint64_t foreign)
{
    assert(clock != NULL);
    const uint64_t wall_ms = hlc_ms(stamp_of_wall(now_ms));
    const uint64_t furthest_ms =
        wall_ms > HLC_MS_MAX - HLC_PULL_MAX_MS ? HLC_MS_MAX - 1 : wall_ms + HLC_PULL_MAX_MS;
    const uint64_t furthest = hlc_stamp(furthest_ms, 0);
    const bool is_clamped = foreign > furthest;
    const uint64_t target = is_clamped ? furthest : foreign;
    if (target > clock->last) clock->last = target;
    return is_clamped;
}
