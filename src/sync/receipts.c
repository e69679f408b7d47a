#include "sync/receipts.h"

#include <stdio.h>

#include "store/journal_rows.h"
#include "store/query.h"

#define SIGNED_FOR    "tongpin receipt"
#define SIGNED_MAX    (sizeof SIGNED_FOR + STREAM_NAME_SIZE + 8 + DIGEST_SIZE + 8)
#define KEPT_SIZE     (8 + 8 + DIGEST_SIZE + SIGNATURE_SIZE)
#define META_NAME_MAX (16 + NODE_TEXT_MAX + STREAM_NAME_TEXT_MAX)

static void put_number(Buf *out, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_add_byte(out, (uint8_t)(number >> shift));
}

static void put_signed(Buf *out, const Receipt *receipt)
{
    buf_init(out, SIGNED_MAX);
    buf_add_z(out, SIGNED_FOR);
    stream_put(out, &receipt->stream);
    put_number(out, receipt->seq);
    buf_add(out, digest_bytes(&receipt->head));
    put_number(out, receipt->stamp);
}

void receipt_sign(Receipt *receipt, const SigningKey *key)
{
    AUTO(buf_done) Buf bytes = {0};
    put_signed(&bytes, receipt);
    receipt->signature = sign_bytes(key, buf_as_bytes(&bytes));
}

static bool is_signed_by(const Receipt *receipt, const PublicKey *key)
{
    AUTO(buf_done) Buf bytes = {0};
    put_signed(&bytes, receipt);
    return signature_fits(&receipt->signature, key, buf_as_bytes(&bytes));
}

static Text meta_name(const Peer *peer, const StreamName *stream, char out[META_NAME_MAX])
{
    char node[NODE_TEXT_MAX];
    char name[STREAM_NAME_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "receipt %s %s", node_write(peer->node_short, node),
                   stream_write(stream, name));
    return text_from_z(out);
}

ErrCode receipt_find(Store *store, const Peer *peer, const StreamName *stream, bool *out_found,
                     Receipt *out_receipt, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char name[META_NAME_MAX];
    uint8_t bytes[KEPT_SIZE];
    Text kept = {0};
    arena_init(&arena, 4096);
    TRY(meta_find(store, meta_name(peer, stream, name), &arena, out_found, &kept, err));
    if (!*out_found) return OK;
    TRY(bytes_from_hex(kept, bytes, sizeof bytes, err));
    Cursor cursor = cursor_over((Bytes){bytes, sizeof bytes});
    *out_receipt = (Receipt){
        .stream = *stream, .seq = cursor_number(&cursor, 8), .stamp = cursor_number(&cursor, 8)};
    cursor_copy(&cursor, out_receipt->head.at, DIGEST_SIZE);
    cursor_copy(&cursor, out_receipt->signature.at, SIGNATURE_SIZE);
    return OK;
}

static ErrCode save(Store *store, const Peer *peer, const Receipt *receipt, Err *err)
{
    AUTO(buf_done) Buf bytes = {0};
    char name[META_NAME_MAX];
    char digits[2 * KEPT_SIZE + 1];
    buf_init(&bytes, KEPT_SIZE);
    put_number(&bytes, receipt->seq);
    put_number(&bytes, receipt->stamp);
    buf_add(&bytes, digest_bytes(&receipt->head));
    buf_add(&bytes, (Bytes){receipt->signature.at, SIGNATURE_SIZE});
    bytes_to_hex(buf_as_bytes(&bytes), digits);
    return meta_save(store, meta_name(peer, &receipt->stream, name), text_from_z(digits), err);
}

ErrCode receipt_keep(Store *store, const Peer *peer, int64_t stream_key, Receipt *receipt,
                     bool *out_is_new, bool *out_is_bad, Err *err)
{
    SegmentRow segment;
    Receipt kept;
    bool found = false;
    *out_is_new = false;
    *out_is_bad = false;
    TRY(segment_row_at(store, stream_key, receipt->seq, &found, &segment, err));
    if (!found || segment.last_seq != receipt->seq) return OK;
    receipt->head = segment.head;
    *out_is_bad = !is_signed_by(receipt, &peer->key);
    if (*out_is_bad) return OK;
    TRY(receipt_find(store, peer, &receipt->stream, &found, &kept, err));
    if (found && kept.seq >= receipt->seq) return OK;
    *out_is_new = true;
    return save(store, peer, receipt, err);
}

ErrCode receipts_count(Store *store, const Peer *peer, int64_t *out_entries, Err *err)
{
    AUTO(query_done) Query query = {0};
    char node[NODE_TEXT_MAX];
    char from[META_NAME_MAX];
    char to[META_NAME_MAX];
    int64_t count = 0;
    bool found = false;
    (void)snprintf(from, sizeof from, "receipt %s ", node_write(peer->node_short, node));
    (void)snprintf(to, sizeof to, "receipt %s!", node); /* the letter after a blank */
    TRY(query_begin(&query, store, META_BETWEEN, err));
    query_bind_text(&query, 1, text_from_z(from));
    query_bind_text(&query, 2, text_from_z(to));
    TRY(query_next(&query, &found, err));
    while (found) {
        uint8_t seq[8];
        const Bytes value = query_view(&query, 0);
        TRY(bytes_from_hex((Text){(const char *)value.at, value.size < 16 ? value.size : 16}, seq,
                           sizeof seq, err));
        Cursor cursor = cursor_over((Bytes){seq, sizeof seq});
        count += (int64_t)cursor_number(&cursor, sizeof seq);
        TRY(query_next(&query, &found, err));
    }
    *out_entries = count;
    return OK;
}
