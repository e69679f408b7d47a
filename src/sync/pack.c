#include "sync/pack.h"

#include <assert.h>
#include <string.h>

#include <zstd.h>

#define STEP ((size_t)128 * 1024)

/* ---- Writing ---- */

ErrCode pack_begin(PackWriter *writer, const Host *host, const AgeTo *to, AgePut put, void *context,
                   Err *err)
{
    *writer = (PackWriter){.total = 0};
    hash_init(&writer->content);
    buf_init(&writer->pressed, STEP);
    ZSTD_CCtx *press = ZSTD_createCCtx();
    writer->press = press;
    if (press == NULL ||
        ZSTD_isError(ZSTD_CCtx_setParameter(press, ZSTD_c_compressionLevel, PACK_LEVEL)) != 0 ||
        ZSTD_isError(ZSTD_CCtx_setParameter(press, ZSTD_c_windowLog, PACK_WINDOW_LOG)) != 0)
        return err_set(err, ERR_LIMIT, "no memory to press a backup");
    return age_begin(&writer->age, host, to, put, context, err);
}

/* *out_left is 0 when everything that was asked for is out. */
static ErrCode press(PackWriter *writer, ZSTD_inBuffer *in, ZSTD_EndDirective how, size_t *out_left,
                     Err *err)
{
    buf_clear(&writer->pressed);
    uint8_t *room = buf_room(&writer->pressed, STEP);
    if (room == NULL) return err_set(err, ERR_LIMIT, "no memory to press a backup");
    ZSTD_outBuffer out = {room, STEP, 0};
    *out_left = ZSTD_compressStream2(writer->press, &out, in, how);
    if (ZSTD_isError(*out_left) != 0)
        return err_set(err, ERR_LIMIT, "a backup cannot be pressed: %s",
                       ZSTD_getErrorName(*out_left));
    buf_took(&writer->pressed, out.pos);
    return age_add(&writer->age, buf_as_bytes(&writer->pressed), err);
}

ErrCode pack_add(PackWriter *writer, Bytes bytes, Err *err)
{
    ZSTD_inBuffer in = {bytes.at, bytes.size, 0};
    hash_add(&writer->content, bytes);
    writer->total += bytes.size;
    while (in.pos < in.size) {
        size_t left = 0;
        TRY(press(writer, &in, ZSTD_e_continue, &left, err));
    }
    return OK;
}

ErrCode pack_end(PackWriter *writer, Err *err)
{
    ZSTD_inBuffer nothing = {"", 0, 0};
    size_t left = 1;
    while (left > 0)
        TRY(press(writer, &nothing, ZSTD_e_end, &left, err));
    return age_end(&writer->age, err);
}

void pack_writer_done(PackWriter *writer)
{
    (void)ZSTD_freeCCtx(writer->press); /* nothing can be wrong with giving it back */
    writer->press = NULL;
    buf_done(&writer->pressed);
    age_writer_done(&writer->age);
}

/* ---- Reading ---- */

ErrCode pack_open(PackReader *reader, const AgeWith *with, AgeGet get, void *context, Err *err)
{
    *reader = (PackReader){.at = 0};
    hash_init(&reader->content);
    buf_init(&reader->plain, STEP);
    ZSTD_DCtx *press = ZSTD_createDCtx();
    reader->press = press;
    if (press == NULL ||
        ZSTD_isError(ZSTD_DCtx_setParameter(press, ZSTD_d_windowLogMax, PACK_WINDOW_LOG)) != 0)
        return err_set(err, ERR_LIMIT, "no memory to read a backup");
    return age_open(&reader->age, with, get, context, err);
}

static ErrCode unpress(PackReader *reader, Err *err)
{
    ZSTD_inBuffer in = {reader->sealed.at, reader->sealed.size, 0};
    uint8_t *room = buf_room(&reader->plain, STEP);
    if (room == NULL) return err_set(err, ERR_LIMIT, "no memory to read a backup");
    ZSTD_outBuffer out = {room, STEP, 0};
    const size_t left = ZSTD_decompressStream(reader->press, &out, &in);
    if (ZSTD_isError(left) != 0)
        return err_set(err, ERR_CORRUPT, "this is no backup: it cannot be unpressed (%s)",
                       ZSTD_getErrorName(left));
    buf_took(&reader->plain, out.pos);
    reader->has_more = out.pos == out.size;
    reader->sealed = (Bytes){reader->sealed.at + in.pos, reader->sealed.size - in.pos};
    return OK;
}

/* Something to read in `plain`, or the end. */
static ErrCode more(PackReader *reader, Err *err)
{
    buf_clear(&reader->plain);
    reader->at = 0;
    while (reader->plain.size == 0 && !reader->is_over) {
        bool found = true;
        if (reader->sealed.size == 0 && !reader->has_more)
            TRY(age_next(&reader->age, &reader->sealed, &found, err));
        if (found)
            TRY(unpress(reader, err));
        else
            reader->is_over = true;
    }
    return OK;
}

ErrCode pack_read(PackReader *reader, uint8_t *out, size_t size, Err *err)
{
    size_t done = 0;
    while (done < size) {
        if (reader->at == reader->plain.size) TRY(more(reader, err));
        if (reader->is_over) return err_set(err, ERR_CORRUPT, "this backup ends too early");
        const size_t left = reader->plain.size - reader->at;
        const size_t part = left < size - done ? left : size - done;
        memcpy(out + done, reader->plain.at + reader->at, part);
        reader->at += part;
        done += part;
    }
    hash_add(&reader->content, (Bytes){out, size});
    reader->total += size;
    return OK;
}

ErrCode pack_check_end(PackReader *reader, Err *err)
{
    if (reader->at == reader->plain.size) TRY(more(reader, err));
    if (reader->is_over) return OK;
    return err_set(err, ERR_CORRUPT, "something follows the end of this backup");
}

void pack_reader_done(PackReader *reader)
{
    (void)ZSTD_freeDCtx(reader->press); /* nothing can be wrong with giving it back */
    reader->press = NULL;
    buf_done(&reader->plain);
    age_reader_done(&reader->age);
}
