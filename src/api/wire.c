#include "api/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/streams.h"

typedef enum Stage { STAGE_HEAD, STAGE_BODY, STAGE_WAITING, STAGE_ANSWERED } Stage;

/* One request, as the library sees it; lives in the exchange's arena. */
typedef struct Visit {
    Server *server;
    Exchange *exchange;
    struct MHD_Connection *connection;
    Stage stage;
    size_t place; /* at the door */
    bool is_counted;
    bool is_last;    /* the connection is closed afterwards */
    size_t received; /* bytes of the body, kept or not */
    Job job;
    HashingTask task;
} Visit;

#define BODY_PATIENCE 4 /* so many times what it takes is read and dropped before the line is cut */

static uint64_t now_ms(const Server *server)
{
    return host_monotonic_ms(server->service.node->host);
}

/* ------------------------------------------------------------------------- at the front door */

enum MHD_Result wire_admit(void *server, const struct sockaddr *peer, socklen_t size)
{
    (void)size;
    Server *self = server;
    const Address address = address_from(peer);
    return door_may_enter(&self->door, &address) ? MHD_YES : MHD_NO;
}

/* The library keeps a pointer for each connection; ours is the place plus one. */
static size_t place_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL || info->socket_context == NULL
               ? PLACE_NONE
               : (size_t)(uintptr_t)info->socket_context - 1;
}

static Address peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL) return (Address){{0}};
    return address_from(info->client_addr);
}

void wire_connection(void *server, struct MHD_Connection *connection, void **place,
                     enum MHD_ConnectionNotificationCode what)
{
    Server *self = server;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        const uintptr_t taken = (uintptr_t)*place;
        if (taken > 0) door_leave(&self->door, (size_t)taken - 1);
        atomic_fetch_sub(&self->service.metrics.connection_count, 1);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const Address peer = peer_of(connection);
    const size_t taken = info == NULL ? PLACE_NONE
                                      : door_enter(&self->door, &peer, info->connect_fd,
                                                   now_ms(self) + HEAD_WAIT_MS);
    *place = (void *)(taken + 1); /* PLACE_NONE becomes NULL */
    atomic_fetch_add(&self->service.metrics.connection_count, 1);
}

/* ---------------------------------------------------------------- counting, to stop in order */

static void count_running(Server *server)
{
    lock_take(&server->lock);
    server->running_count++;
    lock_give(&server->lock);
}

static void count_answered(Server *server)
{
    lock_take(&server->lock);
    assert(server->running_count > 0);
    const bool is_last =
        --server->running_count == 0 && server->is_stopping && !server->has_drained;
    if (is_last) server->has_drained = true;
    lock_give(&server->lock);
    if (is_last) gate_open(&server->drained);
}

static bool may_sleep(Server *server)
{
    lock_take(&server->lock);
    const bool may = !server->is_stopping;
    if (may) server->sleeping_count++;
    lock_give(&server->lock);
    return may;
}

static bool is_stopping(Server *server)
{
    lock_take(&server->lock);
    const bool is = server->is_stopping;
    lock_give(&server->lock);
    return is;
}

static void wake(Visit *visit)
{
    /* As soon as it is awake, another thread may answer and end the visit. */
    Server *server = visit->server;
    MHD_resume_connection(visit->connection);
    lock_take(&server->lock);
    assert(server->sleeping_count > 0);
    const bool is_last = --server->sleeping_count == 0 && server->is_stopping && !server->has_woken;
    if (is_last) server->has_woken = true;
    lock_give(&server->lock);
    if (is_last) gate_open(&server->woken);
}

/* -------------------------------------------------------------------------------- the answer */

static const struct {
    const char *name;
    const char *value;
} security_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
     "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types vue"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"},
};

/* A year of TLS only, for this host and no other below it. */
#define STRICT_TRANSPORT "max-age=31536000"

static void set_header(struct MHD_Response *response, const char *name, const char *value)
{
    const enum MHD_Result result = MHD_add_response_header(response, name, value);
    assert(result == MHD_YES); /* our own constants and numbers: no line breaks */
}

static void set_headers(const Visit *visit, struct MHD_Response *response)
{
    const Reply *reply = &visit->exchange->reply;
    for (size_t i = 0; i < sizeof security_headers / sizeof security_headers[0]; i++)
        set_header(response, security_headers[i].name, security_headers[i].value);
    const Origin *origin = &visit->exchange->headers.origin;
    if (origin->is_tls && header_names_host(origin->host))
        set_header(response, "Strict-Transport-Security", STRICT_TRANSPORT);
    set_header(response, "Cache-Control", reply->cache);
    if (reply->type != NULL) set_header(response, "Content-Type", reply->type);
    if (reply->is_gzip && reply->status == 200) {
        set_header(response, "Content-Encoding", "gzip");
        set_header(response, "Vary", "Accept-Encoding");
    }
    if (reply->etag[0] != '\0') set_header(response, "ETag", reply->etag);
    for (unsigned i = 0; i < reply->cookie_count; i++)
        set_header(response, "Set-Cookie", reply->cookies[i]);
    if (reply->clears_site) set_header(response, "Clear-Site-Data", "\"cache\", \"storage\"");
    if (reply->allowed != 0) {
        char methods[ALLOW_TEXT_MAX];
        set_header(response, "Allow", route_allowed(reply->allowed, methods));
    }
    if (reply->retry_after_s > 0) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%" PRIu64, reply->retry_after_s);
        set_header(response, "Retry-After", seconds);
    }
    if (visit->is_last) set_header(response, "Connection", "close");
}

static void put_to_sleep(void *connection)
{
    MHD_suspend_connection(connection);
}

static void wake_up(void *connection)
{
    MHD_resume_connection(connection);
}

static ssize_t pull_news(void *context, uint64_t position, char *out, size_t size)
{
    (void)position;
    char news[NEWS_BYTES_MAX];
    size_t news_size = 0;
    switch (stream_read(context, news, &news_size)) {
    case STREAM_OVER: return MHD_CONTENT_READER_END_OF_STREAM;
    case STREAM_SLEEP: return 0;
    case STREAM_NEWS: break;
    }
    assert(news_size <= size); /* the block we asked for is larger */
    memcpy(out, news, news_size);
    return (ssize_t)news_size;
}

static void end_news(void *context)
{
    stream_close(context);
}

static struct MHD_Response *make_stream(Visit *visit)
{
    Stream *stream = visit->exchange->reply.stream;
    stream_attach(
        stream,
        (StreamLink){.connection = visit->connection, .sleep = put_to_sleep, .wake = wake_up});
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4 * NEWS_BYTES_MAX, pull_news, stream, end_news);
    if (response != NULL) visit->exchange->reply.stream = NULL; /* the response closes it */
    return response;
}

static struct MHD_Response *make_response(Visit *visit)
{
    Reply *reply = &visit->exchange->reply;
    if (reply->stream != NULL) return make_stream(visit);
    const Bytes bytes = reply->borrowed.size > 0 ? reply->borrowed : buf_as_bytes(&reply->body);
    const bool has_body = reply->type != NULL && bytes.size > 0;
    /* The library only reads from here; the exchange outlives the answer. */
    return MHD_create_response_from_buffer(has_body ? bytes.size : 0, (void *)(uintptr_t)bytes.at,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(Visit *visit)
{
    struct MHD_Response *response = make_response(visit);
    if (response == NULL) return MHD_NO;
    set_headers(visit, response);
    const enum MHD_Result result =
        MHD_queue_response(visit->connection, visit->exchange->reply.status, response);
    MHD_destroy_response(response);
    visit->stage = STAGE_ANSWERED;
    door_expect(&visit->server->door, visit->place, 0);
    return result;
}

static enum MHD_Result refuse(Visit *visit, unsigned status, const char *code, const char *detail)
{
    visit->is_last = true;
    reply_problem(&visit->exchange->reply, status, code, detail);
    return answer(visit);
}

/* ---------------------------------------------------------------------------------- the head */

typedef struct Framing {
    unsigned host_count;
    unsigned length_count;
    unsigned transfer_count;
    bool is_odd; /* some other transfer encoding than chunked */
} Framing;

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    (void)kind;
    Framing *framing = context;
    if (strcasecmp(name, "Host") == 0) framing->host_count++;
    if (strcasecmp(name, "Content-Length") == 0) framing->length_count++;
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        framing->transfer_count++;
        if (value == NULL || strcasecmp(value, "chunked") != 0) framing->is_odd = true;
    }
    return MHD_YES;
}

/* A message whose length can be read in two ways is refused: somebody between us and the client
 * might read it the other way. */
static bool is_framed_clearly(struct MHD_Connection *connection)
{
    Framing framing = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &framing);
    return framing.host_count <= 1 && framing.length_count <= 1 && framing.transfer_count <= 1 &&
           !(framing.length_count > 0 && framing.transfer_count > 0) && !framing.is_odd;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void take_headers(Visit *visit)
{
    struct MHD_Connection *connection = visit->connection;
    const char *forwarded = header(connection, "X-Forwarded-For");
    visit->exchange->headers = (Headers){
        .cookie = header(connection, "Cookie"),
        .csrf = header(connection, "X-CSRF"),
        .content_type = header(connection, "Content-Type"),
        .if_none_match = header(connection, "If-None-Match"),
        .forwarded = forwarded != NULL ? forwarded : header(connection, "Forwarded"),
        .origin = {.fetch_site = header(connection, "Sec-Fetch-Site"),
                   .origin = header(connection, "Origin"),
                   .host = header(connection, "Host"),
                   .is_tls = visit->server->service.is_tls},
    };
}

/* How many bytes of body are announced; 0 when that is not said. */
static uint64_t announced_size(struct MHD_Connection *connection)
{
    const char *length = header(connection, "Content-Length");
    int64_t size = 0;
    Err ignored;
    if (length == NULL || text_to_int((Text){length, strlen(length)}, &size, &ignored) != OK)
        return 0;
    return size < 0 ? 0 : (uint64_t)size;
}

static enum MHD_Result take_head(Visit *visit, const char *method)
{
    Server *server = visit->server;
    Exchange *exchange = visit->exchange;
    count_running(server);
    visit->is_counted = true;
    visit->stage = STAGE_BODY;
    visit->is_last = door_count_request(&server->door, visit->place) || is_stopping(server);
    take_headers(visit);
    exchange->peer = peer_of(visit->connection);
    if (exchange->uri.size > URI_BYTES_MAX)
        return refuse(visit, 414, "limit", "the address is longer than 4 KiB");
    if (!is_framed_clearly(visit->connection))
        return refuse(visit, 400, "invalid", "the length of the request can be read in two ways");
    const uint64_t size = announced_size(visit->connection);
    const Method known = method_named(method, &exchange->is_head);
    exchange->match = route_match(known, exchange->uri);
    exchange->body.limit_bytes = route_body_max(exchange->match.route);
    if (size > exchange->body.limit_bytes)
        return refuse(visit, 413, "limit", "the body is larger than may be");
    if (exchange->match.kind == MATCH_PAGE && known != METHOD_GET)
        exchange->match.kind = MATCH_METHOD;
    door_expect(&server->door, visit->place, now_ms(server) + BODY_WAIT_MS + size / KIB * 1000);
    return MHD_YES;
}

/* ---------------------------------------------------------------------------------- the plan */

static ErrCode job_work(Engine *engine, Job *job, Err *err)
{
    Visit *visit = job->context;
    return visit->exchange->plan.work(engine, visit->exchange, err);
}

static void job_done(Job *job)
{
    Visit *visit = job->context;
    visit->exchange->code = job->code;
    visit->exchange->err = job->err;
    wake(visit);
}

/* Once handed on, the visit is not ours any more: only a failure to hand it on is written down. */
static void submit_work(Visit *visit)
{
    Exchange *exchange = visit->exchange;
    if (exchange->code == OK && exchange->plan.work != NULL) {
        Err err;
        visit->job = (Job){.work = job_work, .done = job_done, .context = visit};
        const ErrCode code = writer_submit(exchange->service->writer, &visit->job, &err);
        if (code == OK) return;
        exchange->code = code;
        exchange->err = err;
    }
    wake(visit);
}

static void run_hash(void *context)
{
    Visit *visit = context;
    Exchange *exchange = visit->exchange;
    exchange->code = exchange->plan.hash(exchange, &exchange->err);
    submit_work(visit);
}

static enum MHD_Result begin_plan(Visit *visit)
{
    Exchange *exchange = visit->exchange;
    if (!may_sleep(visit->server))
        return refuse(visit, 503, "busy", "the server is stopping; nothing was changed");
    door_expect(&visit->server->door, visit->place, 0);
    visit->stage = STAGE_WAITING;
    /* Asleep before anybody else gets hold of it. */
    MHD_suspend_connection(visit->connection);
    exchange->code = OK;
    if (exchange->plan.hash == NULL) {
        submit_work(visit);
        return MHD_YES;
    }
    visit->task = (HashingTask){.run = run_hash, .context = visit};
    Err err;
    const ErrCode code = hashing_push(&exchange->service->hashing, &visit->task, &err);
    if (code == OK) return MHD_YES;
    exchange->code = code;
    exchange->err = err;
    wake(visit);
    return MHD_YES;
}

/* ------------------------------------------------------------- what the library calls us for */

void *wire_begin(void *server, const char *uri, struct MHD_Connection *connection)
{
    Server *self = server;
    Exchange *exchange = exchange_new(&self->service, uri);
    Visit *visit = arena_new(&exchange->arena, Visit);
    assert(visit != NULL); /* nearly nothing is in this arena yet */
    *visit = (Visit){.server = self,
                     .exchange = exchange,
                     .connection = connection,
                     .place = place_of(connection)};
    exchange->began_ms = now_ms(self);
    return visit;
}

static enum MHD_Result take_body(Visit *visit, const char *bytes, size_t *size)
{
    Exchange *exchange = visit->exchange;
    visit->received += *size;
    if (visit->received > BODY_PATIENCE * exchange->body.limit_bytes) return MHD_NO;
    buf_add(&exchange->body, (Bytes){(const uint8_t *)bytes, *size});
    exchange->is_body_too_large = visit->received > exchange->body.limit_bytes;
    *size = 0;
    return MHD_YES;
}

enum MHD_Result wire_take(void *server, struct MHD_Connection *connection, const char *url,
                          const char *method, const char *version, const char *bytes, size_t *size,
                          void **visit)
{
    (void)server, (void)connection, (void)url, (void)version;
    Visit *self = *visit;
    switch (self->stage) {
    case STAGE_HEAD: return take_head(self, method);
    case STAGE_BODY:
        if (*size > 0) return take_body(self, bytes, size);
        exchange_run(self->exchange);
        return exchange_has_plan(self->exchange) ? begin_plan(self) : answer(self);
    case STAGE_WAITING: exchange_finish(self->exchange); return answer(self);
    case STAGE_ANSWERED: *size = 0; return MHD_YES; /* what is left of a body we refused */
    }
    return MHD_NO;
}

void wire_end(void *server, struct MHD_Connection *connection, void **visit,
              enum MHD_RequestTerminationCode why)
{
    (void)why, (void)connection;
    Server *self = server;
    Visit *ended = *visit;
    if (ended == NULL) return;
    *visit = NULL;
    Exchange *exchange = ended->exchange;
    const uint64_t now = now_ms(self);
    const uint64_t took_ms = now > exchange->began_ms ? now - exchange->began_ms : 0;
    door_expect(&self->door, ended->place, now + HEAD_WAIT_MS + IDLE_WAIT_MS);
    if (ended->is_counted) {
        metrics_note(&self->service.metrics, exchange->match.route, exchange->reply.status,
                     took_ms);
        log_event(LOG_DEBUG, "api", "request",
                  log_word("method", exchange->match.route != NULL
                                         ? method_name(exchange->match.route->method)
                                         : "other"),
                  log_word("route", exchange->match.route != NULL ? exchange->match.route->pattern
                                                                  : "other"),
                  log_int("status", exchange->reply.status), log_int("ms", (int64_t)took_ms));
    }
    const bool is_counted = ended->is_counted;
    exchange_done(exchange);
    if (is_counted) count_answered(self);
}
