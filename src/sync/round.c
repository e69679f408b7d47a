#include "sync/round.h"

#include <string.h>

#include "sync/message.h"

typedef struct Round {
    Line *line;
    const Node *node;
    const Peer *peer;
    LineEnd *place;
    const RoundWork *work;
    RoundReport *report;
} Round;

/* Sends one envelope and reads the one that answers it; `reply` keeps its bytes. */
static ErrCode talk(Round *round, const Envelope *say, bool is_unpinned, LineReply *reply,
                    Envelope *out_heard, Err *err)
{
    AUTO(buf_done) Buf request = {0};
    const EnvelopeTo to = {.addressee = round->peer->node_short};
    buf_init(&request, ENVELOPE_HEAD_SIZE + MESSAGE_BYTES_MAX);
    envelope_put(&request, say, &to, &round->node->signing_key);
    TRY(buf_check(&request, err));
    const Digest *pin = round->place->has_pin && !is_unpinned ? &round->place->pin : NULL;
    const ErrCode code = line_post(round->line, round->place->url, pin, is_unpinned,
                                   buf_as_bytes(&request), reply, err);
    round->report->sent_bytes += (int64_t)request.size;
    round->report->received_bytes += (int64_t)reply->body.size;
    if (code == ERR_BUSY) round->report->retry_s = reply->retry_s;
    if (code != OK) return code;
    TRY(envelope_read(buf_as_bytes(&reply->body), out_heard, err));
    const EnvelopeTo us = {.addressee = round->node->node_short,
                           .answered = buf_as_bytes(&request)};
    if (!envelope_is_signed(out_heard, &us, &round->peer->key))
        return err_set(err, ERR_DENIED,
                       "what answered is not \"%.*s\": its signature does not fit; nothing was "
                       "taken in",
                       TEXT_ARG(round->peer->name));
    return OK;
}

static ErrCode take_welcome(Round *round, const Envelope *welcome, Err *err)
{
    LineEnd *place = round->place;
    const Bytes pin = welcome->message;
    if (welcome->kind != ENVELOPE_WELCOME || (pin.size != 0 && pin.size != DIGEST_SIZE))
        return err_set(err, ERR_INVALID, "it answers something else than was asked");
    place->has_nonce = true;
    place->nonce = welcome->nonce;
    /* Behind a gateway that ends TLS the node knows of no certificate, and the machine's trust
     * decides. */
    place->has_pin = pin.size == DIGEST_SIZE;
    if (place->has_pin) memcpy(place->pin.at, pin.at, DIGEST_SIZE);
    return OK;
}

static ErrCode greet(Round *round, LineReply *reply, Err *err)
{
    Envelope heard;
    Envelope say = {.kind = ENVELOPE_GREETING, .sender = round->node->node_short};
    host_random(round->node->host, say.nonce.at, NONCE_SIZE);
    TRY(talk(round, &say, true, reply, &heard, err));
    return take_welcome(round, &heard, err);
}

static ErrCode ask_once(Round *round, Bytes message, LineReply *reply, Envelope *out_heard,
                        Err *err)
{
    const Envelope say = {.kind = ENVELOPE_ASK,
                          .sender = round->node->node_short,
                          .nonce = round->place->nonce,
                          .message = message};
    round->place->has_nonce = false; /* good for one question, whatever comes of it */
    TRY(talk(round, &say, false, reply, out_heard, err));
    round->place->nonce = out_heard->nonce;
    round->place->has_nonce = true;
    return OK;
}

static ErrCode ask(Round *round, LineReply *reply, SessionResult *out_result, Err *err)
{
    AUTO(buf_done) Buf message = {0};
    Envelope heard;
    buf_init(&message, MESSAGE_BYTES_MAX);
    TRY(round->work->ask(round->work->context, &message, err));
    if (!round->place->has_nonce) TRY(greet(round, reply, err));
    TRY(ask_once(round, buf_as_bytes(&message), reply, &heard, err));
    if (heard.kind == ENVELOPE_WELCOME) { /* it had forgotten us: once more */
        TRY(take_welcome(round, &heard, err));
        TRY(ask_once(round, buf_as_bytes(&message), reply, &heard, err));
    }
    if (heard.kind != ENVELOPE_ANSWER)
        return err_set(err, ERR_BUSY, "it does not answer: again later");
    return round->work->take(round->work->context, heard.message, out_result, err);
}

ErrCode round_run(Line *line, const Node *node, const Peer *peer, LineEnd *place,
                  const RoundWork *work, RoundReport *out_report, Err *err)
{
    LineReply reply = {0};
    *out_report = (RoundReport){.asks = 0};
    Round round = {line, node, peer, place, work, out_report};
    ErrCode code = OK;
    buf_init(&reply.body, LINE_BYTES_MAX);
    while (code == OK && out_report->asks < ROUND_ASKS_MAX) {
        SessionResult result = {0};
        code = ask(&round, &reply, &result, err);
        if (code != OK) break;
        out_report->asks++;
        out_report->new_entries += result.new_entries;
        out_report->bad_count += result.bad_count;
        out_report->last = result;
        out_report->retry_s = result.retry_s;
        if (!result.is_more || result.retry_s > 0) break;
    }
    buf_done(&reply.body);
    return code;
}
