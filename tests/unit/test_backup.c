/* What we promise about backups: each restores to the very state it names, whatever database it is
 * of and whatever was written meanwhile; a cut, changed or forged one is refused before anything is
 * placed; the restored node lives its next epoch and knows what it answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "host/file.h"
#include "journal/bundle.h"
#include "store/state_hash.h"
#include "support/prop.h"
#include "support/stores.h"
#include "sync/restore.h"
#include "sync/scrub.h"
#include "sync/stick.h"

#define ROOM ((size_t)16 << 20)

typedef struct Site {
    char root[64];
    char place[PATH_TEXT_MAX];
    Hand hand;
    unsigned op_count;
    ReaderKey key;
    ReaderSecret secret;
    Buf file;
    bool is_busy; /* commands are carried out while the backup is being written */
} Site;

static Site site;

static const char *below(const char *name)
{
    static char paths[4][PATH_TEXT_MAX];
    static unsigned turn;
    Err err;
    turn = (turn + 1) % 4;
    must(path_join(site.root, name, paths[turn], &err), &err);
    return paths[turn];
}

static void site_open(Stores *stores)
{
    Err err;
    const char *place = stores_another_place(stores);
    const NodeWish wish = {.name = TEXT("七号"), .role = NODE_BOX, .database = text_from_z(place)};
    memset(&site, 0, sizeof site);
    memcpy(site.root, "/tmp/tongpin-backup-XXXXXX", sizeof "/tmp/tongpin-backup-XXXXXX");
    assert_non_null(mkdtemp(site.root));
    must(seal_begin(&err), &err);
    reader_make(host_real(), &site.key, &site.secret);
    must(node_init(host_real(), below("node"), &wish, &err), &err);
    must(hand_open(&site.hand, below("node"), &err), &err);
}

static void site_close(void)
{
    char line[128];
    hand_close(&site.hand);
    buf_done(&site.file);
    (void)snprintf(line, sizeof line, "rm -r %s", site.root);
    /* NOLINTNEXTLINE(cert-env33-c): a directory of this test */
    assert_int_equal(system(line), 0);
}

static Answer command(Hand *hand, unsigned op, const char *name)
{
    char json[400];
    Err err;
    AUTO(doc_done) Doc doc = {0};
    Command command;
    Answer answer;
    (void)snprintf(json, sizeof json,
                   "{\"op\":\"01930000-0000-7000-8000-%012x\",\"do\":\"unit.add\",\"fields\":{"
                   "\"name\":\"%s%u\"}}",
                   op, name, op);
    must(doc_parse(&doc, bytes_of(text_from_z(json)), &err), &err);
    must(command_decode(doc.root, &command, &err), &err);
    must(hand_execute(hand, &command, &answer, &err), &err);
    assert_int_equal(answer.status, ANSWER_DONE);
    return answer;
}

static void work(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)command(&site.hand, ++site.op_count, "第一工程公司");
}

static ErrCode keep(void *context, Bytes bytes, Err *err)
{
    (void)context;
    if (site.is_busy) work(2);
    buf_add(&site.file, bytes);
    return buf_check(&site.file, err);
}

static BackupFacts back_up(void)
{
    Err err;
    Store *reader = NULL;
    BackupFacts facts;
    const AgeTo to = {.keys = &site.key, .key_count = 1};
    buf_done(&site.file);
    buf_init(&site.file, ROOM);
    must(node_open_reader(&site.hand.node, 0, &reader, &err), &err);
    must(backup_write(&site.hand.node, reader, &to, keep, NULL, &facts, &err), &err);
    store_close(&reader);
    return facts;
}

static void put_file(Bytes bytes)
{
    Err err;
    must(file_write(host_real(), below("one.age"), bytes, FILE_PRIVATE, &err), &err);
}

static ErrCode restore_to(const char *name, const char *place, RestoreReport *out, Err *err)
{
    const RestoreWish wish = {.file = below("one.age"),
                              .directory = below(name),
                              .with = {.secrets = &site.secret, .secret_count = 1},
                              .database = text_from_z(place)};
    writer_expect();
    return restore(host_real(), &wish, out, err);
}

static Digest hash_of_store(Store *store)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, store, &err), &err);
    must(state_hash(store, &digest, &err), &err);
    return digest;
}

static bool is_there(const char *name)
{
    Err err;
    bool exists = false;
    must(file_exists(host_real(), below(name), &exists, &err), &err);
    return exists;
}

/* The restored node is opened like any other, after the one it came from is gone. */
static void live_on(const char *name, const BackupFacts *facts, unsigned last_op)
{
    Err err;
    Hand hand = {0};
    VerifyReport verified;
    must(hand_open(&hand, below(name), &err), &err);
    const Digest digest = hash_of_store(hand.store);
    assert_true(digest_equal(&digest, &facts->state));
    assert_int_equal(hand.node.epoch, facts->epoch + 1);
    const int64_t before = engine_version(hand.engine);
    (void)command(&hand, last_op, "第一工程公司"); /* answered before the backup: no new entry */
    assert_int_equal(engine_version(hand.engine), before);
    (void)command(&hand, 4711, "新公司");
    writer_expect();
    must(engine_sign_all(hand.engine, &err), &err);
    must(verify_journal(&hand.node, hand.store, &verified, &err), &err);
    assert_int_equal(verified.fault_count, 0);
    hand_close(&hand);
}

static void every_backup_restores_to_the_state_it_names(Stores *stores)
{
    Prng prng = {.state = 11};
    site_open(stores);
    for (unsigned round = 0; round < 6; round++) {
        Err err;
        RestoreReport report;
        char name[16];
        work(1 + (unsigned)prng_below(&prng, 40));
        const unsigned last_op = site.op_count;
        site.is_busy = round % 2 == 1;
        const BackupFacts facts = back_up();
        const Digest now = hash_of_store(site.hand.store);
        if (!site.is_busy) assert_true(digest_equal(&now, &facts.state));
        put_file(buf_as_bytes(&site.file));
        (void)snprintf(name, sizeof name, "new%u", round);
        const char *place = round % 3 == 2 ? "" : stores_another_place(stores);
        must(restore_to(name, place, &report, &err), &err);
        assert_true(digest_equal(&report.facts.state, &facts.state));
        assert_int_equal(report.facts.row_count, facts.row_count);
        assert_string_equal(report.facts.name, "七号");
        writer_end();
        live_on(name, &facts, last_op);
        writer_begin();
    }
    site_close();
}

static void nothing_is_placed_from_a_cut_or_changed_one(Stores *stores)
{
    Err err;
    RestoreReport report;
    site_open(stores);
    work(300);
    (void)back_up();
    assert_true(site.file.size > 12 * 1024);
    for (size_t cut = 0; cut < site.file.size; cut += 4096) {
        put_file((Bytes){site.file.at, cut});
        assert_int_not_equal(restore_to("new", "", &report, &err), OK);
        assert_false(is_there("new") || is_there("new.restoring"));
    }
    for (size_t at = 0; at < site.file.size; at += 499) {
        site.file.at[at] ^= 4;
        put_file(buf_as_bytes(&site.file));
        assert_int_not_equal(restore_to("new", "", &report, &err), OK);
        assert_false(is_there("new") || is_there("new.restoring"));
        site.file.at[at] ^= 4;
    }
    site_close();
}

/* ---- A forger who knows to whom it is sealed, but has no key of the node ---- */

static void unpack(Buf *plain)
{
    Err err;
    StickReader file;
    AUTO(pack_reader_done) PackReader reader = {0};
    const AgeWith with = {.secrets = &site.secret, .secret_count = 1};
    stick_open(&file, host_real(), below("one.age"));
    buf_init(plain, ROOM);
    must(pack_open(&reader, &with, stick_get, &file, &err), &err);
    for (uint8_t byte = 0; pack_read(&reader, &byte, 1, &err) == OK;)
        buf_add_byte(plain, byte);
}

static void pack(Bytes plain)
{
    Err err;
    AUTO(pack_writer_done) PackWriter writer = {0};
    const AgeTo to = {.keys = &site.key, .key_count = 1};
    buf_clear(&site.file);
    must(pack_begin(&writer, host_real(), &to, keep, NULL, &err), &err);
    must(pack_add(&writer, plain, &err), &err);
    must(pack_end(&writer, &err), &err);
    put_file(buf_as_bytes(&site.file));
}

/* Frame number `which` with its last byte changed; checks and the digest at the end made to fit. */
static unsigned forge(Bytes plain, unsigned which, Buf *out)
{
    Cursor rest = cursor_over(plain);
    unsigned count = 0;
    buf_clear(out);
    buf_add(out, cursor_bytes(&rest, 9));
    while (rest.left > 0) {
        uint8_t payload[400000];
        const uint8_t type = cursor_byte(&rest);
        const size_t size = (size_t)cursor_number(&rest, 4);
        assert_true(size < sizeof payload);
        memcpy(payload, cursor_bytes(&rest, size).at, size);
        (void)cursor_bytes(&rest, FRAME_CHECK_SIZE);
        if (count++ == which) payload[size - 1] ^= 1;
        if (type == 4) {
            const Digest content = hash_of(buf_as_bytes(out));
            memcpy(payload + 8, content.at, sizeof content.at);
        }
        frame_put(out, type, (Bytes){payload, size});
    }
    return count;
}

static void what_the_node_did_not_sign_is_refused(Stores *stores)
{
    Err err;
    RestoreReport report;
    AUTO(buf_done) Buf plain = {0};
    AUTO(buf_done) Buf forged = {0};
    site_open(stores);
    work(30);
    (void)back_up();
    put_file(buf_as_bytes(&site.file));
    unpack(&plain);
    buf_init(&forged, ROOM);
    const unsigned count = forge(buf_as_bytes(&plain), 1000, &forged);
    assert_true(bytes_equal(buf_as_bytes(&plain), buf_as_bytes(&forged)));
    assert_true(count > 10);
    for (unsigned which = 0; which < count; which++) {
        (void)forge(buf_as_bytes(&plain), which, &forged);
        pack(buf_as_bytes(&forged));
        assert_int_not_equal(restore_to("new", "", &report, &err), OK);
        assert_false(is_there("new") || is_there("new.restoring"));
    }
    pack(buf_as_bytes(&plain));
    must(restore_to("new", "", &report, &err), &err);
    site_close();
}

static void nothing_that_stands_there_is_touched(Stores *stores)
{
    Err err;
    RestoreReport report;
    ReaderKey stranger;
    site_open(stores);
    work(3);
    (void)back_up();
    put_file(buf_as_bytes(&site.file));
    assert_int_equal(restore_to("node", "", &report, &err), ERR_CONFLICT);
    assert_non_null(strstr(err.message, "is not empty"));
    must(dir_make(host_real(), below("empty"), DIR_PRIVATE, &err), &err);
    must(restore_to("empty", "", &report, &err), &err);
    if (site.hand.node.database.size > 0) { /* the very database of the node that still lives */
        const Text place = site.hand.node.database;
        assert_int_equal(restore_to("again", text_z(&site.hand.arena, place), &report, &err),
                         ERR_CONFLICT);
        assert_non_null(strstr(err.message, "holds a node already"));
        assert_false(is_there("again"));
    }
    reader_make(host_real(), &stranger, &site.secret);
    assert_int_equal(restore_to("new", "", &report, &err), ERR_DENIED);
    assert_false(is_there("new"));
    site_close();
}

/* ---- scrub ---- */

typedef struct Told {
    unsigned count;
    char where[80];
    char words[ERR_MESSAGE_SIZE];
} Told;

static void tell(void *context, const char *where, const char *words)
{
    Told *told = context;
    if (told->count++ > 0) return;
    (void)snprintf(told->where, sizeof told->where, "%s", where);
    (void)snprintf(told->words, sizeof told->words, "%s", words);
}

/* A bit of a name changes on the disk: the stream, the epoch and the number of its entry are named.
 */
static void what_changed_on_the_disk_is_named(Stores *stores)
{
    Err err;
    ScrubReport report;
    Told told = {0};
    AUTO(buf_done) Buf database = {0};
    site_open(stores);
    work(20);
    scrub(&site.hand.node, tell, &told, &report);
    assert_int_equal(told.count, 0);
    assert_int_equal(report.entry_count, 20);
    assert_true(report.row_count > 60 && report.table_count >= 8);
    const bool is_file = site.hand.node.database.size == 0;
    hand_close(&site.hand);
    site.hand = (Hand){0};
    if (is_file) {
        const char *path = below("node/tongpin.db");
        buf_init(&database, ROOM);
        must(file_read(host_real(), path, ROOM, &database, &err), &err);
        size_t changed = 0;
        for (size_t i = 0; i + 8 < database.size; i++)
            if (memcmp(database.at + i,
                       "\xe5\x8f\xb8"
                       "17",
                       5) == 0) { /* 司17, in the entry and in the row */
                database.at[i + 4] = '8';
                changed++;
            }
        assert_true(changed > 0);
        must(file_write(host_real(), path, buf_as_bytes(&database), FILE_PRIVATE, &err), &err);
        AUTO(node_close) Node node = {0};
        must(node_open(&node, host_real(), below("node"), &err), &err);
        scrub(&node, tell, &told, &report);
        assert_int_not_equal(told.count, 0);
        assert_string_equal(told.where, "journal");
        assert_non_null(strstr(told.words, "/0/")); /* the stream with its epoch */
    }
    site_close();
}

static void drill(void **state)
{
    on_each_store(*state, every_backup_restores_to_the_state_it_names);
}

static void damage(void **state)
{
    on_each_store(*state, nothing_is_placed_from_a_cut_or_changed_one);
}

static void forgery(void **state)
{
    on_each_store(*state, what_the_node_did_not_sign_is_refused);
}

static void places(void **state)
{
    on_each_store(*state, nothing_that_stands_there_is_touched);
}

static void scrubbing(void **state)
{
    on_each_store(*state, what_changed_on_the_disk_is_named);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drill),  cmocka_unit_test(damage),    cmocka_unit_test(forgery),
        cmocka_unit_test(places), cmocka_unit_test(scrubbing),
    };
    return cmocka_run_group_tests(tests, stores_setup, stores_teardown);
}
