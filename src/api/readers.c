#include "api/readers.h"

#include <assert.h>

#include "host/thread.h"

struct Readers {
    const Node *node;
    unsigned query_cpu_ms;
    Lock lock;
    Store *idle[READER_COUNT_MAX];
    size_t idle_count;
    size_t lent_count;
    Arena arena; /* of this struct */
};

void readers_open(Readers **out_readers, const Node *node, unsigned query_cpu_ms)
{
    Arena arena;
    arena_init(&arena, sizeof(Readers) + 64);
    Readers *readers = arena_new(&arena, Readers);
    assert(readers != NULL); /* the arena was made for it */
    readers->arena = arena;
    readers->node = node;
    readers->query_cpu_ms = query_cpu_ms;
    lock_init(&readers->lock);
    *out_readers = readers;
}

void readers_close(Readers **readers)
{
    Readers *all = *readers;
    if (all == NULL) return;
    assert(all->lent_count == 0);
    for (size_t i = 0; i < all->idle_count; i++)
        store_close(&all->idle[i]);
    lock_done(&all->lock);
    Arena arena = all->arena;
    arena_done(&arena);
    *readers = NULL;
}

ErrCode readers_borrow(Readers *readers, Store **out_store, Err *err)
{
    Store *store = NULL;
    lock_take(&readers->lock);
    const bool is_full = readers->lent_count == READER_COUNT_MAX;
    if (!is_full) {
        readers->lent_count++;
        if (readers->idle_count > 0) store = readers->idle[--readers->idle_count];
    }
    lock_give(&readers->lock);
    if (is_full) return err_set(err, ERR_BUSY, "too many are reading just now; try again");
    const ErrCode code =
        store != NULL ? OK : node_open_reader(readers->node, readers->query_cpu_ms, &store, err);
    if (code == OK) {
        *out_store = store;
        return OK;
    }
    lock_take(&readers->lock);
    readers->lent_count--;
    lock_give(&readers->lock);
    return code;
}

void readers_return(Readers *readers, Store **store)
{
    if (*store == NULL) return;
    if (store_is_broken(*store)) store_close(store);
    lock_take(&readers->lock);
    assert(readers->lent_count > 0);
    readers->lent_count--;
    if (*store != NULL) readers->idle[readers->idle_count++] = *store;
    lock_give(&readers->lock);
    *store = NULL;
}

void reader_give_back(Reader *reader)
{
    if (reader->store != NULL) readers_return(reader->readers, &reader->store);
}
