#pragma once
/*
 * receive — takes in what another node wrote: a signed segment of one of its streams, or, from the
 * author itself, entries that it has not signed yet.
 *
 * A segment is proven first, whole: its entries, their chain, the signature of the node. Then it is
 * compared with what is here of the stream. What is here already is skipped; what follows is
 * appended byte for byte and shown. Nothing is refused for what it says: entries that this version
 * does not understand, that contradict others, or that lead to things that are not here are kept
 * and shown as far as they make sense. What its node may not speak for is left where it is, and
 * with it all that follows in that stream; see warrant.h.
 *
 * Unsigned entries are a tail behind the last segment of their stream. They are shown like all
 * others and go no further. A seal, which is a segment without its entries, signs the tail later.
 *
 *   Invariants  (1) a stream never has a hole: a segment that does not follow is left where it is;
 *               (2) nothing of a segment that is not proven gets into the store, and of a run
 *                   nothing that cannot be read;
 *               (3) the same segments in any order and number lead to the same state.
 *   Threads     the writer, within a group: engine_begin() … engine_commit().
 *   Bounds      one segment: SEGMENT_BYTES_MAX
 *   Errors      none for what is wrong with a segment: that is a Reception. ERR_IO, ERR_CORRUPT and
 *               ERR_LIMIT: the group is to be rolled back.
 */
#include "engine/engine.h"
#include "engine/warrant.h"
#include "journal/segment.h"

typedef enum ReceptionStatus {
    RECEPTION_NEW,   /* taken in */
    RECEPTION_KNOWN, /* all of it was here */
    RECEPTION_EARLY, /* entries before it are missing: missing_first .. missing_last */
    RECEPTION_BAD,   /* not proven, or another history than the one here: see the fault */
} ReceptionStatus;

typedef struct Reception {
    ReceptionStatus status;
    StreamName stream;
    uint64_t first; /* what the segment holds */
    uint64_t last;
    uint64_t missing_first;
    uint64_t missing_last;
    bool is_from_future; /* its author's clock is further ahead than ours follows */
    Fault fault;
    char words[ERR_MESSAGE_SIZE];
} Reception;

/* `key` is that of the node the stream names; who knows it for sure is the caller. `warrant` says
 * for what that node may speak. */
MUST_USE ErrCode engine_receive(Engine *engine, Bytes segment, const PublicKey *key,
                                const Warrant *warrant, Reception *out, Err *err)
    ONLY_ON(writer_role);

/* Entries of a stream from `first` on, as they stand in a segment, and nothing else. That they come
 * from the author of the stream is for the caller to know. */
MUST_USE ErrCode engine_receive_run(Engine *engine, const StreamName *stream, uint64_t first,
                                    Bytes items, const Warrant *warrant, Reception *out, Err *err)
    ONLY_ON(writer_role);

/* What signs entries that came as a run: RECEPTION_NEW when it signs some that were unsigned. */
typedef struct Seal {
    StreamName stream;
    uint64_t first;
    uint64_t last;
    Signature signature;
} Seal;

MUST_USE ErrCode engine_receive_seal(Engine *engine, const Seal *seal, const PublicKey *key,
                                     Reception *out, Err *err) ONLY_ON(writer_role);
