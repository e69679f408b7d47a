/* A roster of people with their postings, taken in by the real program. */
#include <stdio.h>

#include "bench/measure.h"
#include "bench/must.h"
#include "bench/papers.h"
#include "bench/program.h"

static void take_in(const Bench *bench, const BenchNode *node, const char *kind, const char *path)
{
    char *const arguments[] = {(char *)(uintptr_t)bench->program,
                               (char *)(uintptr_t) "import",
                               (char *)(uintptr_t)node->directory,
                               (char *)(uintptr_t)kind,
                               (char *)(uintptr_t)path,
                               NULL};
    program_run(bench->program, arguments);
}

void measure_import(Bench *bench)
{
    char path[NODE_PATH_MAX];
    BenchNode node;
    Times times = {0};
    const size_t people = bench->sizes->import_people;
    const Population population = population_of(people);
    double size = 0.0;
    for (size_t i = 0; i < bench->sizes->import_count; i++) {
        node_empty(bench->root, "imported", &node);
        snprintf(path, sizeof path, "%s/units.csv", bench->root);
        papers_units(&population, path);
        take_in(bench, &node, "units", path);
        snprintf(path, sizeof path, "%s/projects.csv", bench->root);
        papers_projects(&population, path);
        take_in(bench, &node, "projects", path);
        snprintf(path, sizeof path, "%s/people.csv", bench->root);
        size = (double)papers_people(&population, path) / (1 << 20);
        const double began = now_us();
        take_in(bench, &node, "people", path);
        times_add(&times, (now_us() - began) * 1e-6);
    }
    char name[FIGURE_TEXT_MAX];
    snprintf(name, sizeof name, "import of %zu people with postings (CSV)", people);
    figure_add(&bench->figures, name, times_median(&times), "s", AT_MOST, 10.0,
               "%.1f MiB; %.0f people/s; makes %.0f MiB; slowest of %zu: %.1f s", size,
               (double)people / times_median(&times), node_mib(&node), times.count,
               times_worst(&times));
    times_done(&times);
}
