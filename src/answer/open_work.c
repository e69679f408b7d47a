#include "answer/open_work.h"

#include "answer/programme.h"
#include "answer/shape.h"
#include "answer/signal_shape.h"
#include "view/task_load.h"

/* ---- Tasks ---- */

typedef struct OpenTask {
    Key task;
    Key project;
    Text title;
    int group_kind; /* 0 of a common task */
    TaskState state;
    Day due;
    bool is_overdue;
} OpenTask;

typedef struct OpenTasks {
    const View *view;
    int group_kind;
    OpenTask *items;
    size_t count;
} OpenTasks;

static bool is_over(TaskState state)
{
    return state == TASK_PASSED || state == TASK_ASSESSED || state == TASK_WITHDRAWN;
}

static bool is_for(const TaskCard *task, const Course *course, int group_kind)
{
    if (group_kind == 0) return true;
    return course->group_kind == 0 ? task->facts.is_for[group_kind]
                                   : course->group_kind == group_kind;
}

static ErrCode visit(void *context, const TaskCard *task, Arena *scratch, Err *err)
{
    OpenTasks *open = context;
    Arena *arena = open->view->arena;
    Task folded;
    TRY(task_fold(&task->facts, open->view->on, scratch, &folded, err));
    for (size_t i = 0; i < folded.course_count; i++) {
        const Course *course = &folded.courses[i];
        if (is_over(course->state) || !is_for(task, course, open->group_kind)) continue;
        open->items = list_grow(arena, open->items, sizeof open->items[0], open->count);
        if (open->items == NULL) return list_full(open->count, err);
        OpenTask *item = &open->items[open->count++];
        *item = (OpenTask){.task = task->key,
                           .project = task->project,
                           .group_kind = course->group_kind,
                           .state = course->state,
                           .due = course_due(course),
                           .is_overdue = course_is_overdue(course, open->view->on)};
        TRY(text_copy(arena, task->title, &item->title, err));
    }
    return OK;
}

static ErrCode emit_task(const View *view, const OpenTask *task, Emit *emit, Err *err)
{
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", task->task, emit, err));
    emit_text_at(emit, "title", task->title);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, task->project, emit, err));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND), task->group_kind,
                    emit);
    emit_z_at(emit, "state", task_state_name(task->state));
    emit_z_at(emit, "zh", task_state_zh(task->state));
    emit_z_at(emit, "en", task_state_en(task->state));
    emit_day_at(emit, "due", task->due);
    emit_bool_at(emit, "overdue", task->is_overdue);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_tasks(const View *view, Key project, int group_kind, Emit *emit, Err *err)
{
    OpenTasks open = {.view = view, .group_kind = group_kind};
    const TaskScope scope = {.project = project};
    TRY(tasks_visit(view_source(view), view->utc_offset_minutes, &scope, visit, &open, err));
    for (size_t i = 0; i < open.count; i++)
        TRY(emit_task(view, &open.items[i], emit, err));
    return OK;
}

/* ---- Lines ---- */

static bool is_open_line(const Planned *planned, const PlanCard *card, int group_kind)
{
    if (planned->state == PLAN_DONE || planned->state == PLAN_NOT_NEEDED) return false;
    return group_kind == 0 || card->is_for[group_kind];
}

static ErrCode emit_lines(const View *view, Key project, int group_kind, Emit *emit, Err *err)
{
    const PlanSource source = view_plan_source(view);
    PlanKit kit;
    Planned *planned = NULL;
    TRY(plan_facts_load(&source, project, &kit, err));
    TRY(programme_of(&kit.facts, view->on, view->arena, &planned, err));
    for (size_t i = 0; i < kit.facts.line_count; i++) {
        if (!is_open_line(&planned[i], &kit.cards[i], group_kind)) continue;
        emit_open_object(emit);
        TRY(shape_thing_at(view, "project", KIND_PROJECT, project, emit, err));
        TRY(shape_plan_line(view, &kit, &planned[i], i, emit, err));
        emit_close_object(emit);
    }
    return OK;
}

/* ---- Signals ---- */

typedef struct OpenSignals {
    const View *view;
    int group_kind;
    SignalSight sight;
    SignalCase *items;
    size_t count;
    size_t sealed;
} OpenSignals;

static bool hands_over(const SignalCard *card, int group_kind)
{
    const SignalOwner owner = signal_info(card->kind)->owner;
    if (group_kind == 0 || owner == OWNER_PROJECT) return true;
    return owner == OWNER_UNION && group_kind == GROUP_KIND_IS_UNION;
}

static ErrCode keep_signal(void *context, const SignalCase *one, Err *err)
{
    OpenSignals *open = context;
    if (!signal_state_is_open(one->standing.state) || !hands_over(&one->card, open->group_kind) ||
        !signal_is_in_sight(&open->sight, &one->card))
        return OK;
    if (one->card.is_sealed) {
        open->sealed++;
        return OK;
    }
    open->items = list_grow(open->view->arena, open->items, sizeof open->items[0], open->count);
    if (open->items == NULL) return list_full(open->count, err);
    open->items[open->count++] = *one; /* of one project: it lies in the view's own arena */
    return OK;
}

static ErrCode load_signals(const View *view, const OpenWork *work, OpenSignals *open, Err *err)
{
    const SignalSource source = signal_source(view);
    *open = (OpenSignals){.view = view, .group_kind = work->group_kind};
    TRY(signal_sight_load(view, work->eyes, &open->sight, err));
    for (size_t i = 0; i < 2; i++) {
        const SignalScope scope = {.project = work->projects[i], .with_steps = true};
        if (scope.project != KEY_NONE)
            TRY(signals_visit(&source, &scope, view->on, keep_signal, open, err));
    }
    return OK;
}

/* For who takes over: what it is and until when; not who raised it. */
static ErrCode emit_signal(const View *view, const SignalCase *one, Emit *emit, Err *err)
{
    char id[ID_TEXT_MAX];
    const SignalWait *wait = signal_waits(&one->standing);
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(one->card.id, id));
    shape_choice_at("kind", vocab_field(vocab_kind(KIND_SIGNAL), SIGNAL_KIND), one->card.kind,
                    emit);
    emit_text_at(emit, "what", one->card.what);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, one->card.project, emit, err));
    emit_day_at(emit, "raised", one->card.raised);
    emit_z_at(emit, "state", signal_state_name(one->standing.state));
    emit_z_at(emit, "zh", signal_state_zh(one->standing.state));
    emit_z_at(emit, "en", signal_state_en(one->standing.state));
    emit_day_at(emit, "due", wait == NULL ? DAY_OPEN : wait->due);
    emit_bool_at(emit, "overdue", wait != NULL && view->on > wait->due);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_signals(const View *view, const OpenWork *work, Emit *emit, Err *err)
{
    OpenSignals open;
    TRY(load_signals(view, work, &open, err));
    emit_key(emit, "signals");
    emit_open_array(emit);
    for (size_t i = 0; i < open.count; i++)
        TRY(emit_signal(view, &open.items[i], emit, err));
    emit_close_array(emit);
    emit_int_at(emit, "sealed_signals", (int64_t)open.sealed);
    return OK;
}

ErrCode shape_open_work(const View *view, const OpenWork *work, Emit *emit, Err *err)
{
    emit_key(emit, "tasks");
    emit_open_array(emit);
    for (size_t i = 0; i < 2; i++)
        if (work->projects[i] != KEY_NONE)
            TRY(emit_tasks(view, work->projects[i], work->group_kind, emit, err));
    emit_close_array(emit);
    emit_key(emit, "plan_lines");
    emit_open_array(emit);
    for (size_t i = 0; i < 2; i++)
        if (work->projects[i] != KEY_NONE)
            TRY(emit_lines(view, work->projects[i], work->group_kind, emit, err));
    emit_close_array(emit);
    return emit_signals(view, work, emit, err);
}
