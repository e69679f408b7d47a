/* What we promise about writing JSON: it is JSON, it says what was meant, and it is safe in a
 * page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "base/emit.h"
#include "support/prop.h"
#include "support/shared.h"

static void commas_and_nesting_come_by_themselves(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1000);
    Emit emit;
    emit_init(&emit, &buf);
    emit_open_object(&emit);
    emit_key(&emit, "list");
    emit_open_array(&emit);
    emit_int(&emit, 1);
    emit_int(&emit, INT64_MIN);
    emit_null(&emit);
    emit_open_object(&emit);
    emit_close_object(&emit);
    emit_open_array(&emit);
    emit_close_array(&emit);
    emit_bool(&emit, false);
    emit_close_array(&emit);
    emit_z_at(&emit, "name", "张三");
    emit_int_at(&emit, "count", 2);
    emit_bool_at(&emit, "core", true);
    emit_null_at(&emit, "none");
    emit_day_at(&emit, "from", 0);
    emit_day_at(&emit, "to", DAY_OPEN);
    emit_close_object(&emit);
    emit_done(&emit);
    assert_true(text_is(buf_as_text(&buf),
                        "{\"list\":[1,-9223372036854775808,null,{},[],false],\"name\":\"张三\","
                        "\"count\":2,\"core\":true,\"none\":null,\"from\":\"1970-01-01\","
                        "\"to\":null}"));
}

static void text_cannot_end_a_script_or_a_string(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1000);
    Emit emit;
    emit_init(&emit, &buf);
    emit_text(&emit, TEXT("</script>&\"\\\n\r\t\x01\x7f"));
    assert_true(text_is(buf_as_text(&buf), "\"\\u003c/script\\u003e\\u0026\\\"\\\\\\n\\r\\t\\u0001"
                                           "\\u007f\""));
}

static void millionths_have_six_decimals(void **state)
{
    (void)state;
    static const struct {
        int64_t millionths;
        const char *z;
    } known[] = {{0, "0.000000"},
                 {1, "0.000001"},
                 {-1, "-0.000001"},
                 {33123456, "33.123456"},
                 {-180000000, "-180.000000"},
                 {INT64_MIN, "-9223372036854.775808"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        AUTO(buf_done) Buf buf = {0};
        buf_init(&buf, 100);
        Emit emit;
        emit_init(&emit, &buf);
        emit_micro(&emit, known[i].millionths);
        assert_true(text_is(buf_as_text(&buf), known[i].z));
    }
}

/* Writes {"k": text}, reads it back, and writes it again. */
static void check_round_trip(Text text)
{
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, 1 << 20);
    Emit emit;
    emit_init(&emit, &buf);
    emit_open_object(&emit);
    emit_text_at(&emit, "k", text);
    emit_close_object(&emit);
    emit_done(&emit);

    AUTO(doc_done) Doc doc = {0};
    if (doc_parse(&doc, buf_as_bytes(&buf), &err) != OK) fail_msg("%s", err.message);
    assert_true(text_equal(doc_text(doc_get(doc.root, "k")), text));
    for (size_t i = 0; i < buf.size; i++)
        assert_false(buf.at[i] == '<' || buf.at[i] == '>' || buf.at[i] == '&' || buf.at[i] < 0x20);
}

static void any_text_is_read_back_as_it_was_written(Prng *prng)
{
    for (int i = 0; i < 50; i++) {
        char text[800];
        size_t size = 0;
        const size_t count = (size_t)prng_below(prng, 200);
        for (size_t j = 0; j < count; j++) {
            uint32_t rune = (uint32_t)prng_below(prng, prng_below(prng, 2) == 0 ? 128 : 0x110000);
            if (rune == 0 || (rune >= 0xD800 && rune <= 0xDFFF)) rune = '\\';
            size += text_put_rune(text + size, rune);
        }
        check_round_trip((Text){text, size});
    }
}

static void emit_value(Emit *emit, const DocValue *value)
{
    switch (doc_type(value)) {
    case DOC_OBJECT: {
        void *cursor = NULL;
        Text key;
        const DocValue *member;
        emit_open_object(emit);
        while (doc_next(value, &cursor, &key, &member)) {
            emit_key(emit, key.at);
            emit_value(emit, member);
        }
        emit_close_object(emit);
        break;
    }
    case DOC_ARRAY:
        emit_open_array(emit);
        for (size_t i = 0; i < doc_count(value); i++)
            emit_value(emit, doc_at(value, i));
        emit_close_array(emit);
        break;
    case DOC_TEXT: emit_text(emit, doc_text(value)); break;
    case DOC_INT: emit_int(emit, doc_int(value)); break;
    case DOC_REAL: emit_micro(emit, (int64_t)(doc_real(value) * 1e6)); break;
    case DOC_BOOL: emit_bool(emit, doc_bool(value)); break;
    case DOC_NULL:
    case DOC_NONE: emit_null(emit); break;
    }
}

static void make_value(Prng *prng, Emit *emit, unsigned depth)
{
    switch (prng_below(prng, depth < 6 ? 6 : 4)) {
    case 0: emit_int(emit, (int64_t)prng_next(prng)); break;
    case 1: emit_bool(emit, prng_below(prng, 2) == 0); break;
    case 2: emit_null(emit); break;
    case 3: emit_text(emit, TEXT("和风 <b>")); break;
    case 4:
        emit_open_array(emit);
        for (uint64_t i = prng_below(prng, 5); i > 0; i--)
            make_value(prng, emit, depth + 1);
        emit_close_array(emit);
        break;
    default: {
        static const char *const keys[] = {"a", "b\"c", "\xE5\xBC\xA0", "d", ""};
        emit_open_object(emit);
        for (size_t i = 0; i < prng_below(prng, 6); i++) {
            emit_key(emit, keys[i % 5]);
            make_value(prng, emit, depth + 1);
            if (i == 4) break; /* keys do not repeat */
        }
        emit_close_object(emit);
    }
    }
}

/* emit -> doc -> emit gives the same bytes: nothing is lost, added or reordered. */
static void any_tree_survives_the_round_trip(Prng *prng)
{
    Err err;
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf second = {0};
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    Emit emit;
    emit_init(&emit, &first);
    make_value(prng, &emit, 0);
    emit_done(&emit);
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&first), &err), OK);
    emit_init(&emit, &second);
    emit_value(&emit, doc.root);
    assert_true(bytes_equal(buf_as_bytes(&first), buf_as_bytes(&second)));
}

static void property_texts(void **state)
{
    (void)state;
    prop_run("emit texts", 40, any_text_is_read_back_as_it_was_written);
}

static void property_trees(void **state)
{
    (void)state;
    prop_run("emit trees", 500, any_tree_survives_the_round_trip);
}

static void naughty_strings_survive(void **state)
{
    (void)state;
    AUTO(buf_done) Buf file = {0};
    if (!shared_read("vectors/blns/blns.json", &file)) return;
    Err err;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&file), &err), OK);
    const size_t count = doc_count(doc.root);
    assert_true(count > 400);
    for (size_t i = 0; i < count; i++)
        check_round_trip(doc_text(doc_at(doc.root, i)));
    print_message("* naughty strings %zu/%zu\n", count, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_nesting_come_by_themselves),
        cmocka_unit_test(text_cannot_end_a_script_or_a_string),
        cmocka_unit_test(millionths_have_six_decimals),
        cmocka_unit_test(property_texts),
        cmocka_unit_test(property_trees),
        cmocka_unit_test(naughty_strings_survive),
    };
    return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}
