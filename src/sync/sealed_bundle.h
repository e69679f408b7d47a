#pragma once
/*
 * sealed_bundle — a bundle sealed to the node it is for, so that anybody may carry it.
 *
 * The bundle lies whole inside a file in the format of the age program (seal/age.h), with the short
 * name of its addressee in the clear: who carries it, or finds it, can ask where it belongs.
 *
 *   Owns     nothing: bundles are in the caller's buffer.
 *   Threads  any.
 *   Bounds   CARRY_BYTES_MAX for a bundle
 *   Errors   ERR_CONFLICT  it is sealed for another node, whose name is said where it is known
 *            ERR_INVALID   it is neither a bundle nor a sealed one
 */
#include "sync/peers.h"
#include "sync/sealing.h"

/* Seals it to the node and puts it. */
MUST_USE ErrCode sealed_bundle_write(const Host *host, uint64_t node_short, const ReaderKey *to,
                                     Bytes bundle, AgePut put, void *context, Err *err);

typedef struct Unsealed {
    bool is_sealed;
    bool is_damaged; /* `out` holds what lay before the damage */
    char words[ERR_MESSAGE_SIZE];
} Unsealed;

/* Adds the bundle to `out`, opened when it is sealed; one that is not sealed comes as it is. */
MUST_USE ErrCode sealed_bundle_read(const Node *node, const Peers *peers, AgeGet get, void *context,
                                    Buf *out, Unsealed *out_unsealed, Err *err);
