#include "engine/ledger.h"

#include <assert.h>
#include <string.h>

#include "journal/segment.h"
#include "store/journal_rows.h"
#include "view/load.h"

#define CHAINS_BYTES_MAX ((size_t)64 << 20)
#define ITEM_BYTES_MAX   ((size_t)20) /* the sizes of an entry and its body, in a segment */

static_assert(SEGMENT_HEADER_SIZE + LEDGER_SEGMENT_BYTES + ENTRY_BYTES_MAX + ENTRY_BODY_BYTES_MAX +
                      LEDGER_SEGMENT_ENTRIES * ITEM_BYTES_MAX <=
                  SEGMENT_BYTES_MAX,
              "what is signed at its limit can travel");

static void forget_chains(Ledger *ledger)
{
    arena_done(&ledger->arena);
    arena_init(&ledger->arena, CHAINS_BYTES_MAX);
    map_init(&ledger->by_scope, &ledger->arena);
    ledger->chains = NULL;
    ledger->chain_count = 0;
}

bool ledger_observe(Ledger *ledger, uint64_t stamp)
{
    return hlc_observe(&ledger->clock, host_now_ms(ledger->node->host), stamp);
}

/* The clock goes on after the latest entry of this node, whatever the machine says the time is; and
 * after the stamp that names the node's own scope, so that no entry ever has that id. Entries of
 * others pull it as far as they did when they came. */
static ErrCode wind_clock(Ledger *ledger, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    ledger->clock.last = id_stamp(ledger->node->scope);
    TRY(query_begin(&query, ledger->store, STREAM_STAMPS, err));
    for (;;) {
        TRY(query_next(&query, &found, err));
        if (!found) return OK;
        const bool is_own = (uint64_t)query_int(&query, 0) == ledger->node->node_short;
        const bool is_this_life = query_int(&query, 1) == (int64_t)ledger->node->epoch;
        const uint64_t stamp = (uint64_t)query_int(&query, 2);
        if (!is_own || !is_this_life) ledger->has_other_authors = true;
        if (is_own && stamp > ledger->clock.last) ledger->clock.last = stamp;
        if (!is_own && ledger_observe(ledger, stamp)) continue; /* as far as ours follows */
    }
}

ErrCode ledger_open(Ledger *ledger, const Node *node, Store *store, Err *err)
{
    *ledger = (Ledger){.node = node, .store = store};
    arena_init(&ledger->arena, CHAINS_BYTES_MAX);
    forget_chains(ledger);
    buf_init(&ledger->chained, ENTRY_BYTES_MAX);
    buf_init(&ledger->body, ENTRY_BODY_BYTES_MAX);
    TRY(entry_last_arrival(store, &ledger->last_arrival, err));
    return wind_clock(ledger, err);
}

void ledger_close(Ledger *ledger)
{
    buf_done(&ledger->chained);
    buf_done(&ledger->body);
    arena_done(&ledger->arena);
}

void ledger_forget(Ledger *ledger)
{
    Err err;
    forget_chains(ledger);
    /* On a broken store this fails too; then nothing is written any more. */
    if (entry_last_arrival(ledger->store, &ledger->last_arrival, &err) != OK) return;
}

uint64_t ledger_tick(Ledger *ledger)
{
    return hlc_tick(&ledger->clock, host_now_ms(ledger->node->host));
}

Id ledger_id(const Ledger *ledger, uint64_t stamp)
{
    return id_make(stamp, ledger->node->node_short, ledger->node->epoch);
}

static ErrCode sign_chain(Ledger *ledger, Chain *chain, Err *err)
{
    const SegmentHeader header = {
        .suite = SUITE_ED25519_SHA256,
        .stream = chain->name,
        .first = chain->signed_seq + 1,
        .last = chain->seq,
        .previous_stamp = chain->signed_stamp,
        .last_stamp = chain->stamp,
        .previous_head = chain->signed_head,
        .head = chain->head,
    };
    const SegmentRow row = {
        .stream = chain->stream,
        .first_seq = header.first,
        .last_seq = header.last,
        .prev_stamp = header.previous_stamp,
        .last_stamp = header.last_stamp,
        .prev_head = header.previous_head,
        .head = header.head,
        .signature = segment_sign(&header, &ledger->node->signing_key),
    };
    TRY(segment_row_add(ledger->store, &row, err));
    chain->unsigned_bytes = 0;
    chain->signed_seq = chain->seq;
    chain->signed_stamp = chain->stamp;
    chain->signed_head = chain->head;
    return OK;
}

/* The chain goes on with an entry that is in the store. A long group, and what an interrupted one
 * left, is signed as it grows, so that no segment becomes too large to travel. */
static ErrCode go_on(Ledger *ledger, Chain *chain, const EntryRow *row, Err *err)
{
    chain->head = chain_next(&chain->head, row->chained);
    chain->seq = row->seq;
    chain->stamp = row->stamp;
    chain->unsigned_bytes += row->chained.size + (row->has_body ? row->body.size : 0);
    if (chain->seq - chain->signed_seq < LEDGER_SEGMENT_ENTRIES &&
        chain->unsigned_bytes < LEDGER_SEGMENT_BYTES)
        return OK;
    return sign_chain(ledger, chain, err);
}

/* Hashes what stands behind the last signed segment. */
static ErrCode catch_up(Ledger *ledger, Chain *chain, Err *err)
{
    AUTO(entry_walk_done) EntryWalk walk = {0};
    entry_walk_stream(&walk, ledger->store, chain->stream, chain->signed_seq + 1);
    for (const EntryRow *entry = NULL;;) {
        TRY(entry_walk_next(&walk, &entry, err));
        if (entry == NULL) return OK;
        if (entry->seq != chain->seq + 1 || entry->stamp <= chain->stamp)
            return err_set(err, ERR_CORRUPT, "the journal has a gap: run 'tongpin verify'");
        TRY(go_on(ledger, chain, entry, err));
    }
}

static StreamName own_stream(const Ledger *ledger, Id scope)
{
    return (StreamName){
        .node_short = ledger->node->node_short, .epoch = ledger->node->epoch, .scope = scope};
}

static ErrCode load_chain(Ledger *ledger, StreamName name, Chain *chain, Err *err)
{
    SegmentRow segment;
    bool found = false;
    *chain = (Chain){.name = name};
    TRY(stream_row_intern(ledger->store, &chain->name, &chain->stream, err));
    TRY(segment_row_last(ledger->store, chain->stream, &found, &segment, err));
    chain->signed_head = found ? segment.head : chain_start(&chain->name);
    chain->signed_seq = found ? segment.last_seq : 0;
    chain->signed_stamp = found ? segment.last_stamp : 0;
    chain->head = chain->signed_head;
    chain->seq = chain->signed_seq;
    chain->stamp = chain->signed_stamp;
    return catch_up(ledger, chain, err);
}

static ErrCode find_chain(Ledger *ledger, Id scope, int64_t scope_key, Chain **out_chain, Err *err)
{
    int64_t at = 0;
    if (!map_find(&ledger->by_scope, scope_key, &at)) {
        Chain chain;
        TRY(load_chain(ledger, own_stream(ledger, scope), &chain, err));
        ledger->chains = list_grow(&ledger->arena, ledger->chains, sizeof ledger->chains[0],
                                   ledger->chain_count);
        if (ledger->chains == NULL) return list_full(ledger->chain_count, err);
        at = (int64_t)ledger->chain_count;
        ledger->chains[ledger->chain_count++] = chain;
        TRY(map_put(&ledger->by_scope, scope_key, at, err));
    }
    *out_chain = &ledger->chains[at];
    assert(id_equal((*out_chain)->name.scope, scope));
    return OK;
}

ErrCode ledger_append(Ledger *ledger, const Entry *entry, Id scope, int64_t scope_key,
                      int64_t subject, Err *err)
{
    Chain *chain = NULL;
    TRY(find_chain(ledger, scope, scope_key, &chain, err));
    assert(entry->stamp > chain->stamp); /* invariant 2 */
    buf_clear(&ledger->chained);
    buf_clear(&ledger->body);
    TRY(entry_encode(entry, &chain->name, chain->stamp, &ledger->chained, &ledger->body, err));
    const EntryRow row = {
        .shard = ledger->node->shard,
        .stream = chain->stream,
        .seq = chain->seq + 1,
        .stamp = entry->stamp,
        .kind = entry->kind,
        .subject = subject,
        .chained = buf_as_bytes(&ledger->chained),
        .body = buf_as_bytes(&ledger->body),
        .has_body = ledger->body.size > 0,
    };
    TRY(entry_row_add(ledger->store, &row, &ledger->last_arrival, err));
    return go_on(ledger, chain, &row, err);
}

ErrCode ledger_sign(Ledger *ledger, uint64_t least, Err *err)
{
    for (size_t i = 0; i < ledger->chain_count; i++)
        if (ledger->chains[i].seq - ledger->chains[i].signed_seq >= least)
            TRY(sign_chain(ledger, &ledger->chains[i], err));
    return OK;
}

/* Scopes of this node's streams that end in unsigned entries. */
static ErrCode find_unsigned(Ledger *ledger, Arena *arena, Id **out_scopes, size_t *out_count,
                             Err *err)
{
    AUTO(query_done) Query query = {0};
    Id *scopes = NULL;
    size_t count = 0;
    TRY(query_begin(&query, ledger->store, STREAMS_UNSIGNED, err));
    query_bind_int(&query, 1, (int64_t)ledger->node->node_short);
    query_bind_int(&query, 2, ledger->node->epoch);
    for (;;) {
        bool found = false;
        TRY(query_next(&query, &found, err));
        if (!found) break;
        scopes = list_grow(arena, scopes, sizeof scopes[0], count);
        if (scopes == NULL) return list_full(count, err);
        TRY(query_id(&query, 0, &scopes[count], err));
        count++;
    }
    *out_scopes = scopes;
    *out_count = count;
    return OK;
}

ErrCode ledger_sign_all(Ledger *ledger, Err *err)
{
    AUTO(arena_done) Arena arena = {0};
    Id *scopes = NULL;
    size_t count = 0;
    arena_init(&arena, CHAINS_BYTES_MAX);
    TRY(ledger_sign(ledger, 1, err));
    TRY(find_unsigned(ledger, &arena, &scopes, &count, err));
    for (size_t i = 0; i < count; i++) { /* of streams that nobody has used since the start */
        Chain chain;
        TRY(load_chain(ledger, own_stream(ledger, scopes[i]), &chain, err));
        if (chain.seq > chain.signed_seq) TRY(sign_chain(ledger, &chain, err));
    }
    return OK;
}

ErrCode ledger_sign_earlier(Ledger *ledger, const StreamName *name, Err *err)
{
    Chain chain;
    assert(name->node_short == ledger->node->node_short && name->epoch < ledger->node->epoch);
    TRY(load_chain(ledger, *name, &chain, err));
    return chain.seq > chain.signed_seq ? sign_chain(ledger, &chain, err) : OK;
}
