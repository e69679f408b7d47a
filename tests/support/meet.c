#include "support/meet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/rebuild.h"
#include "store/state_hash.h"
#include "support/stores.h"
#include "sync/outgoing.h"

#define BAG_BYTES_MAX ((size_t)64 << 20)

void mailbag_init(Mailbag *bag)
{
    *bag = (Mailbag){.count = 0};
    buf_init(&bag->bytes, BAG_BYTES_MAX);
}

void mailbag_done(Mailbag *bag)
{
    buf_done(&bag->bytes);
}

static PublicKey key_of(const Play *nodes, size_t count, uint64_t node_short)
{
    for (size_t i = 0; i < count; i++)
        if (nodes[i].node.node_short == node_short)
            return signing_key_public(&nodes[i].node.signing_key);
    fail_msg("a segment of a node that is not here");
    return (PublicKey){{0}};
}

void meet_collect(Play *from, Play *nodes, size_t node_count, Mailbag *bag)
{
    Err err;
    AUTO(arena_done) Arena arena = {0};
    StreamRow *streams = NULL;
    size_t count = 0;
    writer_expect();
    arena_init(&arena, (size_t)1 << 20);
    must(engine_sign_all(from->engine, &err), &err);
    must(stream_rows(from->store, &arena, &streams, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        OutgoingWalk walk = {from->store, &streams[i], 0};
        for (;;) {
            SegmentRow row;
            bool found = false;
            must(outgoing_next(&walk, &row, &found, &err), &err);
            if (!found) break;
            assert_true(bag->count < MAIL_MAX);
            Mail *mail = &bag->items[bag->count++];
            mail->at = bag->bytes.size;
            mail->key = key_of(nodes, node_count, streams[i].name.node_short);
            must(outgoing_segment(from->store, &streams[i], &row, &bag->bytes, &err), &err);
            mail->size = bag->bytes.size - mail->at;
        }
    }
}

Reception meet_give(Play *to, const Mailbag *bag, size_t item)
{
    Err err;
    Reception reception;
    const Mail *mail = &bag->items[item];
    const Warrant everything = {.is_everything = true};
    writer_expect();
    must(engine_begin(to->engine, &err), &err);
    must(engine_receive(to->engine, (Bytes){bag->bytes.at + mail->at, mail->size}, &mail->key,
                        &everything, &reception, &err),
         &err);
    must(engine_commit(to->engine, &err), &err);
    return reception;
}

void meet_give_all(Play *to, const Mailbag *bag)
{
    for (bool is_news = true; is_news;) {
        is_news = false;
        for (size_t i = 0; i < bag->count; i++) {
            const Reception reception = meet_give(to, bag, i);
            if (reception.status == RECEPTION_BAD) fail_msg("%s", reception.words);
            if (reception.status == RECEPTION_NEW) is_news = true;
        }
    }
}

Digest meet_hash(Play *play)
{
    Err err;
    Digest digest;
    AUTO(tx_rollback) Tx tx = {0};
    must(tx_begin(&tx, play->store, &err), &err);
    must(state_hash(play->store, &digest, &err), &err);
    return digest;
}

void meet_rebuild(Play *play)
{
    Err err;
    RebuildReport report;
    writer_expect();
    must(engine_rebuild(play->engine, &report, &err), &err);
}
