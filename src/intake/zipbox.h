#pragma once
/*
 * zipbox — a zip archive from outside, opened with suspicion.
 *
 * Only members that are asked for are unpacked, in blocks, while their sizes are counted against
 * what an honest spreadsheet needs. Names are compared as Office does: case does not matter, and
 * a backslash is a slash.
 *
 *   Owns     the archive, until zipbox_close(); the bytes are borrowed.
 *   Bounds   ZIPBOX_*
 *   Errors   ERR_INVALID  encrypted, cut off, damaged, or with two members of one name
 *            ERR_LIMIT    too many members, or a bomb
 */
#include "base/arena.h"
#include "base/text.h"

#define ZIPBOX_MEMBERS_MAX    512
#define ZIPBOX_INFLATED_MAX   ((size_t)64 << 20) /* of all members that were read */
#define ZIPBOX_RATIO_MAX      100                /* of one member, */
#define ZIPBOX_RATIO_FROM     ((size_t)1 << 20)  /* once that much of it is unpacked */
#define ZIPBOX_NAME_BYTES_MAX 500

typedef struct ZipMember {
    const char *path; /* lower case, with slashes */
    size_t packed_bytes;
    size_t counted_bytes; /* already part of inflated_bytes */
} ZipMember;

typedef struct ZipBox {
    void *archive; /* the library's */
    ZipMember *members;
    size_t member_count;
    size_t inflated_bytes;
} ZipBox;

MUST_USE ErrCode zipbox_open(Bytes bytes, Arena *arena, ZipBox *out_box, Err *err);
void zipbox_close(ZipBox *box);

/* Absence is normal: an archive need not have the member. */
bool zipbox_find(const ZipBox *box, Text path, size_t *out_member);

typedef ErrCode ZipSink(void *context, Bytes bytes, Err *err);

/* Unpacks a member block by block, and stops when `sink` fails. */
MUST_USE ErrCode zipbox_read(ZipBox *box, size_t member, Err *err, ZipSink *sink, void *context);
