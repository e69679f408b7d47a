#pragma once
/*
 * signal — signals as JSON: lists, one with all that became of it, the public sheet.
 *
 * Who sees a signal is settled by its kind (loop/signals.def): everybody who may see the project,
 * those who may write there, or the holders of a reader's key. The raiser always sees their own.
 * A raiser who is unnamed to others is named to those who may write there, and to nobody else.
 *
 *   Threads  the caller's; a View is used by one thread.
 *   Errors   ERR_NOT_FOUND  no such signal, or not for the eyes of who asks
 *            ERR_INVALID    a filter that makes no sense
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/view.h"

/* Who looks, beyond how far they reach. */
typedef struct SignalEyes {
    Key person;         /* whose account it is; KEY_NONE: nobody's */
    const Reach *write; /* where they may write; NULL: nowhere */
    bool is_machine;    /* the command line: whoever may read the files */
} SignalEyes;

typedef struct SignalAsk {
    ListAsk list;
    SignalEyes eyes;
    Id project; /* nil: all within reach */
    Text kind;  /* by name; empty: all */
    Text state; /* by name, "open" for all that are open; empty: all */
} SignalAsk;

MUST_USE ErrCode answer_signals(const View *view, const SignalAsk *ask, Emit *emit, Err *err);
MUST_USE ErrCode answer_signal(const View *view, Id signal, const SignalEyes *eyes, Emit *emit,
                               Err *err);

/* Those that ask->eyes.person raised by name. */
MUST_USE ErrCode answer_my_signals(const View *view, const SignalAsk *ask, Emit *emit, Err *err);

/* What became of the one with that receipt (engine/receipt.h), for whoever has the code. */
MUST_USE ErrCode answer_signal_of_receipt(const View *view, int64_t receipt, Emit *emit, Err *err);

/* The public sheet of hazards found or open within a range: no raiser is on it. */
typedef struct SheetAsk {
    Id project; /* nil: of the unit, or all */
    Id unit;
    DayRange within;
} SheetAsk;

MUST_USE ErrCode answer_notice_sheet(const View *view, const SheetAsk *ask, Emit *emit, Err *err);

/* Who could read what is sealed at a project today, by purpose. */
MUST_USE ErrCode answer_readers(const View *view, Id project, Emit *emit, Err *err);

/* All readers there are, whatever their days. */
MUST_USE ErrCode answer_all_readers(const View *view, Emit *emit, Err *err);
