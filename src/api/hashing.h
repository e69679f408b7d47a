#pragma once
/*
 * hashing — the threads that check passwords, and the short queue in front of them.
 *
 * Checking a password takes a core for a fifth of a second and much memory, on purpose. Here it
 * delays nobody but those who sign in, and a storm of them is told to come back later.
 *
 *   Owns     the threads; a task stays its maker's and lives until it was run.
 *   Threads  hashing_push() from any.
 *   Bounds   HASHING_THREADS, SECRET_QUEUE_COUNT of base/limits.h
 *   Errors   ERR_BUSY  the queue is full: 503 with Retry-After
 */
#include "base/limits.h"
#include "host/thread.h"

#define HASHING_THREADS 2

typedef struct HashingTask {
    void (*run)(void *context);
    void *context;
} HashingTask;

typedef struct Hashing {
    Queue queue;
    void *places[SECRET_QUEUE_COUNT];
    Thread threads[HASHING_THREADS];
} Hashing;

MUST_USE ErrCode hashing_start(Hashing *hashing, Err *err);
MUST_USE ErrCode hashing_push(Hashing *hashing, HashingTask *task, Err *err);

/* Runs what is waiting, then ends the threads. Safe on {0}. */
void hashing_stop(Hashing *hashing);
