#pragma once
/*
 * flaw — what is wrong with a value, by a code that has words in both languages.
 *
 *   Owns     nothing: all constants.
 *   Threads  any.
 */
typedef enum FlawCode {
    FLAW_NONE = 0,
#define FLAW(NAME, name, SEVERITY, en, zh, en_advice, zh_advice) FLAW_##NAME,
#include "intake/flaws.def"
    FLAW_COUNT
} FlawCode;

typedef enum FlawSeverity {
    FLAW_IS_ERROR,   /* the row cannot be taken in */
    FLAW_IS_WARNING, /* it can */
} FlawSeverity;

typedef struct FlawInfo {
    const char *name; /* stable, for programs */
    FlawSeverity severity;
    const char *en;
    const char *zh;
    const char *en_advice;
    const char *zh_advice;
} FlawInfo;

const FlawInfo *flaw_info(FlawCode code);
