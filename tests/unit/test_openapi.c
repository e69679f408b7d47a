/* What we promise about the description of the API: it is whole, and the written one agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/openapi.h"
#include "api/route.h"
#include "base/doc.h"
#include "base/limits.h"
#include "host/file.h"
#include "vocab/vocab.h"

static Doc description;

static int describe(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    Emit emit;
    Err err;
    buf_init(&buf, MIB);
    emit_init(&emit, &buf);
    openapi_emit("1.2.3", &emit);
    emit_done(&emit);
    if (buf_check(&buf, &err) != OK) return -1;
    return doc_parse(&description, buf_as_bytes(&buf), &err) == OK ? 0 : -1;
}

static int forget(void **state)
{
    (void)state;
    doc_done(&description);
    return 0;
}

static const DocValue *operation_of(const Route *route)
{
    static const char *const names[] = {"get", "post", "put", "delete"};
    const DocValue *path = doc_get(doc_get(description.root, "paths"), route->pattern);
    return doc_get(path, names[route->method]);
}

static void every_route_is_described_once(void **state)
{
    (void)state;
    size_t count = 0;
    void *cursor = NULL;
    Text path;
    const DocValue *methods;
    while (doc_next(doc_get(description.root, "paths"), &cursor, &path, &methods))
        count += doc_count(methods);
    assert_int_equal(count, route_count);
    for (size_t i = 0; i < route_count; i++) {
        const DocValue *operation = operation_of(&routes[i]);
        assert_int_equal(doc_type(operation), DOC_OBJECT);
        assert_true(text_is(doc_text(doc_get(operation, "summary")), routes[i].summary));
        assert_true(doc_text(doc_get(operation, "x-permission")).size > 0);
        assert_int_equal(doc_bool(doc_get(operation, "x-password")),
                         route_wants_password(&routes[i]));
        const bool has_body = routes[i].body[0] != '\0';
        assert_int_equal(doc_type(doc_get(operation, "requestBody")) == DOC_OBJECT, has_body);
    }
}

static void every_parameter_is_described_with_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        const DocValue *list = doc_get(operation_of(&routes[i]), "parameters");
        for (size_t j = 0; j < doc_count(list); j++) {
            const DocValue *parameter = doc_at(list, j);
            if (text_is(doc_text(doc_get(parameter, "in")), "path")) continue;
            assert_int_equal(doc_type(doc_get(parameter, "description")), DOC_TEXT);
            const DocValue *format = doc_get(doc_get(parameter, "schema"), "format");
            assert_true(doc_type(format) != DOC_TEXT || doc_text(format).size > 0);
        }
    }
}

static void every_kind_and_field_has_a_schema(void **state)
{
    (void)state;
    const DocValue *schemas = doc_get(doc_get(description.root, "components"), "schemas");
    for (size_t i = 0; i < vocab_kind_count; i++) {
        const DocValue *fields = doc_get(doc_get(schemas, vocab_kinds[i].name), "properties");
        assert_int_equal(doc_count(fields), vocab_kinds[i].field_count);
        for (size_t j = 0; j < vocab_kinds[i].field_count; j++)
            assert_int_equal(doc_type(doc_get(fields, vocab_kinds[i].fields[j].name)), DOC_OBJECT);
    }
}

/* "#/components/..." leads somewhere, wherever it stands. */
static void check_refs(const DocValue *value)
{
    void *cursor = NULL;
    Text key;
    const DocValue *member;
    for (size_t i = 0; doc_type(value) == DOC_ARRAY && i < doc_count(value); i++)
        check_refs(doc_at(value, i));
    while (doc_type(value) == DOC_OBJECT && doc_next(value, &cursor, &key, &member)) {
        check_refs(member);
        if (!text_is(key, "$ref")) continue;
        Text rest = doc_text(member);
        assert_true(text_is(text_split(&rest, '/'), "#"));
        const DocValue *at = description.root;
        while (rest.size > 0) {
            char name[64];
            const Text step = text_split(&rest, '/');
            snprintf(name, sizeof name, "%.*s", TEXT_ARG(step));
            at = doc_get(at, name);
        }
        assert_int_equal(doc_type(at), DOC_OBJECT);
    }
}

static void every_reference_leads_somewhere(void **state)
{
    (void)state;
    check_refs(description.root);
}

/* The cells of a line such as "| GET | /api/v1/units | read | q | | 200 | Units |". */
static bool read_line(Text line, Text cells[7])
{
    if (!text_starts_with(line, TEXT("| "))) return false;
    Text rest = line;
    (void)text_split(&rest, '|');
    for (size_t i = 0; i < 7; i++)
        cells[i] = text_trim(text_split(&rest, '|'));
    for (Method method = METHOD_GET; method < METHOD_OTHER; method++)
        if (text_is(cells[0], method_name(method))) return true;
    return false;
}

static void the_written_reference_lists_the_same_routes(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    Err err;
    buf_init(&buf, MIB);
    assert_int_equal(file_read(host_real(), "docs/api.md", MIB, &buf, &err), OK);
    size_t count = 0;
    Text rest = buf_as_text(&buf);
    while (rest.size > 0) {
        Text cells[7];
        const Text line = text_split(&rest, '\n');
        if (!read_line(line, cells)) continue;
        assert_true(count < route_count); /* in the order of routes.def */
        const Route *route = &routes[count++];
        char status[8];
        snprintf(status, sizeof status, "%u", route->status);
        assert_true(text_is(cells[0], method_name(route->method)));
        assert_true(text_is(cells[1], route->pattern));
        const Text permission = doc_text(doc_get(operation_of(route), "x-permission"));
        char wanted[64];
        snprintf(wanted, sizeof wanted, "%.*s%s", TEXT_ARG(permission),
                 route_wants_password(route) ? ", password" : "");
        assert_true(text_is(cells[2], wanted));
        assert_true(text_is(cells[3], route->query));
        assert_true(text_is(cells[4], route->body));
        assert_true(text_is(cells[5], status));
        assert_true(text_is(cells[6], route->summary));
    }
    assert_int_equal(count, route_count);
}

static void the_vocabulary_names_each_choice_a_field_points_to(void **state)
{
    (void)state;
    AUTO(buf_done) Buf buf = {0};
    AUTO(doc_done) Doc doc = {0};
    Emit emit;
    Err err;
    buf_init(&buf, MIB);
    emit_init(&emit, &buf);
    emit_open_object(&emit);
    vocabulary_emit(&emit);
    emit_close_object(&emit);
    emit_done(&emit);
    assert_int_equal(doc_parse(&doc, buf_as_bytes(&buf), &err), OK);
    for (size_t i = 0; i < vocab_kind_count; i++)
        for (size_t j = 0; j < vocab_kinds[i].field_count; j++) {
            const FieldInfo *field = &vocab_kinds[i].fields[j];
            if (field->type != FIELD_ENUM) continue;
            const DocValue *set = doc_get(doc_get(doc.root, "choices"), field->among->name);
            assert_int_equal(doc_count(set), field->among->count);
        }
    assert_int_equal(doc_count(doc_get(doc.root, "roles")), policy_role_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described_once),
        cmocka_unit_test(every_parameter_is_described_with_words),
        cmocka_unit_test(every_kind_and_field_has_a_schema),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(the_written_reference_lists_the_same_routes),
        cmocka_unit_test(the_vocabulary_names_each_choice_a_field_points_to),
    };
    return cmocka_run_group_tests_name("openapi", tests, describe, forget);
}
