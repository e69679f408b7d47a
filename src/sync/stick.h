#pragma once
/*
 * stick — a file written so that it may be carried away, and read again where it was carried to.
 *
 * Sticks know no modes, tear what is written when they are pulled, say that they have written what
 * they have not, and hold no file of four GiB. So: a short ASCII name, parts that stay below two
 * GiB (FILE, FILE.2, FILE.3 …, to be put together in that order), each written beside as `.part`,
 * synced, renamed, the directory synced, and then read again from the disk and compared. Only then
 * stick_end() is OK. Parts appear from the last to the first: where FILE is, all of it is.
 *
 *   Owns     nothing on the heap; a writer that did not end removes its `.part` files in
 *            stick_done().
 *   Threads  one writer or reader, one thread.
 *   Bounds   STICK_PARTS_MAX parts
 *   Errors   ERR_INVALID  a name that not every stick can hold
 *            ERR_CORRUPT  the stick does not hold what was written
 *            ERR_LIMIT    too large
 */
#include "host/file.h"
#include "seal/hash.h"

#define STICK_PART_BYTES UINT64_C(2000000000)
#define STICK_PARTS_MAX  999
#define STICK_NAME_MAX   100

typedef struct Stick {
    const Host *host;
    const char *path;    /* borrowed */
    uint64_t part_bytes; /* of a part at most */
    uint64_t total;
    unsigned part; /* that is being written, from 1 */
    uint64_t part_size;
    Hash written;
    bool is_begun;
} Stick;

/* `part_bytes`: STICK_PART_BYTES, or less in a test. */
MUST_USE ErrCode stick_begin(Stick *stick, const Host *host, const char *path, uint64_t part_bytes,
                             Err *err);

/* An AgePut: `stick` is a Stick. */
MUST_USE ErrCode stick_put(void *stick, Bytes bytes, Err *err);

/* Everything is there under its name, was read again, and is the same: safe to remove. */
MUST_USE ErrCode stick_end(Stick *stick, Err *err);
void stick_done(Stick *stick);

/* Reads the parts one behind the other. */
typedef struct StickReader {
    const Host *host;
    const char *path;
    unsigned part;
    uint64_t offset;
    uint64_t total; /* read so far */
} StickReader;

void stick_open(StickReader *reader, const Host *host, const char *path);

/* An AgeGet: `reader` is a StickReader. */
MUST_USE ErrCode stick_get(void *reader, uint8_t *out, size_t most, size_t *out_size, Err *err);
