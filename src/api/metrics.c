#include "api/metrics.h"

#include <assert.h>
#include <inttypes.h>

#define OTHER_ROUTE (METRICS_ROUTE_MAX - 1)

/* What the server answers with; anything else is counted under the last one. */
static const unsigned statuses[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409,
                                    411, 413, 414, 415, 429, 431, 500, 503, 0};
#define STATUS_COUNT (sizeof statuses / sizeof statuses[0])
static_assert(STATUS_COUNT <= METRICS_STATUS_MAX, "each status has its place");

static const uint64_t steps_ms[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, UINT64_MAX};
static_assert(sizeof steps_ms / sizeof steps_ms[0] == METRICS_STEP_MAX, "each step has its place");

static size_t place_of_status(unsigned status)
{
    for (size_t i = 0; i + 1 < STATUS_COUNT; i++)
        if (statuses[i] == status) return i;
    return STATUS_COUNT - 1;
}

void metrics_note(Metrics *metrics, const Route *route, unsigned status, uint64_t took_ms)
{
    assert(route_count < OTHER_ROUTE);
    const size_t at = route == NULL ? OTHER_ROUTE : (size_t)(route - routes);
    atomic_fetch_add(&metrics->requests[at][place_of_status(status)], 1);
    for (size_t i = 0; i < METRICS_STEP_MAX; i++)
        if (took_ms <= steps_ms[i]) {
            atomic_fetch_add(&metrics->steps[i], 1);
            break;
        }
    atomic_fetch_add(&metrics->total_ms, took_ms);
    atomic_fetch_add(&metrics->request_count, 1);
}

static void write_requests(Metrics *metrics, Buf *out)
{
    buf_add_z(out, "# HELP tongpin_requests_total Requests answered, by route and status.\n"
                   "# TYPE tongpin_requests_total counter\n");
    for (size_t at = 0; at < METRICS_ROUTE_MAX; at++)
        for (size_t i = 0; i < STATUS_COUNT; i++) {
            const uint64_t count = atomic_load(&metrics->requests[at][i]);
            if (count == 0) continue;
            const bool is_route = at < route_count;
            buf_format(out,
                       "tongpin_requests_total{method=\"%s\",route=\"%s\",status=\"%u\"} %" PRIu64
                       "\n",
                       is_route ? method_name(routes[at].method) : "GET",
                       is_route ? routes[at].pattern : "other", statuses[i], count);
        }
}

static void write_times(Metrics *metrics, Buf *out)
{
    buf_add_z(out,
              "# HELP tongpin_request_seconds From the first byte asked to the last answered.\n"
              "# TYPE tongpin_request_seconds histogram\n");
    uint64_t below = 0;
    for (size_t i = 0; i < METRICS_STEP_MAX; i++) {
        below += atomic_load(&metrics->steps[i]);
        if (steps_ms[i] == UINT64_MAX)
            buf_format(out, "tongpin_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", below);
        else
            buf_format(out,
                       "tongpin_request_seconds_bucket{le=\"%" PRIu64 ".%03" PRIu64 "\"} %" PRIu64
                       "\n",
                       steps_ms[i] / 1000, steps_ms[i] % 1000, below);
    }
    const uint64_t total_ms = atomic_load(&metrics->total_ms);
    buf_format(out, "tongpin_request_seconds_sum %" PRIu64 ".%03" PRIu64 "\n", total_ms / 1000,
               total_ms % 1000);
    buf_format(out, "tongpin_request_seconds_count %" PRIu64 "\n", below);
}

static void write_number(Buf *out, const char *name, const char *type, const char *help,
                         uint64_t number)
{
    buf_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, type, name,
               number);
}

void metrics_write(Metrics *metrics, const MetricsState *state, Buf *out)
{
    buf_format(out,
               "# HELP tongpin_info The program.\n# TYPE tongpin_info gauge\n"
               "tongpin_info{version=\"%s\",role=\"%s\"} 1\n",
               state->version, state->role);
    write_requests(metrics, out);
    write_times(metrics, out);
    write_number(out, "tongpin_commands_total", "counter", "Commands answered.",
                 atomic_load(&metrics->command_count));
    write_number(out, "tongpin_queue_length", "gauge", "Jobs that wait for the writer.",
                 state->queue_length);
    write_number(out, "tongpin_streams", "gauge", "Open streams of events.",
                 atomic_load(&metrics->stream_count));
    write_number(out, "tongpin_connections", "gauge", "Open connections.",
                 atomic_load(&metrics->connection_count));
    write_number(out, "tongpin_data_version", "gauge", "Groups of commands committed.",
                 (uint64_t)state->data_version);
    write_number(out, "tongpin_memory_bytes", "gauge", "Resident memory.", state->memory_bytes);
    write_number(out, "tongpin_open_files", "gauge", "Open file descriptors.", state->open_files);
}
