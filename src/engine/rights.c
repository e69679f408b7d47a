#include "engine/inside.h"
#include "store/things.h"

/* Where a unit or project is put: a unit below another, a project in the charge of a unit. */
static unsigned parent_field(const Fact *fact)
{
    return fact->kind->code == KIND_UNIT ? UNIT_PARENT : PROJECT_UNIT;
}

static ErrCode check_parent(Engine *engine, const Actor *actor, const Fact *fact, bool *out_allowed,
                            Err *err)
{
    const unsigned field = parent_field(fact);
    Key unit = KEY_NONE;
    *out_allowed = false;
    if (!record_has(&fact->record, field)) {
        /* A new unit at the top, or one taken out of the tree, is for who reaches everything. */
        *out_allowed =
            fact->verb != VERB_CREATE && fact->record.fields[field].state == FIELD_ABSENT;
        return OK;
    }
    TRY(find_thing(engine, record_ref(&fact->record, field), KIND_UNIT, "unit", &unit, err));
    *out_allowed = reach_has_unit(actor->reach, unit);
    return OK;
}

ErrCode is_within(Engine *engine, const Reach *reach, Key scope, bool *out_is, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, UNIT_OF_PROJECT, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, scope);
    TRY(query_next(&query, &found, err));
    *out_is = found ? reach_has_project(reach, scope, query_int(&query, 0))
                    : reach_has_unit(reach, scope);
    return OK;
}

ErrCode is_in_reach(Engine *engine, const Actor *actor, Key scope, bool *out_is, Err *err)
{
    return is_within(engine, actor->reach, scope, out_is, err);
}

/* The field of a kind that says who acts, or where; NULL when there is none. */
static const FieldInfo *self_field(const KindInfo *kind, KindCode target)
{
    for (size_t i = 0; i < kind->field_count; i++)
        if ((kind->fields[i].flags & FIELD_FLAG_SELF) != 0 && kind->fields[i].target == target)
            return &kind->fields[i];
    return NULL;
}

/* The project that somebody is posted to today; nil when that is not known. */
static ErrCode find_own_project(Engine *engine, Key person, Arena *arena, Id *out_project, Err *err)
{
    StayList stays;
    *out_project = (Id){{0}};
    if (person == KEY_NONE) return OK;
    TRY(load_stays_of_person((Source){engine->store, engine->shard, arena}, person, &stays, err));
    const Stay *stay = stay_on((Stays){stays.items, stays.count}, node_today(engine->node));
    if (stay == NULL) return OK;
    return thing_id(engine->store, engine->shard, stay->project, out_project, err);
}

static ErrCode fill_project(Engine *engine, const Actor *actor, Arena *arena, Record *record,
                            Err *err)
{
    Id project;
    const FieldInfo *field = self_field(record->kind, KIND_PROJECT);
    if (field == NULL || record_has(record, field->number)) return OK;
    TRY(find_own_project(engine, actor->person, arena, &project, err));
    if (!id_is_nil(project)) record_set_ref(record, field->number, project);
    if (!id_is_nil(project) || (field->flags & FIELD_FLAG_MUST) == 0) return OK;
    return err_set(err, ERR_INVALID,
                   "\"%s\" is missing: your account's person is posted to no project today",
                   field->name);
}

ErrCode fill_self(Engine *engine, const Actor *actor, Arena *arena, Record *record, Err *err)
{
    Id self;
    const FieldInfo *field = self_field(record->kind, KIND_PERSON);
    TRY(fill_project(engine, actor, arena, record, err));
    if (field == NULL || record_has(record, field->number)) return OK;
    if (actor->person != KEY_NONE) {
        TRY(thing_id(engine->store, engine->shard, actor->person, &self, err));
        record_set_ref(record, field->number, self);
        return OK;
    }
    if ((field->flags & FIELD_FLAG_MUST) == 0) return OK;
    return err_set(err, ERR_INVALID,
                   "\"%s\": your account belongs to no person; say who it is, or have the account "
                   "given to its person",
                   field->name);
}

ErrCode check_self(Engine *engine, const Actor *actor, const Fact *fact, const Record *record,
                   Err *err)
{
    Key person = KEY_NONE;
    bool is_allowed = false;
    const FieldInfo *field = self_field(record->kind, KIND_PERSON);
    if (field == NULL) return OK;
    if (record_has(record, field->number))
        TRY(thing_find(engine->store, engine->shard, record_ref(record, field->number), &person,
                       err));
    if (person != KEY_NONE && person == actor->person) return OK;
    if (person == KEY_NONE && fact->verb == VERB_CREATE) return OK; /* of nobody: checked by kind */
    if (actor->write != NULL) {
        if (actor->write->is_everything) return OK;
        TRY(is_within(engine, actor->write, fact->scope_key, &is_allowed, err));
    }
    if (is_allowed) return OK;
    return err_set(err, ERR_DENIED, "\"%s\": only for yourself, unless you may write here",
                   field->name);
}

/* A group of another unit is within reach while it stands at a project that is. */
static ErrCode is_stationed_in_reach(Engine *engine, const Actor *actor, Key group, Arena *arena,
                                     bool *out_is, Err *err)
{
    Stations stations;
    TRY(load_stations_of_group((Source){engine->store, engine->shard, arena}, group, &stations,
                               err));
    for (size_t i = 0; i < stations.count && !*out_is; i++)
        TRY(is_in_reach(engine, actor, stations.items[i].project, out_is, err));
    return OK;
}

#define OWN_WORDS_BYTES ((size_t)1 << 20)

/* What a group says of its own assessment, and that somebody of it talked with somebody, may be
 * written by who leads the site where it stands. */
static ErrCode may_speak_for_group(Engine *engine, const Actor *actor, const Fact *fact,
                                   bool *out_may, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Key group = KEY_NONE;
    const KindCode kind = fact->kind->code;
    if (kind != KIND_SELF_ASSESSMENT && kind != KIND_OBJECTION && kind != KIND_HEART_TALK)
        return OK;
    const unsigned field = fact->kind->scope_field;
    if (!record_has(&fact->record, field)) return OK; /* of another's words */
    arena_init(&arena, OWN_WORDS_BYTES);
    TRY(find_thing(engine, record_ref(&fact->record, field), KIND_GROUP, "group", &group, err));
    return is_stationed_in_reach(engine, actor, group, &arena, out_may, err);
}

ErrCode check_reach(Engine *engine, const Actor *actor, const Fact *fact, Err *err)
{
    bool is_allowed = false;
    if (actor->reach->is_everything) return OK;
    const bool is_self = fact->kind->scope_rule == SCOPE_BY_SELF;
    if (is_self && fact->verb == VERB_CREATE) {
        TRY(check_parent(engine, actor, fact, &is_allowed, err));
    } else if (fact->scope_key != KEY_NONE) {
        TRY(is_in_reach(engine, actor, fact->scope_key, &is_allowed, err));
        if (is_allowed && is_self) TRY(check_parent(engine, actor, fact, &is_allowed, err));
    }
    if (!is_allowed) TRY(may_speak_for_group(engine, actor, fact, &is_allowed, err));
    if (is_allowed) return OK;
    return err_set(err, ERR_DENIED, "this %s is outside what you may change", fact->kind->name);
}

/* Somebody of another unit is within reach while posted to a project that is. */
static ErrCode is_posted_in_reach(Engine *engine, const Actor *actor, Key person, Arena *arena,
                                  bool *out_is, Err *err)
{
    StayList stays;
    TRY(load_stays_of_person((Source){engine->store, engine->shard, arena}, person, &stays, err));
    const Stay *stay = stay_on((Stays){stays.items, stays.count}, node_today(engine->node));
    if (stay == NULL || stay->is_pending) return OK;
    return is_in_reach(engine, actor, stay->project, out_is, err);
}

ErrCode check_ref_reach(Engine *engine, const Actor *actor, const FieldInfo *field, Key key,
                        Arena *arena, Err *err)
{
    Key scope = KEY_NONE;
    bool is_allowed = false;
    if (actor->reach->is_everything) return OK;
    if (field->target == KIND_PERSON && key == actor->person) return OK; /* oneself */
    if (field->target == KIND_NOTICE) return OK; /* from above: check_seen() says whom it reaches */
    TRY(scope_of_thing(engine, field->target, key, &scope, err));
    TRY(is_in_reach(engine, actor, scope, &is_allowed, err));
    if (!is_allowed && field->target == KIND_PERSON)
        TRY(is_posted_in_reach(engine, actor, key, arena, &is_allowed, err));
    if (!is_allowed && field->target == KIND_GROUP)
        TRY(is_stationed_in_reach(engine, actor, key, arena, &is_allowed, err));
    if (is_allowed) return OK;
    return err_set(err, ERR_NOT_FOUND, "\"%s\": there is no such thing within your reach",
                   field->name);
}
