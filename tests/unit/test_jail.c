/* What we promise about the jail: the result comes out, nothing else does, and every bad end is one
 * sentence. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/confine.h"
#include "host/jail.h"

static const JailLimits limits = {.input_bytes = 1 << 20,
                                  .output_bytes = 1 << 20,
                                  .memory_bytes = 64 << 20,
                                  .cpu_seconds = 1,
                                  .wall_ms = 60000};

/* ---- what runs inside --------------------------------------------------------------------- */

static ErrCode echo(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)err;
    jail_out_add(out, input);
    return OK;
}

static ErrCode refuse(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    jail_out_add(out, input);
    return err_set(err, ERR_INVALID, "row 3 of\n\"花名册\" is odd");
}

static ErrCode flood(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)input;
    (void)err;
    static const uint8_t block[4096];
    for (;;)
        jail_out_add(out, (Bytes){block, sizeof block});
    return OK;
}

static ErrCode hoard(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)input;
    (void)out;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, (size_t)8 << 30);
    static const uint8_t block[1 << 20] = {1};
    while (!buf.is_over)
        buf_add(&buf, (Bytes){block, sizeof block});
    return buf_check(&buf, err);
}

static ErrCode spin(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)input;
    (void)out;
    (void)err;
    for (uint64_t turn = 0;; turn++)
        __asm__ volatile("" : : "r"(turn));
    return OK;
}

/* Waits for something that never comes, using no processor time. */
static ErrCode linger(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)input;
    (void)out;
    (void)err;
    static int word;
    for (;;)
        syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 0, NULL, NULL, 0);
    return OK;
}

static ErrCode crash(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)out;
    (void)err;
    (void)input;
    syscall(SYS_tgkill, getpid(), gettid(), SIGABRT);
    return OK;
}

/* Each of these must not get past its call: what it would report afterwards is told as a result. */
static ErrCode escape(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)prepared;
    (void)err;
    switch (input.at[0]) {
    case 'o': syscall(SYS_openat, AT_FDCWD, "/etc/hostname", O_RDONLY); break;
    case 'w': syscall(SYS_openat, AT_FDCWD, "/tmp/escaped", O_WRONLY | O_CREAT, 0600); break;
    case 's': syscall(SYS_socket, 2 /* AF_INET */, 1 /* SOCK_STREAM */, 0); break;
    case 'f': syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); break;
    case 'x': syscall(SYS_execve, "/bin/true", NULL, NULL); break;
    case 'p': syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); break;
    case 'k': syscall(SYS_kill, getppid(), SIGKILL); break;
    case 't': syscall(SYS_tgkill, 1, 1, SIGKILL); break;
    case 'm':
        syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        break;
    case 'd': syscall(SYS_dup, 1); break;
    case 'l': syscall(SYS_prlimit64, 0, 9, NULL, NULL); break;
    default: break;
    }
    jail_out_add(out, bytes_of(TEXT("still alive")));
    return OK;
}

static void *prepare(void)
{
    static const char ready[] = "ready before the door closed";
    return (void *)(uintptr_t)ready;
}

static ErrCode report(void *prepared, Bytes input, JailOut *out, Err *err)
{
    (void)input;
    (void)err;
    jail_out_add(out, bytes_of(text_from_z(prepared)));
    return OK;
}

static const JailTask tasks[] = {
    {.name = "echo", .run = echo},
    {.name = "refuse", .run = refuse},
    {.name = "flood", .run = flood},
    {.name = "hoard", .run = hoard},
    {.name = "spin", .run = spin},
    {.name = "linger", .run = linger},
    {.name = "crash", .run = crash},
    {.name = "escape", .run = escape},
    {.name = "report", .prepare = prepare, .run = report},
};

/* ---- what is promised --------------------------------------------------------------------- */

static ErrCode run(const char *task, Text input, Buf *out, Err *err)
{
    return jail_run_bytes(task, bytes_of(input), &limits, out, err);
}

static void the_result_comes_back_as_written(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 1 << 20);
    buf_add_z(&out, "before|");
    assert_int_equal(run("echo", TEXT("姓名,工号"), &out, &err), OK);
    assert_true(text_is(buf_as_text(&out), "before|姓名,工号"));

    buf_clear(&out);
    assert_int_equal(run("echo", TEXT(""), &out, &err), OK);
    assert_int_equal(out.size, 0);
}

static void a_large_result_comes_back_whole(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf big = {0};
    AUTO(buf_done) Buf out = {0};
    buf_init(&big, 1 << 20);
    buf_init(&out, 1 << 20);
    for (uint32_t i = 0; i < 1 << 18; i++)
        buf_add(&big, (Bytes){(const uint8_t *)&i, sizeof i});
    assert_int_equal(jail_run_bytes("echo", buf_as_bytes(&big), &limits, &out, &err), OK);
    assert_true(bytes_equal(buf_as_bytes(&big), buf_as_bytes(&out)));
}

static void a_file_is_read_and_anything_else_refused(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 1 << 20);
    char path[] = "/tmp/test_jail.XXXXXX"; /* mkstemp wants six of that letter */
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "from a file", 11), 11);
    close(fd);
    assert_int_equal(jail_run_file("echo", path, &limits, &out, &err), OK);
    assert_true(text_is(buf_as_text(&out), "from a file"));
    unlink(path);
    assert_int_equal(jail_run_file("echo", path, &limits, &out, &err), ERR_IO);
    assert_int_equal(jail_run_file("echo", "/tmp", &limits, &out, &err), ERR_INVALID);
    assert_string_equal(err.message, "this is not a file");
}

static void what_the_task_says_is_passed_on_as_one_line(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 1 << 20);
    buf_add_z(&out, "kept");
    assert_int_equal(run("refuse", TEXT("half a result"), &out, &err), ERR_INVALID);
    assert_string_equal(err.message, "row 3 of \"花名册\" is odd");
    assert_true(text_is(buf_as_text(&out), "kept"));
}

static void expect_end_within(const JailLimits *bounds, const char *task, Text input, ErrCode code,
                              const char *words)
{
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 4 << 20);
    const ErrCode got = jail_run_bytes(task, bytes_of(input), bounds, &out, &err);
    if (got != code || strstr(err.message, words) == NULL)
        fail_msg("%s %.*s: code %d, \"%s\"", task, TEXT_ARG(input), got, err.message);
    assert_int_equal(out.size, 0);
}

static void expect_end(const char *task, Text input, ErrCode code, const char *words)
{
    expect_end_within(&limits, task, input, code, words);
}

static void bombs_end_in_one_sentence(void **state)
{
    (void)state;
    expect_end("hoard", TEXT("-"), ERR_LIMIT, "more than 64 MiB of memory");
    expect_end("spin", TEXT("-"), ERR_LIMIT, "longer than 1 seconds");
    JailLimits impatient = limits; /* a busy machine must not turn one limit into the other */
    impatient.wall_ms = 300;
    expect_end_within(&impatient, "linger", TEXT("-"), ERR_LIMIT, "longer than 1 seconds");
    expect_end("flood", TEXT("-"), ERR_LIMIT, "more than 1 MiB once unpacked");
    expect_end("crash", TEXT("-"), ERR_CORRUPT, "ended by signal 6");
}

static void the_child_dies_when_it_reaches_for_anything(void **state)
{
    (void)state;
    static const char ways[] = "owsfxpktmdl";
    for (size_t i = 0; i + 1 < sizeof ways; i++)
        expect_end("escape", (Text){ways + i, 1}, ERR_CORRUPT, "something forbidden");
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 4 << 20);
    assert_int_equal(run("escape", TEXT("-"), &out, &err), OK); /* the list is what stopped them */
    assert_true(text_is(buf_as_text(&out), "still alive"));
}

static void what_was_prepared_is_at_hand(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 1 << 20);
    assert_int_equal(run("report", TEXT("-"), &out, &err), OK);
    assert_true(text_is(buf_as_text(&out), "ready before the door closed"));
}

static void too_large_an_input_is_not_even_started(void **state)
{
    (void)state;
    Err err = {.message = ""};
    AUTO(buf_done) Buf out = {0};
    buf_init(&out, 1 << 20);
    static const uint8_t big[(1 << 20) + 1];
    assert_int_equal(jail_run_bytes("echo", (Bytes){big, sizeof big}, &limits, &out, &err),
                     ERR_LIMIT);
    assert_string_equal(err.message, "it is larger than 1 MiB");
}

static void an_unknown_task_is_an_error(void **state)
{
    (void)state;
    expect_end("nothing", TEXT("-"), ERR_IO, "ended without a result");
}

int main(int argc, char **argv)
{
    jail_main_if_asked(argc, argv, tasks, sizeof tasks / sizeof tasks[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_result_comes_back_as_written),
        cmocka_unit_test(a_large_result_comes_back_whole),
        cmocka_unit_test(a_file_is_read_and_anything_else_refused),
        cmocka_unit_test(what_the_task_says_is_passed_on_as_one_line),
        cmocka_unit_test(bombs_end_in_one_sentence),
        cmocka_unit_test(the_child_dies_when_it_reaches_for_anything),
        cmocka_unit_test(what_was_prepared_is_at_hand),
        cmocka_unit_test(too_large_an_input_is_not_even_started),
        cmocka_unit_test(an_unknown_task_is_an_error),
    };
    return cmocka_run_group_tests_name("jail", tests, NULL, NULL);
}
