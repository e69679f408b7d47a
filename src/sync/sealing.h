#pragma once
/*
 * sealing — the keys to which bundles are sealed: this node's own, and those of others.
 *
 * Every node has a pair of them beside the key it signs with. The public one travels in every
 * bundle of its node, under the signature of the manifest, so whoever has read one bundle of a peer
 * can seal to it; or a person types it in.
 *
 *   Owns     nothing. A ReaderSecret is the caller's, who ends it.
 *   Threads  those of the store; only the writer keeps keys, within a transaction.
 *   Errors   ERR_NOT_FOUND  no key of that node is known; says what to do
 */
#include "engine/node.h"
#include "seal/age.h"

/* False when the node was made by an earlier version and nothing was written since. */
bool sealing_own(const Node *node, ReaderSecret *out_secret, ReaderKey *out_key);

MUST_USE ErrCode sealing_find(Store *store, uint64_t node_short, bool *out_found,
                              ReaderKey *out_key, Err *err);

/* `stamp`: of the bundle it came in; 0 when a person says it. An older one changes nothing. */
MUST_USE ErrCode sealing_keep(Store *store, uint64_t node_short, uint64_t stamp,
                              const ReaderKey *key, Err *err);

/* As sealing_find(), for a bundle that is to be sealed to `name`. */
MUST_USE ErrCode sealing_load(Store *store, uint64_t node_short, Text name, ReaderKey *out_key,
                              Err *err);
