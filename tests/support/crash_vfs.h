#pragma once
/*
 * crash_vfs — a disk in memory, for SQLite, whose power can be cut and which can fail.
 *
 * Each file has two images: what the machine sees, and what would be there after a power cut. Only
 * a sync makes the second equal to the first. At a cut every 512-byte sector that was written and
 * not synced is kept, lost, or filled with garbage where it was written; a change of size is kept
 * or lost; a file made and never synced may be gone, one removed without a directory sync may be
 * back. All by chance, from one seed. Bytes beside those being written are safe: SQLite takes that
 * for granted of every disk ("powersafe overwrite"), and so must we.
 *
 *     CrashVfs *disk = crash_vfs_install(seed);
 *     … StoreOptions.vfs_name = crash_vfs_name(disk) …
 *     crash_vfs_cut_at(disk, 17);  … work until the store breaks … store_close(&store);
 *     crash_vfs_power_on(disk);    … open it again and look …
 *     crash_vfs_remove(&disk);
 *
 * After a cut, every handle that was open fails for ever: the machine it belonged to is off.
 *
 *   Owns     the files. They outlive stores and cuts, until crash_vfs_remove().
 *   Threads  any number: one lock is held for each operation.
 *   Counts   "operations" are those that change the disk or can find it full: write, truncate,
 *            sync, removal, and the making of a file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CrashVfs CrashVfs;

typedef enum CrashFault {
    CRASH_EIO,  /* the disk fails */
    CRASH_FULL, /* no space left: writes fail, half written; other operations go on */
} CrashFault;

typedef struct CrashCounts {
    uint64_t operations;
    uint64_t syncs;
    uint64_t failed_syncs;
    uint64_t sync_after_failure; /* syncs asked for after one had failed: must stay 0 */
    uint64_t reader_operations;  /* through handles opened read-only: must stay 0 */
    uint64_t main_writes;        /* into a database file: a checkpoint, or its making */
} CrashCounts;

CrashVfs *crash_vfs_install(uint64_t seed);
void crash_vfs_remove(CrashVfs **vfs); /* every store on it is closed */

const char *crash_vfs_name(const CrashVfs *vfs);

/* The power fails now, or in the middle of the n-th operation from now (n from 1; 0: never). */
void crash_vfs_cut(CrashVfs *vfs);
void crash_vfs_cut_at(CrashVfs *vfs, uint64_t operation);
bool crash_vfs_is_off(const CrashVfs *vfs);
void crash_vfs_power_on(CrashVfs *vfs);

/* The n-th operation from now fails, once or from then on; n = 0: no more failing. */
void crash_vfs_fail_at(CrashVfs *vfs, uint64_t operation, CrashFault fault, bool is_lasting);
bool crash_vfs_has_failed(const CrashVfs *vfs); /* since the last crash_vfs_fail_at() */

/* A sync says yes and does nothing: no software survives that, and a test shows it notices. */
void crash_vfs_lie(CrashVfs *vfs, bool is_lying);

CrashCounts crash_vfs_counts(const CrashVfs *vfs);

/* Copies all files of one disk, as they are durable, to another, which forgets its own. */
void crash_vfs_copy(CrashVfs *to, const CrashVfs *from);

/* Flips one bit of a file's durable and visible bytes; false when the file has no such byte. */
bool crash_vfs_flip(CrashVfs *vfs, const char *path, uint64_t bit);
/* Whether any file holds these bytes, as it is seen or as it would be after a cut; files that were
 * removed and may come back count too. */
bool crash_vfs_holds(const CrashVfs *vfs, const void *bytes, size_t size);
uint64_t crash_vfs_size(const CrashVfs *vfs, const char *path);
