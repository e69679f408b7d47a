#pragma once
/*
 * fault — what exactly is wrong with a piece of journal: which stream, which entry, what kind.
 *
 * Whoever notices a fault fills in what it knows; the same facts go into the words of the error.
 * Names are stable: they stand in reports and in the answers of `tongpin verify`.
 *
 *   Owns     nothing: a value.
 */
#include "journal/stream.h"
#include "seal/hash.h"

#define FAULT_DETAIL_MAX 80

typedef enum FaultKind {
    FAULT_NONE = 0,
    FAULT_BAD_MAGIC,         /* not a bundle at all */
    FAULT_UNKNOWN_VERSION,   /* a bundle of a later layout */
    FAULT_UNKNOWN_SUITE,     /* signed or hashed with algorithms this version has not */
    FAULT_TRUNCATED,         /* the bytes end too early */
    FAULT_BAD_FRAME,         /* a frame that is too large or makes no sense */
    FAULT_BAD_CHECK,         /* a frame's check value does not fit: damaged on the way */
    FAULT_BAD_HEADER,        /* a segment header that contradicts itself */
    FAULT_UNKNOWN_NODE,      /* a segment of a node whose key is not here */
    FAULT_WRONG_KEY,         /* a key that is not that of the node it stands for */
    FAULT_UNTRUSTED,         /* signed by somebody who is not trusted */
    FAULT_BAD_SIGNATURE,     /* not signed by that key, or changed since */
    FAULT_GAP,               /* entries are missing between two segments of a stream */
    FAULT_DUPLICATE,         /* the same entries twice */
    FAULT_REORDERED,         /* segments in another order than they were written */
    FAULT_FORKED,            /* two histories for the same numbers of one stream */
    FAULT_ROLLED_BACK,       /* the stream was longer when it was last seen */
    FAULT_CHAIN_BROKEN,      /* the entries do not lead to the head that was signed */
    FAULT_BAD_ENTRY,         /* an entry that cannot be one */
    FAULT_MISSING_ENTRY,     /* fewer entries than the header says */
    FAULT_SURPLUS_ENTRY,     /* more entries than the header says */
    FAULT_BODY_MISMATCH,     /* a body that its entry did not commit to */
    FAULT_MISSING_SEGMENT,   /* listed in the manifest, but not here */
    FAULT_EXTRA_SEGMENT,     /* here, but not listed in the manifest */
    FAULT_OTHER_STREAM,      /* of a stream that the manifest does not speak of */
    FAULT_MANIFEST_MISMATCH, /* not the bytes that the manifest was signed over */
    FAULT_SURPLUS_BYTES,     /* something follows the end */
    FAULT_OUT_OF_SCOPE,      /* it speaks for a scope that its node was not given */
    FAULT_REVOKED,           /* its node is not accepted any more */
    FAULT_EXPIRED,           /* the certificate of its node has run out */
    FAULT_KIND_COUNT
} FaultKind;

typedef struct Fault {
    FaultKind kind;
    bool has_stream;
    StreamName stream;
    uint64_t first_bad; /* sequence numbers; the fault lies within first_bad .. last_bad */
    uint64_t last_bad;  /* both 0 when the fault is not about entries */
    bool has_hashes;
    Digest expected;
    Digest actual;
    size_t offset;                 /* in a bundle: where the bad frame begins */
    char detail[FAULT_DETAIL_MAX]; /* more words, often none */
} Fault;

/* Such as "chain_broken". Never NULL. */
const char *fault_name(FaultKind kind);

/* One sentence: what the kind means. Never NULL. */
const char *fault_words(FaultKind kind);

/* Adds the detail, cut to its room, and says it all in `err`; returns ERR_CORRUPT. */
MUST_USE ErrCode fault_set(Fault *fault, const char *detail, Err *err);

/* The words of a fault again, after more became known about it. */
MUST_USE ErrCode fault_say(const Fault *fault, Err *err);
