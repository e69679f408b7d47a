#include "answer/programme.h"
#include "answer/shape.h"
#include "answer/year.h"

typedef struct Lines {
    const View *view;
    const YearLinesAsk *ask;
    Emit *emit;
    size_t total;
} Lines;

static bool is_asked(const YearLinesAsk *ask, const PlanCard *card, const Planned *planned)
{
    Day day = DAY_OPEN;
    if (!year_day_of(planned, &day) || day == DAY_OPEN) return false;
    return range_has(ask->year.days, day) && (ask->focus == 0 || ask->focus == card->focus) &&
           (ask->grip == 0 || ask->grip == card->grip);
}

static bool is_on_page(const ListAsk *list, size_t at)
{
    const size_t first = (size_t)(list->page - 1) * (size_t)list->size;
    return at >= first && at < first + (size_t)list->size;
}

static ErrCode emit_line(Lines *lines, Key project, const PlanKit *kit, const Planned *planned,
                         size_t at, Err *err)
{
    emit_open_object(lines->emit);
    TRY(shape_thing_at(lines->view, "project", KIND_PROJECT, project, lines->emit, err));
    TRY(shape_plan_line(lines->view, kit, &planned[at], at, lines->emit, err));
    emit_close_object(lines->emit);
    return OK;
}

static ErrCode add_lines(void *context, Key project, const PlanKit *kit, const Planned *planned,
                         Err *err)
{
    Lines *lines = context;
    LineOrder *orders = NULL;
    TRY(shape_plan_order(lines->view, planned, kit->facts.line_count, &orders, err));
    for (size_t i = 0; i < kit->facts.line_count; i++) {
        const size_t at = orders[i].at;
        if (!is_asked(lines->ask, &kit->cards[at], &planned[at])) continue;
        if (is_on_page(&lines->ask->list, lines->total))
            TRY(emit_line(lines, project, kit, planned, at, err));
        lines->total++;
    }
    return OK;
}

ErrCode answer_year_lines(const View *view, const YearLinesAsk *ask, Emit *emit, Err *err)
{
    Lines lines = {.view = view, .ask = ask, .emit = emit};
    size_t projects = 0;
    Page page;
    emit_open_object(emit);
    emit_day_at(emit, "on", view->on);
    emit_day_at(emit, "from", ask->year.days.first);
    emit_day_at(emit, "to", ask->year.days.last);
    emit_key(emit, "items");
    emit_open_array(emit);
    TRY(year_walk(view, &ask->year, add_lines, &lines, &projects, err));
    emit_close_array(emit);
    TRY(shape_page(&ask->list, lines.total, emit, &page, err));
    emit_close_object(emit);
    return OK;
}
