#include "engine/fold.h"

#include <assert.h>
#include <stdlib.h>

#include "base/list.h"

#define NOWHERE SIZE_MAX

/* One node in one of its lives. Of its entries, `last` is the one met last. */
typedef struct Author {
    uint64_t node_short;
    unsigned epoch;
    size_t last;
    uint32_t entry_count;
} Author;

/* An entry among the others. What its author knew is a prefix of the entries of each author: those
 * of author a are `known[at * author_count + a]`, itself included. */
typedef struct Place {
    size_t author;
    size_t before; /* the author's entry before this one; NOWHERE for the first */
    size_t base;   /* NOWHERE when there is none, or it is not here */
    uint32_t rank; /* among the author's entries, from 1 */
    bool counts;   /* says something about this thing as the kind it is */
} Place;

typedef struct Fold {
    const FoldEntry *entries;
    size_t count;
    Place *places;
    Author *authors;
    size_t author_count;
    size_t creation;
    uint32_t *known; /* NULL: too many; the later one knows all the earlier ones */
    const KindInfo *kind;
    Arena *arena;
} Fold;

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* The one order of entries: by stamp, then by who wrote them. No two are equal in it. */
static int compare_entries(const void *left, const void *right)
{
    const FoldEntry *a = left;
    const FoldEntry *b = right;
    int order = compare_numbers(a->entry.stamp, b->entry.stamp);
    if (order == 0) order = compare_numbers(a->stream.node_short, b->stream.node_short);
    if (order == 0) order = compare_numbers(a->stream.epoch, b->stream.epoch);
    if (order == 0) order = id_compare(a->stream.scope, b->stream.scope);
    return order != 0 ? order : compare_numbers(a->seq, b->seq);
}

static ErrCode find_author(Fold *work, const StreamName *stream, size_t *out_at, Err *err)
{
    for (size_t i = 0; i < work->author_count; i++)
        if (work->authors[i].node_short == stream->node_short &&
            work->authors[i].epoch == stream->epoch) {
            *out_at = i;
            return OK;
        }
    work->authors =
        list_grow(work->arena, work->authors, sizeof work->authors[0], work->author_count);
    if (work->authors == NULL) return list_full(work->author_count, err);
    work->authors[work->author_count] = (Author){stream->node_short, stream->epoch, NOWHERE, 0};
    *out_at = work->author_count++;
    return OK;
}

/* The entry with this id. An id is the stamp and author of its entry, so entries are in order. */
static size_t find_entry(const Fold *work, Id id)
{
    size_t low = 0;
    size_t high = work->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (id_compare(work->entries[middle].entry.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < work->count && id_equal(work->entries[low].entry.id, id) ? low : NOWHERE;
}

static ErrCode place_all(Fold *work, Err *err)
{
    work->places = arena_array(work->arena, Place, work->count);
    if (work->places == NULL) return list_full(work->count, err);
    for (size_t i = 0; i < work->count; i++) {
        const Entry *entry = &work->entries[i].entry;
        Place *place = &work->places[i];
        TRY(find_author(work, &work->entries[i].stream, &place->author, err));
        Author *author = &work->authors[place->author];
        place->before = author->last;
        place->rank = ++author->entry_count;
        author->last = i;
        place->base = entry->verb == VERB_CREATE ? NOWHERE : find_entry(work, entry->base);
    }
    return OK;
}

static bool learn(Fold *work, size_t at, size_t from)
{
    bool is_news = false;
    uint32_t *to = &work->known[at * work->author_count];
    const uint32_t *source = &work->known[from * work->author_count];
    for (size_t i = 0; i < work->author_count; i++)
        if (source[i] > to[i]) {
            to[i] = source[i];
            is_news = true;
        }
    return is_news;
}

/* Who writes about a thing names the entry that made it, the one they build on, and knows what they
 * wrote before. */
static bool learn_all(Fold *work)
{
    bool is_news = false;
    for (size_t i = 0; i < work->count; i++) {
        const Place *place = &work->places[i];
        if (learn(work, i, work->creation)) is_news = true;
        if (place->before != NOWHERE && learn(work, i, place->before)) is_news = true;
        if (place->base != NOWHERE && learn(work, i, place->base)) is_news = true;
    }
    return is_news;
}

/* Works out who knew what: until nothing changes, which is soon, since bases lead backwards. */
static ErrCode know_all(Fold *work, Err *err)
{
    if (work->count > FOLD_CELLS_MAX / work->author_count) return OK;
    work->known = arena_array(work->arena, uint32_t, work->count * work->author_count);
    if (work->known == NULL) return list_full(work->count, err);
    for (size_t i = 0; i < work->count; i++)
        work->known[i * work->author_count + work->places[i].author] = work->places[i].rank;
    for (int pass = 0; pass < FOLD_PASSES_MAX; pass++)
        if (!learn_all(work)) break;
    return OK;
}

static bool knows(const Fold *work, size_t at, size_t other)
{
    if (work->known == NULL) return at > other;
    const Place *place = &work->places[other];
    return work->known[at * work->author_count + place->author] >= place->rank;
}

/* Of two that claim to know each other, which no honest clock brings about, the later one. */
static bool replaces(const Fold *work, size_t at, size_t other)
{
    return knows(work, at, other) && (at > other || !knows(work, other, at));
}

/* The first entry that makes the thing says what kind it is. */
static size_t find_creation(const Fold *work)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->entries[i].entry.verb == VERB_CREATE) return i;
    return NOWHERE;
}

static void choose_entries(Fold *work)
{
    for (size_t i = 0; i < work->count; i++) {
        const Entry *entry = &work->entries[i].entry;
        work->places[i].counts =
            entry->kind_info == work->kind && (entry->verb != VERB_CREATE || i == work->creation);
    }
}

static bool is_same_value(const FieldValue *a, const FieldValue *b, const FieldInfo *field)
{
    if (a->state != FIELD_SET || b->state != FIELD_SET) return a->state == b->state;
    /* The number of a sealed value is its index, which only a node with the key has. */
    const bool is_same_number = field->type == FIELD_SEALED || a->number == b->number;
    return is_same_number && bytes_equal(a->bytes, b->bytes) && id_equal(a->ref, b->ref);
}

static ErrCode add_rival(Fold *work, Folded *out, unsigned field, size_t at, Err *err)
{
    out->rivals = list_grow(work->arena, out->rivals, sizeof out->rivals[0], out->rival_count);
    if (out->rivals == NULL) return list_full(out->rival_count, err);
    out->rivals[out->rival_count++] = (Rival){field, &work->entries[at]};
    return OK;
}

/* Each author's last word on the field; no author is a rival of themselves. */
static size_t last_words(Fold *work, unsigned field, size_t *words)
{
    size_t count = 0;
    for (size_t i = 0; i < work->author_count; i++)
        work->authors[i].last = NOWHERE;
    for (size_t i = 0; i < work->count; i++)
        if (work->places[i].counts &&
            work->entries[i].entry.record.fields[field].state != FIELD_ABSENT)
            work->authors[work->places[i].author].last = i;
    for (size_t i = 0; i < work->author_count; i++)
        if (work->authors[i].last != NOWHERE) words[count++] = work->authors[i].last;
    return count;
}

static bool is_replaced(const Fold *work, const size_t *words, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (words[i] != at && replaces(work, words[i], at)) return true;
    return false;
}

static ErrCode fold_field(Fold *work, const FieldInfo *field, size_t *words, Folded *out, Err *err)
{
    const unsigned number = field->number;
    size_t shown = NOWHERE;
    size_t latest = NOWHERE;
    const size_t count = last_words(work, number, words);
    for (size_t i = 0; i < count; i++) {
        if (latest == NOWHERE || words[i] > latest) latest = words[i];
        if ((shown == NOWHERE || words[i] > shown) && !is_replaced(work, words, count, words[i]))
            shown = words[i];
    }
    if (shown == NOWHERE) shown = latest;
    if (shown == NOWHERE) return OK;
    const FieldValue *value = &work->entries[shown].entry.record.fields[number];
    if (value->state == FIELD_SET) out->record.fields[number] = *value;
    for (size_t i = 0; i < count; i++) {
        const FieldValue *other = &work->entries[words[i]].entry.record.fields[number];
        if (words[i] == shown || is_same_value(value, other, field) ||
            is_replaced(work, words, count, words[i]))
            continue;
        TRY(add_rival(work, out, number, words[i], err));
    }
    return OK;
}

static ErrCode fold_fields(Fold *work, Folded *out, Err *err)
{
    size_t *words = arena_array(work->arena, size_t, work->author_count);
    if (words == NULL) return list_full(work->author_count, err);
    out->record.kind = work->kind;
    for (size_t i = 0; i < work->kind->field_count; i++)
        TRY(fold_field(work, &work->kind->fields[i], words, out, err));
    for (size_t i = 0; i < work->count; i++) {
        if (!work->places[i].counts) continue;
        const Entry *entry = &work->entries[i].entry;
        if (entry->stamp > out->stamp) out->stamp = entry->stamp;
        if (entry->verb == VERB_VOID) out->is_void = true;
    }
    return OK;
}

ErrCode fold(FoldEntry *entries, size_t count, Arena *arena, Folded *out, Err *err)
{
    *out = (Folded){0};
    if (count == 0) return OK;
    qsort(entries, count, sizeof entries[0], compare_entries);
    Fold work = {.entries = entries, .count = count, .arena = arena};
    TRY(place_all(&work, err));
    const size_t creation = find_creation(&work);
    work.creation = creation;
    if (creation == NOWHERE || entries[creation].entry.kind_info == NULL) return OK;
    work.kind = entries[creation].entry.kind_info;
    TRY(know_all(&work, err));
    choose_entries(&work);
    TRY(fold_fields(&work, out, err));
    /* Without what it must have it is not shown; a body that was erased took it along. */
    Err why;
    if (!entries[creation].entry.is_erased && record_check_complete(&out->record, &why) != OK) {
        *out = (Folded){0};
        return OK;
    }
    out->kind = work.kind;
    return OK;
}
