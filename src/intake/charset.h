#pragma once
/*
 * charset — finds out how a text file is encoded and turns it into UTF-8, piece by piece.
 *
 * A byte order mark decides. Without one, bytes that are UTF-8 throughout are UTF-8 (text in
 * GB18030 hardly ever is by accident), and everything else must be GB18030 throughout, which
 * includes GBK and GB2312.
 *
 *   Errors   ERR_INVALID  it is no text, or breaks off within a character: which line
 */
#include "base/text.h"

typedef enum Charset {
    CHARSET_UTF_8,
    CHARSET_GB18030,
    CHARSET_UTF_16_LE,
    CHARSET_UTF_16_BE,
} Charset;

/* Opens the table of GB18030, which the jail could not; NULL when the system has none. */
void *charset_prepare(void);
void charset_release(void *prepared);

/* Without the byte order mark, if there is one. */
MUST_USE ErrCode charset_detect(Bytes *bytes, Charset *out_charset, Err *err);

typedef ErrCode CharsetSink(void *context, Text text, Err *err);

/* Gives the text to `sink` in pieces of whole characters, and stops when `sink` fails. `bytes` are
 * those charset_detect() left. */
MUST_USE ErrCode charset_decode(void *prepared, Charset charset, Bytes bytes, Err *err,
                                CharsetSink *sink, void *context);
