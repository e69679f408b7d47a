#pragma once
/*
 * trust_chain — the certificates between this node and the root, as this node keeps them.
 *
 * Lines of hexadecimal digits: the root's key, then certificates, each signed by the node of the
 * line before it; the last one is this node's. Kept beside the journal, since it is what lets a new
 * node believe the first entries it gets.
 *
 *   Owns     nothing: it lies in the arena given.
 *   Threads  those of the store.
 *   Errors   ERR_INVALID  no such chain
 */
#include "journal/certificate.h"
#include "store/store.h"
#include "sync/trust.h"

typedef struct Chained {
    bool has_root;
    PublicKey root;
    Certificate links[TRUST_DEPTH_MAX]; /* from just below the root down to this node's own */
    Text texts[TRUST_DEPTH_MAX];
    size_t count;
} Chained;

MUST_USE ErrCode chain_parse(Text lines, Arena *arena, Chained *out_chain, Err *err);

/* Empty where nothing was adopted. */
MUST_USE ErrCode chain_load(Store *store, Arena *arena, Chained *out_chain, Err *err);

/* The root, or a node between it and this one. */
bool chain_is_above(const Chained *chain, uint64_t node_short);

MUST_USE ErrCode certificate_from_text(Text text, Arena *arena, Certificate *out_certificate,
                                       Err *err);
