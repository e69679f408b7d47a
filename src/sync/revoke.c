/* Revocation by position: exact off line, whatever the clocks say. */
#include <inttypes.h>

#include "base/list.h"
#include "store/journal_rows.h"
#include "store/query.h"
#include "sync/trust_chain.h"

#define STREAMS_BYTES_MAX ((size_t)16 << 20)

/* "epoch/scope=seq", a blank between two. */
static bool position_of(Text positions, const StreamName *stream, uint64_t *out_seq)
{
    while (positions.size > 0) {
        Err err;
        Id scope;
        int64_t epoch = 0;
        int64_t seq = 0;
        Text rest = text_split(&positions, ' ');
        const Text epoch_text = text_split(&rest, '/');
        const Text scope_text = text_split(&rest, '=');
        if (text_to_int(epoch_text, &epoch, &err) != OK ||
            id_parse(scope_text, &scope, &err) != OK || text_to_int(rest, &seq, &err) != OK)
            continue;
        if (epoch != (int64_t)stream->epoch || !id_equal(scope, stream->scope)) continue;
        *out_seq = (uint64_t)seq;
        return true;
    }
    return false;
}

/* Who may revoke a node: this node itself, who is above it, and who certified the revoked one. */
static ErrCode may_revoke(Store *store, const Node *node, const Chained *chain, uint64_t author,
                          uint64_t revoked, bool *out_may, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    uint64_t at = revoked;
    PublicKey root;
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    TRY(trust_root(store, node, &root, err));
    *out_may = author == node->node_short || chain_is_above(chain, author) ||
               author == node_short_of(&root);
    for (int depth = 0; depth < TRUST_DEPTH_MAX && !*out_may; depth++) {
        Trust trust;
        TRY(trust_judge(store, node, at, 0, &arena, &trust, err));
        if (trust.state == TRUST_NONE) return OK;
        at = trust.certificate.issuer;
        *out_may = at == author;
    }
    return OK;
}

typedef struct RevocationRow {
    Id id;
    Text positions;
} RevocationRow;

static ErrCode list_revocations(Store *store, const Node *node, uint64_t node_short, Arena *arena,
                                RevocationRow **out_rows, size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    char text[NODE_TEXT_MAX];
    RevocationRow *rows = NULL;
    size_t count = 0;
    TRY(query_begin(&query, store, REVOCATIONS_OF_NODE, err));
    query_bind_int(&query, 1, node->shard);
    query_bind_text(&query, 2, text_from_z(node_write(node_short, text)));
    for (bool found = true;;) {
        TRY(query_next(&query, &found, err));
        if (!found) break;
        rows = list_grow(arena, rows, sizeof rows[0], count);
        if (rows == NULL) return list_full(count, err);
        TRY(query_id(&query, 0, &rows[count].id, err));
        TRY(query_text(&query, 1, arena, &rows[count].positions, err));
        count++;
    }
    *out_rows = rows;
    *out_count = count;
    return OK;
}

ErrCode trust_limit(Store *store, const Node *node, const StreamName *stream, bool *out_is_revoked,
                    uint64_t *out_last_seq, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    RevocationRow *rows = NULL;
    size_t count = 0;
    Chained chain;
    arena_init(&arena, (size_t)1 << 20);
    *out_is_revoked = false;
    TRY(list_revocations(store, node, stream->node_short, &arena, &rows, &count, err));
    if (count == 0) return OK;
    TRY(chain_load(store, &arena, &chain, err));
    for (size_t i = 0; i < count; i++) {
        bool may = false;
        uint64_t seq = 0;
        TRY(may_revoke(store, node, &chain, id_node(rows[i].id), stream->node_short, &may, err));
        if (!may) continue;
        (void)position_of(rows[i].positions, stream, &seq); /* not named: nothing of it counts */
        if (!*out_is_revoked || seq < *out_last_seq) *out_last_seq = seq;
        *out_is_revoked = true;
    }
    return OK;
}

static ErrCode write_positions(Store *store, uint64_t node_short, Buf *out, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    StreamRow *streams = NULL;
    size_t count = 0;
    size_t written = 0;
    arena_init(&arena, STREAMS_BYTES_MAX);
    TRY(stream_rows(store, &arena, &streams, &count, err));
    for (size_t i = 0; i < count; i++) {
        EntryRow last;
        bool found = false;
        char scope[ID_TEXT_MAX];
        if (streams[i].name.node_short != node_short) continue;
        TRY(entry_row_last(store, streams[i].key, &found, &last, err));
        if (!found) continue;
        if (written++ == TRUST_POSITIONS_MAX)
            return err_set(err, ERR_LIMIT, "that node wrote more than %d streams",
                           TRUST_POSITIONS_MAX);
        buf_format(out, "%s%u/%s=%" PRIu64, written == 1 ? "" : " ", streams[i].name.epoch,
                   id_write(streams[i].name.scope, scope), last.seq);
    }
    if (written == 0) buf_add_z(out, "-");
    return buf_check(out, err);
}

ErrCode trust_revoke(Engine *engine, const Actor *actor, uint64_t node_short, Text reason, Err *err)
{
    AUTO(buf_done) Buf positions = {0};
    char node[NODE_TEXT_MAX];
    Id id;
    if (node_short == engine_node(engine)->node_short)
        return err_set(err, ERR_INVALID, "a node does not revoke itself");
    buf_init(&positions, TEXT_FIELD_BYTES_MAX);
    TRY(write_positions(engine_store(engine), node_short, &positions, err));
    Record record = {.kind = vocab_kind(KIND_REVOCATION)};
    record_set_text(&record, REVOCATION_NODE, text_from_z(node_write(node_short, node)));
    record_set_text(&record, REVOCATION_POSITIONS, buf_as_text(&positions));
    if (reason.size > 0) record_set_text(&record, REVOCATION_REASON, reason);
    return engine_state(engine, actor, &record, &id, err);
}
