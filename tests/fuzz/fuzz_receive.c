/*
 * fuzz_receive — whatever a node with a proper key signs, taking it in neither crashes nor breaks
 * anything: every question still has an answer, and a rebuild comes to the same state.
 *
 * The input is a list of entries: u16 size, u16 body size, the chained bytes, the body. They are
 * put into a segment, the commitment of an entry with a body being made to fit, and signed by a
 * node that is not the one that takes them in. What is no entry is left out. With its first byte
 * 0xFF the rest is a bundle, to be read as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/conflicts.h"
#include "engine/rebuild.h"
#include "store/state_hash.h"
#include "support/crash_vfs.h"
#include "support/play.h"
#include "sync/carry.h"
#include "view/board.h"

#define INPUT_MAX ((size_t)64 * 1024)
#define ROOM      ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Stage {
    bool is_set;
    CrashVfs *fresh;
    CrashVfs *disk;
    Play play;
    SigningKey author;
    StreamName stream;
} Stage;

static void demand(bool holds)
{
    if (!holds) abort();
}

static Store *open_on(CrashVfs *disk)
{
    Err err;
    Store *store = NULL;
    const StoreOptions options = {
        .place = "node.db", .is_writer = true, .vfs_name = crash_vfs_name(disk)};
    demand(store_open(&store, &options, &err) == OK);
    return store;
}

static void set(Stage *stage)
{
    static const uint8_t seed[SIGN_SEED_SIZE] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    Err err;
    writer_begin();
    stage->is_set = true;
    stage->fresh = crash_vfs_install(1);
    stage->disk = crash_vfs_install(2);
    Store *store = open_on(stage->fresh);
    play_join(&stage->play, store, 7);
    signing_key_from_seed(&stage->author, seed);
    Peer peer = {.name = TEXT("author"), .key = signing_key_public(&stage->author)};
    peer.node_short = node_short_of(&peer.key);
    demand(peers_add(store, &peer, &err) == OK);
    const Id unit = play_add(&stage->play, "unit", "\"name\":\"公司\"");
    stage->stream = (StreamName){.node_short = peer.node_short, .scope = unit};
    engine_close(&stage->play.engine);
    store_close(&store);
}

static void make_segment(const Stage *stage, Bytes input, Buf *out)
{
    SegmentWriter writer;
    Err err;
    AUTO(buf_done) Buf chained = {0};
    const Digest start = chain_start(&stage->stream);
    Cursor rest = cursor_over(input);
    buf_init(&chained, INPUT_MAX);
    segment_begin(&writer, out, &stage->stream, 1, 0, &start);
    while (rest.left >= 4) {
        const uint64_t size = cursor_number(&rest, 2);
        const uint64_t body_size = cursor_number(&rest, 2);
        const Bytes entry = cursor_bytes(&rest, size);
        Bytes body = cursor_bytes(&rest, body_size);
        if (rest.why != NULL) break;
        buf_clear(&chained);
        buf_add(&chained, entry);
        if (body.size == 0) body.at = NULL;
        if (body.size > 0 && chained.size >= DIGEST_SIZE) {
            const Digest commitment = hash_of(body);
            memcpy(chained.at + chained.size - DIGEST_SIZE, commitment.at, DIGEST_SIZE);
        }
        if (segment_add(&writer, buf_as_bytes(&chained), body, &err) != OK) continue;
    }
    if (writer.next == 1 || segment_end(&writer, &stage->author, &err) != OK) buf_clear(out);
}

static Digest hash_now(Store *store)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    demand(tx_begin(&tx, store, &err) == OK);
    demand(state_hash(store, &digest, &err) == OK);
    return digest;
}

static void ask(Play *play)
{
    Err err;
    Changes *changes = NULL;
    Board *board = NULL;
    AUTO(arena_done) Arena arena = {0};
    AUTO(buf_done) Buf text = {0};
    Emit emit;
    const ListAsk all = {.page = 1, .size = PAGE_SIZE_ALL};
    const CoverageAsk coverage = {.list = all};
    arena_init(&arena, ROOM);
    buf_init(&text, ROOM);
    changes_open(&changes, 0);
    board_open(&board, play->node.pack, play->node.shard, changes);
    const View view = {.store = play->store,
                       .board = board,
                       .pack = play->node.pack,
                       .reach = reach_everything(),
                       .shard = play->node.shard,
                       .utc_offset_minutes = 480,
                       .on = 20700,
                       .arena = &arena};
    emit_init(&emit, &text);
    emit_open_array(&emit);
    demand(answer_coverage(&view, &coverage, &emit, &err) == OK);
    demand(answer_projects(&view, &all, &emit, &err) == OK);
    demand(answer_groups(&view, &all, &emit, &err) == OK);
    demand(answer_persons(&view, &all, &emit, &err) == OK);
    demand(answer_units(&view, &all, &emit, &err) == OK);
    demand(answer_gaps(&view, &emit, &err) == OK);
    demand(answer_conflicts(&view, &all, &emit, &err) == OK);
    emit_close_array(&emit);
    emit_done(&emit);
    board_close(&board);
    changes_close(&changes);
}

static void take_segment(Stage *stage, Bytes input)
{
    Err err;
    Reception reception;
    RebuildReport report;
    AUTO(buf_done) Buf segment = {0};
    const PublicKey key = signing_key_public(&stage->author);
    const Warrant everything = {.is_everything = true};
    Engine *engine = stage->play.engine;
    writer_expect();
    buf_init(&segment, SEGMENT_BYTES_MAX);
    make_segment(stage, input, &segment);
    if (segment.size == 0) return;
    demand(engine_begin(engine, &err) == OK);
    demand(engine_receive(engine, buf_as_bytes(&segment), &key, &everything, &reception, &err) ==
           OK);
    demand(reception.status == RECEPTION_NEW);
    demand(engine_commit(engine, &err) == OK);
    ask(&stage->play);
    const Digest live = hash_now(stage->play.store);
    demand(engine_rebuild(engine, &report, &err) == OK);
    const Digest again = hash_now(stage->play.store);
    demand(digest_equal(&live, &again));
}

/* Nobody signed what a fuzzer makes up, so nothing of it is taken in. */
static void take_bundle(Stage *stage, Bytes file)
{
    Err err;
    Carried carried;
    AUTO(arena_done) Arena arena = {0};
    writer_expect();
    arena_init(&arena, ROOM);
    const ErrCode code = carry_read(stage->play.engine, file, &arena, &carried, &err);
    demand(code == OK || err_is_refusal(code));
    demand(code != OK || carried.new_entries == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Stage stage;
    Err err;
    if (size == 0 || size > INPUT_MAX) return 0;
    if (!stage.is_set) set(&stage);
    crash_vfs_copy(stage.disk, stage.fresh);
    crash_vfs_power_on(stage.disk);
    Store *store = open_on(stage.disk);
    stage.play.store = store;
    demand(engine_open(&stage.play.engine, &stage.play.node, store, &err) == OK);
    if (data[0] == 0xFF)
        take_bundle(&stage, (Bytes){data + 1, size - 1});
    else
        take_segment(&stage, (Bytes){data, size});
    engine_close(&stage.play.engine);
    store_close(&store);
    return 0;
}
