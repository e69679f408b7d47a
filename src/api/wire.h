#pragma once
/*
 * wire — between the HTTP library and our exchanges: what it calls, and what we tell it to send.
 *
 * A request is taken in three steps (head, body, run). When its exchange has a plan, the
 * connection is put to sleep before anything is handed on, so that whoever wakes it cannot come
 * too early.
 *
 *   Invariants  (1) a connection that sleeps is woken exactly once for each time it fell asleep
 *   Threads     the library's; planned parts run on hashing and writer threads and end in a wake.
 */
#include <microhttpd.h>

#include "api/door.h"
#include "api/exchange.h"

struct Server {
    Service service;
    Door door;
    struct MHD_Daemon *daemon;
    Address address;
    Lock lock;             /* of the counts below */
    size_t running_count;  /* requests whose head is here and whose answer is not yet sent */
    size_t sleeping_count; /* of those, how many wait for hashing or the writer */
    bool is_stopping;
    bool has_drained; /* running was 0 since */
    bool has_woken;   /* sleeping was 0 since */
    Gate drained;
    Gate woken;
    Gate stopped; /* of the sweeper */
    Thread sweeper;
    Buf certificate;
    Buf key;
    Arena arena; /* of this struct */
};
typedef struct Server Server;

void *wire_begin(void *server, const char *uri, struct MHD_Connection *connection);
enum MHD_Result wire_take(void *server, struct MHD_Connection *connection, const char *url,
                          const char *method, const char *version, const char *bytes, size_t *size,
                          void **visit);
void wire_end(void *server, struct MHD_Connection *connection, void **visit,
              enum MHD_RequestTerminationCode why);

enum MHD_Result wire_admit(void *server, const struct sockaddr *peer, socklen_t size);
void wire_connection(void *server, struct MHD_Connection *connection, void **place,
                     enum MHD_ConnectionNotificationCode what);
