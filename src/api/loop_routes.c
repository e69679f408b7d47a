/* Routes of the closed loop: items, tasks, how all projects stand, assessments of groups. */
#include "answer/assess.h"
#include "answer/tasks.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_items(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_items, err);
}

ErrCode handle_item(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_item, err);
}

ErrCode handle_task(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_task, err);
}

ErrCode handle_tasks(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    TasksAsk ask = {.state = params_find(&exchange->params, "state"),
                    .goal = params_find(&exchange->params, "goal")};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_id(exchange, "item", &ask.item, err));
    TRY(question_id(exchange, "group", &ask.group, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_tasks(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_board(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    WorkAsk ask = {0};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(question_eyes(exchange, &ask.eyes, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    question_begin(exchange, &emit);
    TRY(answer_work(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

/* ---- Assessments ---- */

ErrCode handle_assessments(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    AssessAsk ask = {0};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    question_begin(exchange, &emit);
    TRY(answer_assessments(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_group_assessment(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    DayRange within;
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &within, err));
    question_begin(exchange, &emit);
    TRY(answer_assessment(&view, exchange->match.id, within, &emit, err));
    return question_end(exchange, &emit, err);
}
