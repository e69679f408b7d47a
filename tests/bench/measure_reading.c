/* What is asked for most, over HTTP, at several sizes; and how soon a posting is seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/asking.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "journal/hlc.h"

#define MEMBER_ROUNDS      5
#define PROJECT_PEOPLE_MAX 190 /* with one more they still fit a page of 200 */

typedef struct Looks {
    double first_ever_us;
    Times first; /* of a date */
    Times repeated;
    Times members;
    Times member_p99s; /* of each round: what another process did in one of them does not count */
    Times member_counts;
    Times pages; /* of a project */
} Looks;

static void looks_done(Looks *looks)
{
    times_done(&looks->first);
    times_done(&looks->repeated);
    times_done(&looks->members);
    times_done(&looks->member_p99s);
    times_done(&looks->member_counts);
    times_done(&looks->pages);
}

/* The number behind a key of a JSON answer; -1 where there is none. */
static long number_in(const char *json, const char *key)
{
    const char *at = strstr(json, key);
    return at == NULL ? -1 : strtol(at + strlen(key), NULL, 10);
}

static void read_coverage(Asking *asking, const Sizes *sizes, Looks *looks)
{
    const Day today = asking->node->population.today;
    looks->first_ever_us = ask_coverage(asking, today - 400);
    for (size_t i = 0; i < sizes->day_count; i++) /* three years around today, no date twice */
        times_add(&looks->first,
                  ask_coverage(asking, today - 700 + (Day)(i * 1000 / sizes->day_count)));
    (void)ask_coverage(asking, today);
    for (size_t i = 0; i < sizes->repeat_count; i++)
        times_add(&looks->repeated, ask_coverage(asking, today));
}

static void read_members(Asking *asking, const Sizes *sizes, Looks *looks)
{
    for (size_t round = 0; round < MEMBER_ROUNDS; round++) {
        Times times = {0};
        for (size_t i = 0; i < sizes->member_requests / MEMBER_ROUNDS; i++) {
            const Id project = asking->projects[asking_pick(asking, asking->project_count)];
            const double us = ask_members(asking, project);
            times_add(&times, us);
            times_add(&looks->members, us);
            times_add(&looks->member_counts,
                      (double)number_in(caller_body(&asking->caller), "\"total\":"));
        }
        times_add(&looks->member_p99s, times_p99(&times));
        times_done(&times);
    }
}

static void read_pages(Asking *asking, const Sizes *sizes, Looks *looks)
{
    char path[200];
    for (size_t i = 0; i < sizes->repeat_count; i++) {
        const Id project = asking->projects[asking_pick(asking, asking->project_count)];
        caller_must(&asking->caller, "GET",
                    path_of_project(project, asking->node->population.today, path), NULL, 200);
        times_add(&looks->pages, asking->caller.us);
    }
}

/* ---- growth ---- */

void measure_growth(Bench *bench)
{
    for (size_t i = 0; i < bench->sizes->growth_count; i++) {
        BenchNode node;
        Asking asking;
        Looks looks = {0};
        char name[FIGURE_TEXT_MAX];
        node_in_bulk(bench->root, bench->sizes->growth[i], &node);
        asking_begin(&asking, &node, bench->program);
        read_coverage(&asking, bench->sizes, &looks);
        read_members(&asking, bench->sizes, &looks);
        snprintf(name, sizeof name, "%zu people: coverage of a new date",
                 node.population.person_count);
        figure_add(&bench->figures, name, times_median(&looks.first) * 1e-3, "ms", JUST_NOTED, 0.0,
                   "%zu active projects; repeated %.2f ms; start with loading %.1f ms",
                   asking.project_count, times_median(&looks.repeated) * 1e-3,
                   asking.start_us * 1e-3);
        snprintf(name, sizeof name, "%zu people: members of one project, p99",
                 node.population.person_count);
        figure_add(&bench->figures, name, times_median(&looks.member_p99s) * 1e-3, "ms", JUST_NOTED,
                   0.0, "median %.2f ms; %.0f people at the median project; server %.0f MiB",
                   times_median(&looks.members) * 1e-3, times_median(&looks.member_counts),
                   program_memory(&asking.program).most_mib);
        asking_end(&asking);
        looks_done(&looks);
    }
}

/* ---- until a posting is seen ---- */

typedef struct Visible {
    Times all; /* command, then members, then coverage of the project */
    Times command;
    Times members;
    Times coverage;
} Visible;

static void write_command(Asking *asking, Id person, Id project, char *out, size_t size)
{
    char op_text[ID_TEXT_MAX];
    char person_text[ID_TEXT_MAX];
    char project_text[ID_TEXT_MAX];
    char day[DAY_TEXT_MAX];
    uint64_t chance = 0;
    host_random(host_real(), (uint8_t *)&chance, sizeof chance);
    const Id op = id_make(hlc_stamp(host_now_ms(host_real()), 0), chance & NODE_SHORT_MAX,
                          (unsigned)(chance >> 54));
    snprintf(out, size,
             "{\"commands\":[{\"op\":\"%s\",\"do\":\"posting.add\",\"fields\":{\"person\":\"%s\","
             "\"project\":\"%s\",\"from\":\"%s\"}}]}",
             id_write(op, op_text), id_write(person, person_text), id_write(project, project_text),
             day_write(asking->node->population.today, day));
}

/* One posting; false when this person is there already or the project is too large for a page. */
static bool follow_one(Asking *asking, Visible *visible)
{
    char members[200];
    char coverage[200];
    char person_text[ID_TEXT_MAX];
    char command[512];
    Caller *caller = &asking->caller;
    const Id person = asking->people[asking_pick(asking, asking->person_count)];
    const size_t site = asking_pick(asking, asking->project_count);
    const Id project = asking->projects[site];
    const Day today = asking->node->population.today;
    path_of_members(project, today, 200, members);
    path_of_site_coverage(site, today, coverage);
    id_write(person, person_text);
    caller_must(caller, "GET", members, NULL, 200);
    if (strstr(caller_body(caller), person_text) != NULL ||
        number_in(caller_body(caller), "\"total\":") > PROJECT_PEOPLE_MAX)
        return false;
    caller_must(caller, "GET", coverage, NULL, 200);
    const long people = number_in(caller_body(caller), "\"people\":");
    write_command(asking, person, project, command, sizeof command);

    caller_must(caller, "POST", "/api/v1/commands", command, 200);
    const double command_us = caller->us;
    if (strstr(caller_body(caller), "\"done\"") == NULL)
        give_up("a posting was refused: %s", caller_body(caller));
    caller_must(caller, "GET", members, NULL, 200);
    const double members_us = caller->us;
    if (strstr(caller_body(caller), person_text) == NULL) give_up("a posting does not show");
    caller_must(caller, "GET", coverage, NULL, 200);
    const double coverage_us = caller->us;
    if (people < 0 || number_in(caller_body(caller), "\"people\":") != people + 1)
        give_up("coverage does not count a posting: %.300s", caller_body(caller));
    times_add(&visible->command, command_us);
    times_add(&visible->members, members_us);
    times_add(&visible->coverage, coverage_us);
    times_add(&visible->all, command_us + members_us + coverage_us);
    return true;
}

static void measure_visible(Bench *bench, Asking *asking)
{
    Visible visible = {0};
    while (visible.all.count < bench->sizes->visible_count)
        (void)follow_one(asking, &visible); /* the next one will do */
    figure_add(&bench->figures, "one posting until membership and coverage show it",
               times_median(&visible.all) * 1e-3, "ms", AT_MOST, 10.0,
               "p99 %.1f ms; command %.2f + members %.2f + coverage %.2f ms",
               times_p99(&visible.all) * 1e-3, times_median(&visible.command) * 1e-3,
               times_median(&visible.members) * 1e-3, times_median(&visible.coverage) * 1e-3);
    times_done(&visible.all);
    times_done(&visible.command);
    times_done(&visible.members);
    times_done(&visible.coverage);
}

/* ---- the big size ---- */

void measure_big(Bench *bench)
{
    BenchNode node;
    Asking asking;
    Looks looks = {0};
    const Sizes *sizes = bench->sizes;
    node_in_bulk(bench->root, sizes->big_people, &node);
    if (node.made_s > 0.0)
        printf("%zu people written in bulk in %.0f s, %.0f MiB\n", sizes->big_people, node.made_s,
               node_mib(&node));
    asking_begin(&asking, &node, bench->program);
    read_coverage(&asking, sizes, &looks);
    read_members(&asking, sizes, &looks);
    read_pages(&asking, sizes, &looks);
    Figures *figures = &bench->figures;
    figure_add(figures, "coverage of all projects, a date not asked before",
               times_median(&looks.first) * 1e-3, "ms", AT_MOST, 100.0,
               "slowest of %zu dates %.1f ms; %zu people, %zu active projects", looks.first.count,
               times_worst(&looks.first) * 1e-3, sizes->big_people, asking.project_count);
    figure_add(figures, "coverage of all projects, the very first question",
               looks.first_ever_us * 1e-3, "ms", AT_MOST, 100.0,
               "the start before it, with all facts loaded, took %.0f ms", asking.start_us * 1e-3);
    figure_add(figures, "coverage of all projects, repeated", times_median(&looks.repeated) * 1e-3,
               "ms", AT_MOST, 5.0, "p99 of %zu: %.2f ms", looks.repeated.count,
               times_p99(&looks.repeated) * 1e-3);
    figure_add(figures, "members of one project, p99", times_median(&looks.member_p99s) * 1e-3,
               "ms", AT_MOST, 2.0, "median %.2f ms of %zu; page of 50 of %.0f people",
               times_median(&looks.members) * 1e-3, looks.members.count,
               times_median(&looks.member_counts));
    figure_add(figures, "one project with groups and the course of two years, p99",
               times_p99(&looks.pages) * 1e-3, "ms", JUST_NOTED, 0.0, "median %.1f ms of %zu",
               times_median(&looks.pages) * 1e-3, looks.pages.count);
    measure_visible(bench, &asking);
    const Memory memory = program_memory(&asking.program);
    figure_add(figures, "memory of the server at this size", memory.now_mib, "MiB", JUST_NOTED, 0.0,
               "at most %.0f MiB", memory.most_mib);
    asking_end(&asking);
    looks_done(&looks);
}
