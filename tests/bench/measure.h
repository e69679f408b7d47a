#pragma once
/*
 * measure — what is measured, each part on nodes of its own.
 *
 * Sizes say how large and how often; the small ones only show that everything still runs.
 */
#include "bench/figures.h"
#include "bench/nodes.h"

#define GROWTH_MAX 4

typedef struct Sizes {
    size_t proof_people;
    size_t write_people; /* of the company that commands are written into */
    size_t write_rounds;
    size_t groups_of_1; /* in a round */
    size_t groups_of_100;
    size_t groups_of_500;
    size_t import_people;
    size_t import_count; /* how often the same */
    size_t growth[GROWTH_MAX];
    size_t growth_count;
    size_t big_people;
    size_t work_sites[GROWTH_MAX];
    size_t work_count;
    size_t work_judged;     /* which of them the limits are for */
    size_t year_projects;   /* with a programme each */
    size_t deploy_projects; /* to which one item is deployed */
    size_t deploy_count;    /* how often */
    size_t day_count;       /* dates asked for the first time */
    size_t repeat_count;    /* of the same question */
    size_t member_requests;
    size_t visible_count; /* postings followed until they are seen */
    size_t box_people;
    size_t box_entries;
    size_t start_count; /* cold starts */
    size_t phone_count;
    double phone_seconds;
    size_t sync_entries;
} Sizes;

typedef struct Bench {
    Figures figures;
    const Sizes *sizes;
    const char *root;    /* directory of the nodes */
    const char *program; /* path of tongpin */
} Bench;

/* Each adds its figures. */
void measure_writing(Bench *bench);
void measure_import(Bench *bench);
void measure_growth(Bench *bench); /* the figures of reading, at each size */
void measure_big(Bench *bench);    /* the same and more, at the largest */
void measure_box(Bench *bench);
void measure_work(Bench *bench); /* what all groups owe */
void measure_year(Bench *bench); /* the year plan of all projects */
void measure_deploy(Bench *bench);
void measure_sync(Bench *bench); /* two nodes that speak to each other */

/* Entries for the dictionary, a file each: see tools/train. */
void write_samples(Bench *bench);
