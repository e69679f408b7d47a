#include "sync/squeeze.h"

#include <assert.h>
#include <string.h>

#include <zstd.h>

#include "base/arena.h"

#define LEVEL 3

/* Every frame of zstd begins so, and so it need not travel. */
static const uint8_t magic[] = {0x28, 0xB5, 0x2F, 0xFD};

/* sync/entries.dict, between two symbols. */
extern const uint8_t asset_entries[];
extern const uint8_t asset_entries_end[];

struct Squeeze {
    Arena arena; /* of this struct itself */
    ZSTD_CCtx *in;
    ZSTD_DCtx *out;
    ZSTD_CDict *in_dict;
    ZSTD_DDict *out_dict;
};

ErrCode squeeze_open(Squeeze **out_squeeze, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Squeeze) + 64);
    Squeeze *squeeze = arena_new(&arena, Squeeze);
    assert(squeeze != NULL); /* the arena was made for it */
    *squeeze = (Squeeze){.arena = arena, .in = ZSTD_createCCtx(), .out = ZSTD_createDCtx()};
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    const size_t dict_size = (size_t)(asset_entries_end - asset_entries);
    squeeze->in_dict = ZSTD_createCDict(asset_entries, dict_size, LEVEL);
    squeeze->out_dict = ZSTD_createDDict(asset_entries, dict_size);
    if (squeeze->in == NULL || squeeze->out == NULL || squeeze->in_dict == NULL ||
        squeeze->out_dict == NULL) {
        squeeze_close(&squeeze);
        return err_set(err, ERR_LIMIT, "no memory to compress with");
    }
    *out_squeeze = squeeze;
    return OK;
}

void squeeze_close(Squeeze **squeeze)
{
    if (*squeeze == NULL) return;
    ZSTD_freeCDict((*squeeze)->in_dict);
    ZSTD_freeDDict((*squeeze)->out_dict);
    ZSTD_freeCCtx((*squeeze)->in);
    ZSTD_freeDCtx((*squeeze)->out);
    Arena arena = (*squeeze)->arena;
    arena_done(&arena);
    *squeeze = NULL;
}

/* That it is whole the message says itself. */
static ErrCode set_up(Squeeze *squeeze, bool with_dict, Err *err)
{
    size_t failed = ZSTD_CCtx_reset(squeeze->in, ZSTD_reset_session_and_parameters);
    const struct {
        ZSTD_cParameter parameter;
        int value;
    } settings[] = {{ZSTD_c_compressionLevel, LEVEL},
                    {ZSTD_c_contentSizeFlag, 1},
                    {ZSTD_c_checksumFlag, 0},
                    {ZSTD_c_dictIDFlag, 0}};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0] && ZSTD_isError(failed) == 0; i++)
        failed = ZSTD_CCtx_setParameter(squeeze->in, settings[i].parameter, settings[i].value);
    if (ZSTD_isError(failed) == 0 && with_dict)
        failed = ZSTD_CCtx_refCDict(squeeze->in, squeeze->in_dict);
    return ZSTD_isError(failed) == 0 ? OK : err_set(err, ERR_LIMIT, "no memory to compress with");
}

ErrCode squeeze_bytes(Squeeze *squeeze, Bytes bytes, Buf *out, SqueezeWay *out_way, Err *err)
{
    const size_t most = ZSTD_compressBound(bytes.size);
    uint8_t *room = buf_room(out, most);
    if (room == NULL) return buf_check(out, err);
    TRY(set_up(squeeze, true, err));
    const size_t size = ZSTD_compress2(squeeze->in, room, most, bytes.at, bytes.size);
    const bool is_smaller = ZSTD_isError(size) == 0 && size < bytes.size && size > sizeof magic;
    if (is_smaller) {
        assert(memcmp(room, magic, sizeof magic) == 0);
        memmove(room, room + sizeof magic, size - sizeof magic);
        buf_took(out, size - sizeof magic);
    } else {
        buf_add(out, bytes);
    }
    *out_way = is_smaller ? SQUEEZE_ZSTD_DICT : SQUEEZE_NOT;
    return buf_check(out, err);
}

ErrCode unsqueeze_bytes(Squeeze *squeeze, SqueezeWay way, Bytes bytes, size_t most, Buf *out,
                        Err *err)
{
    AUTO(buf_done) Buf frame = {0};
    if (way != SQUEEZE_ZSTD && way != SQUEEZE_ZSTD_DICT)
        return err_set(err, ERR_CORRUPT, "compressed in an unknown way");
    buf_init(&frame, bytes.size + sizeof magic);
    buf_add(&frame, (Bytes){magic, sizeof magic});
    buf_add(&frame, bytes);
    const unsigned long long size = ZSTD_getFrameContentSize(frame.at, frame.size);
    if (size > most) return err_set(err, ERR_CORRUPT, "what was compressed is damaged");
    uint8_t *room = buf_room(out, (size_t)size + 1);
    if (room == NULL) return buf_check(out, err);
    size_t got = ZSTD_DCtx_reset(squeeze->out, ZSTD_reset_session_and_parameters);
    if (ZSTD_isError(got) == 0 && way == SQUEEZE_ZSTD_DICT)
        got = ZSTD_DCtx_refDDict(squeeze->out, squeeze->out_dict);
    if (ZSTD_isError(got) == 0)
        got = ZSTD_decompressDCtx(squeeze->out, room, (size_t)size + 1, frame.at, frame.size);
    if (ZSTD_isError(got) != 0 || got != size)
        return err_set(err, ERR_CORRUPT, "what was compressed is damaged");
    buf_took(out, got);
    return OK;
}
