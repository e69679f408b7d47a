#pragma once
/*
 * signal_load — signals with their steps and readers, from the store into what the rules are given.
 *
 *   Owns     nothing: texts and arrays live in the arena given.
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  there is no such signal, or it was voided
 *            ERR_LIMIT      the arena is full, or a bound below is reached
 *   Bounds   SIGNAL_STEPS_MAX, READER_KEYS_MAX, UNIT_CHAIN_MAX
 */
#include "loop/signal.h"
#include "seal/reader.h"
#include "view/load.h"

#define UNIT_CHAIN_MAX 12 /* units above one another */

/* A moment and whose day it is. */
typedef struct SignalSource {
    Source from;
    int utc_offset_minutes;
    const Pack *pack;
} SignalSource;

typedef struct SignalCard {
    Key key;
    Id id;
    int kind; /* SIGNAL_IS_... */
    Key project;
    Key unit;    /* in charge of the project */
    Text what;   /* empty when it is sealed */
    Key raiser;  /* KEY_NONE: not told */
    int unnamed; /* 0, or UNNAMED_IS_... */
    Text place;
    Key again; /* the signal it repeats; KEY_NONE: none */
    bool is_sealed;
    Day raised;   /* as somebody said, or the day it was written down */
    Day recorded; /* the day it was written down */
} SignalCard;

/* What is shown of a step beyond what the rules judge by. */
typedef struct SignalStepWords {
    Text note;
    Text responsible;
    Text answer;
    Key person;
    bool is_sealed;
    Day recorded;
} SignalStepWords;

/* A signal with all its steps that are of a day or before. */
typedef struct SignalCase {
    SignalCard card;
    SignalStep *steps;
    SignalStepWords *words; /* of each step */
    size_t step_count;
    SignalStanding standing;
} SignalCase;

/* From a row of the queries SIGNAL_LOAD, SIGNALS, SIGNALS_AT and SIGNALS_OF_RAISER. */
MUST_USE ErrCode signal_of_row(const SignalSource *source, const Query *query, SignalCard *out_card,
                               Err *err);
MUST_USE ErrCode load_signal(const SignalSource *source, Key signal, SignalCard *out_card,
                             Err *err);

/* The one with that receipt (engine/receipt.h). */
MUST_USE ErrCode load_signal_of_receipt(const SignalSource *source, int64_t receipt,
                                        SignalCard *out_card, Err *err);

/* Steps of a day after `on` are not there yet. */
MUST_USE ErrCode load_signal_case(const SignalSource *source, const SignalCard *card, Day on,
                                  SignalCase *out_case, Err *err);

/* Which signals, and how much of each; KEY_NONE: not by that. */
typedef struct SignalScope {
    Key project;
    Key raiser;
    int kind;        /* SIGNAL_IS_...; 0: all */
    bool with_steps; /* folded; otherwise a case has its card alone */
} SignalScope;

/* Called for each signal, the newest first. All of `one` dies when it returns. It begins no query:
 * one is open. */
typedef ErrCode SignalVisit(void *context, const SignalCase *one, Err *err);

/* Those raised on `on` or before, as they stood then. `source->from.arena` is hardly touched. */
MUST_USE ErrCode signals_visit(const SignalSource *source, const SignalScope *scope, Day on,
                               SignalVisit *visit, void *context, Err *err);

/* A unit and those above it, from the bottom. */
typedef struct UnitChain {
    Key units[UNIT_CHAIN_MAX];
    size_t count;
} UnitChain;

MUST_USE ErrCode load_unit_chain(Source from, Key unit, UnitChain *out_chain, Err *err);

/* Who can open what is sealed for a purpose at a unit or below it, on a day. */
typedef struct Readers {
    ReaderKey keys[READER_KEYS_MAX];
    Key things[READER_KEYS_MAX];
    Key holders[READER_KEYS_MAX];
    size_t count;
} Readers;

MUST_USE ErrCode load_readers(Source from, Key unit, int purpose, Day on, Readers *out_readers,
                              Err *err);
bool readers_have(const Readers *readers, Key person);
