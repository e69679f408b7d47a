/* What we promise about places: metres as on the great circle, and the same on every machine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people/place.h"
#include "support/prop.h"

static double great_circle(int32_t lat1, int32_t lon1, int32_t lat2, int32_t lon2)
{
    const double degree = 3.14159265358979323846 / 180e6;
    const double a = sin((lat2 - lat1) * degree / 2);
    const double b = sin(((double)lon2 - lon1) * degree / 2);
    const double h = a * a + cos(lat1 * degree) * cos(lat2 * degree) * b * b;
    return 2 * 6371009.0 * asin(h < 1 ? sqrt(h) : 1.0);
}

static void metres_are_those_of_the_great_circle(Prng *prng)
{
    for (int i = 0; i < 50; i++) {
        const int32_t lat1 = (int32_t)prng_below(prng, 180000001) - 90000000;
        const int32_t lon1 = (int32_t)prng_below(prng, 360000001) - 180000000;
        const int32_t reach = i % 2 == 0 ? 500000 : 20000000;
        int32_t lat2 = lat1 + (int32_t)prng_below(prng, (uint64_t)reach) - reach / 2;
        int32_t lon2 = lon1 + (int32_t)prng_below(prng, (uint64_t)reach) - reach / 2;
        if (lat2 > 90000000 || lat2 < -90000000) lat2 = lat1;
        if (lon2 > 180000000 || lon2 < -180000000) lon2 = lon1;
        const int64_t metres = place_distance_m(place_of(lat1, lon1), place_of(lat2, lon2));
        const double exact = great_circle(lat1, lon1, lat2, lon2);
        if (exact > 3000000) continue;
        assert_true(fabs((double)metres - exact) <= 1.0 + exact * 0.0001);
        assert_int_equal(metres, place_distance_m(place_of(lat2, lon2), place_of(lat1, lon1)));
    }
}

static void distances_agree_with_the_great_circle(void **state)
{
    (void)state;
    prop_run("place", 500, metres_are_those_of_the_great_circle);
    /* Shanghai to Beijing, to the metre, on every machine. */
    const Place shanghai = place_of(31230400, 121473700);
    const Place beijing = place_of(39904200, 116407400);
    assert_int_equal(place_distance_m(shanghai, beijing), 1067312);
    assert_int_equal(place_distance_m(shanghai, shanghai), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_agree_with_the_great_circle),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
