/* What we promise about hashes: SHA-256, whole or piece by piece, and never a surprise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "seal/hash.h"
#include "support/prop.h"

static void assert_hash(Text text, const char *expected)
{
    const Digest digest = hash_of(bytes_of(text));
    char hex[DIGEST_TEXT_MAX];
    assert_string_equal(digest_write(&digest, hex), expected);
}

static void the_vectors_of_the_standard_hold(void **state)
{
    (void)state;
    assert_hash(TEXT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(TEXT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_hash(TEXT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_make_the_same_hash_as_the_whole(Prng *prng)
{
    uint8_t bytes[500];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)prng_next(prng);
    Hash hash;
    hash_init(&hash);
    size_t at = 0;
    while (at < sizeof bytes) {
        size_t size = (size_t)prng_below(prng, 130);
        if (size > sizeof bytes - at) size = sizeof bytes - at;
        hash_add(&hash, (Bytes){bytes + at, size});
        at += size;
        const Digest so_far = hash_result(&hash); /* asking does not end it */
        const Digest whole = hash_of((Bytes){bytes, at});
        assert_true(digest_equal(&so_far, &whole));
    }
}

static void property_pieces(void **state)
{
    (void)state;
    prop_run("hash pieces", 200, pieces_make_the_same_hash_as_the_whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_standard_hold),
        cmocka_unit_test(property_pieces),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
