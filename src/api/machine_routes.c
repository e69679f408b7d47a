/* Routes about the node itself: whether it lives, who it is, what it knows, what is new. */
#include "api/exchange.h"
#include "api/handlers.h"
#include "api/openapi.h"
#include "api/streams.h"
#include "host/process.h"

static const char *role_name(const Node *node)
{
    return node->role == NODE_HQ ? "hq" : "box";
}

ErrCode handle_health(Exchange *exchange, Err *err)
{
    const Service *service = exchange->service;
    Emit emit;
    reply_open(&exchange->reply, &emit);
    emit_z_at(&emit, "status", "ok");
    emit_text_at(&emit, "name", service->node->name);
    emit_z_at(&emit, "role", role_name(service->node));
    emit_z_at(&emit, "version", service->version);
    return reply_close(&exchange->reply, &emit, err);
}

ErrCode handle_node(Exchange *exchange, Err *err)
{
    const Service *service = exchange->service;
    bool exist = false;
    Emit emit;
    TRY(accounts_exist(exchange->store, &exist, err));
    reply_open(&exchange->reply, &emit);
    emit_text_at(&emit, "name", service->node->name);
    emit_z_at(&emit, "role", role_name(service->node));
    emit_z_at(&emit, "version", service->version);
    emit_bool_at(&emit, "needs_setup", !exist);
    emit_day_at(&emit, "today", node_today(service->node));
    emit_bool_at(&emit, "demo", service->node->is_demo);
    emit_bool_at(&emit, "signed_in", exchange->is_signed_in);
    return reply_close(&exchange->reply, &emit, err);
}

ErrCode handle_metrics(Exchange *exchange, Err *err)
{
    Service *service = exchange->service;
    const MetricsState state = {.version = service->version,
                                .role = role_name(service->node),
                                .queue_length = writer_waiting(service->writer),
                                .memory_bytes = process_memory_bytes(),
                                .open_files = process_open_files(),
                                .data_version = changes_version(service->changes)};
    exchange->reply.type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(&service->metrics, &state, &exchange->reply.body);
    return buf_check(&exchange->reply.body, err);
}

ErrCode handle_openapi(Exchange *exchange, Err *err)
{
    Emit emit;
    exchange->reply.type = "application/json";
    emit_init(&emit, &exchange->reply.body);
    openapi_emit(exchange->service->version, &emit);
    emit_done(&emit);
    return buf_check(&exchange->reply.body, err);
}

ErrCode handle_vocabulary(Exchange *exchange, Err *err)
{
    Emit emit;
    reply_open(&exchange->reply, &emit);
    vocabulary_emit(&emit);
    return reply_close(&exchange->reply, &emit, err);
}

ErrCode handle_events(Exchange *exchange, Err *err)
{
    exchange->reply.type = "text/event-stream";
    if (exchange->is_head) return OK;
    return stream_open(exchange->service->streams, exchange, &exchange->reply.stream, err);
}
