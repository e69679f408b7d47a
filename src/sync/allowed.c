#include "sync/allowed.h"

#include "store/things.h"
#include "sync/trust.h"

/* ---- what goes ---- */

static ErrCode is_revoked(Store *store, const Node *node, uint64_t node_short, bool *out_is,
                          Err *err)
{
    uint64_t last = 0;
    const StreamName any = {.node_short = node_short};
    return trust_limit(store, node, &any, out_is, &last, err);
}

ErrCode peer_resolve(Store *store, const Node *node, Peer *peer, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    uint64_t now_ms = 0;
    Trust trust;
    Trust own;
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    TRY(trust_now(store, node, &now_ms, err));
    TRY(trust_is_above(store, node, peer->node_short, &peer->is_above, err));
    TRY(is_revoked(store, node, peer->node_short, &peer->is_revoked, err));
    TRY(trust_judge(store, node, peer->node_short, now_ms, &arena, &trust, err));
    TRY(trust_judge(store, node, node->node_short, now_ms, &arena, &own, err));
    peer->is_parent =
        own.state != TRUST_NONE && own.certificate.issuer == peer->node_short && peer->is_above;
    if (peer->is_above || trust.state == TRUST_NONE) return OK;
    peer->warrant = trust.certificate.warrant;
    peer->warrant.is_expired = trust.state == TRUST_EXPIRED;
    return OK;
}

static ErrCode goes_down(Store *store, const Node *node, uint64_t author, bool *out_may, Err *err)
{
    *out_may = true;
    return author == node->node_short ? OK : trust_is_above(store, node, author, out_may, err);
}

ErrCode allowed_to_go(Store *store, const Node *node, const Peer *to, const StreamName *stream,
                      bool *out_may, Err *err)
{
    int64_t scope = 0;
    KindCode kind = KIND_NONE;
    *out_may = false;
    if (to->is_revoked) return OK;
    if (scope_is_broadcast(stream->scope)) {
        *out_may = to->is_above;
        return *out_may ? OK : goes_down(store, node, stream->node_short, out_may, err);
    }
    if (to->warrant.is_expired) return OK;
    if (!to->is_above)
        TRY(warrant_covers(store, node->shard, &to->warrant, stream->scope, out_may, err));
    if (!*out_may && !to->is_above) return OK;
    TRY(thing_find(store, node->shard, stream->scope, &scope, err));
    if (scope != 0) TRY(thing_kind(store, node->shard, scope, &kind, err));
    *out_may = kind == KIND_UNIT || kind == KIND_PROJECT || node->role == NODE_BOX || to->is_parent;
    return OK;
}

/* ---- what comes ---- */

ErrCode hearing_begin(Hearing *hearing, Store *store, const Node *node, const Peers *peers,
                      const Peer *carrier, Err *err)
{
    *hearing = (Hearing){.store = store, .node = node, .peers = peers, .carrier = carrier};
    return trust_now(store, node, &hearing->now_ms, err);
}

static ErrCode hear(Hearing *hearing, uint64_t node_short, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Trust trust;
    PublicKey root;
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    const Peer *author = peer_by_node(hearing->peers, node_short);
    TRY(trust_root(hearing->store, hearing->node, &root, err));
    TRY(trust_judge(hearing->store, hearing->node, node_short, hearing->now_ms, &arena, &trust,
                    err));
    hearing->last = (Warrant){.is_everything = true};
    hearing->last_found = true;
    if (node_short == hearing->node->node_short || node_short == node_short_of(&root)) return OK;
    if (trust.state != TRUST_NONE) {
        hearing->last = trust.certificate.warrant;
        hearing->last.is_expired = trust.state == TRUST_EXPIRED;
    } else if (author != NULL) {
        hearing->last = author->warrant;
    } else if (hearing->carrier != NULL) {
        Peer carrier = *hearing->carrier;
        TRY(peer_resolve(hearing->store, hearing->node, &carrier, err));
        hearing->last = carrier.warrant;
    } else {
        hearing->last_found = false;
    }
    return OK;
}

ErrCode allowed_to_say(Hearing *hearing, const StreamName *stream, bool *out_found,
                       Warrant *out_warrant, Err *err)
{
    Warrant limit = {.last_seq = 0};
    if (!hearing->has_last || hearing->last_node != stream->node_short)
        TRY(hear(hearing, stream->node_short, err));
    hearing->has_last = true;
    hearing->last_node = stream->node_short;
    TRY(trust_limit(hearing->store, hearing->node, stream, &limit.is_revoked, &limit.last_seq,
                    err));
    *out_found = hearing->last_found;
    *out_warrant = hearing->last;
    out_warrant->is_revoked = limit.is_revoked;
    out_warrant->last_seq = limit.last_seq;
    return OK;
}
