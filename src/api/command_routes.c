/* Routes that change the facts, or look at what is sealed. */
#include <stdio.h>
#include <string.h>

#include "answer/answer.h"
#include "api/exchange.h"
#include "api/handlers.h"
#include "engine/receipt.h"
#include "seal/field.h"
#include "store/query.h"

/* ---------------------------------------------------------------------------------- commands */

typedef struct Batch {
    const Command *commands;
    Answer *answers;
    const Reach *reaches[PERMISSION_COUNT_MAX]; /* by permission; NULL: no role has it */
    size_t count;
} Batch;

static Permission permission_of(const Command *command)
{
    switch (command->action) {
    case ACTION_MOVE: return MAY_MOVE;
    case ACTION_UNDO: return MAY_INTAKE;
    case ACTION_ADD:
    case ACTION_CHANGE:
    case ACTION_VOID:
    case ACTION_DEPLOY:
    case ACTION_MERGE:
    case ACTION_APPLY:
    case ACTION_ARRANGE:
    case ACTION_CONVENE: break;
    }
    return command_takes_part(command) ? MAY_TAKE_PART : MAY_WRITE;
}

static ErrCode load_reach(Exchange *exchange, Permission permission, Batch *batch, Err *err)
{
    if (batch->reaches[permission] != NULL) return OK;
    const Session *session = &exchange->session;
    if (!grants_allow(&session->grants, permission)) return OK;
    Reach *reach = arena_new(&exchange->arena, Reach);
    if (reach == NULL) return err_set(err, ERR_LIMIT, "the request is too large");
    TRY(reach_load(exchange->store, exchange->service->node->shard, session->grants.items,
                   session->grants.count, permission, &exchange->arena, reach, err));
    batch->reaches[permission] = reach;
    return OK;
}

/* An Answer for a command that no role of the account allows. */
static Answer denial(void)
{
    Answer answer = {.status = ANSWER_REFUSED, .code = ERR_DENIED};
    Err err;
    (void)err_set(&err, ERR_DENIED,
                  "none of your roles allows this: ask the site leader or the department");
    memcpy(answer.detail, err.message, sizeof answer.detail);
    return answer;
}

/* May run again after a roll-back: the answers are simply written anew. */
static ErrCode work_commands(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const Batch *batch = exchange->plan.state;
    for (size_t i = 0; i < batch->count; i++) {
        AUTO(arena_done) Arena arena = {0};
        arena_init(&arena, ARENA_COMMAND_BYTES);
        const Command *command = &batch->commands[i];
        const Actor actor = {.id = exchange->session.account_id,
                             .person = exchange->session.person,
                             .reach = batch->reaches[permission_of(command)],
                             .write = batch->reaches[MAY_WRITE]};
        if (actor.reach == NULL) {
            batch->answers[i] = denial();
            TRY(engine_audit(engine, &actor, "denied", exchange->session.name, false,
                             text_from_z(action_name(command->action)), TEXT(""), err));
            continue;
        }
        TRY(engine_execute(engine, &actor, command, &arena, &batch->answers[i], err));
    }
    return OK;
}

static ErrCode encode_commands(Exchange *exchange, Err *err)
{
    const Batch *batch = exchange->plan.state;
    Service *service = exchange->service;
    atomic_fetch_add(&service->metrics.command_count, batch->count);
    /* An op-id used twice for different things is the client's mistake, and is told as such. */
    if (batch->count == 1 && batch->answers[0].status == ANSWER_REFUSED &&
        batch->answers[0].code == ERR_CONFLICT)
        return err_set(err, ERR_CONFLICT, "%s", batch->answers[0].detail);
    Emit emit;
    reply_open(&exchange->reply, &emit);
    emit_key(&emit, "results");
    emit_open_array(&emit);
    for (size_t i = 0; i < batch->count; i++)
        answer_emit(&batch->commands[i], &batch->answers[i], &emit);
    emit_close_array(&emit);
    emit_int_at(&emit, "version", changes_version(service->changes));
    return reply_close(&exchange->reply, &emit, err);
}

/* What stands beside an unnamed signal in the journal would tell whose it is. */
static ErrCode check_alone(const Command *commands, size_t count, Err *err)
{
    for (size_t i = 0; i < count && count > 1; i++)
        if (command_names_nobody(&commands[i]))
            return err_set(err, ERR_INVALID,
                           "command %zu names nobody: send it alone, so that nothing beside it "
                           "tells who did",
                           i + 1);
    return OK;
}

ErrCode handle_commands(Exchange *exchange, Err *err)
{
    const DocValue *list = doc_get(exchange->doc.root, "commands");
    const size_t count = doc_count(list);
    if (doc_type(list) != DOC_ARRAY || count == 0)
        return err_set(err, ERR_INVALID, "\"commands\" is to be a list with something in it");
    if (count > COMMAND_COUNT_MAX)
        return err_set(err, ERR_LIMIT, "at most %d commands at once", COMMAND_COUNT_MAX);
    TRY(exchange_state(exchange, sizeof(Batch), err));
    Batch *batch = exchange->plan.state;
    Command *commands = arena_array(&exchange->arena, Command, count);
    batch->answers = arena_array(&exchange->arena, Answer, count);
    if (commands == NULL || batch->answers == NULL)
        return err_set(err, ERR_LIMIT, "the request is too large");
    batch->commands = commands;
    batch->count = count;
    for (size_t i = 0; i < count; i++) {
        if (command_decode(doc_at(list, i), &commands[i], err) != OK)
            return err_context(err, "command %zu", i + 1);
        TRY(load_reach(exchange, permission_of(&commands[i]), batch, err));
        TRY(load_reach(exchange, MAY_WRITE, batch, err));
    }
    TRY(check_alone(commands, count, err));
    exchange->plan.work = work_commands;
    exchange->plan.encode = encode_commands;
    return OK;
}

/* ------------------------------------------------------------------------------------ reveal */

typedef struct Reveal {
    Id person;
    unsigned field;
    Text purpose;
} Reveal;

#define PURPOSE_BYTES_MAX 400

static ErrCode work_reveal(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const Reveal *reveal = exchange->plan.state;
    const Actor actor = exchange_actor(exchange);
    const FieldInfo *field = vocab_field(vocab_kind(KIND_PERSON), reveal->field);
    char id[ID_TEXT_MAX];
    char subject[ID_TEXT_MAX + 32];
    snprintf(subject, sizeof subject, "%s %s", id_write(reveal->person, id), field->name);
    return engine_audit(engine, &actor, "reveal", exchange->session.name, true,
                        text_from_z(subject), reveal->purpose, err);
}

/* The sealed bytes of the field; empty when the person has none. */
static ErrCode load_sealed(Exchange *exchange, const Reveal *reveal, Bytes *out_sealed, Err *err)
{
    const int64_t shard = exchange->service->node->shard;
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, exchange->store,
                    reveal->field == PERSON_PHONE ? PERSON_PHONE_SEALED : PERSON_ID_NUMBER_SEALED,
                    err));
    query_bind_int(&query, 1, shard);
    query_bind_id(&query, 2, &reveal->person);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "there is no such person");
    return query_bytes(&query, 0, &exchange->arena, out_sealed, err);
}

static ErrCode encode_reveal(Exchange *exchange, Err *err)
{
    const Reveal *reveal = exchange->plan.state;
    Bytes sealed = {0};
    Text plain = {.at = "", .size = 0};
    TRY(load_sealed(exchange, reveal, &sealed, err));
    const FieldPlace place = {.kind = KIND_PERSON, .field = reveal->field, .thing = reveal->person};
    if (sealed.size > 0)
        TRY(field_open(&exchange->service->node->keyring, place, sealed, &exchange->arena, &plain,
                       err));
    Emit emit;
    reply_open(&exchange->reply, &emit);
    if (sealed.size > 0)
        emit_text_at(&emit, "value", plain);
    else
        emit_null_at(&emit, "value");
    return reply_close(&exchange->reply, &emit, err);
}

/* Whether the account reaches the person: asked in the one place that knows. */
static ErrCode check_reach(Exchange *exchange, Id person, Err *err)
{
    View view;
    TRY(exchange_view(exchange, &view, err));
    AUTO(buf_done) Buf unseen = {0};
    Emit emit;
    buf_init(&unseen, MIB);
    emit_init(&emit, &unseen);
    return answer_person(&view, person, &emit, err);
}

static bool takes_reveal(Exchange *exchange)
{
    Service *service = exchange->service;
    uint64_t wait_ms = 0;
    const uint64_t key = rate_key(&service->reveals, id_bytes(&exchange->session.account_id));
    if (rate_take(&service->reveals, key, host_monotonic_ms(service->node->host), &wait_ms))
        return true;
    reply_problem(&exchange->reply, 429, "limit", "that was looked at too often this hour");
    exchange->reply.retry_after_s = wait_ms / 1000 + 1;
    return false;
}

ErrCode handle_reveal(Exchange *exchange, Err *err)
{
    TRY(exchange_state(exchange, sizeof(Reveal), err));
    Reveal *reveal = exchange->plan.state;
    Text field = {0};
    reveal->person = exchange->match.id;
    TRY(exchange_body_text(exchange, "field", 32, &field, err));
    TRY(exchange_body_text(exchange, "purpose", PURPOSE_BYTES_MAX, &reveal->purpose, err));
    if (!text_is(field, "phone") && !text_is(field, "id_number"))
        return err_set(err, ERR_INVALID, "\"field\" is id_number or phone");
    reveal->field = text_is(field, "phone") ? PERSON_PHONE : PERSON_ID_NUMBER;
    if (text_trim(reveal->purpose).size == 0)
        return err_set(err, ERR_INVALID, "\"purpose\" says what the number is needed for");
    TRY(check_reach(exchange, reveal->person, err));
    if (!takes_reveal(exchange)) return OK;
    exchange->plan.work = work_reveal; /* first on record, then shown */
    exchange->plan.encode = encode_reveal;
    return OK;
}
