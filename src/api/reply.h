#pragma once
/*
 * reply — what will be sent back: a status, a few headers, and a body.
 *
 * The one place where failures become statuses of HTTP. Every failure is a problem document of
 * RFC 9457 with a stable `code`.
 *
 *   Owns     the body, until reply_done().
 *   Threads  those of its request.
 *   Bounds   REPLY_BYTES_MAX
 */
#include "api/session.h"
#include "base/emit.h"
#include "base/limits.h"

#define ETAG_TEXT_MAX    64
#define REPLY_COOKIE_MAX 2

typedef struct Stream Stream;

typedef struct Reply {
    unsigned status;
    const char *type; /* NULL: there is no body */
    Buf body;
    Bytes borrowed; /* instead of the body, when it has any */
    Stream *stream; /* instead of both: what the client follows */
    const char *cache;
    char etag[ETAG_TEXT_MAX];
    char cookies[REPLY_COOKIE_MAX][COOKIE_TEXT_MAX];
    unsigned cookie_count;
    unsigned allowed; /* methods, for 405 */
    uint64_t retry_after_s;
    bool is_gzip;
    bool clears_site; /* makes the browser forget what it kept of us */
} Reply;

void reply_init(Reply *reply);
void reply_done(Reply *reply);

/* Begins a JSON body with one object in it; reply_close() ends both. */
void reply_open(Reply *reply, Emit *out_emit);
MUST_USE ErrCode reply_close(Reply *reply, Emit *emit, Err *err);

/* Throws away what was begun, and says what was wrong instead. `code` is a constant. */
void reply_problem(Reply *reply, unsigned status, const char *code, const char *detail);
void reply_failure(Reply *reply, const Err *err);

unsigned reply_status_of(ErrCode code);
const char *reply_title(unsigned status);
