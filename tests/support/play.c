#include "support/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "journal/hlc.h"
#include "support/stores.h"

#define PLAY_ARENA_BYTES ((size_t)256 << 20)
#define PLAY_START_MS    UINT64_C(1780000000000) /* 2026-05-28 */

static void open_engine(Play *play, Store *store)
{
    Err err;
    play->store = store;
    must(engine_open(&play->engine, &play->node, store, &err), &err);
}

void play_join(Play *play, Store *store, uint64_t seed)
{
    Err err;
    const NodeWish wish = {.name = TEXT("play"), .role = NODE_HQ};
    memset(play, 0, sizeof *play);
    fake_host_init(&play->fake, seed);
    play->fake.now_ms = PLAY_START_MS;
    arena_init(&play->arena, PLAY_ARENA_BYTES);
    must(node_init(&play->fake.host, "/node", &wish, &err), &err);
    must(node_open(&play->node, &play->fake.host, "/node", &err), &err);
    play->reach = reach_everything();
    play->actor = (Actor){.reach = &play->reach, .write = &play->reach};
    open_engine(play, store);
}

void play_open(Play *play, Store *store, uint64_t seed)
{
    writer_begin();
    play_join(play, store, seed);
}

void play_reopen(Play *play, Store *store)
{
    engine_close(&play->engine);
    open_engine(play, store);
}

void play_leave(Play *play)
{
    engine_close(&play->engine);
    node_close(&play->node);
    arena_done(&play->arena);
    fake_host_done(&play->fake);
}

void play_close(Play *play)
{
    play_leave(play);
    writer_end();
}

static Answer run_json(Play *play, const char *json) ONLY_ON(writer_role)
{
    Err err;
    AUTO(doc_done) Doc doc = {0};
    Command command;
    Answer answer = {.status = ANSWER_REFUSED};
    must(doc_parse(&doc, bytes_of(text_from_z(json)), &err), &err);
    const ErrCode code = command_decode(doc.root, &command, &err);
    if (code != OK) {
        answer.code = code;
        memcpy(answer.detail, err.message, sizeof answer.detail);
        return answer;
    }
    must(engine_begin(play->engine, &err), &err);
    must(engine_execute(play->engine, &play->actor, &command, &play->arena, &answer, &err), &err);
    must(engine_commit(play->engine, &err), &err);
    fake_host_pass(&play->fake, 7);
    return answer;
}

static PRINTF_LIKE(2, 0) Answer run_format(Play *play, const char *format, va_list args)
{
    char inside[8192];
    char json[9000];
    const Id op = id_make(hlc_stamp(PLAY_START_MS, 0), ++play->op_count, 1);
    const int size = vsnprintf(inside, sizeof inside, format, args);
    assert_true(size > 0 && (size_t)size < sizeof inside);
    snprintf(json, sizeof json, "{\"op\":\"%s\",%s}", play_text(op), inside);
    return run_json(play, json);
}

Answer play_command(Play *play, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const Answer answer = run_format(play, format, args);
    va_end(args);
    return answer;
}

Id play_add(Play *play, const char *kind, const char *format, ...)
{
    char fields[6000];
    va_list args;
    va_start(args, format);
    vsnprintf(fields, sizeof fields, format, args);
    va_end(args);
    const Answer answer = play_command(play, "\"do\":\"%s.add\",\"fields\":{%s}", kind, fields);
    if (answer.status != ANSWER_DONE) fail_msg("%s {%s}: %s", kind, fields, answer.detail);
    assert_int_equal(answer.id_count, 1);
    return answer.ids[0];
}

const char *play_text(Id id)
{
    static char texts[16][ID_TEXT_MAX];
    static unsigned turn;
    turn = (turn + 1) % 16;
    return id_write(id, texts[turn]);
}
