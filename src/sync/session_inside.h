#pragma once
/*
 * session_inside — what the files of a session share; nobody outside includes this.
 *
 *   session        ask, answer, take: in which order what happens
 *   talk_read   frames of the other side -> what it holds, and entries taken in
 *   talk_write  what is here and what it lacks -> frames
 *   pair           how the last session with a peer ended
 *
 *   Owns     a Talk its arena and, when none was lent, its squeeze: until talk_done().
 *   Threads  the writer.
 */
#include "sync/allowed.h"
#include "sync/holdings.h"
#include "sync/message.h"
#include "sync/pair.h"
#include "sync/session.h"

#define SESSION_ARENA_BYTES ((size_t)256 << 20)

#define HELLO_TELL_ALL 1U /* the sender does not know what we hold */
#define HELLO_IS_ALL   2U /* nothing follows */
#define HELLO_SIZE     17

typedef struct Hello {
    unsigned flags;
    uint64_t mine;  /* digest of what the sender holds */
    uint64_t yours; /* and of what it believes that we hold */
} Hello;

typedef struct Voucher {
    uint64_t node_short;
    PublicKey key;
} Voucher;

typedef struct Talk {
    Engine *engine;
    Store *store;
    const Node *node;
    const Peer *peer;
    size_t budget_bytes;
    Squeeze *squeeze;
    Squeeze *own_squeeze;
    Arena arena;
    Peer resolved; /* the peer, with what its certificate says */
    Peers peers;
    Hearing hearing;
    Pair pair;
    Holdings theirs_before;
    Holdings theirs; /* what the peer says it holds */
    Holdings here;
    SessionResult result;

    /* Of the message that was read. */
    bool has_hello;
    Hello hello;
    bool is_understood; /* what it holds is what its digest says */
    bool is_ended;      /* the message came whole */
    uint64_t left;      /* entries that it kept for another time */
    int64_t *numbers;   /* keys of the streams it named; 0: not known here */
    size_t number_count;
    Voucher *vouchers;
    size_t voucher_count;
} Talk;

MUST_USE ErrCode talk_begin(Talk *talk, Engine *engine, const Peer *peer,
                            const SessionBudget *budget, Err *err);
void talk_done(Talk *talk);

/* Reads a message to its end, or as far as it is good. */
MUST_USE ErrCode talk_read(Talk *talk, Bytes message, Err *err) ONLY_ON(writer_role);

/* Looks at what is here and writes what is to be said. */
MUST_USE ErrCode talk_write(Talk *talk, Buf *out, Err *err) ONLY_ON(writer_role);

/* A stream of which the peer lacks something. */
typedef struct Due {
    const Holding *here;
    Holding theirs; /* nothing: all zero */
    uint64_t count; /* of entries that it lacks */
    bool is_urgent;
} Due;

/* In the order in which they go. */
MUST_USE ErrCode talk_find_due(Talk *talk, Due **out_due, size_t *out_count, Err *err);

/* Entries that the peer has for us, as it says. */
int64_t talk_behind_here(const Talk *talk);
