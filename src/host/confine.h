#pragma once
/*
 * confine — this process gives up everything but computing, and cannot take it back.
 *
 * Three walls, each enough for most of what one fears: resource limits (memory, time, no files,
 * no processes), Landlock (no path can be opened; absent on kernels before 5.13), and a seccomp
 * list of the few system calls that computing and writing to an open pipe need. Any other call
 * ends the process.
 *
 *   Threads  only a process with one thread calls confine_self().
 *   Bounds   ConfineLimits. Under a sanitizer RLIMIT_AS cannot be set, because its shadow memory is
 *            terabytes; confine_is_over() then stands in for it, called by whoever watches.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ConfineLimits {
    uint64_t memory_bytes; /* beyond what the process has mapped now, its input apart */
    uint64_t cpu_seconds;
} ConfineLimits;

/* False when a wall that every supported kernel has could not be raised. */
bool confine_self(const ConfineLimits *limits);

/* Whether this is a sanitizer build. */
bool confine_is_instrumented(void);

/* Whether the process holds more memory than it may; always false where the kernel sees to it. */
bool confine_is_over(int pid, uint64_t memory_bytes);
