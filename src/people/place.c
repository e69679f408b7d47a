#include "people/place.h"

#include <assert.h>

#define EARTH_RADIUS_M INT64_C(6371009)
#define DEGREE         INT64_C(1000000)
#define HALF_PI        INT64_C(1686629713) /* times 2^-30 */

static int64_t times(int64_t a, int64_t b)
{
    /* Both are below 2^31, so the product fits; rounded to the nearest. */
    return (a * b + (PLACE_ONE >> 1)) >> 30;
}

/* The angle of 0 .. 90 degrees in radians: 2^30 * pi / 180 is 18740330.14 per degree. */
static int64_t radians(int64_t microdegrees)
{
    assert(microdegrees >= 0 && microdegrees <= 90 * DEGREE);
    return (microdegrees * HALF_PI + 45 * DEGREE) / (90 * DEGREE);
}

/* Sine of 0 .. 45 degrees by its series; the term left out is below 2^-33. */
static int64_t sine_small(int64_t angle)
{
    const int64_t square = times(angle, angle);
    int64_t sum = PLACE_ONE - square / 110;
    sum = PLACE_ONE - times(square, sum) / 72;
    sum = PLACE_ONE - times(square, sum) / 42;
    sum = PLACE_ONE - times(square, sum) / 20;
    sum = PLACE_ONE - times(square, sum) / 6;
    return times(angle, sum);
}

static int64_t cosine_small(int64_t angle)
{
    const int64_t square = times(angle, angle);
    int64_t sum = PLACE_ONE - square / 132;
    sum = PLACE_ONE - times(square, sum) / 90;
    sum = PLACE_ONE - times(square, sum) / 56;
    sum = PLACE_ONE - times(square, sum) / 30;
    sum = PLACE_ONE - times(square, sum) / 12;
    return PLACE_ONE - times(square, sum) / 2;
}

/* Sine of 0 .. 90 degrees. */
static int64_t sine(int64_t microdegrees)
{
    if (microdegrees <= 45 * DEGREE) return sine_small(radians(microdegrees));
    return cosine_small(radians(90 * DEGREE - microdegrees));
}

static int64_t magnitude(int64_t number)
{
    return number < 0 ? -number : number;
}

bool is_place_valid(int32_t lat, int32_t lon)
{
    return magnitude(lat) <= 90 * DEGREE && magnitude(lon) <= 180 * DEGREE;
}

Place place_of(int32_t lat, int32_t lon)
{
    assert(is_place_valid(lat, lon));
    const int64_t north = magnitude(lat);
    const int64_t east = magnitude(lon);
    const int64_t ring = sine(90 * DEGREE - north); /* cosine of the latitude */
    const bool is_far_side = east > 90 * DEGREE;
    const int64_t x = times(ring, sine(magnitude(90 * DEGREE - east)));
    const int64_t y = times(ring, sine(is_far_side ? 180 * DEGREE - east : east));
    const int64_t z = sine(north);
    return (Place){
        .x = (int32_t)(is_far_side ? -x : x),
        .y = (int32_t)(lon < 0 ? -y : y),
        .z = (int32_t)(lat < 0 ? -z : z),
    };
}

int64_t place_chord2(Place a, Place b)
{
    const int64_t x = (int64_t)a.x - b.x;
    const int64_t y = (int64_t)a.y - b.y;
    const int64_t z = (int64_t)a.z - b.z;
    /* On the sphere the sum is at most (2 * 2^30)^2, give or take a rounding. */
    return x * x + y * y + z * z;
}

static int64_t square_root(int64_t number)
{
    assert(number >= 0);
    uint64_t rest = (uint64_t)number;
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit != 0; bit >>= 2) {
        if (rest >= root + bit) {
            rest -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return (int64_t)root;
}

int64_t place_metres_of_chord2(int64_t chord2)
{
    assert(chord2 >= 0);
    /* arc = 2 asin(chord / 2) = chord (1 + q/6 + 3q^2/40 + 5q^3/112 ...), q = chord^2 / 4. */
    const int64_t chord = square_root(chord2);
    const int64_t quarter = chord2 >> 32;
    int64_t sum = PLACE_ONE + quarter * 81 / 110;
    sum = PLACE_ONE + times(quarter, sum) * 49 / 72;
    sum = PLACE_ONE + times(quarter, sum) * 25 / 42;
    sum = PLACE_ONE + times(quarter, sum) * 9 / 20;
    sum = PLACE_ONE + times(quarter, sum) / 6;
    const int64_t arc = times(chord, sum);
    return (arc * EARTH_RADIUS_M + (PLACE_ONE >> 1)) >> 30;
}

int64_t place_distance_m(Place a, Place b)
{
    return place_metres_of_chord2(place_chord2(a, b));
}
