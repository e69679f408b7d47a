#include "api/hashing.h"

#include <assert.h>

static void run_tasks(void *context)
{
    Hashing *hashing = context;
    while (!queue_is_over(&hashing->queue)) {
        void *item = NULL;
        if (queue_pop(&hashing->queue, WAIT_FOR_EVER, 0, &item, 1) == 0) continue;
        const HashingTask *task = item;
        task->run(task->context);
    }
}

ErrCode hashing_start(Hashing *hashing, Err *err)
{
    *hashing = (Hashing){0};
    queue_init(&hashing->queue, hashing->places, SECRET_QUEUE_COUNT);
    for (size_t i = 0; i < HASHING_THREADS; i++) {
        const ErrCode code = thread_start(&hashing->threads[i], "hashing", run_tasks, hashing, err);
        if (code == OK) continue;
        hashing_stop(hashing);
        return code;
    }
    return OK;
}

ErrCode hashing_push(Hashing *hashing, HashingTask *task, Err *err)
{
    assert(task->run != NULL);
    return queue_push(&hashing->queue, task, err);
}

void hashing_stop(Hashing *hashing)
{
    if (!hashing->queue.is_open) return;
    queue_close(&hashing->queue);
    for (size_t i = 0; i < HASHING_THREADS; i++)
        thread_join(&hashing->threads[i]);
    queue_done(&hashing->queue);
}
