/* What we promise about headers: read strictly, and what makes no sense grants nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/header.h"
#include "api/keyed.h"
#include "support/prop.h"

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    assert_true(text_is(header_cookie("a=1; sid=abc; b=2", "sid"), "abc"));
    assert_true(text_is(header_cookie("sid=abc", "sid"), "abc"));
    assert_true(text_is(header_cookie("a=1;sid=a=b", "sid"), "a=b"));
}

static void a_cookie_that_is_absent_or_there_twice_is_empty(void **state)
{
    (void)state;
    assert_int_equal(header_cookie(NULL, "sid").size, 0);
    assert_int_equal(header_cookie("", "sid").size, 0);
    assert_int_equal(header_cookie("xsid=abc; sidx=abc", "sid").size, 0);
    assert_int_equal(header_cookie("sid=abc; sid=def", "sid").size, 0);
    assert_int_equal(header_cookie("__Host-sid=abc", "sid").size, 0);
}

static void an_etag_is_found_weak_or_strong_and_in_a_list(void **state)
{
    (void)state;
    assert_true(header_has_etag("W/\"7-a\"", "W/\"7-a\""));
    assert_true(header_has_etag("\"7-a\"", "W/\"7-a\""));
    assert_true(header_has_etag("\"x\", W/\"7-a\" ,\"y\"", "W/\"7-a\""));
    assert_true(header_has_etag("*", "\"7-a\""));
    assert_false(header_has_etag("W/\"8-a\"", "W/\"7-a\""));
    assert_false(header_has_etag("7-a", "W/\"7-a\""));
    assert_false(header_has_etag(NULL, "W/\"7-a\""));
}

static void only_json_is_json(void **state)
{
    (void)state;
    assert_true(header_is_json("application/json"));
    assert_true(header_is_json("Application/JSON; charset=utf-8"));
    assert_false(header_is_json("application/json-seq"));
    assert_false(header_is_json("text/plain"));
    assert_false(header_is_json("text/plain; application/json"));
    assert_false(header_is_json(""));
    assert_false(header_is_json(NULL));
}

static void pages_of_other_sites_are_not_our_own(void **state)
{
    (void)state;
    static const struct {
        Origin from;
        bool is_ours;
    } cases[] = {
        {{.fetch_site = "same-origin", .origin = "http://box:8600", .host = "box:8600"}, true},
        {{.fetch_site = "same-site", .origin = "http://box:8600", .host = "box:8600"}, false},
        {{.fetch_site = "cross-site", .host = "box:8600"}, false},
        {{.fetch_site = "none", .host = "box:8600"}, false},
        {{.origin = "http://box:8600", .host = "box:8600"}, true},
        {{.origin = "HTTP://box:8600", .host = "box:8600"}, false},
        {{.origin = "http://box:8600.evil.example", .host = "box:8600"}, false},
        {{.origin = "http://evil.example", .host = "box:8600"}, false},
        {{.origin = "null", .host = "box:8600"}, false},
        {{.origin = "http://box:8600", .host = "box:8600", .is_tls = true}, false},
        {{.origin = "http://box:8600"}, false},
        {{.host = "box:8600"}, true}, /* no browser */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(header_is_our_own(&cases[i].from), cases[i].is_ours);
}

static void only_a_name_names_a_host(void **state)
{
    (void)state;
    static const char *const names[] = {
        "box",        "BOX:8600",         "hq.example.com", "hq.example.com.:443",
        "10.example", "localhost.example"};
    static const char *const others[] = {
        "",         ":443",         "localhost", "LocalHost:8600", "localhost.", "a.localhost",
        "10.1.2.3", "10.1.2.3.:80", "[::1]",     "[fe80::1]:8600", "0x7f000001", "2130706433"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(header_names_host(names[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(header_names_host(others[i]));
    assert_false(header_names_host(NULL));
}

static void bytes_survive_base64_and_no_other_text_stands_for_them(Prng *prng)
{
    uint8_t bytes[40];
    uint8_t back[40];
    char text[BASE64_SIZE(sizeof bytes) + 1];
    const size_t size = prng_below(prng, sizeof bytes + 1);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)prng_next(prng);
    base64_write((Bytes){bytes, size}, text);
    assert_int_equal(strlen(text), BASE64_SIZE(size));
    assert_true(base64_read(text_from_z(text), back, size));
    assert_memory_equal(bytes, back, size);
    if (size == 0) return;
    const size_t at = prng_below(prng, strlen(text));
    const char before = text[at];
    text[at] = (char)prng_below(prng, 256);
    if (text[at] == before) return;
    if (base64_read((Text){text, BASE64_SIZE(size)}, back, size))
        assert_memory_not_equal(bytes, back, size);
}

static void base64_stands_for_exactly_one_text(void **state)
{
    (void)state;
    prop_run("base64", 3000, bytes_survive_base64_and_no_other_text_stands_for_them);
}

/* RFC 4231, test cases 1, 2 and 6. */
static void keyed_digests_are_those_of_the_standard(void **state)
{
    (void)state;
    uint8_t key[131];
    char text[DIGEST_TEXT_MAX];
    memset(key, 0x0B, 20);
    Digest digest = keyed_digest((Bytes){key, 20}, bytes_of(TEXT("Hi There")));
    assert_string_equal(digest_write(&digest, text),
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    digest = keyed_digest(bytes_of(TEXT("Jefe")), bytes_of(TEXT("what do ya want for nothing?")));
    assert_string_equal(digest_write(&digest, text),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xAA, sizeof key);
    digest = keyed_digest((Bytes){key, sizeof key},
                          bytes_of(TEXT("Test Using Larger Than Block-Size Key - Hash Key First")));
    assert_string_equal(digest_write(&digest, text),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_cookie_that_is_absent_or_there_twice_is_empty),
        cmocka_unit_test(an_etag_is_found_weak_or_strong_and_in_a_list),
        cmocka_unit_test(only_json_is_json),
        cmocka_unit_test(pages_of_other_sites_are_not_our_own),
        cmocka_unit_test(only_a_name_names_a_host),
        cmocka_unit_test(base64_stands_for_exactly_one_text),
        cmocka_unit_test(keyed_digests_are_those_of_the_standard),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
