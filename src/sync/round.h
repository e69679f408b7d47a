#pragma once
/*
 * round — one exchange with a peer over a line: questions and answers until both are in step.
 *
 * Before the first question the peer is greeted, once: its WELCOME is signed by the peer's node key
 * and says which key its certificate has. From then on that key is pinned, so nobody compares
 * fingerprints of certificates by hand, and who stands in between hears a greeting and no more.
 *
 * Who has the engine does the work on the messages: the two functions given. They run in the order
 * ask, take, ask, take …
 *
 *   Owns     nothing; the line is the caller's.
 *   Threads  any but one of a server's: it waits for the network.
 *   Bounds   ROUND_ASKS_MAX questions in one round
 *   Errors   those of line.h and session.h. What was taken in before a failure stays.
 */
#include "sync/envelope.h"
#include "sync/line.h"
#include "sync/session.h"

#define ROUND_ASKS_MAX  1000
#define ROUND_ASK_BYTES ((size_t)1 << 20) /* about; what a server takes at once */
#define LINE_BODY_MAX   ((size_t)6 << 20) /* a question may be a segment larger */

/* What is kept of the line to a peer from one round to the next. */
typedef struct LineEnd {
    char url[URL_TEXT_MAX + 1]; /* empty: none is known */
    bool has_pin;
    Digest pin;
    bool has_nonce;
    Nonce nonce;
} LineEnd;

typedef struct RoundWork {
    ErrCode (*ask)(void *context, Buf *out_message, Err *err);
    ErrCode (*take)(void *context, Bytes answer, SessionResult *out_result, Err *err);
    void *context;
} RoundWork;

typedef struct RoundReport {
    unsigned asks;
    int64_t sent_bytes;
    int64_t received_bytes;
    int64_t new_entries;
    int64_t bad_count;
    unsigned retry_s;   /* it is busy: not before so many seconds */
    SessionResult last; /* of the last answer; when there was one */
} RoundReport;

/* `place` is changed: what was learned is to be kept, also after a failure. */
MUST_USE ErrCode round_run(Line *line, const Node *node, const Peer *peer, LineEnd *place,
                           const RoundWork *work, RoundReport *out_report, Err *err);

/* Kept beside the journal. A peer without one has an empty place. */
MUST_USE ErrCode line_end_load(Store *store, uint64_t node_short, LineEnd *out_place, Err *err);
MUST_USE ErrCode line_end_save(Store *store, uint64_t node_short, const LineEnd *place, Err *err);
