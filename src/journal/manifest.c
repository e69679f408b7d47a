#include "journal/manifest.h"

#include <assert.h>
#include <string.h>

#define SIGNED_FOR   "tongpin manifest"
#define MESSAGE_SIZE (sizeof SIGNED_FOR - 1 + DIGEST_SIZE)
#define FIXED_SIZE   (1 + PUBLIC_KEY_SIZE + 8 + DIGEST_SIZE + 4)

static void put_number(Buf *buf, uint64_t number, int size)
{
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        buf_add_byte(buf, (uint8_t)(number >> shift));
}

void manifest_put_item(Buf *items, const ManifestItem *item)
{
    assert(item->marks.size == (item->last - item->first + 1) * MARK_SIZE);
    stream_put(items, &item->stream);
    put_number(items, item->first, 8);
    put_number(items, item->last, 8);
    buf_add(items, digest_bytes(&item->head));
    buf_add(items, digest_bytes(&item->digest));
    buf_add(items, item->marks);
}

/* The words say that this is a manifest, so no signature fits anything else; the digest stands for
 * the manifest, which may be long. */
static void message_of(uint8_t out[MESSAGE_SIZE], Bytes signed_bytes)
{
    const Digest digest = hash_of(signed_bytes);
    memcpy(out, SIGNED_FOR, sizeof SIGNED_FOR - 1);
    memcpy(out + sizeof SIGNED_FOR - 1, digest.at, sizeof digest.at);
}

void manifest_put(Buf *out, const Manifest *manifest, const SigningKey *key)
{
    const size_t start = out->size;
    const PublicKey writer = signing_key_public(key);
    buf_add_byte(out, SUITE_ED25519_SHA256);
    buf_add(out, (Bytes){writer.at, sizeof writer.at});
    put_number(out, manifest->stamp, 8);
    buf_add(out, digest_bytes(&manifest->content));
    put_number(out, manifest->count, 4);
    buf_add(out, manifest->items);
    if (out->is_over) return;
    uint8_t message[MESSAGE_SIZE];
    message_of(message, (Bytes){out->at + start, out->size - start});
    const Signature signature = sign_bytes(key, (Bytes){message, sizeof message});
    buf_add(out, (Bytes){signature.at, sizeof signature.at});
}

bool manifest_next(Cursor *rest, ManifestItem *out_item)
{
    if (rest->left == 0) return false;
    out_item->stream = stream_get(rest);
    out_item->first = cursor_number(rest, 8);
    out_item->last = cursor_number(rest, 8);
    if (out_item->first == 0 || out_item->last < out_item->first ||
        out_item->last - out_item->first >= SEGMENT_ENTRIES_MAX)
        cursor_refuse(rest, "an item has no sensible numbers");
    cursor_copy(rest, out_item->head.at, DIGEST_SIZE);
    cursor_copy(rest, out_item->digest.at, DIGEST_SIZE);
    out_item->marks = cursor_bytes(rest, (out_item->last - out_item->first + 1) * MARK_SIZE);
    return rest->why == NULL;
}

static void get_fixed(Cursor *cursor, Manifest *manifest)
{
    manifest->suite = cursor_byte(cursor);
    cursor_copy(cursor, manifest->writer.at, PUBLIC_KEY_SIZE);
    manifest->stamp = cursor_number(cursor, 8);
    cursor_copy(cursor, manifest->content.at, DIGEST_SIZE);
    manifest->count = (uint32_t)cursor_number(cursor, 4);
}

ErrCode manifest_read(Bytes bytes, Manifest *out_manifest, FaultKind *out_kind, Err *err)
{
    *out_kind = FAULT_BAD_FRAME;
    if (bytes.size < FIXED_SIZE + SIGNATURE_SIZE)
        return err_set(err, ERR_CORRUPT, "a manifest of %zu bytes is too short", bytes.size);
    const size_t signed_size = bytes.size - SIGNATURE_SIZE;
    Manifest manifest = {.signed_bytes = {bytes.at, signed_size},
                         .items = {bytes.at + FIXED_SIZE, signed_size - FIXED_SIZE}};
    Cursor cursor = cursor_over(bytes);
    get_fixed(&cursor, &manifest);
    if (manifest.suite != SUITE_ED25519_SHA256) {
        *out_kind = FAULT_UNKNOWN_SUITE;
        return err_set(err, ERR_CORRUPT, "suite %u is not known here", manifest.suite);
    }
    if (manifest.stamp > HLC_STAMP_MAX)
        return err_set(err, ERR_CORRUPT, "the manifest's stamp is out of range");

    Cursor rest = cursor_over(manifest.items);
    ManifestItem item;
    uint32_t count = 0;
    while (manifest_next(&rest, &item))
        count++;
    TRY(cursor_check(&rest, err));
    if (count != manifest.count)
        return err_set(err, ERR_CORRUPT, "the manifest says %u segments and lists %u",
                       manifest.count, count);
    memcpy(manifest.signature.at, bytes.at + signed_size, SIGNATURE_SIZE);
    *out_manifest = manifest;
    return OK;
}

bool manifest_is_signed(const Manifest *manifest)
{
    uint8_t message[MESSAGE_SIZE];
    message_of(message, manifest->signed_bytes);
    const Bytes bytes = {message, sizeof message};
    return signature_fits(&manifest->signature, &manifest->writer, bytes);
}
