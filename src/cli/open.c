#include <string.h>

#include "answer/shape.h"
#include "cli/cli.h"
#include "engine/rebuild.h"
#include "journal/hlc.h"
#include "store/query.h"
#include "store/things.h"
#include "view/board.h"
#include "view/load.h"

#define LOOK_BYTES_MAX ((size_t)2 << 30)
#define JSON_OUT_MAX   ((size_t)512 << 20)

/* The tables of an older version are made anew by the first writer; until they are filled from the
 * journal there is nothing to see in them. */
static ErrCode check_filled(Store *store, Err *err)
{
    bool is_waiting = false;
    TRY(store_needs_rebuild(store, &is_waiting, err));
    if (is_waiting)
        return err_set(err, ERR_BUSY, "the tables wait for the journal: `tongpin rebuild` first");
    return OK;
}

ErrCode look_open(Look *look, const Options *options, Err *err)
{
    Day on = 0;
    TRY(node_open(&look->node, host_real(), options->positionals[0], err));
    TRY(option_day(options, "--on", node_today(&look->node), &on, err));
    TRY(node_open_reader(&look->node, 0, &look->store, err));
    TRY(check_filled(look->store, err));
    arena_init(&look->arena, LOOK_BYTES_MAX);
    changes_open(&look->changes, 0);
    board_open(&look->board, look->node.pack, look->node.shard, look->changes);
    look->view = (View){
        .store = look->store,
        .board = look->board,
        .pack = look->node.pack,
        .reach = reach_everything(),
        .shard = look->node.shard,
        .utc_offset_minutes = look->node.utc_offset_minutes,
        .on = on,
        .arena = &look->arena,
    };
    return OK;
}

void look_close(Look *look)
{
    board_close(&look->board);
    changes_close(&look->changes);
    store_close(&look->store);
    arena_done(&look->arena);
    node_close(&look->node);
}

ROLE_UNCHECKED ErrCode hand_open(Hand *hand, const char *directory, Err *err)
{
    hand->has_begun = true;
    writer_begin();
    TRY(node_open(&hand->node, host_real(), directory, err));
    TRY(node_open_writer(&hand->node, &hand->store, err));
    TRY(engine_open(&hand->engine, &hand->node, hand->store, err));
    TRY(engine_rebuild_if_needed(hand->engine, err));
    arena_init(&hand->arena, LOOK_BYTES_MAX);
    hand->reach = reach_everything();
    hand->actor = (Actor){.reach = &hand->reach, .write = &hand->reach};
    return OK;
}

ROLE_UNCHECKED void hand_close(Hand *hand)
{
    Err err;
    if (!hand->has_begun) return;
    /* What cannot be signed now is signed at the next start. */
    if (hand->engine != NULL && engine_sign_all(hand->engine, &err) != OK)
        fprintf(stderr, "tongpin: not signed yet: %s\n", err.message);
    engine_close(&hand->engine);
    store_close(&hand->store);
    arena_done(&hand->arena);
    node_close(&hand->node);
    writer_end();
}

static ErrCode execute_in_group(Hand *hand, const Command *command, Answer *out_answer, Err *err)
    ONLY_ON(writer_role)
{
    TRY(engine_begin(hand->engine, err));
    TRY(engine_execute(hand->engine, &hand->actor, command, &hand->arena, out_answer, err));
    return engine_commit(hand->engine, err);
}

ErrCode hand_execute(Hand *hand, const Command *command, Answer *out_answer, Err *err)
{
    writer_expect(); /* hand_open() made this thread the writer */
    const ErrCode code = execute_in_group(hand, command, out_answer, err);
    if (code != OK) engine_roll_back(hand->engine);
    return code;
}

Id op_new(const Host *host)
{
    uint8_t random[8];
    uint64_t bits = 0;
    host_random(host, random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        bits = bits << 8 | random[i];
    return id_make(hlc_stamp(host_now_ms(host), (unsigned)(bits & 0xFFF)), bits >> 24,
                   (unsigned)(bits >> 12 & EPOCH_MAX));
}

/* The queries that find a thing of a kind by what people call it. */
static size_t queries_for(KindCode kind, QueryId out[2])
{
    switch ((int)kind) {
    case KIND_PROJECT:
        out[0] = PROJECTS_BY_CODE;
        out[1] = PROJECTS_BY_NAME;
        return 2;
    case KIND_UNIT:
        out[0] = UNITS_BY_CODE;
        out[1] = UNITS_BY_NAME;
        return 2;
    case KIND_PERSON:
        out[0] = PERSONS_BY_STAFF_NO;
        out[1] = PERSONS_BY_NAME;
        return 2;
    case KIND_GROUP: out[0] = GROUPS_BY_NAME; return 1;
    default: return 0;
    }
}

static ErrCode find_one(const View *view, QueryId query_id, KindCode kind, Text word, Key *out_key,
                        Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_key = KEY_NONE;
    TRY(query_begin(&query, view->store, query_id, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_text(&query, 2, word);
    TRY(query_next(&query, &found, err));
    if (!found) return OK;
    *out_key = query_int(&query, 0);
    TRY(query_next(&query, &found, err));
    if (found)
        return err_set(err, ERR_CONFLICT,
                       "several have the %s name \"%.*s\"; say which one by its id",
                       vocab_kind((unsigned)kind)->name, TEXT_ARG(word));
    return OK;
}

ErrCode resolve(const View *view, KindCode kind, const char *word, Id *out_id, Err *err)
{
    QueryId queries[2];
    Text text;
    TRY(text_from_bytes((Bytes){(const uint8_t *)word, strlen(word)}, &text, err));
    if (id_parse(text, out_id, err) == OK) return OK;
    const size_t count = queries_for(kind, queries);
    for (size_t i = 0; i < count; i++) {
        Key key = KEY_NONE;
        TRY(find_one(view, queries[i], kind, text, &key, err));
        if (key != KEY_NONE) return thing_id(view->store, view->shard, key, out_id, err);
    }
    return err_set(err, ERR_NOT_FOUND, "there is no %s \"%.60s\"", vocab_kind((unsigned)kind)->name,
                   word);
}

ErrCode answer_read(const View *view, Answering answering, void *context, Buf *json, Err *err)
{
    Emit emit;
    buf_init(json, JSON_OUT_MAX);
    emit_init(&emit, json);
    TRY(answering(view, context, &emit, err));
    emit_done(&emit);
    return buf_check(json, err);
}
