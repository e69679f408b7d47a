#pragma once
/*
 * pieces — a long answer as several short ones, each with a part of its list.
 *
 * An answer of a hundred thousand lines is too large to be read as one document. Its list, the
 * member "items" or "rows" of the outermost object, is cut between two of its elements; what
 * stands before and behind the list is in every piece. An answer without such a list, or a short
 * one, is a single piece.
 *
 *   Owns     nothing: the answer is borrowed, a piece lies in the buffer given.
 *   Threads  main.
 *   Bounds   a piece ends with the element that makes it longer than it should be
 *   Errors   ERR_LIMIT  the buffer is full
 */
#include "base/buf.h"
#include "base/text.h"

typedef struct Pieces {
    Text before; /* up to the [ of the list, or all of it where there is no list */
    Text list;   /* the elements not handed out yet */
    Text behind; /* from the ] on */
    size_t size; /* how long the part of a list in a piece should be */
    bool is_begun;
} Pieces;

/* `json` as emit.h writes it: no blanks between tokens. */
Pieces pieces_of(Text json, size_t size);

/* The next piece in `out`; *out_is_one is false behind the last one. There is always one. */
MUST_USE ErrCode pieces_next(Pieces *pieces, Buf *out, bool *out_is_one, Err *err);
