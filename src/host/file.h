#pragma once
/*
 * file — whole files and directories: read within a bound, replaced so that nothing is ever torn.
 *
 * file_write() puts the bytes beside the file, syncs them, renames, and syncs the directory, in
 * that order; a power cut at any moment leaves the old file or the new one, never a part.
 *
 *   Threads  any; two writers of one path must agree among themselves.
 *   Bounds   PATH_BYTES_MAX
 *   Errors   as in host/host.h
 */
#include "host/host.h"

typedef struct NameList {
    Text *names; /* in ascending order */
    size_t count;
} NameList;

/* Adds the whole file to `out`; ERR_LIMIT when it is larger than `size_max`. */
MUST_USE ErrCode file_read(const Host *host, const char *path, size_t size_max, Buf *out, Err *err);

/* Replaces or makes the file; durable when it returns OK. */
MUST_USE ErrCode file_write(const Host *host, const char *path, Bytes bytes, FileMode mode,
                            Err *err);

/* Removes the file, durably. */
MUST_USE ErrCode file_remove(const Host *host, const char *path, Err *err);

MUST_USE ErrCode file_facts(const Host *host, const char *path, FileFacts *out_facts, Err *err);
MUST_USE ErrCode file_exists(const Host *host, const char *path, bool *out_exists, Err *err);

/* Makes the directory, durably; ERR_CONFLICT when something stands there. */
MUST_USE ErrCode dir_make(const Host *host, const char *path, FileMode mode, Err *err);

/* As dir_make(), but a directory that is there already is fine, whatever its mode. */
MUST_USE ErrCode dir_ensure(const Host *host, const char *path, FileMode mode, Err *err);

MUST_USE ErrCode dir_list(const Host *host, const char *path, Arena *arena, NameList *out_names,
                          Err *err);

/* Renames a directory or file, durably; both names stand in the same directory. */
MUST_USE ErrCode dir_rename(const Host *host, const char *from, const char *to, Err *err);

/* "directory/name" in `out`; ERR_LIMIT when that is longer than PATH_BYTES_MAX. */
#define PATH_TEXT_MAX 1025 /* PATH_BYTES_MAX and a NUL */
MUST_USE ErrCode path_join(const char *directory, const char *name, char out[PATH_TEXT_MAX],
                           Err *err);
