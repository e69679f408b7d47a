/* What we promise about the writer: what was handed over is done, once and whole; a job that fails
 * is nobody else's failure; and a full queue says so at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "base/limits.h"
#include "engine/writer.h"
#include "host/thread.h"
#include "journal/hlc.h"
#include "store/query.h"
#include "support/crash_vfs.h"
#include "support/play.h"
#include "support/stores.h"

/* What the jobs of one test share. */
typedef struct WriterOffice {
    Play play;
    Changes *changes;
    Writer *writer;
    Gate started;   /* the first job is being done */
    Gate may_go_on; /* it waits for this */
    atomic_int done_count;
    atomic_int work_count;
} WriterOffice;

/* A unit to be made, or an attempt that fails behind it. */
typedef struct Wish {
    Job job;
    WriterOffice *office;
    unsigned number;
    bool fails;
    int done_count;
    int64_t version; /* of Changes when it was told */
} Wish;

static ErrCode make_unit(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    Wish *wish = (Wish *)(void *)job;
    AUTO(arena_done) Arena arena = {0};
    AUTO(doc_done) Doc doc = {0};
    Command command;
    Answer answer;
    char json[200];
    arena_init(&arena, (size_t)4 << 20);
    atomic_fetch_add(&wish->office->work_count, 1);
    const Id op = id_make(hlc_stamp(UINT64_C(1780000000000), 0), wish->number + 1, 1);
    snprintf(json, sizeof json, "{\"op\":\"%s\",\"do\":\"unit.add\",\"fields\":{\"name\":\"%u\"}}",
             play_text(op), wish->number);
    TRY(doc_parse(&doc, bytes_of(text_from_z(json)), err));
    TRY(command_decode(doc.root, &command, err));
    TRY(engine_execute(engine, &wish->office->play.actor, &command, &arena, &answer, err));
    if (wish->fails) return err_set(err, ERR_CONFLICT, "number %u fails", wish->number);
    return answer.status == ANSWER_DONE ? OK : err_set(err, ERR_INVALID, "%s", answer.detail);
}

static ErrCode wait_for_gate(Engine *engine, Job *job, Err *err)
{
    (void)engine;
    (void)err;
    const Wish *wish = (const Wish *)(const void *)job;
    gate_open(&wish->office->started);
    gate_wait(&wish->office->may_go_on);
    return OK;
}

static void tell(Job *job)
{
    Wish *wish = (Wish *)(void *)job;
    wish->done_count++;
    wish->version = changes_version(wish->office->changes);
    atomic_fetch_add(&wish->office->done_count, 1);
}

static Wish wish_for(WriterOffice *office, unsigned number)
{
    return (Wish){.job = {.work = make_unit, .done = tell}, .office = office, .number = number};
}

/* The engine is made here; from writer_start() on it belongs to the writer's thread. */
static void office_open(WriterOffice *office, Stores *stores)
{
    Err err;
    memset(office, 0, sizeof *office);
    play_open(&office->play, stores->writer, 9);
    writer_end();
    changes_open(&office->changes, 0);
    gate_init(&office->started);
    gate_init(&office->may_go_on);
    must(writer_start(&office->writer, office->play.engine, office->changes, &err), &err);
}

static void office_stop(WriterOffice *office)
{
    writer_stop(&office->writer);
    assert_null(office->writer);
    writer_begin();
}

static void office_close(WriterOffice *office)
{
    gate_done(&office->started);
    gate_done(&office->may_go_on);
    changes_close(&office->changes);
    play_close(&office->play);
}

static size_t count_units(Store *store)
{
    Err err;
    AUTO(query_done) Query query = {0};
    size_t count = 0;
    bool found = false;
    must(query_begin(&query, store, UNITS, &err), &err);
    query_bind_int(&query, 1, 1);
    must(query_next(&query, &found, &err), &err);
    for (; found; count++)
        must(query_next(&query, &found, &err), &err);
    return count;
}

static Wish blocker_in(WriterOffice *office)
{
    return (Wish){.job = {.work = wait_for_gate, .done = tell}, .office = office};
}

static void fail_one(Stores *stores)
{
    Err err;
    static WriterOffice office;
    Wish wishes[10];
    office_open(&office, stores);
    Wish blocker = blocker_in(&office);
    must(writer_submit(office.writer, &blocker.job, &err), &err);
    gate_wait(&office.started); /* so that the others gather into one group behind it */
    for (unsigned i = 0; i < 10; i++) {
        wishes[i] = wish_for(&office, i);
        wishes[i].fails = i == 4;
        must(writer_submit(office.writer, &wishes[i].job, &err), &err);
    }
    assert_int_equal(writer_waiting(office.writer), 10);
    gate_open(&office.may_go_on);
    office_stop(&office);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(wishes[i].done_count, 1);
        assert_int_equal(wishes[i].job.code, i == 4 ? ERR_CONFLICT : OK);
        assert_int_equal(wishes[i].version, 9); /* who is told can see it */
    }
    assert_string_equal(wishes[4].job.err.message, "number 4 fails");
    assert_int_equal(count_units(stores->writer), 9); /* nothing of the failed one stays */
    assert_int_equal(engine_version(office.play.engine), 9);
    assert_int_equal(atomic_load(&office.work_count), 5 + 10); /* together, then one by one */
    office_close(&office);
}

static void a_failing_job_harms_nobody_in_its_group(void **state)
{
    on_each_store(*state, fail_one);
}

static Wish many[QUEUE_COUNT_MAX + 1];

static void fill_the_queue(Stores *stores)
{
    Err err = {0};
    static WriterOffice office;
    office_open(&office, stores);
    Wish blocker = blocker_in(&office);
    must(writer_submit(office.writer, &blocker.job, &err), &err);
    gate_wait(&office.started);
    for (unsigned i = 0; i < QUEUE_COUNT_MAX; i++) {
        many[i] = wish_for(&office, i);
        must(writer_submit(office.writer, &many[i].job, &err), &err);
    }
    many[QUEUE_COUNT_MAX] = wish_for(&office, QUEUE_COUNT_MAX);
    assert_int_equal(writer_submit(office.writer, &many[QUEUE_COUNT_MAX].job, &err), ERR_BUSY);
    assert_int_not_equal(strlen(err.message), 0);
    gate_open(&office.may_go_on);
    office_stop(&office); /* finishes what was handed over */
    for (unsigned i = 0; i < QUEUE_COUNT_MAX; i++) {
        assert_int_equal(many[i].done_count, 1);
        assert_int_equal(many[i].job.code, OK);
    }
    assert_int_equal(many[QUEUE_COUNT_MAX].done_count, 0);
    assert_int_equal(count_units(stores->writer), QUEUE_COUNT_MAX);
    /* In groups: nobody's work was done twice. */
    assert_int_equal(atomic_load(&office.work_count), QUEUE_COUNT_MAX);
    office_close(&office);
}

static void a_full_queue_is_busy_and_stopping_finishes_what_was_handed_over(void **state)
{
    on_each_store(*state, fill_the_queue);
}

/* Hands over job after job from within the writer until it is told that the writer stops. */
static ErrCode submit_until_stopped(Engine *engine, Job *job, Err *err)
{
    (void)engine;
    (void)err;
    Wish *wish = (Wish *)(void *)job;
    Err refusal;
    ErrCode code = OK;
    gate_open(&wish->office->started);
    while (code == OK || code == ERR_BUSY) {
        Wish *next = &many[wish->number < QUEUE_COUNT_MAX ? wish->number : QUEUE_COUNT_MAX];
        *next = wish_for(wish->office, wish->number);
        code = writer_submit(wish->office->writer, &next->job, &refusal);
        if (code == OK) wish->number++;
    }
    wish->version = code;
    return OK;
}

static void remember_nothing(Job *job)
{
    (void)job;
}

static void stop_while_submitting(Stores *stores)
{
    Err err;
    static WriterOffice office;
    office_open(&office, stores);
    Wish insistent = {.job = {.work = submit_until_stopped, .done = remember_nothing},
                      .office = &office};
    must(writer_submit(office.writer, &insistent.job, &err), &err);
    gate_wait(&office.started);
    Writer *stopping = office.writer; /* the job still reads office.writer while this one stops */
    writer_stop(&stopping);
    writer_begin();
    assert_int_equal(insistent.version, ERR_DENIED);
    assert_int_equal(atomic_load(&office.done_count), (int)insistent.number);
    assert_int_equal(count_units(stores->writer), insistent.number);
    office_close(&office);
}

static void whoever_comes_after_the_stop_is_refused(void **state)
{
    on_each_store(*state, stop_while_submitting);
}

static void run_and_wait(Stores *stores)
{
    Err err = {0};
    static WriterOffice office;
    office_open(&office, stores);
    Wish good = wish_for(&office, 1);
    Wish bad = wish_for(&office, 2);
    bad.fails = true;
    must(writer_run(office.writer, &good.job, &err), &err);
    assert_int_equal(changes_version(office.changes), 1);
    assert_int_equal(writer_run(office.writer, &bad.job, &err), ERR_CONFLICT);
    assert_string_equal(err.message, "number 2 fails");
    assert_int_equal(changes_version(office.changes), 1);
    assert_int_equal(writer_waiting(office.writer), 0);
    office_stop(&office);
    writer_stop(&office.writer); /* safe twice */
    assert_int_equal(count_units(stores->writer), 1);
    office_close(&office);
}

static void running_a_job_waits_for_it_and_says_how_it_went(void **state)
{
    on_each_store(*state, run_and_wait);
}

static void a_writer_whose_disk_fails_says_so(void **state)
{
    (void)state;
    Err err;
    static WriterOffice office;
    CrashVfs *disk = crash_vfs_install(5);
    Stores stores = {.writer = store_must_open(&(StoreOptions){
                         .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disk)})};
    office_open(&office, &stores);
    Wish wish = wish_for(&office, 1);
    must(writer_run(office.writer, &wish.job, &err), &err);
    assert_false(writer_has_failed(office.writer));
    crash_vfs_fail_at(disk, 1, CRASH_EIO, true);
    wish = wish_for(&office, 2);
    assert_int_equal(writer_run(office.writer, &wish.job, &err), ERR_IO);
    assert_true(writer_has_failed(office.writer));
    office_stop(&office);
    office_close(&office);
    store_close(&stores.writer);
    crash_vfs_remove(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_job_harms_nobody_in_its_group),
        cmocka_unit_test(a_full_queue_is_busy_and_stopping_finishes_what_was_handed_over),
        cmocka_unit_test(whoever_comes_after_the_stop_is_refused),
        cmocka_unit_test(running_a_job_waits_for_it_and_says_how_it_went),
        cmocka_unit_test(a_writer_whose_disk_fails_says_so),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
