#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ArenaChunk {
    ArenaChunk *older;
    size_t used_bytes;
    size_t size_bytes;
    alignas(max_align_t) unsigned char bytes[];
};

#ifdef ARENA_SEPARATE
enum { CHUNK_BYTES_MIN = 1, CHUNK_BYTES_MAX = 1, PIECE_STEP = 1 };
#else
enum {
    CHUNK_BYTES_MIN = 4 * 1024,
    CHUNK_BYTES_MAX = 1024 * 1024,
    PIECE_STEP = alignof(max_align_t)
};
#endif

static size_t round_up(size_t size)
{
    return (size + PIECE_STEP - 1) / PIECE_STEP * PIECE_STEP;
}

static ArenaChunk *chunk_new(size_t size_bytes, ArenaChunk *older)
{
    ArenaChunk *chunk = calloc(1, sizeof *chunk + size_bytes);
    if (chunk == NULL) {
        fprintf(stderr, "out of memory: %zu bytes\n", size_bytes);
        abort();
    }
    chunk->older = older;
    chunk->size_bytes = size_bytes;
    return chunk;
}

void arena_init(Arena *arena, size_t limit_bytes)
{
    assert(arena != NULL);
    assert(limit_bytes > 0);
    *arena = (Arena){.limit_bytes = limit_bytes};
}

void arena_done(Arena *arena)
{
    assert(arena != NULL);
    ArenaChunk *chunk = arena->newest;
    while (chunk != NULL) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    *arena = (Arena){0};
}

void arena_reset(Arena *arena)
{
    assert(arena != NULL);
    ArenaChunk *kept = arena->newest;
    Arena old = {.newest = kept == NULL ? NULL : kept->older};
    const size_t limit_bytes = arena->limit_bytes;
    arena_done(&old);
    arena_init(arena, limit_bytes);
    if (kept == NULL) return;
    if (kept->size_bytes > CHUNK_BYTES_MAX) { /* made for one large piece */
        free(kept);
        return;
    }
    memset(kept->bytes, 0, kept->used_bytes);
    kept->older = NULL;
    kept->used_bytes = 0;
    arena->newest = kept;
}

void *arena_alloc(Arena *arena, size_t count, size_t item_size)
{
    assert(arena != NULL);
    assert(item_size > 0);
    assert(arena->used_bytes <= arena->limit_bytes);

    if (count == 0) count = 1; /* an empty array still has an address */
    const size_t left = arena->limit_bytes - arena->used_bytes;
    if (count > left / item_size) return NULL;
    const size_t size = round_up(count * item_size);
    if (size > left) return NULL;

    ArenaChunk *chunk = arena->newest;
    if (chunk == NULL || size > chunk->size_bytes - chunk->used_bytes) {
        /* Chunks double, so that a large piece of work does not hold thousands of small ones. */
        size_t room = chunk == NULL ? CHUNK_BYTES_MIN : chunk->size_bytes * 2;
        if (room > CHUNK_BYTES_MAX) room = CHUNK_BYTES_MAX;
        chunk = chunk_new(size > room ? size : room, chunk);
        arena->newest = chunk;
    }
    void *piece = chunk->bytes + chunk->used_bytes;
    chunk->used_bytes += size;
    arena->used_bytes += size;
    return piece;
}
