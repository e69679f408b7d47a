#include "answer/ledger_rows.h"
#include "answer/signal_shape.h"

/* ---- Where ---- */

ErrCode ledger_at_projects(const Gathering *gathering, GatherAt *gather, Err *err)
{
    Stations stations;
    if (gathering->project != KEY_NONE) return gather(gathering, gathering->project, err);
    TRY(load_stations_of_group(view_source(gathering->view), gathering->group->key, &stations,
                               err));
    for (size_t i = 0; i < stations.count; i++) {
        bool is_told = !ranges_meet(stations.items[i].days, gathering->within);
        for (size_t before = 0; before < i && !is_told; before++)
            is_told = stations.items[before].project == stations.items[i].project &&
                      ranges_meet(stations.items[before].days, gathering->within);
        if (!is_told) TRY(gather(gathering, stations.items[i].project, err));
    }
    return OK;
}

/* ---- Signals: those that are for the eyes of who asks ---- */

typedef struct Cases {
    const Gathering *gathering;
    SignalSight sight;
    SignalCase *items;
    size_t count;
} Cases;

/* What was raised by the end of the period and not done with before its beginning. */
static bool is_in_period(const Gathering *gathering, const SignalCase *one)
{
    return one->card.raised <= gathering->within.last &&
           (signal_state_is_open(one->standing.state) ||
            one->standing.since >= gathering->within.first);
}

static ErrCode keep_signal(void *context, const SignalCase *one, Err *err)
{
    Cases *cases = context;
    if (!is_in_period(cases->gathering, one) || !signal_is_in_sight(&cases->sight, &one->card))
        return OK;
    cases->items =
        list_grow(cases->gathering->view->arena, cases->items, sizeof *one, cases->count);
    if (cases->items == NULL) return list_full(cases->count, err);
    cases->items[cases->count++] = *one; /* of one project: it lies in the view's own arena */
    return OK;
}

/* The last words of the steps that count: who is responsible, and what the raiser was told. */
static void tell_steps(const SignalCase *one, LedgerRow *row)
{
    const SignalStanding *standing = &one->standing;
    for (size_t i = 0; i < one->step_count; i++) {
        const size_t at = standing->order[i];
        if (standing->fates[at] != FATE_COUNTS) continue;
        if (one->words[at].responsible.size > 0)
            row->given[2] = given_text(one->words[at].responsible);
        if (one->words[at].answer.size > 0) row->given[6] = given_text(one->words[at].answer);
    }
}

static ErrCode add_signal(const Gathering *gathering, const SignalCase *one, Err *err)
{
    const SignalStanding *standing = &one->standing;
    const FieldInfo *grade = vocab_field(vocab_kind(KIND_HANDLING), HANDLING_GRADE);
    LedgerRow row = {.things = {{KIND_SIGNAL, one->card.key}}};
    row.given[0] = given_day(one->card.raised);
    row.given[1] = given_of(grade, standing->grade);
    row.given[3] = given_day(standing->until);
    row.given[4] = given_choice(signal_state_name(standing->state),
                                signal_state_zh(standing->state), signal_state_en(standing->state));
    row.given[5] = given_day(standing->since);
    tell_steps(one, &row);
    return ledger_row_add(gathering, &row, err);
}

static ErrCode gather_signals_at(const Gathering *gathering, Key project, Err *err)
{
    const View *view = gathering->view;
    const SignalSource source = signal_source(view);
    const SignalScope scope = {.project = project, .kind = gathering->which, .with_steps = true};
    Cases cases = {.gathering = gathering};
    TRY(signal_sight_load(view, gathering->eyes, &cases.sight, err));
    TRY(signals_visit(&source, &scope, view->on, keep_signal, &cases, err));
    for (size_t i = cases.count; i > 0; i--) /* the oldest first */
        TRY(add_signal(gathering, &cases.items[i - 1], err));
    return OK;
}

ErrCode gather_signals(const Gathering *gathering, Err *err)
{
    return gathering->is_first ? ledger_at_projects(gathering, gather_signals_at, err) : OK;
}

/* ---- Visits: a union group keeps them to itself ---- */

static ErrCode gather_visits_at(const Gathering *gathering, Key project, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, gathering->view->store, VISITS_AT_PROJECT, err));
    query_bind_int(&query, 1, gathering->view->shard);
    query_bind_int(&query, 2, project);
    query_bind_int(&query, 3, gathering->within.first);
    query_bind_int(&query, 4, gathering->within.last);
    TRY(query_next(&query, &found, err));
    while (found) {
        const LedgerRow row = {.things = {{KIND_VISIT, query_int(&query, 0)}}};
        if (query_int(&query, 1) == gathering->group->key)
            TRY(ledger_row_add(gathering, &row, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode gather_visits(const Gathering *gathering, Err *err)
{
    bool may = false;
    TRY(minutes_may_open(gathering->view, gathering->asker, gathering->group, gathering->view->on,
                         &may, err));
    return may ? ledger_at_projects(gathering, gather_visits_at, err) : OK;
}

/* ---- Integrity risks ---- */

static ErrCode add_risk(const Gathering *gathering, Key risk, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    LedgerRow row = {.things = {{KIND_INTEGRITY_RISK, risk}}};
    TRY(query_begin(&query, gathering->view->store, LAST_CHECK_OF_RISK, err));
    query_bind_int(&query, 1, gathering->view->shard);
    query_bind_int(&query, 2, risk);
    query_bind_int(&query, 3, gathering->view->on);
    TRY(query_next(&query, &found, err));
    if (found) {
        row.given[0] = given_day((Day)query_int(&query, 1));
        row.given[1] = given_of(vocab_field(vocab_kind(KIND_RISK_CHECK), RISK_CHECK_FOUND),
                                (int)query_int(&query, 2));
    }
    return ledger_row_add(gathering, &row, err);
}

static ErrCode gather_risks_at(const Gathering *gathering, Key project, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, gathering->view->store, INTEGRITY_RISKS_OF_PROJECT, err));
    query_bind_int(&query, 1, gathering->view->shard);
    query_bind_int(&query, 2, project);
    query_bind_int(&query, 3, gathering->view->on);
    TRY(query_next(&query, &found, err));
    while (found) {
        TRY(add_risk(gathering, query_int(&query, 0), err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode gather_risks(const Gathering *gathering, Err *err)
{
    return gathering->is_first ? ledger_at_projects(gathering, gather_risks_at, err) : OK;
}
