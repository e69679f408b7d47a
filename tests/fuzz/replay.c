/*
 * Runs one fuzz target without a fuzzer: every file of its corpus and of its finds, then the same
 * files mutated from a fixed seed, so that `make test` tries the same inputs on every machine.
 *
 *     replay_doc doc              replays tests/fuzz/corpus/doc and tests/fuzz/finds/doc
 *     replay_doc doc FILE...      replays these files alone
 *
 * An input that fails is written to build/finds/ before the program dies. SEED=n starts the
 * mutations elsewhere; FUZZ_COUNT=n tries that many.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/file.h"
#include "support/prop.h"

#define INPUT_MAX     ((size_t)1 << 16)
#define FILE_MAX      ((size_t)8 << 20)
#define FILES_MAX     512
#define COUNT_DEFAULT 100000
#define TIME_MAX_MS   2000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A sanitizer that finds something aborts, and so comes by write_find(). The names are theirs. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__asan_default_options(void)
{
    return "abort_on_error=1:handle_abort=0";
}
const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}
/* NOLINTEND(bugprone-reserved-identifier) */

/* What is being tried just now. */
static Bytes current;
static char find_path[128];

static void write_find(int number)
{
    const int file = open(find_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0) {
        size_t done = 0;
        while (done < current.size) {
            const ssize_t put = write(file, current.at + done, current.size - done);
            if (put <= 0) break;
            done += (size_t)put;
        }
        static const char words[] = "\nthe input that failed is in build/finds/\n";
        if (write(2, words, sizeof words - 1) < 0) _exit(1);
    }
    (void)signal(number, SIG_DFL); /* and now die of it */
    (void)raise(number);
}

/* A copy of exactly that size, so that AddressSanitizer sees a read past the end. */
static void try_input(const uint8_t *at, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, at, size);
    current = (Bytes){copy, size};
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

typedef struct Corpus {
    Arena arena;
    Bytes files[FILES_MAX];
    size_t count;
} Corpus;

static void add_file(Corpus *corpus, const char *path)
{
    Err err;
    AUTO(buf_done) Buf buf = {0};
    buf_init(&buf, FILE_MAX);
    if (corpus->count == FILES_MAX || file_read(host_real(), path, FILE_MAX, &buf, &err) != OK ||
        bytes_copy(&corpus->arena, buf_as_bytes(&buf), &corpus->files[corpus->count], &err) != OK) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    corpus->count++;
}

static void add_directory(Corpus *corpus, const char *kind, const char *target)
{
    Err err;
    char folder[PATH_TEXT_MAX];
    snprintf(folder, sizeof folder, "tests/fuzz/%s/%s", kind, target);
    NameList list;
    if (dir_list(host_real(), folder, &corpus->arena, &list, &err) != OK) return; /* none yet */
    for (size_t i = 0; i < list.count; i++) {
        char path[PATH_TEXT_MAX];
        char *name = text_z(&corpus->arena, list.names[i]);
        if (name == NULL || path_join(folder, name, path, &err) != OK) exit(2);
        add_file(corpus, path);
    }
}

static size_t change_bytes(Prng *prng, uint8_t *input, size_t size)
{
    static const uint8_t edges[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, '"', '\\', ',', '\n', '<', '0'};
    const size_t at = (size_t)prng_below(prng, size);
    switch (prng_below(prng, 3)) {
    case 0: input[at] ^= (uint8_t)(1U << prng_below(prng, 8)); break;
    case 1: input[at] = edges[prng_below(prng, sizeof edges)]; break;
    default: input[at] = (uint8_t)prng_next(prng);
    }
    return size;
}

static size_t cut_out(Prng *prng, uint8_t *input, size_t size)
{
    const size_t at = (size_t)prng_below(prng, size);
    const size_t span = 1 + (size_t)prng_below(prng, prng_below(prng, 2) == 0 ? 4 : size);
    if (at + span >= size) return at; /* the end is cut off */
    memmove(input + at, input + at + span, size - at - span);
    return size - span;
}

/* Puts a piece of another file, or of itself, into the middle. */
static size_t put_in(Prng *prng, uint8_t *input, size_t size, Bytes other)
{
    if (other.size == 0) return size;
    const size_t at = (size_t)prng_below(prng, size + 1);
    const size_t from = (size_t)prng_below(prng, other.size);
    size_t span = 1 + (size_t)prng_below(prng, other.size - from);
    if (span > INPUT_MAX - size) span = INPUT_MAX - size;
    memmove(input + at + span, input + at, size - at);
    memcpy(input + at, other.at + from, span);
    return size + span;
}

static void try_mutation(const Corpus *corpus, uint64_t seed)
{
    static uint8_t input[INPUT_MAX];
    Prng prng = {.state = seed};
    const Bytes start = corpus->files[prng_below(&prng, corpus->count)];
    size_t size = start.size < INPUT_MAX ? start.size : INPUT_MAX;
    if (size > 0) memcpy(input, start.at, size);
    for (uint64_t steps = 1 + prng_below(&prng, 6); steps > 0; steps--) {
        switch (size == 0 ? 5 : prng_below(&prng, 6)) {
        case 0:
        case 1:
        case 2: size = change_bytes(&prng, input, size); break;
        case 3: size = cut_out(&prng, input, size); break;
        default: size = put_in(&prng, input, size, corpus->files[prng_below(&prng, corpus->count)]);
        }
    }
    try_input(input, size);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *set = getenv(name);
    return set == NULL ? otherwise : strtoull(set, NULL, 0);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s TARGET [FILE...]\n", argv[0]);
        return 2;
    }
    Err err;
    if (dir_ensure(host_real(), "build", DIR_OPEN_TO_ALL, &err) != OK ||
        dir_ensure(host_real(), "build/finds", DIR_OPEN_TO_ALL, &err) != OK)
        return 2;
    snprintf(find_path, sizeof find_path, "build/finds/%.60s-%u", argv[1], (unsigned)getpid());
    (void)signal(SIGABRT, write_find);
    (void)signal(SIGSEGV, write_find);

    static Corpus corpus;
    arena_init(&corpus.arena, (size_t)256 << 20);
    for (int i = 2; i < argc; i++)
        add_file(&corpus, argv[i]);
    if (argc == 2) {
        add_directory(&corpus, "corpus", argv[1]);
        add_directory(&corpus, "finds", argv[1]);
    }
    for (size_t i = 0; i < corpus.count; i++)
        try_input(corpus.files[i].at, corpus.files[i].size);
    try_input((const uint8_t *)"", 0);

    const uint64_t first = number_from("SEED", 1);
    const uint64_t wanted =
        argc > 2 || corpus.count == 0 ? 0 : number_from("FUZZ_COUNT", COUNT_DEFAULT);
    const uint64_t end_ms = host_monotonic_ms(host_real()) + TIME_MAX_MS;
    uint64_t tried = 0;
    while (tried < wanted && (tried % 16 != 0 || host_monotonic_ms(host_real()) < end_ms))
        try_mutation(&corpus, first + tried++);
    printf("* fuzz %s: %zu files and %llu mutations held\n", argv[1], corpus.count,
           (unsigned long long)tried);
    printf("%zu passed, 0 failed\n", corpus.count + (tried > 0 ? 1 : 0));
    arena_done(&corpus.arena);
    return corpus.count > 0 ? 0 : 1;
}
