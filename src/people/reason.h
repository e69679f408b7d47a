#pragma once
/*
 * reason — why: what a result rests on, what is missing, what is odd, what would be better.
 *
 * A Reason is one step of an explanation: a code with its words in both languages, the fact it
 * rests on, the rule it applies, and the numbers compared. Results of the rules carry lists of
 * them (or, where thousands are computed, a ReasonSet), so CLI, API and web say the same.
 *
 *   Owns     nothing; a ReasonList grows in the arena given to it.
 *   Threads  values; one list, one thread at a time.
 *   Bounds   the arena's
 *   Errors   ERR_LIMIT  the arena is full; sticky, asked once with reasons_check()
 */
#include "base/buf.h"
#include "people/facts.h"
#include "vocab/pack.h"

typedef enum ReasonCode {
    REASON_NONE = 0,
#define REASON(NAME, name, LEVEL, en, zh) REASON_##NAME,
#define REASON_SETS_END                   REASON_SETS_END_, REASON_STEP_ = REASON_SETS_END_ - 1,
#include "people/reason.def"
    REASON_COUNT
} ReasonCode;

typedef enum ReasonLevel {
    REASON_LEVEL_FACT,
    REASON_LEVEL_GAP,
    REASON_LEVEL_ADVICE,
    REASON_LEVEL_WARNING,
    REASON_LEVEL_ERROR
} ReasonLevel;

/* A set of codes of the first block of reason.def, a bit each. */
typedef uint64_t ReasonSet;

#define REASON_BIT(NAME) (UINT64_C(1) << REASON_##NAME)

typedef enum CoverageState {
#define COVERAGE(NAME, name, en, zh) COVERAGE_##NAME,
#include "people/reason.def"
    COVERAGE_STATE_COUNT
} CoverageState;

typedef enum GapWay {
#define WAY(NAME, name, en, zh) WAY_##NAME,
#include "people/reason.def"
    WAY_COUNT
} GapWay;

typedef struct ReasonInfo {
    const char *name;
    ReasonLevel level;
    const char *en;
    const char *zh;
} ReasonInfo;

/* The words for a state or a way. */
typedef struct Term {
    const char *name;
    const char *en;
    const char *zh;
} Term;

typedef struct Reason {
    ReasonCode code;
    RuleCode rule; /* the rule applied; RULE_NONE when there is none */
    KindCode kind; /* of the fact it rests on; KIND_NONE when there is none */
    Key fact;      /* that fact */
    Key other;     /* a second fact, such as the other of two postings that overlap */
    Key subject;   /* the group, person or project its words call {name}; KEY_NONE */
    int64_t have;  /* {have} */
    int64_t need;  /* {need} */
    DayRange days; /* {from} and {to}; all zero when they say nothing */
} Reason;

typedef struct ReasonList {
    Arena *arena;
    Reason *items;
    size_t count;
    size_t capacity;
    bool is_over;
} ReasonList;

typedef enum Language { LANGUAGE_ZH, LANGUAGE_EN } Language;

const ReasonInfo *reason_info(ReasonCode code);
const char *reason_level_name(ReasonLevel level);
const Term *coverage_term(CoverageState state);
const Term *way_term(GapWay way);

/* Writes a reason's words with its numbers and days filled in; `name` stands for {name}. */
void reason_write(const Reason *reason, Language language, Text name, Buf *buf);

void reasons_init(ReasonList *list, Arena *arena);
void reasons_add(ReasonList *list, Reason reason);
MUST_USE ErrCode reasons_check(const ReasonList *list, Err *err);

/* The first of a code in a list; NULL when it is not there. */
const Reason *reasons_find(const ReasonList *list, ReasonCode code);

/* Walks a set: the next code after *code (start with REASON_NONE); false at the end. */
bool reason_set_next(ReasonSet set, ReasonCode *code);
