#pragma once
/*
 * exchange — one request and its answer, from the first header to the last byte.
 *
 * A handler decodes, asks, and encodes into `reply`. When it needs something changed it only plans
 * it: plan.hash runs on a hashing thread, then plan.work on the writer's, then plan.encode on the
 * server's again; meanwhile the connection sleeps and holds no thread.
 *
 *   Owns     its arena, body and reply, until the last byte is sent. The reader connection is lent
 *            to it only while a thread of the server works on it.
 *   Threads  one at a time: it is handed on from thread to thread, never shared.
 *   Bounds   ARENA_REQUEST_BYTES, BODY_BYTES_MAX; BYTES_BODY_MAX of what another node says
 */
#include "api/header.h"
#include "api/reply.h"
#include "api/service.h"
#include "base/doc.h"
#include "base/log.h"
#include "host/address.h"

typedef struct Plan {
    ErrCode (*hash)(Exchange *exchange, Err *err);
    ErrCode (*work)(Engine *engine, Exchange *exchange, Err *err); /* may be run again */
    ErrCode (*encode)(Exchange *exchange, Err *err); /* only when all before it went well */
    void *state;                                     /* of the handler, in the exchange's arena */
} Plan;

/* Headers we look at; NULL where they are absent. They live as long as the exchange. */
typedef struct Headers {
    const char *cookie;
    const char *csrf;
    const char *content_type;
    const char *if_none_match;
    const char *forwarded; /* X-Forwarded-For or Forwarded: it came through a proxy */
    Origin origin;
} Headers;

struct Exchange {
    Service *service;
    Arena arena;
    Text uri;
    Match match;
    bool is_head;
    Headers headers;
    Address peer;
    uint64_t began_ms;
    Buf body;
    bool is_body_too_large;
    Doc doc;
    Params params;
    bool is_signed_in;
    Session session;
    Store *store; /* lent; NULL while others work on the exchange */
    Plan plan;
    Reply reply;
    ErrCode code; /* of hash and work */
    Err err;
};

/* Made inside its own arena. */
MUST_USE Exchange *exchange_new(Service *service, const char *uri);
void exchange_done(Exchange *exchange);

/* Everything up to the point where the plan, if there is one, begins. The reply stands when there
 * is no plan. */
void exchange_run(Exchange *exchange);
bool exchange_has_plan(const Exchange *exchange);

/* After the plan: `code` and `err` say how it went. */
void exchange_finish(Exchange *exchange);

/* For handlers. */

MUST_USE ErrCode exchange_view(Exchange *exchange, View *out_view, Err *err);
MUST_USE ErrCode exchange_list(Exchange *exchange, ListAsk *out_ask, Err *err);

/* An id given as a parameter of the query. */
MUST_USE ErrCode exchange_param_id(Exchange *exchange, const char *name, Id *out_id, Err *err);

/* A text of the body, not empty and at most `size_max` bytes. */
MUST_USE ErrCode exchange_body_text(Exchange *exchange, const char *name, size_t size_max,
                                    Text *out_text, Err *err);

/* Zeroed state for a plan, which lives as long as the exchange. */
MUST_USE ErrCode exchange_state(Exchange *exchange, size_t size, Err *err);

/* "roles" of the open object: [{"role", "scope": {"id", "name"} or null}]. */
MUST_USE ErrCode exchange_emit_roles(Exchange *exchange, const Grants *grants, Emit *emit,
                                     Err *err);

/* "person" of the open object: {"id", "name"} or null. */
MUST_USE ErrCode exchange_emit_person(Exchange *exchange, Key person, Emit *emit, Err *err);

/* Who the audit record names. */
Actor exchange_actor(const Exchange *exchange);

int64_t exchange_now_ms(const Exchange *exchange);
