#include "answer/programme.h"
#include "answer/shape.h"

static ErrCode emit_form(const View *view, const GateForm *form, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_z_at(emit, "kind", vocab_kind((unsigned)form->kind)->name);
    TRY(shape_id_at(view, "id", form->fact, emit, err));
    TRY(shape_thing_at(view, "group", KIND_GROUP, form->group, emit, err));
    TRY(shape_thing_at(view, "person", KIND_PERSON, form->person, emit, err));
    if (form->office != KEY_NONE)
        TRY(shape_id_at(view, "office", form->office, emit, err));
    else
        emit_null_at(emit, "office");
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_forms(const View *view, const GateFacts *facts, GateCondition condition,
                          Emit *emit, Err *err)
{
    emit_key(emit, "facts");
    emit_open_array(emit);
    for (size_t i = 0; i < facts->form_count && condition != GATE_PROGRAMME; i++)
        if (condition == GATE_LEADER || facts->forms[i].group_kind == GROUP_KIND_IS_PARTY)
            TRY(emit_form(view, &facts->forms[i], emit, err));
    emit_close_array(emit);
    return OK;
}

static ErrCode emit_condition(const View *view, const GateFacts *facts, const StartGate *gate,
                              GateCondition condition, Emit *emit, Err *err)
{
    emit_open_object(emit);
    emit_z_at(emit, "code", gate_condition_name(condition));
    emit_z_at(emit, "zh", gate_condition_zh(condition));
    emit_z_at(emit, "en", gate_condition_en(condition));
    emit_bool_at(emit, "asked", gate->is_asked[condition]);
    emit_bool_at(emit, "met", gate->is_met[condition]);
    TRY(emit_forms(view, facts, condition, emit, err));
    if (condition == GATE_PROGRAMME) {
        emit_int_at(emit, "lines", (int64_t)facts->line_count);
        emit_int_at(emit, "lines_min", gate->lines_min);
    }
    emit_close_object(emit);
    return OK;
}

ErrCode answer_gate(const View *view, Id project, Emit *emit, Err *err)
{
    ProjectCard card;
    GateFacts facts;
    TRY(shape_project_in_reach(view, project, &card, err));
    TRY(plan_load_gate(view_source(view), view->pack, card.facts.key, view->on, &facts, err));
    const StartGate gate = gate_of(&facts);
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    shape_choice_at("stage", vocab_field(vocab_kind(KIND_PROJECT), PROJECT_STAGE), card.facts.stage,
                    emit);
    emit_bool_at(emit, "open", gate.is_open);
    emit_bool_at(emit, "binding", gate.is_binding);
    emit_key(emit, "conditions");
    emit_open_array(emit);
    for (int i = 0; i < GATE_CONDITION_COUNT; i++)
        TRY(emit_condition(view, &facts, &gate, (GateCondition)i, emit, err));
    emit_close_array(emit);
    shape_rule_at("rule", gate.rule, emit);
    emit_close_object(emit);
    return OK;
}

/* ---- Templates ---- */

typedef struct Template {
    Key key;
    Key unit;
    Text name;
    Text source;
} Template;

typedef struct Templates {
    Template *items;
    size_t count;
} Templates;

static ErrCode load_templates(const View *view, Templates *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Templates list = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, TEMPLATES, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        list.items = list_grow(view->arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        Template *template = &list.items[list.count++];
        *template = (Template){.key = query_int(&query, 0), .unit = query_int(&query, 2)};
        TRY(query_text(&query, 1, view->arena, &template->name, err));
        TRY(query_text(&query, 3, view->arena, &template->source, err));
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode unit_of_project(const View *view, Key project, Key *out_unit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, UNIT_OF_PROJECT, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, project);
    TRY(query_next(&query, &found, err));
    *out_unit = found ? query_int(&query, 0) : KEY_NONE;
    return OK;
}

/* Templates flow downwards: who sees a unit or a project sees those of the units above it. */
static ErrCode is_above_reach(const View *view, Key unit, bool *out_is, Err *err)
{
    Reach below;
    *out_is = reach_has_unit(&view->reach, unit);
    if (*out_is) return OK;
    TRY(reach_below(view->store, view->shard, unit, view->arena, &below, err));
    for (size_t i = 0; i < view->reach.units.slot_count && !*out_is; i++) {
        const int64_t key = view->reach.units.slots[i].key;
        *out_is = key != MAP_KEY_NONE && reach_has_unit(&below, key);
    }
    for (size_t i = 0; i < view->reach.projects.slot_count && !*out_is; i++) {
        const int64_t key = view->reach.projects.slots[i].key;
        Key its_unit = KEY_NONE;
        if (key == MAP_KEY_NONE) continue;
        TRY(unit_of_project(view, key, &its_unit, err));
        *out_is = its_unit != KEY_NONE && reach_has_unit(&below, its_unit);
    }
    return OK;
}

ErrCode answer_templates(const View *view, Emit *emit, Err *err)
{
    Templates templates = {0};
    TRY(load_templates(view, &templates, err));
    emit_open_object(emit);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < templates.count; i++) {
        const Template *template = &templates.items[i];
        bool is_seen = false;
        TRY(is_above_reach(view, template->unit, &is_seen, err));
        if (!is_seen) continue;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", template->key, emit, err));
        emit_text_at(emit, "name", template->name);
        TRY(shape_thing_at(view, "unit", KIND_UNIT, template->unit, emit, err));
        emit_text_at(emit, "source", template->source);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}
