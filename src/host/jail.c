#include "host/jail.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/confine.h"

/* The result leaves on standard output. Standard error carries what the C library has to say before
 * it aborts, and at the very end the verdict: a mark, the code in one byte, the words. */
enum { FLUSH_BYTES = 256 * 1024, VERDICT_MARK = 1, WORDS_KEPT_BYTES = 2000, POLL_STEP_MS = 20 };

#define JAIL_ARGUMENT "--jail"
#define JAIL_MARK     "TONGPIN_JAIL=1"
#define SELF          "/proc/self/exe"

struct JailOut {
    Buf buf;
};

/* ---- inside ------------------------------------------------------------------------------- */

/* Ends without exit handlers: they belong to the program, not to the jail. */
static _Noreturn void end(int status)
{
    _exit(status);
}

static void write_all(int fd, Bytes bytes)
{
    while (bytes.size > 0) {
        const ssize_t written = write(fd, bytes.at, bytes.size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) end(1); /* nobody listens any more */
        bytes.at += written;
        bytes.size -= (size_t)written;
    }
}

static void flush(JailOut *out)
{
    write_all(STDOUT_FILENO, buf_as_bytes(&out->buf));
    buf_clear(&out->buf);
}

void jail_out_add(JailOut *out, Bytes bytes)
{
    assert(out != NULL);
    if (bytes.size > FLUSH_BYTES - out->buf.size) flush(out);
    if (bytes.size > FLUSH_BYTES) {
        write_all(STDOUT_FILENO, bytes);
    } else {
        buf_add(&out->buf, bytes);
    }
}

static void give_verdict(const Err *err)
{
    uint8_t verdict[2 + ERR_MESSAGE_SIZE] = {VERDICT_MARK, (uint8_t)err->code};
    const size_t size = err->code == OK ? 0 : strlen(err->message);
    memcpy(verdict + 2, err->message, size);
    write_all(STDERR_FILENO, (Bytes){verdict, 2 + size});
}

static Bytes map_input(void)
{
    struct stat about;
    if (fstat(STDIN_FILENO, &about) != 0) end(1);
    if (about.st_size == 0) return (Bytes){.at = (const uint8_t *)"", .size = 0};
    const size_t size = (size_t)about.st_size;
    const void *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (at == MAP_FAILED) end(1);
    return (Bytes){.at = at, .size = size};
}

static uint64_t number_from(const char *z)
{
    int64_t number = 0;
    Err err;
    if (text_to_int(text_from_z(z), &number, &err) != OK || number <= 0) end(2);
    return (uint64_t)number;
}

static _Noreturn void serve(const JailTask *task, char **figures)
{
    const ConfineLimits limits = {.memory_bytes = number_from(figures[0]),
                                  .cpu_seconds = number_from(figures[1])};
    tzset(); /* reads a file, now or at the first date that a library takes apart */
    void *prepared = task->prepare == NULL ? NULL : task->prepare();
    const Bytes input = map_input();
    JailOut out = {0};
    buf_init(&out.buf, FLUSH_BYTES);

    Err err = {.message = ""};
    if (!confine_self(&limits)) {
        err_set(&err, ERR_IO, "the reader could not be locked in on this system");
    } else {
        err.code = task->run(prepared, input, &out, &err);
    }
    if (err.code == OK) flush(&out);
    give_verdict(&err);
    end(0);
}

void jail_main_if_asked(int argc, char **argv, const JailTask *tasks, size_t task_count)
{
    if (argc != 5 || strcmp(argv[1], JAIL_ARGUMENT) != 0) return;
    for (size_t i = 0; i < task_count; i++)
        if (strcmp(argv[2], tasks[i].name) == 0) serve(&tasks[i], argv + 3);
    fprintf(stderr, "there is no task %s\n", argv[2]);
    end(2);
}

/* ---- outside ------------------------------------------------------------------------------ */

typedef struct Jail {
    pid_t pid;
    int result_fd;
    int words_fd;
    bool is_over_output;
    bool is_over_time;
    bool is_over_memory;
    Buf *result;   /* the caller's; not ours to free */
    size_t before; /* what the caller's Buf held already */
    Buf words;     /* its standard error */
} Jail;

static void fd_close(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* Invariant 2. */
static void jail_done(Jail *jail)
{
    if (jail->pid > 0) {
        kill(jail->pid, SIGKILL);
        while (waitpid(jail->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    if (jail->result_fd > 0) close(jail->result_fd);
    if (jail->words_fd > 0) close(jail->words_fd);
    buf_done(&jail->words);
    *jail = (Jail){0};
}

static int64_t now_ms(void)
{
    struct timespec now;
    const int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(failed == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int spawn(const char *task, const JailLimits *limits, const int fds[3], pid_t *out_pid)
{
    char memory[24];
    char cpu[24];
    snprintf(memory, sizeof memory, "%zu", limits->memory_bytes);
    snprintf(cpu, sizeof cpu, "%u", limits->cpu_seconds);
    char name[64];
    snprintf(name, sizeof name, "%s", task);
    char program[] = "tongpin";
    char argument[] = JAIL_ARGUMENT;
    char mark[] = JAIL_MARK;
    char leaks[] = "ASAN_OPTIONS=detect_leaks=0"; /* the leak check would want to fork */
    char *arguments[] = {program, argument, name, memory, cpu, NULL};
    char zone[] = "TZ=UTC0";
    char *environment[] = {mark, leaks, zone, NULL};

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&files, fds[i], i);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int failed = posix_spawn(out_pid, SELF, &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

/* A descriptor above 2, so that dup2() onto 0, 1 and 2 cannot hit one it still needs. */
static int raised(int fd)
{
    if (fd < 0 || fd > 2) return fd;
    const int higher = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return higher;
}

static ErrCode start(Jail *jail, const char *task, int input_fd, const JailLimits *limits, Err *err)
{
    int result[2] = {-1, -1};
    int words[2] = {-1, -1};
    if (pipe2(result, O_CLOEXEC) != 0 || pipe2(words, O_CLOEXEC) != 0) {
        fd_close(&result[0]);
        fd_close(&result[1]);
        return err_set(err, ERR_IO, "no pipe for the reader: %s", strerrordesc_np(errno));
    }
    for (int i = 0; i < 2; i++) {
        result[i] = raised(result[i]);
        words[i] = raised(words[i]);
    }
    const int fds[3] = {input_fd, result[1], words[1]};
    const int failed = spawn(task, limits, fds, &jail->pid);
    fd_close(&result[1]);
    fd_close(&words[1]);
    jail->result_fd = result[0];
    jail->words_fd = words[0];
    if (failed == 0) return OK;
    jail->pid = 0;
    return err_set(err, ERR_IO, "the reader could not be started: %s", strerrordesc_np(failed));
}

/* Takes what is there; false at the end of the stream. */
static bool take(int fd, Buf *into)
{
    uint8_t bytes[64 * 1024];
    const ssize_t size = read(fd, bytes, sizeof bytes);
    if (size < 0) return errno == EINTR;
    buf_add(into, (Bytes){bytes, (size_t)size});
    return size > 0;
}

static void stop(Jail *jail)
{
    kill(jail->pid, SIGKILL); /* reaped by finish(); until then the number is still its own */
}

/* Whether some limit is reached; `jail` remembers which. */
static bool is_over(Jail *jail, const JailLimits *limits, int64_t left_ms)
{
    if (left_ms <= 0) jail->is_over_time = true;
    if (confine_is_over(jail->pid, limits->memory_bytes)) jail->is_over_memory = true;
    return jail->is_over_time || jail->is_over_memory || jail->is_over_output;
}

/* The two pipes of a jail; poll() leaves out one whose fd is -1. */
typedef struct Ends {
    struct pollfd result;
    struct pollfd words;
} Ends;

static bool are_open(const Ends *ends)
{
    return ends->result.fd >= 0 || ends->words.fd >= 0;
}

/* Waits a step for one of them, and takes what has come. */
static void listen_for(Jail *jail, const JailLimits *limits, int step_ms, Ends *ends)
{
    struct pollfd both[2] = {ends->result, ends->words};
    if (poll(both, 2, step_ms) <= 0) return; /* nothing yet, or a signal for us */
    if (both[0].revents != 0 && !take(jail->result_fd, jail->result)) ends->result.fd = -1;
    if (both[1].revents != 0 && !take(jail->words_fd, &jail->words)) ends->words.fd = -1;
    if (jail->result->is_over || jail->result->size - jail->before > limits->output_bytes)
        jail->is_over_output = true;
}

static void watch(Jail *jail, const JailLimits *limits)
{
    const int64_t deadline_ms = now_ms() + limits->wall_ms;
    Ends ends = {.result = {.fd = jail->result_fd, .events = POLLIN},
                 .words = {.fd = jail->words_fd, .events = POLLIN}};
    while (are_open(&ends)) {
        const int64_t left_ms = deadline_ms - now_ms();
        if (is_over(jail, limits, left_ms)) break;
        listen_for(jail, limits, left_ms < POLL_STEP_MS ? (int)left_ms : POLL_STEP_MS, &ends);
    }
    if (are_open(&ends)) stop(jail);
}

/* Says in one sentence why there is no result. */
static ErrCode explain(const Jail *jail, const JailLimits *limits, int status, Err *err)
{
    const int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    const bool is_out_of_memory =
        jail->is_over_memory || text_contains(buf_as_text(&jail->words), TEXT("out of memory"));
    if (jail->is_over_output)
        return err_set(err, ERR_LIMIT, "it holds more than %zu MiB once unpacked",
                       limits->output_bytes >> 20);
    if (is_out_of_memory)
        return err_set(err, ERR_LIMIT, "reading it takes more than %zu MiB of memory",
                       limits->memory_bytes >> 20);
    if (jail->is_over_time || signal_number == SIGXCPU)
        return err_set(err, ERR_LIMIT, "reading it takes longer than %u seconds",
                       jail->is_over_time ? (limits->wall_ms + 999) / 1000 : limits->cpu_seconds);
    if (signal_number == SIGSYS)
        return err_set(err, ERR_CORRUPT,
                       "reading it led to something forbidden and was stopped; "
                       "do not trust this file");
    if (signal_number != 0)
        return err_set(err, ERR_CORRUPT, "it is damaged: its reader was ended by signal %d",
                       signal_number);
    return err_set(err, ERR_IO, "the reader ended without a result (status %d)",
                   WEXITSTATUS(status));
}

/* The words came from a process that is not trusted: one line of readable text or none. */
static ErrCode repeat(uint8_t code, Bytes words, Err *err)
{
    Text text;
    Err unreadable;
    if (code >= ERR_CODE_COUNT || words.size >= ERR_MESSAGE_SIZE)
        return err_set(err, ERR_CORRUPT, "its reader gave no readable answer");
    /* A message cut at its bound may end within a character. */
    while (words.size > 0 && text_from_bytes(words, &text, &unreadable) != OK)
        words.size--;
    if (words.size == 0) return err_set(err, ERR_CORRUPT, "its reader gave no readable answer");
    char line[ERR_MESSAGE_SIZE];
    for (size_t i = 0; i < text.size; i++)
        line[i] = (uint8_t)text.at[i] < ' ' || text.at[i] == 0x7F ? ' ' : text.at[i];
    return err_set(err, (ErrCode)code, "%.*s", (int)text.size, line);
}

static ErrCode finish(Jail *jail, const JailLimits *limits, Err *err)
{
    int status = 0;
    while (waitpid(jail->pid, &status, 0) < 0)
        assert(errno == EINTR); /* it is our child and nobody else waits for it */
    jail->pid = 0;

    const Bytes words = buf_as_bytes(&jail->words);
    const uint8_t *mark = words.size == 0 ? NULL : memchr(words.at, VERDICT_MARK, words.size);
    const size_t left = mark == NULL ? 0 : (size_t)(words.at + words.size - mark);
    const bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0 && left >= 2;
    if (confine_is_instrumented() && !ended_well) /* a sanitizer's report is for the developer */
        fprintf(stderr, "%.*s", (int)words.size, (const char *)words.at);
    if (!ended_well || jail->is_over_output) return explain(jail, limits, status, err);
    return mark[1] == OK ? OK : repeat(mark[1], (Bytes){mark + 2, left - 2}, err);
}

static ErrCode run(const char *task, int input_fd, const JailLimits *limits, Buf *out, Err *err)
{
    assert(limits->cpu_seconds > 0);
    assert(limits->wall_ms > 0);
    /* A program whose main() forgot jail_main_if_asked() would start itself for ever. */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the program changes the environment */
    if (getenv("TONGPIN_JAIL") != NULL)
        return err_set(err, ERR_IO, "main() does not call jail_main_if_asked()");
    TRY(buf_check(out, err));

    AUTO(jail_done) Jail jail = {.result = out, .before = out->size};
    buf_init(&jail.words, confine_is_instrumented() ? 32 * WORDS_KEPT_BYTES : WORDS_KEPT_BYTES);
    TRY(start(&jail, task, input_fd, limits, err));
    watch(&jail, limits);
    const ErrCode code = finish(&jail, limits, err);
    if (code != OK) { /* on failure nothing is appended */
        out->size = jail.before;
        out->is_over = false;
    }
    return code;
}

static ErrCode check_size(uint64_t size, const JailLimits *limits, Err *err)
{
    if (size <= limits->input_bytes) return OK;
    return err_set(err, ERR_LIMIT, "it is larger than %zu MiB", limits->input_bytes >> 20);
}

ErrCode jail_run_file(const char *task, const char *path, const JailLimits *limits, Buf *out,
                      Err *err)
{
    assert(path != NULL);
    /* Not waiting: a named pipe would hold us for ever, and is refused below. */
    int fd = raised(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (fd < 0) return err_set(err, ERR_IO, "cannot be opened: %s", strerrordesc_np(errno));

    struct stat about;
    ErrCode code = OK;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        code = err_set(err, ERR_INVALID, "this is not a file");
    if (code == OK) code = check_size((uint64_t)about.st_size, limits, err);
    if (code == OK) code = run(task, fd, limits, out, err);
    fd_close(&fd);
    return code;
}

ErrCode jail_run_bytes(const char *task, Bytes input, const JailLimits *limits, Buf *out, Err *err)
{
    TRY(check_size(input.size, limits, err));
    int fd = raised(memfd_create("jail", MFD_CLOEXEC));
    if (fd < 0) return err_set(err, ERR_IO, "no memory file: %s", strerrordesc_np(errno));

    size_t done = 0;
    while (done < input.size) {
        const ssize_t written = write(fd, input.at + done, input.size - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        done += (size_t)written;
    }
    ErrCode code = OK;
    if (done < input.size) code = err_set(err, ERR_IO, "no room for a memory file");
    if (code == OK) code = run(task, fd, limits, out, err);
    fd_close(&fd);
    return code;
}
