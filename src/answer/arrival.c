#include "answer/arrival.h"

#include "journal/hlc.h"
#include "store/query.h"
#include "store/things.h"
#include "sync/held.h"
#include "sync/peers.h"

#define HELD_BYTES_MAX ((size_t)256 << 20) /* what one peer holds, while it is looked at */

/* Where a thing was first written down. */
typedef struct Written {
    StreamName stream;
    uint64_t seq;
} Written;

static ErrCode find_written(const View *view, Key thing, Written *out, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, view->store, ENTRY_FIRST_OF_THING, err));
    query_bind_int(&query, 1, view->shard);
    query_bind_int(&query, 2, thing);
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "nothing was written about it");
    *out = (Written){.stream = {.node_short = (uint64_t)query_int(&query, 0),
                                .epoch = (unsigned)query_int(&query, 1)},
                     .seq = (uint64_t)query_int(&query, 3)};
    return query_id(&query, 2, &out->stream.scope, err);
}

static ErrCode look_at_box(const View *view, const Peer *peer, const Written *written,
                           Arena *scratch, ArrivalBox *out_box, Err *err)
{
    Held held = {0};
    TRY(held_load(view->store, peer->node_short, scratch, &held, err));
    *out_box = (ArrivalBox){.name = peer->name, .told = DAY_OPEN};
    if (!held.is_known) return OK;
    const Day told = day_of_ms(held.stamp >> HLC_COUNTER_BITS, view->utc_offset_minutes);
    if (told > view->on) return OK;
    out_box->told = told;
    /* What a node wrote itself it has. */
    out_box->has_received = peer->node_short == written->stream.node_short ||
                            held_of(&held, &written->stream) >= written->seq;
    return OK;
}

/* What the box serves leads to it. */
static ErrCode map_grants(const View *view, const Peer *peer, size_t at, Arrival *arrival, Err *err)
{
    for (size_t i = 0; i < peer->warrant.count; i++) {
        const ScopeGrant *grant = &peer->warrant.grants[i];
        Key key = KEY_NONE;
        TRY(thing_find(view->store, view->shard, grant->scope, &key, err));
        if (key == KEY_NONE) continue;
        Map *map = grant->with_below ? &arrival->units : &arrival->projects;
        TRY(map_put(map, key, (int64_t)at, err));
    }
    return OK;
}

static ErrCode load_boxes(const View *view, const Written *written, Arrival *arrival, Err *err)
{
    AUTO(arena_done) Arena scratch = {0};
    Peers peers;
    arena_init(&scratch, HELD_BYTES_MAX);
    TRY(peers_load(view->store, view->arena, &peers, err));
    arrival->boxes = arena_array(view->arena, ArrivalBox, peers.count + 1);
    if (arrival->boxes == NULL) return err_set(err, ERR_LIMIT, "too many peers");
    for (size_t i = 0; i < peers.count; i++) {
        const Peer *peer = &peers.items[i];
        if (peer->warrant.is_everything) continue; /* a parent: it serves no project */
        arena_reset(&scratch);
        const size_t at = arrival->box_count++;
        TRY(look_at_box(view, peer, written, &scratch, &arrival->boxes[at], err));
        TRY(map_grants(view, peer, at, arrival, err));
    }
    return OK;
}

ErrCode arrival_load(const View *view, Key thing, Arrival *out_arrival, Err *err)
{
    Written written;
    *out_arrival = (Arrival){.view = view};
    map_init(&out_arrival->projects, view->arena);
    map_init(&out_arrival->units, view->arena);
    TRY(find_written(view, thing, &written, err));
    TRY(levels_load(view_source(view), &out_arrival->levels, err));
    return load_boxes(view, &written, out_arrival, err);
}

static const ArrivalBox *box_of(const Arrival *arrival, Key project, Key unit)
{
    Key units[CLIMB_LEVELS_MAX];
    int64_t at = 0;
    if (map_find(&arrival->projects, project, &at)) return &arrival->boxes[at];
    const size_t count = levels_above(&arrival->levels, unit, units);
    for (size_t i = 0; i < count; i++)
        if (map_find(&arrival->units, units[i], &at)) return &arrival->boxes[at];
    return NULL;
}

void arrival_emit_at(const Arrival *arrival, Key project, Key unit, Emit *emit)
{
    const ArrivalBox *box = box_of(arrival, project, unit);
    emit_key(emit, "box");
    if (box == NULL) {
        emit_null(emit);
        return;
    }
    emit_open_object(emit);
    emit_text_at(emit, "name", box->name);
    if (box->told == DAY_OPEN)
        emit_null_at(emit, "received");
    else
        emit_bool_at(emit, "received", box->has_received);
    emit_day_at(emit, "told", box->told);
    emit_close_object(emit);
}
