/*
 * What we promise about proofs: nobody without the key can change what a bundle says, leave
 * something out, or pass off something else.
 *
 * Every deletion, swap and duplication of a frame; segments of another node, epoch or scope;
 * other keys, other manifests, other histories; and mixtures of it all, more of them with LONG=1.
 * Counts are printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support/journal_tamper.h"
#include "support/prop.h"

static Workbench bench;
static Err err;

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

/* ---- tampering with whole frames ---- */

static void every_deleted_frame_is_found(void **state)
{
    (void)state;
    static const FaultKind kinds[GOOD_COUNT] = {
        [NODE_HQ] = FAULT_UNKNOWN_NODE,   [NODE_BOX] = FAULT_UNKNOWN_NODE,
        [HQ_1] = FAULT_MISSING_SEGMENT,   [HQ_11] = FAULT_GAP,
        [BOX_1] = FAULT_MISSING_SEGMENT,  [HQ_22] = FAULT_MISSING_SEGMENT,
        [BOX_17] = FAULT_MISSING_SEGMENT, [MANIFEST] = FAULT_TRUNCATED};
    static const uint64_t firsts[GOOD_COUNT] = {
        [HQ_1] = 1,    [HQ_11] = 11,   [BOX_1] = 1,  [HQ_22] = 22,
        [BOX_17] = 17, [NODE_BOX] = 1, [NODE_HQ] = 1};
    begin_count(&bench);
    for (size_t at = 0; at < GOOD_COUNT; at++) {
        Pieces parts = bench.pieces;
        remove_piece(&parts, at);
        const bool is_box = at == BOX_1 || at == BOX_17 || at == NODE_BOX;
        const SampleStream *stream = at == MANIFEST ? NULL : is_box ? box() : hq();
        expect(&bench, &parts, kinds[at], stream, firsts[at]);
    }
    end_count(&bench, "deleted frames");
}

static void every_repeated_frame_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t at = 0; at < GOOD_COUNT; at++)
        for (size_t to = at; to <= GOOD_COUNT; to++) {
            Pieces parts = bench.pieces;
            insert_piece(&parts, to, bench.pieces.at[at]);
            FaultKind kind = FAULT_DUPLICATE;
            if (to == GOOD_COUNT || at == MANIFEST) kind = FAULT_SURPLUS_BYTES;
            expect(&bench, &parts, kind, NULL, 0);
        }
    end_count(&bench, "repeated frames");
}

/* What is wrong first when the frames `a` and `b`, of which `a` comes first, change places. */
static FaultKind fault_of_swap(size_t a, size_t b)
{
    if (b == MANIFEST) return FAULT_MISSING_SEGMENT; /* it comes before the last */
    if (a == NODE_BOX && (b == HQ_11 || b == HQ_22)) return FAULT_REORDERED;
    /* The box's key may move down to just before its first segment, and be missed there only by
     * the manifest. */
    if (a == NODE_BOX && b < BOX_1) return FAULT_MANIFEST_MISMATCH;
    if (a <= NODE_BOX && b > NODE_BOX) return FAULT_UNKNOWN_NODE;
    if (a == NODE_HQ && b == NODE_BOX) return FAULT_MANIFEST_MISMATCH;
    return FAULT_REORDERED;
}

static void every_swap_of_two_frames_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t a = 0; a < GOOD_COUNT; a++)
        for (size_t b = a + 1; b < GOOD_COUNT; b++) {
            Pieces parts = bench.pieces;
            parts.at[a] = bench.pieces.at[b];
            parts.at[b] = bench.pieces.at[a];
            const FaultKind kind = fault_of_swap(a, b);
            BundleReport report;
            AUTO(buf_done) Buf file = {0};
            buf_init(&file, ROOM);
            put_together(&parts, &file);
            const FaultKind found = kind_of(&bench, buf_as_bytes(&file), &report);
            if (found != kind)
                fail_msg("frames %zu and %zu: expected %s, found %s", a, b, fault_name(kind),
                         fault_name(found));
        }
    end_count(&bench, "swapped frames");
}

/* ---- splices, other keys, other histories ---- */

/* Entries first .. last of the sample as a segment of any stream, signed with any key of that
 * node. `swap` (0: none) changes places with the next: another history of the same entries. */
static void write_run(const SampleStream *from, const StreamName *name, const SigningKey *key,
                      uint64_t first, uint64_t last, uint64_t swap, Buf *out)
{
    const SampleEntry *start = &from->entries[first - 1];
    const Digest head = first == 1 ? chain_start(name) : start->previous_head;
    SegmentWriter writer;
    segment_begin(&writer, out, name, first, start->previous_stamp, &head);
    for (uint64_t n = first; n <= last; n++) {
        uint64_t which = n;
        if (swap > 0 && n == swap) which = n + 1;
        if (swap > 0 && n == swap + 1) which = swap;
        assert_int_equal(segment_add(&writer, sample_chained(from, (size_t)which - 1),
                                     sample_body(from, (size_t)which - 1), &err),
                         OK);
    }
    assert_int_equal(segment_end(&writer, key, &err), OK);
}

static void key_of(uint8_t seed_byte, SigningKey *out_key, PublicKey *out_public)
{
    uint8_t seed[SIGN_SEED_SIZE];
    memset(seed, seed_byte, sizeof seed);
    signing_key_from_seed(out_key, seed);
    *out_public = signing_key_public(out_key);
}

/* The segment in the place of each of the bundle's, and between any two. */
static void expect_splice(Bytes segment, const Pieces *parts, FaultKind kind,
                          const SampleStream *stream)
{
    for (size_t at = 2; at < parts->count; at++) {
        Pieces more = *parts;
        insert_piece(&more, at, (Piece){FRAME_SEGMENT, segment});
        expect(&bench, &more, kind, stream, 0);
        if (parts->at[at].type != FRAME_SEGMENT || at + 2 < parts->count) continue;
        more = *parts;
        more.at[at].payload = segment; /* the last segment: no gap opens behind it */
        expect(&bench, &more, kind, stream, 0);
    }
}

static void a_segment_of_another_node_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    SigningKey key;
    SampleStream other = *hq();
    key_of(3, &key, &other.public_key);
    other.name.node_short = node_short_of(&other.public_key);
    AUTO(buf_done) Buf segment = {0};
    buf_init(&segment, ROOM);
    write_run(hq(), &other.name, &key, 1, 10, 0, &segment);
    expect_splice(buf_as_bytes(&segment), &bench.pieces, FAULT_UNKNOWN_NODE, &other);

    Pieces introduced = bench.pieces; /* with a frame that presents its key */
    insert_piece(&introduced, 1, (Piece){FRAME_NODE, {other.public_key.at, PUBLIC_KEY_SIZE}});
    expect_splice(buf_as_bytes(&segment), &introduced, FAULT_OTHER_STREAM, &other);
    end_count(&bench, "segments of another node");
}

static void a_segment_of_another_epoch_or_scope_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    SampleStream other[2] = {*box(), *box()};
    other[0].name.epoch = 2;
    other[1].name.scope.at[15] ^= 1;
    for (size_t i = 0; i < 2; i++) {
        AUTO(buf_done) Buf segment = {0};
        buf_init(&segment, ROOM);
        write_run(box(), &other[i].name, &box()->key, 1, 16, 0, &segment);
        const Bytes bytes = buf_as_bytes(&segment);
        expect_splice(bytes, &bench.pieces, FAULT_OTHER_STREAM, &other[i]);

        /* Renamed to this stream, by somebody without the key: it does not begin where it must. */
        memcpy(segment.at + 1, bench.pieces.at[BOX_1].payload.at + 1, STREAM_NAME_SIZE);
        Pieces parts = bench.pieces;
        parts.at[BOX_1].payload = bytes;
        expect(&bench, &parts, FAULT_CHAIN_BROKEN, box(), 1);
    }
    end_count(&bench, "segments of another epoch or scope");
}

static void a_signature_by_another_key_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    SigningKey key;
    PublicKey public_key;
    key_of(4, &key, &public_key);
    for (size_t at = HQ_1; at <= BOX_17; at++) {
        uint8_t copy[ROOM / 16];
        const Bytes segment = bench.pieces.at[at].payload;
        assert_true(segment.size <= sizeof copy);
        memcpy(copy, segment.at, segment.size);
        uint8_t message[15 + SEGMENT_SIGNED_SIZE];
        memcpy(message, "tongpin segment", 15);
        memcpy(message + 15, copy, SEGMENT_SIGNED_SIZE);
        const Signature forged = sign_bytes(&key, (Bytes){message, sizeof message});
        memcpy(copy + SEGMENT_SIGNED_SIZE, forged.at, SIGNATURE_SIZE);
        Pieces parts = bench.pieces;
        parts.at[at].payload = (Bytes){copy, segment.size};
        expect(&bench, &parts, FAULT_BAD_SIGNATURE, stream_of_piece(&bench, at),
               first_of_piece(at));

        Fault fault;
        assert_int_equal(segment_verify(segment, &public_key, &fault, &err), ERR_CORRUPT);
        assert_int_equal(fault.kind, FAULT_WRONG_KEY);
    }
    Pieces parts = bench.pieces; /* the key of the box, presented as another */
    parts.at[NODE_BOX].payload = (Bytes){public_key.at, PUBLIC_KEY_SIZE};
    expect(&bench, &parts, FAULT_UNKNOWN_NODE, box(), 1);
    end_count(&bench, "signatures by another key");
}

/* The good bundle's frames with a manifest signed by `key` and claiming to be by `writer`. */
static void sign_again(const Pieces *parts, const SigningKey *key, const PublicKey *writer,
                       Buf *out)
{
    AUTO(bundle_writer_done) BundleWriter bundle = {0};
    bundle_begin(&bundle, out);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(bundle_add_node(&bundle, &bench.sample.streams[i].public_key,
                                         text_from_z(bench.sample.streams[i].node_name), &err),
                         OK);
    for (size_t i = 2; i < parts->count; i++)
        if (parts->at[i].type == FRAME_SEGMENT)
            assert_int_equal(bundle_add_segment(&bundle, parts->at[i].payload, &err), OK);
    const size_t manifest_at = out->size;
    assert_int_equal(bundle_end(&bundle, key, 1, &err), OK);
    if (writer == NULL) return;
    uint8_t *payload = out->at + manifest_at + FRAME_HEADER_SIZE;
    memcpy(payload + 1, writer->at, PUBLIC_KEY_SIZE);
    AUTO(buf_done) Buf frame = {0};
    buf_init(&frame, ROOM);
    frame_put(&frame, FRAME_MANIFEST,
              (Bytes){payload, out->size - manifest_at - FRAME_HEADER_SIZE - FRAME_CHECK_SIZE});
    memcpy(out->at + manifest_at, frame.at, frame.size);
}

static void a_manifest_by_somebody_else_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    BundleReport report;
    AUTO(buf_done) Buf file = {0};
    buf_init(&file, ROOM);
    sign_again(&bench.pieces, &box()->key, NULL, &file);
    assert_int_equal(kind_of(&bench, buf_as_bytes(&file), &report), FAULT_UNTRUSTED);
    buf_clear(&file);
    sign_again(&bench.pieces, &box()->key, &hq()->public_key, &file);
    assert_int_equal(kind_of(&bench, buf_as_bytes(&file), &report), FAULT_BAD_SIGNATURE);
    end_count(&bench, "manifests by somebody else");

    const Trust nobody = {0};
    assert_int_equal(check_trusting(buf_as_bytes(&bench.good), &nobody, &report), ERR_CORRUPT);
    assert_int_equal(report.fault.kind, FAULT_UNTRUSTED);
}

static void an_older_manifest_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (size_t count = HQ_11; count < GOOD_COUNT - 1; count++) {
        /* What headquarters signed when it had only the first segments. */
        Pieces older = bench.pieces;
        older.count = count;
        AUTO(buf_done) Buf file = {0};
        buf_init(&file, ROOM);
        sign_again(&older, &hq()->key, NULL, &file);
        Pieces then;
        take_apart(buf_as_bytes(&file), &then);
        Pieces parts = bench.pieces;
        parts.at[MANIFEST] = then.at[then.count - 1];
        const bool is_new = count <= BOX_1; /* then the box had written nothing yet */
        const bool is_box = count == BOX_1 || count == BOX_17;
        expect(&bench, &parts, is_new && is_box ? FAULT_OTHER_STREAM : FAULT_EXTRA_SEGMENT,
               is_box ? box() : hq(), first_of_piece(count));
    }
    end_count(&bench, "older manifests");
}

static void a_second_history_is_found(void **state)
{
    (void)state;
    begin_count(&bench);
    for (uint64_t swap = 17; swap < 32; swap++) {
        if (bytes_equal(sample_chained(box(), swap - 1), sample_chained(box(), swap))) continue;
        AUTO(buf_done) Buf segment = {0};
        buf_init(&segment, ROOM);
        write_run(box(), &box()->name, &box()->key, 17, 32, swap, &segment);
        const Piece other = {FRAME_SEGMENT, buf_as_bytes(&segment)};
        Pieces parts = bench.pieces;
        parts.at[BOX_17] = other; /* in place of the first */
        expect(&bench, &parts, FAULT_FORKED, box(), 17);
        parts = bench.pieces;
        insert_piece(&parts, MANIFEST, other); /* beside it */
        expect(&bench, &parts, FAULT_FORKED, box(), 17);

        /* The writer signs the second history itself: only a receipt knows the first. */
        AUTO(buf_done) Buf file = {0};
        buf_init(&file, ROOM);
        parts = bench.pieces;
        parts.at[BOX_17] = other;
        sign_again(&parts, &hq()->key, NULL, &file);
        const StreamHead known = {
            .stream = box()->name, .sequence = 32, .head = box()->entries[31].head};
        Trust trust = {.keys = &hq()->public_key, .key_count = 1};
        BundleReport report;
        assert_int_equal(check_trusting(buf_as_bytes(&file), &trust, &report), OK);
        trust.heads = &known;
        trust.head_count = 1;
        assert_int_equal(check_trusting(buf_as_bytes(&file), &trust, &report), ERR_CORRUPT);
        assert_int_equal(report.fault.kind, FAULT_FORKED);
        assert_true(digest_equal(&report.fault.expected, &known.head));
        assert_int_equal(check_trusting(buf_as_bytes(&bench.good), &trust, &report), OK);
    }
    end_count(&bench, "second histories");
}

static void a_history_cut_back_is_found_by_its_receipt(void **state)
{
    (void)state;
    Pieces older = bench.pieces;
    older.count = BOX_17; /* all of it is genuine, and was good once */
    AUTO(buf_done) Buf file = {0};
    buf_init(&file, ROOM);
    sign_again(&older, &hq()->key, NULL, &file);
    const StreamHead known = {
        .stream = box()->name, .sequence = 20, .head = box()->entries[19].head};
    const Trust trust = {
        .keys = &hq()->public_key, .key_count = 1, .heads = &known, .head_count = 1};
    BundleReport report;
    assert_int_equal(check_trusting(buf_as_bytes(&file), &trust, &report), ERR_CORRUPT);
    assert_int_equal(report.fault.kind, FAULT_ROLLED_BACK);
    assert_int_equal(report.fault.first_bad, 17);
    assert_int_equal(report.fault.last_bad, 20);
}

/* ---- anything at all ---- */

static void tamper(Prng *prng, Pieces *parts, Buf *room)
{
    const size_t at = (size_t)prng_below(prng, parts->count);
    const size_t to = (size_t)prng_below(prng, parts->count);
    const Piece piece = parts->at[at];
    switch (prng_below(prng, 5)) {
    case 0: remove_piece(parts, at); return;
    case 1: insert_piece(parts, to, piece); return;
    case 2:
        parts->at[at] = parts->at[to];
        parts->at[to] = piece;
        return;
    case 3: parts->at[at].type = (uint8_t)prng_below(prng, 5); return;
    default: break;
    }
    const size_t start = room->size;
    buf_add(room, piece.payload);
    for (uint64_t i = prng_below(prng, 3); i < 3 && piece.payload.size > 0; i++)
        room->at[start + prng_below(prng, piece.payload.size)] ^= (uint8_t)prng_next(prng);
    parts->at[at].payload = (Bytes){room->at + start, room->size - start};
}

static void no_mixture_of_tampering_goes_unseen(Prng *prng)
{
    AUTO(buf_done) Buf room = {0};
    AUTO(buf_done) Buf file = {0};
    buf_init(&room, ROOM);
    buf_init(&file, ROOM);
    for (size_t i = 0; i < ROOM / 2; i++)
        buf_add_byte(&room, 0); /* so that it does not move while pieces point into it */
    buf_clear(&room);
    Pieces parts = bench.pieces;
    for (uint64_t i = prng_below(prng, 4); i < 4 && parts.count > 1 && room.size < ROOM / 4; i++)
        tamper(prng, &parts, &room);
    put_together(&parts, &file);
    if (bytes_equal(buf_as_bytes(&file), buf_as_bytes(&bench.good))) return; /* nothing was done */
    BundleReport report;
    if (kind_of(&bench, buf_as_bytes(&file), &report) == FAULT_NONE) fail_msg("unseen");
}

static void property_mixtures(void **state)
{
    (void)state;
    begin_count(&bench);
    const unsigned cases = getenv("LONG") != NULL ? 200000 : 4000;
    prop_run("bundle mixtures", cases, no_mixture_of_tampering_goes_unseen);
    end_count(&bench, "mixtures");
}

static void a_small_arena_is_a_limit_not_a_crash(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 100);
    const Trust trust = {.keys = &hq()->public_key, .key_count = 1};
    BundleReport report;
    assert_int_equal(bundle_verify(buf_as_bytes(&bench.good), &trust, &arena, &report, &err),
                     ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_deleted_frame_is_found),
        cmocka_unit_test(every_repeated_frame_is_found),
        cmocka_unit_test(every_swap_of_two_frames_is_found),
        cmocka_unit_test(a_segment_of_another_node_is_found),
        cmocka_unit_test(a_segment_of_another_epoch_or_scope_is_found),
        cmocka_unit_test(a_signature_by_another_key_is_found),
        cmocka_unit_test(a_manifest_by_somebody_else_is_found),
        cmocka_unit_test(an_older_manifest_is_found),
        cmocka_unit_test(a_second_history_is_found),
        cmocka_unit_test(a_history_cut_back_is_found_by_its_receipt),
        cmocka_unit_test(property_mixtures),
        cmocka_unit_test(a_small_arena_is_a_limit_not_a_crash),
    };
    return cmocka_run_group_tests_name("proof", tests, begin, end);
}
