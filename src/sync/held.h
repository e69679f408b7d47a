#pragma once
/*
 * held — what a peer said it holds: of each stream, the last entry. From its latest ticket.
 *
 *   Owns     nothing: it lies in the arena given.
 *   Threads  those of the store; only the writer keeps one, within a transaction.
 *   Errors   ERR_CORRUPT  what was kept cannot be read
 */
#include "journal/ticket.h"
#include "store/store.h"

typedef struct Held {
    bool is_known;  /* the peer has said something */
    uint64_t stamp; /* of the bundle it said it in, by its clock */
    TicketItem *items;
    size_t count;
} Held;

MUST_USE ErrCode held_load(Store *store, uint64_t node_short, Arena *arena, Held *out_held,
                           Err *err);

/* An older ticket than the one kept changes nothing. */
MUST_USE ErrCode held_keep(Store *store, uint64_t node_short, uint64_t stamp, const Ticket *ticket,
                           Err *err);

/* The number of the last entry of a stream that is held; 0 for none. */
uint64_t held_of(const Held *held, const StreamName *stream);
