/* Routes that show programmes and what hangs on them: one question of the view each. */
#include "answer/combinations.h"
#include "answer/handover.h"
#include "answer/programme.h"
#include "answer/year.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_programme(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_programme, err);
}

ErrCode handle_gate(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_gate, err);
}

/* A day that need not be given: DAY_OPEN then. */
static ErrCode read_day(const Exchange *exchange, const char *name, Day *out_day, Err *err)
{
    const Text text = params_find(&exchange->params, name);
    *out_day = DAY_OPEN;
    if (text.size == 0) return OK;
    if (day_parse(text, out_day, err) != OK) return err_context(err, "\"%s\"", name);
    return OK;
}

ErrCode handle_shift(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    ShiftAsk ask = {.project = exchange->match.id};
    TRY(exchange_param_id(exchange, "phase", &ask.phase, err));
    TRY(read_day(exchange, "from", &ask.days.first, err));
    TRY(read_day(exchange, "until", &ask.days.last, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_shift(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_templates(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_templates(&view, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_objectives(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_objectives, err);
}

ErrCode handle_combinations(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_combinations, err);
}

ErrCode handle_year_plan(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    YearAsk ask = {0};
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_id(exchange, "unit", &ask.unit, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(year_parse(params_find(&exchange->params, "period"), view.on, &ask.days, err));
    question_begin(exchange, &emit);
    TRY(answer_year(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_handover(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    SignalEyes eyes;
    DayRange within;
    TRY(question_eyes(exchange, &eyes, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &within, err));
    question_begin(exchange, &emit);
    TRY(answer_handover(&view, exchange->match.id, &eyes, within, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_closing(Exchange *exchange, Err *err)
{
    const Session *session = &exchange->session;
    View view;
    Emit emit;
    SignalEyes eyes;
    Reach oversight;
    TRY(question_eyes(exchange, &eyes, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(reach_load(view.store, view.shard, session->grants.items, session->grants.count,
                   MAY_OVERSEE, &exchange->arena, &oversight, err));
    question_begin(exchange, &emit);
    TRY(answer_closing(&view, exchange->match.id, &eyes, &oversight, &emit, err));
    return question_end(exchange, &emit, err);
}
