#include <inttypes.h>

#include "api/server.h"
#include "cli/cli.h"
#include "engine/rebuild.h"
#include "host/log_file.h"
#include "host/process.h"
#include "host/signals.h"
#include "host/thread.h"
#include "sync/keeper.h"
#include "view/board.h"
#include "view/duty_board.h"

#define LISTEN_DEFAULT "127.0.0.1:8600"
#define LOOK_AFTER_MS  1000 /* how often somebody looks whether the database still works */
#define STANDARD_ERROR 2

/* Everything a running node holds, ended in the reverse order. */
typedef struct Running {
    Node node;
    Store *store;
    Engine *engine;
    Changes *changes;
    Board *board;
    Writer *writer;
    Server *server;
    Keeper *keeper;
} Running;

static void running_stop(Running *running)
{
    Err err;
    keeper_stop(&running->keeper);
    server_stop(&running->server);
    writer_stop(&running->writer);
    board_close(&running->board);
    changes_close(&running->changes);
    if (running->engine != NULL) {
        writer_begin(); /* the writer's thread has ended: this one takes its place */
        if (engine_sign_all(running->engine, &err) != OK) /* then at the next start */
            log_event(LOG_WARN, "cli", "not_signed", log_word("code", err_name(err.code)));
        writer_end();
    }
    engine_close(&running->engine);
    store_close(&running->store);
    node_close(&running->node);
    log_end(); /* last, because all of these may log */
}

static void warm_up_duties(Running *running)
{
    Err err;
    const DutyDay *month = NULL;
    const Day today = node_today(&running->node);
    DutyBoard *board = board_duties(running->board);
    const DutyDayAsk ask = {today, duty_period(PERIOD_MONTH, today),
                            running->node.utc_offset_minutes};
    if (duty_board_take(board, running->store, &ask, &month, &err) != OK)
        log_failure(LOG_WARN, "cli", "duties_not_read", &err);
    duty_board_give(board, &month);
}

/* Loads what the board of today needs, so that the first who asks does not wait for it. */
static void warm_up(Running *running)
{
    Err err;
    const BoardDay *today = NULL;
    if (board_take(running->board, running->store, node_today(&running->node), &today, &err) != OK)
        log_failure(LOG_WARN, "cli", "board_not_read", &err);
    board_give(running->board, &today);
    warm_up_duties(running);
}

static ErrCode start(Running *running, const Options *options, Err *err)
{
    const char *listen = option_value(options, "--listen");
    Address address;
    TRY(address_parse(text_from_z(listen == NULL ? LISTEN_DEFAULT : listen), &address, err));
    TRY(node_open(&running->node, host_real(), options->positionals[0], err));
    TRY(node_open_writer(&running->node, &running->store, err));
    TRY(engine_open(&running->engine, &running->node, running->store, err));
    writer_begin();
    const ErrCode code = engine_rebuild_if_needed(running->engine, err);
    writer_end();
    if (code != OK) return code;
    changes_open(&running->changes, engine_version(running->engine));
    board_open(&running->board, running->node.pack, running->node.shard, running->changes);
    warm_up(running);
    TRY(writer_start(&running->writer, running->engine, running->changes, err));
    const ServerOptions server = {
        .node = &running->node,
        .writer = running->writer,
        .changes = running->changes,
        .board = running->board,
        .address = address,
        .certificate = option_value(options, "--tls-cert"),
        .key = option_value(options, "--tls-key"),
        .version = TONGPIN_VERSION,
        .assets = assets,
        .asset_count = asset_count,
    };
    TRY(server_start(&running->server, &server, err));
    return keeper_start(&running->keeper, &running->node, running->writer, running->changes, err);
}

static ErrCode say_ready(Running *running, const Options *options, Err *err)
{
    char text[ADDRESS_TEXT_MAX];
    char code[CODE_TEXT_MAX];
    bool needed = false;
    const Address address = server_address(running->server);
    const bool is_tls = option_given(options, "--tls-cert");
    printf("%.*s: %s://%s\n", TEXT_ARG(running->node.name), is_tls ? "https" : "http",
           address_write(&address, text));
    TRY(server_setup_code(running->server, code, &needed, err));
    if (needed)
        printf("There is no account yet. Open the address and make the first one with the code %s\n"
               "还没有账号：打开上面的地址，用一次性代码 %s 建立第一个账号\n",
               code, code);
    if (fflush(stdout) != 0) return err_set(err, ERR_IO, "standard output cannot be written");
    return OK;
}

ErrCode cli_serve(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(running_stop) Running running = {0};
    LogFile log = {.host = host_real(), .descriptor = STANDARD_ERROR};
    const LogSink sink = log_file_sink(&log, LOG_INFO);
    if (option_given(options, "--tls-cert") != option_given(options, "--tls-key")) {
        *out_exit = EXIT_USAGE;
        return err_set(err, ERR_INVALID, "--tls-cert and --tls-key are given together");
    }
    log_begin(&sink);
    process_hide_memory();
    signals_begin();
    TRY(start(&running, options, err));
    TRY(say_ready(&running, options, err));
    while (signals_wait(LOOK_AFTER_MS) != WISH_STOP)
        if (writer_has_failed(running.writer))
            return err_set(err, ERR_IO,
                           "the database failed and was left; see that its disk is "
                           "well and not full, then start again");
    return OK;
}
