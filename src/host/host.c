#include "host/host.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_STEP ((size_t)16 * 1024)

static ErrCode refuse(Err *err, const char *what, const char *path)
{
    const int cause = errno;
    char words[96];
    const char *said = strerror_r(cause, words, sizeof words);
    const ErrCode code = cause == ENOENT || cause == ENOTDIR ? ERR_NOT_FOUND
                         : cause == EEXIST                   ? ERR_CONFLICT
                                                             : ERR_IO;
    return err_set(err, code, "cannot %s %s: %s", what, path, said);
}

/* A descriptor that its scope closes. */
static void descriptor_close(const int *descriptor)
{
    /* Nothing can be mended by the time close() complains: what matters was synced before. */
    if (*descriptor >= 0) (void)close(*descriptor);
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;
    const int failed = clock_gettime(clock, &now);
    assert(failed == 0); /* both clocks exist on every Linux */
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t real_now_ms(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static uint64_t real_monotonic_ms(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

static void real_random_bytes(void *context, uint8_t *out, size_t size)
{
    (void)context;
    size_t done = 0;
    while (done < size) {
        const ssize_t got = getrandom(out + done, size - done, 0);
        if (got > 0) {
            done += (size_t)got;
        } else if (got < 0 && errno != EINTR) {
            fprintf(stderr, "the machine has no randomness\n");
            abort(); /* keys made of anything less would be worse than none */
        }
    }
}

static ErrCode read_all(int descriptor, const char *path, size_t size_max, Buf *out, Err *err)
{
    uint8_t piece[READ_STEP];
    size_t total = 0;
    for (;;) {
        const ssize_t got = read(descriptor, piece, sizeof piece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refuse(err, "read", path);
        if (got == 0) return OK;
        total += (size_t)got;
        if (total > size_max)
            return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, size_max);
        buf_add(out, (Bytes){piece, (size_t)got});
    }
}

static ErrCode real_file_read(void *context, const char *path, size_t size_max, Buf *out, Err *err)
{
    (void)context;
    AUTO(descriptor_close) const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse(err, "open", path);
    const size_t before = out->size;
    const ErrCode code = read_all(descriptor, path, size_max, out, err);
    if (code != OK) out->size = before;
    return code != OK ? code : buf_check(out, err);
}

static ErrCode real_file_facts(void *context, const char *path, FileFacts *out_facts, Err *err)
{
    (void)context;
    struct stat found;
    if (stat(path, &found) != 0) return refuse(err, "look at", path);
    *out_facts = (FileFacts){.size = (uint64_t)found.st_size,
                             .mode = found.st_mode & 0777U,
                             .is_directory = S_ISDIR(found.st_mode),
                             .is_ours = found.st_uid == geteuid()};
    return OK;
}

static ErrCode write_all(int descriptor, const char *path, Bytes bytes, Err *err)
{
    size_t done = 0;
    while (done < bytes.size) {
        const ssize_t put = write(descriptor, bytes.at + done, bytes.size - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return refuse(err, "write", path);
        done += (size_t)put;
    }
    return OK;
}

static ErrCode real_file_put(void *context, const char *path, Bytes bytes, FileMode mode, Err *err)
{
    (void)context;
    if (unlink(path) != 0 && errno != ENOENT) return refuse(err, "replace", path);
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    AUTO(descriptor_close) const int descriptor = open(path, flags, (mode_t)mode);
    if (descriptor < 0) return refuse(err, "create", path);
    if (fchmod(descriptor, (mode_t)mode) != 0) return refuse(err, "protect", path);
    return write_all(descriptor, path, bytes, err);
}

static ErrCode sync_path(const char *path, int flags, Err *err)
{
    AUTO(descriptor_close) const int descriptor = open(path, flags | O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse(err, "open", path);
    if (fsync(descriptor) != 0) return refuse(err, "sync", path);
    return OK;
}

static ErrCode real_file_sync(void *context, const char *path, Err *err)
{
    (void)context;
    return sync_path(path, 0, err);
}

/* Not protected beyond the mode it is made with: a stick knows no modes and refuses to be asked. */
static ErrCode real_file_append(void *context, const char *path, Bytes bytes, Err *err)
{
    (void)context;
    const int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    AUTO(descriptor_close) const int descriptor = open(path, flags, (mode_t)FILE_PRIVATE);
    if (descriptor < 0) return refuse(err, "write", path);
    return write_all(descriptor, path, bytes, err);
}

static ErrCode real_file_read_at(void *context, const char *path, uint64_t offset, uint8_t *out,
                                 size_t most, size_t *out_size, Err *err)
{
    (void)context;
    size_t done = 0;
    AUTO(descriptor_close) const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse(err, "open", path);
    while (done < most) {
        const ssize_t got = pread(descriptor, out + done, most - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refuse(err, "read", path);
        if (got == 0) break;
        done += (size_t)got;
    }
    *out_size = done;
    return OK;
}

static ErrCode real_file_forget(void *context, const char *path, Err *err)
{
    (void)context;
    AUTO(descriptor_close) const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return refuse(err, "open", path);
    (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED); /* a wish; not all can grant it */
    return OK;
}

static ErrCode real_file_rename(void *context, const char *from, const char *to, Err *err)
{
    (void)context;
    if (rename(from, to) != 0) return refuse(err, "rename to", to);
    return OK;
}

static ErrCode real_file_remove(void *context, const char *path, Err *err)
{
    (void)context;
    if (remove(path) != 0) return refuse(err, "remove", path);
    return OK;
}

static ErrCode real_dir_make(void *context, const char *path, FileMode mode, Err *err)
{
    (void)context;
    if (mkdir(path, (mode_t)mode) != 0) return refuse(err, "make directory", path);
    if (chmod(path, (mode_t)mode) != 0) return refuse(err, "protect", path);
    return OK;
}

static void directory_close(DIR **directory)
{
    if (*directory != NULL) (void)closedir(*directory); /* it was only read */
    *directory = NULL;
}

static ErrCode real_dir_list(void *context, const char *path, DirVisit visit, void *visitor,
                             Err *err)
{
    (void)context;
    AUTO(directory_close) DIR *directory = opendir(path);
    if (directory == NULL) return refuse(err, "list", path);
    for (;;) {
        errno = 0;
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone */
        const struct dirent *found = readdir(directory);
        if (found == NULL) break;
        if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
        visit(visitor, found->d_name);
    }
    return errno == 0 ? OK : refuse(err, "list", path);
}

static ErrCode real_dir_sync(void *context, const char *path, Err *err)
{
    (void)context;
    return sync_path(path, O_DIRECTORY, err);
}

const Host *host_real(void)
{
    static const Host real = {.now_ms = real_now_ms,
                              .monotonic_ms = real_monotonic_ms,
                              .random_bytes = real_random_bytes,
                              .file_read = real_file_read,
                              .file_facts = real_file_facts,
                              .file_put = real_file_put,
                              .file_sync = real_file_sync,
                              .file_append = real_file_append,
                              .file_read_at = real_file_read_at,
                              .file_forget = real_file_forget,
                              .file_rename = real_file_rename,
                              .file_remove = real_file_remove,
                              .dir_make = real_dir_make,
                              .dir_list = real_dir_list,
                              .dir_sync = real_dir_sync};
    return &real;
}

uint64_t host_now_ms(const Host *host)
{
    assert(host != NULL);
    return host->now_ms(host->context);
}

uint64_t host_monotonic_ms(const Host *host)
{
    assert(host != NULL);
    return host->monotonic_ms(host->context);
}

void host_random(const Host *host, uint8_t *out, size_t size)
{
    assert(host != NULL);
    assert(out != NULL);
    host->random_bytes(host->context, out, size);
}
