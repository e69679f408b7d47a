#include "sync/trust.h"

#include <inttypes.h>

#include "base/list.h"
#include "engine/known.h"
#include "journal/hlc.h"
#include "store/query.h"
#include "sync/trust_chain.h"

#define DAY_MS UINT64_C(86400000)

/* ---- the clock ---- */

ErrCode trust_now(Store *store, const Node *node, uint64_t *out_ms, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    AUTO(query_done) Query query = {0};
    uint64_t newest = 0;
    Chained chain;
    arena_init(&arena, TRUST_BYTES);
    TRY(chain_load(store, &arena, &chain, err));
    TRY(query_begin(&query, store, STREAM_STAMPS, err));
    for (bool found = true;;) {
        TRY(query_next(&query, &found, err));
        if (!found) break;
        const uint64_t author = (uint64_t)query_int(&query, 0);
        const uint64_t stamp = query_is_null(&query, 2) ? 0 : (uint64_t)query_int(&query, 2);
        if (author != node->node_short && !chain_is_above(&chain, author)) continue;
        if (stamp > newest) newest = stamp;
    }
    const uint64_t now = host_now_ms(node->host);
    const uint64_t newest_ms = newest >> HLC_COUNTER_BITS;
    *out_ms = now > newest_ms ? now : newest_ms;
    return OK;
}

ErrCode trust_root(Store *store, const Node *node, PublicKey *out_key, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Chained chain;
    arena_init(&arena, TRUST_BYTES);
    TRY(chain_load(store, &arena, &chain, err));
    *out_key = chain.has_root ? chain.root : signing_key_public(&node->signing_key);
    return OK;
}

ErrCode trust_is_above(Store *store, const Node *node, uint64_t node_short, bool *out_is, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Chained chain;
    (void)node;
    arena_init(&arena, TRUST_BYTES);
    TRY(chain_load(store, &arena, &chain, err));
    *out_is = chain_is_above(&chain, node_short);
    return OK;
}

/* ---- certificates ---- */

typedef struct Judging {
    Store *store;
    const Node *node;
    uint64_t now_ms;
    Arena *arena;
    Chained chain;
    PublicKey root;
} Judging;

static ErrCode judge(const Judging *judging, uint64_t node_short, int depth, Trust *out_trust,
                     Err *err);

/* Does the chain of one certificate lead to the root, and is it good now? */
static ErrCode judge_one(const Judging *judging, const Certificate *certificate, int depth,
                         TrustState *out_state, Err *err)
{
    Trust parent;
    bool is_within = false;
    *out_state = TRUST_NONE;
    const bool is_over = judging->now_ms > certificate->until_ms;
    if (certificate->issuer == node_short_of(&judging->root)) {
        if (certificate_is_signed(certificate, &judging->root))
            *out_state = is_over ? TRUST_EXPIRED : TRUST_VALID;
        return OK;
    }
    if (depth >= TRUST_DEPTH_MAX) return OK;
    TRY(judge(judging, certificate->issuer, depth + 1, &parent, err));
    if (parent.state == TRUST_NONE || parent.certificate.role != CERTIFICATE_HQ ||
        !certificate_is_signed(certificate, &parent.certificate.key))
        return OK;
    /* What is above us may not be known here as far up as it would take; we believe it anyway. */
    if (chain_is_above(&judging->chain, certificate->issuer))
        is_within = true;
    else
        TRY(warrant_within(judging->store, judging->node->shard, &certificate->warrant,
                           &parent.certificate.warrant, &is_within, err));
    if (is_within) *out_state = is_over ? TRUST_EXPIRED : parent.state;
    return OK;
}

static ErrCode consider(const Judging *judging, Text statement, uint64_t node_short, int depth,
                        Trust *best, Err *err)
{
    Certificate certificate;
    TrustState state = TRUST_NONE;
    Err why;
    if (certificate_from_text(statement, judging->arena, &certificate, &why) != OK) return OK;
    if (node_short_of(&certificate.key) != node_short) return OK;
    TRY(judge_one(judging, &certificate, depth, &state, err));
    if (state == TRUST_NONE) return OK;
    const bool is_better = best->state != TRUST_VALID && state == TRUST_VALID;
    const bool is_alike = best->state == TRUST_NONE || best->state == state;
    if (is_better || (is_alike && (best->state == TRUST_NONE ||
                                   certificate.issued_ms > best->certificate.issued_ms)))
        *best = (Trust){state, certificate};
    return OK;
}

static ErrCode list_statements(const Judging *judging, uint64_t node_short, Text **out_items,
                               size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    char node[NODE_TEXT_MAX];
    Text *items = NULL;
    size_t count = 0;
    TRY(query_begin(&query, judging->store, CERTIFICATES_OF_NODE, err));
    query_bind_int(&query, 1, judging->node->shard);
    query_bind_text(&query, 2, text_from_z(node_write(node_short, node)));
    for (bool found = true;;) {
        TRY(query_next(&query, &found, err));
        if (!found) break;
        items = list_grow(judging->arena, items, sizeof items[0], count);
        if (items == NULL) return list_full(count, err);
        TRY(query_text(&query, 0, judging->arena, &items[count], err));
        count++;
    }
    *out_items = items;
    *out_count = count;
    return OK;
}

static ErrCode judge(const Judging *judging, uint64_t node_short, int depth, Trust *out_trust,
                     Err *err)
{
    Text *items = NULL;
    size_t count = 0;
    *out_trust = (Trust){.state = TRUST_NONE};
    TRY(list_statements(judging, node_short, &items, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(consider(judging, items[i], node_short, depth, out_trust, err));
    for (size_t i = 0; i < judging->chain.count; i++)
        if (node_short_of(&judging->chain.links[i].key) == node_short)
            TRY(consider(judging, judging->chain.texts[i], node_short, depth, out_trust, err));
    return OK;
}

ErrCode trust_judge(Store *store, const Node *node, uint64_t node_short, uint64_t now_ms,
                    Arena *arena, Trust *out_trust, Err *err)
{
    Judging judging = {.store = store, .node = node, .now_ms = now_ms, .arena = arena};
    TRY(chain_load(store, arena, &judging.chain, err));
    judging.root =
        judging.chain.has_root ? judging.chain.root : signing_key_public(&node->signing_key);
    return judge(&judging, node_short, 0, out_trust, err);
}

/* ---- issuing ---- */

static ErrCode check_wish(Engine *engine, const CertificateWish *wish, uint64_t now_ms,
                          uint64_t *out_until_ms, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Trust own;
    bool is_within = true;
    const Node *node = engine_node(engine);
    const unsigned days = wish->days == 0 ? TRUST_DAYS : wish->days;
    PublicKey root;
    arena_init(&arena, TRUST_BYTES);
    *out_until_ms = now_ms + days * DAY_MS;
    if (wish->name.size == 0 || wish->name.size > CERTIFICATE_NAME_MAX || days > 10 * TRUST_DAYS)
        return err_set(err, ERR_INVALID, "a certificate has a name of at most %d bytes and ends",
                       CERTIFICATE_NAME_MAX);
    TRY(trust_root(engine_store(engine), node, &root, err));
    if (node_short_of(&root) == node->node_short) return OK;
    TRY(trust_judge(engine_store(engine), node, node->node_short, now_ms, &arena, &own, err));
    if (own.state != TRUST_VALID || own.certificate.role != CERTIFICATE_HQ)
        return err_set(err, ERR_INVALID,
                       "this node may not certify others: it has no certificate for that, or it "
                       "has run out");
    TRY(warrant_within(engine_store(engine), node->shard, &wish->warrant, &own.certificate.warrant,
                       &is_within, err));
    if (!is_within) return err_set(err, ERR_INVALID, "those scopes are not this node's to give");
    if (*out_until_ms > own.certificate.until_ms) *out_until_ms = own.certificate.until_ms;
    return OK;
}

ErrCode trust_issue(Engine *engine, const Actor *actor, const CertificateWish *wish, Buf *out,
                    Err *err)
{
    const Node *node = engine_node(engine);
    const size_t start = out->size;
    uint64_t now_ms = 0;
    char short_text[NODE_TEXT_MAX];
    char text[CERTIFICATE_TEXT_MAX];
    Id id;
    Certificate certificate = {
        .key = wish->key, .role = wish->role, .name = wish->name, .warrant = wish->warrant};
    TRY(trust_now(engine_store(engine), node, &now_ms, err));
    TRY(check_wish(engine, wish, now_ms, &certificate.until_ms, err));
    certificate.issued_ms = now_ms;
    for (size_t i = 0; i < SEALING_KEY_SIZE; i++)
        certificate.sealing[i] = wish->sealing[i];
    certificate_put(out, &certificate, &node->signing_key);
    TRY(buf_check(out, err));
    const Bytes bytes = {out->at + start, out->size - start};
    if (bytes.size > CERTIFICATE_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "the certificate is too long");
    bytes_to_hex(bytes, text);
    Record record = {.kind = vocab_kind(KIND_CERTIFICATE)};
    record_set_text(&record, CERTIFICATE_NODE,
                    text_from_z(node_write(node_short_of(&wish->key), short_text)));
    record_set_text(&record, CERTIFICATE_STATEMENT, text_from_z(text));
    return engine_state(engine, actor, &record, &id, err);
}
