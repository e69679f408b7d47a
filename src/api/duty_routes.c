/* Routes that show what groups owe: how a site can merge it, and all of it together. */
#include "answer/duties.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_project_merges(Exchange *exchange, Err *err)
{
    View view;
    DayRange within;
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &within, err));
    question_begin(exchange, &emit);
    TRY(answer_merge(&view, exchange->match.id, within, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_obligations(Exchange *exchange, Err *err)
{
    View view;
    DutiesAsk ask = {.state = params_find(&exchange->params, "state")};
    Emit emit;
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    question_begin(exchange, &emit);
    TRY(answer_duties(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}
