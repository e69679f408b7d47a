#pragma once
/*
 * figures — what was measured, each beside the limit it was held against in the same run.
 *
 * Times are taken with a monotonic clock in microseconds. Several of one kind are kept as Times,
 * of which the median, the worst, or the one that all but a hundredth stay below can be asked.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/defs.h"

#define FIGURES_MAX     80
#define FIGURE_TEXT_MAX 160

typedef enum Holds { AT_MOST, AT_LEAST, JUST_NOTED } Holds;

typedef struct Figure {
    char name[FIGURE_TEXT_MAX];
    char note[FIGURE_TEXT_MAX];
    double value;
    double limit;
    Holds holds;
    const char *unit;
} Figure;

typedef struct Figures {
    Figure items[FIGURES_MAX];
    size_t count;
    bool is_judged; /* false: a smoke run on small sizes, where no limit means anything */
} Figures;

/* Prints the line too, so that a long run shows how far it is. */
void figure_add(Figures *figures, const char *name, double value, const char *unit, Holds holds,
                double limit, const char *note_format, ...) PRINTF_LIKE(7, 8);

/* The whole table; returns how many limits were missed. */
size_t figures_show(const Figures *figures);

double now_us(void);

typedef struct Times {
    double *at;
    size_t count;
    size_t room;
} Times;

void times_add(Times *times, double us);
void times_done(Times *times);
double times_median(Times *times);
double times_p99(Times *times);
double times_worst(Times *times);
double times_sum(const Times *times);
