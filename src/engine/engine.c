#include "engine/engine.h"

#include <assert.h>
#include <string.h>

#include "engine/inside.h"
#include "engine/receipt.h"
#include "store/journal_rows.h"

#define ANSWER_BYTES_MAX ((size_t)4096)
#define SIGN_ALL_MS      UINT64_C(3600000)

ErrCode engine_open(Engine **out_engine, const Node *node, Store *store, Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Engine) + 64);
    Engine *engine = arena_new(&arena, Engine);
    assert(engine != NULL); /* the arena was made for it */
    engine->arena = arena;
    engine->node = node;
    engine->store = store;
    engine->shard = node->shard;
    derive_init(&engine->derive, store, node->shard);
    const ErrCode code = ledger_open(&engine->ledger, node, store, err);
    if (code != OK) {
        engine_close(&engine);
        return code;
    }
    engine->version = engine->ledger.last_arrival;
    engine->told_version = engine->version;
    *out_engine = engine;
    return OK;
}

void engine_close(Engine **engine)
{
    if (*engine == NULL) return;
    tx_rollback(&(*engine)->tx);
    ledger_close(&(*engine)->ledger);
    derive_done(&(*engine)->derive);
    Arena arena = (*engine)->arena;
    arena_done(&arena);
    *engine = NULL;
}

ErrCode engine_begin(Engine *engine, Err *err)
{
    role_expect(&writer_role);
    return tx_begin(&engine->tx, engine->store, err);
}

ErrCode engine_commit(Engine *engine, Err *err)
{
    TRY(derive_flush(&engine->derive, err));
    TRY(ledger_sign(&engine->ledger, LEDGER_SEGMENT_ENTRIES, err));
    TRY(tx_commit(&engine->tx, err));
    engine->version = engine->ledger.last_arrival;
    return OK;
}

void engine_roll_back(Engine *engine)
{
    tx_rollback(&engine->tx);
    ledger_forget(&engine->ledger);
    derive_forget(&engine->derive);
}

ErrCode engine_sign_all(Engine *engine, Err *err)
{
    TRY(engine_begin(engine, err));
    ErrCode code = ledger_sign_all(&engine->ledger, err);
    if (code == OK) code = tx_commit(&engine->tx, err);
    if (code != OK) engine_roll_back(engine);
    return code;
}

ErrCode engine_sign_some(Engine *engine, uint64_t least, Err *err)
{
    /* Not by the calendar: a clock that was set back, or that stands, shall not put it off. */
    const uint64_t now_ms = host_monotonic_ms(engine->node->host);
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    if (engine->signed_ms != 0 && now_ms - engine->signed_ms < SIGN_ALL_MS)
        return ledger_sign(&engine->ledger, least, err);
    engine->signed_ms = now_ms;
    return ledger_sign_all(&engine->ledger, err);
}

ErrCode engine_sign_earlier(Engine *engine, const StreamName *stream, Err *err)
{
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    return ledger_sign_earlier(&engine->ledger, stream, err);
}

static void refuse(Answer *answer, const Err *err)
{
    *answer = (Answer){.status = ANSWER_REFUSED, .code = err->code};
    memcpy(answer->detail, err->message, sizeof answer->detail);
}

/* An answer is kept as the ids it named, one behind the other. */
static ErrCode recall(Bytes kept, Answer *answer, Err *err)
{
    Text rest = {(const char *)kept.at, kept.size};
    *answer = (Answer){.status = ANSWER_DONE};
    while (rest.size > 0 && answer->id_count < ANSWER_IDS_MAX)
        TRY(id_parse(text_split(&rest, ' '), &answer->ids[answer->id_count++], err));
    return OK;
}

static ErrCode find_op(Engine *engine, const Command *command, const Digest *digest, Arena *arena,
                       bool *out_known, Answer *out_answer, Err *err)
{
    OpRow row;
    TRY(op_row_find(engine->store, command->op, arena, out_known, &row, err));
    if (!*out_known) return OK;
    if (!digest_equal(&row.digest, digest)) {
        Err conflict;
        (void)err_set(&conflict, ERR_CONFLICT, // the code goes into the answer
                      "this op was used for another command before: make a new op");
        refuse(out_answer, &conflict);
        return OK;
    }
    return recall(bytes_of(row.answer), out_answer, err);
}

static ErrCode keep_op(Engine *engine, const Command *command, const Digest *digest,
                       const Answer *answer, Err *err)
{
    AUTO(buf_done) Buf ids = {0};
    buf_init(&ids, ANSWER_BYTES_MAX);
    for (size_t i = 0; i < answer->id_count; i++) {
        char text[ID_TEXT_MAX];
        buf_format(&ids, "%s%s", i == 0 ? "" : " ", id_write(answer->ids[i], text));
    }
    TRY(buf_check(&ids, err));
    const OpRow row = {
        .id = command->op,
        .digest = *digest,
        .answer = ids.size == 0 ? TEXT("") : buf_as_text(&ids),
        .arrival = engine->ledger.last_arrival,
    };
    return op_row_add(engine->store, &row, err);
}

/* A thing at each place; the id of the last one stands for them all. */
static ErrCode record_in_scopes(Engine *engine, Fact *fact, Id actor, Id cause, Arena *arena,
                                Id *out_id, Err *err)
{
    Key key;
    for (size_t i = 0; i < fact->scope_count; i++) {
        fact->scope = fact->scopes[i].id;
        fact->scope_key = fact->scopes[i].key;
        record_set_ref(&fact->record, fact->scope_field, fact->scopes[i].id);
        TRY(record_fact(engine, fact, actor, cause, arena, out_id, &key, err));
    }
    return OK;
}

static ErrCode record_all(Engine *engine, const Facts *facts, Id actor, Id cause, Arena *arena,
                          Answer *answer, Err *err)
{
    Id *ids = arena_array(arena, Id, facts->count);
    if (ids == NULL) return list_full(facts->count, err);
    for (size_t i = 0; i < facts->count; i++) {
        Fact *fact = &facts->items[i];
        const Id nobody = {{0}};
        Key key;
        assert(fact->made_field == 0 || fact->made_by < i);
        if (fact->made_field != 0)
            record_set_ref(&fact->record, fact->made_field, ids[fact->made_by]);
        if (fact->scopes != NULL)
            TRY(record_in_scopes(engine, fact, actor, cause, arena, &ids[i], err));
        else
            TRY(record_fact(engine, fact, fact->is_unsigned ? nobody : actor, cause, arena, &ids[i],
                            &key, err));
        if (answer->id_count < ANSWER_IDS_MAX && fact->kind->code != KIND_AUDIT)
            answer->ids[answer->id_count++] = ids[i];
    }
    return OK;
}

/* To somebody whose reach ends somewhere, what lies behind it is as if it did not exist. */
static void hide_what_is_outside(const Actor *actor, Err *why)
{
    if (actor->reach->is_everything) return;
    if (why->code != ERR_DENIED && why->code != ERR_NOT_FOUND) return;
    (void)err_set(why, ERR_NOT_FOUND, // the code goes into the answer
                  "this needs something that does not exist, or that is not within your reach");
}

/* Of the changes to facts, some are open to who only takes part; the rest is for who may write. */
static ErrCode check_may(const Actor *actor, const Command *command, Err *err)
{
    const bool is_fact = command->action == ACTION_ADD || command->action == ACTION_CHANGE ||
                         command->action == ACTION_VOID || command->action == ACTION_DEPLOY;
    if (!is_fact || actor->write != NULL || command_takes_part(command)) return OK;
    return err_set(err, ERR_DENIED, "%s.%s takes a role that may write: ask the site leader",
                   command->kind->name, action_name(command->action));
}

static ErrCode execute(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                       Answer *out_answer, Err *err) ONLY_ON(writer_role)
{
    assert(engine->tx.store != NULL); /* engine_begin() came first */
    const Digest digest = command_digest(command);
    bool is_known = false;
    Answer answer = {.status = ANSWER_DONE};
    TRY(find_op(engine, command, &digest, arena, &is_known, out_answer, err));
    if (is_known) return OK;

    Facts facts = {0};
    Err why;
    ErrCode code = check_may(actor, command, &why);
    if (code != OK) {
        refuse(out_answer, &why);
        return OK;
    }
    code = decide(engine, actor, command, arena, &facts, &why);
    if (err_is_refusal(code)) {
        hide_what_is_outside(actor, &why);
        refuse(out_answer, &why);
        return OK;
    }
    if (code != OK) {
        *err = why;
        return code;
    }
    TRY(record_all(engine, &facts, actor->id, (Id){{0}}, arena, &answer, err));
    TRY(keep_op(engine, command, &digest, &answer, err));
    *out_answer = answer;
    return OK;
}

ErrCode engine_execute(Engine *engine, const Actor *actor, const Command *command, Arena *arena,
                       Answer *out_answer, Err *err)
{
    role_expect(&writer_role);
    TRY(execute(engine, actor, command, arena, out_answer, err));
    if (out_answer->status == ANSWER_DONE && command_has_receipt(command, actor))
        receipt_write(engine->node, command->op, out_answer->receipt);
    return OK;
}

void answer_emit(const Command *command, const Answer *answer, Emit *emit)
{
    char id[ID_TEXT_MAX];
    emit_open_object(emit);
    emit_z_at(emit, "op", id_write(command->op, id));
    emit_z_at(emit, "status", answer->status == ANSWER_DONE ? "done" : "refused");
    emit_key(emit, "ids");
    emit_open_array(emit);
    for (size_t i = 0; i < answer->id_count; i++)
        emit_text(emit, text_from_z(id_write(answer->ids[i], id)));
    emit_close_array(emit);
    if (answer->receipt[0] != '\0') emit_z_at(emit, "receipt", answer->receipt);
    if (answer->status == ANSWER_REFUSED) {
        emit_key(emit, "error");
        emit_open_object(emit);
        emit_z_at(emit, "code", err_name(answer->code));
        emit_z_at(emit, "detail", answer->detail);
        emit_close_object(emit);
    }
    emit_close_object(emit);
}

ErrCode engine_audit(Engine *engine, const Actor *actor, const char *event, Text account,
                     bool success, Text subject, Text purpose, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64 * 1024);
    Fact fact = {.verb = VERB_CREATE, .kind = vocab_kind(KIND_AUDIT)};
    Id id;
    Key key;
    fact.record.kind = fact.kind;
    fact.scope = engine->node->scope;
    record_set_text(&fact.record, AUDIT_EVENT, text_from_z(event));
    record_set_int(&fact.record, AUDIT_SUCCESS, success ? 1 : 0);
    if (account.size > 0) record_set_text(&fact.record, AUDIT_ACCOUNT, account);
    if (subject.size > 0) record_set_text(&fact.record, AUDIT_SUBJECT, subject);
    if (purpose.size > 0) record_set_text(&fact.record, AUDIT_PURPOSE, purpose);
    return record_fact(engine, &fact, actor->id, (Id){{0}}, &arena, &id, &key, err);
}

ErrCode engine_state(Engine *engine, const Actor *actor, const Record *record, Id *out_id, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64 * 1024);
    Fact fact = {.verb = VERB_CREATE, .kind = record->kind, .record = *record};
    Key key;
    TRY(find_scope(engine, fact.kind, record, &fact, err));
    return record_fact(engine, &fact, actor->id, (Id){{0}}, &arena, out_id, &key, err);
}

bool engine_take_changes(Engine *engine, ChangeSet *out_set)
{
    if (engine->told_version == engine->version) return false;
    const size_t count = engine->derive.touched_count;
    memcpy(engine->told, engine->derive.touched,
           (count > CHANGES_MAX ? CHANGES_MAX : count) * sizeof engine->told[0]);
    *out_set = (ChangeSet){
        .version = engine->version,
        .is_structural = engine->is_structural,
        .is_lost = count > CHANGES_MAX,
        .keys = engine->told,
        .key_count = count > CHANGES_MAX ? 0 : count,
    };
    engine->told_version = engine->version;
    engine->is_structural = false;
    engine->derive.touched_count = 0;
    return true;
}

uint64_t engine_stamp(Engine *engine)
{
    return ledger_tick(&engine->ledger);
}

Store *engine_store(Engine *engine)
{
    return engine->store;
}

const Node *engine_node(const Engine *engine)
{
    return engine->node;
}

int64_t engine_version(const Engine *engine)
{
    return engine->version;
}
