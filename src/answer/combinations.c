#include "answer/combinations.h"

#include "answer/programme.h"
#include "answer/shape.h"

typedef struct Objective {
    Key key;
    Text title;
    Text measure;
    int64_t wanted_milli;
    Text target;
    Text target_measure;
    int64_t target_wanted_milli;
    DayRange days;
    Key group;
} Objective;

typedef struct Objectives {
    Objective *items;
    size_t count;
} Objectives;

typedef struct Figure {
    Key key;
    int curve; /* CURVE_IS_... */
    Day day;
    int64_t value_milli;
    Text evidence;
} Figure;

typedef struct Figures {
    Figure *items;
    size_t count;
} Figures;

static ErrCode begin(const View *view, QueryId id, Key key, Query *query, bool *out_found, Err *err)
{
    TRY(query_begin(query, view->store, id, err));
    query_bind_int(query, 1, view->shard);
    query_bind_int(query, 2, key);
    return query_next(query, out_found, err);
}

/* ---- Objectives ---- */

static ErrCode load_objectives(const View *view, Key project, Objectives *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Objectives list = {0};
    bool found = false;
    TRY(begin(view, OBJECTIVES_OF_PROJECT, project, &query, &found, err));
    while (found) {
        list.items = list_grow(view->arena, list.items, sizeof list.items[0], list.count);
        if (list.items == NULL) return list_full(list.count, err);
        Objective *item = &list.items[list.count++];
        *item = (Objective){.key = query_int(&query, 0),
                            .wanted_milli = query_int(&query, 3),
                            .target_wanted_milli = query_int(&query, 6),
                            .days = {(Day)query_int(&query, 7), (Day)query_int(&query, 8)},
                            .group = query_int(&query, 9)};
        TRY(query_text(&query, 1, view->arena, &item->title, err));
        TRY(query_text(&query, 2, view->arena, &item->measure, err));
        TRY(query_text(&query, 4, view->arena, &item->target, err));
        TRY(query_text(&query, 5, view->arena, &item->target_measure, err));
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

static ErrCode load_figures(const View *view, Key objective, Figures *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    Figures list = {0};
    bool found = false;
    TRY(begin(view, FIGURES_OF_OBJECTIVE, objective, &query, &found, err));
    while (found) {
        const Day day = (Day)query_int(&query, 2);
        if (day <= view->on) {
            list.items = list_grow(view->arena, list.items, sizeof list.items[0], list.count);
            if (list.items == NULL) return list_full(list.count, err);
            Figure *item = &list.items[list.count++];
            *item = (Figure){.key = query_int(&query, 0),
                             .curve = (int)query_int(&query, 1),
                             .day = day,
                             .value_milli = query_int(&query, 3)};
            TRY(query_text(&query, 4, view->arena, &item->evidence, err));
        }
        TRY(query_next(&query, &found, err));
    }
    *out = list;
    return OK;
}

/* One curve: what it measures, what is wanted, and what was reached on which day. */
static ErrCode emit_curve(const View *view, const char *member, Text title, Text measure,
                          int64_t wanted_milli, int curve, const Figures *figures, Emit *emit,
                          Err *err)
{
    const Figure *latest = NULL;
    emit_key(emit, member);
    emit_open_object(emit);
    emit_text_at(emit, "title", title);
    emit_text_at(emit, "measure", measure);
    emit_int_at(emit, "wanted_milli", wanted_milli);
    emit_key(emit, "figures");
    emit_open_array(emit);
    for (size_t i = 0; i < figures->count; i++) {
        const Figure *figure = &figures->items[i];
        if (figure->curve != curve) continue;
        latest = figure;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", figure->key, emit, err));
        emit_day_at(emit, "day", figure->day);
        emit_int_at(emit, "value_milli", figure->value_milli);
        emit_text_at(emit, "evidence", figure->evidence);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    if (latest == NULL)
        emit_null_at(emit, "latest_milli");
    else
        emit_int_at(emit, "latest_milli", latest->value_milli);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_objective(const View *view, const Objective *objective, Emit *emit, Err *err)
{
    Figures figures;
    TRY(load_figures(view, objective->key, &figures, err));
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", objective->key, emit, err));
    emit_day_at(emit, "from", objective->days.first);
    emit_day_at(emit, "to", objective->days.last);
    TRY(shape_thing_at(view, "group", KIND_GROUP, objective->group, emit, err));
    TRY(emit_curve(view, "goal", objective->title, objective->measure, objective->wanted_milli,
                   CURVE_IS_GOAL, &figures, emit, err));
    TRY(emit_curve(view, "target", objective->target, objective->target_measure,
                   objective->target_wanted_milli, CURVE_IS_TARGET, &figures, emit, err));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_objectives(const View *view, Key project, size_t *out_count, Emit *emit,
                               Err *err)
{
    Objectives objectives = {0};
    TRY(load_objectives(view, project, &objectives, err));
    for (size_t i = 0; i < objectives.count; i++)
        TRY(emit_objective(view, &objectives.items[i], emit, err));
    *out_count = objectives.count;
    return OK;
}

ErrCode answer_objectives(const View *view, Id project, Emit *emit, Err *err)
{
    ProjectCard card;
    size_t count = 0;
    TRY(shape_project_in_reach(view, project, &card, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    emit_key(emit, "items");
    emit_open_array(emit);
    TRY(emit_objectives(view, card.facts.key, &count, emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* ---- Publicity ---- */

static ErrCode emit_publicity(const View *view, Key project, size_t *out_count, Emit *emit,
                              Err *err)
{
    AUTO(query_done) Query query = {0};
    const KindInfo *kind = vocab_kind(KIND_PUBLICITY);
    bool found = false;
    TRY(begin(view, PUBLICITY_OF_PROJECT, project, &query, &found, err));
    while (found) {
        Text content;
        const Day shown = query_is_null(&query, 4) ? DAY_OPEN : (Day)query_int(&query, 4);
        TRY(query_text(&query, 3, view->arena, &content, err));
        emit_open_object(emit);
        emit_z_at(emit, "kind", kind->name);
        TRY(shape_id_at(view, "id", query_int(&query, 0), emit, err));
        shape_choice_at("phase", vocab_field(kind, PUBLICITY_PHASE), (int)query_int(&query, 1),
                        emit);
        shape_choice_at("carrier", vocab_field(kind, PUBLICITY_CARRIER), (int)query_int(&query, 2),
                        emit);
        emit_text_at(emit, "content", content);
        emit_day_at(emit, "shown", shown > view->on ? DAY_OPEN : shown);
        emit_close_object(emit);
        ++*out_count;
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- Pre-planning ---- */

static ErrCode emit_planning(const View *view, Key project, size_t *out_count, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    PlanKit kit;
    Planned *planned = NULL;
    TRY(plan_facts_load(&source, project, &kit, err));
    TRY(programme_of(&kit.facts, view->on, view->arena, &planned, err));
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        char text[ID_TEXT_MAX];
        emit_open_object(emit);
        emit_z_at(emit, "kind", vocab_kind(KIND_PLAN_LINE)->name);
        emit_z_at(emit, "id", id_write(kit.cards[i].id, text));
        emit_text_at(emit, "title", kit.cards[i].title);
        emit_day_at(emit, "day", planned[i].day);
        emit_z_at(emit, "state", plan_state_name(planned[i].state));
        emit_close_object(emit);
    }
    *out_count = kit.facts.line_count;
    return OK;
}

/* ---- Talent ---- */

static ErrCode emit_talent(const View *view, Key project, size_t *out_count, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(begin(view, DEVELOPMENTS_OF_PROJECT, project, &query, &found, err));
    while (found) {
        Text aim;
        Text result;
        const DayRange days = {(Day)query_int(&query, 4), (Day)query_int(&query, 5)};
        TRY(query_text(&query, 3, view->arena, &aim, err));
        TRY(query_text(&query, 6, view->arena, &result, err));
        if (days.first <= view->on) {
            emit_open_object(emit);
            emit_z_at(emit, "kind", vocab_kind(KIND_DEVELOPMENT)->name);
            TRY(shape_id_at(view, "id", query_int(&query, 0), emit, err));
            TRY(shape_thing_at(view, "person", KIND_PERSON, query_int(&query, 1), emit, err));
            TRY(shape_thing_at(view, "mentor", KIND_PERSON, query_int(&query, 2), emit, err));
            emit_text_at(emit, "aim", aim);
            emit_day_at(emit, "from", days.first);
            emit_day_at(emit, "to", days.last);
            emit_text_at(emit, "result", result);
            emit_close_object(emit);
            ++*out_count;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- All four ---- */

typedef ErrCode (*Evidence)(const View *view, Key project, size_t *out_count, Emit *emit, Err *err);

static const struct {
    const char *code;
    const char *zh;
    const char *en;
    const char *next_zh; /* what to do about an empty one */
    const char *next_en;
    Evidence evidence;
} combinations[] = {
    {"publicity", "宣传教育与施工现场结合", "publicity and education with the site",
     "给各阶段安排宣传载体（publicity）", "say what each carrier shows in which phase (publicity)",
     emit_publicity},
    {"production", "党建目标与生产指标结合", "Party goals with production targets",
     "制定目标并写明服务的生产指标（objective）",
     "set an objective and the production target it serves (objective)", emit_objectives},
    {"planning", "党小组活动与前期策划结合", "group activities with pre-planning",
     "套用方案模板或新增方案事项（plan_line）", "apply a template, or add plan lines (plan_line)",
     emit_planning},
    {"talent", "人才培养与党员素质提升结合", "talent with the quality of members",
     "安排师带徒或培养计划（development）",
     "set up a mentor pair or a development plan (development)", emit_talent},
};

static ErrCode emit_combination(const View *view, Key project, size_t at, Emit *emit, Err *err)
{
    size_t count = 0;
    emit_open_object(emit);
    emit_z_at(emit, "code", combinations[at].code);
    emit_z_at(emit, "zh", combinations[at].zh);
    emit_z_at(emit, "en", combinations[at].en);
    emit_key(emit, "evidence");
    emit_open_array(emit);
    TRY(combinations[at].evidence(view, project, &count, emit, err));
    emit_close_array(emit);
    emit_bool_at(emit, "empty", count == 0);
    emit_z_at(emit, "next_zh", count == 0 ? combinations[at].next_zh : "");
    emit_z_at(emit, "next_en", count == 0 ? combinations[at].next_en : "");
    emit_close_object(emit);
    return OK;
}

ErrCode answer_combinations(const View *view, Id project, Emit *emit, Err *err)
{
    ProjectCard card;
    GateFacts facts;
    TRY(shape_project_in_reach(view, project, &card, err));
    TRY(plan_load_gate(view_source(view), view->pack, card.facts.key, view->on, &facts, err));
    const StartGate gate = gate_of(&facts);
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, card.facts.key, emit, err));
    emit_day_at(emit, "on", view->on);
    emit_bool_at(emit, "gate_open", gate.is_open);
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = 0; i < sizeof combinations / sizeof combinations[0]; i++)
        TRY(emit_combination(view, card.facts.key, i, emit, err));
    emit_close_array(emit);
    shape_rule_at("rule", gate.rule, emit);
    emit_close_object(emit);
    return OK;
}
