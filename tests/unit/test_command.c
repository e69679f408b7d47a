/* What we promise about commands: what has the wrong shape is refused with words that name it, and
 * the digest tells two commands apart exactly when they ask for different things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/command.h"
#include "support/prop.h"
#include "support/random_record.h"
#include "support/stores.h"

#define OP    "\"op\":\"01a0e4c2-7000-7000-8000-000000000001\","
#define ID    "01a0e4c2-7000-7000-8000-00000000000a"
#define OTHER "01a0e4c2-7000-7000-8000-00000000000b"

static ErrCode decode(Doc *doc, const char *json, Command *out_command, Err *err)
{
    must(doc_parse(doc, bytes_of(text_from_z(json)), err), err);
    return command_decode(doc->root, out_command, err);
}

static void each_verb_is_read(void **state)
{
    (void)state;
    Err err;
    Command command;
    AUTO(doc_done) Doc add = {0};
    AUTO(doc_done) Doc change = {0};
    AUTO(doc_done) Doc voided = {0};
    AUTO(doc_done) Doc move = {0};
    AUTO(doc_done) Doc undo = {0};
    AUTO(doc_done) Doc merge = {0};
    must(decode(&add,
                "{" OP "\"do\":\"project.add\",\"fields\":{\"name\":\" 一期 \",\"unit\":\"" ID
                "\",\"from\":\"2026-03-01\",\"lat\":38.9,\"stage\":\"active\"}}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_ADD);
    assert_int_equal(command.kind->code, KIND_PROJECT);
    assert_true(text_is(record_text(&command.record, PROJECT_NAME), "一期"));
    assert_int_equal(record_int(&command.record, PROJECT_LAT, 0), 38900000);
    assert_int_equal(record_int(&command.record, PROJECT_STAGE, 0), STAGE_IS_ACTIVE);
    must(decode(&change,
                "{" OP "\"do\":\"posting.change\",\"id\":\"" ID
                "\",\"fields\":{\"to\":null,\"core\":false}}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_CHANGE);
    assert_int_equal(command.record.fields[POSTING_TO].state, FIELD_CLEARED);
    assert_int_equal(command.record.fields[POSTING_CORE].state, FIELD_SET);
    assert_int_equal(command.record.fields[POSTING_FROM].state, FIELD_ABSENT);
    must(decode(&voided, "{" OP "\"do\":\"posting.void\",\"id\":\"" ID "\",\"reason\":\"录错\"}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_VOID);
    assert_true(text_is(command.reason, "录错"));
    must(decode(&move,
                "{" OP "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" OTHER
                "\",\"on\":\"1970-01-11\"}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_MOVE);
    assert_int_equal(command.on, 10);
    assert_false(id_equal(command.subject, command.to));
    must(decode(&undo, "{" OP "\"do\":\"intake.undo\",\"id\":\"" ID "\",\"reason\":\"x\"}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_UNDO);
    must(decode(&merge,
                "{" OP "\"do\":\"project.merge\",\"project\":\"" ID
                "\",\"period\":\"2026-10\",\"proposal\":\"ab\"}",
                &command, &err),
         &err);
    assert_int_equal(command.action, ACTION_MERGE);
    assert_true(text_is(command.period, "2026-10"));
    for (int action = ACTION_ADD; action <= ACTION_MERGE; action++)
        assert_int_not_equal(strlen(action_name((Action)action)), 0);
}

typedef struct Malformed {
    const char *json;
    const char *words;
} Malformed;

#define ADD(kind, fields) "{" OP "\"do\":\"" kind ".add\",\"fields\":{" fields "}}"
#define ACTIVITY_OF(rest) \
    "\"do\":\"activity.add\",\"fields\":{\"project\":\"" ID "\",\"title\":\"x\"}" rest
#define ACTIVITY(parts) "{" OP ACTIVITY_OF(",\"parts\":" parts) "}"
#define POSTED          "\"person\":\"" ID "\",\"project\":\"" ID "\",\"from\":\"2026-01-01\""

static const Malformed malformed[] = {
    {"[]", "a JSON object"},
    {"7", "a JSON object"},
    {"null", "a JSON object"},
    {"{}", "\"op\" is missing"},
    {"{\"op\":7,\"do\":\"unit.add\"}", "\"op\" is missing or not a text"},
    {"{\"op\":\"\",\"do\":\"unit.add\"}", "\"op\""},
    {"{\"op\":\"not-an-id\",\"do\":\"unit.add\"}", "\"op\""},
    {"{" OP "\"fields\":{}}", "\"do\" is missing"},
    {"{" OP "\"do\":[\"unit.add\"]}", "\"do\" is missing or not a text"},
    {"{" OP "\"do\":\"unit\"}", "no command \"unit\""},
    {"{" OP "\"do\":\"unit.\"}", "no command \"unit.\""},
    {"{" OP "\"do\":\".add\"}", "no command \".add\""},
    {"{" OP "\"do\":\"unit.add.add\"}", "no command \"unit.add.add\""},
    {"{" OP "\"do\":\"Unit.add\"}", "no command \"Unit.add\""},
    {"{" OP "\"do\":\"unit.remove\"}", "no command \"unit.remove\""},
    {"{" OP "\"do\":\"planet.add\"}", "no command \"planet.add\""},
    {"{" OP "\"do\":\"unit.move\"}", "no command \"unit.move\""},
    {"{" OP "\"do\":\"unit.undo\"}", "no command \"unit.undo\""},
    {"{" OP "\"do\":\"audit.add\",\"fields\":{}}", "audit is made by the program"},
    {"{" OP "\"do\":\"audit.void\",\"id\":\"" ID "\",\"reason\":\"x\"}", "audit is made by"},
    {"{" OP "\"do\":\"intake.add\",\"fields\":{}}", "intake is made by the program"},
    {"{" OP "\"do\":\"intake.void\",\"id\":\"" ID "\",\"reason\":\"x\"}", "intake is made by"},
    {"{" OP "\"do\":\"unit.add\"}", "\"fields\" is missing"},
    {"{" OP "\"do\":\"unit.add\",\"fields\":[]}", "\"fields\" is missing or not an object"},
    {"{" OP "\"do\":\"unit.add\",\"fields\":{\"name\":\"x\"},\"id\":\"" ID "\"}",
     "\"id\" does not belong"},
    {"{" OP "\"do\":\"unit.add\",\"fields\":{\"name\":\"x\"},\"reason\":\"x\"}",
     "\"reason\" does not belong"},
    {"{" OP "\"do\":\"unit.change\",\"fields\":{\"name\":\"x\"}}", "\"id\" is missing"},
    {"{" OP "\"do\":\"unit.change\",\"id\":\"x\",\"fields\":{\"name\":\"x\"}}", "\"id\""},
    {"{" OP "\"do\":\"unit.change\",\"id\":\"" ID "\",\"field\":{\"name\":\"x\"}}",
     "\"field\" does not belong"},
    {"{" OP "\"do\":\"unit.void\",\"id\":\"" ID "\"}", "\"reason\" is missing"},
    {"{" OP "\"do\":\"unit.void\",\"id\":\"" ID "\",\"reason\":\"\"}", "\"reason\" is missing"},
    {"{" OP "\"do\":\"unit.void\",\"id\":\"" ID "\",\"reason\":7}", "\"reason\" is missing"},
    {"{" OP "\"do\":\"intake.undo\",\"id\":\"" ID "\"}", "\"reason\" is missing"},
    {"{" OP "\"do\":\"group.move\",\"to\":\"" ID "\",\"on\":\"2026-01-01\"}",
     "\"group\" is missing"},
    {"{" OP "\"do\":\"group.move\",\"group\":\"" ID "\",\"on\":\"2026-01-01\"}",
     "\"to\" is missing"},
    {"{" OP "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" ID "\"}", "\"on\" is missing"},
    {"{" OP "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" ID "\",\"on\":\"2026-02-30\"}",
     "\"on\""},
    {"{" OP "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" ID
     "\",\"on\":\"2026-02-03\",\"from\":\"" ID "\"}",
     "\"from\" does not belong"},
    {"{" OP "\"do\":\"unit.add\",\"fields\":{\"name\":\"x\"},\"parts\":[]}",
     "\"parts\" does not belong"},
    {"{" OP "\"do\":\"activity.change\",\"id\":\"" ID "\",\"fields\":{},\"parts\":[]}",
     "\"parts\" does not belong"},
    {ACTIVITY("{}"), "\"parts\" is to be a list"},
    {ACTIVITY("[7]"), "part 1"},
    {ACTIVITY("[{\"group\":\"" ID "\",\"meeting\":\"theme_day\"},{\"group\":\"" ID "\"}]"),
     "part 2"},
    {ACTIVITY("[{\"group\":\"" ID "\",\"meeting\":\"theme_day\",\"activity\":\"" ID "\"}]"),
     "the one it comes with"},
    {ADD("unit", ""), "name"},
    {ADD("unit", "\"name\":null"), "name"},
    {ADD("unit", "\"name\":\"  \""), "name"},
    {ADD("unit", "\"name\":7"), "\"name\" is to be a text"},
    {ADD("unit", "\"name\":\"x\",\"nome\":\"x\""), "a unit has no field \"nome\""},
    {ADD("unit", "\"name\":\"x\",\"level\":\"planet\""), "\"level\" has no choice \"planet\""},
    {ADD("unit", "\"name\":\"x\",\"level\":2"), "\"level\" is to be a text"},
    {ADD("unit", "\"name\":\"x\",\"parent\":\"x\""), "\"parent\""},
    {ADD("unit", "\"name\":\"x\",\"parent\":{}"), "\"parent\" is to be a text"},
    {ADD("posting", "\"person\":\"" ID "\",\"from\":\"2026-01-01\""), "project"},
    {ADD("posting", POSTED ",\"to\":\"2026-1-2\""), "\"to\""},
    {ADD("posting", POSTED ",\"to\":\"2026-02-29\""), "\"to\""},
    {ADD("posting", POSTED ",\"to\":\"3026-02-01\""), "\"to\""},
    {ADD("posting", POSTED ",\"to\":20260101"), "\"to\" is to be a text"},
    {ADD("posting", POSTED ",\"core\":1"), "\"core\" is to be true or false"},
    {ADD("posting", POSTED ",\"core\":\"true\""), "\"core\" is to be true or false"},
    {ADD("project", "\"lat\":\"38\""), "\"lat\" is to be a number of degrees"},
    {ADD("project", "\"lat\":181"), "\"lat\" is to be within 180 degrees"},
    {ADD("project", "\"lat\":-1e300"), "lat"},
};

static void every_malformed_shape_is_refused_with_words_that_name_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        Err err = {0};
        Command command = {.on = 77};
        AUTO(doc_done) Doc doc = {0};
        const ErrCode code = decode(&doc, malformed[i].json, &command, &err);
        if (code != ERR_INVALID) fail_msg("%s: %s", malformed[i].json, err_name(code));
        if (strstr(err.message, malformed[i].words) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", malformed[i].json, err.message, malformed[i].words);
        assert_int_equal(command.on, 77); /* left as it was */
    }
}

static void more_parts_than_an_activity_takes_are_a_limit(void **state)
{
    (void)state;
    Err err;
    Command command;
    AUTO(doc_done) Doc doc = {0};
    assert_int_equal(
        decode(&doc, ACTIVITY("[{},{},{},{},{},{},{},{},{},{},{},{},{}]"), &command, &err),
        ERR_LIMIT);
    assert_non_null(strstr(err.message, "at most 12 \"parts\""));
}

static Digest digest_of(const char *rest)
{
    Err err = {0};
    Command command;
    char json[600];
    AUTO(doc_done) Doc doc = {0};
    snprintf(json, sizeof json, "{\"op\":\"" ID "\",%s}", rest);
    must(decode(&doc, json, &command, &err), &err);
    return command_digest(&command);
}

static void two_ways_to_write_one_command_have_one_digest(void **state)
{
    (void)state;
    const Digest first =
        digest_of("\"do\":\"unit.add\",\"fields\":{\"name\":\"公司\",\"code\":\"7\"}");
    const Digest other = digest_of(
        "\"fields\": {\"code\":\" 7\", \"name\":\"\\u516c\\u53f8 \"}, \"do\":\"unit.add\"");
    assert_true(digest_equal(&first, &other));
    const Digest north =
        digest_of("\"do\":\"project.change\",\"id\":\"" ID "\",\"fields\":{\"lat\":38}");
    const Digest again =
        digest_of("\"do\":\"project.change\",\"id\":\"" ID "\",\"fields\":{\"lat\":38.00000004}");
    assert_true(digest_equal(&north, &again));
}

/* No two of these ask for the same. */
static void commands_that_differ_anywhere_have_different_digests(void **state)
{
    (void)state;
    static const char *const rests[] = {
        "\"do\":\"unit.add\",\"fields\":{\"name\":\"ab\",\"code\":\"c\"}",
        "\"do\":\"unit.add\",\"fields\":{\"name\":\"a\",\"code\":\"bc\"}",
        "\"do\":\"unit.add\",\"fields\":{\"name\":\"ab\",\"uscc\":\"c\"}",
        "\"do\":\"unit.add\",\"fields\":{\"name\":\"ab\"}",
        "\"do\":\"unit.add\",\"fields\":{\"name\":\"ab\",\"code\":null}",
        "\"do\":\"home.add\",\"fields\":{\"name\":\"ab\",\"unit\":\"" ID "\"}",
        "\"do\":\"home.add\",\"fields\":{\"name\":\"ab\",\"unit\":\"" OTHER "\"}",
        "\"do\":\"unit.change\",\"id\":\"" ID "\",\"fields\":{\"name\":\"ab\"}",
        "\"do\":\"unit.change\",\"id\":\"" OTHER "\",\"fields\":{\"name\":\"ab\"}",
        "\"do\":\"home.change\",\"id\":\"" ID "\",\"fields\":{\"name\":\"ab\"}",
        "\"do\":\"unit.void\",\"id\":\"" ID "\",\"reason\":\"a\"",
        "\"do\":\"unit.void\",\"id\":\"" ID "\",\"reason\":\"b\"",
        "\"do\":\"home.void\",\"id\":\"" ID "\",\"reason\":\"a\"",
        "\"do\":\"intake.undo\",\"id\":\"" ID "\",\"reason\":\"a\"",
        "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" OTHER "\",\"on\":\"2026-01-01\"",
        "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" ID "\",\"on\":\"2026-01-01\"",
        "\"do\":\"group.move\",\"group\":\"" OTHER "\",\"to\":\"" ID "\",\"on\":\"2026-01-01\"",
        "\"do\":\"group.move\",\"group\":\"" ID "\",\"to\":\"" OTHER "\",\"on\":\"2026-01-02\"",
        ACTIVITY_OF(""),
        ACTIVITY_OF(",\"parts\":[{\"group\":\"" ID "\",\"meeting\":\"theme_day\"}]"),
        ACTIVITY_OF(",\"parts\":[{\"group\":\"" ID "\",\"meeting\":\"safety_day\"}]"),
        ACTIVITY_OF(",\"parts\":[{\"group\":\"" ID "\",\"meeting\":\"theme_day\"},"
                    "{\"group\":\"" OTHER "\",\"meeting\":\"theme_day\"}]"),
        ACTIVITY_OF(",\"parts\":[{\"group\":\"" OTHER "\",\"meeting\":\"theme_day\"},"
                    "{\"group\":\"" ID "\",\"meeting\":\"theme_day\"}]"),
        "\"do\":\"posting.change\",\"id\":\"" ID "\",\"fields\":{\"core\":true}",
        "\"do\":\"posting.change\",\"id\":\"" ID "\",\"fields\":{\"core\":false}",
        "\"do\":\"posting.change\",\"id\":\"" ID "\",\"fields\":{\"pending\":true}",
    };
    Digest digests[sizeof rests / sizeof rests[0]];
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        digests[i] = digest_of(rests[i]);
        for (size_t other = 0; other < i; other++)
            if (digest_equal(&digests[i], &digests[other]))
                fail_msg("%s and %s have one digest", rests[i], rests[other]);
    }
}

/* A command changed in one random field is another command. */
static void change_one_field(Prng *prng)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 1 << 20);
    const KindInfo *kind = &vocab_kinds[prng_below(prng, vocab_kind_count)];
    Command command = {.action = ACTION_ADD, .kind = kind};
    command.record = random_record(prng, kind, 40, &arena);
    Command other = command;
    other.op = numbered_id(1); /* does not count */
    const Digest first = command_digest(&command);
    Digest second = command_digest(&other);
    assert_true(digest_equal(&first, &second));
    const Record fresh = random_record(prng, kind, 40, &arena);
    const FieldInfo *field = &kind->fields[prng_below(prng, kind->field_count)];
    const unsigned at = field->number;
    if ((field->flags & FIELD_FLAG_READERS) != 0) return; /* sealed: test_signal */
    if (kind->code == KIND_SIGNAL && at == SIGNAL_WHAT) return;
    other.record.fields[at] = fresh.fields[at];
    second = command_digest(&other);
    assert_int_equal(digest_equal(&first, &second), record_is_same(&command.record, &other.record));
}

static void the_digest_differs_exactly_when_a_field_does(void **state)
{
    (void)state;
    prop_run("command digest", 1000, change_one_field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_is_read),
        cmocka_unit_test(every_malformed_shape_is_refused_with_words_that_name_it),
        cmocka_unit_test(more_parts_than_an_activity_takes_are_a_limit),
        cmocka_unit_test(two_ways_to_write_one_command_have_one_digest),
        cmocka_unit_test(commands_that_differ_anywhere_have_different_digests),
        cmocka_unit_test(the_digest_differs_exactly_when_a_field_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
