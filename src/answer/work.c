#include "answer/filter.h"
#include "answer/shape.h"
#include "answer/task_shape.h"
#include "answer/tasks.h"
#include "people/coverage_index.h"
#include "view/duty_load.h"

/* ---- Tasks by project ---- */

typedef struct ProjectTasks {
    const View *view;
    Levels levels;
    Map places; /* project -> its counts */
    TaskCounts *items;
    size_t count;
} ProjectTasks;

static ErrCode tally_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    ProjectTasks *tasks = context;
    int64_t at = 0;
    Task task;
    if (card->facts.deployed > tasks->view->on) return OK;
    if (!map_find(&tasks->places, card->project, &at)) {
        at = (int64_t)tasks->count;
        tasks->items =
            list_grow(tasks->view->arena, tasks->items, sizeof tasks->items[0], tasks->count);
        if (tasks->items == NULL) return list_full(tasks->count, err);
        tasks->items[tasks->count++] = (TaskCounts){.overdue = 0};
        TRY(map_put(&tasks->places, card->project, at, err));
    }
    TRY(task_fold(&card->facts, tasks->view->on, scratch, &task, err));
    task_count(tasks->view, &tasks->levels, card, &task, &tasks->items[at]);
    return OK;
}

static const TaskCounts *tasks_of(const ProjectTasks *tasks, Key project)
{
    static const TaskCounts none = {.overdue = 0};
    int64_t at = 0;
    return map_find(&tasks->places, project, &at) ? &tasks->items[at] : &none;
}

static ErrCode tally_all(const View *view, ProjectTasks *tasks, Err *err)
{
    const TaskScope scope = {0};
    *tasks = (ProjectTasks){.view = view};
    map_init(&tasks->places, view->arena);
    TRY(levels_load(view_source(view), &tasks->levels, err));
    return tasks_visit(view_source(view), view->utc_offset_minutes, &scope, tally_task, tasks, err);
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
    TaskCounts sum;
} Lines;

static ErrCode choose_lines(const View *view, const WorkAsk *ask, const BoardDay *day,
                            const ProjectTasks *tasks, Lines *lines, Err *err)
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
        add_counts(&lines->sum, tasks_of(tasks, project->key));
        if (day->coverage[i].state != COVERAGE_NOT_ACTIVE) lines->items[lines->count++] = i;
    }
    return OK;
}

static ErrCode emit_line(const View *view, const WorkAsk *ask, const BoardDay *day, size_t at,
                         const Calendar *calendar, const ProjectTasks *tasks, Emit *emit, Err *err)
{
    const Project *project = &day->world.projects[at];
    DutyCounts owed = {0};
    TRY(count_owed(view, calendar, project->key, ask->within, &owed, err));
    emit_open_object(emit);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, project->key, emit, err));
    TRY(shape_thing_at(view, "unit", KIND_UNIT, project->unit, emit, err));
    emit_z_at(emit, "coverage", coverage_term(day->coverage[at].state)->name);
    shape_duty_counts_at("obligations", &owed, emit);
    shape_task_counts_at("tasks", tasks_of(tasks, project->key), emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_lines(const View *view, const WorkAsk *ask, const BoardDay *day, Emit *emit,
                          Err *err)
{
    ProjectTasks tasks;
    Calendar calendar;
    Lines lines = {0};
    Page page;
    TRY(tally_all(view, &tasks, err));
    TRY(load_calendar(view_source(view), &calendar, err));
    TRY(choose_lines(view, ask, day, &tasks, &lines, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->within.first);
    emit_day_at(emit, "to", ask->within.last);
    shape_task_counts_at("tasks", &lines.sum, emit);
    TRY(shape_page(&ask->list, lines.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++)
        TRY(emit_line(view, ask, day, lines.items[i], &calendar, &tasks, emit, err));
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
