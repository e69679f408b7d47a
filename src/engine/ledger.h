#pragma once
/*
 * ledger — the writing side of the journal: stamps, streams, chains and signed segments.
 *
 * One clock for the node; one chain per stream, which is (node, epoch, scope). The head of a chain
 * is not stored with each entry: it stands in the last signed segment, and the few entries behind
 * it are hashed again when a stream is first used after a start. A stream is signed when
 * LEDGER_SEGMENT_ENTRIES or LEDGER_SEGMENT_BYTES have gathered, so that every segment can travel,
 * and when the node stops.
 *
 *   Invariants  (1) sequence numbers of a stream are dense from 1;
 *               (2) every stamp given is greater than every one that this node wrote.
 *   Owns        its arena.
 *   Threads     the writer.
 *   Errors      ERR_CORRUPT  entries in the store that do not lead to the head that was signed
 */
#include "base/map.h"
#include "engine/node.h"
#include "journal/chain.h"
#include "journal/entry.h"
#include "journal/hlc.h"

#define LEDGER_SEGMENT_ENTRIES 1000
#define LEDGER_SEGMENT_BYTES   ((size_t)1024 * 1024) /* of entries and bodies */

typedef struct Chain {
    int64_t stream; /* its key in the store */
    StreamName name;
    uint64_t seq; /* of the last entry; 0 when there is none */
    uint64_t stamp;
    Digest head;
    size_t unsigned_bytes; /* of the entries behind signed_seq, with their bodies */
    uint64_t signed_seq;   /* up to here it is signed */
    uint64_t signed_stamp;
    Digest signed_head;
} Chain;

typedef struct Ledger {
    const Node *node;
    Store *store;
    HlcClock clock;
    Arena arena; /* of the chains */
    Map by_scope;
    Chain *chains;
    size_t chain_count;
    Buf chained;
    Buf body;
    int64_t last_arrival;
    bool has_other_authors; /* entries of other nodes, or of this one in another life, are here */
} Ledger;

MUST_USE ErrCode ledger_open(Ledger *ledger, const Node *node, Store *store, Err *err);
void ledger_close(Ledger *ledger);

/* The stamp of the entry to come; its id is that of what it creates. */
uint64_t ledger_tick(Ledger *ledger);
Id ledger_id(const Ledger *ledger, uint64_t stamp);

/* Takes note of the clock of another node; true when it is further ahead than ours follows. */
MUST_USE bool ledger_observe(Ledger *ledger, uint64_t stamp);

/* Appends an entry to the stream of a scope. `scope_key` names the scope within this store,
 * `subject` the thing the entry is about. */
MUST_USE ErrCode ledger_append(Ledger *ledger, const Entry *entry, Id scope, int64_t scope_key,
                               int64_t subject, Err *err);

/* Signs every chain that has at least `least` entries unsigned. Inside a transaction. */
MUST_USE ErrCode ledger_sign(Ledger *ledger, uint64_t least, Err *err);

/* Signs everything that this node has not signed yet, what was left before it started included. */
MUST_USE ErrCode ledger_sign_all(Ledger *ledger, Err *err);

/* Signs the end of a stream of an earlier epoch of this node. */
MUST_USE ErrCode ledger_sign_earlier(Ledger *ledger, const StreamName *name, Err *err);

/* Forgets the chains: the transaction was rolled back. The clock keeps what it gave. */
void ledger_forget(Ledger *ledger);
