/* Routes for who has the receipt of something raised without a name: nobody signs in here, and who
 * asks or says something is written down nowhere. */
#include <string.h>

#include "answer/signal.h"
#include "api/handlers.h"
#include "api/question.h"
#include "engine/receipt.h"

#define CODE_BYTES_MAX  64
#define WORDS_BYTES_MAX 2000

/* Nobody tries codes one after the other: an address has few wrong ones. */
static bool may_try_code(Exchange *exchange, uint64_t *out_key)
{
    Service *service = exchange->service;
    uint64_t wait_ms = 0;
    *out_key = rate_key(&service->by_address, address_household(&exchange->peer));
    if (rate_take(&service->by_address, *out_key, host_monotonic_ms(service->node->host), &wait_ms))
        return true;
    reply_problem(&exchange->reply, 429, "limit", "too many codes; wait a while and try again");
    exchange->reply.retry_after_s = wait_ms / 1000 + 1;
    return false;
}

/* It was an honest one. */
static void give_back(Exchange *exchange, uint64_t key)
{
    Service *service = exchange->service;
    rate_give(&service->by_address, key, host_monotonic_ms(service->node->host));
}

ErrCode handle_signal_by_code(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    uint64_t key = 0;
    if (!may_try_code(exchange, &key)) return OK;
    const int64_t receipt =
        receipt_index(exchange->service->node, params_find(&exchange->params, "code"));
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_signal_of_receipt(&view, receipt, &emit, err));
    give_back(exchange, key);
    return question_end(exchange, &emit, err);
}

/* ---- Confirming and reopening ---- */

typedef struct Saying {
    int64_t receipt;
    uint64_t rate_key;
    ReceiptSay say;
    Answer answer;
} Saying;

static ErrCode work_say(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    AUTO(arena_done) Arena arena = {0};
    Saying *saying = exchange->plan.state;
    arena_init(&arena, ARENA_COMMAND_BYTES);
    return engine_execute(engine, &saying->say.actor, &saying->say.command, &arena, &saying->answer,
                          err);
}

/* The signal as it stands now. What was refused costs a try: so nobody keeps the writer busy. */
static ErrCode encode_say(Exchange *exchange, Err *err)
{
    View view;
    Emit emit;
    const Saying *saying = exchange->plan.state;
    if (saying->answer.status == ANSWER_REFUSED)
        return err_set(err, saying->answer.code, "%s", saying->answer.detail);
    TRY(exchange_view(exchange, &view, err));
    question_begin(exchange, &emit);
    TRY(answer_signal_of_receipt(&view, saying->receipt, &emit, err));
    give_back(exchange, saying->rate_key);
    return question_end(exchange, &emit, err);
}

static ErrCode read_step(Exchange *exchange, int *out_step, Text *out_words, Err *err)
{
    Text step = {0};
    const bool has_words = doc_type(doc_get(exchange->doc.root, "words")) != DOC_NONE;
    TRY(exchange_body_text(exchange, "step", 32, &step, err));
    if (has_words) TRY(exchange_body_text(exchange, "words", WORDS_BYTES_MAX, out_words, err));
    *out_words = text_trim(*out_words);
    *out_step = text_is(step, "confirm") ? HANDLING_IS_CONFIRM : HANDLING_IS_REOPEN;
    if (!text_is(step, "confirm") && !text_is(step, "reopen"))
        return err_set(err, ERR_INVALID, "\"step\" is confirm or reopen");
    if (text_is(step, "reopen") && out_words->size == 0)
        return err_set(err, ERR_INVALID, "say in \"words\" what is not solved");
    return OK;
}

ErrCode handle_signal_say(Exchange *exchange, Err *err)
{
    View view;
    SignalCard card;
    Text code = {0};
    Text op = {0};
    Text words = {.at = "", .size = 0};
    Id id;
    int step = 0;
    uint64_t key = 0;
    TRY(exchange_body_text(exchange, "code", CODE_BYTES_MAX, &code, err));
    TRY(exchange_body_text(exchange, "op", ID_TEXT_MAX, &op, err));
    if (id_parse(op, &id, err) != OK) return err_context(err, "\"op\"");
    TRY(read_step(exchange, &step, &words, err));
    if (!may_try_code(exchange, &key)) return OK;
    TRY(exchange_view(exchange, &view, err));
    const int64_t receipt = receipt_index(exchange->service->node, code);
    const SignalSource source = {
        {view.store, view.shard, view.arena}, view.utc_offset_minutes, view.pack};
    TRY(load_signal_of_receipt(&source, receipt, &card, err));
    TRY(exchange_state(exchange, sizeof(Saying), err));
    Saying *saying = exchange->plan.state;
    saying->receipt = receipt;
    saying->rate_key = key;
    TRY(receipt_say(&card, id, step, words, &exchange->arena, &saying->say, err));
    exchange->plan.work = work_say;
    exchange->plan.encode = encode_say;
    return OK;
}
