#pragma once
/*
 * signal_shape — the JSON shapes of a signal: where it stands, who holds it, its steps.
 *
 *   Threads  the caller's.
 */
#include "answer/signal.h"
#include "view/signal_load.h"

SignalSource signal_source(const View *view);

/* Whether it is for these eyes. A kind that only readers see asks the store who they are. */
MUST_USE ErrCode signal_is_seen(const View *view, const SignalEyes *eyes, const SignalCard *card,
                                bool *out_is, Err *err);

/* One object. `eyes` NULL: of somebody who has the receipt, to whom nobody is named. */
MUST_USE ErrCode signal_emit(const View *view, const SignalEyes *eyes, const SignalCase *one,
                             bool with_steps, Emit *emit, Err *err);
