#pragma once
/*
 * pack — bytes pressed and sealed on their way into a file, and back: what a backup is made with.
 *
 * The file is one that `age -d | zstd -d` opens. Both ways go piece by piece, in bounded memory.
 *
 *   Owns     its buffers and a context of zstd, until pack_*_done().
 *   Threads  one writer or reader, one thread.
 *   Bounds   PACK_WINDOW_LOG: 2^n bytes are remembered for pressing
 *   Errors   those of seal/age.h; ERR_CORRUPT for what cannot be unpressed
 */
#include "seal/age.h"
#include "seal/hash.h"

#define PACK_LEVEL      6
#define PACK_WINDOW_LOG 23

typedef struct PackWriter {
    AgeWriter age;
    void *press;
    Buf pressed;
    Hash content; /* of what was added */
    uint64_t total;
} PackWriter;

MUST_USE ErrCode pack_begin(PackWriter *writer, const Host *host, const AgeTo *to, AgePut put,
                            void *context, Err *err);
MUST_USE ErrCode pack_add(PackWriter *writer, Bytes bytes, Err *err);
MUST_USE ErrCode pack_end(PackWriter *writer, Err *err);
void pack_writer_done(PackWriter *writer);

typedef struct PackReader {
    AgeReader age;
    void *press;
    Bytes sealed; /* opened and not yet unpressed */
    Buf plain;
    size_t at; /* in `plain` */
    bool has_more;
    bool is_over;
    Hash content; /* of what was read */
    uint64_t total;
} PackReader;

MUST_USE ErrCode pack_open(PackReader *reader, const AgeWith *with, AgeGet get, void *context,
                           Err *err);

/* Exactly `size` bytes; ERR_CORRUPT when there are not so many. */
MUST_USE ErrCode pack_read(PackReader *reader, uint8_t *out, size_t size, Err *err);

/* Has everything been read, and was it all there? */
MUST_USE ErrCode pack_check_end(PackReader *reader, Err *err);
void pack_reader_done(PackReader *reader);
