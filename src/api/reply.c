#include "api/reply.h"

#include <assert.h>
#include <string.h>

#define RETRY_AFTER_S 2

void reply_init(Reply *reply)
{
    *reply = (Reply){.status = 200, .cache = "no-store"};
    buf_init(&reply->body, REPLY_BYTES_MAX);
}

void reply_done(Reply *reply)
{
    buf_done(&reply->body);
}

void reply_open(Reply *reply, Emit *out_emit)
{
    reply->type = "application/json";
    buf_clear(&reply->body);
    emit_init(out_emit, &reply->body);
    emit_open_object(out_emit);
}

ErrCode reply_close(Reply *reply, Emit *emit, Err *err)
{
    emit_close_object(emit);
    emit_done(emit);
    return buf_check(&reply->body, err);
}

unsigned reply_status_of(ErrCode code)
{
    switch (code) {
    case OK: return 200;
    case ERR_INVALID: return 400;
    case ERR_DENIED: return 403;
    case ERR_NOT_FOUND: return 404;
    case ERR_CONFLICT: return 409;
    case ERR_LIMIT: return 400; /* a body too large is noticed before, and is a 413 */
    case ERR_BUSY:
    case ERR_IO: return 503;
    case ERR_CORRUPT: return 500;
    case ERR_CODE_COUNT: break;
    }
    return 500;
}

const char *reply_title(unsigned status)
{
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
    }
}

void reply_problem(Reply *reply, unsigned status, const char *code, const char *detail)
{
    assert(status >= 400);
    Emit emit;
    reply_open(reply, &emit);
    emit_z_at(&emit, "type", "about:blank");
    emit_z_at(&emit, "title", reply_title(status));
    emit_int_at(&emit, "status", (int64_t)status);
    emit_z_at(&emit, "code", code);
    emit_z_at(&emit, "detail", detail);
    emit_close_object(&emit);
    emit_done(&emit);
    reply->type = "application/problem+json";
    reply->status = status;
    reply->cache = "no-store";
    reply->borrowed = (Bytes){0};
    reply->etag[0] = '\0';
    reply->is_gzip = false;
    if (status == 503 && reply->retry_after_s == 0) reply->retry_after_s = RETRY_AFTER_S;
}

void reply_failure(Reply *reply, const Err *err)
{
    assert(err->code != OK);
    reply_problem(reply, reply_status_of(err->code), err_name(err->code), err->message);
}
