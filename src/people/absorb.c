#include "people/absorb.h"

#include <assert.h>
#include <stdlib.h>

/* One posting or standing on its way through the sweep. On a day, the one with the greatest
 * (rank, first day, key) counts. */
typedef struct Claim {
    int rank;
    DayRange days;
    Key key;
    size_t index; /* in the caller's array */
} Claim;

/* A run of days on which one claim counts. */
typedef struct Span {
    DayRange days;
    size_t index;
} Span;

typedef struct Spans {
    Span *items;
    size_t count;
} Spans;

/* Claims that have begun, the one that counts on top. Those that ended leave when they come up. */
typedef struct Heap {
    Claim *items;
    size_t count;
} Heap;

typedef void (*MeetFunction)(void *context, const Claim *earlier, const Claim *later);

static int compare_strength(const Claim *a, const Claim *b)
{
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->days.first != b->days.first) return a->days.first < b->days.first ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

static int compare_begin(const void *left, const void *right)
{
    const Claim *a = left;
    const Claim *b = right;
    if (a->days.first != b->days.first) return a->days.first < b->days.first ? -1 : 1;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static void heap_push(Heap *heap, Claim claim)
{
    size_t at = heap->count++;
    while (at > 0) {
        const size_t parent = (at - 1) / 2;
        if (compare_strength(&heap->items[parent], &claim) >= 0) break;
        heap->items[at] = heap->items[parent];
        at = parent;
    }
    heap->items[at] = claim;
}

static void heap_pop(Heap *heap)
{
    assert(heap->count > 0);
    const Claim last = heap->items[--heap->count];
    size_t at = 0;
    while (2 * at + 1 < heap->count) {
        size_t child = 2 * at + 1;
        const bool has_right = child + 1 < heap->count;
        if (has_right && compare_strength(&heap->items[child + 1], &heap->items[child]) > 0)
            child++;
        if (compare_strength(&last, &heap->items[child]) >= 0) break;
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = last;
}

static void drop_ended(Heap *heap, Day day)
{
    while (heap->count > 0 && heap->items[0].days.last < day)
        heap_pop(heap);
}

/* Adds days [first, last] of the claim on top, joining them to the span before where it is the
 * same one. */
static void add_span(Spans *spans, size_t index, Day first, Day last)
{
    if (spans->count > 0) {
        Span *before = &spans->items[spans->count - 1];
        if (before->index == index && before->days.last + 1 == first) {
            before->days.last = last;
            return;
        }
    }
    spans->items[spans->count++] = (Span){.days = {first, last}, .index = index};
}

typedef struct Queue {
    const Claim *claims; /* by first day */
    size_t count;
    size_t next;
} Queue;

/* Claims of this day join the heap; each meets the one that counted until then. */
static void begin_claims(Queue *queue, Day day, Heap *heap, MeetFunction meet, void *context)
{
    for (; queue->next < queue->count; queue->next++) {
        const Claim *claim = &queue->claims[queue->next];
        if (claim->days.first != day) return;
        drop_ended(heap, day);
        if (heap->count > 0) meet(context, &heap->items[0], claim);
        heap_push(heap, *claim);
    }
}

/* The last day up to `last` before the next claim begins. */
static Day last_before_next(const Queue *queue, Day last)
{
    if (queue->next == queue->count || queue->claims[queue->next].days.first > last) return last;
    return queue->claims[queue->next].days.first - 1;
}

/* Which claim counts on which days. Sorts `claims`. */
static ErrCode sweep(Claim *claims, size_t count, Arena *arena, Spans *out_spans, MeetFunction meet,
                     void *context, Err *err)
{
    Heap heap = {.items = arena_array(arena, Claim, count)};
    /* A claim begins one span, and one that is covered for a while resumes once for each that
     * covers it: never more than two per claim in all. */
    Spans spans = {.items = arena_array(arena, Span, 2 * count)};
    if (heap.items == NULL || spans.items == NULL)
        return err_set(err, ERR_LIMIT, "%zu facts of one person are too many", count);
    qsort(claims, count, sizeof *claims, compare_begin);

    Queue queue = {.claims = claims, .count = count};
    Day day = 0;
    while (queue.next < count || heap.count > 0) {
        if (heap.count == 0) day = claims[queue.next].days.first;
        begin_claims(&queue, day, &heap, meet, context);
        const Claim *top = &heap.items[0];
        const Day last = last_before_next(&queue, top->days.last);
        add_span(&spans, top->index, day, last);
        if (last == DAY_OPEN) break; /* nothing begins later, or it would have cut this short */
        day = last + 1;
        drop_ended(&heap, day);
    }
    assert(spans.count <= 2 * count);
    *out_spans = spans;
    return OK;
}

/* ---- Postings ---- */

typedef struct Finder {
    const PersonFacts *facts;
    ReasonList *findings; /* may be NULL */
} Finder;

static void note(const Finder *finder, Reason reason)
{
    reason.rule = RULE_ABSORPTION;
    reason.subject = finder->facts->person;
    if (finder->findings != NULL) reasons_add(finder->findings, reason);
}

static DayRange shared_days(DayRange a, DayRange b)
{
    return (DayRange){a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
}

static void note_postings(void *context, const Claim *earlier, const Claim *later)
{
    const Finder *finder = context;
    const Posting *a = &finder->facts->postings[earlier->index];
    const Posting *b = &finder->facts->postings[later->index];
    note(finder,
         (Reason){
             .code = a->project == b->project ? REASON_POSTING_TWICE : REASON_POSTINGS_OVERLAP,
             .kind = KIND_POSTING,
             .fact = later->key,
             .other = earlier->key,
             .days = shared_days(earlier->days, later->days),
         });
}

static void note_standings(void *context, const Claim *earlier, const Claim *later)
{
    const Finder *finder = context;
    const Standing *standing = &finder->facts->standings[later->index];
    note(finder,
         (Reason){
             .code = standing->standing == STANDING_IS_UNION_MEMBER ? REASON_UNION_TWICE
                                                                    : REASON_STANDINGS_OVERLAP,
             .kind = KIND_STANDING,
             .fact = later->key,
             .other = earlier->key,
             .days = shared_days(earlier->days, later->days),
         });
}

static ErrCode sweep_postings(Finder *finder, Arena *arena, Spans *out_spans, Err *err)
{
    const PersonFacts *facts = finder->facts;
    Claim *claims = arena_array(arena, Claim, facts->posting_count);
    if (claims == NULL) return err_set(err, ERR_LIMIT, "too many postings of one person");
    size_t count = 0;
    for (size_t i = 0; i < facts->posting_count; i++) {
        const Posting *posting = &facts->postings[i];
        if (posting->days.first <= posting->days.last)
            claims[count++] = (Claim){posting->is_pending ? 0 : 1, posting->days, posting->key, i};
        else
            note(finder, (Reason){.code = REASON_POSTING_REVERSED,
                                  .kind = KIND_POSTING,
                                  .fact = posting->key,
                                  .days = posting->days});
    }
    return sweep(claims, count, arena, out_spans, note_postings, finder, err);
}

/* ---- Standings ---- */

static int party_rank(int standing)
{
    return standing == STANDING_IS_PARTY_FORMAL         ? PARTY_FORMAL
           : standing == STANDING_IS_PARTY_PROBATIONARY ? PARTY_PROBATIONARY
                                                        : PARTY_NONE;
}

static int union_rank(int standing)
{
    return standing == STANDING_IS_UNION_MEMBER ? 1 : 0;
}

static ErrCode sweep_standings(Finder *finder, int (*rank_of)(int standing), Arena *arena,
                               Spans *out_spans, Err *err)
{
    const PersonFacts *facts = finder->facts;
    Claim *claims = arena_array(arena, Claim, facts->standing_count);
    if (claims == NULL) return err_set(err, ERR_LIMIT, "too many standings of one person");
    size_t count = 0;
    for (size_t i = 0; i < facts->standing_count; i++) {
        const Standing *standing = &facts->standings[i];
        const int rank = rank_of(standing->standing);
        if (rank == 0) continue;
        if (standing->days.first <= standing->days.last)
            claims[count++] = (Claim){rank, standing->days, standing->key, i};
        else
            note(finder, (Reason){.code = REASON_STANDING_REVERSED,
                                  .kind = KIND_STANDING,
                                  .fact = standing->key,
                                  .days = standing->days});
    }
    return sweep(claims, count, arena, out_spans, note_standings, finder, err);
}

/* ---- Stays ---- */

/* The span of `spans` at or after *at that has the day; moves *at on. NULL when none has. */
static const Span *span_on(const Spans *spans, size_t *at, Day day)
{
    while (*at < spans->count && spans->items[*at].days.last < day)
        (*at)++;
    if (*at == spans->count || spans->items[*at].days.first > day) return NULL;
    return &spans->items[*at];
}

/* The last day up to `last` on which what holds at `day` in these spans still holds. */
static Day steady_until(const Spans *spans, size_t at, const Span *span, Day last)
{
    Day end = last;
    if (span != NULL)
        end = span->days.last;
    else if (at < spans->count)
        end = spans->items[at].days.first - 1;
    return end < last ? end : last;
}

static bool is_same_stay(const Stay *a, const Stay *b)
{
    return a->posting == b->posting && a->project == b->project && a->crew == b->crew &&
           a->party == b->party && a->is_union == b->is_union && a->is_pending == b->is_pending;
}

static void add_stay(Stay *stays, size_t *count, Stay stay)
{
    if (*count > 0) {
        Stay *before = &stays[*count - 1];
        if (is_same_stay(before, &stay) && before->days.last + 1 == stay.days.first) {
            before->days.last = stay.days.last;
            return;
        }
    }
    assert(*count == 0 || stays[*count - 1].days.last < stay.days.first); /* invariant 1 */
    stays[(*count)++] = stay;
}

typedef struct Layers {
    Spans posting;
    Spans party;
    Spans unions;
} Layers;

/* Cuts the posting spans wherever a status changes. */
static size_t lay_over(const PersonFacts *facts, const Layers *layers, Stay *stays)
{
    size_t count = 0;
    size_t party_at = 0;
    size_t union_at = 0;
    for (size_t i = 0; i < layers->posting.count; i++) {
        const Span *span = &layers->posting.items[i];
        const Posting *posting = &facts->postings[span->index];
        Day day = span->days.first;
        while (true) {
            const Span *party = span_on(&layers->party, &party_at, day);
            const Span *unions = span_on(&layers->unions, &union_at, day);
            Day last = steady_until(&layers->party, party_at, party, span->days.last);
            last = steady_until(&layers->unions, union_at, unions, last);
            const int rank =
                party == NULL ? PARTY_NONE : party_rank(facts->standings[party->index].standing);
            add_stay(stays, &count,
                     (Stay){
                         .days = {day, last},
                         .posting = posting->key,
                         .project = posting->project,
                         .crew = posting->crew,
                         .party = (PartyStanding)rank,
                         .is_union = unions != NULL,
                         .is_pending = posting->is_pending,
                         .is_core = posting->is_core,
                     });
            if (last == span->days.last) break;
            day = last + 1;
        }
    }
    return count;
}

ErrCode absorb(const PersonFacts *facts, Arena *arena, Stays *out_stays, ReasonList *findings,
               Err *err)
{
    assert(facts != NULL);
    assert(arena != NULL);
    assert(out_stays != NULL);
    Finder finder = {.facts = facts, .findings = findings};
    Layers layers = {0};
    TRY(sweep_postings(&finder, arena, &layers.posting, err));
    TRY(sweep_standings(&finder, party_rank, arena, &layers.party, err));
    TRY(sweep_standings(&finder, union_rank, arena, &layers.unions, err));
    if (findings != NULL) TRY(reasons_check(findings, err));

    /* Each end of a status span cuts at most one stay in two. */
    const size_t most = layers.posting.count + 2 * (layers.party.count + layers.unions.count);
    Stay *stays = arena_array(arena, Stay, most);
    if (stays == NULL) return err_set(err, ERR_LIMIT, "too many stays of one person");
    const size_t count = lay_over(facts, &layers, stays);
    assert(count <= most);
    *out_stays = (Stays){.items = stays, .count = count};
    return OK;
}

const Stay *stay_on(Stays stays, Day day)
{
    size_t first = 0;
    size_t end = stays.count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (stays.items[middle].days.last < day)
            first = middle + 1;
        else
            end = middle;
    }
    if (first == stays.count || stays.items[first].days.first > day) return NULL;
    return stays.items + first;
}

static const Standing *standing_on(const Standing *standings, size_t count, Day day,
                                   int (*rank_of)(int standing))
{
    const Standing *best = NULL;
    Claim best_claim = {0};
    for (size_t i = 0; i < count; i++) {
        const int rank = rank_of(standings[i].standing);
        if (rank == 0 || !range_has(standings[i].days, day)) continue;
        const Claim claim = {rank, standings[i].days, standings[i].key, i};
        if (best != NULL && compare_strength(&claim, &best_claim) <= 0) continue;
        best = &standings[i];
        best_claim = claim;
    }
    return best;
}

const Standing *party_standing_on(const Standing *standings, size_t count, Day day)
{
    return standing_on(standings, count, day, party_rank);
}

const Standing *union_standing_on(const Standing *standings, size_t count, Day day)
{
    return standing_on(standings, count, day, union_rank);
}
