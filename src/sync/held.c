#include "sync/held.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/list.h"

#define META_NAME_MAX  (8 + NODE_TEXT_MAX)
#define HELD_BYTES_MAX ((size_t)12 << 20)

static Text meta_name(uint64_t node_short, char out[META_NAME_MAX])
{
    char node[NODE_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "held %s", node_write(node_short, node));
    return text_from_z(out);
}

/* Kept as the stamp and the ticket's own bytes, in hexadecimal. */
static ErrCode read_kept(Text kept, Arena *arena, uint64_t *out_stamp, Ticket *out_ticket, Err *err)
{
    int64_t stamp = 0;
    TRY(text_to_int(text_split(&kept, ' '), &stamp, err));
    const size_t size = kept.size / 2;
    uint8_t *bytes = arena_array(arena, uint8_t, size + 1);
    if (bytes == NULL) return list_full(size, err);
    TRY(bytes_from_hex(kept, bytes, size, err));
    *out_stamp = (uint64_t)stamp;
    return ticket_read((Bytes){bytes, size}, out_ticket, err);
}

ErrCode held_load(Store *store, uint64_t node_short, Arena *arena, Held *out_held, Err *err)
{
    char name[META_NAME_MAX];
    Text kept = {0};
    Ticket ticket = {0};
    Held held = {0};
    TRY(meta_find(store, meta_name(node_short, name), arena, &held.is_known, &kept, err));
    if (held.is_known) {
        if (read_kept(kept, arena, &held.stamp, &ticket, err) != OK) {
            err->code = ERR_CORRUPT;
            return err_context(err, "what a peer holds");
        }
        held.items = arena_array(arena, TicketItem, ticket.count + 1);
        if (held.items == NULL) return list_full(ticket.count, err);
        Cursor rest = cursor_over(ticket.items);
        while (held.count < ticket.count && ticket_next(&rest, &held.items[held.count]))
            held.count++;
    }
    *out_held = held;
    return OK;
}

ErrCode held_keep(Store *store, uint64_t node_short, uint64_t stamp, const Ticket *ticket, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf bytes = {0};
    AUTO(buf_done) Buf text = {0};
    char name[META_NAME_MAX];
    Held before = {0};
    arena_init(&arena, (size_t)256 << 20);
    buf_init(&bytes, HELD_BYTES_MAX / 2);
    buf_init(&text, HELD_BYTES_MAX);
    TRY(held_load(store, node_short, &arena, &before, err));
    if (before.is_known && before.stamp > stamp) return OK;
    ticket_put(&bytes, ticket->addressee, ticket->count, ticket->items);
    TRY(buf_check(&bytes, err));
    buf_format(&text, "%" PRIu64 " ", stamp);
    char *digits = arena_array(&arena, char, 2 * bytes.size + 1);
    if (digits == NULL) return list_full(bytes.size, err);
    bytes_to_hex(buf_as_bytes(&bytes), digits);
    buf_add_z(&text, digits);
    TRY(buf_check(&text, err));
    return meta_save(store, meta_name(node_short, name), buf_as_text(&text), err);
}

uint64_t held_of(const Held *held, const StreamName *stream)
{
    for (size_t i = 0; i < held->count; i++)
        if (stream_equal(&held->items[i].stream, stream)) return held->items[i].seq;
    return 0;
}
