/* What we promise about chains: one head for one history of one stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal/chain.h"
#include "support/journal_sample.h"
#include "support/prop.h"

static StreamName name_of(uint64_t node_short, unsigned epoch, uint8_t scope)
{
    return (StreamName){.node_short = node_short, .epoch = epoch, .scope = {{scope}}};
}

static void the_start_is_the_hash_of_the_name(void **state)
{
    (void)state;
    const StreamName stream = {.node_short = UINT64_C(0x0102030405),
                               .epoch = 0x0203,
                               .scope = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}};
    const Digest expected = hash_of(bytes_of(
        TEXT("tongpin stream\x01\x02\x03\x04\x05\x02\x03\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
             "\x0b\x0c\x0d\x0e\x0f\x10")));
    const Digest start = chain_start(&stream);
    assert_true(digest_equal(&start, &expected));
}

static void each_part_of_a_name_makes_another_chain(void **state)
{
    (void)state;
    const StreamName names[] = {name_of(1, 0, 1), name_of(2, 0, 1), name_of(1, 1, 1),
                                name_of(1, 0, 2), name_of(256, 0, 1)};
    for (size_t a = 0; a < sizeof names / sizeof names[0]; a++)
        for (size_t b = 0; b < a; b++) {
            const Digest one = chain_start(&names[a]);
            const Digest other = chain_start(&names[b]);
            assert_false(digest_equal(&one, &other));
            assert_false(stream_equal(&names[a], &names[b]));
        }
}

static void a_node_is_named_after_its_key(void **state)
{
    (void)state;
    PublicKey key = {{0}};
    const Digest digest = hash_of((Bytes){key.at, sizeof key.at});
    char node[NODE_TEXT_MAX];
    char hex[DIGEST_TEXT_MAX];
    assert_memory_equal(node_write(node_short_of(&key), node), digest_write(&digest, hex), 10);

    char text[STREAM_NAME_TEXT_MAX];
    const StreamName longest = {.node_short = NODE_SHORT_MAX, .epoch = EPOCH_MAX};
    assert_string_equal(stream_write(&longest, text),
                        "ffffffffff/1023/00000000-0000-0000-0000-000000000000");
}

static void names_are_written_and_read(Prng *prng)
{
    StreamName stream =
        name_of(prng_below(prng, NODE_SHORT_MAX + 1), (unsigned)prng_below(prng, EPOCH_MAX + 1), 0);
    for (size_t i = 0; i < sizeof stream.scope.at; i++)
        stream.scope.at[i] = (uint8_t)prng_next(prng);
    AUTO(buf_done) Buf bytes = {0};
    buf_init(&bytes, STREAM_NAME_SIZE);
    stream_put(&bytes, &stream);
    assert_int_equal(bytes.size, STREAM_NAME_SIZE);
    Cursor cursor = cursor_over(buf_as_bytes(&bytes));
    const StreamName again = stream_get(&cursor);
    assert_true(cursor_is_at_end(&cursor));
    assert_true(stream_equal(&stream, &again));
}

static void property_names(void **state)
{
    (void)state;
    prop_run("stream names", 200, names_are_written_and_read);
}

static void order_counts(void **state)
{
    (void)state;
    const StreamName stream = name_of(1, 0, 1);
    const Digest start = chain_start(&stream);
    const Bytes a = bytes_of(TEXT("a"));
    const Bytes b = bytes_of(TEXT("b"));
    Digest one = chain_next(&start, a);
    Digest other = chain_next(&start, b);
    one = chain_next(&one, b);
    other = chain_next(&other, a);
    assert_false(digest_equal(&one, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_start_is_the_hash_of_the_name),
        cmocka_unit_test(each_part_of_a_name_makes_another_chain),
        cmocka_unit_test(a_node_is_named_after_its_key),
        cmocka_unit_test(property_names),
        cmocka_unit_test(order_counts),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
