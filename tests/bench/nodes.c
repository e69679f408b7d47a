#include "bench/nodes.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/header.h"
#include "api/session.h"
#include "base/limits.h"
#include "bench/bulk.h"
#include "bench/company.h"
#include "bench/figures.h"
#include "bench/must.h"
#include "bench/programmes.h"
#include "bench/work.h"
#include "host/file.h"
#include "journal/hlc.h"
#include "seal/password.h"
#include "store/state_hash.h"

#define MADE_MS      UINT64_C(1767225600000) /* 2026-01-01: the clock while a node is made */
#define NOTE_FILE    "made-from"
#define NOTE_MAX     400
#define GROUP_COUNT  500
#define ACCOUNT_NAME "bench"
#define GENERATION   2 /* of how nodes are made here; raise it to have all made anew */

/* ---- a host that stands ---- */

static uint64_t still_now_ms(void *context)
{
    (void)context;
    return MADE_MS;
}

/* The same bytes each time, so that whoever seals the same text gets the same bytes, in whatever
 * order they go about it. These nodes hold no secrets. */
static void still_bytes(void *context, uint8_t *out, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(37 * i + 11);
}

static const Host *still_host(void)
{
    static Host host;
    host = *host_real();
    host.now_ms = still_now_ms;
    host.random_bytes = still_bytes;
    return &host;
}

/* ---- directories ---- */

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *place)
{
    (void)facts, (void)type, (void)place;
    return remove(path);
}

static void remove_all(const char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void name_node(const char *root, const char *name, BenchNode *node)
{
    *node = (BenchNode){0};
    mkdir(root, 0755); /* or it is there */
    snprintf(node->directory, sizeof node->directory, "%s/%s", root, name);
    snprintf(node->database, sizeof node->database, "%s/%s/tongpin.db", root, name);
}

/* Makes the directory, the keys and the empty tables. */
static void init_node(const Host *host, const BenchNode *node)
{
    Err err;
    OpenNode open;
    const NodeWish wish = {.name = TEXT("bench"), .role = NODE_HQ, .is_unlimited = true};
    remove_all(node->directory);
    must(node_init(host, node->directory, &wish, &err), &err);
    node_hold(&open, host, node->directory);
    node_let_go(&open);
}

void node_empty(const char *root, const char *name, BenchNode *out_node)
{
    name_node(root, name, out_node);
    init_node(host_real(), out_node);
}

static int copy_one(const char *from, const char *to)
{
    char command[2 * NODE_PATH_MAX + 32];
    snprintf(command, sizeof command, "cp -a '%s' '%s'", from, to);
    return system(command);
}

void node_copy(const char *root, const char *name, const BenchNode *from, BenchNode *out_node)
{
    name_node(root, name, out_node);
    out_node->population = from->population;
    remove_all(out_node->directory);
    if (copy_one(from->directory, out_node->directory) != 0)
        give_up("%s cannot be copied", from->directory);
}

static double counted_mib;

static int count_one(const char *path, const struct stat *facts, int type, struct FTW *place)
{
    (void)path, (void)type, (void)place;
    counted_mib += (double)facts->st_size / (1 << 20);
    return 0;
}

double node_mib(const BenchNode *node)
{
    counted_mib = 0.0;
    nftw(node->directory, count_one, 16, FTW_PHYS);
    return counted_mib;
}

/* ---- holding one ---- */

void node_hold(OpenNode *open, const Host *host, const char *directory)
{
    Err err;
    *open = (OpenNode){.reach = reach_everything()};
    must(node_open(&open->node, host, directory, &err), &err);
    must(node_open_writer(&open->node, &open->store, &err), &err);
    must(engine_open(&open->engine, &open->node, open->store, &err), &err);
    open->actor = (Actor){.reach = &open->reach, .write = &open->reach};
}

void node_let_go(OpenNode *open)
{
    Err err;
    must(engine_sign_all(open->engine, &err), &err);
    engine_close(&open->engine);
    store_close(&open->store);
    node_close(&open->node);
}

/* ---- the note beside one ---- */

static void describe(const char *root, const char *how, size_t people, size_t entries,
                     char out[NOTE_MAX])
{
    Err err;
    OpenNode open;
    BenchNode sample;
    AUTO(arena_done) Arena arena = {0};
    Text shape = {0};
    bool found = false;
    name_node(root, "sample", &sample);
    init_node(still_host(), &sample);
    node_hold(&open, still_host(), sample.directory);
    arena_init(&arena, MIB);
    must(meta_find(open.store, TEXT("derived"), &arena, &found, &shape, &err), &err);
    snprintf(out, NOTE_MAX, "%s people=%zu entries=%zu seed=%llu generation=%d schema=%d %.*s\n",
             how, people, entries, (unsigned long long)population_of(people).seed, GENERATION,
             STORE_SCHEMA, TEXT_ARG(shape));
    node_let_go(&open);
    remove_all(sample.directory);
}

static bool is_there(const BenchNode *node, const char *note)
{
    char path[NODE_PATH_MAX + 32];
    char there[NOTE_MAX] = "";
    snprintf(path, sizeof path, "%s/" NOTE_FILE, node->directory);
    FILE *file = fopen(path, "re");
    if (file == NULL) return false;
    const bool is_read = fgets(there, sizeof there, file) != NULL;
    fclose(file);
    return is_read && strcmp(there, note) == 0;
}

static void leave_note(const BenchNode *node, const char *note)
{
    char path[NODE_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/" NOTE_FILE, node->directory);
    FILE *file = fopen(path, "we");
    if (file == NULL || fputs(note, file) < 0 || fclose(file) != 0)
        give_up("%s cannot be written", path);
}

/* ---- in bulk ---- */

static void fill_in_bulk(const BenchNode *node)
{
    Err err;
    Node open = {0};
    static Bulk bulk;
    must(node_open(&open, still_host(), node->directory, &err), &err);
    bulk_open(&bulk, &open, node->database);
    company_tell(&node->population, bulk_take, &bulk);
    bulk_close(&bulk);
    node_close(&open);
}

void node_in_bulk(const char *root, size_t people, BenchNode *out_node)
{
    char name[64];
    char note[NOTE_MAX];
    snprintf(name, sizeof name, "people-%zu", people);
    describe(root, "bulk", people, 0, note);
    name_node(root, name, out_node);
    out_node->population = population_of(people);
    if (is_there(out_node, note)) return;
    const double began = now_us();
    init_node(still_host(), out_node);
    fill_in_bulk(out_node);
    leave_note(out_node, note);
    out_node->made_s = (now_us() - began) * 1e-6;
}

typedef void (*Teller)(size_t sites, Day today, FactTaker take, void *context);

/* A node of sites with what the teller says of them. */
static void node_of_sites(const char *root, const char *what, const char *name, size_t sites,
                          Teller teller, BenchNode *out_node)
{
    Err err;
    char note[NOTE_MAX];
    Node open = {0};
    static Bulk bulk;
    describe(root, what, PEOPLE_PER_SITE, sites, note);
    name_node(root, name, out_node);
    out_node->population = population_of(PEOPLE_PER_SITE);
    out_node->population.site_count = sites;
    if (is_there(out_node, note)) return;
    const double began = now_us();
    init_node(still_host(), out_node);
    must(node_open(&open, still_host(), out_node->directory, &err), &err);
    bulk_open(&bulk, &open, out_node->database);
    teller(sites, out_node->population.today, bulk_take, &bulk);
    bulk_close(&bulk);
    node_close(&open);
    leave_note(out_node, note);
    out_node->made_s = (now_us() - began) * 1e-6;
}

void node_of_work(const char *root, size_t sites, BenchNode *out_node)
{
    char name[64];
    snprintf(name, sizeof name, "sites-%zu", sites);
    node_of_sites(root, "work", name, sites, work_tell, out_node);
}

void node_of_programmes(const char *root, size_t sites, BenchNode *out_node)
{
    char name[64];
    snprintf(name, sizeof name, "programmes-%zu", sites);
    node_of_sites(root, "programmes", name, sites, programmes_tell, out_node);
}

/* ---- by the engine ---- */

typedef struct Filling {
    OpenNode open;
    size_t command_count;
    Id *persons;
    size_t person_count;
    Id *postings;
    size_t posting_count;
} Filling;

static void execute(Filling *filling, Command *command, Id *out_id) ONLY_ON(writer_role)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Answer answer;
    arena_init(&arena, ARENA_COMMAND_BYTES);
    Engine *engine = filling->open.engine;
    if (filling->command_count % GROUP_COUNT == 0) must(engine_begin(engine, &err), &err);
    filling->command_count++;
    command->op = id_make(hlc_stamp(MADE_MS, 0) + filling->command_count, 1, 1);
    must(engine_execute(engine, &filling->open.actor, command, &arena, &answer, &err), &err);
    if (answer.status != ANSWER_DONE) give_up("a command was refused: %s", answer.detail);
    if (out_id != NULL) *out_id = answer.ids[0];
    if (filling->command_count % GROUP_COUNT == 0) must(engine_commit(engine, &err), &err);
}

static Id take_by_engine(void *context, const Record *record) ONLY_ON(writer_role)
{
    Filling *filling = context;
    Id id;
    Command command = {.action = ACTION_ADD, .kind = record->kind, .record = *record};
    execute(filling, &command, &id);
    if (record->kind->code == KIND_PERSON) filling->persons[filling->person_count++] = id;
    if (record->kind->code == KIND_POSTING) filling->postings[filling->posting_count++] = id;
    return id;
}

/* Years of small changes: a posting that ends later, somebody who learned another trade. */
static void change_things(Filling *filling, size_t entries, Day today) ONLY_ON(writer_role)
{
    static const char *const trades[] = {"架线工", "安全员", "技术员"};
    for (size_t i = 0; filling->command_count < entries; i++) {
        const bool is_person = i % 3 == 0;
        const KindCode kind = is_person ? KIND_PERSON : KIND_POSTING;
        Command command = {.action = ACTION_CHANGE, .kind = vocab_kind((unsigned)kind)};
        command.record.kind = command.kind;
        if (is_person) {
            command.subject = filling->persons[i / 3 % filling->person_count];
            record_set_text(&command.record, PERSON_TRADE, text_from_z(trades[i / 9 % 3]));
        } else {
            command.subject = filling->postings[i % filling->posting_count];
            record_set_int(&command.record, POSTING_TO, today + 1 + (Day)(i % 200));
        }
        execute(filling, &command, NULL);
    }
}

static void fill_by_engine(const BenchNode *node, size_t entries)
{
    Err err;
    Filling filling = {0};
    filling.persons = calloc(node->population.person_count, sizeof(Id));
    filling.postings = calloc(node->population.person_count * WORKER_POSTINGS_MAX, sizeof(Id));
    if (filling.persons == NULL || filling.postings == NULL) give_up("there is not enough memory");
    node_hold(&filling.open, still_host(), node->directory);
    company_tell(&node->population, take_by_engine, &filling);
    change_things(&filling, entries, node->population.today);
    if (filling.command_count % GROUP_COUNT != 0)
        must(engine_commit(filling.open.engine, &err), &err);
    node_let_go(&filling.open);
    free(filling.persons);
    free(filling.postings);
}

void node_by_engine(const char *root, size_t people, size_t entries, BenchNode *out_node)
{
    char name[64];
    char note[NOTE_MAX];
    snprintf(name, sizeof name, "box-%zu-%zu", people, entries);
    describe(root, "engine", people, entries, note);
    name_node(root, name, out_node);
    out_node->population = population_of(people);
    if (is_there(out_node, note)) return;
    const double began = now_us();
    init_node(still_host(), out_node);
    fill_by_engine(out_node, entries);
    leave_note(out_node, note);
    out_node->made_s = (now_us() - began) * 1e-6;
}

/* ---- one state, two ways ---- */

static Digest hash_of_node(const BenchNode *node)
{
    Err err;
    Digest digest;
    OpenNode open;
    node_hold(&open, still_host(), node->directory);
    must(state_hash(open.store, &digest, &err), &err);
    node_let_go(&open);
    return digest;
}

void nodes_prove_bulk(const char *root, size_t people)
{
    BenchNode bulk;
    BenchNode engine;
    name_node(root, "proof-bulk", &bulk);
    name_node(root, "proof-engine", &engine);
    bulk.population = population_of(people);
    engine.population = bulk.population;
    init_node(still_host(), &bulk);
    init_node(still_host(), &engine);
    fill_in_bulk(&bulk);
    fill_by_engine(&engine, 0);
    const Digest one = hash_of_node(&bulk);
    const Digest other = hash_of_node(&engine);
    char text[DIGEST_TEXT_MAX];
    if (!digest_equal(&one, &other))
        give_up("written in bulk %zu people are not what the engine makes of them", people);
    printf("%zu people written in bulk and by the engine: the same state, %.16s…\n", people,
           digest_write(&one, text));
    remove_all(bulk.directory);
    remove_all(engine.directory);
}

/* ---- sessions ---- */

static void find_account(OpenNode *open, Arena *arena, Account *out_account) ONLY_ON(writer_role)
{
    Err err;
    Id id;
    bool found = false;
    char stored[PASSWORD_STORED_MAX];
    const GrantWish grant = {.role = ROLE_STAFF};
    must(account_find(open->store, TEXT(ACCOUNT_NAME), arena, &found, out_account, &err), &err);
    if (found) return;
    must(password_keep(&open->node.keyring, PASSWORD_COST_FLOOR, TEXT("not used: see the session"),
                       stored, &err),
         &err);
    const AccountWish wish = {
        .name = TEXT(ACCOUNT_NAME), .stored = stored, .grants = &grant, .grant_count = 1};
    must(engine_begin(open->engine, &err), &err);
    must(account_add(open->engine, NULL, &wish, &id, &err), &err);
    must(engine_commit(open->engine, &err), &err);
    must(account_load(open->store, id, arena, out_account, &err), &err);
}

void node_sign_in(const BenchNode *node, Pass *out_pass)
{
    Err err;
    OpenNode open;
    AUTO(arena_done) Arena arena = {0};
    Account account;
    char secret[BASE64_SIZE(SID_SIZE) + 1];
    const Sid sid = sid_make(host_real());
    const Digest digest = sid_digest(&sid);
    arena_init(&arena, MIB);
    node_hold(&open, host_real(), node->directory);
    find_account(&open, &arena, &account);
    must(engine_begin(open.engine, &err), &err);
    must(session_begin(open.engine, &digest, account.key, (int64_t)host_now_ms(host_real()), &err),
         &err);
    must(engine_commit(open.engine, &err), &err);
    node_let_go(&open);
    base64_write((Bytes){sid.at, sizeof sid.at}, secret);
    snprintf(out_pass->cookie, sizeof out_pass->cookie, "sid=%s", secret);
    snprintf(out_pass->csrf, sizeof out_pass->csrf, "%s", sid_csrf(&sid, (char[CSRF_TEXT_MAX]){0}));
}
