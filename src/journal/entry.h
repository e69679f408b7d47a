#pragma once
/*
 * entry — one fact as bytes: who wrote what about which thing, and when.
 *
 * Entries are stored, chained and forwarded as they came, never re-encoded. There is exactly one
 * way to write an entry, and the decoder refuses every other, so decoding and encoding again
 * gives the same bytes. docs/journal.md describes them for other implementers.
 *
 * What this version's vocabulary does not know, or cannot make sense of, is no error: such
 * fields stay out of the record, are counted, and are carried over when the entry is written
 * again. A personal entry chains only a commitment to its payload; the payload with its salt is
 * the body, kept beside it, and the entry stays valid when the body has been erased.
 *
 *   Owns     nothing: a decoded entry borrows from the bytes it was decoded from.
 *   Threads  any.
 *   Bounds   ENTRY_BYTES_MAX for the chained bytes, ENTRY_BODY_BYTES_MAX for the body
 *   Errors   ERR_CORRUPT  the bytes are not an entry of this stream, or the body is not the
 *                         one that was committed to
 *            ERR_INVALID  an entry that cannot be written: no later stamp, no salt, no subject
 *            ERR_LIMIT    larger than the bounds
 */
#include "base/buf.h"
#include "journal/hlc.h"
#include "journal/stream.h"
#include "seal/hash.h"
#include "vocab/record.h"

#define ENTRY_BYTES_MAX      ((size_t)64 * 1024)
#define ENTRY_BODY_BYTES_MAX ((size_t)64 * 1024)
#define SALT_SIZE            16

typedef enum EntryVerb {
    VERB_CREATE = 0, /* a new thing; its id is the entry's */
    VERB_CHANGE = 1, /* some fields of a thing */
    VERB_VOID = 2,   /* the thing was a mistake */
} EntryVerb;

typedef struct Entry {
    uint64_t stamp; /* when it was recorded, by the clock of the node that wrote it */
    Id id;          /* stamp, node and epoch as an id; filled in by decoding */
    uint32_t kind;
    const KindInfo *kind_info; /* NULL for a kind that this version does not know */
    EntryVerb verb;
    bool is_personal;
    bool is_critical; /* a reader that does not know the kind must not fold past it silently */
    bool has_occurred;
    int64_t occurred_ms; /* when it happened, as the person says */
    Id actor;            /* nil when nobody is named */
    Id subject;          /* the thing it is about; of a create, the entry's own id */
    Id base;  /* the last entry about the subject that the author knew; not of a create */
    Id cause; /* the act it belongs to; nil when it stands for itself */

    bool is_erased;          /* personal, and the body is not here */
    uint8_t salt[SALT_SIZE]; /* of a personal entry that is not erased; drawn by the caller */
    Digest commitment;       /* of a personal entry; filled in by decoding */

    Record record;         /* the fields this version knows; empty when kind_info is NULL */
    Bytes payload;         /* all fields as they were read; empty in an entry made here */
    unsigned unread_count; /* fields in the payload that are not in the record */
} Entry;

/* An entry about to be written: everything empty but what is given. `kind` must be known. */
void entry_init(Entry *entry, const KindInfo *kind, EntryVerb verb, uint64_t stamp);

/* Appends the chained bytes, and the body of a personal entry, to the two buffers.
 * `previous_stamp` is that of the entry before it in the stream, 0 for the first. Writes nothing
 * to either on failure. */
MUST_USE ErrCode entry_encode(const Entry *entry, const StreamName *stream, uint64_t previous_stamp,
                              Buf *chained, Buf *body, Err *err);

/* `body` of a plain or erased entry has `at` == NULL. */
MUST_USE ErrCode entry_decode(Bytes chained, Bytes body, const StreamName *stream,
                              uint64_t previous_stamp, Entry *out_entry, Err *err);

/* The two halves of entry_decode(): without its body an entry of a personal kind is erased. */
MUST_USE ErrCode entry_decode_chained(Bytes chained, const StreamName *stream,
                                      uint64_t previous_stamp, Entry *out_entry, Err *err);
MUST_USE ErrCode entry_decode_body(Entry *entry, Bytes body, const StreamName *stream, Err *err);

/* Is this the body that the entry's author committed to? Never, for a plain entry. */
bool entry_body_fits(const Entry *entry, Bytes body);
