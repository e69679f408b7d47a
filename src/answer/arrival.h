#pragma once
/*
 * arrival — whether the box that serves a project has received what came down, as it said itself.
 *
 * A peer's ticket says up to which entry it holds each stream. What was written down in a stream at
 * or before that number has arrived there. A box serves a project that it may have by name, or one
 * of a unit that it may have with everything below. A project that no peer serves is this node's
 * own.
 *
 *   Owns     nothing: it lies in the view's arena.
 *   Threads  the caller's.
 *   Bounds   only the latest ticket of a peer is kept: for a day before that it is not known
 *            whether it had arrived by then
 *   Errors   ERR_CORRUPT  what was kept of a ticket cannot be read
 *            ERR_LIMIT    the answer does not fit into the arena
 */
#include "base/emit.h"
#include "view/levels.h"
#include "view/view.h"

typedef struct ArrivalBox {
    Text name;
    Day told; /* by the ticket of that day; DAY_OPEN: it has said nothing by view->on */
    bool has_received;
} ArrivalBox;

typedef struct Arrival {
    const View *view;
    Levels levels;
    Map projects; /* a project -> its box */
    Map units;    /* a unit, with all below it -> a box */
    ArrivalBox *boxes;
    size_t box_count;
} Arrival;

/* Of the thing as it was first written down. */
MUST_USE ErrCode arrival_load(const View *view, Key thing, Arrival *out_arrival, Err *err);

/* "box" of the open object: {"name", "received", "told"}, null where no peer serves the project;
 * "received" is null when it has said nothing by that day. */
void arrival_emit_at(const Arrival *arrival, Key project, Key unit, Emit *emit);
