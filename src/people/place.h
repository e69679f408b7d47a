#pragma once
/*
 * place — how far two places are from one another, in whole metres, the same on every machine.
 *
 * A place becomes a point on a sphere in whole numbers (2^30 is the radius), so no float decides
 * who is nearest: a box and headquarters never differ by a rounding. The straight chord orders
 * distances; the metres are the arc above it.
 *
 *   Bounds   latitude +-90, longitude +-180 degrees, in millionths
 *   Exact    within 1 m + 0.01 % of the great circle on a sphere of 6,371,009 m up to 3,000 km
 *   Threads  any: values
 */
#include <stdbool.h>
#include <stdint.h>

#define PLACE_ONE         (INT64_C(1) << 30)
#define PLACE_DISTANCE_NO ((int64_t)-1) /* a distance that is not known */

typedef struct Place {
    int32_t x; /* towards 0 N 0 E; PLACE_ONE is the radius */
    int32_t y; /* towards 0 N 90 E */
    int32_t z; /* towards the pole */
} Place;

bool is_place_valid(int32_t lat, int32_t lon);

/* Only for a valid latitude and longitude. */
Place place_of(int32_t lat, int32_t lon);

/* The square of the straight line between two places: it orders as the distance does. */
int64_t place_chord2(Place a, Place b);

int64_t place_metres_of_chord2(int64_t chord2);
int64_t place_distance_m(Place a, Place b);
