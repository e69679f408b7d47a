/* What we promise about power cuts and failing disks: what was acknowledged is there afterwards,
 * nothing is there by half, what is there is a prefix of what was asked for, and a disk that has
 * failed once is not written to again. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/journal_rows.h"
#include "store/store.h"
#include "support/crash_vfs.h"
#include "support/prop.h"
#include "support/stores.h"

#define PLACE         "node.db"
#define TX_MAX        400
#define ENTRY_BYTES   1500
#define LIVES         3
#define TEMPLATE_SEED 7

/* What the client outside knows, and no crash can touch. */
typedef struct Ledger {
    uint64_t last_seq[TX_MAX + 1]; /* after transaction t; [0] is 0 */
    size_t submitted;              /* transactions that were begun */
    size_t acked;                  /* and answered: these must survive */
    uint64_t lost;                 /* acked ones that did not */
} Ledger;

static Bytes bytes_of_entry(uint64_t seq, uint8_t out[ENTRY_BYTES])
{
    Prng prng = {.state = seq * 977};
    const size_t size = 20 + (size_t)prng_below(&prng, ENTRY_BYTES - 20);
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)prng_next(&prng);
    return (Bytes){.at = out, .size = size};
}

static Id op_id(size_t transaction)
{
    return id_make((uint64_t)transaction << 12, 5, 0);
}

static ErrCode add_entries(Store *store, uint64_t first_seq, uint64_t last_seq, Err *err)
{
    const StreamName name = {.node_short = 5, .scope = op_id(1)};
    int64_t stream = 0;
    TRY(stream_row_intern(store, &name, &stream, err));
    for (uint64_t seq = first_seq; seq <= last_seq; seq++) {
        uint8_t bytes[ENTRY_BYTES];
        const EntryRow entry = {.shard = 1,
                                .stream = stream,
                                .seq = seq,
                                .stamp = seq,
                                .kind = 2,
                                .subject = 1,
                                .chained = bytes_of_entry(seq, bytes)};
        int64_t arrival = 0;
        TRY(entry_row_add(store, &entry, &arrival, err));
    }
    return OK;
}

/* One transaction of a few entries and the op that asked for them. */
static ErrCode submit(Store *store, Ledger *ledger, Prng *prng, Err *err)
{
    const size_t number = ++ledger->submitted;
    const uint64_t first = ledger->last_seq[number - 1] + 1;
    const uint64_t last = first + prng_below(prng, 4);
    ledger->last_seq[number] = last;

    AUTO(tx_rollback) Tx tx = {0};
    TRY(tx_begin(&tx, store, err));
    TRY(add_entries(store, first, last, err));
    const OpRow op = {.id = op_id(number), .answer = TEXT("done"), .arrival = (int64_t)last};
    TRY(op_row_add(store, &op, err));
    TRY(tx_commit(&tx, err));
    ledger->acked = number;
    return OK;
}

/* How many entries there are, each being what it should. */
static uint64_t count_entries(Store *store)
{
    Err err = {0};
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_all(&walk, store, 1);
    uint64_t count = 0;
    for (const EntryRow *entry = NULL;;) {
        must(entry_walk_next(&walk, &entry, &err), &err);
        if (entry == NULL) return count;
        count++;
        assert_int_equal(entry->seq, count);
        assert_int_equal(entry->arrival, count);
        uint8_t expected[ENTRY_BYTES];
        assert_true(bytes_equal(entry->chained, bytes_of_entry(count, expected)));
    }
}

static bool has_op(Store *store, size_t transaction)
{
    Err err = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 4096);
    bool found = false;
    OpRow op = {0};
    must(op_row_find(store, op_id(transaction), &arena, &found, &op, &err), &err);
    return found;
}

/* Compares what is there with the ledger, and takes from it what the crash was allowed to take. */
static void look(Store *store, Ledger *ledger)
{
    const uint64_t count = count_entries(store);
    size_t found = 0;
    while (found < ledger->submitted && ledger->last_seq[found] < count)
        found++;
    assert_int_equal(ledger->last_seq[found], count); /* no transaction is there by half */
    for (size_t number = 1; number <= ledger->submitted; number++)
        assert_int_equal(has_op(store, number), number <= found);
    if (found < ledger->acked) ledger->lost += ledger->acked - found;
    ledger->submitted = found;
    ledger->acked = found;
}

static ErrCode open_on(CrashVfs *disk, bool is_writer, int checkpoint_pages, Store **out_store,
                       Err *err)
{
    return store_open(out_store,
                      &(StoreOptions){.place = PLACE,
                                      .is_writer = is_writer,
                                      .vfs_name = crash_vfs_name(disk),
                                      .checkpoint_pages = checkpoint_pages},
                      err);
}

/* From power on to power off. */
static void live(CrashVfs *disk, Ledger *ledger, Prng *prng)
{
    crash_vfs_power_on(disk);
    const bool dies_early = prng_below(prng, 8) == 0; /* while the last crash is being mended */
    crash_vfs_cut_at(disk, 1 + prng_below(prng, dies_early ? 8 : 120));
    Err err = {0};
    Store *store = NULL;
    const ErrCode code = open_on(disk, true, 4 + (int)prng_below(prng, 40), &store, &err);
    if (code != OK && !crash_vfs_is_off(disk)) must(code, &err);
    if (code == OK && !crash_vfs_is_off(disk)) look(store, ledger);
    while (code == OK && ledger->submitted < TX_MAX)
        if (submit(store, ledger, prng, &err) != OK) break;
    if (code == OK && !crash_vfs_is_off(disk)) {
        assert_int_equal(ledger->submitted, TX_MAX); /* else something failed by itself */
        crash_vfs_cut(disk);
    }
    store_close(&store);
}

/* Whether the database could be read to the end of the schedule. */
static void run_schedule(CrashVfs *disk, Ledger *ledger, Prng *prng)
{
    for (int i = 0; i < LIVES; i++)
        live(disk, ledger, prng);
    crash_vfs_power_on(disk);
    crash_vfs_cut_at(disk, 0);
    Err err = {0};
    Store *store = NULL;
    must(open_on(disk, true, 0, &store, &err), &err);
    Store *reader = NULL;
    must(open_on(disk, false, 0, &reader, &err), &err);
    look(reader, ledger);
    if (prng_below(prng, 8) == 0) must(store_check(reader, &err), &err);
    store_close(&reader);
    must(submit(store, ledger, prng, &err), &err); /* and the node goes on */
    store_close(&store);
    assert_int_equal(crash_vfs_counts(disk).reader_operations, 0);
}

/* A disk with a fresh database on it: making one takes longer than a whole schedule. */
static CrashVfs *template_disk(void)
{
    CrashVfs *disk = crash_vfs_install(TEMPLATE_SEED);
    Err err = {0};
    Store *store = NULL;
    must(open_on(disk, true, 0, &store, &err), &err);
    store_close(&store);
    return disk;
}

static unsigned schedule_count(void)
{
    const char *wanted = getenv("CRASH_SCHEDULES");
    return wanted == NULL ? 2000 : (unsigned)strtoul(wanted, NULL, 10);
}

static uint64_t lost_in(unsigned count, uint64_t first_seed)
{
    CrashVfs *fresh = template_disk();
    uint64_t lost = 0;
    unsigned losers = 0;
    for (unsigned i = 0; i < count; i++) {
        Prng prng = {.state = first_seed + i};
        CrashVfs *disk = crash_vfs_install(prng_next(&prng));
        /* One in sixteen loses power while the database is being made. */
        if (prng_below(&prng, 16) != 0) crash_vfs_copy(disk, fresh);
        Ledger ledger = {0};
        fprintf(stderr, "\rSEED=%" PRIu64 " ", first_seed + i);
        run_schedule(disk, &ledger, &prng);
        lost += ledger.lost;
        losers += ledger.lost > 0 ? 1 : 0;
        crash_vfs_remove(&disk);
    }
    crash_vfs_remove(&fresh);
    printf("\r%u schedules of %d power cuts: %" PRIu64 " acknowledged transactions lost (in %u)\n",
           count, LIVES, lost, losers);
    return lost;
}

static void no_acknowledged_transaction_is_lost(void **state)
{
    (void)state;
    const char *only = getenv("SEED");
    const uint64_t seed = only == NULL ? 1 : strtoull(only, NULL, 0);
    assert_int_equal(lost_in(only == NULL ? schedule_count() : 1, seed), 0);
}

/* A disk whose syncs do nothing loses what was acknowledged: were this test not to see it, it
 * would not see a missing sync of ours either. */
static void the_test_sees_what_a_missing_sync_loses(void **state)
{
    (void)state;
    CrashVfs *fresh = template_disk();
    int noticed = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        Prng prng = {.state = seed};
        CrashVfs *disk = crash_vfs_install(seed);
        crash_vfs_copy(disk, fresh);
        crash_vfs_lie(disk, true);
        Ledger ledger = {0};
        Err err = {0};
        Store *store = NULL;
        must(open_on(disk, true, 100000, &store, &err), &err);
        for (int i = 0; i < 20; i++)
            must(submit(store, &ledger, &prng, &err), &err);
        crash_vfs_cut(disk);
        store_close(&store);
        crash_vfs_power_on(disk);
        crash_vfs_lie(disk, false);
        must(open_on(disk, true, 0, &store, &err), &err);
        look(store, &ledger);
        noticed += ledger.lost > 0 ? 1 : 0;
        store_close(&store);
        crash_vfs_remove(&disk);
    }
    crash_vfs_remove(&fresh);
    assert_true(noticed > 20);
}

/* ------------------------------------------------------------------------- failing disks */

/* One transaction with its n-th operation failing. Returns whether a fault was reached. */
static bool fail_nth(const CrashVfs *fresh, uint64_t n, CrashFault fault, bool is_lasting)
{
    CrashVfs *disk = crash_vfs_install(n);
    crash_vfs_copy(disk, fresh);
    Prng prng = {.state = n};
    Ledger ledger = {0};
    Err err = {0};
    Store *store = NULL;
    must(open_on(disk, true, 4, &store, &err), &err);
    must(submit(store, &ledger, &prng, &err), &err);

    crash_vfs_fail_at(disk, n, fault, is_lasting);
    ErrCode code = OK;
    for (int i = 0; i < 6 && code == OK; i++)
        code = submit(store, &ledger, &prng, &err);
    const bool has_failed = crash_vfs_has_failed(disk);
    if (code != OK) {
        assert_int_equal(code, ERR_IO);
        assert_true(store_is_broken(store));
        const uint64_t operations = crash_vfs_counts(disk).operations;
        Tx tx = {0};
        assert_int_equal(tx_begin(&tx, store, &err), ERR_IO); /* refused from now on */
        assert_int_equal(crash_vfs_counts(disk).operations, operations);
    }
    store_close(&store);
    assert_int_equal(crash_vfs_counts(disk).sync_after_failure, 0);

    crash_vfs_fail_at(disk, 0, CRASH_EIO, false);
    if (n % 2 == 0) { /* the machine is restarted too */
        crash_vfs_cut(disk);
        crash_vfs_power_on(disk);
    }
    must(open_on(disk, true, 0, &store, &err), &err);
    look(store, &ledger);
    must(submit(store, &ledger, &prng, &err), &err);
    store_close(&store);
    assert_int_equal(ledger.lost, 0);
    crash_vfs_remove(&disk);
    return has_failed;
}

static void a_failing_disk_stops_the_store_and_costs_nothing(void **state)
{
    (void)state;
    CrashVfs *fresh = template_disk();
    static const CrashFault faults[] = {CRASH_EIO, CRASH_FULL};
    for (size_t f = 0; f < 2; f++) {
        for (int lasting = 0; lasting < 2; lasting++) {
            uint64_t n = 1;
            while (fail_nth(fresh, n, faults[f], lasting == 1))
                n++;
            assert_true(n > 20); /* the sweep went through a checkpoint */
            printf("%s, %s: each of %" PRIu64 " operations\n", f == 0 ? "EIO" : "ENOSPC",
                   lasting == 1 ? "lasting" : "once", n - 1);
        }
    }
    crash_vfs_remove(&fresh);
}

/* ------------------------------------------------------------------------- who may checkpoint */

static void no_reader_ever_checkpoints(void **state)
{
    (void)state;
    CrashVfs *disk = crash_vfs_install(3);
    Prng prng = {.state = 3};
    Ledger ledger = {0};
    Err err = {0};
    Store *writer = NULL;
    must(open_on(disk, true, 1 << 20, &writer, &err), &err); /* the writer will not, for now */
    const uint64_t made = crash_vfs_counts(disk).main_writes;
    for (int i = 0; i < 200; i++) {
        must(submit(writer, &ledger, &prng, &err), &err);
        Store *reader = NULL;
        must(open_on(disk, false, 1, &reader, &err), &err); /* asks for one after each page */
        assert_int_equal(count_entries(reader), ledger.last_seq[ledger.acked]);
        store_close(&reader);
    }
    const CrashCounts counts = crash_vfs_counts(disk);
    assert_int_equal(counts.reader_operations, 0);
    assert_int_equal(counts.main_writes, made);

    /* The last to leave is a reader: what the writer's close would move stays in the log. */
    Store *reader = NULL;
    must(open_on(disk, false, 1, &reader, &err), &err);
    assert_int_equal(count_entries(reader), ledger.last_seq[ledger.acked]);
    store_close(&writer);
    const uint64_t after_writer = crash_vfs_counts(disk).operations;
    store_close(&reader);
    assert_int_equal(crash_vfs_counts(disk).operations, after_writer);

    must(open_on(disk, true, 0, &writer, &err), &err);
    look(writer, &ledger);
    store_close(&writer);
    assert_true(crash_vfs_counts(disk).main_writes > made); /* the writer is the one who may */
    assert_int_equal(ledger.lost, 0);
    crash_vfs_remove(&disk);
}

/* ------------------------------------------------------------------------------------ bit rot */

/* Of a damaged page the database's own check speaks up. (Damage inside a value is for the chain of
 * the journal and for the comparison with a rebuild to find.) */
static void a_damaged_page_is_found(void **state)
{
    (void)state;
    CrashVfs *fresh = template_disk();
    const uint64_t pages = crash_vfs_size(fresh, PLACE) / 4096;
    assert_true(pages > 50);
    for (uint64_t page = 0; page < pages; page++) {
        CrashVfs *disk = crash_vfs_install(page);
        crash_vfs_copy(disk, fresh);
        /* The kind of page: behind the file's header on the first, at the start of all others. */
        const uint64_t at = page == 0 ? 100 : page * 4096;
        assert_true(crash_vfs_flip(disk, PLACE, at * 8 + 6));
        Err err = {0};
        Store *store = NULL;
        ErrCode code = open_on(disk, false, 0, &store, &err);
        if (code == OK) code = store_check(store, &err);
        assert_int_equal(code, ERR_CORRUPT);
        store_close(&store);
        crash_vfs_remove(&disk);
    }
    crash_vfs_remove(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_transaction_is_lost),
        cmocka_unit_test(the_test_sees_what_a_missing_sync_loses),
        cmocka_unit_test(a_failing_disk_stops_the_store_and_costs_nothing),
        cmocka_unit_test(no_reader_ever_checkpoints),
        cmocka_unit_test(a_damaged_page_is_found),
    };
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
