#include "answer/answer.h"
#include "answer/filter.h"
#include "answer/shape.h"
#include "people/coverage_index.h"
#include "people/coverage_why.h"

/* Advice that only explains is nothing to act on. */
#define ADVICE_TO_ACT_ON (~(REASON_BIT(PLANNED_AHEAD) | REASON_BIT(SUSPENDED)))

static bool needs_attention(const Coverage *coverage)
{
    return coverage->state == COVERAGE_UNCOVERED ||
           (coverage->state != COVERAGE_NOT_ACTIVE && (coverage->advice & ADVICE_TO_ACT_ON) != 0);
}

static bool is_listed(const CoverageAsk *ask, const Coverage *coverage)
{
    const char *name = coverage_term(coverage->state)->name;
    if (ask->state.size > 0 && !text_is(ask->state, name)) return false;
    /* What is not under way is listed only when it is asked for by name. */
    if (ask->state.size == 0 && coverage->state == COVERAGE_NOT_ACTIVE) return false;
    return !ask->only_attention || needs_attention(coverage);
}

typedef struct Listing {
    size_t *items; /* places in the world: the worst state first, then by key */
    size_t count;
    size_t totals[COVERAGE_STATE_COUNT];
    size_t attention;
} Listing;

static ErrCode check_state(Text state, Err *err)
{
    if (state.size == 0) return OK;
    for (int i = 0; i < COVERAGE_STATE_COUNT; i++)
        if (text_is(state, coverage_term((CoverageState)i)->name)) return OK;
    return err_set(err, ERR_INVALID, "there is no coverage state \"%.40s\"", state.at);
}

static ErrCode make_listing(const View *view, const CoverageAsk *ask, const BoardDay *day,
                            Listing *listing, Err *err)
{
    Filter filter;
    const World *world = &day->world;
    size_t ends[COVERAGE_STATE_COUNT] = {0};
    TRY(check_state(ask->state, err));
    TRY(filter_make(view, &ask->list, &filter, err));
    uint8_t *marks = arena_array(view->arena, uint8_t, world->project_count);
    listing->items = arena_array(view->arena, size_t, world->project_count);
    if (marks == NULL || listing->items == NULL) return list_full(world->project_count, err);
    for (size_t i = 0; i < world->project_count; i++) {
        const Project *project = &world->projects[i];
        const Coverage *coverage = &day->coverage[i];
        if (!filter_has_project(&filter, project->key, project->unit, project->name,
                                day->texts[i].code))
            continue;
        listing->totals[coverage->state]++;
        if (needs_attention(coverage)) listing->attention++;
        if (!is_listed(ask, coverage)) continue;
        marks[i] = 1;
        ends[coverage->state]++;
    }
    /* Sorted by counting: each state gets its stretch of the list, the worst one the first. */
    size_t starts[COVERAGE_STATE_COUNT];
    size_t at = ends[COVERAGE_UNCOVERED];
    starts[COVERAGE_UNCOVERED] = 0;
    for (int state = 0; state < COVERAGE_STATE_COUNT; state++) {
        if (state == COVERAGE_UNCOVERED) continue;
        starts[state] = at;
        at += ends[state];
    }
    listing->count = at;
    for (size_t i = 0; i < world->project_count; i++)
        if (marks[i] != 0) listing->items[starts[day->coverage[i].state]++] = i;
    return OK;
}

static void emit_totals(const Listing *listing, Emit *emit)
{
    size_t active = 0;
    emit_key(emit, "counts");
    emit_open_object(emit);
    for (int i = 0; i < COVERAGE_STATE_COUNT; i++) {
        emit_int_at(emit, coverage_term((CoverageState)i)->name, (int64_t)listing->totals[i]);
        if (i != COVERAGE_NOT_ACTIVE) active += listing->totals[i];
    }
    emit_int_at(emit, "total", (int64_t)active);
    emit_int_at(emit, "attention", (int64_t)listing->attention);
    emit_close_object(emit);
}

static ErrCode emit_listing(const View *view, const CoverageAsk *ask, const BoardDay *day,
                            Emit *emit, Err *err)
{
    Listing listing = {0};
    Page page;
    TRY(make_listing(view, ask, day, &listing, err));
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_int_at(emit, "version", day->version);
    emit_totals(&listing, emit);
    TRY(shape_page(&ask->list, listing.count, emit, &page, err));
    emit_key(emit, "items");
    emit_open_array(emit);
    for (size_t i = page.first; i < page.end; i++) {
        const size_t at = listing.items[i];
        emit_open_object(emit);
        emit_key(emit, "project");
        emit_open_object(emit);
        TRY(shape_project(view, &day->world.projects[at], day->texts[at], emit, err));
        emit_close_object(emit);
        TRY(shape_coverage(view, day, at, emit, err));
        emit_close_object(emit);
    }
    emit_close_array(emit);
    emit_close_object(emit);
    return OK;
}

ErrCode answer_coverage(const View *view, const CoverageAsk *ask, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = emit_listing(view, ask, day, emit, err);
    board_give(view->board, &day);
    return code;
}

static ErrCode emit_why(const View *view, const BoardDay *day, Key project, Emit *emit, Err *err)
{
    const size_t at = board_find(day, project);
    if (at == INDEX_NONE || !reach_has_project(&view->reach, project, day->world.projects[at].unit))
        return err_set(err, ERR_NOT_FOUND, "there is no such project");
    ReasonList why;
    reasons_init(&why, view->arena);
    TRY(coverage_why(day->index, at, &why, err));
    emit_open_object(emit);
    emit_z_at(emit, "state", coverage_term(day->coverage[at].state)->name);
    emit_day_at(emit, "on", view->on);
    TRY(shape_thing_at(view, "project", KIND_PROJECT, project, emit, err));
    TRY(shape_reasons_at(view, "reasons", &why, emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode answer_why_coverage(const View *view, Id project, Emit *emit, Err *err)
{
    const BoardDay *day = NULL;
    Key key = KEY_NONE;
    TRY(view_find(view, project, KIND_PROJECT, &key, err));
    TRY(board_take(view->board, view->store, view->on, &day, err));
    const ErrCode code = emit_why(view, day, key, emit, err);
    board_give(view->board, &day);
    return code;
}
