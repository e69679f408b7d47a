#pragma once
/*
 * thread — threads, and the two ways they meet: a bounded Queue and a one-shot Gate.
 *
 * The writer takes commands from one Queue; whoever put one there waits at its Gate until the
 * answer stands. Nothing else in the program locks, sleeps or polls.
 *
 *   Owns     a Queue borrows its places; both hold a lock of the machine until they are done.
 *   Threads  a Queue takes from many and gives to one or many; a Gate is opened once by one thread
 *            and waited for by one.
 *   Bounds   the number of places given to queue_init().
 *   Errors   ERR_BUSY    the queue is full: try again later
 *            ERR_DENIED  the queue is closed: the program is ending
 *            ERR_LIMIT   the machine gives no more threads
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define WAIT_FOR_EVER UINT32_MAX

typedef struct Thread {
    pthread_t handle;
    void (*run)(void *context);
    void *context;
    bool is_started;
} Thread;

/* Runs `run(context)` in a thread of that name (at most 15 bytes). `thread` stays where it is. */
MUST_USE ErrCode thread_start(Thread *thread, const char *name, void (*run)(void *context),
                              void *context, Err *err);

/* Waits until the thread has returned. Safe on one that never started, and twice. */
void thread_join(Thread *thread);

typedef struct Queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void **places;
    size_t place_count;
    size_t first;
    size_t count;
    bool is_closed;
    bool is_open; /* between queue_init() and queue_done() */
} Queue;

void queue_init(Queue *queue, void **places, size_t place_count);
void queue_done(Queue *queue); /* nobody may be waiting any more */

/* Never waits. `item` belongs to the queue's reader when OK is returned, else still to us. */
MUST_USE ErrCode queue_push(Queue *queue, void *item, Err *err);

/*
 * Waits up to `wait_ms` for the first item, then up to `gather_ms` until `limit` are there, and
 * takes what there is, oldest first. Returns how many; none when the time is over or the queue is
 * closed and empty, which queue_is_over() tells apart.
 */
size_t queue_pop(Queue *queue, uint32_t wait_ms, uint32_t gather_ms, void **out_items,
                 size_t limit);

/* Refuses further items and wakes everybody; what is inside can still be taken. */
void queue_close(Queue *queue);

bool queue_is_over(Queue *queue); /* closed, and everything was taken */
size_t queue_count(Queue *queue); /* how many are waiting just now */

typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool is_open;
} Gate;

void gate_init(Gate *gate);
void gate_done(Gate *gate); /* after its waiter has passed */
void gate_open(Gate *gate);
void gate_wait(Gate *gate);

/* Returns whether the gate opened within `wait_ms`. */
bool gate_wait_for(Gate *gate, uint32_t wait_ms);

/* How long this thread has kept a processor busy; only differences mean anything. */
uint64_t thread_cpu_ms(void);

/* Guards a few fields that several threads touch for an instant; nobody waits inside. */
typedef struct Lock {
    pthread_mutex_t mutex;
} Lock;

void lock_init(Lock *lock);
void lock_done(Lock *lock);
void lock_take(Lock *lock);
void lock_give(Lock *lock);
