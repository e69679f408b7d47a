/* What we promise about options: the usage line says what is allowed, and everything else is
 * refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"
#include "support/stores.h"

#define WORDS_MAX 20
#define USAGE     "coverage DIR [WHAT] [--on DATE] [--quiet] [--format text|json|csv] --role hq|box"

/* Splits a line at blanks; "''" stands for an empty word. The words live until the next call. */
static ErrCode parse(const char *usage, const char *line, Options *out_options, Err *err)
{
    static char words[400];
    static char *argv[WORDS_MAX];
    int argc = 0;
    snprintf(words, sizeof words, "%s", line);
    for (char *at = words; *at != '\0';) {
        char *const word = at;
        at += strcspn(at, " ");
        if (*at == ' ') *at++ = '\0';
        argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    return options_parse(usage, argc, argv, out_options, err);
}

static void words_and_options_are_told_apart(void **state)
{
    (void)state;
    Options options;
    Err err;
    must(parse(USAGE, "/srv --on 2026-03-01 why --format=json --quiet --role box", &options, &err),
         &err);
    assert_int_equal(options.positional_count, 2);
    assert_string_equal(options.positionals[0], "/srv");
    assert_string_equal(options.positionals[1], "why");
    assert_string_equal(option_value(&options, "--on"), "2026-03-01");
    assert_string_equal(option_value(&options, "--format"), "json");
    assert_string_equal(option_value(&options, "--role"), "box");
    assert_string_equal(option_value(&options, "--quiet"), "");
    assert_true(option_given(&options, "--quiet"));
    assert_false(option_given(&options, "--o"));
    assert_null(option_value(&options, "--state"));
}

static void after_two_dashes_everything_is_a_word(void **state)
{
    (void)state;
    Options options;
    Err err;
    must(parse(USAGE, "--quiet -- --on --", &options, &err), &err);
    assert_int_equal(options.positional_count, 2);
    assert_string_equal(options.positionals[0], "--on");
    assert_string_equal(options.positionals[1], "--");
    assert_false(option_given(&options, "--on"));
}

typedef struct Wrong {
    const char *line;
    const char *words;
} Wrong;

static void what_the_usage_line_does_not_allow_is_refused_by_name(void **state)
{
    (void)state;
    static const Wrong wrongs[] = {
        {"", "something is missing; usage: tongpin coverage DIR"},
        {"--quiet", "something is missing"},
        {"a b c", "\"c\" is one word too many"},
        {"a --onn x", "unknown option --onn; usage: tongpin coverage"},
        {"a --o x", "unknown option --o"},
        {"a --DATE", "unknown option --DATE"},
        {"a --on", "--on needs a value"},
        {"a --on 2026-01-01 --on 2026-01-02", "--on is given twice"},
        {"a --on x", "--on: \"x\" is not a date"},
        {"a --quiet --quiet", "--quiet is given twice"},
        {"a --quiet=yes", "--quiet takes no value"},
        {"a --format xml", "--format is one of text|json|csv, not \"xml\""},
        {"a --format=tex", "not \"tex\""},
        {"a --format ''", "--format is one of"},
        {"a --format text|json", "--format is one of"},
        {"a --role site", "--role is one of hq|box"},
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        Options options = {.positional_count = 77};
        Err err = {0};
        assert_int_equal(parse(USAGE, wrongs[i].line, &options, &err), ERR_INVALID);
        if (strstr(err.message, wrongs[i].words) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", wrongs[i].line, err.message, wrongs[i].words);
        assert_int_equal(options.positional_count, 77); /* left as it was */
    }
}

static void a_rest_takes_as_many_words_as_there_is_room_for(void **state)
{
    (void)state;
    Options options;
    Err err;
    must(parse("add NAME...", "a b c d e f g h", &options, &err), &err);
    assert_int_equal(options.positional_count, POSITIONALS_MAX);
    assert_int_equal(parse("add NAME...", "a b c d e f g h i", &options, &err), ERR_INVALID);
    assert_int_equal(parse("add NAME...", "", &options, &err), ERR_INVALID);
}

static void every_usage_line_of_the_program_can_be_followed(void **state)
{
    (void)state;
    static const Wrong lines[] = {
        {"init DIR --name NAME --role hq|box [--db URL]", "/n --name 总部 --role hq --db pg"},
        {"move DIR GROUP --to PROJECT --on DATE [--dry-run] [--format text|json]",
         "/n g --on 2026-01-01 --to p --dry-run --format json"},
        {"account DIR WHAT [NAME] [--role R] [--scope ID]", "/n list"},
        {"account DIR WHAT [NAME] [--role R] [--scope ID]", "/n add li --scope x --role staff"},
        {"version", ""},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        Options options;
        Err err = {0};
        must(parse(lines[i].line, lines[i].words, &options, &err), &err);
    }
}

static void days_and_addresses_are_read_or_refused(void **state)
{
    (void)state;
    Options options;
    Err err = {0};
    Day day = 0;
    must(parse("x [--on DATE] [--from DATE]", "--on 2026-02-28", &options, &err), &err);
    must(option_day(&options, "--on", 5, &day, &err), &err);
    assert_int_equal(day, 20512);
    must(option_day(&options, "--from", 5, &day, &err), &err);
    assert_int_equal(day, 5);
    assert_int_equal(parse("x [--on DATE]", "--on=2026-02-29", &options, &err), ERR_INVALID);
    assert_string_equal(err.message, "--on: 2026-02 has no day 29");
    const char *listen = "x [--listen ADDR:PORT]";
    must(parse(listen, "--listen [::1]:8600", &options, &err), &err);
    assert_int_equal(parse(listen, "--listen 127.0.0.1:99999", &options, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "--listen"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_are_told_apart),
        cmocka_unit_test(after_two_dashes_everything_is_a_word),
        cmocka_unit_test(what_the_usage_line_does_not_allow_is_refused_by_name),
        cmocka_unit_test(a_rest_takes_as_many_words_as_there_is_room_for),
        cmocka_unit_test(every_usage_line_of_the_program_can_be_followed),
        cmocka_unit_test(days_and_addresses_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
