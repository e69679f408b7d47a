/* What we promise about rates: never more than allowed, honest tries are given back, and a table
 * that never grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/door.h"
#include "api/rate.h"
#include "support/prop.h"

#define SECOND UINT64_C(1000)

static void a_burst_is_allowed_and_then_one_at_a_time(void **state)
{
    (void)state;
    static Rate rate;
    uint64_t wait_ms = 0;
    rate_init(&rate, 3, 10 * SECOND, 1);
    for (int i = 0; i < 3; i++)
        assert_true(rate_take(&rate, 7, 1000, &wait_ms));
    assert_false(rate_take(&rate, 7, 1000, &wait_ms));
    assert_int_equal(wait_ms, 10 * SECOND);
    assert_false(rate_take(&rate, 7, 1000 + 9 * SECOND, &wait_ms));
    assert_int_equal(wait_ms, SECOND);
    assert_true(rate_take(&rate, 7, 1000 + 10 * SECOND, &wait_ms));
    assert_false(rate_take(&rate, 7, 1000 + 10 * SECOND, &wait_ms));
    assert_true(rate_take(&rate, 8, 1000, &wait_ms)); /* others are not concerned */
    rate_done(&rate);
}

static void a_try_that_was_given_back_does_not_count(void **state)
{
    (void)state;
    static Rate rate;
    uint64_t wait_ms = 0;
    rate_init(&rate, 2, 10 * SECOND, 1);
    for (int i = 0; i < 50; i++) {
        assert_true(rate_take(&rate, 7, 1000, &wait_ms));
        rate_give(&rate, 7, 1000);
    }
    rate_done(&rate);
}

/* At most `burst` at once and one per wait, in any stretch of time, whatever the clock does. */
static void nobody_gets_more_than_allowed(Prng *prng)
{
    static Rate rate;
    const uint64_t burst = 1 + prng_below(prng, 5);
    rate_init(&rate, burst, SECOND, prng_next(prng));
    uint64_t now_ms = 1000000;
    const uint64_t start_ms = now_ms;
    uint64_t taken = 0;
    uint64_t wait_ms = 0;
    uint64_t latest_ms = now_ms;
    for (int i = 0; i < 300; i++) {
        if (prng_below(prng, 10) == 0 && now_ms > start_ms + 500) now_ms -= prng_below(prng, 500);
        now_ms += prng_below(prng, 400);
        if (now_ms > latest_ms) latest_ms = now_ms;
        if (rate_take(&rate, 42, now_ms, &wait_ms)) taken++;
    }
    assert_true(taken <= burst + (latest_ms - start_ms) / SECOND);
    rate_done(&rate);
}

static void rates_hold_for_any_times(void **state)
{
    (void)state;
    prop_run("rates", 200, nobody_gets_more_than_allowed);
}

static void a_flood_of_keys_does_not_free_one_that_is_watched(void **state)
{
    (void)state;
    static Rate rate;
    uint64_t wait_ms = 0;
    rate_init(&rate, 4, 600 * SECOND, 99);
    const uint64_t watched = rate_key(&rate, bytes_of(TEXT("zhang")));
    for (int i = 0; i < 4; i++)
        assert_true(rate_take(&rate, watched, 1000, &wait_ms));
    for (uint64_t i = 0; i < 20000; i++)
        (void)rate_take(&rate, rate_key(&rate, (Bytes){(const uint8_t *)&i, sizeof i}), 1000,
                        &wait_ms);
    assert_false(rate_take(&rate, watched, 1000, &wait_ms));
    rate_done(&rate);
}

static Address address(const char *text)
{
    Address parsed;
    Err err;
    assert_int_equal(address_parse(text_from_z(text), &parsed, &err), OK);
    return parsed;
}

static void one_household_has_a_bounded_number_of_connections(void **state)
{
    (void)state;
    static Door door;
    door_init(&door);
    const Address here = address("[2001:db8:1:2::1]:5");
    const Address beside = address("[2001:db8:1:2:ffff::9]:6");
    const Address elsewhere = address("[2001:db8:1:3::1]:5");
    const Address ourselves = address("127.0.0.1:5");
    size_t places[HOUSEHOLD_COUNT_MAX];
    for (size_t i = 0; i < HOUSEHOLD_COUNT_MAX; i++) {
        assert_true(door_may_enter(&door, i % 2 == 0 ? &here : &beside));
        places[i] = door_enter(&door, i % 2 == 0 ? &here : &beside, -1, 1000);
    }
    assert_false(door_may_enter(&door, &beside));
    assert_true(door_may_enter(&door, &elsewhere));
    assert_true(door_may_enter(&door, &ourselves));
    door_leave(&door, places[0]);
    assert_true(door_may_enter(&door, &here));
    for (size_t i = 1; i < HOUSEHOLD_COUNT_MAX; i++)
        door_leave(&door, places[i]);
    door_done(&door);
}

static void who_is_late_is_cut_off_once(void **state)
{
    (void)state;
    static Door door;
    door_init(&door);
    const Address here = address("192.0.2.1:5");
    const size_t late = door_enter(&door, &here, -1, 1000);
    const size_t patient = door_enter(&door, &here, -1, 1000);
    door_expect(&door, patient, 0);
    assert_int_equal(door_sweep(&door, 999), 0);
    assert_int_equal(door_sweep(&door, 1000), 1);
    assert_int_equal(door_sweep(&door, 5000), 0);
    door_leave(&door, late);
    door_leave(&door, patient);
    door_done(&door);
}

static void addresses_are_read_and_written_the_same(void **state)
{
    (void)state;
    static const char *const good[] = {"127.0.0.1:8600", "0.0.0.0:0", "[::1]:0", "[::]:65535",
                                       "[2001:db8::1]:80"};
    static const char *const bad[] = {"",           "127.0.0.1",    "127.0.0.1:", "127.0.0.1:65536",
                                      ":80",        "localhost:80", "::1:80",     "[::1]80",
                                      "[::1:80",    "1.2.3:80",     "1.2.3.4:-1", "1.2.3.4:8o",
                                      "[1.2.3.4]:1"};
    char text[ADDRESS_TEXT_MAX];
    Err err;
    Address parsed;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const Address one = address(good[i]);
        assert_string_equal(address_write(&one, text), good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(address_parse(text_from_z(bad[i]), &parsed, &err), ERR_INVALID);
    const Address local = address("127.9.9.9:1");
    const Address local_v6 = address("[::ffff:127.0.0.1]:1");
    const Address other = address("128.0.0.1:1");
    assert_true(address_is_loopback(&local));
    assert_true(address_is_loopback(&local_v6));
    assert_false(address_is_loopback(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_allowed_and_then_one_at_a_time),
        cmocka_unit_test(a_try_that_was_given_back_does_not_count),
        cmocka_unit_test(rates_hold_for_any_times),
        cmocka_unit_test(a_flood_of_keys_does_not_free_one_that_is_watched),
        cmocka_unit_test(one_household_has_a_bounded_number_of_connections),
        cmocka_unit_test(who_is_late_is_cut_off_once),
        cmocka_unit_test(addresses_are_read_and_written_the_same),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
