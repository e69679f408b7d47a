#pragma once
/*
 * http_client — a small HTTP client for tests: one connection, cookies, and what came back.
 *
 * It keeps the cookies it is given and sends them along, sends the token it was told to, and reads
 * a whole answer, whether its length is announced or it comes in chunks. Raw bytes can be sent to
 * see what the server makes of them. A test fails when nothing comes for half a minute.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define HTTP_HEAD_MAX   16384
#define HTTP_COOKIE_MAX 8

typedef struct HttpReply {
    unsigned status;
    char head[HTTP_HEAD_MAX]; /* status line and headers */
    Buf body;
} HttpReply;

typedef struct HttpClient {
    int socket; /* one more than the machine's; 0: not connected */
    uint16_t port;
    char cookies[HTTP_COOKIE_MAX][200]; /* "name=value" */
    size_t cookie_count;
    char csrf[64];            /* sent as X-CSRF when not empty */
    const char *more_headers; /* whole lines, for the next request only */
    HttpReply reply;
} HttpClient;

void http_init(HttpClient *client, uint16_t port);
void http_done(HttpClient *client);

/* Sends a request, with a body unless it is NULL, and reads the answer; returns its status. */
unsigned http_ask(HttpClient *client, const char *method, const char *path, const char *body);

/* Sends bytes as they are on a fresh connection and reads an answer; 0 when the server hung up. */
unsigned http_raw(HttpClient *client, const char *bytes, size_t size);

/* Begins a request whose answer never ends; http_read_event() waits for the next event of it. */
unsigned http_follow(HttpClient *client, const char *path);
bool http_read_event(HttpClient *client, char *out, size_t size); /* false: the stream ended */

/* A header of the last answer; NULL when it is not there. Lives until the next call. */
const char *http_header(HttpClient *client, const char *name);

/* The body with a NUL behind it. */
const char *http_body(HttpClient *client);
