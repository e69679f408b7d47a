#pragma once
/*
 * ledger — the ledgers of ledgers.def: what was written down once, as each group keeps it.
 *
 * A row is about one to three things (a part and its activity; a person with standing and posting).
 * A column either is a field of one of them, or is worked out by the rules. Nothing is stored for a
 * ledger, so nothing has to be filled in for one.
 *
 *   Owns     nothing: constants, and answers in the view's arena.
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such group or project, or out of reach
 *            ERR_INVALID    a ledger of another kind of group
 *            ERR_LIMIT      more rows than fit: ask for a shorter period
 */
#include "answer/signal.h"
#include "view/minutes.h"

typedef enum LedgerCode {
#define LEDGER(NAME, name, WHOSE, SHAPE, which, KEPT, RULE, en, zh) LEDGER_##NAME,
#include "answer/ledgers.def"
    LEDGER_COUNT
} LedgerCode;

/* LEDGER_COUNT when there is none of that name. */
LedgerCode ledger_named(Text name);

typedef struct LedgerName {
    const char *name;
    const char *zh;
    const char *en;
    int whose;          /* GROUP_KIND_IS_... */
    ParameterCode kept; /* the years for which it is kept, in the rule "retention"; 0: for ever */
} LedgerName;

LedgerName ledger_name(LedgerCode ledger);

size_t ledger_column_count(LedgerCode ledger);

/* How many columns of the same name take their value from different fields. A promise: 0. */
size_t ledger_asked_twice(void);

/* A ledger of one group, or of all groups of its kind that stand at a project within the period.
 * Lists of members are those of view->on. */
typedef struct LedgerAsk {
    LedgerCode ledger;
    Id project;
    Id group; /* nil: of the project */
    DayRange within;
    ListAsk page; /* only the page */
    Asker asker;  /* a group's own record is told to whom its part is open; zeroed: to everybody */
    SignalEyes eyes; /* a signal is told to whom it is for */
} LedgerAsk;

MUST_USE ErrCode answer_ledger(const View *view, const LedgerAsk *ask, Emit *emit, Err *err);

/* All ledgers with their columns, where each column comes from, and how long each is kept by the
 * rules of view->on. */
MUST_USE ErrCode answer_ledgers(const View *view, Emit *emit, Err *err);
