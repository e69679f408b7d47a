/*
 * Two nodes in one process that speak to each other: what their messages weigh and how fast what
 * arrives is proven, taken in and on the disk; and the same entries on a stick.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/chatter.h"
#include "bench/measure.h"
#include "bench/must.h"
#include "bench/program.h"
#include "host/role.h"
#include "store/things.h"
#include "sync/message.h"
#include "sync/outgoing.h"
#include "sync/session.h"

#define HTTP_HEADS 190 /* bytes of a request's and an answer's head, as our client and server say */
#define BATCH      500
#define SINGLES    100

typedef struct Meeting {
    Bench *bench;
    BenchNode box_place;
    BenchNode hq_place;
    OpenNode box;
    OpenNode hq;
    Peer box_peer;
    Peer hq_peer;
    Chatter chatter;
    Squeeze *squeeze;
    Buf request;
    Buf answer;
} Meeting;

static Peer peer_of(const Node *node)
{
    return (Peer){.name = TEXT("peer"),
                  .node_short = node->node_short,
                  .key = signing_key_public(&node->signing_key),
                  .warrant = {.is_everything = true}};
}

static void make_unit(Meeting *meeting)
{
    Err err;
    AUTO(tx_rollback) Tx tx = {0};
    int64_t key = 0;
    const Node *node = &meeting->box.node;
    meeting->chatter.unit = id_make(hlc_stamp(UINT64_C(1780000000000), 0), node->node_short, 0);
    must(tx_begin(&tx, meeting->box.store, &err), &err);
    must(thing_add(meeting->box.store, node->shard, meeting->chatter.unit, KIND_UNIT, &key, &err),
         &err);
    must(tx_commit(&tx, &err), &err);
}

static void meet(Meeting *meeting, Bench *bench)
{
    Err err;
    *meeting = (Meeting){.bench = bench};
    node_empty(bench->root, "sync-box", &meeting->box_place);
    node_empty(bench->root, "sync-hq", &meeting->hq_place);
    node_hold(&meeting->box, host_real(), meeting->box_place.directory);
    node_hold(&meeting->hq, host_real(), meeting->hq_place.directory);
    meeting->box_peer = peer_of(&meeting->box.node);
    meeting->hq_peer = peer_of(&meeting->hq.node);
    must(peers_add(meeting->box.store, &meeting->hq_peer, &err), &err);
    must(peers_add(meeting->hq.store, &meeting->box_peer, &err), &err);
    meeting->chatter = (Chatter){.node = &meeting->box.node, .store = meeting->box.store};
    make_unit(meeting);
    must(squeeze_open(&meeting->squeeze, &err), &err);
    buf_init(&meeting->request, MESSAGE_BYTES_MAX);
    buf_init(&meeting->answer, MESSAGE_BYTES_MAX);
}

static void part(Meeting *meeting)
{
    buf_done(&meeting->request);
    buf_done(&meeting->answer);
    squeeze_close(&meeting->squeeze);
    node_let_go(&meeting->box);
    node_let_go(&meeting->hq);
}

/* What is written beside the engine, and signed as soon as it starts anew. */
static void write_signed(Meeting *meeting, size_t count)
{
    Err err;
    engine_close(&meeting->box.engine);
    chatter_write(&meeting->chatter, count, BATCH);
    must(engine_open(&meeting->box.engine, &meeting->box.node, meeting->box.store, &err), &err);
}

typedef struct Spoken {
    size_t request_bytes;
    size_t answer_bytes;
    double asking_us;
    double answering_us;
    SessionResult result;
} Spoken;

static Spoken speak(Meeting *meeting, size_t budget_bytes)
{
    Err err;
    SessionResult there;
    const SessionBudget budget = {.bytes = budget_bytes, .squeeze = meeting->squeeze};
    Spoken spoken = {0};
    writer_expect();
    const double began = now_us();
    must(engine_begin(meeting->box.engine, &err), &err);
    must(session_ask(meeting->box.engine, &meeting->hq_peer, &budget, &meeting->request, &err),
         &err);
    must(engine_commit(meeting->box.engine, &err), &err);
    const double asked = now_us();
    must(engine_begin(meeting->hq.engine, &err), &err);
    must(session_answer(meeting->hq.engine, &meeting->box_peer, buf_as_bytes(&meeting->request),
                        &budget, &meeting->answer, &there, &err),
         &err);
    must(engine_commit(meeting->hq.engine, &err), &err);
    spoken.answering_us = now_us() - asked;
    if (there.bad_count > 0) give_up("%s", there.bad.words);
    must(engine_begin(meeting->box.engine, &err), &err);
    must(session_take(meeting->box.engine, &meeting->hq_peer, buf_as_bytes(&meeting->answer),
                      &budget, &spoken.result, &err),
         &err);
    must(engine_commit(meeting->box.engine, &err), &err);
    spoken.asking_us = asked - began;
    spoken.request_bytes = meeting->request.size;
    spoken.answer_bytes = meeting->answer.size;
    return spoken;
}

static Spoken speak_to_the_end(Meeting *meeting, double *out_answering_us, size_t *out_bytes)
{
    Spoken spoken = {.result.is_more = true};
    *out_answering_us = 0;
    *out_bytes = 0;
    while (spoken.result.is_more) {
        spoken = speak(meeting, 0);
        *out_answering_us += spoken.answering_us;
        *out_bytes += spoken.request_bytes + spoken.answer_bytes;
    }
    if (!spoken.result.is_in_step) give_up("they did not get in step");
    return spoken;
}

static void measure_small(Meeting *meeting)
{
    Figures *figures = &meeting->bench->figures;
    double answering_us = 0;
    size_t bytes = 0;
    write_signed(meeting, BATCH);
    (void)speak_to_the_end(meeting, &answering_us, &bytes);
    const Spoken idle = speak(meeting, 0);
    const double idle_bytes = (double)(idle.request_bytes + idle.answer_bytes);
    figure_add(figures, "idle session: both messages with their HTTP heads",
               idle_bytes + HTTP_HEADS, "bytes", AT_MOST, 300, "%zu and %zu without",
               idle.request_bytes, idle.answer_bytes);
    write_signed(meeting, BATCH);
    const Spoken batch = speak(meeting, 0);
    figure_add(figures, "an entry on the wire, batches of 500",
               ((double)batch.request_bytes - (double)idle.request_bytes) / BATCH, "bytes", AT_MOST,
               25, "real-length Chinese texts");
    (void)speak_to_the_end(meeting, &answering_us, &bytes);
    double sum = 0;
    for (int i = 0; i < SINGLES; i++) {
        chatter_write(&meeting->chatter, 1, 1); /* no hour has passed: it is not signed yet */
        sum += (double)speak(meeting, 0).request_bytes - (double)idle.request_bytes;
    }
    figure_add(figures, "a single live entry on the wire", sum / SINGLES, "bytes", AT_MOST, 60,
               "above an idle request");
    (void)speak_to_the_end(meeting, &answering_us, &bytes);
}

static void measure_ingest(Meeting *meeting)
{
    const size_t count = meeting->bench->sizes->sync_entries / 5;
    double answering_us = 0;
    size_t sent = 0;
    for (size_t at = 0; at < count; at += BATCH) {
        write_signed(meeting, BATCH);
        const Spoken spoken = speak(meeting, 0);
        answering_us += spoken.answering_us;
        sent += BATCH;
    }
    figure_add(&meeting->bench->figures, "headquarters takes in, batches of 500, durable",
               (double)sent / (answering_us / 1e6), "entries/s", AT_LEAST, 20000, "%zu entries",
               sent);
}

/* What was done before is not counted. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file == NULL) return;
    (void)fputs("5", file);
    (void)fclose(file);
}

static void measure_catch_up(Meeting *meeting)
{
    Figures *figures = &meeting->bench->figures;
    const size_t count = meeting->bench->sizes->sync_entries;
    double answering_us = 0;
    size_t bytes = 0;
    write_signed(meeting, count);
    const Program itself = {.process = getpid()};
    forget_peak();
    const double before_mib = program_memory(&itself).now_mib;
    (void)speak_to_the_end(meeting, &answering_us, &bytes);
    figure_add(figures, "catch-up of 100,000 entries: proven, taken in, durable",
               answering_us / 1e6 * 100000 / (double)count, "s", AT_MOST, 5, "%zu entries, %.0f kB",
               count, (double)bytes / 1000);
    figure_add(figures, "catch-up of 100,000 entries over 512 kbit/s",
               ((double)bytes * 8 / 512000 + answering_us / 1e6) * 100000 / (double)count, "s",
               AT_MOST, 40, "worked out from bytes and time");
    figure_add(figures, "memory that syncing adds to two nodes",
               program_memory(&itself).most_mib - before_mib, "MiB", AT_MOST, 64,
               "32 each; %.0f MiB with all else in this process", program_memory(&itself).most_mib);
}

void measure_sync(Bench *bench)
{
    static Meeting meeting;
    meet(&meeting, bench);
    measure_small(&meeting);
    measure_ingest(&meeting);
    measure_catch_up(&meeting);
    part(&meeting);
}

/* ---- the dictionary ---- */

#define SAMPLES 30000

static void write_sample(Meeting *meeting, const StreamName *name, int64_t stream, uint64_t first,
                         size_t count)
{
    Lean lean;
    Err err;
    AUTO(buf_done) Buf sample = {0};
    char path[NODE_PATH_MAX + 32];
    buf_init(&sample, 64 * 1024);
    lean_begin(&lean, name, 0);
    must(outgoing_show(meeting->box.store, stream, first, &lean, &err), &err);
    must(outgoing_entries(meeting->box.store, stream, first, first + count - 1, &lean, &sample,
                          &err),
         &err);
    (void)snprintf(path, sizeof path, "%s/samples/%06u", meeting->bench->root, (unsigned)first);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(sample.at, 1, sample.size, file) != sample.size)
        give_up("cannot write %s", path);
    (void)fclose(file);
}

void write_samples(Bench *bench)
{
    static Meeting meeting;
    Err err;
    int64_t stream = 0;
    char path[NODE_PATH_MAX + 32];
    meet(&meeting, bench);
    (void)snprintf(path, sizeof path, "%s/samples", bench->root);
    (void)mkdir(path, 0700);
    meeting.chatter.is_for_training = true;
    chatter_write(&meeting.chatter, SAMPLES, BATCH);
    const StreamName name = {.node_short = meeting.box.node.node_short,
                             .scope = meeting.chatter.unit};
    must(stream_row_find(meeting.box.store, &name, &stream, &err), &err);
    for (uint64_t first = 1; first + 4 < SAMPLES; first += 1 + first % 4)
        write_sample(&meeting, &name, stream, first, 1 + first % 4);
    part(&meeting);
}
