/* What we promise about sealed bundles: whom they are for opens them and learns how to answer, who
 * carries them is told where they belong, and a damaged one gives what lay before the damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "journal/bundle.h"
#include "support/meet.h"
#include "support/stores.h"
#include "sync/carry.h"
#include "sync/sealed_bundle.h"

#define ROOM ((size_t)8 << 20)

typedef struct Pair {
    Play a;
    Play b;
    Store *second;
    Buf plain;
    Buf sealed;
} Pair;

static ErrCode keep(void *context, Bytes bytes, Err *err)
{
    buf_add(context, bytes);
    return buf_check(context, err);
}

static ErrCode feed(void *context, uint8_t *out, size_t most, size_t *out_size, Err *err)
{
    (void)err;
    Bytes *rest = context;
    const size_t size = rest->size < most ? rest->size : most;
    if (size > 0) memcpy(out, rest->at, size);
    *rest = (Bytes){rest->at + size, rest->size - size};
    *out_size = size;
    return OK;
}

static void befriend(Play *play, const Play *other, const char *name)
{
    Err err;
    Peer peer = {.name = text_from_z(name), .node_short = other->node.node_short};
    peer.warrant.is_everything = true;
    peer.key = signing_key_public(&other->node.signing_key);
    must(peers_add(play->store, &peer, &err), &err);
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

static void seal(const Play *from, const Play *to, Bytes plain, Buf *out)
{
    Err err;
    ReaderSecret secret;
    ReaderKey key;
    assert_true(sealing_own(&to->node, &secret, &key));
    buf_done(out);
    buf_init(out, ROOM);
    must(sealed_bundle_write(&from->fake.host, to->node.node_short, &key, plain, keep, out, &err),
         &err);
}

static Pair *pair_open(Stores *stores, int person_count)
{
    static Pair pair;
    writer_begin();
    memset(&pair, 0, sizeof pair);
    pair.second = stores_another(stores);
    play_join(&pair.a, stores->writer, 1);
    play_join(&pair.b, pair.second, 2);
    befriend(&pair.a, &pair.b, "b");
    befriend(&pair.b, &pair.a, "a");
    const Id unit = play_add(&pair.a, "unit", "\"name\":\"公司\"");
    for (int i = 0; i < person_count; i++)
        play_add(&pair.a, "person", "\"name\":\"第%d号工人在这里工作\",\"unit\":\"%s\"", i,
                 play_text(unit));
    write_bundle(&pair.a, "b", &pair.plain);
    seal(&pair.a, &pair.b, buf_as_bytes(&pair.plain), &pair.sealed);
    return &pair;
}

static void pair_close(Pair *pair)
{
    buf_done(&pair->plain);
    buf_done(&pair->sealed);
    play_leave(&pair->b);
    play_leave(&pair->a);
    store_close(&pair->second);
    writer_end();
}

static ErrCode unseal(const Play *to, Bytes file, Buf *out, Unsealed *out_unsealed, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Peers peers;
    arena_init(&arena, ROOM);
    buf_done(out);
    buf_init(out, ROOM);
    must(peers_load(to->store, &arena, &peers, err), err);
    return sealed_bundle_read(&to->node, &peers, feed, &file, out, out_unsealed, err);
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

static void the_addressee_opens_it_and_can_answer(Stores *stores)
{
    Pair *pair = pair_open(stores, 3);
    Err err;
    Unsealed unsealed;
    ReaderKey key;
    bool found = false;
    AUTO(buf_done) Buf opened = {0};
    must(unseal(&pair->b, buf_as_bytes(&pair->sealed), &opened, &unsealed, &err), &err);
    assert_true(unsealed.is_sealed && !unsealed.is_damaged);
    assert_true(bytes_equal(buf_as_bytes(&opened), buf_as_bytes(&pair->plain)));
    must(sealing_find(pair->b.store, pair->a.node.node_short, &found, &key, &err), &err);
    assert_false(found);
    assert_int_equal(take(&pair->b, buf_as_bytes(&opened)).new_entries, 4);
    must(sealing_load(pair->b.store, pair->a.node.node_short, TEXT("a"), &key, &err), &err);
    ReaderSecret secret;
    ReaderKey own;
    assert_true(sealing_own(&pair->a.node, &secret, &own));
    assert_memory_equal(key.at, own.at, sizeof own.at);
    must(unseal(&pair->b, buf_as_bytes(&pair->plain), &opened, &unsealed, &err), &err);
    assert_false(unsealed.is_sealed);
    pair_close(pair);
}

static void who_carries_it_is_told_where_it_belongs(Stores *stores)
{
    Pair *pair = pair_open(stores, 3);
    Err err;
    Unsealed unsealed;
    AUTO(buf_done) Buf opened = {0};
    const Bytes sealed = buf_as_bytes(&pair->sealed);
    assert_int_equal(unseal(&pair->a, sealed, &opened, &unsealed, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "(b): carry it there"));
    must(peers_remove(pair->a.store, TEXT("b"), &err), &err);
    assert_int_equal(unseal(&pair->a, sealed, &opened, &unsealed, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "sealed for node "));
    assert_int_equal(opened.size, 0);
    pair_close(pair);
}

static void an_older_key_does_not_take_the_place_of_a_newer_one(Stores *stores)
{
    Pair *pair = pair_open(stores, 3);
    Err err;
    ReaderKey old;
    ReaderKey new;
    ReaderKey kept;
    ReaderSecret secret;
    reader_make(&pair->a.fake.host, &old, &secret);
    reader_make(&pair->a.fake.host, &new, &secret);
    {
        AUTO(tx_rollback) Tx tx = {0};
        must(tx_begin(&tx, pair->b.store, &err), &err);
        must(sealing_keep(pair->b.store, 7, 20, &new, &err), &err);
        must(sealing_keep(pair->b.store, 7, 10, &old, &err), &err);
        must(tx_commit(&tx, &err), &err);
    }
    must(sealing_load(pair->b.store, 7, TEXT("x"), &kept, &err), &err);
    assert_memory_equal(kept.at, new.at, sizeof new.at);
    assert_int_equal(sealing_load(pair->b.store, 8, TEXT("x"), &kept, &err), ERR_NOT_FOUND);
    pair_close(pair);
}

/* Cut where it hurts: what the chunks before it hold up to their last whole frame is taken in, and
 * the whole one brings the rest. */
static void a_cut_one_is_read_to_its_last_good_frame(Stores *stores)
{
    Pair *pair = pair_open(stores, 2100); /* signed at each thousand */
    Err err;
    Unsealed unsealed;
    int64_t taken = 0;
    AUTO(buf_done) Buf opened = {0};
    const size_t size = pair->sealed.size;
    assert_true(size > 2 * AGE_CHUNK);
    for (size_t cut = 0; cut < size; cut += cut < 400 ? 7 : 8009) {
        const Bytes part = {pair->sealed.at, cut};
        const ErrCode code = unseal(&pair->b, part, &opened, &unsealed, &err);
        if (code != OK || !unsealed.is_sealed) continue; /* in its head */
        assert_true(unsealed.is_damaged);
        assert_memory_equal(opened.at, pair->plain.at, opened.size);
        if (opened.size <= BUNDLE_HEADER_SIZE) continue;
        const Carried carried = take(&pair->b, buf_as_bytes(&opened));
        assert_false(carried.is_whole);
        assert_int_equal(carried.bad_segments, 0);
        taken += carried.new_entries;
    }
    assert_true(taken >= 1000); /* the first segment ends in the second chunk */
    must(unseal(&pair->b, buf_as_bytes(&pair->sealed), &opened, &unsealed, &err), &err);
    assert_true(take(&pair->b, buf_as_bytes(&opened)).is_whole);
    const Digest left = meet_hash(&pair->a);
    const Digest right = meet_hash(&pair->b);
    assert_true(digest_equal(&left, &right));
    pair_close(pair);
}

static void addressee(void **state)
{
    on_each_store(*state, the_addressee_opens_it_and_can_answer);
}

static void carrier(void **state)
{
    on_each_store(*state, who_carries_it_is_told_where_it_belongs);
}

static void keys(void **state)
{
    on_each_store(*state, an_older_key_does_not_take_the_place_of_a_newer_one);
}

static void cut(void **state)
{
    on_each_store(*state, a_cut_one_is_read_to_its_last_good_frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addressee),
        cmocka_unit_test(carrier),
        cmocka_unit_test(keys),
        cmocka_unit_test(cut),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
