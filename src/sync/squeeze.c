#include "sync/squeeze.h"

#include <assert.h>

#include <zstd.h>

#include "base/arena.h"

#define LEVEL 1

struct Squeeze {
    Arena arena; /* of this struct itself */
    ZSTD_CCtx *in;
    ZSTD_DCtx *out;
};

ErrCode squeeze_open(Squeeze **out_squeeze, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Squeeze) + 64);
    Squeeze *squeeze = arena_new(&arena, Squeeze);
    assert(squeeze != NULL); /* the arena was made for it */
    *squeeze = (Squeeze){.arena = arena, .in = ZSTD_createCCtx(), .out = ZSTD_createDCtx()};
    if (squeeze->in == NULL || squeeze->out == NULL) {
        squeeze_close(&squeeze);
        return err_set(err, ERR_LIMIT, "no memory to compress with");
    }
    *out_squeeze = squeeze;
    return OK;
}

void squeeze_close(Squeeze **squeeze)
{
    if (*squeeze == NULL) return;
    ZSTD_freeCCtx((*squeeze)->in);
    ZSTD_freeDCtx((*squeeze)->out);
    Arena arena = (*squeeze)->arena;
    arena_done(&arena);
    *squeeze = NULL;
}

ErrCode squeeze_bytes(Squeeze *squeeze, Bytes bytes, Buf *out, SqueezeWay *out_way, Err *err)
{
    const size_t most = ZSTD_compressBound(bytes.size);
    uint8_t *room = buf_room(out, most);
    if (room == NULL) return buf_check(out, err);
    const size_t size = ZSTD_compressCCtx(squeeze->in, room, most, bytes.at, bytes.size, LEVEL);
    if (ZSTD_isError(size) != 0 || size >= bytes.size) {
        buf_add(out, bytes);
        *out_way = SQUEEZE_NOT;
    } else {
        buf_took(out, size);
        *out_way = SQUEEZE_ZSTD;
    }
    return buf_check(out, err);
}

ErrCode unsqueeze_bytes(Squeeze *squeeze, SqueezeWay way, Bytes bytes, size_t size, Buf *out,
                        Err *err)
{
    if (way != SQUEEZE_ZSTD) return err_set(err, ERR_CORRUPT, "compressed in an unknown way");
    uint8_t *room = buf_room(out, size);
    if (room == NULL) return buf_check(out, err);
    const size_t got = ZSTD_decompressDCtx(squeeze->out, room, size, bytes.at, bytes.size);
    if (ZSTD_isError(got) != 0 || got != size)
        return err_set(err, ERR_CORRUPT, "what was compressed is damaged");
    buf_took(out, size);
    return OK;
}
