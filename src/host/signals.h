#pragma once
/*
 * signals — how the machine asks the program to stop, heard by the main thread alone.
 *
 * signals_begin() comes before any other thread is started, because threads inherit what is
 * blocked. There are no signal handlers, so nothing is ever interrupted half-way.
 *
 *   Threads  main.
 */
#include <stdbool.h>
#include <stdint.h>

typedef enum Wish {
    WISH_NONE,   /* the time is over and nobody asked for anything */
    WISH_STOP,   /* SIGINT or SIGTERM */
    WISH_REOPEN, /* SIGHUP: read files again that were changed */
} Wish;

/* Holds back SIGINT, SIGTERM and SIGHUP for signals_wait(), and ignores SIGPIPE. */
void signals_begin(void);

/* Waits for a wish, at most `wait_ms` (WAIT_FOR_EVER of host/thread.h: as long as it takes). */
Wish signals_wait(uint32_t wait_ms);
