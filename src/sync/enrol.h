#pragma once
/*
 * enrol — how a new box becomes a node: it asks, two persons approve, and a chain comes back.
 *
 *     request := "TPE", u8 layout (1), 32 bytes key, 32 bytes sealing key, 8 bytes made (by the
 *                clock of the box), u8 size and name, 64 bytes signature with that very key
 *
 * The words of a request stand for all of it: four of five letters, the last one a check of the
 * other three, to be read over a phone. Who approves compares them with what the box shows. Two
 * accounts approve the same scopes and role; then its certificate is issued, and it is a peer.
 *
 *   Owns     nothing: what is loaded lies in the arena given.
 *   Threads  those of the store; what takes an Engine belongs to the writer, outside of a group.
 *   Bounds   ENROL_BYTES_MAX, ENROLMENTS_MAX requests; each counts for ENROL_DAYS here
 *   Errors   ERR_INVALID    no request, or not signed by the key in it; words with a slip
 *            ERR_NOT_FOUND  no request of these words is here, or it is too old
 *            ERR_CONFLICT   that node has a certificate; the same person twice; other scopes
 */
#include "sync/trust.h"

#define ENROL_BYTES_MAX 300
#define ENROLMENTS_MAX  100
#define ENROL_DAYS      7
#define ENROL_WORDS_MAX 24 /* "lusab-babad-gutih-tugad" and a NUL */

typedef struct EnrolRequest {
    PublicKey key;
    uint8_t sealing[SEALING_KEY_SIZE];
    uint64_t made_ms;
    Text name;
} EnrolRequest;

/* Of this node. */
MUST_USE ErrCode enrol_request(const Node *node, Buf *out, Err *err);
MUST_USE ErrCode enrol_read(Bytes bytes, EnrolRequest *out_request, Err *err);

/* The words for any bytes: a request, or the key of a root. */
const char *enrol_words(Bytes bytes, char out[ENROL_WORDS_MAX]);

/* Capitals, blanks and dashes do not count. The text as enrol_words() writes it. */
MUST_USE ErrCode enrol_words_parse(Text typed, char out[ENROL_WORDS_MAX], Err *err);

/* A request that waits at headquarters. */
typedef struct Enrolment {
    char words[ENROL_WORDS_MAX];
    Bytes bytes;
    EnrolRequest request;
    uint64_t taken_ms; /* by the clock here */
    Id approved_by;    /* the first of two accounts; nil: nobody yet */
    CertificateRole role;
    Warrant warrant; /* what the first one approved */
} Enrolment;

typedef struct Enrolments {
    Enrolment *items;
    size_t count;
} Enrolments;

/* Those that are not too old. */
MUST_USE ErrCode enrolments_load(Store *store, const Node *node, Arena *arena,
                                 Enrolments *out_enrolments, Err *err);

MUST_USE ErrCode enrolments_add(Store *store, const Node *node, Bytes request,
                                char out_words[ENROL_WORDS_MAX], Err *err) ONLY_ON(writer_role);

typedef struct EnrolWish {
    Text words;
    Id account; /* who approves */
    CertificateRole role;
    Warrant warrant;
} EnrolWish;

/* The first approval is kept; the second, by somebody else for the same, issues the certificate.
 * `out_node` is the node's short name then, else 0. */
MUST_USE ErrCode enrol_approve(Engine *engine, const Actor *actor, const EnrolWish *wish,
                               uint64_t *out_node, Err *err) ONLY_ON(writer_role);

/* What comes back to the box, as text: who gives it, and the chain. */
MUST_USE ErrCode enrol_grant(Store *store, const Node *node, uint64_t node_short, Buf *out,
                             Err *err);

/* At the box: takes on the chain, and the giver as its parent. */
MUST_USE ErrCode enrol_accept(Store *store, const Node *node, Text grant, Err *err)
    ONLY_ON(writer_role);
