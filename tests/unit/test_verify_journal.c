/* What we promise about verify: a journal that was changed behind the program's back is found out,
 * and the report says which stream, which entry, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/verify.h"
#include "store/journal_rows.h"
#include "support/play.h"
#include "support/prop.h"
#include "support/stores.h"

#define PEOPLE    4
#define COPY_SIZE ((size_t)8 << 20)

/* Somebody with access to the disk: the journal is copied row by row into another database, and
 * these may change or leave out a row on the way. */
typedef struct Tamper {
    bool (*entry)(struct Tamper *tamper, EntryRow *row); /* false: the row is left out */
    bool (*segment)(struct Tamper *tamper, SegmentRow *row);
    int64_t stream; /* which stream, and which of its entries or segments */
    uint64_t seq;
    size_t at; /* which byte */
    Arena *arena;
    bool was_done;
} Tamper;

static uint8_t *writable(Tamper *tamper, Bytes *bytes)
{
    Err err;
    must(bytes_copy(tamper->arena, *bytes, bytes, &err), &err);
    return (uint8_t *)(uintptr_t)bytes->at; /* the copy is ours */
}

static bool is_meant(Tamper *tamper, int64_t stream, uint64_t seq)
{
    if (stream != tamper->stream || seq != tamper->seq) return false;
    tamper->was_done = true;
    return true;
}

static void copy_segments(Store *from, Store *to, int64_t key, int64_t new_key, Tamper *tamper)
{
    Err err;
    SegmentRow *rows = NULL;
    size_t count = 0;
    must(segment_rows(from, key, 1, 1000, tamper->arena, &rows, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        if (tamper->segment != NULL && !tamper->segment(tamper, &rows[i])) continue;
        rows[i].stream = new_key;
        must(segment_row_add(to, &rows[i], &err), &err);
    }
}

static void copy_stream(Store *from, Store *to, const StreamRow *stream, Tamper *tamper)
{
    Err err;
    AUTO(entry_walk_done) EntryWalk walk = {0};
    int64_t key = 0;
    must(stream_row_intern(to, &stream->name, &key, &err), &err);
    entry_walk_stream(&walk, from, stream->key, 1);
    for (const EntryRow *row = NULL;;) {
        int64_t arrival = 0;
        must(entry_walk_next(&walk, &row, &err), &err);
        if (row == NULL) break;
        EntryRow copy = *row;
        if (tamper->entry != NULL && !tamper->entry(tamper, &copy)) continue;
        copy.stream = key;
        must(entry_row_add(to, &copy, &arrival, &err), &err);
    }
    copy_segments(from, to, stream->key, key, tamper);
}

static VerifyReport verify_copy(const Play *play, Store *from, const char *place, Tamper *tamper)
{
    Err err;
    VerifyReport report;
    StreamRow *streams = NULL;
    size_t count = 0;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, COPY_SIZE);
    tamper->arena = &arena;
    Store *to = store_must_open(&(StoreOptions){.place = place, .is_writer = true});
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, to, &err), &err);
        must(stream_rows(from, &arena, &streams, &count, &err), &err);
        for (size_t i = 0; i < count; i++)
            copy_stream(from, to, &streams[i], tamper);
        must(tx_commit(&tx, &err), &err);
    }
    must(verify_journal(&play->node, to, &report, &err), &err);
    store_close(&to);
    tamper->arena = NULL; /* it ends here */
    return report;
}

/* The journal of a company, signed twice, and the stream with most entries in it. */
typedef struct Journal {
    Play play;
    Stores *stores;
    int64_t stream;
    StreamName name;
    uint64_t entry_count;  /* of that stream */
    uint64_t first_signed; /* its first segment ends here */
} Journal;

static int copy_count; /* of all tests: each copy gets a file of its own */

static void people_join(Play *play, Id unit, int from)
{
    for (int i = from; i < from + PEOPLE; i++)
        play_add(play, "person", "\"name\":\"人%d\",\"unit\":\"%s\",\"phone\":\"1380013800%d\"", i,
                 play_text(unit), i);
}

static void find_largest_stream(Journal *journal)
{
    Err err;
    StreamRow *streams = NULL;
    size_t count = 0;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, COPY_SIZE);
    must(stream_rows(journal->stores->writer, &arena, &streams, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        EntryRow last;
        SegmentRow *segments = NULL;
        size_t segment_count = 0;
        bool found = false;
        must(entry_row_last(journal->stores->writer, streams[i].key, &found, &last, &err), &err);
        if (!found || last.seq <= journal->entry_count) continue;
        must(segment_rows(journal->stores->writer, streams[i].key, 1, 9, &arena, &segments,
                          &segment_count, &err),
             &err);
        assert_int_equal(segment_count, 2);
        journal->stream = streams[i].key;
        journal->name = streams[i].name;
        journal->entry_count = last.seq;
        journal->first_signed = segments[0].last_seq;
    }
    assert_true(journal->first_signed > 2 && journal->first_signed + 2 < journal->entry_count);
}

static void journal_open(Journal *journal, Stores *stores) ONLY_ON(writer_role)
{
    Err err;
    *journal = (Journal){.stores = stores};
    play_open(&journal->play, stores->writer, 1);
    const Id unit = play_add(&journal->play, "unit", "\"name\":\"公司\"");
    people_join(&journal->play, unit, 0);
    must(engine_sign_all(journal->play.engine, &err), &err);
    people_join(&journal->play, unit, PEOPLE);
    must(engine_sign_all(journal->play.engine, &err), &err);
    find_largest_stream(journal);
}

static VerifyReport tampered(Journal *journal, Tamper tamper)
{
    char name[32];
    snprintf(name, sizeof name, "copy%d.db", ++copy_count);
    tamper.stream = journal->stream;
    const VerifyReport report = verify_copy(&journal->play, journal->stores->writer,
                                            stores_path(journal->stores->state, name), &tamper);
    assert_true(tamper.was_done || (tamper.entry == NULL && tamper.segment == NULL));
    return report;
}

static void assert_found(const Journal *journal, const VerifyReport *report, FaultKind kind,
                         uint64_t first, uint64_t last)
{
    if (report->fault_count != 1 || report->first_fault.kind != kind)
        fail_msg("%d faults, first %s: %s", (int)report->fault_count,
                 fault_name(report->first_fault.kind), report->words);
    assert_true(report->first_fault.has_stream);
    assert_memory_equal(report->first_fault.stream.scope.at, journal->name.scope.at, 16);
    assert_true(report->first_fault.stream.node_short == journal->name.node_short);
    assert_int_equal(report->first_fault.first_bad, first);
    assert_int_equal(report->first_fault.last_bad, last);
    assert_non_null(strstr(report->words, fault_words(kind)));
}

static bool flip_chained(Tamper *tamper, EntryRow *row)
{
    if (is_meant(tamper, row->stream, row->seq))
        writable(tamper, &row->chained)[tamper->at % row->chained.size] ^= 0x10;
    return true;
}

static bool flip_body(Tamper *tamper, EntryRow *row)
{
    if (!is_meant(tamper, row->stream, row->seq)) return true;
    assert_true(row->has_body);
    writable(tamper, &row->body)[tamper->at % row->body.size] ^= 0x10;
    return true;
}

static Bytes other_body;

/* The body of the entry before takes this one's place. */
static bool swap_body(Tamper *tamper, EntryRow *row)
{
    Err err;
    if (row->stream == tamper->stream && row->seq + 1 == tamper->seq)
        must(bytes_copy(tamper->arena, row->body, &other_body, &err), &err);
    if (is_meant(tamper, row->stream, row->seq)) row->body = other_body;
    return true;
}

static bool erase_body(Tamper *tamper, EntryRow *row)
{
    if (is_meant(tamper, row->stream, row->seq)) row->has_body = false;
    return true;
}

static bool drop_entry(Tamper *tamper, EntryRow *row)
{
    return !is_meant(tamper, row->stream, row->seq);
}

static bool shift_stamp(Tamper *tamper, EntryRow *row)
{
    if (is_meant(tamper, row->stream, row->seq)) row->stamp++;
    return true;
}

static bool forge_signature(Tamper *tamper, SegmentRow *row)
{
    if (is_meant(tamper, row->stream, row->last_seq))
        row->signature.at[tamper->at % sizeof row->signature.at] ^= 1;
    return true;
}

static bool change_head(Tamper *tamper, SegmentRow *row)
{
    if (is_meant(tamper, row->stream, row->last_seq)) row->head.at[tamper->at % 32] ^= 1;
    return true;
}

static bool drop_segment(Tamper *tamper, SegmentRow *row)
{
    return !is_meant(tamper, row->stream, row->last_seq);
}

static void leave_it_alone(Stores *stores)
{
    Err err;
    Journal journal;
    VerifyReport live;
    journal_open(&journal, stores);
    must(verify_journal(&journal.play.node, stores->reader, &live, &err), &err);
    const VerifyReport copy = tampered(&journal, (Tamper){0});
    assert_int_equal(copy.fault_count, 0);
    assert_int_equal(copy.entry_count, live.entry_count);
    assert_int_equal(copy.segment_count, live.segment_count);
    assert_int_equal(copy.stream_count, live.stream_count);
    assert_int_equal(copy.unsigned_count, 0);
    /* What the law wants forgotten is no fault. */
    const VerifyReport erased = tampered(&journal, (Tamper){.entry = erase_body, .seq = 3});
    assert_int_equal(erased.fault_count, 0);
    play_add(&journal.play, "unit", "\"name\":\"又一\"");
    must(verify_journal(&journal.play.node, stores->writer, &live, &err), &err);
    assert_int_equal(live.unsigned_count, 1);
    assert_int_equal(live.fault_count, 0);
    play_close(&journal.play);
}

static void an_untouched_journal_is_whole_also_without_erased_bodies(void **state)
{
    on_each_store(*state, leave_it_alone);
}

static void change_rows(Stores *stores)
{
    Journal journal;
    VerifyReport report;
    journal_open(&journal, stores);
    const uint64_t middle = journal.first_signed;
    const uint64_t last = journal.entry_count;

    report = tampered(&journal, (Tamper){.entry = swap_body, .seq = 3});
    assert_found(&journal, &report, FAULT_BODY_MISMATCH, 3, 3);
    report = tampered(&journal, (Tamper){.entry = flip_body, .seq = last, .at = 20});
    assert_found(&journal, &report, FAULT_BODY_MISMATCH, last, last);
    report = tampered(&journal, (Tamper){.entry = shift_stamp, .seq = 2});
    assert_found(&journal, &report, FAULT_BAD_ENTRY, 2, 2);
    report = tampered(&journal, (Tamper){.entry = drop_entry, .seq = 2});
    assert_found(&journal, &report, FAULT_GAP, 2, 2);
    report = tampered(&journal, (Tamper){.entry = drop_entry, .seq = 1});
    assert_found(&journal, &report, FAULT_GAP, 1, 1);
    report = tampered(&journal, (Tamper){.entry = drop_entry, .seq = last});
    assert_found(&journal, &report, FAULT_MISSING_ENTRY, last, last);
    report = tampered(&journal, (Tamper){.segment = forge_signature, .seq = middle, .at = 5});
    assert_found(&journal, &report, FAULT_BAD_SIGNATURE, 1, middle);
    report = tampered(&journal, (Tamper){.segment = forge_signature, .seq = last, .at = 63});
    assert_found(&journal, &report, FAULT_BAD_SIGNATURE, middle + 1, last);
    report = tampered(&journal, (Tamper){.segment = change_head, .seq = last});
    assert_found(&journal, &report, FAULT_CHAIN_BROKEN, middle + 1, last);
    report = tampered(&journal, (Tamper){.segment = drop_segment, .seq = middle});
    assert_found(&journal, &report, FAULT_CHAIN_BROKEN, middle + 1, last);
    play_close(&journal.play);
}

static void each_way_to_tamper_is_found_and_named(void **state)
{
    on_each_store(*state, change_rows);
}

/* Wherever it lies: the entry cannot be read, or the chain does not lead to the signed head. */
static void flip_bytes(Stores *stores)
{
    Journal journal;
    Prng prng = {.state = 7};
    journal_open(&journal, stores);
    for (int i = 0; i < 25; i++) {
        const uint64_t seq = 1 + prng_below(&prng, journal.entry_count);
        const VerifyReport report = tampered(
            &journal, (Tamper){.entry = flip_chained, .seq = seq, .at = prng_below(&prng, 4096)});
        assert_int_not_equal(report.fault_count, 0);
        const Fault *fault = &report.first_fault;
        assert_true(fault->first_bad <= seq + 1 && fault->last_bad >= seq);
        if (fault->kind != FAULT_BAD_ENTRY && fault->kind != FAULT_BODY_MISMATCH)
            assert_int_equal(fault->kind, FAULT_CHAIN_BROKEN);
    }
    play_close(&journal.play);
}

static void a_flipped_byte_is_found_wherever_it_lies(void **state)
{
    on_each_store(*state, flip_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_journal_is_whole_also_without_erased_bodies),
        cmocka_unit_test(each_way_to_tamper_is_found_and_named),
        cmocka_unit_test(a_flipped_byte_is_found_wherever_it_lies),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
