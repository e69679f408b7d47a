/*
 * bench — measures what this program promises, each figure beside its limit in the same run.
 *
 *     bench PROGRAM DIRECTORY [small | samples | PART]
 *
 * Nodes are made under DIRECTORY and kept there. `small` runs everything once on small sizes and
 * judges nothing: it shows that the benchmark itself still works. PART is one of writing, import,
 * box, growth, big, work, year, deploy and sync: that one alone. `samples` writes what tools/train
 * makes a dictionary from. Ends with 1 when a limit was missed, with 3 when something went wrong.
 */
#include <stdio.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/must.h"
#include "host/role.h"

static const Sizes full = {
    .proof_people = 2000,
    .write_people = 20000,
    .write_rounds = 61,
    .groups_of_1 = 200,
    .groups_of_100 = 6,
    .groups_of_500 = 3,
    .import_people = 100000,
    .import_count = 3,
    .growth = {1000, 10000, 100000},
    .growth_count = 3,
    .big_people = 1500000,
    .work_sites = {1000, 10000, 40000},
    .work_count = 3,
    .work_judged = 1,
    .year_projects = 10000,
    .deploy_projects = 10000,
    .deploy_count = 5,
    .day_count = 20,
    .repeat_count = 200,
    .member_requests = 2000,
    .visible_count = 200,
    .box_people = 1000,
    .box_entries = 100000,
    .start_count = 11,
    .phone_count = 50,
    .phone_seconds = 4.0,
    .sync_entries = 100000,
};

static const Sizes small = {
    .proof_people = 300,
    .write_people = 300,
    .write_rounds = 2,
    .groups_of_1 = 5,
    .groups_of_100 = 1,
    .groups_of_500 = 1,
    .import_people = 300,
    .import_count = 1,
    .growth = {1000},
    .growth_count = 1,
    .big_people = 2000,
    .work_sites = {40},
    .work_count = 1,
    .year_projects = 40,
    .deploy_projects = 100,
    .deploy_count = 2,
    .day_count = 3,
    .repeat_count = 5,
    .member_requests = 30,
    .visible_count = 5,
    .box_people = 100,
    .box_entries = 1000,
    .start_count = 2,
    .phone_count = 10,
    .phone_seconds = 0.3,
    .sync_entries = 2000,
};

static const struct {
    const char *name;
    void (*measure)(Bench *bench);
} parts[] = {
    {"writing", measure_writing}, {"import", measure_import}, {"box", measure_box},
    {"growth", measure_growth},   {"big", measure_big},       {"work", measure_work},
    {"year", measure_year},       {"deploy", measure_deploy}, {"sync", measure_sync},
};

#define PART_COUNT (sizeof parts / sizeof parts[0])

static bool is_part(const char *name)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (strcmp(parts[i].name, name) == 0) return true;
    return strcmp(name, "samples") == 0;
}

int main(int argc, char *argv[])
{
    Err err;
    const char *only = argc == 4 ? argv[3] : NULL;
    const bool is_small = only != NULL && strcmp(only, "small") == 0;
    if (is_small) only = NULL;
    if (argc < 3 || argc > 4 || (only != NULL && !is_part(only))) {
        fprintf(stderr, "usage: bench PROGRAM DIRECTORY [small | PART]\n");
        return 2;
    }
    static Bench bench;
    bench = (Bench){.sizes = is_small ? &small : &full, .program = argv[1], .root = argv[2]};
    bench.figures.is_judged = !is_small;
    must(seal_begin(&err), &err);
    writer_begin();
    if (only != NULL && strcmp(only, "samples") == 0) {
        write_samples(&bench);
        writer_end();
        return 0;
    }
    nodes_prove_bulk(bench.root, bench.sizes->proof_people);
    for (size_t i = 0; i < PART_COUNT; i++)
        if (only == NULL || strcmp(only, parts[i].name) == 0) parts[i].measure(&bench);
    writer_end();
    return figures_show(&bench.figures) == 0 ? 0 : 1;
}
