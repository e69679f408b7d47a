#include "host/thread.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

/* The calls below fail only on misuse, which is our bug. */
static void must_be_zero(int failed)
{
    assert(failed == 0);
}

/* pthread_create() wants this shape. */
static void *begin(void *thread)
{
    const Thread *self = thread;
    self->run(self->context);
    return NULL;
}

ErrCode thread_start(Thread *thread, const char *name, void (*run)(void *context), void *context,
                     Err *err)
{
    assert(thread != NULL && name != NULL && run != NULL);
    assert(!thread->is_started);
    thread->run = run;
    thread->context = context;
    if (pthread_create(&thread->handle, NULL, begin, thread) != 0)
        return err_set(err, ERR_LIMIT, "the machine gives no thread for %s", name);
    thread->is_started = true;
    (void)pthread_setname_np(thread->handle, name); /* only for ps and debuggers */
    return OK;
}

void thread_join(Thread *thread)
{
    assert(thread != NULL);
    if (!thread->is_started) return;
    must_be_zero(pthread_join(thread->handle, NULL));
    thread->is_started = false;
}

/* A condition that is waited for by the clock that never jumps. */
static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    must_be_zero(pthread_condattr_init(&attributes));
    must_be_zero(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    must_be_zero(pthread_cond_init(condition, &attributes));
    must_be_zero(pthread_condattr_destroy(&attributes));
}

uint64_t thread_cpu_ms(void)
{
    struct timespec spent;
    must_be_zero(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent));
    return (uint64_t)spent.tv_sec * 1000 + (uint64_t)spent.tv_nsec / 1000000;
}

static struct timespec moment_after(uint32_t wait_ms)
{
    struct timespec moment;
    must_be_zero(clock_gettime(CLOCK_MONOTONIC, &moment));
    moment.tv_sec += wait_ms / 1000;
    moment.tv_nsec += (int64_t)(wait_ms % 1000) * 1000000;
    if (moment.tv_nsec >= 1000000000) {
        moment.tv_nsec -= 1000000000;
        moment.tv_sec++;
    }
    return moment;
}

/* Waits once; false when the time is over. */
static bool wait_once(pthread_cond_t *condition, pthread_mutex_t *lock, uint32_t wait_ms,
                      const struct timespec *until)
{
    if (wait_ms == WAIT_FOR_EVER) {
        must_be_zero(pthread_cond_wait(condition, lock));
        return true;
    }
    const int failed = pthread_cond_timedwait(condition, lock, until);
    assert(failed == 0 || failed == ETIMEDOUT);
    return failed == 0;
}

void queue_init(Queue *queue, void **places, size_t place_count)
{
    assert(queue != NULL && places != NULL);
    assert(place_count > 0);
    *queue = (Queue){.places = places, .place_count = place_count, .is_open = true};
    must_be_zero(pthread_mutex_init(&queue->lock, NULL));
    condition_init(&queue->changed);
}

void queue_done(Queue *queue)
{
    assert(queue != NULL);
    if (!queue->is_open) return;
    must_be_zero(pthread_cond_destroy(&queue->changed));
    must_be_zero(pthread_mutex_destroy(&queue->lock));
    queue->is_open = false;
}

static void lock_queue(Queue *queue)
{
    assert(queue != NULL && queue->is_open);
    must_be_zero(pthread_mutex_lock(&queue->lock));
}

static void unlock_queue(Queue *queue)
{
    assert(queue->count <= queue->place_count);
    must_be_zero(pthread_mutex_unlock(&queue->lock));
}

ErrCode queue_push(Queue *queue, void *item, Err *err)
{
    lock_queue(queue);
    const bool is_closed = queue->is_closed;
    const bool is_full = queue->count == queue->place_count;
    if (!is_closed && !is_full) {
        queue->places[(queue->first + queue->count) % queue->place_count] = item;
        queue->count++;
        must_be_zero(pthread_cond_signal(&queue->changed));
    }
    unlock_queue(queue);
    if (is_closed) return err_set(err, ERR_DENIED, "the program is ending; nothing was changed");
    if (is_full)
        return err_set(err, ERR_BUSY, "%zu are waiting already; try again shortly",
                       queue->place_count);
    return OK;
}

/* Waits, holding the lock, until `count` items are there, the queue is closed, or time is over. */
static void wait_until_count(Queue *queue, size_t count, uint32_t wait_ms)
{
    const struct timespec until = moment_after(wait_ms == WAIT_FOR_EVER ? 0 : wait_ms);
    while (queue->count < count && !queue->is_closed)
        if (!wait_once(&queue->changed, &queue->lock, wait_ms, &until)) return;
}

size_t queue_pop(Queue *queue, uint32_t wait_ms, uint32_t gather_ms, void **out_items, size_t limit)
{
    assert(out_items != NULL);
    assert(limit > 0);
    lock_queue(queue);
    if (wait_ms > 0) wait_until_count(queue, 1, wait_ms);
    const size_t wanted = limit < queue->place_count ? limit : queue->place_count;
    if (gather_ms > 0 && queue->count > 0) wait_until_count(queue, wanted, gather_ms);

    size_t taken = 0;
    while (taken < limit && queue->count > 0) {
        out_items[taken++] = queue->places[queue->first];
        queue->first = (queue->first + 1) % queue->place_count;
        queue->count--;
    }
    unlock_queue(queue);
    return taken;
}

void queue_close(Queue *queue)
{
    lock_queue(queue);
    queue->is_closed = true;
    must_be_zero(pthread_cond_broadcast(&queue->changed));
    unlock_queue(queue);
}

bool queue_is_over(Queue *queue)
{
    lock_queue(queue);
    const bool is_over = queue->is_closed && queue->count == 0;
    unlock_queue(queue);
    return is_over;
}

size_t queue_count(Queue *queue)
{
    lock_queue(queue);
    const size_t count = queue->count;
    unlock_queue(queue);
    return count;
}

void gate_init(Gate *gate)
{
    assert(gate != NULL);
    *gate = (Gate){.is_open = false};
    must_be_zero(pthread_mutex_init(&gate->lock, NULL));
    condition_init(&gate->opened);
}

void gate_done(Gate *gate)
{
    assert(gate != NULL);
    must_be_zero(pthread_cond_destroy(&gate->opened));
    must_be_zero(pthread_mutex_destroy(&gate->lock));
}

void gate_open(Gate *gate)
{
    assert(gate != NULL);
    must_be_zero(pthread_mutex_lock(&gate->lock));
    assert(!gate->is_open); /* once */
    gate->is_open = true;
    /* Under the lock: the waiter may do away with the gate as soon as we let go of it. */
    must_be_zero(pthread_cond_signal(&gate->opened));
    must_be_zero(pthread_mutex_unlock(&gate->lock));
}

bool gate_wait_for(Gate *gate, uint32_t wait_ms)
{
    assert(gate != NULL);
    const struct timespec until = moment_after(wait_ms == WAIT_FOR_EVER ? 0 : wait_ms);
    must_be_zero(pthread_mutex_lock(&gate->lock));
    bool in_time = true;
    while (!gate->is_open && in_time)
        in_time = wait_once(&gate->opened, &gate->lock, wait_ms, &until);
    const bool is_open = gate->is_open;
    must_be_zero(pthread_mutex_unlock(&gate->lock));
    return is_open;
}

void gate_wait(Gate *gate)
{
    const bool is_open = gate_wait_for(gate, WAIT_FOR_EVER);
    assert(is_open);
}

void lock_init(Lock *lock)
{
    must_be_zero(pthread_mutex_init(&lock->mutex, NULL));
}

void lock_done(Lock *lock)
{
    must_be_zero(pthread_mutex_destroy(&lock->mutex));
}

void lock_take(Lock *lock)
{
    must_be_zero(pthread_mutex_lock(&lock->mutex));
}

void lock_give(Lock *lock)
{
    must_be_zero(pthread_mutex_unlock(&lock->mutex));
}
