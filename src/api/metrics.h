#pragma once
/*
 * metrics — what the server counts about itself: requests by route and status, and how long.
 *
 * No names, addresses or payloads: a route is its pattern, never the address somebody asked for.
 *
 *   Owns     its counters.
 *   Threads  any; counters are atomic, and a reader sees each of them at some moment.
 */
#include <stdatomic.h>

#include "api/route.h"
#include "base/buf.h"

#define METRICS_ROUTE_MAX  128
#define METRICS_STATUS_MAX 24
#define METRICS_STEP_MAX   12

typedef struct Metrics {
    /* The last place stands for what is no route: pages, files, unknown paths. */
    _Atomic uint64_t requests[METRICS_ROUTE_MAX][METRICS_STATUS_MAX];
    _Atomic uint64_t steps[METRICS_STEP_MAX]; /* took at most so long */
    _Atomic uint64_t total_ms;
    _Atomic uint64_t request_count;
    _Atomic uint64_t command_count;
    _Atomic uint64_t stream_count; /* open now */
    _Atomic uint64_t connection_count;
} Metrics;

/* `route` is NULL for what is no route. */
void metrics_note(Metrics *metrics, const Route *route, unsigned status, uint64_t took_ms);

typedef struct MetricsState {
    const char *version;
    const char *role;
    size_t queue_length;
    size_t memory_bytes;
    size_t open_files;
    int64_t data_version;
} MetricsState;

/* Prometheus text, version 0.0.4. */
void metrics_write(Metrics *metrics, const MetricsState *state, Buf *out);
