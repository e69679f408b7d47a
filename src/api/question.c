#include "api/question.h"

#include "duties/duty.h"

void question_begin(Exchange *exchange, Emit *out_emit)
{
    exchange->reply.type = "application/json";
    emit_init(out_emit, &exchange->reply.body);
}

ErrCode question_end(Exchange *exchange, const Emit *emit, Err *err)
{
    emit_done(emit);
    return buf_check(&exchange->reply.body, err);
}

ErrCode question_list(Exchange *exchange, ListQuestion *question, Err *err)
{
    View view;
    ListAsk ask;
    Emit emit;
    TRY(exchange_list(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(question(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode question_thing(Exchange *exchange, ThingQuestion *question, Err *err)
{
    View view;
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(question(&view, exchange->match.id, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode question_list_of_thing(Exchange *exchange, ListOfThingQuestion *question, Err *err)
{
    View view;
    ListAsk ask;
    Emit emit;
    TRY(exchange_list(exchange, &ask, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(question(&view, exchange->match.id, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode question_period(Exchange *exchange, const View *view, DayRange *out_range, Err *err)
{
    return period_parse(params_find(&exchange->params, "period"), view->on, out_range, err);
}

ErrCode question_id(Exchange *exchange, const char *name, Id *out_id, Err *err)
{
    *out_id = (Id){0};
    if (params_find(&exchange->params, name).size == 0) return OK;
    return exchange_param_id(exchange, name, out_id, err);
}

ErrCode question_asker(Exchange *exchange, Asker *out_asker, Err *err)
{
    const Session *session = &exchange->session;
    Reach *oversight = arena_new(&exchange->arena, Reach);
    if (oversight == NULL) return err_set(err, ERR_LIMIT, "the request is too large");
    TRY(reach_load(exchange->store, exchange->service->node->shard, session->grants.items,
                   session->grants.count, MAY_OVERSEE, &exchange->arena, oversight, err));
    *out_asker = (Asker){.person = session->person, .oversight = oversight};
    return OK;
}

ErrCode question_eyes(Exchange *exchange, SignalEyes *out_eyes, Err *err)
{
    const Session *session = &exchange->session;
    Reach *write = arena_new(&exchange->arena, Reach);
    if (write == NULL) return err_set(err, ERR_LIMIT, "the request is too large");
    TRY(reach_load(exchange->store, exchange->service->node->shard, session->grants.items,
                   session->grants.count, MAY_WRITE, &exchange->arena, write, err));
    *out_eyes = (SignalEyes){.person = session->person, .write = write};
    return OK;
}
