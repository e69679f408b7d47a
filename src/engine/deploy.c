#include "engine/inside.h"
#include "people/coverage.h"
#include "people/coverage_index.h"
#include "store/query.h"
#include "store/rows.h"
#include "store/things.h"

/* ---- Where an item is deployed to ---- */

typedef struct FactScopes {
    FactScope *items;
    size_t count;
} FactScopes;

static ErrCode add_scope(FactScopes *scopes, Key project, Arena *arena, Err *err)
{
    if (scopes->count == DEPLOY_PROJECTS_MAX)
        return err_set(err, ERR_LIMIT, "an item is deployed to at most %d projects at once",
                       DEPLOY_PROJECTS_MAX);
    scopes->items = list_grow(arena, scopes->items, sizeof scopes->items[0], scopes->count);
    if (scopes->items == NULL) return list_full(scopes->count, err);
    scopes->items[scopes->count++] = (FactScope){.key = project};
    return OK;
}

/* Every project in the charge of these units that needs an organisation today. */
static ErrCode add_active(Engine *engine, const Actor *actor, const Reach *below,
                          FactScopes *scopes, Arena *arena, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    const Day today = node_today(engine->node);
    const CoverageRules rules = coverage_rules(engine->node->pack, today);
    TRY(query_begin(&query, engine->store, PROJECTS, err));
    query_bind_int(&query, 1, engine->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        ProjectCard card;
        TRY(project_of_row(&query, arena, &card, err));
        if (reach_has_unit(below, card.facts.unit) &&
            reach_has_project(actor->reach, card.facts.key, card.facts.unit) &&
            inactive_reason(&rules, &card.facts, today) == 0)
            TRY(add_scope(scopes, card.facts.key, arena, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode add_projects_of(Engine *engine, const Actor *actor, Id unit, FactScopes *scopes,
                               Arena *arena, Err *err)
{
    Key key = KEY_NONE;
    Reach below;
    TRY(find_thing(engine, unit, KIND_UNIT, "unit", &key, err));
    TRY(check_ref_reach(engine, actor, vocab_field(vocab_kind(KIND_ITEM), ITEM_UNIT), key, arena,
                        err));
    TRY(reach_below(engine->store, engine->shard, key, arena, &below, err));
    TRY(add_active(engine, actor, &below, scopes, arena, err));
    if (scopes->count > 0) return OK;
    return err_set(err, ERR_CONFLICT, "this unit has no active project: there is nobody to do it");
}

static ErrCode add_projects_named(Engine *engine, const Actor *actor, const Command *command,
                                  FactScopes *scopes, Arena *arena, Err *err)
{
    Map named;
    int64_t known;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_TASK), TASK_PROJECT);
    map_init(&named, arena);
    for (size_t i = 0; i < command_project_count(command); i++) {
        Key key = KEY_NONE;
        RowState state;
        TRY(find_thing(engine, command_project(command, i), KIND_PROJECT, "projects", &key, err));
        TRY(row_state(engine->store, engine->shard, key, KIND_PROJECT, &state, err));
        TRY(check_ref_reach(engine, actor, field, key, arena, err));
        if (state.is_void)
            return err_set(err, ERR_CONFLICT, "\"projects\" names one that was voided");
        if (map_find(&named, key, &known))
            return err_set(err, ERR_INVALID, "\"projects\" names one twice");
        TRY(map_put(&named, key, 1, err));
        TRY(add_scope(scopes, key, arena, err));
    }
    return OK;
}

/* ---- One item, and a task at each of its scopes ---- */

ErrCode decide_deploy(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                      Facts *out_facts, Err *err)
{
    FactScopes scopes = {0};
    Fact *fact = NULL;
    const size_t item_at = out_facts->count;
    TRY(add_new_thing(engine, actor, &command->record, arena, out_facts, err));
    if (command->projects != NULL) {
        TRY(add_projects_named(engine, actor, command, &scopes, arena, err));
    } else {
        const Id unit =
            id_is_nil(command->to) ? record_ref(&command->record, ITEM_UNIT) : command->to;
        TRY(add_projects_of(engine, actor, unit, &scopes, arena, err));
    }
    for (size_t i = 0; i < scopes.count; i++)
        TRY(thing_id(engine->store, engine->shard, scopes.items[i].key, &scopes.items[i].id, err));
    TRY(facts_add(out_facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_TASK);
    fact->record.kind = fact->kind;
    fact->made_field = TASK_ITEM;
    fact->made_by = item_at;
    fact->scopes = scopes.items;
    fact->scope_count = scopes.count;
    fact->scope_field = TASK_PROJECT;
    return OK;
}
