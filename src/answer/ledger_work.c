#include "answer/ledger_rows.h"

/* ---- Obligations ---- */

static ErrCode add_obligation(const Gathering *gathering, const Obligation *owed, Err *err)
{
    const Choice *meeting =
        vocab_choice(vocab_field(vocab_kind(KIND_PART), PART_MEETING)->among, owed->meeting);
    const LedgerRow row = {
        .given = {given_choice(meeting->name, meeting->zh, meeting->en),
                  given_day(owed->period.first), given_day(owed->period.last), given_day(owed->due),
                  given_number(owed->wanted), given_number(owed->in_time),
                  given_number(owed->made_up),
                  given_choice(duty_state_name(owed->state), duty_state_zh(owed->state),
                               duty_state_en(owed->state))}};
    return ledger_row_add(gathering, &row, err);
}

ErrCode gather_obligations(const Gathering *gathering, Err *err)
{
    const View *view = gathering->view;
    Calendar calendar;
    Obligation *owed = NULL;
    size_t count = 0;
    DutyFacts facts;
    TRY(load_calendar(view_source(view), &calendar, err));
    TRY(load_duty_facts(view_source(view), view->utc_offset_minutes, gathering->group, &facts,
                        err));
    facts.pack = view->pack;
    facts.calendar = &calendar;
    TRY(duties_of_group(&facts, gathering->within, view->on, view->arena, &owed, &count, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_obligation(gathering, &owed[i], err));
    return OK;
}

/* ---- Tasks ---- */

/* What was deployed by the end of the period and not done with before its beginning. */
static bool is_within(const Gathering *gathering, const TaskCard *task, const Course *course)
{
    return task->facts.deployed <= gathering->within.last &&
           (course_is_open(course) || course->last_day >= gathering->within.first);
}

static ErrCode add_task(void *context, const TaskCard *task, Arena *scratch, Err *err)
{
    const Gathering *gathering = context;
    const int kind = gathering->group->kind;
    Task folded;
    if (!task->facts.is_for[kind]) return OK;
    TRY(task_fold(&task->facts, gathering->view->on, scratch, &folded, err));
    const Course *course = task_course(&folded, task->facts.is_particular ? kind : 0);
    if (course == NULL || !is_within(gathering, task, course)) return OK;
    const LedgerRow row = {
        .things = {{KIND_TASK, task->key}, {KIND_ITEM, task->item}},
        .given = {given_day(course_due(course)),
                  given_choice(task_state_name(course->state), task_state_zh(course->state),
                               task_state_en(course->state)),
                  given_number(course->round)}};
    return ledger_row_add(gathering, &row, err);
}

static ErrCode gather_tasks_at(const Gathering *gathering, Key project, Err *err)
{
    Gathering here = *gathering;
    return tasks_visit(view_source(here.view), here.view->utc_offset_minutes,
                       &(TaskScope){.project = project}, add_task, &here, err);
}

ErrCode gather_tasks(const Gathering *gathering, Err *err)
{
    return ledger_at_projects(gathering, gather_tasks_at, err);
}
