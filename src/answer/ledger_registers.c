#include "answer/ledger_rows.h"

#include <stdlib.h>

#include "answer/signal_shape.h"
#include "duties/tool.h"

static ErrCode begin(Query *query, const Gathering *gathering, QueryId id, Key key, bool *out_found,
                     Err *err)
{
    TRY(query_begin(query, gathering->view->store, id, err));
    query_bind_int(query, 1, gathering->view->shard);
    query_bind_int(query, 2, key);
    query_bind_int(query, 3, gathering->within.first);
    query_bind_int(query, 4, gathering->within.last);
    return query_next(query, out_found, err);
}

/* ---- Tools: those in use on the day, what is not in order first ---- */

typedef struct Tool {
    Key key;
    Key project; /* where it is */
    Key test;
    int kind;
    ToolStanding standing;
    size_t at; /* by kind and number */
} Tool;

typedef struct Tools {
    Tool *items;
    size_t count;
} Tools;

/* A tool is where it was said to be while its crew stands there; then it goes with the crew. */
static Key tool_stands_at(const Stations *stations, Key said, Day on)
{
    Key place = said;
    for (size_t i = 0; i < stations->count; i++) {
        if (!range_has(stations->items[i].days, on)) continue;
        if (stations->items[i].project == said) return said;
        place = stations->items[i].project;
    }
    return place;
}

static ErrCode load_tools(const Gathering *gathering, Tools *tools, Err *err)
{
    AUTO(query_done) Query query = {0};
    const View *view = gathering->view;
    Stations stations;
    bool found = false;
    TRY(load_stations_of_group(view_source(view), gathering->group->key, &stations, err));
    TRY(query_begin(&query, view->store, TOOLS_OF_GROUP, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, gathering->group->key);
    TRY(query_next(&query, &found, err));
    while (found) {
        const DayRange used = {(Day)query_int(&query, 4),
                               query_is_null(&query, 5) ? DAY_OPEN : (Day)query_int(&query, 5)};
        const Key place = tool_stands_at(&stations, query_int(&query, 1), view->on);
        const bool is_here = gathering->project == KEY_NONE || gathering->project == place;
        if (is_here && range_has(used, view->on)) {
            tools->items = list_grow(view->arena, tools->items, sizeof(Tool), tools->count);
            if (tools->items == NULL) return list_full(tools->count, err);
            tools->items[tools->count] = (Tool){.key = query_int(&query, 0),
                                                .project = place,
                                                .kind = (int)query_int(&query, 2),
                                                .at = tools->count};
            tools->count++;
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

static ErrCode judge_tool(const View *view, Tool *tool, Err *err)
{
    AUTO(query_done) Query query = {0};
    ToolTest last = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, LAST_TEST_OF_TOOL, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, tool->key);
    query_bind_int(&query, 3, view->on);
    TRY(query_next(&query, &found, err));
    if (found) {
        tool->test = query_int(&query, 0);
        last = (ToolTest){(Day)query_int(&query, 1), (int)query_int(&query, 2)};
    }
    tool->standing = tool_standing(view->pack, tool->kind, found ? &last : NULL, view->on);
    return OK;
}

static int by_urgency(const void *left, const void *right)
{
    const Tool *a = left;
    const Tool *b = right;
    if (a->standing.state != b->standing.state)
        return a->standing.state < b->standing.state ? -1 : 1;
    if (a->standing.due != b->standing.due) return a->standing.due < b->standing.due ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

ErrCode gather_tools(const Gathering *gathering, Err *err)
{
    Tools tools = {0};
    TRY(load_tools(gathering, &tools, err));
    for (size_t i = 0; i < tools.count; i++)
        TRY(judge_tool(gathering->view, &tools.items[i], err));
    if (tools.count > 1) qsort(tools.items, tools.count, sizeof tools.items[0], by_urgency);
    for (size_t i = 0; i < tools.count; i++) {
        const ToolStanding *is = &tools.items[i].standing;
        LedgerRow row = {.things = {{KIND_TOOL, tools.items[i].key},
                                    {KIND_TOOL_TEST, tools.items[i].test},
                                    {KIND_PROJECT, tools.items[i].project}}};
        if (is->due != DAY_OPEN) row.given[0] = given_day(is->due);
        row.given[1] = given_choice(tool_state_name(is->state), tool_state_zh(is->state),
                                    tool_state_en(is->state));
        TRY(ledger_row_add(gathering, &row, err));
    }
    return OK;
}

/* ---- Labour protection: what became of it is what became of the hazard ---- */

static ErrCode tell_hazard(const Gathering *gathering, Key hazard, Given *out_given, Err *err)
{
    const SignalSource source = signal_source(gathering->view);
    SignalCard card;
    SignalCase one;
    const ErrCode code = load_signal(&source, hazard, &card, err);
    if (code == ERR_NOT_FOUND) return OK; /* voided */
    if (code != OK) return code;
    TRY(load_signal_case(&source, &card, gathering->view->on, &one, err));
    const SignalState state = one.standing.state;
    *out_given =
        given_choice(signal_state_name(state), signal_state_zh(state), signal_state_en(state));
    return OK;
}

static ErrCode gather_labour_at(const Gathering *gathering, Key project, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(begin(&query, gathering, LABOUR_CHECKS_AT, project, &found, err));
    while (found) {
        LedgerRow row = {.things = {{KIND_LABOUR_CHECK, query_int(&query, 0)}}};
        if (query_int(&query, 1) == gathering->group->key) {
            if (!query_is_null(&query, 2))
                TRY(tell_hazard(gathering, query_int(&query, 2), &row.given[0], err));
            TRY(ledger_row_add(gathering, &row, err));
        }
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode gather_labour(const Gathering *gathering, Err *err)
{
    return ledger_at_projects(gathering, gather_labour_at, err);
}

/* ---- Competitions: a union group holds them, all kinds of groups compete ---- */

static ErrCode add_competition(const Gathering *gathering, Key competition, Key project,
                               Key competitor, Err *err)
{
    const LedgerRow row = {
        .things = {{KIND_COMPETITION, competition}, {KIND_COMPETITOR, competitor}}};
    if (gathering->project != KEY_NONE && gathering->project != project) return OK;
    return ledger_row_add(gathering, &row, err);
}

/* A competition without competitors yet is a row, too. */
static ErrCode add_held(const Gathering *gathering, Key competition, Key project, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, gathering->view->store, COMPETITORS, err));
    query_bind_int(&query, 1, gathering->view->shard);
    query_bind_int(&query, 2, competition);
    TRY(query_next(&query, &found, err));
    if (!found) return add_competition(gathering, competition, project, KEY_NONE, err);
    while (found) {
        TRY(add_competition(gathering, competition, project, query_int(&query, 0), err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

ErrCode gather_competitions(const Gathering *gathering, Err *err)
{
    AUTO(query_done) Query query = {0};
    const bool is_holder = gathering->group->kind == GROUP_KIND_IS_UNION;
    bool found = false;
    TRY(begin(&query, gathering, is_holder ? COMPETITIONS_BY_GROUP : COMPETITIONS_WITH_GROUP,
              gathering->group->key, &found, err));
    while (found) {
        const Key competition = query_int(&query, 0);
        const Key project = query_int(&query, 1);
        if (is_holder)
            TRY(add_held(gathering, competition, project, err));
        else
            TRY(add_competition(gathering, competition, project, query_int(&query, 2), err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}

/* ---- Heart-to-heart talks: for those who hold a post in the group, and who oversee it ---- */

ErrCode gather_heart_talks(const Gathering *gathering, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(minutes_may_lead(gathering->view, gathering->asker, gathering->group, gathering->view->on,
                         &found, err));
    if (!found) return OK;
    TRY(begin(&query, gathering, HEART_TALKS_OF_GROUP, gathering->group->key, &found, err));
    while (found) {
        const LedgerRow row = {.things = {{KIND_HEART_TALK, query_int(&query, 0)}}};
        TRY(ledger_row_add(gathering, &row, err));
        TRY(query_next(&query, &found, err));
    }
    return OK;
}
