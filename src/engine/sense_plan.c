#include "duties/duty.h"
#include "engine/inside.h"
#include "plan/gate.h"
#include "store/rows.h"
#include "view/plan_facts.h"

/* ---- Lines ---- */

/* Field numbers that lines of templates and of programmes have in common. */
static ErrCode check_anchor(const Record *record, Err *err)
{
    const bool has_phase = record_has(record, PLAN_LINE_PHASE);
    const int64_t offset = record_int(record, PLAN_LINE_OFFSET, 0);
    if (has_phase == record_has(record, PLAN_LINE_DAY))
        return err_set(err, ERR_INVALID,
                       "a line hangs on a phase or has a day of its own: give \"phase\" with "
                       "\"edge\", or \"day\"");
    if (has_phase != record_has(record, PLAN_LINE_EDGE))
        return err_set(err, ERR_INVALID,
                       has_phase ? "\"edge\" is missing: start or end of the phase"
                                 : "\"edge\" is of a phase: leave it out, or give \"phase\"");
    if (!has_phase && offset != 0)
        return err_set(err, ERR_INVALID, "\"offset\" is counted from a phase: give \"phase\"");
    if (offset >= -PLAN_OFFSET_MAX && offset <= PLAN_OFFSET_MAX) return OK;
    return err_set(err, ERR_INVALID, "\"offset\" is at most %d days, before or after",
                   PLAN_OFFSET_MAX);
}

static ErrCode check_level(int64_t level, const char *field, Err *err)
{
    if (level >= 1 && level <= RISK_LEVEL_MAX) return OK;
    return err_set(err, ERR_INVALID, "\"%s\" is 1 to %d", field, RISK_LEVEL_MAX);
}

static ErrCode check_line(const Record *record, Err *err)
{
    bool is_for_any = false;
    bool is_for_holder = !record_has(record, PLAN_LINE_MEETING);
    static const struct {
        unsigned field;
        int kind;
    } kinds[] = {{PLAN_LINE_PARTY, GROUP_KIND_IS_PARTY},
                 {PLAN_LINE_UNION, GROUP_KIND_IS_UNION},
                 {PLAN_LINE_CREW, GROUP_KIND_IS_CREW}};
    const int holder = duty_group_kind((int)record_int(record, PLAN_LINE_MEETING, 0));
    TRY(check_anchor(record, err));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (record_int(record, kinds[i].field, 0) == 0) continue;
        is_for_any = true;
        if (kinds[i].kind == holder) is_for_holder = true;
    }
    if (!is_for_any)
        return err_set(err, ERR_INVALID,
                       "say for which kinds of group the line is: \"party\", \"union\", \"crew\"");
    if (!is_for_holder)
        return err_set(err, ERR_INVALID,
                       "this kind of meeting is held by another kind of group than the line is "
                       "for");
    if (record_has(record, PLAN_LINE_RISK_SCHEME) != record_has(record, PLAN_LINE_RISK_LEVEL))
        return err_set(err, ERR_INVALID,
                       "a risk level means nothing without its scheme: give \"risk_scheme\" and "
                       "\"risk_level\", or neither");
    if (!record_has(record, PLAN_LINE_RISK_LEVEL)) return OK;
    return check_level(record_int(record, PLAN_LINE_RISK_LEVEL, 0), "risk_level", err);
}

/* ---- What a line becomes ---- */

static ErrCode check_not_ahead(const Engine *engine, Day day, Err *err)
{
    char text[DAY_TEXT_MAX];
    if (day <= node_today(engine->node) + 1) return OK; /* a box may be a day behind */
    return err_set(err, ERR_INVALID, "%s is still to come: correct the day", day_write(day, text));
}

/* A line becomes one thing; an activity that was cancelled leaves it free for the next. */
static ErrCode check_unfulfilled(Engine *engine, Key subject, Key line, Key project, Arena *arena,
                                 Err *err)
{
    const PlanSource source = {.from = {engine->store, engine->shard, arena},
                               .pack = engine->node->pack};
    PlanKit kit;
    Calendar calendar = {0};
    TRY(plan_facts_load_now(&source, project, &calendar, &kit, err));
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        const PlanLine *known = &kit.facts.lines[i];
        if (known->key == line && known->fulfilment != KEY_NONE && known->fulfilment != subject)
            return err_set(err, ERR_CONFLICT,
                           "this line became something already: change that fulfilment, or cancel "
                           "its activity first");
    }
    return OK;
}

/* What a line became is of the line's own project. */
static ErrCode check_same_project(Engine *engine, const Record *record, unsigned at, Key project,
                                  Err *err)
{
    const FieldInfo *field = vocab_field(record->kind, at);
    Key key = KEY_NONE;
    Key its_project = KEY_NONE;
    if (!record_has(record, at)) return OK;
    TRY(find_thing(engine, record_ref(record, at), field->target, field->name, &key, err));
    TRY(scope_of_thing(engine, field->target, key, &its_project, err));
    if (its_project == project) return OK;
    return err_set(err, ERR_INVALID, "the %s is of another project than the line", field->name);
}

static ErrCode check_fulfilment(Engine *engine, Key subject, const Record *record, Arena *arena,
                                Err *err)
{
    Key line = KEY_NONE;
    Key project = KEY_NONE;
    if (!record_has(record, FULFILMENT_ACTIVITY) && !record_has(record, FULFILMENT_TASK) &&
        !record_has(record, FULFILMENT_DAY))
        return err_set(
            err, ERR_INVALID,
            "say what the line became: an \"activity\", a \"task\", or the \"day\" it was "
            "done on");
    if (record_has(record, FULFILMENT_DAY))
        TRY(check_not_ahead(engine, (Day)record_int(record, FULFILMENT_DAY, 0), err));
    TRY(find_thing(engine, record_ref(record, FULFILMENT_LINE), KIND_PLAN_LINE, "line", &line,
                   err));
    TRY(scope_of_thing(engine, KIND_PLAN_LINE, line, &project, err));
    TRY(check_same_project(engine, record, FULFILMENT_ACTIVITY, project, err));
    TRY(check_same_project(engine, record, FULFILMENT_TASK, project, err));
    return check_unfulfilled(engine, subject, line, project, arena, err);
}

/* ---- Risks, objectives, people ---- */

static ErrCode check_figure(const Engine *engine, const Record *record, Err *err)
{
    return check_not_ahead(engine, (Day)record_int(record, FIGURE_DAY, 0), err);
}

static ErrCode check_development(const Record *record, Err *err)
{
    if (!record_has(record, DEVELOPMENT_MENTOR) ||
        !id_equal(record_ref(record, DEVELOPMENT_MENTOR), record_ref(record, DEVELOPMENT_PERSON)))
        return OK;
    return err_set(err, ERR_INVALID, "nobody is their own mentor: name another \"mentor\"");
}

static ErrCode check_sheet(Engine *engine, Key subject, const Record *record, Arena *arena,
                           Err *err)
{
    AUTO(query_done) Query query = {0};
    Key group = KEY_NONE;
    Key person = KEY_NONE;
    Key project = KEY_NONE;
    GroupCard card;
    bool found = false;
    TRY(find_thing(engine, record_ref(record, APPRAISAL_SHEET_GROUP), KIND_GROUP, "group", &group,
                   err));
    TRY(find_thing(engine, record_ref(record, APPRAISAL_SHEET_PERSON), KIND_PERSON, "person",
                   &person, err));
    TRY(find_thing(engine, record_ref(record, APPRAISAL_SHEET_PROJECT), KIND_PROJECT, "project",
                   &project, err));
    TRY(load_group((Source){engine->store, engine->shard, arena}, group, &card, err));
    if (card.facts.kind != GROUP_KIND_IS_PARTY)
        return err_set(err, ERR_INVALID,
                       "a member is appraised by a branch or Party group; %.*s is neither",
                       TEXT_ARG(card.facts.name));
    TRY(query_begin(&query, engine->store, SHEETS_OF_PROJECT, err));
    query_bind_int(&query, 1, engine->shard);
    query_bind_int(&query, 2, project);
    TRY(query_next(&query, &found, err));
    while (found) {
        if (query_int(&query, 0) != subject && query_int(&query, 2) == person)
            return err_set(err, ERR_CONFLICT,
                           "this member has an appraisal sheet of this project: change that one");
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- The gate ---- */

/* "the project cannot leave pre-planning: it lacks …; …" */
static ErrCode refuse_gate(const StartGate *gate, Err *err)
{
    AUTO(buf_done) Buf words = {0};
    buf_init(&words, ERR_MESSAGE_SIZE * 4);
    for (int i = 0; i < GATE_CONDITION_COUNT; i++)
        if (gate->is_asked[i] && !gate->is_met[i])
            buf_format(&words, "%s%s", words.size == 0 ? "" : "; ",
                       gate_condition_en((GateCondition)i));
    return err_set(err, ERR_CONFLICT, "the project cannot leave pre-planning, it lacks %.*s",
                   TEXT_ARG(buf_as_text(&words)));
}

static ErrCode check_gate(Engine *engine, Key project, Arena *arena, Err *err)
{
    GateFacts facts;
    TRY(plan_load_gate((Source){engine->store, engine->shard, arena}, engine->node->pack, project,
                       node_today(engine->node), &facts, err));
    const StartGate gate = gate_of(&facts);
    return gate.is_open || !gate.is_binding ? OK : refuse_gate(&gate, err);
}

static ErrCode load_stage(Engine *engine, Key project, Arena *arena, int64_t *out_stage, Err *err)
{
    Record before;
    RowState state;
    TRY(row_load(engine->store, engine->shard, project, vocab_kind(KIND_PROJECT), arena, &before,
                 &state, err));
    *out_stage = record_int(&before, PROJECT_STAGE, 0);
    return OK;
}

/* From planned to anything but cancelled. A project that is new and active already is beyond the
 * gate: it left pre-planning before anybody told us. */
static ErrCode check_stage(Engine *engine, Key subject, const Record *record, const Record *changed,
                           Arena *arena, Err *err)
{
    int64_t before = 0;
    const int64_t after = record_int(record, PROJECT_STAGE, 0);
    if (subject == KEY_NONE || changed->fields[PROJECT_STAGE].state == FIELD_ABSENT ||
        after == STAGE_IS_PLANNED || after == STAGE_IS_CANCELLED)
        return OK;
    TRY(load_stage(engine, subject, arena, &before, err));
    return before == STAGE_IS_PLANNED ? check_gate(engine, subject, arena, err) : OK;
}

/* A phase behind pre-planning that has begun, or pre-planning that is over, while the project still
 * counts as planned. Days to come are the schedule, and stop nobody. */
static ErrCode check_phase(Engine *engine, const Record *record, const Record *changed,
                           Arena *arena, Err *err)
{
    Key project = KEY_NONE;
    int64_t stage = 0;
    const Day today = node_today(engine->node);
    const DayRange days = record_range(record, PHASE_FROM, PHASE_TO);
    const bool is_pre = record_int(record, PHASE_PHASE, 0) == PHASE_IS_PRE;
    const bool says_so = record_has(changed, PHASE_PHASE) || record_has(changed, PHASE_FROM) ||
                         record_has(changed, PHASE_TO);
    if (!says_so || (is_pre ? days.last >= today : days.first > today)) return OK;
    TRY(find_thing(engine, record_ref(record, PHASE_PROJECT), KIND_PROJECT, "project", &project,
                   err));
    TRY(load_stage(engine, project, arena, &stage, err));
    return stage == STAGE_IS_PLANNED ? check_gate(engine, project, arena, err) : OK;
}

ErrCode check_plan(Engine *engine, Key subject, const Record *record, const Record *changed,
                   Arena *arena, Err *err)
{
    switch ((int)record->kind->code) {
    case KIND_PROJECT: return check_stage(engine, subject, record, changed, arena, err);
    case KIND_PHASE: return check_phase(engine, record, changed, arena, err);
    case KIND_TEMPLATE_LINE:
    case KIND_PLAN_LINE: return check_line(record, err);
    case KIND_FULFILMENT: return check_fulfilment(engine, subject, record, arena, err);
    case KIND_RISK: return check_level(record_int(record, RISK_LEVEL, 0), "level", err);
    case KIND_FIGURE: return check_figure(engine, record, err);
    case KIND_DEVELOPMENT: return check_development(record, err);
    case KIND_APPRAISAL_SHEET: return check_sheet(engine, subject, record, arena, err);
    default: return OK;
    }
}
