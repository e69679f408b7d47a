#pragma once
/*
 * trust — the tree of nodes: who certified whom, for which scopes, until when, and who is revoked.
 *
 * The root's key is pinned at every node; a node without a root is its own. A certificate counts
 * when its chain leads to the root, each link within what the one above it was given. Certificates
 * and revocations are facts in what a node says to all below it, so they travel like everything
 * else, and a renewed certificate reaches its node by itself.
 *
 * Whether one has run out is judged by the machine's clock or by the newest entry of this node or
 * of the nodes above it, whichever is later: a clock that was lost makes nobody younger, and an
 * entry of some box with a clock in the future makes nobody older.
 *
 *   Owns     nothing.
 *   Threads  those of the store; what takes an Engine belongs to the writer, within a group.
 *   Bounds   TRUST_DEPTH_MAX certificates up to the root, TRUST_POSITIONS_MAX streams of a node
 *            that is revoked
 *   Errors   ERR_INVALID  a certificate that does not lead to the root, a wish outside of one's own
 *                         scopes
 *            ERR_LIMIT    too many streams
 */
#include "engine/engine.h"
#include "engine/warrant.h"
#include "journal/certificate.h"

#define TRUST_DEPTH_MAX     8
#define TRUST_POSITIONS_MAX 30
#define TRUST_DAYS          400 /* a certificate is good for thirteen months */
#define TRUST_RENEW_DAYS    60  /* and is renewed so long before its end */
#define TRUST_BYTES         ((size_t)64 * 1024)

typedef enum TrustState {
    TRUST_NONE,    /* nobody certified it */
    TRUST_VALID,   /* and its parent vouches for it now */
    TRUST_EXPIRED, /* it was certified; have it renewed */
} TrustState;

typedef struct Trust {
    TrustState state;
    Certificate certificate; /* the best there is; lies in the arena */
} Trust;

/* What is later: the clock, or the newest entry of this node and of those above it. */
MUST_USE ErrCode trust_now(Store *store, const Node *node, uint64_t *out_ms, Err *err);

MUST_USE ErrCode trust_root(Store *store, const Node *node, PublicKey *out_key, Err *err);

MUST_USE ErrCode trust_judge(Store *store, const Node *node, uint64_t node_short, uint64_t now_ms,
                             Arena *arena, Trust *out_trust, Err *err);

/* Whether a node is the root or among those between this one and the root. */
MUST_USE ErrCode trust_is_above(Store *store, const Node *node, uint64_t node_short, bool *out_is,
                                Err *err);

/* Whether the node of a stream was revoked, and up to which of its entries it counts; 0: none. */
MUST_USE ErrCode trust_limit(Store *store, const Node *node, const StreamName *stream,
                             bool *out_is_revoked, uint64_t *out_last_seq, Err *err);

typedef struct CertificateWish {
    PublicKey key;
    uint8_t sealing[SEALING_KEY_SIZE];
    CertificateRole role;
    Text name;
    Warrant warrant;
    unsigned days; /* 0: TRUST_DAYS */
} CertificateWish;

/* Certifies a node, or one again that is renewed. Appends the certificate to `out`. */
MUST_USE ErrCode trust_issue(Engine *engine, const Actor *actor, const CertificateWish *wish,
                             Buf *out, Err *err) ONLY_ON(writer_role);

/* From now on nothing of the node counts behind what is here. */
MUST_USE ErrCode trust_revoke(Engine *engine, const Actor *actor, uint64_t node_short, Text reason,
                              Err *err) ONLY_ON(writer_role);

/* This node's own certificates, its parent's behind it and so on: as hexadecimal lines, from the
 * root's key on. Empty at the root. */
MUST_USE ErrCode trust_chain(Store *store, const Node *node, uint64_t node_short, Buf *out,
                             Err *err);

/* Takes on what trust_chain() wrote for this node: the root's key is pinned with it. Refused unless
 * the chain is whole and for this node, and by a root other than the one pinned. */
MUST_USE ErrCode trust_adopt(Store *store, const Node *node, Text chain, Err *err);
