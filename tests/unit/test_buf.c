/* What we promise about growing bytes: what was written is there, up to the limit, and past it one
 * clear failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "support/prop.h"

static void the_limit_is_sticky_and_told_once(void **state)
{
    (void)state;
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 4);
    buf_add_z(&buf, "abc");
    assert_int_equal(buf_check(&buf, &err), OK);
    buf_add_z(&buf, "de");
    buf_add_z(&buf, "f"); /* would fit, but something is missing already */
    assert_int_equal(buf_check(&buf, &err), ERR_LIMIT);
    assert_string_equal(err.message, "more than 4 bytes were to be written");
    assert_true(text_is(buf_as_text(&buf), "abc"));
    buf_clear(&buf);
    buf_add_z(&buf, "1234");
    assert_int_equal(buf_check(&buf, &err), OK);
    assert_true(text_is(buf_as_text(&buf), "1234"));
}

static void the_limit_itself_may_be_reached_by_every_kind_of_write(void **state)
{
    (void)state;
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 600);
    char words[301];
    memset(words, 'w', 300);
    words[300] = '\0';
    buf_format(&buf, "%s", words);
    buf_format(&buf, "%s", words);
    assert_int_equal(buf_check(&buf, &err), OK);
    assert_int_equal(buf.size, 600);
    assert_null(buf_room(&buf, 1));
    assert_int_equal(buf_check(&buf, &err), ERR_LIMIT);
}

static void an_empty_one_gives_no_bytes(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1);
    buf_add(&buf, (Bytes){NULL, 0});
    assert_int_equal(buf_as_bytes(&buf).size, 0);
    buf_done(&buf);
    buf_done(&buf); /* safe twice */
}

static void writes_follow_one_another(Prng *prng)
{
    static uint8_t expected[64 * 1024];
    size_t size = 0;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, sizeof expected);
    for (int i = 0; i < 200; i++) {
        char words[600];
        const size_t count = (size_t)prng_below(prng, 300);
        memset(words, (int)('a' + prng_below(prng, 26)), count);
        words[count] = '\0';
        switch (prng_below(prng, 5)) {
        case 0: buf_add(&buf, (Bytes){(const uint8_t *)words, count}); break;
        case 1: buf_add_z(&buf, words); break;
        case 2: buf_format(&buf, "%s", words); break;
        case 3: {
            uint8_t *room = buf_room(&buf, count + 50); /* more than is taken */
            assert_non_null(room);
            memcpy(room, words, count);
            buf_took(&buf, count);
            break;
        }
        default: buf_add_text(&buf, (Text){words, count}); break;
        }
        memcpy(expected + size, words, count);
        size += count;
    }
    assert_int_equal(buf.size, size);
    assert_memory_equal(buf.at, expected, size);
}

static void a_long_format_is_whole(void **state)
{
    (void)state;
    for (size_t size = 250; size < 260; size++) {
        AUTO(buf_done) Buf buf = {0};
        buf_init(&buf, 1000);
        char words[300];
        memset(words, 'x', size);
        words[size] = '\0';
        buf_format(&buf, "%s", words);
        assert_int_equal(buf.size, size);
        assert_true(text_is(buf_as_text(&buf), words));
    }
}

static void varints_have_their_known_bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t number;
        const char *hex;
    } known[] = {
        {0, "00"},
        {127, "7f"},
        {128, "8001"},
        {300, "ac02"},
        {16383, "ff7f"},
        {16384, "808001"},
        {UINT64_MAX, "ffffffffffffffffff01"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        AUTO(buf_done) Buf buf = {0};
        buf_init(&buf, 10);
        buf_add_varint(&buf, known[i].number);
        char hex[21];
        bytes_to_hex(buf_as_bytes(&buf), hex);
        assert_string_equal(hex, known[i].hex);
    }
}

static void property_writes(void **state)
{
    (void)state;
    prop_run("buf writes", 50, writes_follow_one_another);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_sticky_and_told_once),
        cmocka_unit_test(the_limit_itself_may_be_reached_by_every_kind_of_write),
        cmocka_unit_test(an_empty_one_gives_no_bytes),
        cmocka_unit_test(property_writes),
        cmocka_unit_test(a_long_format_is_whole),
        cmocka_unit_test(varints_have_their_known_bytes),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
