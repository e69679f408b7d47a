/* Routes by which somebody comes in, is told who they are, and goes out again. */
#include <assert.h>
#include <string.h>

#include "api/device.h"
#include "api/exchange.h"
#include "api/handlers.h"

/* What signing in carries from the server's thread to hashing, the writer, and back. */
typedef struct SignIn {
    Account account;
    bool is_known;
    bool has_matched;
    bool is_known_device;
    Device device;
    Text name;
    Text password;
    Text typed_code;
    char renewed[PASSWORD_STORED_MAX]; /* what to store instead; empty: nothing */
    Sid sid;
    Id id; /* of the account */
    uint64_t address_key;
    uint64_t account_key;
} SignIn;

/* ------------------------------------------------------------------ the body of all of these */

static ErrCode emit_session(Exchange *exchange, const Session *session, Err *err)
{
    Emit emit;
    char id[ID_TEXT_MAX];
    reply_open(&exchange->reply, &emit);
    emit_key(&emit, "account");
    emit_open_object(&emit);
    emit_z_at(&emit, "id", id_write(session->account_id, id));
    emit_text_at(&emit, "name", session->name);
    emit_close_object(&emit);
    TRY(exchange_emit_person(exchange, session->person, &emit, err));
    TRY(exchange_emit_roles(exchange, &session->grants, &emit, err));
    emit_z_at(&emit, "csrf", session->csrf);
    emit_key(&emit, "may");
    emit_open_array(&emit);
    for (size_t i = 0; i < policy_permission_count; i++) {
        const PermissionInfo *permission = &policy_permissions[i];
        if (permission->code != MAY_SIGNED_IN && grants_allow(&session->grants, permission->code))
            emit_text(&emit, text_from_z(permission->name));
    }
    emit_close_array(&emit);
    emit_bool_at(&emit, "must_change", session->must_change);
    return reply_close(&exchange->reply, &emit, err);
}

ErrCode handle_session(Exchange *exchange, Err *err)
{
    return emit_session(exchange, &exchange->session, err);
}

/* After the writer has begun the session: cookies, and the same body as of GET. */
static ErrCode encode_begun(Exchange *exchange, Err *err)
{
    SignIn *sign_in = exchange->plan.state;
    const Service *service = exchange->service;
    const SessionClock clock = {.now_ms = exchange_now_ms(exchange),
                                .is_demo = service->node->is_demo};
    bool found = false;
    TRY(session_load(exchange->store, &sign_in->sid, clock, &exchange->arena, &found,
                     &exchange->session, err));
    if (!found) return err_set(err, ERR_CONFLICT, "the account or its session was ended just now");
    Reply *reply = &exchange->reply;
    session_cookie(&sign_in->sid, session_limits(&exchange->session.grants, clock.is_demo),
                   service->is_tls, reply->cookies[reply->cookie_count++]);
    if (!sign_in->is_known_device)
        device_cookie(&service->device_key, &sign_in->device, sign_in->id, service->is_tls,
                      reply->cookies[reply->cookie_count++]);
    reply->status = exchange->match.route->status;
    return emit_session(exchange, &exchange->session, err);
}

static ErrCode begin_session(Engine *engine, Exchange *exchange, int64_t account, Err *err)
    ONLY_ON(writer_role)
{
    SignIn *sign_in = exchange->plan.state;
    const Digest digest = sid_digest(&sign_in->sid);
    return session_begin(engine, &digest, account, exchange_now_ms(exchange), err);
}

/* -------------------------------------------------------------------------------- signing in */

static bool refuse_for_now(Exchange *exchange, uint64_t wait_ms)
{
    reply_problem(&exchange->reply, 429, "limit", "too many attempts; wait a while and try again");
    exchange->reply.retry_after_s = wait_ms / 1000 + 1;
    return false;
}

/* Takes one try each from address and account; signing in well gives both back. */
static bool may_try(Exchange *exchange, SignIn *sign_in)
{
    Service *service = exchange->service;
    const uint64_t now_ms = host_monotonic_ms(service->node->host);
    uint64_t wait_ms = 0;
    sign_in->address_key = rate_key(&service->by_address, address_household(&exchange->peer));
    if (!rate_take(&service->by_address, sign_in->address_key, now_ms, &wait_ms))
        return refuse_for_now(exchange, wait_ms);
    Rate *rate = sign_in->is_known_device ? &service->by_device : &service->by_account;
    char key[ACCOUNT_KEY_MAX];
    const Bytes who = sign_in->is_known_device
                          ? (Bytes){sign_in->device.number, sizeof sign_in->device.number}
                          : bytes_of(account_name_key(sign_in->name, key));
    sign_in->account_key = rate_key(rate, who);
    if (rate_take(rate, sign_in->account_key, now_ms, &wait_ms)) return true;
    return refuse_for_now(exchange, wait_ms);
}

static void give_back_tries(const Exchange *exchange)
{
    Service *service = exchange->service;
    const SignIn *sign_in = exchange->plan.state;
    const uint64_t now_ms = host_monotonic_ms(service->node->host);
    rate_give(&service->by_address, sign_in->address_key, now_ms);
    if (sign_in->account_key == 0) return;
    rate_give(sign_in->is_known_device ? &service->by_device : &service->by_account,
              sign_in->account_key, now_ms);
}

/* On a hashing thread. Unknown and disabled accounts cost as much time as others. */
static ErrCode hash_sign_in(Exchange *exchange, Err *err)
{
    SignIn *sign_in = exchange->plan.state;
    const Service *service = exchange->service;
    const Keyring *keyring = &service->node->keyring;
    if (!sign_in->is_known) {
        password_matches_nobody(keyring, service->cost, sign_in->password);
        return OK;
    }
    const char *stored = sign_in->account.stored.at;
    TRY(password_matches(keyring, sign_in->password, stored, &sign_in->has_matched, err));
    if (sign_in->has_matched && password_needs_renewal(stored, service->cost) &&
        !sign_in->account.must_change)
        TRY(password_keep(keyring, service->cost, sign_in->password, sign_in->renewed, err));
    return OK;
}

static bool is_let_in(const SignIn *sign_in)
{
    return sign_in->is_known && sign_in->has_matched && !sign_in->account.is_disabled;
}

static ErrCode work_sign_in(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    SignIn *sign_in = exchange->plan.state;
    const Actor actor = {.id = sign_in->is_known ? sign_in->account.id : (Id){{0}}};
    const bool is_in = is_let_in(sign_in);
    /* A name that is no account may be a password typed in the wrong place: it is not recorded. */
    const Text name = sign_in->is_known ? sign_in->account.name : TEXT("");
    TRY(engine_audit(engine, &actor, "login", name, is_in, TEXT(""), TEXT(""), err));
    if (!is_in) return OK;
    if (sign_in->renewed[0] != '\0')
        TRY(account_renew_password(engine, sign_in->account.id, sign_in->renewed, err));
    return begin_session(engine, exchange, sign_in->account.key, err);
}

static ErrCode encode_sign_in(Exchange *exchange, Err *err)
{
    if (!is_let_in(exchange->plan.state)) {
        reply_problem(&exchange->reply, 401, "unauthorized", "name or password are wrong");
        return OK;
    }
    give_back_tries(exchange);
    return encode_begun(exchange, err);
}

/* Whether the account has signed in here before; it decides whose tries are counted. */
static void know_device(const Exchange *exchange, SignIn *sign_in)
{
    const Service *service = exchange->service;
    sign_in->id = sign_in->account.id;
    sign_in->is_known_device =
        sign_in->is_known && device_read_cookie(exchange->headers.cookie, &service->device_key,
                                                sign_in->id, service->is_tls, &sign_in->device);
}

static void plan_sign_in(Exchange *exchange,
                         ErrCode (*work)(Engine *engine, Exchange *exchange, Err *err),
                         ErrCode (*encode)(Exchange *exchange, Err *err))
{
    SignIn *sign_in = exchange->plan.state;
    const Host *host = exchange->service->node->host;
    if (!sign_in->is_known_device) sign_in->device = device_make(host);
    sign_in->sid = sid_make(host);
    exchange->plan.hash = hash_sign_in;
    exchange->plan.work = work;
    exchange->plan.encode = encode;
}

ErrCode handle_sign_in(Exchange *exchange, Err *err)
{
    TRY(exchange_state(exchange, sizeof(SignIn), err));
    SignIn *sign_in = exchange->plan.state;
    TRY(exchange_body_text(exchange, "name", 4 * ACCOUNT_NAME_MAX, &sign_in->name, err));
    TRY(exchange_body_text(exchange, "password", PASSWORD_BYTES_MAX, &sign_in->password, err));
    TRY(account_find(exchange->store, sign_in->name, &exchange->arena, &sign_in->is_known,
                     &sign_in->account, err));
    know_device(exchange, sign_in);
    if (!may_try(exchange, sign_in)) return OK;
    plan_sign_in(exchange, work_sign_in, encode_sign_in);
    return OK;
}

/* ------------------------------------------------------------------- one's own password again */

static ErrCode work_confirm(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    SignIn *sign_in = exchange->plan.state;
    const Actor actor = exchange_actor(exchange);
    const bool is_right = is_let_in(sign_in);
    TRY(engine_audit(engine, &actor, "confirm", sign_in->account.name, is_right, TEXT(""), TEXT(""),
                     err));
    if (!is_right) return OK;
    if (sign_in->renewed[0] != '\0')
        TRY(account_renew_password(engine, sign_in->id, sign_in->renewed, err));
    const Digest next = sid_digest(&sign_in->sid);
    return session_renew(engine, &exchange->session.digest, &next, exchange_now_ms(exchange), err);
}

/* Not a 401: whoever typed it wrong is still signed in. */
static ErrCode encode_confirm(Exchange *exchange, Err *err)
{
    if (!is_let_in(exchange->plan.state)) {
        reply_problem(&exchange->reply, 403, "wrong_password", "that is not your password");
        return OK;
    }
    give_back_tries(exchange);
    return encode_begun(exchange, err);
}

ErrCode handle_confirm(Exchange *exchange, Err *err)
{
    TRY(exchange_state(exchange, sizeof(SignIn), err));
    SignIn *sign_in = exchange->plan.state;
    TRY(exchange_body_text(exchange, "password", PASSWORD_BYTES_MAX, &sign_in->password, err));
    TRY(account_load(exchange->store, exchange->session.account_id, &exchange->arena,
                     &sign_in->account, err));
    sign_in->is_known = true;
    sign_in->name = sign_in->account.name;
    know_device(exchange, sign_in);
    if (!may_try(exchange, sign_in)) return OK;
    plan_sign_in(exchange, work_confirm, encode_confirm);
    return OK;
}

/* ------------------------------------------------------------------------- the first account */

static bool takes_code(Service *service, Text typed)
{
    char normal[CODE_TEXT_MAX];
    const Digest given = hash_of(bytes_of(code_normalise(typed, normal)));
    lock_take(&service->setup.lock);
    const bool is_right = service->setup.is_open && digest_equal(&given, &service->setup.digest);
    lock_give(&service->setup.lock);
    return is_right;
}

static ErrCode hash_setup(Exchange *exchange, Err *err)
{
    SignIn *sign_in = exchange->plan.state;
    return password_keep(&exchange->service->node->keyring, exchange->service->cost,
                         sign_in->password, sign_in->renewed, err);
}

static ErrCode work_setup(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    SignIn *sign_in = exchange->plan.state;
    const AccountWish wish = {.name = sign_in->name,
                              .stored = sign_in->renewed,
                              .is_first = true,
                              .grants = account_first_grants,
                              .grant_count = account_first_grant_count};
    TRY(account_add(engine, NULL, &wish, &sign_in->id, err));
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, 64 * KIB);
    Account account;
    TRY(account_load(engine_store(engine), sign_in->id, &arena, &account, err));
    return begin_session(engine, exchange, account.key, err);
}

static ErrCode encode_setup(Exchange *exchange, Err *err)
{
    Service *service = exchange->service;
    lock_take(&service->setup.lock);
    service->setup.is_open = false;
    lock_give(&service->setup.lock);
    give_back_tries(exchange);
    return encode_begun(exchange, err);
}

static ErrCode decode_setup(Exchange *exchange, SignIn *sign_in, Err *err)
{
    TRY(exchange_body_text(exchange, "code", 64, &sign_in->typed_code, err));
    TRY(exchange_body_text(exchange, "name", 4 * ACCOUNT_NAME_MAX, &sign_in->name, err));
    TRY(exchange_body_text(exchange, "password", PASSWORD_BYTES_MAX, &sign_in->password, err));
    TRY(account_name_check(sign_in->name, err));
    const Text about_me[] = {sign_in->name, exchange->service->node->name};
    const PasswordWish wish = {.password = sign_in->password,
                               .is_privileged = true,
                               .about_me = about_me,
                               .about_me_count = 2};
    return password_check(&wish, err);
}

ErrCode handle_setup(Exchange *exchange, Err *err)
{
    TRY(exchange_state(exchange, sizeof(SignIn), err));
    SignIn *sign_in = exchange->plan.state;
    Service *service = exchange->service;
    bool exist = false;
    TRY(accounts_exist(exchange->store, &exist, err));
    if (exist) return err_set(err, ERR_CONFLICT, "this node is set up already; sign in");
    uint64_t wait_ms = 0;
    sign_in->address_key = rate_key(&service->by_address, address_household(&exchange->peer));
    if (!rate_take(&service->by_address, sign_in->address_key,
                   host_monotonic_ms(service->node->host), &wait_ms)) {
        (void)refuse_for_now(exchange, wait_ms);
        return OK;
    }
    TRY(decode_setup(exchange, sign_in, err));
    if (!takes_code(service, sign_in->typed_code))
        return err_set(err, ERR_DENIED,
                       "this is not the code that the server showed when it was started");
    sign_in->device = device_make(service->node->host);
    sign_in->sid = sid_make(service->node->host);
    exchange->plan.hash = hash_setup;
    exchange->plan.work = work_setup;
    exchange->plan.encode = encode_setup;
    return OK;
}

/* ------------------------------------------------------------------------------- signing out */

static ErrCode work_sign_out(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const Actor actor = exchange_actor(exchange);
    TRY(session_end(engine, &exchange->session.digest, err));
    return engine_audit(engine, &actor, "logout", exchange->session.name, true, TEXT(""), TEXT(""),
                        err);
}

static void forget(Exchange *exchange)
{
    Reply *reply = &exchange->reply;
    session_cookie_end(exchange->service->is_tls, reply->cookies[reply->cookie_count++]);
    reply->clears_site = true;
}

static ErrCode encode_sign_out(Exchange *exchange, Err *err)
{
    (void)err;
    forget(exchange);
    return OK;
}

ErrCode handle_sign_out(Exchange *exchange, Err *err)
{
    (void)err;
    exchange->plan.work = work_sign_out;
    exchange->plan.encode = encode_sign_out;
    return OK;
}

/* ------------------------------------------------------------------------ one's own password */

typedef struct Change {
    Account account;
    Text old;
    Text new;
    bool has_matched;
    uint64_t key;
    char stored[PASSWORD_STORED_MAX];
} Change;

static ErrCode hash_password(Exchange *exchange, Err *err)
{
    Change *change = exchange->plan.state;
    const Keyring *keyring = &exchange->service->node->keyring;
    TRY(password_matches(keyring, change->old, change->account.stored.at, &change->has_matched,
                         err));
    if (!change->has_matched) return OK;
    return password_keep(keyring, exchange->service->cost, change->new, change->stored, err);
}

static ErrCode work_password(Engine *engine, Exchange *exchange, Err *err) ONLY_ON(writer_role)
{
    const Change *change = exchange->plan.state;
    const Actor actor = exchange_actor(exchange);
    if (!change->has_matched)
        return engine_audit(engine, &actor, "password_changed", change->account.name, false,
                            TEXT(""), TEXT(""), err);
    return account_set_password(engine, &actor, change->account.id, change->stored, false, err);
}

static ErrCode encode_password(Exchange *exchange, Err *err)
{
    const Change *change = exchange->plan.state;
    if (!change->has_matched) return err_set(err, ERR_DENIED, "the old password is not right");
    rate_give(&exchange->service->by_device, change->key,
              host_monotonic_ms(exchange->service->node->host));
    forget(exchange);
    return OK;
}

ErrCode handle_password(Exchange *exchange, Err *err)
{
    TRY(exchange_state(exchange, sizeof(Change), err));
    Change *change = exchange->plan.state;
    Service *service = exchange->service;
    TRY(exchange_body_text(exchange, "old", PASSWORD_BYTES_MAX, &change->old, err));
    TRY(exchange_body_text(exchange, "new", PASSWORD_BYTES_MAX, &change->new, err));
    TRY(account_load(exchange->store, exchange->session.account_id, &exchange->arena,
                     &change->account, err));
    const Text about_me[] = {change->account.name, service->node->name};
    const PasswordWish wish = {.password = change->new,
                               .is_privileged = grants_are_privileged(&exchange->session.grants),
                               .about_me = about_me,
                               .about_me_count = 2};
    TRY(password_check(&wish, err));
    if (text_equal(change->old, change->new))
        return err_set(err, ERR_INVALID, "the new password is the old one");
    uint64_t wait_ms = 0;
    change->key = rate_key(&service->by_device, digest_bytes(&exchange->session.digest));
    if (!rate_take(&service->by_device, change->key, host_monotonic_ms(service->node->host),
                   &wait_ms)) {
        (void)refuse_for_now(exchange, wait_ms);
        return OK;
    }
    exchange->plan.hash = hash_password;
    exchange->plan.work = work_password;
    exchange->plan.encode = encode_password;
    return OK;
}
