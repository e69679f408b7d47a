/* Requests that wait at headquarters, and the chain that goes back. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "sync/enrol.h"
#include "sync/peers.h"
#include "sync/sealing.h"
#include "sync/trust_chain.h"

#define META_ENROLMENTS TEXT("enrolments")
#define KEPT_BYTES_MAX  ((size_t)256 * 1024)
#define DAY_MS          UINT64_C(86400000)
#define GRANT_HEAD      "tongpin certificate 1"

/* One line for each: taken, account, role, scopes, request. */
static ErrCode read_line(Text line, Arena *arena, Enrolment *out, Err *err)
{
    int64_t taken = 0;
    int64_t role = 0;
    Enrolment enrolment = {.taken_ms = 0};
    TRY(text_to_int(text_split(&line, ' '), &taken, err));
    TRY(id_parse(text_split(&line, ' '), &enrolment.approved_by, err));
    TRY(text_to_int(text_split(&line, ' '), &role, err));
    TRY(warrant_parse(text_split(&line, ' '), &enrolment.warrant, err));
    uint8_t *bytes = arena_array(arena, uint8_t, line.size / 2 + 1);
    if (bytes == NULL) return list_full(line.size, err);
    TRY(bytes_from_hex(line, bytes, line.size / 2, err));
    enrolment.taken_ms = (uint64_t)taken;
    enrolment.role = (CertificateRole)role;
    enrolment.bytes = (Bytes){bytes, line.size / 2};
    TRY(enrol_read(enrolment.bytes, &enrolment.request, err));
    (void)enrol_words(enrolment.bytes, enrolment.words);
    *out = enrolment;
    return OK;
}

ErrCode enrolments_load(Store *store, const Node *node, Arena *arena, Enrolments *out_enrolments,
                        Err *err)
{
    Text kept = {0};
    bool found = false;
    Enrolments list = {NULL, 0};
    const uint64_t now_ms = host_now_ms(node->host);
    TRY(meta_find(store, META_ENROLMENTS, arena, &found, &kept, err));
    while (found && kept.size > 0) {
        Enrolment next;
        TRY(read_line(text_split(&kept, '\n'), arena, &next, err));
        if (now_ms > next.taken_ms + ENROL_DAYS * DAY_MS) continue;
        list.items = list_grow(arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        list.items[list.count++] = next;
    }
    *out_enrolments = list;
    return OK;
}

static ErrCode save(Store *store, const Enrolments *list, Err *err)
{
    AUTO(buf_done) Buf buf = {0};
    AUTO(tx_rollback) Tx tx = {0};
    buf_init(&buf, KEPT_BYTES_MAX);
    for (size_t i = 0; i < list->count; i++) {
        const Enrolment *item = &list->items[i];
        char id[ID_TEXT_MAX];
        char scopes[WARRANT_TEXT_MAX];
        char digits[2 * ENROL_BYTES_MAX + 1];
        bytes_to_hex(item->bytes, digits);
        buf_format(&buf, "%" PRIu64 " %s %d %s %s\n", item->taken_ms,
                   id_write(item->approved_by, id), (int)item->role,
                   warrant_write(&item->warrant, scopes), digits);
    }
    TRY(buf_check(&buf, err));
    TRY(tx_begin(&tx, store, err));
    TRY(meta_save(store, META_ENROLMENTS, buf.size == 0 ? TEXT("") : buf_as_text(&buf), err));
    return tx_commit(&tx, err);
}

static Enrolment *find_by_words(const Enrolments *list, const char *words)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].words, words) == 0) return &list->items[i];
    return NULL;
}

/* Who has a certificate is renewed, and who was revoked comes with new keys. */
static ErrCode check_new(Store *store, const Node *node, const PublicKey *key, Arena *arena,
                         Err *err)
{
    Trust trust;
    bool is_revoked = false;
    uint64_t last = 0;
    const StreamName any = {.node_short = node_short_of(key)};
    TRY(trust_judge(store, node, any.node_short, host_now_ms(node->host), arena, &trust, err));
    TRY(trust_limit(store, node, &any, &is_revoked, &last, err));
    if (is_revoked)
        return err_set(err, ERR_CONFLICT, "that node was revoked: set it up anew, with new keys");
    if (trust.state != TRUST_NONE)
        return err_set(err, ERR_CONFLICT, "that node has a certificate: 'tongpin peers DIR renew'");
    return OK;
}

ErrCode enrolments_add(Store *store, const Node *node, Bytes request,
                       char out_words[ENROL_WORDS_MAX], Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Enrolments list;
    Enrolment next = {.bytes = request, .role = CERTIFICATE_BOX};
    arena_init(&arena, (size_t)4 << 20);
    if (request.size > ENROL_BYTES_MAX)
        return err_set(err, ERR_INVALID, "this is no request of a new node: it is too long");
    TRY(enrol_read(request, &next.request, err));
    TRY(check_new(store, node, &next.request.key, &arena, err));
    TRY(enrolments_load(store, node, &arena, &list, err));
    (void)enrol_words(request, next.words);
    memcpy(out_words, next.words, ENROL_WORDS_MAX);
    if (find_by_words(&list, next.words) != NULL) return OK;
    if (list.count >= ENROLMENTS_MAX)
        return err_set(err, ERR_LIMIT, "%d requests wait already", ENROLMENTS_MAX);
    next.taken_ms = host_now_ms(node->host);
    list.items = list_grow(&arena, list.items, sizeof list.items[0], list.count);
    if (list.items == NULL) return list_full(list.count, err);
    list.items[list.count++] = next;
    return save(store, &list, err);
}

/* ---- approving ---- */

static bool is_same_wish(const Enrolment *enrolment, const EnrolWish *wish)
{
    char one[WARRANT_TEXT_MAX];
    char two[WARRANT_TEXT_MAX];
    return enrolment->role == wish->role &&
           strcmp(warrant_write(&enrolment->warrant, one), warrant_write(&wish->warrant, two)) == 0;
}

static ErrCode issue(Engine *engine, const Actor *actor, const Enrolment *enrolment, Err *err)
    ONLY_ON(writer_role)
{
    AUTO(buf_done) Buf out = {0};
    CertificateWish wish = {.key = enrolment->request.key,
                            .role = enrolment->role,
                            .name = enrolment->request.name,
                            .warrant = enrolment->warrant};
    memcpy(wish.sealing, enrolment->request.sealing, sizeof wish.sealing);
    buf_init(&out, CERTIFICATE_BYTES_MAX);
    TRY(engine_begin(engine, err));
    ErrCode code = trust_issue(engine, actor, &wish, &out, err);
    if (code == OK) code = engine_commit(engine, err);
    if (code != OK) engine_roll_back(engine);
    return code;
}

/* A peer that was added by hand becomes one that is certified; its name must be free. */
static ErrCode make_room(Store *store, const Enrolment *enrolment, Arena *arena, Err *err)
{
    Peers peers;
    TRY(peers_load(store, arena, &peers, err));
    const Peer *same = peer_by_node(&peers, node_short_of(&enrolment->request.key));
    for (size_t i = 0; i < peers.count; i++)
        if (&peers.items[i] != same && text_equal(peers.items[i].name, enrolment->request.name))
            return err_set(err, ERR_CONFLICT,
                           "another peer is called \"%.*s\": remove it first, or give the new node "
                           "another name",
                           TEXT_ARG(enrolment->request.name));
    return same == NULL ? OK : peers_remove(store, same->name, err);
}

static ErrCode make_peer(Store *store, const Enrolment *enrolment, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    ReaderKey sealing;
    const Peer peer = {.name = enrolment->request.name,
                       .key = enrolment->request.key,
                       .node_short = node_short_of(&enrolment->request.key),
                       .warrant = enrolment->warrant};
    memcpy(sealing.at, enrolment->request.sealing, sizeof sealing.at);
    TRY(peers_add(store, &peer, err));
    TRY(tx_begin(&tx, store, err));
    TRY(sealing_keep(store, peer.node_short, 0, &sealing, err));
    return tx_commit(&tx, err);
}

static ErrCode approve_first(Store *store, const EnrolWish *wish, Enrolments *list,
                             Enrolment *enrolment, Err *err)
{
    enrolment->approved_by = wish->account;
    enrolment->role = wish->role;
    enrolment->warrant = wish->warrant;
    return save(store, list, err);
}

ErrCode enrol_approve(Engine *engine, const Actor *actor, const EnrolWish *wish, uint64_t *out_node,
                      Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    char words[ENROL_WORDS_MAX];
    Enrolments list;
    Store *store = engine_store(engine);
    arena_init(&arena, (size_t)4 << 20);
    *out_node = 0;
    TRY(enrol_words_parse(wish->words, words, err));
    TRY(enrolments_load(store, engine_node(engine), &arena, &list, err));
    Enrolment *enrolment = find_by_words(&list, words);
    if (enrolment == NULL)
        return err_set(err, ERR_NOT_FOUND,
                       "no request with the words %s waits here; one counts for %d days", words,
                       ENROL_DAYS);
    TRY(check_new(store, engine_node(engine), &enrolment->request.key, &arena, err));
    if (id_is_nil(enrolment->approved_by)) return approve_first(store, wish, &list, enrolment, err);
    if (id_equal(enrolment->approved_by, wish->account))
        return err_set(err, ERR_CONFLICT,
                       "you approved it already: now it is somebody else's turn");
    if (!is_same_wish(enrolment, wish))
        return err_set(err, ERR_CONFLICT,
                       "the first approval was for another role or for other scopes: see "
                       "'tongpin enrolments DIR list'");
    TRY(make_room(store, enrolment, &arena, err));
    TRY(issue(engine, actor, enrolment, err));
    TRY(make_peer(store, enrolment, err));
    *out_node = node_short_of(&enrolment->request.key);
    *enrolment = list.items[--list.count];
    return save(store, &list, err);
}

/* ---- what goes back ---- */

ErrCode enrol_grant(Store *store, const Node *node, uint64_t node_short, Buf *out, Err *err)
{
    buf_format(out, GRANT_HEAD "\n%.*s\n", TEXT_ARG(node->name));
    return trust_chain(store, node, node_short, out, err);
}

ErrCode enrol_accept(Store *store, const Node *node, Text grant, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Chained chain;
    Peers peers;
    arena_init(&arena, (size_t)8 << 20);
    if (!text_is(text_split(&grant, '\n'), GRANT_HEAD))
        return err_set(err, ERR_INVALID, "this is no certificate of a node");
    Peer parent = {.name = text_split(&grant, '\n'), .warrant = {.is_everything = true}};
    TRY(trust_adopt(store, node, grant, err));
    TRY(chain_load(store, &arena, &chain, err));
    parent.key = chain.count > 1 ? chain.links[chain.count - 2].key : chain.root;
    parent.node_short = node_short_of(&parent.key);
    TRY(peers_load(store, &arena, &peers, err));
    return peer_by_node(&peers, parent.node_short) != NULL ? OK : peers_add(store, &parent, err);
}
