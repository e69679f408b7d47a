#include "support/shared.h"

#include <stdio.h>
#include <stdlib.h>

#include "host/file.h"

#define SHARED_FILE_MAX ((size_t)64 << 20)

bool shared_path(const char *name, char out[SHARED_PATH_MAX])
{
    const char *set = getenv("TONGPIN_SHARED");
    snprintf(out, SHARED_PATH_MAX, "%s/%s", set != NULL ? set : "../shared", name);
    Err err;
    bool exists = false;
    if (file_exists(host_real(), out, &exists, &err) == OK && exists) return true;
    fprintf(stderr, "skipped: %s is not there\n", out);
    return false;
}

static bool read_into(const char *path, Buf *out)
{
    Err err;
    buf_init(out, SHARED_FILE_MAX);
    if (file_read(host_real(), path, SHARED_FILE_MAX, out, &err) == OK) return true;
    fprintf(stderr, "skipped: %s\n", err.message);
    return false;
}

bool shared_read(const char *name, Buf *out)
{
    char path[SHARED_PATH_MAX];
    return shared_path(name, path) && read_into(path, out);
}

bool shared_each(const char *name, void (*visit)(const char *file, Bytes bytes, void *context),
                 void *context)
{
    char folder[SHARED_PATH_MAX];
    if (!shared_path(name, folder)) return false;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)16 << 20);
    Err err;
    NameList list;
    if (dir_list(host_real(), folder, &arena, &list, &err) != OK) {
        fprintf(stderr, "skipped: %s\n", err.message);
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        char path[PATH_TEXT_MAX];
        AUTO(buf_done) Buf bytes = {0};
        char *file = text_z(&arena, list.names[i]);
        if (file == NULL || path_join(folder, file, path, &err) != OK) return false;
        if (read_into(path, &bytes)) visit(file, buf_as_bytes(&bytes), context);
    }
    return true;
}
