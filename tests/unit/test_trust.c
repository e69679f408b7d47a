/* What we promise about the tree of nodes: a certificate counts when its chain leads to the root
 * and not a byte of it was changed; it runs out; and a node that was revoked is believed up to the
 * entry that was named and no further, wherever that is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "journal/certificate.h"
#include "support/play.h"
#include "support/stores.h"
#include "sync/carry.h"
#include "sync/trust.h"

#define BUNDLE_MAX ((size_t)4 << 20)
#define DAY_MS     UINT64_C(86400000)

/* A root, a box below it, and another box. */
typedef struct Tree {
    Play root;
    Play box;
    Play third;
    Store *second;
    Store *other;
    Id company;
    Id north;
    Id south;
} Tree;

static PublicKey key_of(const Play *play)
{
    return signing_key_public(&play->node.signing_key);
}

static void befriend(Play *play, const Play *other, const char *name)
{
    Err err;
    Peer peer = {.name = text_from_z(name),
                 .key = key_of(other),
                 .node_short = other->node.node_short,
                 .warrant = {.is_everything = true}};
    must(peers_add(play->store, &peer, &err), &err);
}

static ErrCode issue(Play *play, PublicKey key, CertificateRole role, Warrant warrant,
                     unsigned days, Err *err)
{
    AUTO(buf_done) Buf out = {0};
    const CertificateWish wish = {
        .key = key, .role = role, .name = TEXT("站"), .warrant = warrant, .days = days};
    buf_init(&out, CERTIFICATE_BYTES_MAX);
    writer_expect();
    must(engine_begin(play->engine, err), err);
    const ErrCode code = trust_issue(play->engine, &play->actor, &wish, &out, err);
    if (code != OK) {
        engine_roll_back(play->engine);
        return code;
    }
    must(engine_commit(play->engine, err), err);
    return OK;
}

static void adopt(Play *from, Play *to)
{
    Err err;
    AUTO(buf_done) Buf chain = {0};
    buf_init(&chain, TRUST_BYTES);
    must(trust_chain(from->store, &from->node, to->node.node_short, &chain, &err), &err);
    must(trust_adopt(to->store, &to->node, buf_as_text(&chain), &err), &err);
}

static Warrant only(Id scope, bool with_below)
{
    return (Warrant){.grants = {{scope, with_below}}, .count = 1};
}

static Id add_project(Play *play, const char *name, Id unit)
{
    return play_add(play, "project", "\"name\":\"%s\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                    name, play_text(unit));
}

static void add_activity(Play *play, Id project)
{
    play_add(play, "activity",
             "\"project\":\"%s\",\"day\":\"2026-06-01\",\"title\":\"会\",\"progress\":\"planned\"",
             play_text(project));
}

static Carried hand_over(Play *from, Play *to, const char *name)
{
    Err err;
    AUTO(buf_done) Buf bundle = {0};
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    const Peer *peer = NULL;
    Written written = {0};
    Carried carried;
    writer_expect();
    arena_init(&arena, (size_t)16 << 20);
    buf_init(&bundle, BUNDLE_MAX);
    must(peers_load(from->store, &arena, &peers, &err), &err);
    must(peer_named(&peers, text_from_z(name), &peer, &err), &err);
    must(carry_write(from->engine, peer, &bundle, &written, &err), &err);
    must(carry_read(to->engine, buf_as_bytes(&bundle), &arena, &carried, &err), &err);
    carried.from = NULL;
    return carried;
}

static Tree *tree_open(Stores *stores)
{
    static Tree tree;
    Err err;
    writer_begin();
    tree.second = stores_another(stores);
    tree.other = stores_another(stores);
    play_join(&tree.root, stores->writer, 1);
    play_join(&tree.box, tree.second, 2);
    play_join(&tree.third, tree.other, 3);
    befriend(&tree.root, &tree.box, "box");
    befriend(&tree.root, &tree.third, "third");
    befriend(&tree.box, &tree.root, "root");
    befriend(&tree.third, &tree.root, "root");
    befriend(&tree.third, &tree.box, "box");
    befriend(&tree.box, &tree.third, "third");
    tree.company = play_add(&tree.root, "unit", "\"name\":\"公司\"");
    tree.north = add_project(&tree.root, "北", tree.company);
    tree.south = add_project(&tree.root, "南", tree.company);
    must(issue(&tree.root, key_of(&tree.box), CERTIFICATE_BOX, only(tree.north, false), 100, &err),
         &err);
    must(
        issue(&tree.root, key_of(&tree.third), CERTIFICATE_HQ, only(tree.company, true), 100, &err),
        &err);
    adopt(&tree.root, &tree.box);
    adopt(&tree.root, &tree.third);
    (void)hand_over(&tree.root, &tree.box, "box");
    (void)hand_over(&tree.root, &tree.third, "third");
    return &tree;
}

static void tree_close(Tree *tree)
{
    play_leave(&tree->third);
    play_leave(&tree->box);
    play_leave(&tree->root);
    store_close(&tree->other);
    store_close(&tree->second);
    writer_end();
}

static Trust judge(Play *play, const Play *about)
{
    Err err;
    Trust trust;
    uint64_t now_ms = 0;
    must(trust_now(play->store, &play->node, &now_ms, &err), &err);
    must(trust_judge(play->store, &play->node, about->node.node_short, now_ms, &play->arena, &trust,
                     &err),
         &err);
    return trust;
}

/* ---- the tree ---- */

static void a_certificate_bounds_what_its_node_gets_and_says(Stores *stores)
{
    Tree *tree = tree_open(stores);
    assert_int_equal(judge(&tree->root, &tree->box).state, TRUST_VALID);
    assert_int_equal(judge(&tree->box, &tree->box).state, TRUST_VALID);
    add_activity(&tree->box, tree->north);
    assert_int_equal(hand_over(&tree->box, &tree->root, "root").bad_segments, 0);
    const Id fake = play_add(&tree->box, "unit", "\"name\":\"别处\"");
    (void)fake;
    const Carried carried = hand_over(&tree->box, &tree->root, "root");
    assert_int_equal(carried.bad_segments, 1);
    assert_int_equal(carried.bad.fault.kind, FAULT_OUT_OF_SCOPE);
    tree_close(tree);
}

static void a_chain_leads_through_who_may_certify_and_within_its_scopes(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Err err;
    SigningKey fourth;
    uint8_t seed[SIGN_SEED_SIZE] = {4};
    signing_key_from_seed(&fourth, seed);
    const PublicKey key = signing_key_public(&fourth);
    const Warrant outside = {.is_everything = true};
    assert_int_equal(issue(&tree->box, key, CERTIFICATE_BOX, only(tree->north, false), 10, &err),
                     ERR_INVALID);
    assert_non_null(strstr(err.message, "may not certify"));
    assert_int_equal(issue(&tree->third, key, CERTIFICATE_BOX, outside, 10, &err), ERR_INVALID);
    must(issue(&tree->third, key, CERTIFICATE_BOX, only(tree->south, false), 1000, &err), &err);
    assert_int_equal(hand_over(&tree->third, &tree->root, "root").bad_segments, 0);
    Trust trust;
    must(trust_judge(tree->root.store, &tree->root.node, node_short_of(&key),
                     tree->root.fake.now_ms, &tree->root.arena, &trust, &err),
         &err);
    assert_int_equal(trust.state, TRUST_VALID);
    /* It ends with its parent's at the latest. */
    assert_true(trust.certificate.until_ms <= tree->root.fake.now_ms + 100 * DAY_MS);
    signing_key_done(&fourth);
    tree_close(tree);
}

static void a_certificate_is_only_for_its_node_and_its_root(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Err err;
    AUTO(buf_done) Buf chain = {0};
    buf_init(&chain, TRUST_BYTES);
    must(trust_chain(tree->root.store, &tree->root.node, tree->box.node.node_short, &chain, &err),
         &err);
    assert_int_equal(trust_adopt(tree->third.store, &tree->third.node, buf_as_text(&chain), &err),
                     ERR_INVALID);
    assert_non_null(strstr(err.message, "another node"));
    for (size_t at = 0; at < chain.size; at++) {
        const uint8_t was = chain.at[at];
        chain.at[at] = was == '0' ? '1' : was == '\n' ? '0' : '0';
        if (chain.at[at] != was)
            assert_int_not_equal(
                trust_adopt(tree->box.store, &tree->box.node, buf_as_text(&chain), &err), OK);
        chain.at[at] = was;
    }
    must(trust_adopt(tree->box.store, &tree->box.node, buf_as_text(&chain), &err), &err);
    tree_close(tree);
}

/* The box signs, and writes the root's name where the issuer stands. */
static void a_certificate_counts_by_who_signed_it(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Err err;
    Id id;
    SigningKey fourth;
    Trust trust;
    AUTO(buf_done) Buf bytes = {0};
    char text[CERTIFICATE_TEXT_MAX];
    char node[NODE_TEXT_MAX];
    uint8_t seed[SIGN_SEED_SIZE] = {4};
    signing_key_from_seed(&fourth, seed);
    const Certificate forged = {.key = signing_key_public(&fourth),
                                .role = CERTIFICATE_HQ,
                                .name = TEXT("假"),
                                .warrant = {.is_everything = true},
                                .issued_ms = 1,
                                .until_ms = tree->root.fake.now_ms * 2};
    buf_init(&bytes, CERTIFICATE_BYTES_MAX);
    certificate_put(&bytes, &forged, &tree->box.node.signing_key);
    for (size_t i = 0; i < 5; i++)
        bytes.at[bytes.size - SIGNATURE_SIZE - 1 - i] =
            (uint8_t)(tree->root.node.node_short >> (8 * i));
    bytes_to_hex(buf_as_bytes(&bytes), text);
    Record record = {.kind = vocab_kind(KIND_CERTIFICATE)};
    const uint64_t short_name = node_short_of(&forged.key);
    record_set_text(&record, CERTIFICATE_NODE, text_from_z(node_write(short_name, node)));
    record_set_text(&record, CERTIFICATE_STATEMENT, text_from_z(text));
    writer_expect();
    must(engine_begin(tree->root.engine, &err), &err);
    must(engine_state(tree->root.engine, &tree->root.actor, &record, &id, &err), &err);
    must(engine_commit(tree->root.engine, &err), &err);
    must(trust_judge(tree->root.store, &tree->root.node, short_name, tree->root.fake.now_ms,
                     &tree->root.arena, &trust, &err),
         &err);
    assert_int_equal(trust.state, TRUST_NONE);
    signing_key_done(&fourth);
    tree_close(tree);
}

/* ---- the end of a certificate ---- */

static void it_runs_out_and_a_new_one_comes_by_itself(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Err err;
    const uint64_t until = judge(&tree->root, &tree->box).certificate.until_ms;
    tree->root.fake.now_ms = until;
    assert_int_equal(judge(&tree->root, &tree->box).state, TRUST_VALID); /* to the last moment */
    tree->root.fake.now_ms = until + 1;
    assert_int_equal(judge(&tree->root, &tree->box).state, TRUST_EXPIRED);
    add_activity(&tree->box, tree->north);
    const Carried refused = hand_over(&tree->box, &tree->root, "root");
    assert_int_equal(refused.bad.fault.kind, FAULT_EXPIRED);
    must(issue(&tree->root, key_of(&tree->box), CERTIFICATE_BOX, only(tree->north, false), 100,
               &err),
         &err);
    tree->box.fake.now_ms = until + 1;
    assert_int_equal(judge(&tree->box, &tree->box).state, TRUST_EXPIRED);
    (void)hand_over(&tree->root, &tree->box, "box");
    assert_int_equal(judge(&tree->box, &tree->box).state, TRUST_VALID);
    assert_int_equal(hand_over(&tree->box, &tree->root, "root").bad_segments, 0);
    tree_close(tree);
}

static void no_clock_that_was_lost_makes_it_younger(Stores *stores)
{
    Tree *tree = tree_open(stores);
    const uint64_t until = judge(&tree->root, &tree->box).certificate.until_ms;
    tree->root.fake.now_ms = until + DAY_MS;
    add_activity(&tree->root, tree->south);
    tree->root.fake.now_ms = 1000;
    assert_int_equal(judge(&tree->root, &tree->box).state, TRUST_EXPIRED);
    tree_close(tree);
}

static void no_box_with_a_clock_in_the_future_makes_others_older(Stores *stores)
{
    Tree *tree = tree_open(stores);
    tree->box.fake.now_ms += 3650 * DAY_MS;
    add_activity(&tree->box, tree->north);
    assert_int_equal(hand_over(&tree->box, &tree->root, "root").bad_segments, 0);
    assert_int_equal(judge(&tree->root, &tree->box).state, TRUST_VALID);
    assert_int_equal(judge(&tree->root, &tree->third).state, TRUST_VALID);
    tree_close(tree);
}

/* ---- revocation ---- */

static void revoke(Play *play, const Play *whom)
{
    Err err;
    writer_expect();
    must(engine_begin(play->engine, &err), &err);
    must(trust_revoke(play->engine, &play->actor, whom->node.node_short, TEXT("丢失"), &err), &err);
    must(engine_commit(play->engine, &err), &err);
}

static void who_is_revoked_counts_up_to_what_was_there(Stores *stores)
{
    Tree *tree = tree_open(stores);
    add_activity(&tree->box, tree->north);
    assert_int_equal(hand_over(&tree->box, &tree->root, "root").new_entries, 1);
    revoke(&tree->root, &tree->box);
    add_activity(&tree->box, tree->north);
    const Carried refused = hand_over(&tree->box, &tree->root, "root");
    assert_int_equal(refused.new_entries, 0);
    assert_int_equal(refused.bad.fault.kind, FAULT_REVOKED);
    assert_int_equal(refused.bad.fault.first_bad, 2);

    /* Who has not heard of it takes both; who has heard takes what came before, and no more. */
    (void)hand_over(&tree->root, &tree->third, "third");
    const Carried late = hand_over(&tree->box, &tree->third, "third");
    assert_int_equal(late.new_entries, 0);
    assert_int_equal(late.bad.fault.kind, FAULT_REVOKED);
    tree_close(tree);
}

static void a_box_revokes_nobody(Stores *stores)
{
    Tree *tree = tree_open(stores);
    revoke(&tree->box, &tree->third);
    const Carried carried = hand_over(&tree->box, &tree->root, "root");
    assert_int_equal(carried.bad_segments, 1);
    assert_int_equal(carried.bad.fault.kind, FAULT_OUT_OF_SCOPE);
    add_activity(&tree->third, tree->south);
    assert_int_equal(hand_over(&tree->third, &tree->root, "root").bad_segments, 0);
    tree_close(tree);
}

static void nothing_goes_to_who_is_revoked(Stores *stores)
{
    Tree *tree = tree_open(stores);
    Err err;
    AUTO(buf_done) Buf bundle = {0};
    Peers peers;
    const Peer *peer = NULL;
    Written written = {0};
    writer_expect();
    revoke(&tree->root, &tree->box);
    buf_init(&bundle, BUNDLE_MAX);
    must(peers_load(tree->root.store, &tree->root.arena, &peers, &err), &err);
    must(peer_named(&peers, TEXT("box"), &peer, &err), &err);
    assert_int_equal(carry_write(tree->root.engine, peer, &bundle, &written, &err), ERR_DENIED);
    tree_close(tree);
}

static void nobody_writes_certificates_by_hand(Stores *stores)
{
    Tree *tree = tree_open(stores);
    const Answer answer =
        play_command(&tree->root, "\"do\":\"revocation.add\",\"fields\":{\"node\":\"0123456789\","
                                  "\"positions\":\"-\"}");
    assert_int_equal(answer.status, ANSWER_REFUSED);
    tree_close(tree);
}

/* ---- the bytes ---- */

static void every_byte_of_a_certificate_counts(void **state)
{
    Err err;
    Certificate read;
    SigningKey root;
    AUTO(buf_done) Buf bytes = {0};
    uint8_t seed[SIGN_SEED_SIZE] = {1};
    (void)state;
    signing_key_from_seed(&root, seed);
    const PublicKey key = signing_key_public(&root);
    const Certificate certificate = {.key = key,
                                     .role = CERTIFICATE_BOX,
                                     .name = TEXT("某变电站"),
                                     .warrant = {.grants = {{{{7}}, true}}, .count = 1},
                                     .issued_ms = 5,
                                     .until_ms = 9};
    buf_init(&bytes, CERTIFICATE_BYTES_MAX);
    certificate_put(&bytes, &certificate, &root);
    must(certificate_read(buf_as_bytes(&bytes), &read, &err), &err);
    assert_true(certificate_is_signed(&read, &key));
    assert_true(text_equal(read.name, certificate.name));
    assert_int_equal(read.issuer, node_short_of(&key));
    assert_true(read.warrant.grants[0].with_below);
    for (size_t at = 0; at < bytes.size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes.at[at] ^= (uint8_t)(1U << bit);
            if (certificate_read(buf_as_bytes(&bytes), &read, &err) == OK)
                assert_false(certificate_is_signed(&read, &key));
            bytes.at[at] ^= (uint8_t)(1U << bit);
        }
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(certificate_read((Bytes){bytes.at, size}, &read, &err), ERR_CORRUPT);
    buf_add_byte(&bytes, 0);
    assert_int_equal(certificate_read(buf_as_bytes(&bytes), &read, &err), ERR_CORRUPT);
    signing_key_done(&root);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(bounds, a_certificate_bounds_what_its_node_gets_and_says)
ON_EACH(chains, a_chain_leads_through_who_may_certify_and_within_its_scopes)
ON_EACH(only_for, a_certificate_is_only_for_its_node_and_its_root)
ON_EACH(signers, a_certificate_counts_by_who_signed_it)
ON_EACH(ends, it_runs_out_and_a_new_one_comes_by_itself)
ON_EACH(lost_clock, no_clock_that_was_lost_makes_it_younger)
ON_EACH(future_clock, no_box_with_a_clock_in_the_future_makes_others_older)
ON_EACH(revoked, who_is_revoked_counts_up_to_what_was_there)
ON_EACH(rogue, a_box_revokes_nobody)
ON_EACH(nothing_goes, nothing_goes_to_who_is_revoked)
ON_EACH(by_hand, nobody_writes_certificates_by_hand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds),       cmocka_unit_test(chains),
        cmocka_unit_test(only_for),     cmocka_unit_test(ends),
        cmocka_unit_test(signers),      cmocka_unit_test(lost_clock),
        cmocka_unit_test(future_clock), cmocka_unit_test(revoked),
        cmocka_unit_test(rogue),        cmocka_unit_test(nothing_goes),
        cmocka_unit_test(by_hand),      cmocka_unit_test(every_byte_of_a_certificate_counts),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
