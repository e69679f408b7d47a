#pragma once
/*
 * session — what two nodes say to each other to get in step: a question and its answer, as bytes.
 *
 *     session_ask(…, to, …, &request)      here; then carry the request there, and
 *     session_answer(…, from, request, …)  there; then carry the answer back, and
 *     session_take(…, to, answer, …)       here; again while the result says so
 *
 * Each side says what it holds, by a digest and by what changed since it was last understood, and
 * sends what the other one lacks: segments as they were signed, and of its own entries also those
 * that are not signed yet. When nothing is new that is one short question and one short answer.
 * Whatever is lost on the way is found missing the next time: the digests differ, and who differs
 * tells all. A message that was cut counts up to the cut.
 *
 * What carries the messages knows for sure who is at the other end (a certificate, a key compared
 * by people): entries that are not signed yet are believed on the strength of that alone, from
 * their own author alone, and go no further before their author has signed them.
 *
 *   Threads  the writer, within a group: engine_begin() … engine_commit(). Safe to run again after
 *            a roll-back: they start from nothing each time.
 *   Bounds   MESSAGE_BYTES_MAX; a message grows past what the budget says by one segment at most
 *   Errors   ERR_INVALID  this is no message, it is damaged at its beginning, of a later version,
 *                         or for another node: nothing was changed
 *            ERR_IO, ERR_CORRUPT, ERR_LIMIT: the group is to be rolled back
 *
 * **Nothing that these write may leave the node before the group is committed.**
 */
#include "engine/receive.h"
#include "sync/peers.h"
#include "sync/squeeze.h"

#define SESSION_BYTES       ((size_t)512 << 10)
#define SESSION_RETRY_S_MAX 86400U
#define SESSION_SIGN_MIN    100 /* so many unsigned entries are signed before they go */
#define SESSION_SIGN_MS     UINT64_C(3600000) /* and any after an hour */

typedef struct SessionBudget {
    size_t bytes;     /* of the message to be written, about; 0: SESSION_BYTES */
    Squeeze *squeeze; /* borrowed; of this thread. NULL: one is made for this message */
} SessionBudget;

typedef struct SessionResult {
    bool is_in_step;        /* both hold the same, as far as they may */
    bool is_more;           /* ask again at once: something moved, and something is left */
    unsigned retry_s;       /* it is busy: ask again after so many seconds; 0: it is not */
    int64_t new_entries;    /* taken in now */
    int64_t sent_entries;   /* written into the message */
    int64_t behind_here;    /* entries that it holds for us and that are not here yet, as it says */
    int64_t behind_there;   /* entries that are here for it and that it has not said it holds */
    int64_t receipts;       /* new ones, by the peer, for what this node wrote */
    int64_t clock_ahead_ms; /* its clock against ours; less than 0: it is behind */
    int64_t future_segments;  /* stamped further ahead than our clock follows */
    int64_t unknown_segments; /* of nodes whose keys nobody vouches for */
    int64_t missing_count;    /* of streams: parts before what came; they will be asked for */
    int64_t bad_count;        /* not taken in; the first one: */
    Reception bad;
    bool is_damaged; /* the message is good up to here only */
    size_t good_bytes;
    char damage[80]; /* in words */
} SessionResult;

/* `out_request` and `out_answer` are empty and have a limit of at least MESSAGE_BYTES_MAX. */
MUST_USE ErrCode session_ask(Engine *engine, const Peer *to, const SessionBudget *budget,
                             Buf *out_request, Err *err) ONLY_ON(writer_role);

MUST_USE ErrCode session_answer(Engine *engine, const Peer *from, Bytes request,
                                const SessionBudget *budget, Buf *out_answer,
                                SessionResult *out_result, Err *err) ONLY_ON(writer_role);

MUST_USE ErrCode session_take(Engine *engine, const Peer *from, Bytes answer,
                              const SessionBudget *budget, SessionResult *out_result, Err *err)
    ONLY_ON(writer_role);

/* The answer of who cannot answer now: on any thread, without an engine. */
void session_busy(const Node *node, const Peer *from, unsigned retry_s, Buf *out_answer);
