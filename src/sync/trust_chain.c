#include "sync/trust_chain.h"

#include "base/list.h"
#include "engine/known.h"

#define META_CHAIN      TEXT("chain of trust")
#define CHAIN_BYTES_MAX (TRUST_DEPTH_MAX * CERTIFICATE_TEXT_MAX + 128)

ErrCode certificate_from_text(Text text, Arena *arena, Certificate *out_certificate, Err *err)
{
    const size_t size = text.size / 2;
    if (size > CERTIFICATE_BYTES_MAX || text.size % 2 != 0)
        return err_set(err, ERR_CORRUPT, "no certificate is as long");
    uint8_t *bytes = arena_array(arena, uint8_t, size + 1);
    if (bytes == NULL) return list_full(size, err);
    TRY(bytes_from_hex(text, bytes, size, err));
    return certificate_read((Bytes){bytes, size}, out_certificate, err);
}

ErrCode chain_parse(Text lines, Arena *arena, Chained *out_chain, Err *err)
{
    Chained chain = {.has_root = lines.size > 0};
    const Text root = text_split(&lines, '\n');
    if (chain.has_root) TRY(bytes_from_hex(root, chain.root.at, PUBLIC_KEY_SIZE, err));
    while (lines.size > 0) {
        const Text line = text_split(&lines, '\n');
        if (line.size == 0) continue;
        if (chain.count == TRUST_DEPTH_MAX)
            return err_set(err, ERR_INVALID, "a chain has at most %d certificates",
                           TRUST_DEPTH_MAX);
        chain.texts[chain.count] = line;
        TRY(certificate_from_text(line, arena, &chain.links[chain.count], err));
        chain.count++;
    }
    *out_chain = chain;
    return OK;
}

ErrCode chain_load(Store *store, Arena *arena, Chained *out_chain, Err *err)
{
    Text lines = {0};
    bool found = false;
    TRY(meta_find(store, META_CHAIN, arena, &found, &lines, err));
    return chain_parse(found ? lines : TEXT(""), arena, out_chain, err);
}

bool chain_is_above(const Chained *chain, uint64_t node_short)
{
    if (!chain->has_root) return false;
    if (node_short_of(&chain->root) == node_short) return true;
    for (size_t i = 0; i + 1 < chain->count; i++)
        if (node_short_of(&chain->links[i].key) == node_short) return true;
    return false;
}

static ErrCode check_links(const Chained *chain, Err *err)
{
    const PublicKey *above = &chain->root;
    for (size_t i = 0; i < chain->count; i++) {
        const bool may_certify = i == 0 || chain->links[i - 1].role == CERTIFICATE_HQ;
        if (!may_certify || !certificate_is_signed(&chain->links[i], above))
            return err_set(err, ERR_INVALID,
                           "this is no chain of certificates: number %zu is not signed by the one "
                           "before it",
                           i + 1);
        above = &chain->links[i].key;
    }
    return OK;
}

ErrCode trust_adopt(Store *store, const Node *node, Text lines, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    AUTO(tx_rollback) Tx tx = {0};
    Chained chain;
    Chained before;
    const PublicKey own = signing_key_public(&node->signing_key);
    arena_init(&arena, 2 * TRUST_BYTES);
    TRY(chain_parse(lines, &arena, &chain, err));
    TRY(check_links(&chain, err));
    if (chain.count == 0 || !public_key_equal(&chain.links[chain.count - 1].key, &own))
        return err_set(err, ERR_INVALID, "this certificate is for another node");
    TRY(chain_load(store, &arena, &before, err));
    if (before.has_root && !public_key_equal(&before.root, &chain.root))
        return err_set(err, ERR_INVALID, "it leads to another root than the one that is pinned");
    TRY(tx_begin(&tx, store, err));
    TRY(known_key_keep(store, &chain.root, err));
    for (size_t i = 0; i < chain.count; i++)
        TRY(known_key_keep(store, &chain.links[i].key, err));
    TRY(meta_save(store, META_CHAIN, lines, err));
    return tx_commit(&tx, err);
}

ErrCode trust_chain(Store *store, const Node *node, uint64_t node_short, Buf *out, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    PublicKey root;
    Trust trust[TRUST_DEPTH_MAX];
    size_t count = 0;
    uint64_t now_ms = 0;
    char text[CERTIFICATE_TEXT_MAX];
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    TRY(trust_root(store, node, &root, err));
    TRY(trust_now(store, node, &now_ms, err));
    for (uint64_t at = node_short; at != node_short_of(&root); count++) {
        if (count == TRUST_DEPTH_MAX) return err_set(err, ERR_LIMIT, "the chain is too long");
        TRY(trust_judge(store, node, at, now_ms, &arena, &trust[count], err));
        if (trust[count].state == TRUST_NONE)
            return err_set(err, ERR_NOT_FOUND, "no certificate of that node is here");
        at = trust[count].certificate.issuer;
    }
    bytes_to_hex((Bytes){root.at, PUBLIC_KEY_SIZE}, text);
    buf_format(out, "%s\n", text);
    for (size_t i = count; i > 0; i--) {
        bytes_to_hex(trust[i - 1].certificate.bytes, text);
        buf_format(out, "%s\n", text);
    }
    return buf_check(out, err);
}
