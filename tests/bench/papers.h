#pragma once
/*
 * papers — rosters as a company would hand them in: CSV files of units, projects, and people with
 * the project they are at.
 */
#include "bench/population.h"

void papers_units(const Population *population, const char *path);
void papers_projects(const Population *population, const char *path);

/* One line a person, with standing and latest posting. Returns the size in bytes. */
size_t papers_people(const Population *population, const char *path);
