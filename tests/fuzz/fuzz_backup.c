/*
 * fuzz_backup — whatever somebody who knows the recovery key seals as a backup, reading it neither
 * crashes nor takes in what its node did not sign.
 *
 * The input is what `age -d | zstd -d` makes of a backup. It is pressed and sealed again as it is;
 * with its first byte odd (a good one begins with 'T', which is even) the checks of its frames are
 * put right first.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/bundle.h"
#include "support/fake_host.h"
#include "sync/backup.h"

#define INPUT_MAX ((size_t)128 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ErrCode keep(void *context, Bytes bytes, Err *err)
{
    buf_add(context, bytes);
    return buf_check(context, err);
}

static ErrCode feed(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    (void)err;
    Bytes *rest = context;
    const size_t size = rest->size < most ? rest->size : most;
    if (size > 0) memcpy(out, rest->at, size);
    *rest = (Bytes){rest->at + size, rest->size - size};
    *out_size = size;
    return OK;
}

static void mend(Bytes file, Buf *out)
{
    buf_add_z(out, "TPBACKUP\1");
    size_t at = 9;
    while (at + FRAME_HEADER_SIZE + FRAME_CHECK_SIZE <= file.size) {
        Cursor cursor = cursor_over((Bytes){file.at + at, file.size - at});
        const uint8_t type = cursor_byte(&cursor);
        const uint64_t wanted = cursor_number(&cursor, FRAME_HEADER_SIZE - 1);
        const size_t there = cursor.left - FRAME_CHECK_SIZE;
        const size_t payload_size = wanted < there ? (size_t)wanted : there;
        frame_put(out, type, (Bytes){cursor.at, payload_size});
        at += FRAME_HEADER_SIZE + payload_size + FRAME_CHECK_SIZE;
    }
}

static ErrCode look_at_file(void *context, const char *path, Bytes bytes, Err *err)
{
    (void)context;
    (void)bytes;
    (void)err;
    if (strstr(path, "..") != NULL || path[0] == '/' || strlen(path) > BACKUP_PATH_MAX) abort();
    return OK;
}

static void seal(FakeHost *fake, const ReaderKey *key, Bytes plain, Buf *out)
{
    Err err;
    AUTO(pack_writer_done) PackWriter writer = {0};
    const AgeTo to = {.keys = key, .key_count = 1};
    if (pack_begin(&writer, &fake->host, &to, keep, out, &err) != OK ||
        pack_add(&writer, plain, &err) != OK || pack_end(&writer, &err) != OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FakeHost fake;
    Err err;
    ReaderKey key;
    ReaderSecret secret;
    BackupFacts facts;
    AUTO(buf_done) Buf plain = {0};
    AUTO(buf_done) Buf sealed = {0};
    if (size == 0 || size > INPUT_MAX) return 0;
    if (seal_begin(&err) != OK) abort();
    buf_init(&plain, 2 * INPUT_MAX);
    buf_init(&sealed, 4 * INPUT_MAX);
    fake_host_init(&fake, 1);
    reader_make(&fake.host, &key, &secret);
    if ((data[0] & 1) == 0)
        buf_add(&plain, (Bytes){data, size});
    else
        mend((Bytes){data, size}, &plain);
    seal(&fake, &key, buf_as_bytes(&plain), &sealed);
    fake_host_done(&fake);
    const AgeWith with = {.secrets = &secret, .secret_count = 1};
    const BackupSink sink = {.file = look_at_file};
    Bytes rest = buf_as_bytes(&sealed);
    const ErrCode code = backup_read(&with, feed, &rest, &sink, &facts, &err);
    if (code == OK && facts.file_count == 0) abort(); /* without its key nothing is signed */
    return 0;
}
