/* Routes that show what was raised and what became of it. */
#include "answer/notice.h"
#include "api/handlers.h"
#include "api/question.h"

static ErrCode ask_of(Exchange *exchange, SignalAsk *out_ask, Err *err)
{
    SignalAsk ask = {.kind = params_find(&exchange->params, "signal"),
                     .state = params_find(&exchange->params, "state")};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_eyes(exchange, &ask.eyes, err));
    *out_ask = ask;
    return OK;
}

ErrCode handle_signals(Exchange *exchange, Err *err)
{
    View view;
    SignalAsk ask;
    Emit emit;
    TRY(ask_of(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_signals(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_my_signals(Exchange *exchange, Err *err)
{
    View view;
    SignalAsk ask;
    Emit emit;
    TRY(ask_of(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_my_signals(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_signal(Exchange *exchange, Err *err)
{
    View view;
    SignalEyes eyes;
    Emit emit;
    TRY(question_eyes(exchange, &eyes, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_signal(&view, exchange->match.id, &eyes, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_notice_sheet(Exchange *exchange, Err *err)
{
    View view;
    SheetAsk ask = {0};
    Emit emit;
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_id(exchange, "unit", &ask.unit, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    question_begin(exchange, &emit);
    TRY(answer_notice_sheet(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_readers(Exchange *exchange, Err *err)
{
    View view;
    Id project;
    Emit emit;
    TRY(exchange_param_id(exchange, "project", &project, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_readers(&view, project, &emit, err));
    return question_end(exchange, &emit, err);
}

/* ---- What comes down ---- */

static ErrCode notice_ask(Exchange *exchange, NoticeAsk *out_ask, Err *err)
{
    NoticeAsk ask = {0};
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_eyes(exchange, &ask.eyes, err));
    *out_ask = ask;
    return OK;
}

ErrCode handle_notices(Exchange *exchange, Err *err)
{
    View view;
    NoticeAsk ask;
    Emit emit;
    TRY(notice_ask(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_notices(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_notice(Exchange *exchange, Err *err)
{
    View view;
    NoticeAsk ask;
    Emit emit;
    TRY(notice_ask(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_notice(&view, exchange->match.id, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_task_seen(Exchange *exchange, Err *err)
{
    View view;
    SignalEyes eyes;
    Emit emit;
    TRY(question_eyes(exchange, &eyes, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_task_seen(&view, exchange->match.id, &eyes, &emit, err));
    return question_end(exchange, &emit, err);
}
