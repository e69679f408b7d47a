#pragma once
/*
 * grant — the scopes a node was given: a warrant, as a value, as text and as bytes.
 *
 * What comes of it is for engine/warrant.h.
 *
 *   Owns     nothing: values.
 *   Bounds   WARRANT_GRANTS_MAX
 *   Errors   ERR_INVALID  not a list of scopes
 */
#include "base/buf.h"
#include "base/id.h"
#include "journal/cursor.h"

#define WARRANT_GRANTS_MAX 16
#define WARRANT_TEXT_MAX   (WARRANT_GRANTS_MAX * (ID_TEXT_MAX + 2))

typedef struct ScopeGrant {
    Id scope;
    bool with_below; /* of a unit: all units and projects below it, too */
} ScopeGrant;

typedef struct Warrant {
    bool is_everything; /* the node is not bounded */
    bool is_expired;    /* its certificate has run out: nothing of it is taken in until a new one */
    bool is_revoked;    /* of the stream that is asked about, nothing behind `last_seq` */
    uint64_t last_seq;
    ScopeGrant grants[WARRANT_GRANTS_MAX];
    size_t count;
} Warrant;

/* Ids separated by commas, "+" behind one: with everything below. "*" or empty: everything;
 * "-": nothing. */
MUST_USE ErrCode warrant_parse(Text text, Warrant *out_warrant, Err *err);
const char *warrant_write(const Warrant *warrant, char out[WARRANT_TEXT_MAX]);

/* u8 count (255: everything), then 16 bytes and u8 0 or 1 for each. */
void warrant_put(Buf *buf, const Warrant *warrant);
Warrant warrant_get(Cursor *cursor);
