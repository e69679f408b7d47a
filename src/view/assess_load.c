#include "view/assess_load.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/things.h"
#include "view/duty_load.h"
#include "view/signal_load.h"

/* ---- Outcomes ---- */

/* What is gathered while tasks are visited: titles are those of the outcomes, one for one. */
typedef struct Gathering {
    const View *view;
    Levels levels;
    int group_kind;
    AssessWindow window; /* of the project that is visited */
    Outcomes outcomes;
    Text *titles;
    Stations stations; /* of the group */
    const Part *parts; /* what it held and plans */
    size_t part_count;
    TaskCounts counts;
} Gathering;

static ErrCode keep_titles(Gathering *gathering, size_t from, Text title, Err *err)
{
    Text copy = {0};
    TRY(text_copy(gathering->view->arena, title, &copy, err));
    for (size_t i = from; i < gathering->outcomes.count; i++) {
        gathering->titles = list_grow(gathering->view->arena, gathering->titles, sizeof copy, i);
        if (gathering->titles == NULL) return list_full(i, err);
        gathering->titles[i] = copy;
    }
    return OK;
}

static bool is_due_within(const Gathering *gathering, const Course *course)
{
    return range_has(gathering->window.within, course_due(course));
}

static ErrCode gather_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    Gathering *gathering = context;
    const View *view = gathering->view;
    const size_t before = gathering->outcomes.count;
    Task task;
    if (card->facts.deployed > view->on || !card->facts.is_for[gathering->group_kind]) return OK;
    TRY(task_fold(&card->facts, view->on, scratch, &task, err));
    const Course *course =
        task_course(&task, card->facts.is_particular ? gathering->group_kind : 0);
    if (course == NULL) return OK;
    TRY(outcomes_add_course(course, card->key, card->weight, &gathering->window, view->arena,
                            &gathering->outcomes, err));
    TRY(keep_titles(gathering, before, card->title, err));
    if (!is_due_within(gathering, course)) return OK;
    Task one = {.courses = &task.courses[course - task.courses], .course_count = 1};
    task_count(view, &gathering->levels, card, &one, &gathering->counts);
    return OK;
}

/* Hazards at the project that were ordered to be rectified: crews do that. */
static ErrCode gather_hazard(void *context, const SignalCase *one, Err *err)
{
    Gathering *gathering = context;
    const size_t before = gathering->outcomes.count;
    Ordered ordered = {.fact = one->card.key};
    for (size_t i = 0; i < one->standing.wait_count; i++) {
        const SignalWait *wait = &one->standing.waits[i];
        if (wait->what != WAIT_RECTIFY) continue;
        ordered.round++;
        ordered.due = wait->due;
        ordered.answered = wait->answered;
        TRY(outcomes_add_hazard(&ordered, &gathering->window, gathering->view->arena,
                                &gathering->outcomes, err));
    }
    return keep_titles(gathering, before, one->card.what, err);
}

static ErrCode gather_hazards(Gathering *gathering, Key project, Err *err)
{
    const View *view = gathering->view;
    const SignalSource source = {view_source(view), view->utc_offset_minutes, view->pack};
    const SignalScope scope = {.project = project, .kind = SIGNAL_IS_HAZARD, .with_steps = true};
    if (gathering->group_kind != GROUP_KIND_IS_CREW) return OK;
    return signals_visit(&source, &scope, view->on, gather_hazard, gathering, err);
}

/* Of a project that was visited before: a group may stand at one twice. */
static bool is_first_station(const Stations *stations, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (stations->items[i].project == stations->items[at].project) return false;
    return true;
}

static ErrCode gather_project(Gathering *gathering, const Stations *stations, Key project, Err *err)
{
    const View *view = gathering->view;
    const TaskScope scope = {.project = project};
    DayRange *there = arena_array(view->arena, DayRange, stations->count);
    if (there == NULL) return list_full(stations->count, err);
    gathering->window.there_count = 0;
    for (size_t i = 0; i < stations->count; i++)
        if (stations->items[i].project == project)
            there[gathering->window.there_count++] = stations->items[i].days;
    gathering->window.there = there;
    TRY(tasks_visit(view_source(view), view->utc_offset_minutes, &scope, gather_task, gathering,
                    err));
    return gather_hazards(gathering, project, err);
}

static Key station_of_day(const Stations *stations, Day day)
{
    for (size_t i = 0; i < stations->count; i++)
        if (range_has(stations->items[i].days, day)) return stations->items[i].key;
    return KEY_NONE;
}

static ErrCode gather_duties(Gathering *gathering, const Group *group, Err *err)
{
    const View *view = gathering->view;
    DutyFacts facts;
    Calendar calendar;
    Obligation *owed = NULL;
    size_t count = 0;
    const size_t before = gathering->outcomes.count;
    TRY(load_calendar(view_source(view), &calendar, err));
    TRY(load_duty_facts(view_source(view), view->utc_offset_minutes, group, &facts, err));
    facts.pack = view->pack;
    facts.calendar = &calendar;
    TRY(duties_of_group(&facts, gathering->window.within, view->on, view->arena, &owed, &count,
                        err));
    for (size_t i = 0; i < count; i++)
        TRY(outcomes_add_duty(&owed[i], station_of_day(&gathering->stations, owed[i].due),
                              gathering->window.within, view->arena, &gathering->outcomes, err));
    gathering->parts = facts.parts;
    gathering->part_count = facts.part_count;
    return keep_titles(gathering, before, TEXT(""), err);
}

static ErrCode gather(Gathering *gathering, const Group *group, Err *err)
{
    const View *view = gathering->view;
    const Stations *stations = &gathering->stations;
    TRY(levels_load(view_source(view), &gathering->levels, err));
    TRY(load_stations_of_group(view_source(view), group->key, &gathering->stations, err));
    for (size_t i = 0; i < stations->count; i++)
        if (is_first_station(stations, i))
            TRY(gather_project(gathering, stations, stations->items[i].project, err));
    return gather_duties(gathering, group, err);
}

/* ---- Codes ---- */

static ErrCode make_code(const View *view, const Outcome *outcome, Text *out_code, Err *err)
{
    char code[DEDUCTION_CODE_MAX];
    char day[DAY_TEXT_MAX];
    char text[ID_TEXT_MAX];
    const char *name = outcome_info(outcome->code)->name;
    if (outcome->duty != RULE_NONE) {
        snprintf(code, sizeof code, "%s/%s/%s", name, rule_name(outcome->duty),
                 day_write(outcome->period.first, day));
    } else {
        Id id;
        TRY(thing_id(view->store, view->shard, outcome->fact, &id, err));
        snprintf(code, sizeof code, "%s/%d/%s", name, outcome->round, id_write(id, text));
    }
    return text_copy(view->arena, text_from_z(code), out_code, err);
}

static ErrCode make_codes(const View *view, const Outcomes *outcomes, Text **out_codes, Err *err)
{
    Text *codes = arena_array(view->arena, Text, outcomes->count);
    if (codes == NULL) return list_full(outcomes->count, err);
    for (size_t i = 0; i < outcomes->count; i++)
        TRY(make_code(view, &outcomes->items[i], &codes[i], err));
    *out_codes = codes;
    return OK;
}

/* ---- Objections, rulings, what the group says itself ---- */

static ErrCode load_rulings(const View *view, Objection *objection, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, RULINGS_OF_OBJECTION, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, objection->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        Ruling ruling = {.decision = (int)query_int(&query, 2),
                         .points = (int)query_int(&query, 3)};
        TRY(query_id(&query, 1, &ruling.id, err));
        TRY(query_text(&query, 4, view->arena, &ruling.reason, err));
        ruling.recorded = day_recorded(ruling.id, view->utc_offset_minutes);
        if (ruling.recorded <= view->on) {
            objection->rulings =
                list_grow(view->arena, objection->rulings, sizeof ruling, objection->ruling_count);
            if (objection->rulings == NULL) return list_full(objection->ruling_count, err);
            size_t at = objection->ruling_count++;
            for (; at > 0 && id_compare(objection->rulings[at - 1].id, ruling.id) > 0; at--)
                objection->rulings[at] = objection->rulings[at - 1];
            objection->rulings[at] = ruling;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static bool is_of_period(const Query *query, DayRange within)
{
    return (Day)query_int(query, 2) == within.first && (Day)query_int(query, 3) == within.last;
}

static ErrCode load_objections(const View *view, Assessed *assessed, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, OBJECTIONS_OF_GROUP, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, assessed->group.key);
    TRY(query_next(&query, &found, err));
    while (found) {
        Objection objection = {.key = query_int(&query, 0)};
        TRY(query_id(&query, 1, &objection.id, err));
        TRY(query_text(&query, 4, view->arena, &objection.deduction, err));
        TRY(query_text(&query, 5, view->arena, &objection.reason, err));
        objection.recorded = day_recorded(objection.id, view->utc_offset_minutes);
        if (is_of_period(&query, assessed->within) && objection.recorded <= view->on) {
            assessed->objections = list_grow(view->arena, assessed->objections, sizeof objection,
                                             assessed->objection_count);
            if (assessed->objections == NULL) return list_full(assessed->objection_count, err);
            assessed->objections[assessed->objection_count++] = objection;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* The last one that the group gave for the period. */
static ErrCode load_self(const View *view, Assessed *assessed, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, SELF_ASSESSMENTS_OF_GROUP, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, assessed->group.key);
    TRY(query_next(&query, &found, err));
    while (found) {
        SelfAssessment self = {.points = (int)query_int(&query, 4)};
        TRY(query_id(&query, 1, &self.id, err));
        TRY(query_text(&query, 5, view->arena, &self.words, err));
        if (is_of_period(&query, assessed->within) &&
            day_recorded(self.id, view->utc_offset_minutes) <= view->on &&
            (!assessed->has_self || id_compare(self.id, assessed->self.id) > 0)) {
            assessed->self = self;
            assessed->has_self = true;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

const Objection *objection_to(const Assessed *assessed, Text code)
{
    for (size_t i = 0; i < assessed->objection_count; i++)
        if (text_equal(assessed->objections[i].deduction, code)) return &assessed->objections[i];
    return NULL;
}

/* What an outcome costs by the latest ruling about it; -1 where nothing was decided. */
static int corrected_to(const Assessed *assessed, Text code)
{
    const Objection *objection = objection_to(assessed, code);
    if (objection == NULL || objection->ruling_count == 0) return -1;
    const Ruling *ruling = &objection->rulings[objection->ruling_count - 1];
    return ruling->decision == DECISION_IS_CORRECTED ? ruling->points : -1;
}

/* ---- All together ---- */

ErrCode assess_group(const View *view, const Group *group, DayRange within, Assessed *out_assessed,
                     Err *err)
{
    Gathering gathering = {
        .view = view, .group_kind = group->kind, .window = {.within = within, .on = view->on}};
    Assessed assessed = {.group = *group, .within = within};
    TRY(gather(&gathering, group, err));
    TRY(make_codes(view, &gathering.outcomes, &assessed.codes, err));
    TRY(load_objections(view, &assessed, err));
    for (size_t i = 0; i < assessed.objection_count; i++)
        TRY(load_rulings(view, &assessed.objections[i], err));
    TRY(load_self(view, &assessed, err));
    int *corrected = arena_array(view->arena, int, gathering.outcomes.count);
    if (corrected == NULL) return list_full(gathering.outcomes.count, err);
    for (size_t i = 0; i < gathering.outcomes.count; i++)
        corrected[i] = corrected_to(&assessed, assessed.codes[i]);
    TRY(assess(view->pack, &gathering.outcomes, corrected, within.last, view->arena,
               &assessed.assessment, err));
    assessed.titles = gathering.titles;
    assessed.stations = gathering.stations;
    assessed.parts = gathering.parts;
    assessed.part_count = gathering.part_count;
    assessed.counts = gathering.counts;
    *out_assessed = assessed;
    return OK;
}
