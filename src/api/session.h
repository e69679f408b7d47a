#pragma once
/*
 * session — somebody is signed in: a secret in a cookie here, its digest in the database there.
 *
 * Whoever copies the database cannot sign in with it, because a digest does not give back the
 * secret. The token against forged requests (CSRF) is made from the secret too, so it needs no
 * table: only who has the cookie can know it, and another site's page has it not.
 *
 * What is touchy takes a password that was given a few minutes ago at most (vocab/policy.def says
 * where). Giving it again gives the session a new secret, so an old copy of the cookie is worth
 * nothing from then on.
 *
 * A session ends when it was not used for a while, when it is old, when the password changes and
 * when the account is disabled. Those who may do more are signed out sooner.
 *
 *   Owns     nothing: texts live in the arena given.
 *   Threads  readers load; begin, touch, renew and end belong to the writer.
 *   Bounds   the times below
 */
#include "engine/accounts.h"

#define SID_SIZE        32
#define CSRF_TEXT_MAX   44
#define COOKIE_TEXT_MAX 192

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

#define SESSION_IDLE_MS                (12 * HOUR_MS)
#define SESSION_IDLE_MS_PRIVILEGED     (30 * MINUTE_MS)
#define SESSION_ABSOLUTE_MS            (7 * DAY_MS)
#define SESSION_ABSOLUTE_MS_PRIVILEGED (12 * HOUR_MS)
#define SESSION_TOUCH_MS               MINUTE_MS       /* how exactly its last use is known */
#define SESSION_CONFIRMED_MS           (5 * MINUTE_MS) /* how long a password is just given */

typedef struct Sid {
    uint8_t at[SID_SIZE];
} Sid;

typedef struct Session {
    Digest digest;
    char csrf[CSRF_TEXT_MAX];
    int64_t account;
    Id account_id;
    Text name;
    Key person;       /* whose the account is; KEY_NONE: nobody's in particular */
    bool must_change; /* the password, before anything else */
    int64_t last_ms;
    int64_t confirmed_ms; /* when the password was given last */
    Grants grants;
} Session;

/* How long a session with these roles lives. On a demo node everybody stays for the day. */
typedef struct SessionLimits {
    int64_t idle_ms;
    int64_t absolute_ms;
} SessionLimits;
SessionLimits session_limits(const Grants *grants, bool is_demo);

/* Whether the roles hold one of an administrator, the auditor or the department's staff. */
bool grants_are_privileged(const Grants *grants);

Sid sid_make(const Host *host);
Digest sid_digest(const Sid *sid);
const char *sid_csrf(const Sid *sid, char out[CSRF_TEXT_MAX]);

/* What to set as Set-Cookie; the second one makes the browser forget it. Both return `out`. The
 * browser keeps it as long as the session may live, so that a phone need not sign in each day. */
const char *session_cookie(const Sid *sid, SessionLimits limits, bool is_tls,
                           char out[COOKIE_TEXT_MAX]);
const char *session_cookie_end(bool is_tls, char out[COOKIE_TEXT_MAX]);

/* Whether the cookies of a request hold what could be a session's secret. */
bool session_read_cookie(const char *cookies, bool is_tls, Sid *out_sid);

typedef struct SessionClock {
    int64_t now_ms;
    bool is_demo;
} SessionClock;

/* Finds nothing where the session is unknown, over, or its account disabled. */
MUST_USE ErrCode session_load(Store *store, const Sid *sid, SessionClock clock, Arena *arena,
                              bool *out_found, Session *out_session, Err *err);

/* Whether its password was given a few minutes ago at most. */
bool session_is_confirmed(const Session *session, int64_t now_ms);

MUST_USE ErrCode session_begin(Engine *engine, const Digest *digest, int64_t account,
                               int64_t now_ms, Err *err) ONLY_ON(writer_role);
/* The password was given again: the same session, from now on under another secret. Does nothing
 * when the session is over. */
MUST_USE ErrCode session_renew(Engine *engine, const Digest *digest, const Digest *next,
                               int64_t now_ms, Err *err) ONLY_ON(writer_role);
MUST_USE ErrCode session_touch(Engine *engine, const Digest *digest, int64_t now_ms, Err *err)
    ONLY_ON(writer_role);
MUST_USE ErrCode session_end(Engine *engine, const Digest *digest, Err *err) ONLY_ON(writer_role);
