#include "engine/meeting.h"
#include "store/rows.h"
#include "store/things.h"
#include "view/merge_load.h"

#define PROPOSAL_BYTES_MAX ((size_t)64 << 20)

/* ---- A proposal to merge what a site owes, accepted ---- */

static ErrCode part_of(Engine *engine, const MergeProposal *proposal, const MergeNeed *need,
                       Record *out_part, Err *err)
{
    Id group;
    Record part = {.kind = vocab_kind(KIND_PART)};
    TRY(thing_id(engine->store, engine->shard, proposal->groups.items[need->group].facts.key,
                 &group, err));
    record_set_ref(&part, PART_GROUP, group);
    record_set_int(&part, PART_MEETING, need->obligation->meeting);
    if (need->makes_up != DAY_OPEN) record_set_int(&part, PART_MAKES_UP, need->makes_up);
    *out_part = part;
    return OK;
}

static ErrCode add_activity(Engine *engine, const Actor *actor, Id project,
                            const MergeProposal *proposal, const MergeActivity *planned,
                            Arena *arena, Facts *facts, Err *err)
{
    Text title = {0};
    Record activity = {.kind = vocab_kind(KIND_ACTIVITY)};
    Record *parts = arena_array(arena, Record, planned->need_count);
    if (parts == NULL) return list_full(planned->need_count, err);
    TRY(merge_title(planned, arena, &title, err));
    record_set_ref(&activity, ACTIVITY_PROJECT, project);
    record_set_text(&activity, ACTIVITY_TITLE, title);
    record_set_int(&activity, ACTIVITY_DAY, planned->day);
    record_set_int(&activity, ACTIVITY_PROGRESS, PROGRESS_IS_PLANNED);
    record_set_int(&activity, ACTIVITY_DURATION, planned->minutes);
    for (size_t i = 0; i < planned->need_count; i++)
        TRY(part_of(engine, proposal, planned->needs[i], &parts[i], err));
    return decide_activity(engine, actor, &activity, parts, planned->need_count, arena, facts, err);
}

/* What joins a planned activity may make it longer: by an end that somebody set, it stays as it
 * is. */
static ErrCode lengthen(Engine *engine, const MergeActivity *planned, const Record *activity,
                        Arena *arena, Facts *facts, Err *err)
{
    Fact *fact = NULL;
    if (!record_has(activity, ACTIVITY_DURATION) || record_has(activity, ACTIVITY_END) ||
        record_int(activity, ACTIVITY_DURATION, 0) >= planned->minutes)
        return OK;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CHANGE;
    fact->kind = activity->kind;
    fact->subject = planned->joins->key;
    fact->record.kind = activity->kind;
    record_set_int(&fact->record, ACTIVITY_DURATION, planned->minutes);
    return find_scope(engine, fact->kind, activity, fact, err);
}

static ErrCode join_activity(Engine *engine, const Actor *actor, const MergeProposal *proposal,
                             const MergeActivity *planned, Arena *arena, Facts *facts, Err *err)
{
    Id id;
    Record activity;
    RowState state;
    TRY(thing_id(engine->store, engine->shard, planned->joins->key, &id, err));
    TRY(row_load(engine->store, engine->shard, planned->joins->key, vocab_kind(KIND_ACTIVITY),
                 arena, &activity, &state, err));
    for (size_t i = 0; i < planned->need_count; i++) {
        Record part;
        TRY(part_of(engine, proposal, planned->needs[i], &part, err));
        record_set_ref(&part, PART_ACTIVITY, id);
        TRY(add_new_thing(engine, actor, &part, arena, facts, err));
    }
    return lengthen(engine, planned, &activity, arena, facts, err);
}

static ErrCode check_proposal(const Command *command, const MergeProposal *proposal, Err *err)
{
    char digest[DIGEST_TEXT_MAX];
    if (!text_is(command->proposal, digest_write(&proposal->digest, digest)))
        return err_set(err, ERR_CONFLICT,
                       "what the groups owe, or how it merges, has changed since this proposal was "
                       "made: look at the new one and accept that");
    if (proposal->plan.activity_count == 0)
        return err_set(err, ERR_CONFLICT,
                       "there is nothing to plan: all that can be held is held "
                       "or planned");
    return OK;
}

ErrCode decide_merge(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                     Facts *out_facts, Err *err)
{
    AUTO(arena_done) Arena work = {0};
    MergeProposal proposal;
    MergeAsk ask = {.today = node_today(engine->node),
                    .utc_offset_minutes = engine->node->utc_offset_minutes};
    arena_init(&work, PROPOSAL_BYTES_MAX);
    TRY(find_thing(engine, command->subject, KIND_PROJECT, "project", &ask.project, err));
    TRY(check_ref_reach(engine, actor, vocab_field(vocab_kind(KIND_ACTIVITY), ACTIVITY_PROJECT),
                        ask.project, arena, err));
    TRY(period_parse(command->period, ask.today, &ask.within, err));
    TRY(merge_propose((Source){engine->store, engine->shard, &work}, engine->node->pack, &ask,
                      &proposal, err));
    TRY(check_proposal(command, &proposal, err));
    for (size_t i = 0; i < proposal.plan.activity_count; i++) {
        const MergeActivity *activity = &proposal.plan.activities[i];
        if (activity->joins != NULL)
            TRY(join_activity(engine, actor, &proposal, activity, arena, out_facts, err));
        else
            TRY(add_activity(engine, actor, command->subject, &proposal, activity, arena, out_facts,
                             err));
    }
    return OK;
}
