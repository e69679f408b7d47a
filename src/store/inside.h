#pragma once
/*
 * inside — what the files of this room know about a Store; nobody outside includes this.
 *
 *   Owns     all of it lives in the store's own arena and goes with it.
 *   Bounds   THING_SLOTS_*: how many things are remembered, by id and by key. Where much of the
 *            database is kept in memory, more of them are.
 */
#include "base/id.h"
#include "store/backend.h"
#include "vocab/vocab.h"

#define STORE_BYTES_MAX    ((size_t)16 << 20)
#define THING_SLOTS_WRITER 8192 /* powers of two */
#define THING_SLOTS_READER 1024
#define THING_SLOTS_LARGE  65536
#define CACHE_KIB_LARGE    65536

/* One thing that was looked up. key 0: an empty slot. */
typedef struct ThingSlot {
    int64_t key;
    int64_t shard;
    Id id;
    int64_t kind;
} ThingSlot;

/* Each id and each key has one place where it may stand; the latest one stays. */
typedef struct ThingCache {
    ThingSlot *by_id;
    ThingSlot *by_key;
    size_t slot_count; /* 0: nothing was looked up yet */
} ThingCache;

typedef struct Prepared {
    void *statement; /* NULL: not yet */
    bool is_busy;    /* a Query holds it */
} Prepared;

struct Store {
    Arena arena;
    const Backend *backend;
    void *connection;
    bool is_writer;
    bool is_broken;

    bool is_in_tx;
    bool is_doomed; /* the open transaction has failed and can only be rolled back */
    const char *tx_file;
    int tx_line;

    int open_count;    /* queries that are begun */
    QueryId streaming; /* the READ | FULL one among them */
    Prepared prepared[QUERY_COUNT];

    size_t thing_slots; /* as many as are to be remembered */
    ThingCache things;
    int64_t last_key;     /* of table thing; -1 when it has to be asked for */
    int64_t last_arrival; /* of table entry; likewise */
};

/* Notes what a failure means for the store, and returns its code. */
ErrCode store_failed(Store *store, ErrCode code);

/* Forgets what was looked up or counted: a rolled back transaction may have made it untrue. */
void store_forget(Store *store);

/* Brings the tables of a database that was just opened to what this version needs. */
ErrCode schema_settle(Store *store, Err *err);
