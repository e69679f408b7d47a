#pragma once
/*
 * writer — the one thread that changes anything, and the queue in front of it.
 *
 * Whoever wants something changed hands over a Job. The writer takes what has gathered, runs each
 * job, commits them together with one sync to disk, and only then tells each that it is done.
 * When one job of a group fails half-way the whole group is rolled back and run again one by one,
 * so a failure is never anybody else's.
 *
 *   Owns     the thread and the queue; a Job stays its maker's and lives until done() is called.
 *   Threads  writer_submit() from any; work() and done() run on the writer's.
 *   Bounds   QUEUE_COUNT_MAX jobs wait, GROUP_COMMIT_MAX are committed together.
 *   Errors   ERR_BUSY   the queue is full: answer 503 with Retry-After
 *            ERR_DENIED the writer is stopping
 */
#include "base/limits.h"
#include "engine/engine.h"
#include "view/changes.h"

typedef struct Job Job;

struct Job {
    /* May be run again after a roll-back: starts from nothing each time. */
    ErrCode (*work)(Engine *engine, Job *job, Err *err);
    void (*done)(Job *job); /* the group is on the disk, or `code` says why not; must not block */
    void *context;
    ErrCode code; /* of this job, when done() is called */
    Err err;
};

typedef struct Writer Writer;

/* Borrows the engine and the list of changes that readers follow. */
MUST_USE ErrCode writer_start(Writer **out_writer, Engine *engine, Changes *changes, Err *err);
MUST_USE ErrCode writer_submit(Writer *writer, Job *job, Err *err);

/* Hands the job over and waits for it: for the command line and tests. */
MUST_USE ErrCode writer_run(Writer *writer, Job *job, Err *err);

/* Finishes what was handed over, then ends the thread. */
void writer_stop(Writer **writer);

/* The database failed and was left: nothing is written any more. Start again. */
bool writer_has_failed(const Writer *writer);

size_t writer_waiting(Writer *writer);
