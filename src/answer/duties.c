#include "answer/duties.h"

#include <stdlib.h>
#include <string.h>

#include "answer/filter.h"
#include "answer/shape.h"
#include "view/board.h"
#include "view/duty_board.h"

#define KIND_SLOTS (GROUP_KIND_IS_CREW + 1)

/* What the groups of one project owe: as many as stand there at any time of the period. */
typedef struct SiteCounts {
    size_t project; /* of the sites */
    DutyCounts all;
    DutyCounts by_kind[KIND_SLOTS];
    int32_t groups[KIND_SLOTS];
} SiteCounts;

/* A project that is listed. Its counts are made again when a page shows it: of a large company they
 * would not fit. */
typedef struct Listed {
    size_t project;
    int32_t overdue;
} Listed;

typedef struct Summary {
    Listed *items;
    size_t count;
    DutyCounts all; /* each group once, wherever it stands */
    DutyCounts by_kind[KIND_SLOTS];
    int32_t groups[KIND_SLOTS];
    bool *is_counted; /* by group */
} Summary;

/* What may be asked for as a state: those of obligations, and what else is counted of them. */
static int32_t count_named(const DutyCounts *counts, Text name, bool *out_found)
{
    *out_found = true;
    for (int state = 0; state < DUTY_STATE_COUNT; state++)
        if (text_is(name, duty_state_name((DutyState)state))) return counts->states[state];
    if (text_is(name, "recorded_late")) return counts->recorded_late;
    if (text_is(name, "not_conforming")) return counts->not_conforming;
    if (text_is(name, "planned")) return counts->planned;
    *out_found = false;
    return 0;
}

static ErrCode check_state(Text state, Err *err)
{
    const DutyCounts none = {0};
    bool is_known = state.size == 0;
    if (!is_known) (void)count_named(&none, state, &is_known);
    if (is_known) return OK;
    return err_set(err, ERR_INVALID, "obligations have no state \"%.*s\"",
                   state.size > 40 ? 40 : (int)state.size, state.at);
}

/* ---- Counting ---- */

static void count_group(const DutyDay *day, size_t group, SiteCounts *site, Summary *summary)
{
    const DutyCounts *counts = &day->counts[group];
    const int kind = day->sites->groups[group].kind;
    duty_counts_add(&site->all, counts);
    duty_counts_add(&site->by_kind[kind], counts);
    site->groups[kind]++;
    if (summary == NULL || summary->is_counted[group]) return;
    summary->is_counted[group] = true;
    duty_counts_add(&summary->all, counts);
    duty_counts_add(&summary->by_kind[kind], counts);
    summary->groups[kind]++;
}

/* Stays of a group at a project are next to one another: it counts once. `summary` may be NULL. */
static void count_site(const DutyDay *day, int kind, SiteCounts *site, Summary *summary)
{
    const DutySites *sites = day->sites;
    const size_t first = site->project == 0 ? 0 : sites->stay_ends[site->project - 1];
    size_t last_counted = SIZE_MAX;
    for (size_t i = first; i < sites->stay_ends[site->project]; i++) {
        const SiteStay *stay = &sites->stays[i];
        if (stay->group == last_counted || !ranges_meet(stay->days, day->within)) continue;
        if (kind != 0 && sites->groups[stay->group].kind != kind) continue;
        last_counted = stay->group;
        count_group(day, stay->group, site, summary);
    }
}

static ErrCode count_all(const View *view, const DutiesAsk *ask, const DutyDay *day,
                         Summary *summary, Err *err)
{
    Filter filter;
    const DutySites *sites = day->sites;
    TRY(check_state(ask->state, err));
    TRY(filter_make(view, &ask->list, &filter, err));
    summary->items = arena_array(view->arena, Listed, sites->project_count);
    summary->is_counted = arena_array(view->arena, bool, sites->group_count);
    if (summary->items == NULL || summary->is_counted == NULL)
        return list_full(sites->project_count, err);
    for (size_t i = 0; i < sites->project_count; i++) {
        const Project *project = &sites->projects[i];
        SiteCounts site = {.project = i};
        bool is_named = false;
        if (!filter_has_project(&filter, project->key, project->unit, project->name,
                                sites->codes[i]))
            continue;
        count_site(day, ask->list.kind, &site, summary);
        if (duty_counts_total(&site.all) == 0) continue;
        if (ask->state.size > 0 && count_named(&site.all, ask->state, &is_named) == 0) continue;
        summary->items[summary->count++] = (Listed){i, site.all.states[DUTY_OVERDUE]};
    }
    return OK;
}

/* What is overdue comes first, most of it at the top; then in the order of the projects. */
static int compare_listed(const void *a, const void *b)
{
    const Listed *left = a;
    const Listed *right = b;
    if (left->overdue != right->overdue) return left->overdue > right->overdue ? -1 : 1;
    return left->project < right->project ? -1 : left->project > right->project;
}

/* ---- Shape ---- */

static void emit_kinds(const DutyCounts by_kind[KIND_SLOTS], const int32_t groups[KIND_SLOTS],
                       Emit *emit)
{
    const FieldInfo *field = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
    emit_key(emit, "kinds");
    emit_open_array(emit);
    for (int kind = GROUP_KIND_IS_PARTY; kind < KIND_SLOTS; kind++) {
        if (groups[kind] == 0) continue;
        emit_open_object(emit);
        shape_choice_at("kind", field, kind, emit);
        emit_int_at(emit, "groups", groups[kind]);
        shape_duty_counts_at("counts", &by_kind[kind], emit);
        emit_close_object(emit);
    }
    emit_close_array(emit);
}

static ErrCode emit_site(const View *view, const DutySites *sites, const SiteCounts *site,
                         Emit *emit, Err *err)
{
    const Project *project = &sites->projects[site->project];
    emit_open_object(emit);
    emit_key(emit, "project");
    emit_open_object(emit);
    TRY(shape_id_at(view, "id", project->key, emit, err));
    emit_text_at(emit, "name", project->name);
    emit_text_at(emit, "code", sites->codes[site->project]);
    TRY(shape_thing_at(view, "unit", KIND_UNIT, project->unit, emit, err));
    emit_close_object(emit);
    shape_duty_counts_at("counts", &site->all, emit);
    emit_kinds(site->by_kind, site->groups, emit);
    emit_close_object(emit);
    return OK;
}

static ErrCode emit_summary(const View *view, const DutiesAsk *ask, const DutyDay *day, Emit *emit,
                            Err *err)
{
    Summary summary = {0};
    Page page;
    TRY(count_all(view, ask, day, &summary, err));
    if (summary.count > 0)
        qsort(summary.items, summary.count, sizeof summary.items[0], compare_listed);
    emit_open_object(emit);
    emit_day_at(emit, "on", day->day);
    emit_day_at(emit, "from", day->within.first);
    emit_day_at(emit, "to", day->within.last);
    emit_int_at(emit, "version", day->version);
    shape_duty_counts_at("counts", &summary.all, emit);
    emit_kinds(summary.by_kind, summary.groups, emit);
    TRY(shape_page(&ask->list, summary.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        SiteCounts site = {.project = summary.items[i].project};
        count_site(day, ask->list.kind, &site, NULL);
        TRY(emit_site(view, day->sites, &site, emit, err));
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_duties(const View *view, const DutiesAsk *ask, Emit *emit, Err *err)
{
    const DutyDay *day = NULL;
    DutyBoard *board = board_duties(view->board);
    const DutyDayAsk which = {view->on, ask->within, view->utc_offset_minutes};
    TRY(duty_board_take(board, view->store, &which, &day, err));
    const ErrCode code = emit_summary(view, ask, day, emit, err);
    duty_board_give(board, &day);
    return code;
}
