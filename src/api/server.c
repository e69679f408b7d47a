#include "api/server.h"

#include <assert.h>
#include <string.h>

#include "api/device.h"
#include "api/pin.h"
#include "api/streams.h"
#include "api/wire.h"
#include "host/file.h"

#define SWEEP_MS         1000
#define DRAIN_MS         5000
#define CONNECTION_BYTES (2 * REQUEST_HEAD_MAX) /* the head, and as much again to answer from */
#define IDLE_S           60
#define PEM_BYTES_MAX    (256 * KIB)
#define STACK_BYTES      (MIB)

/* How often may be tried, and how long until one more try. */
#define ADDRESS_TRIES   20
#define ADDRESS_WAIT_MS 12000 /* five a minute */
#define ACCOUNT_TRIES   4
#define ACCOUNT_WAIT_MS 600000 /* with the four at once: ten in any hour */
#define DEVICE_TRIES    10
#define DEVICE_WAIT_MS  360000
#define BURST_S         5 /* so many seconds' worth of requests at once: a page asks for several */
#define REVEAL_TRIES    30
#define REVEAL_WAIT_MS  120000 /* thirty an hour */

/* TLS 1.2 and 1.3 with forward secrecy and authenticated encryption only; no SHA-1 anywhere. */
#define TLS_PRIORITIES                                                                    \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"         \
    "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:-GROUP-ALL:" \
    "+GROUP-X25519:+GROUP-SECP256R1:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE"

static void run_sweeper(void *context)
{
    Server *server = context;
    const Host *host = server->service.node->host;
    while (!gate_wait_for(&server->stopped, SWEEP_MS))
        (void)door_sweep(&server->door, host_monotonic_ms(host)); /* how many does not matter */
}

static void init_rates(Service *service)
{
    uint64_t secret = 0;
    host_random(service->node->host, (uint8_t *)&secret, sizeof secret);
    rate_init(&service->by_address, ADDRESS_TRIES, ADDRESS_WAIT_MS, secret);
    rate_init(&service->by_account, ACCOUNT_TRIES, ACCOUNT_WAIT_MS, secret);
    rate_init(&service->by_device, DEVICE_TRIES, DEVICE_WAIT_MS, secret);
    rate_init(&service->touches, 1, (uint64_t)SESSION_TOUCH_MS, secret);
    rate_init(&service->reveals, REVEAL_TRIES, REVEAL_WAIT_MS, secret);
    const unsigned usual = REQUESTS_PER_SECOND_DEFAULT;
    const unsigned wanted = service->node->requests_per_second;
    const unsigned per_second = wanted > 0 ? wanted : usual; /* not asked when there is no limit */
    rate_init(&service->by_session, (uint64_t)BURST_S * per_second, 1000 / per_second, secret);
}

static void done_rates(Service *service)
{
    rate_done(&service->by_address);
    rate_done(&service->by_account);
    rate_done(&service->by_device);
    rate_done(&service->touches);
    rate_done(&service->reveals);
    rate_done(&service->by_session);
}

static Server *make_server(const ServerOptions *options)
{
    Arena arena;
    arena_init(&arena, sizeof(Server) + 64);
    Server *server = arena_new(&arena, Server);
    assert(server != NULL); /* the arena was made for it */
    server->arena = arena;
    server->address = options->address;
    Service *service = &server->service;
    service->node = options->node;
    service->writer = options->writer;
    service->changes = options->changes;
    service->board = options->board;
    service->assets = options->assets;
    service->asset_count = options->asset_count;
    service->version = options->version;
    service->cost =
        options->password_cost.passes == 0 ? PASSWORD_COST_PRODUCT : options->password_cost;
    service->is_tls = options->certificate != NULL;
    service->device_key = device_key(&options->node->keyring);
    init_rates(service);
    lock_init(&service->setup.lock);
    nonces_init(&service->nonces, service->node->host);
    lock_init(&server->lock);
    gate_init(&server->drained);
    gate_init(&server->woken);
    gate_init(&server->stopped);
    door_init(&server->door);
    readers_open(&service->readers, options->node,
                 options->query_cpu_ms == 0 ? READER_QUERY_CPU_MS : options->query_cpu_ms);
    buf_init(&server->certificate, PEM_BYTES_MAX);
    buf_init(&server->key, PEM_BYTES_MAX);
    return server;
}

/* What make_server() made; threads and daemon have ended. */
static void destroy_server(Server **server)
{
    Server *self = *server;
    readers_close(&self->service.readers);
    door_done(&self->door);
    if (self->key.at != NULL) secret_wipe(self->key.at, self->key.size);
    buf_done(&self->key);
    buf_done(&self->certificate);
    gate_done(&self->stopped);
    gate_done(&self->woken);
    gate_done(&self->drained);
    lock_done(&self->lock);
    nonces_done(&self->service.nonces);
    lock_done(&self->service.setup.lock);
    done_rates(&self->service);
    secret_wipe(&self->service.device_key, sizeof self->service.device_key);
    Arena arena = self->arena;
    arena_done(&arena);
    *server = NULL;
}

static ErrCode load_certificate(Server *server, const ServerOptions *options, Err *err)
{
    if (options->certificate == NULL) return OK;
    if (options->key == NULL)
        return err_set(err, ERR_INVALID, "a certificate needs its key beside it");
    const Host *host = options->node->host;
    if (file_read(host, options->certificate, PEM_BYTES_MAX, &server->certificate, err) != OK)
        return err_context(err, "the certificate");
    if (file_read(host, options->key, PEM_BYTES_MAX, &server->key, err) != OK)
        return err_context(err, "the key of the certificate");
    TRY(pin_of(buf_as_bytes(&server->certificate), &server->service.pin, err));
    server->service.has_pin = true;
    buf_add_byte(&server->certificate, 0);
    buf_add_byte(&server->key, 0);
    TRY(buf_check(&server->certificate, err));
    return buf_check(&server->key, err);
}

/* The library takes its settings as a list; values that are pointers and numbers share it. */
static struct MHD_OptionItem number_option(enum MHD_OPTION option, size_t number)
{
    return (struct MHD_OptionItem){option, (intptr_t)number, NULL};
}

static struct MHD_OptionItem pointer_option(enum MHD_OPTION option, void *pointer)
{
    return (struct MHD_OptionItem){option, 0, pointer};
}

static struct MHD_Daemon *start_daemon(Server *server, unsigned thread_count)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem items[16] = {
        number_option(MHD_OPTION_THREAD_POOL_SIZE, thread_count),
        number_option(MHD_OPTION_THREAD_STACK_SIZE, STACK_BYTES),
        number_option(MHD_OPTION_CONNECTION_LIMIT, CONNECTION_COUNT_MAX),
        number_option(MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES),
        number_option(MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S),
        number_option(MHD_OPTION_STRICT_FOR_CLIENT, 1),
        pointer_option(MHD_OPTION_SOCK_ADDR, server->address.at),
    };
    size_t count = 7;
    if (address_is_v6(&server->address)) flags |= MHD_USE_IPv6;
    if (server->service.is_tls) {
        flags |= MHD_USE_TLS;
        items[count++] = pointer_option(MHD_OPTION_HTTPS_MEM_CERT, server->certificate.at);
        items[count++] = pointer_option(MHD_OPTION_HTTPS_MEM_KEY, server->key.at);
        items[count++] =
            pointer_option(MHD_OPTION_HTTPS_PRIORITIES, (void *)(uintptr_t)TLS_PRIORITIES);
    }
    items[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(
        flags, 0, wire_admit, server, wire_take, server, MHD_OPTION_URI_LOG_CALLBACK, wire_begin,
        server, MHD_OPTION_NOTIFY_COMPLETED, wire_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        wire_connection, server, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

static ErrCode listen_there(Server *server, unsigned thread_count, Err *err)
{
    server->daemon = start_daemon(server, thread_count);
    if (server->daemon == NULL) {
        char text[ADDRESS_TEXT_MAX];
        return err_set(err, ERR_IO,
                       "cannot listen on %s: the address is taken, not of this machine, or the "
                       "certificate does not fit its key",
                       address_write(&server->address, text));
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (info != NULL) address_set_port(&server->address, info->port);
    return OK;
}

/* Each part that was started is stopped again, in reverse; parts that were not are left alone. */
static void stop_parts(Server **server)
{
    Server *self = *server;
    if (self->sweeper.is_started) gate_open(&self->stopped);
    thread_join(&self->sweeper);
    if (self->daemon != NULL) MHD_stop_daemon(self->daemon);
    streams_stop(&self->service.streams);
    hashing_stop(&self->service.hashing);
    destroy_server(server);
}

static ErrCode start_parts(Server *server, const ServerOptions *options, Err *err)
{
    TRY(load_certificate(server, options, err));
    TRY(hashing_start(&server->service.hashing, err));
    TRY(streams_start(&server->service.streams, &server->service, err));
    TRY(thread_start(&server->sweeper, "sweeper", run_sweeper, server, err));
    const unsigned wanted =
        options->thread_count == 0 ? SERVER_THREADS_DEFAULT : options->thread_count;
    return listen_there(server, wanted < SERVER_THREADS_MAX ? wanted : SERVER_THREADS_MAX, err);
}

ErrCode server_start(Server **out_server, const ServerOptions *options, Err *err)
{
    assert(options->node != NULL && options->writer != NULL && options->changes != NULL);
    Server *server = make_server(options);
    const ErrCode code = start_parts(server, options, err);
    if (code != OK) {
        if (server->service.streams != NULL) streams_end(server->service.streams);
        stop_parts(&server);
        return code;
    }
    *out_server = server;
    return OK;
}

Address server_address(const Server *server)
{
    return server->address;
}

ErrCode server_setup_code(Server *server, char out[CODE_TEXT_MAX], bool *out_needed, Err *err)
{
    Service *service = &server->service;
    AUTO(reader_give_back) Reader reader = {.readers = service->readers};
    bool exist = false;
    TRY(readers_borrow(service->readers, &reader.store, err));
    TRY(accounts_exist(reader.store, &exist, err));
    *out_needed = !exist;
    if (exist) return OK;
    code_make(service->node->host, 2, out);
    lock_take(&service->setup.lock);
    service->setup.digest = hash_of(bytes_of(text_from_z(out)));
    service->setup.is_open = true;
    lock_give(&service->setup.lock);
    return OK;
}

void server_stop(Server **server)
{
    Server *self = *server;
    if (self == NULL) return;
    lock_take(&self->lock);
    self->is_stopping = true;
    const bool is_busy = self->running_count > 0;
    const bool has_sleepers = self->sleeping_count > 0;
    lock_give(&self->lock);
    streams_end(self->service.streams);
    /* A client that does not take its answer is not waited for; what is with the writer is. */
    if (is_busy) (void)gate_wait_for(&self->drained, DRAIN_MS);
    if (has_sleepers) gate_wait(&self->woken);
    stop_parts(server);
}
