#pragma once
/*
 * line — one request over HTTP or HTTPS, and what came back: the only part that knows of sockets.
 *
 * Over HTTPS the key of the server's certificate is compared with the one that is pinned; without a
 * pin the certificate must be one that the machine trusts, unless `is_unpinned` says that what is
 * asked may be heard by anybody. A redirect is never followed: a login page is somebody else's.
 *
 *   Owns     a Line its connection, which is used again by the next request, until line_close().
 *   Threads  one Line, one thread.
 *   Bounds   LINE_BYTES_MAX for an answer; a line that carries less than LINE_SLOW_BYTES a second
 *            for LINE_SLOW_S seconds is given up
 *   Errors   ERR_BUSY     the other side is busy: out_reply->retry_s
 *            ERR_DENIED   the key of the certificate is not the one that is pinned
 *            ERR_IO       no connection, or it was cut; says where
 *            ERR_INVALID  what answered is no node: a login page, perhaps
 *            ERR_LIMIT    the answer is too large
 */
#include <stdatomic.h>

#include "base/buf.h"
#include "seal/hash.h"

#define LINE_BYTES_MAX  ((size_t)17 << 20)
#define LINE_SLOW_BYTES 100
#define LINE_SLOW_S     60
#define LINE_RETRY_S    30 /* when somebody busy does not say */
#define URL_TEXT_MAX    500

typedef struct Line Line;

typedef struct LineReply {
    unsigned retry_s;
    Buf body; /* the caller's, with a limit */
} LineReply;

MUST_USE ErrCode line_open(Line **out_line, Err *err);
void line_close(Line **line); /* safe on NULL */

/* A request under way is given up soon after this turns true. Borrowed until line_close(). */
void line_end_when(Line *line, const atomic_bool *is_over);

/* Sends `body` to /api/v1/sync at the address. `pin` is the SHA-256 of the key of the server's
 * certificate as it is in there (SubjectPublicKeyInfo), or NULL. */
MUST_USE ErrCode line_post(Line *line, const char *url, const Digest *pin, bool is_unpinned,
                           Bytes body, LineReply *out_reply, Err *err);
