/* What we promise about long answers: cut between two elements of their list, with all else in each
 * piece, and nothing lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "base/emit.h"
#include "cli/pieces.h"
#include "support/prop.h"
#include "support/stores.h"

#define OUT_BYTES ((size_t)1 << 20)

static void a_list_is_cut_between_its_elements(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        size_t size;
        const char *pieces[4];
    } cases[] = {
        {"{\"items\":[1,2,3],\"n\":3}",
         3,
         {"{\"items\":[1,2],\"n\":3}", "{\"items\":[3],\"n\":3}"}},
        {"{\"items\":[1,2,3]}", 100, {"{\"items\":[1,2,3]}"}},
        {"{\"items\":[]}", 1, {"{\"items\":[]}"}},
        {"{\"a\":\"\\\"items\\\":[\",\"items\":[[1,2],{\"x\":[3,4]}]}",
         1,
         {"{\"a\":\"\\\"items\\\":[\",\"items\":[[1,2]]}",
          "{\"a\":\"\\\"items\\\":[\",\"items\":[{\"x\":[3,4]}]}"}},
        {"{\"a\":{\"items\":[1,2]},\"rows\":[\"],\",\"\\\\\"]}",
         1,
         {"{\"a\":{\"items\":[1,2]},\"rows\":[\"],\"]}",
          "{\"a\":{\"items\":[1,2]},\"rows\":[\"\\\\\"]}"}},
        {"{\"a\":1}", 1, {"{\"a\":1}"}},
        {"[1,2]", 1, {"[1,2]"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(buf_done) Buf out = {0};
        Err err;
        bool is_one = false;
        buf_init(&out, OUT_BYTES);
        Pieces pieces = pieces_of(text_from_z(cases[i].json), cases[i].size);
        for (size_t at = 0; at < 4; at++) {
            must(pieces_next(&pieces, &out, &is_one, &err), &err);
            assert_int_equal(is_one, cases[i].pieces[at] != NULL);
            if (!is_one) break;
            if (!text_is(buf_as_text(&out), cases[i].pieces[at]))
                fail_msg("%s: %.*s", cases[i].json, TEXT_ARG(buf_as_text(&out)));
        }
    }
}

/* All elements come out once, in their order, and every piece is a document with all else in it. */
static void cutting(Prng *prng)
{
    AUTO(buf_done) Buf json = {0};
    AUTO(buf_done) Buf out = {0};
    static const char *const words[] = {"a", "\"", "\\", "],{", "隐患", ",\"items\":["};
    Emit emit;
    Err err;
    bool is_one = false;
    int64_t seen = 0;
    buf_init(&json, OUT_BYTES);
    buf_init(&out, OUT_BYTES);
    const int64_t count = (int64_t)prng_below(prng, 40);
    emit_init(&emit, &json);
    emit_open_object(&emit);
    emit_z_at(&emit, "on", words[prng_below(prng, 6)]);
    emit_key(&emit, "items");
    emit_open_array(&emit);
    for (int64_t i = 0; i < count; i++) {
        emit_open_object(&emit);
        emit_int_at(&emit, "i", i);
        emit_z_at(&emit, "words", words[prng_below(prng, 6)]);
        emit_close_object(&emit);
    }
    emit_close_array(&emit);
    emit_int_at(&emit, "count", count);
    emit_close_object(&emit);
    emit_done(&emit);
    Pieces pieces = pieces_of(buf_as_text(&json), 1 + (size_t)prng_below(prng, 200));
    must(pieces_next(&pieces, &out, &is_one, &err), &err);
    while (is_one) {
        AUTO(doc_done) Doc doc = {0};
        must(doc_parse(&doc, buf_as_bytes(&out), &err), &err);
        const DocValue *items = doc_get(doc.root, "items");
        assert_int_equal(doc_int(doc_get(doc.root, "count")), count);
        assert_int_equal(doc_type(doc_get(doc.root, "on")), DOC_TEXT);
        for (size_t i = 0; i < doc_count(items); i++)
            assert_int_equal(doc_int(doc_get(doc_at(items, i), "i")), seen++);
        must(pieces_next(&pieces, &out, &is_one, &err), &err);
    }
    assert_int_equal(seen, count);
}

static void property_nothing_is_lost_and_nothing_comes_twice(void **state)
{
    (void)state;
    prop_run("pieces", 500, cutting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_cut_between_its_elements),
        cmocka_unit_test(property_nothing_is_lost_and_nothing_comes_twice),
    };
    return cmocka_run_group_tests_name("pieces", tests, NULL, NULL);
}
