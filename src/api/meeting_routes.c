/* Routes of activities and their minutes. */
#include "answer/activities.h"
#include "answer/practices.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_activities(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    ActivitiesAsk ask = {.meeting = params_find(&exchange->params, "meeting")};
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_id(exchange, "group", &ask.group, err));
    if (id_is_nil(ask.project) == id_is_nil(ask.group))
        return err_set(err, ERR_INVALID, "say one of \"project\" and \"group\"");
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    question_begin(exchange, &emit);
    TRY(answer_activities(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_activity(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    Asker asker;
    TRY(question_asker(exchange, &asker, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_activity(&view, &asker, exchange->match.id, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_integrity(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_integrity, err);
}

ErrCode handle_visits(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    Asker asker;
    DayRange within;
    TRY(question_asker(exchange, &asker, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &within, err));
    question_begin(exchange, &emit);
    TRY(answer_visits(&view, &asker, exchange->match.id, within, &emit, err));
    return question_end(exchange, &emit, err);
}
