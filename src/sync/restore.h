#pragma once
/*
 * restore — a node made from a backup, in a directory of its own: proven first, or not at all.
 *
 * The backup is read once to its signature before anything is placed. Then the node is put together
 * beside its directory: files, rows, the projection from the journal, every chain and signature,
 * and the state hash that the backup names. Only then it gets its name. It opens the next epoch at
 * once: what the old node wrote after the backup may be anywhere, and no number is given twice.
 *
 *   Threads  the writer.
 *   Errors   ERR_CONFLICT  something stands in that directory, or in that database
 *            ERR_CORRUPT   the backup is damaged, or does not come to what it names
 *            ERR_LIMIT     the node has lived EPOCH_MAX lives
 */
#include "engine/verify.h"
#include "host/role.h"
#include "sync/backup.h"

typedef struct RestoreWish {
    const char *file; /* on a stick: its parts are read one behind the other */
    const char *directory;
    AgeWith with;
    Text database; /* empty: SQLite in the directory */
} RestoreWish;

typedef struct RestoreReport {
    BackupFacts facts;
    unsigned epoch; /* the one it is in now */
    int64_t entry_count;
    int64_t unsigned_count; /* of entries that nobody else can have */
} RestoreReport;

MUST_USE ErrCode restore(const Host *host, const RestoreWish *wish, RestoreReport *out_report,
                         Err *err) ONLY_ON(writer_role);
