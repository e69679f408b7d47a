#include "engine/meeting.h"
#include "store/rows.h"
#include "view/roster.h"
#include "view/view.h"

/* ---- Convening: the roll of each part is drawn up once ---- */

typedef struct Convening {
    Engine *engine;
    Arena *arena;
    Facts *facts;
    size_t activity_at; /* among the facts */
    View view;
    size_t added;
} Convening;

/* A part of the activity as a row of PARTS_OF_ACTIVITY has it. */
typedef struct PartRow {
    Key key;
    Key group;
} PartRow;

static ErrCode load_parts(Engine *engine, Key activity, Arena *arena, PartRow **out_parts,
                          size_t *out_count, Err *err)
{
    AUTO(query_done) Query query = {0};
    PartRow *parts = NULL;
    size_t count = 0;
    bool found = false;
    TRY(query_begin(&query, engine->store, PARTS_OF_ACTIVITY, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found) {
        parts = list_grow(arena, parts, sizeof parts[0], count);
        if (parts == NULL) return list_full(count, err);
        parts[count++] = (PartRow){query_int(&query, 0), query_int(&query, 1)};
        TRY(query_next(&query, &found, err));
    }
    *out_parts = parts;
    *out_count = count;
    return OK;
}

static ErrCode has_roll(Engine *engine, Key part, bool *out_has, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, engine->store, ROLL_OF_PART, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, part);
    return query_next(&query, out_has, err);
}

static ErrCode add_line(Convening *convening, Key part, const Group *group, const Member *member,
                        Err *err)
{
    Fact *fact = NULL;
    Id id;
    const Engine *engine = convening->engine;
    const bool votes = group->kind != GROUP_KIND_IS_PARTY || member->party == PARTY_FORMAL;
    TRY(facts_add(convening->facts, convening->arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_ROLL);
    fact->record.kind = fact->kind;
    fact->scope = convening->facts->items[convening->activity_at].scope;
    fact->scope_key = convening->facts->items[convening->activity_at].scope_key;
    TRY(thing_id(engine->store, engine->shard, part, &id, err));
    record_set_ref(&fact->record, ROLL_PART, id);
    TRY(thing_id(engine->store, engine->shard, member->person, &id, err));
    record_set_ref(&fact->record, ROLL_PERSON, id);
    record_set_int(&fact->record, ROLL_VOTES, votes ? 1 : 0);
    convening->added++;
    return OK;
}

static ErrCode draw_up_roll(Convening *convening, const PartRow *part, Err *err)
{
    GroupCard card;
    MembershipFacts facts;
    Member *members = NULL;
    size_t count = 0;
    bool has = false;
    TRY(has_roll(convening->engine, part->key, &has, err));
    if (has) return OK;
    const ErrCode code = load_group(view_source(&convening->view), part->group, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided: it expects nobody any more */
    if (code != OK) return code;
    TRY(roster_of_group(&convening->view, &card.facts, &facts, &members, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_line(convening, part->key, &card.facts, &members[i], err));
    return OK;
}

static ErrCode draw_up_rolls(Convening *convening, const PartRow *parts, size_t count, Err *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(draw_up_roll(convening, &parts[i], err));
    if (convening->added > 0) return OK;
    return err_set(err, ERR_CONFLICT,
                   "nobody is left to convene: every part has its roll, or its group has no member "
                   "on that day; correct the roll with roll.add and roll.void");
}

/* Who leads the first group hosts what nobody else was said to host. */
static ErrCode fill_host(Convening *convening, const Record *activity, Key group, Err *err)
{
    Key leader = KEY_NONE;
    Id id;
    Fact *fact = &convening->facts->items[convening->activity_at];
    if (record_has(activity, ACTIVITY_HOST)) return OK;
    TRY(roster_leader(&convening->view, group, &leader, err));
    if (leader == KEY_NONE) return OK;
    TRY(thing_id(convening->engine->store, convening->engine->shard, leader, &id, err));
    record_set_ref(&fact->record, ACTIVITY_HOST, id);
    return OK;
}

static ErrCode convene(Convening *convening, const Record *activity, Err *err)
{
    PartRow *parts = NULL;
    size_t count = 0;
    Engine *engine = convening->engine;
    const Key key = convening->facts->items[convening->activity_at].subject;
    TRY(load_parts(engine, key, convening->arena, &parts, &count, err));
    if (count == 0)
        return err_set(err, ERR_CONFLICT, "no group holds this activity: add its parts first");
    TRY(derive_flush(&engine->derive, err)); /* membership looks at stays */
    TRY(fill_host(convening, activity, parts[0].group, err));
    return draw_up_rolls(convening, parts, count, err);
}

/* Only a Party group can have members of a project that coverage joined to it. */
static ErrCode convene_with_board(Convening *convening, const Record *activity, Err *err)
{
    Engine *engine = convening->engine;
    Changes *changes = NULL;
    changes_open(&changes, engine->version);
    board_open(&convening->view.board, engine->node->pack, engine->shard, changes);
    const ErrCode code = convene(convening, activity, err);
    board_close(&convening->view.board);
    changes_close(&changes);
    return code;
}

ErrCode decide_convene(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                       Facts *out_facts, Err *err)
{
    Record activity;
    Fact *fact = NULL;
    const size_t at = out_facts->count;
    TRY(begin_fact(engine, actor, command, VERB_CHANGE, arena, out_facts, &activity, &fact, err));
    if (record_int(&activity, ACTIVITY_PROGRESS, 0) == PROGRESS_IS_CANCELLED)
        return err_set(err, ERR_CONFLICT, "this activity was cancelled: nobody is expected");
    if (!record_has(&activity, ACTIVITY_CONVENED))
        record_set_int(&fact->record, ACTIVITY_CONVENED, node_today(engine->node));
    Convening convening = {.engine = engine,
                           .arena = arena,
                           .facts = out_facts,
                           .activity_at = at,
                           .view = {.store = engine->store,
                                    .pack = engine->node->pack,
                                    .reach = reach_everything(),
                                    .shard = engine->shard,
                                    .on = (Day)record_int(&activity, ACTIVITY_DAY, 0),
                                    .arena = arena}};
    return convene_with_board(&convening, &activity, err);
}

/* ---- Attendance ---- */

ErrCode fill_signature(Engine *engine, const Actor *actor, Id person, Record *attendance, Err *err)
{
    Key key = KEY_NONE;
    TRY(thing_find(engine->store, engine->shard, person, &key, err));
    const bool is_self = actor->person != KEY_NONE && key == actor->person;
    const int signature = (int)record_int(attendance, ATTENDANCE_SIGNATURE, 0);
    const int status = (int)record_int(attendance, ATTENDANCE_STATUS, 0);
    if (signature == SIGNATURE_IS_OWN && !is_self)
        return err_set(err, ERR_INVALID,
                       "\"own_phone\" is how somebody signs for themselves: say \"shared_phone\" "
                       "or \"paper\"");
    if (is_self && signature == 0 &&
        (status == ATTENDANCE_IS_PRESENT || status == ATTENDANCE_IS_ONLINE))
        record_set_int(attendance, ATTENDANCE_SIGNATURE, SIGNATURE_IS_OWN);
    if (record_has(attendance, ATTENDANCE_SIGNATURE) &&
        !record_has(attendance, ATTENDANCE_SIGNED_ON))
        record_set_int(attendance, ATTENDANCE_SIGNED_ON, node_today(engine->node));
    return OK;
}

/* What is known already of this person at this activity, or at this part of it. */
static ErrCode find_attendance(Engine *engine, const Record *record, Key *out_key, Err *err)
{
    AUTO(query_done) Query query = {0};
    Key activity = KEY_NONE;
    Key person = KEY_NONE;
    Key part = KEY_NONE;
    bool found = false;
    *out_key = KEY_NONE;
    TRY(find_thing(engine, record_ref(record, ATTENDANCE_ACTIVITY), KIND_ACTIVITY, "activity",
                   &activity, err));
    TRY(find_thing(engine, record_ref(record, ATTENDANCE_PERSON), KIND_PERSON, "person", &person,
                   err));
    if (record_has(record, ATTENDANCE_PART))
        TRY(find_thing(engine, record_ref(record, ATTENDANCE_PART), KIND_PART, "part", &part, err));
    TRY(query_begin(&query, engine->store, ATTENDANCE_OF_ACTIVITY, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, activity);
    TRY(query_next(&query, &found, err));
    while (found && *out_key == KEY_NONE) {
        if (query_int(&query, 1) == person && query_int(&query, 2) == part)
            *out_key = query_int(&query, 0);
        else
            TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* The same fact as a change of what is there. */
static ErrCode change_attendance(Engine *engine, Key subject, Fact *fact, Arena *arena, Err *err)
{
    Record whole;
    RowState state;
    fact->verb = VERB_CHANGE;
    fact->subject = subject;
    for (size_t i = 0; i < fact->kind->field_count; i++)
        if ((fact->kind->fields[i].flags & FIELD_FLAG_ONCE) != 0)
            fact->record.fields[fact->kind->fields[i].number] = (FieldValue){0};
    TRY(row_load(engine->store, engine->shard, subject, fact->kind, arena, &whole, &state, err));
    record_lay_over(&whole, &fact->record);
    return check_minutes(engine, subject, &whole, arena, err);
}

ErrCode decide_attendance(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                          Facts *out_facts, Err *err)
{
    Record record = command->record;
    Key known = KEY_NONE;
    TRY(fill_self(engine, actor, arena, &record, err));
    TRY(find_attendance(engine, &record, &known, err));
    const bool says_how = record_has(&record, ATTENDANCE_STATUS);
    const bool has_read = record_has(&record, ATTENDANCE_READ_ON);
    if (!says_how && !has_read) record_set_int(&record, ATTENDANCE_STATUS, ATTENDANCE_IS_PRESENT);
    if (!says_how && has_read && known == KEY_NONE)
        record_set_int(&record, ATTENDANCE_STATUS, ATTENDANCE_IS_ABSENT);
    TRY(fill_signature(engine, actor, record_ref(&record, ATTENDANCE_PERSON), &record, err));
    TRY(add_new_thing(engine, actor, &record, arena, out_facts, err));
    if (known == KEY_NONE) return OK;
    return change_attendance(engine, known, &out_facts->items[out_facts->count - 1], arena, err);
}
