#include "sync/pair.h"

#include "store/query.h"

ErrCode pair_load(Store *store, uint64_t node_short, Pair *out_pair, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, store, PAIR_LOAD, err));
    query_bind_int(&query, 1, (int64_t)node_short);
    TRY(query_next(&query, &found, err));
    *out_pair = (Pair){0};
    if (!found) return OK;
    *out_pair = (Pair){.told = (uint64_t)query_int(&query, 0),
                       .understood = (PairTold)query_int(&query, 1),
                       .last_ms = query_int(&query, 2),
                       .is_in_step = query_int(&query, 3) != 0,
                       .since_ms = query_int(&query, 4),
                       .behind_here = query_int(&query, 5),
                       .behind_there = query_int(&query, 6),
                       .clock_ms = query_int(&query, 7),
                       .state = (PairState)query_int(&query, 8),
                       .state_ms = query_int(&query, 9),
                       .compared = (uint64_t)query_int(&query, 10)};
    return OK;
}

ErrCode pair_save(Store *store, uint64_t node_short, const Pair *pair, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, PAIR_SAVE, err));
    query_bind_int(&query, 1, (int64_t)node_short);
    query_bind_int(&query, 2, (int64_t)pair->told);
    query_bind_int(&query, 3, pair->understood);
    query_bind_int(&query, 4, pair->last_ms);
    query_bind_int(&query, 5, pair->is_in_step ? 1 : 0);
    query_bind_int(&query, 6, pair->since_ms);
    query_bind_int(&query, 7, pair->behind_here);
    query_bind_int(&query, 8, pair->behind_there);
    query_bind_int(&query, 9, pair->clock_ms);
    query_bind_int(&query, 10, pair->state);
    query_bind_int(&query, 11, pair->state_ms);
    query_bind_int(&query, 12, (int64_t)pair->compared);
    return query_run(&query, err);
}
