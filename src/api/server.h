#pragma once
/*
 * server — answers HTTP on one address until it is told to stop.
 *
 * A few threads take turns with all connections. Reading is done at once; whatever changes
 * something is handed to the writer while its connection sleeps, and answered when it is on the
 * disk. Passwords are checked on threads of their own.
 *
 *   Owns     its threads, connections and readers; borrows the rest until server_stop().
 *   Threads  main starts and stops it. Stop it before the writer.
 *   Bounds   CONNECTION_COUNT_MAX, REQUEST_HEAD_MAX, URI_BYTES_MAX, BODY_BYTES_MAX
 *   Errors   ERR_IO       the address is taken or not ours
 *            ERR_INVALID  a certificate that does not fit its key
 */
#include "api/assets.h"
#include "engine/accounts.h"
#include "engine/writer.h"
#include "host/address.h"
#include "seal/password.h"
#include "view/board.h"

#define SERVER_THREADS_DEFAULT 2
#define SERVER_THREADS_MAX     16

typedef struct ServerOptions {
    const Node *node;
    Writer *writer;
    Changes *changes;
    Board *board;
    Address address;         /* port 0: the machine chooses one */
    unsigned thread_count;   /* 0: SERVER_THREADS_DEFAULT */
    const char *certificate; /* a PEM file; NULL: no TLS */
    const char *key;         /* its key, a PEM file */
    const char *version;     /* of the program */
    const Asset *assets;     /* the web app */
    size_t asset_count;
    PasswordCost password_cost; /* {0}: PASSWORD_COST_PRODUCT */
    unsigned query_cpu_ms;      /* 0: READER_QUERY_CPU_MS */
} ServerOptions;

typedef struct Server Server;

MUST_USE ErrCode server_start(Server **out_server, const ServerOptions *options, Err *err);

/* Where it listens, with the port the machine has chosen. */
Address server_address(const Server *server);

/* While there is no account: a fresh one-time code that lets whoever knows it make the first one.
 * Only its digest is kept, so it is to be shown now. Finds nothing when there is an account. */
MUST_USE ErrCode server_setup_code(Server *server, char out[CODE_TEXT_MAX], bool *out_needed,
                                   Err *err);

/* Answers what was asked, then closes everything. Leaves NULL; safe on NULL. */
void server_stop(Server **server);
