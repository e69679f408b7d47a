/*
 * What we promise about bundles: any damage is found, and called by its name.
 *
 * On a bundle of 64 entries, two streams and five segments: every flipped bit, with the frame
 * check left wrong and with it put right; every cut; every deletion, swap and duplication of an
 * entry; other bodies. What is done with whole segments is in test_proof.c. Counts are printed.
 *
 * GOLDEN=write writes tests/golden/journal/bundle.* anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/journal_tamper.h"

#define GOLDEN_BUNDLE "tests/golden/journal/bundle.tpb"
#define GOLDEN_KEY    "tests/golden/journal/bundle.key.hex"

static Workbench bench;

static int begin(void **state)
{
    (void)state;
    workbench_init(&bench);
    return 0;
}

static int end(void **state)
{
    (void)state;
    workbench_done(&bench);
    return 0;
}

static const SampleStream *hq(void)
{
    return hq_of(&bench);
}

static const SampleStream *box(void)
{
    return box_of(&bench);
}

/* ---- the bundle as it is ---- */

static void a_good_bundle_is_good(void **state)
{
    (void)state;
    BundleReport report;
    assert_int_equal(kind_of(&bench, buf_as_bytes(&bench.good), &report), FAULT_NONE);
    assert_int_equal(report.good_bytes, bench.good.size);
    assert_int_equal(report.node_count, 2);
    assert_int_equal(report.segment_count, 5);
    assert_int_equal(report.entry_count, 64);
    assert_int_equal(report.erased_count, 1);
    assert_true(public_key_equal(&report.writer, &hq()->public_key));
}

static void meet_golden(const char *path, Bytes made)
{
    const char *mode = getenv("GOLDEN");
    if (mode != NULL && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(made.at, 1, made.size, file), made.size);
        assert_int_equal(fclose(file), 0);
    }
    static uint8_t there[ROOM];
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s cannot be read", path);
    const size_t size = fread(there, 1, sizeof there, file);
    fclose(file);
    assert_int_equal(size, made.size);
    assert_memory_equal(there, made.at, size);
}

static void the_golden_bundle_is_written_as_ever(void **state)
{
    (void)state;
    char key[2 * PUBLIC_KEY_SIZE + 1];
    bytes_to_hex((Bytes){hq()->public_key.at, PUBLIC_KEY_SIZE}, key);
    key[sizeof key - 1] = '\n';
    meet_golden(GOLDEN_BUNDLE, buf_as_bytes(&bench.good));
    meet_golden(GOLDEN_KEY, (Bytes){(const uint8_t *)key, sizeof key});
}

static void flush(Buf *from, Buf *to)
{
    buf_add(to, buf_as_bytes(from));
    buf_clear(from);
}

static void a_bundle_can_be_flushed_while_it_is_written(void **state)
{
    (void)state;
    AUTO(buf_done) Buf out = {0};
    AUTO(buf_done) Buf file = {0};
    AUTO(bundle_writer_done) BundleWriter writer = {0};
    Err err;
    buf_init(&out, ROOM);
    buf_init(&file, ROOM);
    bundle_begin(&writer, &out);
    for (size_t i = 0; i < SAMPLE_STREAM_COUNT; i++) {
        const SampleStream *node = &bench.sample.streams[i];
        flush(&out, &file);
        assert_int_equal(
            bundle_add_node(&writer, &node->public_key, text_from_z(node->node_name), &err), OK);
    }
    for (size_t i = HQ_1; i < MANIFEST; i++) {
        flush(&out, &file);
        assert_int_equal(bundle_add_segment(&writer, bench.pieces.at[i].payload, &err), OK);
    }
    flush(&out, &file);
    BundleReport report;
    assert_int_equal(kind_of(&bench, buf_as_bytes(&bench.good), &report), FAULT_NONE);
    assert_int_equal(bundle_end(&writer, &hq()->key, report.stamp, &err), OK);
    flush(&out, &file);
    assert_true(bytes_equal(buf_as_bytes(&file), buf_as_bytes(&bench.good)));
}

/* ---- damage ---- */

static void every_flipped_bit_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t bit = 0; bit < bench.good.size * 8; bit++) {
        bench.good.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        BundleReport report;
        const FaultKind kind = kind_of(&bench, buf_as_bytes(&bench.good), &report);
        bench.good.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (bit / 8 < BUNDLE_HEADER_SIZE - 1)
            assert_int_equal(kind, FAULT_BAD_MAGIC);
        else if (bit / 8 < BUNDLE_HEADER_SIZE)
            assert_int_equal(kind, FAULT_UNKNOWN_VERSION);
        else /* a size may now point past the end, or be absurd */
            assert_true(kind == FAULT_BAD_CHECK || kind == FAULT_TRUNCATED ||
                        kind == FAULT_BAD_FRAME);
        assert_true(report.fault.offset <= bit / 8);
    }
    end_count(&bench, "flipped bits");
}

static void every_cut_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t size = 0; size < bench.good.size; size++) {
        BundleReport report;
        assert_int_equal(kind_of(&bench, (Bytes){bench.good.at, size}, &report), FAULT_TRUNCATED);
        assert_true(report.good_bytes <= size);
    }
    end_count(&bench, "cuts");
}

static void damage_is_laid_at_the_right_entry(void **state)
{
    (void)state;
    /* Damage in the bytes of each entry of the first segment, one at a time. */
    const Bytes segment = bench.pieces.at[HQ_1].payload;
    Cursor cursor = cursor_over(segment);
    (void)cursor_bytes(&cursor, SEGMENT_HEADER_SIZE);
    for (uint64_t n = 1; n <= 10; n++) {
        const Bytes chained = cursor_bytes(&cursor, cursor_varint(&cursor));
        const uint64_t body_size = cursor_varint(&cursor);
        if (body_size > 0) (void)cursor_bytes(&cursor, body_size - 1);
        uint8_t *byte = bench.good.at + (chained.at - bench.good.at) + chained.size - 1;
        *byte ^= 1;
        BundleReport report;
        assert_int_equal(kind_of(&bench, buf_as_bytes(&bench.good), &report), FAULT_BAD_CHECK);
        *byte ^= 1;
        assert_true(stream_equal(&report.fault.stream, &hq()->name));
        assert_int_equal(report.fault.first_bad, n);
        assert_int_equal(report.fault.last_bad, n);
    }
}

/* ---- tampering with bits, the frame checks put right ---- */

static void every_flipped_bit_of_a_segment_is_found_without_its_check(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t i = HQ_1; i <= BOX_17; i++) {
        const SampleStream *stream = stream_of_piece(&bench, i);
        const Bytes segment = bench.pieces.at[i].payload;
        uint8_t *copy = bench.good.at + (segment.at - bench.good.at);
        for (size_t bit = 0; bit < segment.size * 8; bit++) {
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
            const FaultKind kind = kind_of_segment(segment, stream);
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
            bench.tried++;
            bench.named[kind]++;
            if (bit < 8) assert_int_equal(kind, FAULT_UNKNOWN_SUITE);
            if (bit / 8 >= SEGMENT_SIGNED_SIZE && bit / 8 < SEGMENT_HEADER_SIZE)
                assert_int_equal(kind, FAULT_BAD_SIGNATURE);
        }
    }
    end_count(&bench, "flipped bits in segments, check put right");
}

static void every_flipped_bit_of_the_other_frames_is_found_without_its_check(void **state)
{
    (void)state;
    static const size_t others[] = {NODE_HQ, NODE_BOX, MANIFEST};
    begin_count(&bench);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        Pieces parts = bench.pieces;
        const Bytes payload = parts.at[others[i]].payload;
        uint8_t *copy = bench.good.at + (payload.at - bench.good.at);
        AUTO(buf_done) Buf file = {0};
        buf_init(&file, ROOM);
        for (size_t bit = 0; bit < payload.size * 8; bit++) {
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
            buf_clear(&file);
            put_together(&parts, &file);
            copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
            BundleReport report;
            (void)kind_of(&bench, buf_as_bytes(&file), &report);
        }
    }
    end_count(&bench, "flipped bits in nodes and manifest, check put right");
}

static void every_flipped_bit_of_a_whole_bundle_is_laid_at_its_segment(void **state)
{
    (void)state;
    begin_count(&bench);
    AUTO(buf_done) Buf file = {0};
    buf_init(&file, ROOM);
    const Bytes segment = bench.pieces.at[BOX_1].payload;
    uint8_t *copy = bench.good.at + (segment.at - bench.good.at);
    for (size_t bit = SEGMENT_HEADER_SIZE * 8; bit < segment.size * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        buf_clear(&file);
        put_together(&bench.pieces, &file);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        BundleReport report;
        (void)kind_of(&bench, buf_as_bytes(&file), &report);
        assert_true(stream_equal(&report.fault.stream, &box()->name));
        assert_int_equal(report.fault.first_bad, report.fault.last_bad);
    }
    end_count(&bench, "flipped bits of one segment in its bundle, check put right");
}

/* ---- tampering with entries: taken out of the segment and put in again ---- */

typedef struct Slices {
    Bytes header;
    Bytes items[SAMPLE_ENTRY_COUNT + 1];
    size_t count;
} Slices;

static void slice(Bytes segment, Slices *out)
{
    Cursor cursor = cursor_over(segment);
    out->header = cursor_bytes(&cursor, SEGMENT_HEADER_SIZE);
    out->count = 0;
    while (cursor.left > 0) {
        const uint8_t *start = cursor.at;
        (void)cursor_bytes(&cursor, cursor_varint(&cursor));
        const uint64_t body_size = cursor_varint(&cursor);
        if (body_size > 0) (void)cursor_bytes(&cursor, body_size - 1);
        assert_null(cursor.why);
        out->items[out->count++] = (Bytes){start, (size_t)(cursor.at - start)};
    }
}

static void join(const Slices *slices, Buf *out)
{
    buf_add(out, slices->header);
    for (size_t i = 0; i < slices->count; i++)
        buf_add(out, slices->items[i]);
}

/* Puts the slices in place of piece `at` and expects the fault; the entry is narrowed down. */
static void expect_slices(const Slices *slices, size_t at, FaultKind kind, uint64_t first)
{
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, ROOM);
    join(slices, &segment);
    Pieces parts = bench.pieces;
    parts.at[at].payload = buf_as_bytes(&segment);
    expect(&bench, &parts, kind, stream_of_piece(&bench, at), first);
}

/* What a reader meets first when an entry is gone may be an entry that no longer decodes. */
static FaultKind kind_without(const Slices *slices, size_t at, FaultKind otherwise)
{
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, ROOM);
    join(slices, &segment);
    const SampleStream *stream = stream_of_piece(&bench, at);
    const FaultKind kind = kind_of_segment(buf_as_bytes(&segment), stream);
    return kind == FAULT_BAD_ENTRY ? FAULT_BAD_ENTRY : otherwise;
}

static void every_deleted_entry_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t at = HQ_1; at <= BOX_17; at++) {
        Slices all;
        slice(bench.pieces.at[at].payload, &all);
        for (size_t gone = 0; gone < all.count; gone++) {
            Slices left = all;
            left.count--;
            for (size_t i = gone; i < left.count; i++)
                left.items[i] = all.items[i + 1];
            expect_slices(&left, at, kind_without(&left, at, FAULT_MISSING_ENTRY),
                          first_of_piece(at) + gone);
        }
    }
    end_count(&bench, "deleted entries");
    assert_int_equal(bench.tried, 64);
}

static void every_repeated_entry_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t at = HQ_1; at <= BOX_17; at++) {
        Slices all;
        slice(bench.pieces.at[at].payload, &all);
        for (size_t twice = 0; twice < all.count; twice++) {
            Slices more = all;
            for (size_t i = more.count++; i > twice; i--)
                more.items[i] = all.items[i - 1];
            const bool is_last = twice + 1 == all.count; /* everything before it is right */
            expect_slices(&more, at, kind_without(&more, at, FAULT_SURPLUS_ENTRY),
                          is_last ? first_of_piece(at) : first_of_piece(at) + twice + 1);
        }
    }
    end_count(&bench, "repeated entries");
    assert_int_equal(bench.tried, 64);
}

static void every_swap_of_two_entries_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t at = HQ_1; at <= BOX_17; at++) {
        Slices all;
        slice(bench.pieces.at[at].payload, &all);
        for (size_t a = 0; a < all.count; a++)
            for (size_t b = a + 1; b < all.count; b++) {
                if (bytes_equal(all.items[a], all.items[b])) continue; /* the same bytes */
                Slices other = all;
                other.items[a] = all.items[b];
                other.items[b] = all.items[a];
                expect_slices(&other, at, kind_without(&other, at, FAULT_CHAIN_BROKEN),
                              first_of_piece(at) + a);
            }
    }
    end_count(&bench, "swapped entries");
}

static void an_entry_of_another_stream_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    Slices ours;
    Slices theirs;
    slice(bench.pieces.at[HQ_11].payload, &ours);
    slice(bench.pieces.at[BOX_17].payload, &theirs);
    for (size_t a = 0; a < ours.count; a++)
        for (size_t b = 0; b < theirs.count; b++) {
            Slices mixed = ours;
            mixed.items[a] = theirs.items[b];
            expect_slices(&mixed, HQ_11, kind_without(&mixed, HQ_11, FAULT_CHAIN_BROKEN),
                          first_of_piece(HQ_11) + a);
        }
    end_count(&bench, "entries of another stream");
}

/* ---- tampering with bodies ---- */

/* The item again, with another body or (at NULL) none. */
static Bytes with_body(Bytes item, Bytes body, Buf *room)
{
    Cursor cursor = cursor_over(item);
    const Bytes chained = cursor_bytes(&cursor, cursor_varint(&cursor));
    const size_t start = room->size;
    buf_add_varint(room, chained.size);
    buf_add(room, chained);
    buf_add_varint(room, body.at == NULL ? 0 : (uint64_t)body.size + 1);
    buf_add(room, body);
    return (Bytes){room->at + start, room->size - start};
}

static void every_other_body_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    Slices all;
    slice(bench.pieces.at[HQ_1].payload, &all);
    AUTO(buf_done) Buf room = {0};
    buf_init(&room, 1 << 12);
    for (size_t i = 0; i < all.count; i++) { /* entries 5 .. 10 are persons */
        Slices other = all;
        buf_clear(&room);
        const Bytes body = sample_body(hq(), (i + 1) % 10 < 4 ? 4 : (i + 1) % 10);
        other.items[i] = with_body(all.items[i], body, &room);
        expect_slices(&other, HQ_1, FAULT_BODY_MISMATCH, i + 1);
    }
    end_count(&bench, "other bodies");
}

static void every_body_taken_out_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    Slices all;
    slice(bench.pieces.at[HQ_1].payload, &all);
    AUTO(buf_done) Buf room = {0};
    buf_init(&room, 1 << 12);
    for (size_t i = 4; i < all.count; i++) { /* the segment stays valid: that is erasure */
        Slices other = all;
        buf_clear(&room);
        other.items[i] = with_body(all.items[i], (Bytes){0}, &room);
        expect_slices(&other, HQ_1, FAULT_MANIFEST_MISMATCH, 1);
    }
    end_count(&bench, "bodies taken out");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_bundle_is_good),
        cmocka_unit_test(the_golden_bundle_is_written_as_ever),
        cmocka_unit_test(a_bundle_can_be_flushed_while_it_is_written),
        cmocka_unit_test(every_flipped_bit_is_found),
        cmocka_unit_test(every_cut_is_found),
        cmocka_unit_test(damage_is_laid_at_the_right_entry),
        cmocka_unit_test(every_flipped_bit_of_a_segment_is_found_without_its_check),
        cmocka_unit_test(every_flipped_bit_of_the_other_frames_is_found_without_its_check),
        cmocka_unit_test(every_flipped_bit_of_a_whole_bundle_is_laid_at_its_segment),
        cmocka_unit_test(every_deleted_entry_is_found),
        cmocka_unit_test(every_repeated_entry_is_found),
        cmocka_unit_test(every_swap_of_two_entries_is_found),
        cmocka_unit_test(an_entry_of_another_stream_is_found),
        cmocka_unit_test(every_other_body_is_found),
        cmocka_unit_test(every_body_taken_out_is_found),
    };
    return cmocka_run_group_tests_name("bundle", tests, begin, end);
}
