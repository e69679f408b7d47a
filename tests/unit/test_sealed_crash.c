/* What we promise about power cuts while something is being sealed: the words are nowhere on the
 * disk, at whichever operation the power fails, and its reader opens what was acknowledged. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/query.h"
#include "support/crash_vfs.h"
#include "support/signal_site.h"

#define PLACE          "node.db"
#define OPERATIONS_MAX 400
#define SEED_COUNT     3
#define RAISED         "验收时收了分包单位的红包"
#define HANDLED        "约谈后查实一千元"
#define OPEN_WORDS     "此事已办结并退款" /* for the raiser: not sealed, so it is found */

typedef struct Trial {
    Site *site;
    CrashVfs *disk;
    const char *kind;
    Store *store;
    bool is_raised; /* acknowledged */
    bool is_handled;
    Id signal;
} Trial;

static ErrCode power_up(Trial *trial, Err *err)
{
    Play *play = &trial->site->play;
    crash_vfs_power_on(trial->disk);
    TRY(store_open(&trial->store,
                   &(StoreOptions){.place = PLACE,
                                   .is_writer = true,
                                   .vfs_name = crash_vfs_name(trial->disk),
                                   .checkpoint_pages = 20},
                   err));
    engine_close(&play->engine);
    play->store = trial->store;
    return engine_open(&play->engine, &play->node, trial->store, err);
}

static void power_down(Trial *trial)
{
    engine_close(&trial->site->play.engine);
    store_close(&trial->store);
}

static void expect_nowhere(const Trial *trial, uint64_t at)
{
    static const char *const words[] = {RAISED, HANDLED};
    for (size_t i = 0; i < 2; i++)
        if (crash_vfs_holds(trial->disk, words[i], strlen(words[i])))
            fail_msg("%s: \"%s\" is on the disk, cut at operation %" PRIu64, trial->kind, words[i],
                     at);
}

/* A command in a group of its own; false when the power failed first. */
static bool send(Trial *trial, const char *json, Id *out_id) ONLY_ON(writer_role)
{
    Err err;
    Command command;
    Answer answer;
    AUTO(doc_done) Doc doc = {0};
    AUTO(arena_done) Arena arena = {0};
    Play *play = &trial->site->play;
    arena_init(&arena, (size_t)4 << 20);
    must(doc_parse(&doc, bytes_of(text_from_z(json)), &err), &err);
    must(command_decode(doc.root, &command, &err), &err);
    ErrCode code = engine_begin(play->engine, &err);
    if (code == OK)
        code = engine_execute(play->engine, &play->actor, &command, &arena, &answer, &err);
    if (code == OK) code = engine_commit(play->engine, &err);
    if (code != OK) {
        engine_roll_back(play->engine);
        return false;
    }
    must_be_done(answer);
    *out_id = answer.ids[0];
    return true;
}

static bool raise(Trial *trial) ONLY_ON(writer_role)
{
    char json[600];
    Site *site = trial->site;
    snprintf(json, sizeof json,
             "{\"op\":\"019e0000-0000-7000-8000-00000000f001\",\"do\":\"signal.add\",\"fields\":{"
             "\"kind\":\"%s\",\"project\":\"%s\",\"what\":\"" RAISED "\"}}",
             trial->kind, play_text(site->project));
    act_as(site, site->worker, false);
    return send(trial, json, &trial->signal);
}

static bool handle(Trial *trial) ONLY_ON(writer_role)
{
    char json[600];
    Id id;
    Site *site = trial->site;
    snprintf(json, sizeof json,
             "{\"op\":\"019e0000-0000-7000-8000-00000000f002\",\"do\":\"handling.add\",\"fields\":{"
             "\"signal\":\"%s\",\"step\":\"answer\",\"envelope\":\"" HANDLED
             "\",\"answer\":\"" OPEN_WORDS "\"}}",
             play_text(trial->signal));
    act_as(site, site->reader, false);
    return send(trial, json, &id);
}

static void expect_opens(const Trial *trial, QueryId id, int column, const char *wanted)
{
    Err err;
    Bytes envelope = {0};
    Text plain;
    bool found = false;
    AUTO(query_done) Query query = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)1 << 20);
    must(query_begin(&query, trial->store, id, &err), &err);
    query_bind_int(&query, 1, trial->site->play.node.shard);
    query_bind_int(&query, 2, site_key(trial->site, trial->signal));
    must(query_next(&query, &found, &err), &err);
    assert_true(found);
    must(query_bytes(&query, column, &arena, &envelope, &err), &err);
    must(envelope_open(&trial->site->secret, envelope, &arena, &plain, &err), &err);
    assert_true(text_is(plain, wanted));
}

/* The client sends again what was not acknowledged; then its reader opens all of it. */
static void settle(Trial *trial, uint64_t at) ONLY_ON(writer_role)
{
    Err err;
    must(power_up(trial, &err), &err);
    expect_nowhere(trial, at); /* nor after SQLite has recovered */
    if (trial->is_raised) expect_opens(trial, ENVELOPE_OF_SIGNAL, 0, RAISED);
    if (trial->is_handled) expect_opens(trial, ENVELOPES_OF_STEPS, 2, HANDLED);
    assert_true(raise(trial));
    assert_true(handle(trial));
    expect_opens(trial, ENVELOPE_OF_SIGNAL, 0, RAISED);
    expect_opens(trial, ENVELOPES_OF_STEPS, 2, HANDLED);
    expect_nowhere(trial, at);
    assert_true(crash_vfs_holds(trial->disk, OPEN_WORDS, strlen(OPEN_WORDS)));
    power_down(trial);
    expect_nowhere(trial, at); /* nor what the last checkpoint wrote */
}

/* Whether there were so many operations. */
static bool cut_at(Site *site, const CrashVfs *base, const char *kind, uint64_t seed, uint64_t at)
    ONLY_ON(writer_role)
{
    Err err;
    Trial trial = {.site = site, .disk = crash_vfs_install(seed), .kind = kind};
    crash_vfs_copy(trial.disk, base);
    must(power_up(&trial, &err), &err);
    crash_vfs_cut_at(trial.disk, at);
    trial.is_raised = raise(&trial);
    if (trial.is_raised) trial.is_handled = handle(&trial);
    expect_nowhere(&trial, at);
    const bool is_cut = crash_vfs_is_off(trial.disk);
    crash_vfs_cut_at(trial.disk, 0);
    if (!is_cut) crash_vfs_cut(trial.disk);
    power_down(&trial);
    settle(&trial, at);
    crash_vfs_remove(&trial.disk);
    return is_cut;
}

static void name_readers(Site *site)
{
    char text[READER_KEY_TEXT];
    site_name_reader(site);
    const ReaderKey key = reader_key_of(&site->secret);
    play_add(&site->play, "reader",
             "\"unit\":\"%s\",\"purpose\":\"hardship\",\"key\":\"%s\",\"holder\":\"%s\","
             "\"from\":\"2026-01-01\"",
             play_text(site->company), reader_key_write(&key, text), play_text(site->reader));
}

static void what_is_being_sealed_is_nowhere_on_the_disk(void **state)
{
    (void)state;
    static Site site;
    static const char *const kinds[] = {"integrity", "hardship"};
    uint64_t cuts = 0;
    Trial base = {.site = &site, .disk = crash_vfs_install(3)};
    Err err;
    must(store_open(&base.store,
                    &(StoreOptions){.place = PLACE,
                                    .is_writer = true,
                                    .vfs_name = crash_vfs_name(base.disk),
                                    .checkpoint_pages = 20},
                    &err),
         &err);
    site_open(&site, base.store);
    writer_expect();
    name_readers(&site);
    power_down(&base);
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++)
        for (size_t k = 0; k < 2; k++) {
            uint64_t at = 1;
            while (cut_at(&site, base.disk, kinds[k], seed, at))
                assert_true(++at < OPERATIONS_MAX);
            assert_true(at > 4); /* it is cut in the midst of things */
            cuts += at - 1;
        }
    crash_vfs_remove(&base.disk);
    site_close(&site);
    printf("%" PRIu64 " power cuts: the words are on no disk\n", cuts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_being_sealed_is_nowhere_on_the_disk),
    };
    return cmocka_run_group_tests_name("sealed crash", tests, NULL, NULL);
}
