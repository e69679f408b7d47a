#pragma once
/*
 * allowed — which streams may go to a peer, and for what a node may speak whose segments come.
 *
 * What goes and what comes is asked here and nowhere else, whether it travels on a stick or on a
 * line. A peer gets the streams of its scopes. What a node says about itself (audit, imports, its
 * calendar) goes up and never down; what it says to all below it goes both ways, and down only from
 * above. A peer whose certificate has run out gets only that, because a new certificate comes with
 * it; one that was revoked gets nothing.
 *
 *   Owns     nothing. A Hearing borrows what it was begun with.
 *   Threads  those of the store.
 */
#include "engine/node.h"
#include "sync/peers.h"

/* Fills in what the peer's certificate says: its scopes, whether it is above us, whether it was
 * revoked. Before anything is sent to it. */
MUST_USE ErrCode peer_resolve(Store *store, const Node *node, Peer *peer, Err *err);

/* Whether a stream may go to the peer. */
MUST_USE ErrCode allowed_to_go(Store *store, const Node *node, const Peer *to,
                               const StreamName *stream, bool *out_may, Err *err);

/* Listens to what one peer brings; keeps what it found out about the node it heard last. */
typedef struct Hearing {
    Store *store;
    const Node *node;
    const Peers *peers;
    const Peer *carrier; /* who vouches for what it brings; NULL when nobody does */
    uint64_t now_ms;
    bool has_last;
    bool last_found;
    uint64_t last_node;
    Warrant last;
} Hearing;

MUST_USE ErrCode hearing_begin(Hearing *hearing, Store *store, const Node *node, const Peers *peers,
                               const Peer *carrier, Err *err);

/* For what the node of a stream may speak there: what its certificate says, else what it was given
 * as a peer, else what the carrier may speak for. *out_found is false when nobody knows it. */
MUST_USE ErrCode allowed_to_say(Hearing *hearing, const StreamName *stream, bool *out_found,
                                Warrant *out_warrant, Err *err);
