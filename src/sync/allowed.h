#pragma once
/*
 * allowed — which streams may go to a peer, and for what a node may speak whose segments come.
 *
 * What goes and what comes is asked here and nowhere else, whether it travels on a stick or on a
 * line. A peer gets the streams of the scopes it was given. What a node says about itself (audit,
 * imports, its calendar) goes up and never down.
 *
 *   Owns     nothing.
 *   Threads  those of the store.
 */
#include "engine/node.h"
#include "sync/peers.h"

/* Whether a stream may go to the peer. */
MUST_USE ErrCode allowed_to_go(Store *store, const Node *node, const Peer *to,
                               const StreamName *stream, bool *out_may, Err *err);

/* For what a node may speak. Who is no peer speaks for what `carrier`, who vouches for it, may
 * speak for; when nobody does (NULL), *out_found is false. */
MUST_USE ErrCode allowed_to_say(const Node *node, const Peers *peers, const Peer *carrier,
                                uint64_t node_short, bool *out_found, Warrant *out_warrant,
                                Err *err);
