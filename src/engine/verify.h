#pragma once
/*
 * verify — is the journal of this node whole, in order, unchanged, and signed by who it says?
 *
 * Reads every entry of every stream, hashes the chain again, holds each head against the signed
 * segment that covers it, and each personal body against what its entry committed to. What is
 * wrong is named: stream, number of the first bad entry, kind of fault.
 *
 *   Threads  any, with a reader's store.
 *   Errors   ERR_IO, ERR_CORRUPT  the store itself cannot be read; faults of the journal are in
 *                                 the report
 */
#include "engine/node.h"
#include "journal/fault.h"

typedef struct VerifyReport {
    int64_t stream_count;
    int64_t entry_count;
    int64_t segment_count;
    int64_t unsigned_count; /* entries after the last signature: normal while a node runs */
    int64_t fault_count;
    Fault first_fault; /* of the first stream that has one */
    char words[ERR_MESSAGE_SIZE];
} VerifyReport;

MUST_USE ErrCode verify_journal(const Node *node, Store *store, VerifyReport *out_report, Err *err);
