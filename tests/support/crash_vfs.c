#include "support/crash_vfs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "support/crash_disk.h"

#define NAME_MAX_BYTES 32

struct CrashVfs {
    sqlite3_vfs vfs;
    char name[NAME_MAX_BYTES];
    sqlite3_mutex *mutex; /* held around everything that touches the disk */
    CrashDisk disk;
};

typedef struct Handle {
    sqlite3_file file;
    CrashVfs *vfs;
    Inode *inode;
    uint64_t life;
    bool is_readonly;
    bool is_removed_on_close;
    int lock;
    unsigned shm_shared; /* masks of what this handle holds */
    unsigned shm_exclusive;
} Handle;

static void enter(const CrashVfs *vfs)
{
    sqlite3_mutex_enter(vfs->mutex);
}

static int leave(const CrashVfs *vfs, int result)
{
    sqlite3_mutex_leave(vfs->mutex);
    return result;
}

/* A handle of a machine that lost its power. */
static bool is_dead(const Handle *handle)
{
    const CrashDisk *disk = &handle->vfs->disk;
    return disk->is_off || handle->life != disk->life;
}

/* --------------------------------------------------------------------------------------- a file */

static Handle *handle_of(sqlite3_file *file)
{
    return (Handle *)file;
}

static void unlock_all(Handle *handle);

static int file_close(sqlite3_file *file)
{
    Handle *handle = handle_of(file);
    CrashDisk *disk = &handle->vfs->disk;
    enter(handle->vfs);
    unlock_all(handle);
    Inode *inode = handle->inode;
    inode->handle_count--;
    for (size_t i = 0; i < CRASH_FILES_MAX; i++)
        if (handle->is_removed_on_close && disk->inodes[i] == inode) disk->inodes[i] = NULL;
    inode_release(inode, disk_lists(disk, inode));
    handle->inode = NULL;
    return leave(handle->vfs, SQLITE_OK);
}

static int file_read(sqlite3_file *file, void *out, int size, sqlite3_int64 offset)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_READ);
    const Image *seen = &handle->inode->seen;
    const size_t from = (size_t)offset;
    const size_t wanted = (size_t)size;
    const size_t there = from >= seen->size ? 0 : seen->size - from;
    const size_t got = there < wanted ? there : wanted;
    if (got > 0) memcpy(out, seen->at + from, got);
    if (got < wanted) memset((uint8_t *)out + got, 0, wanted - got);
    return leave(handle->vfs, got < wanted ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
}

/* What SQLite is told of an operation that was counted. */
static int result_of(Outcome outcome, int io_error)
{
    if (outcome == NO_SPACE) return SQLITE_FULL;
    return outcome == FAILED ? io_error : SQLITE_OK;
}

/* The operation took effect in memory; the power may fail right after. */
static int after_effect(CrashVfs *vfs, int io_error)
{
    return disk_maybe_cut(&vfs->disk) ? io_error : SQLITE_OK;
}

static int file_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    Handle *handle = handle_of(file);
    CrashDisk *disk = &handle->vfs->disk;
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_WRITE);
    const Outcome outcome = disk_count(disk, handle->is_readonly);
    if (handle->inode->is_main) disk->counts.main_writes++;
    if (outcome != DONE) {
        /* What a failing write leaves behind is anyone's guess: here, a part of it. */
        const size_t part = (size_t)prng_below(&disk->prng, (uint64_t)size);
        inode_put(handle->inode, bytes, part, (size_t)offset);
        return leave(handle->vfs, result_of(outcome, SQLITE_IOERR_WRITE));
    }
    inode_put(handle->inode, bytes, (size_t)size, (size_t)offset);
    return leave(handle->vfs, after_effect(handle->vfs, SQLITE_IOERR_WRITE));
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_TRUNCATE);
    if (disk_count(&handle->vfs->disk, handle->is_readonly) == FAILED)
        return leave(handle->vfs, SQLITE_IOERR_TRUNCATE);
    inode_resize(handle->inode, (size_t)size);
    return leave(handle->vfs, after_effect(handle->vfs, SQLITE_IOERR_TRUNCATE));
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    Handle *handle = handle_of(file);
    CrashDisk *disk = &handle->vfs->disk;
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_FSYNC);
    if (disk->counts.failed_syncs > 0) disk->counts.sync_after_failure++;
    disk->counts.syncs++;
    if (disk_count(disk, handle->is_readonly) == FAILED) {
        /* As Linux does: what could not be written is forgotten, and the next sync says yes. */
        disk->counts.failed_syncs++;
        inode_forget_dirt(handle->inode);
        return leave(handle->vfs, SQLITE_IOERR_FSYNC);
    }
    if (disk->cut_in != 1 && !disk->is_lying) inode_make_durable(handle->inode);
    if (disk->cut_in != 1) disk_make_entry_durable(disk, handle->inode);
    return leave(handle->vfs, after_effect(handle->vfs, SQLITE_IOERR_FSYNC));
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out_size)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_FSTAT);
    *out_size = (sqlite3_int64)handle->inode->seen.size;
    return leave(handle->vfs, SQLITE_OK);
}

/* --------------------------------------------------------------------- locks and shared memory */

static int raise_lock(Handle *handle, int wanted)
{
    Inode *inode = handle->inode;
    const bool is_other_reserved = inode->reserved_by != NULL && inode->reserved_by != handle;
    const bool is_other_exclusive = inode->exclusive_by != NULL && inode->exclusive_by != handle;
    if (handle->lock == SQLITE_LOCK_NONE) {
        if (is_other_exclusive) return SQLITE_BUSY;
        inode->shared_count++;
        handle->lock = SQLITE_LOCK_SHARED;
    }
    if (wanted >= SQLITE_LOCK_RESERVED) {
        if (is_other_reserved) return SQLITE_BUSY;
        inode->reserved_by = handle;
        if (handle->lock < SQLITE_LOCK_RESERVED) handle->lock = SQLITE_LOCK_RESERVED;
    }
    if (wanted == SQLITE_LOCK_EXCLUSIVE) {
        if (is_other_exclusive || inode->shared_count > 1) return SQLITE_BUSY;
        inode->exclusive_by = handle;
        handle->lock = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int wanted)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_LOCK);
    if (handle->lock >= wanted) return leave(handle->vfs, SQLITE_OK);
    return leave(handle->vfs, raise_lock(handle, wanted));
}

static void lower_lock(Handle *handle, int wanted)
{
    Inode *inode = handle->inode;
    if (inode->exclusive_by == handle) inode->exclusive_by = NULL;
    if (inode->reserved_by == handle) inode->reserved_by = NULL;
    if (wanted == SQLITE_LOCK_NONE && handle->lock > SQLITE_LOCK_NONE) {
        assert(inode->shared_count > 0);
        inode->shared_count--;
    }
    if (handle->lock > wanted) handle->lock = wanted;
}

static int file_unlock(sqlite3_file *file, int wanted)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    lower_lock(handle, wanted);
    return leave(handle->vfs, SQLITE_OK);
}

static int file_is_reserved(sqlite3_file *file, int *out_is)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    *out_is = handle->inode->reserved_by != NULL;
    return leave(handle->vfs, SQLITE_OK);
}

static int shm_map(sqlite3_file *file, int region, int size, int is_extending,
                   void volatile **out_memory)
{
    Handle *handle = handle_of(file);
    Inode *inode = handle->inode;
    enter(handle->vfs);
    *out_memory = NULL;
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_SHMMAP);
    assert(region < CRASH_SHM_REGIONS);
    if (inode->regions[region] == NULL && is_extending)
        inode->regions[region] = must_have(calloc(1, (size_t)size));
    *out_memory = inode->regions[region];
    return leave(handle->vfs, SQLITE_OK);
}

static void shm_release(Handle *handle, int slot)
{
    Inode *inode = handle->inode;
    const unsigned bit = 1U << slot;
    if ((handle->shm_exclusive & bit) != 0) inode->shm_exclusive[slot] = NULL;
    if ((handle->shm_shared & bit) != 0) inode->shm_shared[slot]--;
    handle->shm_exclusive &= ~bit;
    handle->shm_shared &= ~bit;
}

static bool shm_is_free(const Handle *handle, int slot, bool is_exclusive)
{
    const Inode *inode = handle->inode;
    const bool has_shared = (handle->shm_shared & 1U << slot) != 0;
    if (inode->shm_exclusive[slot] != NULL && inode->shm_exclusive[slot] != handle) return false;
    return !is_exclusive || inode->shm_shared[slot] == (has_shared ? 1U : 0U);
}

static void shm_take(Handle *handle, int slot, bool is_exclusive)
{
    Inode *inode = handle->inode;
    const unsigned bit = 1U << slot;
    if (is_exclusive) {
        inode->shm_exclusive[slot] = handle;
        handle->shm_exclusive |= bit;
    } else if ((handle->shm_shared & bit) == 0) {
        inode->shm_shared[slot]++;
        handle->shm_shared |= bit;
    }
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        for (int slot = offset; slot < offset + count; slot++)
            shm_release(handle, slot);
        return leave(handle->vfs, SQLITE_OK);
    }
    if (is_dead(handle)) return leave(handle->vfs, SQLITE_IOERR_SHMLOCK);
    for (int slot = offset; slot < offset + count; slot++)
        if (!shm_is_free(handle, slot, is_exclusive)) return leave(handle->vfs, SQLITE_BUSY);
    for (int slot = offset; slot < offset + count; slot++)
        shm_take(handle, slot, is_exclusive);
    return leave(handle->vfs, SQLITE_OK);
}

static void shm_barrier(sqlite3_file *file)
{
    const Handle *handle = handle_of(file);
    enter(handle->vfs);
    (void)leave(handle->vfs, SQLITE_OK);
}

static int shm_unmap(sqlite3_file *file, int is_deleting)
{
    Handle *handle = handle_of(file);
    enter(handle->vfs);
    for (int slot = 0; slot < CRASH_SHM_LOCKS; slot++)
        shm_release(handle, slot);
    if (is_deleting) {
        for (int i = 0; i < CRASH_SHM_REGIONS; i++) {
            free(handle->inode->regions[i]);
            handle->inode->regions[i] = NULL;
        }
    }
    return leave(handle->vfs, SQLITE_OK);
}

static void unlock_all(Handle *handle)
{
    for (int slot = 0; slot < CRASH_SHM_LOCKS; slot++)
        shm_release(handle, slot);
    lower_lock(handle, SQLITE_LOCK_NONE);
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
    (void)file;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file)
{
    (void)file;
    return CRASH_SECTOR_SIZE;
}

static int file_traits(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as SQLite's own file system for Unix says */
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* -------------------------------------------------------------------------------- the directory */

static CrashVfs *owner_of(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *out_flags)
{
    CrashVfs *owner = owner_of(vfs);
    CrashDisk *disk = &owner->disk;
    Handle *handle = handle_of(file);
    enter(owner);
    *handle = (Handle){.vfs = owner, .life = disk->life};
    if (disk->is_off) return leave(owner, SQLITE_CANTOPEN);
    const size_t place = path == NULL ? CRASH_FILES_MAX : disk_place_of(disk, path);
    if (place < CRASH_FILES_MAX) {
        handle->inode = disk->inodes[place];
    } else {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return leave(owner, SQLITE_CANTOPEN);
        const Outcome outcome = disk_count(disk, false);
        if (outcome != DONE) return leave(owner, result_of(outcome, SQLITE_CANTOPEN));
        handle->inode = inode_new(disk, path == NULL ? "(temporary)" : path);
        handle->inode->is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    }
    handle->inode->handle_count++;
    handle->is_readonly = (flags & SQLITE_OPEN_READONLY) != 0;
    handle->is_removed_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle->file.pMethods = &methods;
    if (out_flags != NULL) *out_flags = flags;
    if (place == CRASH_FILES_MAX) (void)disk_maybe_cut(disk); /* what follows will notice */
    return leave(owner, SQLITE_OK);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
    CrashVfs *owner = owner_of(vfs);
    enter(owner);
    if (owner->disk.is_off) return leave(owner, SQLITE_IOERR_DELETE);
    const size_t place = disk_place_of(&owner->disk, path);
    if (place == CRASH_FILES_MAX) return leave(owner, SQLITE_IOERR_DELETE_NOENT);
    if (disk_count(&owner->disk, false) == FAILED) return leave(owner, SQLITE_IOERR_DELETE);
    disk_remove(&owner->disk, place, is_synced != 0);
    return leave(owner, after_effect(owner, SQLITE_IOERR_DELETE));
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out_is)
{
    (void)flags;
    CrashVfs *owner = owner_of(vfs);
    enter(owner);
    *out_is = disk_place_of(&owner->disk, path) < CRASH_FILES_MAX;
    return leave(owner, SQLITE_OK);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    CrashVfs *owner = owner_of(vfs);
    enter(owner);
    for (int i = 0; i < size; i++)
        out[i] = (char)(prng_next(&owner->disk.prng) & 0x7F);
    return leave(owner, size);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; /* nobody here is worth waiting for */
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out_ms)
{
    (void)vfs;
    *out_ms = INT64_C(212463000000000); /* some moment in 2020: nothing stored depends on it */
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out) /* NOLINT: SQLite's type */
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

CrashVfs *crash_vfs_install(uint64_t seed)
{
    CrashVfs *vfs = must_have(calloc(1, sizeof *vfs));
    if (sqlite3_initialize() != SQLITE_OK) abort();
    vfs->mutex = must_have(sqlite3_mutex_alloc(SQLITE_MUTEX_FAST));
    vfs->disk.prng.state = seed;
    snprintf(vfs->name, sizeof vfs->name, "crash-%p", (void *)vfs);
    vfs->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(Handle),
        .mxPathname = CRASH_PATH_MAX - 1,
        .zName = vfs->name,
        .pAppData = vfs,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xGetLastError = vfs_last_error,
        .xCurrentTimeInt64 = vfs_time,
    };
    if (sqlite3_vfs_register(&vfs->vfs, 0) != SQLITE_OK) abort();
    return vfs;
}

void crash_vfs_remove(CrashVfs **vfs)
{
    CrashVfs *removed = *vfs;
    if (removed == NULL) return;
    (void)sqlite3_vfs_unregister(&removed->vfs);
    disk_forget_files(&removed->disk);
    sqlite3_mutex_free(removed->mutex);
    free(removed);
    *vfs = NULL;
}

const char *crash_vfs_name(const CrashVfs *vfs)
{
    return vfs->name;
}

void crash_vfs_cut(CrashVfs *vfs)
{
    enter(vfs);
    if (!vfs->disk.is_off) disk_cut(&vfs->disk);
    (void)leave(vfs, SQLITE_OK);
}

void crash_vfs_cut_at(CrashVfs *vfs, uint64_t operation)
{
    enter(vfs);
    vfs->disk.cut_in = operation;
    (void)leave(vfs, SQLITE_OK);
}

bool crash_vfs_is_off(const CrashVfs *vfs)
{
    enter(vfs);
    const bool is_off = vfs->disk.is_off;
    (void)leave(vfs, SQLITE_OK);
    return is_off;
}

void crash_vfs_power_on(CrashVfs *vfs)
{
    enter(vfs);
    vfs->disk.is_off = false;
    (void)leave(vfs, SQLITE_OK);
}

void crash_vfs_fail_at(CrashVfs *vfs, uint64_t operation, CrashFault fault, bool is_lasting)
{
    enter(vfs);
    CrashDisk *disk = &vfs->disk;
    disk->fail_in = operation;
    disk->fault = fault;
    disk->is_lasting = is_lasting;
    disk->has_failed = false;
    disk->counts.failed_syncs = 0;
    disk->counts.sync_after_failure = 0;
    (void)leave(vfs, SQLITE_OK);
}

bool crash_vfs_has_failed(const CrashVfs *vfs)
{
    enter(vfs);
    const bool has_failed = vfs->disk.has_failed;
    (void)leave(vfs, SQLITE_OK);
    return has_failed;
}

void crash_vfs_lie(CrashVfs *vfs, bool is_lying)
{
    enter(vfs);
    vfs->disk.is_lying = is_lying;
    (void)leave(vfs, SQLITE_OK);
}

CrashCounts crash_vfs_counts(const CrashVfs *vfs)
{
    enter(vfs);
    const CrashCounts counts = vfs->disk.counts;
    (void)leave(vfs, SQLITE_OK);
    return counts;
}

void crash_vfs_copy(CrashVfs *to, const CrashVfs *from)
{
    disk_copy(&to->disk, &from->disk);
}

bool crash_vfs_flip(CrashVfs *vfs, const char *path, uint64_t bit)
{
    const size_t place = disk_place_of(&vfs->disk, path);
    if (place == CRASH_FILES_MAX || bit / 8 >= vfs->disk.inodes[place]->seen.size) return false;
    Inode *inode = vfs->disk.inodes[place];
    const uint8_t mask = (uint8_t)(1U << bit % 8);
    inode->seen.at[bit / 8] ^= mask;
    if (bit / 8 < inode->durable.size) inode->durable.at[bit / 8] ^= mask;
    return true;
}

uint64_t crash_vfs_size(const CrashVfs *vfs, const char *path)
{
    const size_t place = disk_place_of(&vfs->disk, path);
    return place == CRASH_FILES_MAX ? 0 : vfs->disk.inodes[place]->seen.size;
}

static bool image_holds(const Image *image, const void *bytes, size_t size)
{
    return image->size > 0 && memmem(image->at, image->size, bytes, size) != NULL;
}

bool crash_vfs_holds(const CrashVfs *vfs, const void *bytes, size_t size)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        const Inode *inode = vfs->disk.inodes[i];
        if (inode != NULL &&
            (image_holds(&inode->seen, bytes, size) || image_holds(&inode->durable, bytes, size)))
            return true;
    }
    return false;
}
