/* What we promise about the log: one whole line an event, fields that cannot break it, and no
 * flood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/log_file.h"
#include "host/thread.h"
#include "support/fake_host.h"

typedef struct Heard {
    char text[64 * 1024];
    size_t size;
    unsigned line_count;
    uint64_t now_ms;
} Heard;

static void hear(void *context, const char *line, size_t size)
{
    Heard *heard = context;
    assert_true(size <= LOG_LINE_MAX);
    assert_int_equal(line[size - 1], '\n');
    assert_ptr_equal(memchr(line, '\n', size), line + size - 1); /* one line, whole */
    assert_true(heard->size + size < sizeof heard->text);
    memcpy(heard->text + heard->size, line, size);
    heard->size += size;
    heard->text[heard->size] = '\0';
    heard->line_count++;
}

static uint64_t heard_now(void *context)
{
    return ((Heard *)context)->now_ms;
}

static Heard *listen(LogLevel least)
{
    static Heard heard;
    heard = (Heard){.now_ms = UINT64_C(1795331702114)};
    log_begin(&(LogSink){.context = &heard, .write = hear, .now_ms = heard_now, .least = least});
    return &heard;
}

static void a_line_says_when_how_bad_where_and_what(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    log_event(LOG_INFO, "engine", "started", log_int("port", 8600), log_int("below", -3),
              log_word("db", "sqlite"), log_id("node", id_make(1, 2, 3)));
    assert_string_equal(heard->text,
                        "ts=2026-11-22T07:15:02.114Z level=info room=engine event=started "
                        "port=8600 below=-3 db=sqlite node=00000000-0000-7001-8000-000000803000\n");
    log_event(LOG_DEBUG, "engine", "detail", log_int("n", 1));
    assert_int_equal(heard->line_count, 1); /* below the least level */
    log_end();
    log_write(LOG_ERROR, "engine", "unheard", NULL, 0); /* no sink: nothing happens */
    assert_int_equal(heard->line_count, 1);
}

static void a_word_cannot_break_out_of_its_field(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    log_event(LOG_INFO, "api", "odd", log_word("w", "a b=\"c\"\n\\\x7f"), log_word("e", ""));
    assert_non_null(strstr(heard->text, " w=\"a b=\\\"c\\\"\\x0a\\\\\\x7f\" e=\"\"\n"));
    log_end();
}

static void a_line_that_is_too_long_is_cut_between_fields(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    char word[400];
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    LogField fields[8];
    for (size_t i = 0; i < 8; i++)
        fields[i] = log_word("field", word);
    log_write(LOG_INFO, "api", "long", fields, 8);
    assert_true(heard->size <= LOG_LINE_MAX);
    assert_string_equal(heard->text + heard->size - 7, " cut=1\n");
    log_end();
}

static void a_failure_tells_its_code_and_place_but_not_its_words(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    Err err;
    (void)err_set(&err, ERR_CONFLICT, "Zhang San, 13800138000"); /* only its record matters */
    log_failure(LOG_WARN, "engine", "refused", &err);
    assert_null(strstr(heard->text, "Zhang"));
    assert_null(strstr(heard->text, "138"));
    assert_non_null(strstr(heard->text, "level=warn room=engine event=refused err=conflict at="));
    assert_non_null(strstr(heard->text, "test_log.c line="));
    log_end();
}

static void the_same_failure_is_counted_after_ten_a_minute(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    for (int i = 0; i < 250; i++)
        log_event(LOG_WARN, "sync", "no_link", log_int("try", i));
    assert_int_equal(heard->line_count, LOG_REPEAT_MAX);
    log_event(LOG_WARN, "sync", "other", log_int("n", 1));
    assert_int_equal(heard->line_count, LOG_REPEAT_MAX + 1); /* counted apart */
    for (int i = 0; i < 30; i++)
        log_event(LOG_INFO, "sync", "round", log_int("n", i));
    assert_int_equal(heard->line_count, LOG_REPEAT_MAX + 31); /* what is no failure is not held */

    heard->now_ms += 60000;
    log_event(LOG_INFO, "sync", "round", log_int("n", 1));
    assert_non_null(strstr(heard->text, "level=warn room=sync event=no_link repeated=240\n"));
    const unsigned before = heard->line_count;
    log_event(LOG_WARN, "sync", "no_link", log_int("n", 1));
    assert_int_equal(heard->line_count, before + 1); /* a new minute, a new count */
    for (int i = 0; i < 12; i++)
        log_event(LOG_WARN, "sync", "no_link", log_int("n", 1));
    log_end();
    assert_non_null(strstr(heard->text, "event=no_link repeated=3\n")); /* told at the end */
}

static void a_scope_adds_its_field_and_takes_it_away(void **state)
{
    (void)state;
    Heard *heard = listen(LOG_INFO);
    {
        AUTO(log_scope_end) LogScope outer = {.field = log_int("req", 18)};
        log_scope_begin(&outer);
        AUTO(log_scope_end) LogScope inner = {.field = log_int("cmd", 2)};
        log_scope_begin(&inner);
        log_write(LOG_INFO, "engine", "inside", NULL, 0);
    }
    log_write(LOG_INFO, "engine", "outside", NULL, 0);
    assert_non_null(strstr(heard->text, "event=inside cmd=2 req=18\n"));
    assert_non_null(strstr(heard->text, "event=outside\n"));
    log_end();
}

static void shout(void *context)
{
    (void)context;
    for (int i = 0; i < 200; i++)
        log_event(LOG_WARN, "test", i % 2 == 0 ? "even" : "odd", log_int("i", i));
}

/* Four threads write into a pipe; what comes out is whole lines. */
static void lines_of_several_threads_do_not_mix(void **state)
{
    (void)state;
    Err err;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    static FakeHost fake;
    fake_host_init(&fake, 1);
    LogFile file = {.host = &fake.host, .descriptor = ends[1]};
    const LogSink sink = log_file_sink(&file, LOG_INFO);
    log_begin(&sink);
    Thread threads[4] = {{0}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(thread_start(&threads[i], "shout", shout, NULL, &err), OK);
    for (size_t i = 0; i < 4; i++)
        thread_join(&threads[i]);
    log_end();
    assert_int_equal(close(ends[1]), 0);

    static char text[16 * 1024];
    const ssize_t size = read(ends[0], text, sizeof text - 1);
    assert_true(size > 0);
    assert_int_equal(close(ends[0]), 0);
    unsigned written = 0;
    unsigned told = 0;
    Text rest = {text, (size_t)size};
    while (rest.size > 0) {
        const Text line = text_split(&rest, '\n');
        assert_true(text_starts_with(line, TEXT("ts=2026-11-22T")));
        if (text_contains(line, TEXT(" repeated=390")))
            told++;
        else
            written++;
    }
    assert_int_equal(written, 2 * LOG_REPEAT_MAX);
    assert_int_equal(told, 2);
    fake_host_done(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_how_bad_where_and_what),
        cmocka_unit_test(a_word_cannot_break_out_of_its_field),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_between_fields),
        cmocka_unit_test(a_failure_tells_its_code_and_place_but_not_its_words),
        cmocka_unit_test(the_same_failure_is_counted_after_ten_a_minute),
        cmocka_unit_test(a_scope_adds_its_field_and_takes_it_away),
        cmocka_unit_test(lines_of_several_threads_do_not_mix),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
