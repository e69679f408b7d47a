#pragma once
/*
 * jail — runs a parser on bytes from outside in a process that can reach nothing.
 *
 * The program starts itself again (`tongpin --jail TASK`), gives the new process the input as its
 * standard input and takes the result from its standard output. Before the new process looks at
 * the first byte it gives up everything else: no files, no sockets, no processes, little memory,
 * little time. However it ends, the caller gets the result or one sentence.
 *
 * Starting again rather than forking: the server has threads, and between fork and exec only
 * async-signal-safe calls are sound, so a parser that allocates could find a lock held for ever
 * by a thread that no longer exists. posix_spawn() has no such moment.
 *
 *   Invariants  (1) what comes back is at most limits.output_bytes long; it is not trusted further;
 *               (2) no process is left behind, whichever way jail_run_* returns.
 *   Owns        the output is the caller's Buf; nothing else outlives a call.
 *   Threads     any; each call has its own process.
 *   Bounds      JailLimits. Builds with a sanitizer need terabytes of address space, so there the
 *               caller's side watches resident memory instead of RLIMIT_AS, the allowance is four
 *               times as large, and a few more system calls are let through.
 *   Errors      ERR_LIMIT    it needed more memory, time or output than it may have
 *               ERR_INVALID  what the task itself said about the input
 *               ERR_CORRUPT  the process crashed or tried something forbidden
 *               ERR_IO       it could not be started, or the file could not be read
 */
#include "base/buf.h"

typedef struct JailLimits {
    size_t input_bytes;
    size_t output_bytes;
    size_t memory_bytes; /* beyond the program as loaded; the input counts */
    unsigned cpu_seconds;
    unsigned wall_ms;
} JailLimits;

/* Where a task writes its result; what is written leaves at once when it is large. */
typedef struct JailOut JailOut;

typedef struct JailTask {
    const char *name; /* as in `--jail NAME` */

    /* Optional: opens what the task needs and the jail would refuse later, such as a table of
     * iconv. It has not seen the input, and what it cannot have run() must do without. */
    void *(*prepare)(void);

    /* Runs inside. `input` is mapped read-only and lives as long as the process. */
    ErrCode (*run)(void *prepared, Bytes input, JailOut *out, Err *err);
} JailTask;

/* The first call of every main(). When this process was started as a jail it does the task's work
 * and ends; otherwise it returns at once. */
void jail_main_if_asked(int argc, char **argv, const JailTask *tasks, size_t task_count);

/* Appends to the result. Ends the process when nobody reads it any more. */
void jail_out_add(JailOut *out, Bytes bytes);

/* Runs the task on a regular file; what it wrote is appended to `out`, on failure nothing. */
MUST_USE ErrCode jail_run_file(const char *task, const char *path, const JailLimits *limits,
                               Buf *out, Err *err);

/* The same on bytes that are already here. */
MUST_USE ErrCode jail_run_bytes(const char *task, Bytes input, const JailLimits *limits, Buf *out,
                                Err *err);
