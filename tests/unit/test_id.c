/* What we promise about ids: shaped as UUIDv7, in order of time, and taken apart again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "support/prop.h"

static void an_id_shows_its_time_and_node_in_the_places_of_rfc_9562(void **state)
{
    (void)state;
    char text[ID_TEXT_MAX];
    const uint64_t ms = UINT64_C(0x0190a1b2c3d4);
    const Id id = id_make(ms << 12 | 0xabc, UINT64_C(0x123456789a), 5);
    assert_string_equal(id_write(id, text), "0190a1b2-c3d4-7abc-848d-159e26805000");
}

static void an_id_is_taken_apart_as_it_was_made(Prng *prng)
{
    const uint64_t stamp = prng_next(prng) >> (64 - STAMP_BITS);
    const uint64_t node = prng_next(prng) & NODE_SHORT_MAX;
    const unsigned epoch = (unsigned)prng_below(prng, EPOCH_MAX + 1);
    const Id id = id_make(stamp, node, epoch);
    assert_true(id_stamp(id) == stamp);
    assert_true(id_node(id) == node);
    assert_int_equal(id_epoch(id), epoch);
    assert_int_equal(id.at[6] >> 4, 7);
    assert_int_equal(id.at[8] >> 6, 2);

    char text[ID_TEXT_MAX];
    Err err;
    Id again;
    assert_int_equal(id_parse(text_from_z(id_write(id, text)), &again, &err), OK);
    assert_true(id_equal(id, again));
    assert_int_equal(id_from_bytes(id_bytes(&id), &again, &err), OK);
    assert_true(id_equal(id, again));
}

static void ids_sort_by_time(Prng *prng)
{
    const uint64_t a = prng_next(prng) >> (64 - STAMP_BITS);
    const uint64_t b = prng_below(prng, 2) == 0 ? a + 1 : prng_next(prng) >> (64 - STAMP_BITS);
    if (a == b || b >> STAMP_BITS != 0) return;
    const Id first = id_make(a, prng_next(prng) & NODE_SHORT_MAX, 0);
    const Id second = id_make(b, prng_next(prng) & NODE_SHORT_MAX, 1023);
    assert_int_equal(id_compare(first, second) < 0, a < b);
    char texts[2][ID_TEXT_MAX];
    assert_int_equal(strcmp(id_write(first, texts[0]), id_write(second, texts[1])) < 0, a < b);
}

static void what_is_not_an_id_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "0190a1b2c3d47abc848d159e26805000",
        "0190a1b2-c3d4-7abc-848d-159e2680500",
        "0190a1b2-c3d4-7abc-848d-159e268050000",
        "0190a1b2-c3d4-7abc-848d_159e26805000",
        "0190a1b2-c3d4-7abc-848d-159e2680500g",
        "{190a1b2-c3d4-7abc-848d-159e2680500}",
        "0190a1b2-c3d4-7abc-848d-159e268党00",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Err err;
        Id id = {{1}};
        assert_int_equal(id_parse(text_from_z(bad[i]), &id, &err), ERR_INVALID);
        assert_int_equal(id.at[0], 1);
    }
    Err err;
    Id id;
    assert_int_equal(id_from_bytes((Bytes){id.at, 15}, &id, &err), ERR_INVALID);
    assert_int_equal(id_parse(TEXT("0190A1B2-C3D4-7ABC-848D-159E26805000"), &id, &err), OK);
}

static void nil_is_no_thing(void **state)
{
    (void)state;
    assert_true(id_is_nil((Id){{0}}));
    assert_false(id_is_nil(id_make(0, 0, 0))); /* the version bits alone make it one */
}

static void property_parts(void **state)
{
    (void)state;
    prop_run("id parts", 2000, an_id_is_taken_apart_as_it_was_made);
}

static void property_order(void **state)
{
    (void)state;
    prop_run("id order", 2000, ids_sort_by_time);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_shows_its_time_and_node_in_the_places_of_rfc_9562),
        cmocka_unit_test(property_parts),
        cmocka_unit_test(property_order),
        cmocka_unit_test(what_is_not_an_id_is_refused),
        cmocka_unit_test(nil_is_no_thing),
    };
    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
