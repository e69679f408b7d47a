/* What we promise about sealed files: the age program opens ours and we open its own; the published
 * test vectors come out as they say; a changed or cut file gives no byte that was not proven. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/file.h"
#include "seal/age.h"
#include "seal/hash.h"
#include "support/fake_host.h"
#include "support/prop.h"
#include "support/stores.h"

#define FILE_MAX   ((size_t)1 << 20)
#define VECTOR_DIR "tests/golden/age"

typedef struct Desk {
    FakeHost fake;
    ReaderKey key;
    ReaderSecret secret;
    ReaderKey other;
    ReaderSecret other_secret;
    Buf sealed;
    Buf opened;
} Desk;

static void desk_open(Desk *desk, uint64_t seed)
{
    Err err;
    memset(desk, 0, sizeof *desk);
    must(seal_begin(&err), &err);
    fake_host_init(&desk->fake, seed);
    buf_init(&desk->sealed, FILE_MAX);
    buf_init(&desk->opened, FILE_MAX);
    reader_make(&desk->fake.host, &desk->key, &desk->secret);
    reader_make(&desk->fake.host, &desk->other, &desk->other_secret);
}

static void desk_close(Desk *desk)
{
    buf_done(&desk->sealed);
    buf_done(&desk->opened);
    fake_host_done(&desk->fake);
}

static ErrCode keep(void *context, Bytes bytes, Err *err)
{
    buf_add(context, bytes);
    return buf_check(context, err);
}

typedef struct Feed {
    Bytes rest;
    size_t step;
} Feed;

static ErrCode feed(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    (void)err;
    Feed *from = context;
    size_t size = from->rest.size < most ? from->rest.size : most;
    if (from->step > 0 && size > from->step) size = from->step;
    if (size > 0) memcpy(out, from->rest.at, size);
    from->rest = (Bytes){from->rest.at + size, from->rest.size - size};
    *out_size = size;
    return OK;
}

static void seal(Desk *desk, const AgeTo *to, Bytes plain, size_t step)
{
    Err err;
    AUTO(age_writer_done) AgeWriter writer = {0};
    buf_clear(&desk->sealed);
    must(age_begin(&writer, &desk->fake.host, to, keep, &desk->sealed, &err), &err);
    while (plain.size > 0) {
        const size_t size = plain.size < step ? plain.size : step;
        must(age_add(&writer, (Bytes){plain.at, size}, &err), &err);
        plain = (Bytes){plain.at + size, plain.size - size};
    }
    must(age_end(&writer, &err), &err);
}

/* Everything that was handed out is in desk->opened, whatever comes of it. */
static ErrCode unseal(Desk *desk, const AgeWith *with, Bytes sealed, size_t step, Err *err)
{
    AUTO(age_reader_done) AgeReader reader = {0};
    Feed from = {sealed, step};
    buf_clear(&desk->opened);
    ErrCode code = age_open(&reader, with, feed, &from, err);
    while (code == OK) {
        Bytes piece;
        bool found = false;
        code = age_next(&reader, &piece, &found, err);
        if (code == OK && !found) break;
        if (code == OK) buf_add(&desk->opened, piece);
    }
    return code;
}

static void fill_with(Prng *prng, Buf *out, size_t size)
{
    buf_init(out, FILE_MAX);
    for (size_t i = 0; i < size; i++)
        buf_add_byte(out, (uint8_t)prng_below(prng, 256));
}

static void what_was_sealed_is_opened(Prng *prng)
{
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 131073};
    Desk desk;
    Err err;
    AUTO(buf_done) Buf plain = {0};
    desk_open(&desk, prng_below(prng, 1000));
    const size_t size =
        prng_below(prng, 2) == 0 ? sizes[prng_below(prng, 7)] : prng_below(prng, 200000);
    fill_with(prng, &plain, size);
    const ReaderKey keys[] = {desk.other, desk.key};
    const AgeTo to = {.keys = keys, .key_count = 2, .label = TEXT("34750f98bd")};
    seal(&desk, &to, buf_as_bytes(&plain), 1 + prng_below(prng, 70000));
    const AgeWith with = {.secrets = &desk.secret, .secret_count = 1};
    must(unseal(&desk, &with, buf_as_bytes(&desk.sealed), prng_below(prng, 40000), &err), &err);
    assert_true(bytes_equal(buf_as_bytes(&desk.opened), buf_as_bytes(&plain)));
    ReaderKey stranger;
    ReaderSecret strange;
    reader_make(&desk.fake.host, &stranger, &strange);
    const AgeWith without = {.secrets = &strange, .secret_count = 1};
    assert_int_equal(unseal(&desk, &without, buf_as_bytes(&desk.sealed), 0, &err), ERR_DENIED);
    desk_close(&desk);
}

static void sealing_and_opening(void **state)
{
    (void)state;
    prop_run("age", 40, what_was_sealed_is_opened);
}

static void a_passphrase_opens_and_another_does_not(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    desk_open(&desk, 3);
    const AgeTo to = {.passphrase = TEXT("十二个字的口令要长一些"), .work = 4};
    seal(&desk, &to, bytes_of(TEXT("账目")), 99);
    AgeWith with = {.passphrase = to.passphrase};
    must(unseal(&desk, &with, buf_as_bytes(&desk.sealed), 0, &err), &err);
    assert_memory_equal(desk.opened.at, "账目", 6);
    with.passphrase = TEXT("another");
    assert_int_equal(unseal(&desk, &with, buf_as_bytes(&desk.sealed), 0, &err), ERR_DENIED);
    desk_close(&desk);
}

/* Small, with each part there is: two readers, a label, the code, the nonce, a chunk. */
static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    Desk desk;
    desk_open(&desk, 4);
    const ReaderKey keys[] = {desk.other, desk.key};
    const AgeTo to = {.keys = keys, .key_count = 2, .label = TEXT("34750f98bd")};
    const AgeWith with = {.secrets = &desk.secret, .secret_count = 1};
    seal(&desk, &to, bytes_of(TEXT("事实")), 99);
    for (size_t i = 0; i < desk.sealed.size; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            Err err;
            desk.sealed.at[i] ^= (uint8_t)flip;
            const ErrCode code = unseal(&desk, &with, buf_as_bytes(&desk.sealed), 0, &err);
            if (code == OK || desk.opened.size > 0) fail_msg("byte %zu, %02x", i, flip);
            desk.sealed.at[i] ^= (uint8_t)flip;
        }
    desk_close(&desk);
}

/* Two chunks and a bit: what was handed out before the damage is the truth. */
static void a_file_cut_or_changed_is_opened_up_to_the_last_good_chunk(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    Prng prng = {.state = 5};
    AUTO(buf_done) Buf plain = {0};
    desk_open(&desk, 5);
    fill_with(&prng, &plain, 2 * AGE_CHUNK + 100);
    const AgeTo to = {.keys = &desk.key, .key_count = 1};
    const AgeWith with = {.secrets = &desk.secret, .secret_count = 1};
    seal(&desk, &to, buf_as_bytes(&plain), 5000);
    const size_t head = desk.sealed.size - plain.size - 3 * AGE_TAG;
    for (size_t cut = 0; cut < desk.sealed.size; cut += cut < head + 64 ? 1 : 1009) {
        const ErrCode code = unseal(&desk, &with, (Bytes){desk.sealed.at, cut}, 0, &err);
        const size_t chunk = AGE_CHUNK + AGE_TAG;
        const size_t whole = cut < head ? 0 : (cut - head) / chunk;
        assert_int_not_equal(code, OK);
        assert_int_equal(desk.opened.size, whole * AGE_CHUNK);
        assert_memory_equal(desk.opened.at, plain.at, desk.opened.size);
    }
    for (size_t at = head; at < desk.sealed.size; at += 997) {
        desk.sealed.at[at] ^= 16;
        assert_int_equal(unseal(&desk, &with, buf_as_bytes(&desk.sealed), 0, &err), ERR_CORRUPT);
        assert_int_equal(desk.opened.size, (at - head) / (AGE_CHUNK + AGE_TAG) * AGE_CHUNK);
        desk.sealed.at[at] ^= 16;
    }
    desk_close(&desk);
}

/* ---- Published vectors ---- */

typedef struct Vector {
    Text expect;
    Text payload;
    ReaderSecret secrets[4];
    size_t secret_count;
    Text passphrase;
    Bytes sealed;
} Vector;

static void read_vector(Bytes file, Vector *out)
{
    Err err;
    Text rest = {(const char *)file.at, file.size};
    memset(out, 0, sizeof *out);
    for (;;) {
        Text line = text_split(&rest, '\n');
        if (line.size == 0) break;
        const Text name = text_split(&line, ':');
        const Text value = text_trim(line);
        if (text_is(name, "expect")) out->expect = value;
        if (text_is(name, "payload")) out->payload = value;
        if (text_is(name, "passphrase")) out->passphrase = value;
        if (text_is(name, "identity"))
            must(age_secret_parse(value, &out->secrets[out->secret_count++], &err), &err);
    }
    out->sealed = (Bytes){(const uint8_t *)rest.at, rest.size};
}

static ErrCode expected_code(const Vector *vector)
{
    if (text_is(vector->expect, "success")) return OK;
    return text_is(vector->expect, "no match") ? ERR_DENIED : ERR_CORRUPT;
}

static void run_vector(Desk *desk, const char *name, Bytes file)
{
    Err err;
    Vector vector;
    char digest[DIGEST_TEXT_MAX];
    read_vector(file, &vector);
    const AgeWith with = {vector.secrets, vector.secret_count, vector.passphrase};
    const ErrCode code = unseal(desk, &with, vector.sealed, 0, &err);
    const ErrCode wanted = expected_code(&vector);
    const bool is_same = wanted == ERR_CORRUPT
                             ? code == ERR_CORRUPT || code == ERR_INVALID || code == ERR_LIMIT
                             : code == wanted;
    if (!is_same)
        fail_msg("%s: %s, wanted %.*s", name, code == OK ? "ok" : err.message,
                 TEXT_ARG(vector.expect));
    if (vector.payload.size == 0) return;
    const Digest opened = hash_of(buf_as_bytes(&desk->opened));
    if (!text_is(vector.payload, digest_write(&opened, digest)))
        fail_msg("%s: another payload, of %zu bytes", name, desk->opened.size);
}

static void the_published_vectors_come_out_as_they_say(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    NameList names;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, FILE_MAX);
    desk_open(&desk, 6);
    must(dir_list(host_real(), VECTOR_DIR, &arena, &names, &err), &err);
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_TEXT_MAX];
        AUTO(buf_done) Buf file = {0};
        const char *name = text_z(&arena, names.names[i]);
        buf_init(&file, FILE_MAX);
        must(path_join(VECTOR_DIR, name, path, &err), &err);
        must(file_read(host_real(), path, FILE_MAX, &file, &err), &err);
        run_vector(&desk, name, buf_as_bytes(&file));
    }
    assert_true(names.count >= 89);
    printf("* %zu published vectors of sealed files\n", names.count);
    desk_close(&desk);
}

static void keys_are_words_that_notice_a_wrong_letter(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    ReaderKey key;
    ReaderSecret secret;
    char text[AGE_KEY_TEXT_MAX];
    desk_open(&desk, 7);
    age_key_write(&desk.key, text);
    must(age_key_parse(text_from_z(text), &key, &err), &err);
    assert_memory_equal(key.at, desk.key.at, sizeof key.at);
    for (size_t i = 0; text[i] != '\0'; i++) {
        const char was = text[i];
        text[i] = was == 'q' ? 'p' : 'q';
        if (text[i] != was) assert_int_equal(age_key_parse(text_from_z(text), &key, &err), 1);
        text[i] = was;
    }
    age_secret_write(&desk.secret, text);
    assert_memory_equal(text, "AGE-SECRET-KEY-1", 16);
    must(age_secret_parse(text_from_z(text), &secret, &err), &err);
    assert_memory_equal(secret.at, desk.secret.at, sizeof secret.at);
    text[20] = (char)(text[20] | 32); /* two cases in one word; a digit has none */
    text[30] = (char)(text[30] | 32);
    text[31] = (char)(text[31] | 32);
    text[32] = (char)(text[32] | 32);
    assert_int_equal(age_secret_parse(text_from_z(text), &secret, &err), ERR_INVALID);
    assert_int_equal(age_key_parse(TEXT("age1"), &key, &err), ERR_INVALID);
    desk_close(&desk);
}

/* ---- The age program itself ---- */

static bool has_program(void)
{
    /* NOLINTNEXTLINE(cert-env33-c): the program under comparison */
    return system("command -v age >/dev/null 2>&1 && command -v age-keygen >/dev/null 2>&1") == 0;
}

static void run(const char *directory, const char *words)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "cd %s && %s", directory, words);
    /* NOLINTNEXTLINE(cert-env33-c): the program under comparison */
    if (system(line) != 0) fail_msg("failed: %s", line);
}

static void put_file(const char *directory, const char *name, Bytes bytes)
{
    Err err;
    char path[PATH_TEXT_MAX];
    must(path_join(directory, name, path, &err), &err);
    must(file_write(host_real(), path, bytes, FILE_PRIVATE, &err), &err);
}

static void get_file(const char *directory, const char *name, Buf *out)
{
    Err err;
    char path[PATH_TEXT_MAX];
    buf_init(out, FILE_MAX);
    must(path_join(directory, name, path, &err), &err);
    must(file_read(host_real(), path, FILE_MAX, out, &err), &err);
}

static void the_age_program_opens_ours_and_we_open_its_own(void **state)
{
    (void)state;
    Desk desk;
    Err err;
    Prng prng = {.state = 8};
    char directory[] = "/tmp/tongpin-age-XXXXXX";
    char text[AGE_KEY_TEXT_MAX];
    AUTO(buf_done) Buf plain = {0};
    AUTO(buf_done) Buf theirs = {0};
    if (!has_program()) {
        printf("the age program is not here: not compared\n");
        return;
    }
    assert_non_null(mkdtemp(directory));
    desk_open(&desk, 8);
    fill_with(&prng, &plain, 3 * AGE_CHUNK);
    const ReaderKey keys[] = {desk.other, desk.key};
    const AgeTo to = {.keys = keys, .key_count = 2, .label = TEXT("34750f98bd")};
    seal(&desk, &to, buf_as_bytes(&plain), 4096);
    put_file(directory, "ours.age", buf_as_bytes(&desk.sealed));
    put_file(directory, "plain", buf_as_bytes(&plain));
    put_file(directory, "key", bytes_of(text_from_z(age_secret_write(&desk.secret, text))));
    put_file(directory, "to", bytes_of(text_from_z(age_key_write(&desk.key, text))));
    run(directory, "age -d -i key -o back ours.age && cmp back plain");
    run(directory, "[ \"$(age-keygen -y key)\" = \"$(cat to)\" ]");
    run(directory, "age -R to -o theirs.age plain");
    get_file(directory, "theirs.age", &theirs);
    const AgeWith with = {.secrets = &desk.secret, .secret_count = 1};
    must(unseal(&desk, &with, buf_as_bytes(&theirs), 0, &err), &err);
    assert_true(bytes_equal(buf_as_bytes(&desk.opened), buf_as_bytes(&plain)));
    run(directory, "rm -r \"$PWD\"");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealing_and_opening),
        cmocka_unit_test(a_passphrase_opens_and_another_does_not),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(a_file_cut_or_changed_is_opened_up_to_the_last_good_chunk),
        cmocka_unit_test(the_published_vectors_come_out_as_they_say),
        cmocka_unit_test(keys_are_words_that_notice_a_wrong_letter),
        cmocka_unit_test(the_age_program_opens_ours_and_we_open_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
