/* What we promise about time and chance: the real ones move, the fake ones only when told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "support/fake_host.h"

static void the_real_clock_shows_a_plausible_day(void **state)
{
    (void)state;
    Err err;
    Day first = 0;
    assert_int_equal(day_from_civil(2024, 1, 1, &first, &err), OK);
    const Day today = day_of_ms(host_now_ms(host_real()), 480);
    assert_in_range(today, first, DAY_LAST);
}

static void the_monotonic_clock_never_steps_back(void **state)
{
    (void)state;
    uint64_t last = 0;
    for (int i = 0; i < 10000; i++) {
        const uint64_t now = host_monotonic_ms(host_real());
        assert_true(now >= last);
        last = now;
    }
    assert_true(last > 0);
}

static void real_randomness_does_not_repeat(void **state)
{
    (void)state;
    static uint8_t a[4096];
    static uint8_t b[4096];
    host_random(host_real(), a, sizeof a);
    host_random(host_real(), b, sizeof b);
    assert_memory_not_equal(a, b, 32);
    assert_memory_not_equal(a + sizeof a - 32, b + sizeof b - 32, 32); /* filled to the end */
    unsigned ones = 0;
    for (size_t i = 0; i < sizeof a; i++)
        ones += (unsigned)__builtin_popcount(a[i]);
    assert_in_range(ones, 15600, 17200); /* 16384 expected; twelve deviations away */
}

static void the_fake_clock_moves_when_told(void **state)
{
    (void)state;
    static FakeHost fake;
    fake_host_init(&fake, 7);
    const uint64_t now = host_now_ms(&fake.host);
    assert_true(host_now_ms(&fake.host) == now);
    fake_host_pass(&fake, 1500);
    assert_true(host_now_ms(&fake.host) == now + 1500);
    assert_true(host_monotonic_ms(&fake.host) == 2500);
    fake_host_done(&fake);
}

static void one_seed_gives_the_same_randomness(void **state)
{
    (void)state;
    static FakeHost fake;
    uint8_t first[64];
    uint8_t again[64];
    uint8_t other[64];
    fake_host_init(&fake, 7);
    host_random(&fake.host, first, sizeof first);
    fake_host_done(&fake);
    fake_host_init(&fake, 7);
    host_random(&fake.host, again, sizeof again);
    fake_host_done(&fake);
    fake_host_init(&fake, 8);
    host_random(&fake.host, other, sizeof other);
    fake_host_done(&fake);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_clock_shows_a_plausible_day),
        cmocka_unit_test(the_monotonic_clock_never_steps_back),
        cmocka_unit_test(real_randomness_does_not_repeat),
        cmocka_unit_test(the_fake_clock_moves_when_told),
        cmocka_unit_test(one_seed_gives_the_same_randomness),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
