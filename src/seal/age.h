#pragma once
/*
 * age — files sealed to readers' keys or to a passphrase, in the format of the `age` program.
 *
 * What is written here the stock program opens (`age -d`), and the other way round. Sealing and
 * opening go piece by piece: a file of any size takes the memory of one chunk. A file that was cut
 * is opened up to its last whole chunk; what is handed out was proven before.
 *
 * A file may say in the clear for whom it is (AgeTo.label): one stanza that every reader of the
 * format passes over, so that who carries it can ask.
 *
 *   Invariants  (1) no byte is handed out that the key does not prove;
 *               (2) the end is proven too: a file that ends early is ERR_CORRUPT, never an end
 *   Owns        a writer and a reader their buffers and the key of the file, until *_done().
 *   Threads     one writer or reader, one thread. A passphrase takes a second of a core.
 *   Bounds      AGE_HEADER_MAX, AGE_STANZAS_MAX; AGE_WORK_MAX for a passphrase's cost
 *   Errors      ERR_INVALID  not such a file, or of another version
 *               ERR_CORRUPT  damaged, changed or cut
 *               ERR_DENIED   sealed to somebody else
 *               ERR_LIMIT    a header or a passphrase's cost beyond the bounds
 *   Source      age-encryption.org/v1 (C2SP age specification)
 */
#include "seal/reader.h"

#define AGE_HEADER_MAX  ((size_t)64 * 1024)
#define AGE_STANZAS_MAX 64
#define AGE_CHUNK       ((size_t)64 * 1024)
#define AGE_TAG         16
#define AGE_LABEL_MAX   48
#define AGE_KEYS_MAX    12
#define AGE_WORK        17 /* 2^17 KiB of memory, and half a second */
#define AGE_WORK_MAX    20

/* "age1…" and "AGE-SECRET-KEY-1…", as the age program writes keys. */
#define AGE_KEY_TEXT_MAX 80
const char *age_key_write(const ReaderKey *key, char out[AGE_KEY_TEXT_MAX]);
const char *age_secret_write(const ReaderSecret *secret, char out[AGE_KEY_TEXT_MAX]);
MUST_USE ErrCode age_key_parse(Text text, ReaderKey *out_key, Err *err);
MUST_USE ErrCode age_secret_parse(Text text, ReaderSecret *out_secret, Err *err);

/* Who may open it: some keys, or whoever knows the passphrase, which then stands alone. */
typedef struct AgeTo {
    const ReaderKey *keys;
    size_t key_count;
    Text passphrase; /* used when there are no keys */
    unsigned work;   /* of the passphrase: AGE_WORK */
    Text label;      /* for whom, in the clear: visible ASCII without blanks; empty for nothing */
} AgeTo;

/* Takes what was sealed, in order. */
typedef ErrCode (*AgePut)(void *context, Bytes bytes, Err *err);

typedef struct AgeWriter {
    AgePut put;
    void *context;
    Buf chunk;
    Buf sealed;
    uint64_t number; /* of the chunk to come */
    uint8_t key[KEY_BYTES];
} AgeWriter;

MUST_USE ErrCode age_begin(AgeWriter *writer, const Host *host, const AgeTo *to, AgePut put,
                           void *context, Err *err);
MUST_USE ErrCode age_add(AgeWriter *writer, Bytes bytes, Err *err);

/* Seals what is left. Without it the file is a cut one. */
MUST_USE ErrCode age_end(AgeWriter *writer, Err *err);
void age_writer_done(AgeWriter *writer);

/* Gives up to `most` bytes of the sealed file; *out_size is 0 at its end. */
typedef ErrCode (*AgeGet)(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err);

/* What the reader holds: keys, or a passphrase. */
typedef struct AgeWith {
    const ReaderSecret *secrets;
    size_t secret_count;
    Text passphrase; /* empty: none */
} AgeWith;

typedef struct AgeReader {
    AgeGet get;
    void *context;
    Buf in; /* read and not yet opened */
    size_t at;
    bool is_at_end; /* of the sealed file */
    bool is_over;   /* the last chunk was handed out */
    Buf plain;
    uint64_t number; /* of the chunk to come */
    uint8_t key[KEY_BYTES];
    char label[AGE_LABEL_MAX + 1]; /* for whom it says it is; "" when it does not. Not proven
                                      when age_open() fails */
} AgeReader;

/* Reads the header and finds the key of the file. */
MUST_USE ErrCode age_open(AgeReader *reader, const AgeWith *with, AgeGet get, void *context,
                          Err *err);

/* The next piece, until the next call; *out_found is false behind the last. */
MUST_USE ErrCode age_next(AgeReader *reader, Bytes *out_piece, bool *out_found, Err *err);
void age_reader_done(AgeReader *reader);

/* Do these first bytes look like a sealed file? */
bool age_is_sealed(Bytes start);
