#include "journal/ticket.h"

static void put_number(Buf *out, uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(number >> shift));
}

void ticket_put(Buf *out, uint64_t addressee, uint32_t count, Bytes items)
{
    buf_add_byte(out, TICKET_LAYOUT);
    put_number(out, addressee, 5);
    put_number(out, count, 4);
    buf_add(out, items);
}

void ticket_put_item(Buf *items, const TicketItem *item)
{
    stream_put(items, &item->stream);
    put_number(items, item->seq, 8);
    buf_add(items, digest_bytes(&item->head));
}

static TicketItem get_item(Cursor *cursor)
{
    TicketItem item = {.stream = stream_get(cursor)};
    item.seq = cursor_number(cursor, 8);
    cursor_copy(cursor, item.head.at, DIGEST_SIZE);
    if (item.seq == 0 || item.seq > INT64_MAX) cursor_refuse(cursor, "entries are numbered from 1");
    return item;
}

ErrCode ticket_read(Bytes bytes, Ticket *out_ticket, Err *err)
{
    Cursor cursor = cursor_over(bytes);
    Ticket ticket = {0};
    if (cursor_byte(&cursor) != TICKET_LAYOUT) cursor_refuse(&cursor, "a ticket of a later layout");
    ticket.addressee = cursor_number(&cursor, 5);
    ticket.count = (uint32_t)cursor_number(&cursor, 4);
    if (ticket.count > TICKET_ITEMS_MAX) cursor_refuse(&cursor, "a ticket of too many streams");
    ticket.items = (Bytes){cursor.at, cursor.left};
    for (uint32_t i = 0; cursor.why == NULL && i < ticket.count; i++)
        (void)get_item(&cursor); /* read again when it is asked for */
    if (cursor.why == NULL && cursor.left > 0) cursor_refuse(&cursor, "more than its streams");
    TRY(cursor_check(&cursor, err));
    *out_ticket = ticket;
    return OK;
}

bool ticket_next(Cursor *rest, TicketItem *out_item)
{
    if (rest->left == 0) return false;
    *out_item = get_item(rest);
    return rest->why == NULL;
}
