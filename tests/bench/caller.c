#include "bench/caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "bench/figures.h"
#include "bench/must.h"

#define WAIT_S          120
#define REPLY_BYTES_MAX ((size_t)64 << 20)
#define REQUEST_MAX     ((size_t)4 << 20)
#define PIECE_SIZE      ((size_t)64 << 10)

static void connect_to(Caller *caller)
{
    const int one = 1;
    const struct timeval wait = {.tv_sec = WAIT_S};
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(caller->port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    caller->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (caller->socket < 0) give_up("the machine gives no more sockets");
    setsockopt(caller->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(caller->socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    if (connect(caller->socket, (const struct sockaddr *)(const void *)&place, sizeof place) != 0)
        give_up("nobody answers on port %u", (unsigned)caller->port);
}

void caller_open(Caller *caller, uint16_t port, const Pass *pass)
{
    *caller = (Caller){.port = port, .pass = pass};
    connect_to(caller);
    buf_init(&caller->in, REPLY_BYTES_MAX);
}

void caller_close(Caller *caller)
{
    close(caller->socket);
    buf_done(&caller->in);
}

void caller_send(Caller *caller, const char *method, const char *path, const char *body)
{
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, REQUEST_MAX);
    buf_format(&out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n", method, path,
               (unsigned)caller->port, caller->pass->cookie);
    if (body != NULL)
        buf_format(&out, "X-CSRF: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n",
                   caller->pass->csrf, strlen(body));
    buf_add_z(&out, "\r\n");
    if (body != NULL) buf_add_z(&out, body);
    caller->us = now_us();
    for (size_t sent = 0; sent < out.size;) {
        const ssize_t count = send(caller->socket, out.at + sent, out.size - sent, MSG_NOSIGNAL);
        if (count <= 0) give_up("the server hung up while it was asked %s", path);
        sent += (size_t)count;
    }
}

/* Reads what is there; ends the program when nothing comes any more. */
static void read_some(Caller *caller)
{
    uint8_t piece[PIECE_SIZE];
    const ssize_t count = recv(caller->socket, piece, sizeof piece, 0);
    if (count <= 0) give_up("the server hung up or says nothing");
    buf_add(&caller->in, (Bytes){piece, (size_t)count});
}

static void read_head(Caller *caller)
{
    buf_clear(&caller->in);
    caller->head_size = 0;
    while (caller->head_size == 0) {
        read_some(caller);
        const char *end =
            memmem(caller->in.at, caller->in.size, "\r\n\r\n", 4); /* the empty line */
        if (end != NULL) caller->head_size = (size_t)(end - (const char *)caller->in.at) + 4;
    }
    caller->status = 0;
    if (sscanf((const char *)caller->in.at, "HTTP/1.1 %u", &caller->status) != 1)
        give_up("the server does not speak HTTP");
}

/* What stands behind "\r\nname:" in the head; NULL where it is not. */
static const char *header(const Caller *caller, const char *name)
{
    const char *head = (const char *)caller->in.at;
    const size_t size = strlen(name);
    for (size_t i = 0; i + size < caller->head_size; i++)
        if (strncasecmp(head + i, name, size) == 0) return head + i + size;
    return NULL;
}

static size_t body_size(const Caller *caller)
{
    const char *length = header(caller, "\r\ncontent-length:");
    if (length == NULL && caller->status != 204 && caller->status != 304)
        give_up("an answer of unknown length");
    return length == NULL ? 0 : strtoul(length, NULL, 10);
}

unsigned caller_receive(Caller *caller)
{
    read_head(caller);
    const size_t size = caller->head_size + body_size(caller);
    while (caller->in.size < size)
        read_some(caller);
    caller->us = now_us() - caller->us;
    const char *connection = header(caller, "\r\nconnection:");
    if (connection != NULL && strncasecmp(connection, " close", 6) == 0) {
        close(caller->socket); /* after many requests a server wants a new connection */
        connect_to(caller);
    }
    buf_add_byte(&caller->in, 0);
    return caller->status;
}

unsigned caller_ask(Caller *caller, const char *method, const char *path, const char *body)
{
    caller_send(caller, method, path, body);
    return caller_receive(caller);
}

void caller_must(Caller *caller, const char *method, const char *path, const char *body,
                 unsigned status)
{
    if (caller_ask(caller, method, path, body) != status)
        give_up("%s %s answered %u: %.300s", method, path, caller->status, caller_body(caller));
}

void caller_follow(Caller *caller, const char *path)
{
    caller_send(caller, "GET", path, NULL);
    read_head(caller);
    if (caller->status != 200) give_up("%s answered %u", path, caller->status);
}

const char *caller_body(const Caller *caller)
{
    return (const char *)caller->in.at + caller->head_size;
}
