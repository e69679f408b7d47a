#pragma once
/*
 * backup — a whole node in one file: its journal, what is kept beside it, its keys and rules.
 *
 * It is taken from one moment of a reader's connection while the node goes on, pressed, sealed to
 * recovery keys or a passphrase, and signed by the node. It names the state hash that a node made
 * from it must come to. It is of no database: a backup of one fills the other.
 *
 *     backup := "TPBACKUP", u8 version (1), frame*        frames as in a bundle
 *     type 1  head   JSON: made_ms, name, node, epoch, role, state_hash
 *     type 2  file   u8 size, path below the node's directory, its bytes
 *     type 3  rows   u8 size, name of a table, u8 size, types of its columns, rows (store/kept.h)
 *     type 4  end    u64 rows, 32 bytes SHA-256 of all before this frame, 64 bytes signature of
 *                    the node over "tongpin backup" || that digest
 *
 *   Owns     nothing.
 *   Threads  writing: a reader's store. Filling: the writer's.
 *   Bounds   BACKUP_FILE_MAX for a file, FRAME_BYTES_MAX for a frame
 *   Errors   ERR_CORRUPT  cut, changed, or not what it names
 *            ERR_INVALID  no backup, or by a later version
 */
#include "engine/node.h"
#include "sync/pack.h"

#define BACKUP_FILE_MAX  ((size_t)4 << 20)
#define BACKUP_NAME_MAX  100
#define BACKUP_PATH_MAX  64
#define BACKUP_HEAD_MAX  ((size_t)4096)
#define BACKUP_ROWS_SIZE ((size_t)256 * 1024) /* in one frame, or one row that is larger */

typedef struct BackupFacts {
    char name[BACKUP_NAME_MAX + 1]; /* of the node */
    uint64_t node_short;
    unsigned epoch;
    uint64_t made_ms;
    Digest state; /* the state hash it must come to */
    uint64_t row_count;
    uint64_t file_count;
    uint64_t byte_count; /* before pressing */
} BackupFacts;

/* One moment of the node, as the reader's store shows it. */
MUST_USE ErrCode backup_write(const Node *node, Store *reader, const AgeTo *to, AgePut put,
                              void *context, BackupFacts *out_facts, Err *err);

/* Gets each file of a backup. `path` is below the node's directory, and harmless. */
typedef ErrCode (*BackupFile)(void *context, const char *path, Bytes bytes, Err *err);

/* What becomes of the parts of a backup that is read. */
typedef struct BackupSink {
    Store *store; /* in a transaction; NULL: rows are only checked */
    BackupFile file;
    void *context;
} BackupSink;

/* Reads all of it, to its signature. What the sink got before a failure is to be thrown away. */
MUST_USE ErrCode backup_read(const AgeWith *with, AgeGet get, void *context, const BackupSink *sink,
                             BackupFacts *out_facts, Err *err);
