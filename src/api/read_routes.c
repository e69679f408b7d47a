/* Routes that show the facts: one question of answer/answer.h each. */
#include "answer/answer.h"
#include "answer/conflicts.h"
#include "answer/site.h"
#include "api/handlers.h"
#include "api/question.h"

ErrCode handle_projects(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_projects, err);
}

ErrCode handle_groups(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_groups, err);
}

ErrCode handle_persons(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_persons, err);
}

ErrCode handle_conflicts(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_conflicts, err);
}

ErrCode handle_units(Exchange *exchange, Err *err)
{
    return question_list(exchange, answer_units, err);
}

ErrCode handle_project(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_project, err);
}

ErrCode handle_site(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_site, err);
}

ErrCode handle_group(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_group, err);
}

ErrCode handle_person(Exchange *exchange, Err *err)
{
    return question_thing(exchange, answer_person, err);
}

ErrCode handle_project_members(Exchange *exchange, Err *err)
{
    return question_list_of_thing(exchange, answer_project_members, err);
}

ErrCode handle_group_members(Exchange *exchange, Err *err)
{
    return question_list_of_thing(exchange, answer_group_members, err);
}

static ErrCode read_flag(Exchange *exchange, const char *name, bool *out_flag, Err *err)
{
    const Text text = params_find(&exchange->params, name);
    *out_flag = text_is(text, "1");
    if (text.size > 0 && !text_is(text, "0") && !text_is(text, "1"))
        return err_set(err, ERR_INVALID, "\"%s\" is 0 or 1", name);
    return OK;
}

ErrCode handle_coverage(Exchange *exchange, Err *err)
{
    View view;
    CoverageAsk ask = {.state = params_find(&exchange->params, "state")};
    Emit emit;
    TRY(exchange_list(exchange, &ask.list, err));
    TRY(read_flag(exchange, "attention", &ask.only_attention, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_coverage(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_move_preview(Exchange *exchange, Err *err)
{
    View view;
    Id to;
    SignalEyes eyes;
    Emit emit;
    TRY(exchange_param_id(exchange, "to", &to, err));
    TRY(question_eyes(exchange, &eyes, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_move(&view, exchange->match.id, to, &eyes, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_why_membership(Exchange *exchange, Err *err)
{
    View view;
    Id person;
    Id group;
    Emit emit;
    TRY(exchange_param_id(exchange, "person", &person, err));
    TRY(exchange_param_id(exchange, "group", &group, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_why_membership(&view, person, group, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_why_coverage(Exchange *exchange, Err *err)
{
    View view;
    Id project;
    Emit emit;
    TRY(exchange_param_id(exchange, "project", &project, err));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_why_coverage(&view, project, &emit, err));
    return question_end(exchange, &emit, err);
}

static ErrCode answer_obligations(Exchange *exchange, bool is_project, Err *err)
{
    View view;
    OwedAsk ask = {0};
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    TRY(question_period(exchange, &view, &ask.within, err));
    *(is_project ? &ask.project : &ask.group) = exchange->match.id;
    question_begin(exchange, &emit);
    TRY(answer_owed(&view, &ask, &emit, err));
    return question_end(exchange, &emit, err);
}

ErrCode handle_project_owed(Exchange *exchange, Err *err)
{
    return answer_obligations(exchange, true, err);
}

ErrCode handle_group_owed(Exchange *exchange, Err *err)
{
    return answer_obligations(exchange, false, err);
}

ErrCode handle_gaps(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_gaps(&view, &emit, err));
    return question_end(exchange, &emit, err);
}
