/*
 * What we promise about signatures: the answers of RFC 8032, and the strict ones where
 * implementations differ.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/doc.h"
#include "seal/sign.h"
#include "support/prop.h"
#include "support/shared.h"

#define WYCHEPROOF "vectors/wycheproof/testvectors_v1/ed25519_test.json"
#define CCTV       "vectors/cctv/ed25519/ed25519vectors.json"

static Err err;

static SigningKey key_of_hex(const char *seed_hex)
{
    uint8_t seed[SIGN_SEED_SIZE];
    SigningKey key;
    assert_int_equal(bytes_from_hex(text_from_z(seed_hex), seed, sizeof seed, &err), OK);
    signing_key_from_seed(&key, seed);
    return key;
}

static void the_first_vectors_of_the_rfc_hold(void **state)
{
    (void)state;
    /* RFC 8032, section 7.1, tests 1 and 2. */
    static const struct {
        const char *seed;
        const char *public_key;
        Bytes message;
        const char *signature;
    } vectors[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         {0},
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "c"
         "f9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         {(const uint8_t *)"\x72", 1},
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0"
         "f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const SigningKey key = key_of_hex(vectors[i].seed);
        const PublicKey public_key = signing_key_public(&key);
        const Signature signature = sign_bytes(&key, vectors[i].message);
        char hex[2 * SIGNATURE_SIZE + 1];
        bytes_to_hex((Bytes){public_key.at, PUBLIC_KEY_SIZE}, hex);
        assert_string_equal(hex, vectors[i].public_key);
        bytes_to_hex((Bytes){signature.at, SIGNATURE_SIZE}, hex);
        assert_string_equal(hex, vectors[i].signature);
        assert_true(signature_fits(&signature, &public_key, vectors[i].message));
    }
}

static void a_key_that_is_done_is_gone(void **state)
{
    (void)state;
    static const SigningKey empty;
    SigningKey key = key_of_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    assert_memory_not_equal(key.secret, empty.secret, sizeof key.secret);
    signing_key_done(&key);
    assert_memory_equal(key.secret, empty.secret, sizeof key.secret);
    signing_key_done(&key);
}

static void only_what_was_signed_fits(Prng *prng)
{
    uint8_t seed[SIGN_SEED_SIZE];
    uint8_t message[64];
    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)prng_next(prng);
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)prng_next(prng);
    SigningKey key;
    signing_key_from_seed(&key, seed);
    PublicKey public_key = signing_key_public(&key);
    const Bytes signed_bytes = {message, (size_t)prng_below(prng, sizeof message) + 1};
    Signature signature = sign_bytes(&key, signed_bytes);
    assert_true(signature_fits(&signature, &public_key, signed_bytes));

    const uint8_t bit = (uint8_t)(1U << prng_below(prng, 8));
    uint8_t *const bytes[] = {signature.at, public_key.at, message};
    const size_t sizes[] = {SIGNATURE_SIZE, PUBLIC_KEY_SIZE, signed_bytes.size};
    const size_t which = (size_t)prng_below(prng, 3);
    bytes[which][prng_below(prng, sizes[which])] ^= bit;
    assert_false(signature_fits(&signature, &public_key, signed_bytes));
}

static void property_only_what_was_signed_fits(void **state)
{
    (void)state;
    prop_run("sign", 500, only_what_was_signed_fits);
}

/* ---- vectors from outside ---- */

static bool check_hex(Text key_hex, Text signature_hex, Bytes message)
{
    PublicKey key;
    Signature signature;
    assert_int_equal(bytes_from_hex(key_hex, key.at, PUBLIC_KEY_SIZE, &err), OK);
    if (bytes_from_hex(signature_hex, signature.at, SIGNATURE_SIZE, &err) != OK) return false;
    return signature_fits(&signature, &key, message);
}

static Text member(const DocValue *object, const char *name)
{
    return doc_text(doc_get(object, name));
}

static void wycheproof_agrees(void **state)
{
    (void)state;
    AUTO(buf_done) Buf file = {0};
    if (!shared_read(WYCHEPROOF, &file)) return;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&file), &err), OK);
    const DocValue *groups = doc_get(doc.root, "testGroups");
    unsigned valid = 0;
    unsigned invalid = 0;
    for (size_t g = 0; g < doc_count(groups); g++) {
        const DocValue *group = doc_at(groups, g);
        const Text key = member(doc_get(group, "publicKey"), "pk");
        const DocValue *tests = doc_get(group, "tests");
        for (size_t t = 0; t < doc_count(tests); t++) {
            const DocValue *test = doc_at(tests, t);
            const Text hex = member(test, "msg");
            uint8_t message[1 << 12];
            assert_true(hex.size / 2 <= sizeof message);
            assert_int_equal(bytes_from_hex(hex, message, hex.size / 2, &err), OK);
            const bool is_valid = text_is(member(test, "result"), "valid");
            assert_int_equal(check_hex(key, member(test, "sig"), (Bytes){message, hex.size / 2}),
                             is_valid);
            valid += is_valid ? 1 : 0;
            invalid += is_valid ? 0 : 1;
        }
    }
    printf("  wycheproof ed25519: %u valid accepted, %u invalid refused\n", valid, invalid);
    assert_int_equal(valid + invalid, doc_int(doc_get(doc.root, "numberOfTests")));
}

static void of_the_edge_cases_43_are_accepted(void **state)
{
    (void)state;
    AUTO(buf_done) Buf file = {0};
    if (!shared_read(CCTV, &file)) return;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&file), &err), OK);
    unsigned accepted = 0;
    for (size_t i = 0; i < doc_count(doc.root); i++) {
        const DocValue *test = doc_at(doc.root, i);
        const Bytes message = bytes_of(member(test, "msg"));
        accepted += check_hex(member(test, "key"), member(test, "sig"), message) ? 1 : 0;
    }
    printf("  cctv ed25519: %u of %zu accepted\n", accepted, doc_count(doc.root));
    assert_int_equal(doc_count(doc.root), 914);
    assert_int_equal(accepted, 43); /* another library, or version, would answer otherwise */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_vectors_of_the_rfc_hold),
        cmocka_unit_test(a_key_that_is_done_is_gone),
        cmocka_unit_test(property_only_what_was_signed_fits),
        cmocka_unit_test(wycheproof_agrees),
        cmocka_unit_test(of_the_edge_cases_43_are_accepted),
    };
    return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
