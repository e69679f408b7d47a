/* What we promise about series: the count on every day is the sum of what came before, one history
 * has one form in bytes, and bytes that break the rules are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "people/series.h"
#include "support/prop.h"
#include "support/stores.h"

#define DAYS      120 /* of the oracle */
#define STEPS_MAX 60

static bool is_same(MemberCount a, MemberCount b)
{
    return a.people == b.people && a.formal == b.formal && a.probationary == b.probationary &&
           a.pending == b.pending;
}

static MemberCount random_change(Prng *prng)
{
    MemberCount change = {0};
    const uint64_t which = prng_below(prng, 16);
    const uint64_t span = prng_below(prng, 8) == 0 ? 100000 : 3;
    if ((which & 1) != 0) change.people = (int32_t)(prng_below(prng, 2 * span + 1) - span);
    if ((which & 2) != 0) change.formal = (int32_t)(prng_below(prng, 2 * span + 1) - span);
    if ((which & 4) != 0) change.probationary = (int32_t)(prng_below(prng, 2 * span + 1) - span);
    if ((which & 8) != 0) change.pending = (int32_t)(prng_below(prng, 2 * span + 1) - span);
    return change;
}

/* The slow way: every day's count in a table of its own. */
typedef struct Oracle {
    Day first;
    MemberCount on[DAYS];
} Oracle;

static void oracle_add(Oracle *oracle, SeriesStep step)
{
    for (int i = 0; i < DAYS; i++) {
        if (oracle->first + i < step.day) continue;
        oracle->on[i].people += step.change.people;
        oracle->on[i].formal += step.change.formal;
        oracle->on[i].probationary += step.change.probationary;
        oracle->on[i].pending += step.change.pending;
    }
}

/* Steps in any order, several of one day, some that cancel out. */
static Series random_steps(Prng *prng, Oracle *oracle, Arena *arena)
{
    Series series = {.steps = arena_array(arena, SeriesStep, STEPS_MAX)};
    assert_non_null(series.steps);
    const size_t count = (size_t)prng_below(prng, STEPS_MAX / 2);
    while (series.count < count) {
        SeriesStep step = {oracle->first + 1 + (Day)prng_below(prng, DAYS - 2),
                           random_change(prng)};
        series.steps[series.count++] = step;
        oracle_add(oracle, step);
        if (prng_below(prng, 4) != 0) continue;
        step.change = (MemberCount){-step.change.people, -step.change.formal,
                                    -step.change.probationary, -step.change.pending};
        series.steps[series.count++] = step;
        oracle_add(oracle, step);
    }
    return series;
}

static Oracle random_oracle(Prng *prng)
{
    static const Day firsts[] = {-60, 0, 20000, DAY_FIRST, DAY_LAST - DAYS + 2};
    return (Oracle){.first = firsts[prng_below(prng, 5)]};
}

static void assert_counts(const Oracle *oracle, const Series *series)
{
    AUTO(buf_done) Buf packed = {0};
    buf_init(&packed, 1 << 20);
    series_pack(series, &packed);
    for (int i = 0; i < DAYS; i++) {
        const Day day = oracle->first + i;
        assert_true(is_same(series_on(series, day), oracle->on[i]));
        assert_true(is_same(series_packed_on(buf_as_bytes(&packed), day), oracle->on[i]));
    }
}

static void count_every_day(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    Oracle oracle = random_oracle(prng);
    Series series = random_steps(prng, &oracle, &arena);
    series_tidy(&series);
    for (size_t i = 0; i < series.count; i++) {
        assert_false(is_same(series.steps[i].change, (MemberCount){0}));
        assert_true(i == 0 || series.steps[i].day > series.steps[i - 1].day);
    }
    assert_counts(&oracle, &series);
}

static void the_count_of_every_day_is_the_sum_of_the_steps(void **state)
{
    (void)state;
    prop_run("series counts every day", 400, count_every_day);
}

static void pack_twice(Prng *prng)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    arena_init(&arena, 1 << 20);
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    Oracle oracle = random_oracle(prng);
    Series series = random_steps(prng, &oracle, &arena);
    Series back;
    series_tidy(&series);
    series_pack(&series, &first);
    must(series_unpack(buf_as_bytes(&first), &arena, &back, &err), &err);
    assert_int_equal(back.count, series.count);
    for (size_t i = 0; i < back.count; i++) {
        assert_int_equal(back.steps[i].day, series.steps[i].day);
        assert_true(is_same(back.steps[i].change, series.steps[i].change));
    }
    series_pack(&back, &second);
    assert_true(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
}

static void packing_what_was_unpacked_gives_the_same_bytes(void **state)
{
    (void)state;
    prop_run("series packs the same", 400, pack_twice);
}

static void shuffle(Prng *prng, Series *series)
{
    for (size_t i = series->count; i > 1; i--) {
        const size_t other = (size_t)prng_below(prng, i);
        const SeriesStep step = series->steps[i - 1];
        series->steps[i - 1] = series->steps[other];
        series->steps[other] = step;
    }
}

static void pack_in_any_order(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    arena_init(&arena, 1 << 20);
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    Oracle oracle = random_oracle(prng);
    Series series = random_steps(prng, &oracle, &arena);
    Series other = {.steps = arena_array(&arena, SeriesStep, STEPS_MAX), .count = series.count};
    assert_non_null(other.steps);
    memcpy(other.steps, series.steps, series.count * sizeof series.steps[0]);
    shuffle(prng, &other);
    series_tidy(&series);
    series_tidy(&other);
    series_pack(&series, &first);
    series_pack(&other, &second);
    assert_true(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
}

static void equal_histories_have_equal_bytes_whatever_their_order(void **state)
{
    (void)state;
    prop_run("series in any order", 400, pack_in_any_order);
}

static void merge_both_ways(Prng *prng)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf one = {0};
    AUTO(buf_done) Buf other = {0};
    arena_init(&arena, 1 << 20);
    buf_init(&one, 1 << 20);
    buf_init(&other, 1 << 20);
    Oracle oracle = random_oracle(prng); /* takes the steps of both */
    Series a = random_steps(prng, &oracle, &arena);
    Series b = random_steps(prng, &oracle, &arena);
    Series ab;
    Series ba;
    series_tidy(&a);
    series_tidy(&b);
    must(series_merge(&a, &b, &arena, &ab, &err), &err);
    must(series_merge(&b, &a, &arena, &ba, &err), &err);
    assert_counts(&oracle, &ab);
    series_pack(&ab, &one);
    series_pack(&ba, &other);
    assert_true(bytes_equal(buf_as_bytes(&one), buf_as_bytes(&other)));
}

static void a_merge_is_the_sum_whichever_comes_first(void **state)
{
    (void)state;
    prop_run("series merges", 400, merge_both_ways);
}

static ErrCode unpack(const char *bytes, size_t size)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    Series series;
    arena_init(&arena, 1 << 20);
    const ErrCode code =
        series_unpack((Bytes){(const uint8_t *)bytes, size}, &arena, &series, &err);
    if (code != OK && strstr(err.message, "rebuild") == NULL)
        fail_msg("\"%s\" does not say what to do", err.message);
    return code;
}

#define UNPACK(literal) unpack(literal, sizeof(literal) - 1)

static void packed_bytes_that_break_the_rules_are_refused(void **state)
{
    (void)state;
    assert_int_equal(UNPACK(""), OK);
    assert_int_equal(UNPACK("\x02\x01\x02"), OK);                      /* day 1: one more */
    assert_int_equal(UNPACK("\x02\x01"), ERR_CORRUPT);                 /* cut off */
    assert_int_equal(UNPACK("\x02"), ERR_CORRUPT);                     /* cut off earlier */
    assert_int_equal(UNPACK("\x02\x00\x02"), ERR_CORRUPT);             /* nothing changes */
    assert_int_equal(UNPACK("\x02\x01\x00"), ERR_CORRUPT);             /* it changes by nothing */
    assert_int_equal(UNPACK("\x02\x11\x02\x02"), ERR_CORRUPT);         /* a fifth number */
    assert_int_equal(UNPACK("\x02\x01\x02\x00\x01\x02"), ERR_CORRUPT); /* the same day again */
    assert_int_equal(UNPACK("\x04\x01\x02\x01\x01\x02"), ERR_CORRUPT); /* a day before */
    assert_int_equal(UNPACK("\x82\x00\x01\x02"), ERR_CORRUPT);         /* 2 in two bytes */
    assert_int_equal(UNPACK("\x02\x01\x82\x80\x00"), ERR_CORRUPT);     /* 2 in three bytes */
    assert_int_equal(UNPACK("\xFF\xFF\xFF\xFF\xFF\x01\x01\x02"), ERR_CORRUPT); /* far too large */
    assert_int_equal(UNPACK("\xFE\xFF\xFF\x7F\x01\x02"), ERR_CORRUPT);         /* a day too late */
}

/* What damage leaves is either refused or a proper series: its own bytes, and no others. */
static void damage(Prng *prng)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf packed = {0};
    AUTO(buf_done) Buf again = {0};
    arena_init(&arena, 1 << 20);
    buf_init(&packed, 1 << 20);
    buf_init(&again, 1 << 20);
    Oracle oracle = random_oracle(prng);
    Series series = random_steps(prng, &oracle, &arena);
    Series back;
    series_tidy(&series);
    series_pack(&series, &packed);
    for (uint64_t i = 1 + prng_below(prng, 3); packed.size > 0 && i > 0; i--)
        packed.at[prng_below(prng, packed.size)] = (uint8_t)prng_next(prng);
    const Bytes left = {
        packed.at, packed.size == 0 ? 0 : packed.size - (size_t)prng_below(prng, 3) % packed.size};
    const ErrCode code = series_unpack(left, &arena, &back, &err);
    if (code != OK) {
        assert_int_equal(code, ERR_CORRUPT);
        return;
    }
    series_pack(&back, &again);
    assert_true(bytes_equal(left, buf_as_bytes(&again)));
}

static void damaged_bytes_are_refused_or_are_the_bytes_of_another_series(void **state)
{
    (void)state;
    prop_run("series damaged", 2000, damage);
}

/* A step every fourth day, each as many bytes as it can have in practice. */
static Series longest(size_t count, Arena *arena)
{
    Series series = {.steps = arena_array(arena, SeriesStep, count)};
    assert_non_null(series.steps);
    for (; series.count < count; series.count++) {
        const int32_t change = series.count % 2 == 0 ? 300 : -300;
        series.steps[series.count] = (SeriesStep){.day = DAY_FIRST + 4 * (Day)series.count,
                                                  .change = {change, change, change, change}};
    }
    return series;
}

static void the_longest_series_comes_back_and_one_step_more_is_refused(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf packed = {0};
    arena_init(&arena, (size_t)16 << 20);
    buf_init(&packed, 1 << 20);
    Series series = longest(SERIES_STEPS_MAX, &arena);
    Series back;
    series_pack(&series, &packed);
    must(series_unpack(buf_as_bytes(&packed), &arena, &back, &err), &err);
    assert_int_equal(back.count, SERIES_STEPS_MAX);
    buf_clear(&packed);
    series = longest(SERIES_STEPS_MAX + 1, &arena);
    series_pack(&series, &packed);
    assert_int_equal(series_unpack(buf_as_bytes(&packed), &arena, &back, &err), ERR_LIMIT);
    const Series empty = {0};
    assert_int_equal(series_merge(&series, &empty, &arena, &back, &err), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_of_every_day_is_the_sum_of_the_steps),
        cmocka_unit_test(packing_what_was_unpacked_gives_the_same_bytes),
        cmocka_unit_test(equal_histories_have_equal_bytes_whatever_their_order),
        cmocka_unit_test(a_merge_is_the_sum_whichever_comes_first),
        cmocka_unit_test(packed_bytes_that_break_the_rules_are_refused),
        cmocka_unit_test(damaged_bytes_are_refused_or_are_the_bytes_of_another_series),
        cmocka_unit_test(the_longest_series_comes_back_and_one_step_more_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
