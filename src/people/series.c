#include "people/series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t zigzag(int64_t number)
{
    return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t number)
{
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

/* One bit for each number that changes. */
enum { HAS_PEOPLE = 1, HAS_FORMAL = 2, HAS_PROBATIONARY = 4, HAS_PENDING = 8, HAS_ALL = 15 };

static uint8_t changes_of(MemberCount change)
{
    return (uint8_t)((change.people != 0 ? HAS_PEOPLE : 0) | (change.formal != 0 ? HAS_FORMAL : 0) |
                     (change.probationary != 0 ? HAS_PROBATIONARY : 0) |
                     (change.pending != 0 ? HAS_PENDING : 0));
}

static uint8_t *put_number(uint8_t *at, int64_t number)
{
    uint64_t rest = zigzag(number);
    for (; rest >= 0x80; rest >>= 7)
        *at++ = (uint8_t)(rest | 0x80);
    *at++ = (uint8_t)rest;
    return at;
}

static uint8_t *put_step(uint8_t *at, const SeriesStep *step, Day before)
{
    const uint8_t changes = changes_of(step->change);
    assert(changes != 0); /* invariant 2 */
    /* The first distance may be negative; the others are at least one day. */
    at = put_number(at, (int64_t)step->day - before);
    *at++ = changes;
    if ((changes & HAS_PEOPLE) != 0) at = put_number(at, step->change.people);
    if ((changes & HAS_FORMAL) != 0) at = put_number(at, step->change.formal);
    if ((changes & HAS_PROBATIONARY) != 0) at = put_number(at, step->change.probationary);
    if ((changes & HAS_PENDING) != 0) at = put_number(at, step->change.pending);
    return at;
}

void series_pack(const Series *series, Buf *buf)
{
    uint8_t *const first = buf_room(buf, series->count * SERIES_STEP_BYTES_MAX);
    uint8_t *at = first;
    Day before = 0;
    if (first == NULL) return; /* buf_check() says so */
    for (size_t i = 0; i < series->count; i++) {
        assert(i == 0 || series->steps[i].day > before); /* invariant 1 */
        at = put_step(at, &series->steps[i], before);
        before = series->steps[i].day;
    }
    buf_took(buf, (size_t)(at - first));
}

/* Reads one varint of at most 32 bits; false at the end, when it does not fit, or when it was
 * written longer than it need be. */
static inline bool take_number(Bytes *rest, int32_t *out_number)
{
    uint64_t number = 0;
    if (rest->size > 0 && *rest->at < 0x80) { /* nearly always */
        *out_number = (int32_t)unzigzag(*rest->at);
        rest->at++;
        rest->size--;
        return true;
    }
    for (unsigned shift = 0; shift < 35 && rest->size > 0; shift += 7) {
        const uint8_t byte = *rest->at;
        rest->at++;
        rest->size--;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte >= 0x80) continue;
        if (byte == 0 && shift > 0) return false;
        const int64_t value = unzigzag(number);
        *out_number = (int32_t)value;
        return value >= -INT32_MAX && value <= INT32_MAX;
    }
    return false;
}

static inline bool take_step(Bytes *rest, Day *day, SeriesStep *out_step)
{
    int32_t distance = 0;
    if (!take_number(rest, &distance) || rest->size == 0) return false;
    const uint8_t changes = *rest->at;
    rest->at++;
    rest->size--;
    MemberCount change = {0};
    if ((changes & HAS_PEOPLE) != 0 && !take_number(rest, &change.people)) return false;
    if ((changes & HAS_FORMAL) != 0 && !take_number(rest, &change.formal)) return false;
    if ((changes & HAS_PROBATIONARY) != 0 && !take_number(rest, &change.probationary)) return false;
    if ((changes & HAS_PENDING) != 0 && !take_number(rest, &change.pending)) return false;
    /* What is written again must be the same bytes. */
    if (changes > HAS_ALL || changes_of(change) != changes) return false;
    *day = (Day)((int64_t)*day + distance);
    *out_step = (SeriesStep){*day, change};
    return *day >= DAY_FIRST && *day <= DAY_LAST + 1;
}

static ErrCode too_many(Err *err)
{
    return err_set(err, ERR_LIMIT, "a head count changes on at most %d days", SERIES_STEPS_MAX);
}

ErrCode series_unpack(Bytes packed, Arena *arena, Series *out_series, Err *err)
{
    assert(out_series != NULL);
    /* Three bytes at least per step bound the count before anything is trusted. */
    const size_t fitting = packed.size / 3;
    const size_t room = fitting < SERIES_STEPS_MAX ? fitting : SERIES_STEPS_MAX;
    Series series = {.steps = arena_array(arena, SeriesStep, room)};
    if (series.steps == NULL) return err_set(err, ERR_LIMIT, "no room for a head count");
    Day day = 0;
    while (packed.size > 0) {
        const Day before = day;
        SeriesStep step;
        if (!take_step(&packed, &day, &step) || changes_of(step.change) == 0 ||
            (series.count > 0 && day <= before))
            return err_set(err, ERR_CORRUPT, "a stored head count is damaged: run 'rebuild'");
        if (series.count == SERIES_STEPS_MAX) return too_many(err);
        series.steps[series.count++] = step;
    }
    *out_series = series;
    return OK;
}

static int compare_steps(const void *left, const void *right)
{
    const SeriesStep *a = left;
    const SeriesStep *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static MemberCount sum(MemberCount a, MemberCount b)
{
    return (MemberCount){a.people + b.people, a.formal + b.formal, a.probationary + b.probationary,
                         a.pending + b.pending};
}

void series_tidy(Series *series)
{
    if (series->count == 0) return;
    qsort(series->steps, series->count, sizeof series->steps[0], compare_steps);
    size_t kept = 0;
    for (size_t i = 0; i < series->count;) {
        SeriesStep step = series->steps[i++];
        while (i < series->count && series->steps[i].day == step.day)
            step.change = sum(step.change, series->steps[i++].change);
        if (changes_of(step.change) != 0) series->steps[kept++] = step;
    }
    series->count = kept;
}

/* Takes over the steps from `first` on that are before a day; returns the first that is not. */
static size_t take_before(Series *merged, const Series *from, size_t first, Day day)
{
    size_t end = first;
    while (end < from->count && from->steps[end].day < day)
        end++;
    if (end > first)
        memcpy(merged->steps + merged->count, from->steps + first,
               (end - first) * sizeof merged->steps[0]);
    merged->count += end - first;
    return end;
}

ErrCode series_merge(const Series *a, const Series *b, Arena *arena, Series *out_series, Err *err)
{
    Series merged = {.steps = arena_array(arena, SeriesStep, a->count + b->count)};
    if (merged.steps == NULL) return err_set(err, ERR_LIMIT, "no room for a head count");
    size_t i = 0;
    for (size_t k = 0; k < b->count; k++) {
        SeriesStep step = b->steps[k];
        i = take_before(&merged, a, i, step.day);
        if (i < a->count && a->steps[i].day == step.day)
            step.change = sum(step.change, a->steps[i++].change);
        if (changes_of(step.change) != 0) merged.steps[merged.count++] = step;
    }
    (void)take_before(&merged, a, i, DAY_OPEN);
    if (merged.count > SERIES_STEPS_MAX) return too_many(err);
    *out_series = merged;
    return OK;
}

MemberCount series_on(const Series *series, Day day)
{
    MemberCount count = {0};
    for (size_t i = 0; i < series->count && series->steps[i].day <= day; i++)
        count = sum(count, series->steps[i].change);
    return count;
}

MemberCount series_packed_on(Bytes packed, Day day)
{
    MemberCount count = {0};
    Day at = 0;
    SeriesStep step;
    while (packed.size > 0 && take_step(&packed, &at, &step) && step.day <= day)
        count = sum(count, step.change);
    return count;
}
