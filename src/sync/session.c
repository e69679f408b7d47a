#include "sync/session.h"

#include "sync/session_inside.h"

ErrCode talk_begin(Talk *talk, Engine *engine, const Peer *peer, const SessionBudget *budget,
                   Err *err)
{
    *talk = (Talk){.engine = engine,
                   .store = engine_store(engine),
                   .node = engine_node(engine),
                   .peer = peer,
                   .budget_bytes = SESSION_BYTES};
    arena_init(&talk->arena, SESSION_ARENA_BYTES);
    if (budget != NULL && budget->bytes > 0) talk->budget_bytes = budget->bytes;
    if (talk->budget_bytes > MESSAGE_BYTES_MAX / 2) talk->budget_bytes = MESSAGE_BYTES_MAX / 2;
    if (budget != NULL) talk->squeeze = budget->squeeze;
    if (talk->squeeze == NULL) {
        TRY(squeeze_open(&talk->own_squeeze, err));
        talk->squeeze = talk->own_squeeze;
    }
    talk->resolved = *peer;
    talk->peer = &talk->resolved;
    TRY(peer_resolve(talk->store, talk->node, &talk->resolved, err));
    if (talk->resolved.is_revoked)
        return err_set(err, ERR_DENIED, "\"%.*s\" was revoked: nothing is said to it",
                       TEXT_ARG(peer->name));
    TRY(peers_load(talk->store, &talk->arena, &talk->peers, err));
    TRY(hearing_begin(&talk->hearing, talk->store, talk->node, &talk->peers, talk->peer, err));
    TRY(pair_load(talk->store, talk->peer->node_short, &talk->pair, err));
    TRY(holdings_load(talk->store, peer, HOLDING_THEIRS, &talk->arena, &talk->theirs_before, err));
    holdings_init(&talk->theirs, &talk->arena);
    for (size_t i = 0; i < talk->theirs_before.count; i++)
        TRY(holdings_put(&talk->theirs, &talk->theirs_before.items[i], err));
    return OK;
}

void talk_done(Talk *talk)
{
    squeeze_close(&talk->own_squeeze);
    arena_done(&talk->arena);
}

static ErrCode look_here(Talk *talk, Err *err)
{
    return holdings_here(talk->store, talk->node, talk->peer, &talk->theirs, &talk->arena,
                         &talk->here, err);
}

/* What the peer says it knows of us. */
static void hear_of_us(Talk *talk)
{
    Pair *pair = &talk->pair;
    if (!talk->has_hello) return;
    if (talk->hello.yours == pair->told)
        pair->understood = PAIR_UNDERSTOOD;
    else if (pair->understood == PAIR_UNDERSTOOD || (talk->hello.flags & HELLO_TELL_ALL) != 0)
        pair->understood = PAIR_UNCLEAR;
}

static ErrCode keep(Talk *talk, Err *err)
{
    Pair *pair = &talk->pair;
    SessionResult *result = &talk->result;
    const int64_t now_ms = (int64_t)host_now_ms(talk->node->host);
    TRY(holdings_save(talk->store, talk->peer, HOLDING_THEIRS, &talk->theirs_before, &talk->theirs,
                      err));
    if (talk->has_hello) {
        if (pair->last_ms == 0 || pair->is_in_step != result->is_in_step) pair->since_ms = now_ms;
        pair->last_ms = now_ms;
        pair->is_in_step = result->is_in_step;
        pair->behind_here = result->behind_here;
        pair->behind_there = result->behind_there;
        pair->clock_ms = result->clock_ahead_ms;
    }
    return pair_save(talk->store, talk->peer->node_short, pair, err);
}

/* How things stand, by what both hold. */
static ErrCode judge(Talk *talk, Err *err)
{
    SessionResult *result = &talk->result;
    Due *due = NULL;
    size_t count = 0;
    TRY(talk_find_due(talk, &due, &count, err));
    result->behind_here = talk_behind_here(talk);
    for (size_t i = 0; i < count; i++)
        result->behind_there += (int64_t)due[i].count;
    result->is_in_step = talk->is_understood && count == 0 && result->behind_here == 0 &&
                         talk->left == 0 && result->bad_count == 0 && !result->is_damaged;
    return OK;
}

static bool have_they_moved(const Talk *talk)
{
    return holdings_digest(&talk->theirs) != holdings_digest(&talk->theirs_before);
}

/* ---- the three steps ---- */

static ErrCode ask(Talk *talk, Buf *out, Err *err) ONLY_ON(writer_role)
{
    TRY(engine_sign_some(talk->engine, SESSION_SIGN_MIN, err));
    TRY(look_here(talk, err));
    TRY(talk_write(talk, out, err));
    return keep(talk, err);
}

ErrCode session_ask(Engine *engine, const Peer *to, const SessionBudget *budget, Buf *out_request,
                    Err *err)
{
    AUTO(talk_done) Talk talk = {0};
    TRY(talk_begin(&talk, engine, to, budget, err));
    return ask(&talk, out_request, err);
}

static ErrCode answer(Talk *talk, Bytes request, Buf *out, Err *err) ONLY_ON(writer_role)
{
    TRY(look_here(talk, err)); /* streams are told by short names, too */
    TRY(talk_read(talk, request, err));
    TRY(engine_sign_some(talk->engine, SESSION_SIGN_MIN, err));
    TRY(look_here(talk, err));
    hear_of_us(talk);
    TRY(judge(talk, err));
    TRY(talk_write(talk, out, err));
    return keep(talk, err);
}

ErrCode session_answer(Engine *engine, const Peer *from, Bytes request, const SessionBudget *budget,
                       Buf *out_answer, SessionResult *out_result, Err *err)
{
    AUTO(talk_done) Talk talk = {0};
    TRY(talk_begin(&talk, engine, from, budget, err));
    TRY(answer(&talk, request, out_answer, err));
    *out_result = talk.result;
    return OK;
}

static ErrCode take(Talk *talk, Bytes message, Err *err) ONLY_ON(writer_role)
{
    SessionResult *result = &talk->result;
    TRY(look_here(talk, err));
    TRY(talk_read(talk, message, err));
    TRY(look_here(talk, err));
    const bool was_told_all = talk->pair.understood == PAIR_TOLD_ALL;
    hear_of_us(talk);
    TRY(judge(talk, err));
    const bool is_asked_for_all =
        talk->has_hello && !was_told_all && talk->pair.understood != PAIR_UNDERSTOOD;
    const bool is_left = result->behind_there > 0 || talk->left > 0 || !talk->is_understood;
    result->is_more = result->retry_s == 0 && (result->new_entries > 0 || is_asked_for_all ||
                                               (is_left && have_they_moved(talk)));
    return keep(talk, err);
}

ErrCode session_take(Engine *engine, const Peer *from, Bytes answer_bytes,
                     const SessionBudget *budget, SessionResult *out_result, Err *err)
{
    AUTO(talk_done) Talk talk = {0};
    TRY(talk_begin(&talk, engine, from, budget, err));
    TRY(take(&talk, answer_bytes, err));
    *out_result = talk.result;
    return OK;
}

void session_busy(const Node *node, const Peer *from, unsigned retry_s, Buf *out_answer)
{
    AUTO(buf_done) Buf payload = {0};
    MessageWriter writer;
    const MessageHead head = {.addressee = from->node_short,
                              .stamp = hlc_stamp(host_now_ms(node->host), 0)};
    buf_init(&payload, 16);
    buf_clear(out_answer);
    message_begin(&writer, out_answer, &head, NULL);
    buf_add_varint(&payload, retry_s);
    message_put(&writer, SAID_BUSY, buf_as_bytes(&payload));
    message_writer_done(&writer);
}
