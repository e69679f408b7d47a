#pragma once
/*
 * process — what we can learn about ourselves: size, open files, where we stand; and one lock.
 *
 *   Owns     a DirLock holds its directory until dir_unlock() or the end of the process.
 *   Threads  any.
 *   Errors   ERR_BUSY  another process holds the directory
 *            ERR_IO    the machine said no
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Memory of this process that is in use now (RSS); 0 where /proc does not say. */
size_t process_memory_bytes(void);

/* How many file descriptors are open; 0 where /proc does not say. */
size_t process_open_files(void);

uint64_t process_number(void); /* our process id */

/* The file this program runs from. */
MUST_USE ErrCode process_program(Arena *arena, const char **out_path, Err *err);

typedef struct DiskFacts {
    size_t block_bytes;
    uint64_t free_bytes; /* for us, not for root */
    bool is_volatile;    /* gone with the power: tmpfs */
    bool is_remote;      /* over a network, where locks and syncs promise less */
} DiskFacts;

/* About the file system that `path` stands on. */
MUST_USE ErrCode process_disk(const char *path, DiskFacts *out_facts, Err *err);

typedef struct DirLock {
    int descriptor; /* one more than the machine's, so that {0} holds nothing */
} DirLock;

/* Only one process may hold a directory. The machine frees it when that process dies. */
MUST_USE ErrCode dir_lock(DirLock *lock, const char *directory, Err *err);
void dir_unlock(DirLock *lock);

/* Keeps what we hold in memory out of core dumps and away from debuggers of other users. */
void process_hide_memory(void);
