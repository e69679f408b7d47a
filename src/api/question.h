#pragma once
/*
 * question — a route that shows something: it asks `view` one question and sends the whole answer.
 *
 * An answer emits one JSON object, so the reply is only given its type and its end. Most routes are
 * one of the three shapes below; the others read what they need, then begin, ask, and end.
 *
 *   Threads  the server's.
 */
#include "answer/signal.h"
#include "api/exchange.h"
#include "view/minutes.h"

typedef ErrCode ListQuestion(const View *view, const ListAsk *ask, Emit *emit, Err *err);
typedef ErrCode ThingQuestion(const View *view, Id thing, Emit *emit, Err *err);
typedef ErrCode ListOfThingQuestion(const View *view, Id thing, const ListAsk *ask, Emit *emit,
                                    Err *err);

MUST_USE ErrCode question_list(Exchange *exchange, ListQuestion *question, Err *err);
MUST_USE ErrCode question_thing(Exchange *exchange, ThingQuestion *question, Err *err);
MUST_USE ErrCode question_list_of_thing(Exchange *exchange, ListOfThingQuestion *question,
                                        Err *err);

void question_begin(Exchange *exchange, Emit *out_emit);
MUST_USE ErrCode question_end(Exchange *exchange, const Emit *emit, Err *err);

/* "period": a year, a quarter or a month; the month of view->on when it is not given. */
MUST_USE ErrCode question_period(Exchange *exchange, const View *view, DayRange *out_range,
                                 Err *err);

/* An id that need not be given: nil then. */
MUST_USE ErrCode question_id(Exchange *exchange, const char *name, Id *out_id, Err *err);

/* Who asks, for what groups keep to themselves: the account's person, and the groups whose units a
 * role of the account oversees. */
MUST_USE ErrCode question_asker(Exchange *exchange, Asker *out_asker, Err *err);

/* Who looks at signals: the person whose account it is, and where they may write. */
MUST_USE ErrCode question_eyes(Exchange *exchange, SignalEyes *out_eyes, Err *err);
