#include "sync/holdings.h"

#include <assert.h>

#include "base/list.h"
#include "seal/hash.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "sync/allowed.h"
#include "sync/trust_chain.h"

void holdings_init(Holdings *holdings, Arena *arena)
{
    *holdings = (Holdings){.arena = arena};
    map_init(&holdings->by_key, arena);
}

Holding *holdings_find(const Holdings *holdings, int64_t key)
{
    int64_t at = 0;
    return map_find(&holdings->by_key, key, &at) ? &holdings->items[at] : NULL;
}

ErrCode holdings_put(Holdings *holdings, const Holding *holding, Err *err)
{
    Holding *there = holdings_find(holdings, holding->key);
    if (there != NULL) {
        *there = *holding;
        return OK;
    }
    holdings->items =
        list_grow(holdings->arena, holdings->items, sizeof holdings->items[0], holdings->count);
    if (holdings->items == NULL) return list_full(holdings->count, err);
    TRY(map_put(&holdings->by_key, holding->key, (int64_t)holdings->count, err));
    holdings->items[holdings->count++] = *holding;
    return OK;
}

bool holding_equal(const Holding *a, const Holding *b)
{
    return a->seq == b->seq && a->signed_seq == b->signed_seq && a->head == b->head;
}

static void put_number(Buf *buf, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(buf, (uint8_t)(number >> shift));
}

static uint64_t first_bytes(const Digest *digest)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | digest->at[i];
    return number;
}

uint64_t head_short(const Digest *head)
{
    return first_bytes(head);
}

Digest stream_digest(const StreamName *stream)
{
    AUTO(buf_done) Buf name = {0};
    buf_init(&name, STREAM_NAME_SIZE);
    stream_put(&name, stream);
    return hash_of(buf_as_bytes(&name));
}

uint64_t holdings_digest(const Holdings *holdings)
{
    AUTO(buf_done) Buf item = {0};
    uint64_t sum = 0;
    buf_init(&item, STREAM_NAME_SIZE + 3 * 8);
    for (size_t i = 0; i < holdings->count; i++) {
        const Holding *holding = &holdings->items[i];
        if (holding->seq == 0) continue;
        buf_clear(&item);
        stream_put(&item, &holding->stream);
        put_number(&item, holding->seq);
        put_number(&item, holding->signed_seq);
        put_number(&item, holding->head);
        const Digest digest = hash_of(buf_as_bytes(&item));
        sum += first_bytes(&digest);
    }
    return sum;
}

/* ---- in the store ---- */

static ErrCode read_row(const Query *query, Holding *out, Err *err)
{
    *out = (Holding){.key = query_int(query, 0),
                     .stream = {.node_short = (uint64_t)query_int(query, 1),
                                .epoch = (unsigned)query_int(query, 2)},
                     .seq = (uint64_t)query_int(query, 4),
                     .signed_seq = (uint64_t)query_int(query, 5)};
    return query_id(query, 3, &out->stream.scope, err);
}

ErrCode holdings_load(Store *store, const Peer *peer, HoldingSide side, Arena *arena, Holdings *out,
                      Err *err)
{
    AUTO(query_done) Query query = {0};
    holdings_init(out, arena);
    TRY(query_begin(&query, store, HELD_OF_PEER, err));
    query_bind_int(&query, 1, (int64_t)peer->node_short);
    query_bind_int(&query, 2, side);
    for (;;) {
        Holding holding;
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        TRY(read_row(&query, &holding, err));
        holding.head = (uint64_t)query_int(&query, 6);
        TRY(holdings_put(out, &holding, err));
    }
}

static ErrCode save_one(Store *store, const Peer *peer, HoldingSide side, const Holding *holding,
                        Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, holding->seq == 0 ? HELD_DROP : HELD_SAVE, err));
    query_bind_int(&query, 1, (int64_t)peer->node_short);
    query_bind_int(&query, 2, side);
    query_bind_int(&query, 3, holding->key);
    if (holding->seq != 0) {
        query_bind_int(&query, 4, (int64_t)holding->seq);
        query_bind_int(&query, 5, (int64_t)holding->signed_seq);
        query_bind_int(&query, 6, (int64_t)holding->head);
    }
    return query_run(&query, err);
}

ErrCode holdings_save(Store *store, const Peer *peer, HoldingSide side, const Holdings *before,
                      const Holdings *now, Err *err)
{
    for (size_t i = 0; i < now->count; i++) {
        const Holding *old = holdings_find(before, now->items[i].key);
        if (old != NULL && holding_equal(old, &now->items[i])) continue;
        TRY(save_one(store, peer, side, &now->items[i], err));
    }
    for (size_t i = 0; i < before->count; i++) {
        assert(before->items != NULL);
        if (holdings_find(now, before->items[i].key) != NULL) continue;
        Holding gone = before->items[i];
        gone.seq = 0;
        TRY(save_one(store, peer, side, &gone, err));
    }
    return OK;
}

/* ---- what is here ---- */

typedef struct Looking {
    Store *store;
    const Node *node;
    const Peer *peer;
    Holdings *out;
} Looking;

static ErrCode take_rows(Looking *looking, Query *query, Err *err)
{
    for (;;) {
        Holding holding;
        bool found = false;
        TRY(query_next(query, &found, err));
        if (!found) return OK;
        TRY(read_row(query, &holding, err));
        const Bytes head = query_view(query, 6);
        for (size_t i = 0; i < 8 && i < head.size; i++)
            holding.head = holding.head << 8 | head.at[i];
        if (holding.seq > 0) TRY(holdings_put(looking->out, &holding, err));
    }
}

static ErrCode look_by(Looking *looking, QueryId id, int64_t number, const Id *scope, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, looking->store, id, err));
    if (scope != NULL) query_bind_id(&query, 1, scope);
    if (scope == NULL && id != STREAM_ENDS) query_bind_int(&query, 1, number);
    return take_rows(looking, &query, err);
}

static ErrCode drop_what_may_not_go(Looking *looking, const Holdings *theirs, Err *err)
{
    Holdings kept;
    Holdings *all = looking->out;
    holdings_init(&kept, all->arena);
    for (size_t i = 0; i < all->count; i++) {
        const Holding *holding = &all->items[i];
        const Holding *said = holdings_find(theirs, holding->key);
        bool may = holding->stream.node_short == looking->peer->node_short;
        if (!may)
            TRY(allowed_to_go(looking->store, looking->node, looking->peer, &holding->stream, &may,
                              err));
        /* Of what the peer has from elsewhere and may not have from here it is told that its own
         * has arrived, and no more. */
        if (!may && said != NULL && said->seq > 0 && holding->seq > said->seq) holding = said;
        if (may || said != NULL) TRY(holdings_put(&kept, holding, err));
    }
    *all = kept;
    return OK;
}

/* What this node and those above it say to all below them. */
static ErrCode look_above(Looking *looking, Arena *arena, Err *err)
{
    Chained chain;
    const Id own = scope_of_broadcast(looking->node->scope);
    TRY(look_by(looking, STREAM_ENDS_OF_SCOPE, 0, &own, err));
    TRY(chain_load(looking->store, arena, &chain, err));
    if (!chain.has_root) return OK;
    TRY(look_by(looking, STREAM_ENDS_OF_NODE, (int64_t)node_short_of(&chain.root), NULL, err));
    for (size_t i = 0; i + 1 < chain.count; i++)
        TRY(look_by(looking, STREAM_ENDS_OF_NODE, (int64_t)node_short_of(&chain.links[i].key), NULL,
                    err));
    return OK;
}

/* What lies below a unit is not known by name. */
static bool needs_all(const Warrant *warrant)
{
    for (size_t i = 0; i < warrant->count; i++)
        if (warrant->grants[i].with_below) return true;
    return warrant->is_everything;
}

ErrCode holdings_here(Store *store, const Node *node, const Peer *peer, const Holdings *theirs,
                      Arena *arena, Holdings *out, Err *err)
{
    Looking looking = {store, node, peer, out};
    holdings_init(out, arena);
    if (peer->is_above || needs_all(&peer->warrant)) {
        TRY(look_by(&looking, STREAM_ENDS, 0, NULL, err));
        return drop_what_may_not_go(&looking, theirs, err);
    }
    for (size_t i = 0; i < peer->warrant.count; i++)
        TRY(look_by(&looking, STREAM_ENDS_OF_SCOPE, 0, &peer->warrant.grants[i].scope, err));
    TRY(look_by(&looking, STREAM_ENDS_OF_NODE, (int64_t)peer->node_short, NULL, err));
    TRY(look_above(&looking, arena, err));
    for (size_t i = 0; i < theirs->count; i++)
        if (holdings_find(out, theirs->items[i].key) == NULL)
            TRY(look_by(&looking, STREAM_END, theirs->items[i].key, NULL, err));
    return drop_what_may_not_go(&looking, theirs, err);
}
