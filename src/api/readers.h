#pragma once
/*
 * readers — a few read-only connections that the server's threads share, one user at a time each.
 *
 * They are opened when they are first needed, and one that is broken is closed instead of being
 * lent again, so a database that comes back is found again.
 *
 *   Owns     the connections.
 *   Threads  any; locks itself.
 *   Bounds   READER_COUNT_MAX at once
 *   Errors   ERR_BUSY  all are lent; try again
 */
#include "engine/node.h"

#define READER_COUNT_MAX 16

typedef struct Readers Readers;

/* A query that keeps a processor busy for longer than `query_cpu_ms` is ended with ERR_BUSY. */
#define READER_QUERY_CPU_MS 2000
void readers_open(Readers **out_readers, const Node *node, unsigned query_cpu_ms);
void readers_close(Readers **readers); /* all were given back */

MUST_USE ErrCode readers_borrow(Readers *readers, Store **out_store, Err *err);
void readers_return(Readers *readers, Store **store); /* leaves NULL; safe on NULL */

/* AUTO(reader_give_back) Reader reader = {.readers = readers}; */
typedef struct Reader {
    Readers *readers;
    Store *store;
} Reader;
void reader_give_back(Reader *reader);
