/* What we promise about sealed fields: only this node, only this place, no change unnoticed, and an
 * index that finds without telling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "host/file.h"
#include "seal/field.h"
#include "support/fake_host.h"

static FakeHost fake;
static Keyring keyring;
static const FieldPlace place = {.kind = 2, .field = 8, .thing = {{1, 2, 3}}};

static int begin(void **state)
{
    (void)state;
    Err err;
    assert_int_equal(seal_begin(&err), OK);
    fake_host_init(&fake, 42);
    assert_int_equal(keyring_create(&fake.host, "/", &err), OK);
    assert_int_equal(keyring_load(&fake.host, "/", &keyring, &err), OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    keyring_done(&keyring);
    fake_host_done(&fake);
    return 0;
}

static void seal_text(Text text, Buf *out)
{
    Err err;
    buf_init(out, 8192);
    assert_int_equal(field_seal(&keyring, &fake.host, place, text, out, &err), OK);
}

static ErrCode open_bytes(FieldPlace where, Bytes sealed, Arena *arena, Text *out)
{
    Err err;
    return field_open(&keyring, where, sealed, arena, out, &err);
}

static void any_text_opens_where_it_was_sealed(Prng *prng)
{
    char text[TEXT_SEALED_MAX];
    const size_t size = (size_t)prng_below(prng, prng_below(prng, 2) == 0 ? 70 : sizeof text + 1);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)(1 + prng_below(prng, 127));
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    AUTO(buf_done) Buf sealed = {0};
    seal_text((Text){text, size}, &sealed);
    Text opened;
    assert_int_equal(open_bytes(place, buf_as_bytes(&sealed), &arena, &opened), OK);
    assert_true(text_equal(opened, (Text){text, size}));
    assert_int_equal((sealed.size - FIELD_HEADER_SIZE - FIELD_TAG_SIZE) % FIELD_STEP, 0);
}

static void texts_of_like_length_have_the_same_size(void **state)
{
    (void)state;
    AUTO(buf_done) Buf shorter = {0};
    AUTO(buf_done) Buf longer = {0};
    AUTO(buf_done) Buf next_step = {0};
    seal_text(TEXT("群众"), &shorter);
    seal_text(TEXT("中共预备党员"), &longer);
    seal_text(TEXT("32 bytes are one step too many.."), &next_step);
    assert_int_equal(shorter.size, longer.size);
    assert_int_equal(next_step.size, shorter.size + FIELD_STEP);
}

static void the_same_text_is_sealed_differently_each_time(void **state)
{
    (void)state;
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    seal_text(TEXT("13800138000"), &first);
    seal_text(TEXT("13800138000"), &second);
    assert_int_equal(first.size, second.size);
    assert_memory_not_equal(first.at + FIELD_HEADER_SIZE, second.at + FIELD_HEADER_SIZE, 32);
    assert_null(memmem(first.at, first.size, "138001", 6));
}

static void every_changed_bit_and_every_cut_is_noticed(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    AUTO(buf_done) Buf sealed = {0};
    seal_text(TEXT("110101199003074477"), &sealed);
    Text opened = TEXT("before");
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        sealed.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        const ErrCode code = open_bytes(place, buf_as_bytes(&sealed), &arena, &opened);
        assert_int_equal(code, bit < 40 ? ERR_DENIED : ERR_CORRUPT); /* version and epoch */
        sealed.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t size = 0; size < sealed.size; size++)
        assert_int_equal(open_bytes(place, (Bytes){sealed.at, size}, &arena, &opened), ERR_CORRUPT);
    assert_true(text_is(opened, "before"));
    assert_int_equal(open_bytes(place, buf_as_bytes(&sealed), &arena, &opened), OK);
}

static void a_field_moved_elsewhere_does_not_open(void **state)
{
    (void)state;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    AUTO(buf_done) Buf sealed = {0};
    seal_text(TEXT("13800138000"), &sealed);
    FieldPlace other_kind = place;
    other_kind.kind++;
    FieldPlace other_field = place;
    other_field.field++;
    FieldPlace other_thing = place;
    other_thing.thing.at[15] ^= 1;
    Text opened;
    assert_int_equal(open_bytes(other_kind, buf_as_bytes(&sealed), &arena, &opened), ERR_CORRUPT);
    assert_int_equal(open_bytes(other_field, buf_as_bytes(&sealed), &arena, &opened), ERR_CORRUPT);
    assert_int_equal(open_bytes(other_thing, buf_as_bytes(&sealed), &arena, &opened), ERR_CORRUPT);
}

static void another_node_cannot_open_it(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 16);
    AUTO(buf_done) Buf sealed = {0};
    seal_text(TEXT("13800138000"), &sealed);
    Keyring other = keyring;
    other.field_key[0] ^= 1;
    Text opened;
    const Bytes bytes = buf_as_bytes(&sealed);
    assert_int_equal(field_open(&other, place, bytes, &arena, &opened, &err), ERR_CORRUPT);
    other = keyring;
    other.field_epoch = 2;
    assert_int_equal(field_open(&other, place, bytes, &arena, &opened, &err), ERR_DENIED);
    assert_non_null(strstr(err.message, "epoch 1, which this node does not hold"));
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    Err err;
    static char text[TEXT_SEALED_MAX + 1];
    memset(text, 'x', sizeof text);
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 8192);
    const Text whole = {text, sizeof text};
    assert_int_equal(field_seal(&keyring, &fake.host, place, whole, &out, &err), ERR_LIMIT);
    assert_int_equal(out.size, 0);
}

static void an_index_finds_within_its_column_only(void **state)
{
    (void)state;
    const int64_t phone = field_index(&keyring, 2, 9, TEXT("13800138000"));
    assert_true(phone == field_index(&keyring, 2, 9, TEXT("13800138000")));
    assert_true(phone != field_index(&keyring, 2, 9, TEXT("13800138001")));
    assert_true(phone != field_index(&keyring, 2, 8, TEXT("13800138000")));
    assert_true(phone != field_index(&keyring, 3, 9, TEXT("13800138000")));
    Keyring other = keyring;
    other.index_key[31] ^= 1;
    assert_true(phone != field_index(&other, 2, 9, TEXT("13800138000")));
    assert_true(field_index(&keyring, 2, 9, TEXT("")) != 0);
}

/* The value does not depend on the machine or the version: what is stored must be found again. */
static void the_index_of_a_known_key_is_known(void **state)
{
    (void)state;
    Keyring known = {.is_loaded = true, .field_epoch = 1};
    for (uint8_t i = 0; i < KEY_BYTES; i++)
        known.index_key[i] = i;
    const int64_t found = field_index(&known, 2, 9, TEXT("13800138000"));
    assert_true(found == INT64_C(60620897418929997));
}

static void property_opens(void **state)
{
    (void)state;
    prop_run("sealed fields", 300, any_text_opens_where_it_was_sealed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_opens),
        cmocka_unit_test(texts_of_like_length_have_the_same_size),
        cmocka_unit_test(the_same_text_is_sealed_differently_each_time),
        cmocka_unit_test(every_changed_bit_and_every_cut_is_noticed),
        cmocka_unit_test(a_field_moved_elsewhere_does_not_open),
        cmocka_unit_test(another_node_cannot_open_it),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(an_index_finds_within_its_column_only),
        cmocka_unit_test(the_index_of_a_known_key_is_known),
    };
    return cmocka_run_group_tests_name("field", tests, begin, end);
}
