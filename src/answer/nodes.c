#include "answer/nodes.h"

#include "sync/allowed.h"
#include "sync/pair.h"
#include "sync/trust.h"

static const char *const trust_names[] = {
    [TRUST_NONE] = "none", [TRUST_VALID] = "valid", [TRUST_EXPIRED] = "expired"};
static const char *const state_names[] = {
    [PAIR_NOT_COMPARED] = "not_compared", [PAIR_EQUAL] = "equal", [PAIR_UNEQUAL] = "unequal"};

static ErrCode emit_trust(Store *store, const Node *node, const Peer *peer, uint64_t now_ms,
                          Emit *emit, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Trust trust;
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    TRY(trust_judge(store, node, peer->node_short, now_ms, &arena, &trust, err));
    emit_z_at(emit, "certificate", peer->is_revoked ? "revoked" : trust_names[trust.state]);
    if (trust.state == TRUST_NONE)
        emit_null_at(emit, "until");
    else
        emit_day_at(emit, "until", day_of_ms(trust.certificate.until_ms, node->utc_offset_minutes));
    return OK;
}

/* A time that has not been is null. */
static void emit_ms(Emit *emit, const char *name, int64_t ms)
{
    if (ms == 0)
        emit_null_at(emit, name);
    else
        emit_int_at(emit, name, ms);
}

static void emit_pair(Emit *emit, const Pair *pair)
{
    emit_ms(emit, "last_ms", pair->last_ms);
    emit_bool_at(emit, "in_step", pair->is_in_step);
    emit_ms(emit, "since_ms", pair->since_ms);
    emit_int_at(emit, "behind_here", pair->behind_here);
    emit_int_at(emit, "behind_there", pair->behind_there);
    emit_int_at(emit, "clock_ms", pair->clock_ms);
    emit_z_at(emit, "state", state_names[pair->state]);
}

static ErrCode emit_node(Store *store, const Node *node, Peer peer, uint64_t now_ms, Emit *emit,
                         Err *err)
{
    Pair pair;
    char short_name[NODE_TEXT_MAX];
    TRY(peer_resolve(store, node, &peer, err));
    TRY(pair_load(store, peer.node_short, &pair, err));
    emit_open_object(emit);
    emit_z_at(emit, "node", node_write(peer.node_short, short_name));
    emit_text_at(emit, "name", peer.name);
    emit_bool_at(emit, "parent", peer.is_parent);
    TRY(emit_trust(store, node, &peer, now_ms, emit, err));
    emit_pair(emit, &pair);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_nodes(Store *store, const Node *node, Arena *arena, Emit *emit, Err *err)
{
    Peers peers;
    uint64_t now_ms = 0;
    TRY(peers_load(store, arena, &peers, err));
    TRY(trust_now(store, node, &now_ms, err));
    emit_open_object(emit);
    emit_int_at(emit, "now_ms", (int64_t)host_now_ms(node->host));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < peers.count; i++)
        TRY(emit_node(store, node, peers.items[i], now_ms, emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
