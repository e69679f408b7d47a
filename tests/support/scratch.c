#include "support/scratch.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MEMORY     "/dev/shm"
#define ROOM_BYTES (UINT64_C(2) << 30) /* the databases of a few test programs at once */
#define DISK       "/tmp"

static bool has_room(const char *root)
{
    struct statvfs facts;
    if (access(root, W_OK | X_OK) != 0 || statvfs(root, &facts) != 0) return false;
    return (uint64_t)facts.f_bavail * facts.f_frsize >= ROOM_BYTES;
}

bool scratch_directory(const char *name, char out_path[SCRATCH_PATH_MAX])
{
    const char *root = has_room(MEMORY) ? MEMORY : DISK;
    const int size = snprintf(out_path, SCRATCH_PATH_MAX, "%s/tongpin-%s.XXXXXX", root, name);
    return size > 0 && size < SCRATCH_PATH_MAX && mkdtemp(out_path) != NULL;
}
