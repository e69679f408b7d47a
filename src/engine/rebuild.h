#pragma once
/*
 * rebuild — the projection thrown away and made again from the journal.
 *
 * Every entry is replayed in the order of arrival into empty tables, then stays and head counts
 * are derived. The result has the same state hash as before: that is what makes the tables a mere
 * projection. Blind indexes are worked out again from the sealed fields, which needs the keys.
 *
 *   Threads  the writer. One transaction: a rebuild that is cut short changes nothing.
 *   Errors   ERR_CORRUPT  an entry that cannot be read; its number is named
 */
#include "engine/engine.h"

typedef struct RebuildReport {
    int64_t entry_count;
    int64_t unknown_count; /* entries of kinds that this version does not know */
    int64_t erased_count;  /* personal entries whose body is gone */
} RebuildReport;

MUST_USE ErrCode engine_rebuild(Engine *engine, RebuildReport *out_report, Err *err)
    ONLY_ON(writer_role);

/* The same, when a new version has new tables: before anybody looks. */
MUST_USE ErrCode engine_rebuild_if_needed(Engine *engine, Err *err) ONLY_ON(writer_role);
