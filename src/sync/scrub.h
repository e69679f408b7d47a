#pragma once
/*
 * scrub — reads every byte a node has and proves it again: files, tables, entries, signatures.
 *
 * Where `verify` asks whether the journal is whole, this asks the disk for everything: the database
 * with its indexes, each row of each table that is kept, each entry with its chain and signature,
 * each row that is derived, keys and rules. What is damaged is named as precisely as it can be.
 *
 *   Threads  any: it opens readers of its own, and the node may go on meanwhile.
 *   Errors   none: whatever goes wrong is told.
 */
#include "engine/verify.h"

typedef struct ScrubReport {
    int64_t table_count;
    int64_t row_count;
    int64_t entry_count;
    int64_t segment_count;
    int64_t file_count;
    int64_t damage_count;
} ScrubReport;

/* `where`: "database", "table NAME", "journal", "state" or a file; `words` name the place in it. */
typedef void (*ScrubTell)(void *context, const char *where, const char *words);

void scrub(const Node *node, ScrubTell tell, void *context, ScrubReport *out_report);
