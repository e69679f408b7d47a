#include "duties/merge_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

#define SEARCHED_MAX 1000 /* so deep the search may go */
#define WORK_MAX     ((size_t)200000000)
#define SETS_MAX     252 /* of MERGE_KINDS_MAX kinds, none within another */
#define NOWHERE      SIZE_MAX

static_assert(MERGE_KINDS_MAX == 10, "SETS_MAX is 10 over 5");

/* What one group can add to an activity: needs, and the sets of them that fit and are not part of
 * a larger one that does. */
typedef struct Offer {
    size_t needs[MERGE_KINDS_MAX];
    size_t need_count;
    uint16_t sets[SETS_MAX];
    size_t set_count;
} Offer;

typedef struct Search {
    MergeNeed *const *needs; /* by last day */
    size_t count;
    size_t *activity; /* of each need, or NOWHERE */
    size_t *best;
    size_t best_count;
    size_t floor; /* fewer is impossible */
    size_t tries;
    size_t tries_max;
    size_t group_count;
    int minutes_max;
    Offer **offers; /* by depth, then group */
    Arena *arena;
    size_t *lane;     /* of each need: its group and kind of meeting, as a number */
    size_t *met;      /* for bound(): by lane, the last activity that has it */
    bool *is_counted; /* by need */
    bool *is_mixed;   /* by group: it has needs that are not common */
} Search;

/* ---- What goes together ---- */

static bool can_be_on(const MergeNeed *need, const MergeNeed *star)
{
    const Day day = star->days.last;
    if (need->is_off != star->is_off) return false;
    return need->days.first <= day && day <= need->days.last;
}

static bool is_same_meeting(const MergeNeed *a, const MergeNeed *b)
{
    return a->group == b->group && a->obligation->meeting == b->obligation->meeting;
}

static bool fits_set(const Search *search, const Offer *offer, unsigned set)
{
    int minutes = 0;
    for (size_t i = 0; i < offer->need_count; i++) {
        if ((set >> i & 1U) == 0) continue;
        const MergeNeed *need = search->needs[offer->needs[i]];
        if (!need->is_in_sequence) return (set & (set - 1)) == 0;
        minutes += need->minutes;
    }
    return minutes <= search->minutes_max || (set & (set - 1)) == 0;
}

static bool is_largest(const Search *search, const Offer *offer, unsigned set)
{
    for (size_t i = 0; i < offer->need_count; i++)
        if ((set >> i & 1U) == 0 && fits_set(search, offer, set | 1U << i)) return false;
    return true;
}

static int size_of(unsigned set)
{
    int size = 0;
    for (; set != 0; set &= set - 1)
        size++;
    return size;
}

/* The largest sets come first, of equal ones what ends first. */
static void add_set(Offer *offer, unsigned set)
{
    size_t at = offer->set_count++;
    for (; at > 0 && size_of(offer->sets[at - 1]) < size_of(set); at--)
        offer->sets[at] = offer->sets[at - 1];
    offer->sets[at] = (uint16_t)set;
}

static void find_sets(const Search *search, const MergeNeed *star, bool is_joint, Offer *offer)
{
    unsigned must = 0;  /* the need this activity is for */
    unsigned alone = 0; /* needs that keep it to one group */
    offer->set_count = 0;
    for (size_t i = 0; i < offer->need_count; i++) {
        const MergeNeed *need = search->needs[offer->needs[i]];
        if (need == star) must = 1U << i;
        if (!need->is_common) alone |= 1U << i;
    }
    for (unsigned set = 1; set < 1U << offer->need_count; set++)
        if ((set & must) == must && (is_joint || (set & alone) != 0) &&
            fits_set(search, offer, set) && is_largest(search, offer, set))
            add_set(offer, set);
}

/* Whether the need could be in this activity, and none of its group and meeting is yet. */
static bool is_offered(const Search *search, const MergeNeed *star, bool is_joint,
                       const Offer *offer, size_t at)
{
    const MergeNeed *need = search->needs[at];
    if (search->activity[at] != NOWHERE || !can_be_on(need, star)) return false;
    if (is_joint ? !need->is_common : need->group != star->group) return false;
    for (size_t i = 0; i < offer->need_count; i++)
        if (is_same_meeting(search->needs[offer->needs[i]], need)) return false;
    return true;
}

/* The first of each group and kind of meeting that can be on the day: it ends first. */
static ErrCode gather(const Search *search, const MergeNeed *star, bool is_joint, Offer *offers,
                      Err *err)
{
    for (size_t group = 0; group < search->group_count; group++)
        offers[group].need_count = 0;
    for (size_t i = 0; i < search->count; i++) {
        Offer *offer = &offers[search->needs[i]->group];
        if (!is_offered(search, star, is_joint, offer, i)) continue;
        if (offer->need_count == MERGE_KINDS_MAX)
            return err_set(err, ERR_LIMIT, "a group owes more than %d kinds of meeting at once",
                           MERGE_KINDS_MAX);
        offer->needs[offer->need_count++] = i;
    }
    for (size_t group = 0; group < search->group_count; group++)
        find_sets(search, star, is_joint, &offers[group]);
    return OK;
}

/* ---- A lower bound ---- */

typedef enum Which { COMMON_ALL, COMMON_OF_OTHERS, OWN_OF_GROUPS } Which;

static bool is_among(const Search *search, const MergeNeed *need, Which which)
{
    if (which == OWN_OF_GROUPS) return !need->is_common;
    return need->is_common && (which == COMMON_ALL || !search->is_mixed[need->group]);
}

/* How many activities these needs take when kinds of meeting do not get in each other's way. */
static size_t count_least(Search *search, Which which)
{
    size_t least = 0;
    memset(search->met, 0, search->count * sizeof search->met[0]);
    for (size_t i = 0; i < search->count; i++)
        search->is_counted[i] =
            search->activity[i] != NOWHERE || !is_among(search, search->needs[i], which);
    for (size_t i = 0; i < search->count; i++) {
        const MergeNeed *star = search->needs[i];
        if (search->is_counted[i]) continue;
        least++;
        for (size_t k = i; k < search->count; k++) {
            const MergeNeed *need = search->needs[k];
            if (search->is_counted[k] || !can_be_on(need, star) ||
                (which == OWN_OF_GROUPS && need->group != star->group) ||
                search->met[search->lane[k]] == least)
                continue;
            search->met[search->lane[k]] = least;
            search->is_counted[k] = true;
        }
    }
    return least;
}

/* Activities with a need that is not common have one group; the common needs of groups that have
 * no such needs are in others. */
static size_t bound(Search *search)
{
    memset(search->is_mixed, 0, search->group_count * sizeof search->is_mixed[0]);
    for (size_t i = 0; i < search->count; i++)
        if (search->activity[i] == NOWHERE && !search->needs[i]->is_common)
            search->is_mixed[search->needs[i]->group] = true;
    const size_t common = count_least(search, COMMON_ALL);
    const size_t apart = count_least(search, OWN_OF_GROUPS) + count_least(search, COMMON_OF_OTHERS);
    return common > apart ? common : apart;
}

/* ---- The search ---- */

static bool is_over(const Search *search)
{
    return search->best_count == search->floor ||
           (search->best_count != SIZE_MAX && search->tries >= search->tries_max);
}

static ErrCode step(Search *search, size_t used, Err *err);

static void put(Search *search, const Offer *offer, unsigned set, size_t activity)
{
    for (size_t i = 0; i < offer->need_count; i++)
        if ((set >> i & 1U) != 0) search->activity[offer->needs[i]] = activity;
}

/* Tries the sets of this group and the next ones for the activity `used`. Recursion goes as deep as
 * there are activities: SEARCHED_MAX at most. */
static ErrCode choose(Search *search, size_t group, size_t used, Err *err)
{
    while (group < search->group_count && search->offers[used][group].set_count == 0)
        group++;
    if (group == search->group_count) {
        search->tries++;
        return step(search, used + 1, err);
    }
    const Offer *offer = &search->offers[used][group];
    for (size_t i = 0; i < offer->set_count && !is_over(search); i++) {
        put(search, offer, offer->sets[i], used);
        TRY(choose(search, group + 1, used, err));
        put(search, offer, offer->sets[i], NOWHERE);
    }
    return OK;
}

static ErrCode try_with(Search *search, const MergeNeed *star, bool is_joint, size_t used, Err *err)
{
    if (is_over(search)) return OK;
    TRY(gather(search, star, is_joint, search->offers[used], err));
    if (search->offers[used][star->group].set_count == 0) return OK;
    return choose(search, 0, used, err);
}

/* One more activity, for the need that ends first. */
static ErrCode step(Search *search, size_t used, Err *err)
{
    size_t first = 0;
    while (first < search->count && search->activity[first] != NOWHERE)
        first++;
    if (first == search->count) {
        assert(used < search->best_count); /* or it had been cut off */
        search->best_count = used;
        memcpy(search->best, search->activity, search->count * sizeof search->best[0]);
        return OK;
    }
    if (used + bound(search) >= search->best_count) return OK;
    const MergeNeed *star = search->needs[first];
    if (search->offers[used] == NULL)
        search->offers[used] = arena_array(search->arena, Offer, search->group_count);
    if (search->offers[used] == NULL) return list_full(used, err);
    if (star->is_common) TRY(try_with(search, star, true, used, err));
    return try_with(search, star, false, used, err);
}

static ErrCode search_open(Search *search, Err *err)
{
    const size_t count = search->count;
    for (size_t i = 0; i < count; i++)
        if (search->needs[i]->group >= search->group_count)
            search->group_count = search->needs[i]->group + 1;
    search->activity = arena_array(search->arena, size_t, count);
    search->best = arena_array(search->arena, size_t, count);
    search->offers = arena_array(search->arena, Offer *, count + 1);
    search->is_counted = arena_array(search->arena, bool, count);
    search->lane = arena_array(search->arena, size_t, count);
    search->met = arena_array(search->arena, size_t, count);
    search->is_mixed = arena_array(search->arena, bool, search->group_count);
    if (search->activity == NULL || search->best == NULL || search->offers == NULL ||
        search->is_counted == NULL || search->lane == NULL || search->met == NULL ||
        search->is_mixed == NULL)
        return list_full(count, err);
    for (size_t i = 0; i < count; i++) {
        search->activity[i] = NOWHERE;
        while (!is_same_meeting(search->needs[search->lane[i]], search->needs[i]))
            search->lane[i]++;
    }
    if (count > 0) search->tries_max = WORK_MAX / (count * count);
    search->floor = bound(search);
    search->best_count = SIZE_MAX;
    return OK;
}

static int compare_needs(const void *a, const void *b)
{
    const MergeNeed *left = *(MergeNeed *const *)a;
    const MergeNeed *right = *(MergeNeed *const *)b;
    if (left->days.last != right->days.last) return left->days.last < right->days.last ? -1 : 1;
    if (left->days.first != right->days.first) return left->days.first < right->days.first ? -1 : 1;
    return left < right ? -1 : left > right; /* of one array */
}

ErrCode merge_search(MergeNeed *const *needs, size_t count, int sitting_minutes_max, Arena *arena,
                     size_t *out_activity_count, bool *out_is_fewest, Err *err)
{
    Search search = {.minutes_max = sitting_minutes_max, .arena = arena};
    MergeNeed **sorted = arena_array(arena, MergeNeed *, count);
    size_t alone = 0;
    if (sorted == NULL) return list_full(count, err);
    for (size_t i = 0; i < count; i++) { /* what goes with nothing is settled */
        if (needs[i]->is_common || needs[i]->is_in_sequence)
            sorted[search.count++] = needs[i];
        else
            needs[i]->activity = alone++;
    }
    if (search.count > SEARCHED_MAX)
        return err_set(err, ERR_LIMIT, "more than %d meetings to be merged: ask for less",
                       SEARCHED_MAX);
    if (search.count > 0) qsort(sorted, search.count, sizeof(MergeNeed *), compare_needs);
    search.needs = sorted;
    TRY(search_open(&search, err));
    TRY(step(&search, 0, err));
    for (size_t i = 0; i < search.count; i++)
        sorted[i]->activity = alone + search.best[i];
    *out_activity_count = alone + search.best_count;
    *out_is_fewest = search.best_count == search.floor || search.tries < search.tries_max;
    return OK;
}
