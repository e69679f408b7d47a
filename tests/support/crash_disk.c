#include "support/crash_disk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must_have(void *memory)
{
    if (memory == NULL) abort();
    return memory;
}

static void image_make_room(Image *image, size_t size)
{
    if (size <= image->room) return;
    image->room = size + size / 2 + 4096;
    image->at = must_have(realloc(image->at, image->room));
}

static void image_resize(Image *image, size_t size)
{
    image_make_room(image, size);
    if (size > image->size) memset(image->at + image->size, 0, size - image->size);
    image->size = size;
}

static void image_copy(Image *to, const Image *from)
{
    image_make_room(to, from->size);
    to->size = from->size;
    if (from->size > 0) memcpy(to->at, from->at, from->size);
}

static void mark_dirty(Inode *inode, size_t offset, size_t size)
{
    const size_t needed = (offset + size + CRASH_SECTOR_SIZE - 1) / CRASH_SECTOR_SIZE;
    if (needed > inode->dirty_room) {
        const size_t room = needed * 2;
        inode->is_dirty = must_have(realloc(inode->is_dirty, room));
        memset(inode->is_dirty + inode->dirty_room, 0, room - inode->dirty_room);
        inode->dirty_room = room;
    }
    for (size_t sector = offset / CRASH_SECTOR_SIZE; sector < needed; sector++)
        inode->is_dirty[sector] = 1;
}

static void inode_free(Inode *inode)
{
    for (int i = 0; i < CRASH_SHM_REGIONS; i++)
        free(inode->regions[i]);
    free(inode->seen.at);
    free(inode->durable.at);
    free(inode->is_dirty);
    free(inode);
}

void inode_release(Inode *inode, bool is_listed)
{
    if (inode->handle_count == 0 && !is_listed) inode_free(inode);
}

size_t disk_place_of(const CrashDisk *disk, const char *path)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++)
        if (disk->inodes[i] != NULL && !disk->inodes[i]->is_ghost &&
            strcmp(disk->inodes[i]->path, path) == 0)
            return i;
    return CRASH_FILES_MAX;
}

bool disk_lists(const CrashDisk *disk, const Inode *inode)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++)
        if (disk->inodes[i] == inode) return true;
    return false;
}

Inode *inode_new(CrashDisk *disk, const char *path)
{
    assert(strlen(path) < CRASH_PATH_MAX);
    Inode *inode = must_have(calloc(1, sizeof *inode));
    snprintf(inode->path, sizeof inode->path, "%s", path);
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        if (disk->inodes[i] != NULL) continue;
        disk->inodes[i] = inode;
        return inode;
    }
    abort(); /* more files than a database has */
}

/* What a sector holds when the power comes back: the new bytes, the old ones, or garbage. */
static void settle_sector(CrashDisk *disk, const Inode *inode, Image *after, size_t sector)
{
    const size_t from = sector * CRASH_SECTOR_SIZE;
    if (from >= after->size) return;
    const size_t size =
        after->size - from < CRASH_SECTOR_SIZE ? after->size - from : CRASH_SECTOR_SIZE;
    const uint64_t chance = prng_below(&disk->prng, 100);
    if (chance < 40) return; /* lost: `after` holds the old bytes */
    for (size_t i = from; i < from + size; i++) {
        const uint8_t old = i < inode->durable.size ? inode->durable.at[i] : 0;
        const uint8_t new = i < inode->seen.size ? inode->seen.at[i] : 0;
        const bool is_torn = chance >= 85 && old != new;
        after->at[i] = is_torn ? (uint8_t)prng_next(&disk->prng) : new;
    }
}

/* The file as it is found after the cut. */
static void settle_file(CrashDisk *disk, const Inode *inode, Image *after)
{
    image_copy(after, &inode->durable);
    if (prng_below(&disk->prng, 2) == 0) image_resize(after, inode->seen.size);
    for (size_t sector = 0; sector < inode->dirty_room; sector++)
        if (inode->is_dirty[sector]) settle_sector(disk, inode, after, sector);
}

static void drop_ghosts(CrashDisk *disk, const char *path)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        Inode *inode = disk->inodes[i];
        if (inode == NULL || !inode->is_ghost || strcmp(inode->path, path) != 0) continue;
        disk->inodes[i] = NULL;
        inode_release(inode, false);
    }
}

/* One file of the life that ends becomes one of the next, or is gone. */
static void settle_entry(CrashDisk *disk, size_t place)
{
    Inode *old = disk->inodes[place];
    disk->inodes[place] = NULL;
    const bool is_sure = old->is_entry_durable && !old->is_ghost;
    const bool is_taken = old->is_ghost && disk_place_of(disk, old->path) < CRASH_FILES_MAX;
    if (is_sure || (!is_taken && prng_below(&disk->prng, 2) == 0)) {
        Inode *successor = inode_new(disk, old->path); /* at `place` or before it */
        settle_file(disk, old, &successor->seen);
        image_copy(&successor->durable, &successor->seen);
        successor->is_entry_durable = true;
        successor->is_main = old->is_main;
    }
    inode_release(old, false);
}

void disk_cut(CrashDisk *disk)
{
    disk->is_off = true;
    disk->life++;
    disk->cut_in = 0;
    for (size_t i = 0; i < CRASH_FILES_MAX; i++)
        if (disk->inodes[i] != NULL && !disk->inodes[i]->is_ghost) settle_entry(disk, i);
    for (size_t i = 0; i < CRASH_FILES_MAX; i++)
        if (disk->inodes[i] != NULL && disk->inodes[i]->is_ghost) settle_entry(disk, i);
}

Outcome disk_count(CrashDisk *disk, bool is_readonly)
{
    disk->counts.operations++;
    if (is_readonly) disk->counts.reader_operations++;
    if (disk->fail_in == 0 || --disk->fail_in > 0) return DONE;
    if (disk->is_lasting) disk->fail_in = 1;
    disk->has_failed = true;
    return disk->fault == CRASH_FULL ? NO_SPACE : FAILED;
}

bool disk_maybe_cut(CrashDisk *disk)
{
    if (disk->cut_in == 0 || --disk->cut_in > 0) return false;
    disk_cut(disk);
    return true;
}

void inode_put(Inode *inode, const void *bytes, size_t size, size_t offset)
{
    if (offset + size > inode->seen.size) image_resize(&inode->seen, offset + size);
    if (size > 0) memcpy(inode->seen.at + offset, bytes, size);
    mark_dirty(inode, offset, size);
}

void inode_resize(Inode *inode, size_t size)
{
    /* What is cut off counts as written: should the file grow again, it is zero there. */
    if (size < inode->seen.size) mark_dirty(inode, size, inode->seen.size - size);
    image_resize(&inode->seen, size);
}

void inode_forget_dirt(Inode *inode)
{
    if (inode->dirty_room > 0) memset(inode->is_dirty, 0, inode->dirty_room);
}

void inode_make_durable(Inode *inode)
{
    image_resize(&inode->durable, inode->seen.size);
    for (size_t sector = 0; sector < inode->dirty_room; sector++) {
        const size_t from = sector * CRASH_SECTOR_SIZE;
        if (!inode->is_dirty[sector] || from >= inode->seen.size) continue;
        const size_t left = inode->seen.size - from;
        memcpy(inode->durable.at + from, inode->seen.at + from,
               left < CRASH_SECTOR_SIZE ? left : CRASH_SECTOR_SIZE);
    }
    inode_forget_dirt(inode);
}

/* SQLite's own file system syncs the directory with the first sync of a file it has made. */
void disk_make_entry_durable(CrashDisk *disk, Inode *inode)
{
    inode->is_entry_durable = true;
    drop_ghosts(disk, inode->path);
}

void disk_forget_files(CrashDisk *disk)
{
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        if (disk->inodes[i] == NULL) continue;
        assert(disk->inodes[i]->handle_count == 0); /* a store is still open */
        inode_free(disk->inodes[i]);
        disk->inodes[i] = NULL;
    }
}

void disk_remove(CrashDisk *disk, size_t place, bool is_synced)
{
    Inode *inode = disk->inodes[place];
    if (!is_synced && inode->is_entry_durable) {
        drop_ghosts(disk, inode->path);
        inode->is_ghost = true;
        return;
    }
    disk->inodes[place] = NULL;
    inode_release(inode, false);
}

void disk_copy(CrashDisk *to, const CrashDisk *from)
{
    disk_forget_files(to);
    for (size_t i = 0; i < CRASH_FILES_MAX; i++) {
        const Inode *source = from->inodes[i];
        if (source == NULL || source->is_ghost || !source->is_entry_durable) continue;
        Inode *copy = inode_new(to, source->path);
        image_copy(&copy->seen, &source->durable);
        image_copy(&copy->durable, &source->durable);
        copy->is_entry_durable = true;
        copy->is_main = source->is_main;
    }
}
