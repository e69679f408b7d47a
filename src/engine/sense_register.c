#include "engine/meeting.h"
#include "engine/register.h"

static ErrCode check_kind_of_group(Engine *engine, const Record *record, unsigned field, int kind,
                                   Arena *arena, Err *err)
{
    Record group;
    Key key = KEY_NONE;
    TRY(load_ref(engine, record, field, KIND_GROUP, arena, &key, &group, err));
    if (record_int(&group, GROUP_KIND, 0) == kind) return OK;
    const Choice *wanted =
        vocab_choice(vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND)->among, kind);
    return err_set(err, ERR_INVALID, "\"group\" is to be a %s", wanted->en);
}

/* ---- Tools ---- */

/* A crew knows a tool by its kind and number. */
static ErrCode check_tool(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    AUTO(query_done) Query query = {0};
    Key group = KEY_NONE;
    bool found = false;
    TRY(check_kind_of_group(engine, record, TOOL_GROUP, GROUP_KIND_IS_CREW, arena, err));
    TRY(find_thing(engine, record_ref(record, TOOL_GROUP), KIND_GROUP, "group", &group, err));
    TRY(query_begin(&query, engine->store, TOOLS_OF_GROUP, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, group);
    TRY(query_next(&query, &found, err));
    while (found) {
        Text number;
        TRY(query_text(&query, 3, arena, &number, err));
        if (query_int(&query, 0) != subject &&
            query_int(&query, 2) == record_int(record, TOOL_KIND, 0) &&
            text_equal(number, record_text(record, TOOL_NUMBER)))
            return err_set(err, ERR_CONFLICT,
                           "this crew has a tool of that kind and number already: change that one");
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- Labour protection ---- */

static ErrCode check_hazard(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    Record signal;
    Key key = KEY_NONE;
    if (!record_has(record, LABOUR_CHECK_HAZARD)) return OK;
    TRY(load_ref(engine, record, LABOUR_CHECK_HAZARD, KIND_SIGNAL, arena, &key, &signal, err));
    if (record_int(&signal, SIGNAL_KIND, 0) == SIGNAL_IS_HAZARD &&
        id_equal(record_ref(&signal, SIGNAL_PROJECT), record_ref(record, LABOUR_CHECK_PROJECT)))
        return OK;
    return err_set(err, ERR_INVALID,
                   "\"hazard\" is to be a hazard that was raised at this project");
}

static ErrCode check_labour(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    TRY(check_kind_of_group(engine, record, LABOUR_CHECK_GROUP, GROUP_KIND_IS_UNION, arena, err));
    TRY(check_hazard(engine, record, arena, err));
    if (record_int(record, LABOUR_CHECK_FOUND, 0) == CHECKED_IS_NOT_IN_ORDER &&
        !record_has(record, LABOUR_CHECK_NOTE) && !record_has(record, LABOUR_CHECK_HAZARD))
        return err_set(err, ERR_INVALID,
                       "what is not in order? Say it in \"note\", or name the \"hazard\"");
    return check_not_ahead(engine, record, LABOUR_CHECK_DAY, err);
}

/* ---- Competitions: of groups, and of nobody else ---- */

static ErrCode check_competitor(Engine *engine, Key subject, const Record *record, Err *err)
{
    AUTO(query_done) Query query = {0};
    Key competition = KEY_NONE;
    Key group = KEY_NONE;
    bool found = false;
    TRY(find_thing(engine, record_ref(record, COMPETITOR_COMPETITION), KIND_COMPETITION,
                   "competition", &competition, err));
    TRY(find_thing(engine, record_ref(record, COMPETITOR_GROUP), KIND_GROUP, "group", &group, err));
    TRY(query_begin(&query, engine->store, COMPETITORS, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, competition);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) != subject && query_int(&query, 1) == group)
            return err_set(err, ERR_CONFLICT,
                           "this group competes already: change its result instead");
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- Heart-to-heart talks ---- */

static ErrCode check_short(const Record *record, unsigned field, size_t most, Err *err)
{
    const Text text = record_text(record, field);
    size_t count = 0;
    for (size_t at = 0; at < text.size; count++)
        (void)text_next_rune(text, &at);
    if (count <= most) return OK;
    return err_set(err, ERR_INVALID,
                   "\"%s\" has at most %zu characters: what was said in a talk is not written down",
                   vocab_field(record->kind, field)->name, most);
}

static ErrCode check_talk(Engine *engine, const Record *record, Arena *arena, Err *err)
{
    TRY(check_kind_of_group(engine, record, HEART_TALK_GROUP, GROUP_KIND_IS_PARTY, arena, err));
    if (id_equal(record_ref(record, HEART_TALK_PERSON), record_ref(record, HEART_TALK_TALKED_WITH)))
        return err_set(err, ERR_INVALID, "\"talked_with\" is somebody else than \"person\"");
    TRY(check_short(record, HEART_TALK_TOPIC, TALK_TOPIC_MAX, err));
    TRY(check_short(record, HEART_TALK_FOLLOW_UP, TALK_FOLLOW_UP_MAX, err));
    return check_not_ahead(engine, record, HEART_TALK_DAY, err);
}

/* ---- All of them ---- */

static unsigned day_field(KindCode kind)
{
    switch ((int)kind) {
    case KIND_TOOL: return TOOL_FROM;
    case KIND_TOOL_TEST: return TOOL_TEST_DAY;
    case KIND_LABOUR_CHECK: return LABOUR_CHECK_DAY;
    case KIND_HEART_TALK: return HEART_TALK_DAY;
    default: return 0;
    }
}

void fill_register(const Engine *engine, Record *record)
{
    const unsigned field = day_field(record->kind->code);
    if (field != 0 && !record_has(record, field))
        record_set_int(record, field, node_today(engine->node));
}

ErrCode check_register(Engine *engine, Key subject, const Record *record, Arena *arena, Err *err)
{
    switch ((int)record->kind->code) {
    case KIND_TOOL: return check_tool(engine, subject, record, arena, err);
    case KIND_TOOL_TEST: return check_not_ahead(engine, record, TOOL_TEST_DAY, err);
    case KIND_LABOUR_CHECK: return check_labour(engine, record, arena, err);
    case KIND_COMPETITION:
        return check_kind_of_group(engine, record, COMPETITION_GROUP, GROUP_KIND_IS_UNION, arena,
                                   err);
    case KIND_COMPETITOR: return check_competitor(engine, subject, record, err);
    case KIND_HEART_TALK: return check_talk(engine, record, arena, err);
    default: return OK;
    }
}
