#pragma once
/*
 * signal_shape — the JSON shapes of a signal: where it stands, who holds it, its steps.
 *
 *   Threads  the caller's.
 */
#include "answer/signal.h"
#include "view/signal_count.h"

#define READER_PURPOSE_COUNT 4 /* READER_PURPOSE_IS_... and the number before the first */

SignalSource signal_source(const View *view);

/* Whether it is for these eyes. A kind that only readers see asks the store who they are. */
MUST_USE ErrCode signal_is_seen(const View *view, const SignalEyes *eyes, const SignalCard *card,
                                bool *out_is, Err *err);

/* The same eyes on many signals: whose readers the person is, loaded once. Asks the store nothing
 * more, so it may be used while a query is open. */
typedef struct SignalSight {
    const View *view;
    const SignalEyes *eyes;
    Levels levels;
    Map reads[READER_PURPOSE_COUNT]; /* by purpose: units whose reader the person is today */
} SignalSight;

MUST_USE ErrCode signal_sight_load(const View *view, const SignalEyes *eyes, SignalSight *out_sight,
                                   Err *err);
bool signal_is_in_sight(const SignalSight *sight, const SignalCard *card);

/* {"open", "overdue", "climbed", "kinds": the same of each kind that has open ones}. */
void shape_signal_counts_at(const char *member, const SignalCounts *counts, Emit *emit);

/* One object. `eyes` NULL: of somebody who has the receipt, to whom nobody is named. */
MUST_USE ErrCode signal_emit(const View *view, const SignalEyes *eyes, const SignalCase *one,
                             bool with_steps, Emit *emit, Err *err);
