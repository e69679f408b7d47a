#include "engine/inside.h"
#include "engine/sense_signal.h"
#include "seal/reader.h"
#include "store/query.h"
#include "store/rows.h"
#include "store/things.h"
#include "view/signal_load.h"

/* Who reads what is sealed is settled at headquarters, not by those it may be about. */
ErrCode check_reader(const Actor *actor, const Record *record, Err *err)
{
    ReaderKey key;
    if (actor->write == NULL || !actor->write->is_everything)
        return err_set(err, ERR_DENIED, "a reader is named by who may write everywhere");
    if (reader_key_parse(record_text(record, READER_KEY), &key, err) != OK)
        return err_context(err, "\"key\"");
    return OK;
}

/* Whether a unit has charge of a project, itself or through units below. */
static ErrCode is_above(Engine *engine, Key unit, Key project, bool *out_is, Err *err)
{
    Key at = KEY_NONE;
    UnitChain chain;
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 4096);
    *out_is = false;
    TRY(unit_in_charge(engine, project, &at, err));
    TRY(load_unit_chain((Source){engine->store, engine->shard, &arena}, at, &chain, err));
    for (size_t i = 0; i < chain.count; i++)
        if (chain.units[i] == unit) *out_is = true;
    return OK;
}

/* A notice for one project goes to a project of its unit, or of a unit below. */
ErrCode check_notice(Engine *engine, const Record *record, Err *err)
{
    Key unit = KEY_NONE;
    Key project = KEY_NONE;
    bool is = false;
    if (!record_has(record, NOTICE_PROJECT)) return OK;
    TRY(find_thing(engine, record_ref(record, NOTICE_UNIT), KIND_UNIT, "unit", &unit, err));
    TRY(find_thing(engine, record_ref(record, NOTICE_PROJECT), KIND_PROJECT, "project", &project,
                   err));
    TRY(is_above(engine, unit, project, &is, err));
    if (is) return OK;
    return err_set(err, ERR_INVALID, "\"project\" is not in the charge of that unit");
}

/* What is read at a project came down to it. */
static ErrCode check_came_down(Engine *engine, KindCode kind, Key thing, Key project, Arena *arena,
                               Err *err)
{
    bool is = false;
    Key at = KEY_NONE;
    TRY(scope_of_thing(engine, kind, thing, &at, err));
    if (kind == KIND_NOTICE) {
        Record notice;
        RowState state;
        TRY(is_above(engine, at, project, &is, err));
        TRY(row_load(engine->store, engine->shard, thing, vocab_kind(KIND_NOTICE), arena, &notice,
                     &state, err));
        const Id only = record_ref(&notice, NOTICE_PROJECT);
        Key key = KEY_NONE;
        if (!id_is_nil(only)) {
            TRY(thing_find(engine->store, engine->shard, only, &key, err));
            is = key == project;
        }
    } else {
        is = at == project;
    }
    if (is) return OK;
    return err_set(err, ERR_NOT_FOUND, "nothing of that id came down to this project");
}

static ErrCode is_seen_before(Engine *engine, QueryId id, Key thing, Key person, bool *out_is,
                              Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_is = false;
    TRY(query_begin(&query, engine->store, id, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, thing);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) == person) *out_is = true;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Somebody says once that they have read one thing. */
ErrCode check_seen(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    Key thing = KEY_NONE;
    Key person = KEY_NONE;
    Key project = KEY_NONE;
    bool is_before = false;
    const bool is_notice = record_has(record, SEEN_NOTICE);
    if (is_notice == record_has(record, SEEN_TASK))
        return err_set(err, ERR_INVALID, "say what was read: \"notice\" or \"task\", one of them");
    if (subject != KEY_NONE) return OK; /* nothing of it changes */
    TRY(find_thing(engine, record_ref(record, is_notice ? SEEN_NOTICE : SEEN_TASK),
                   is_notice ? KIND_NOTICE : KIND_TASK, is_notice ? "notice" : "task", &thing,
                   err));
    TRY(find_thing(engine, record_ref(record, SEEN_PERSON), KIND_PERSON, "person", &person, err));
    TRY(find_thing(engine, record_ref(record, SEEN_PROJECT), KIND_PROJECT, "project", &project,
                   err));
    TRY(check_came_down(engine, is_notice ? KIND_NOTICE : KIND_TASK, thing, project, arena, err));
    TRY(is_seen_before(engine, is_notice ? SEEN_OF_NOTICE : SEEN_OF_TASK, thing, person, &is_before,
                       err));
    if (!is_before) return OK;
    return err_set(err, ERR_CONFLICT, "this person has said so before");
}
