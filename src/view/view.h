#pragma once
/*
 * view — one look at the data: through which connection, by whom, on which day.
 *
 * Everything that is shown (command line, API) is asked for through a View. It reads the store,
 * asks the rules of `people`, and changes nothing.
 *
 *   Owns     nothing: all borrowed for the time of one request.
 *   Threads  one View, one thread; the Board it points to is shared and locks itself.
 */
#include "base/id.h"
#include "people/facts.h"
#include "view/load.h"
#include "view/reach.h"
#include "vocab/pack.h"

typedef struct Board Board; /* view/board.h: what coverage needs of every project, kept in memory */

typedef struct View {
    Store *store;
    Board *board;
    const Pack *pack;
    Reach reach;
    int64_t shard;
    int utc_offset_minutes; /* of the node: whose day a moment belongs to */
    Day on;
    Arena *arena;
} View;

Source view_source(const View *view);

/* The key of an id of that kind; ERR_NOT_FOUND when there is none. */
MUST_USE ErrCode view_find(const View *view, Id id, KindCode kind, Key *out_key, Err *err);

/* Which part of a list: by name, of one unit, and which page of it. */
typedef struct ListAsk {
    Text query;   /* empty: all */
    Id unit;      /* nil: all; otherwise that unit and all below */
    int kind;     /* a GROUP_KIND_IS_…; 0: all */
    int64_t page; /* from 1 */
    int64_t size; /* 1 .. PAGE_SIZE_MAX, or PAGE_SIZE_ALL for the command line */
} ListAsk;

#define PAGE_MAX          1000000
#define PAGE_SIZE_ALL     0
#define PAGE_SIZE_MAX     200
#define PAGE_SIZE_DEFAULT 50
