#include "engine/writer.h"

#include <assert.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "host/thread.h"

/* How long the writer waits for company once it has a first job: less than a sync takes. */
#define GATHER_MS 1

struct Writer {
    Engine *engine;
    Changes *changes;
    Queue queue;
    void *places[QUEUE_COUNT_MAX];
    Job *group[GROUP_COMMIT_MAX];
    Thread thread;
    atomic_bool has_failed;
    Arena arena; /* of this struct itself */
};

static void run_one(Engine *engine, Job *job) ONLY_ON(writer_role)
{
    job->code = engine_begin(engine, &job->err);
    if (job->code == OK) job->code = job->work(engine, job, &job->err);
    if (job->code == OK) job->code = engine_commit(engine, &job->err);
    if (job->code != OK) engine_roll_back(engine);
}

/* True when all of the group are on the disk together. */
static bool run_together(Engine *engine, Job *const *group, size_t count) ONLY_ON(writer_role)
{
    Err err;
    if (engine_begin(engine, &err) != OK) return false;
    for (size_t i = 0; i < count; i++) {
        group[i]->code = group[i]->work(engine, group[i], &group[i]->err);
        if (group[i]->code == OK) continue;
        engine_roll_back(engine);
        return false;
    }
    if (engine_commit(engine, &err) == OK) return true;
    engine_roll_back(engine);
    return false;
}

static void publish(Writer *writer) ONLY_ON(writer_role)
{
    ChangeSet set;
    if (writer->changes != NULL && engine_take_changes(writer->engine, &set))
        changes_note(writer->changes, &set);
}

static void run_group(Writer *writer, size_t count) ONLY_ON(writer_role)
{
    assert(count > 0);
    Job *const *group = writer->group;
    /* A failing job must fail alone, so the others are tried again without it; and what each has
     * touched is told before the next could roll it back. */
    const bool is_done = count > 1 && run_together(writer->engine, group, count);
    for (size_t i = 0; !is_done && i < count; i++) {
        run_one(writer->engine, group[i]);
        publish(writer);
    }
    publish(writer); /* before anybody is told, so that who is told can also see it */
    if (store_is_broken(engine_store(writer->engine))) atomic_store(&writer->has_failed, true);
    for (size_t i = 0; i < count; i++)
        group[i]->done(group[i]);
}

static void run_writer(void *context)
{
    Writer *writer = context;
    writer_begin();
    while (!queue_is_over(&writer->queue)) {
        const size_t count = queue_pop(&writer->queue, WAIT_FOR_EVER, GATHER_MS,
                                       (void **)writer->group, GROUP_COMMIT_MAX);
        if (count > 0) run_group(writer, count);
    }
    writer_end();
}

ErrCode writer_start(Writer **out_writer, Engine *engine, Changes *changes, Err *err)
{
    assert(out_writer != NULL);
    Arena arena;
    arena_init(&arena, sizeof(Writer) + 64);
    Writer *writer = arena_new(&arena, Writer);
    assert(writer != NULL); /* the arena was made for it */
    writer->arena = arena;
    writer->engine = engine;
    writer->changes = changes;
    queue_init(&writer->queue, writer->places, QUEUE_COUNT_MAX);
    const ErrCode code = thread_start(&writer->thread, "writer", run_writer, writer, err);
    if (code != OK) {
        queue_done(&writer->queue);
        arena_done(&arena);
        return code;
    }
    *out_writer = writer;
    return OK;
}

ErrCode writer_submit(Writer *writer, Job *job, Err *err)
{
    assert(job->work != NULL && job->done != NULL);
    return queue_push(&writer->queue, job, err);
}

static void open_gate(Job *job)
{
    gate_open(job->context);
}

/* A job around the caller's, so that its own context stays its own. */
typedef struct Waiting {
    Job job;
    Job *inner;
    Gate gate;
} Waiting;

static ErrCode run_inner(Engine *engine, Job *job, Err *err)
{
    const Waiting *waiting = (const Waiting *)(const void *)job;
    return waiting->inner->work(engine, waiting->inner, err);
}

ErrCode writer_run(Writer *writer, Job *job, Err *err)
{
    Waiting waiting = {.job = {.work = run_inner, .done = open_gate}, .inner = job};
    waiting.job.context = &waiting.gate;
    gate_init(&waiting.gate);
    const ErrCode code = writer_submit(writer, &waiting.job, err);
    if (code == OK) gate_wait(&waiting.gate);
    gate_done(&waiting.gate);
    if (code != OK) return code;
    if (waiting.job.code != OK) *err = waiting.job.err;
    return waiting.job.code;
}

void writer_stop(Writer **writer)
{
    if (*writer == NULL) return;
    queue_close(&(*writer)->queue);
    thread_join(&(*writer)->thread);
    queue_done(&(*writer)->queue);
    Arena arena = (*writer)->arena;
    arena_done(&arena);
    *writer = NULL;
}

bool writer_has_failed(const Writer *writer)
{
    return atomic_load(&writer->has_failed);
}

size_t writer_waiting(Writer *writer)
{
    return queue_count(&writer->queue);
}
