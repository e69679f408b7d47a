#pragma once
/*
 * celldate — the day that a cell means, however it was written.
 *
 *   2020-09-01  2020/9/1  2020.9.1  2020年9月1日  20200901  2020-09-01 08:30  1.9.2020 (if only so)
 *   2020.9  2020-09  2020年9月  202009           a month: its first day, or its last
 *   44075                                        a spreadsheet's number of a day
 *
 * What can be read in two ways is refused rather than guessed: 9/1/2020, 20.9.1, and the number
 * 2020.1, which may have been 2020.10 before Excel saw it.
 *
 *   Threads  any; pure.
 */
#include "intake/flaw.h"
#include "intake/sheet.h"

typedef struct DateRules {
    bool takes_last; /* of a month or year alone: it is the end of something */
    bool takes_year; /* a year alone will do */
    bool counts_from_1904;
} DateRules;

/* FLAW_NONE, or a warning beside the day, or an error and no day. `*out_is_open` when the cell says
 * that there is no end yet (至今). */
FlawCode celldate_read(const Cell *cell, DateRules rules, Day *out_day, bool *out_is_open);
