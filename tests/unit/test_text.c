/* What we promise about texts: only UTF-8 becomes one, and numbers are read exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/prop.h"

/* UTF-8 once more, from the table of RFC 3629 and nothing else: decode by arithmetic, then refuse
 * what was not the shortest form, a surrogate, beyond the end, or NUL. */
static size_t naive_size(uint8_t first)
{
    if (first < 0x80) return 1;
    if ((first & 0xE0) == 0xC0) return 2;
    if ((first & 0xF0) == 0xE0) return 3;
    return (first & 0xF8) == 0xF0 ? 4 : 0;
}

static bool naive_is_allowed(uint32_t rune, size_t size)
{
    static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000}; /* 1 refuses NUL */
    return rune >= least[size] && rune <= 0x10FFFF && (rune < 0xD800 || rune > 0xDFFF);
}

static bool naive_is_utf8(const uint8_t *at, size_t size)
{
    size_t i = 0;
    while (i < size) {
        const size_t count = naive_size(at[i]);
        if (count == 0 || count > size - i) return false;
        uint32_t rune = count == 1 ? at[i] : at[i] & (0x7FU >> count);
        for (size_t j = 1; j < count; j++) {
            if ((at[i + j] & 0xC0) != 0x80) return false;
            rune = rune * 64 + (at[i + j] & 0x3FU);
        }
        if (!naive_is_allowed(rune, count)) return false;
        i += count;
    }
    return true;
}

static bool is_text(const uint8_t *at, size_t size)
{
    Err err;
    Text text;
    return text_from_bytes((Bytes){at, size}, &text, &err) == OK;
}

/* Bytes that are often nearly UTF-8. */
static size_t make_bytes(Prng *prng, uint8_t *out, size_t room)
{
    static const uint8_t edges[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED,
                                    0xEF, 0xF0, 0xF4, 0xF5, 0x9F, 0xA0, 0x8F, 0x90, 0xFF, 0xB8};
    const size_t size = (size_t)prng_below(prng, room);
    for (size_t i = 0; i < size; i++)
        out[i] = prng_below(prng, 4) == 0 ? (uint8_t)prng_next(prng)
                                          : edges[prng_below(prng, sizeof edges)];
    return size;
}

static void utf8_is_what_the_naive_decoder_says(Prng *prng)
{
    uint8_t bytes[8];
    for (int i = 0; i < 5000; i++) {
        const size_t size = make_bytes(prng, bytes, sizeof bytes);
        assert_int_equal(is_text(bytes, size), naive_is_utf8(bytes, size));
    }
}

static void every_pair_and_every_lead_of_three_bytes_is_judged_alike(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            const uint8_t bytes[] = {(uint8_t)a, (uint8_t)b, 0x80, 0x80};
            for (size_t size = 1; size <= 4; size++)
                assert_int_equal(is_text(bytes, size), naive_is_utf8(bytes, size));
        }
}

static void every_code_point_goes_there_and_back(void **state)
{
    (void)state;
    for (uint32_t rune = 1; rune <= 0x10FFFF; rune++) {
        if (rune == 0xD800) rune = 0xE000;
        char utf8[4];
        const size_t size = text_put_rune(utf8, rune);
        if (!is_text((const uint8_t *)utf8, size)) fail_msg("U+%04X is refused", rune);
        size_t at = 0;
        if (text_next_rune((Text){utf8, size}, &at) != rune) fail_msg("U+%04X changed", rune);
        if (at != size) fail_msg("U+%04X has another size", rune);
    }
    size_t at = 0;
    assert_int_equal(text_next_rune(TEXT(""), &at), 0);
}

static void the_first_bad_byte_is_named(void **state)
{
    (void)state;
    Err err;
    Text text = TEXT("before");
    const uint8_t bytes[] = {'a', 0xE5, 0xBC, 0xA0, 0xED, 0xA0, 0x80};
    assert_int_equal(text_from_bytes((Bytes){bytes, sizeof bytes}, &text, &err), ERR_INVALID);
    assert_string_equal(err.message, "byte 4 is not UTF-8 text");
    assert_true(text_is(text, "before"));
}

static void a_message_that_cuts_a_character_stays_utf8(void **state)
{
    (void)state;
    Err err;
    for (int cut = 0; cut < 12; cut++) {
        (void)err_set(&err, ERR_INVALID, "\"%.*s\" is no date", cut, "张三a𠮷é");
        assert_true(is_text((const uint8_t *)err.message, strlen(err.message)));
    }
    (void)err_set(&err, ERR_INVALID, "\"%.*s\" is no date", 4, "张三");
    assert_string_equal(err.message, "\"张?\" is no date");
    char long_text[400];
    for (size_t i = 0; i < 399; i += 3)
        memcpy(long_text + i, "党", 3);
    long_text[399] = '\0';
    (void)err_set(&err, ERR_INVALID, "xx%s", long_text);
    assert_true(is_text((const uint8_t *)err.message, strlen(err.message)));
    (void)err_context(&err, "y");
    assert_true(is_text((const uint8_t *)err.message, strlen(err.message)));
}

static ErrCode to_int(const char *z, int64_t *out)
{
    Err err;
    return text_to_int(text_from_z(z), out, &err);
}

static void whole_numbers_are_read_to_the_last_digit(void **state)
{
    (void)state;
    static const struct {
        const char *z;
        int64_t number;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"007", 7},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"00000000000000000001", 1},
    };
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "--1",
                                      "1-",
                                      "１",
                                      "1,0",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999",
                                      "000000000000000000001",
                                      "1\n"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t number = 99;
        assert_int_equal(to_int(good[i].z, &number), OK);
        assert_true(number == good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t number = 99;
        assert_int_equal(to_int(bad[i], &number), ERR_INVALID);
        assert_true(number == 99);
    }
}

static void any_number_is_read_as_it_was_written(Prng *prng)
{
    for (int i = 0; i < 1000; i++) {
        const int64_t number = (int64_t)prng_next(prng) >> prng_below(prng, 64);
        char z[32];
        snprintf(z, sizeof z, "%lld", (long long)number);
        int64_t read = 0;
        assert_int_equal(to_int(z, &read), OK);
        assert_true(read == number);
    }
}

static void white_space_of_any_script_is_trimmed_at_the_ends_only(void **state)
{
    (void)state;
    assert_true(text_is(text_trim(TEXT("　 张 三\u00A0\t\r\n")), "张 三"));
    assert_true(text_is(text_trim(TEXT(" \u3000 ")), ""));
    assert_true(text_is(text_trim(TEXT("")), ""));
    assert_true(text_is(text_trim(TEXT("\uFEFFa")), "a"));
}

static void splitting_gives_every_piece_once(void **state)
{
    (void)state;
    Text rest = TEXT("a,,b,");
    assert_true(text_is(text_split(&rest, ','), "a"));
    assert_true(text_is(text_split(&rest, ','), ""));
    assert_true(text_is(text_split(&rest, ','), "b"));
    assert_int_equal(rest.size, 0);
    assert_true(text_is(text_split(&rest, ','), ""));
}

static void texts_compare_by_code_point(void **state)
{
    (void)state;
    assert_true(text_compare(TEXT("a"), TEXT("b")) < 0);
    assert_true(text_compare(TEXT("ab"), TEXT("a")) > 0);
    assert_true(text_compare(TEXT(""), TEXT("")) == 0);
    assert_true(text_compare(TEXT("\uFFFD"), TEXT("\U00010000")) < 0);
    assert_true(text_starts_with(TEXT("张三"), TEXT("张")));
    assert_false(text_starts_with(TEXT("张"), TEXT("张三")));
    assert_true(text_contains(TEXT("和风一期"), TEXT("风一")));
    assert_true(text_contains(TEXT("a"), TEXT("")));
    assert_false(text_contains(TEXT(""), TEXT("a")));
    assert_false(text_equal(TEXT("a"), TEXT("b")));
}

static void hexadecimal_goes_there_and_back(Prng *prng)
{
    uint8_t bytes[16];
    uint8_t again[16];
    char hex[33];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)prng_next(prng);
    bytes_to_hex((Bytes){bytes, sizeof bytes}, hex);
    Err err;
    assert_int_equal(bytes_from_hex(text_from_z(hex), again, sizeof again, &err), OK);
    assert_memory_equal(bytes, again, sizeof bytes);
    assert_int_equal(bytes_from_hex(text_from_z(hex), again, 15, &err), ERR_INVALID);
    hex[prng_below(prng, 32)] = 'g';
    assert_int_equal(bytes_from_hex(text_from_z(hex), again, sizeof again, &err), ERR_INVALID);
}

static void copies_outlive_what_they_were_made_of(void **state)
{
    (void)state;
    Err err;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64);
    char original[] = "北站";
    Text copy;
    assert_int_equal(text_copy(&arena, text_from_z(original), &copy, &err), OK);
    const char *z = text_z(&arena, copy);
    memset(original, 'x', sizeof original - 1);
    assert_true(text_is(copy, "北站"));
    assert_string_equal(z, "北站");
    static const char many[100];
    const Text large = {many, sizeof many};
    assert_int_equal(text_copy(&arena, large, &copy, &err), ERR_LIMIT);
    assert_null(text_z(&arena, large));
    assert_true(text_is(copy, "北站"));
}

static void property_utf8(void **state)
{
    (void)state;
    prop_run("utf-8", 50, utf8_is_what_the_naive_decoder_says);
}

static void property_numbers(void **state)
{
    (void)state;
    prop_run("whole numbers", 20, any_number_is_read_as_it_was_written);
}

static void property_hex(void **state)
{
    (void)state;
    prop_run("hexadecimal", 200, hexadecimal_goes_there_and_back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(property_utf8),
        cmocka_unit_test(every_pair_and_every_lead_of_three_bytes_is_judged_alike),
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(the_first_bad_byte_is_named),
        cmocka_unit_test(a_message_that_cuts_a_character_stays_utf8),
        cmocka_unit_test(whole_numbers_are_read_to_the_last_digit),
        cmocka_unit_test(property_numbers),
        cmocka_unit_test(white_space_of_any_script_is_trimmed_at_the_ends_only),
        cmocka_unit_test(splitting_gives_every_piece_once),
        cmocka_unit_test(texts_compare_by_code_point),
        cmocka_unit_test(property_hex),
        cmocka_unit_test(copies_outlive_what_they_were_made_of),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
