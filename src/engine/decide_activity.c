#include "engine/meeting.h"

/* ---- An activity and its parts as one act ---- */

/* Nobody types what the node knows: that it is about today, and that what is past was held. */
static void fill_activity(const Engine *engine, Record *activity)
{
    const Day today = node_today(engine->node);
    if (!record_has(activity, ACTIVITY_DAY)) record_set_int(activity, ACTIVITY_DAY, today);
    if (record_has(activity, ACTIVITY_PROGRESS)) return;
    const bool is_past = record_int(activity, ACTIVITY_DAY, 0) <= today;
    record_set_int(activity, ACTIVITY_PROGRESS, is_past ? PROGRESS_IS_HELD : PROGRESS_IS_PLANNED);
}

/* Of the parts before it, none is the same meeting of the same group. */
static ErrCode check_first(const Record *parts, size_t at, Err *err)
{
    for (size_t i = 0; i < at; i++)
        if (id_equal(record_ref(&parts[i], PART_GROUP), record_ref(&parts[at], PART_GROUP)) &&
            record_int(&parts[i], PART_MEETING, 0) == record_int(&parts[at], PART_MEETING, 0))
            return refuse_part_twice(err);
    return OK;
}

static ErrCode add_part(Engine *engine, const Actor *actor, const Record *part, size_t activity_at,
                        Arena *arena, Facts *facts, Err *err)
{
    Fact *fact = NULL;
    Record known = *part;
    known.fields[PART_ACTIVITY] = (FieldValue){0}; /* it has no id yet */
    TRY(check_refs(engine, actor, part, &known, arena, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = part->kind;
    fact->record = *part;
    fact->scope = facts->items[activity_at].scope;
    fact->scope_key = facts->items[activity_at].scope_key;
    fact->made_field = PART_ACTIVITY;
    fact->made_by = activity_at;
    return check_new_part(engine, &facts->items[activity_at].record, part, arena, err);
}

ErrCode decide_activity(Engine *engine, const Actor *actor, const Record *activity,
                        const Record *parts, size_t part_count, Arena *arena, Facts *out_facts,
                        Err *err)
{
    const size_t at = out_facts->count;
    Record filled = *activity;
    fill_activity(engine, &filled);
    TRY(add_new_thing(engine, actor, &filled, arena, out_facts, err));
    for (size_t i = 0; i < part_count; i++) {
        ErrCode code = check_first(parts, i, err);
        if (code == OK) code = add_part(engine, actor, &parts[i], at, arena, out_facts, err);
        if (code != OK) return err_context(err, "part %zu", i + 1);
    }
    return OK;
}

ErrCode decide_activity_command(Engine *engine, const Actor *actor, const Command *command,
                                Arena *arena, Facts *out_facts, Err *err)
{
    const size_t count = command_enclosed_count(command);
    Record *parts = arena_array(arena, Record, count + 1);
    if (parts == NULL) return list_full(count, err);
    for (size_t i = 0; i < count; i++)
        TRY(command_enclosed(command, i, &parts[i], err));
    return decide_activity(engine, actor, &command->record, parts, count, arena, out_facts, err);
}

/* ---- A briefing and its checks as one act ---- */

static ErrCode add_check(Engine *engine, const Record *check, size_t briefing_at, Arena *arena,
                         Facts *facts, Err *err)
{
    Fact *fact = NULL;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = check->kind;
    fact->record = *check;
    fact->scope = facts->items[briefing_at].scope;
    fact->scope_key = facts->items[briefing_at].scope_key;
    fact->made_field = CHECK_BRIEFING;
    fact->made_by = briefing_at;
    return check_new_check(engine, &facts->items[briefing_at].record, check, arena, err);
}

ErrCode decide_briefing(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                        Facts *out_facts, Err *err)
{
    const size_t at = out_facts->count;
    const size_t count = command_enclosed_count(command);
    Record *checks = arena_array(arena, Record, count + 1);
    if (checks == NULL) return list_full(count, err);
    TRY(add_new_thing(engine, actor, &command->record, arena, out_facts, err));
    for (size_t i = 0; i < count; i++) {
        TRY(command_enclosed(command, i, &checks[i], err));
        for (size_t before = 0; before < i; before++)
            if (text_equal(record_text(&checks[before], CHECK_ITEM),
                           record_text(&checks[i], CHECK_ITEM)))
                return err_set(err, ERR_CONFLICT, "check %zu: this line was checked already",
                               i + 1);
        const ErrCode code = add_check(engine, &checks[i], at, arena, out_facts, err);
        if (code != OK) return err_context(err, "check %zu", i + 1);
    }
    return OK;
}
