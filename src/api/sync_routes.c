/* The line between nodes: neither sessions nor cookies, but the keys of the nodes themselves. */
#include <string.h>

#include "answer/nodes.h"
#include "api/exchange.h"
#include "api/handlers.h"
#include "sync/allowed.h"
#include "sync/envelope.h"
#include "sync/message.h"
#include "sync/session.h"

#define PEERS_ARENA_BYTES ((size_t)4 << 20)

typedef struct Asked {
    Peer peer;
    Bytes message; /* in the body of the request */
} Asked;

ErrCode handle_peers(Exchange *exchange, Err *err)
{
    Emit emit;
    exchange->reply.type = "application/json";
    emit_init(&emit, &exchange->reply.body);
    TRY(answer_nodes(exchange->store, exchange->service->node, &exchange->arena, &emit, err));
    emit_done(&emit);
    return buf_check(&exchange->reply.body, err);
}

/* Signed by us, for the one who asked. */
static ErrCode answer_with(Exchange *exchange, EnvelopeKind kind, uint64_t to, Bytes message,
                           Err *err)
{
    Service *service = exchange->service;
    const Envelope envelope = {.kind = kind,
                               .sender = service->node->node_short,
                               .nonce = nonces_tell(&service->nonces, to),
                               .message = message};
    const EnvelopeTo addressed = {.addressee = to, .answered = buf_as_bytes(&exchange->body)};
    buf_clear(&exchange->reply.body);
    envelope_put(&exchange->reply.body, &envelope, &addressed, &service->node->signing_key);
    exchange->reply.type = "application/octet-stream";
    return buf_check(&exchange->reply.body, err);
}

/* May be run again: it starts from nothing. */
static ErrCode work_sync(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    AUTO(buf_done) Buf answer = {0};
    const Asked *asked = exchange->plan.state;
    SessionResult result;
    buf_init(&answer, MESSAGE_BYTES_MAX);
    TRY(session_answer(engine, &asked->peer, asked->message, NULL, &answer, &result, err));
    return answer_with(exchange, ENVELOPE_ANSWER, asked->peer.node_short, buf_as_bytes(&answer),
                       err);
}

static ErrCode encode_sync(Exchange *exchange, Err *err)
{
    (void)exchange, (void)err;
    return OK; /* it was written with the group */
}

/* Its own words for nobody: who is no peer learns no more than that. */
static ErrCode refuse_stranger(Exchange *exchange)
{
    reply_problem(&exchange->reply, 403, "denied",
                  "no peer of this node, or its signature does not fit");
    return OK;
}

static ErrCode find_peer(Exchange *exchange, const Envelope *envelope, Peer *out_peer,
                         bool *out_found, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    Service *service = exchange->service;
    const EnvelopeTo us = {.addressee = service->node->node_short};
    arena_init(&arena, PEERS_ARENA_BYTES);
    TRY(peers_load(exchange->store, &arena, &peers, err));
    const Peer *peer = peer_by_node(&peers, envelope->sender);
    *out_found = peer != NULL && envelope_is_signed(envelope, &us, &peer->key);
    if (!*out_found) return OK;
    *out_peer = *peer;
    TRY(text_copy(&exchange->arena, peer->name, &out_peer->name, err));
    TRY(peer_resolve(exchange->store, service->node, out_peer, err));
    *out_found = !out_peer->is_revoked;
    return OK;
}

ErrCode handle_sync(Exchange *exchange, Err *err)
{
    Envelope envelope;
    Peer peer;
    bool found = false;
    Service *service = exchange->service;
    TRY(envelope_read(buf_as_bytes(&exchange->body), &envelope, err));
    TRY(find_peer(exchange, &envelope, &peer, &found, err));
    if (!found) return refuse_stranger(exchange);
    const bool is_ask = envelope.kind == ENVELOPE_ASK;
    if (!is_ask && envelope.kind != ENVELOPE_GREETING)
        return err_set(err, ERR_INVALID, "this is an answer and no question");
    if (!is_ask || !nonces_use(&service->nonces, peer.node_short, &envelope.nonce)) {
        const Bytes pin = service->has_pin ? digest_bytes(&service->pin) : (Bytes){NULL, 0};
        return answer_with(exchange, ENVELOPE_WELCOME, peer.node_short, pin, err);
    }
    TRY(exchange_state(exchange, sizeof(Asked), err));
    *(Asked *)exchange->plan.state = (Asked){.peer = peer, .message = envelope.message};
    exchange->plan.work = work_sync;
    exchange->plan.encode = encode_sync;
    return OK;
}
