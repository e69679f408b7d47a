#include "api/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/guard.h"
#include "api/streams.h"

Exchange *exchange_new(Service *service, const char *uri)
{
    Arena arena;
    arena_init(&arena, ARENA_REQUEST_BYTES);
    Exchange *exchange = arena_new(&arena, Exchange);
    assert(exchange != NULL); /* far below the limit */
    exchange->service = service;
    exchange->arena = arena;
    reply_init(&exchange->reply);
    buf_init(&exchange->body, BODY_BYTES_MAX);
    const size_t size = strlen(uri);
    char *copy = arena_array(&exchange->arena, char, size + 1);
    assert(copy != NULL); /* an address fits into the head of a request */
    memcpy(copy, uri, size);
    exchange->uri = (Text){copy, size};
    return exchange;
}

void exchange_done(Exchange *exchange)
{
    assert(exchange->store == NULL);
    if (exchange->reply.stream != NULL) stream_close(exchange->reply.stream);
    doc_done(&exchange->doc);
    reply_done(&exchange->reply);
    if (exchange->body.at != NULL) secret_wipe(exchange->body.at, exchange->body.size);
    buf_done(&exchange->body);
    Arena arena = exchange->arena;
    arena_done(&arena);
}

int64_t exchange_now_ms(const Exchange *exchange)
{
    return (int64_t)host_now_ms(exchange->service->node->host);
}

bool exchange_has_plan(const Exchange *exchange)
{
    return exchange->plan.hash != NULL || exchange->plan.work != NULL;
}

/* Reads that show the facts: their answer is the same as long as nothing was committed. */
static bool depends_on_version_only(const Route *route)
{
    return route->method == METHOD_GET &&
           (route->permission == MAY_READ || route->permission == MAY_READ_PEOPLE ||
            route->permission == MAY_MOVE);
}

/* W/"version-hash of who asks what on which day". */
static void write_etag(Exchange *exchange)
{
    const Service *service = exchange->service;
    const Session *session = &exchange->session;
    const Day today = node_today(service->node);
    Hash hash;
    hash_init(&hash);
    hash_add(&hash, id_bytes(&session->account_id));
    for (size_t i = 0; i < session->grants.count; i++) {
        const int64_t grant[2] = {session->grants.items[i].role, session->grants.items[i].scope};
        hash_add(&hash, (Bytes){(const uint8_t *)grant, sizeof grant});
    }
    hash_add(&hash, (Bytes){(const uint8_t *)&today, sizeof today});
    hash_add(&hash, bytes_of(exchange->uri));
    const Digest digest = hash_result(&hash);
    char text[DIGEST_TEXT_MAX];
    snprintf(exchange->reply.etag, sizeof exchange->reply.etag, "W/\"%lld-%.24s\"",
             (long long)changes_version(service->changes), digest_write(&digest, text));
}

static void write_body_etag(Exchange *exchange)
{
    char text[DIGEST_TEXT_MAX];
    const Digest digest = hash_of(buf_as_bytes(&exchange->reply.body));
    snprintf(exchange->reply.etag, sizeof exchange->reply.etag, "W/\"%.32s\"",
             digest_write(&digest, text));
}

static bool answer_not_modified(Exchange *exchange)
{
    if (!header_has_etag(exchange->headers.if_none_match, exchange->reply.etag)) return false;
    buf_clear(&exchange->reply.body);
    exchange->reply.borrowed = (Bytes){0};
    exchange->reply.status = 304;
    exchange->reply.type = NULL;
    return true;
}

static ErrCode check_members(const Exchange *exchange, Err *err)
{
    const char *list = exchange->match.route->body;
    void *cursor = NULL;
    Text key;
    const DocValue *value;
    while (doc_next(exchange->doc.root, &cursor, &key, &value)) {
        Text rest = text_from_z(list);
        Text word;
        bool is_must;
        bool is_known = false;
        while (route_word(&rest, &word, &is_must))
            if (text_equal(word, key)) is_known = true;
        if (!is_known)
            return err_set(err, ERR_INVALID, "\"%.*s\" does not belong in this body",
                           key.size > 40 ? 40 : (int)key.size, key.at);
    }
    Text rest = text_from_z(list);
    Text word;
    bool is_must;
    while (route_word(&rest, &word, &is_must)) {
        char name[32];
        snprintf(name, sizeof name, "%.*s", TEXT_ARG(word));
        if (is_must && doc_type(doc_get(exchange->doc.root, name)) == DOC_NONE)
            return err_set(err, ERR_INVALID, "the body lacks \"%s\"", name);
    }
    return OK;
}

static ErrCode parse_body(Exchange *exchange, Err *err)
{
    const Route *route = exchange->match.route;
    if (route_takes_bytes(route)) return OK;
    if (route->body[0] == '\0') {
        if (exchange->body.size > 0 && route->method == METHOD_GET)
            return err_set(err, ERR_INVALID, "a question has no body");
        return OK;
    }
    TRY(doc_parse(&exchange->doc, buf_as_bytes(&exchange->body), err));
    if (doc_type(exchange->doc.root) != DOC_OBJECT)
        return err_set(err, ERR_INVALID, "the body is to be a JSON object");
    return check_members(exchange, err);
}

static ErrCode run_route(Exchange *exchange, Err *err)
{
    const Route *route = exchange->match.route;
    bool is_admitted = false;
    TRY(guard_admit(exchange, &is_admitted, err));
    if (!is_admitted) return OK;
    exchange->reply.status = route->status;
    TRY(route_params(route, exchange->match.query, &exchange->arena, &exchange->params, err));
    TRY(parse_body(exchange, err));
    if (depends_on_version_only(route)) {
        write_etag(exchange);
        if (answer_not_modified(exchange)) return OK;
    }
    TRY(route->handle(exchange, err));
    const bool is_read = route->method == METHOD_GET && !exchange_has_plan(exchange);
    if (is_read && exchange->reply.etag[0] == '\0' && exchange->reply.body.size > 0) {
        write_body_etag(exchange);
        (void)answer_not_modified(exchange); /* either way the reply stands */
    }
    return OK;
}

/* A path of the web app is answered with its one page, which then shows what belongs there. */
static void answer_page(Exchange *exchange)
{
    const Service *service = exchange->service;
    Reply *reply = &exchange->reply;
    const Asset *found = NULL;
    for (size_t i = 0; i < service->asset_count && found == NULL; i++)
        if (text_is(exchange->match.path, service->assets[i].path)) found = &service->assets[i];
    const bool is_file = text_contains(exchange->match.path, TEXT("."));
    for (size_t i = 0; i < service->asset_count && found == NULL && !is_file; i++)
        if (strcmp(service->assets[i].path, "/index.html") == 0) found = &service->assets[i];
    if (found == NULL) {
        reply_problem(reply, 404, "not_found", "there is nothing at this address");
        return;
    }
    reply->type = found->mime;
    reply->borrowed = found->gzip;
    reply->is_gzip = true;
    reply->cache = found->is_hashed ? "public, max-age=31536000, immutable" : "no-cache";
    snprintf(reply->etag, sizeof reply->etag, "%s", found->etag);
    (void)answer_not_modified(exchange); /* either way the reply stands */
}

static void answer_unmatched(Exchange *exchange)
{
    Reply *reply = &exchange->reply;
    switch (exchange->match.kind) {
    case MATCH_METHOD:
        reply_problem(reply, 405, "invalid", "this address is not for that method");
        reply->allowed = exchange->match.allowed;
        return;
    case MATCH_API:
        reply_problem(reply, 404, "not_found", "there is nothing at this address");
        return;
    case MATCH_PAGE: answer_page(exchange); return;
    case MATCH_ROUTE: assert(false);
    }
}

/* A failure that is not the client's is also told to the log, once, here where it ends. */
static void answer_failure(Exchange *exchange, const Err *err)
{
    reply_failure(&exchange->reply, err);
    if (err->code == ERR_IO || err->code == ERR_CORRUPT)
        log_failure(LOG_WARN, "api", "request_failed", err);
}

void exchange_run(Exchange *exchange)
{
    Service *service = exchange->service;
    if (exchange->match.kind != MATCH_ROUTE) {
        answer_unmatched(exchange);
        return;
    }
    if (exchange->is_body_too_large) {
        reply_problem(&exchange->reply, 413, "limit", "the body is larger than may be");
        return;
    }
    Err err;
    ErrCode code = readers_borrow(service->readers, &exchange->store, &err);
    if (code == OK) code = run_route(exchange, &err);
    readers_return(service->readers, &exchange->store);
    if (code == OK) return;
    exchange->plan = (Plan){0};
    answer_failure(exchange, &err);
}

void exchange_finish(Exchange *exchange)
{
    Err err;
    if (exchange->code == OK && exchange->plan.encode != NULL) {
        exchange->code = readers_borrow(exchange->service->readers, &exchange->store, &err);
        if (exchange->code == OK) exchange->code = exchange->plan.encode(exchange, &err);
        readers_return(exchange->service->readers, &exchange->store);
        if (exchange->code != OK) exchange->err = err;
    }
    if (exchange->code != OK) answer_failure(exchange, &exchange->err);
}

ErrCode exchange_view(Exchange *exchange, View *out_view, Err *err)
{
    const Service *service = exchange->service;
    View view = {.store = exchange->store,
                 .board = service->board,
                 .pack = service->node->pack,
                 .shard = service->node->shard,
                 .utc_offset_minutes = service->node->utc_offset_minutes,
                 .on = node_today(service->node),
                 .arena = &exchange->arena};
    const Text on = params_find(&exchange->params, "on");
    if (on.size > 0 && day_parse(on, &view.on, err) != OK) return err_context(err, "\"on\"");
    TRY(reach_load(exchange->store, view.shard, exchange->session.grants.items,
                   exchange->session.grants.count, (Permission)exchange->match.route->permission,
                   &exchange->arena, &view.reach, err));
    *out_view = view;
    return OK;
}

static ErrCode param_number(const Exchange *exchange, const char *name, int64_t most,
                            int64_t otherwise, int64_t *out_number, Err *err)
{
    const Text text = params_find(&exchange->params, name);
    *out_number = otherwise;
    if (text.size == 0) return OK;
    int64_t number = 0;
    Err ignored;
    if (text_to_int(text, &number, &ignored) != OK || number < 1 || number > most)
        return err_set(err, ERR_INVALID, "\"%s\" is a number from 1 to %lld", name,
                       (long long)most);
    *out_number = number;
    return OK;
}

#define PAGE_NUMBER_MAX 1000000

ErrCode exchange_list(Exchange *exchange, ListAsk *out_ask, Err *err)
{
    ListAsk ask = {.query = text_trim(params_find(&exchange->params, "q"))};
    TRY(param_number(exchange, "page", PAGE_NUMBER_MAX, 1, &ask.page, err));
    TRY(param_number(exchange, "size", PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT, &ask.size, err));
    if (params_find(&exchange->params, "unit").size > 0)
        TRY(exchange_param_id(exchange, "unit", &ask.unit, err));
    const Text kind = params_find(&exchange->params, "kind");
    if (kind.size > 0) {
        const FieldInfo *field = vocab_field(vocab_kind(KIND_GROUP), GROUP_KIND);
        const Choice *choice = vocab_choice_named(field->among, kind);
        if (choice == NULL) return err_set(err, ERR_INVALID, "\"kind\" is party, union or crew");
        ask.kind = choice->number;
    }
    *out_ask = ask;
    return OK;
}

ErrCode exchange_param_id(Exchange *exchange, const char *name, Id *out_id, Err *err)
{
    if (id_parse(params_find(&exchange->params, name), out_id, err) != OK)
        return err_context(err, "\"%s\"", name);
    return OK;
}

ErrCode exchange_body_text(Exchange *exchange, const char *name, size_t size_max, Text *out_text,
                           Err *err)
{
    const DocValue *value = doc_get(exchange->doc.root, name);
    if (doc_type(value) != DOC_TEXT || doc_text(value).size == 0)
        return err_set(err, ERR_INVALID, "\"%s\" is missing or not a text", name);
    if (doc_text(value).size > size_max)
        return err_set(err, ERR_INVALID, "\"%s\" has at most %zu bytes", name, size_max);
    *out_text = doc_text(value);
    return OK;
}

ErrCode exchange_state(Exchange *exchange, size_t size, Err *err)
{
    exchange->plan.state = arena_alloc(&exchange->arena, 1, size);
    if (exchange->plan.state == NULL) return err_set(err, ERR_LIMIT, "the request is too large");
    return OK;
}

Actor exchange_actor(const Exchange *exchange)
{
    return (Actor){.id = exchange->session.account_id, .person = exchange->session.person};
}

ErrCode exchange_emit_person(Exchange *exchange, Key person, Emit *emit, Err *err)
{
    PersonName name;
    bool found = false;
    char id[ID_TEXT_MAX];
    TRY(account_person(exchange->store, exchange->service->node->shard, person, &exchange->arena,
                       &found, &name, err));
    if (!found) {
        emit_null_at(emit, "person");
        return OK;
    }
    emit_key(emit, "person");
    emit_open_object(emit);
    emit_z_at(emit, "id", id_write(name.id, id));
    emit_text_at(emit, "name", name.name);
    emit_close_object(emit);
    return OK;
}

ErrCode exchange_emit_roles(Exchange *exchange, const Grants *grants, Emit *emit, Err *err)
{
    emit_key(emit, "roles");
    emit_open_array(emit);
    for (size_t i = 0; i < grants->count; i++) {
        const Grant grant = grants->items[i];
        emit_open_object(emit);
        emit_z_at(emit, "role", role_info((int)grant.role)->name);
        if (grant.scope == 0) {
            emit_null_at(emit, "scope");
        } else {
            ScopeCard card;
            char id[ID_TEXT_MAX];
            TRY(scope_card(exchange->store, exchange->service->node->shard, grant.scope,
                           &exchange->arena, &card, err));
            emit_key(emit, "scope");
            emit_open_object(emit);
            emit_z_at(emit, "id", id_write(card.id, id));
            emit_text_at(emit, "name", card.name);
            emit_close_object(emit);
        }
        emit_close_object(emit);
    }
    emit_close_array(emit);
    return OK;
}
