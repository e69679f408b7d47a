#include "view/changes.h"

#include <assert.h>

#include "base/arena.h"
#include "host/thread.h"

typedef struct Touch {
    int64_t version;
    int64_t key;
} Touch;

struct Changes {
    Lock lock;
    Arena arena;
    int64_t version;
    int64_t known_since;   /* what touched anything after this version is remembered */
    int64_t structural_at; /* the last version that did more than touch keys */
    Touch touches[CHANGES_MAX];
    size_t first;
    size_t count;
    void (*heard)(void *context, int64_t version);
    void *context;
};

void changes_open(Changes **out_changes, int64_t version)
{
    Arena arena;
    arena_init(&arena, sizeof(Changes) + 64);
    Changes *changes = arena_new(&arena, Changes);
    assert(changes != NULL); /* the arena was made for it */
    changes->arena = arena;
    changes->version = version;
    changes->known_since = version;
    changes->structural_at = version;
    lock_init(&changes->lock);
    *out_changes = changes;
}

void changes_close(Changes **changes)
{
    if (*changes == NULL) return;
    lock_done(&(*changes)->lock);
    Arena arena = (*changes)->arena;
    arena_done(&arena);
    *changes = NULL;
}

static void remember(Changes *changes, int64_t version, int64_t key)
{
    if (changes->count == CHANGES_MAX) {
        changes->known_since = changes->touches[changes->first].version;
        changes->first = (changes->first + 1) % CHANGES_MAX;
        changes->count--;
    }
    changes->touches[(changes->first + changes->count) % CHANGES_MAX] = (Touch){version, key};
    changes->count++;
}

void changes_note(Changes *changes, const ChangeSet *set)
{
    lock_take(&changes->lock);
    assert(set->version >= changes->version);
    changes->version = set->version;
    if (set->is_structural) changes->structural_at = set->version;
    if (set->is_lost || set->key_count > CHANGES_MAX) {
        changes->known_since = set->version;
        changes->count = 0;
    } else {
        for (size_t i = 0; i < set->key_count; i++)
            remember(changes, set->version, set->keys[i]);
    }
    void (*const heard)(void *, int64_t) = changes->heard;
    void *const context = changes->context;
    lock_give(&changes->lock);
    if (heard != NULL) heard(context, set->version);
}

int64_t changes_version(Changes *changes)
{
    lock_take(&changes->lock);
    const int64_t version = changes->version;
    lock_give(&changes->lock);
    return version;
}

void changes_ask(Changes *changes, int64_t version, int64_t out[CHANGES_MAX],
                 ChangesSince *out_since)
{
    lock_take(&changes->lock);
    *out_since = (ChangesSince){.is_known = version >= changes->known_since,
                                .is_structural = version < changes->structural_at,
                                .version = changes->version};
    for (size_t i = 0; out_since->is_known && i < changes->count; i++) {
        const Touch touch = changes->touches[(changes->first + i) % CHANGES_MAX];
        if (touch.version > version) out[out_since->key_count++] = touch.key;
    }
    lock_give(&changes->lock);
}

bool changes_since(Changes *changes, int64_t version, int64_t out[CHANGES_MAX], size_t *out_count,
                   int64_t *out_version)
{
    ChangesSince since;
    changes_ask(changes, version, out, &since);
    const bool is_told = since.is_known && !since.is_structural;
    *out_version = since.version;
    *out_count = is_told ? since.key_count : 0;
    return is_told;
}

void changes_listen(Changes *changes, void (*heard)(void *context, int64_t version), void *context)
{
    lock_take(&changes->lock);
    changes->heard = heard;
    changes->context = context;
    lock_give(&changes->lock);
}
