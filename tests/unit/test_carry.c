/* What we promise about bundles between two nodes: reading one is harmless however often, in
 * whatever order and however damaged; what is missing is named; what has arrived is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/verify.h"
#include "journal/bundle.h"
#include "journal/ticket.h"
#include "support/crash_vfs.h"
#include "support/meet.h"
#include "support/stores.h"
#include "sync/carry.h"

#define BUNDLE_MAX ((size_t)4 << 20)

typedef struct Pair {
    Play a;
    Play b;
    Store *second;
    Id unit;
} Pair;

static void befriend(Play *play, Play *other, const char *name)
{
    Err err;
    Peer peer = {.name = text_from_z(name),
                 .node_short = other->node.node_short,
                 .warrant = {.is_everything = true}};
    peer.key = signing_key_public(&other->node.signing_key);
    must(peers_add(play->store, &peer, &err), &err);
}

static Pair *pair_open(Stores *stores)
{
    static Pair pair;
    writer_begin();
    pair.second = stores_another(stores);
    play_join(&pair.a, stores->writer, 1);
    play_join(&pair.b, pair.second, 2);
    befriend(&pair.a, &pair.b, "b");
    befriend(&pair.b, &pair.a, "a");
    pair.unit = play_add(&pair.a, "unit", "\"name\":\"公司\"");
    for (int i = 0; i < 3; i++)
        play_add(&pair.a, "person", "\"name\":\"人%d\",\"unit\":\"%s\"", i, play_text(pair.unit));
    return &pair;
}

static void pair_close(Pair *pair)
{
    play_leave(&pair->b);
    play_leave(&pair->a);
    store_close(&pair->second);
    writer_end();
}

static Written write_for(Play *from, const char *to, Buf *out)
{
    Err err;
    Peers peers;
    const Peer *peer = NULL;
    Written written = {0};
    writer_expect();
    buf_init(out, BUNDLE_MAX);
    must(peers_load(from->store, &from->arena, &peers, &err), &err);
    must(peer_named(&peers, text_from_z(to), &peer, &err), &err);
    must(carry_write(from->engine, peer, out, &written, &err), &err);
    return written;
}

static ErrCode try_read(Play *to, Bytes file, Carried *out, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    writer_expect();
    arena_init(&arena, (size_t)16 << 20);
    const ErrCode code = carry_read(to->engine, file, &arena, out, err);
    out->from = NULL; /* it lay in the arena */
    return code;
}

static Carried read_at(Play *to, Bytes file)
{
    Err err;
    Carried carried;
    must(try_read(to, file, &carried, &err), &err);
    return carried;
}

static void assert_equal_state(Play *a, Play *b)
{
    const Digest left = meet_hash(a);
    const Digest right = meet_hash(b);
    assert_memory_equal(left.at, right.at, sizeof left.at);
}

static void rename_unit(Pair *pair, Play *play, const char *name)
{
    const Answer answer =
        play_command(play, "\"do\":\"unit.change\",\"id\":\"%s\",\"fields\":{\"name\":\"%s\"}",
                     play_text(pair->unit), name);
    if (answer.status != ANSWER_DONE) fail_msg("%s", answer.detail);
}

static void a_bundle_brings_the_other_node_to_the_same_state_once(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf bundle = {0};
    assert_int_equal(write_for(&pair->a, "b", &bundle).entry_count, 4);
    const Carried first = read_at(&pair->b, buf_as_bytes(&bundle));
    assert_true(first.is_whole);
    assert_int_equal(first.new_entries, 4);
    assert_equal_state(&pair->a, &pair->b);
    const Carried again = read_at(&pair->b, buf_as_bytes(&bundle));
    assert_int_equal(again.new_entries, 0);
    assert_int_equal(again.known_segments, first.new_segments);
    assert_equal_state(&pair->a, &pair->b);
    pair_close(pair);
}

static void after_the_ticket_came_back_only_what_is_new_is_sent(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf out = {0};
    AUTO(buf_done) Buf back = {0};
    AUTO(buf_done) Buf more = {0};
    (void)write_for(&pair->a, "b", &out);
    (void)read_at(&pair->b, buf_as_bytes(&out));
    rename_unit(pair, &pair->b, "乙公司");
    assert_int_equal(write_for(&pair->b, "a", &back).entry_count, 1);
    const Carried carried = read_at(&pair->a, buf_as_bytes(&back));
    assert_int_equal(carried.new_entries, 1);
    assert_int_equal(carried.arrived_entries, 4);
    assert_equal_state(&pair->a, &pair->b);
    assert_int_equal(write_for(&pair->a, "b", &more).entry_count, 0);
    buf_done(&more);
    rename_unit(pair, &pair->a, "甲公司");
    assert_int_equal(write_for(&pair->a, "b", &more).entry_count, 1);
    (void)read_at(&pair->b, buf_as_bytes(&more));
    assert_equal_state(&pair->a, &pair->b);
    pair_close(pair);
}

static void bundles_in_the_wrong_order_name_what_is_missing(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf first = {0};
    AUTO(buf_done) Buf receipt = {0};
    AUTO(buf_done) Buf second = {0};
    static Play third;
    Store *store = stores_another(stores);
    play_join(&third, store, 2); /* the node b once more, before it had read anything */
    befriend(&third, &pair->a, "a");
    (void)write_for(&pair->a, "b", &first);
    (void)read_at(&pair->b, buf_as_bytes(&first));
    (void)write_for(&pair->b, "a", &receipt);
    (void)read_at(&pair->a, buf_as_bytes(&receipt));
    rename_unit(pair, &pair->a, "甲公司");
    (void)write_for(&pair->a, "b", &second);

    const Carried early = read_at(&third, buf_as_bytes(&second));
    assert_int_equal(early.new_entries, 0);
    assert_int_equal(early.missing_count, 1);
    assert_int_equal(early.missing[0].first, 1);
    assert_int_equal(early.missing[0].last, 4);
    assert_int_equal(read_at(&third, buf_as_bytes(&first)).new_entries, 4);
    assert_int_equal(read_at(&third, buf_as_bytes(&second)).new_entries, 1);
    assert_equal_state(&pair->a, &third);
    play_leave(&third);
    store_close(&store);
    pair_close(pair);
}

static void strangers_and_wrong_addressees_are_told_so(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf bundle = {0};
    Carried carried;
    Err err;
    (void)write_for(&pair->a, "b", &bundle);
    assert_int_equal(try_read(&pair->a, buf_as_bytes(&bundle), &carried, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "carry it there"));
    must(peers_remove(pair->b.store, TEXT("a"), &err), &err);
    assert_int_equal(try_read(&pair->b, buf_as_bytes(&bundle), &carried, &err), ERR_DENIED);
    assert_non_null(strstr(err.message, "no peer of this node"));
    assert_int_equal(try_read(&pair->b, bytes_of(TEXT("PK\3\4")), &carried, &err), ERR_INVALID);
    pair_close(pair);
}

/* From the third node on, entries arrive that their author never handed over. */
static void who_is_vouched_for_by_a_peer_is_believed(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf up = {0};
    AUTO(buf_done) Buf down = {0};
    static Play third;
    Err err;
    VerifyReport report;
    Store *store = stores_another(stores);
    play_join(&third, store, 3);
    befriend(&third, &pair->b, "b");
    befriend(&pair->b, &third, "c");
    (void)write_for(&pair->a, "b", &up);
    (void)read_at(&pair->b, buf_as_bytes(&up));
    assert_int_equal(write_for(&pair->b, "c", &down).entry_count, 4);
    assert_int_equal(read_at(&third, buf_as_bytes(&down)).new_entries, 4);
    assert_equal_state(&pair->a, &third);
    must(verify_journal(&third.node, third.store, &report, &err), &err);
    assert_int_equal(report.fault_count, 0);
    play_leave(&third);
    store_close(&store);
    pair_close(pair);
}

static void a_peer_gets_the_scopes_it_may_have_and_nothing_else(Stores *stores)
{
    Pair *pair = pair_open(stores);
    AUTO(buf_done) Buf bundle = {0};
    Err err;
    const Id project =
        play_add(&pair->a, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                 play_text(pair->unit));
    Peer peer = {.name = TEXT("site"),
                 .key = signing_key_public(&pair->b.node.signing_key),
                 .node_short = pair->b.node.node_short,
                 .warrant = {.grants = {{project, false}}, .count = 1}};
    must(peers_remove(pair->a.store, TEXT("b"), &err), &err);
    must(peers_add(pair->a.store, &peer, &err), &err);
    assert_int_equal(write_for(&pair->a, "site", &bundle).entry_count, 1);
    assert_int_equal(read_at(&pair->b, buf_as_bytes(&bundle)).new_entries, 1);
    /* Something in another scope does not change a byte of it, but the clock that signs. */
    play_add(&pair->a, "person", "\"name\":\"人\",\"unit\":\"%s\"", play_text(pair->unit));
    AUTO(buf_done) Buf again = {0};
    (void)write_for(&pair->a, "site", &again);
    assert_int_equal(again.size, bundle.size);
    pair_close(pair);
}

/* Somebody on the way makes the frames fit again after changing what is in them. */
static void a_ticket_that_was_slipped_in_does_not_count(Stores *stores)
{
    Pair *pair = pair_open(stores);
    Err err;
    BundleReader reader;
    AUTO(buf_done) Buf bundle = {0};
    AUTO(buf_done) Buf forged = {0};
    AUTO(buf_done) Buf ticket = {0};
    (void)write_for(&pair->a, "b", &bundle);
    buf_init(&forged, BUNDLE_MAX);
    buf_init(&ticket, 1024);
    ticket_put(&ticket, pair->b.node.node_short, 0, (Bytes){0});
    must(bundle_open(&reader, buf_as_bytes(&bundle), &err), &err);
    buf_add(&forged, (Bytes){bundle.at, BUNDLE_HEADER_SIZE});
    for (;;) {
        Frame frame;
        bool found = false;
        must(bundle_next(&reader, &frame, &found, &err), &err);
        if (!found) break;
        const bool is_ticket = frame.type == FRAME_TICKET;
        frame_put(&forged, frame.type, is_ticket ? buf_as_bytes(&ticket) : frame.payload);
    }
    const Carried carried = read_at(&pair->b, buf_as_bytes(&forged));
    assert_false(carried.is_whole);
    assert_int_equal(carried.damage.kind, FAULT_MANIFEST_MISMATCH);
    assert_int_equal(carried.arrived_entries, -1);
    assert_int_equal(carried.new_entries, 4); /* these are proven by themselves */
    pair_close(pair);
}

/* ---- damage ---- */

static void a_bundle_cut_at_any_byte_does_no_harm(void **state)
{
    Err err;
    AUTO(buf_done) Buf bundle = {0};
    static Play a;
    static Play b;
    CrashVfs *disks[2];
    Store *stores[2];
    (void)state;
    writer_begin();
    for (int i = 0; i < 2; i++) {
        disks[i] = crash_vfs_install((uint64_t)i);
        stores[i] = store_must_open(&(StoreOptions){
            .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disks[i])});
    }
    play_join(&a, stores[0], 1);
    play_join(&b, stores[1], 2);
    befriend(&a, &b, "b");
    befriend(&b, &a, "a");
    const Id unit = play_add(&a, "unit", "\"name\":\"公司\"");
    (void)play_add(&a, "project", "\"name\":\"一期\",\"unit\":\"%s\",\"from\":\"2026-01-01\"",
                   play_text(unit));
    (void)write_for(&a, "b", &bundle);
    int64_t had = 0;
    for (size_t size = 0; size < bundle.size; size++) {
        Carried carried;
        const ErrCode code = try_read(&b, (Bytes){bundle.at, size}, &carried, &err);
        if (code != OK) {
            assert_int_equal(code, ERR_INVALID);
            assert_true(size < 9);
            continue;
        }
        assert_false(carried.is_whole);
        assert_true(carried.good_bytes <= size);
        assert_int_equal(carried.bad_segments, 0);
        had += carried.new_entries;
    }
    assert_int_equal(had, 2); /* a's key is known: what is whole in the cut file counts */
    const Carried whole = read_at(&b, buf_as_bytes(&bundle));
    assert_true(whole.is_whole);
    assert_equal_state(&a, &b);

    /* And with any byte changed: nothing but what was proven is ever taken in. */
    for (size_t at = 0; at < bundle.size; at++) {
        Carried carried;
        bundle.at[at] ^= 0x55;
        if (try_read(&b, buf_as_bytes(&bundle), &carried, &err) == OK) {
            assert_false(carried.is_whole);
            assert_int_equal(carried.new_entries, 0);
        }
        bundle.at[at] ^= 0x55;
    }
    assert_equal_state(&a, &b);
    play_leave(&b);
    play_leave(&a);
    for (int i = 0; i < 2; i++) {
        store_close(&stores[i]);
        crash_vfs_remove(&disks[i]);
    }
    writer_end();
}

/* The power fails at one operation of reading after the other; then it is read once more. */
static void a_power_cut_while_reading_costs_nothing(void **state)
{
    Err err;
    AUTO(buf_done) Buf bundle = {0};
    static Play a;
    static Play b;
    (void)state;
    writer_begin();
    CrashVfs *disk_a = crash_vfs_install(1);
    CrashVfs *fresh = crash_vfs_install(2);
    CrashVfs *disk_b = crash_vfs_install(3);
    Store *store_a = store_must_open(
        &(StoreOptions){.place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disk_a)});
    Store *store_b = store_must_open(
        &(StoreOptions){.place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(fresh)});
    play_join(&a, store_a, 1);
    play_join(&b, store_b, 2);
    befriend(&a, &b, "b");
    befriend(&b, &a, "a");
    for (int i = 0; i < 20; i++) {
        (void)play_add(&a, "unit", "\"name\":\"单位%d\"", i);
    }
    (void)write_for(&a, "b", &bundle);
    engine_close(&b.engine);
    store_close(&store_b);
    const StoreOptions options = {
        .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disk_b)};
    unsigned cut_count = 0;
    for (uint64_t operation = 1; operation < 400; operation++) {
        Carried carried;
        crash_vfs_copy(disk_b, fresh);
        crash_vfs_power_on(disk_b);
        b.store = store_must_open(&options);
        must(engine_open(&b.engine, &b.node, b.store, &err), &err);
        crash_vfs_cut_at(disk_b, operation);
        const ErrCode code = try_read(&b, buf_as_bytes(&bundle), &carried, &err);
        const bool is_cut = crash_vfs_is_off(disk_b);
        engine_close(&b.engine);
        store_close(&b.store);
        crash_vfs_cut_at(disk_b, 0);
        crash_vfs_power_on(disk_b);
        b.store = store_must_open(&options);
        must(engine_open(&b.engine, &b.node, b.store, &err), &err);
        (void)read_at(&b, buf_as_bytes(&bundle));
        assert_equal_state(&a, &b);
        engine_close(&b.engine);
        store_close(&b.store);
        cut_count += is_cut;
        if (!is_cut) {
            assert_int_equal(code, OK);
            break;
        }
    }
    assert_true(cut_count > 3);
    printf("%u power cuts while reading a bundle\n", cut_count);
    play_leave(&b);
    play_leave(&a);
    store_close(&store_a);
    crash_vfs_remove(&disk_b);
    crash_vfs_remove(&fresh);
    crash_vfs_remove(&disk_a);
    writer_end();
}

/* ---- small parts ---- */

static void keys_are_read_as_people_copy_them(void **state)
{
    Err err;
    PublicKey key = {{0}};
    PublicKey again;
    char text[PEER_KEY_TEXT_MAX];
    (void)state;
    for (uint8_t i = 0; i < PUBLIC_KEY_SIZE; i++)
        key.at[i] = (uint8_t)(i * 7);
    must(peer_key_parse(text_from_z(peer_key_write(&key, text)), &again, &err), &err);
    assert_true(public_key_equal(&key, &again));
    text[0] = 'x';
    assert_int_equal(peer_key_parse(text_from_z(text), &again, &err), ERR_INVALID);
    assert_int_equal(peer_key_parse(TEXT("00ff"), &again, &err), ERR_INVALID);
}

static void a_ticket_is_read_as_it_was_written_or_refused(void **state)
{
    Err err;
    Ticket ticket;
    TicketItem item = {.stream = {.node_short = 5, .epoch = 1, .scope = {{7}}}, .seq = 9};
    AUTO(buf_done) Buf items = {0};
    AUTO(buf_done) Buf bytes = {0};
    (void)state;
    buf_init(&items, 1024);
    buf_init(&bytes, 1024);
    ticket_put_item(&items, &item);
    ticket_put(&bytes, 77, 1, buf_as_bytes(&items));
    must(ticket_read(buf_as_bytes(&bytes), &ticket, &err), &err);
    assert_int_equal(ticket.addressee, 77);
    Cursor rest = cursor_over(ticket.items);
    TicketItem again;
    assert_true(ticket_next(&rest, &again));
    assert_int_equal(again.seq, 9);
    assert_true(stream_equal(&again.stream, &item.stream));
    assert_false(ticket_next(&rest, &again));
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(ticket_read((Bytes){bytes.at, size}, &ticket, &err), ERR_CORRUPT);
    buf_add_byte(&bytes, 0);
    assert_int_equal(ticket_read(buf_as_bytes(&bytes), &ticket, &err), ERR_CORRUPT);
}

#define ON_EACH(name, test)          \
    static void name(void **state)   \
    {                                \
        on_each_store(*state, test); \
    }
ON_EACH(once, a_bundle_brings_the_other_node_to_the_same_state_once)
ON_EACH(tickets, after_the_ticket_came_back_only_what_is_new_is_sent)
ON_EACH(order, bundles_in_the_wrong_order_name_what_is_missing)
ON_EACH(strangers, strangers_and_wrong_addressees_are_told_so)
ON_EACH(vouching, who_is_vouched_for_by_a_peer_is_believed)
ON_EACH(slipped, a_ticket_that_was_slipped_in_does_not_count)
ON_EACH(scopes, a_peer_gets_the_scopes_it_may_have_and_nothing_else)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once),
        cmocka_unit_test(tickets),
        cmocka_unit_test(order),
        cmocka_unit_test(strangers),
        cmocka_unit_test(vouching),
        cmocka_unit_test(scopes),
        cmocka_unit_test(slipped),
        cmocka_unit_test(a_bundle_cut_at_any_byte_does_no_harm),
        cmocka_unit_test(a_power_cut_while_reading_costs_nothing),
        cmocka_unit_test(keys_are_read_as_people_copy_them),
        cmocka_unit_test(a_ticket_is_read_as_it_was_written_or_refused),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
