#pragma once
/*
 * streams — those who listen for changes: open connections that sleep until there is news.
 *
 * A stream holds no thread. It sends the version it knows, goes to sleep, and is woken by a commit
 * or, when nothing happens for a while, by a heartbeat, which also finds out who has gone and
 * whose session is over.
 *
 *   Owns     the streams that are open and one thread that wakes them.
 *   Threads  streams_open() and the reading of a stream on the server's threads; news comes from
 *            the writer's.
 *   Bounds   STREAM_COUNT_MAX; a heartbeat every HEARTBEAT_MS
 *   Errors   ERR_BUSY  too many listen already
 */
#include "api/exchange.h"

#define STREAM_COUNT_MAX 512
#define HEARTBEAT_MS     25000
#define NEWS_BYTES_MAX   128 /* one message */

/* Begins to listen; one listener of Changes at a time. */
MUST_USE ErrCode streams_start(Streams **out_streams, Service *service, Err *err);

/* Ends all streams, so that their connections can be closed; then no new ones are opened. */
void streams_end(Streams *streams);
void streams_stop(Streams **streams); /* after streams_end(), when all are closed */

/* A stream for the session of this exchange. */
MUST_USE ErrCode stream_open(Streams *streams, Exchange *exchange, Stream **out_stream, Err *err);
void stream_close(Stream *stream);

/* How its connection falls asleep and is woken. */
typedef struct StreamLink {
    void *connection;
    void (*sleep)(void *connection);
    void (*wake)(void *connection);
} StreamLink;
void stream_attach(Stream *stream, StreamLink link); /* once, before it is read */

typedef enum StreamState { STREAM_NEWS, STREAM_SLEEP, STREAM_OVER } StreamState;

/* What to send next. STREAM_SLEEP: there is nothing, link.sleep() was called and link.wake() will
 * be, once. */
StreamState stream_read(Stream *stream, char out[NEWS_BYTES_MAX], size_t *out_size);
