#pragma once
/*
 * state_hash — one digest of everything the derived tables say: equal on any two nodes with the
 * same entries, whatever the order they came in and whichever database keeps them.
 *
 * It is the sum, modulo 2^256, of the SHA-256 of each row in a canonical form. A sum does not
 * depend on order, so no sorting is needed. It tells nodes that went apart; it is no proof
 * against somebody who composes rows to make the sum come out.
 *
 * Canonical row: a tag byte (R row of a kind, S stay, H head count, C conflict); for R the kind's
 * number, the id, the void flag, and each field that has a value: number, then the value;
 * references as ids. Blind indexes are left out: they are a node's own. Numbers are 8 bytes
 * big-endian, texts and bytes stand behind their length.
 *
 *   Threads  those of the store. Reads every row; take one Tx around it to see one moment.
 *   Errors   ERR_CORRUPT  a row leads to a thing that has no id
 */
#include "seal/hash.h"
#include "store/store.h"

MUST_USE ErrCode state_hash(Store *store, Digest *out_hash, Err *err);

/* The same without what a node says about itself (its audit, imports, calendar), which goes up the
 * tree and never down: what two nodes that have each other's entries must agree on. */
MUST_USE ErrCode state_hash_shared(Store *store, Digest *out_hash, Err *err);
