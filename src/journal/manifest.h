#pragma once
/*
 * manifest — what the writer of a bundle signs at its end: everything that is inside.
 *
 *     manifest := u8 suite, 32 bytes public key of the writer, u64 stamp, 32 bytes content,
 *                 u32 count, segment*, 64 bytes signature
 *     segment  := stream (23 bytes), u64 first, u64 last, 32 bytes head, 32 bytes digest,
 *                 4 bytes for each entry: the first of the chain's head after it
 *
 * `content` is the SHA-256 of every byte of the file before the manifest's frame, so nothing in a
 * bundle is without a signature. The four bytes an entry are no proof; they let a reader name the
 * very entry at which a damaged segment goes wrong.
 *
 *   Owns     nothing: a Manifest borrows the bytes it was read from.
 *   Errors   ERR_CORRUPT  not a manifest
 */
#include "journal/segment.h"

#define MARK_SIZE 4

typedef struct ManifestItem {
    StreamName stream;
    uint64_t first;
    uint64_t last;
    Digest head;
    Digest digest; /* of the segment's bytes */
    Bytes marks;   /* MARK_SIZE bytes for each entry */
} ManifestItem;

typedef struct Manifest {
    uint8_t suite;
    PublicKey writer;
    uint64_t stamp; /* when it was made, by the writer's clock */
    Digest content;
    uint32_t count;
    Bytes items;
    Bytes signed_bytes;
    Signature signature;
} Manifest;

/* Appends one item to the list that manifest_put() then signs. */
void manifest_put_item(Buf *items, const ManifestItem *item);

/* Writes the manifest with the key's own public key as the writer's, and signs it. */
void manifest_put(Buf *out, const Manifest *manifest, const SigningKey *key);

/* Reads it all once, so that walking the items afterwards cannot fail. *out_kind says what is
 * wrong with it on failure. */
MUST_USE ErrCode manifest_read(Bytes bytes, Manifest *out_manifest, FaultKind *out_kind, Err *err);

/* Did the writer sign it? */
bool manifest_is_signed(const Manifest *manifest);

/* Walks the items: `rest` begins as cursor_over(manifest.items); false at the end. */
bool manifest_next(Cursor *rest, ManifestItem *out_item);
