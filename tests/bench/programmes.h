#pragma once
/*
 * programmes — projects that each follow a schedule, and a programme that hangs on it: six phases,
 * eight lines, of which two became activities that were held, one a task that is still open, and
 * one was done on a day.
 */
#include "bench/company.h"

/* Phases, lines, what they became, and a risk level of one project, about. */
#define PROGRAMME_PER_SITE 24

void programmes_tell(size_t sites, Day today, FactTaker take, void *context);
