#include "plan/handover.h"

#include <assert.h>

Sites handover_sites(const Station *stations, size_t count, Day on)
{
    Sites sites = {0};
    assert(stations != NULL || count == 0);
    for (size_t i = 0; i < count; i++) {
        const Station *station = &stations[i];
        if (range_has(station->days, on) &&
            (sites.now == NULL || station->days.first >= sites.now->days.first))
            sites.now = station;
        if (station->days.last < on &&
            (sites.before == NULL || station->days.last > sites.before->days.last))
            sites.before = station;
    }
    return sites;
}

bool handover_is_late(const Station *stations, size_t count, Key project, Day recorded)
{
    bool has_stood = false;
    for (size_t i = 0; i < count; i++) {
        if (stations[i].project != project) continue;
        if (stations[i].days.last >= recorded) return false;
        has_stood = true;
    }
    return has_stood;
}
