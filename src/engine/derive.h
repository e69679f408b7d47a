#pragma once
/*
 * derive — keeps what follows from facts: stays of persons, head counts of projects.
 *
 * Whoever writes a posting or a standing says whose it is. Before the group is committed, and
 * before a command looks at what is derived, the stays of these persons are worked out again from
 * their facts, and the head counts of the projects they touch are moved by the difference. So a
 * thousand new postings at one project cost one change of its head count.
 *
 *   Invariants  (1) after derive_flush() stays and head counts are exactly what a rebuild would
 *                   make of the facts
 *   Owns        its arena; emptied by derive_flush() and derive_forget().
 *   Threads     the writer.
 */
#include "base/map.h"
#include "people/series.h"
#include "view/changes.h"
#include "view/load.h"

typedef struct Shift {
    Key project;
    SeriesStep step;
} Shift;

typedef struct Derive {
    Store *store;
    int64_t shard;
    Arena arena;   /* of what waits: persons and shifts */
    Arena scratch; /* of one person or project at a time */
    Map waiting;   /* keys of persons */
    Key *persons;
    size_t person_count;
    Shift *shifts;
    size_t shift_count;
    Key touched[CHANGES_MAX + 1]; /* in this group of commands, for boards: see ChangeSet */
    size_t touched_count;         /* CHANGES_MAX + 1 stands for "more than that" */
} Derive;

void derive_init(Derive *derive, Store *store, int64_t shard);
void derive_done(Derive *derive);

/* The stays of this person are to be worked out again. */
MUST_USE ErrCode derive_touch(Derive *derive, Key person, Err *err);

/* Boards are to hear of this key. */
void derive_tell(Derive *derive, Key key);

/* Boards are to read all again. */
void derive_tell_all(Derive *derive);

/* Works out all that waits. Inside the writer's transaction. */
MUST_USE ErrCode derive_flush(Derive *derive, Err *err);

/* Drops what waits: the transaction was rolled back. */
void derive_forget(Derive *derive);
