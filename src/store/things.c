#include "store/things.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "store/inside.h"
#include "store/query.h"

static_assert((THING_SLOTS_WRITER & (THING_SLOTS_WRITER - 1)) == 0, "a power of two");
static_assert((THING_SLOTS_READER & (THING_SLOTS_READER - 1)) == 0, "a power of two");
static_assert((THING_SLOTS_LARGE & (THING_SLOTS_LARGE - 1)) == 0, "a power of two");

static size_t slot_at(const ThingCache *cache, uint64_t number)
{
    number *= UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(number >> 32) & (cache->slot_count - 1);
}

static size_t slot_of_id(const ThingCache *cache, Id id)
{
    /* Clock and node: the rest of an id is the same for all of one node. */
    return slot_at(cache, id_stamp(id) ^ id_node(id) << 20);
}

static void ensure_cache(Store *store)
{
    ThingCache *cache = &store->things;
    if (cache->slot_count > 0) return;
    const size_t count = store->thing_slots;
    cache->by_id = arena_array(&store->arena, ThingSlot, count);
    cache->by_key = arena_array(&store->arena, ThingSlot, count);
    assert(cache->by_id != NULL && cache->by_key != NULL); /* far below STORE_BYTES_MAX */
    cache->slot_count = count;
}

static void remember(Store *store, const ThingSlot *thing)
{
    assert(thing->key > 0);
    ensure_cache(store);
    ThingCache *cache = &store->things;
    cache->by_id[slot_of_id(cache, thing->id)] = *thing;
    cache->by_key[slot_at(cache, (uint64_t)thing->key)] = *thing;
}

static ErrCode ask_by_id(Store *store, int64_t shard, Id id, ThingSlot *out_thing, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, THING_FIND, err));
    query_bind_int(&query, 1, shard);
    query_bind_id(&query, 2, &id);
    bool found = false;
    TRY(query_next(&query, &found, err));
    *out_thing = (ThingSlot){.shard = shard, .id = id};
    if (!found) return OK;
    out_thing->key = query_int(&query, 0);
    out_thing->kind = query_int(&query, 1);
    remember(store, out_thing);
    return OK;
}

/* key 0 when there is none. */
static ErrCode find_by_id(Store *store, int64_t shard, Id id, ThingSlot *out_thing, Err *err)
{
    assert(!id_is_nil(id));
    ensure_cache(store);
    const ThingSlot *slot = &store->things.by_id[slot_of_id(&store->things, id)];
    if (slot->key == 0 || slot->shard != shard || !id_equal(slot->id, id))
        return ask_by_id(store, shard, id, out_thing, err);
    *out_thing = *slot;
    return OK;
}

static ErrCode load_by_key(Store *store, int64_t shard, int64_t key, ThingSlot *out_thing, Err *err)
{
    ensure_cache(store);
    const ThingSlot *slot = &store->things.by_key[slot_at(&store->things, (uint64_t)key)];
    /* Elsewhere a mention may have become a thing meanwhile; only the writer would know. */
    const bool is_fresh = store->is_writer || slot->kind != KIND_NONE;
    if (slot->key == key && slot->shard == shard && is_fresh) {
        *out_thing = *slot;
        return OK;
    }
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, THING_LOAD, err));
    query_bind_int(&query, 1, shard);
    query_bind_int(&query, 2, key);
    bool found = false;
    TRY(query_next(&query, &found, err));
    if (!found) return err_set(err, ERR_NOT_FOUND, "no thing has the key %" PRId64, key);
    ThingSlot thing = {.key = key, .shard = shard};
    TRY(query_id(&query, 0, &thing.id, err));
    thing.kind = query_int(&query, 1);
    remember(store, &thing);
    *out_thing = thing;
    return OK;
}

static ErrCode next_key(Store *store, int64_t *out_key, Err *err)
{
    if (store->last_key < 0) {
        AUTO(query_done) Query query = {0};
        TRY(query_begin(&query, store, THING_LAST_KEY, err));
        bool found = false;
        TRY(query_next(&query, &found, err));
        assert(found);
        store->last_key = query_int(&query, 0);
    }
    *out_key = store->last_key + 1;
    return OK;
}

static ErrCode add(Store *store, ThingSlot *thing, Err *err)
{
    TRY(next_key(store, &thing->key, err));
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, THING_ADD, err));
    query_bind_int(&query, 1, thing->shard);
    query_bind_int(&query, 2, thing->key);
    query_bind_id(&query, 3, &thing->id);
    query_bind_int(&query, 4, thing->kind);
    TRY(query_run(&query, err));
    store->last_key = thing->key;
    remember(store, thing);
    return OK;
}

static ErrCode save_kind(Store *store, ThingSlot *thing, KindCode kind, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, store, THING_SET_KIND, err));
    query_bind_int(&query, 1, thing->shard);
    query_bind_int(&query, 2, thing->key);
    query_bind_int(&query, 3, kind);
    TRY(query_run(&query, err));
    thing->kind = kind;
    remember(store, thing);
    return OK;
}

static ErrCode set_kind(Store *store, ThingSlot *thing, KindCode kind, Err *err)
{
    if (thing->kind != KIND_NONE) {
        char text[ID_TEXT_MAX];
        const KindInfo *known = vocab_kind((unsigned)thing->kind);
        const KindInfo *wanted = vocab_kind((unsigned)kind);
        return err_set(err, ERR_CONFLICT, "%s is a %s already and cannot become a %s",
                       id_write(thing->id, text), known == NULL ? "thing" : known->name,
                       wanted == NULL ? "thing" : wanted->name);
    }
    return save_kind(store, thing, kind, err);
}

ErrCode thing_add(Store *store, int64_t shard, Id id, KindCode kind, int64_t *out_key, Err *err)
{
    assert(store != NULL);
    assert(out_key != NULL);
    assert(!id_is_nil(id));
    ThingSlot thing = {.shard = shard, .id = id, .kind = kind};
    TRY(add(store, &thing, err));
    *out_key = thing.key;
    return OK;
}

ErrCode thing_intern(Store *store, int64_t shard, Id id, KindCode kind, int64_t *out_key, Err *err)
{
    assert(store != NULL);
    assert(out_key != NULL);
    ThingSlot thing = {0};
    TRY(find_by_id(store, shard, id, &thing, err));
    if (thing.key == 0) {
        thing.kind = kind;
        TRY(add(store, &thing, err));
    } else if (kind != KIND_NONE && thing.kind != (int64_t)kind) {
        TRY(set_kind(store, &thing, kind, err));
    }
    assert(thing.key > 0);
    *out_key = thing.key;
    return OK;
}

ErrCode thing_find(Store *store, int64_t shard, Id id, int64_t *out_key, Err *err)
{
    assert(out_key != NULL);
    ThingSlot thing = {0};
    if (!id_is_nil(id)) TRY(find_by_id(store, shard, id, &thing, err)); /* nil is no thing's */
    *out_key = thing.key;
    return OK;
}

ErrCode thing_set_kind(Store *store, int64_t shard, int64_t key, KindCode kind, Err *err)
{
    ThingSlot thing = {0};
    TRY(load_by_key(store, shard, key, &thing, err));
    return thing.kind == (int64_t)kind ? OK : save_kind(store, &thing, kind, err);
}

ErrCode thing_id(Store *store, int64_t shard, int64_t key, Id *out_id, Err *err)
{
    assert(out_id != NULL);
    ThingSlot thing = {0};
    TRY(load_by_key(store, shard, key, &thing, err));
    *out_id = thing.id;
    return OK;
}

ErrCode thing_kind(Store *store, int64_t shard, int64_t key, KindCode *out_kind, Err *err)
{
    assert(out_kind != NULL);
    ThingSlot thing = {0};
    TRY(load_by_key(store, shard, key, &thing, err));
    *out_kind = (KindCode)thing.kind;
    return OK;
}
