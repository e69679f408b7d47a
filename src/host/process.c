#include "host/process.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

#define TMPFS_KIND 0x01021994
#define RAMFS_KIND 0x858458F6
#define NFS_KIND   0x6969
#define SMB_KIND   0xFF534D42
#define SMB2_KIND  0xFE534D42
#define FUSE_KIND  0x65735546 /* sshfs and its like */

static ErrCode refuse(Err *err, const char *what, const char *path)
{
    char words[96];
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path,
                   strerror_r(errno, words, sizeof words));
}

/* The second number of /proc/self/statm counts the pages that are in memory. */
static int64_t second_number(const char *line)
{
    Text rest = text_from_z(line);
    (void)text_split(&rest, ' ');
    Err unheard; /* a /proc that reads otherwise says nothing, which is 0 */
    int64_t number = 0;
    if (text_to_int(text_split(&rest, ' '), &number, &unheard) != OK) return 0;
    return number < 0 ? 0 : number;
}

size_t process_memory_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    char line[128] = "";
    const char *got = fgets(line, sizeof line, file);
    (void)fclose(file); /* it was only read */
    if (got == NULL) return 0;
    return (size_t)second_number(line) * (size_t)sysconf(_SC_PAGESIZE);
}

size_t process_open_files(void)
{
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL) return 0;
    size_t count = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone */
    while (readdir(directory) != NULL)
        count++;
    (void)closedir(directory);        /* it was only read */
    return count > 3 ? count - 3 : 0; /* without ".", ".." and the directory itself */
}

uint64_t process_number(void)
{
    return (uint64_t)getpid();
}

ErrCode process_program(Arena *arena, const char **out_path, Err *err)
{
    assert(out_path != NULL);
    char path[PATH_BYTES_MAX];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    if (size < 0) return refuse(err, "read", "/proc/self/exe");
    if ((size_t)size == sizeof path)
        return err_set(err, ERR_LIMIT, "the path of this program is longer than %zu bytes",
                       sizeof path);
    const char *copy = text_z(arena, (Text){path, (size_t)size});
    if (copy == NULL) return err_set(err, ERR_LIMIT, "no room for the path of this program");
    *out_path = copy;
    return OK;
}

ErrCode process_disk(const char *path, DiskFacts *out_facts, Err *err)
{
    assert(path != NULL && out_facts != NULL);
    struct statfs found;
    if (statfs(path, &found) != 0) return refuse(err, "look at the disk of", path);
    const uint32_t kind = (uint32_t)found.f_type;
    *out_facts = (DiskFacts){
        .block_bytes = (size_t)found.f_bsize,
        .free_bytes = (uint64_t)found.f_bavail * (uint64_t)found.f_bsize,
        .is_volatile = kind == TMPFS_KIND || kind == RAMFS_KIND,
        .is_remote = kind == NFS_KIND || kind == SMB_KIND || kind == SMB2_KIND || kind == FUSE_KIND,
    };
    return OK;
}

ErrCode dir_lock(DirLock *lock, const char *directory, Err *err)
{
    assert(lock != NULL && lock->descriptor == 0);
    const int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return refuse(err, "open", directory);
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        lock->descriptor = descriptor + 1;
        return OK;
    }
    const bool is_held = errno == EWOULDBLOCK;
    const ErrCode code = refuse(err, "lock", directory);
    (void)close(descriptor); /* nothing was written */
    if (!is_held) return code;
    return err_set(err, ERR_BUSY, "%s is in use by another tongpin; stop that one first",
                   directory);
}

void dir_unlock(DirLock *lock)
{
    assert(lock != NULL);
    if (lock->descriptor == 0) return;
    (void)close(lock->descriptor - 1); /* closing is what lets go */
    lock->descriptor = 0;
}

void process_hide_memory(void)
{
    const int failed = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    assert(failed == 0); /* 0 is always allowed */
}
