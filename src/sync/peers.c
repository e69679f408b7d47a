#include "sync/peers.h"

#include "base/list.h"
#include "engine/known.h"

#define META_PEERS      TEXT("peers")
#define PEERS_BYTES_MAX ((size_t)4 << 20)
#define KEY_DIGITS      (2 * PUBLIC_KEY_SIZE)

/* One line for each peer: key, scopes or "*", name. */
static ErrCode read_line(Text line, Peer *out_peer, Err *err)
{
    Peer peer = {0};
    TRY(peer_key_parse(text_split(&line, ' '), &peer.key, err));
    TRY(warrant_parse(text_split(&line, ' '), &peer.warrant, err));
    peer.name = line;
    peer.node_short = node_short_of(&peer.key);
    *out_peer = peer;
    return OK;
}

static void put_line(Buf *buf, const Peer *peer)
{
    char text[KEY_DIGITS + 1];
    char scopes[WARRANT_TEXT_MAX];
    bytes_to_hex((Bytes){peer->key.at, PUBLIC_KEY_SIZE}, text);
    buf_format(buf, "%s %s %.*s\n", text, warrant_write(&peer->warrant, scopes),
               TEXT_ARG(peer->name));
}

ErrCode peers_load(Store *store, Arena *arena, Peers *out_peers, Err *err)
{
    Text text = {0};
    bool found = false;
    Peers peers = {0};
    TRY(meta_find(store, META_PEERS, arena, &found, &text, err));
    while (found && text.size > 0) {
        peers.items = list_grow(arena, peers.items, sizeof peers.items[0], peers.count);
        if (peers.items == NULL) return list_full(peers.count, err);
        TRY(read_line(text_split(&text, '\n'), &peers.items[peers.count], err));
        peers.count++;
    }
    *out_peers = peers;
    return OK;
}

static ErrCode save(Store *store, const Peers *peers, const Peer *also, Err *err)
{
    AUTO(buf_done) Buf buf = {0};
    AUTO(tx_rollback) Tx tx = {0};
    buf_init(&buf, PEERS_BYTES_MAX);
    for (size_t i = 0; i < peers->count; i++)
        put_line(&buf, &peers->items[i]);
    if (also != NULL) put_line(&buf, also);
    TRY(buf_check(&buf, err));
    TRY(tx_begin(&tx, store, err));
    if (also != NULL) TRY(known_key_keep(store, &also->key, err));
    TRY(meta_save(store, META_PEERS, buf.size == 0 ? TEXT("") : buf_as_text(&buf), err));
    return tx_commit(&tx, err);
}

const Peer *peer_by_node(const Peers *peers, uint64_t node_short)
{
    for (size_t i = 0; i < peers->count; i++)
        if (peers->items[i].node_short == node_short) return &peers->items[i];
    return NULL;
}

ErrCode peer_named(const Peers *peers, Text word, const Peer **out_peer, Err *err)
{
    for (size_t i = 0; i < peers->count; i++) {
        char node[NODE_TEXT_MAX];
        const Peer *peer = &peers->items[i];
        if (!text_equal(peer->name, word) && !text_is(word, node_write(peer->node_short, node)))
            continue;
        *out_peer = peer;
        return OK;
    }
    return err_set(err, ERR_NOT_FOUND,
                   "\"%.*s\" is no peer of this node: see 'tongpin peers DIR list'",
                   TEXT_ARG(word));
}

static ErrCode check_name(Text name, Err *err)
{
    const Text trimmed = text_trim(name);
    if (name.size == 0 || name.size > PEER_NAME_MAX || trimmed.size != name.size ||
        text_contains(name, TEXT("\n")))
        return err_set(err, ERR_INVALID, "a peer has a name of one line and at most %d bytes",
                       PEER_NAME_MAX);
    return OK;
}

ErrCode peers_add(Store *store, const Peer *peer, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    arena_init(&arena, 2 * PEERS_BYTES_MAX);
    TRY(check_name(peer->name, err));
    TRY(peers_load(store, &arena, &peers, err));
    if (peers.count >= PEERS_MAX)
        return err_set(err, ERR_LIMIT, "a node has at most %d peers", PEERS_MAX);
    for (size_t i = 0; i < peers.count; i++)
        if (text_equal(peers.items[i].name, peer->name) ||
            peers.items[i].node_short == peer->node_short)
            return err_set(err, ERR_CONFLICT,
                           "\"%.*s\" is a peer already: remove it first to change it",
                           TEXT_ARG(peers.items[i].name));
    return save(store, &peers, peer, err);
}

ErrCode peers_remove(Store *store, Text word, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    const Peer *gone = NULL;
    arena_init(&arena, 2 * PEERS_BYTES_MAX);
    TRY(peers_load(store, &arena, &peers, err));
    TRY(peer_named(&peers, word, &gone, err));
    for (size_t i = (size_t)(gone - peers.items); i + 1 < peers.count; i++)
        peers.items[i] = peers.items[i + 1];
    peers.count--;
    return save(store, &peers, NULL, err);
}

const char *peer_key_write(const PublicKey *key, char out[PEER_KEY_TEXT_MAX])
{
    char digits[KEY_DIGITS + 1];
    size_t size = 0;
    bytes_to_hex((Bytes){key->at, PUBLIC_KEY_SIZE}, digits);
    for (size_t i = 0; i < KEY_DIGITS; i++) {
        if (i > 0 && i % 8 == 0) out[size++] = '-';
        out[size++] = digits[i];
    }
    out[size] = '\0';
    return out;
}

ErrCode peer_key_parse(Text text, PublicKey *out_key, Err *err)
{
    char digits[KEY_DIGITS];
    size_t size = 0;
    bool is_too_long = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '-' || text.at[i] == ' ') continue;
        is_too_long = is_too_long || size == KEY_DIGITS;
        if (!is_too_long) digits[size++] = text.at[i];
    }
    if (is_too_long || size != KEY_DIGITS)
        return err_set(
            err, ERR_INVALID,
            "a node's key is %d hexadecimal digits: 'tongpin peers DIR list' there shows it",
            KEY_DIGITS);
    return bytes_from_hex((Text){digits, size}, out_key->at, PUBLIC_KEY_SIZE, err);
}
