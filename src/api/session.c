#include "api/session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/header.h"
#include "api/keyed.h"
#include "store/query.h"

/* A browser sends a `__Host-` cookie back only over TLS, to this very host. */
#define COOKIE_NAME     "sid"
#define COOKIE_NAME_TLS "__Host-sid"

static_assert(CSRF_TEXT_MAX > BASE64_SIZE(DIGEST_SIZE), "the token fits");

bool grants_are_privileged(const Grants *grants)
{
    for (size_t i = 0; i < grants->count; i++)
        switch (grants->items[i].role) {
        case ROLE_SYSTEM_ADMIN:
        case ROLE_SECURITY_ADMIN:
        case ROLE_AUDITOR:
        case ROLE_STAFF: return true;
        case ROLE_LEADER:
        case ROLE_WORKER: break;
        }
    return false;
}

SessionLimits session_limits(const Grants *grants, bool is_demo)
{
    const bool is_privileged = grants_are_privileged(grants);
    return (SessionLimits){
        .idle_ms = is_privileged && !is_demo ? SESSION_IDLE_MS_PRIVILEGED : SESSION_IDLE_MS,
        .absolute_ms = is_privileged ? SESSION_ABSOLUTE_MS_PRIVILEGED : SESSION_ABSOLUTE_MS};
}

Sid sid_make(const Host *host)
{
    Sid sid = {0};
    host_random(host, sid.at, sizeof sid.at);
    return sid;
}

Digest sid_digest(const Sid *sid)
{
    return hash_of((Bytes){sid->at, sizeof sid->at});
}

const char *sid_csrf(const Sid *sid, char out[CSRF_TEXT_MAX])
{
    const Digest digest = sid_digest(sid);
    const Digest token = keyed_digest((Bytes){sid->at, sizeof sid->at}, digest_bytes(&digest));
    base64_write(digest_bytes(&token), out);
    return out;
}

const char *session_cookie(const Sid *sid, SessionLimits limits, bool is_tls,
                           char out[COOKIE_TEXT_MAX])
{
    char secret[BASE64_SIZE(SID_SIZE) + 1];
    base64_write((Bytes){sid->at, sizeof sid->at}, secret);
    snprintf(out, COOKIE_TEXT_MAX, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
             is_tls ? COOKIE_NAME_TLS : COOKIE_NAME, secret, (long long)(limits.absolute_ms / 1000),
             is_tls ? "; Secure" : "");
    secret_wipe(secret, sizeof secret);
    return out;
}

const char *session_cookie_end(bool is_tls, char out[COOKIE_TEXT_MAX])
{
    snprintf(out, COOKIE_TEXT_MAX, "%s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s",
             is_tls ? COOKIE_NAME_TLS : COOKIE_NAME, is_tls ? "; Secure" : "");
    return out;
}

bool session_read_cookie(const char *cookies, bool is_tls, Sid *out_sid)
{
    const Text secret = header_cookie(cookies, is_tls ? COOKIE_NAME_TLS : COOKIE_NAME);
    return base64_read(secret, out_sid->at, sizeof out_sid->at);
}

/* A clock that was put back must not make sessions live longer than their days. */
static bool is_over(int64_t created_ms, int64_t last_ms, int64_t now_ms, SessionLimits limits)
{
    if (now_ms < created_ms - HOUR_MS) return true;
    return now_ms - last_ms > limits.idle_ms || now_ms - created_ms > limits.absolute_ms;
}

ErrCode session_load(Store *store, const Sid *sid, SessionClock clock, Arena *arena,
                     bool *out_found, Session *out_session, Err *err)
{
    Session session = {.digest = sid_digest(sid)};
    int64_t created_ms = 0;
    *out_found = false;
    {
        AUTO(query_done) Query query = {0};
        bool found = false;
        TRY(query_begin(&query, store, SESSION_LOAD, err));
        query_bind_bytes(&query, 1, digest_bytes(&session.digest));
        TRY(query_next(&query, &found, err));
        if (!found || query_int(&query, 5) != 0) return OK;
        session.account = query_int(&query, 0);
        created_ms = query_int(&query, 1);
        session.last_ms = query_int(&query, 2);
        TRY(query_id(&query, 3, &session.account_id, err));
        TRY(query_text(&query, 4, arena, &session.name, err));
        session.must_change = account_is_once(query_view(&query, 6));
        session.confirmed_ms = query_int(&query, 7);
        session.person = query_is_null(&query, 8) ? KEY_NONE : query_int(&query, 8);
    }
    TRY(account_grants(store, session.account, arena, &session.grants, err));
    const SessionLimits limits = session_limits(&session.grants, clock.is_demo);
    if (is_over(created_ms, session.last_ms, clock.now_ms, limits)) return OK;
    sid_csrf(sid, session.csrf);
    *out_session = session;
    *out_found = true;
    return OK;
}

bool session_is_confirmed(const Session *session, int64_t now_ms)
{
    const int64_t passed_ms = now_ms - session->confirmed_ms;
    return passed_ms > -MINUTE_MS && passed_ms <= SESSION_CONFIRMED_MS; /* or a clock put back */
}

/* Whatever is older than the longest session may live is of no use to anybody. */
static ErrCode remove_old(Store *store, int64_t now_ms, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, SESSIONS_REMOVE_OLD, err));
    query_bind_int(&query, 1, now_ms - SESSION_ABSOLUTE_MS);
    return query_run(&query, err);
}

ErrCode session_begin(Engine *engine, const Digest *digest, int64_t account, int64_t now_ms,
                      Err *err)
{
    role_expect(&writer_role);
    TRY(remove_old(engine_store(engine), now_ms, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), SESSION_ADD, err));
    query_bind_bytes(&query, 1, digest_bytes(digest));
    query_bind_int(&query, 2, account);
    query_bind_int(&query, 3, now_ms);
    return query_run(&query, err);
}

ErrCode session_renew(Engine *engine, const Digest *digest, const Digest *next, int64_t now_ms,
                      Err *err)
{
    role_expect(&writer_role);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), SESSION_RENEW, err));
    query_bind_bytes(&query, 1, digest_bytes(digest));
    query_bind_bytes(&query, 2, digest_bytes(next));
    query_bind_int(&query, 3, now_ms);
    return query_run(&query, err);
}

ErrCode session_touch(Engine *engine, const Digest *digest, int64_t now_ms, Err *err)
{
    role_expect(&writer_role);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), SESSION_TOUCH, err));
    query_bind_bytes(&query, 1, digest_bytes(digest));
    query_bind_int(&query, 2, now_ms);
    return query_run(&query, err);
}

ErrCode session_end(Engine *engine, const Digest *digest, Err *err)
{
    role_expect(&writer_role);
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine_store(engine), SESSION_REMOVE, err));
    query_bind_bytes(&query, 1, digest_bytes(digest));
    return query_run(&query, err);
}
