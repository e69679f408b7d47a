#pragma once
/*
 * crash_disk — files in memory with two images each: what is seen, and what survives a power cut.
 *
 * The part of crash_vfs that knows nothing of SQLite: chance, sectors, names, and the counting of
 * operations until something is to happen. The caller holds a lock around each call.
 *
 *   Invariants  (1) place_of() never finds a ghost: a file that was removed, though a cut may bring
 *                   it back;
 *               (2) after a cut no old Inode is listed, so a handle on one is a handle on nothing.
 *   Owns        its files. An Inode that is not listed any more lives until its last handle goes.
 */
#include <stddef.h>

#include "support/crash_vfs.h"
#include "support/prop.h"

#define CRASH_FILES_MAX   16
#define CRASH_PATH_MAX    96
#define CRASH_SHM_REGIONS 64
#define CRASH_SHM_LOCKS   8
#define CRASH_SECTOR_SIZE 512U

typedef struct Image {
    uint8_t *at;
    size_t size;
    size_t room;
} Image;

/* A file of one life of the machine. After a cut its successor carries the bytes on, and this one
 * stays only until the last handle on it is closed. */
typedef struct Inode {
    char path[CRASH_PATH_MAX];
    Image seen;
    Image durable;
    uint8_t *is_dirty; /* by sector of `seen`: written since the last sync */
    size_t dirty_room;
    bool is_entry_durable; /* the directory knows it for good */
    bool is_ghost;         /* removed, but not for good: a cut may bring it back */
    bool is_main;          /* a database, not a log */
    unsigned handle_count;

    unsigned shared_count; /* locks on the file */
    const void *reserved_by;
    const void *exclusive_by;

    void *regions[CRASH_SHM_REGIONS]; /* shared memory of the log's index */
    int region_size;
    unsigned shm_shared[CRASH_SHM_LOCKS];
    const void *shm_exclusive[CRASH_SHM_LOCKS];
} Inode;

typedef struct CrashDisk {
    Prng prng;
    uint64_t life; /* counts the cuts; a handle of another life is dead */
    bool is_off;
    bool is_lying;
    Inode *inodes[CRASH_FILES_MAX]; /* the listed ones */

    uint64_t cut_in; /* operations until the power fails; 0 never */
    uint64_t fail_in;
    CrashFault fault;
    bool is_lasting;
    bool has_failed;
    CrashCounts counts;
} CrashDisk;

typedef enum Outcome { DONE, FAILED, NO_SPACE } Outcome;

/* Stops the program when there is no memory. */
void *must_have(void *memory);

Inode *inode_new(CrashDisk *disk, const char *path); /* listed, empty, without handles */
void inode_put(Inode *inode, const void *bytes, size_t size, size_t offset);
void inode_resize(Inode *inode, size_t size);
void inode_make_durable(Inode *inode);
void inode_forget_dirt(Inode *inode); /* what was written since the last sync is never synced */
void inode_release(Inode *inode, bool is_listed); /* frees it when nobody needs it any more */

size_t disk_place_of(const CrashDisk *disk, const char *path); /* CRASH_FILES_MAX: no such file */
bool disk_lists(const CrashDisk *disk, const Inode *inode);
void disk_make_entry_durable(CrashDisk *disk, Inode *inode);
void disk_remove(CrashDisk *disk, size_t place, bool is_synced);
void disk_copy(CrashDisk *to, const CrashDisk *from); /* the durable images */
void disk_forget_files(CrashDisk *disk);

/* Counts an operation, and says what comes of it. */
Outcome disk_count(CrashDisk *disk, bool is_readonly);

/* After an operation took effect in memory: whether the power fails now. */
bool disk_maybe_cut(CrashDisk *disk);
void disk_cut(CrashDisk *disk);
