#include "engine/fork.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "store/journal_rows.h"
#include "store/query.h"

#define META_NAME_MAX  (16 + STREAM_NAME_TEXT_MAX)
#define PROOF_TEXT_MAX ((size_t)4 * SEGMENT_HEADER_SIZE + 64)
#define ARENA_BYTES    (6 * SEGMENT_BYTES_MAX)

/* "fork STREAM" holds the number and both headers, "forked STREAM" the segment that came. */
static Text meta_name(const char *word, const StreamName *stream, char out[META_NAME_MAX])
{
    char text[STREAM_NAME_TEXT_MAX];
    (void)snprintf(out, META_NAME_MAX, "%s %s", word, stream_write(stream, text));
    return text_from_z(out);
}

static ErrCode read_header(Text hex, SegmentHeader *out, Err *err)
{
    uint8_t bytes[SEGMENT_HEADER_SIZE];
    SegmentReader reader;
    TRY(bytes_from_hex(hex, bytes, sizeof bytes, err));
    TRY(segment_open(&reader, (Bytes){bytes, sizeof bytes}, err));
    *out = reader.header;
    return OK;
}

static ErrCode read_proof(Text value, Fork *out, Err *err)
{
    Fork fork = {.has_here = true};
    int64_t seq = 0;
    TRY(text_to_int(text_split(&value, ' '), &seq, err));
    fork.seq = (uint64_t)seq;
    TRY(read_header(text_split(&value, ' '), &fork.there, err));
    fork.has_here = value.size > 0;
    if (fork.has_here) TRY(read_header(value, &fork.here, err));
    fork.stream = fork.there.stream;
    *out = fork;
    return OK;
}

ErrCode forks_load(Store *store, Arena *arena, Fork **out_items, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    Fork *items = NULL;
    size_t count = 0;
    TRY(query_begin(&query, store, META_BETWEEN, err));
    query_bind_text(&query, 1, TEXT("fork "));
    query_bind_text(&query, 2, TEXT("fork!"));
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        const Bytes shown = query_view(&query, 0);
        items = list_grow(arena, items, sizeof items[0], count);
        if (items == NULL) return list_full(count, err);
        TRY(read_proof((Text){(const char *)shown.at, shown.size}, &items[count], err));
        count++;
    }
    *out_items = items;
    *out_count = count;
    return OK;
}

ErrCode fork_find(Store *store, uint64_t node_short, unsigned epoch, bool *out_found, Err *err)
{
    AUTO(query_done) Query query = {0};
    char node[NODE_TEXT_MAX];
    char from[META_NAME_MAX];
    char to[META_NAME_MAX];
    node_write(node_short, node);
    (void)snprintf(from, sizeof from, "fork %s/%u/", node, epoch);
    (void)snprintf(to, sizeof to, "fork %s/%u0", node, epoch); /* 0 comes right behind the slash */
    TRY(query_begin(&query, store, META_BETWEEN, err));
    query_bind_text(&query, 1, text_from_z(from));
    query_bind_text(&query, 2, text_from_z(to));
    return query_next(&query, out_found, err);
}

static void put_hex(Buf *out, Bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        buf_format(out, "%02x", bytes.at[i]);
}

/* What is signed here about the entry, as a header. */
static ErrCode put_here(Store *store, int64_t stream, const StreamName *name, uint64_t seq,
                        Buf *out, Err *err)
{
    AUTO(buf_done) Buf bytes = {0};
    SegmentRow row;
    bool found = false;
    TRY(segment_row_at(store, stream, seq, &found, &row, err));
    if (!found || row.last_seq < seq) return OK;
    const SegmentHeader header = {
        .suite = SUITE_ED25519_SHA256,
        .stream = *name,
        .first = row.first_seq,
        .last = row.last_seq,
        .previous_stamp = row.prev_stamp,
        .last_stamp = row.last_stamp,
        .previous_head = row.prev_head,
        .head = row.head,
        .signature = row.signature,
    };
    buf_init(&bytes, SEGMENT_HEADER_SIZE);
    segment_put_header(&bytes, &header);
    buf_add_byte(out, ' ');
    put_hex(out, buf_as_bytes(&bytes));
    return OK;
}

static ErrCode keep_segment(Store *store, const StreamName *name, Bytes segment, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char key[META_NAME_MAX];
    arena_init(&arena, ARENA_BYTES);
    char *digits = arena_array(&arena, char, 2 * segment.size + 1);
    if (digits == NULL) return list_full(segment.size, err);
    bytes_to_hex(segment, digits);
    return meta_save(store, meta_name("forked", name, key), text_from_z(digits), err);
}

ErrCode fork_keep(Store *store, int64_t stream, uint64_t seq, Bytes segment, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf proof = {0};
    SegmentReader reader;
    Text kept = {0};
    bool found = false;
    char key[META_NAME_MAX];
    TRY(segment_open(&reader, segment, err));
    const StreamName name = reader.header.stream;
    arena_init(&arena, 2 * PROOF_TEXT_MAX);
    TRY(meta_find(store, meta_name("fork", &name, key), &arena, &found, &kept, err));
    if (found) return OK; /* one proof is enough */
    buf_init(&proof, PROOF_TEXT_MAX);
    buf_format(&proof, "%" PRIu64 " ", seq);
    put_hex(&proof, (Bytes){segment.at, SEGMENT_HEADER_SIZE});
    TRY(put_here(store, stream, &name, seq, &proof, err));
    TRY(buf_check(&proof, err));
    TRY(meta_save(store, meta_name("fork", &name, key), buf_as_text(&proof), err));
    return keep_segment(store, &name, segment, err);
}
