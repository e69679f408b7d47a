#include "support/journal_tamper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

void take_apart(Bytes file, Pieces *out)
{
    BundleReader reader;
    Frame frame;
    Err err;
    bool found = true;
    assert_int_equal(bundle_open(&reader, file, &err), OK);
    out->count = 0;
    while (found) {
        assert_int_equal(bundle_next(&reader, &frame, &found, &err), OK);
        assert_true(out->count < PIECES_MAX);
        if (found) out->at[out->count++] = (Piece){frame.type, frame.payload};
    }
}

void put_together(const Pieces *parts, Buf *out)
{
    buf_add_z(out, BUNDLE_MAGIC);
    buf_add_byte(out, BUNDLE_VERSION);
    for (size_t i = 0; i < parts->count; i++)
        frame_put(out, parts->at[i].type, parts->at[i].payload);
}

void remove_piece(Pieces *parts, size_t at)
{
    for (size_t i = at; i + 1 < parts->count; i++)
        parts->at[i] = parts->at[i + 1];
    parts->count--;
}

void insert_piece(Pieces *parts, size_t at, Piece piece)
{
    assert_true(parts->count < PIECES_MAX);
    for (size_t i = parts->count++; i > at; i--)
        parts->at[i] = parts->at[i - 1];
    parts->at[at] = piece;
}

void workbench_init(Workbench *bench)
{
    *bench = (Workbench){0};
    sample_init(&bench->sample);
    buf_init(&bench->good, ROOM);
    sample_bundle(&bench->sample, &bench->good);
    take_apart(buf_as_bytes(&bench->good), &bench->pieces);
    assert_int_equal(bench->pieces.count, GOOD_COUNT);
}

void workbench_done(Workbench *bench)
{
    buf_done(&bench->good);
    sample_done(&bench->sample);
}

const SampleStream *hq_of(const Workbench *bench)
{
    return &bench->sample.streams[SAMPLE_HQ];
}

const SampleStream *box_of(const Workbench *bench)
{
    return &bench->sample.streams[SAMPLE_BOX];
}

const SampleStream *stream_of_piece(const Workbench *bench, size_t at)
{
    return at == BOX_1 || at == BOX_17 ? box_of(bench) : hq_of(bench);
}

uint64_t first_of_piece(size_t at)
{
    static const uint64_t firsts[GOOD_COUNT] = {
        [HQ_1] = 1, [HQ_11] = 11, [BOX_1] = 1, [HQ_22] = 22, [BOX_17] = 17};
    assert_true(at < GOOD_COUNT);
    return firsts[at];
}

ErrCode check_trusting(Bytes file, const Trust *trust, BundleReport *report)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ROOM);
    Err err;
    const ErrCode code = bundle_verify(file, trust, &arena, report, &err);
    assert_int_equal(code == OK, report->fault.kind == FAULT_NONE);
    return code;
}

FaultKind kind_of(Workbench *bench, Bytes file, BundleReport *report)
{
    const Trust trust = {.keys = &hq_of(bench)->public_key, .key_count = 1};
    (void)check_trusting(file, &trust, report); /* the report says it all */
    bench->tried++;
    bench->named[report->fault.kind]++;
    return report->fault.kind;
}

FaultKind kind_of_segment(Bytes segment, const SampleStream *stream)
{
    Fault fault = {0};
    Err err;
    const ErrCode code = segment_verify(segment, &stream->public_key, &fault, &err);
    assert_int_equal(code == OK, fault.kind == FAULT_NONE);
    return fault.kind;
}

void expect(Workbench *bench, const Pieces *parts, FaultKind kind, const SampleStream *stream,
            uint64_t first)
{
    AUTO(buf_done) Buf file = {0};
    buf_init(&file, ROOM);
    put_together(parts, &file);
    BundleReport report;
    const FaultKind found = kind_of(bench, buf_as_bytes(&file), &report);
    assert_string_equal(fault_name(found), fault_name(kind));
    if (stream == NULL) return;
    assert_true(report.fault.has_stream);
    assert_true(stream_equal(&report.fault.stream, &stream->name));
    if (first > 0) assert_int_equal(report.fault.first_bad, first);
}

void begin_count(Workbench *bench)
{
    bench->tried = 0;
    memset(bench->named, 0, sizeof bench->named);
}

void end_count(const Workbench *bench, const char *what)
{
    printf("  %s: %u tried, %u undetected", what, bench->tried, bench->named[FAULT_NONE]);
    for (FaultKind kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (bench->named[kind] > 0) printf(", %u %s", bench->named[kind], fault_name(kind));
    printf("\n");
    assert_true(bench->tried > 0);
    assert_int_equal(bench->named[FAULT_NONE], 0);
}
