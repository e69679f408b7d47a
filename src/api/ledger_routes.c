#include "answer/ledger.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_ledgers(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_ledgers(&view, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_ledger(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    LedgerAsk ask = {.ledger = ledger_named(params_find(&exchange->params, "name"))};
    if (ask.ledger == LEDGER_COUNT)
        return err_set(err, ERR_NOT_FOUND, "there is no such ledger: see /api/v1/ledgers");
    TRY(question_id(exchange, "project", &ask.project, err));
    TRY(question_id(exchange, "group", &ask.group, err));
    if (id_is_nil(ask.project) == id_is_nil(ask.group))
        return err_set(err, ERR_INVALID, "say one of \"project\" and \"group\"");
    TRY(exchange_list(exchange, &ask.page, err));
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    TRY(question_asker(exchange, &ask.asker, err));
    TRY(question_eyes(exchange, &ask.eyes, err));
    question_begin(exchange, &emit);
    TRY(answer_ledger(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}
