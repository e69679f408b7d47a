/*
 * Durable commands against the same rows written by plain SQLite.
 *
 * Three copies of one node: on the first the engine runs a round of commands while the peer takes
 * down the rows that come about; on the second it runs them again, timed; into the third the peer
 * writes the rows, timed. Each of the timed ones goes through its round without a break.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "bench/peer.h"
#include "host/role.h"
#include "journal/hlc.h"
#include "store/query.h"
#include "store/things.h"

#define ROUND_MAX 1500 /* commands */

/* Whom and what commands can be about. */
typedef struct Cast {
    int64_t *keys;
    Id *ids;
    size_t count;
} Cast;

typedef struct Writing {
    Bench *bench;
    OpenNode watched; /* by the peer */
    OpenNode timed;
    Peer *peer;
    Cast persons;
    Cast projects;
    uint64_t chance;
    uint64_t op_number;
    bool is_peer_first;
    int64_t person_keys[ROUND_MAX]; /* of each command of the round */
    int64_t project_keys[ROUND_MAX];
    Id ops[ROUND_MAX];
    Command *commands;
    double row_count;
    double row_bytes;
    size_t command_count;
} Writing;

static size_t pick(Writing *writing, size_t count)
{
    writing->chance = writing->chance * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (size_t)(writing->chance >> 33) % count;
}

static void load_cast(Writing *writing, KindCode kind, size_t most, Cast *cast)
{
    Err err;
    const int64_t shard = writing->watched.node.shard;
    cast->keys = calloc(most, sizeof cast->keys[0]);
    cast->ids = calloc(most, sizeof cast->ids[0]);
    if (cast->keys == NULL || cast->ids == NULL) give_up("there is not enough memory");
    for (int64_t key = 1; cast->count < most; key++) {
        KindCode its_kind = KIND_NONE;
        if (thing_kind(writing->watched.store, shard, key, &its_kind, &err) != OK) break;
        if (its_kind != kind) continue;
        cast->keys[cast->count] = key;
        must(thing_id(writing->watched.store, shard, key, &cast->ids[cast->count], &err), &err);
        cast->count++;
    }
}

/* The next posting of somebody: a month or a year, from some day this year on. */
static Command next_command(Writing *writing, size_t at)
{
    const size_t person = pick(writing, writing->persons.count);
    const size_t project = pick(writing, writing->projects.count / 2) * 2 + 1; /* active ones */
    const Day from = population_today() - 30 + (Day)pick(writing, 200);
    Command command = {.action = ACTION_ADD, .kind = vocab_kind(KIND_POSTING)};
    command.op = id_make(hlc_stamp(host_now_ms(host_real()), 0), ++writing->op_number, 0);
    command.record.kind = command.kind;
    record_set_ref(&command.record, POSTING_PERSON, writing->persons.ids[person]);
    record_set_ref(&command.record, POSTING_PROJECT, writing->projects.ids[project]);
    record_set_int(&command.record, POSTING_FROM, from);
    record_set_int(&command.record, POSTING_TO, from + 30 + (Day)pick(writing, 330));
    record_set_int(&command.record, POSTING_SOURCE, SOURCE_IS_ROSTER);
    writing->person_keys[at] = writing->persons.keys[person];
    writing->project_keys[at] = writing->projects.keys[project];
    writing->ops[at] = command.op;
    return command;
}

static void run_group(OpenNode *open, const Command *commands, size_t count) ONLY_ON(writer_role)
{
    Err err;
    Engine *engine = open->engine;
    must(engine_begin(engine, &err), &err);
    for (size_t i = 0; i < count; i++) {
        AUTO(arena_done) Arena arena = {0};
        Answer answer;
        arena_init(&arena, ARENA_COMMAND_BYTES);
        must(engine_execute(engine, &open->actor, &commands[i], &arena, &answer, &err), &err);
        if (answer.status != ANSWER_DONE) give_up("a command was refused: %s", answer.detail);
    }
    must(engine_commit(engine, &err), &err);
    ChangeSet set;
    (void)engine_take_changes(engine, &set); /* as the writer does; nobody follows them here */
}

/* Runs the round where the peer looks on. */
static void run_watched(Writing *writing, size_t group_size, size_t groups)
{
    peer_begin_round(writing->peer);
    for (size_t g = 0; g < groups; g++) {
        const size_t first = g * group_size;
        const PeerGroup group = {writing->person_keys + first, writing->project_keys + first,
                                 writing->ops + first, group_size};
        peer_look_before(writing->peer, &group);
        run_group(&writing->watched, writing->commands + first, group_size);
        peer_look_after(writing->peer, &group);
    }
    writing->row_count += (double)peer_row_count(writing->peer);
    writing->row_bytes += peer_row_bytes(writing->peer);
    writing->command_count += group_size * groups;
}

static double time_engine(Writing *writing, size_t group_size, size_t groups)
{
    const double began = now_us();
    for (size_t g = 0; g < groups; g++)
        run_group(&writing->timed, writing->commands + g * group_size, group_size);
    return now_us() - began;
}

static double time_peer(Writing *writing)
{
    const double began = now_us();
    peer_write(writing->peer);
    return now_us() - began;
}

/* One round: as many groups, by the engine and by the peer; they take turns in going first. */
static void run_round(Writing *writing, size_t group_size, size_t groups, double *out_engine_us,
                      double *out_peer_us)
{
    for (size_t i = 0; i < group_size * groups; i++)
        writing->commands[i] = next_command(writing, i);
    run_watched(writing, group_size, groups);
    writing->is_peer_first = !writing->is_peer_first;
    if (writing->is_peer_first) *out_peer_us = time_peer(writing);
    *out_engine_us = time_engine(writing, group_size, groups);
    if (!writing->is_peer_first) *out_peer_us = time_peer(writing);
}

static void measure_groups(Writing *writing, size_t group_size, size_t groups, double limit)
{
    Times engine = {0};
    Times peer = {0};
    Times ratio = {0};
    char name[FIGURE_TEXT_MAX];
    double engine_us = 0.0;
    double peer_us = 0.0;
    writing->row_count = 0.0;
    writing->row_bytes = 0.0;
    writing->command_count = 0;
    run_round(writing, group_size, groups, &engine_us, &peer_us); /* to warm up */
    for (size_t i = 0; i < writing->bench->sizes->write_rounds; i++) {
        run_round(writing, group_size, groups, &engine_us, &peer_us);
        times_add(&engine, engine_us);
        times_add(&peer, peer_us);
        times_add(&ratio, peer_us / engine_us);
    }
    const double commands = (double)(group_size * groups);
    const double per_command = (double)writing->command_count;
    snprintf(name, sizeof name, "posting.add, groups of %zu: share of plain SQLite", group_size);
    figure_add(&writing->bench->figures, name, times_median(&ratio), "x", AT_LEAST, limit,
               "%.0f/s against %.0f/s; %.1f rows, %.0f bytes of text and bytes a command",
               commands / times_median(&engine) * 1e6, commands / times_median(&peer) * 1e6,
               writing->row_count / per_command, writing->row_bytes / per_command);
    times_done(&engine);
    times_done(&peer);
    times_done(&ratio);
}

void measure_writing(Bench *bench)
{
    BenchNode base;
    BenchNode watched;
    BenchNode timed;
    BenchNode copy;
    static Writing writing;
    const Sizes *sizes = bench->sizes;
    node_in_bulk(bench->root, sizes->write_people, &base);
    node_copy(bench->root, "written-watched", &base, &watched);
    node_copy(bench->root, "written-timed", &base, &timed);
    node_copy(bench->root, "written-plainly", &base, &copy);
    writing = (Writing){.bench = bench, .chance = 7};
    writing.commands = calloc(ROUND_MAX, sizeof writing.commands[0]);
    if (writing.commands == NULL) give_up("there is not enough memory");
    node_hold(&writing.watched, host_real(), watched.directory);
    node_hold(&writing.timed, host_real(), timed.directory);
    load_cast(&writing, KIND_PERSON, sizes->write_people, &writing.persons);
    load_cast(&writing, KIND_PROJECT, 2 * base.population.site_count, &writing.projects);
    writing.peer = peer_open(watched.database, copy.database);
    measure_groups(&writing, 1, sizes->groups_of_1, 0.9);
    measure_groups(&writing, 100, sizes->groups_of_100, 0.5);
    measure_groups(&writing, 500, sizes->groups_of_500, 0.5);
    peer_compare(writing.peer);
    peer_close(writing.peer);
    node_let_go(&writing.timed);
    node_let_go(&writing.watched);
    free(writing.commands);
    free(writing.persons.keys);
    free(writing.persons.ids);
    free(writing.projects.keys);
    free(writing.projects.ids);
}
