#include "engine/derive.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/rows.h"

#define WAITING_BYTES_MAX ((size_t)512 << 20)
#define PERSON_BYTES_MAX  ((size_t)16 << 20)

void derive_init(Derive *derive, Store *store, int64_t shard)
{
    *derive = (Derive){.store = store, .shard = shard};
    arena_init(&derive->arena, WAITING_BYTES_MAX);
    arena_init(&derive->scratch, PERSON_BYTES_MAX);
    map_init(&derive->waiting, &derive->arena);
}

void derive_done(Derive *derive)
{
    arena_done(&derive->scratch);
    arena_done(&derive->arena);
}

static void drop_waiting(Derive *derive)
{
    arena_reset(&derive->arena);
    map_init(&derive->waiting, &derive->arena);
    derive->persons = NULL;
    derive->person_count = 0;
    derive->shifts = NULL;
    derive->shift_count = 0;
}

void derive_forget(Derive *derive)
{
    drop_waiting(derive);
    derive->touched_count = 0;
}

ErrCode derive_touch(Derive *derive, Key person, Err *err)
{
    assert(person != KEY_NONE);
    int64_t there;
    if (map_find(&derive->waiting, person, &there)) return OK;
    TRY(map_put(&derive->waiting, person, 1, err));
    derive->persons =
        list_grow(&derive->arena, derive->persons, sizeof derive->persons[0], derive->person_count);
    if (derive->persons == NULL) return list_full(derive->person_count, err);
    derive->persons[derive->person_count++] = person;
    return OK;
}

void derive_tell(Derive *derive, Key key)
{
    if (derive->touched_count <= CHANGES_MAX) derive->touched[derive->touched_count++] = key;
}

void derive_tell_all(Derive *derive)
{
    derive->touched_count = CHANGES_MAX + 1;
}

static ErrCode add_shift(Derive *derive, Key project, Day day, MemberCount change, Err *err)
{
    derive->shifts =
        list_grow(&derive->arena, derive->shifts, sizeof derive->shifts[0], derive->shift_count);
    if (derive->shifts == NULL) return list_full(derive->shift_count, err);
    derive->shifts[derive->shift_count++] = (Shift){project, {day, change}};
    return OK;
}

/* A stay raises the count on its first day and lowers it after its last. */
static ErrCode shift_by(Derive *derive, const Stay *stay, int32_t sign, Err *err)
{
    MemberCount change = {0};
    const bool is_formal = stay->party == PARTY_FORMAL;
    const bool is_probationary = stay->party == PARTY_PROBATIONARY;
    if (stay->is_pending) {
        if (!is_formal && !is_probationary) return OK;
        change.pending = sign;
    } else {
        change.people = sign;
        change.formal = is_formal ? sign : 0;
        change.probationary = is_probationary ? sign : 0;
    }
    TRY(add_shift(derive, stay->project, stay->days.first, change, err));
    if (stay->days.last >= DAY_LAST) return OK;
    const MemberCount back = {-change.people, -change.formal, -change.probationary,
                              -change.pending};
    return add_shift(derive, stay->project, stay->days.last + 1, back, err);
}

static bool is_same_stay(const Stay *a, const Stay *b)
{
    return a->days.first == b->days.first && a->days.last == b->days.last &&
           a->posting == b->posting && a->project == b->project && a->crew == b->crew &&
           a->party == b->party && a->is_union == b->is_union && a->is_pending == b->is_pending;
}

static ErrCode save_stay(Derive *derive, Key person, const Stay *stay, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, derive->store, STAY_SAVE, err));
    query_bind_int(&query, 1, derive->shard);
    query_bind_int(&query, 2, person);
    query_bind_int(&query, 3, stay->project);
    query_bind_int(&query, 4, stay->posting);
    query_bind_key(&query, 5, stay->crew);
    query_bind_int(&query, 6, stay->days.first);
    query_bind_int(&query, 7, stay->days.last);
    query_bind_int(&query, 8, stay->party);
    query_bind_int(&query, 9, stay->is_union ? 1 : 0);
    query_bind_int(&query, 10, stay->is_pending ? 1 : 0);
    return query_run(&query, err);
}

static ErrCode remove_stay(Derive *derive, Key person, Day from, Err *err)
{
    AUTO(query_done) Query query = {0};
    TRY(query_begin(&query, derive->store, STAY_REMOVE, err));
    query_bind_int(&query, 1, derive->shard);
    query_bind_int(&query, 2, person);
    query_bind_int(&query, 3, from);
    return query_run(&query, err);
}

/* One stay in the place of another that begins on the same day; either may be NULL. */
static ErrCode replace_stay(Derive *derive, Key person, const Stay *old, const Stay *new, Err *err)
{
    assert(old != NULL || new != NULL);
    if (old != NULL && new != NULL && is_same_stay(old, new)) return OK;
    if (old != NULL) TRY(shift_by(derive, old, -1, err));
    if (new == NULL) return remove_stay(derive, person, old->days.first, err);
    TRY(shift_by(derive, new, +1, err));
    return save_stay(derive, person, new, err);
}

/* Both are in the order of their first days, no two of which are the same. */
static ErrCode replace_stays(Derive *derive, Key person, const StayList *old, Stays new, Err *err)
{
    size_t i = 0;
    size_t k = 0;
    while (i < old->count || k < new.count) {
        const Stay *a = i < old->count ? &old->items[i] : NULL;
        const Stay *b = k < new.count ? &new.items[k] : NULL;
        if (a != NULL && b != NULL && a->days.first != b->days.first) {
            if (a->days.first < b->days.first)
                b = NULL;
            else
                a = NULL;
        }
        TRY(replace_stay(derive, person, a, b, err));
        i += a != NULL;
        k += b != NULL;
    }
    return OK;
}

typedef struct Ranked {
    Id id;
    size_t at;
} Ranked;

static int compare_ranked(const void *left, const void *right)
{
    const Ranked *a = left;
    const Ranked *b = right;
    return id_compare(a->id, b->id);
}

static bool has_tie(const Postings *postings)
{
    for (size_t i = 1; i < postings->count; i++) /* they come by their first day */
        if (postings->items[i].days.first == postings->items[i - 1].days.first) return true;
    return false;
}

/* Of two postings from the same day the one made later counts. Keys are given out as things become
 * known here; on another node they may stand the other way round. So they are numbered by their
 * ids, and *out_keys says which key is whose: NULL when nothing depends on it. */
static ErrCode number_by_id(Derive *derive, Postings *postings, Key **out_keys, Err *err)
{
    *out_keys = NULL;
    if (!has_tie(postings)) return OK;
    Ranked *ranked = arena_array(&derive->scratch, Ranked, postings->count);
    Key *keys = arena_array(&derive->scratch, Key, postings->count + 1);
    if (ranked == NULL || keys == NULL) return list_full(postings->count, err);
    for (size_t i = 0; i < postings->count; i++) {
        ranked[i].at = i;
        TRY(thing_id(derive->store, derive->shard, postings->items[i].key, &ranked[i].id, err));
    }
    qsort(ranked, postings->count, sizeof ranked[0], compare_ranked);
    for (size_t i = 0; i < postings->count; i++) {
        Posting *posting = &postings->items[ranked[i].at];
        keys[i + 1] = posting->key;
        posting->key = (Key)i + 1;
    }
    *out_keys = keys;
    return OK;
}

static ErrCode name_by_key(Derive *derive, const Key *keys, Stays *stays, Err *err)
{
    if (keys == NULL || stays->count == 0) return OK;
    Stay *items = arena_array(&derive->scratch, Stay, stays->count);
    if (items == NULL) return list_full(stays->count, err);
    memcpy(items, stays->items, stays->count * sizeof items[0]);
    for (size_t i = 0; i < stays->count; i++)
        items[i].posting = keys[items[i].posting];
    stays->items = items;
    return OK;
}

static ErrCode derive_person(Derive *derive, Key person, Err *err)
{
    Arena *arena = &derive->scratch;
    arena_reset(arena);
    const Source from = {derive->store, derive->shard, arena};
    Postings postings;
    Standings standings;
    StayList old;
    Stays new;
    RowState state = {0};
    const ErrCode there = row_state(derive->store, derive->shard, person, KIND_PERSON, &state, err);
    if (there != OK && there != ERR_NOT_FOUND) return there;
    TRY(load_postings_of_person(from, person, &postings, err));
    TRY(load_standings(from, person, &standings, err));
    TRY(load_stays_of_person(from, person, &old, err));
    if (there != OK || state.is_void) postings.count = 0; /* was a mistake, and is nowhere */
    Key *keys = NULL;
    TRY(number_by_id(derive, &postings, &keys, err));
    const PersonFacts facts = {
        .person = person,
        .postings = postings.items,
        .posting_count = postings.count,
        .standings = standings.items,
        .standing_count = standings.count,
    };
    TRY(absorb(&facts, arena, &new, NULL, err));
    TRY(name_by_key(derive, keys, &new, err));
    return replace_stays(derive, person, &old, new, err);
}

static int compare_shifts(const void *left, const void *right)
{
    const Shift *a = left;
    const Shift *b = right;
    return (a->project > b->project) - (a->project < b->project);
}

static ErrCode load_series(Derive *derive, Key project, Arena *arena, Series *out_series, Err *err)
{
    AUTO(query_done) Query query = {0};
    bool found = false;
    TRY(query_begin(&query, derive->store, HEADCOUNT_OF_PROJECT, err));
    query_bind_int(&query, 1, derive->shard);
    query_bind_int(&query, 2, project);
    TRY(query_next(&query, &found, err));
    return series_unpack(found ? query_view(&query, 0) : (Bytes){0}, arena, out_series, err);
}

static ErrCode save_series(Derive *derive, Key project, const Series *series, Err *err)
{
    AUTO(buf_done) Buf packed = {0};
    AUTO(query_done) Query query = {0};
    buf_init(&packed, SERIES_BYTES_MAX);
    series_pack(series, &packed);
    TRY(buf_check(&packed, err));
    TRY(query_begin(&query, derive->store, HEADCOUNT_SAVE, err));
    query_bind_int(&query, 1, derive->shard);
    query_bind_int(&query, 2, project);
    query_bind_bytes(&query, 3, packed.size == 0 ? bytes_of(TEXT("")) : buf_as_bytes(&packed));
    return query_run(&query, err);
}

/* Shifts first .. end - 1 are those of one project. */
static ErrCode move_headcount(Derive *derive, size_t first, size_t end, Err *err)
{
    Arena *arena = &derive->scratch;
    arena_reset(arena);
    const Key project = derive->shifts[first].project;
    Series series;
    Series moves = {.steps = arena_array(arena, SeriesStep, end - first)};
    if (moves.steps == NULL) return list_full(end - first, err);
    for (size_t i = first; i < end; i++)
        moves.steps[moves.count++] = derive->shifts[i].step;
    series_tidy(&moves);
    if (moves.count == 0) return OK;
    TRY(load_series(derive, project, arena, &series, err));
    TRY(series_merge(&series, &moves, arena, &series, err));
    TRY(save_series(derive, project, &series, err));
    derive_tell(derive, project);
    return OK;
}

ErrCode derive_flush(Derive *derive, Err *err)
{
    if (derive->person_count == 0) return OK;
    for (size_t i = 0; i < derive->person_count; i++)
        TRY(derive_person(derive, derive->persons[i], err));
    if (derive->shift_count > 0)
        qsort(derive->shifts, derive->shift_count, sizeof derive->shifts[0], compare_shifts);
    for (size_t first = 0; first < derive->shift_count;) {
        size_t end = first + 1;
        while (end < derive->shift_count &&
               derive->shifts[end].project == derive->shifts[first].project)
            end++;
        TRY(move_headcount(derive, first, end, err));
        first = end;
    }
    drop_waiting(derive);
    return OK;
}
