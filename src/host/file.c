#include "host/file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define NAME_COUNT_MAX 65536

static_assert(PATH_TEXT_MAX == PATH_BYTES_MAX + 1, "a path and its NUL");

ErrCode path_join(const char *directory, const char *name, char out[PATH_TEXT_MAX], Err *err)
{
    assert(directory != NULL && name != NULL);
    const size_t size = strlen(directory);
    const char *slash = size > 0 && directory[size - 1] == '/' ? "" : "/";
    if (size + strlen(slash) + strlen(name) > PATH_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "the path of %.60s is longer than %zu bytes", name,
                       (size_t)PATH_BYTES_MAX);
    memcpy(out, directory, size);
    memcpy(out + size, slash, strlen(slash));
    memcpy(out + size + strlen(slash), name, strlen(name) + 1);
    return OK;
}

/* The directory a path stands in: "." for a bare name. */
static ErrCode parent_of(const char *path, char out[PATH_TEXT_MAX], Err *err)
{
    size_t size = strlen(path);
    if (size > PATH_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "a path of %zu bytes is longer than %zu", size,
                       (size_t)PATH_BYTES_MAX);
    while (size > 1 && path[size - 1] == '/')
        size--;
    while (size > 0 && path[size - 1] != '/')
        size--;
    if (size == 0) {
        memcpy(out, ".", sizeof ".");
        return OK;
    }
    if (size > 1) size--; /* the slash itself, unless it is the root */
    memcpy(out, path, size);
    out[size] = '\0';
    return OK;
}

static ErrCode sync_parent(const Host *host, const char *path, Err *err)
{
    char parent[PATH_TEXT_MAX];
    TRY(parent_of(path, parent, err));
    return host->dir_sync(host->context, parent, err);
}

ErrCode file_read(const Host *host, const char *path, size_t size_max, Buf *out, Err *err)
{
    assert(host != NULL && path != NULL && out != NULL);
    return host->file_read(host->context, path, size_max, out, err);
}

static ErrCode put_beside(const Host *host, const char *beside, const char *path, Bytes bytes,
                          FileMode mode, Err *err)
{
    TRY(host->file_put(host->context, beside, bytes, mode, err));
    TRY(host->file_sync(host->context, beside, err));
    return host->file_rename(host->context, beside, path, err);
}

ErrCode file_write(const Host *host, const char *path, Bytes bytes, FileMode mode, Err *err)
{
    assert(host != NULL && path != NULL);
    char beside[PATH_TEXT_MAX];
    const int size = snprintf(beside, sizeof beside, "%s.new", path);
    if (size < 0 || (size_t)size >= sizeof beside)
        return err_set(err, ERR_LIMIT, "a path of %zu bytes is too long", strlen(path));

    const ErrCode code = put_beside(host, beside, path, bytes, mode, err);
    if (code != OK) {
        Err unheard; /* the first failure is the one to tell; what is left is put away next time */
        (void)host->file_remove(host->context, beside, &unheard);
        return code;
    }
    return sync_parent(host, path, err);
}

ErrCode file_remove(const Host *host, const char *path, Err *err)
{
    assert(host != NULL && path != NULL);
    TRY(host->file_remove(host->context, path, err));
    return sync_parent(host, path, err);
}

ErrCode file_facts(const Host *host, const char *path, FileFacts *out_facts, Err *err)
{
    assert(host != NULL && path != NULL && out_facts != NULL);
    return host->file_facts(host->context, path, out_facts, err);
}

ErrCode file_exists(const Host *host, const char *path, bool *out_exists, Err *err)
{
    assert(out_exists != NULL);
    FileFacts facts;
    const ErrCode code = file_facts(host, path, &facts, err);
    if (code != OK && code != ERR_NOT_FOUND) return code;
    *out_exists = code == OK;
    return OK;
}

ErrCode dir_make(const Host *host, const char *path, FileMode mode, Err *err)
{
    assert(host != NULL && path != NULL);
    TRY(host->dir_make(host->context, path, mode, err));
    return sync_parent(host, path, err);
}

ErrCode dir_ensure(const Host *host, const char *path, FileMode mode, Err *err)
{
    Err conflict;
    const ErrCode code = dir_make(host, path, mode, &conflict);
    if (code != ERR_CONFLICT) {
        if (code != OK) *err = conflict;
        return code;
    }
    FileFacts facts;
    TRY(file_facts(host, path, &facts, err));
    if (facts.is_directory) return OK;
    return err_set(err, ERR_CONFLICT, "%s is a file, and a directory is needed there", path);
}

ErrCode dir_rename(const Host *host, const char *from, const char *to, Err *err)
{
    assert(host != NULL && from != NULL && to != NULL);
    TRY(host->file_rename(host->context, from, to, err));
    return sync_parent(host, to, err);
}

typedef struct Collector {
    Arena *arena;
    Text *names; /* NULL while names are only counted */
    size_t count;
    size_t room;
    bool is_over;
} Collector;

static void count_name(void *visitor, const char *name)
{
    (void)name;
    ((Collector *)visitor)->room++;
}

static void keep_name(void *visitor, const char *name)
{
    Collector *collector = visitor;
    if (collector->is_over || collector->count == collector->room) {
        collector->is_over = true;
        return;
    }
    Err unheard; /* told once, at the end */
    Text copy;
    if (text_copy(collector->arena, text_from_z(name), &copy, &unheard) != OK)
        collector->is_over = true;
    else
        collector->names[collector->count++] = copy;
}

static int compare_names(const void *a, const void *b)
{
    return text_compare(*(const Text *)a, *(const Text *)b);
}

ErrCode dir_list(const Host *host, const char *path, Arena *arena, NameList *out_names, Err *err)
{
    assert(host != NULL && path != NULL && out_names != NULL);
    Collector collector = {.arena = arena};
    TRY(host->dir_list(host->context, path, count_name, &collector, err));
    if (collector.room < NAME_COUNT_MAX) collector.room += 16; /* those that appear meanwhile */
    if (collector.room > NAME_COUNT_MAX)
        return err_set(err, ERR_LIMIT, "%s holds more than %d names", path, NAME_COUNT_MAX);
    collector.names = arena_array(arena, Text, collector.room);
    if (collector.names == NULL) return err_set(err, ERR_LIMIT, "%s holds too many names", path);

    TRY(host->dir_list(host->context, path, keep_name, &collector, err));
    if (collector.is_over) return err_set(err, ERR_LIMIT, "%s holds too many names", path);
    qsort(collector.names, collector.count, sizeof collector.names[0], compare_names);
    *out_names = (NameList){.names = collector.names, .count = collector.count};
    return OK;
}
