/* What we promise about sealing to readers: each of them opens it, nobody else does, and nothing of
 * the text stands in what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seal/reader.h"
#include "support/fake_host.h"
#include "support/prop.h"
#include "support/stores.h"

static const Text report = {.at = "验收时有人收了分包单位的红包", .size = 42};

typedef struct Desk {
    FakeHost fake;
    Arena arena;
    Buf sealed;
    ReaderKey keys[READER_KEYS_MAX];
    ReaderSecret secrets[READER_KEYS_MAX];
} Desk;

static void desk_open(Desk *desk, uint64_t seed)
{
    Err err;
    memset(desk, 0, sizeof *desk);
    must(seal_begin(&err), &err);
    fake_host_init(&desk->fake, seed);
    arena_init(&desk->arena, (size_t)1 << 20);
    buf_init(&desk->sealed, ENVELOPE_BYTES_MAX);
    for (size_t i = 0; i < READER_KEYS_MAX; i++)
        reader_make(&desk->fake.host, &desk->keys[i], &desk->secrets[i]);
}

static void desk_close(Desk *desk)
{
    buf_done(&desk->sealed);
    arena_done(&desk->arena);
    fake_host_done(&desk->fake);
}

static ErrCode open_with(Desk *desk, size_t reader, Bytes envelope, Text *out)
{
    Err err;
    return envelope_open(&desk->secrets[reader], envelope, &desk->arena, out, &err);
}

static void every_reader_opens_it_and_nobody_else(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    Text plain;
    desk_open(&desk, 1);
    must(envelope_seal(&desk.fake.host, desk.keys, 3, report, &desk.sealed, &err), &err);
    const Bytes envelope = buf_as_bytes(&desk.sealed);
    assert_int_equal(envelope_reader_count(envelope), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(open_with(&desk, i, envelope, &plain), OK);
        assert_true(text_equal(plain, report));
    }
    assert_int_equal(open_with(&desk, 3, envelope, &plain), ERR_DENIED);
    assert_null(memmem(envelope.at, envelope.size, report.at, 6));
    desk_close(&desk);
}

static void its_size_does_not_tell_a_short_text_from_a_middling_one(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    desk_open(&desk, 2);
    must(envelope_seal(&desk.fake.host, desk.keys, 1, TEXT("是"), &desk.sealed, &err), &err);
    const size_t size = desk.sealed.size;
    buf_clear(&desk.sealed);
    must(envelope_seal(&desk.fake.host, desk.keys, 1, report, &desk.sealed, &err), &err);
    assert_int_equal(desk.sealed.size, size);
    desk_close(&desk);
}

static void bounds_are_answers(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    Text plain;
    static char longest[READER_TEXT_MAX + 1];
    memset(longest, 'a', sizeof longest);
    desk_open(&desk, 3);
    must(envelope_seal(&desk.fake.host, desk.keys, READER_KEYS_MAX,
                       (Text){longest, READER_TEXT_MAX}, &desk.sealed, &err),
         &err);
    assert_int_equal(open_with(&desk, READER_KEYS_MAX - 1, buf_as_bytes(&desk.sealed), &plain), OK);
    assert_int_equal(plain.size, READER_TEXT_MAX);
    assert_int_equal(envelope_seal(&desk.fake.host, desk.keys, 1,
                                   (Text){longest, READER_TEXT_MAX + 1}, &desk.sealed, &err),
                     ERR_LIMIT);
    assert_int_equal(
        envelope_seal(&desk.fake.host, desk.keys, READER_KEYS_MAX + 1, report, &desk.sealed, &err),
        ERR_LIMIT);
    desk_close(&desk);
}

static void a_key_comes_back_from_its_text(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    char text[READER_KEY_TEXT];
    ReaderKey key;
    ReaderSecret secret;
    desk_open(&desk, 4);
    must(reader_key_parse(text_from_z(reader_key_write(&desk.keys[0], text)), &key, &err), &err);
    assert_memory_equal(&key, &desk.keys[0], sizeof key);
    must(reader_secret_parse(text_from_z(reader_secret_write(&desk.secrets[0], text)), &secret,
                             &err),
         &err);
    key = reader_key_of(&secret);
    assert_memory_equal(&key, &desk.keys[0], sizeof key);
    assert_int_equal(reader_key_parse(TEXT("abc"), &key, &err), ERR_INVALID);
    assert_int_equal(reader_key_parse(TEXT("00000000000000000000000000000000"
                                           "00000000000000000000000000000000"),
                                      &key, &err),
                     ERR_INVALID); /* of small order */
    desk_close(&desk);
}

/* One bit changed or some bytes cut: never another text, never a crash. */
static void a_changed_envelope_never_opens(Prng *prng)
{
    Desk desk;
    Err err;
    Text plain;
    desk_open(&desk, prng_next(prng));
    must(envelope_seal(&desk.fake.host, desk.keys, 2, report, &desk.sealed, &err), &err);
    const size_t at = prng_below(prng, desk.sealed.size);
    const bool is_cut = prng_below(prng, 4) == 0;
    Bytes changed = buf_as_bytes(&desk.sealed);
    if (is_cut)
        changed.size = at;
    else
        desk.sealed.at[at] ^= (uint8_t)(1U << prng_below(prng, 8));
    assert_int_not_equal(open_with(&desk, 0, changed, &plain), OK);
    desk_close(&desk);
}

static void property_changed(void **state)
{
    (void)state;
    prop_run("changed envelopes", 300, a_changed_envelope_never_opens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_opens_it_and_nobody_else),
        cmocka_unit_test(its_size_does_not_tell_a_short_text_from_a_middling_one),
        cmocka_unit_test(bounds_are_answers),
        cmocka_unit_test(a_key_comes_back_from_its_text),
        cmocka_unit_test(property_changed),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
