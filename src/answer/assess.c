#include "answer/assess.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/task_shape.h"
#include "store/things.h"
#include "view/assess_load.h"

/* ---- What an assessment comes to ---- */

static void emit_parts(const View *view, const Assessed *assessed, Emit *emit)
{
    emit_key(emit, "parts");
    emit_open_array(emit);
    for (int i = 0; i < ASSESS_PART_COUNT; i++) {
        const AssessPart part = (AssessPart)i;
        const PartLoss *loss = &assessed->assessment.parts[i];
        emit_open_object(emit);
        emit_z_at(emit, "part", assess_part_name(part));
        emit_z_at(emit, "zh", assess_part_zh(part));
        emit_z_at(emit, "en", assess_part_en(part));
        emit_int_at(emit, "most", loss->most);
        emit_int_at(emit, "deducted", loss->counted);
        emit_int_at(emit, "lost", loss->lost);
        shape_rule_at("rule", pack_rule(view->pack, assess_part_rule(part), assessed->within.last),
                      emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

static void emit_id_at(const char *member, Id id, Emit *emit)
{
    char text[ID_TEXT_MAX];
    emit_z_at(emit, member, id_write(id, text));
}

static void emit_self(const Assessed *assessed, Emit *emit)
{
    emit_key(emit, "self");
    if (!assessed->has_self) {
        emit_null(emit);
        return;
    }
    emit_open_object(emit);
    emit_id_at("id", assessed->self.id, emit);
    emit_int_at(emit, "points", assessed->self.points);
    emit_text_at(emit, "words", assessed->self.words);
    emit_close_object(emit);
}

static size_t count_open(const Assessed *assessed)
{
    size_t count = 0;
    for (size_t i = 0; i < assessed->objection_count; i++)
        if (assessed->objections[i].ruling_count == 0) count++;
    return count;
}

static ErrCode emit_summary(const View *view, const Assessed *assessed, Emit *emit, Err *err)
{
    const Grade grade = assessed->assessment.grade;
    TRY(shape_thing_at(view, "group", KIND_GROUP, assessed->group.key, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), assessed->group.kind,
                    emit);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, assessed->group.unit, emit, err));
    emit_int_at(emit, "points", assessed->assessment.points);
    emit_z_at(emit, "grade", grade_name(grade));
    emit_z_at(emit, "grade_zh", grade_zh(grade));
    emit_z_at(emit, "grade_en", grade_en(grade));
    emit_parts(view, assessed, emit);
    shape_task_counts_at("tasks", &assessed->counts, emit);
    emit_int_at(emit, "deduction_count", (int64_t)assessed->assessment.count);
    emit_int_at(emit, "objection_count", (int64_t)assessed->objection_count);
    emit_int_at(emit, "open_objections", (int64_t)count_open(assessed));
    emit_self(assessed, emit);
    return OK;
}

/* ---- Deductions ---- */

static void emit_rulings(const Objection *objection, Emit *emit)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_RULING), RULING_DECISION);
    emit_key(emit, "rulings");
    emit_open_array(emit);
    for (size_t i = 0; i < objection->ruling_count; i++) {
        const Ruling *ruling = &objection->rulings[i];
        emit_open_object(emit);
        emit_id_at("id", ruling->id, emit);
        shape_choice_at("decision", field, ruling->decision, emit);
        if (ruling->decision == DECISION_IS_CORRECTED)
            emit_int_at(emit, "points", ruling->points);
        else
            emit_null_at(emit, "points");
        emit_text_at(emit, "reason", ruling->reason);
        emit_day_at(emit, "recorded", ruling->recorded);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

static void emit_objection(const Objection *objection, Emit *emit)
{
    emit_open_object(emit);
    emit_id_at("id", objection->id, emit);
    emit_text_at(emit, "deduction", objection->deduction);
    emit_text_at(emit, "reason", objection->reason);
    emit_day_at(emit, "recorded", objection->recorded);
    emit_rulings(objection, emit);
    emit_close_object(emit);
}

static KindCode fact_kind(const Outcome *outcome)
{
    if (outcome->duty != RULE_NONE) return KIND_STATION;
    if (outcome->code == OUTCOME_HAZARD_OVERDUE) return KIND_SIGNAL;
    return outcome->code == OUTCOME_TASK_REWORK ? KIND_STEP : KIND_TASK;
}

/* The fact behind it: a task, the step that sent it back, a hazard; of a meeting that was not held,
 * the station that made the group owe it. */
static ErrCode emit_fact(const View *view, const Outcome *outcome, Emit *emit, Err *err)
{
    emit_key(emit, "fact");
    if (outcome->fact == KEY_NONE) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    emit_z_at(emit, "kind", vocab_kind((unsigned)fact_kind(outcome))->name);
    TRY(shape_id_at(view, "id", outcome->fact, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_key_in(const View *view, Key key, Emit *emit, Err *err)
{
    char text[ID_TEXT_MAX];
    Id id;
    TRY(thing_id(view->store, view->shard, key, &id, err));
    emit_text(emit, text_from_z(id_write(id, text)));
    return OK;
}

/* Of a meeting: who owed it, for which period, by which stations, and what was held for it. */
static ErrCode emit_owed(const View *view, const Assessed *assessed, const Outcome *outcome,
                         Emit *emit, Err *err)
{
    emit_key(emit, "owed");
    if (outcome->duty == RULE_NONE) {
        emit_null(emit);
        return OK;
    }
    emit_open_object(emit);
    TRY(shape_thing_at(view, "group", KIND_GROUP, assessed->group.key, emit, err));
    emit_day_at(emit, "from", outcome->period.first);
    emit_day_at(emit, "to", outcome->period.last);
    emit_key(emit, "stations");
    emit_open_array(emit);
    for (size_t i = 0; i < assessed->stations.count; i++)
        if (ranges_meet(assessed->stations.items[i].days, outcome->period))
            TRY(emit_key_in(view, assessed->stations.items[i].key, emit, err));
    emit_close_array(emit);
    emit_key(emit, "held");
    emit_open_array(emit);
    for (size_t i = 0; i < assessed->part_count; i++)
        if (assessed->parts[i].day <= view->on &&
            duty_counts_for(&assessed->parts[i], outcome->duty, outcome->period))
            TRY(emit_key_in(view, assessed->parts[i].key, emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_deduction(const View *view, const Assessed *assessed, size_t at, Emit *emit,
                              Err *err)
{
    const Deduction *deduction = &assessed->assessment.deductions[at];
    const Outcome *outcome = &deduction->outcome;
    const OutcomeInfo *info = outcome_info(outcome->code);
    const Objection *objection = objection_to(assessed, assessed->codes[at]);
    emit_open_object(emit);
    emit_text_at(emit, "code", assessed->codes[at]);
    emit_z_at(emit, "outcome", info->name);
    emit_z_at(emit, "zh", info->zh);
    emit_z_at(emit, "en", info->en);
    emit_z_at(emit, "part", assess_part_name(info->part));
    emit_text_at(emit, "title", assessed->titles[at]);
    emit_day_at(emit, "day", outcome->day);
    TRY(emit_fact(view, outcome, emit, err));
    TRY(emit_owed(view, assessed, outcome, emit, err));
    emit_int_at(emit, "weight", outcome->weight);
    emit_int_at(emit, "points", deduction->points);
    emit_int_at(emit, "counted", deduction->counted);
    shape_rule_at("rule", pack_rule(view->pack, assess_part_rule(info->part), outcome->day), emit);
    shape_rule_at("duty",
                  outcome->duty == RULE_NONE ? NULL
                                             : pack_rule(view->pack, outcome->duty, outcome->day),
                  emit);
    emit_key(emit, "objection");
    if (objection == NULL)
        emit_null(emit);
    else
        emit_objection(objection, emit);
    emit_close_object(emit);
    return OK;
}

/* All objections, those too whose deduction has gone since: both are kept. */
static void emit_objections(const Assessed *assessed, Emit *emit)
{
    emit_key(emit, "objections");
    emit_open_array(emit);
    for (size_t i = 0; i < assessed->objection_count; i++)
        emit_objection(&assessed->objections[i], emit);
    emit_close_array(emit);
}

static void emit_head(const View *view, DayRange within, Emit *emit)
{
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", within.first);
    emit_day_at(emit, "to", within.last);
}

ErrCode answer_assessment(const View *view, Id group, DayRange within, Emit *emit, Err *err)
{
    GroupCard card;
    Assessed assessed;
    TRY(shape_group(view, group, &card, err));
    TRY(assess_group(view, &card.facts, within, &assessed, err));
    emit_open_object(emit);
    emit_head(view, within, emit);
    TRY(emit_summary(view, &assessed, emit, err));
    shape_rule_at("grade_rule", pack_rule(view->pack, RULE_ASSESS_GRADES, within.last), emit);
    emit_key(emit, "deductions");
    emit_open_array(emit);
    for (size_t i = 0; i < assessed.assessment.count; i++)
        TRY(emit_deduction(view, &assessed, i, emit, err));
    emit_close_array(emit);
    emit_objections(&assessed, emit);
    emit_close_object(emit);
    return OK;
}

/* ---- Many groups ---- */

typedef struct Chosen {
    GroupCard *items;
    size_t count;
} Chosen;

static ErrCode load_all_groups(const View *view, const AssessAsk *ask, Chosen *chosen, Err *err)
{
    Filter filter;
    TRY(filter_make(view, &ask->list, &filter, err));
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, GROUPS, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        GroupCard card;
        TRY(group_of_row(&query, view->arena, &card, err));
        if (filter_has_thing(&filter, card.facts.unit, card.facts.name, TEXT("")) &&
            (ask->list.kind == 0 || ask->list.kind == card.facts.kind)) {
            chosen->items = list_grow(view->arena, chosen->items, sizeof card, chosen->count);
            if (chosen->items == NULL) return list_full(chosen->count, err);
            chosen->items[chosen->count++] = card;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* Keeps those that stand anywhere in the period. */
static ErrCode keep_standing(const View *view, DayRange within, Chosen *chosen, Err *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < chosen->count; i++) {
        Stations stations;
        bool stands = false;
        TRY(load_stations_of_group(view_source(view), chosen->items[i].facts.key, &stations, err));
        for (size_t k = 0; k < stations.count; k++)
            if (ranges_meet(stations.items[k].days, within)) stands = true;
        if (stands) chosen->items[kept++] = chosen->items[i];
    }
    chosen->count = kept;
    return OK;
}

static ErrCode emit_assessments(const View *view, const AssessAsk *ask, Emit *emit, Err *err)
{
    Chosen chosen = {0};
    Page page;
    TRY(load_all_groups(view, ask, &chosen, err));
    TRY(keep_standing(view, ask->within, &chosen, err));
    TRY(shape_page(&ask->list, chosen.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        Assessed assessed;
        TRY(assess_group(view, &chosen.items[i].facts, ask->within, &assessed, err));
        emit_open_object(emit);
        TRY(emit_summary(view, &assessed, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_assessments(const View *view, const AssessAsk *ask, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_head(view, ask->within, emit);
    TRY(emit_assessments(view, ask, emit, err));
    shape_rule_at("grade_rule", pack_rule(view->pack, RULE_ASSESS_GRADES, ask->within.last), emit);
    emit_close_object(emit);
    return OK;
}
