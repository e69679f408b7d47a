#pragma once
/*
 * fold — what the entries about one thing come to, whoever wrote them and in whatever order they
 * came.
 *
 * Nodes write about the same thing without hearing of each other. An entry names the entry it
 * builds on (its base), and whoever writes knows what they wrote before: from these two follows
 * which entries the author of each one knew. A value replaces those that its author knew. Where
 * two values of one field were written by authors who did not know of each other, the later stamp
 * shows, and the other one is kept as a rival, for a person to settle.
 *
 *   Invariants  (1) the same entries give the same result, whatever order they are given in;
 *               (2) a value that does not show and that nobody replaced is a rival, unless it is
 *                   the same as the one that shows;
 *               (3) a thing that one entry voids is void.
 *   Owns        nothing: a record borrows what the entries borrow; the rest is in the arena.
 *   Threads     any.
 *   Bounds      FOLD_CELLS_MAX entries times authors; beyond that the later entry replaces the
 *               earlier one, and there are no rivals.
 *   Errors      ERR_LIMIT  the arena is full
 */
#include "journal/entry.h"

#define FOLD_CELLS_MAX  ((size_t)1 << 22)
#define FOLD_PASSES_MAX 64 /* only bases that lead in circles need more than a few */

typedef struct FoldEntry {
    StreamName stream;
    uint64_t seq;
    int64_t arrival; /* here; no part of the order */
    Entry entry;
} FoldEntry;

/* A value that another one hides, though its author knew nothing of it. */
typedef struct Rival {
    unsigned field;
    const FoldEntry *entry;
} Rival;

typedef struct Folded {
    const KindInfo *kind; /* NULL: there is nothing to show (yet) */
    Record record;
    uint64_t stamp; /* the latest of its entries */
    bool is_void;
    Rival *rivals;
    size_t rival_count;
} Folded;

/* Sorts `entries`, all of which are about one thing. */
MUST_USE ErrCode fold(FoldEntry *entries, size_t count, Arena *arena, Folded *out, Err *err);
