#include "engine/inside.h"

#include "store/rows.h"
#include "view/board_facts.h"
#include "view/move_plan.h"

#define PLAN_BYTES_MAX ((size_t)512 << 20)

/* A fact that ends something on a day, or takes it back altogether. */
static ErrCode add_end(Engine *engine, EntryVerb verb, const KindInfo *kind, Key subject,
                       unsigned field, Day last, Arena *arena, Facts *facts, Err *err)
{
    Fact *fact = NULL;
    Record record;
    RowState state;
    TRY(row_load(engine->store, engine->shard, subject, kind, arena, &record, &state, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = verb;
    fact->kind = kind;
    fact->subject = subject;
    fact->record.kind = kind;
    if (verb == VERB_CHANGE) record_set_int(&fact->record, field, last);
    return find_scope(engine, kind, &record, fact, err);
}

static ErrCode add_new(Engine *engine, const Record *record, Arena *arena, Facts *facts, Err *err)
{
    Fact *fact = NULL;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = record->kind;
    fact->record = *record;
    return find_scope(engine, record->kind, record, fact, err);
}

static ErrCode set_ref(Engine *engine, Record *record, unsigned field, Key key, Err *err)
{
    Id id;
    if (key == KEY_NONE) return OK;
    TRY(thing_id(engine->store, engine->shard, key, &id, err));
    record_set_ref(record, field, id);
    return OK;
}

static ErrCode open_station(Engine *engine, const MoveFact *planned, Arena *arena, Facts *facts,
                            Err *err)
{
    Record record = {.kind = vocab_kind(KIND_STATION)};
    TRY(set_ref(engine, &record, STATION_GROUP, planned->group, err));
    TRY(set_ref(engine, &record, STATION_PROJECT, planned->project, err));
    record_set_int(&record, STATION_FROM, planned->days.first);
    if (planned->days.last != DAY_OPEN) record_set_int(&record, STATION_TO, planned->days.last);
    return add_new(engine, &record, arena, facts, err);
}

static ErrCode open_posting(Engine *engine, const MoveFact *planned, Arena *arena, Facts *facts,
                            Err *err)
{
    Record record = {.kind = vocab_kind(KIND_POSTING)};
    TRY(set_ref(engine, &record, POSTING_PERSON, planned->person, err));
    TRY(set_ref(engine, &record, POSTING_PROJECT, planned->project, err));
    TRY(set_ref(engine, &record, POSTING_CREW, planned->group, err));
    record_set_int(&record, POSTING_FROM, planned->days.first);
    if (planned->days.last != DAY_OPEN) record_set_int(&record, POSTING_TO, planned->days.last);
    record_set_int(&record, POSTING_SOURCE, SOURCE_IS_MOVE);
    record_set_int(&record, POSTING_CORE, planned->is_core ? 1 : 0);
    return add_new(engine, &record, arena, facts, err);
}

static ErrCode add_planned(Engine *engine, const MoveFact *planned, Arena *arena, Facts *facts,
                           Err *err)
{
    const KindInfo *kind = vocab_kind((unsigned)planned->kind);
    const bool is_station = planned->kind == KIND_STATION;
    const unsigned to = is_station ? STATION_TO : POSTING_TO;
    switch (planned->act) {
    case MOVE_CLOSE:
        return add_end(engine, VERB_CHANGE, kind, planned->fact, to, planned->days.last, arena,
                       facts, err);
    case MOVE_VOID:
        return add_end(engine, VERB_VOID, kind, planned->fact, to, 0, arena, facts, err);
    case MOVE_OPEN:
        return is_station ? open_station(engine, planned, arena, facts, err)
                          : open_posting(engine, planned, arena, facts, err);
    }
    return OK;
}

/* The container's station that is open at the project the group leaves; NULL when it stands
 * elsewhere, and is not the group's to move. */
static const Station *find_home_station(const Stations *stations, Key project, Day on)
{
    const Station *open = NULL;
    for (size_t i = 0; i < stations->count; i++) {
        const Station *station = &stations->items[i];
        if (station->project == project && station->days.first < on && station->days.last >= on)
            open = station;
    }
    return open;
}

/* The group's home goes where the group goes, until it is expected elsewhere. */
static ErrCode carry_home(Engine *engine, Key group, const MovePlan *plan, Day on, Arena *arena,
                          Facts *facts, Err *err)
{
    GroupCard card;
    Stations stations;
    TRY(load_group((Source){engine->store, engine->shard, arena}, group, &card, err));
    if (card.home == KEY_NONE || plan->from.project == KEY_NONE) return OK;
    TRY(load_home_stations(engine, card.home, arena, &stations, err));
    const Station *open = find_home_station(&stations, plan->from.project, on);
    if (open == NULL) return OK;
    Record record = {.kind = vocab_kind(KIND_HOME_STATION)};
    TRY(add_end(engine, VERB_CHANGE, record.kind, open->key, HOME_STATION_TO, on - 1, arena, facts,
                err));
    TRY(set_ref(engine, &record, HOME_STATION_HOME, card.home, err));
    TRY(set_ref(engine, &record, HOME_STATION_PROJECT, plan->to.project, err));
    record_set_int(&record, HOME_STATION_FROM, on);
    /* In the order of their first days: the first that begins later is the next one. */
    for (size_t i = stations.count; i > 0; i--)
        if (stations.items[i - 1].days.first > on)
            record_set_int(&record, HOME_STATION_TO, stations.items[i - 1].days.first - 1);
    return add_new(engine, &record, arena, facts, err);
}

/* Says why the plan cannot be carried out; of a group of another unit, only that it cannot: the
 * reasons speak of where it stands when. */
static ErrCode refuse_plan(Engine *engine, const Actor *actor, Key group, const MovePlan *plan,
                           Arena *arena, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    GroupCard card;
    buf_init(&words, 4096);
    TRY(load_group((Source){engine->store, engine->shard, arena}, group, &card, err));
    if (!reach_has_unit(actor->reach, card.facts.unit))
        return err_set(err, ERR_CONFLICT,
                       "this group cannot move there on this day: its unit is outside your reach, "
                       "so ask that unit to move it");
    for (size_t i = 0; i < plan->findings.count; i++) {
        const Reason *finding = &plan->findings.items[i];
        if (reason_info(finding->code)->level != REASON_LEVEL_ERROR) continue;
        reason_write(finding, LANGUAGE_EN, card.facts.name, &words);
        break;
    }
    return err_set(err, ERR_CONFLICT, "%.*s", TEXT_ARG(buf_as_text(&words)));
}

static ErrCode make_plan(Engine *engine, Key group, Key to, Day on, Arena *plan_arena,
                         MovePlan *out_plan, Err *err)
{
    BoardFacts *facts = NULL;
    World world;
    TRY(derive_flush(&engine->derive, err)); /* the plan looks at stays */
    TRY(board_facts_load(engine->store, engine->shard, &facts, err));
    ErrCode code = board_facts_world(facts, on, plan_arena, &world, err);
    if (code == OK)
        code = move_plan_make((Source){engine->store, engine->shard, plan_arena},
                              engine->node->pack, &world, group, to, out_plan, err);
    board_facts_close(&facts);
    return code;
}

ErrCode decide_move(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                    Facts *out_facts, Err *err)
{
    AUTO(arena_done) Arena plan_arena = {0};
    Key group = KEY_NONE;
    Key to = KEY_NONE;
    MovePlan plan;
    arena_init(&plan_arena, PLAN_BYTES_MAX);
    TRY(find_thing(engine, command->subject, KIND_GROUP, "group", &group, err));
    TRY(find_thing(engine, command->to, KIND_PROJECT, "to", &to, err));
    TRY(check_ref_reach(engine, actor, vocab_field(vocab_kind(KIND_STATION), STATION_GROUP), group,
                        arena, err));
    TRY(check_ref_reach(engine, actor, vocab_field(vocab_kind(KIND_STATION), STATION_PROJECT), to,
                        arena, err));
    TRY(make_plan(engine, group, to, command->on, &plan_arena, &plan, err));
    if (!plan.is_possible) return refuse_plan(engine, actor, group, &plan, arena, err);
    for (size_t i = 0; i < plan.fact_count; i++)
        TRY(add_planned(engine, &plan.facts[i], arena, out_facts, err));
    TRY(carry_home(engine, group, &plan, command->on, arena, out_facts, err));
    for (size_t i = 0; i < out_facts->count; i++)
        TRY(check_reach(engine, actor, &out_facts->items[i], err));
    return OK;
}
