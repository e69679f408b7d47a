/* What we promise about nodes that were put back from an image, copied, or that lie: two histories
 * are proven by both signatures, their node is held to what is here, everybody else goes on; and an
 * honest one opens its next epoch, learns again what it wrote, and loses nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/fork.h"
#include "engine/life.h"
#include "engine/verify.h"
#include "support/meet.h"
#include "support/stores.h"
#include "sync/carry.h"

#define ROOM ((size_t)8 << 20)

static const Warrant everything = {.is_everything = true};

typedef struct Trio {
    Play author; /* the node that has a second life */
    Play copy;   /* the same keys on another disk */
    Play witness;
    Store *copied;
    Store *third;
    Id unit;
} Trio;

static Trio trio;

static void befriend(Play *play, const Play *other, const char *name)
{
    Err err;
    Peer peer = {.name = text_from_z(name),
                 .node_short = other->node.node_short,
                 .warrant = everything,
                 .key = signing_key_public(&other->node.signing_key)};
    must(peers_add(play->store, &peer, &err), &err);
}

static Id add_unit(Play *play)
{
    return play_add(play, "unit", "\"name\":\"公司\"");
}

static void add_person(Play *play, const char *name)
{
    play_add(play, "person", "\"name\":\"%s\",\"unit\":\"%s\"", name, play_text(trio.unit));
}

/* Author and copy are alike, byte for byte, up to their unit. */
static void trio_open(Stores *stores)
{
    writer_begin();
    trio.copied = stores_another(stores);
    trio.third = stores_another(stores);
    play_join(&trio.author, stores->writer, 1);
    play_join(&trio.copy, trio.copied, 1);
    play_join(&trio.witness, trio.third, 2);
    befriend(&trio.author, &trio.witness, "witness");
    befriend(&trio.copy, &trio.witness, "witness");
    befriend(&trio.witness, &trio.author, "author");
    trio.unit = add_unit(&trio.author);
    const Id same = add_unit(&trio.copy);
    assert_true(id_equal(trio.unit, same));
}

static void trio_close(void)
{
    play_leave(&trio.witness);
    play_leave(&trio.copy);
    play_leave(&trio.author);
    store_close(&trio.third);
    store_close(&trio.copied);
    writer_end();
}

static void write_bundle(Play *from, const char *to, Buf *out)
{
    Err err;
    Peers peers;
    const Peer *peer = NULL;
    Written written;
    writer_expect();
    buf_done(out);
    buf_init(out, ROOM);
    must(peers_load(from->store, &from->arena, &peers, &err), &err);
    must(peer_named(&peers, text_from_z(to), &peer, &err), &err);
    must(carry_write(from->engine, peer, out, &written, &err), &err);
}

static Carried take(Play *to, Bytes bundle)
{
    Err err;
    Carried carried;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, (size_t)64 << 20);
    writer_expect();
    must(carry_read(to->engine, bundle, &arena, &carried, &err), &err);
    carried.from = NULL; /* it lay in the arena */
    return carried;
}

static Carried hand_over(Play *from, const char *name, Play *to)
{
    AUTO(buf_done) Buf bundle = {0};
    fake_host_pass(&from->fake, 1000);
    write_bundle(from, name, &bundle);
    return take(to, buf_as_bytes(&bundle));
}

static size_t fork_count(Store *store, Fork *out_first)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Fork *forks = NULL;
    size_t count = 0;
    arena_init(&arena, (size_t)1 << 20);
    must(forks_load(store, &arena, &forks, &count, &err), &err);
    if (count > 0) *out_first = forks[0];
    return count;
}

static void two_histories_are_proven_and_their_node_is_held(Stores *stores)
{
    Fork fork;
    trio_open(stores);
    const PublicKey key = signing_key_public(&trio.author.node.signing_key);
    add_person(&trio.author, "甲");
    add_person(&trio.copy, "乙"); /* the same number, another person */
    assert_int_equal(hand_over(&trio.author, "witness", &trio.witness).bad_segments, 0);
    assert_int_equal(fork_count(trio.witness.store, &fork), 0);
    const Digest before = meet_hash(&trio.witness);

    const Carried forked = hand_over(&trio.copy, "witness", &trio.witness);
    assert_int_equal(forked.bad.fault.kind, FAULT_FORKED);
    assert_int_equal(fork_count(trio.witness.store, &fork), 1);
    assert_true(fork.has_here);
    assert_true(segment_signature_fits(&fork.here, &key));
    assert_true(segment_signature_fits(&fork.there, &key));
    assert_int_equal(fork.stream.node_short, trio.author.node.node_short);
    const Digest after = meet_hash(&trio.witness);
    assert_true(digest_equal(&before, &after));

    add_person(&trio.author, "丙"); /* whoever it is that goes on: held back, in this epoch */
    const Carried held = hand_over(&trio.author, "witness", &trio.witness);
    assert_int_equal(held.new_entries, 0);
    assert_non_null(strstr(held.bad.words, "held back"));
    assert_int_equal(fork_count(trio.witness.store, &fork), 1);
    trio_close();
}

static void everybody_else_goes_on_and_so_does_its_next_epoch(Stores *stores)
{
    static Play other;
    Err err;
    Fork fork;
    trio_open(stores);
    Store *fourth = stores_another(stores);
    play_join(&other, fourth, 4);
    befriend(&other, &trio.witness, "witness");
    befriend(&trio.witness, &other, "other");
    add_person(&trio.author, "甲");
    add_person(&trio.copy, "乙");
    (void)hand_over(&trio.author, "witness", &trio.witness);
    (void)hand_over(&trio.copy, "witness", &trio.witness);
    assert_int_equal(fork_count(trio.witness.store, &fork), 1);
    (void)add_unit(&other);
    assert_int_equal(hand_over(&other, "witness", &trio.witness).new_entries, 1);
    writer_expect();
    must(life_next(&trio.author.engine, &trio.author.node, trio.author.store, 0, &err), &err);
    add_person(&trio.author, "丁");
    const Carried carried = hand_over(&trio.author, "witness", &trio.witness);
    assert_int_equal(carried.new_entries, 1);
    play_leave(&other);
    store_close(&fourth);
    trio_close();
}

/* The copy is the image that is put back: it has the unit, and lost what came after it. */
static void a_restored_node_opens_its_next_epoch_and_learns_what_it_lost(Stores *stores)
{
    Err err;
    VerifyReport report;
    Fork fork;
    AUTO(buf_done) Buf answer = {0};
    trio_open(stores);
    writer_expect();
    must(engine_sign_all(trio.copy.engine, &err), &err);
    must(engine_sign_all(trio.author.engine, &err), &err);
    add_person(&trio.author, "甲");
    add_person(&trio.author, "乙");
    (void)hand_over(&trio.author, "witness", &trio.witness);
    add_person(&trio.witness, "见证");

    write_bundle(&trio.witness, "author", &answer);
    const Carried first = take(&trio.copy, buf_as_bytes(&answer));
    assert_true(first.is_rolled_back);
    fake_host_pass(&trio.copy.fake, 100000);
    must(life_next(&trio.copy.engine, &trio.copy.node, trio.copy.store, first.own_epoch, &err),
         &err);
    assert_int_equal(trio.copy.node.epoch, 1);
    assert_false(take(&trio.copy, buf_as_bytes(&answer)).is_rolled_back);

    add_person(&trio.copy, "新"); /* it need not wait for what it lost */
    assert_int_equal(hand_over(&trio.copy, "witness", &trio.witness).bad_segments, 0);
    const Carried back = hand_over(&trio.witness, "author", &trio.copy);
    assert_int_equal(back.new_entries, 2);
    assert_int_equal(back.bad_segments, 0);
    const Digest left = meet_hash(&trio.copy);
    const Digest right = meet_hash(&trio.witness);
    assert_true(digest_equal(&left, &right));
    assert_int_equal(fork_count(trio.witness.store, &fork), 0);
    must(verify_journal(&trio.copy.node, trio.copy.store, &report, &err), &err);
    assert_int_equal(report.fault_count, 0);
    trio_close();
}

/* What was not signed when the image was made is signed once nobody can hold more of it. */
static void what_was_not_signed_before_it_was_restored_travels(Stores *stores)
{
    Err err;
    trio_open(stores);
    writer_expect();
    (void)hand_over(&trio.author, "witness", &trio.witness);
    must(engine_sign_all(trio.copy.engine, &err), &err);
    add_person(&trio.copy, "未签"); /* and nobody else ever saw it */
    fake_host_pass(&trio.copy.fake, 100000);
    must(life_next(&trio.copy.engine, &trio.copy.node, trio.copy.store, 0, &err), &err);
    assert_int_equal(hand_over(&trio.copy, "witness", &trio.witness).new_entries, 0);
    (void)hand_over(&trio.witness, "author", &trio.copy);
    assert_int_equal(hand_over(&trio.copy, "witness", &trio.witness).new_entries, 1);
    const Digest left = meet_hash(&trio.copy);
    const Digest right = meet_hash(&trio.witness);
    assert_true(digest_equal(&left, &right));
    trio_close();
}

static void proof(void **state)
{
    on_each_store(*state, two_histories_are_proven_and_their_node_is_held);
}

static void others(void **state)
{
    on_each_store(*state, everybody_else_goes_on_and_so_does_its_next_epoch);
}

static void restored(void **state)
{
    on_each_store(*state, a_restored_node_opens_its_next_epoch_and_learns_what_it_lost);
}

static void unsigned_end(void **state)
{
    on_each_store(*state, what_was_not_signed_before_it_was_restored_travels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proof),
        cmocka_unit_test(others),
        cmocka_unit_test(restored),
        cmocka_unit_test(unsigned_end),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
