#include "sync/keeper.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/log.h"
#include "host/thread.h"
#include "sync/message.h"
#include "sync/round.h"

#define TICK_MS     1000
#define SCAN_MS     30000
#define ARENA_BYTES ((size_t)4 << 20)

typedef struct Due {
    Peer peer;
    LineEnd end;
    uint64_t last_ms;
    uint64_t next_ms; /* by the clock that never steps back */
    unsigned failures;
    int64_t version; /* of the data when it was asked last */
    bool is_there;   /* found by the last scan */
} Due;

struct Keeper {
    Arena arena; /* of this struct */
    const Node *node;
    Writer *writer;
    Changes *changes;
    Store *store;
    Line *line;
    Thread thread;
    Gate stopped;
    atomic_bool is_over;
    uint64_t scanned_ms;
    Arena names; /* of the peers */
    Due due[KEEPER_PEERS_MAX];
    size_t count;
};

uint64_t keeper_wait_ms(unsigned failures, unsigned retry_s, uint64_t random)
{
    uint64_t ms = UINT64_C(1000) * KEEPER_USUAL_S;
    if (failures > 0) {
        const unsigned doubled = failures > 10 ? 10 : failures - 1;
        ms = UINT64_C(1000) * KEEPER_FAILED_S << doubled;
        if (ms > UINT64_C(1000) * KEEPER_FAILED_S_MAX) ms = UINT64_C(1000) * KEEPER_FAILED_S_MAX;
    }
    if (retry_s > 0) ms = UINT64_C(1000) * retry_s;
    return ms + random % (ms / 4 + 1);
}

/* ---- the work, on the writer's thread ---- */

typedef struct Piece {
    Job job;
    Keeper *keeper;
    Due *due;
    Buf *out;     /* of a question */
    Bytes answer; /* or this is taken in */
    SessionResult result;
} Piece;

static ErrCode ask_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const Piece *piece = job->context;
    const SessionBudget budget = {.bytes = ROUND_ASK_BYTES};
    buf_clear(piece->out);
    return session_ask(engine, &piece->due->peer, &budget, piece->out, err);
}

static ErrCode take_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    Piece *piece = job->context;
    return session_take(engine, &piece->due->peer, piece->answer, NULL, &piece->result, err);
}

static ErrCode keep_work(Engine *engine, Job *job, Err *err) ONLY_ON(writer_role)
{
    const Piece *piece = job->context;
    return line_end_save(engine_store(engine), piece->due->peer.node_short, &piece->due->end, err);
}

static ErrCode run_piece(Piece *piece, ErrCode (*work)(Engine *engine, Job *job, Err *err),
                         Err *err)
{
    piece->job = (Job){.work = work, .context = piece};
    return writer_run(piece->keeper->writer, &piece->job, err);
}

static ErrCode ask(void *context, Buf *out, Err *err)
{
    Piece *piece = context;
    piece->out = out;
    return run_piece(piece, ask_work, err);
}

static ErrCode take(void *context, Bytes answer, SessionResult *out_result, Err *err)
{
    Piece *piece = context;
    piece->answer = answer;
    TRY(run_piece(piece, take_work, err));
    *out_result = piece->result;
    return OK;
}

/* ---- a round ---- */

static uint64_t draw(const Keeper *keeper)
{
    uint64_t random = 0;
    host_random(keeper->node->host, (uint8_t *)&random, sizeof random);
    return random >> 1;
}

static void note(Keeper *keeper, Due *due, ErrCode code, const RoundReport *report, const Err *why)
{
    const bool is_well = code == OK && report->retry_s == 0;
    /* What is said once is not said again with every try. */
    if (!is_well && due->failures == 0 && code != OK)
        log_failure(LOG_WARN, "sync", "not_in_step", why);
    if (is_well && due->failures > 0)
        log_event(LOG_INFO, "sync", "line_again", log_int("failures", due->failures));
    due->failures = is_well || report->retry_s > 0 ? 0 : due->failures + 1;
    due->last_ms = host_monotonic_ms(keeper->node->host);
    due->next_ms = due->last_ms + keeper_wait_ms(due->failures, report->retry_s, draw(keeper));
}

static void go(Keeper *keeper, Due *due)
{
    Err err;
    Err why;
    RoundReport report;
    Piece piece = {.keeper = keeper, .due = due};
    const RoundWork work = {ask, take, &piece};
    const int64_t version = changes_version(keeper->changes);
    const ErrCode code =
        round_run(keeper->line, keeper->node, &due->peer, &due->end, &work, &report, &err);
    due->version = code == OK ? changes_version(keeper->changes) : version;
    note(keeper, due, code, &report, &err);
    if (run_piece(&piece, keep_work, &why) != OK) /* then the next round begins with a greeting */
        log_failure(LOG_WARN, "sync", "line_not_kept", &why);
}

/* ---- whom to ask ---- */

static void put_peer(Keeper *keeper, const Peer *peer, const LineEnd *end)
{
    Due *due = NULL;
    for (size_t i = 0; i < keeper->count && due == NULL; i++)
        if (keeper->due[i].peer.node_short == peer->node_short) due = &keeper->due[i];
    if (due == NULL) {
        if (keeper->count == KEEPER_PEERS_MAX) return;
        due = &keeper->due[keeper->count++];
        /* Not all at once after a power cut, and not much later. */
        const uint64_t now = host_monotonic_ms(keeper->node->host);
        *due = (Due){.end = *end, .next_ms = now + draw(keeper) % TICK_MS, .version = -1};
    }
    due->peer = *peer;
    due->is_there = true;
}

static ErrCode scan(Keeper *keeper, Err *err)
{
    Peers peers;
    arena_done(&keeper->names);
    arena_init(&keeper->names, ARENA_BYTES);
    for (size_t i = 0; i < keeper->count; i++)
        keeper->due[i].is_there = false;
    TRY(peers_load(keeper->store, &keeper->names, &peers, err));
    for (size_t i = 0; i < peers.count; i++) {
        LineEnd end;
        TRY(line_end_load(keeper->store, peers.items[i].node_short, &end, err));
        if (end.url[0] != '\0') put_peer(keeper, &peers.items[i], &end);
    }
    return OK;
}

static void tick(Keeper *keeper)
{
    Err err;
    const uint64_t now = host_monotonic_ms(keeper->node->host);
    if (keeper->scanned_ms == 0 || now >= keeper->scanned_ms + SCAN_MS) {
        keeper->scanned_ms = now;
        if (scan(keeper, &err) != OK) log_failure(LOG_WARN, "sync", "peers_not_read", &err);
    }
    for (size_t i = 0; i < keeper->count && !atomic_load(&keeper->is_over); i++) {
        Due *due = &keeper->due[i];
        const bool is_news = due->failures == 0 && due->version >= 0 &&
                             changes_version(keeper->changes) != due->version &&
                             now >= due->last_ms + UINT64_C(1000) * KEEPER_CHANGED_S;
        if (due->is_there && (is_news || now >= due->next_ms)) go(keeper, due);
    }
}

static void run(void *context)
{
    Keeper *keeper = context;
    while (!gate_wait_for(&keeper->stopped, TICK_MS))
        tick(keeper);
}

/* ---- start and stop ---- */

ErrCode keeper_start(Keeper **out_keeper, const Node *node, Writer *writer, Changes *changes,
                     Err *err)
{
    Arena arena;
    arena_init(&arena, sizeof(Keeper) + 64);
    Keeper *keeper = arena_new(&arena, Keeper);
    if (keeper == NULL) return err_set(err, ERR_LIMIT, "no room to keep in step");
    keeper->arena = arena;
    keeper->node = node;
    keeper->writer = writer;
    keeper->changes = changes;
    gate_init(&keeper->stopped);
    arena_init(&keeper->names, ARENA_BYTES);
    ErrCode code = node_open_reader(node, 0, &keeper->store, err);
    if (code == OK) code = line_open(&keeper->line, err);
    if (code == OK) {
        line_end_when(keeper->line, &keeper->is_over);
        code = thread_start(&keeper->thread, "sync", run, keeper, err);
    }
    *out_keeper = keeper;
    if (code != OK) keeper_stop(out_keeper);
    return code;
}

void keeper_stop(Keeper **keeper)
{
    Keeper *self = *keeper;
    if (self == NULL) return;
    atomic_store(&self->is_over, true);
    if (self->thread.is_started) gate_open(&self->stopped);
    thread_join(&self->thread);
    line_close(&self->line);
    store_close(&self->store);
    gate_done(&self->stopped);
    arena_done(&self->names);
    Arena arena = self->arena;
    arena_done(&arena);
    *keeper = NULL;
}
