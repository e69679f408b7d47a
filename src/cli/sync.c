/* One exchange with another node over a line. */
#include <inttypes.h>
#include <string.h>

#include "cli/show.h"
#include "sync/round.h"

#define CLOCK_NOTED_MS 600000 /* ten minutes: so far a clock may be off without a word */

typedef struct Works {
    Hand *hand;
    const Peer *peer;
    Squeeze *squeeze;
} Works;

static ErrCode word_of(const char *z, Text *out_text, Err *err)
{
    return text_from_bytes((Bytes){(const uint8_t *)z, strlen(z)}, out_text, err);
}

/* What was begun is committed before anything leaves, or rolled back. */
static ErrCode end_group(Works *works, ErrCode code, Err *err) ONLY_ON(writer_role)
{
    if (code == OK) code = engine_commit(works->hand->engine, err);
    if (code != OK) engine_roll_back(works->hand->engine);
    return code;
}

static ErrCode ask(void *context, Buf *out, Err *err)
{
    Works *works = context;
    const SessionBudget budget = {.bytes = ROUND_ASK_BYTES, .squeeze = works->squeeze};
    writer_expect(); /* hand_open() made this thread the writer */
    TRY(engine_begin(works->hand->engine, err));
    return end_group(works, session_ask(works->hand->engine, works->peer, &budget, out, err), err);
}

static ErrCode take(void *context, Bytes answer, SessionResult *out_result, Err *err)
{
    Works *works = context;
    const SessionBudget budget = {.squeeze = works->squeeze};
    writer_expect(); /* likewise */
    TRY(engine_begin(works->hand->engine, err));
    return end_group(
        works, session_take(works->hand->engine, works->peer, answer, &budget, out_result, err),
        err);
}

/* The one that is named, or the only one whose address is known. */
static ErrCode choose_peer(const Options *options, Hand *hand, const Peers *peers,
                           const Peer **out_peer, LineEnd *out_place, Err *err)
{
    const char *with = option_value(options, "--with");
    const Peer *chosen = peers->count == 1 ? peers->items : NULL;
    Text name;
    if (peers->items == NULL)
        return err_set(err, ERR_INVALID, "this node has no peers yet: 'tongpin peers DIR add'");
    if (with != NULL) {
        TRY(word_of(with, &name, err));
        TRY(peer_named(peers, name, &chosen, err));
    }
    for (size_t i = 0; i < peers->count && chosen == NULL; i++) {
        TRY(line_end_load(hand->store, peers->items[i].node_short, out_place, err));
        if (out_place->url[0] != '\0') chosen = &peers->items[i];
    }
    if (chosen == NULL)
        return err_set(err, ERR_INVALID, "say with whom: --with NAME, a peer of this node");
    *out_peer = chosen;
    return line_end_load(hand->store, chosen->node_short, out_place, err);
}

static ErrCode take_url(const Options *options, const Peer *peer, LineEnd *place, Err *err)
{
    const char *url = options->positional_count > 1 ? options->positionals[1] : NULL;
    if (url != NULL && strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return err_set(err, ERR_INVALID, "an address begins with https:// or http://");
    if (url != NULL && strlen(url) > URL_TEXT_MAX)
        return err_set(err, ERR_INVALID, "an address has at most %d bytes", URL_TEXT_MAX);
    if (url != NULL && strcmp(url, place->url) != 0) {
        *place = (LineEnd){.url = ""};
        memcpy(place->url, url, strlen(url) + 1);
    }
    if (place->url[0] == '\0')
        return err_set(err, ERR_INVALID, "say where \"%.*s\" is: tongpin sync DIR URL",
                       TEXT_ARG(peer->name));
    return OK;
}

static void print_report(const Peer *peer, const RoundReport *report)
{
    const SessionResult *last = &report->last;
    printf("with %.*s: %" PRId64 " new entries, in %u questions; %" PRId64 " bytes out, %" PRId64
           " in\n",
           TEXT_ARG(peer->name), report->new_entries, report->asks, report->sent_bytes,
           report->received_bytes);
    if (report->asks == 0) return;
    if (last->is_in_step)
        printf("in step\n");
    else
        printf("not in step: %" PRId64 " entries are still there, %" PRId64 " here\n",
               last->behind_here, last->behind_there);
    if (last->clock_ahead_ms > CLOCK_NOTED_MS || last->clock_ahead_ms < -CLOCK_NOTED_MS)
        printf("its clock is %" PRId64 " minutes %s ours\n",
               (last->clock_ahead_ms < 0 ? -last->clock_ahead_ms : last->clock_ahead_ms) / 60000,
               last->clock_ahead_ms < 0 ? "behind" : "ahead of");
}

static ErrCode keep_place(Hand *hand, const Peer *peer, const LineEnd *place, Err *err)
{
    AUTO(tx_rollback) Tx tx = {0};
    TRY(tx_begin(&tx, hand->store, err));
    TRY(line_end_save(hand->store, peer->node_short, place, err));
    return tx_commit(&tx, err);
}

static ErrCode run(Hand *hand, const Peer *peer, LineEnd *place, RoundReport *out_report, Err *err)
{
    Works works = {.hand = hand, .peer = peer};
    const RoundWork work = {ask, take, &works};
    Line *line = NULL;
    Err why;
    TRY(squeeze_open(&works.squeeze, err));
    ErrCode code = line_open(&line, err);
    if (code == OK) code = round_run(line, &hand->node, peer, place, &work, out_report, err);
    line_close(&line);
    squeeze_close(&works.squeeze);
    if (code == OK) return keep_place(hand, peer, place, err);
    (void)keep_place(hand, peer, place, &why); /* what went wrong first counts */
    return code;
}

ErrCode cli_sync(const Options *options, Exit *out_exit, Err *err)
{
    AUTO(hand_close) Hand hand = {0};
    Peers peers = {NULL, 0};
    const Peer *peer = NULL;
    LineEnd place;
    RoundReport report = {0};
    TRY(hand_open(&hand, options->positionals[0], err));
    TRY(peers_load(hand.store, &hand.arena, &peers, err));
    TRY(cli_said(choose_peer(options, &hand, &peers, &peer, &place, err), out_exit));
    TRY(cli_said(take_url(options, peer, &place, err), out_exit));
    const ErrCode code = run(&hand, peer, &place, &report, err);
    if (report.asks > 0 || code == OK) print_report(peer, &report);
    if (code != OK) return code;
    if (report.bad_count == 0) return OK;
    *out_exit = EXIT_NO;
    return err_set(err, ERR_CORRUPT, "%" PRId64 " segments were not taken in; the first: %.180s",
                   report.bad_count, report.last.bad.words);
}
