/* Routes for administrators and auditors: accounts, roles, and what was done with them.
 *
 * Accounts belong to the whole node, so only a role that is held everywhere opens these. Nobody
 * changes their own roles or ends their own account; so one who may do both is always left. */
#include "api/exchange.h"
#include "api/handlers.h"
#include "store/query.h"

static ErrCode check_everywhere(const Exchange *exchange, Permission permission, Err *err)
{
    const Grants *grants = &exchange->session.grants;
    for (size_t i = 0; i < grants->count; i++)
        if (grants->items[i].scope == 0 && role_may(grants->items[i].role, permission)) return OK;
    return err_set(err, ERR_DENIED, "this takes a role that is held everywhere");
}

static ErrCode check_not_self(const Exchange *exchange, const char *what, Err *err)
{
    if (!id_equal(exchange->match.id, exchange->session.account_id)) return OK;
    return err_set(err, ERR_DENIED, "nobody %s; ask another administrator", what);
}

/* ------------------------------------------------------------------------------ listing them */

static ErrCode emit_account(Exchange *exchange, const Account *account, Emit *emit, Err *err)
{
    char id[ID_TEXT_MAX];
    Grants grants;
    TRY(account_grants(exchange->store, account->key, &exchange->arena, &grants, err));
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(account->id, id));
    emit_text_at(emit, "name", account->name);
    emit_bool_at(emit, "disabled", account->is_disabled);
    emit_bool_at(emit, "must_change", account->must_change);
    emit_day_at(
        emit, "since",
        day_of_ms((uint64_t)account->created_ms, exchange->service->node->utc_offset_minutes));
    TRY(exchange_emit_person(exchange, account->person, emit, err));
    TRY(exchange_emit_roles(exchange, &grants, emit, err));
    emit_close_object(emit);
    return OK;
}

static void emit_page(Emit *emit, int64_t total, const ListAsk *ask)
{
    emit_close_array(emit);
    emit_int_at(emit, "total", total);
    emit_int_at(emit, "page", ask->page);
    emit_int_at(emit, "size", ask->size);
}

ErrCode handle_accounts(Exchange *exchange, Err *err)
{
    ListAsk ask;
    AccountList list;
    Emit emit;
    TRY(check_everywhere(exchange, MAY_ACCOUNTS, err));
    TRY(exchange_list(exchange, &ask, err));
    TRY(account_list(exchange->store, (ask.page - 1) * ask.size, ask.size, &exchange->arena, &list,
                     err));
    reply_open(&exchange->reply, &emit);
    emit_key(&emit, "items");
    emit_open_array(&emit);
    for (size_t i = 0; i < list.count; i++)
        TRY(emit_account(exchange, &list.items[i], &emit, err));
    emit_page(&emit, list.total, &ask);
    return reply_close(&exchange->reply, &emit, err);
}

/* -------------------------------------------------------------------------- making a new one */

typedef struct NewAccount {
    AccountWish wish;
    GrantWish grants[ACCOUNT_GRANTS_MAX];
    Text password;
    char code[CODE_TEXT_MAX]; /* when nobody chose a password */
    char stored[PASSWORD_STORED_MAX];
    Id id;
} NewAccount;

/* [{"role":"leader","scope":"<id>"}, {"role":"auditor","scope":null}] */
static ErrCode decode_role(const DocValue *value, GrantWish *out_grant, Err *err)
{
    const DocValue *role = doc_get(value, "role");
    const DocValue *scope = doc_get(value, "scope");
    if (doc_type(role) != DOC_TEXT || role_named(doc_text(role)) == NULL)
        return err_set(err, ERR_INVALID, "\"role\" is the name of a role");
    *out_grant = (GrantWish){.role = role_named(doc_text(role))->code};
    if (doc_type(scope) == DOC_NULL) return OK;
    if (doc_type(scope) != DOC_TEXT)
        return err_set(err, ERR_INVALID,
                       "\"scope\" is the id of a unit or project, or null for everywhere");
    if (id_parse(doc_text(scope), &out_grant->scope, err) != OK)
        return err_context(err, "\"scope\"");
    return OK;
}

static ErrCode decode_roles(Exchange *exchange, GrantWish grants[ACCOUNT_GRANTS_MAX],
                            size_t *out_count, Err *err)
{
    const DocValue *list = doc_get(exchange->doc.root, "roles");
    *out_count = 0;
    if (doc_type(list) == DOC_NONE) return OK;
    if (doc_type(list) != DOC_ARRAY) return err_set(err, ERR_INVALID, "\"roles\" is to be a list");
    if (doc_count(list) > ACCOUNT_GRANTS_MAX)
        return err_set(err, ERR_LIMIT, "an account holds at most %d roles", ACCOUNT_GRANTS_MAX);
    for (size_t i = 0; i < doc_count(list); i++)
        TRY(decode_role(doc_at(list, i), &grants[i], err));
    *out_count = doc_count(list);
    return OK;
}

static ErrCode decode_person(const Exchange *exchange, Id *out_person, Err *err)
{
    const DocValue *person = doc_get(exchange->doc.root, "person");
    if (doc_type(person) == DOC_NONE || doc_type(person) == DOC_NULL) return OK;
    if (doc_type(person) != DOC_TEXT)
        return err_set(err, ERR_INVALID, "\"person\" is the id of a person, or null");
    if (id_parse(doc_text(person), out_person, err) != OK) return err_context(err, "\"person\"");
    return OK;
}

static ErrCode hash_account_add(Exchange *exchange, Err *err)
{
    NewAccount *made = exchange->plan.state;
    return password_keep(&exchange->service->node->keyring, exchange->service->cost, made->password,
                         made->stored, err);
}

static ErrCode work_account_add(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    NewAccount *made = exchange->plan.state;
    const Actor actor = exchange_actor(exchange);
    return account_add(engine, &actor, &made->wish, &made->id, err);
}

static ErrCode encode_account_add(Exchange *exchange, Err *err)
{
    const NewAccount *made = exchange->plan.state;
    Emit emit;
    char id[ID_TEXT_MAX];
    reply_open(&exchange->reply, &emit);
    emit_z_at(&emit, "id", id_write(made->id, id));
    emit_text_at(&emit, "name", text_trim(made->wish.name));
    if (made->code[0] != '\0')
        emit_z_at(&emit, "code", made->code);
    else
        emit_null_at(&emit, "code");
    return reply_close(&exchange->reply, &emit, err);
}

/* A given password is checked; without one, a code is made that its owner must replace at once. */
static ErrCode choose_password(Exchange *exchange, NewAccount *made, Err *err)
{
    if (doc_type(doc_get(exchange->doc.root, "password")) == DOC_NONE) {
        made->password = text_from_z(code_make(exchange->service->node->host, 3, made->code));
        return OK;
    }
    TRY(exchange_body_text(exchange, "password", PASSWORD_BYTES_MAX, &made->password, err));
    const Text about_me[] = {made->wish.name, exchange->service->node->name};
    const PasswordWish wish = {.password = made->password,
                               .is_privileged = true,
                               .about_me = about_me,
                               .about_me_count = 2};
    return password_check(&wish, err);
}

ErrCode handle_account_add(Exchange *exchange, Err *err)
{
    TRY(check_everywhere(exchange, MAY_ACCOUNTS, err));
    TRY(exchange_state(exchange, sizeof(NewAccount), err));
    NewAccount *made = exchange->plan.state;
    TRY(exchange_body_text(exchange, "name", 4 * ACCOUNT_NAME_MAX, &made->wish.name, err));
    TRY(account_name_check(made->wish.name, err));
    TRY(decode_person(exchange, &made->wish.person, err));
    TRY(decode_roles(exchange, made->grants, &made->wish.grant_count, err));
    if (made->wish.grant_count > 0) TRY(check_everywhere(exchange, MAY_ROLES, err));
    TRY(choose_password(exchange, made, err));
    made->wish.stored = made->stored;
    made->wish.grants = made->grants;
    made->wish.must_change = true; /* whoever makes the account knows its password */
    exchange->plan.hash = hash_account_add;
    exchange->plan.work = work_account_add;
    exchange->plan.encode = encode_account_add;
    return OK;
}

/* ---------------------------------------------------------------------- ending, giving roles */

static ErrCode encode_nothing(Exchange *exchange, Err *err)
{
    (void)exchange, (void)err;
    return OK;
}

static ErrCode work_account_disable(Engine *engine, Exchange *exchange, Err *err)
    ONLY_ON(writer_role)
{
    const Actor actor = exchange_actor(exchange);
    return account_disable(engine, &actor, exchange->match.id, err);
}

ErrCode handle_account_disable(Exchange *exchange, Err *err)
{
    TRY(check_everywhere(exchange, MAY_ACCOUNTS, err));
    TRY(check_not_self(exchange, "ends their own account", err));
    exchange->plan.work = work_account_disable;
    exchange->plan.encode = encode_nothing;
    return OK;
}

static ErrCode work_account_roles(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const NewAccount *wanted = exchange->plan.state;
    const Actor actor = exchange_actor(exchange);
    return account_set_grants(engine, &actor, exchange->match.id, wanted->grants,
                              wanted->wish.grant_count, err);
}

ErrCode handle_account_roles(Exchange *exchange, Err *err)
{
    TRY(check_everywhere(exchange, MAY_ROLES, err));
    TRY(check_not_self(exchange, "changes their own roles", err));
    TRY(exchange_state(exchange, sizeof(NewAccount), err));
    NewAccount *wanted = exchange->plan.state;
    TRY(decode_roles(exchange, wanted->grants, &wanted->wish.grant_count, err));
    exchange->plan.work = work_account_roles;
    exchange->plan.encode = encode_nothing;
    return OK;
}

/* --------------------------------------------------------------------------------- the audit */

static ErrCode count_audit(Exchange *exchange, int64_t *out_total, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, exchange->store, AUDIT_COUNT, err));
    query_bind_int(&query, 1, exchange->service->node->shard);
    TRY(query_next(&query, &found, err));
    *out_total = found ? query_int(&query, 0) : 0;
    return OK;
}

static ErrCode emit_text_column(const Exchange *exchange, const Query *query, int column,
                                const char *name, Emit *emit, Err *err)
{
    (void)exchange;
    Text text = {0};
    if (query_is_null(query, column)) {
        emit_null_at(emit, name);
        return OK;
    }
    if (text_from_bytes(query_view(query, column), &text, err) != OK)
        return err_context(err, "an audit record");
    emit_text_at(emit, name, text);
    return OK;
}

static ErrCode emit_audit(const Exchange *exchange, const Query *query, Emit *emit, Err *err)
{
    Id id;
    char text[ID_TEXT_MAX];
    TRY(query_id(query, 0, &id, err));
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(id, text));
    emit_int_at(emit, "at_ms", (int64_t)(id_stamp(id) >> (STAMP_BITS - 48)));
    TRY(emit_text_column(exchange, query, 1, "event", emit, err));
    TRY(emit_text_column(exchange, query, 2, "account", emit, err));
    emit_bool_at(emit, "success", query_int(query, 3) != 0);
    TRY(emit_text_column(exchange, query, 4, "subject", emit, err));
    TRY(emit_text_column(exchange, query, 5, "purpose", emit, err));
    emit_close_object(emit);
    return OK;
}

ErrCode handle_audit(Exchange *exchange, Err *err)
{
    ListAsk ask;
    int64_t total = 0;
    Emit emit;
    TRY(check_everywhere(exchange, MAY_AUDIT, err));
    TRY(exchange_list(exchange, &ask, err));
    TRY(count_audit(exchange, &total, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, exchange->store, AUDIT_PAGE, err));
    query_bind_int(&query, 1, exchange->service->node->shard);
    query_bind_int(&query, 2, ask.size);
    query_bind_int(&query, 3, (ask.page - 1) * ask.size);
    reply_open(&exchange->reply, &emit);
    emit_key(&emit, "items");
    emit_open_array(&emit);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        TRY(emit_audit(exchange, &query, &emit, err));
    }
    emit_page(&emit, total, &ask);
    return reply_close(&exchange->reply, &emit, err);
}
