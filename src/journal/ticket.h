#pragma once
/*
 * ticket — what the writer of a bundle holds, and whom the bundle is for.
 *
 *     ticket := u8 layout (1), 5 bytes addressee (0: whoever reads it), u32 count, item*
 *     item   := stream (23 bytes), u64 sequence, 32 bytes head
 *
 * Each item is a receipt: the writer holds the stream up to that entry, and its head is that one.
 * Who reads it knows from where on to send, and that what was sent has arrived. The manifest of
 * the bundle signs it with everything else.
 *
 *   Owns     nothing: a Ticket borrows the bytes it was read from.
 *   Bounds   TICKET_ITEMS_MAX
 *   Errors   ERR_CORRUPT  not a ticket
 */
#include <stdbool.h>

#include "base/buf.h"
#include "journal/stream.h"
#include "seal/hash.h"

#define TICKET_LAYOUT    1
#define TICKET_ITEM_SIZE 63
#define TICKET_ITEMS_MAX 1000000U

typedef struct TicketItem {
    StreamName stream;
    uint64_t seq;
    Digest head;
} TicketItem;

typedef struct Ticket {
    uint64_t addressee; /* a node's short name; 0: whoever reads it */
    uint32_t count;
    Bytes items;
} Ticket;

/* `items` holds what ticket_put_item() wrote. */
void ticket_put(Buf *out, uint64_t addressee, uint32_t count, Bytes items);
void ticket_put_item(Buf *items, const TicketItem *item);

/* Reads it all once, so that walking the items afterwards cannot fail. */
MUST_USE ErrCode ticket_read(Bytes bytes, Ticket *out_ticket, Err *err);

/* Walks the items: `rest` begins as cursor_over(ticket.items); false at the end. */
bool ticket_next(Cursor *rest, TicketItem *out_item);
