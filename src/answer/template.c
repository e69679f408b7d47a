#include "answer/programme.h"
#include "answer/shape.h"
#include "store/rows.h"

#define UNIT_DEPTH_MAX 12

/* A template is for the projects of its unit and of all units below. */
static ErrCode is_of_unit_above(const View *view, Key above, Key unit, bool *out_is, Err *err)
{
    *out_is = false;
    for (int depth = 0; unit != KEY_NONE && depth <= UNIT_DEPTH_MAX; depth++) {
        AUTO(query_done) Query query = {0};
        bool found = false;
        *out_is = unit == above;
        if (*out_is) return OK;
        TRY(query_begin(&query, view->store, UNIT_ABOVE, err));
        query_bind_int(&query, 1, view->shard);
        query_bind_int(&query, 2, unit);
        TRY(query_next(&query, &found, err));
        unit = found ? query_int(&query, 0) : KEY_NONE;
    }
    return OK;
}

/* A template that is for the project; all others are not there. */
static ErrCode find_template(const View *view, Id id, Key unit, Key *out_template, Text *out_name,
                             Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    bool is_above = false;
    TRY(view_find(view, id, KIND_TEMPLATE, out_template, err));
    TRY(query_begin(&query, view->store, TEMPLATE_CARD, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, *out_template);
    TRY(query_next(&query, &found, err));
    if (found) {
        TRY(query_text(&query, 1, view->arena, out_name, err));
        TRY(is_of_unit_above(view, query_int(&query, 0), unit, &is_above, err));
    }
    if (is_above) return OK;
    return err_set(err, ERR_NOT_FOUND,
                   "there is no such template of the unit in charge of the project, or of a unit "
                   "above it");
}

/* ---- The lines of a template as if the project had them ---- */

static PlanLine line_of_record(Key key, const Record *record)
{
    return (PlanLine){
        .key = key,
        .phase = (int)record_int(record, TEMPLATE_LINE_PHASE, 0),
        .edge = (int)record_int(record, TEMPLATE_LINE_EDGE, 0),
        .offset = (int)record_int(record, TEMPLATE_LINE_OFFSET, 0),
        .day = DAY_OPEN,
        .risk_scheme = (int)record_int(record, TEMPLATE_LINE_RISK_SCHEME, 0),
        .risk_level = (int)record_int(record, TEMPLATE_LINE_RISK_LEVEL, 0),
        .stamp = UINT64_MAX, /* it would be made now */
    };
}

static PlanCard card_of_record(Key key, Id id, const Record *record)
{
    return (PlanCard){
        .id = id,
        .title = record_text(record, TEMPLATE_LINE_TITLE),
        .meeting = (int)record_int(record, TEMPLATE_LINE_MEETING, 0),
        .is_for = {[GROUP_KIND_IS_PARTY] = record_int(record, TEMPLATE_LINE_PARTY, 0) != 0,
                   [GROUP_KIND_IS_UNION] = record_int(record, TEMPLATE_LINE_UNION, 0) != 0,
                   [GROUP_KIND_IS_CREW] = record_int(record, TEMPLATE_LINE_CREW, 0) != 0},
        .focus = (int)record_int(record, TEMPLATE_LINE_FOCUS, 0),
        .grip = (int)record_int(record, TEMPLATE_LINE_GRIP, 0),
        .template_line = key,
    };
}

typedef struct Made {
    PlanLine *lines;
    PlanCard *cards;
    size_t count;
} Made;

static ErrCode add_made(const View *view, Key key, Id id, Made *made, Err *err)
{
    Record record;
    RowState state;
    TRY(row_load(view->store, view->shard, key, vocab_kind(KIND_TEMPLATE_LINE), view->arena,
                 &record, &state, err));
    made->lines = list_grow(view->arena, made->lines, sizeof made->lines[0], made->count);
    if (made->lines == NULL) return list_full(made->count, err);
    made->cards = list_grow(view->arena, made->cards, sizeof made->cards[0], made->count);
    if (made->cards == NULL) return list_full(made->count, err);
    made->lines[made->count] = line_of_record(key, &record);
    made->cards[made->count++] = card_of_record(key, id, &record);
    return OK;
}

static ErrCode load_made(const View *view, Key template, Made *out_made, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out_made = (Made){0};
    TRY(query_begin(&query, view->store, TEMPLATE_LINES, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, template);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        TRY(query_id(&query, 1, &id, err));
        TRY(add_made(view, query_int(&query, 0), id, out_made, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static bool is_there(const PlanKit *own, Key template_line)
{
    for (size_t i = 0; i < own->facts.line_count; i++)
        if (own->cards[i].template_line == template_line) return true;
    return false;
}

/* ---- Shape ---- */

static ErrCode emit_made(const View *view, const PlanKit *own, const PlanKit *made, Emit *emit,
                         Err *err)
{
    Planned *planned = NULL;
    LineOrder *orders = NULL;
    size_t added = 0;
    TRY(programme_of(&made->facts, view->on, view->arena, &planned, err));
    TRY(shape_plan_order(view, planned, made->facts.line_count, &orders, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < made->facts.line_count; i++) {
        const size_t at = orders[i].at;
        const bool is_old = is_there(own, made->cards[at].template_line);
        emit_open_object(emit);
        emit_bool_at(emit, "there", is_old);
        TRY(shape_plan_line(view, made, &planned[at], at, emit, err));
        emit_close_object(emit);
        if (!is_old) added++;
    }
    emit_close_array(emit);
    emit_int_at(emit, "adds", (int64_t)added);
    return OK;
}

ErrCode answer_template(const View *view, Id project, Id template, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    ProjectCard card;
    PlanKit own;
    Made made;
    Key key = KEY_NONE;
    Text name = {0};
    TRY(shape_project_in_reach(view, project, &card, err));
    TRY(find_template(view, template, card.facts.unit, &key, &name, err));
    TRY(plan_facts_load(&source, card.facts.key, &own, err));
    TRY(load_made(view, key, &made, err));
    PlanKit kit = own;
    kit.facts.lines = made.lines;
    kit.facts.line_count = made.count;
    kit.cards = made.cards;
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_key(emit, "template");
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", key, emit, err));
    emit_text_at(emit, "name", name);
    emit_close_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(emit_made(view, &own, &kit, emit, err));
    shape_rule_at("rule", pack_rule(view->pack, RULE_PROGRAMME, view->on), emit);
    emit_close_object(emit);
    return OK;
}
