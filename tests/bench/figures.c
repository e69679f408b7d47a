#include "bench/figures.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/must.h"

static bool is_missed(const Figure *figure)
{
    switch (figure->holds) {
    case AT_MOST: return figure->value > figure->limit;
    case AT_LEAST: return figure->value < figure->limit;
    case JUST_NOTED: return false;
    }
    return false;
}

static void print_figure(const Figures *figures, const Figure *figure)
{
    char limit[64] = "";
    const char *verdict = "";
    if (figure->holds != JUST_NOTED) {
        snprintf(limit, sizeof limit, "%s %.4g %s",
                 figure->holds == AT_MOST ? "<=" : ">=", figure->limit, figure->unit);
        verdict = !figures->is_judged ? "-" : is_missed(figure) ? "MISS" : "PASS";
    }
    printf("%-4s  %-58s %10.4g %-6s %-16s %s\n", verdict, figure->name, figure->value, figure->unit,
           limit, figure->note);
    fflush(stdout);
}

void figure_add(Figures *figures, const char *name, double value, const char *unit, Holds holds,
                double limit, const char *note_format, ...)
{
    assert(figures->count < FIGURES_MAX);
    Figure *figure = &figures->items[figures->count++];
    *figure = (Figure){.value = value, .unit = unit, .holds = holds, .limit = limit};
    snprintf(figure->name, sizeof figure->name, "%s", name);
    va_list list;
    va_start(list, note_format);
    vsnprintf(figure->note, sizeof figure->note, note_format, list);
    va_end(list);
    print_figure(figures, figure);
}

size_t figures_show(const Figures *figures)
{
    size_t missed = 0;
    size_t judged = 0;
    if (figures->is_judged)
        printf("\n%-4s  %-58s %10s %-6s %-16s\n", "", "figure", "measured", "", "limit");
    for (size_t i = 0; i < figures->count; i++) {
        if (figures->is_judged) print_figure(figures, &figures->items[i]);
        if (figures->items[i].holds != JUST_NOTED) judged++;
        if (is_missed(&figures->items[i])) missed++;
    }
    if (figures->is_judged)
        printf("\n%zu of %zu limits held\n", judged - missed, judged);
    else
        printf("\nbenchmark on small sizes: %zu passed, 0 failed\n", figures->count);
    return figures->is_judged ? missed : 0;
}

double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

void times_add(Times *times, double us)
{
    if (times->count == times->room) {
        times->room = times->room == 0 ? 64 : times->room * 2;
        times->at = realloc(times->at, times->room * sizeof times->at[0]);
        if (times->at == NULL) give_up("there is not enough memory for the times");
    }
    times->at[times->count++] = us;
}

void times_done(Times *times)
{
    free(times->at);
    *times = (Times){0};
}

static int compare_times(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The one that `share` of all are not above. */
static double times_at(Times *times, double share)
{
    if (times->count == 0) return 0.0;
    qsort(times->at, times->count, sizeof times->at[0], compare_times);
    size_t at = (size_t)(share * (double)times->count);
    if (at >= times->count) at = times->count - 1;
    return times->at[at];
}

double times_median(Times *times)
{
    return times_at(times, 0.5);
}

double times_p99(Times *times)
{
    return times_at(times, 0.99);
}

double times_worst(Times *times)
{
    return times_at(times, 1.0);
}

double times_sum(const Times *times)
{
    double sum = 0.0;
    for (size_t i = 0; i < times->count; i++)
        sum += times->at[i];
    return sum;
}
