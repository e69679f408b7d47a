#include "answer/year.h"

#include <stdio.h>

#include "answer/programme.h"
#include "answer/shape.h"
#include "duties/duty.h"
#include "plan/year.h"
#include "view/duty_load.h"

#define PROJECT_BYTES_MAX ((size_t)16 << 20)

ErrCode year_parse(Text text, Day day, DayRange *out_days, Err *err)
{
    char year[8];
    int number = 0;
    int month = 0;
    int of_month = 0;
    if (text.size > 0) return period_parse(text, day, out_days, err);
    day_to_civil(day, &number, &month, &of_month);
    (void)snprintf(year, sizeof year, "%04d", number % 10000);
    return period_parse(text_from_z(year), day, out_days, err);
}

typedef struct PlannedProject {
    Key key;
    Key unit;
} PlannedProject;

typedef struct PlannedProjects {
    PlannedProject *items;
    size_t count;
} PlannedProjects;

/* Projects that have a programme. */
static ErrCode load_planned_projects(const View *view, PlannedProjects *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    *out = (PlannedProjects){0};
    TRY(query_begin(&query, view->store, PROJECTS_WITH_PLAN_LINES, err));
    query_bind_int(&query, 1, view->shard);
    TRY(query_next(&query, &found, err));
    while (found) {
        out->items = list_grow(view->arena, out->items, sizeof out->items[0], out->count);
        if (out->items == NULL) return list_full(out->count, err);
        out->items[out->count++] = (PlannedProject){query_int(&query, 0), query_int(&query, 1)};
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

bool year_day_of(const Planned *planned, Day *out_day)
{
    *out_day = planned->state == PLAN_UNDECIDED ? DAY_OPEN : planned->day;
    return planned->state != PLAN_NOT_NEEDED;
}

typedef struct Walk {
    const View *view;
    Calendar calendar;
    YearVisit *visit;
    void *context;
} Walk;

/* One project. Its memory is given back: there may be thousands. */
static ErrCode visit_project(const Walk *walk, Key project, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    const View *view = walk->view;
    const PlanSource source = {.from = {view->store, view->shard, &arena},
                               .pack = view->pack,
                               .utc_offset_minutes = view->utc_offset_minutes};
    PlanKit kit;
    Planned *planned = NULL;
    arena_init(&arena, PROJECT_BYTES_MAX);
    TRY(plan_facts_load_now(&source, project, &walk->calendar, &kit, err));
    TRY(programme_of(&kit.facts, view->on, &arena, &planned, err));
    return walk->visit(walk->context, project, &kit, planned, err);
}

ErrCode year_walk(const View *view, const YearAsk *ask, YearVisit *visit, void *context,
                  size_t *out_count, Err *err)
{
    Walk walk = {.view = view, .visit = visit, .context = context};
    Reach below = reach_everything();
    AUTO(tx_rollback) Tx tx = {0};
    *out_count = 0;
    TRY(tx_begin(&tx, view->store, err)); /* all projects at one moment */
    TRY(load_calendar(view_source(view), &walk.calendar, err));
    if (!id_is_nil(ask->project)) {
        ProjectCard card;
        TRY(shape_project_in_reach(view, ask->project, &card, err));
        *out_count = 1;
        return visit_project(&walk, card.facts.key, err);
    }
    if (!id_is_nil(ask->unit)) {
        Key unit = KEY_NONE;
        TRY(view_find(view, ask->unit, KIND_UNIT, &unit, err));
        if (!reach_has_unit(&view->reach, unit))
            return err_set(err, ERR_NOT_FOUND, "there is no such unit");
        TRY(reach_below(view->store, view->shard, unit, view->arena, &below, err));
    }
    PlannedProjects projects;
    TRY(load_planned_projects(view, &projects, err));
    for (size_t i = 0; i < projects.count; i++) {
        const PlannedProject *project = &projects.items[i];
        if (!reach_has_project(&view->reach, project->key, project->unit)) continue;
        if (!reach_has_unit(&below, project->unit)) continue;
        ++*out_count;
        TRY(visit_project(&walk, project->key, err));
    }
    return OK;
}

/* What the lines of one project add to the year. */
static ErrCode add_project(void *context, Key project, const PlanKit *kit, const Planned *planned,
                           Err *err)
{
    Year *year = context;
    (void)project;
    (void)err;
    for (size_t i = 0; i < kit->facts.line_count; i++) {
        Day day = DAY_OPEN;
        const PlanCard *card = &kit->cards[i];
        if (!year_day_of(&planned[i], &day)) continue;
        year_add(year, day, card->focus, card->grip, planned[i].state == PLAN_DONE);
    }
    return OK;
}

/* ---- Shape ---- */

static void emit_cell(YearCell cell, Emit *emit)
{
    emit_int_at(emit, "planned", cell.planned);
    emit_int_at(emit, "done", cell.done);
}

/* [{"name", "zh", "en", "planned", "done", "thin", "months": [{"month", "planned", "done"}]}] */
static void emit_words(const char *member, const ChoiceSet *words, const YearTable *table,
                       const Year *year, Emit *emit)
{
    int calendar_year = 0;
    int first = 0;
    int last = 0;
    int of_month = 0;
    day_to_civil(year->days.first, &calendar_year, &first, &of_month);
    day_to_civil(year->days.last, &calendar_year, &last, &of_month);
    emit_key(emit, member);
    emit_open_array(emit);
    for (size_t i = 0; i < words->count; i++) {
        const Choice *word = &words->choices[i];
        emit_open_object(emit);
        emit_z_at(emit, "name", word->name);
        emit_z_at(emit, "zh", word->zh);
        emit_z_at(emit, "en", word->en);
        emit_cell(year_sum(table, word->number), emit);
        emit_bool_at(emit, "thin", year_is_thin(table, word->number));
        emit_key(emit, "months");
        emit_open_array(emit);
        for (int month = first; month <= last; month++) {
            emit_open_object(emit);
            emit_int_at(emit, "month", month);
            emit_cell(table->cells[month - 1][word->number], emit);
            emit_close_object(emit);
        }
        emit_close_array(emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

ErrCode answer_year(const View *view, const YearAsk *ask, Emit *emit, Err *err)
{
    Year year;
    size_t count = 0;
    const KindInfo *line = vocab_kind(KIND_PLAN_LINE);
    year_init(&year, ask->days);
    TRY(year_walk(view, ask, add_project, &year, &count, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->days.first);
    emit_day_at(emit, "to", ask->days.last);
    emit_int_at(emit, "projects", (int64_t)count);
    emit_words("focuses", vocab_field(line, PLAN_LINE_FOCUS)->among, &year.focus, &year, emit);
    emit_words("grips", vocab_field(line, PLAN_LINE_GRIP)->among, &year.grip, &year, emit);
    emit_key(emit, "none");
    emit_open_object(emit);
    emit_cell(year_sum(&year.focus, 0), emit);
    emit_close_object(emit);
    emit_int_at(emit, "waiting", year.waiting);
    emit_close_object(emit);
    return OK;
}
