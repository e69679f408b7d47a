/*
 * Deploying one item to every project of a company, as one command: one entry for each project.
 *
 * The projects are added by commands, so the node is as a company of that size has it. Each time
 * the engine has only just started: it looks up the stream of each project, and hashes what is
 * behind the last signature there.
 */
#include <stdio.h>

#include "base/limits.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "host/role.h"
#include "journal/hlc.h"

#define DEPLOY_LIMIT_S 1.0

typedef struct Deploying {
    OpenNode open;
    uint64_t op_number;
    Id unit;
} Deploying;

static Id run_one(Deploying *deploying, Command *command) ONLY_ON(writer_role)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    Answer answer;
    arena_init(&arena, ARENA_COMMAND_BYTES);
    command->op = id_make(hlc_stamp(host_now_ms(host_real()), 0), ++deploying->op_number, 0);
    must(engine_execute(deploying->open.engine, &deploying->open.actor, command, &arena, &answer,
                        &err),
         &err);
    if (answer.status != ANSWER_DONE) give_up("a command was refused: %s", answer.detail);
    return answer.ids[0];
}

static void begin(Deploying *deploying) ONLY_ON(writer_role)
{
    Err err;
    must(engine_begin(deploying->open.engine, &err), &err);
}

static void commit(Deploying *deploying) ONLY_ON(writer_role)
{
    Err err;
    ChangeSet set;
    must(engine_commit(deploying->open.engine, &err), &err);
    (void)engine_take_changes(deploying->open.engine, &set);
}

static void add_projects(Deploying *deploying, size_t count) ONLY_ON(writer_role)
{
    Command command = {.action = ACTION_ADD, .kind = vocab_kind(KIND_UNIT)};
    command.record.kind = command.kind;
    record_set_text(&command.record, UNIT_NAME, TEXT("工程公司"));
    begin(deploying);
    deploying->unit = run_one(deploying, &command);
    command = (Command){.action = ACTION_ADD, .kind = vocab_kind(KIND_PROJECT)};
    command.record.kind = command.kind;
    record_set_ref(&command.record, PROJECT_UNIT, deploying->unit);
    record_set_int(&command.record, PROJECT_FROM, node_today(&deploying->open.node) - 30);
    for (size_t i = 0; i < count; i++) {
        char name[40];
        (void)snprintf(name, sizeof name, "第%zu标段", i);
        record_set_text(&command.record, PROJECT_NAME, text_from_z(name));
        (void)run_one(deploying, &command);
    }
    commit(deploying);
}

/* Durable: until its commit has returned. */
static double deploy(Deploying *deploying) ONLY_ON(writer_role)
{
    Command command = {.action = ACTION_DEPLOY, .kind = vocab_kind(KIND_ITEM)};
    command.record.kind = command.kind;
    record_set_ref(&command.record, ITEM_UNIT, deploying->unit);
    record_set_text(&command.record, ITEM_TITLE, TEXT("立塔前查一遍地脚螺栓"));
    record_set_text(&command.record, ITEM_DONE_WHEN, TEXT("逐基有检查表和照片"));
    record_set_int(&command.record, ITEM_GOAL, GOAL_IS_SAFETY);
    record_set_int(&command.record, ITEM_MODE, ITEM_MODE_IS_COMMON);
    record_set_int(&command.record, ITEM_FOR_CREW, 1);
    record_set_int(&command.record, ITEM_DUE, node_today(&deploying->open.node) + 10);
    const double began = now_us();
    begin(deploying);
    (void)run_one(deploying, &command);
    commit(deploying);
    return now_us() - began;
}

void measure_deploy(Bench *bench)
{
    BenchNode node;
    static Deploying deploying;
    Times times = {0};
    char name[FIGURE_TEXT_MAX];
    const size_t count = bench->sizes->deploy_projects;
    node_empty(bench->root, "deploying", &node);
    deploying = (Deploying){.op_number = 0};
    node_hold(&deploying.open, host_real(), node.directory);
    writer_expect();
    add_projects(&deploying, count);
    for (size_t i = 0; i < bench->sizes->deploy_count; i++) {
        node_let_go(&deploying.open); /* an engine that knows no stream yet */
        node_hold(&deploying.open, host_real(), node.directory);
        times_add(&times, deploy(&deploying));
    }
    snprintf(name, sizeof name, "item.deploy to %zu projects", count);
    figure_add(&bench->figures, name, times_median(&times) / 1e6, "s", AT_MOST, DEPLOY_LIMIT_S,
               "%.0f entries a second; the median of %zu",
               (double)count / times_median(&times) * 1e6, bench->sizes->deploy_count);
    times_done(&times);
    node_let_go(&deploying.open);
}
