/* What we promise about segments: what one node signed is read back, and faults have names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "journal/segment.h"
#include "support/journal_sample.h"

#define ROOM ((size_t)1 << 16)

static Sample sample;
static Err err;
static Buf good; /* box, entries 1 .. 16 */

static int make_segment(void **state)
{
    (void)state;
    sample_init(&sample);
    buf_init(&good, ROOM);
    sample_segment(&sample.streams[SAMPLE_BOX], 1, 16, &good);
    return 0;
}

static int end_segment(void **state)
{
    (void)state;
    buf_done(&good);
    sample_done(&sample);
    return 0;
}

static const SampleStream *box(void)
{
    return &sample.streams[SAMPLE_BOX];
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    SegmentReader reader;
    assert_int_equal(segment_open(&reader, buf_as_bytes(&good), &err), OK);
    assert_true(stream_equal(&reader.header.stream, &box()->name));
    assert_int_equal(reader.header.first, 1);
    assert_int_equal(reader.header.last, 16);
    bool found = true;
    size_t count = 0;
    while (found) {
        SegmentItem item;
        assert_int_equal(segment_next(&reader, &item, &found, &err), OK);
        if (!found) break;
        assert_int_equal(item.sequence, count + 1);
        assert_true(bytes_equal(item.chained, sample_chained(box(), count)));
        assert_true(bytes_equal(item.body, sample_body(box(), count)));
        assert_int_equal(item.entry.stamp, box()->entries[count].stamp);
        assert_true(digest_equal(&reader.head, &box()->entries[count].head));
        count++;
    }
    assert_int_equal(count, 16);
    assert_int_equal(segment_prove(&reader, &box()->public_key, &err), OK);
}

static void every_run_of_entries_verifies(void **state)
{
    (void)state;
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, ROOM);
    for (uint64_t first = 1; first <= 32; first += 5)
        for (uint64_t last = first; last <= 32; last += 3) {
            buf_clear(&segment);
            buf_add_z(&segment, "in front"); /* a writer appends, wherever it is */
            sample_segment(box(), first, last, &segment);
            Fault fault;
            const Bytes bytes = {segment.at + 8, segment.size - 8};
            assert_int_equal(segment_verify(bytes, &box()->public_key, &fault, &err), OK);
        }
}

/* Verifies the good segment with some of its bytes replaced, and expects to be told. */
static void assert_fault(size_t at, Bytes bytes, FaultKind kind, const char *words)
{
    uint8_t copy[ROOM / 16];
    assert_true(good.size <= sizeof copy);
    memcpy(copy, good.at, good.size);
    memcpy(copy + at, bytes.at, bytes.size);
    Fault fault;
    const Bytes segment = {copy, good.size};
    assert_int_equal(segment_verify(segment, &box()->public_key, &fault, &err), ERR_CORRUPT);
    assert_int_equal(fault.kind, kind);
    assert_string_equal(err.message, words);
}

#define BYTES(...) \
    ((Bytes){.at = (const uint8_t[]){__VA_ARGS__}, .size = sizeof((const uint8_t[]){__VA_ARGS__})})

#define IN_STREAM " in stream 6a3803d5f0/3/01a2008d-75f4-7000-9a8e-00f57c003000"

static void faults_say_what_and_where(void **state)
{
    (void)state;
    assert_fault(0, BYTES(2), FAULT_UNKNOWN_SUITE,
                 "it is signed with algorithms unknown here (unknown_suite)");
    assert_fault(6, BYTES(0xFF), FAULT_BAD_HEADER,
                 "the segment header contradicts itself (bad_header): an epoch is above 1023");
    assert_fault(31, BYTES(0), FAULT_BAD_HEADER,
                 "the segment header contradicts itself (bad_header)" IN_STREAM
                 ": entries are numbered from 1");
    assert_fault(39, BYTES(17), FAULT_MISSING_ENTRY,
                 "there are fewer entries than the header says (missing_entry)" IN_STREAM
                 ", entries 17 to 17");
    assert_fault(39, BYTES(15), FAULT_SURPLUS_ENTRY,
                 "there are more entries than the header says (surplus_entry)" IN_STREAM
                 ", entries 1 to 15");
    assert_fault(56, BYTES(0, 0), FAULT_CHAIN_BROKEN,
                 "the entries do not lead to the head (chain_broken)" IN_STREAM
                 ", entries 1 to 16: expected ec3bb0488d65, found 0000b0488d65");
    assert_fault(88, BYTES(0), FAULT_CHAIN_BROKEN,
                 "the entries do not lead to the head (chain_broken)" IN_STREAM
                 ", entries 1 to 16: expected 00b7693660b2, found 6cb7693660b2");
    assert_fault(120, BYTES(0), FAULT_BAD_SIGNATURE,
                 "the signature does not fit (bad_signature)" IN_STREAM ", entries 1 to 16");
    assert_fault(SEGMENT_HEADER_SIZE + 2, BYTES(0x83), FAULT_BAD_ENTRY,
                 "an entry cannot be read (bad_entry)" IN_STREAM
                 ", entries 1 to 1: a reserved flag is set");
}

static void a_writer_takes_only_what_follows(void **state)
{
    (void)state;
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, ROOM);
    SegmentWriter writer;
    const Digest start = chain_start(&box()->name);
    segment_begin(&writer, &segment, &box()->name, 1, 0, &start);
    assert_int_equal(segment_add(&writer, sample_chained(box(), 0), (Bytes){0}, &err), OK);
    const size_t size = segment.size;
    /* A body that is not the third entry's, and bytes that are no entry. */
    assert_int_equal(segment_add(&writer, sample_chained(box(), 2), sample_chained(box(), 0), &err),
                     ERR_CORRUPT);
    assert_int_equal(segment_add(&writer, bytes_of(TEXT("no entry")), (Bytes){0}, &err),
                     ERR_CORRUPT);
    assert_int_equal(segment.size, size);
    assert_int_equal(writer.next, 2);
}

static void a_full_segment_takes_no_more(void **state)
{
    (void)state;
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, SEGMENT_BYTES_MAX);
    SegmentWriter writer;
    const Digest start = chain_start(&box()->name);
    segment_begin(&writer, &segment, &box()->name, 1, 0, &start);
    const Bytes smallest = BYTES(1, 0, 1);
    for (uint64_t i = 0; i < SEGMENT_ENTRIES_MAX; i++)
        assert_int_equal(segment_add(&writer, smallest, (Bytes){0}, &err), OK);
    assert_int_equal(segment_add(&writer, smallest, (Bytes){0}, &err), ERR_LIMIT);
    assert_int_equal(segment_end(&writer, &box()->key, &err), OK);
    Fault fault;
    assert_int_equal(segment_verify(buf_as_bytes(&segment), &box()->public_key, &fault, &err), OK);
}

static void every_cut_of_a_segment_is_found(void **state)
{
    (void)state;
    for (size_t size = 0; size < good.size; size++) {
        Fault fault;
        assert_int_equal(segment_verify((Bytes){good.at, size}, &box()->public_key, &fault, &err),
                         ERR_CORRUPT);
        if (size < SEGMENT_HEADER_SIZE)
            assert_int_equal(fault.kind, FAULT_TRUNCATED);
        else
            assert_true(fault.kind == FAULT_BAD_ENTRY || fault.kind == FAULT_MISSING_ENTRY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(every_run_of_entries_verifies),
        cmocka_unit_test(faults_say_what_and_where),
        cmocka_unit_test(a_writer_takes_only_what_follows),
        cmocka_unit_test(a_full_segment_takes_no_more),
        cmocka_unit_test(every_cut_of_a_segment_is_found),
    };
    return cmocka_run_group_tests_name("segment", tests, make_segment, end_segment);
}
