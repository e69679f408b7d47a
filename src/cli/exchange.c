#include <inttypes.h>
#include <string.h>

#include "answer/conflicts.h"
#include "cli/show.h"
#include "engine/fork.h"
#include "engine/life.h"
#include "host/file.h"
#include "sync/carry.h"
#include "sync/pair.h"
#include "sync/receipts.h"
#include "sync/sealed_bundle.h"
#include "sync/stick.h"
#include "sync/trust.h"

#define READ_ARENA_BYTES ((size_t)1 << 30)
#define CLOCK_OFF_MS     INT64_C(120000)
#define PEERS_ROOM       ((size_t)8 << 20)

static ErrCode word_of(const char *z, Text *out_text, Err *err)
{
    return text_from_bytes((Bytes){(const uint8_t *)z, strlen(z)}, out_text, err);
}

/* ---- peers ---- */

static void print_peer(Text name, uint64_t node_short, const PublicKey *key)
{
    char node[NODE_TEXT_MAX];
    char text[PEER_KEY_TEXT_MAX];
    printf("%s  %s  %.*s\n", node_write(node_short, node), peer_key_write(key, text),
           TEXT_ARG(name));
}

static void print_own_sealing(const Node *node)
{
    ReaderSecret secret;
    ReaderKey key;
    char text[AGE_KEY_TEXT_MAX];
    if (!sealing_own(node, &secret, &key)) {
        printf("            no sealing key yet: the next start makes one\n");
        return;
    }
    reader_secret_done(&secret);
    printf("            sealing key %s\n", age_key_write(&key, text));
}

static ErrCode print_sealing(Store *store, const Peer *peer, Err *err)
{
    ReaderKey key;
    char text[AGE_KEY_TEXT_MAX];
    bool found = false;
    TRY(sealing_find(store, peer->node_short, &found, &key, err));
    if (found)
        printf("            sealing key %s\n", age_key_write(&key, text));
    else
        printf("            no sealing key yet: its first bundle brings it\n");
    return OK;
}

/* What its certificate says, where it has one. */
static ErrCode print_trust(const Look *look, uint64_t node_short, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    static const char *const words[] = {"", "certified until", "certificate ran out on"};
    uint64_t now_ms = 0;
    bool is_revoked = false;
    uint64_t last = 0;
    char day[DAY_TEXT_MAX];
    Trust trust;
    const StreamName any = {.node_short = node_short};
    arena_init(&arena, TRUST_DEPTH_MAX * TRUST_BYTES);
    TRY(trust_now(look->store, &look->node, &now_ms, err));
    TRY(trust_judge(look->store, &look->node, node_short, now_ms, &arena, &trust, err));
    TRY(trust_limit(look->store, &look->node, &any, &is_revoked, &last, err));
    if (is_revoked) printf("            revoked\n");
    if (trust.state == TRUST_NONE) return OK;
    const Day until = day_of_ms(trust.certificate.until_ms, look->node.utc_offset_minutes);
    printf("            %s %s\n", words[trust.state], day_write(until, day));
    return OK;
}

/* Nodes that wrote two histories. */
static ErrCode print_forks(Store *store, Arena *arena, Err *err)
{
    Fork *forks = NULL;
    size_t count = 0;
    TRY(forks_load(store, arena, &forks, &count, err));
    for (size_t i = 0; i < count; i++) {
        char node[NODE_TEXT_MAX];
        char stream[STREAM_NAME_TEXT_MAX];
        char here[DIGEST_TEXT_MAX];
        char there[DIGEST_TEXT_MAX];
        const Fork *fork = &forks[i];
        printf("ALARM: node %s wrote two histories of %s, from entry %" PRIu64
               " on; what it wrote later in epoch %u is held back\n",
               node_write(fork->stream.node_short, node), stream_write(&fork->stream, stream),
               fork->seq, fork->stream.epoch);
        printf("            signed up to %" PRIu64 ": %s\n", fork->there.last,
               digest_write(&fork->there.head, there));
        if (fork->has_here)
            printf("            and here up to %" PRIu64 ": %s\n", fork->here.last,
                   digest_write(&fork->here.head, here));
    }
    return OK;
}

/* How things stand with it, since the last session. */
static ErrCode print_pair(Store *store, const Peer *peer, int64_t now_ms, Err *err)
{
    Pair pair;
    int64_t signed_for = 0;
    TRY(pair_load(store, peer->node_short, &pair, err));
    TRY(receipts_count(store, peer, &signed_for, err));
    if (signed_for > 0) printf("            has signed for %" PRId64 " entries\n", signed_for);
    if (pair.last_ms == 0) return OK;
    const int64_t minutes = (now_ms - pair.last_ms) / 60000;
    if (pair.is_in_step)
        printf("            in step, as of %" PRId64 " min ago\n", minutes);
    else
        printf("            %" PRId64 " entries behind there and %" PRId64 " here, for %" PRId64
               " min; spoke %" PRId64 " min ago\n",
               pair.behind_there, pair.behind_here, (now_ms - pair.since_ms) / 60000, minutes);
    if (pair.clock_ms > CLOCK_OFF_MS || pair.clock_ms < -CLOCK_OFF_MS)
        printf("            its clock is %" PRId64 " min ahead of ours\n", pair.clock_ms / 60000);
    return OK;
}

static ErrCode list_peers(const Options *options, Err *err)
{
    AUTO(look_close) Look look = {0};
    Peers peers;
    TRY(look_open(&look, options, err));
    TRY(peers_load(look.store, &look.arena, &peers, err));
    const PublicKey own = signing_key_public(&look.node.signing_key);
    printf("this node:\n");
    print_peer(look.node.name, look.node.node_short, &own);
    print_own_sealing(&look.node);
    TRY(print_trust(&look, look.node.node_short, err));
    printf(peers.count == 0 ? "no peers yet\n" : "peers:\n");
    for (size_t i = 0; i < peers.count; i++) {
        print_peer(peers.items[i].name, peers.items[i].node_short, &peers.items[i].key);
        char scopes[WARRANT_TEXT_MAX];
        if (!peers.items[i].warrant.is_everything)
            printf("            only %s\n", warrant_write(&peers.items[i].warrant, scopes));
        TRY(print_sealing(look.store, &peers.items[i], err));
        TRY(print_trust(&look, peers.items[i].node_short, err));
        TRY(print_pair(look.store, &peers.items[i], (int64_t)host_now_ms(look.node.host), err));
    }
    return print_forks(look.store, &look.arena, err);
}

static ErrCode peer_of(const Options *options, Peer *out_peer, Err *err)
{
    const char *key = option_value(options, "--key");
    const char *scopes = option_value(options, "--scope");
    Text text = {0};
    Peer peer = {0};
    if (key == NULL)
        return err_set(err, ERR_INVALID,
                       "say --key KEY: 'tongpin peers DIR list' on that node shows it");
    TRY(word_of(options->positionals[2], &peer.name, err));
    TRY(word_of(key, &text, err));
    TRY(peer_key_parse(text, &peer.key, err));
    peer.node_short = node_short_of(&peer.key);
    TRY(word_of(scopes == NULL ? "" : scopes, &text, err));
    TRY(warrant_parse(text, &peer.warrant, err));
    *out_peer = peer;
    return OK;
}

/* Said by a person, or learned later from the peer's first bundle. */
static ErrCode keep_sealing(const Options *options, Store *store, const Peer *peer, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    ReaderKey key;
    Text text = {0};
    const char *word = option_value(options, "--sealing");
    if (word == NULL) return OK;
    TRY(word_of(word, &text, err));
    TRY(age_key_parse(text, &key, err));
    TRY(tx_begin(&tx, store, err));
    TRY(sealing_keep(store, peer->node_short, 0, &key, err));
    return tx_commit(&tx, err);
}

/* A peer that is there already may be told its sealing key. */
static ErrCode add_to_list(const Options *options, Store *store, const Peer *peer, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    arena_init(&arena, PEERS_ROOM);
    TRY(peers_load(store, &arena, &peers, err));
    const Peer *there = peer_by_node(&peers, peer->node_short);
    const bool is_same = there != NULL && text_equal(there->name, peer->name) &&
                         public_key_equal(&there->key, &peer->key);
    if (!is_same || !option_given(options, "--sealing")) TRY(peers_add(store, peer, err));
    return keep_sealing(options, store, peer, err);
}

static ErrCode add_peer(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    Peer peer;
    TRY(cli_said(peer_of(options, &peer, err), out_exit));
    TRY(hand_open(&hand, options->positionals[0], err));
    if (peer.node_short == hand.node.node_short)
        return err_set(err, ERR_INVALID, "that is the key of this very node");
    TRY(cli_said(add_to_list(options, hand.store, &peer, err), out_exit));
    print_peer(peer.name, peer.node_short, &peer.key);
    return OK;
}

/* By the name of a peer, or by the ten digits of any node's short name. */
static ErrCode node_named(Hand *hand, Text word, uint64_t *out_node, const Peer **out_peer,
                          Err *err)
{
    Peers peers;
    uint8_t digits[5];
    Err why;
    *out_peer = NULL;
    TRY(peers_load(hand->store, &hand->arena, &peers, err));
    if (peer_named(&peers, word, out_peer, err) == OK) {
        *out_node = (*out_peer)->node_short;
        return OK;
    }
    if (bytes_from_hex(word, digits, sizeof digits, &why) != OK) return err->code;
    *out_node = 0;
    for (size_t i = 0; i < sizeof digits; i++)
        *out_node = *out_node << 8 | digits[i];
    return OK;
}

static ErrCode renew(Hand *hand, uint64_t node_short, Err *err) ONLY_ON(writer_role)
{
    AUTO(buf_done) Buf out = {0};
    Trust trust;
    uint64_t now_ms = 0;
    buf_init(&out, CERTIFICATE_BYTES_MAX);
    TRY(trust_now(hand->store, &hand->node, &now_ms, err));
    TRY(trust_judge(hand->store, &hand->node, node_short, now_ms, &hand->arena, &trust, err));
    if (trust.state == TRUST_NONE || trust.certificate.issuer != hand->node.node_short)
        return err_set(err, ERR_INVALID, "this node did not certify it: see 'tongpin enrolments'");
    CertificateWish wish = {.key = trust.certificate.key,
                            .role = trust.certificate.role,
                            .name = trust.certificate.name,
                            .warrant = trust.certificate.warrant};
    memcpy(wish.sealing, trust.certificate.sealing, sizeof wish.sealing);
    return trust_issue(hand->engine, &hand->actor, &wish, &out, err);
}

/* One group: what is said about a node is recorded, or nothing is. */
static ErrCode say_of_node(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    Text name;
    Text reason = {0};
    uint64_t node_short = 0;
    const Peer *peer = NULL;
    const bool is_renewal = strcmp(options->positionals[1], "renew") == 0;
    const char *why = option_value(options, "--reason");
    TRY(word_of(options->positionals[2], &name, err));
    TRY(word_of(why == NULL ? "" : why, &reason, err));
    TRY(hand_open(&hand, options->positionals[0], err));
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(node_named(&hand, name, &node_short, &peer, err));
    TRY(engine_begin(hand.engine, err));
    ErrCode code = is_renewal ? renew(&hand, node_short, err)
                              : trust_revoke(hand.engine, &hand.actor, node_short, reason, err);
    if (code == OK) code = engine_commit(hand.engine, err);
    if (code != OK) {
        engine_roll_back(hand.engine);
        return cli_said(code, out_exit);
    }
    if (is_renewal) {
        printf("renewed; the certificate goes there with the next exchange\n");
        return OK;
    }
    if (peer != NULL) TRY(peers_remove(hand.store, peer->name, err));
    printf("revoked: nothing it writes from now on is accepted where this is known\n");
    return OK;
}

ErrCode cli_peers(const Options *options, Exit *out_exit, Err *err)
{
    const char *what = options->positionals[1];
    if (strcmp(what, "list") == 0) return list_peers(options, err);
    if (options->positional_count < 3) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say which node: %s NAME", what);
    }
    if (strcmp(what, "add") == 0) return add_peer(options, out_exit, err);
    if (strcmp(what, "renew") == 0 || strcmp(what, "revoke") == 0)
        return say_of_node(options, out_exit, err);
    AUTO(hand_close) Hand hand = {0};
    Text name;
    TRY(word_of(options->positionals[2], &name, err));
    TRY(hand_open(&hand, options->positionals[0], err));
    return peers_remove(hand.store, name, err);
}

/* ---- bundle write ---- */

/* For a bundle that anybody may read there is no key. */
static ErrCode put_on_stick(const Host *host, const char *path, const Peer *peer,
                            const ReaderKey *sealing, Bytes bundle, Err *err)
{
    AUTO(stick_done) Stick stick = {0};
    TRY(stick_begin(&stick, host, path, STICK_PART_BYTES, err));
    if (sealing == NULL)
        TRY(stick_put(&stick, bundle, err));
    else
        TRY(sealed_bundle_write(host, peer->node_short, sealing, bundle, stick_put, &stick, err));
    return stick_end(&stick, err);
}

static ErrCode write_for(Hand *hand, const Peer *peer, const char *path, bool is_plain, Err *err)
{
    AUTO(buf_done) Buf bundle = {0};
    ReaderKey sealing;
    Written written = {0};
    writer_expect(); /* hand_open() made this thread the writer */
    buf_init(&bundle, CARRY_BYTES_MAX);
    if (!is_plain) TRY(sealing_load(hand->store, peer->node_short, peer->name, &sealing, err));
    TRY(carry_write(hand->engine, peer, &bundle, &written, err));
    TRY(put_on_stick(hand->node.host, path, peer, is_plain ? NULL : &sealing, buf_as_bytes(&bundle),
                     err));
    printf("%s: %" PRId64 " entries in %" PRId64 " segments for %.*s, %zu bytes, %s\n", path,
           written.entry_count, written.segment_count, TEXT_ARG(peer->name), bundle.size,
           is_plain ? "to be read by anybody" : "sealed");
    if (written.withheld_count > 0)
        printf("%" PRId64 " streams stay here: the keys of their nodes are not known\n",
               written.withheld_count);
    if (written.is_cut) printf("more is left: write another bundle when this one has arrived\n");
    printf("read again and the same: safe to remove\n");
    return OK;
}

static ErrCode write_bundle(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    const char *to = option_value(options, "--to");
    Peers peers;
    const Peer *peer = NULL;
    Text name;
    if (to == NULL) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "say --to NODE: a peer of this node");
    }
    TRY(word_of(to, &name, err));
    TRY(hand_open(&hand, options->positionals[1], err));
    TRY(peers_load(hand.store, &hand.arena, &peers, err));
    TRY(peer_named(&peers, name, &peer, err));
    return cli_said(
        write_for(&hand, peer, options->positionals[2], option_given(options, "--plain"), err),
        out_exit);
}

/* ---- bundle read ---- */

static void print_missing(const Carried *carried)
{
    for (size_t i = 0; i < carried->missing_count; i++) {
        char stream[STREAM_NAME_TEXT_MAX];
        const Missing *missing = &carried->missing[i];
        printf("missing: entries %" PRIu64 " to %" PRIu64 " of %s\n", missing->first, missing->last,
               stream_write(&missing->stream, stream));
    }
}

static void print_carried(const Carried *carried, size_t size)
{
    if (carried->from != NULL) printf("from %.*s\n", TEXT_ARG(carried->from->name));
    printf("%" PRId64 " new entries in %" PRId64 " segments; %" PRId64 " segments were here\n",
           carried->new_entries, carried->new_segments, carried->known_segments);
    if (carried->arrived_entries >= 0)
        printf("%" PRId64 " entries of this node have arrived there\n", carried->arrived_entries);
    print_missing(carried);
    if (carried->future_segments > 0)
        printf("%" PRId64 " segments are stamped in the future: a clock there is wrong\n",
               carried->future_segments);
    if (carried->unknown_segments > 0)
        printf("%" PRId64 " segments are of nodes that nobody vouches for\n",
               carried->unknown_segments);
    if (!carried->is_whole)
        printf("damaged after %zu of %zu bytes (%s): have it written again\n", carried->good_bytes,
               size, fault_name(carried->damage.kind));
}

/* The file as it is, or what it was sealed around. */
static ErrCode open_file(const Hand *hand, const char *path, Buf *out, Unsealed *out_unsealed,
                         Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    StickReader file;
    Peers peers;
    arena_init(&arena, PEERS_ROOM);
    buf_init(out, CARRY_BYTES_MAX);
    TRY(peers_load(hand->store, &arena, &peers, err));
    stick_open(&file, hand->node.host, path);
    return sealed_bundle_read(&hand->node, &peers, stick_get, &file, out, out_unsealed, err);
}

/* Others hold more of what this node wrote than it does: its disk was put back, or copied. */
static ErrCode live_on(Hand *hand, unsigned seen, Err *err) ONLY_ON(writer_role)
{
    TRY(life_next(&hand->engine, &hand->node, hand->store, seen, err));
    printf("this node was restored or copied: it goes on in epoch %u, and learns again what it "
           "wrote before\n",
           hand->node.epoch);
    return OK;
}

/* The answer goes back on the same stick. */
static ErrCode reply(Hand *hand, const Options *options, const Carried *carried, Err *err)
{
    const char *path = option_value(options, "--reply");
    if (path == NULL) return OK;
    if (carried->from == NULL)
        return err_set(err, ERR_CORRUPT,
                       "who wrote this bundle cannot be seen: there is nobody to reply to");
    return write_for(hand, carried->from, path, option_given(options, "--plain"), err);
}

static ErrCode read_bundle(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    AUTO(buf_done) Buf bundle = {0};
    AUTO(arena_done) Arena arena = {0};
    Carried carried;
    Unsealed unsealed;
    arena_init(&arena, READ_ARENA_BYTES);
    TRY(hand_open(&hand, options->positionals[1], err));
    TRY(open_file(&hand, options->positionals[2], &bundle, &unsealed, err));
    if (unsealed.is_damaged && bundle.size == 0)
        return err_set(err, ERR_CORRUPT, "%.200s", unsealed.words);
    if (unsealed.is_damaged) printf("%s\n", unsealed.words);
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(carry_read(hand.engine, buf_as_bytes(&bundle), &arena, &carried, err));
    if (carried.is_rolled_back) {
        TRY(live_on(&hand, carried.own_epoch, err));
        TRY(carry_read(hand.engine, buf_as_bytes(&bundle), &arena, &carried, err));
    }
    print_carried(&carried, bundle.size);
    TRY(reply(&hand, options, &carried, err));
    if (!carried.is_whole || carried.missing_count > 0 || carried.unknown_segments > 0)
        *out_exit = EXIT_NO;
    if (carried.bad_segments == 0) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, ERR_CORRUPT, "%" PRId64 " segments were not taken in; the first: %.180s",
                   carried.bad_segments, carried.bad.words);
}

ErrCode cli_bundle(const Options *options, Exit *out_exit, Err *err)
{
    const bool is_write = strcmp(options->positionals[0], "write") == 0;
    return is_write ? write_bundle(options, out_exit, err) : read_bundle(options, out_exit, err);
}

/* ---- conflicts ---- */

static ErrCode ask_conflicts(const View *view, void *context, Emit *emit, Err *err)
{
    (void)context;
    const ListAsk all = {.page = 1, .size = PAGE_SIZE_ALL};
    return answer_conflicts(view, &all, emit, err);
}

static void add_value(Table *table, const DocValue *value)
{
    char number[24];
    switch (doc_type(value)) {
    case DOC_TEXT: table_add(table, doc_text(value)); return;
    case DOC_INT:
        (void)snprintf(number, sizeof number, "%" PRId64, doc_int(value));
        table_add_z(table, number);
        return;
    case DOC_BOOL: table_add_z(table, doc_bool(value) ? "true" : "false"); return;
    case DOC_OBJECT: table_add(table, show_text(value, "name")); return; /* a thing */
    default: table_add_z(table, ""); return;
    }
}

static void fill_conflicts(const DocValue *root, Table *table)
{
    static const char *const heading[] = {"类别", "对象", "字段", "显示", "另写", "记录节点"};
    const DocValue *items = doc_get(root, "items");
    show_heading(table, heading);
    for (size_t i = 0; i < doc_count(items); i++) {
        const DocValue *item = doc_at(items, i);
        table_add(table, show_text(item, "kind"));
        table_add(table, show_text(doc_get(item, "thing"), "name"));
        table_add(table, show_text(item, "zh"));
        add_value(table, doc_get(item, "shown"));
        add_value(table, doc_get(item, "rival"));
        table_add(table, show_text(item, "node"));
    }
}

ErrCode cli_conflicts(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(look_close) Look look = {0};
    TRY(look_open(&look, options, err));
    const Show show = {options, ask_conflicts, NULL, fill_conflicts, 6, NULL, out_exit};
    return show_run(&show, &look, err);
}
