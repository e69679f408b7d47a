#pragma once
/*
 * cellplace — latitudes and longitudes, as decimal degrees or as degrees, minutes and seconds.
 *
 *   39.9042   39.9042°   N39.9042   北纬39.9042   39°54'15.1"   39°54′15″N   39 54 15   39度54分15秒
 *
 *   Threads  any; pure.
 */
#include "intake/cellvalue.h"

/* `type` is LATITUDE or LONGITUDE; the number is millionths of a degree. */
CellValue cellplace_read(const Cell *cell, ColumnType type);

/* Whether the two would fit China the other way round, and only so. */
bool cellplace_is_swapped(int64_t latitude, int64_t longitude);
