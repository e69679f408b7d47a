/* What all groups owe, over HTTP, at several sizes: a date never asked before, the same again, and
 * after one more activity. */
#include <stdio.h>
#include <string.h>

#include "bench/asking.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "bench/work.h"
#include "journal/hlc.h"

#define CHANGES_FOLLOWED 20
#define SITE_ROUNDS      5

typedef struct Owing {
    Times first; /* of a date */
    Times repeated;
    Times changed; /* after a command */
} Owing;

static double ask_owed(Asking *asking, Day on)
{
    char path[200];
    char day[DAY_TEXT_MAX];
    snprintf(path, sizeof path, "/api/v1/obligations?on=%s&period=2026-06", day_write(on, day));
    caller_must(&asking->caller, "GET", path, NULL, 200);
    if (strstr(caller_body(&asking->caller), "\"not_conforming\"") == NULL)
        give_up("those are no obligations: %.200s", caller_body(&asking->caller));
    return asking->caller.us;
}

static long owed_of(const char *json, const char *state)
{
    char key[64];
    long number = 0;
    snprintf(key, sizeof key, "\"%s\":", state);
    const char *at = strstr(json, key);
    if (at == NULL || sscanf(at + strlen(key), "%ld", &number) != 1) give_up("no %s", state);
    return number;
}

/* A group that is let off one meeting: of all sites only its own is counted again. */
static void write_waiver(Asking *asking, Id group, unsigned day, char *out, size_t size)
{
    char op[ID_TEXT_MAX];
    char text[ID_TEXT_MAX];
    uint64_t chance = 0;
    host_random(host_real(), (uint8_t *)&chance, sizeof chance);
    const Id id = id_make(hlc_stamp(host_now_ms(host_real()), 0), chance & NODE_SHORT_MAX,
                          (unsigned)(chance >> 54));
    (void)asking;
    snprintf(out, size,
             "{\"commands\":[{\"op\":\"%s\",\"do\":\"waiver.add\",\"fields\":{\"group\":\"%s\","
             "\"meeting\":\"pre_shift_talk\",\"day\":\"2026-06-%02u\",\"reason\":\"大风停工\"}}]}",
             id_write(id, op), id_write(group, text), day);
}

/* The crew of a site, as its page names it. */
static Id crew_of(Asking *asking, Id project)
{
    char path[200];
    Id id;
    Err err;
    caller_must(&asking->caller, "GET",
                path_of_project(project, asking->node->population.today, path), NULL, 200);
    const char *kind = strstr(caller_body(&asking->caller), "班组");
    while (kind != NULL && kind > caller_body(&asking->caller) &&
           strncmp(kind, "\"id\":\"", 6) != 0)
        kind--;
    if (kind == NULL) give_up("a site without a crew");
    must(id_parse((Text){kind + 6, ID_TEXT_MAX - 1}, &id, &err), &err);
    return id;
}

static void follow_changes(Asking *asking, Owing *owing)
{
    char command[512];
    const Day today = asking->node->population.today;
    for (unsigned i = 0; i < CHANGES_FOLLOWED; i++) {
        const Id crew = crew_of(asking, asking->projects[asking_pick(asking, //
                                                                     asking->project_count)]);
        (void)ask_owed(asking, today);
        write_waiver(asking, crew, 1 + i % 5, command, sizeof command);
        caller_must(&asking->caller, "POST", "/api/v1/commands", command, 200);
        if (strstr(caller_body(&asking->caller), "\"done\"") == NULL)
            give_up("a waiver was refused: %s", caller_body(&asking->caller));
        times_add(&owing->changed, ask_owed(asking, today));
    }
}

static void read_owed(Asking *asking, const Sizes *sizes, Owing *owing)
{
    const Day today = asking->node->population.today;
    for (size_t i = 0; i < sizes->day_count; i++) /* no date twice */
        times_add(&owing->first, ask_owed(asking, today - 25 + (Day)i));
    (void)ask_owed(asking, today);
    for (size_t i = 0; i < sizes->repeat_count; i++)
        times_add(&owing->repeated, ask_owed(asking, today));
}

/* ---- The board of one site ---- */

static double ask_site(Asking *asking, Id project)
{
    char path[200];
    char id[ID_TEXT_MAX];
    char day[DAY_TEXT_MAX];
    snprintf(path, sizeof path, "/api/v1/projects/%s/board?on=%s", id_write(project, id),
             day_write(asking->node->population.today, day));
    caller_must(&asking->caller, "GET", path, NULL, 200);
    return asking->caller.us;
}

static void measure_site(Bench *bench, Asking *asking, size_t sites, Holds holds)
{
    Times rounds = {0}; /* the p99 of each: what another process did in one does not count */
    Times all = {0};
    char name[FIGURE_TEXT_MAX];
    for (size_t round = 0; round < SITE_ROUNDS; round++) {
        Times times = {0};
        for (size_t i = 0; i < bench->sizes->member_requests / SITE_ROUNDS; i++) {
            const Id project = asking->projects[asking_pick(asking, asking->project_count)];
            times_add(&times, ask_site(asking, project));
            times_add(&all, asking->caller.us);
        }
        times_add(&rounds, times_p99(&times));
        times_done(&times);
    }
    if (strstr(caller_body(&asking->caller), "专项检查") == NULL) give_up("a site without tasks");
    snprintf(name, sizeof name, "%zu projects: all boards of one project, p99", sites);
    figure_add(&bench->figures, name, times_median(&rounds) * 1e-3, "ms", holds, 3.0,
               "median %.2f ms of %zu; %zu activities, parts, tasks and steps are kept",
               times_median(&all) * 1e-3, all.count, sites * WORK_PER_SITE);
    times_done(&rounds);
    times_done(&all);
}

static void owing_done(Owing *owing)
{
    times_done(&owing->first);
    times_done(&owing->repeated);
    times_done(&owing->changed);
}

static void measure_sites(Bench *bench, size_t sites, bool is_judged)
{
    BenchNode node;
    Asking asking;
    Owing owing = {0};
    char name[FIGURE_TEXT_MAX];
    const Holds holds = is_judged ? AT_MOST : JUST_NOTED;
    node_of_work(bench->root, sites, &node);
    if (node.made_s > 0.0)
        printf("%zu sites written in bulk in %.0f s, %.0f MiB\n", sites, node.made_s,
               node_mib(&node));
    asking_begin(&asking, &node, bench->program);
    read_owed(&asking, bench->sizes, &owing);
    const long owed = owed_of(caller_body(&asking.caller), "owed");
    follow_changes(&asking, &owing);
    snprintf(name, sizeof name, "%zu projects: what all groups owe, a date not asked before",
             sites);
    figure_add(&bench->figures, name, times_median(&owing.first) * 1e-3, "ms", holds, 300.0,
               "slowest %.1f ms; %ld obligations; start with all facts loaded %.0f ms",
               times_worst(&owing.first) * 1e-3, owed, asking.start_us * 1e-3);
    snprintf(name, sizeof name, "%zu projects: what all groups owe, repeated", sites);
    figure_add(&bench->figures, name, times_median(&owing.repeated) * 1e-3, "ms", holds, 10.0,
               "p99 %.2f ms; server %.0f MiB", times_p99(&owing.repeated) * 1e-3,
               program_memory(&asking.program).most_mib);
    snprintf(name, sizeof name, "%zu projects: what all groups owe, after one change", sites);
    figure_add(&bench->figures, name, times_median(&owing.changed) * 1e-3, "ms", JUST_NOTED, 0.0,
               "slowest of %zu: %.2f ms", owing.changed.count, times_worst(&owing.changed) * 1e-3);
    const bool is_largest = sites == bench->sizes->work_sites[bench->sizes->work_count - 1];
    measure_site(bench, &asking, sites, is_largest ? AT_MOST : JUST_NOTED);
    asking_end(&asking);
    owing_done(&owing);
}

void measure_work(Bench *bench)
{
    for (size_t i = 0; i < bench->sizes->work_count; i++)
        measure_sites(bench, bench->sizes->work_sites[i], i == bench->sizes->work_judged);
}
