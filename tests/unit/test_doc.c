/* What we promise about JSON from outside: what must be refused is refused, within bounds, and what
 * is read is what stood there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "support/shared.h"

static ErrCode parse(Doc *doc, const char *z, Err *err)
{
    return doc_parse(doc, bytes_of(text_from_z(z)), err);
}

static void every_type_is_read(void **state)
{
    (void)state;
    Err err;
    AUTO(doc_done) Doc doc = {0};
    const char *z = "{\"t\":\"张\\u4e09\",\"i\":-9223372036854775808,\"r\":1.5,\"b\":true,"
                    "\"n\":null,\"a\":[1,2]}";
    assert_int_equal(parse(&doc, z, &err), OK);
    assert_int_equal(doc_type(doc.root), DOC_OBJECT);
    assert_int_equal(doc_count(doc.root), 6);
    assert_true(text_is(doc_text(doc_get(doc.root, "t")), "张三"));
    assert_true(doc_int(doc_get(doc.root, "i")) == INT64_MIN);
    assert_true(doc_real(doc_get(doc.root, "r")) == 1.5);
    assert_true(doc_bool(doc_get(doc.root, "b")));
    assert_int_equal(doc_type(doc_get(doc.root, "n")), DOC_NULL);
    assert_int_equal(doc_type(doc_get(doc.root, "missing")), DOC_NONE);
    const DocValue *array = doc_get(doc.root, "a");
    assert_int_equal(doc_count(array), 2);
    assert_true(doc_int(doc_at(array, 1)) == 2);
    assert_null(doc_at(array, 2));
    assert_null(doc_get(array, "a")); /* not an object */
    assert_int_equal(doc_count(doc_get(doc.root, "t")), 0);
}

static void members_are_walked_in_the_order_they_stood(void **state)
{
    (void)state;
    Err err;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(parse(&doc, "{\"z\":0,\"a\":1,\"m\":2}", &err), OK);
    void *cursor = NULL;
    Text key;
    const DocValue *value;
    char order[4] = "";
    for (int i = 0; doc_next(doc.root, &cursor, &key, &value); i++) {
        order[i] = key.at[0];
        assert_true(doc_int(value) == i);
    }
    assert_string_equal(order, "zam");
}

static void a_document_is_refused_with_line_and_column(void **state)
{
    (void)state;
    Err err;
    Doc doc = {0};
    assert_int_equal(parse(&doc, "{\n  \"a\": 1,\n  'b': 2\n}", &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "not JSON at line 3, column"));
    assert_null(doc.root);
    static const char *const bad[] = {"",
                                      "{\"a\":1,\"a\":2}",
                                      "[1,]",
                                      "9223372036854775808",
                                      "1e400",
                                      "\"\\u0000\"",
                                      "{\"a\\u0000b\":1}",
                                      "\"\xED\xA0\x80\"",
                                      "\"\xFF\"",
                                      "[1] x",
                                      "nul",
                                      "NaN"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(&doc, bad[i], &err) == OK) fail_msg("%s was read", bad[i]);
        assert_null(doc.root);
    }
}

static void depth_and_size_are_bounded(void **state)
{
    (void)state;
    Err err;
    Doc doc = {0};
    char deep[2 * (DOC_DEPTH_MAX + 1) + 1];
    memset(deep, '[', DOC_DEPTH_MAX + 1);
    memset(deep + DOC_DEPTH_MAX + 1, ']', DOC_DEPTH_MAX + 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(parse(&doc, deep, &err), ERR_LIMIT);
    deep[sizeof deep - 2] = '\0';
    assert_int_equal(parse(&doc, deep + 1, &err), OK); /* one less is fine */
    doc_done(&doc);
    doc_done(&doc); /* safe twice */
    assert_int_equal(parse(&doc, "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]", &err), OK);
    doc_done(&doc);
    static const uint8_t byte = '1';
    const Bytes huge = {&byte, DOC_BYTES_MAX + 1};
    assert_int_equal(doc_parse(&doc, huge, &err), ERR_LIMIT); /* by its size alone */
}

/* Good JSON that we refuse on purpose, which every JSON parser may: a key that stands twice says
 * two things at once, and a NUL cannot be part of a Text. */
static bool is_refused_on_purpose(const char *file)
{
    static const char *const files[] = {
        "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
        "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strcmp(file, files[i]) == 0) return true;
    return false;
}

typedef struct Tally {
    unsigned right;
    unsigned on_purpose;
    unsigned total;
    unsigned either;
} Tally;

static void judge(const char *file, Bytes bytes, void *context)
{
    Tally *tally = context;
    Err err;
    AUTO(doc_done) Doc doc = {0};
    const bool is_read = doc_parse(&doc, bytes, &err) == OK;
    if (file[0] == 'i') {
        tally->either++;
        return;
    }
    tally->total++;
    const bool on_purpose = is_refused_on_purpose(file);
    tally->on_purpose += on_purpose;
    if (is_read == (file[0] == 'y' && !on_purpose))
        tally->right++;
    else
        print_message("%s was %s\n", file, is_read ? "read" : err.message);
}

/* y_ must be read, n_ must be refused; i_ may be either, but is run. */
static void the_json_test_suite_is_judged_right(void **state)
{
    (void)state;
    Tally tally = {0};
    if (!shared_each("vectors/JSONTestSuite/test_parsing", judge, &tally)) return;
    print_message("* JSONTestSuite y+n %u/%u (%u of y refused on purpose), i %u\n", tally.right,
                  tally.total, tally.on_purpose, tally.either);
    assert_int_equal(tally.on_purpose, 4);
    assert_int_equal(tally.right, tally.total);
    assert_int_equal(tally.total, 283);
    assert_int_equal(tally.either, 35);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(members_are_walked_in_the_order_they_stood),
        cmocka_unit_test(a_document_is_refused_with_line_and_column),
        cmocka_unit_test(depth_and_size_are_bounded),
        cmocka_unit_test(the_json_test_suite_is_judged_right),
    };
    return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
