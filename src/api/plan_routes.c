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

ErrCode handle_apply(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    Id template;
    TRY(exchange_param_id(exchange, "template", &template, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_template(&view, exchange->match.id, template, &emit, err));
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

static ErrCode read_year(Exchange *exchange, View *out_view, YearAsk *out_ask, Err *err)
{
    *out_ask = (YearAsk){0};
    TRY(question_id(exchange, "project", &out_ask->project, err));
    TRY(question_id(exchange, "unit", &out_ask->unit, err));
    TRY(exchange_view(exchange, out_view, err));
    return year_parse(params_find(&exchange->params, "period"), out_view->on, &out_ask->days, err);
}

/* One of the words of a field by its name; 0 when none is asked for. */
static ErrCode read_word(const Exchange *exchange, const char *name, unsigned field, int *out_word,
                         Err *err)
{
    const Text text = params_find(&exchange->params, name);
    const ChoiceSet *among = vocab_field(vocab_kind(KIND_PLAN_LINE), field)->among;
    const Choice *choice = vocab_choice_named(among, text);
    *out_word = 0;
    if (text.size == 0) return OK;
    if (choice == NULL)
        return err_set(err, ERR_INVALID, "\"%s\": the vocabulary has no %s \"%.*s\"", name, name,
                       text.size > 40 ? 40 : (int)text.size, text.at);
    *out_word = choice->number;
    return OK;
}

ErrCode handle_year_lines(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    YearLinesAsk ask = {0};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(read_word(exchange, "focus", PLAN_LINE_FOCUS, &ask.focus, err));
    TRY(read_word(exchange, "grip", PLAN_LINE_GRIP, &ask.grip, err));
    TRY(read_year(exchange, &view, &ask.year, err));
    question_begin(exchange, &emit);
    TRY(answer_year_lines(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_year_plan(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    YearAsk ask;
    TRY(read_year(exchange, &view, &ask, err));
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
