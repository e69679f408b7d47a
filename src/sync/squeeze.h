#pragma once
/*
 * squeeze — makes bytes smaller and back again, with what all nodes know of how entries look.
 *
 * The dictionary is part of the program, made once from entries of the kinds that travel most. Its
 * number travels with what was compressed, so that a later one may stand beside it.
 *
 *   Owns     a context of zstd, until squeeze_close().
 *   Threads  one at a time.
 *   Errors   ERR_CORRUPT  not what was compressed, or by something unknown
 *            ERR_LIMIT    larger than was said
 */
#include "base/buf.h"

typedef struct Squeeze Squeeze;

typedef enum SqueezeWay {
    SQUEEZE_NOT = 0,
    SQUEEZE_ZSTD = 1,      /* without a dictionary */
    SQUEEZE_ZSTD_DICT = 2, /* with the first one */
} SqueezeWay;

MUST_USE ErrCode squeeze_open(Squeeze **out_squeeze, Err *err);
void squeeze_close(Squeeze **squeeze); /* leaves NULL; safe on NULL */

/* Appends the bytes in the smallest form, and says which. */
MUST_USE ErrCode squeeze_bytes(Squeeze *squeeze, Bytes bytes, Buf *out, SqueezeWay *out_way,
                               Err *err);

/* Appends what was compressed: at most so many bytes. */
MUST_USE ErrCode unsqueeze_bytes(Squeeze *squeeze, SqueezeWay way, Bytes bytes, size_t most,
                                 Buf *out, Err *err);
