/* What we promise about commands and power cuts: a command that was answered took effect, once and
 * whole; sent again it gets the same answer; what was not answered may be sent again; and what is
 * left is exactly what a rebuild makes of the journal, which verifies. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/rebuild.h"
#include "engine/verify.h"
#include "journal/hlc.h"
#include "people/facts.h"
#include "store/query.h"
#include "store/state_hash.h"
#include "store/things.h"
#include "support/crash_vfs.h"
#include "support/play.h"
#include "support/stores.h"

#define PLACE      "node.db"
#define SENT_MAX   60
#define LIVES      3
#define PEOPLE_MAX 4

/* A command the client outside has in its outbox, and what it was told. */
typedef struct Sent {
    Command command;
    bool is_acked;
    Answer answer;
} Sent;

typedef struct Outbox {
    Sent sent[SENT_MAX];
    size_t count;
    uint64_t lost; /* acknowledged, and gone */
    Id unit;
    Id project;
    Id people[PEOPLE_MAX];
} Outbox;

static ErrCode open_on(CrashVfs *disk, Store **out_store, Err *err)
{
    return store_open(out_store,
                      &(StoreOptions){.place = PLACE,
                                      .is_writer = true,
                                      .vfs_name = crash_vfs_name(disk),
                                      .checkpoint_pages = 20},
                      err);
}

/* The unit, project and people that commands speak of; made before any power is cut. */
static void prepare(Play *play, Outbox *outbox)
{
    outbox->unit = play_add(play, "unit", "\"name\":\"公司\"");
    outbox->project =
        play_add(play, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(outbox->unit));
    for (int i = 0; i < PEOPLE_MAX; i++)
        outbox->people[i] = play_add(play, "person", "\"name\":\"甲%d\",\"unit\":\"%s\"", i,
                                     play_text(outbox->unit));
}

static Command make_command(const Outbox *outbox, size_t number, Prng *prng)
{
    Command command = {.op = id_make(hlc_stamp(1780000000000, 1), 1000 + number, 2),
                       .action = ACTION_ADD,
                       .kind = vocab_kind(KIND_POSTING)};
    command.record.kind = command.kind;
    record_set_ref(&command.record, POSTING_PERSON, outbox->people[prng_below(prng, PEOPLE_MAX)]);
    record_set_ref(&command.record, POSTING_PROJECT, outbox->project);
    record_set_int(&command.record, POSTING_FROM, 20500 + (int64_t)prng_below(prng, 300));
    return command;
}

static ErrCode send_one(Play *play, Sent *sent, Err *err) ONLY_ON(writer_role)
{
    AUTO(arena_done) Arena arena = {0};
    Answer answer;
    arena_init(&arena, (size_t)4 << 20);
    ErrCode code = engine_begin(play->engine, err);
    if (code == OK)
        code = engine_execute(play->engine, &play->actor, &sent->command, &arena, &answer, err);
    if (code == OK) code = engine_commit(play->engine, err);
    if (code != OK) {
        engine_roll_back(play->engine);
        return code;
    }
    assert_int_equal(answer.status, ANSWER_DONE);
    if (sent->is_acked) assert_true(id_equal(sent->answer.ids[0], answer.ids[0]));
    sent->is_acked = true;
    sent->answer = answer;
    return OK;
}

static size_t count_postings(Store *store, const Outbox *outbox)
{
    Err err;
    size_t count = 0;
    for (int i = 0; i < PEOPLE_MAX; i++) {
        AUTO(query_done) Query query = {0};
        Key key = KEY_NONE;
        bool found = false;
        must(thing_find(store, 1, outbox->people[i], &key, &err), &err);
        must(query_begin(&query, store, POSTINGS_OF_PERSON, &err), &err);
        query_bind_int(&query, 1, 1);
        query_bind_int(&query, 2, key);
        must(query_next(&query, &found, &err), &err);
        for (; found; count++)
            must(query_next(&query, &found, &err), &err);
    }
    return count;
}

/* Every acknowledged command left its posting; none left two. */
static void look(Store *store, Outbox *outbox)
{
    Err err;
    size_t acked = 0;
    for (size_t i = 0; i < outbox->count; i++) {
        Sent *sent = &outbox->sent[i];
        Key key = KEY_NONE;
        if (!sent->is_acked) continue;
        acked++;
        must(thing_find(store, 1, sent->answer.ids[0], &key, &err), &err);
        if (key != KEY_NONE) continue;
        outbox->lost++;
        sent->is_acked = false; /* it may be sent again */
    }
    const size_t there = count_postings(store, outbox);
    assert_true(there <= outbox->count);
    if (outbox->lost == 0) assert_true(there >= acked);
}

/* From power on to power off. A new life reads its engine from the disk alone. */
static void live(CrashVfs *disk, Play *play, Outbox *outbox, Prng *prng) ONLY_ON(writer_role)
{
    Err err;
    Store *store = NULL;
    crash_vfs_power_on(disk);
    crash_vfs_cut_at(disk, 1 + prng_below(prng, 90));
    ErrCode code = open_on(disk, &store, &err);
    if (code == OK) {
        engine_close(&play->engine);
        play->store = store;
        code = engine_open(&play->engine, &play->node, store, &err);
    }
    if (code == OK && !crash_vfs_is_off(disk)) look(store, outbox);
    while (code == OK && outbox->count < SENT_MAX) {
        /* Half the time the client repeats something it is not sure of. */
        size_t at = outbox->count;
        if (at > 0 && prng_below(prng, 2) == 0)
            at = (size_t)prng_below(prng, at);
        else
            outbox->sent[outbox->count++] = (Sent){.command = make_command(outbox, at, prng)};
        code = send_one(play, &outbox->sent[at], &err);
    }
    if (!crash_vfs_is_off(disk)) crash_vfs_cut(disk);
    engine_close(&play->engine);
    store_close(&store);
}

static Digest hash_of_store(Store *store)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    must(state_hash(store, &digest, &err), &err);
    return digest;
}

static void settle(CrashVfs *disk, Play *play, Outbox *outbox) ONLY_ON(writer_role)
{
    Err err;
    Store *store = NULL;
    VerifyReport report;
    RebuildReport rebuilt;
    crash_vfs_power_on(disk);
    crash_vfs_cut_at(disk, 0);
    must(open_on(disk, &store, &err), &err);
    play->store = store;
    must(engine_open(&play->engine, &play->node, store, &err), &err);
    look(store, outbox);
    for (size_t i = 0; i < outbox->count; i++) /* the whole outbox once more */
        must(send_one(play, &outbox->sent[i], &err), &err);
    assert_int_equal(count_postings(store, outbox), outbox->count);
    must(verify_journal(&play->node, store, &report, &err), &err);
    if (report.fault_count > 0) fail_msg("%s", report.words);
    const Digest live = hash_of_store(store);
    must(engine_rebuild(play->engine, &rebuilt, &err), &err);
    const Digest again = hash_of_store(store);
    assert_memory_equal(live.at, again.at, sizeof live.at);
    engine_close(&play->engine);
    store_close(&store);
}

static uint64_t lost_in(unsigned count, uint64_t first_seed) ONLY_ON(writer_role)
{
    Err err;
    Play play;
    Store *store = NULL;
    Outbox fresh = {0};
    uint64_t lost = 0;
    CrashVfs *template_disk = crash_vfs_install(3);
    must(open_on(template_disk, &store, &err), &err);
    play_open(&play, store, 11);
    prepare(&play, &fresh);
    engine_close(&play.engine);
    store_close(&store);
    for (unsigned i = 0; i < count; i++) {
        Prng prng = {.state = first_seed + i};
        CrashVfs *disk = crash_vfs_install(prng_next(&prng));
        Outbox outbox = fresh;
        crash_vfs_copy(disk, template_disk);
        fprintf(stderr, "\rSEED=%" PRIu64 " ", first_seed + i);
        for (int l = 0; l < LIVES; l++)
            live(disk, &play, &outbox, &prng);
        settle(disk, &play, &outbox);
        lost += outbox.lost;
        crash_vfs_remove(&disk);
    }
    crash_vfs_remove(&template_disk);
    play_close(&play);
    printf("\r%u schedules of %d power cuts: %" PRIu64 " acknowledged commands lost\n", count,
           LIVES, lost);
    return lost;
}

static unsigned schedule_count(void)
{
    const char *wanted = getenv("CRASH_SCHEDULES");
    return wanted == NULL ? 300 : (unsigned)strtoul(wanted, NULL, 10) / 10;
}

static void no_answered_command_is_lost_or_done_twice(void **state)
{
    (void)state;
    const char *only = getenv("SEED");
    const uint64_t seed = only == NULL ? 1 : strtoull(only, NULL, 0);
    assert_int_equal(lost_in(only == NULL ? schedule_count() : 1, seed), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_answered_command_is_lost_or_done_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
