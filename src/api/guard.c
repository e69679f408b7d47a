#include "api/guard.h"

#include <assert.h>
#include <string.h>

#include "api/header.h"
#include "api/keyed.h"

static bool changes_something(const Exchange *exchange)
{
    return exchange->match.route->method != METHOD_GET;
}

static bool refuse(Exchange *exchange, unsigned status, const char *code, const char *detail)
{
    reply_problem(&exchange->reply, status, code, detail);
    return false;
}

static bool check_origin(Exchange *exchange)
{
    if (!changes_something(exchange)) return true;
    if (!header_is_our_own(&exchange->headers.origin))
        return refuse(exchange, 403, "csrf", "the request comes from a page of another site");
    const bool has_body = exchange->match.route->body[0] != '\0' || exchange->body.size > 0;
    if (route_takes_bytes(exchange->match.route)) {
        const char *type = exchange->headers.content_type;
        if (type != NULL && strcmp(type, "application/octet-stream") == 0) return true;
        return refuse(exchange, 415, "invalid", "the body is to be application/octet-stream");
    }
    if (has_body && !header_is_json(exchange->headers.content_type))
        return refuse(exchange, 415, "invalid", "the body is to be application/json");
    return true;
}

/* The last use of a session is written down by the way; nobody waits for it. */
typedef struct Touch {
    Job job;
    Digest digest;
    int64_t now_ms;
    Arena arena; /* of this struct */
} Touch;

static ErrCode touch_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const Touch *touch = job->context;
    return session_touch(engine, &touch->digest, touch->now_ms, err);
}

static void touch_done(Job *job)
{
    Touch *touch = job->context;
    Arena arena = touch->arena;
    arena_done(&arena);
}

static void note_use(Exchange *exchange, int64_t now_ms)
{
    Service *service = exchange->service;
    const Session *session = &exchange->session;
    if (now_ms - session->last_ms < SESSION_TOUCH_MS) return;
    uint64_t wait_ms = 0;
    const uint64_t key = rate_key(&service->touches, digest_bytes(&session->digest));
    if (!rate_take(&service->touches, key, host_monotonic_ms(service->node->host), &wait_ms))
        return;
    Arena arena;
    arena_init(&arena, sizeof(Touch) + 64);
    Touch *touch = arena_new(&arena, Touch);
    assert(touch != NULL); /* the arena was made for it */
    *touch = (Touch){.job = {.work = touch_work, .done = touch_done, .context = touch},
                     .digest = session->digest,
                     .now_ms = now_ms,
                     .arena = arena};
    Err err;
    /* A full queue is no reason to refuse a reader; the next request tries again. */
    if (writer_submit(service->writer, &touch->job, &err) != OK) touch_done(&touch->job);
}

static ErrCode load_session(Exchange *exchange, Err *err)
{
    Sid sid;
    if (!session_read_cookie(exchange->headers.cookie, exchange->service->is_tls, &sid)) return OK;
    const SessionClock clock = {.now_ms = exchange_now_ms(exchange),
                                .is_demo = exchange->service->node->is_demo};
    TRY(session_load(exchange->store, &sid, clock, &exchange->arena, &exchange->is_signed_in,
                     &exchange->session, err));
    if (exchange->is_signed_in) note_use(exchange, clock.now_ms);
    return OK;
}

static bool check_pace(Exchange *exchange)
{
    Service *service = exchange->service;
    if (!exchange->is_signed_in || service->node->requests_per_second == 0) return true;
    uint64_t wait_ms = 0;
    const uint64_t key = rate_key(&service->by_session, digest_bytes(&exchange->session.digest));
    if (rate_take(&service->by_session, key, host_monotonic_ms(service->node->host), &wait_ms))
        return true;
    exchange->reply.retry_after_s = wait_ms / 1000 + 1;
    return refuse(exchange, 429, "limit", "this session asks too fast; wait a moment");
}

static bool check_token(Exchange *exchange)
{
    if (!changes_something(exchange)) return true;
    const char *given = exchange->headers.csrf != NULL ? exchange->headers.csrf : "";
    if (keyed_equal((Bytes){(const uint8_t *)given, strlen(given)},
                    bytes_of(text_from_z(exchange->session.csrf))))
        return true;
    return refuse(exchange, 403, "csrf",
                  "the header X-CSRF does not hold the token of the session");
}

static ErrCode record_denial(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const Actor actor = exchange_actor(exchange);
    return engine_audit(engine, &actor, "denied", exchange->session.name, false,
                        text_from_z(exchange->match.route->pattern), TEXT(""), err);
}

static ErrCode encode_denial(Exchange *exchange, Err *err)
{
    (void)err;
    reply_problem(&exchange->reply, 403, "denied", "none of your roles allows this");
    return OK;
}

static bool is_local(const Exchange *exchange)
{
    return address_is_loopback(&exchange->peer) && exchange->headers.forwarded == NULL;
}

static bool check_permission(Exchange *exchange)
{
    const int wanted = exchange->match.route->permission;
    const Permission permission = wanted == MAY_LOCAL ? MAY_MACHINE : (Permission)wanted;
    if (exchange->session.must_change && permission != MAY_SIGNED_IN)
        return refuse(exchange, 403, "password_change_required",
                      "change the password first: somebody else has chosen it");
    if (grants_allow(&exchange->session.grants, permission)) return true;
    exchange->plan = (Plan){.work = record_denial, .encode = encode_denial};
    return false;
}

static bool check_password(Exchange *exchange)
{
    if (!route_wants_password(exchange->match.route)) return true;
    if (session_is_confirmed(&exchange->session, exchange_now_ms(exchange))) return true;
    return refuse(exchange, 403, "password_confirm_required",
                  "confirm your password first: it was given more than five minutes ago");
}

ErrCode guard_admit(Exchange *exchange, bool *out_admitted, Err *err)
{
    const int wanted = exchange->match.route->permission;
    *out_admitted = false;
    if (!check_origin(exchange)) return OK;
    if (wanted == MAY_LOCAL && is_local(exchange)) {
        *out_admitted = true;
        return OK;
    }
    TRY(load_session(exchange, err));
    if (!check_pace(exchange)) return OK;
    if (wanted == MAY_OPEN) { /* to everybody; an answer may still say that one is signed in */
        *out_admitted = true;
        return OK;
    }
    if (!exchange->is_signed_in) {
        reply_problem(&exchange->reply, 401, "unauthorized", "sign in first");
        return OK;
    }
    *out_admitted = check_token(exchange) && check_permission(exchange) && check_password(exchange);
    return OK;
}
