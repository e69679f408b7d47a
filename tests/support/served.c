#include "support/served.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/session.h"
#include "base/doc.h"
#include "base/limits.h"
#include "cli/cli.h"

/* As cheap as the library allows: these tests are not about Argon2. */
#define CHEAP ((PasswordCost){.passes = 1, .memory_bytes = 8192})

static void must(ErrCode code, const Err *err)
{
    if (code != OK) fprintf(stderr, "%s\n", err->message);
    assert(code == OK);
}

static const Asset pages[] = {
    {.path = "/index.html",
     .mime = "text/html; charset=utf-8",
     .etag = "\"page\"",
     .gzip = {(const uint8_t *)"packed", 6}},
    {.path = "/assets/app-12345678.js",
     .mime = "text/javascript",
     .etag = "\"script\"",
     .gzip = {(const uint8_t *)"script", 6},
     .is_hashed = true},
};

static void open_all(Served *served)
{
    Err err;
    must(node_open(&served->node, host_real(), served->directory, &err), &err);
    if (served->is_unlimited) served->node.requests_per_second = 0;
    must(node_open_writer(&served->node, &served->store, &err), &err);
    must(engine_open(&served->engine, &served->node, served->store, &err), &err);
    changes_open(&served->changes, engine_version(served->engine));
    must(writer_start(&served->writer, served->engine, served->changes, &err), &err);
    board_open(&served->board, served->node.pack, served->node.shard, served->changes);
    ServerOptions options = {.node = &served->node,
                             .writer = served->writer,
                             .changes = served->changes,
                             .board = served->board,
                             .version = "0.0.0-test",
                             .assets = pages,
                             .asset_count = sizeof pages / sizeof pages[0],
                             .password_cost = CHEAP,
                             .query_cpu_ms = served->query_cpu_ms};
    must(address_parse(TEXT("127.0.0.1:0"), &options.address, &err), &err);
    must(server_start(&served->server, &options, &err), &err);
    const Address address = server_address(served->server);
    served->port = address_port(&address);
}

static void close_all(Served *served)
{
    server_stop(&served->server);
    writer_stop(&served->writer);
    board_close(&served->board);
    changes_close(&served->changes);
    engine_close(&served->engine);
    store_close(&served->store);
    node_close(&served->node);
}

static void make_root(Served *served)
{
    Err err;
    *served = (Served){0};
    must(seal_begin(&err), &err);
    const bool is_made = scratch_directory("served", served->root);
    assert(is_made);
}

void served_start_demo(Served *served)
{
    char name[] = "tongpin";
    char command[] = "demo";
    char quiet[] = "--quiet";
    make_root(served);
    char *const words[] = {name, command, served->root, quiet, NULL};
    const int code = cli_main(4, words);
    assert(code == 0);
    (void)snprintf(served->directory, sizeof served->directory, "%s/hq", served->root);
    served->is_unlimited = true;
    open_all(served);
}

void served_start(Served *served)
{
    Err err;
    make_root(served);
    (void)snprintf(served->directory, sizeof served->directory, "%s", served->root);
    const NodeWish wish = {.name = TEXT("测试节点"), .role = NODE_HQ, .is_unlimited = true};
    must(node_init(host_real(), served->directory, &wish, &err), &err);
    open_all(served);
}

void served_end(Served *served)
{
    close_all(served);
}

void served_begin(Served *served)
{
    open_all(served);
}

void served_restart(Served *served)
{
    close_all(served);
    open_all(served);
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *place)
{
    (void)facts, (void)type, (void)place;
    return remove(path);
}

void served_stop(Served *served)
{
    close_all(served);
    nftw(served->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

typedef struct AddWork {
    Served *served;
    AccountWish wish;
    const char *json;
    Id id;
} AddWork;

static ErrCode add_account(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    AddWork *work = job->context;
    return account_add(engine, NULL, &work->wish, &work->id, err);
}

Id served_account(Served *served, const char *name, const GrantWish *grants, size_t grant_count)
{
    return served_account_of(served, name, (Id){{0}}, grants, grant_count);
}

Id served_account_of(Served *served, const char *name, Id person, const GrantWish *grants,
                     size_t grant_count)
{
    Err err;
    char stored[PASSWORD_STORED_MAX];
    must(password_keep(&served->node.keyring, CHEAP, TEXT(SERVED_PASSWORD), stored, &err), &err);
    AddWork work = {.served = served,
                    .wish = {.name = text_from_z(name),
                             .person = person,
                             .stored = stored,
                             .grants = grants,
                             .grant_count = grant_count}};
    Job job = {.work = add_account, .context = &work};
    must(writer_run(served->writer, &job, &err), &err);
    return work.id;
}

void served_sign_in(Served *served, HttpClient *client, const char *name)
{
    char body[256];
    http_init(client, served->port);
    snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, SERVED_PASSWORD);
    const unsigned status = http_ask(client, "POST", "/api/v1/session", body);
    if (status != 200) fprintf(stderr, "%s: %u %s\n", name, status, http_body(client));
    assert(status == 200);
    const char *token = strstr(http_body(client), "\"csrf\":\"");
    assert(token != NULL);
    snprintf(client->csrf, sizeof client->csrf, "%.43s", token + 8);
}

typedef struct AgeWork {
    Digest old;
    Digest new;
    int64_t given_ms;
} AgeWork;

static ErrCode age_password(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const AgeWork *work = job->context;
    return session_renew(engine, &work->old, &work->new, work->given_ms, err);
}

void served_age_password(Served *served, HttpClient *client, int64_t ms)
{
    Err err;
    Sid old;
    const Sid new = sid_make(host_real());
    for (size_t i = 0; i < client->cookie_count; i++) {
        if (!session_read_cookie(client->cookies[i], false, &old)) continue;
        AgeWork work = {.old = sid_digest(&old),
                        .new = sid_digest(&new),
                        .given_ms = (int64_t)host_now_ms(host_real()) - ms};
        Job job = {.work = age_password, .context = &work};
        must(writer_run(served->writer, &job, &err), &err);
        char cookie[COOKIE_TEXT_MAX];
        session_cookie(&new, (SessionLimits){0}, false, cookie);
        snprintf(client->cookies[i], sizeof client->cookies[i], "%.*s", (int)strcspn(cookie, ";"),
                 cookie);
        (void)sid_csrf(&new, client->csrf);
        return;
    }
    assert(false); /* not signed in */
}

static ErrCode run_command(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    AddWork *work = job->context;
    AUTO(doc_done) Doc doc = {0};
    AUTO(arena_done) Arena arena = {0};
    arena_init(&arena, ARENA_COMMAND_BYTES);
    const Reach reach = reach_everything();
    const Actor actor = {.reach = &reach, .write = &reach};
    Command command;
    Answer answer;
    TRY(doc_parse(&doc, bytes_of(text_from_z(work->json)), err));
    TRY(command_decode(doc.root, &command, err));
    TRY(engine_execute(engine, &actor, &command, &arena, &answer, err));
    if (answer.status != ANSWER_DONE) return err_set(err, ERR_INVALID, "%s", answer.detail);
    if (answer.id_count > 0) work->id = answer.ids[0];
    return OK;
}

Id served_command(Served *served, const char *json)
{
    Err err;
    AddWork work = {.served = served, .json = json};
    Job job = {.work = run_command, .context = &work};
    const ErrCode code = writer_run(served->writer, &job, &err);
    if (code != OK) fprintf(stderr, "%s\n", json);
    must(code, &err);
    return work.id;
}
