#include "engine/meeting.h"

#include <assert.h>

#include "duties/duty.h"
#include "store/rows.h"
#include "view/duty_load.h"
#include "view/plan_facts.h"

#define FACT_TRIED     ((Key)-1) /* of a phase that has no row yet */
#define UNIT_DEPTH_MAX 12
#define ARRANGED_MAX   8 /* groups that hold one activity made from a line */

/* ---- A template is applied ---- */

/* A template is for the projects of its unit and of all units below. */
static ErrCode check_above(Engine *engine, Key template, Key project, Arena *arena, Err *err)
{
    ProjectCard card;
    Key above = KEY_NONE;
    TRY(load_project((Source){engine->store, engine->shard, arena}, project, &card, err));
    TRY(scope_of_thing(engine, KIND_TEMPLATE, template, &above, err));
    Key unit = card.facts.unit;
    for (int depth = 0; unit != KEY_NONE && depth <= UNIT_DEPTH_MAX; depth++) {
        AUTO(query_done) Query query = {0};
        bool found = false;
        if (unit == above) return OK;
        TRY(query_begin(&query, engine->store, UNIT_ABOVE, err));
        query_bind_int(&query, 1, engine->shard);
        query_bind_int(&query, 2, unit);
        TRY(query_next(&query, &found, err));
        unit = found ? query_int(&query, 0) : KEY_NONE;
    }
    return err_set(err, ERR_NOT_FOUND,
                   "\"id\": there is no such template of the unit in charge of the project, or of "
                   "a unit above it");
}

/* Template lines that the project has a line of already. */
static ErrCode load_applied(Engine *engine, Key project, Arena *arena, Map *out_applied, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    map_init(out_applied, arena);
    TRY(query_begin(&query, engine->store, PLAN_LINES_OF_PROJECT, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, project);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (!query_is_null(&query, 8)) TRY(map_put(out_applied, query_int(&query, 8), 1, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* A line of a programme has what the template's line has, under the same numbers. */
static ErrCode add_line(Engine *engine, const Command *command, Key line, Id line_id, Arena *arena,
                        Facts *facts, Err *err)
{
    Fact *fact = NULL;
    Record source;
    RowState state;
    TRY(row_load(engine->store, engine->shard, line, vocab_kind(KIND_TEMPLATE_LINE), arena, &source,
                 &state, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_PLAN_LINE);
    fact->record = source;
    fact->record.kind = fact->kind;
    record_set_ref(&fact->record, PLAN_LINE_PROJECT, command->to);
    record_set_ref(&fact->record, PLAN_LINE_TEMPLATE_LINE, line_id);
    return find_scope(engine, fact->kind, &fact->record, fact, err);
}
#define SAME(FIELD)                                                     \
    static_assert((int)TEMPLATE_LINE_##FIELD == (int)PLAN_LINE_##FIELD, \
                  "a line is copied by the numbers of its fields")
SAME(TITLE);
SAME(PHASE);
SAME(EDGE);
SAME(OFFSET);
SAME(MEETING);
SAME(PARTY);
SAME(UNION);
SAME(CREW);
SAME(FOCUS);
SAME(GRIP);
SAME(RISK_SCHEME);
SAME(RISK_LEVEL);

static ErrCode add_lines(Engine *engine, const Command *command, Key template, const Map *applied,
                         Arena *arena, Facts *facts, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, engine->store, TEMPLATE_LINES, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, template);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        int64_t there = 0;
        const Key line = query_int(&query, 0);
        TRY(query_id(&query, 1, &id, err));
        if (!map_find(applied, line, &there))
            TRY(add_line(engine, command, line, id, arena, facts, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode decide_apply(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                     Facts *out_facts, Err *err)
{
    Key template = KEY_NONE;
    Key project = KEY_NONE;
    Map applied;
    RowState state;
    const FieldInfo *field = vocab_field(vocab_kind(KIND_PLAN_LINE), PLAN_LINE_PROJECT);
    TRY(find_thing(engine, command->to, KIND_PROJECT, "to", &project, err));
    TRY(check_ref_reach(engine, actor, field, project, arena, err));
    TRY(find_thing(engine, command->subject, KIND_TEMPLATE, "id", &template, err));
    TRY(row_state(engine->store, engine->shard, template, KIND_TEMPLATE, &state, err));
    if (state.is_void) return err_set(err, ERR_CONFLICT, "this template was voided");
    TRY(check_above(engine, template, project, arena, err));
    TRY(load_applied(engine, project, arena, &applied, err));
    TRY(add_lines(engine, command, template, &applied, arena, out_facts, err));
    if (out_facts->count == 0)
        return err_set(err, ERR_CONFLICT,
                       "the project has every line of this template already: add lines to the "
                       "template, or to the project itself");
    for (size_t i = 0; i < out_facts->count; i++)
        TRY(check_reach(engine, actor, &out_facts->items[i], err));
    return OK;
}

/* ---- A line becomes an activity ---- */

static PlanSource plan_source(Engine *engine, Arena *arena)
{
    return (PlanSource){.from = {engine->store, engine->shard, arena},
                        .pack = engine->node->pack,
                        .utc_offset_minutes = engine->node->utc_offset_minutes};
}

/* What an activity is for a kind of group: as the line says, or what that kind usually holds. */
static int meeting_of(int group_kind, int meeting)
{
    if (duty_group_kind(meeting) == group_kind) return meeting;
    switch (group_kind) {
    case GROUP_KIND_IS_UNION: return MEETING_IS_UNION_GROUP;
    case GROUP_KIND_IS_CREW: return MEETING_IS_SAFETY_DAY;
    default: return MEETING_IS_THEME_DAY;
    }
}

static ErrCode add_parts(Engine *engine, Key project, Day day, const PlanCard *card, Arena *arena,
                         Record parts[ARRANGED_MAX], size_t *out_count, Err *err)
{
    const Source from = {engine->store, engine->shard, arena};
    Stations stations;
    TRY(load_stations_at(from, project, &stations, err));
    for (size_t i = 0; i < stations.count; i++) {
        GroupCard group;
        Id id;
        if (!range_has(stations.items[i].days, day)) continue;
        const ErrCode code = load_group(from, stations.items[i].group, &group, err);
        if (code == ERR_NOT_FOUND) continue; /* voided */
        if (code != OK) return code;
        if (!card->is_for[group.facts.kind]) continue;
        if (*out_count == ARRANGED_MAX)
            return err_set(err, ERR_LIMIT,
                           "more than %d groups stand there: arrange this activity by hand",
                           ARRANGED_MAX);
        TRY(thing_id(engine->store, engine->shard, group.facts.key, &id, err));
        Record *part = &parts[(*out_count)++];
        *part = (Record){.kind = vocab_kind(KIND_PART)};
        record_set_ref(part, PART_GROUP, id);
        record_set_int(part, PART_MEETING, meeting_of(group.facts.kind, card->meeting));
    }
    return OK;
}

/* The place of a line among those of its project. */
static size_t line_at(const PlanKit *kit, Key line)
{
    size_t at = 0;
    while (at < kit->facts.line_count && kit->facts.lines[at].key != line)
        at++;
    return at;
}

static ErrCode check_arrangeable(const PlanKit *kit, size_t at, Day day, Err *err)
{
    char text[DAY_TEXT_MAX];
    const PlanLine *line = &kit->facts.lines[at];
    if (line->fulfilment != KEY_NONE)
        return err_set(err, ERR_CONFLICT, "this line became something already, for %s",
                       day_write(line->is_done ? line->done : line->arranged, text));
    if (day != DAY_OPEN) return OK;
    return err_set(err, ERR_INVALID,
                   "the line waits for its phase: add the phase, or say the day with \"on\"");
}

static ErrCode add_fulfilment(Engine *engine, const Command *command, unsigned made_field,
                              size_t made_by, Arena *arena, Facts *facts, Err *err)
{
    Fact *fact = NULL;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_FULFILMENT);
    fact->record.kind = fact->kind;
    record_set_ref(&fact->record, FULFILMENT_LINE, command->subject);
    fact->made_field = made_field;
    fact->made_by = made_by;
    return find_scope(engine, fact->kind, &fact->record, fact, err);
}

/* What may be said of the item with the command; all else comes from the line and its project. */
static ErrCode check_said(const Record *said, bool is_task, Err *err)
{
    static const unsigned open[] = {ITEM_GOAL, ITEM_THEME, ITEM_MODE, ITEM_DONE_WHEN, ITEM_WEIGHT};
    const KindInfo *kind = vocab_kind(KIND_ITEM);
    for (size_t i = 0; i < kind->field_count; i++) {
        bool is_open = false;
        for (size_t j = 0; j < sizeof open / sizeof open[0]; j++)
            if (open[j] == kind->fields[i].number) is_open = is_task;
        if (is_open || said->fields[kind->fields[i].number].state == FIELD_ABSENT) continue;
        return err_set(err, ERR_INVALID,
                       is_task ? "\"%s\" follows from the plan line: leave it out"
                               : "\"%s\" is of a task, and this line becomes an activity",
                       kind->fields[i].name);
    }
    return OK;
}

/* The item of a line: what the command says of it, and what the line and its project say. */
static ErrCode make_item(Engine *engine, const Command *command, Key project, Day day,
                         const PlanCard *card, Arena *arena, Record *out_item, Err *err)
{
    static const struct {
        int kind;
        unsigned field;
    } kinds[] = {{GROUP_KIND_IS_PARTY, ITEM_FOR_PARTY},
                 {GROUP_KIND_IS_UNION, ITEM_FOR_UNION},
                 {GROUP_KIND_IS_CREW, ITEM_FOR_CREW}};
    ProjectCard place;
    Id unit;
    *out_item = command->record;
    out_item->kind = vocab_kind(KIND_ITEM);
    if (!record_has(out_item, ITEM_GOAL))
        return err_set(
            err, ERR_INVALID,
            "this line is something to do: say with \"fields\" which \"goal\" it serves, "
            "and \"done_when\" if its title does not say what shows that it is done");
    TRY(load_project((Source){engine->store, engine->shard, arena}, project, &place, err));
    TRY(thing_id(engine->store, engine->shard, place.facts.unit, &unit, err));
    record_set_ref(out_item, ITEM_UNIT, unit);
    record_set_text(out_item, ITEM_TITLE, card->title);
    record_set_int(out_item, ITEM_DUE, day);
    if (!record_has(out_item, ITEM_MODE)) record_set_int(out_item, ITEM_MODE, ITEM_MODE_IS_COMMON);
    if (!record_has(out_item, ITEM_DONE_WHEN))
        record_set_text(out_item, ITEM_DONE_WHEN, card->title);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (card->is_for[kinds[i].kind]) record_set_int(out_item, kinds[i].field, 1);
    return OK;
}

/* An item of the unit in charge, deployed to this project alone. */
static ErrCode add_task(Engine *engine, const Actor *actor, const Command *command, Id project_id,
                        Key project, Day day, const PlanCard *card, Arena *arena, Facts *facts,
                        Err *err)
{
    Record item;
    Fact *fact = NULL;
    const size_t item_at = facts->count;
    TRY(make_item(engine, command, project, day, card, arena, &item, err));
    TRY(add_new_thing(engine, actor, &item, arena, facts, err));
    const size_t task_at = facts->count;
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CREATE;
    fact->kind = vocab_kind(KIND_TASK);
    fact->record.kind = fact->kind;
    record_set_ref(&fact->record, TASK_PROJECT, project_id);
    record_set_int(&fact->record, TASK_DUE, day);
    fact->made_field = TASK_ITEM;
    fact->made_by = item_at;
    TRY(find_scope(engine, fact->kind, &fact->record, fact, err));
    return add_fulfilment(engine, command, FULFILMENT_TASK, task_at, arena, facts, err);
}

static ErrCode add_activity(Engine *engine, const Actor *actor, const Command *command,
                            Id project_id, Key project, Day day, const PlanCard *card, Arena *arena,
                            Facts *facts, Err *err)
{
    Record activity = {.kind = vocab_kind(KIND_ACTIVITY)};
    Record parts[ARRANGED_MAX];
    size_t count = 0;
    char text[DAY_TEXT_MAX];
    TRY(add_parts(engine, project, day, card, arena, parts, &count, err));
    if (count == 0)
        return err_set(err, ERR_CONFLICT,
                       "no group that the line is for stands at the project on %s: open a station "
                       "first, or say another day with \"on\"",
                       day_write(day, text));
    for (size_t i = 0; i < count; i++) /* it has no id yet: told by the op until then */
        record_set_ref(&parts[i], PART_ACTIVITY, command->op);
    record_set_ref(&activity, ACTIVITY_PROJECT, project_id);
    record_set_text(&activity, ACTIVITY_TITLE, card->title);
    record_set_int(&activity, ACTIVITY_DAY, day);
    record_set_int(&activity, ACTIVITY_PROGRESS, PROGRESS_IS_PLANNED);
    const size_t activity_at = facts->count;
    TRY(decide_activity(engine, actor, &activity, parts, count, arena, facts, err));
    return add_fulfilment(engine, command, FULFILMENT_ACTIVITY, activity_at, arena, facts, err);
}

ErrCode decide_arrange(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                       Facts *out_facts, Err *err)
{
    const PlanSource source = plan_source(engine, arena);
    Key line = KEY_NONE;
    Key project = KEY_NONE;
    Id project_id;
    PlanKit kit;
    Calendar calendar;
    TRY(find_thing(engine, command->subject, KIND_PLAN_LINE, "id", &line, err));
    TRY(scope_of_thing(engine, KIND_PLAN_LINE, line, &project, err));
    TRY(check_ref_reach(engine, actor, vocab_field(vocab_kind(KIND_FULFILMENT), FULFILMENT_LINE),
                        line, arena, err));
    TRY(thing_id(engine->store, engine->shard, project, &project_id, err));
    TRY(load_calendar(source.from, &calendar, err));
    TRY(plan_facts_load_now(&source, project, &calendar, &kit, err));
    const size_t at = line_at(&kit, line);
    if (at == kit.facts.line_count) return err_set(err, ERR_CONFLICT, "this plan line was voided");
    const Day planned = programme_day(&kit.facts, &kit.facts.lines[at], kit.facts.schedule.count);
    const Day day = command->on != DAY_OPEN ? command->on : planned;
    TRY(check_arrangeable(&kit, at, day, err));
    TRY(check_said(&command->record, kit.cards[at].meeting == 0, err));
    TRY((kit.cards[at].meeting == 0 ? add_task : add_activity)(
        engine, actor, command, project_id, project, day, &kit.cards[at], arena, out_facts, err));
    for (size_t i = 0; i < out_facts->count; i++)
        TRY(check_reach(engine, actor, &out_facts->items[i], err));
    return OK;
}

/* ---- A phase moves ---- */

/* The phase as the fact leaves it. */
static ErrCode version_of(Engine *engine, const Fact *fact, Arena *arena, Key *out_project,
                          PhaseVersion *out_version, Err *err)
{
    Record record = {.kind = fact->kind};
    RowState state;
    if (fact->verb != VERB_CREATE)
        TRY(row_load(engine->store, engine->shard, fact->subject, fact->kind, arena, &record,
                     &state, err));
    record_lay_over(&record, &fact->record);
    *out_version = (PhaseVersion){
        .fact = fact->verb == VERB_CREATE ? FACT_TRIED : fact->subject,
        .phase = (int)record_int(&record, PHASE_PHASE, 0),
        .days = record_range(&record, PHASE_FROM, PHASE_TO),
        .is_void = fact->verb == VERB_VOID,
        .stamp = UINT64_MAX,
    };
    return find_thing(engine, record_ref(&record, PHASE_PROJECT), KIND_PROJECT, "project",
                      out_project, err);
}

/* The day of an activity, or the day by which a task is due. */
static ErrCode move_arranged(Engine *engine, const PlanLine *line, Day day, Arena *arena,
                             Facts *facts, Err *err)
{
    const bool is_task = line->task != KEY_NONE;
    const KindInfo *kind = vocab_kind(is_task ? KIND_TASK : KIND_ACTIVITY);
    Fact *fact = NULL;
    Record record;
    RowState state;
    TRY(row_load(engine->store, engine->shard, is_task ? line->task : line->activity, kind, arena,
                 &record, &state, err));
    TRY(facts_add(facts, arena, &fact, err));
    fact->verb = VERB_CHANGE;
    fact->kind = kind;
    fact->subject = is_task ? line->task : line->activity;
    fact->record.kind = kind;
    record_set_int(&fact->record, is_task ? TASK_DUE : ACTIVITY_DAY, day);
    return find_scope(engine, kind, &record, fact, err);
}

ErrCode follow_phase(Engine *engine, Arena *arena, Facts *facts, Err *err)
{
    const PlanSource source = plan_source(engine, arena);
    Key project = KEY_NONE;
    PhaseVersion version;
    PlanKit kit;
    Calendar calendar;
    TRY(version_of(engine, &facts->items[0], arena, &project, &version, err));
    TRY(load_calendar(source.from, &calendar, err));
    TRY(plan_facts_load_now(&source, project, &calendar, &kit, err));
    PlanFacts after = kit.facts;
    TRY(schedule_try(&kit.facts.schedule, version, arena, &after.schedule, err));
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        const PlanLine *line = &kit.facts.lines[i];
        if ((line->activity == KEY_NONE && line->task == KEY_NONE) || line->is_done) continue;
        const Day old = programme_day(&kit.facts, line, kit.facts.schedule.count);
        const Day day = programme_day(&after, line, after.schedule.count);
        /* A day that somebody chose is theirs. */
        if (line->arranged != old || day == old || day == DAY_OPEN) continue;
        TRY(move_arranged(engine, line, day, arena, facts, err));
    }
    return OK;
}
