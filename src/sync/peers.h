#pragma once
/*
 * peers — the nodes this one exchanges with: who they are, by their keys, and what they may have.
 *
 * A peer is added by a person who compared its key with the one shown at the peer. From then on its
 * signature under a bundle counts, and so do the keys of further nodes it vouches for there.
 *
 *   Owns     nothing: a list lies in the arena it was loaded into.
 *   Threads  those of the store; only the writer changes the list.
 *   Bounds   PEERS_MAX peers
 *   Errors   ERR_CONFLICT   a peer of this name or key is there already
 *            ERR_NOT_FOUND  there is no such peer
 *            ERR_INVALID    not a key, a name or a list of scopes
 */
#include "base/id.h"
#include "engine/warrant.h"
#include "journal/stream.h"
#include "store/store.h"

#define PEERS_MAX         2000
#define PEER_NAME_MAX     100
#define PEER_KEY_TEXT_MAX 73 /* 64 digits in groups of eight, and a NUL */

typedef struct Peer {
    Text name;
    PublicKey key;
    uint64_t node_short;
    Warrant warrant; /* what it may have, and speak for */
    bool is_above;   /* these three by peer_resolve(): between us and the root, or the root */
    bool is_parent;  /* it certified us */
    bool is_revoked;
} Peer;

typedef struct Peers {
    Peer *items;
    size_t count;
} Peers;

MUST_USE ErrCode peers_load(Store *store, Arena *arena, Peers *out_peers, Err *err);

/* NULL when it is not a peer. */
const Peer *peer_by_node(const Peers *peers, uint64_t node_short);

/* By its name, or by the ten digits of its short name. */
MUST_USE ErrCode peer_named(const Peers *peers, Text word, const Peer **out_peer, Err *err);

/* In a transaction of their own. */
MUST_USE ErrCode peers_add(Store *store, const Peer *peer, Err *err);
MUST_USE ErrCode peers_remove(Store *store, Text word, Err *err);

/* Hexadecimal in groups of eight, as people compare it; blanks and dashes do not count. */
const char *peer_key_write(const PublicKey *key, char out[PEER_KEY_TEXT_MAX]);
MUST_USE ErrCode peer_key_parse(Text text, PublicKey *out_key, Err *err);
