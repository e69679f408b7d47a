#pragma once
/*
 * work — the daily work of many sites: each has a Party group, a union group and a crew, and the
 * month before today was held as it should be, but for a site in seven that forgot some of it.
 *
 * A talk before each shift, a safety day each week, and one theme day that all three groups hold
 * together: some thirty parts for each site. Each has four tasks from its unit, half of them
 * reported.
 */
#include "bench/company.h"

/* Activities, parts, tasks and steps of one site, about. */
#define WORK_PER_SITE 63

void work_tell(size_t sites, Day today, FactTaker take, void *context);
