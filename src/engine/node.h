#pragma once
/*
 * node — one copy of Tongpin in one directory: its name and role, its keys, its rules, its store.
 *
 *     DIR/node.json     name, role, the scope of the node's own facts, where the database is, and
 *                       how fast one session may ask (requests_per_second; 0: as fast as it likes)
 *     DIR/keys/         what must not be in the database; see seal/keyring.h
 *     DIR/rules/        rule packs, which a company may edit
 *     DIR/tongpin.db    the SQLite database, unless it is a PostgreSQL one
 *     DIR/lock          held by the one process that may write
 *
 *   Owns     keys and rules, until node_close().
 *   Threads  constant once open: any thread may read it.
 *   Errors   ERR_NOT_FOUND  there is no node in that directory
 *            ERR_CONFLICT   node_init() on a directory that holds one
 *            ERR_INVALID    a damaged node.json or rule pack, with its line
 *            ERR_BUSY       another process writes here
 */
#include "host/host.h"
#include "host/process.h"
#include "journal/stream.h"
#include "seal/keyring.h"
#include "store/store.h"
#include "vocab/pack.h"

#define REQUESTS_PER_SECOND_DEFAULT 20
#define REQUESTS_PER_SECOND_MAX     1000

typedef enum NodeRole { NODE_HQ, NODE_BOX } NodeRole;

typedef struct Node {
    const Host *host;
    const char *directory;
    Text name;
    NodeRole role;
    Text database; /* a path or a postgresql:// URL */
    Id scope;      /* of facts about the node itself */
    uint64_t node_short;
    unsigned epoch;
    int64_t shard; /* every row of this organisation; see docs/ARCHITECTURE.md */
    bool is_demo;
    unsigned requests_per_second; /* of one session; 0: no limit */
    int utc_offset_minutes;       /* of the day: China is +480 */
    Keyring keyring;
    SigningKey signing_key;
    const Pack *pack;
    DirLock lock;
    Arena arena; /* of the texts above */
} Node;

typedef struct NodeWish {
    Text name;
    NodeRole role;
    Text database; /* empty: SQLite in the directory */
    bool is_demo;
    bool is_unlimited; /* a session may ask as fast as it likes: for measuring and for tests */
} NodeWish;

MUST_USE ErrCode node_init(const Host *host, const char *directory, const NodeWish *wish, Err *err);
MUST_USE ErrCode node_open(Node *node, const Host *host, const char *directory, Err *err);
void node_close(Node *node);

/* Writes DIR/node.json anew: the node in another epoch, or with another database. */
MUST_USE ErrCode node_save(const Node *node, Err *err);

/* The one writer takes the directory's lock first; readers need none. */
MUST_USE ErrCode node_open_writer(Node *node, Store **out_store, Err *err);
/* `query_cpu_ms` as in StoreOptions: a question from outside is not worked on for ever. */
MUST_USE ErrCode node_open_reader(const Node *node, unsigned query_cpu_ms, Store **out_store,
                                  Err *err);

Day node_today(const Node *node);
