#include "engine/meeting.h"
#include "engine/register.h"
#include "engine/sense_signal.h"

#include <assert.h>
#include <string.h>

#include "store/rows.h"

ErrCode facts_add(Facts *facts, Arena *arena, Fact **out_fact, Err *err)
{
    facts->items = list_grow(arena, facts->items, sizeof facts->items[0], facts->count);
    if (facts->items == NULL) return list_full(facts->count, err);
    *out_fact = &facts->items[facts->count++];
    **out_fact = (Fact){0};
    return OK;
}

ErrCode find_thing(Engine *engine, Id id, KindCode kind, const char *what, Key *out_key, Err *err)
{
    Key key = KEY_NONE;
    KindCode its_kind = KIND_NONE;
    char text[ID_TEXT_MAX];
    TRY(thing_find(engine->store, engine->shard, id, &key, err));
    if (key != KEY_NONE) TRY(thing_kind(engine->store, engine->shard, key, &its_kind, err));
    if (its_kind != kind)
        return err_set(err, ERR_NOT_FOUND, "\"%s\": there is no %s %s", what,
                       vocab_kind((unsigned)kind)->name, id_write(id, text));
    *out_key = key;
    return OK;
}

ErrCode check_refs(Engine *engine, const Actor *actor, const Record *record, const Record *changed,
                   Arena *arena, Err *err)
{
    for (size_t i = 0; i < record->kind->field_count; i++) {
        const FieldInfo *field = &record->kind->fields[i];
        if (field->type != FIELD_REF || !record_has(changed, field->number)) continue;
        Key key = KEY_NONE;
        RowState state;
        const Id ref = record_ref(changed, field->number);
        TRY(find_thing(engine, ref, field->target, field->name, &key, err));
        TRY(row_state(engine->store, engine->shard, key, field->target, &state, err));
        TRY(check_ref_reach(engine, actor, field, key, arena, err));
        if (state.is_void)
            return err_set(err, ERR_CONFLICT, "\"%s\" leads to a %s that was voided", field->name,
                           vocab_kind((unsigned)field->target)->name);
    }
    return OK;
}

static ErrCode scope_by(Engine *engine, QueryId id, Key key, Key *out_scope, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, id, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, key);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_CORRUPT, "a thing is known that has no row: run 'rebuild'");
    *out_scope = query_int(&query, 0);
    return OK;
}

ErrCode unit_in_charge(Engine *engine, Key project, Key *out_unit, Err *err)
{
    return scope_by(engine, UNIT_OF_PROJECT, project, out_unit, err);
}

ErrCode scope_of_thing(Engine *engine, KindCode kind, Key key, Key *out_scope, Err *err)
{
    switch ((int)kind) {
    case KIND_PERSON: return scope_by(engine, UNIT_OF_PERSON, key, out_scope, err);
    case KIND_GROUP: return scope_by(engine, UNIT_OF_GROUP, key, out_scope, err);
    case KIND_HOME: return scope_by(engine, UNIT_OF_HOME, key, out_scope, err);
    case KIND_ACTIVITY: return scope_by(engine, PROJECT_OF_ACTIVITY, key, out_scope, err);
    case KIND_PART: return scope_by(engine, PROJECT_OF_PART, key, out_scope, err);
    case KIND_BRIEFING: return scope_by(engine, PROJECT_OF_BRIEFING, key, out_scope, err);
    case KIND_INTEGRITY_RISK: return scope_by(engine, PROJECT_OF_RISK, key, out_scope, err);
    case KIND_ITEM: return scope_by(engine, UNIT_OF_ITEM, key, out_scope, err);
    case KIND_TASK: return scope_by(engine, PROJECT_OF_TASK, key, out_scope, err);
    case KIND_STEP: return scope_by(engine, PROJECT_OF_STEP, key, out_scope, err);
    case KIND_SIGNAL: return scope_by(engine, PROJECT_OF_SIGNAL, key, out_scope, err);
    case KIND_HANDLING: return scope_by(engine, PROJECT_OF_HANDLING, key, out_scope, err);
    case KIND_NOTICE: return scope_by(engine, UNIT_OF_NOTICE, key, out_scope, err);
    case KIND_OBJECTION: return scope_by(engine, UNIT_OF_OBJECTION, key, out_scope, err);
    case KIND_TEMPLATE: return scope_by(engine, UNIT_OF_TEMPLATE, key, out_scope, err);
    case KIND_TEMPLATE_LINE: return scope_by(engine, UNIT_OF_TEMPLATE_LINE, key, out_scope, err);
    case KIND_PLAN_LINE: return scope_by(engine, PROJECT_OF_PLAN_LINE, key, out_scope, err);
    case KIND_OBJECTIVE: return scope_by(engine, PROJECT_OF_OBJECTIVE, key, out_scope, err);
    case KIND_TOOL: return scope_by(engine, PROJECT_OF_TOOL, key, out_scope, err);
    case KIND_COMPETITION: return scope_by(engine, PROJECT_OF_COMPETITION, key, out_scope, err);
    default: *out_scope = key; return OK;
    }
}

ErrCode find_scope(Engine *engine, const KindInfo *kind, const Record *record, Fact *fact, Err *err)
{
    if (kind->scope_rule == SCOPE_BY_NODE || kind->scope_rule == SCOPE_BY_BROADCAST) {
        const Id own = engine->node->scope;
        fact->scope = kind->scope_rule == SCOPE_BY_NODE ? own : scope_of_broadcast(own);
        fact->scope_key = KEY_NONE;
        return OK;
    }
    if (kind->scope_rule == SCOPE_BY_SELF) {
        fact->scope_key = fact->subject; /* of a new thing it is known once it is written */
        return fact->subject == KEY_NONE
                   ? OK
                   : thing_id(engine->store, engine->shard, fact->subject, &fact->scope, err);
    }
    const FieldInfo *field = vocab_field(kind, kind->scope_field);
    Key key = KEY_NONE;
    TRY(find_thing(engine, record_ref(record, field->number), field->target, field->name, &key,
                   err));
    TRY(scope_of_thing(engine, field->target, key, &fact->scope_key, err));
    return thing_id(engine->store, engine->shard, fact->scope_key, &fact->scope, err);
}

ErrCode add_new_thing(Engine *engine, const Actor *actor, const Record *record, Arena *arena,
                      Facts *facts, Err *err)
{
    Fact *fact = NULL;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = record->kind;
    fact->record = *record;
    TRY(normalise_sealed(&fact->record, arena, err));
    TRY(fill_self(engine, actor, arena, &fact->record, err));
    TRY(fill_step(engine, &fact->record, arena, err));
    TRY(fill_minutes(engine, &fact->record, arena, err));
    fill_register(engine, &fact->record);
    TRY(check_refs(engine, actor, &fact->record, &fact->record, arena, err));
    TRY(find_scope(engine, fact->kind, &fact->record, fact, err));
    TRY(check_reach(engine, actor, fact, err));
    TRY(check_self(engine, actor, fact, &fact->record, err));
    return check_sense(engine, actor, KEY_NONE, &fact->record, &fact->record, arena, err);
}

static ErrCode check_by_hand(const KindInfo *kind, Err *err)
{
    if (kind->scope_rule != SCOPE_BY_BROADCAST) return OK;
    return err_set(err, ERR_DENIED, "a %s is issued, not written by hand: 'tongpin peers'",
                   kind->name);
}

static ErrCode decide_add(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                          Facts *facts, Err *err)
{
    TRY(check_by_hand(command->kind, err));
    if (command->kind->code == KIND_ACTIVITY)
        return decide_activity_command(engine, actor, command, arena, facts, err);
    if (command->kind->code == KIND_BRIEFING)
        return decide_briefing(engine, actor, command, arena, facts, err);
    if (command->kind->code == KIND_ATTENDANCE)
        return decide_attendance(engine, actor, command, arena, facts, err);
    if (command->kind->code == KIND_SIGNAL)
        return decide_signal(engine, actor, command, arena, facts, err);
    if (command->kind->code == KIND_HANDLING)
        return decide_handling(engine, actor, command, arena, facts, err);
    return add_new_thing(engine, actor, &command->record, arena, facts, err);
}

ErrCode begin_fact(Engine *engine, const Actor *actor, const Command *command, EntryVerb verb,
                   Arena *arena, Facts *facts, Record *out_record, Fact **out_fact, Err *err)
{
    RowState state;
    Fact *fact = NULL;
    TRY(check_by_hand(command->kind, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = verb;
    fact->kind = command->kind;
    fact->record.kind = command->kind;
    TRY(find_thing(engine, command->subject, command->kind->code, "id", &fact->subject, err));
    TRY(row_load(engine->store, engine->shard, fact->subject, command->kind, arena, out_record,
                 &state, err));
    TRY(find_scope(engine, fact->kind, out_record, fact, err));
    TRY(check_reach(engine, actor, fact, err));
    TRY(check_self(engine, actor, fact, out_record, err));
    if (state.is_void)
        return err_set(err, ERR_CONFLICT, "this %s was voided before", command->kind->name);
    *out_fact = fact;
    return OK;
}

static ErrCode check_once(const Record *changed, Err *err)
{
    for (size_t i = 0; i < changed->kind->field_count; i++) {
        const FieldInfo *field = &changed->kind->fields[i];
        if ((field->flags & FIELD_FLAG_ONCE) != 0 &&
            changed->fields[field->number].state != FIELD_ABSENT)
            return err_set(err, ERR_INVALID,
                           "\"%s\" of a %s never changes: void it and make another", field->name,
                           changed->kind->name);
    }
    return OK;
}

static ErrCode decide_change(Engine *engine, const Actor *actor, const Command *command,
                             Arena *arena, Facts *facts, Err *err)
{
    Record record;
    Fact *fact = NULL;
    TRY(begin_fact(engine, actor, command, VERB_CHANGE, arena, facts, &record, &fact, err));
    TRY(check_once(&command->record, err));
    fact->record = command->record;
    TRY(normalise_sealed(&fact->record, arena, err));
    if (fact->kind->code == KIND_ATTENDANCE)
        TRY(fill_signature(engine, actor, record_ref(&record, ATTENDANCE_PERSON), &fact->record,
                           err));
    record_lay_over(&record, &fact->record);
    TRY(check_refs(engine, actor, &record, &fact->record, arena, err));
    /* The right to put it where it goes. */
    TRY(find_scope(engine, fact->kind, &record, fact, err));
    TRY(check_reach(engine, actor, fact, err));
    TRY(check_self(engine, actor, fact, &record, err));
    return check_sense(engine, actor, fact->subject, &record, &fact->record, arena, err);
}

/* Why a thing was voided stands in the audit record: a void carries no fields of its own. */
static ErrCode add_reason(Engine *engine, const char *event, Id subject, Text reason, Arena *arena,
                          Facts *facts, Err *err)
{
    Fact *fact = NULL;
    Text id = {0};
    char text[ID_TEXT_MAX];
    TRY(text_copy(arena, text_from_z(id_write(subject, text)), &id, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_AUDIT);
    fact->record.kind = fact->kind;
    record_set_text(&fact->record, AUDIT_EVENT, text_from_z(event));
    record_set_int(&fact->record, AUDIT_SUCCESS, 1);
    record_set_text(&fact->record, AUDIT_SUBJECT, id);
    record_set_text(&fact->record, AUDIT_PURPOSE, reason);
    return find_scope(engine, fact->kind, &fact->record, fact, err);
}

static ErrCode decide_void(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                           Facts *facts, Err *err)
{
    Record record;
    Fact *fact = NULL;
    TRY(begin_fact(engine, actor, command, VERB_VOID, arena, facts, &record, &fact, err));
    TRY(check_voids(engine, facts, arena, err));
    TRY(check_void_signal(engine, &record, arena, err));
    return add_reason(engine, "void", command->subject, command->reason, arena, facts, err);
}

/* What hangs on a phase and is not done goes with it. */
static ErrCode decide_phase_too(Engine *engine, const Command *command, Arena *arena, Facts *facts,
                                Err *err)
{
    return command->kind->code == KIND_PHASE ? follow_phase(engine, arena, facts, err) : OK;
}

ErrCode decide(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
               Facts *out_facts, Err *err)
{
    assert(out_facts->count == 0);
    switch (command->action) {
    case ACTION_ADD:
        TRY(decide_add(engine, actor, command, arena, out_facts, err));
        return decide_phase_too(engine, command, arena, out_facts, err);
    case ACTION_CHANGE:
        TRY(decide_change(engine, actor, command, arena, out_facts, err));
        return decide_phase_too(engine, command, arena, out_facts, err);
    case ACTION_VOID:
        TRY(decide_void(engine, actor, command, arena, out_facts, err));
        return decide_phase_too(engine, command, arena, out_facts, err);
    case ACTION_MOVE: return decide_move(engine, actor, command, arena, out_facts, err);
    case ACTION_DEPLOY: return decide_deploy(engine, actor, command, arena, out_facts, err);
    case ACTION_MERGE: return decide_merge(engine, actor, command, arena, out_facts, err);
    case ACTION_APPLY: return decide_apply(engine, actor, command, arena, out_facts, err);
    case ACTION_ARRANGE: return decide_arrange(engine, actor, command, arena, out_facts, err);
    case ACTION_CONVENE: return decide_convene(engine, actor, command, arena, out_facts, err);
    case ACTION_UNDO:
        TRY(decide_undo(engine, actor, command, arena, out_facts, err));
        return add_reason(engine, "import.undo", command->subject, command->reason, arena,
                          out_facts, err);
    }
    return OK;
}
