#include "support/fake_host.h"

#include <assert.h>
#include <string.h>

#define FAKE_FILE_MAX ((size_t)1 << 20)
#define NO_NODE       SIZE_MAX
#define ROOT          0

static bool fails(FakeHost *fake)
{
    return fake->fault != NULL && fault_hits(fake->fault);
}

static ErrCode broken(const char *what, const char *path, Err *err)
{
    return err_set(err, ERR_IO, "cannot %s %s: the fake disk fails", what, path);
}

static FakeName *name_in(FakeNames *names, size_t directory, Text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->at[i].directory == directory && text_is(name, names->at[i].name))
            return &names->at[i];
    return NULL;
}

/* The directory and last name of a path. NO_NODE when the directory is not there. */
static size_t walk(FakeHost *fake, const char *path, Text *out_last)
{
    Text rest = text_from_z(path);
    size_t directory = ROOT;
    Text last = TEXT("");
    while (rest.size > 0) {
        const Text next = text_split(&rest, '/');
        if (next.size == 0 || text_is(next, ".")) continue;
        if (last.size > 0) {
            const FakeName *found = name_in(&fake->seen, directory, last);
            if (found == NULL || !fake->nodes[found->node].is_directory) return NO_NODE;
            directory = found->node;
        }
        last = next;
    }
    *out_last = last;
    return directory;
}

static size_t node_at(FakeHost *fake, const char *path)
{
    Text last;
    const size_t directory = walk(fake, path, &last);
    if (directory == NO_NODE || last.size == 0) return directory;
    const FakeName *found = name_in(&fake->seen, directory, last);
    return found == NULL ? NO_NODE : found->node;
}

static void names_remove(FakeNames *names, const FakeName *name)
{
    const size_t at = (size_t)(name - names->at);
    names->count--;
    memmove(&names->at[at], &names->at[at + 1], (names->count - at) * sizeof names->at[0]);
}

static void names_add(FakeNames *names, size_t directory, Text name, size_t node)
{
    assert(names->count < FAKE_NODE_MAX);
    assert(name.size < FAKE_NAME_MAX);
    FakeName *added = &names->at[names->count++];
    *added = (FakeName){.directory = directory, .node = node};
    memcpy(added->name, name.at, name.size);
}

static size_t node_new(FakeHost *fake, unsigned mode, bool is_directory)
{
    assert(fake->node_count < FAKE_NODE_MAX);
    FakeNode *node = &fake->nodes[fake->node_count];
    *node = (FakeNode){.mode = mode, .is_directory = is_directory};
    buf_init(&node->bytes, FAKE_FILE_MAX);
    buf_init(&node->synced, FAKE_FILE_MAX);
    return fake->node_count++;
}

static ErrCode missing(const char *what, const char *path, Err *err)
{
    return err_set(err, ERR_NOT_FOUND, "cannot %s %s: it is not there", what, path);
}

static uint64_t fake_now_ms(void *context)
{
    return ((FakeHost *)context)->now_ms;
}

static uint64_t fake_monotonic_ms(void *context)
{
    return ((FakeHost *)context)->monotonic_ms;
}

static void fake_random_bytes(void *context, uint8_t *out, size_t size)
{
    FakeHost *fake = context;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)prng_next(&fake->prng);
}

static ErrCode fake_file_read(void *context, const char *path, size_t size_max, Buf *out, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("read", path, err);
    const size_t at = node_at(fake, path);
    if (at == NO_NODE || fake->nodes[at].is_directory) return missing("read", path, err);
    const Bytes bytes = buf_as_bytes(&fake->nodes[at].bytes);
    if (bytes.size > size_max)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, size_max);
    buf_add(out, bytes);
    return buf_check(out, err);
}

static ErrCode fake_file_facts(void *context, const char *path, FileFacts *out_facts, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("look at", path, err);
    const size_t at = node_at(fake, path);
    if (at == NO_NODE) return missing("look at", path, err);
    const FakeNode *node = &fake->nodes[at];
    *out_facts = (FileFacts){.size = node->bytes.size,
                             .mode = node->mode,
                             .is_directory = node->is_directory,
                             .is_ours = !node->is_foreign};
    return OK;
}

static ErrCode fake_file_put(void *context, const char *path, Bytes bytes, FileMode mode, Err *err)
{
    FakeHost *fake = context;
    const bool is_cut = fails(fake); /* a write that fails may leave a part behind */
    Text last;
    const size_t directory = walk(fake, path, &last);
    if (directory == NO_NODE || last.size == 0) return missing("create", path, err);
    const FakeName *old = name_in(&fake->seen, directory, last);
    if (old != NULL) names_remove(&fake->seen, old);
    const size_t at = node_new(fake, (unsigned)mode, false);
    names_add(&fake->seen, directory, last, at);
    if (is_cut) bytes.size = (size_t)prng_below(&fake->prng, bytes.size + 1);
    buf_add(&fake->nodes[at].bytes, bytes);
    return is_cut ? broken("write", path, err) : OK;
}

static ErrCode fake_file_sync(void *context, const char *path, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("sync", path, err);
    const size_t at = node_at(fake, path);
    if (at == NO_NODE) return missing("sync", path, err);
    FakeNode *node = &fake->nodes[at];
    buf_clear(&node->synced);
    buf_add(&node->synced, buf_as_bytes(&node->bytes));
    node->is_synced = true;
    return OK;
}

static ErrCode fake_file_append(void *context, const char *path, Bytes bytes, Err *err)
{
    FakeHost *fake = context;
    if (node_at(fake, path) == NO_NODE) return fake_file_put(fake, path, bytes, FILE_PRIVATE, err);
    const bool is_cut = fails(fake);
    if (is_cut) bytes.size = (size_t)prng_below(&fake->prng, bytes.size + 1);
    buf_add(&fake->nodes[node_at(fake, path)].bytes, bytes);
    return is_cut ? broken("write", path, err) : OK;
}

static ErrCode fake_file_read_at(void *context, const char *path, uint64_t offset, uint8_t *out,
                                 size_t most, size_t *out_size, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("read", path, err);
    const size_t at = node_at(fake, path);
    if (at == NO_NODE || fake->nodes[at].is_directory) return missing("read", path, err);
    const Buf *bytes = &fake->nodes[at].bytes;
    const size_t from = offset < bytes->size ? (size_t)offset : bytes->size;
    const size_t left = bytes->size - from;
    *out_size = left < most ? left : most;
    if (*out_size > 0) memcpy(out, bytes->at + from, *out_size);
    return OK;
}

/* What is read after it is what a disk that lies has really kept. */
static ErrCode fake_file_forget(void *context, const char *path, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("open", path, err);
    const size_t at = node_at(fake, path);
    if (at == NO_NODE) return missing("open", path, err);
    if (!fake->is_lying || fake->nodes[at].bytes.size == 0) return OK;
    fake->nodes[at].bytes.at[fake->nodes[at].bytes.size / 2] ^= 1;
    return OK;
}

static ErrCode fake_file_rename(void *context, const char *from, const char *to, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("rename to", to, err);
    Text last;
    const size_t source = walk(fake, from, &last);
    const FakeName *old = source == NO_NODE ? NULL : name_in(&fake->seen, source, last);
    if (old == NULL) return missing("rename", from, err);
    const size_t node = old->node;
    names_remove(&fake->seen, old);

    const size_t target = walk(fake, to, &last);
    assert(target != NO_NODE);
    const FakeName *replaced = name_in(&fake->seen, target, last);
    if (replaced != NULL) names_remove(&fake->seen, replaced);
    names_add(&fake->seen, target, last, node);
    return OK;
}

static ErrCode fake_file_remove(void *context, const char *path, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("remove", path, err);
    Text last;
    const size_t directory = walk(fake, path, &last);
    const FakeName *old = directory == NO_NODE ? NULL : name_in(&fake->seen, directory, last);
    if (old == NULL) return missing("remove", path, err);
    names_remove(&fake->seen, old);
    return OK;
}

static ErrCode fake_dir_make(void *context, const char *path, FileMode mode, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("make directory", path, err);
    Text last;
    const size_t directory = walk(fake, path, &last);
    if (directory == NO_NODE) return missing("make directory", path, err);
    if (last.size == 0 || name_in(&fake->seen, directory, last) != NULL)
        return err_set(err, ERR_CONFLICT, "%s is there already", path);
    names_add(&fake->seen, directory, last, node_new(fake, (unsigned)mode, true));
    return OK;
}

static ErrCode fake_dir_list(void *context, const char *path, DirVisit visit, void *visitor,
                             Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("list", path, err);
    const size_t directory = node_at(fake, path);
    if (directory == NO_NODE) return missing("list", path, err);
    for (size_t i = fake->seen.count; i-- > 0;) /* not the order they were made in */
        if (fake->seen.at[i].directory == directory) visit(visitor, fake->seen.at[i].name);
    return OK;
}

static void make_names_durable(FakeHost *fake, size_t directory)
{
    for (size_t i = fake->durable.count; i-- > 0;)
        if (fake->durable.at[i].directory == directory)
            names_remove(&fake->durable, &fake->durable.at[i]);
    for (size_t i = 0; i < fake->seen.count; i++) {
        const FakeName *name = &fake->seen.at[i];
        if (name->directory == directory)
            names_add(&fake->durable, directory, text_from_z(name->name), name->node);
    }
}

static ErrCode fake_dir_sync(void *context, const char *path, Err *err)
{
    FakeHost *fake = context;
    if (fails(fake)) return broken("sync", path, err);
    const size_t directory = node_at(fake, path);
    if (directory == NO_NODE) return missing("sync", path, err);
    make_names_durable(fake, directory);
    return OK;
}

void fake_host_init(FakeHost *fake, uint64_t seed)
{
    *fake = (FakeHost){.now_ms = UINT64_C(1795305600000), /* 22 November 2026 */
                       .monotonic_ms = 1000,
                       .prng = {.state = seed},
                       .host = {.context = fake,
                                .now_ms = fake_now_ms,
                                .monotonic_ms = fake_monotonic_ms,
                                .random_bytes = fake_random_bytes,
                                .file_read = fake_file_read,
                                .file_facts = fake_file_facts,
                                .file_put = fake_file_put,
                                .file_sync = fake_file_sync,
                                .file_append = fake_file_append,
                                .file_read_at = fake_file_read_at,
                                .file_forget = fake_file_forget,
                                .file_rename = fake_file_rename,
                                .file_remove = fake_file_remove,
                                .dir_make = fake_dir_make,
                                .dir_list = fake_dir_list,
                                .dir_sync = fake_dir_sync}};
    const size_t root = node_new(fake, DIR_OPEN_TO_ALL, true);
    assert(root == ROOT);
}

void fake_host_done(FakeHost *fake)
{
    for (size_t i = 0; i < fake->node_count; i++) {
        buf_done(&fake->nodes[i].bytes);
        buf_done(&fake->nodes[i].synced);
    }
    fake->node_count = 0;
}

void fake_host_pass(FakeHost *fake, uint64_t ms)
{
    fake->now_ms += ms;
    fake->monotonic_ms += ms;
}

/* What was never synced may be there in part, as far as the disk had got by itself. */
static void forget(FakeHost *fake, FakeNode *node)
{
    if (node->is_synced) {
        buf_clear(&node->bytes);
        buf_add(&node->bytes, buf_as_bytes(&node->synced));
        return;
    }
    node->bytes.size = (size_t)prng_below(&fake->prng, node->bytes.size + 1);
}

void fake_host_crash(FakeHost *fake)
{
    for (size_t i = 0; i < fake->node_count; i++)
        if (fake->nodes[i].is_directory && prng_below(&fake->prng, 2) == 0)
            make_names_durable(fake, i); /* the disk may have got to it by itself */
    fake->seen = fake->durable;
    for (size_t i = 0; i < fake->node_count; i++)
        forget(fake, &fake->nodes[i]);
}

void fake_host_change(FakeHost *fake, const char *path, unsigned mode, bool is_foreign)
{
    const size_t at = node_at(fake, path);
    assert(at != NO_NODE);
    fake->nodes[at].mode = mode;
    fake->nodes[at].is_foreign = is_foreign;
}
