#pragma once
/*
 * asking — the questions that are measured, and what they are asked about.
 *
 * Ids come from the database itself: all active projects, and people as they are needed. Chance is
 * from a fixed seed, so each run asks the same.
 */
#include "bench/caller.h"
#include "bench/figures.h"
#include "bench/nodes.h"
#include "bench/program.h"

typedef struct Asking {
    const BenchNode *node;
    Pass pass;
    Program program;
    double start_us; /* until the server said where it is */
    Caller caller;
    Id *projects; /* the active ones, by site */
    size_t project_count;
    Id *people; /* up to a thousand, from all over */
    size_t person_count;
    uint64_t chance;
} Asking;

/* Signs in, starts the server and connects. */
void asking_begin(Asking *asking, const BenchNode *node, const char *program);
void asking_end(Asking *asking);

size_t asking_pick(Asking *asking, size_t count);

/* Reads all files of the node once, so that no figure depends on what the machine did before. */
void asking_warm(const BenchNode *node);

/* GET /api/v1/coverage of that day, first page of fifty. Returns the microseconds. */
double ask_coverage(Asking *asking, Day on);

/* GET the members of a project, today. */
double ask_members(Asking *asking, Id project);

const char *path_of_coverage(Day on, char out[200]);
const char *path_of_members(Id project, Day on, unsigned size, char out[200]);
const char *path_of_project(Id project, Day on, char out[200]);

/* Coverage of the active project of one site, found by its code. */
const char *path_of_site_coverage(size_t site, Day on, char out[200]);
