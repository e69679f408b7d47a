#pragma once
/*
 * host — everything that is not deterministic, as one struct of functions.
 *
 * The clock, randomness and files reach the program through a Host. The product passes
 * host_real(); a test passes its own, with virtual time, seeded randomness and a disk that tears
 * and forgets, and so replays any run exactly. These are the raw steps; host/file.h makes safe
 * habits of them, such as replacing a file so that a power cut leaves the old one or the new one.
 *
 *   Owns     nothing: `context` belongs to whoever made the Host.
 *   Threads  host_real() may be used from any thread at once.
 *   Errors   ERR_NOT_FOUND  nothing stands under that path
 *            ERR_CONFLICT   something stands there already
 *            ERR_LIMIT      a file is larger than the caller allows
 *            ERR_IO         the machine said no, in its own words
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

typedef enum FileMode {
    FILE_OPEN_TO_ALL = 0644,
    FILE_PRIVATE = 0600,
    FILE_SECRET = 0400,
    DIR_OPEN_TO_ALL = 0755,
    DIR_PRIVATE = 0700,
} FileMode;

typedef struct FileFacts {
    uint64_t size;
    unsigned mode; /* the lowest nine bits: who may read, write and enter */
    bool is_directory;
    bool is_ours; /* belongs to the user we run as */
} FileFacts;

/* One name found in a directory; "." and ".." are left out. */
typedef void (*DirVisit)(void *visitor, const char *name);

typedef struct Host {
    void *context;
    uint64_t (*now_ms)(void *context);       /* since 1970; may jump */
    uint64_t (*monotonic_ms)(void *context); /* since some start; never steps back */
    void (*random_bytes)(void *context, uint8_t *out, size_t size);

    /* Adds the whole file to `out`. */
    ErrCode (*file_read)(void *context, const char *path, size_t size_max, Buf *out, Err *err);
    ErrCode (*file_facts)(void *context, const char *path, FileFacts *out_facts, Err *err);

    /* Makes a new file; what stood there is removed first. Not on the disk before file_sync(). */
    ErrCode (*file_put)(void *context, const char *path, Bytes bytes, FileMode mode, Err *err);
    ErrCode (*file_sync)(void *context, const char *path, Err *err);

    /* Adds to the end of a file, which is made when it is not there. */
    ErrCode (*file_append)(void *context, const char *path, Bytes bytes, Err *err);

    /* Up to `most` bytes from `offset` on; *out_size is 0 at the end. */
    ErrCode (*file_read_at)(void *context, const char *path, uint64_t offset, uint8_t *out,
                            size_t most, size_t *out_size, Err *err);

    /* What memory keeps of a synced file is given up, so that reading it asks the disk again, as
     * far as the machine does what it is asked. */
    ErrCode (*file_forget)(void *context, const char *path, Err *err);

    /* Takes the place of a file at `to`. A new name is sure only after dir_sync(). */
    ErrCode (*file_rename)(void *context, const char *from, const char *to, Err *err);
    ErrCode (*file_remove)(void *context, const char *path, Err *err); /* or an empty directory */

    ErrCode (*dir_make)(void *context, const char *path, FileMode mode, Err *err);
    ErrCode (*dir_list)(void *context, const char *path, DirVisit visit, void *visitor, Err *err);
    ErrCode (*dir_sync)(void *context, const char *path, Err *err);
} Host;

/* The machine we run on. A constant. */
const Host *host_real(void);

uint64_t host_now_ms(const Host *host);
uint64_t host_monotonic_ms(const Host *host);
void host_random(const Host *host, uint8_t *out, size_t size);
