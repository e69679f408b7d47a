#include "support/http_client.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_S         30
#define BODY_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define REQUEST_MAX    ((size_t)1024 * 1024)

void http_init(HttpClient *client, uint16_t port)
{
    *client = (HttpClient){.port = port};
    buf_init(&client->reply.body, BODY_BYTES_MAX);
}

static void hang_up(HttpClient *client)
{
    if (client->socket > 0) close(client->socket - 1);
    client->socket = 0;
}

void http_done(HttpClient *client)
{
    hang_up(client);
    buf_done(&client->reply.body);
}

static void connect_to(HttpClient *client)
{
    if (client->socket > 0) return;
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    assert(made >= 0);
    const struct timeval wait = {.tv_sec = WAIT_S};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(client->port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(made, (const struct sockaddr *)(const void *)&place, sizeof place) != 0) {
        close(made);
        return;
    }
    client->socket = made + 1;
}

static bool send_all(HttpClient *client, const void *bytes, size_t size)
{
    size_t sent = 0;
    while (sent < size) {
        const ssize_t count =
            send(client->socket - 1, (const char *)bytes + sent, size - sent, MSG_NOSIGNAL);
        if (count <= 0) return false;
        sent += (size_t)count;
    }
    return true;
}

static bool read_some(HttpClient *client, void *out, size_t size, size_t *out_count)
{
    const ssize_t count = recv(client->socket - 1, out, size, 0);
    *out_count = count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* Up to the empty line, byte by byte: what follows belongs to the body. */
static bool read_head(HttpClient *client)
{
    size_t size = 0;
    size_t count = 0;
    char *head = client->reply.head;
    while (size + 1 < HTTP_HEAD_MAX) {
        if (!read_some(client, head + size, 1, &count)) return false;
        size += count;
        if (size >= 4 && memcmp(head + size - 4, "\r\n\r\n", 4) == 0) break;
    }
    head[size] = '\0';
    unsigned status = 0;
    if (sscanf(head, "HTTP/1.%*u %u", &status) != 1) return false;
    client->reply.status = status;
    return status != 100 || read_head(client);
}

static bool read_exactly(HttpClient *client, size_t size)
{
    char piece[4096];
    while (size > 0) {
        size_t count = 0;
        if (!read_some(client, piece, size < sizeof piece ? size : sizeof piece, &count))
            return false;
        buf_add(&client->reply.body, (Bytes){(const uint8_t *)piece, count});
        size -= count;
    }
    return true;
}

/* One line of the chunked coding, without its end. */
static bool read_line(HttpClient *client, char *out, size_t size)
{
    size_t at = 0;
    size_t count = 0;
    while (at + 1 < size) {
        if (!read_some(client, out + at, 1, &count)) return false;
        if (out[at] == '\n') break;
        at++;
    }
    if (at > 0 && out[at - 1] == '\r') at--;
    out[at] = '\0';
    return true;
}

static bool read_chunk(HttpClient *client, bool *out_is_last)
{
    char line[64];
    if (!read_line(client, line, sizeof line)) return false;
    const size_t size = strtoul(line, NULL, 16);
    *out_is_last = size == 0;
    return read_exactly(client, size) && read_line(client, line, sizeof line);
}

const char *http_header(HttpClient *client, const char *name)
{
    static char value[4096];
    const size_t name_size = strlen(name);
    for (const char *line = strchr(client->reply.head, '\n'); line != NULL;
         line = strchr(line, '\n')) {
        line++;
        if (strncasecmp(line, name, name_size) != 0 || line[name_size] != ':') continue;
        const char *at = line + name_size + 1;
        while (*at == ' ')
            at++;
        const size_t size = strcspn(at, "\r\n");
        assert(size < sizeof value);
        memcpy(value, at, size);
        value[size] = '\0';
        return value;
    }
    return NULL;
}

static void keep_cookie(HttpClient *client, const char *line)
{
    char pair[200];
    const size_t size = strcspn(line, ";\r\n");
    assert(size < sizeof pair);
    memcpy(pair, line, size);
    pair[size] = '\0';
    const size_t name_size = strcspn(pair, "=") + 1;
    size_t at = 0;
    while (at < client->cookie_count && strncmp(client->cookies[at], pair, name_size) != 0)
        at++;
    assert(at < HTTP_COOKIE_MAX);
    if (at == client->cookie_count) client->cookie_count++;
    memcpy(client->cookies[at], pair, size + 1);
}

static void keep_cookies(HttpClient *client)
{
    static const char name[] = "\nSet-Cookie: ";
    for (const char *at = strcasestr(client->reply.head, name); at != NULL;
         at = strcasestr(at + 1, name))
        keep_cookie(client, at + sizeof name - 1);
}

static bool read_reply(HttpClient *client, bool is_head)
{
    buf_clear(&client->reply.body);
    client->reply.status = 0;
    if (!read_head(client)) return false;
    keep_cookies(client);
    const unsigned status = client->reply.status;
    const char *length = http_header(client, "Content-Length");
    const size_t size = length != NULL ? strtoul(length, NULL, 10) : 0;
    bool is_whole = true;
    if (is_head || status == 204 || status == 304)
        is_whole = true;
    else if (http_header(client, "Transfer-Encoding") != NULL)
        for (bool is_last = false; is_whole && !is_last;)
            is_whole = read_chunk(client, &is_last);
    else
        is_whole = read_exactly(client, size);
    const char *connection = http_header(client, "Connection");
    if (connection != NULL && strcasecmp(connection, "close") == 0) hang_up(client);
    return is_whole;
}

static void write_request(HttpClient *client, Buf *out, const char *method, const char *path,
                          const char *body)
{
    buf_format(out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", method, path,
               (unsigned)client->port);
    if (client->cookie_count > 0) buf_add_z(out, "Cookie: ");
    for (size_t i = 0; i < client->cookie_count; i++)
        buf_format(out, "%s%s", i > 0 ? "; " : "", client->cookies[i]);
    if (client->cookie_count > 0) buf_add_z(out, "\r\n");
    if (client->csrf[0] != '\0') buf_format(out, "X-CSRF: %s\r\n", client->csrf);
    const bool has_type =
        client->more_headers != NULL && strstr(client->more_headers, "Content-Type") != NULL;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 && !has_type)
        buf_add_z(out, "Content-Type: application/json\r\n");
    if (client->more_headers != NULL) buf_add_z(out, client->more_headers);
    client->more_headers = NULL;
    if (body != NULL) buf_format(out, "Content-Length: %zu\r\n", strlen(body));
    buf_add_z(out, "\r\n");
    if (body != NULL) buf_add_z(out, body);
}

unsigned http_ask(HttpClient *client, const char *method, const char *path, const char *body)
{
    AUTO(buf_done) Buf request = {0};
    buf_init(&request, REQUEST_MAX);
    write_request(client, &request, method, path, body);
    assert(!request.is_over);
    /* A connection the server closed meanwhile is opened anew, once. */
    for (int attempt = 0; attempt < 2; attempt++) {
        connect_to(client);
        if (client->socket == 0) return 0;
        (void)send_all(client, request.at, request.size); /* an early answer may come regardless */
        if (read_reply(client, strcmp(method, "HEAD") == 0)) return client->reply.status;
        hang_up(client);
    }
    return 0;
}

unsigned http_raw(HttpClient *client, const char *bytes, size_t size)
{
    hang_up(client);
    connect_to(client);
    if (client->socket == 0) return 0;
    (void)send_all(client, bytes, size); /* an early answer may come regardless */
    const bool is_whole = read_reply(client, false);
    const unsigned status = is_whole ? client->reply.status : 0;
    hang_up(client);
    return status;
}

unsigned http_follow(HttpClient *client, const char *path)
{
    AUTO(buf_done) Buf request = {0};
    buf_init(&request, REQUEST_MAX);
    write_request(client, &request, "GET", path, NULL);
    hang_up(client);
    connect_to(client);
    if (client->socket == 0 || !send_all(client, request.at, request.size)) return 0;
    buf_clear(&client->reply.body);
    return read_head(client) ? client->reply.status : 0;
}

bool http_read_event(HttpClient *client, char *out, size_t size)
{
    bool is_last = false;
    buf_clear(&client->reply.body);
    if (!read_chunk(client, &is_last) || is_last) return false;
    snprintf(out, size, "%.*s", (int)client->reply.body.size, (const char *)client->reply.body.at);
    return true;
}

const char *http_body(HttpClient *client)
{
    buf_add_byte(&client->reply.body, 0);
    client->reply.body.size--;
    return (const char *)client->reply.body.at;
}
