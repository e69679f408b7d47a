#include "answer/site.h"

#include <stdlib.h>

#include "answer/programme.h"
#include "answer/shape.h"
#include "answer/signal_shape.h"
#include "answer/task_shape.h"
#include "view/duty_load.h"

/* ---- The most urgent of a list ---- */

/* Something to be done by a day. */
typedef struct Urgent {
    Day due;
    size_t at;
} Urgent;

typedef struct Urgents {
    Urgent items[SITE_ITEMS_MAX];
    size_t count;
} Urgents;

/* Keeps the earliest; of one day, the first. */
static void urgent_add(Urgents *urgents, Day due, size_t at)
{
    size_t place = urgents->count;
    while (place > 0 && urgents->items[place - 1].due > due)
        place--;
    if (place == SITE_ITEMS_MAX) return;
    if (urgents->count < SITE_ITEMS_MAX) urgents->count++;
    for (size_t i = urgents->count - 1; i > place; i--)
        urgents->items[i] = urgents->items[i - 1];
    urgents->items[place] = (Urgent){due, at};
}

/* ---- Groups ---- */

static ErrCode emit_groups(const View *view, const GroupCards *groups, Emit *emit, Err *err)
{
    const FieldInfo *kind = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    emit_key(emit, "groups");
    emit_open_array(emit);
    for (size_t i = 0; i < groups->count; i++) {
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", groups->items[i].facts.key, emit, err));
        emit_text_at(emit, "name", groups->items[i].facts.name);
        shape_choice_at("kind", kind, groups->items[i].facts.kind, emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

/* ---- Obligations ---- */

typedef struct Owed {
    const Group *group;
    Obligation obligation;
} Owed;

typedef struct OwedList {
    Owed *items;
    size_t count;
    Urgents urgents;
    DutyCounts counts;
} OwedList;

static ErrCode add_owed(const View *view, const Group *group, const Calendar *calendar,
                        DayRange within, OwedList *list, Err *err)
{
    DutyFacts facts;
    Obligation *owed = NULL;
    size_t count = 0;
    TRY(load_duty_facts(view_source(view), view->utc_offset_minutes, group, &facts, err));
    facts.pack = view->pack;
    facts.calendar = calendar;
    TRY(duties_of_group(&facts, within, view->on, view->arena, &owed, &count, err));
    duties_count(&facts, within, view->on, &list->counts);
    for (size_t i = 0; i < count; i++) {
        if (owed[i].state != DUTY_DUE && owed[i].state != DUTY_OVERDUE) continue;
        list->items = list_grow(view->arena, list->items, sizeof list->items[0], list->count);
        if (list->items == NULL) return list_full(list->count, err);
        list->items[list->count] = (Owed){group, owed[i]};
        urgent_add(&list->urgents, owed[i].due, list->count++);
    }
    return OK;
}

static ErrCode emit_owed(const View *view, const Owed *owed, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_thing_at(view, "group", KIND_GROUP, owed->group->key, emit, err));
    shape_choice_at("meeting", vocab_field(vocab_kind(KIND_PART), PART_MEETING),
                    owed->obligation.meeting, emit);
    emit_day_at(emit, "due", owed->obligation.due);
    emit_z_at(emit, "state", duty_state_name(owed->obligation.state));
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_obligations(const View *view, const GroupCards *groups, DayRange month,
                                Emit *emit, Err *err)
{
    Calendar calendar;
    OwedList list = {0};
    TRY(load_calendar(view_source(view), &calendar, err));
    for (size_t i = 0; i < groups->count; i++)
        TRY(add_owed(view, &groups->items[i].facts, &calendar, month, &list, err));
    emit_key(emit, "obligations");
    emit_open_object(emit);
    emit_day_at(emit, "from", month.first);
    emit_day_at(emit, "to", month.last);
    shape_duty_counts_at("counts", &list.counts, emit);
    emit_key(emit, "next");
    emit_open_array(emit);
    for (size_t i = 0; i < list.urgents.count; i++)
        TRY(emit_owed(view, &list.items[list.urgents.items[i].at], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* ---- Activities ---- */

static ErrCode emit_activities(const View *view, Key project, Emit *emit, Err *err)
{
    AUTO(query_done) Query query = {0};
    const FieldInfo *progress = vocab_field(vocab_kind(KIND_ACTIVITY), ACTIVITY_PROGRESS);
    bool found = false;
    TRY(query_begin(&query, view->store, ACTIVITIES_AROUND, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, project);
    query_bind_int(&query, 3, view->on - SITE_DAYS_BEFORE);
    query_bind_int(&query, 4, view->on + SITE_DAYS_AHEAD);
    emit_key(emit, "activities");
    emit_open_array(emit);
    TRY(query_next(&query, &found, err));
    while (found) {
        Text title;
        emit_open_object(emit);
        TRY(shape_id_at(view, "id", query_int(&query, 0), emit, err));
        TRY(query_text(&query, 1, view->arena, &title, err));
        emit_text_at(emit, "title", title);
        emit_day_at(emit, "day", (Day)query_int(&query, 2));
        shape_choice_at("progress", progress, (int)query_int(&query, 3), emit);
        emit_close_object(emit);
        TRY(query_next(&query, &found, err));
    }
    emit_close_array(emit);
    return OK;
}

/* ---- Tasks ---- */

typedef struct OpenTask {
    Key key;
    Text title;
    TaskState state;
    Day due;
    bool is_overdue;
} OpenTask;

typedef struct OpenTasks {
    const View *view;
    Levels levels;
    OpenTask *items;
    size_t count;
    Urgents urgents;
    TaskCounts counts;
} OpenTasks;

static ErrCode add_course(OpenTasks *tasks, const TaskCard *card, const Course *course, Err *err)
{
    const View *view = tasks->view;
    Text title;
    if (!course_is_open(course)) return OK;
    TRY(text_copy(view->arena, card->title, &title, err));
    tasks->items = list_grow(view->arena, tasks->items, sizeof tasks->items[0], tasks->count);
    if (tasks->items == NULL) return list_full(tasks->count, err);
    tasks->items[tasks->count] = (OpenTask){card->key, title, course->state, course_due(course),
                                            course_is_overdue(course, view->on)};
    urgent_add(&tasks->urgents, course_due(course), tasks->count++);
    return OK;
}

static ErrCode add_task(void *context, const TaskCard *card, Arena *scratch, Err *err)
{
    OpenTasks *tasks = context;
    Task task;
    if (card->facts.deployed > tasks->view->on) return OK;
    TRY(task_fold(&card->facts, tasks->view->on, scratch, &task, err));
    task_count(tasks->view, &tasks->levels, card, &task, &tasks->counts);
    for (size_t i = 0; i < task.course_count; i++)
        TRY(add_course(tasks, card, &task.courses[i], err));
    return OK;
}

static ErrCode emit_task(const View *view, const OpenTask *task, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", task->key, emit, err));
    emit_text_at(emit, "title", task->title);
    emit_z_at(emit, "state", task_state_name(task->state));
    emit_day_at(emit, "due", task->due);
    emit_bool_at(emit, "overdue", task->is_overdue);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_tasks(const View *view, Key project, Emit *emit, Err *err)
{
    OpenTasks tasks = {.view = view};
    TRY(levels_load(view_source(view), &tasks.levels, err));
    TRY(tasks_visit(view_source(view), view->utc_offset_minutes, &(TaskScope){.project = project},
                    add_task, &tasks, err));
    emit_key(emit, "tasks");
    emit_open_object(emit);
    shape_task_counts_at("counts", &tasks.counts, emit);
    emit_key(emit, "next");
    emit_open_array(emit);
    for (size_t i = 0; i < tasks.urgents.count; i++)
        TRY(emit_task(view, &tasks.items[tasks.urgents.items[i].at], emit, err));
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* ---- Signals: of kinds that everybody at the project may see ---- */

typedef struct OpenSignal {
    SignalCard card;
    SignalState state;
    Day due; /* DAY_OPEN: nothing is waited for */
} OpenSignal;

typedef struct OpenSignals {
    const View *view;
    OpenSignal *items;
    size_t count;
    Urgents urgents;
    size_t overdue;
} OpenSignals;

static ErrCode add_signal(void *context, const SignalCase *one, Err *err)
{
    OpenSignals *signals = context;
    Arena *arena = signals->view->arena;
    const SignalWait *wait = signal_waits(&one->standing);
    if (signal_info(one->card.kind)->seen_by != SEEN_BY_EVERYBODY ||
        !signal_state_is_open(one->standing.state))
        return OK;
    signals->items = list_grow(arena, signals->items, sizeof signals->items[0], signals->count);
    if (signals->items == NULL) return list_full(signals->count, err);
    OpenSignal *signal = &signals->items[signals->count];
    *signal = (OpenSignal){.card = one->card,
                           .state = one->standing.state,
                           .due = wait == NULL ? DAY_OPEN : wait->due};
    if (signal->due < signals->view->on) signals->overdue++;
    urgent_add(&signals->urgents, signal->due, signals->count++);
    return OK;
}

static void emit_signal(const OpenSignal *signal, Emit *emit)
{
    char id[ID_TEXT_MAX];
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(signal->card.id, id));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_KIND), signal->card.kind,
                    emit);
    emit_text_at(emit, "what", signal->card.what);
    emit_z_at(emit, "state", signal_state_name(signal->state));
    emit_day_at(emit, "due", signal->due);
    emit_close_object(emit);
}

static ErrCode emit_signals(const View *view, Key project, Emit *emit, Err *err)
{
    const SignalSource source = signal_source(view);
    const SignalScope scope = {.project = project, .with_steps = true};
    OpenSignals signals = {.view = view};
    TRY(signals_visit(&source, &scope, view->on, add_signal, &signals, err));
    emit_key(emit, "signals");
    emit_open_object(emit);
    emit_int_at(emit, "open", (int64_t)signals.count);
    emit_int_at(emit, "overdue", (int64_t)signals.overdue);
    emit_key(emit, "next");
    emit_open_array(emit);
    for (size_t i = 0; i < signals.urgents.count; i++)
        emit_signal(&signals.items[signals.urgents.items[i].at], emit);
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

/* ---- The programme ---- */

static bool is_to_come(const Planned *planned)
{
    return planned->state == PLAN_AHEAD || planned->state == PLAN_DUE ||
           planned->state == PLAN_OVERDUE;
}

static ErrCode emit_programme(const View *view, Key project, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    PlanKit kit;
    Calendar calendar;
    Planned *planned = NULL;
    Urgents urgents = {.count = 0};
    TRY(load_calendar(view_source(view), &calendar, err));
    TRY(plan_facts_load_now(&source, project, &calendar, &kit, err));
    TRY(programme_of(&kit.facts, view->on, view->arena, &planned, err));
    for (size_t i = 0; i < kit.facts.line_count; i++)
        if (is_to_come(&planned[i])) urgent_add(&urgents, planned[i].day, i);
    emit_key(emit, "programme");
    emit_open_array(emit);
    for (size_t i = 0; i < urgents.count; i++) {
        const size_t at = urgents.items[i].at;
        emit_open_object(emit);
        TRY(shape_plan_line(view, &kit, &planned[at], at, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}

ErrCode answer_site(const View *view, Id project, Emit *emit, Err *err)
{
    ProjectCard card;
    GroupCards groups = {0};
    const DayRange month = duty_period(PERIOD_MONTH, view->on);
    TRY(shape_project_in_reach(view, project, &card, err));
    const Key key = card.facts.key;
    TRY(load_groups_at(view_source(view), key, month, &groups, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, key, emit, err));
    TRY(shape_coverage_of(view, key, emit, err));
    TRY(emit_groups(view, &groups, emit, err));
    TRY(emit_obligations(view, &groups, month, emit, err));
    TRY(emit_activities(view, key, emit, err));
    TRY(emit_tasks(view, key, emit, err));
    TRY(emit_signals(view, key, emit, err));
    TRY(emit_programme(view, key, emit, err));
    emit_close_object(emit);
    return OK;
}
