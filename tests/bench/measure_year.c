/* The year's frame of a company, over HTTP: each line of each programme, by month, focus and
 * grip. */
#include <stdio.h>
#include <string.h>

#include "bench/asking.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "bench/programmes.h"

static double ask_year(Asking *asking, Day on)
{
    char path[200];
    char day[DAY_TEXT_MAX];
    snprintf(path, sizeof path, "/api/v1/year-plan?on=%s", day_write(on, day));
    caller_must(&asking->caller, "GET", path, NULL, 200);
    if (strstr(caller_body(&asking->caller), "\"focuses\"") == NULL)
        give_up("that is no year: %.200s", caller_body(&asking->caller));
    return asking->caller.us;
}

void measure_year(Bench *bench)
{
    BenchNode node;
    Asking asking;
    Times times = {0};
    char name[FIGURE_TEXT_MAX];
    const size_t sites = bench->sizes->year_projects;
    node_of_programmes(bench->root, sites, &node);
    asking_begin(&asking, &node, bench->program);
    for (size_t i = 0; i < bench->sizes->day_count; i++) /* no date twice */
        times_add(&times, ask_year(&asking, node.population.today - (Day)i));
    snprintf(name, sizeof name, "%zu projects: the year plan, a date not asked before", sites);
    figure_add(&bench->figures, name, times_median(&times) * 1e-3, "ms", AT_MOST, 500.0,
               "slowest %.1f ms; %zu phases, lines and what they became; server %.0f MiB",
               times_worst(&times) * 1e-3, sites * PROGRAMME_PER_SITE,
               program_memory(&asking.program).most_mib);
    asking_end(&asking);
    times_done(&times);
}
