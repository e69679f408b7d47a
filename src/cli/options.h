#pragma once
/*
 * options — the words of a command line, read against the usage line that describes them.
 *
 * The usage line is the only declaration: "coverage DIR [--on DATE] [--format text|json|csv]" says
 * what must be there, what may be, which options take a value and which values are allowed. What
 * it does not allow is refused with that same line.
 *
 *   Owns     nothing: borrows argv and the usage line.
 *   Bounds   POSITIONALS_MAX, OPTIONS_MAX
 *   Errors   ERR_INVALID  a word that is missing, unknown or given twice
 */
#include <stdbool.h>

#include "base/day.h"
#include "base/err.h"
#include "base/text.h"

#define POSITIONALS_MAX 8
#define OPTIONS_MAX     12

typedef struct Option {
    Text name;         /* "--on" */
    const char *value; /* "" for a flag */
} Option;

typedef struct Options {
    const char *positionals[POSITIONALS_MAX];
    size_t positional_count;
    Option options[OPTIONS_MAX];
    size_t option_count;
} Options;

MUST_USE ErrCode options_parse(const char *usage, int argc, char *const argv[],
                               Options *out_options, Err *err);

/* NULL when the option was not given. */
const char *option_value(const Options *options, const char *name);
bool option_given(const Options *options, const char *name);

/* A date option, or `otherwise` when it was not given. */
MUST_USE ErrCode option_day(const Options *options, const char *name, Day otherwise, Day *out_day,
                            Err *err);
