/* What we promise about lean entries: whatever was written comes back byte for byte, and nothing
 * that was damaged does any harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/prop.h"
#include "support/random_record.h"
#include "sync/lean.h"
#include "sync/squeeze.h"

#define ROOM ((size_t)4 << 20)

static void must_be(ErrCode code, const Err *err)
{
    if (code != OK) fail_msg("%s", err->message);
}

static void put_item(Buf *items, const Buf *chained, const Buf *body, bool has_body)
{
    buf_add_varint(items, chained->size);
    buf_add(items, buf_as_bytes(chained));
    buf_add_varint(items, has_body ? body->size + 1 : 0);
    if (has_body) buf_add(items, buf_as_bytes(body));
}

/* Entries of any kind, some erased, that lead to a few things of their own and of others. */
static void write_items(Prng *prng, const StreamName *stream, uint64_t begin, Buf *items)
{
    Id things[4];
    uint64_t stamp = begin;
    for (size_t i = 0; i < 4; i++)
        things[i] = id_make(begin / 2 + prng_below(prng, 1000) * 4096,
                            i % 2 == 0 ? stream->node_short : 77, stream->epoch);
    for (uint64_t i = 0; i < 1 + prng_below(prng, 20); i++) {
        AUTO(buf_done) Buf chained = {0};
        AUTO(buf_done) Buf body = {0};
        AUTO(arena_done) Arena arena = {0};
        Err err;
        Entry entry;
        arena_init(&arena, ROOM);
        buf_init(&chained, ENTRY_BYTES_MAX);
        buf_init(&body, ENTRY_BODY_BYTES_MAX);
        const KindInfo *kind = &vocab_kinds[prng_below(prng, vocab_kind_count)];
        const EntryVerb verb = (EntryVerb)prng_below(prng, 3);
        const uint64_t before = stamp;
        stamp += prng_below(prng, 2) == 0 ? 4096 * (1 + prng_below(prng, 99))
                                          : 1 + prng_below(prng, 99999);
        entry_init(&entry, kind, verb, stamp);
        entry.subject = verb == VERB_CREATE ? id_make(stamp, stream->node_short, stream->epoch)
                                            : things[prng_below(prng, 4)];
        if (verb != VERB_CREATE) entry.base = things[prng_below(prng, 4)];
        if (prng_below(prng, 2) == 0) entry.actor = things[prng_below(prng, 4)];
        if (prng_below(prng, 4) == 0) entry.cause = things[prng_below(prng, 4)];
        memset(entry.salt, 1 + (int)prng_below(prng, 255), sizeof entry.salt);
        entry.record = verb == VERB_CHANGE ? random_change(prng, kind, 9, &arena)
                                           : random_record(prng, kind, 9, &arena);
        must_be(entry_encode(&entry, stream, before, &chained, &body, &err), &err);
        put_item(items, &chained, &body, entry.is_personal && prng_below(prng, 5) > 0);
    }
}

static void whatever_was_written_comes_back(Prng *prng)
{
    AUTO(buf_done) Buf items = {0};
    AUTO(buf_done) Buf packed = {0};
    AUTO(buf_done) Buf again = {0};
    Lean lean;
    Err err;
    const StreamName stream = {.node_short = 5 + prng_below(prng, 9), .epoch = 1};
    const uint64_t begin = UINT64_C(1) << 52;
    buf_init(&items, ROOM);
    buf_init(&packed, ROOM);
    buf_init(&again, ROOM);
    write_items(prng, &stream, begin, &items);
    lean_begin(&lean, &stream, begin);
    must_be(lean_from_items(&lean, buf_as_bytes(&items), &packed, &err), &err);
    lean_begin(&lean, &stream, begin);
    must_be(lean_to_items(&lean, buf_as_bytes(&packed), &again, &err), &err);
    assert_int_equal(again.size, items.size);
    assert_memory_equal(again.at, items.at, items.size);

    for (int i = 0; i < 50 && packed.size > 0; i++) { /* and damage is refused, or something else */
        const size_t at = (size_t)prng_below(prng, packed.size);
        packed.at[at] ^= (uint8_t)(1 + prng_below(prng, 255));
        buf_clear(&again);
        lean_begin(&lean, &stream, begin);
        if (lean_to_items(&lean, buf_as_bytes(&packed), &again, &err) != OK)
            assert_int_equal(err.code, ERR_CORRUPT);
    }
}

static void entries_come_back_byte_for_byte(void **state)
{
    (void)state;
    prop_run("lean", 400, whatever_was_written_comes_back);
}

static void what_is_squeezed_comes_back(Prng *prng)
{
    AUTO(buf_done) Buf bytes = {0};
    AUTO(buf_done) Buf small = {0};
    AUTO(buf_done) Buf again = {0};
    Squeeze *squeeze = NULL;
    SqueezeWay way = SQUEEZE_NOT;
    Err err;
    buf_init(&bytes, ROOM);
    buf_init(&small, ROOM);
    buf_init(&again, ROOM);
    const uint64_t size = 1 + prng_below(prng, 3000);
    for (uint64_t i = 0; i < size; i++)
        buf_add_byte(&bytes, (uint8_t)prng_below(prng, prng_below(prng, 2) == 0 ? 3 : 256));
    must_be(squeeze_open(&squeeze, &err), &err);
    must_be(squeeze_bytes(squeeze, buf_as_bytes(&bytes), &small, &way, &err), &err);
    assert_true(small.size <= bytes.size);
    if (way != SQUEEZE_NOT) {
        must_be(unsqueeze_bytes(squeeze, way, buf_as_bytes(&small), ROOM / 2, &again, &err), &err);
        assert_int_equal(again.size, bytes.size);
        assert_memory_equal(again.at, bytes.at, bytes.size);
        buf_clear(&again);
        assert_int_equal(
            unsqueeze_bytes(squeeze, way, buf_as_bytes(&small), bytes.size - 1, &again, &err),
            ERR_CORRUPT);
        small.at[prng_below(prng, small.size)] ^= 0x41;
        if (unsqueeze_bytes(squeeze, way, buf_as_bytes(&small), ROOM / 2, &again, &err) != OK)
            assert_int_equal(err.code, ERR_CORRUPT);
    }
    squeeze_close(&squeeze);
}

static void bytes_come_back(void **state)
{
    (void)state;
    prop_run("squeeze", 100, what_is_squeezed_comes_back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_byte_for_byte),
        cmocka_unit_test(bytes_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
