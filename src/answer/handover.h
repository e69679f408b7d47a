#pragma once
/*
 * handover — what goes along with a group that moves, and what a project leaves behind when
 * it closes, as JSON.
 *
 *   Threads  the caller's.
 *   Errors   ERR_NOT_FOUND  no such group or project, or out of reach
 *            ERR_LIMIT      the answer does not fit into the arena
 */
#include "answer/signal.h"
#include "view/load.h"
#include "view/view.h"

/* What is open of a group on view->on, at the site it left and at the one where it stands; of its
 * obligations those in the periods that meet `within`. */
MUST_USE ErrCode answer_handover(const View *view, Id group, const SignalEyes *eyes,
                                 DayRange within, Emit *emit, Err *err);

/* The same as members of an open object. */
MUST_USE ErrCode shape_handover(const View *view, const GroupCard *group, const SignalEyes *eyes,
                                DayRange within, Emit *emit, Err *err);

/* What is written about members, what is kept for how long, and what stays open. What a sheet says
 * is shown where `oversight` reaches the unit of the branch that wrote it. */
MUST_USE ErrCode answer_closing(const View *view, Id project, const SignalEyes *eyes,
                                const Reach *oversight, Emit *emit, Err *err);
