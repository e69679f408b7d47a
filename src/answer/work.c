#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/signal_shape.h"
#include "answer/task_shape.h"
#include "answer/tasks.h"
#include "people/coverage_index.h"
#include "view/duty_load.h"

/* ---- Tasks and signals by project ---- */

typedef struct SiteWork {
    TaskCounts tasks;
    SignalCounts signals;
} SiteWork;

#define SITES_BYTES_MAX ((size_t)128 << 20)

typedef struct Sites {
    const View *view;
    Arena arena; /* more than a request's: of all projects there are */
    Levels levels;
    SignalSight sight;
    Map places; /* project -> its work */
    SiteWork *items;
    size_t count;
} Sites;

static ErrCode site_of(Sites *sites, Key project, SiteWork **out_site, Err *err)
{
    int64_t at = 0;
    if (!map_find(&sites->places, project, &at)) {
        at = (int64_t)sites->count;
        sites->items = list_grow(&sites->arena, sites->items, sizeof sites->items[0], sites->count);
        if (sites->items == NULL) return list_full(sites->count, err);
        sites->items[sites->count++] = (SiteWork){.tasks = {.overdue = 0}};
        TRY(map_put(&sites->places, project, at, err));
    }
    *out_site = &sites->items[at];
    return OK;
}

static ErrCode tally_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    Sites *sites = context;
    SiteWork *site = NULL;
    Task task;
    if (card->facts.deployed > sites->view->on) return OK;
    TRY(site_of(sites, card->project, &site, err));
    TRY(task_fold(&card->facts, sites->view->on, scratch, &task, err));
    task_count(sites->view, &sites->levels, card, &task, &site->tasks);
    return OK;
}

static ErrCode tally_signal(void *context, const SignalCase *one, Err *err)
{
    Sites *sites = context;
    SiteWork *site = NULL;
    const bool is_open = signal_state_is_open(one->standing.state);
    if (!is_open || !signal_is_in_sight(&sites->sight, &one->card)) return OK;
    TRY(site_of(sites, one->card.project, &site, err));
    signal_count(sites->view->pack, &sites->levels, one, sites->view->on, &site->signals);
    return OK;
}

static void sites_done(Sites *sites)
{
    arena_done(&sites->arena);
}

static const SiteWork *work_of(const Sites *sites, Key project)
{
    static const SiteWork none = {.tasks = {.overdue = 0}};
    int64_t at = 0;
    return map_find(&sites->places, project, &at) ? &sites->items[at] : &none;
}

static ErrCode tally_all(const View *view, const SignalEyes *eyes, Sites *sites, Err *err)
{
    const TaskScope tasks = {0};
    const SignalScope signals = {.with_steps = true};
    const SignalSource source = signal_source(view);
    *sites = (Sites){.view = view};
    arena_init(&sites->arena, SITES_BYTES_MAX);
    map_init(&sites->places, &sites->arena);
    TRY(levels_load(view_source(view), &sites->levels, err));
    TRY(signal_sight_load(view, eyes, &sites->sight, err));
    TRY(tasks_visit(view_source(view), view->utc_offset_minutes, &tasks, tally_task, sites, err));
    return signals_visit(&source, &signals, view->on, tally_signal, sites, err);
}

static void add_counts(TaskCounts *sum, const TaskCounts *more)
{
    for (int state = 0; state < TASK_STATE_COUNT; state++)
        sum->states[state] += more->states[state];
    sum->overdue += more->overdue;
    sum->undecided += more->undecided;
    sum->climbed += more->climbed;
}

/* ---- What the groups at a project owe ---- */

static ErrCode count_owed(const View *view, const Calendar *calendar, Key project, DayRange within,
                          DutyCounts *counts, Err *err)
{
    GroupCards groups = {0};
    TRY(load_groups_at(view_source(view), project, within, &groups, err));
    for (size_t i = 0; i < groups.count; i++) {
        DutyFacts facts;
        TRY(load_duty_facts(view_source(view), view->utc_offset_minutes, &groups.items[i].facts,
                            &facts, err));
        facts.pack = view->pack;
        facts.calendar = calendar;
        duties_count(&facts, within, view->on, counts);
    }
    return OK;
}

/* ---- Lines ---- */

typedef struct Lines {
    size_t *items; /* places in the world */
    size_t count;
    SiteWork sum;
} Lines;

static ErrCode choose_lines(const View *view, const WorkAsk *ask, const BoardDay *day,
                            const Sites *sites, Lines *lines, Err *err)
{
    Filter filter;
    const World *world = &day->world;
    TRY(filter_make(view, &ask->list, &filter, err));
    lines->items = arena_array(view->arena, size_t, world->project_count);
    if (lines->items == NULL) return list_full(world->project_count, err);
    for (size_t i = 0; i < world->project_count; i++) {
        const Project *project = &world->projects[i];
        if (!filter_has_project(&filter, project->key, project->unit, project->name,
                                day->texts[i].code))
            continue;
        add_counts(&lines->sum.tasks, &work_of(sites, project->key)->tasks);
        signal_counts_add(&lines->sum.signals, &work_of(sites, project->key)->signals);
        if (day->coverage[i].state != COVERAGE_NOT_ACTIVE) lines->items[lines->count++] = i;
    }
    return OK;
}

static ErrCode emit_line(const View *view, const WorkAsk *ask, const BoardDay *day, size_t at,
                         const Calendar *calendar, const Sites *sites, Emit *emit, Err *err)
{
    const Project *project = &day->world.projects[at];
    DutyCounts owed = {0};
    TRY(count_owed(view, calendar, project->key, ask->within, &owed, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, project->key, emit, err));
    TRY(shape_thing_at(view, "unit", KIND_UNIT, project->unit, emit, err));
    emit_z_at(emit, "coverage", coverage_term(day->coverage[at].state)->name);
    shape_duty_counts_at("obligations", &owed, emit);
    shape_task_counts_at("tasks", &work_of(sites, project->key)->tasks, emit);
    shape_signal_counts_at("signals", &work_of(sites, project->key)->signals, emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_lines(const View *view, const WorkAsk *ask, const BoardDay *day, Emit *emit,
                          Err *err)
{
    AUTO(sites_done) Sites sites = {0};
    Calendar calendar;
    Lines lines = {0};
    Page page;
    TRY(tally_all(view, &ask->eyes, &sites, err));
    TRY(load_calendar(view_source(view), &calendar, err));
    TRY(choose_lines(view, ask, day, &sites, &lines, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    shape_task_counts_at("tasks", &lines.sum.tasks, emit);
    shape_signal_counts_at("signals", &lines.sum.signals, emit);
    TRY(shape_page(&ask->list, lines.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_line(view, ask, day, lines.items[i], &calendar, &sites, emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_work(const View *view, const WorkAsk *ask, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = emit_lines(view, ask, day, emit, err);
    board_give(view->board, &day);
    return code;
}
