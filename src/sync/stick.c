#include "sync/stick.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define STEP ((size_t)64 * 1024)

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static ErrCode check_name(const char *path, Err *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const size_t size = strlen(name);
    bool is_good = size > 0 && size <= STICK_NAME_MAX && name[0] != '.' && name[size - 1] != '.';
    for (size_t i = 0; i < size; i++)
        is_good = is_good && is_plain(name[i]);
    if (is_good) return OK;
    return err_set(err, ERR_INVALID,
                   "a file on a stick has a name of at most %d letters a-z, digits, '-', '_' and "
                   "'.', so that every machine can read it",
                   STICK_NAME_MAX);
}

/* FILE, FILE.2, FILE.3 … */
static ErrCode part_path(const char *path, unsigned part, const char *ending,
                         char out[PATH_TEXT_MAX], Err *err)
{
    char number[16] = "";
    if (part > 1) (void)snprintf(number, sizeof number, ".%u", part);
    const int size = snprintf(out, PATH_TEXT_MAX, "%s%s%s", path, number, ending);
    if (size < 0 || (size_t)size >= PATH_TEXT_MAX)
        return err_set(err, ERR_LIMIT, "that path is too long");
    return OK;
}

static ErrCode remove_if_there(const Host *host, const char *path, Err *err)
{
    Err why;
    const ErrCode code = host->file_remove(host->context, path, &why);
    if (code == OK || code == ERR_NOT_FOUND) return OK;
    *err = why;
    return code;
}

ErrCode stick_begin(Stick *stick, const Host *host, const char *path, uint64_t part_bytes, Err *err)
{
    char beside[PATH_TEXT_MAX];
    assert(part_bytes > 0);
    TRY(check_name(path, err));
    TRY(part_path(path, 1, ".part", beside, err));
    TRY(remove_if_there(host, beside, err)); /* what an interrupted one left */
    *stick =
        (Stick){.host = host, .path = path, .part_bytes = part_bytes, .part = 1, .is_begun = true};
    hash_init(&stick->written);
    return OK;
}

static ErrCode next_part(Stick *stick, Err *err)
{
    char beside[PATH_TEXT_MAX];
    if (stick->part == STICK_PARTS_MAX)
        return err_set(err, ERR_LIMIT, "%s would have more than %d parts", stick->path,
                       STICK_PARTS_MAX);
    stick->part++;
    stick->part_size = 0;
    TRY(part_path(stick->path, stick->part, ".part", beside, err));
    return remove_if_there(stick->host, beside, err);
}

ErrCode stick_put(void *context, Bytes bytes, Err *err)
{
    Stick *stick = context;
    assert(stick->is_begun);
    while (bytes.size > 0) {
        char beside[PATH_TEXT_MAX];
        if (stick->part_size == stick->part_bytes) TRY(next_part(stick, err));
        const uint64_t room = stick->part_bytes - stick->part_size;
        const size_t size = bytes.size < room ? bytes.size : (size_t)room;
        const Bytes piece = {bytes.at, size};
        TRY(part_path(stick->path, stick->part, ".part", beside, err));
        TRY(stick->host->file_append(stick->host->context, beside, piece, err));
        hash_add(&stick->written, piece);
        stick->part_size += size;
        stick->total += size;
        bytes = (Bytes){bytes.at + size, bytes.size - size};
    }
    return OK;
}

/* A longer file of the same name stood there before: its last parts are not ours. */
static ErrCode remove_old_parts(const Stick *stick, Err *err)
{
    for (unsigned part = stick->part + 1; part <= STICK_PARTS_MAX; part++) {
        char path[PATH_TEXT_MAX];
        bool exists = false;
        TRY(part_path(stick->path, part, "", path, err));
        TRY(file_exists(stick->host, path, &exists, err));
        if (!exists) return OK;
        TRY(file_remove(stick->host, path, err));
    }
    return OK;
}

static ErrCode place_parts(const Stick *stick, Err *err)
{
    char beside[PATH_TEXT_MAX];
    char path[PATH_TEXT_MAX];
    const Host *host = stick->host;
    for (unsigned part = 1; part <= stick->part; part++) {
        TRY(part_path(stick->path, part, ".part", beside, err));
        TRY(host->file_sync(host->context, beside, err));
    }
    if (stick->part > 1) TRY(remove_if_there(host, stick->path, err));
    TRY(remove_old_parts(stick, err));
    for (unsigned part = stick->part; part >= 1; part--) {
        TRY(part_path(stick->path, part, ".part", beside, err));
        TRY(part_path(stick->path, part, "", path, err));
        TRY(dir_rename(host, beside, path, err));
    }
    return OK;
}

/* Sticks say that they have written what they have not: only reading it again tells. */
static ErrCode compare(const Stick *stick, Err *err)
{
    StickReader reader;
    Hash read;
    uint8_t piece[STEP];
    hash_init(&read);
    for (unsigned part = 1; part <= stick->part; part++) {
        char path[PATH_TEXT_MAX];
        TRY(part_path(stick->path, part, "", path, err));
        TRY(stick->host->file_forget(stick->host->context, path, err));
    }
    stick_open(&reader, stick->host, stick->path);
    for (;;) {
        size_t size = 0;
        TRY(stick_get(&reader, piece, sizeof piece, &size, err));
        if (size == 0) break;
        hash_add(&read, (Bytes){piece, size});
    }
    const Digest wanted = hash_result(&stick->written);
    const Digest found = hash_result(&read);
    if (reader.total == stick->total && digest_equal(&wanted, &found)) return OK;
    return err_set(err, ERR_CORRUPT, "%s does not hold what was written: take another stick",
                   stick->path);
}

ErrCode stick_end(Stick *stick, Err *err)
{
    assert(stick->is_begun);
    assert(stick->total > 0);
    TRY(place_parts(stick, err));
    stick->is_begun = false;
    return compare(stick, err);
}

void stick_done(Stick *stick)
{
    if (!stick->is_begun) return;
    for (unsigned part = 1; part <= stick->part; part++) {
        char beside[PATH_TEXT_MAX];
        Err unheard; /* what is left is removed by the next one that writes here */
        if (part_path(stick->path, part, ".part", beside, &unheard) == OK)
            (void)remove_if_there(stick->host, beside, &unheard);
    }
    stick->is_begun = false;
}

void stick_open(StickReader *reader, const Host *host, const char *path)
{
    *reader = (StickReader){.host = host, .path = path, .part = 1};
}

ErrCode stick_get(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    StickReader *reader = context;
    const Host *host = reader->host;
    for (;;) {
        char path[PATH_TEXT_MAX];
        bool exists = true;
        size_t size = 0;
        TRY(part_path(reader->path, reader->part, "", path, err));
        if (reader->part > 1) TRY(file_exists(host, path, &exists, err));
        *out_size = 0;
        if (!exists) return OK;
        TRY(host->file_read_at(host->context, path, reader->offset, out, most, &size, err));
        *out_size = size;
        reader->offset += size;
        reader->total += size;
        if (size > 0 || reader->part == STICK_PARTS_MAX) return OK;
        reader->part++;
        reader->offset = 0;
    }
}
