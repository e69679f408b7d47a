#include "answer/ledger_rows.h"
#include "answer/programme.h"
#include "journal/hlc.h"
#include "store/things.h"

#include <stdlib.h>

/* A row with the day by which it is put in order. */
typedef struct PlanRow {
    Day day;
    size_t at;
    LedgerRow row;
} PlanRow;

typedef struct PlanRows {
    PlanRow *items;
    size_t count;
} PlanRows;

static ErrCode add_row(const Gathering *gathering, PlanRows *rows, Day day, const LedgerRow *row,
                       Err *err)
{
    rows->items =
        list_grow(gathering->view->arena, rows->items, sizeof rows->items[0], rows->count);
    if (rows->items == NULL) return list_full(rows->count, err);
    rows->items[rows->count] = (PlanRow){day, rows->count, *row};
    rows->count++;
    return OK;
}

static Given given_meeting(int meeting)
{
    const Choice *choice =
        vocab_choice(vocab_field(vocab_kind(KIND_PART), PART_MEETING)->among, meeting);
    return choice == NULL ? given_text(TEXT(""))
                          : given_choice(choice->name, choice->zh, choice->en);
}

static Given given_day_if(Day day)
{
    return day == DAY_OPEN ? given_text(TEXT("")) : given_day(day);
}

/* ---- Lines of the programme ---- */

static ErrCode add_lines(const Gathering *gathering, Key project, const PlanKit *kit,
                         const Planned *planned, PlanRows *rows, Err *err)
{
    for (size_t i = 0; i < kit->facts.line_count; i++) {
        const PlanLine *line = &kit->facts.lines[i];
        const Planned *is = &planned[i];
        if (!kit->cards[i].is_for[gathering->group->kind] || is->day == DAY_OPEN ||
            !range_has(gathering->within, is->day))
            continue;
        LedgerRow row = {.things = {{KIND_PLAN_LINE, line->key},
                                    {KIND_ACTIVITY, line->activity},
                                    {KIND_PROJECT, project}}};
        row.given[0] = given_meeting(kit->cards[i].meeting);
        row.given[1] = given_day_if(is->first);
        row.given[2] = given_day(is->day);
        row.given[3] = given_choice(plan_state_name(is->state), plan_state_zh(is->state),
                                    plan_state_en(is->state));
        row.given[4] = given_text(kit->cards[i].note);
        TRY(add_row(gathering, rows, is->day, &row, err));
    }
    return OK;
}

/* ---- Activities planned without a line ---- */

typedef struct PlannedActivity {
    Key key;
    Key project;
    Day day;
    int progress;
    int meeting; /* as the group holds it */
    Day recorded;
} PlannedActivity;

typedef struct Activities {
    PlannedActivity *items;
    size_t count;
} Activities;

static ErrCode load_activities(const Gathering *gathering, Activities *activities, Err *err)
{
    AUTO(query_done) Query query = {0};
    const View *view = gathering->view;
    bool found = false;
    TRY(query_begin(&query, view->store, LEDGER_PLANNED, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, gathering->group->key);
    query_bind_int(&query, 3, gathering->within.first);
    query_bind_int(&query, 4, gathering->within.last);
    TRY(query_next(&query, &found, err));
    while (found) {
        Id id;
        activities->items = list_grow(view->arena, activities->items, sizeof activities->items[0],
                                      activities->count);
        if (activities->items == NULL) return list_full(activities->count, err);
        TRY(query_id(&query, 5, &id, err));
        activities->items[activities->count++] = (PlannedActivity){
            .key = query_int(&query, 0),
            .project = query_int(&query, 1),
            .day = (Day)query_int(&query, 2),
            .progress = (int)query_int(&query, 3),
            .meeting = (int)query_int(&query, 4),
            .recorded = day_of_ms(id_stamp(id) >> HLC_COUNTER_BITS, view->utc_offset_minutes)};
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static bool is_of_line(const PlanKit *kit, Key activity)
{
    for (size_t i = 0; i < kit->facts.line_count; i++)
        if (kit->facts.lines[i].activity == activity) return true;
    return false;
}

/* Planned is what was written down before its day, and what is still said to be planned. */
static bool was_planned(const PlannedActivity *activity)
{
    return activity->progress == PROGRESS_IS_PLANNED ||
           (activity->progress == PROGRESS_IS_HELD && activity->recorded < activity->day);
}

static PlanState state_on(const PlannedActivity *activity, Day on)
{
    if (activity->progress == PROGRESS_IS_HELD) return PLAN_DONE;
    if (activity->day == on) return PLAN_DUE;
    return activity->day < on ? PLAN_OVERDUE : PLAN_AHEAD;
}

static ErrCode add_activities(const Gathering *gathering, Key project, const PlanKit *kit,
                              const Activities *activities, PlanRows *rows, Err *err)
{
    for (size_t i = 0; i < activities->count; i++) {
        const PlannedActivity *activity = &activities->items[i];
        if (activity->project != project || !was_planned(activity) ||
            activity->recorded > gathering->view->on || is_of_line(kit, activity->key))
            continue;
        const PlanState state = state_on(activity, gathering->view->on);
        LedgerRow row = {.things = {{KIND_ACTIVITY, activity->key}, {KIND_PROJECT, project}}};
        row.given[0] = given_meeting(activity->meeting);
        row.given[2] = given_day(activity->day);
        row.given[3] =
            given_choice(plan_state_name(state), plan_state_zh(state), plan_state_en(state));
        TRY(add_row(gathering, rows, activity->day, &row, err));
    }
    return OK;
}

/* ---- Both ---- */

static int by_day(const void *left, const void *right)
{
    const PlanRow *a = left;
    const PlanRow *b = right;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static ErrCode gather_plan_at(const Gathering *gathering, Key project, Err *err)
{
    const View *view = gathering->view;
    const PlanSource source = view_plan_source(view);
    PlanKit kit;
    Planned *planned = NULL;
    PlanRows rows = {0};
    Activities activities = {0};
    TRY(plan_facts_load(&source, project, &kit, err));
    TRY(programme_of(&kit.facts, view->on, view->arena, &planned, err));
    TRY(add_lines(gathering, project, &kit, planned, &rows, err));
    TRY(load_activities(gathering, &activities, err));
    TRY(add_activities(gathering, project, &kit, &activities, &rows, err));
    if (rows.count > 1) qsort(rows.items, rows.count, sizeof rows.items[0], by_day);
    for (size_t i = 0; i < rows.count; i++)
        TRY(ledger_row_add(gathering, &rows.items[i].row, err));
    return OK;
}

ErrCode gather_plan(const Gathering *gathering, Err *err)
{
    return ledger_at_projects(gathering, gather_plan_at, err);
}
